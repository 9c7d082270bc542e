"""Activation functions, and the derivatives that a chapter writes out; the layers hold those of the others.

All of them take and return arrays of any shape and leave their argument unchanged. Integers and booleans are
converted to float64 (see `floats`).
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.floats import as_floats


def gaussian_rbf(x: NDArray) -> NDArray:
    """Gaussian radial basis function exp(-x^2), elementwise: 1 at zero, near 0 beyond |x| = 2."""
    return np.exp(-np.square(as_floats(x)))


def gaussian_rbf_derivative(x: NDArray) -> NDArray:
    """Derivative of `gaussian_rbf`: -2 x exp(-x^2)."""
    return -2 * as_floats(x) * gaussian_rbf(x)


def relu(x: NDArray) -> NDArray:
    """Rectified linear unit, max(x, 0), elementwise."""
    return np.maximum(as_floats(x), 0)


def sigmoid(x: NDArray, u0: float | NDArray = 2.0) -> NDArray:
    """Logistic function 1 / (1 + exp(-2 x / u0)), elementwise; 1 / (1 + exp(-x)) by default.

    Written with tanh, which is the same function and cannot overflow:
    1 / (1 + exp(-2 x / u0)) = (1 + tanh(x / u0)) / 2.

    Parameters
    ----------
    x : ndarray
    u0 : float
        Width: the smaller, the steeper; 2 by default.

    Returns
    -------
    ndarray, shape of x
        From 0 to 1.
    """
    return 0.5 * (1 + np.tanh(as_floats(x) / u0))


def sigmoid_derivative(x: NDArray, u0: float = 2.0) -> NDArray:
    """Derivative of `sigmoid`: (2 / u0) y (1 - y) with y = sigmoid(x, u0).

    Parameters
    ----------
    x : ndarray
    u0 : float
        Width of the sigmoid.

    Returns
    -------
    ndarray, shape of x
        Not negative; largest, 1 / (2 u0), at 0.
    """
    y = sigmoid(x, u0)
    return (2 / u0) * y * (1.0 - y)


def softplus(x: NDArray) -> NDArray:
    """log(1 + exp(x)), elementwise; its derivative is `sigmoid`.

    The exponent is never positive, so nothing overflows:
    log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).
    """
    x = as_floats(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
