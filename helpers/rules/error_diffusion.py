"""Error diffusion (ED): learning from one error that every cell hears, with no way back.

Cells are excitatory or inhibitory. A connection between cells of one kind is positive, between
kinds negative, so it is known beforehand whether a cell raises or lowers the output, however many
layers lie between. Every cell may therefore learn from the error of the output itself.

`excitatory_inhibitory` makes a network of such cells, and `ErrorDiffusion` is the rule.

References
----------
.. [1] I. Kaneko, Error diffusion learning method (in Japanese), web page and C program, 1999.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.layers import Affine, Layer, LossLayer, Sigmoid, check_batch
from helpers.networks.losses import Loss, sigmoid_squared_error
from helpers.networks.network import Network, Update
from helpers.networks.stages import activities, stages_of


class ThresholdAffine(Affine):
    """Affine layer whose bias is the weight of a constant input: A = X W + threshold b.

    Parameters
    ----------
    weight, bias : ndarray, shapes (inputs, outputs) and (outputs,)
    threshold : float
        Value beta of the constant input.
    """

    def __init__(self, weight: NDArray, bias: NDArray, threshold: float):
        super().__init__(weight, bias)
        self.threshold = float(threshold)

    def forward(self, x: NDArray) -> NDArray:
        """Return x W + threshold b, and remember x.

        Raises
        ------
        ValueError
            If x is no batch of floats with as many columns as the layer has inputs.
        """
        check_batch(x, inputs=len(self.parameters["W"]))
        self.x = x
        return x @ self.parameters["W"] + self.threshold * self.parameters["b"]

    def backward_to_parameters(self, upstream: NDArray) -> None:
        """Store the gradients of W and b."""
        super().backward_to_parameters(upstream)
        self.gradients["b"] *= self.threshold


class SigmoidOfWidth(Sigmoid):
    """Logistic layer of width u0: y = 1 / (1 + exp(-2 x / u0)), with derivative (2 / u0) y (1 - y)."""

    def __init__(self, u0: float):
        super().__init__()
        self.u0 = float(u0)

    def forward(self, x: NDArray) -> NDArray:
        """Return the sigmoid of x, elementwise, and remember it."""
        self.y = sigmoid(x, self.u0)
        return self.y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return upstream * (2 / u0) * y * (1 - y)."""
        return (2 / self.u0) * super().backward(upstream)


class OutputCell(LossLayer):
    """The one output cell, y = 1 / (1 + exp(-2 a / u0)) of its sum a, and the loss of what it says.

    Parameters
    ----------
    loss : Loss
        `sigmoid_squared_error` or `binary_cross_entropy`: takes what a sigmoid of width 2 would be given.
    u0 : float

    Attributes
    ----------
    error : ndarray, shape (n, 1)
        d = t - y in the last forward pass.
    """

    def __init__(self, loss: Loss, u0: float):
        super().__init__(loss)
        self.u0 = float(u0)
        self.error = None

    def forward(self, outputs: NDArray, targets: NDArray) -> float:
        """Return the mean loss of a batch, and remember the error and the gradient.

        Parameters
        ----------
        outputs : ndarray, shape (n, 1)
            The sums of the cell.
        targets : ndarray, shape (n,) or (n, 1)
            Class 0 or 1, or the output that is wanted.

        Returns
        -------
        float
        """
        targets = np.asarray(targets, outputs.dtype)
        targets = targets[:, None] if targets.ndim == 1 else targets
        value, gradient = self.loss((2 / self.u0) * outputs, targets)
        self.error = targets - sigmoid(outputs, self.u0)
        self.gradient = (2 / self.u0) * gradient
        return value


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


