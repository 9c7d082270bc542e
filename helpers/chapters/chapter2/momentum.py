"""A ball that rolls down the valley: gradient descent with a velocity."""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.training.optimizers import check_match


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
        check_positive("learning_rate", learning_rate)
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
