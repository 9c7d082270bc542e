"""A ball that rolls down the valley: the step, and what it refuses."""

import numpy as np
import pytest

from helpers.chapters.chapter2.momentum import Momentum
from helpers.training.optimizers import SGD


def test_momentum_by_hand():
    parameters = {"w": np.array([1.0])}
    ball = Momentum(0.1, 0.5)
    ball.step(parameters, {"w": np.array([2.0])})  # v = -0.2
    assert parameters["w"].tolist() == pytest.approx([0.8])
    ball.step(parameters, {"w": np.array([1.0])})  # v = -0.1 - 0.1
    assert parameters["w"].tolist() == pytest.approx([0.6])
    assert ball.velocities["w"].tolist() == pytest.approx([-0.2])


def test_without_momentum_it_is_gradient_descent(rng):
    one, two = {"W": np.ones((2, 3))}, {"W": np.ones((2, 3))}
    sgd, ball = SGD(0.3), Momentum(0.3, 0.0)
    for _ in range(5):
        gradient = {"W": rng.standard_normal((2, 3))}
        sgd.step(one, gradient)
        ball.step(two, gradient)
    np.testing.assert_allclose(one["W"], two["W"], rtol=1e-13)


def test_momentum_on_a_parabola_follows_its_closed_form():
    """On w^2 lambda / 2 the pair (w, v) is multiplied by one matrix at every step."""
    curvature, rate, momentum = 3.0, 0.2, 0.7
    matrix = np.array([[1 - rate * curvature, momentum], [-rate * curvature, momentum]])
    parameters, ball = {"w": np.array(2.0)}, Momentum(rate, momentum)
    for _ in range(10):
        ball.step(parameters, {"w": curvature * parameters["w"]})
    assert parameters["w"] == pytest.approx((np.linalg.matrix_power(matrix, 10) @ [2.0, 0.0])[0], rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_momentum_changes_parameters_in_place_and_gradients_not(dtype, rng):
    parameter, gradient = rng.standard_normal(3).astype(dtype), rng.standard_normal(3).astype(dtype)
    parameters, kept = {"W": parameter}, gradient.copy()
    Momentum(0.1).step(parameters, {"W": gradient})
    assert parameters["W"] is parameter and parameter.dtype == dtype
    np.testing.assert_array_equal(gradient, kept)


# Bad input


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf])
def test_the_rate_of_momentum_must_be_positive_and_finite(rate):
    with pytest.raises(ValueError, match=f"learning_rate must be positive and finite, got {rate}"):
        Momentum(rate)


@pytest.mark.parametrize("momentum", [-0.1, 1, 1.5, np.nan])
def test_momentum_must_be_a_share(momentum):
    with pytest.raises(ValueError, match=f"at least 0 and less than 1, got {momentum}"):
        Momentum(0.1, momentum)


def test_momentum_refuses_a_gradient_of_another_shape():
    with pytest.raises(ValueError, match="b has shape"):
        Momentum(0.1).step({"b": np.ones(2)}, {"b": np.ones(3)})
