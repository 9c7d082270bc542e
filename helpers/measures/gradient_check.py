"""Numerical differentiation, and the check of a gradient against it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.networks.network import Network


def central_difference(f: Callable[[], float], x: NDArray, h: float = 1e-5) -> NDArray:
    """Approximate the gradient of f with respect to the array x, one entry at a time.

    Each entry is moved to both sides and f is called twice:
    (f(x + h) - f(x - h)) / 2h. The error is of order h^2 (truncation) plus
    1e-16 f / h (rounding).

    Parameters
    ----------
    f : callable
        Takes no argument and reads x.
    x : ndarray of float64, any shape
        Changed during the call and restored to the last bit after it.
    h : float
        Step size, in the units of x; must be positive.

    Returns
    -------
    ndarray of float64, shape of x

    Raises
    ------
    ValueError
        If x is not float64, or h not positive and finite.
    """
    check_precision(x, h)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        try:
            x[index] = kept + h
            above = f()
            x[index] = kept - h
            below = f()
        finally:
            x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def check_precision(x: NDArray, h: float) -> None:
    """Raise a ValueError unless a difference of step h can be taken at x."""
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        got = getattr(x, "dtype", type(x).__name__)
        raise ValueError(f"a gradient check needs float64, got {got}: rounding drowns the difference")
    check_positive("the step h", h)


@dataclass(frozen=True)
class Agreement:
    """How well a gradient agrees with its numerical twin, for one parameter.

    Attributes
    ----------
    name : str
    shape : tuple of int
    mean_difference : float
        Mean absolute difference over the entries.
    relative_error : float
        ||a - b|| / (||a|| + ||b||): 0 for equal gradients, 1 for opposite ones.
    """

    name: str
    shape: tuple[int, ...]
    mean_difference: float
    relative_error: float


def compare(name: str, gradient: NDArray, numerical: NDArray) -> Agreement:
    """Compare two gradients of one parameter.

    Parameters
    ----------
    name : str
        Of the parameter.
    gradient, numerical : ndarray
        Of one shape.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if gradient.shape != numerical.shape:
        raise ValueError(f"{name}: gradient of shape {gradient.shape} against {numerical.shape}")
    total = np.linalg.norm(gradient) + np.linalg.norm(numerical)
    difference = gradient - numerical
    relative_error = np.linalg.norm(difference) / total if total else 0.0
    return Agreement(name, gradient.shape, float(np.abs(difference).mean()), float(relative_error))


def check_gradients(network: Network, x: NDArray, labels: NDArray, h: float = 1e-5) -> dict[str, Agreement]:
    """Compare backpropagation with central differences for every parameter of a network.

    Parameters
    ----------
    network : Network
        With float64 parameters. Costs two forward passes for each number in them.
    x, labels : ndarray
        A small batch; see `Network.loss`.
    h : float
        Step size.

    Returns
    -------
    dict of str to Agreement
    """
    _, gradients = network.gradients(x, labels)
    return {
        name: compare(name, gradients[name], central_difference(lambda: network.loss(x, labels), parameter, h))
        for name, parameter in network.parameters.items()
    }
