"""How well the inverses of a target rule bring activities back."""

from numpy.typing import NDArray

from helpers.networks.network import Network
from helpers.networks.stages import activities, run, stages_of
from helpers.rules.inverses import Inverses


def reconstruction_errors(network: Network, inverses: Inverses, x: NDArray) -> dict[int, float]:
    """Return how much of each activity its inverse fails to bring back.

    Parameters
    ----------
    network : Network
    inverses : Inverses
    x : ndarray, shape (n, inputs)

    Returns
    -------
    dict of int to float
        For each stage i with an inverse, ||g_i(f_i(h)) - h||^2 / ||h - mean of h||^2 with h = h_{i-1}:
        0 for an exact inverse, 1 for one that returns the mean.

    Raises
    ------
    ValueError
        If a stage answers all samples alike, so that there is nothing to bring back.
    """
    stages = stages_of(network)
    h = activities(stages, x)
    errors = {}
    for i in inverses.functions:
        below = h[i - 1]
        missed = inverses[i](run(stages[i - 1], below)) - below
        spread = ((below - below.mean(axis=0)) ** 2).sum()
        if spread == 0:
            raise ValueError(f"stage {i - 1} answers all {len(x)} samples alike: use several, different ones")
        errors[i] = float((missed**2).sum() / spread)
    return errors
