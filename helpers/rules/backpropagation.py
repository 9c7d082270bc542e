"""Backpropagation: the gradient of the loss, by the chain rule, from the output back to the input.

The rule itself is `Network.gradients`: what every layer does backward stands beside what it does forward.

References
----------
.. [1] D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by back-propagating errors,
   Nature 323, 1986. doi:10.1038/323533a0.
"""

import numpy as np

from helpers.networks.network import Network, Rule


def make_rule(network: Network, rng: np.random.Generator) -> Rule:
    """Return backpropagation, which needs no draw and brings nothing along.

    Parameters
    ----------
    network : Network
        What it is to train; any will do.
    rng : numpy.random.Generator
        Asked of every rule; nothing is drawn from it.

    Returns
    -------
    Rule
    """
    return Network.gradients
