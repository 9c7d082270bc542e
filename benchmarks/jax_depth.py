"""Error diffusion through hundreds of layers, compiled by JAX: a loop over layers inside the loop over steps.

The hidden layers are alike, so their weights are one array, and ``lax.scan`` runs through them. Their updates need
nothing of each other: one batched product makes them all. Cells are rows and samples are columns, as in the package.
Parameters are donated, the rows of all batches are drawn before. float32.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.interleaved import SEED
from helpers.data.datasets import Split


class JaxDepth:
    """Kaneko's rule both ways, for one network of one output cell with half the squared error.

    Parameters
    ----------
    split : Split
        Training samples, of classes 0 and 1.
    weights : sequence of ndarray, shape (sources + 1, cells)
        One for each layer; the threshold input is the last of the sources.
    batch_size : int
    u0, threshold, u1, rate : float
        Width of the sigmoid; value of the threshold input; share of the error for hidden cells; learning rate.
    """

    def __init__(
        self,
        split: Split,
        weights: Sequence[NDArray],
        batch_size: int,
        *,
        u0: float,
        threshold: float,
        u1: float,
        rate: float,
    ):
        import jax

        self.jax, self.batch_size = jax, batch_size
        self.u0, self.threshold, self.u1, self.rate = u0, threshold, u1, rate
        first, *hidden, last = (array.astype(np.float32) for array in weights)
        self.state = {
            name: jax.numpy.array(array)
            for name, array in {"first": first.T, "hidden": np.swapaxes(hidden, 1, 2), "last": last.T}.items()
        }
        self.x = jax.numpy.asarray(split.x.astype(np.float32))
        self.t = jax.numpy.asarray(split.t.astype(np.float32))
        self.rng = np.random.default_rng(SEED)
        self.loop = jax.jit(self.loop_over, donate_argnums=0)

    def loop_over(self, state: Any, x: Any, t: Any, rows: Any) -> tuple[Any, Any]:
        """Return the weights after all steps, and the losses."""
        return self.jax.lax.scan(lambda state, chosen: self.step(state, x[chosen].T, t[chosen]), state, rows)

    def activity(self, weights: Any, below: Any) -> Any:
        """Return the outputs of a layer, shape (cells, n)."""
        return 0.5 + 0.5 * self.jax.numpy.tanh((weights[:, :-1] @ below + self.threshold * weights[:, -1:]) / self.u0)

    def step(self, state: Any, x: Any, t: Any) -> tuple[Any, Any]:
        """Return the weights after one update, and the loss before it."""
        jnp = self.jax.numpy
        bottom = self.activity(state["first"], x)

        def up(below: Any, weights: Any) -> tuple[Any, Any]:
            above = self.activity(weights, below)
            return above, above

        top, others = self.jax.lax.scan(up, bottom, state["hidden"])
        every = jnp.concatenate([bottom[None], others])
        y = self.activity(state["last"], top)
        error = (t - y) / len(t)
        kinds = jnp.repeat(jnp.array([1.0, -1.0]), len(bottom) // 2)
        slopes = self.u1 * every * (1 - every) * kinds[:, None] * error
        changes = {
            "first": jnp.concatenate([2 * slopes[0] @ x.T, self.for_threshold(slopes[0])], axis=1),
            "hidden": jnp.concatenate([slopes[1:] @ every[:-1].swapaxes(1, 2), self.for_threshold(slopes[1:])], axis=2),
        }
        output = error * y * (1 - y)
        changes["last"] = jnp.concatenate([output @ top.T, self.for_threshold(output)], axis=1)
        loss = 0.5 * ((t - y) ** 2).mean()
        return {name: array + self.rate * changes[name] for name, array in state.items()}, loss

    def for_threshold(self, slopes: Any) -> Any:
        """Return the change of the threshold weights: a pair of inputs, both of which hear the error."""
        return 2 * self.threshold * slopes.sum(axis=-1, keepdims=True)

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took, without compilation."""
        start = time.process_time()
        rows = self.rng.integers(len(self.x), size=(steps, self.batch_size)).astype(np.int32)
        self.state, losses = self.loop(self.state, self.x, self.t, rows)
        losses.block_until_ready()
        return time.process_time() - start

    def weights(self) -> dict[str, NDArray]:
        """Return copies of the present parameters, in the shapes of the package's."""
        arrays = {name: np.swapaxes(np.array(array), -1, -2) for name, array in self.state.items()}
        return {"first": arrays["first"][None], "hidden": arrays["hidden"][:, None], "last": arrays["last"][None]}
