"""Error diffusion (ED): learning from one error that every cell hears, with no way back.

Cells are excitatory or inhibitory. A connection between cells of one kind is positive, between
kinds negative, so it is known beforehand whether a cell raises or lowers the output, however many
layers lie between. Every cell may therefore learn from the error of the output itself.

`helpers.networks.excitatory_inhibitory` makes a network of such cells, and `ErrorDiffusion` is the rule.

References
----------
.. [1] Isamu Kaneko, Error diffusion learning method (in Japanese), web page and C program, 1999.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks.excitatory_inhibitory import check_cells, kinds_like
from helpers.networks.network import Network, Update
from helpers.networks.stages import activities, stages_of


class ErrorDiffusion:
    """Kaneko's rule as a learning rule, for `helpers.training.loop.fit`.

    A weight from cell i to cell j moves by rate * D_i * o_i * f'_j * s_j, averaged over the batch, where s_j is
    the kind of cell j, and f' = o (1 - o) is its slope without the constant 2 / u0. What cell i hears, D_i, is
    the error d = t - y of the output: max(d, 0) if the cell is excitatory, min(d, 0) if it is inhibitory. So
    a weight grows only where that helps. The slope of the output cell is that of the loss by its sum: y (1 - y) for
    the squared error, 1 for the cross-entropy.

    Inputs and the threshold input come in pairs, one copy of each kind, which share one weight: a pair hears d.

    Parameters
    ----------
    two_way : bool
        Shrink the other half of the weights at the same time (Kaneko's "decrement" option): everyone hears d.
        Then nothing keeps the signs.
    u1 : float
        Share of the error that reaches the hidden cells.

    Raises
    ------
    ValueError
        If u1 is negative or not finite, or if the network is not one that `excitatory_inhibitory` could make.
    """

    def __init__(self, two_way: bool = False, u1: float = 1.0):
        if not 0 <= u1 < np.inf:
            raise ValueError(f"u1 must not be negative, and finite, got {u1}")
        self.two_way, self.u1 = two_way, u1

    def __call__(self, network: Network, x: NDArray, targets: NDArray) -> Update:
        """Return the loss of a batch and, for each parameter array, minus its mean ED update."""
        check_cells(network)
        h = activities(stages_of(network), x)
        loss = network.loss_of(h[-1], targets)
        output: Any = network.loss_layer  # an OutputCell: check_cells has seen to it
        d = output.error / len(x)
        slopes = [(d, self.u1 * o * (1 - o) * kinds_like(o)) for o in h[1:-1]]
        slopes.append((-output.u0 / 2 * output.backward(), np.ones_like(d)))
        copies = 2 if self.two_way else 1
        arrays = {}
        for i, (layer, o, (d, slope)) in enumerate(zip(network.trainable, h, slopes, strict=False), start=1):
            heard = copies * d if i == 1 else self.heard(d, kinds_like(o))
            arrays[f"W{i}"] = -(heard * o).T @ slope
            arrays[f"b{i}"] = -copies * layer.threshold * (d * slope).sum(axis=0)  # type: ignore[attr-defined]  # so, too
        return Update(loss, arrays)

    def heard(self, d: NDArray, kinds: NDArray) -> NDArray:
        """Return what sources of these kinds hear of the errors of the output.

        Parameters
        ----------
        d : ndarray, shape (n, 1)
        kinds : ndarray, shape (cells,)
            +1 or -1.

        Returns
        -------
        ndarray, shape (n, cells) or (n, 1)
        """
        if self.two_way:
            return d
        return np.where(kinds > 0, np.maximum(d, 0), np.minimum(d, 0))


def make_rule(network: Network, rng: np.random.Generator) -> ErrorDiffusion:
    """Return error diffusion by Kaneko's default rule.

    Parameters
    ----------
    network : Network
        Such as `excitatory_inhibitory` makes.
    rng : numpy.random.Generator
        Not used: the rule draws nothing.

    Returns
    -------
    ErrorDiffusion
    """
    return ErrorDiffusion()
