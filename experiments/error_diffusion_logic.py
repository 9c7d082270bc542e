"""How many rounds error diffusion needs for XOR and parity, beside the figures its author published.

Settings are his: alpha 0.8, beta 0.8, u0 0.4, u1 1, initial weights of size 0 to 1, patterns in order, one
update after each, and an end when the absolute errors of a round sum to less than 0.1. He counts all
cells of the hidden layer, excitatory and inhibitory. Nothing was chosen here.

References
----------
.. [1] I. Kaneko, Error diffusion learning method (in Japanese), web page, 1999.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.choosing import repeated
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.chapters.chapter4.online import rounds_to_learn
from helpers.data.tasks import parity

#: Rounds that Kaneko published: XOR by hidden cells (mean of 100 runs), parity by bits (64 hidden cells, mean of 10).
PUBLISHED = {
    "xor": {"8": 75, "16": 28, "32": 8.26, "64": 5.97, "128": 5.09, "256": 4.62},
    "xor_backpropagation": {"8": 137, "16": 127, "32": 117, "64": 94, "128": None, "256": None},
    "parity": {"3": 11, "4": 56, "5": 331},
    "parity_backpropagation": {"3": None, "4": None, "5": None},
}
XOR_CELLS = (8, 16, 32, 64, 128, 256)
PARITY_BITS, PARITY_CELLS = (3, 4, 5), 64

#: Networks of each kind, and how many of them the author had for parity.
RUNS, PARITY_RUNS = 100, 10
LIMIT = 10_000


def rounds(seed: int, bits: int, cells: int) -> float | None:
    """Return the rounds that one network needs for parity of some bits; None if it does not end."""
    network = BatchedNetworks.drawn(bits, cells // 2, 1, np.random.default_rng(seed))
    needed = float(rounds_to_learn(network, parity(bits), BatchedErrorDiffusion(), limit=LIMIT)[0])
    return needed if np.isfinite(needed) else None


def describe(counts: Sequence[float | None]) -> dict[str, Any]:
    """Return the counts, with the mean and standard deviation of the runs that ended, and the quartiles of all.

    How long the slowest runs take is chaotic: a rounding moves them by half, and with them a mean over ten. The
    standard deviation says by how much; the quartiles hardly move.
    """
    ended = [count for count in counts if count is not None]
    if 2 * len(ended) <= len(counts):
        raise ValueError(f"only {len(ended)} of {len(counts)} runs ended: their mean and median say nothing")
    lower, median, upper = np.quantile([LIMIT if count is None else count for count in counts], (0.25, 0.5, 0.75))
    return {
        "runs": len(counts),
        "per_seed": list(counts),
        "mean": float(np.mean(ended)),
        "sd": float(np.std(ended, ddof=1)) if len(ended) > 1 else 0.0,
        "quartiles": [float(lower), float(upper)],
        "median": float(median),
        "largest": float(max(ended)),
        "unfinished": len(counts) - len(ended),
    }


def stages(scale: Scale, seeds: range) -> Stages:
    """Count rounds for XOR by hidden cells, and for parity by bits in ten runs and in a hundred."""
    xor = {str(cells): repeated(rounds, seeds, bits=2, cells=cells) for cells in XOR_CELLS}
    more = {str(bits): repeated(rounds, seeds, bits=bits, cells=PARITY_CELLS) for bits in PARITY_BITS}
    found = yield from together({"xor": together(xor), "parity": together(more)})
    first = scale.seeds_of(range(PARITY_RUNS))
    return {
        "published": PUBLISHED,
        "settings": {"alpha": 0.8, "beta": 0.8, "u0": 0.4, "u1": 1.0, "limit": LIMIT, "parity_cells": PARITY_CELLS},
        "xor": {cells: describe(counts) for cells, counts in found["xor"].items()},
        "parity": {
            bits: {"seeds": list(first), **describe(counts[: len(first)])} for bits, counts in found["parity"].items()
        },
        "parity_more_runs": {bits: describe(counts) for bits, counts in found["parity"].items()},
    }


EXPERIMENTS = [Experiment("04-logic", stages, range(RUNS))]
