"""Optimizers: from gradients to new parameters."""

import numpy as np
from numpy.typing import NDArray


class SGD:
    """Gradient descent with a constant learning rate: W <- W - rate * dL/dW.

    Parameters
    ----------
    learning_rate : float
        Step length as a multiple of the gradient; must be positive and finite.
    """

    def __init__(self, learning_rate: float):
        check_rate(learning_rate)
        self.learning_rate = learning_rate

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place, so that whoever holds the array sees the change."""
        check_match(parameters, gradients)
        for name, parameter in parameters.items():
            parameter -= self.learning_rate * gradients[name]


class Momentum:
    """Gradient descent with a velocity: V <- momentum * V - rate * dL/dW, then W <- W + V.

    Parameters
    ----------
    learning_rate : float
        Step length as a multiple of the gradient; must be positive and finite.
    momentum : float
        Share of its velocity that a parameter keeps at each step, from 0 (plain gradient
        descent) up to, but not including, 1.

    Attributes
    ----------
    velocities : dict of str to ndarray
        One for each parameter; zero before the first step.

    References
    ----------
    .. [1] B. T. Polyak, Some methods of speeding up the convergence of iteration methods,
       USSR Computational Mathematics and Mathematical Physics 4(5), 1964.
       doi:10.1016/0041-5553(64)90137-5.
    """

    def __init__(self, learning_rate: float, momentum: float = 0.9):
        check_rate(learning_rate)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be at least 0 and less than 1, got {momentum}")
        self.learning_rate, self.momentum = learning_rate, momentum
        self.velocities: dict[str, NDArray] = {}

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter and its velocity in place."""
        check_match(parameters, gradients)
        for name, parameter in parameters.items():
            velocity = self.velocities.setdefault(name, np.zeros_like(parameter))
            velocity *= self.momentum
            velocity -= self.learning_rate * gradients[name]
            parameter += velocity


def check_rate(learning_rate: float) -> None:
    """Raise a ValueError unless the learning rate is positive and finite."""
    if not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be positive and finite, got {learning_rate}")


def check_match(parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
    """Raise a ValueError unless there is one gradient, of the same shape, per parameter."""
    if parameters.keys() != gradients.keys():
        raise ValueError(f"parameters {sorted(parameters)} but gradients {sorted(gradients)}")
    for name, parameter in parameters.items():
        if np.shape(gradients[name]) != parameter.shape:
            raise ValueError(
                f"{name} has shape {parameter.shape}, its gradient {np.shape(gradients[name])}"
            )
