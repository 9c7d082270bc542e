"""Activation functions, each beside its derivative.

All of them take and return arrays of any shape and leave their argument unchanged.
"""

import numpy as np
from numpy.typing import NDArray


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


def sigmoid(x: NDArray) -> NDArray:
    """Logistic function 1 / (1 + exp(-x)), elementwise.

    Written with tanh, which is the same function and cannot overflow:
    1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2.
    """
    y = np.tanh(0.5 * np.asarray(x))
    y += 1.0
    y *= 0.5
    return y


def sigmoid_derivative(x: NDArray) -> NDArray:
    """Derivative of `sigmoid`: y (1 - y) with y = sigmoid(x)."""
    y = sigmoid(x)
    return y * (1.0 - y)


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
