"""The Gaussian, which is the activation of chapter 2's hidden unit, and the derivatives that the chapter writes out."""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.floats import as_floats


def gaussian_rbf(x: NDArray) -> NDArray:
    """Gaussian radial basis function exp(-x^2), elementwise: 1 at zero, near 0 beyond |x| = 2."""
    return np.exp(-np.square(as_floats(x)))


def gaussian_rbf_derivative(x: NDArray) -> NDArray:
    """Derivative of `gaussian_rbf`: -2 x exp(-x^2)."""
    return -2 * as_floats(x) * gaussian_rbf(x)


def sigmoid_derivative(x: NDArray) -> NDArray:
    """Derivative of `sigmoid`: y (1 - y) with y = sigmoid(x)."""
    y = sigmoid(x)
    return y * (1.0 - y)
