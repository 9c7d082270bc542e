"""Weight perturbation: nudge all weights at once, at random, and hold every nudge to what it did to the loss.

References
----------
.. [1] J. Werfel, X. Xie and H. S. Seung, Learning curves for stochastic gradient descent in linear feedforward
   networks, Neural Computation 17, 2005.
"""

from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.networks.network import Network, Update


class WeightPerturbation:
    """Weight perturbation as a learning rule, for `helpers.training.loop.fit`.

    Every parameter p is moved by sigma * xi, with xi from a standard normal distribution, and its update is
    (L(p + sigma xi) - L(p)) / sigma * xi. For a small sigma its mean over the nudges is the gradient g; the mean
    square of its distance from g is (N + 1) ||g||^2 for N parameters.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the nudges.
    sigma : float
        Standard deviation of a nudge, in the unit of a weight.

    Raises
    ------
    ValueError
        If sigma is not positive and finite.
    """

    def __init__(self, rng: np.random.Generator, sigma: float = 1e-3):
        self.rng, self.sigma = rng, check_positive("sigma", sigma)

    def __call__(self, network: Network, x: NDArray, targets: NDArray) -> Update:
        """Return the loss of a batch and an update for each parameter array: two forward passes, and none back."""
        loss, nudged = network.loss(x, targets), deepcopy(network)
        nudges = {name: self.rng.standard_normal(p.shape).astype(p.dtype) for name, p in nudged.parameters.items()}
        for name, parameter in nudged.parameters.items():
            parameter += self.sigma * nudges[name]
        slope = (nudged.loss(x, targets) - loss) / self.sigma
        return Update(loss, {name: slope * nudge for name, nudge in nudges.items()})


def make_rule(network: Network, rng: np.random.Generator) -> WeightPerturbation:
    """Return weight perturbation with nudges of 0.001.

    Parameters
    ----------
    network : Network
        What it is to train; any will do.
    rng : numpy.random.Generator
        Source of the nudges.

    Returns
    -------
    WeightPerturbation
    """
    return WeightPerturbation(rng)
