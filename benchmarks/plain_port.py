"""The two-layer network as its source writes it, ported to numpy line by line, as a baseline.

This is what a reader gets who types the source's layers in and changes nothing: float64
throughout, a fresh array for every result, one-hot labels, and a backward pass that also
differentiates the loss by the pixels. Mistakes of the printed code that would stop it from
learning are mended; nothing else is.

References
----------
.. [1] K. Saitoh, Deep Learning from Scratch (in Japanese), O'Reilly Japan, 2016, chapter 5.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Relu:
    """Rectified linear unit that remembers where its input was not positive."""

    def forward(self, x: NDArray) -> NDArray:
        """Return a copy of x, any shape, with its negative entries set to 0."""
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout: NDArray) -> NDArray:
        """Set the masked entries of `dout` to 0, in place, and return it."""
        dout[self.mask] = 0
        return dout


class Affine:
    """x W + b for a batch; keeps its gradients as ``dW`` and ``db``.

    Parameters
    ----------
    W : ndarray, shape (inputs, outputs)
    b : ndarray, shape (outputs,)
    """

    def __init__(self, W: NDArray, b: NDArray):
        self.W, self.b = W, b

    def forward(self, x: NDArray) -> NDArray:
        """Return x W + b, shape (n, outputs), for x of shape (n, inputs)."""
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout: NDArray) -> NDArray:
        """Return the gradient by x, shape (n, inputs), for `dout` of shape (n, outputs)."""
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class SoftmaxWithLoss:
    """Softmax and mean cross-entropy against one-hot labels."""

    def forward(self, x: NDArray, t: NDArray) -> float:
        """Return the loss of logits x against one-hot rows t, both of shape (n, classes)."""
        self.t = t
        exponentials = np.exp(x - np.max(x, axis=1, keepdims=True))
        self.y = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)

    def backward(self) -> NDArray:
        """Return (y - t) / n, shape (n, classes)."""
        return (self.y - self.t) / len(self.t)


class TwoLayerNet:
    """Affine, ReLU, affine, softmax with loss.

    Parameters
    ----------
    params : dict of str to ndarray
        Initial ``W1``, ``b1``, ``W2``, ``b2``; copied, as float64.
    """

    def __init__(self, params: dict[str, NDArray]):
        self.params = {name: np.array(value, dtype=np.float64) for name, value in params.items()}
        self.layers: dict[str, Any] = {
            "Affine1": Affine(self.params["W1"], self.params["b1"]),
            "Relu1": Relu(),
            "Affine2": Affine(self.params["W2"], self.params["b2"]),
        }
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x: NDArray) -> NDArray:
        """Return the logits of a batch."""
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x: NDArray, t: NDArray) -> float:
        """Return the mean loss of a batch against one-hot rows t."""
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x: NDArray, t: NDArray) -> dict[str, NDArray]:
        """Return the gradient of the loss for every parameter."""
        self.loss(x, t)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        first, second = self.layers["Affine1"], self.layers["Affine2"]
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}


def train(
    network: TwoLayerNet,
    x: NDArray,
    t: NDArray,
    rng: np.random.Generator,
    *,
    steps: int,
    batch_size: int = 100,
    learning_rate: float = 0.1,
    loss_again: bool = True,
) -> list[float]:
    """Run the source's training loop and return its list of losses.

    Parameters
    ----------
    network : TwoLayerNet
        Changed in place.
    x : ndarray of float64, shape (n, inputs)
    t : ndarray of float64, shape (n, classes)
        One-hot rows.
    rng : numpy.random.Generator
        Draws the rows of each batch with ``integers``. The source shuffles all n rows
        and keeps the first hundred, which costs several times the step itself.
    steps, batch_size : int
    learning_rate : float
    loss_again : bool
        Compute the loss once more after each update, with a forward pass of its own, as
        the source does. Without it the list stays empty.
    """
    losses = []
    for _ in range(steps):
        rows = rng.integers(len(x), size=batch_size)
        x_batch, t_batch = x[rows], t[rows]
        grad = network.gradient(x_batch, t_batch)
        for key in network.params:
            network.params[key] -= learning_rate * grad[key]
        if loss_again:
            losses.append(network.loss(x_batch, t_batch))
    return losses
