"""Gradient descent: the step, in place, and what it refuses."""

import math

import numpy as np
import pytest

from experiments.buffered_adam import BufferedAdam
from helpers.chapters.chapter2.momentum import Momentum
from helpers.networks.layers import Affine
from helpers.networks.network import Network
from helpers.training.optimizers import SGD, Adam, LinearDecay


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
    assert str(error.value) == (
        f"b has shape (2, 3), its gradient must be an array of that shape, got ndarray of shape {shape}"
    )
    assert (parameters["W"] == 1).all()


def test_a_gradient_that_is_a_list_is_refused():
    with pytest.raises(ValueError, match=r"must be an array of that shape, got list of shape \(2,\)"):
        SGD(0.1).step({"W": np.zeros(2)}, {"W": [0.0, 0.0]})


# Adam


def adam_by_the_paper(gradients, rate, beta1, beta2, epsilon):
    """Algorithm 1 of Kingma and Ba, one number at a time, as it stands there."""
    theta = m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta -= rate * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + epsilon)
    return theta


@pytest.mark.parametrize("constants", [(1e-3, 0.9, 0.999, 1e-8), (0.1, 0.5, 0.9, 1e-2), (0.1, 0.0, 0.0, 1e-8)])
def test_adam_is_the_algorithm_of_the_paper(constants, rng):
    gradients = rng.standard_normal((20, 3))
    parameters, optimizer = {"W": np.zeros(3)}, Adam(*constants)
    for gradient in gradients:
        optimizer.step(parameters, {"W": gradient})
    expected = [adam_by_the_paper(column, *constants) for column in gradients.T]
    np.testing.assert_allclose(parameters["W"], expected, rtol=1e-10, atol=1e-14)  # sums of steps may cancel


def test_adams_path_is_scikit_learns(rng):
    """MLPRegressor's own Adam, one full batch a step, with the gradient that scikit-learn computes."""
    from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

    theirs = [rng.standard_normal((3, 2))]
    ours, optimizer = {"W": theirs[0].copy()}, Adam(0.01)
    reference = AdamOptimizer(theirs, learning_rate_init=0.01)
    for gradient in rng.standard_normal((30, 3, 2)):
        reference.update_params(theirs, [gradient])
        optimizer.step(ours, {"W": gradient})
    # scikit-learn puts epsilon beside the uncorrected root: a relative difference of 1e-7 at most
    np.testing.assert_allclose(ours["W"], theirs[0], rtol=1e-5)


def test_adams_first_step_is_the_rate_times_the_sign_of_the_gradient():
    parameters = {"W": np.zeros(2), "b": np.zeros(1)}
    Adam(0.1).step(parameters, {"W": np.array([1e-3, -50.0]), "b": np.zeros(1)})
    np.testing.assert_allclose(parameters["W"], [-0.1, 0.1], rtol=1e-4)
    assert parameters["b"] == 0


def test_adam_changes_arrays_in_place_keeps_their_type_and_leaves_gradients_alone():
    weight, gradient = np.ones(2, np.float32), np.full(2, 0.5, np.float32)
    parameters, optimizer = {"W": weight}, Adam()
    optimizer.step(parameters, {"W": gradient})
    assert parameters["W"] is weight and weight.dtype == np.float32 and (weight < 1).all()
    assert optimizer.means["W"].dtype == np.float32
    np.testing.assert_array_equal(gradient, 0.5)


def test_the_state_of_adam_belongs_to_one_network():
    optimizer = Adam()
    optimizer.step({"W": np.zeros(2)}, {"W": np.ones(2)})
    with pytest.raises(ValueError, match="has shape"):
        optimizer.step({"W": np.zeros(3)}, {"W": np.ones(3)})


@pytest.mark.parametrize(
    ("constants", "words"),
    [
        ({"learning_rate": 0}, "learning_rate must be positive"),
        ({"beta1": 1}, r"must lie in \[0, 1\), got 1 and 0.999"),
        ({"beta2": -0.1}, r"must lie in \[0, 1\), got 0.9 and -0.1"),
        ({"epsilon": 0}, "epsilon must be positive"),
        ({"beta1": np.nan}, "must lie in"),
    ],
)
def test_adams_constants_must_be_in_range(constants, words):
    with pytest.raises(ValueError, match=words):
        Adam(**constants)


class TestLinearDecay:
    def test_the_rate_falls_in_a_straight_line_and_stays_at_zero(self):
        w = np.zeros(1)
        decay = LinearDecay(SGD(1.0), steps=4)
        path = []
        for _ in range(6):
            before = w.copy()
            decay.step({"w": w}, {"w": np.ones(1)})
            path.append(float((before - w)[0]))
        assert path == pytest.approx([1, 0.75, 0.5, 0.25, 0, 0])

    def test_it_needs_a_step(self):
        with pytest.raises(ValueError, match="steps"):
            LinearDecay(SGD(1.0), 0)

    def test_after_the_last_step_nothing_moves_not_even_by_momentum(self):
        optimizer, parameters = LinearDecay(Momentum(0.1), 2), {"W": np.ones(2)}
        for _ in range(2):
            optimizer.step(parameters, {"W": np.ones(2)})
        kept = parameters["W"].copy()
        optimizer.step(parameters, {"W": np.ones(2)})
        np.testing.assert_array_equal(parameters["W"], kept)


@pytest.mark.parametrize("make", [SGD, Momentum, Adam, BufferedAdam])
@pytest.mark.parametrize("bad", ["read-only", "integers"])
def test_an_array_that_cannot_move_is_refused_before_another_has(make, bad):
    parameters = {"W": np.ones(2), "b": np.ones(2) if bad == "read-only" else np.ones(2, int)}
    parameters["b"].flags.writeable = bad == "integers"
    with pytest.raises(ValueError, match="b must be a writeable array of floats"):
        make(0.1).step(parameters, {name: np.ones(2) for name in parameters})
    np.testing.assert_array_equal(parameters["W"], np.ones(2))
