"""Central differences and the gradient check, against calculus done by hand."""

import numpy as np
import pytest

from helpers.measures.gradient_check import Agreement, central_difference, check_gradients, compare
from helpers.networks.layers import Affine, ReLU, Sigmoid
from helpers.networks.network import Network


def small_network(rng: np.random.Generator, **options) -> Network:
    return Network.dense([20, 12, 10], rng, scale=0.3, **{"dtype": np.float64} | options)


@pytest.fixture
def batch(rng) -> tuple[np.ndarray, np.ndarray]:
    return rng.uniform(0, 1, (6, 20)), rng.integers(10, size=6)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 1, 2), ()], ids=str)
def test_the_gradient_of_a_quadratic_is_exact_but_for_rounding(shape, rng):
    x, weights = np.asarray(rng.standard_normal(shape)), rng.uniform(1, 2, shape)
    gradient = central_difference(lambda: float((weights * x**2).sum()), x)
    assert gradient.shape == shape and gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, 2 * weights * x, atol=1e-9)


def test_the_step_is_1e_5_unless_told_otherwise(batch, rng):
    x = np.array([2.0])
    assert central_difference(lambda: x[0] ** 3, x) == central_difference(lambda: x[0] ** 3, x, 1e-5)
    network = small_network(rng)
    assert check_gradients(network, *batch) == check_gradients(network, *batch, 1e-5)


@pytest.mark.parametrize("h", [0.1, 0.01])
def test_the_truncation_error_on_a_cube_is_h_squared(h):
    x = np.array([2.0])
    assert central_difference(lambda: x[0] ** 3, x, h)[0] - 12 == pytest.approx(h**2, rel=1e-6)


def test_a_smaller_step_trades_truncation_for_rounding():
    x = np.array([1.0])
    errors = [abs(central_difference(lambda: np.exp(x[0]), x, h)[0] - np.e) for h in (1e-1, 1e-5, 1e-13)]
    assert errors[1] < 1e-9 < 1e-5 < min(errors[0], errors[2])


def test_the_array_is_restored_to_the_last_bit(rng):
    x = rng.standard_normal((4, 3)) * 10.0 ** rng.integers(-12, 12, (4, 3))
    kept = x.tobytes()
    central_difference(lambda: float(np.sin(x).sum()), x, 1e-3)
    assert x.tobytes() == kept


@pytest.mark.parametrize("failing_call", [1, 2, 5, 6])
def test_the_array_is_restored_when_the_function_raises(failing_call, rng):
    x, calls = rng.standard_normal(4), []
    kept = x.tobytes()

    def fails_in_time():
        calls.append(x.copy())
        if len(calls) == failing_call:
            raise ArithmeticError("on purpose")
        return 0.0

    with pytest.raises(ArithmeticError, match="on purpose"):
        central_difference(fails_in_time, x)
    assert x.tobytes() == kept


@pytest.mark.parametrize("activation", [ReLU, Sigmoid])
def test_a_small_network_agrees_to_1e_9(activation, batch, rng):
    network = small_network(rng, activation=activation)
    kept = {name: parameter.tobytes() for name, parameter in network.parameters.items()}
    agreements = check_gradients(network, *batch)
    assert list(agreements) == ["W1", "b1", "W2", "b2"]
    for name, agreement in agreements.items():
        assert agreement.name == name and agreement.shape == network.parameters[name].shape
        assert agreement.mean_difference <= 1e-9
        assert agreement.relative_error <= 1e-6
        assert network.parameters[name].tobytes() == kept[name]


@pytest.mark.parametrize("number, name", [(1, "W1"), (2, "b2")])
def test_a_wrong_gradient_is_caught_and_named(number, name, batch, rng):
    class Wrong(Affine):
        """One gradient comes out twice as large as it should."""

        def backward_to_parameters(self, upstream):
            super().backward_to_parameters(upstream)
            self.gradients[name[0]] = 2 * self.gradients[name[0]]

    network = small_network(rng)
    right = network.layers[0 if number == 1 else 2]
    wrong = Wrong(right.parameters["W"], right.parameters["b"])
    broken = Network([wrong if layer is right else layer for layer in network.layers])
    errors = {name: agreement.relative_error for name, agreement in check_gradients(broken, *batch).items()}
    assert errors.pop(name) == pytest.approx(1 / 3, rel=1e-3)
    assert max(errors.values()) < 1e-6


def test_compare_gives_the_mean_difference_and_the_relative_error():
    assert compare("w", np.array([3.0, 0.0]), np.array([0.0, 4.0])) == Agreement("w", (2,), 3.5, 5 / 7)


@pytest.mark.parametrize(
    "factor, error", [(1, 0), (-1, 1), (0, 1), (2, 1 / 3)], ids=["equal", "opposite", "zero", "twice"]
)
def test_the_relative_error_of_a_multiple(factor, error):
    g = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert compare("w", factor * g, g).relative_error == pytest.approx(error, rel=1e-14)


def test_two_zero_gradients_agree():
    assert compare("b", np.zeros(3), np.zeros(3)) == Agreement("b", (3,), 0.0, 0.0)


def test_a_gradient_that_is_not_a_number_never_agrees():
    agreement = compare("b", np.array([np.nan, 1.0]), np.ones(2))
    assert np.isnan(agreement.relative_error) and np.isnan(agreement.mean_difference)


# Bad input


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_the_array_must_be_float64(dtype):
    with pytest.raises(ValueError, match=f"a gradient check needs float64, got {np.dtype(dtype)}"):
        central_difference(lambda: 0.0, np.ones(2, dtype))


def test_a_float32_network_cannot_be_checked(batch, rng):
    with pytest.raises(ValueError, match="a gradient check needs float64, got float32"):
        check_gradients(small_network(rng, dtype=np.float32), *batch)


@pytest.mark.parametrize("h", [0, -1e-5, np.nan, np.inf])
def test_the_step_must_be_positive_and_finite(h):
    with pytest.raises(ValueError, match=f"the step h must be positive and finite, got {h}"):
        central_difference(lambda: 0.0, np.ones(2), h)


def test_gradients_of_two_shapes_are_not_compared():
    with pytest.raises(ValueError, match=r"W1: gradient of shape \(2, 3\) against \(3, 2\)"):
        compare("W1", np.zeros((2, 3)), np.zeros((3, 2)))
