"""Error diffusion for hundreds of layers, or for many networks at once.

`helpers.rules.error_diffusion` has the definition. Where arrays are so small that calls cost more than numbers, this
form is faster: all hidden layers are updated by one batched product, and several networks, one for each class or
seed, run side by side as one tensor. In float64 both agree to 1e-12 after twenty updates, as the tests check.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.arguments import check_not_negative, check_positive
from helpers.networks.excitatory_inhibitory import check_cells, network_of, signed_weights
from helpers.networks.layers import check_batch, check_finite
from helpers.networks.losses import Loss, check_shares, sigmoid_squared_error
from helpers.networks.network import Diverged, Network, Update
from helpers.rules.error_diffusion import ErrorDiffusion

#: Layers that are updated together: so few that what is touched stays in the processor's cache. With all 512 at
#: once an update takes 1.5 times as long.
BLOCK = 128


class BatchedNetworks:
    """Layers of excitatory and inhibitory cells with one excitatory output cell, K networks at once.

    They see the same inputs, and share nothing else. `drawn` makes new ones, `of` joins plain networks.

    Parameters
    ----------
    weights : sequence of ndarray, shape (K, sources + 1, cells)
        One array for each layer, of all networks; the threshold input is the last of the sources.
    u0, threshold : float
        Width of the sigmoid 1 / (1 + exp(-2 x / u0)); value beta of the threshold input.
    loss : Loss
        `sigmoid_squared_error` or `binary_cross_entropy`.

    Attributes
    ----------
    kinds : ndarray, shape (C,)
        +1 for the excitatory cells of a hidden layer, which come first, and -1 for the inhibitory ones.
    parameters : dict of str to ndarray
        ``first`` (K, inputs + 1, C), ``hidden`` (depth - 1, K, C + 1, C) and ``last`` (K, C + 1, 1).
    state : ndarray, shape (depth, K, C + 1, n)
        tanh of each cell's sum / u0 in the last forward pass, and a row of ones for the threshold input.
    y, error : ndarray, shape (K, n)
        Outputs in the last forward pass; t - y in the last one that knew the targets.

    Raises
    ------
    ValueError
        If u0 or the threshold is out of range.
    """

    def __init__(self, weights: Sequence[NDArray], *, u0: float, threshold: float, loss: Loss):
        first, *hidden, last = weights
        self.networks, _, cells = first.shape
        self.depth = len(hidden) + 1
        self.u0 = float(check_positive("u0", u0))
        self.threshold = float(check_not_negative("threshold", threshold))
        self.loss = loss
        self.kinds = np.repeat(np.array([1, -1], first.dtype), cells // 2)
        between = np.reshape(hidden, (len(hidden), self.networks, cells + 1, cells)).astype(first.dtype)
        self.parameters = {"first": first, "hidden": between, "last": last}
        self.state: NDArray | None = None

    @classmethod
    def drawn(
        cls,
        inputs: int,
        pairs: int,
        depth: int,
        rng: np.random.Generator,
        *,
        networks: int = 1,
        scale: float = 1.0,
        u0: float = 0.4,
        threshold: float = 0.8,
        loss: Loss = sigmoid_squared_error,
        dtype: DTypeLike = np.float64,
    ) -> "BatchedNetworks":
        """Draw networks side by side; parameters as for `excitatory_inhibitory`, which draws a single one alike."""
        weights = signed_weights(inputs, pairs, depth, rng, scale=scale, networks=networks)
        return cls([layer.astype(dtype) for layer in weights], u0=u0, threshold=threshold, loss=loss)

    @classmethod
    def of(cls, networks: Sequence[Network]) -> "BatchedNetworks":
        """Join copies of plain networks of one shape, each of at least one hidden layer."""
        for network in networks:
            check_cells(network)
        cells: list[tuple[Any, Any]] = [(n.loss_layer, n.trainable[0]) for n in networks]  # as check_cells wants them
        settings = {(output.loss, output.u0, layer.threshold) for output, layer in cells}
        if len(settings) != 1:
            raise ValueError(f"networks side by side need one loss, u0 and threshold, got {settings}")
        ((loss, u0, threshold),) = settings
        layers = zip(*(network.trainable for network in networks), strict=True)
        weights = [np.array([np.vstack([*one.parameters.values()]) for one in layer]) for layer in layers]
        return cls(weights, u0=u0, threshold=threshold, loss=loss)

    def apart(self) -> list[Network]:
        """Return copies of the networks as plain ones."""
        first, hidden, last = self.parameters.values()
        weights = [[first[k], *hidden[:, k], last[k]] for k in range(self.networks)]
        return [network_of(one, u0=self.u0, threshold=self.threshold, loss=self.loss) for one in weights]

    def forward(self, x: NDArray) -> NDArray:
        """Return the outputs, shape (K, n), of a batch x, shape (n, inputs), and remember every cell's.

        A sigmoid is (1 + tanh(sum / u0)) / 2. With the halves written into the weights, all layers at once, a layer
        costs one product and one tanh.
        """
        first, _, last = self.parameters.values()
        check_batch(x, first.shape[1] - 1)
        check_finite(x)
        self.make_workspace(len(x))
        total = x @ first[:, :-1] + self.threshold * first[:, -1:]
        np.tanh(np.swapaxes(total, 1, 2) / self.u0, out=self.state[0, :, :-1])
        weights, product, tanh = self.weights_of_tanh(), np.matmul, np.tanh
        if self.networks == 1:
            # numpy's quickest product of two matrices; with the views of `make_workspace` an update of 512 layers is
            # 1.4 times as fast as with `matmul` and new arrays
            weights, product = weights[:, 0], np.ndarray.dot
        for weight, below, above in zip(weights, self.below, self.above, strict=True):
            product(weight, below, above)
            tanh(above, above)
        top = 0.5 * (1 + self.state[-1, :, :-1])
        self.sums = (np.swapaxes(last[:, :-1], 1, 2) @ top)[:, 0] + self.threshold * last[:, -1]
        self.y = sigmoid(self.sums, self.u0)
        return self.y

    def make_workspace(self, n: int) -> None:
        """Keep `state`, and views of its layers, from one batch to the next; `forward` says what is gained."""
        shape = (self.depth, self.networks, len(self.kinds) + 1, n)
        if self.state is None or self.state.shape != shape:
            self.state = np.ones(shape, self.kinds.dtype)
            layers = self.state[:, 0] if self.networks == 1 else self.state
            self.below, self.above = list(layers[:-1]), list(layers[1:, ..., :-1, :])

    def __getstate__(self) -> dict:
        """Return what a copy takes along: all but the workspace, whose views would no longer be those of its array."""
        return {**self.__dict__, "state": None}

    def weights_of_tanh(self) -> NDArray:
        """Return the weights that lead from `state` to sum / u0, shape (depth - 1, K, C, C + 1)."""
        weights = np.swapaxes(self.parameters["hidden"], -1, -2) * (0.5 / self.u0)
        weights[..., -1] *= 2 * self.threshold
        weights[..., -1] += np.einsum("...ij->...i", weights[..., :-1])
        return weights

    @property
    def outputs(self) -> NDArray:
        """Outputs of all cells in the last forward pass, shape (depth, K, C + 1, n); the threshold input is last."""
        outputs = 0.5 * (1 + self.state)
        outputs[:, :, -1] = self.threshold
        return outputs

    def predict(self, x: NDArray) -> NDArray:
        """Return the outputs, shape (n, K), between 0 and 1; raise a ValueError if they are not finite."""
        y = self.forward(x).T.copy()
        if not np.isfinite(y).all():
            raise Diverged("the outputs are not all finite: the parameters hold NaN or have overflowed")
        return y

    def accuracy(self, x: NDArray, t: NDArray) -> float:
        """Return the share of right answers: output above 1/2, or the largest of K outputs.

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        t : ndarray of int, shape (n,)
            Class of each sample.

        Returns
        -------
        float
            Between 0 and 1.

        Raises
        ------
        ValueError
            If shapes or classes do not fit, or if x or the outputs are not finite.
        """
        y, t = self.predict(x), np.asarray(t)
        if t.shape != (len(y),) or t.dtype.kind not in "iub":
            raise ValueError(
                f"need one class for each sample, whole numbers of shape ({len(y)},), got {t.dtype} of shape {t.shape}"
            )
        most = max(self.networks - 1, 1)
        if t.min() < 0 or t.max() > most:
            raise ValueError(f"classes must be whole numbers from 0 to {most}, got {t.min()} to {t.max()}")
        said = y[:, 0] > 0.5 if self.networks == 1 else y.argmax(axis=1)
        return float(np.mean(said == t))

    def loss_of(self, x: NDArray, t: NDArray) -> tuple[float, NDArray]:
        """Return the mean loss of a batch, summed over networks, and its gradient by `sums`, shape (K, n).

        Parameters
        ----------
        x : ndarray, shape (n, inputs)
        t : ndarray of int, shape (n,), or ndarray, shape (n, K) or (n, 1)
            Classes, of which network k knows class k (of a single network: class 1); or targets.

        Returns
        -------
        loss : float
        gradient : ndarray, shape (K, n)

        Raises
        ------
        ValueError
            If shapes or targets do not fit, or if x or the loss is not finite.
        """
        y = self.forward(x)
        targets = targets_of(np.asarray(t), len(x), self.networks).astype(y.dtype)
        self.error = targets.T - y
        loss, gradient = self.loss((2 / self.u0) * self.sums.T, targets)
        if not np.isfinite(loss):
            raise Diverged(f"the loss is {loss}: the parameters hold NaN or overflowed; lower the learning rate")
        return loss, (2 / self.u0) * gradient.T

    def gradients(self, x: NDArray, t: NDArray) -> Update:
        """Return the loss and its gradient for every parameter, by backpropagation, for comparison.

        Parameters
        ----------
        x, t : ndarray
            As for `loss_of`.

        Returns
        -------
        Update
        """
        loss, gradient = self.loss_of(x, t)
        _, hidden, last = self.parameters.values()
        outputs = self.outputs
        slope = (2 / self.u0) * outputs[:, :, :-1] * (1 - outputs[:, :, :-1])
        delta = np.empty_like(slope)
        delta[-1] = slope[-1] * gradient[:, None] * last[:, :-1]
        for layer in range(self.depth - 1, 0, -1):
            delta[layer - 1] = slope[layer - 1] * (hidden[layer - 1, :, :-1] @ delta[layer])
        first = np.swapaxes(delta[0], 1, 2)
        arrays = {
            "first": np.concatenate([x.T @ first, self.threshold * first.sum(axis=1, keepdims=True)], axis=1),
            "hidden": outputs[:-1] @ np.swapaxes(delta[1:], 2, 3),
            "last": outputs[-1] @ gradient[..., None],
        }
        return Update(loss, arrays)


class BatchedErrorDiffusion(ErrorDiffusion):
    """`ErrorDiffusion` for `BatchedNetworks`; parameters as there.

    Its gain over the plain rule, for one network of 2 + 2 cells and batches of 128 in float32: a step takes 1.2 times
    as long there with one hidden layer, 2.2 times with 8, 7 times with 64 and 12 times with 512.
    """

    def __call__(self, networks: BatchedNetworks, x: NDArray, t: NDArray) -> Update:  # type: ignore[override]  # its own kind
        """Return the loss of a batch and, for each parameter array, minus its mean ED update."""
        loss, gradient = networks.loss_of(x, t)
        kinds, state, d = networks.kinds, networks.state, networks.error / len(x)
        copies = 2 if self.two_way else 1
        heard = self.heard_by_sources(d, kinds)
        # o is (1 + state) / 2, and o (1 - o) is (1 - state^2) / 4
        rate = -self.u1 / 4 * kinds
        slope = np.swapaxes((1 - state[0, :, :-1] ** 2) * d[:, None], 1, 2) * (copies * rate)
        first = np.concatenate([x.T @ slope, networks.threshold * slope.sum(axis=1, keepdims=True)], axis=1)

        hidden = np.empty_like(networks.parameters["hidden"])
        for start in range(0, len(hidden), BLOCK):
            below, above = (part[start : start + BLOCK] for part in (state[:-1], state[1:]))
            source = below + 1
            source *= heard
            product = source @ np.swapaxes(above * above, 2, 3)
            # the last row of state is 1
            hidden[start : start + BLOCK] = product[..., -1:] - product[..., :-1]
        hidden *= rate / 2

        heard = self.heard_by_sources(-networks.u0 / 2 * gradient, kinds)
        last = -0.5 * ((state[-1] + 1) * heard).sum(axis=-1, keepdims=True)
        for thresholds in (hidden[..., -1, :], last[:, -1]):
            thresholds *= copies * networks.threshold
        return Update(loss, {"first": first, "hidden": hidden, "last": last})

    def heard_by_sources(self, d: NDArray, kinds: NDArray) -> NDArray:
        """Return what the sources of a layer hear of the errors, the threshold input last.

        Parameters
        ----------
        d : ndarray, shape (K, n)
        kinds : ndarray, shape (C,)

        Returns
        -------
        ndarray, shape (K, C + 1, n)
        """
        heard = np.empty((len(d), len(kinds) + 1, d.shape[1]), d.dtype)
        heard[:, :-1] = self.heard(d[:, None], kinds[:, None])
        heard[:, -1] = d
        return heard


def targets_of(t: NDArray, n: int, networks: int) -> NDArray:
    """Return the target of each sample for each network.

    Parameters
    ----------
    t : ndarray, shape (n,), (n, 1) or (n, K)
        Classes, of which network k knows class k (of a single network: class 1); or targets from 0 to 1.
    n, networks : int
        Samples, and networks K.

    Returns
    -------
    ndarray, shape (n, K)

    Raises
    ------
    ValueError
        If the shape does not fit, or a class or a target is out of range.
    """
    if t.shape not in ((n,), (n, 1), (n, networks)):
        raise ValueError(f"targets must have shape ({n},), ({n}, 1) or ({n}, {networks}), got {t.shape}")
    if t.dtype.kind not in "biuf":
        raise ValueError(f"targets must be numbers, got {t.dtype}")
    if t.ndim == 1 and networks > 1:
        if t.dtype.kind not in "iub" or t.min() < 0 or t.max() >= networks:
            raise ValueError(f"classes must be whole numbers from 0 to {networks - 1}, got {t.min()} to {t.max()}")
        return t[:, None] == np.arange(networks)
    check_shares(t)
    return np.broadcast_to(t.reshape(n, -1), (n, networks))
