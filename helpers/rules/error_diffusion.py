"""Error diffusion (ED): learning from one error that every cell hears, with no way back.

Cells are excitatory or inhibitory. A connection between cells of one kind is positive, between
kinds negative, so it is known beforehand whether a cell raises or lowers the output, however many
layers lie between. Every cell may therefore learn from the error of the output itself.

This is the fast form: all hidden layers are updated by one batched product, and several networks
(one per class, or one per seed) run side by side as one tensor. `helpers.chapters.chapter4.error_diffusion_cells`
has the same rule cell by cell.

References
----------
.. [1] I. Kaneko, Error diffusion learning method (in Japanese), web page and C program, 1999.
"""

import math
from functools import partial

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.layers import check_batch

#: What a network minimises: half the squared error, or the cross-entropy of its sigmoid output.
LOSSES = ("squared", "cross-entropy")

#: Layers that are worked on together where all layers could be.
BLOCK = 128


class ErrorDiffusionNetwork:
    """Layers of excitatory and inhibitory cells with one excitatory output cell, K networks at once.

    Each input comes twice, as an excitatory and an inhibitory copy; so does the threshold input. A
    cell only ever sees the sum of the two, so the pair is kept as one weight of either sign.

    Parameters
    ----------
    inputs : int
    pairs : int
        Excitatory cells of a hidden layer; there are as many inhibitory ones, C = 2 pairs in all.
    depth : int
        Hidden layers.
    rng : numpy.random.Generator
        Source of the initial weights: uniform from 0 to `scale`, with the sign that the kinds demand.
    networks : int
        K, networks that run side by side: they see the same inputs and share nothing else.
    scale, u0, threshold : float
        Largest initial weight; width of the sigmoid 1 / (1 + exp(-2 x / u0)); value beta of the
        threshold input. The defaults are Kaneko's.
    loss : str
        "squared" or "cross-entropy".
    dtype : dtype
        float64, or float32, which is about twice as fast.

    Attributes
    ----------
    kinds : ndarray, shape (C,)
        +1 for the excitatory cells, which come first, and -1 for the inhibitory ones.
    parameters : dict of str to ndarray
        ``first`` (K, inputs + 1, C), ``hidden`` (depth - 1, K, C + 1, C) and ``last`` (K, C + 1):
        one row for each source, the threshold input in the last row, one column for each cell.
    """

    def __init__(
        self,
        inputs: int,
        pairs: int,
        depth: int,
        rng: np.random.Generator,
        *,
        networks: int = 1,
        scale: float = 1.0,
        u0: float = 0.4,
        threshold: float = 0.8,
        loss: str = "squared",
        dtype: DTypeLike = np.float64,
    ):
        if min(inputs, pairs, depth, networks) < 1:
            raise ValueError(
                "inputs, pairs, depth and networks must be at least 1, "
                f"got {inputs}, {pairs}, {depth} and {networks}"
            )
        if not (0 < scale < np.inf and 0 < u0 < np.inf and 0 <= threshold < np.inf):
            raise ValueError(
                "scale and u0 must be positive, threshold not negative, all finite, "
                f"got {scale}, {u0} and {threshold}"
            )
        if loss not in LOSSES:
            raise ValueError(f"loss must be one of {LOSSES}, got {loss!r}")
        self.inputs, self.depth, self.networks = inputs, depth, networks
        self.u0, self.threshold, self.loss_name = float(u0), float(threshold), loss
        self.kinds = np.repeat([1.0, -1.0], pairs).astype(dtype)
        self.parameters = {
            name: (scale * weight).astype(dtype) for name, weight in self._initial(rng, 2 * pairs).items()
        }
        self.state = None

    def _initial(self, rng: np.random.Generator, cells: int) -> dict[str, NDArray]:
        """Draw signed weights of size 0 to 1; pairs of copies as the difference of two."""
        inputs, depth, networks = self.inputs, self.depth, self.networks
        first = rng.random((2, networks, inputs + 1, cells))
        hidden = rng.random((2, depth - 1, networks, cells + 1, cells))
        last = rng.random((2, networks, cells + 1))
        between = np.multiply.outer(self.kinds, self.kinds)
        hidden[0, ..., :-1, :] *= between
        last[0, :, :-1] *= self.kinds
        hidden[1, ..., :-1, :] = last[1, :, :-1] = 0
        return {"first": first[0] - first[1], "hidden": hidden[0] - hidden[1], "last": last[0] - last[1]}

    def forward(self, x: NDArray) -> NDArray:
        """Return the outputs, shape (K, n), of a batch x, shape (n, inputs), and remember every cell's.

        The loop keeps tanh of each sum, since the sigmoid is (1 + tanh(sum / u0)) / 2: with that
        written into the weights, a layer costs one product and one tanh.
        """
        first, _, last = self.parameters.values()
        check_batch(x, self.inputs)
        self._make_room(len(x))
        sources, targets, products = self._views
        total = x @ first[:, :-1] + self.threshold * first[:, -1:]
        if not np.isfinite(total).all():
            raise ValueError("x, or the parameters, hold NaN or infinite values: look at the data first")
        np.tanh(np.swapaxes(total, 1, 2) / self.u0, out=self.state[0, :, :-1])
        self._fold_weights()
        tanh = np.tanh
        for product, source, target in zip(products, sources, targets[1:], strict=False):
            product(source, target)
            tanh(target, target)
        top = 0.5 * (1 + self.state[-1, :, :-1])
        total = (last[:, None, :-1] @ top)[:, 0] + self.threshold * last[:, -1:]
        self.y = sigmoid((2 / self.u0) * total)
        return self.y

    @property
    def outputs(self) -> NDArray:
        """Outputs of all cells in the last forward pass, shape (depth, K, C + 1, n); the threshold input is last."""
        outputs = 0.5 * (1 + self.state)
        outputs[:, :, -1] = self.threshold
        return outputs

    def _fold_weights(self) -> None:
        """Write the weights that lead from tanh (and a 1) to sum / u0, where outputs are (1 + tanh) / 2."""
        np.multiply(np.swapaxes(self.parameters["hidden"], -1, -2), 0.5 / self.u0, out=self._folded)
        self._folded[..., -1] *= 2 * self.threshold
        for cell in range(len(self.kinds)):
            self._folded[..., -1] += self._folded[..., cell]

    def _make_room(self, n: int) -> None:
        """Keep arrays for a batch of n: fresh ones for every batch cost more time than the arithmetic."""
        cells, dtype = len(self.kinds), self.kinds.dtype
        shape = (self.depth, self.networks, cells + 1, n)
        if self.state is None or self.state.shape != shape:
            self.state = np.ones(shape, dtype)
            self.room = np.empty((2, min(BLOCK, self.depth), *shape[1:]), dtype)
            self._folded = np.empty((self.depth - 1, self.networks, cells, cells + 1), dtype)
            layers, weights = (a[:, 0] if self.networks == 1 else a for a in (self.state, self._folded))
            products = [w.dot if self.networks == 1 else partial(np.matmul, w) for w in weights]
            self._views = list(layers), list(layers[..., :-1, :]), products

    def blocks(self) -> list[slice]:
        """Return slices that run through the layers, each of so few that they stay in the processor's cache."""
        return [slice(start, start + BLOCK) for start in range(0, self.depth, BLOCK)]

    def predict(self, x: NDArray) -> NDArray:
        """Return the outputs, shape (n, K), between 0 and 1; raise a ValueError if they are not finite."""
        y = self.forward(x).T.copy()
        if not np.isfinite(y).all():
            raise ValueError("the outputs are not all finite: the parameters hold NaN or have overflowed")
        return y

    def accuracy(self, x: NDArray, t: NDArray) -> float:
        """Return the share of right answers: output above 1/2, or the largest of K outputs."""
        y, t = self.predict(x), np.asarray(t)
        if t.shape != (len(y),):
            raise ValueError(f"need one class for each sample, shape ({len(y)},), got {t.shape}")
        said = y[:, 0] > 0.5 if self.networks == 1 else y.argmax(axis=1)
        return float(np.mean(said == t))

    def errors(self, x: NDArray, t: NDArray) -> tuple[float, NDArray]:
        """Return the mean loss of a batch, summed over networks, and the errors t - y, shape (K, n).

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        t : ndarray of int, shape (n,), or ndarray, shape (n, K) or (n, 1)
            Classes, of which network k knows class k (of a single network: class 1); or targets.
        """
        y = self.forward(x)
        targets = self._targets(np.asarray(t), len(x))
        error = targets - y
        if self.loss_name == "squared":
            loss = 0.5 * float((error**2).sum()) / len(x)
        else:
            right, wrong = np.log(np.maximum(y, 1e-30)), np.log(np.maximum(1 - y, 1e-30))
            loss = -float((targets * right + (1 - targets) * wrong).sum()) / len(x)
        if not math.isfinite(loss):
            raise ValueError(f"the loss is {loss}: the parameters hold NaN or overflowed; lower the learning rate")
        return loss, error

    def _targets(self, t: NDArray, n: int) -> NDArray:
        check_targets(t, n, self.networks)
        if t.ndim == 1:
            t = t[:, None] == np.arange(self.networks) if self.networks > 1 else t[:, None]
        return t.T.astype(self.kinds.dtype)

    def gradients(self, x: NDArray, t: NDArray) -> tuple[float, dict[str, NDArray]]:
        """Return the loss and its gradient for every parameter, by backpropagation, for comparison."""
        loss, error = self.errors(x, t)
        _, hidden, last = self.parameters.values()
        outputs, n = self.outputs, len(x)
        slope = (2 / self.u0) * outputs[:, :, :-1] * (1 - outputs[:, :, :-1])
        delta_last = -(2 / self.u0) * (error * self.y * (1 - self.y) if self.loss_name == "squared" else error)
        delta = np.empty_like(slope)
        delta[-1] = slope[-1] * delta_last[:, None] * last[:, :-1, None]
        for layer in range(self.depth - 1, 0, -1):
            delta[layer - 1] = slope[layer - 1] * (hidden[layer - 1, :, :-1] @ delta[layer])
        inputs = np.vstack([x.T, np.full((1, n), self.threshold, self.kinds.dtype)])
        return loss, {
            "first": inputs @ np.swapaxes(delta[0], 1, 2) / n,
            "hidden": outputs[:-1] @ np.swapaxes(delta[1:], 2, 3) / n,
            "last": (outputs[-1] @ delta_last[..., None])[..., 0] / n,
        }


