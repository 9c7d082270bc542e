"""Layers of excitatory and inhibitory cells below one excitatory output cell.

Connections between cells of one kind are positive, between kinds negative, so it is known beforehand whether a cell
raises or lowers the output, however many layers lie between. Error diffusion (`helpers.rules.error_diffusion`) needs
such a network.

References
----------
.. [1] Isamu Kaneko, Error diffusion learning method (in Japanese), web page and C program, 1999.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.arguments import check_draw, check_not_negative, check_positive
from helpers.networks.layers import Affine, Layer, LossLayer, Sigmoid, check_batch
from helpers.networks.losses import Loss, check_labels, sigmoid_squared_error
from helpers.networks.network import Network


class ThresholdAffine(Affine):
    """Affine layer whose bias is the weight of a constant input: A = X W + threshold b.

    Parameters
    ----------
    weight, bias : ndarray, shapes (inputs, outputs) and (outputs,)
    threshold : float
        Value beta of the constant input.

    Raises
    ------
    ValueError
        If weight and bias do not fit, or the threshold is negative or not finite.
    """

    def __init__(self, weight: NDArray, bias: NDArray, threshold: float):
        super().__init__(weight, bias)
        self.threshold = float(check_not_negative("threshold", threshold))

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
    """Logistic layer of width u0: y = 1 / (1 + exp(-2 x / u0)), with derivative (2 / u0) y (1 - y).

    Raises
    ------
    ValueError
        If u0 is not positive and finite, or by `backward`, as `Sigmoid` does.
    """

    def __init__(self, u0: float):
        super().__init__()
        self.u0 = float(check_positive("u0", u0))

    def forward(self, x: NDArray) -> NDArray:
        """Return the sigmoid of x, elementwise, and remember it."""
        self.y = sigmoid(x, self.u0)
        return self.y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return upstream * (2 / u0) * y * (1 - y)."""
        return (2 / self.u0) * super().backward(upstream)


class OutputCell(LossLayer):
    """The output cell, y = 1 / (1 + exp(-2 a / u0)) of its sum a, or several, and the loss of what they say.

    Parameters
    ----------
    loss : Loss
        `sigmoid_squared_error` or `binary_cross_entropy`: takes what a sigmoid of width 2 would be given.
    u0 : float

    Attributes
    ----------
    error : ndarray, shape (n, outputs)
        d = t - y in the last forward pass.

    Raises
    ------
    ValueError
        If u0 is not positive and finite.
    """

    def __init__(self, loss: Loss, u0: float):
        super().__init__(loss)
        self.u0 = float(check_positive("u0", u0))
        self.error = None

    def forward(self, outputs: NDArray, targets: NDArray) -> float:
        """Return the mean loss of a batch, and remember the error and the gradient.

        Parameters
        ----------
        outputs : ndarray, shape (n, outputs)
            The sums of the cells.
        targets : ndarray, shape (n,) or (n, outputs)
            Of one cell, class 0 or 1; of several, the number of the one that should say yes; or the outputs that are
            wanted.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If shapes or targets do not fit.
        """
        targets = self.wanted(outputs, np.asarray(targets))
        value, gradient = self.loss((2 / self.u0) * outputs, targets)
        self.error = targets - sigmoid(outputs, self.u0)
        self.gradient = (2 / self.u0) * gradient
        return value

    def wanted(self, outputs: NDArray, targets: NDArray) -> NDArray:
        """Return what each cell should say, from what `forward` takes for it.

        Parameters
        ----------
        outputs : ndarray, shape (n, outputs)
        targets : ndarray, shape (n,) or (n, outputs)

        Returns
        -------
        ndarray, shape (n, outputs) or shape of targets
            In the precision of the outputs.

        Raises
        ------
        ValueError
            If targets are no numbers, or if labels of several cells do not fit.
        """
        if targets.dtype.kind not in "biuf":
            raise ValueError(f"targets must be classes or numbers from 0 to 1, got {targets.dtype}")
        if targets.ndim == 1 and outputs.shape[1] > 1:
            check_labels(outputs, targets)
            targets = targets[:, None] == np.arange(outputs.shape[1])
        targets = targets.astype(outputs.dtype)
        return targets[:, None] if targets.ndim == 1 else targets


def kinds_like(o: NDArray) -> NDArray:
    """Return +1 for the excitatory cells of a layer with outputs o, its first half, and -1 for the inhibitory ones."""
    return np.repeat(np.array([1, -1], o.dtype), o.shape[1] // 2)


def check_cells(network: Network, *, several: bool = False) -> None:
    """Raise a ValueError unless a network consists of layers of pairs of cells, and one output cell, or several."""
    *hidden, last = network.trainable
    outputs = last.parameters["W"].shape[1]
    if not isinstance(network.loss_layer, OutputCell) or (outputs > 1 and not several):
        wanted = "output cells" if several else "one output cell"
        raise ValueError(
            f"error diffusion needs {wanted}, with OutputCell as the loss layer, "
            f"got {outputs} below {type(network.loss_layer).__name__}"
        )
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
    outputs: int = 1,
    dtype: DTypeLike = np.float64,
) -> Network:
    """Build layers of excitatory and inhibitory cells below one excitatory output cell, or several.

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
    outputs : int
        Output cells. Error diffusion itself wants one; chapter 4 has a rule for several.
    dtype : dtype

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    check_positive("u0", u0)  # before anything is drawn
    check_not_negative("threshold", threshold)
    weights = signed_weights(inputs, pairs, depth, rng, scale=scale, outputs=outputs)
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
    layers: list[Layer] = []
    for layer in weights:
        layers += [ThresholdAffine(layer[:-1].copy(), layer[-1].copy(), threshold), SigmoidOfWidth(u0)]
    return Network(layers[:-1], OutputCell(loss, u0))


def signed_weights(
    inputs: int,
    pairs: int,
    depth: int,
    rng: np.random.Generator,
    *,
    scale: float = 1.0,
    networks: int = 1,
    outputs: int = 1,
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
    outputs : int
        Output cells of each, all excitatory.

    Returns
    -------
    list of ndarray, shape (networks, sources + 1, cells)
        One for each layer, the output's last; the threshold input is the last of the sources.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    check_draw(rng, inputs=inputs, pairs=pairs, depth=depth, networks=networks, outputs=outputs)
    check_positive("scale", scale)
    cells = 2 * pairs
    kinds = np.repeat([1, -1], pairs)
    first = rng.random((2, networks, inputs + 1, cells))
    hidden = rng.random((2, depth - 1, networks, cells + 1, cells))
    last = rng.random((2, networks, cells + 1, outputs))
    for weights, signs in ((hidden, np.outer(kinds, kinds)), (last, kinds[:, None])):
        weights[0, ..., :-1, :] *= signs
        weights[1, ..., :-1, :] = 0
    return [scale * (sizes[0] - sizes[1]) for sizes in (first, *hidden.swapaxes(0, 1), last)]
