"""How many rounds error diffusion needs for XOR and parity, beside the figures its author published.

Settings are his: alpha 0.8, beta 0.8, u0 0.4, u1 1, initial weights of size 0 to 1, patterns in order, one
update after each, and an end when the absolute errors of a round sum to less than 0.1. He counts all
cells of the hidden layer, excitatory and inhibitory. Nothing was chosen here.

References
----------
.. [1] I. Kaneko, Error diffusion learning method (in Japanese), web page, 1999.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.record import RESULTS, header, write
from helpers.chapters.chapter4.online import rounds_to_learn
from helpers.data.datasets import parity
from helpers.rules.error_diffusion import ErrorDiffusion, ErrorDiffusionNetwork

OUT = RESULTS / "04-logic.json"

#: Rounds that Kaneko published: XOR by hidden cells (mean of 100 runs), parity by bits (64 hidden cells, mean of 10).
PUBLISHED = {
    "xor": {"8": 75, "16": 28, "32": 8.26, "64": 5.97, "128": 5.09, "256": 4.62},
    "xor_backpropagation": {"8": 137, "16": 127, "32": 117, "64": 94, "128": None, "256": None},
    "parity": {"3": 11, "4": 56, "5": 331},
    "parity_backpropagation": {"3": None, "4": None, "5": None},
}
XOR_RUNS, PARITY_RUNS, MORE_PARITY_RUNS = 100, 10, 100
PARITY_CELLS = 64
LIMIT = 10_000


def rounds(bits: int, cells: int, seeds: Sequence[int]) -> list[float]:
    """Return the rounds that one network per seed needs for parity of some bits."""
    counts = []
    for seed in seeds:
        network = ErrorDiffusionNetwork(bits, cells // 2, 1, np.random.default_rng(seed))
        counts.append(float(rounds_to_learn(network, parity(bits), ErrorDiffusion(), limit=LIMIT)[0]))
    return counts


def describe(counts: Sequence[float]) -> dict[str, Any]:
    """Return the mean over the runs that ended, the median over all, and the number that did not end."""
    ended = [count for count in counts if np.isfinite(count)]
    if 2 * len(ended) <= len(counts):
        raise ValueError(f"only {len(ended)} of {len(counts)} runs ended: their mean and median say nothing")
    return {
        "runs": len(counts),
        "mean": float(np.mean(ended)),
        "median": float(np.median(counts)),
        "largest": float(max(ended)),
        "unfinished": len(counts) - len(ended),
    }


def run() -> dict[str, Any]:
    """Count rounds for XOR by hidden cells, and for parity by bits in ten runs and in a hundred."""
    more = {bits: rounds(bits, PARITY_CELLS, range(MORE_PARITY_RUNS)) for bits in (3, 4, 5)}
    return {
        "settings": {"alpha": 0.8, "beta": 0.8, "u0": 0.4, "u1": 1.0, "limit": LIMIT, "parity_cells": PARITY_CELLS},
        "xor": {
            str(cells): describe(rounds(2, cells, range(XOR_RUNS))) for cells in (8, 16, 32, 64, 128, 256)
        },
        "parity": {str(bits): describe(counts[:PARITY_RUNS]) for bits, counts in more.items()},
        "parity_more_runs": {str(bits): describe(counts) for bits, counts in more.items()},
    }


def main() -> None:
    """Run from the command line and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, help=f"file to write (default: {OUT})")
    arguments = parser.parse_args()
    start = time.perf_counter()
    result = run()
    first = header("python -m experiments.error_diffusion_logic", list(range(XOR_RUNS)), time.perf_counter() - start)
    write(arguments.out, {**first, "published": PUBLISHED, **result})
    print(result["xor"], result["parity"], result["parity_more_runs"], sep="\n")


if __name__ == "__main__":
    main()
