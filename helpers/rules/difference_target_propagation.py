"""Difference target propagation: target propagation that forgives its inverses what they get wrong anyway.

References
----------
.. [1] D.-H. Lee, S. Zhang, A. Fischer and Y. Bengio, Difference Target Propagation,
   ECML PKDD 2015. doi:10.1007/978-3-319-23528-8_31.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.network import Network
from helpers.rules.inverses import Inverse, denoising_decoders
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.optimizers import Adam


class DifferenceTargetPropagation(TargetPropagation):
    """Difference target propagation: the inverse's error at the activity is taken away."""

    def below(self, inverse: Inverse, h_below: NDArray, h: NDArray, target: NDArray) -> NDArray:
        """Return h_below + g(target) - g(h): where target and h agree, the stage below is to stay.

        Parameters
        ----------
        inverse : Inverse
            From the activity of this stage to that of the stage below.
        h_below : ndarray, shape (n, units below)
            Activity of the stage below.
        h : ndarray, shape (n, units)
            Activity of this stage.
        target : ndarray, shape (n, units)
            Target of this stage.

        Returns
        -------
        ndarray, shape (n, units below)
        """
        return h_below + inverse(target) - inverse(h)


def make_rule(network: Network, rng: np.random.Generator) -> DifferenceTargetPropagation:
    """Return difference target propagation with decoders that learn by Adam from activities with noise of .3.

    Parameters
    ----------
    network : Network
        What it is to train; gives the shapes.
    rng : numpy.random.Generator
        Source of the decoders' first weights, and of the noise.

    Returns
    -------
    DifferenceTargetPropagation
    """
    return DifferenceTargetPropagation(denoising_decoders(network, rng, Adam(2e-3), noise=0.3))
