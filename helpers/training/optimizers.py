"""Optimizers: from gradients to new parameters."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_count, check_positive


class Optimizer(Protocol):
    """What the training loop asks of an optimizer."""

    learning_rate: float

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place.

        Parameters
        ----------
        parameters : dict of str to ndarray
            Arrays of floats, which are changed in place.
        gradients : dict of str to ndarray
            One for each parameter, of its shape.

        Returns
        -------
        None
        """


class SGD:
    """Gradient descent with a constant learning rate: W <- W - rate * dL/dW.

    Parameters
    ----------
    learning_rate : float
        Step length as a multiple of the gradient; must be positive and finite.

    Raises
    ------
    ValueError
        If the learning rate is not positive and finite, or if gradients do not match the parameters at a step.
    """

    def __init__(self, learning_rate: float):
        check_positive("learning_rate", learning_rate)
        self.learning_rate = learning_rate

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place, so that whoever holds the array sees the change.

        Parameters
        ----------
        parameters : dict of str to ndarray
            Arrays of floats, which are changed in place.
        gradients : dict of str to ndarray
            One for each parameter, of its shape.

        Returns
        -------
        None
        """
        check_match(parameters, gradients)
        for name, parameter in parameters.items():
            parameter -= self.learning_rate * gradients[name]


class Adam:
    """Steps of a length that hardly depends on the size of the gradient (Kingma & Ba 2015, algorithm 1).

    Each entry of a parameter has a running mean m of its gradient and a running mean v of its square,
    both started at zero. Divided by 1 - beta^t they are weighted means of what has been seen so far,
    and the step is -rate * m / (sqrt(v) + epsilon).

    Parameters
    ----------
    learning_rate : float
        About the length of a step, in the unit of the parameter.
    beta1, beta2 : float
        Share of the old mean that is kept at each step, from 0 (included) to 1 (excluded).
    epsilon : float
        Keeps the division safe where the gradient has been zero.

    Raises
    ------
    ValueError
        If the learning rate is not positive and finite or another constant not in range, or if gradients do not
        match the parameters at a step.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015,
       arXiv:1412.6980.
    """

    def __init__(self, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        check_positive("learning_rate", learning_rate)
        check_adam(beta1, beta2, epsilon)
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.steps = 0
        self.means: dict[str, NDArray] = {}
        self.squares: dict[str, NDArray] = {}

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place and remember the running means for the next step.

        Parameters
        ----------
        parameters : dict of str to ndarray
            Arrays of floats, which are changed in place.
        gradients : dict of str to ndarray
            One for each parameter, of its shape.

        Returns
        -------
        None
        """
        check_match(parameters, gradients)
        if self.steps == 0:
            self.means = {name: np.zeros_like(p) for name, p in parameters.items()}
            self.squares = {name: np.zeros_like(p) for name, p in parameters.items()}
        check_match(parameters, self.means)
        self.steps += 1
        for name, parameter in parameters.items():
            gradient, m, v = gradients[name], self.means[name], self.squares[name]
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            mean = m / (1 - self.beta1**self.steps)
            square = v / (1 - self.beta2**self.steps)
            parameter -= self.learning_rate * mean / (np.sqrt(square) + self.epsilon)


class LinearDecay:
    """An optimizer whose learning rate falls in a straight line to zero.

    Parameters
    ----------
    optimizer : Optimizer
        Starts with its own learning rate.
    steps : int
        Steps until the rate would be zero; later ones are not taken.

    Raises
    ------
    ValueError
        If there are no steps.
    """

    def __init__(self, optimizer: Optimizer, steps: int):
        check_count("steps", steps)
        self.optimizer, self.steps, self.taken = optimizer, steps, 0
        self.start = self.learning_rate = optimizer.learning_rate

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Let the optimizer take a step at the present rate, if that is not zero.

        Parameters
        ----------
        parameters : dict of str to ndarray
            Arrays of floats, which are changed in place.
        gradients : dict of str to ndarray
            One for each parameter, of its shape.

        Returns
        -------
        None
        """
        self.learning_rate = self.start * max(0.0, 1 - self.taken / self.steps)
        self.optimizer.learning_rate = self.learning_rate
        if self.learning_rate > 0:
            self.optimizer.step(parameters, gradients)
        self.taken += 1


def check_adam(beta1: float, beta2: float, epsilon: float) -> None:
    """Raise a ValueError unless Adam's constants are in range."""
    if not (0 <= beta1 < 1 and 0 <= beta2 < 1):
        raise ValueError(f"beta1 and beta2 must lie in [0, 1), got {beta1} and {beta2}")
    check_positive("epsilon", epsilon)


def check_match(parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
    """Raise a ValueError unless there is one gradient, of the same shape, per parameter."""
    if parameters.keys() != gradients.keys():
        raise ValueError(f"parameters {sorted(parameters)} but gradients {sorted(gradients)}")
    for name, parameter in parameters.items():
        if parameter.dtype.kind != "f" or not parameter.flags.writeable:
            raise ValueError(f"{name} must be a writeable array of floats, got {parameter.dtype}")
        gradient = gradients[name]
        if not isinstance(gradient, np.ndarray | np.generic) or gradient.shape != parameter.shape:
            raise ValueError(
                f"{name} has shape {parameter.shape}, its gradient must be an array of that shape, "
                f"got {type(gradient).__name__} of shape {np.shape(gradient)}"
            )
        if gradient.dtype.kind != "f":
            raise ValueError(f"the gradient of {name} must be an array of floats, got {gradient.dtype}")
