"""Error diffusion for several outputs in one network: who hears the error of which output.

There are C errors then, d_c = t_c - y_c, and hidden cell j hears one number, h_j = sum_c d_c R_cj. By *modulo
routing* [1]_ it is the error of output number j modulo C alone: each cell has one teacher, although it feeds all
outputs. If everybody hears the sum, R_cj = 1, a cell cannot know which output it should help.

The idea is that of [1]_. Of that work we know what its abstract says, and from reports the assignment "j modulo C"; so
network, signs and thresholds here are Kaneko's, as in `helpers.rules.error_diffusion`, and how the authors did it may
differ.

With one output this is error diffusion itself, so `helpers.rules`, whose rules one output can tell apart, does not list
it.

References
----------
.. [1] Y. Yamada et al., Diffusing blame: task-dependent credit assignment in biologically plausible
   dual-stream networks, arXiv:2606.31700, 2026.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_count
from helpers.networks.excitatory_inhibitory import check_cells, kinds_like
from helpers.networks.network import Network, Update
from helpers.networks.stages import activities, stages_of
from helpers.rules.error_diffusion import ErrorDiffusion


def modulo(outputs: int, cells: int) -> NDArray:
    """Let hidden cell j hear the error of output j modulo the number of outputs.

    Parameters
    ----------
    outputs, cells : int

    Returns
    -------
    ndarray, shape (outputs, cells)
        R of the rule: 1 where a cell hears an output, and 0 elsewhere.

    Raises
    ------
    ValueError
        If a number is no whole one of at least 1.
    """
    check_count("outputs", outputs)
    check_count("cells", cells)
    return (np.arange(cells) % outputs == np.arange(outputs)[:, None]).astype(float)


def everybody(outputs: int, cells: int) -> NDArray:
    """Let every hidden cell hear the sum of all errors.

    Parameters
    ----------
    outputs, cells : int

    Returns
    -------
    ndarray, shape (outputs, cells)
        R of the rule: all ones.

    Raises
    ------
    ValueError
        If a number is no whole one of at least 1.
    """
    check_count("outputs", outputs)
    check_count("cells", cells)
    return np.ones((outputs, cells))


class RoutedErrorDiffusion(ErrorDiffusion):
    """Error diffusion for a network of several outputs, with a matrix that says who hears which error.

    A weight from cell i to hidden cell j moves by rate * D_ij * o_i * f'_j * s_j, averaged over the batch, as in
    `ErrorDiffusion`; but D_ij is taken of what j hears, h_j = sum_c d_c R_cj: max(h_j, 0) if cell i is excitatory, and
    min(h_j, 0) if it is inhibitory. A weight to output c moves by the error of output c. Inputs and threshold inputs
    come in pairs, which share one weight: a pair hears h_j.

    Parameters
    ----------
    route : callable
        ``route(outputs, cells)`` returns R, shape (outputs, cells), for a hidden layer: `modulo` or `everybody`.
    two_way : bool
        Shrink the other half of the weights at the same time: D_ij = h_j. Then nothing keeps the signs.
    u1 : float
        Share of the errors that reaches the hidden cells.

    Raises
    ------
    ValueError
        If u1 is negative or not finite, or if the network is not one that `excitatory_inhibitory` could make.
    """

    def __init__(self, route: Callable[[int, int], NDArray] = modulo, two_way: bool = False, u1: float = 1.0):
        super().__init__(two_way, u1)
        self.route = route

    def __call__(self, network: Network, x: NDArray, targets: NDArray) -> Update:
        """Return the loss of a batch and, for each parameter array, minus its mean update."""
        check_cells(network, several=True)
        h = activities(stages_of(network), x)
        loss = network.loss_of(h[-1], targets)
        output: Any = network.loss_layer  # an OutputCell: check_cells has seen to it
        d = output.error / len(x)
        told = []
        for o in h[1:-1]:
            heard = d @ self.route(d.shape[1], o.shape[1]).astype(d.dtype)
            told.append((heard, self.u1 * o * (1 - o) * kinds_like(o)))
        told.append((-output.u0 / 2 * output.backward(), np.ones_like(d)))
        copies = 2 if self.two_way else 1
        arrays = {}
        for i, (layer, o, (heard, slope)) in enumerate(zip(network.trainable, h, told, strict=False), start=1):
            arrays[f"W{i}"] = -copies * o.T @ (heard * slope) if i == 1 else -self.growth(o, heard, slope)
            arrays[f"b{i}"] = -copies * layer.threshold * (heard * slope).sum(axis=0)  # type: ignore[attr-defined]  # so, too
        return Update(loss, arrays)

    def growth(self, o: NDArray, heard: NDArray, slope: NDArray) -> NDArray:
        """Return how the weights from the cells of a layer move.

        Parameters
        ----------
        o : ndarray, shape (n, sources)
            Outputs of the sources, excitatory ones first.
        heard, slope : ndarray, shape (n, cells)
            What the cells above hear; their slopes, with the signs of their kinds.

        Returns
        -------
        ndarray, shape (sources, cells)
        """
        halves = [
            from_kind.T @ (self.heard(heard, np.array(kind)) * slope)
            for kind, from_kind in zip((1, -1), np.hsplit(o, 2), strict=True)
        ]
        return np.vstack(halves)
