"""How long one update of a network of 512 layers takes by error diffusion, beside the source's two ways.

Layers of 2 + 2 cells, batches of 128 images of MNIST, 0 against 1. An update is a forward pass and a
change of every weight. Each of the source's implementations (`benchmarks.error_diffusion_ports`)
is first compared with the package: from the same weights and in float64, both must arrive at the
same weights after twenty updates.

The contestants are interleaved, a few updates each, round after round, on one thread. The processor time of each
turn is measured, which other programs disturb less than the clock on the wall, though they still do through
the cache that all share. The figure to trust is the median over all rounds of the ratio within a round.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from threadpoolctl import threadpool_limits

from benchmarks.error_diffusion_ports import FourMatrixNetwork, TensorNetwork
from benchmarks.interleaved import command_line, spread
from experiments.mnist import mnist
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.chapters.chapter4.datasets import two_classes
from helpers.data.datasets import Dataset
from helpers.networks.losses import sigmoid_squared_error
from helpers.training.optimizers import SGD

SEED = 0
DEPTH, WIDTH = 512, 2
BATCH_SIZE = 128
ALPHA = 0.2

#: Updates before the weights are compared, and the largest difference that rounding may leave.
COMPARED_UPDATES = 20
TOLERANCE = 1e-10

#: The contestant that the others are divided by.
REFERENCE = "helpers"

Port = FourMatrixNetwork | TensorNetwork
Update = Callable[[NDArray, NDArray], None]


def batched_copy(port: Port, dtype: DTypeLike = np.float64) -> BatchedNetworks:
    """Return the package's network with the weights of a port."""
    threshold = np.sqrt(0.5) if isinstance(port, TensorNetwork) else 0.0
    weights = [layer[None].astype(dtype) for layer in port.merged()]
    return BatchedNetworks(weights, u0=0.4, threshold=threshold, loss=sigmoid_squared_error)


def update_of_port(port: Port) -> Update:
    """Return a function that makes one update of a port."""

    def update(x: NDArray, t: NDArray) -> None:
        port.update(t - port.forward(x))

    return update


def update_of_network(network: BatchedNetworks, output_alpha: float, *, two_way: bool = True) -> Update:
    """Return a function that makes one update of the package's network."""
    rule, optimizer = BatchedErrorDiffusion(two_way, u1=ALPHA / output_alpha), SGD(output_alpha)

    def update(x: NDArray, t: NDArray) -> None:
        optimizer.step(network.parameters, rule(network, x, t)[1])

    return update


def largest_difference(port: Port, x: NDArray, t: NDArray) -> float:
    """Train a port and the package's copy of it; return the largest difference of their weights.

    Raises
    ------
    AssertionError
        If it is more than rounding explains: then the times would compare different work.
    """
    network = batched_copy(port)
    slow, fast = update_of_port(port), update_of_network(network, port.output_alpha)
    for start in range(0, COMPARED_UPDATES * BATCH_SIZE, BATCH_SIZE):
        rows = np.arange(start, start + BATCH_SIZE) % len(x)
        slow(x[rows], t[rows])
        fast(x[rows], t[rows])
    arrived = batched_copy(port).parameters
    differences = [np.abs(ours - arrived[name]).max(initial=0) for name, ours in network.parameters.items()]
    difference = float(np.max(differences))  # NaN stays NaN
    if not difference <= TOLERANCE:
        raise AssertionError(f"{type(port).__name__}: weights {difference:.1e} apart after {COMPARED_UPDATES} updates")
    return difference


def measure(
    everyone: dict[str, tuple[Update, int, DTypeLike]], x: NDArray, t: NDArray, rounds: int
) -> dict[str, NDArray]:
    """Interleave the contestants; return milliseconds per update in each round, by name."""
    batches = {np.dtype(dtype): (x[:BATCH_SIZE].astype(dtype), t[:BATCH_SIZE]) for _, _, dtype in everyone.values()}
    times: dict[str, list[float]] = {who: [] for who in everyone}
    for _ in range(rounds):
        for who, (update, repeats, dtype) in everyone.items():
            start = time.process_time()
            for _ in range(repeats):
                update(*batches[np.dtype(dtype)])
            times[who].append(1000 * (time.process_time() - start) / repeats)
    return {who: np.array(values) for who, values in times.items()}


def run(data: Dataset, rounds: int, *, depth: int = DEPTH) -> dict[str, Any]:
    """Check that the package and the source do the same work, then measure on one thread.

    Returns
    -------
    dict
        ``settings``; ``largest_difference`` of weights for each port; and for each contestant the
        smallest, median and largest of its ``milliseconds`` per update and of its ``ratio``, its
        time divided by the reference's in the same round.
    """
    x, t = data.train.x.astype(np.float64), data.train.t
    generator = np.random.RandomState(SEED)
    ports: dict[str, FourMatrixNetwork | TensorNetwork] = {
        "first implementation": FourMatrixNetwork(data.inputs, WIDTH, depth, ALPHA, generator),
        "second implementation": TensorNetwork(data.inputs, WIDTH, depth, ALPHA, generator),
    }
    with threadpool_limits(1):
        differences = {who: largest_difference(port, x, t) for who, port in ports.items()}
        source = ports["second implementation"]
        everyone: dict[str, tuple[Update, int, DTypeLike]] = {
            REFERENCE: (update_of_network(batched_copy(source, np.float32), 1.0), 20, np.float32),
            "helpers, float64": (update_of_network(batched_copy(source), 1.0), 20, np.float64),
            "helpers, one-sided growth": (
                update_of_network(batched_copy(source, np.float32), 1.0, two_way=False), 20, np.float32,
            ),
            **{who: (update_of_port(port), 1, np.float64) for who, port in ports.items()},
        }  # fmt: skip
        times = measure(everyone, x, t, rounds)
    return {
        "settings": {
            "depth": depth, "cells": 2 * WIDTH, "batch_size": BATCH_SIZE, "threads": 1, "rounds": rounds,
            "updates_compared": COMPARED_UPDATES, "reference": REFERENCE,
        },
        "largest_difference": differences,
        "milliseconds": {who: spread(values) for who, values in times.items()},
        "ratio": {who: spread(values / times[REFERENCE]) for who, values in times.items()},
        "ratio_of_shortest": {
            who: round(float(values.min() / times[REFERENCE].min()), 2) for who, values in times.items()
        },
    }  # fmt: skip


def show(result: dict[str, Any]) -> str:
    """Format what `run` returned, one row for each contestant."""
    return "\n".join(
        f"{who:<28}{times['median']:>9.2f} ms, {result['ratio'][who]['median']:.1f} times {REFERENCE}; "
        f"shortest {times['min']:.2f} ms, {result['ratio_of_shortest'][who]:.1f} times"
        for who, times in result["milliseconds"].items()
    )


if __name__ == "__main__":
    command_line(
        "error_diffusion_step", __doc__.splitlines()[0], lambda rounds: run(two_classes(mnist(), 0, 1), rounds), show
    )
