"""Optimizers: from gradients to new parameters."""

import math
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
        check_rate(learning_rate)
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

    Raises
    ------
    ValueError
        If the learning rate is not positive and finite or the momentum not in range, or if gradients do not match
        the parameters at a step.

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
        """Change every parameter and its velocity in place.

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
            velocity = self.velocities.setdefault(name, np.zeros_like(parameter))
            velocity *= self.momentum
            velocity -= self.learning_rate * gradients[name]
            parameter += velocity


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
        check_rate(learning_rate)
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


class BufferedAdam(Adam):
    """`Adam` without temporary arrays: the same steps, but for rounding, in half the time on large arrays.

    Instead of m and v it keeps m / (1 - beta1) and v / (1 - beta2), so that the constants act on two
    numbers and not on whole arrays. One spare array serves all parameters, so it stays in the cache.

    Raises
    ------
    ValueError
        As `Adam` does.
    """

    def step(self, parameters: dict[str, NDArray], gradients: dict[str, NDArray]) -> None:
        """Change every parameter in place and remember the running sums for the next step.

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
            largest = max(parameters.values(), key=np.size, default=np.empty(0))
            self.spare = np.empty(largest.size, largest.dtype)
        check_match(parameters, self.means)
        self.steps += 1
        first = (1 - self.beta1) / (1 - self.beta1**self.steps)
        second = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.steps))
        rate, epsilon = self.learning_rate * first / second, self.epsilon / second
        for name, parameter in parameters.items():
            g, m, v = gradients[name], self.means[name], self.squares[name]
            spare = self.spare[: parameter.size].reshape(parameter.shape)
            m *= self.beta1
            m += g
            v *= self.beta2
            v += np.multiply(g, g, out=spare)
            np.add(np.sqrt(v, out=spare), epsilon, out=spare)
            parameter -= np.multiply(np.divide(m, spare, out=spare), rate, out=spare)


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


def check_rate(learning_rate: float) -> None:
    """Raise a ValueError unless the learning rate is positive and finite."""
    check_positive("learning_rate", learning_rate)


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
