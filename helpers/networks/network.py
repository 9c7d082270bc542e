"""A network: layers in order, and a loss at the end."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.arguments import check_draw, check_not_negative
from helpers.networks.layers import Affine, Layer, LossLayer, ReLU, SoftmaxWithLoss, check_finite
from helpers.networks.losses import check_labels

#: Draws a matrix of initial weights, given (generator, inputs, outputs).
Initial = Callable[[np.random.Generator, int, int], NDArray]


class Update(NamedTuple):
    """What a learning rule makes of a batch.

    Attributes
    ----------
    loss : float
        Mean loss of the batch, before anything is changed.
    arrays : dict of str to ndarray
        One for each parameter array of the network, of the same name and shape. An optimizer goes
        against it: backpropagation puts the gradient here.
    """

    loss: float
    arrays: dict[str, NDArray]


class Diverged(ValueError):
    """Raised when a loss or the logits are no longer finite: training has broken down."""


class Network:
    """A stack of layers with a loss on top.

    Parameters
    ----------
    layers : sequence of Layer
        In the order of the forward pass.
    loss_layer : SoftmaxWithLoss or LossLayer, optional
        Takes the last layer's output and the labels or targets; gives the loss.

    Attributes
    ----------
    layers : list of Layer
        May be changed, as long as one of them has parameters.

    Raises
    ------
    ValueError
        If no layer has parameters.
    """

    def __init__(self, layers: Sequence[Layer], loss_layer: SoftmaxWithLoss | LossLayer | None = None):
        self.layers = list(layers)
        self.loss_layer = loss_layer or SoftmaxWithLoss()
        if not self.trainable:
            raise ValueError(f"a network needs at least one layer with parameters, got {self.layers}")

    @property
    def trainable(self) -> list[Layer]:
        """The layers that have parameters, in order."""
        return [layer for layer in self.layers if layer.parameters]

    @property
    def parameters(self) -> dict[str, NDArray]:
        """The layers' own arrays, named by kind and by the layer's place among the trainable ones: W1, b1, W2, ..."""
        return by_name(layer.parameters for layer in self.trainable)

    @property
    def gradients_kept(self) -> dict[str, NDArray]:
        """What the layers kept in their last backward pass, under the same names."""
        return by_name(layer.gradients for layer in self.trainable)

    @classmethod
    def dense(
        cls,
        sizes: Sequence[int],
        rng: np.random.Generator,
        *,
        activation: type[Layer] = ReLU,
        scale: float = 0.01,
        initial: Initial | None = None,
        loss_layer: SoftmaxWithLoss | LossLayer | None = None,
        dtype: DTypeLike = np.float32,
    ) -> "Network":
        """Build affine layers with an activation between each two.

        Parameters
        ----------
        sizes : sequence of int
            Numbers of units from input to output, such as ``[784, 50, 10]``.
        rng : numpy.random.Generator
            Source of the initial weights, drawn in the order of the layers.
        activation : type of Layer
            The layer that follows every affine layer but the last.
        scale : float
            Standard deviation of the initial weights, drawn from a normal
            distribution; biases start at zero.
        initial : callable, optional
            Draws the initial weights instead, such as `fan_in_normal`.
        loss_layer : SoftmaxWithLoss or LossLayer, optional
            As for the class.
        dtype : dtype
            float32 is about twice as fast; float64 is what a gradient check needs.

        Raises
        ------
        TypeError
            If rng is no generator.
        ValueError
            If a size or the scale is out of range, or the weights that are drawn are not finite floats.
        """
        check_draw(rng)
        check_not_negative("scale", scale)
        if len(sizes) < 2 or not all(isinstance(units, int | np.integer) and units >= 1 for units in sizes):
            raise ValueError(f"sizes must name at least two layers of at least one unit, got {list(sizes)}")
        layers: list[Layer] = []
        for inputs, outputs in zip(sizes, sizes[1:], strict=False):
            weight = initial(rng, inputs, outputs) if initial else scale * rng.standard_normal((inputs, outputs))
            layers += [Affine(weight.astype(dtype), np.zeros(outputs, dtype)), activation()]
        return cls(layers[:-1], loss_layer)

    def predict(self, x: NDArray) -> NDArray:
        """Return what the last layer puts out, shape (n, outputs), for a batch x, shape (n, inputs).

        With a softmax or a sigmoid inside the loss, these are logits.

        Raises
        ------
        ValueError
            If x has the wrong shape or is empty, or if it or the logits are not all finite.
        """
        logits = self._forward(x)
        if not np.isfinite(logits).all():
            raise Diverged("the logits are not all finite: the parameters hold NaN or have overflowed")
        return logits

    def loss(self, x: NDArray, labels: NDArray) -> float:
        """Return the mean loss of a batch; also the forward pass that `gradients` needs.

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
            Labels, or targets: what the loss layer asks for.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If shapes or labels do not fit, or if x or the loss is not finite.
        """
        return self.loss_of(self._forward(x), labels)

    def loss_of(self, logits: NDArray, labels: NDArray) -> float:
        """Return the mean loss of a batch whose logits are known.

        Parameters
        ----------
        logits : ndarray, shape (n, outputs)
            What the last layer puts out.
        labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
            Labels, or targets: what the loss layer asks for.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If shapes or labels do not fit, or if the loss is not finite.
        """
        value = self.loss_layer.forward(logits, labels)
        if not math.isfinite(value):
            raise Diverged(
                f"the loss is {value}: the inputs or parameters hold NaN or overflowed; "
                "look at the data, then lower the learning rate"
            )
        return value

    def accuracy(self, x: NDArray, labels: NDArray) -> float:
        """Return the share of samples whose largest logit is the labelled class.

        One logit alone is that of class 1, beside a 0 for class 0.

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
            Labels, or rows of probabilities, of which the largest counts.

        Returns
        -------
        float
            Between 0 and 1.

        Raises
        ------
        ValueError
            If shapes or labels do not fit, or if x or the logits are not finite.
        """
        logits, labels = self.predict(x), np.asarray(labels)
        if logits.shape[1] == 1:
            logits = np.hstack([np.zeros_like(logits), logits])
        check_labels(logits, labels)
        classes = labels if labels.ndim == 1 else labels.argmax(axis=1)
        return float(np.mean(logits.argmax(axis=1) == classes))

    def gradients(self, x: NDArray, labels: NDArray) -> Update:
        """Return the loss and its gradient for every parameter, by backpropagation.

        Nobody asks for the gradient of the pixels, so the first layer with parameters
        does not compute it: that saves a matrix product in three.

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
            Labels, or targets: what the loss layer asks for.

        Returns
        -------
        Update
            The mean loss, and the gradient for each parameter array.

        Raises
        ------
        ValueError
            If shapes or labels do not fit, or if x or the loss is not finite.
        """
        loss = self.loss(x, labels)
        upstream = self.loss_layer.backward()
        first = self.trainable[0]
        for layer in reversed(self.layers[self.layers.index(first) + 1 :]):
            upstream = layer.backward(upstream)
        if isinstance(first, Affine):
            first.backward_to_parameters(upstream)
        else:
            first.backward(upstream)
        return Update(loss, self.gradients_kept)

    def _forward(self, x: NDArray) -> NDArray:
        check_finite(x)
        for layer in self.layers:
            x = layer.forward(x)
        return x


def by_name(arrays: Iterable[dict[str, NDArray]]) -> dict[str, NDArray]:
    """Return the arrays of several layers together, named by kind and by the layer's number, counted from 1.

    Parameters
    ----------
    arrays : iterable of dict of str to ndarray
        The parameters of each layer, or their gradients, in the order of the layers.

    Returns
    -------
    dict of str to ndarray
        The layers' own arrays, not copies: W1, b1, W2, ...
    """
    return {f"{kind}{i}": array for i, of_layer in enumerate(arrays, start=1) for kind, array in of_layer.items()}


#: A learning rule turns (network, inputs, labels or targets) into an update. Backpropagation is `Network.gradients`.
Rule = Callable[[Network, NDArray, NDArray], Update]
