"""Odd or even: the same images, relabelled."""

import numpy as np
import pytest

from helpers import rules
from helpers.chapters.chapter6.ground import cells, odd_or_even
from helpers.data.datasets import digits
from helpers.networks.losses import binary_cross_entropy
from helpers.rules.contract import check_rule


def test_a_digit_is_labelled_by_whether_it_is_odd():
    before, after = digits(), odd_or_even(digits())
    assert after.classes == 2
    for name in ("train", "validation", "test"):
        given, made = getattr(before, name), getattr(after, name)
        assert np.array_equal(given.x, made.x)
        assert all(label == (digit in (1, 3, 5, 7, 9)) for digit, label in zip(given.t, made.t, strict=True))


def test_a_sum_of_cells_is_a_logit_unless_told_otherwise(rng):
    network = cells(5, 2, rng)
    assert [layer.u0 for layer in (*network.layers[1::2], network.loss_layer)] == [2.0] * 3
    assert network.parameters["W1"].dtype == np.float32 and network.loss_layer.loss is binary_cross_entropy


@pytest.mark.parametrize("name", rules.names())
def test_the_cells_learn_by_every_rule(name):
    rng = np.random.default_rng(0)
    network = cells(5, 2, rng, u0=1.0)
    assert [layer.parameters["W"].shape for layer in network.trainable] == [(5, 32), (32, 32), (32, 1)]
    check_rule(rules.make(name, network, rng), network, rng.random((4, 5), dtype=np.float32), np.array([0, 1, 1, 0]))