def kinds_like(o: NDArray) -> NDArray:
    """Return +1 for the excitatory cells of a layer with outputs o, its first half, and -1 for the inhibitory ones."""
    return np.repeat(np.array([1, -1], o.dtype), o.shape[1] // 2)


def check_cells(network: Network) -> None:
    """Raise a ValueError unless a network consists of layers of pairs of cells, and one output cell."""
    *hidden, last = network.trainable
    if not isinstance(network.loss_layer, OutputCell) or last.parameters["W"].shape[1] != 1:
        raise ValueError("error diffusion needs one output cell, with OutputCell as the loss layer")
    if odd := [n for n in (len(layer.parameters["b"]) for layer in hidden) if n % 2]:
        raise ValueError(f"hidden cells come in pairs of an excitatory and an inhibitory one, got layers of {odd}")
    if [type(layer) for layer in network.layers] != [ThresholdAffine, SigmoidOfWidth] * len(hidden) + [ThresholdAffine]:
        kinds = [type(layer).__name__ for layer in network.layers]
        raise ValueError(f"error diffusion needs ThresholdAffine layers with SigmoidOfWidth between them, got {kinds}")


def excitatory_inhibitory(
    inputs: int,
    pairs: int,
    depth: int,
    rng: np.random.Generator,
    *,
    scale: float = 1.0,
    u0: float = 0.4,
    threshold: float = 0.8,
    loss: Loss = sigmoid_squared_error,
    dtype: DTypeLike = np.float64,
) -> Network:
    """Build layers of excitatory and inhibitory cells below one excitatory output cell.

    Each input comes twice, as an excitatory and an inhibitory copy; so does the threshold input. A
    cell only ever sees the sum of the two, so the pair is kept as one weight of either sign.

    Parameters
    ----------
    inputs : int
    pairs : int
        Excitatory cells of a hidden layer, which come first; there are as many inhibitory ones.
    depth : int
        Hidden layers.
    rng : numpy.random.Generator
        Source of the initial weights, see `signed_weights`.
    scale, u0, threshold : float
        Largest initial weight; width of the sigmoid 1 / (1 + exp(-2 x / u0)); value beta of the
        threshold input. The defaults are Kaneko's.
    loss : Loss
        `sigmoid_squared_error` or `binary_cross_entropy`.
    dtype : dtype

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    weights = signed_weights(inputs, pairs, depth, rng, scale=scale)
    return network_of([layer[0].astype(dtype) for layer in weights], u0=u0, threshold=threshold, loss=loss)


def network_of(weights: Sequence[NDArray], *, u0: float, threshold: float, loss: Loss) -> Network:
    """Build the network that has these weights.

    Parameters
    ----------
    weights : sequence of ndarray, shape (sources + 1, cells)
        One for each layer; the threshold input is the last of the sources.
    u0, threshold : float
        As for `excitatory_inhibitory`.
    loss : Loss

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If u0 or the threshold is out of range.
    """
    check_widths(u0, threshold)
    layers: list[Layer] = []
    for layer in weights:
        layers += [ThresholdAffine(layer[:-1].copy(), layer[-1].copy(), threshold), SigmoidOfWidth(u0)]
    return Network(layers[:-1], OutputCell(loss, u0))


def signed_weights(
    inputs: int, pairs: int, depth: int, rng: np.random.Generator, *, scale: float = 1.0, networks: int = 1
) -> list[NDArray]:
    """Draw weights of sizes from 0 to `scale`, with the signs that the kinds demand.

    A pair of copies has one weight, the difference of two sizes.

    Parameters
    ----------
    inputs, pairs, depth : int
        As for `excitatory_inhibitory`.
    rng : numpy.random.Generator
    scale : float
        Largest size.
    networks : int
        How many networks are drawn side by side.

    Returns
    -------
    list of ndarray, shape (networks, sources + 1, cells)
        One for each layer, the output's last; the threshold input is the last of the sources.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if min(inputs, pairs, depth, networks) < 1:
        raise ValueError(
            f"inputs, pairs, depth and networks must be at least 1, got {inputs}, {pairs}, {depth} and {networks}"
        )
    if not 0 < scale < np.inf:
        raise ValueError(f"scale must be positive and finite, got {scale}")
    cells = 2 * pairs
    kinds = np.repeat([1, -1], pairs)
    first = rng.random((2, networks, inputs + 1, cells))
    hidden = rng.random((2, depth - 1, networks, cells + 1, cells))
    last = rng.random((2, networks, cells + 1, 1))
    for weights, signs in ((hidden, np.outer(kinds, kinds)), (last, kinds[:, None])):
        weights[0, ..., :-1, :] *= signs
        weights[1, ..., :-1, :] = 0
    return [scale * (sizes[0] - sizes[1]) for sizes in (first, *hidden.swapaxes(0, 1), last)]


def check_widths(u0: float, threshold: float) -> None:
    """Raise a ValueError unless u0 is the width of a sigmoid, and the threshold input not negative."""
    if not (0 < u0 < np.inf and 0 <= threshold < np.inf):
        raise ValueError(f"u0 must be positive, threshold not negative, both finite, got {u0} and {threshold}")


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
