"""How long the network of cells takes for a batch, beside the source's first program, which goes layer by layer.

Layers of 2 + 2 cells, batches of 128 images of MNIST, 0 against 1. The cells take the images of a batch one after the
other and learn from each, as their author's program does; the layers learn from all of them at once. So the work is
nearly the same, the updates are not. The contestants take turns on one thread; processor time is measured.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from threadpoolctl import threadpool_limits

from benchmarks.error_diffusion_ports import FourMatrixNetwork
from benchmarks.error_diffusion_step import ALPHA, BATCH_SIZE, DEPTH, SEED, WIDTH, Update, measure, update_of_port
from benchmarks.interleaved import command_line, spread
from experiments.mnist import mnist
from helpers.chapters.chapter4.datasets import two_classes
from helpers.chapters.chapter4.error_diffusion_cells import CellNetwork
from helpers.data.datasets import Dataset

#: The contestant that the other is divided by.
REFERENCE = "first implementation"


def update_of_cells(cells: CellNetwork) -> Update:
    """Return a function that shows a network of cells one image after the other, and lets it learn from each."""

    def update(x: NDArray, t: NDArray) -> None:
        for sample, target in zip(x, t, strict=True):
            cells.forward(sample)
            cells.learn(target, ALPHA, two_way=True)

    return update


def run(data: Dataset, rounds: int, *, depth: int = DEPTH) -> dict[str, Any]:
    """Measure both on one thread.

    Returns
    -------
    dict
        ``settings``; and for each contestant the smallest, median and largest of its ``milliseconds`` per batch and
        of its ``ratio``, its time divided by the reference's in the same round.
    """
    x, t = data.train.x.astype(np.float64), data.train.t
    port = FourMatrixNetwork(data.inputs, WIDTH, depth, ALPHA, np.random.RandomState(SEED))
    cells = CellNetwork(data.inputs, WIDTH, depth, np.random.default_rng(SEED))
    with threadpool_limits(1):
        everyone: dict[str, tuple[Update, int, DTypeLike]] = {
            REFERENCE: (update_of_port(port), 10, np.float64),
            "cell by cell": (update_of_cells(cells), 1, np.float64),
        }
        times = measure(everyone, x, t, rounds)
    return {
        "settings": {"depth": depth, "cells": 2 * WIDTH, "batch_size": BATCH_SIZE, "threads": 1, "rounds": rounds},
        "milliseconds": {who: spread(values) for who, values in times.items()},
        "ratio": {who: spread(values / times[REFERENCE]) for who, values in times.items()},
    }


def show(result: dict[str, Any]) -> str:
    """Format what `run` returned, one row for each contestant."""
    return "\n".join(
        f"{who:<28}{times['median']:>9.1f} ms, {result['ratio'][who]['median']:.1f} times {REFERENCE}"
        for who, times in result["milliseconds"].items()
    )


if __name__ == "__main__":
    command_line(
        "error_diffusion_cells",
        __doc__.splitlines()[0],
        lambda rounds: run(two_classes(mnist(), 0, 1), rounds),
        show,
        rounds=10,
    )
