"""Initial weights: orthonormal columns or rows, standard deviations, bad input."""

import numpy as np
import pytest
from scipy.stats import kstest

from helpers.networks.initialization import fan_in_normal, orthogonal


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (1, 4)])
def test_orthogonal_has_orthonormal_columns_or_rows(shape, rng):
    W = orthogonal(rng, *shape)
    assert W.shape == shape
    gram = W.T @ W if shape[0] >= shape[1] else W @ W.T
    assert np.allclose(gram, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_has_no_preferred_direction(rng):
    # the angle of the first column of a uniform 2 x 2 orthogonal matrix is uniform
    angles = [np.arctan2(*orthogonal(rng, 2, 2)[::-1, 0]) for _ in range(1000)]
    assert kstest(angles, "uniform", (-np.pi, 2 * np.pi)).pvalue > 1e-3


def test_fan_in_normal_keeps_sums_of_order_one(rng):
    assert fan_in_normal(rng, 400, 300).std() == pytest.approx(1 / 20, rel=0.01)


def test_a_matrix_needs_rows_and_columns(rng):
    with pytest.raises(ValueError, match="inputs must be at least 1, got 0"):
        orthogonal(rng, 0, 3)
