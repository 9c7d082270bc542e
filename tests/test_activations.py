"""Activations against scipy, and each derivative against numerical differentiation."""

import numpy as np
import pytest
from scipy import special, stats
from scipy.differentiate import derivative

from helpers.chapters.chapter2.activations import gaussian_rbf, gaussian_rbf_derivative, sigmoid_derivative
from helpers.networks.activations import relu, sigmoid, softplus

pytestmark = pytest.mark.filterwarnings("error")

PAIRS = [
    (gaussian_rbf, gaussian_rbf_derivative),
    (sigmoid, sigmoid_derivative),
    (softplus, sigmoid),
]
ALL = [*{function: None for pair in PAIRS for function in pair}, relu]
HUGE = np.array([-1e4, -800.0, -40.0, 0.0, 40.0, 800.0, 1e4])


def by_name(function):
    return getattr(function, "__name__", None)


def test_relu_keeps_what_is_positive_and_is_zero_elsewhere():
    assert relu(np.array([-2.0, -0.0, 0.0, 3.0])).tolist() == [0, 0, 0, 3]


def test_gaussian_rbf_is_the_bell_of_scipys_normal_distribution(rng):
    x = np.concatenate([3 * rng.standard_normal(100), HUGE])
    expected = np.sqrt(np.pi) * stats.norm.pdf(x, scale=np.sqrt(0.5))
    np.testing.assert_allclose(gaussian_rbf(x), expected, rtol=1e-13, atol=1e-300)
    assert gaussian_rbf(np.zeros(1)).tolist() == [1] and gaussian_rbf_derivative(np.zeros(1)).tolist() == [0]


def test_softplus_is_numpys_logaddexp(rng):
    x = np.concatenate([5 * rng.standard_normal(100), HUGE])
    np.testing.assert_allclose(softplus(x), np.logaddexp(0, x), rtol=1e-14)


def test_sigmoid_is_scipys_expit(rng):
    x = np.concatenate([5 * rng.standard_normal(100), HUGE])
    # A relative error: far below zero, too, where what is left is small.
    np.testing.assert_allclose(sigmoid(x), special.expit(x), rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("function", ALL, ids=by_name)
def test_huge_arguments_give_finite_values_without_a_warning(function):
    assert np.isfinite(function(HUGE)).all()
    assert np.isfinite(function(HUGE.astype(np.float32))).all()


@pytest.mark.parametrize("function, slope", PAIRS, ids=by_name)
def test_each_derivative_agrees_with_numerical_differentiation(function, slope, rng):
    x = rng.uniform(0.1, 5, size=40) * rng.choice([-1, 1], size=40)  # away from the kink of ReLU
    oracle = derivative(function, x, initial_step=0.05)
    assert oracle.success.all()
    np.testing.assert_allclose(slope(x), oracle.df, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("function", ALL, ids=by_name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_shape_and_float_type_are_kept_and_the_argument_is_unchanged(function, dtype, shape, rng):
    x = rng.standard_normal(shape).astype(dtype)
    before = x.copy()
    y = function(x)
    assert (y.shape, y.dtype) == (shape, dtype)
    assert y is not x and not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("function", ALL, ids=by_name)
def test_integers_and_lists_are_taken_as_numbers(function):
    expected = function(np.array([[-1.0, 0.0, 2.0]]))
    np.testing.assert_allclose(function(np.array([[-1, 0, 2]])), expected)
    np.testing.assert_allclose(function([[-1, 0, 2]]), expected)


def test_the_width_of_a_sigmoid_scales_its_input(rng):
    x = rng.standard_normal(50)
    np.testing.assert_allclose(sigmoid(x, 0.4), special.expit(5 * x), atol=2.3e-16)


def test_slopes_from_the_output_agree(rng):
    x = rng.standard_normal(50)
    np.testing.assert_allclose(1 - np.exp(-softplus(x)), sigmoid(x), rtol=1e-12)
