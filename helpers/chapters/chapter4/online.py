"""Learning one pattern at a time, for small problems that can be learned completely."""

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.data.datasets import Split
from helpers.networks.arguments import check_count, check_positive


def rounds_to_learn(
    networks: BatchedNetworks,
    data: Split,
    rule: BatchedErrorDiffusion,
    *,
    learning_rate: float = 0.8,
    tolerance: float = 0.1,
    limit: int = 10_000,
) -> NDArray:
    """Count the rounds until each network has learned every pattern; change the networks in place.

    In a round every pattern is shown once, in order, and followed by an update. A network has learned
    when its absolute errors in a round, each taken before the update, sum to less than the tolerance.

    Parameters
    ----------
    networks : BatchedNetworks
        K networks, all of which learn the same targets.
    data : Split
        The patterns and their targets, 0 or 1.
    rule : BatchedErrorDiffusion
    learning_rate, tolerance : float
    limit : int
        Rounds after which no more is tried.

    Returns
    -------
    ndarray of float, shape (K,)
        The number of the round; infinity for a network that has not learned within the limit.

    Raises
    ------
    ValueError
        If the limit, the learning rate or the tolerance is not positive.
    """
    check_count("limit", limit)
    check_positive("learning_rate", learning_rate)
    check_positive("tolerance", tolerance)
    x, t = data.x.astype(networks.kinds.dtype), data.t[:, None]
    rounds = np.full(networks.networks, np.inf)
    for number in range(1, limit + 1):
        error = np.zeros(networks.networks)
        for i in range(len(data)):
            _, updates = rule(networks, x[i : i + 1], t[i : i + 1])
            error += np.abs(networks.error[:, 0])
            for name, parameter in networks.parameters.items():
                parameter -= learning_rate * updates[name]
        rounds[(error < tolerance) & np.isinf(rounds)] = number
        if np.isfinite(rounds).all():
            break
    return rounds
