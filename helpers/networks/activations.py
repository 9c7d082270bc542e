"""Activation functions; the layers hold their derivatives.

All of them take and return arrays of any shape and leave their argument unchanged. Integers and booleans are
converted to float64 (see `floats`).
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.floats import as_floats


def relu(x: NDArray) -> NDArray:
    """Rectified linear unit, max(x, 0), elementwise."""
    return np.maximum(as_floats(x), 0)


def sigmoid(x: NDArray, u0: float | NDArray = 2.0) -> NDArray:
    """Logistic function 1 / (1 + exp(-2 x / u0)), elementwise; 1 / (1 + exp(-x)) by default.

    Far below zero the exponential overflows to infinity, and 1 / infinity is 0, as it should be.

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
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-2 / u0 * as_floats(x)))


def softplus(x: NDArray) -> NDArray:
    """log(1 + exp(x)), elementwise; its derivative is `sigmoid`.

    The exponent is never positive, so nothing overflows:
    log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).
    """
    x = as_floats(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
