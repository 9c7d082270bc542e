"""Node perturbation: nudge what each unit receives, at random, and hold every nudge to what it did to the loss.

References
----------
.. [1] J. Werfel, X. Xie and H. S. Seung, Learning curves for stochastic gradient descent in linear feedforward
   networks, Neural Computation 17, 2005.
.. [2] R. J. Williams, Simple statistical gradient-following algorithms for connectionist reinforcement learning,
   Machine Learning 8, 1992, for the family. doi:10.1007/BF00992696.
"""

from copy import copy

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.networks.network import Network, Update
from helpers.networks.sample_losses import at_once


class NodePerturbation:
    """Node perturbation as a learning rule, for `helpers.training.loop.fit`.

    To the sum a of every unit, sigma * xi is added, with xi from a standard normal distribution, anew for each sample.
    (L(a + sigma xi) - L(a)) / sigma * xi then stands for the derivative by a, and a weight's update is this times the
    weight's own input, averaged over the batch. For a small sigma its mean over the nudges is the gradient; for one
    sample and one layer of K units the mean square of its distance from the gradient g is (K + 1) ||g||^2.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the nudges.
    sigma : float
        Standard deviation of a nudge, in the unit of a unit's sum.

    Raises
    ------
    ValueError
        If sigma is not positive and finite.
    """

    def __init__(self, rng: np.random.Generator, sigma: float = 1e-3):
        self.rng, self.sigma = rng, check_positive("sigma", sigma)

    def __call__(self, network: Network, x: NDArray, targets: NDArray) -> Update:
        """Return the loss of a batch and an update for each parameter array: two forward passes, and none back."""
        outputs = network.predict(x)
        loss = network.loss_of(outputs, targets)
        h, nudges = x, []
        for layer in map(copy, network.layers):  # the layers themselves remember the calm pass
            h = layer.forward(h)
            if layer.parameters:
                nudges.append(self.rng.standard_normal(h.shape).astype(h.dtype))
                h = h + self.sigma * nudges[-1]
        slopes = (losses(network, h, targets) - losses(network, outputs, targets)) / self.sigma
        for layer, nudge in zip(network.trainable, nudges, strict=True):
            credit = (slopes / len(x) * nudge).astype(nudge.dtype)
            layer.backward_to_parameters(credit)  # type: ignore[attr-defined]  # what has parameters has it
        return Update(loss, network.gradients_kept)


def losses(network: Network, outputs: NDArray, targets: NDArray) -> NDArray:
    """Return the loss of each sample by itself.

    Parameters
    ----------
    network : Network
        Gives the loss.
    outputs : ndarray, shape (n, outputs)
        What its last layer puts out.
    targets : ndarray
        Labels or targets, one for each sample.

    Returns
    -------
    ndarray, shape (n, 1)

    Raises
    ------
    ValueError
        If shapes or labels do not fit, or if the loss is not finite.
    """
    network.loss_of(outputs, targets)  # refuses what does not fit or is not finite
    each = at_once(network.loss_layer, outputs, targets)
    return one_by_one(network, outputs, targets) if each is None else each[:, None]


def one_by_one(network: Network, outputs: NDArray, targets: NDArray) -> NDArray:
    """Return the loss of each sample as the network has it for a batch of one: the definition, for any loss.

    Parameters
    ----------
    network : Network
        Gives the loss.
    outputs : ndarray, shape (n, outputs)
        What its last layer puts out.
    targets : ndarray
        Labels or targets, one for each sample.

    Returns
    -------
    ndarray, shape (n, 1)

    Raises
    ------
    Diverged
        If a loss is not finite.
    """
    return np.array([[network.loss_of(outputs[i : i + 1], targets[i : i + 1])] for i in range(len(outputs))])


def make_rule(network: Network, rng: np.random.Generator) -> NodePerturbation:
    """Return node perturbation with nudges of 0.001.

    Parameters
    ----------
    network : Network
        What it is to train; any will do.
    rng : numpy.random.Generator
        Source of the nudges.

    Returns
    -------
    NodePerturbation
    """
    return NodePerturbation(rng)
