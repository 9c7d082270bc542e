"""Optimizers: from gradients to new parameters."""

import math
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Optimizer(Protocol):
    """What training asks of an optimizer."""

    learning_rate: float

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None: ...


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


class Adam:
    """Adam: each entry moves by about the learning rate, whatever the size of its gradient.

    m <- beta1 m + (1 - beta1) g and v <- beta2 v + (1 - beta2) g^2 are running means that start at
    zero; dividing them by 1 - beta1^k and 1 - beta2^k after k steps corrects that start. Then
    W <- W - rate * m / (sqrt(v) + epsilon).

    Parameters
    ----------
    learning_rate : float
    beta1, beta2 : float
        Memory of the two means, from 0 up to but not including 1.
    epsilon : float
        Keeps the division finite where all gradients have been zero.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, Adam: A Method for Stochastic Optimization, ICLR 2015,
       algorithm 1. arXiv:1412.6980.
    """

    def __init__(
        self, learning_rate: float, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ):
        check_rate(learning_rate)
        if not (0 <= beta1 < 1 and 0 <= beta2 < 1 and 0 < epsilon < np.inf):
            raise ValueError(
                f"need 0 <= beta < 1 and a positive epsilon, got {beta1}, {beta2} and {epsilon}"
            )
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.steps = 0
        self.means: dict[str, tuple[NDArray, NDArray, NDArray]] = {}

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place."""
        check_match(parameters, gradients)
        if not self.means:
            self.means = {
                name: (np.zeros_like(p), np.zeros_like(p), np.empty_like(p)) for name, p in parameters.items()
            }
        self.steps += 1
        # m / (1 - beta1) and v / (1 - beta2) are kept: the constants then act on two numbers, not on arrays.
        first = (1 - self.beta1) / (1 - self.beta1**self.steps)
        second = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.steps))
        rate, epsilon = self.learning_rate * first / second, self.epsilon / second
        for name, parameter in parameters.items():
            arrays = (parameter, gradients[name], *self.means[name])
            for rows in blocks(parameter):
                p, g, m, v, spare = (array[rows] for array in arrays)
                m *= self.beta1
                m += g
                v *= self.beta2
                v += np.multiply(g, g, out=spare)
                np.add(np.sqrt(v, out=spare), epsilon, out=spare)
                p -= np.multiply(np.divide(m, spare, out=spare), rate, out=spare)


def blocks(array: NDArray, size: int = 1 << 15) -> Iterator[slice]:
    """Yield slices of rows with about `size` entries each: small enough to stay in the processor's cache."""
    rows = max(1, size * len(array) // max(array.size, 1))
    for start in range(0, len(array), rows):
        yield slice(start, start + rows)


class LinearDecay:
    """An optimizer whose learning rate falls in a straight line to zero.

    Parameters
    ----------
    optimizer : Optimizer
        Starts with its own learning rate.
    steps : int
        Steps until the rate would be zero; later ones change nothing.
    """

    def __init__(self, optimizer: Optimizer, steps: int):
        if steps < 1:
            raise ValueError(f"steps must be at least 1, got {steps}")
        self.optimizer, self.steps, self.taken = optimizer, steps, 0
        self.start = self.learning_rate = optimizer.learning_rate

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Let the optimizer take a step at the present rate."""
        self.learning_rate = self.start * max(0.0, 1 - self.taken / self.steps)
        self.optimizer.learning_rate = self.learning_rate
        self.optimizer.step(parameters, gradients)
        self.taken += 1


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
