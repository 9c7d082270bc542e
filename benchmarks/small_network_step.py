"""How long a training step of the small network of chapter 3 takes, beside a plain port of its source.

Network 66-16-64 with sigmoid units and binary cross-entropy, batches of 25, plain gradient descent
at 0.01: the source's settings, whose 1,000 epochs are 380,000 such steps. With arrays this small,
most of the time goes into calling numpy at all.

All go through `helpers.training.loop.fit` but the port. ``helpers`` is `SigmoidBackpropagation` in float32,
``helpers, float64`` the same in the port's precision, and ``helpers, layer by layer`` is
`Network.gradients` in float32. They draw the same rows with ``Generator.integers`` and must arrive at
the same weights. `benchmarks.interleaved` says how they are interleaved and why ratios are reported.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from threadpoolctl import threadpool_limits

from benchmarks.interleaved import REFERENCE, SEED, Contestant, Fit, check_agreement, command_line, measure, table
from helpers.chapters.chapter3.coordinate_task import source_task
from helpers.chapters.chapter3.sigmoid_backpropagation import SigmoidBackpropagation
from helpers.data.datasets import Dataset
from helpers.networks.layers import LossLayer, Sigmoid
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Network, Rule, uniform_fan_in
from helpers.training.optimizers import SGD

HIDDEN = 16
BATCH_SIZE = 25
LEARNING_RATE = 0.01

#: Steps before the weights are compared, and the largest difference that float32 may leave.
COMPARED_STEPS = 100
TOLERANCE = 1e-5

#: Steps of the source's 1,000 epochs.
FULL_RUN = 380_000


class PlainPort:
    """The source's `update!`, ported line by line, in float64.

    Parameters
    ----------
    data : Dataset
    """

    def __init__(self, data: Dataset):
        self.params = {
            name: array.reshape(-1, array.shape[-1])  # biases are rows
            for name, array in initial_network(data, np.float64).parameters.items()
        }
        self.x, self.t = data.train.x.astype(np.float64), data.train.t.astype(np.float64)
        self.rng = np.random.default_rng(SEED)
        self.errors: list[float] = []

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that they took."""
        start = time.perf_counter()
        for _ in range(steps):
            rows = self.rng.integers(len(self.x), size=BATCH_SIZE)
            error = self.update(self.x[rows], self.t[rows])
            self.errors.append(np.sum(error**2))
        return time.perf_counter() - start

    def update(self, x: NDArray, y: NDArray) -> NDArray:
        """Change the parameters after one batch, and return output minus target."""
        params = self.params
        h = plain_sigmoid(x @ params["W1"] + params["b1"])
        error = plain_sigmoid(h @ params["W2"] + params["b2"]) - y
        delta2 = error
        delta1 = delta2 @ params["W2"].T * h * (1 - h)
        grads = {
            "W1": x.T @ delta1,
            "W2": h.T @ delta2,
            "b1": np.sum(delta1, axis=0, keepdims=True),
            "b2": np.sum(delta2, axis=0, keepdims=True),
        }
        for key in params:
            params[key][:, :] -= LEARNING_RATE * (grads[key] / BATCH_SIZE)
        return error

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters, in the shapes of the package's."""
        return {name: array[0] if name.startswith("b") else array for name, array in self.params.items()}


def plain_sigmoid(x: NDArray) -> NDArray:
    """Return 1 / (1 + exp(-x)), as the source writes it."""
    return 1 / (1 + np.exp(-x))


def initial_network(data: Dataset, dtype: DTypeLike) -> Network:
    """Return the network that everyone starts from."""
    return Network.dense(
        [data.train.x.shape[1], HIDDEN, data.classes],
        np.random.default_rng(SEED),
        activation=Sigmoid,
        initial=uniform_fan_in,
        loss_layer=LossLayer(binary_cross_entropy),
        dtype=dtype,
    )


def contestants(data: Dataset) -> dict[str, Contestant]:
    """Return everyone, by name."""

    def fitted(dtype: DTypeLike, rule: Callable[[Network], Rule]) -> Fit:
        network = initial_network(data, dtype)
        return Fit(network, data, SGD(LEARNING_RATE), BATCH_SIZE, rule(network))

    return {
        REFERENCE: fitted(np.float32, SigmoidBackpropagation),
        "helpers, float64": fitted(np.float64, SigmoidBackpropagation),
        "helpers, layer by layer": fitted(np.float32, lambda network: Network.gradients),
        "plain port": PlainPort(data),
    }


def run(rounds: int, steps: int) -> dict[str, Any]:
    """Check that everyone does the same work, then measure them interleaved, on one thread.

    Returns
    -------
    dict
        As `training_step.run`, and ``full_run_seconds``: 380,000 steps at the median time.
    """
    data, _ = source_task().dataset(np.random.default_rng(SEED))
    with threadpool_limits(1):
        everyone = contestants(data)
        difference = check_agreement(everyone, COMPARED_STEPS, TOLERANCE)
        measured = measure(everyone, rounds, steps)
    return {
        "settings": {
            "sizes": [data.train.x.shape[1], HIDDEN, data.classes],
            "batch_size": BATCH_SIZE,
            "learning_rate": LEARNING_RATE,
            "threads": 1,
            "rounds": rounds,
            "steps": steps,
            "reference": REFERENCE,
        },
        "largest_difference": difference,
        **measured,
        "full_run_seconds": round(FULL_RUN * measured["microseconds"][REFERENCE]["median"] / 1e6, 1),
    }


def show(result: dict[str, Any]) -> str:
    """Format the figures."""
    return f"{table(result)}\n{FULL_RUN:,} steps: {result['full_run_seconds']} s"


if __name__ == "__main__":
    command_line("small_network_step", __doc__.splitlines()[0], run, show, steps=1000)
