"""A network: layers in order, and a loss at the end."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.layers import Affine, Layer, LossLayer, ReLU, SoftmaxWithLoss, check_finite
from helpers.networks.losses import check_labels

#: Draws a matrix of initial weights, given (generator, inputs, outputs).
Initial = Callable[[np.random.Generator, int, int], NDArray]


def uniform_fan_in(rng: np.random.Generator, inputs: int, outputs: int) -> NDArray:
    """Draw weights of shape (inputs, outputs) uniformly from -1/sqrt(inputs) to 1/sqrt(inputs).

    The spread falls with the number of inputs, so that their weighted sum stays of order 1.
    """
    limit = 1 / math.sqrt(inputs)
    return rng.uniform(-limit, limit, (inputs, outputs))


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
    parameters : dict of str to ndarray
        The layers' own arrays, named by kind and by position among the layers that have
        parameters: ``W1, b1, W2, b2, ...``.
    names : list of (str, Layer, str)
        Each of these names, the layer that holds the array, and the layer's own name for it.
    """

    def __init__(self, layers: Sequence[Layer], loss_layer: SoftmaxWithLoss | LossLayer | None = None):
        self.layers = list(layers)
        self.loss_layer = loss_layer or SoftmaxWithLoss()
        self.trainable = [layer for layer in self.layers if layer.parameters]
        if not self.trainable:
            raise ValueError(f"a network needs at least one layer with parameters, got {self.layers}")
        self.names = [
            (f"{key}{number}", layer, key)
            for number, layer in enumerate(self.trainable, start=1)
            for key in layer.parameters
        ]
        self.parameters = {name: layer.parameters[key] for name, layer, key in self.names}
        first = self.trainable[0]
        self.way_back = [layer.backward for layer in reversed(self.layers[self.layers.index(first) + 1 :])]
        self.way_back.append(getattr(first, "backward_to_parameters", first.backward))

    @classmethod
    def dense(
        cls,
        sizes: Sequence[int],
        rng: np.random.Generator,
        *,
        activation: type[Layer] = ReLU,
        scale: float = 0.01,
        initial: Initial | None = None,
        output: type[Layer] | None = None,
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
            Draws the initial weights instead, such as `uniform_fan_in`.
        output : type of Layer, optional
            The layer that follows the last affine layer, if any.
        loss_layer : SoftmaxWithLoss or LossLayer, optional
            As for the class.
        dtype : dtype
            float32 is about twice as fast; float64 is what a gradient check needs.
        """
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"sizes must name at least two layers of at least one unit, got {list(sizes)}")
        layers: list[Layer] = []
        for inputs, outputs in zip(sizes, sizes[1:], strict=False):
            weight = initial(rng, inputs, outputs) if initial else scale * rng.standard_normal((inputs, outputs))
            layers += [Affine(weight.astype(dtype), np.zeros(outputs, dtype)), activation()]
        return cls(layers[:-1] + ([output()] if output else []), loss_layer)

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

        Raises
        ------
        ValueError
            If shapes or labels do not fit, or if x or the loss is not finite.
        """
        return self.loss_of(self._forward(x), labels)

    def loss_of(self, logits: NDArray, labels: NDArray) -> float:
        """Return the mean loss of a batch whose logits are known; raise a ValueError if it is not finite."""
        value = self.loss_layer.forward(logits, labels)
        if not math.isfinite(value):
            raise Diverged(
                f"the loss is {value}: the inputs or parameters hold NaN or overflowed; "
                "look at the data, then lower the learning rate"
            )
        return value

    def accuracy(self, x: NDArray, labels: NDArray) -> float:
        """Return the share of samples whose largest logit is the labelled class."""
        logits, labels = self.predict(x), np.asarray(labels)
        check_labels(logits, labels)
        classes = labels if labels.ndim == 1 else labels.argmax(axis=1)
        return float(np.mean(logits.argmax(axis=1) == classes))

    def gradients(self, x: NDArray, labels: NDArray) -> tuple[float, dict[str, NDArray]]:
        """Return the loss and its gradient for every parameter, by backpropagation.

        Nobody asks for the gradient of the pixels, so the first layer with parameters
        does not compute it: that saves a matrix product in three.
        """
        value = self.loss(x, labels)
        upstream = self.loss_layer.backward()
        for backward in self.way_back:
            upstream = backward(upstream)
        return value, {name: layer.gradients[key] for name, layer, key in self.names}

    def _forward(self, x: NDArray) -> NDArray:
        check_finite(x)
        for layer in self.layers:
            x = layer.forward(x)
        return x
