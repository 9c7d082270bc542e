"""Activation functions, each beside its derivative.

All of them take and return arrays of any shape and leave their argument unchanged.
"""

import numpy as np
from numpy.typing import NDArray

#: Numbers as read-only arrays, with which numpy is quicker than with Python's; float32 and float64 stay what they are.
HALF, ONE, TWO = (np.broadcast_to(np.float32(number), ()) for number in (0.5, 1.0, 2.0))


def gaussian_rbf(x: NDArray) -> NDArray:
    """Gaussian radial basis function exp(-x^2), elementwise: 1 at zero, near 0 beyond |x| = 2."""
    return np.exp(-np.square(x))


def gaussian_rbf_derivative(x: NDArray) -> NDArray:
    """Derivative of `gaussian_rbf`: -2 x exp(-x^2)."""
    return -2 * np.asarray(x) * gaussian_rbf(x)


def relu(x: NDArray) -> NDArray:
    """Rectified linear unit, max(x, 0), elementwise."""
    return np.maximum(x, 0)


def relu_derivative(x: NDArray) -> NDArray:
    """Derivative of `relu`: 1 where x > 0, else 0 (the convention at x = 0)."""
    x = np.asarray(x)
    return (x > 0).astype(x.dtype)


def sigmoid(x: NDArray, u0: float | NDArray = TWO) -> NDArray:
    """Logistic function 1 / (1 + exp(-2 x / u0)), elementwise; 1 / (1 + exp(-x)) by default.

    Written with tanh, which is the same function and cannot overflow:
    1 / (1 + exp(-2 x / u0)) = (1 + tanh(x / u0)) / 2.

    Parameters
    ----------
    x : ndarray
    u0 : float
        Width: the smaller, the steeper; 2 by default.
    """
    y = np.tanh(np.asarray(x) / u0)
    y += ONE
    y *= HALF
    return y


def sigmoid_derivative(x: NDArray, u0: float = 2.0) -> NDArray:
    """Derivative of `sigmoid`: (2 / u0) y (1 - y) with y = sigmoid(x, u0)."""
    y = sigmoid(x, u0)
    return (2 / u0) * y * (1.0 - y)


def elu(x: NDArray, a: float = 1.0) -> NDArray:
    """Exponential linear unit: x where x > 0, a (exp(x) - 1) elsewhere."""
    x = np.asarray(x)
    return np.where(x > 0, x, a * np.expm1(np.minimum(x, 0)))


def elu_derivative(x: NDArray, a: float = 1.0) -> NDArray:
    """Derivative of `elu`: 1 where x > 0, a exp(x) elsewhere; for a = 1 it is min(elu(x) + 1, 1)."""
    x = np.asarray(x)
    return np.where(x > 0, np.ones_like(x), a * np.exp(np.minimum(x, 0)))


def softmax(x: NDArray) -> NDArray:
    """Exponentials of the last axis divided by their sum.

    The largest entry is subtracted first: the result is the same, and exp cannot overflow.

    Parameters
    ----------
    x : ndarray, shape (..., classes)
        Logits.

    Returns
    -------
    ndarray, shape (..., classes)
        Positive numbers that sum to 1 along the last axis.
    """
    exponentials = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softplus(x: NDArray) -> NDArray:
    """log(1 + exp(x)), elementwise; its derivative is `sigmoid`.

    The exponent is never positive, so nothing overflows:
    log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