def amines(d: NDArray, kinds: NDArray, two_way: bool) -> NDArray:
    """What the connections of each source hear, threshold last: shape (K, C + 1, n), for errors d of shape (K, n)."""
    heard = d[:, None].repeat(len(kinds) + 1, axis=1)
    if not two_way:
        for own, part in ((np.maximum, kinds > 0), (np.minimum, kinds < 0)):
            heard[:, :-1][:, part] = own(d[:, None], 0)
    return heard


class ErrorDiffusion:
    """Kaneko's rule as a learning rule, for `helpers.training.loop.fit`.

    A weight from cell m to cell k grows by rate * d * f'_k * o_m in size, where d is the error of the
    output. It grows only where that helps: from excitatory cells when the output is too small, from
    inhibitory cells when it is too large. f' is o (1 - o), without the constant 2 / u0.

    Parameters
    ----------
    two_way : bool
        Shrink the other half of the weights at the same time (Kaneko's "decrement" option). Then
        nothing keeps the signs.
    u1 : float
        Share of the error that reaches the hidden cells.
    """

    def __init__(self, two_way: bool = False, u1: float = 1.0):
        if not 0 <= u1 < np.inf:
            raise ValueError(f"u1 must not be negative, and finite, got {u1}")
        self.two_way, self.u1 = two_way, u1

    def __call__(
        self, network: ErrorDiffusionNetwork, x: NDArray, t: NDArray
    ) -> tuple[float, dict[str, NDArray]]:
        """Return the loss of a batch and, for each parameter array, minus its mean ED update."""
        loss, d = network.errors(x, t)
        kinds, state, n = network.kinds, network.state, len(x)
        # of the two copies of an input both change, or one
        copies = 2 if self.two_way else 1
        amine = amines(d, kinds, self.two_way)

        # o is (1 + state) / 2, and o (1 - o) is (1 - state^2) / 4
        rate = -self.u1 / (4 * n) * kinds
        updates = {name: np.empty_like(parameter) for name, parameter in network.parameters.items()}
        first, hidden, last = updates.values()
        slope = (1 - state[0, :, :-1] ** 2) * d[:, None] * (copies * rate[:, None])
        np.matmul(x.T, np.swapaxes(slope, 1, 2), out=first[:, :-1])
        first[:, -1] = network.threshold * slope.sum(axis=2)

        for layers in network.blocks():
            below, above = state[:-1][layers], state[1:][layers]
            heard, squares = network.room[:, : len(below)]
            np.multiply(np.add(below, 1, out=heard), amine, out=heard)
            np.multiply(above, above, out=squares)
            product = heard @ np.swapaxes(squares, 2, 3)
            # the last row of state is 1
            hidden[layers] = product[..., -1:] - product[..., :-1]
        hidden *= rate / 2
        hidden[..., -1, :] *= copies * network.threshold

        slope = network.y * (1 - network.y) if network.loss_name == "squared" else np.ones_like(d)
        last[...] = (((state[-1] + 1) * amine) @ slope[..., None])[..., 0] / (-2 * n)
        last[:, -1] *= copies * network.threshold
        return loss, updates


def check_targets(t: NDArray, n: int, networks: int) -> None:
    """Raise a ValueError unless t holds a class for each sample, or targets from 0 to 1."""
    if t.shape not in ((n,), (n, 1), (n, networks)):
        raise ValueError(f"targets must have shape ({n},), ({n}, 1) or ({n}, {networks}), got {t.shape}")
    largest = max(networks - 1, 1) if t.ndim == 1 else 1
    whole = t.ndim == 2 or networks == 1 or t.dtype.kind in "iub" or (t == np.round(t)).all()
    if not (whole and t.min() >= 0 and t.max() <= largest):
        what = "classes" if t.ndim == 1 else "targets"
        raise ValueError(f"{what} must lie between 0 and {largest}, got {t.min()} to {t.max()}")
