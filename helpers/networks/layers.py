"""Layers: array nodes with a forward and a backward pass.

A layer remembers in ``forward`` what its ``backward`` will need. ``backward`` takes the
upstream gradient (the loss differentiated by the layer's output) and returns the
downstream gradient (the loss differentiated by its input); a layer with parameters
also leaves their gradients in ``gradients``. No layer changes an array that its caller
handed in.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import relu, sigmoid
from helpers.networks.floats import as_floats, check_floats
from helpers.networks.losses import Loss, softmax_cross_entropy


class Layer(Protocol):
    """What a `Network` asks of a layer."""

    parameters: dict[str, NDArray]
    gradients: dict[str, NDArray]

    def forward(self, x: NDArray) -> NDArray:
        """Return the output for a batch, and remember what `backward` will need."""

    def backward(self, upstream: NDArray) -> NDArray:
        """Return the loss differentiated by the input, from that by the output, and keep the parameters' gradients."""


class ReLU:
    """Rectified linear unit: y = max(x, 0).

    Its derivative is 1 where the input was positive and 0 elsewhere, so the backward
    pass is a mask.

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    ValueError
        By `backward`, if the upstream gradient has another shape than the output.
    """

    def __init__(self):
        self.parameters, self.gradients = {}, {}
        self.mask: NDArray = None

    def forward(self, x: NDArray) -> NDArray:
        """Return max(x, 0), elementwise, and remember where x was positive."""
        y = relu(x)
        self.mask = y > 0
        return y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return the upstream gradient where the input was positive, 0 elsewhere."""
        check_upstream(self, self.mask, upstream)
        return upstream * self.mask


class Sigmoid:
    """Logistic layer: y = 1 / (1 + exp(-x)), with derivative y (1 - y).

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    ValueError
        By `backward`, if the upstream gradient has another shape than the output.
    """

    def __init__(self):
        self.parameters, self.gradients = {}, {}
        self.y: NDArray = None

    def forward(self, x: NDArray) -> NDArray:
        """Return sigmoid(x), elementwise, and remember it."""
        self.y = sigmoid(x)
        return self.y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return upstream * y * (1 - y)."""
        check_upstream(self, self.y, upstream)
        return upstream * self.y * (1.0 - self.y)


