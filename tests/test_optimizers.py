"""Gradient descent: the step, in place, and what it refuses."""

import numpy as np
import pytest

from helpers.layers import Affine
from helpers.network import Network
from helpers.optimizers import SGD


def test_a_step_is_minus_the_rate_times_the_gradient():
    parameters = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
    SGD(0.5).step(parameters, {"W": np.array([[4.0, -2.0]]), "b": np.array([1.0])})
    assert parameters["W"].tolist() == [[-1, 3]] and parameters["b"].tolist() == [2.5]


def test_steps_on_a_parabola_shrink_by_one_minus_the_rate():
    w = np.array([1.0])
    sgd = SGD(0.25)
    for _ in range(20):
        sgd.step({"w": w}, {"w": w.copy()})
    assert w[0] == pytest.approx(0.75**20, rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_change_in_place_and_gradients_do_not(dtype, rng):
    parameter, gradient = rng.standard_normal((3, 2)).astype(dtype), rng.standard_normal((3, 2)).astype(dtype)
    parameters, before, kept = {"W": parameter}, parameter.copy(), gradient.copy()
    SGD(0.1).step(parameters, {"W": gradient})
    assert parameters["W"] is parameter and parameter.dtype == dtype
    np.testing.assert_allclose(parameter, before - 0.1 * kept, rtol=1e-6)
    np.testing.assert_array_equal(gradient, kept)


def test_the_network_sees_the_step(rng):
    network = Network([Affine(np.zeros((2, 2)), np.zeros(2))])
    x, labels = rng.standard_normal((4, 2)), np.array([0, 1, 0, 1])
    before, gradients = network.gradients(x, labels)
    SGD(0.1).step(network.parameters, gradients)
    assert network.loss(x, labels) < before
    np.testing.assert_array_equal(network.layers[0].parameters["W"], -0.1 * gradients["W1"])


# Bad input


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf])
def test_the_rate_must_be_positive_and_finite(rate):
    with pytest.raises(ValueError, match=f"learning_rate must be positive and finite, got {rate}"):
        SGD(rate)


@pytest.mark.parametrize("names", [["W"], ["W", "b", "c"], ["W", "B"], []], ids=str)
def test_gradients_must_have_the_names_of_the_parameters(names):
    with pytest.raises(ValueError) as error:
        SGD(0.1).step({"W": np.zeros(2), "b": np.zeros(2)}, {name: np.zeros(2) for name in names})
    assert str(error.value) == f"parameters ['W', 'b'] but gradients {sorted(names)}"


@pytest.mark.parametrize("shape", [(3, 2), (3,), (1, 3), (1,), ()], ids=str)
def test_a_gradient_of_another_shape_is_refused_before_anything_changes(shape):
    parameters = {"W": np.ones((3, 3)), "b": np.ones((2, 3))}
    with pytest.raises(ValueError) as error:
        SGD(0.1).step(parameters, {"W": np.ones((3, 3)), "b": np.ones(shape)})
    assert str(error.value) == f"b has shape (2, 3), its gradient {shape}"
    assert (parameters["W"] == 1).all()
