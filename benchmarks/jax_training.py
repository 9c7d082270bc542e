"""The pure functions of `benchmarks.pure_rules`, compiled by JAX: one loop over all steps of a turn.

As its users write it where speed counts: the whole loop is one compiled program (``lax.scan`` under ``jit``), which
may overwrite the parameters that it was given (donated buffers); images and targets lie on the device; the rows of all
batches are drawn before. What a rule draws for every step is drawn inside, by JAX's usual generator, the quickest of
its three here. The gradient is written out; ``jax.grad`` of the same loss takes as long, within a twentieth. float32.
JAX takes part where it is installed (``pip install jax``); the book does not need it.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.interleaved import SEED
from benchmarks.pure_training import Setup, drawn, nudge_shapes, start_of, step, targets_of


class Jax:
    """One compiled loop.

    Parameters
    ----------
    setup : Setup
    given : bool
        Take what the rule draws from numpy, as the package does, instead of drawing inside the loop: for the
        comparison of weights, which needs the same numbers.
    """

    def __init__(self, setup: Setup, given: bool = False):
        import jax

        self.jax, self.setup, self.given = jax, setup, given
        state, self.noise = start_of(setup, np.float32)
        self.shapes = nudge_shapes(setup, state)
        self.state = jax.tree.map(jax.numpy.array, state), jax.random.key(SEED)
        self.x = jax.numpy.asarray(setup.split.x)
        self.t = jax.numpy.asarray(targets_of(setup, np.float32))
        self.rng = np.random.default_rng(SEED)
        self.loop = jax.jit(self.loop_over, donate_argnums=0)

    def loop_over(self, state: Any, x: Any, t: Any, rows: Any, nudges: list[Any] | None) -> tuple[Any, Any]:
        """Return the state after all steps, and their losses."""

        def one(carried: Any, each: Any) -> tuple[Any, Any]:
            (state, key), (chosen, nudges) = carried, each
            if nudges is None:
                key, *keys = self.jax.random.split(key, 1 + len(self.shapes)) if self.shapes else [key]
                nudges = [self.jax.random.normal(k, shape) for k, shape in zip(keys, self.shapes, strict=True)]
            loss, state = step(self.setup, state, x[chosen], t[chosen], nudges)
            return (state, key), loss

        return self.jax.lax.scan(one, state, (rows, nudges))

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took, without compilation."""
        start = time.process_time()
        rows = self.rng.integers(len(self.x), size=(steps, self.setup.batch_size)).astype(np.int32)
        nudges = self.drawn_before(steps) if self.given else None
        self.state, losses = self.loop(self.state, self.x, self.t, rows, nudges)
        losses.block_until_ready()
        return time.process_time() - start

    def drawn_before(self, steps: int) -> list[NDArray]:
        """Return what the rule would draw in each of the steps, by numpy."""
        every = [drawn(self.setup, self.state[0], self.noise) for _ in range(steps)]
        return [np.stack(one).astype(np.float32) for one in zip(*every, strict=True)]

    def weights(self) -> dict[str, NDArray]:
        """Return copies of the present parameters."""
        return {name: np.array(array) for name, array in self.state[0]["parameters"].items()}