class Tanh:
    """Hyperbolic tangent layer: y = tanh(x), with derivative 1 - y^2.

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    ValueError
        By `backward`, if the upstream gradient has another shape than the output.
    """

    def __init__(self):
        self.parameters, self.gradients = {}, {}
        self.y: NDArray = None

    def forward(self, x: NDArray) -> NDArray:
        """Return tanh(x), elementwise, and remember it."""
        self.y = np.tanh(as_floats(x))
        return self.y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return upstream * (1 - y^2)."""
        check_upstream(self, self.y, upstream)
        return upstream * (1.0 - self.y * self.y)


class Affine:
    """Affine layer for a batch: A = X W + b.

    Parameters
    ----------
    weight : ndarray, shape (inputs, outputs)
        W; one column for each output unit.
    bias : ndarray, shape (outputs,)
        b; added to every row.

    Attributes
    ----------
    parameters : dict
        ``{"W": weight, "b": bias}``: the very arrays that were handed in, which an
        optimizer changes in place.
    gradients : dict
        The loss differentiated by each of them, after `backward`.

    Raises
    ------
    ValueError
        If the shapes of weight and bias do not fit each other, or they are not arrays of floats.
    """

    def __init__(self, weight: NDArray, bias: NDArray):
        check_weights(weight, bias)
        self.parameters = {"W": weight, "b": bias}
        self.gradients: dict[str, NDArray] = {}
        self.x: NDArray = None

    def forward(self, x: NDArray) -> NDArray:
        """Return x W + b for a batch x of shape (n, inputs), and remember x."""
        check_batch(x, inputs=len(self.parameters["W"]))
        self.x = x
        return x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, upstream: NDArray) -> NDArray:
        """Store the gradients of W and b; return the downstream gradient, shape (n, inputs)."""
        self.backward_to_parameters(upstream)
        return upstream @ self.parameters["W"].T

    def backward_to_parameters(self, upstream: NDArray) -> None:
        """Store the gradients of W and b only: all that the first layer of a network needs."""
        check_upstream(self, self.x, upstream, units=len(self.parameters["b"]))
        self.gradients = {"W": self.x.T @ upstream, "b": upstream.sum(axis=0)}


class SoftmaxWithLoss:
    """Softmax and mean cross-entropy in one last layer.

    Together they have a simple, stable gradient, (y - t) / n; apart, neither has.

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    """

    def __init__(self):
        self.gradient: NDArray = None

    def forward(self, logits: NDArray, labels: NDArray) -> float:
        """Return the mean cross-entropy in nats (see `losses.softmax_cross_entropy`).

        Parameters
        ----------
        logits : ndarray, shape (n, classes)
        labels : ndarray, shape (n,) or (n, classes)
            Class numbers, or rows of probabilities.

        Returns
        -------
        float
        """
        loss, self.gradient = softmax_cross_entropy(logits, labels)
        return loss

    def backward(self, upstream: float = 1.0) -> NDArray:
        """Return the loss differentiated by the logits, times `upstream`."""
        check_remembered(self, self.gradient)
        return upstream * self.gradient


class LossLayer:
    """Any loss function as a last layer.

    Parameters
    ----------
    loss : Loss
        Such as the functions of `losses`.

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    """

    def __init__(self, loss: Loss):
        self.loss = loss
        self.gradient: NDArray = None

    def forward(self, outputs: NDArray, targets: NDArray) -> float:
        """Return the loss of a batch, and remember its gradient.

        Parameters
        ----------
        outputs, targets : ndarray
            What the loss function compares.

        Returns
        -------
        float
        """
        value, self.gradient = self.loss(outputs, targets)
        return value

    def backward(self, upstream: float = 1.0) -> NDArray:
        """Return the loss differentiated by the outputs, times `upstream`."""
        check_remembered(self, self.gradient)
        return self.gradient if upstream == 1 else upstream * self.gradient


def check_weights(weight: NDArray, bias: NDArray) -> None:
    """Raise a ValueError unless weight and bias are arrays of finite floats whose shapes fit."""
    for array in (weight, bias):
        if not (isinstance(array, np.ndarray) and array.dtype.kind == "f"):
            raise ValueError(f"weight and bias must be arrays of floats, got {array!r}")
        if not np.isfinite(array).all():
            raise ValueError("weight and bias must be finite, got NaN or infinite values")
    if weight.ndim != 2 or bias.shape != weight.shape[1:]:
        raise ValueError(
            f"weight must have shape (inputs, outputs) and bias (outputs,), got {weight.shape} and {bias.shape}"
        )


def check_batch(x: NDArray, inputs: int) -> None:
    """Raise a ValueError unless x is a non-empty batch of rows with `inputs` columns, in floats."""
    if not isinstance(x, np.ndarray) or x.ndim != 2 or x.shape[1] != inputs or len(x) == 0:
        raise ValueError(
            f"expected an array of shape (n, {inputs}) with n >= 1, "
            f"got {type(x).__name__} of shape {np.shape(x)}"
            + ("; a single sample is a batch of one: x[np.newaxis]" if np.ndim(x) == 1 else "")
        )
    check_floats(x)


def check_finite(x: NDArray) -> None:
    """Raise a ValueError if x holds NaN or an infinite value."""
    if not np.isfinite(as_floats(x)).all():
        raise ValueError("x holds NaN or infinite values: clean the data first")


def check_remembered(layer: object, remembered: NDArray | None) -> None:
    """Raise a RuntimeError unless the layer remembers something from `forward`."""
    if remembered is None:
        raise RuntimeError(f"{type(layer).__name__}: backward needs a forward pass first")


def check_upstream(layer: object, remembered: NDArray | None, upstream: NDArray, units: int | None = None) -> None:
    """Raise unless `forward` has run and the upstream gradient has the shape of its output."""
    check_remembered(layer, remembered)
    expected = remembered.shape if units is None else (len(remembered), units)
    if not isinstance(upstream, np.ndarray) or upstream.shape != expected:
        raise ValueError(
            f"{type(layer).__name__}: the upstream gradient must be an array shaped like the output, {expected}, "
            f"got {type(upstream).__name__} of shape {np.shape(upstream)}"
        )
