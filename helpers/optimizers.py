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
