"""Error diffusion cell by cell, as its author describes it: slow, and the judge of all other forms.

References
----------
.. [1] Isamu Kaneko, Error diffusion learning method (in Japanese), web page and C program, 1999.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.excitatory_inhibitory import network_of
from helpers.networks.losses import sigmoid_squared_error
from helpers.networks.network import Network


class CellNetwork:
    """Excitatory and inhibitory cells in layers, below one excitatory output cell.

    Parameters
    ----------
    inputs, pairs, depth : int
        Inputs; excitatory cells of a hidden layer, with as many inhibitory ones; hidden layers.
    rng : numpy.random.Generator
        Source of the sizes of the weights, uniform from 0 to 1.
    u0, threshold : float
        Width of the sigmoid, and value of the threshold input that every cell has.

    Attributes
    ----------
    kinds : list of list of int
        +1 for an excitatory and -1 for an inhibitory cell, for each layer from the inputs to the
        output. Each layer but the last begins with the pair of threshold inputs.
    weights : list of ndarray
        ``weights[k][j, i]`` leads from cell i of layer k to the j-th cell with inputs of layer k + 1.

    Raises
    ------
    ValueError
        If a number is out of range, or a sample to run has another number of inputs.
    """

    def __init__(
        self,
        inputs: int,
        pairs: int,
        depth: int,
        rng: np.random.Generator,
        *,
        u0: float = 0.4,
        threshold: float = 0.8,
    ):
        if min(inputs, pairs, depth) < 1 or not (u0 > 0 and threshold >= 0):
            raise ValueError(
                f"need inputs, pairs, depth >= 1, u0 > 0, beta >= 0, got {inputs}, {pairs}, {depth}, {u0}, {threshold}"
            )
        self.u0, self.threshold, self.inputs = u0, threshold, inputs
        hidden = [1, -1] + [1] * pairs + [-1] * pairs
        self.kinds = [[1, -1] * (1 + inputs)] + [hidden] * depth + [[1]]
        self.weights = []
        for below, above in zip(self.kinds, self.kinds[1:], strict=False):
            targets = cells_with_inputs(above)
            self.weights.append(rng.random((len(targets), len(below))) * np.outer(targets, below))

    def forward(self, x: Sequence[float]) -> float:
        """Return the output for one sample; remember what every cell put out."""
        if len(x) != self.inputs:
            raise ValueError(f"expected {self.inputs} inputs, got {len(x)}")
        self.outputs = [[value for value in (self.threshold, *x) for copy in (1, -1)]]
        for weights in self.weights:
            above = [self.threshold] * 2
            for w in weights:
                total = 0.0
                for i, o in enumerate(self.outputs[-1]):
                    total += w[i] * o
                above.append(float(sigmoid(2 * total / self.u0)))  # type: ignore[arg-type]  # as_floats takes a number, too
            self.outputs.append(above)
        self.outputs[-1] = above[2:]
        return self.outputs[-1][0]

    def learn(self, t: float, alpha: float = 0.8, u1: float = 1.0, *, two_way: bool = False) -> None:
        """Change every weight after `forward`, given the target of the output.

        Parameters
        ----------
        t : float
            Target of the output, 0 or 1.
        alpha : float
            Learning rate.
        u1 : float
            Share of it that the layers below the output get.
        two_way : bool
            Whether a cell learns from errors of both signs, not only from those of its own kind.

        Returns
        -------
        None
            The weights are changed in place.
        """
        d = t - self.outputs[-1][0]
        amine = {1: max(d, 0.0), -1: max(-d, 0.0)}
        for layer, weights in enumerate(self.weights):
            share = 1.0 if weights is self.weights[-1] else u1
            targets = cells_with_inputs(self.kinds[layer + 1])
            outputs = self.outputs[layer + 1][-len(targets) :]
            for w, target, o in zip(weights, targets, outputs, strict=True):
                for i, source in enumerate(self.kinds[layer]):
                    step = alpha * share * o * (1 - o) * self.outputs[layer][i]
                    if two_way:
                        w[i] += step * target * d
                    else:
                        w[i] += step * amine[source] * source * target


def cells_with_inputs(kinds: Sequence[int]) -> Sequence[int]:
    """Return the kinds of a layer without its pair of threshold inputs, which nothing leads to."""
    return kinds[2:] if len(kinds) > 1 else kinds


def merged(cells: CellNetwork) -> list[NDArray]:
    """Return each layer's weights, shape (sources + 1, cells), thresholds last: two copies of a source as their sum."""
    first, *others = [weights.T for weights in cells.weights]
    pairs = first[0::2] + first[1::2]
    return [np.vstack([pairs[1:], pairs[:1]]), *(np.vstack([w[2:], w[:2].sum(axis=0)]) for w in others)]


def plain_copy(cells: CellNetwork) -> Network:
    """Return the network that has the same cells and weights."""
    return network_of(merged(cells), u0=cells.u0, threshold=cells.threshold, loss=sigmoid_squared_error)
