"""What the benchmarks share: contestants who must do the same work, interleaved, and compared.

The steps of the contestants are interleaved, some hundred each, round after round, on one thread. Their
times differ between rounds with whatever else the machine does, so the figure to trust is the
ratio of two contestants in the same round: the median of it over the rounds is reported.
"""

import argparse
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.record import header, write
from helpers.data.datasets import Dataset
from helpers.networks.network import Network, Rule
from helpers.training.loop import fit
from helpers.training.optimizers import Optimizer

#: The contestant that the others are divided by.
REFERENCE = "helpers"

SEED = 0


class Contestant(Protocol):
    """One way to train a network."""

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that they took."""

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters, in the shapes of the package's."""


class Fit:
    """The package, through `helpers.training.loop.fit`.

    Parameters
    ----------
    network : Network
    data : Dataset
    optimizer : Optimizer
    batch_size : int
    rule : Rule
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        optimizer: Optimizer,
        batch_size: int,
        rule: Rule = Network.gradients,
    ):
        self.network, self.data, self.optimizer = network, data, optimizer
        self.batch_size, self.rule = batch_size, rule
        self.rng = np.random.default_rng(SEED)

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that `fit` took, without scoring.

        Between two rounds the generator is set to where a loop that draws batch by batch would have
        left it: `fit` draws the rows of many batches at once.
        """
        state = self.rng.bit_generator.state
        start = time.perf_counter()
        fit(
            self.network,
            self.data,
            self.optimizer,
            self.rng,
            steps=steps,
            batch_size=self.batch_size,
            rule=self.rule,
            score=None,
        )
        seconds = time.perf_counter() - start
        self.rng.bit_generator.state = state
        self.rng.integers(len(self.data.train), size=(steps, self.batch_size))
        return seconds

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.network.parameters


def check_agreement(everyone: dict[str, Contestant], steps: int, tolerance: float) -> float:
    """Train everyone for some steps and return the largest difference between their weights.

    Raises
    ------
    AssertionError
        If a contestant's weights differ from the reference's by more than the tolerance, which is
        what rounding explains: then it did other work, and its time would say nothing.
    """
    for contestant in everyone.values():
        contestant.train(steps)
    expected = everyone[REFERENCE].weights()
    for who, contestant in everyone.items():
        if {name: array.shape for name, array in contestant.weights().items()} != {
            name: array.shape for name, array in expected.items()
        }:
            raise AssertionError(f"{who}: other arrays than those of {REFERENCE}")
    differences = {
        (who, name): float(np.abs(array - expected[name]).max())
        for who, contestant in everyone.items()
        for name, array in contestant.weights().items()
    }
    for (who, name), difference in differences.items():
        if not difference <= tolerance:  # NaN is not
            raise AssertionError(f"{who}: {name} is {difference:.1e} off after {steps} steps")
    return max(differences.values())


def measure(everyone: dict[str, Contestant], rounds: int, steps: int) -> dict[str, Any]:
    """Interleave the contestants, `steps` updates each in every round.

    Returns
    -------
    dict
        For each contestant the smallest, median and largest of its ``microseconds`` per step and
        of its ``ratio``, its time divided by the reference's in the same round.
    """
    seconds = [[contestant.train(steps) for contestant in everyone.values()] for _ in range(rounds)]
    times = dict(zip(everyone, 1e6 / steps * np.array(seconds).T, strict=True))
    return {
        "microseconds": {who: spread(values) for who, values in times.items()},
        "ratio": {who: spread(values / times[REFERENCE]) for who, values in times.items()},
    }


def spread(values: NDArray) -> dict[str, float]:
    """Return the smallest, the median and the largest of some values."""
    return {
        "min": round(float(values.min()), 3),
        "median": round(float(np.median(values)), 3),
        "max": round(float(values.max()), 3),
    }


def table(result: dict[str, Any], title: str = "us per step") -> str:
    """Format what `measure` returned, one row for each contestant."""
    head = f"{title:<30}{'min':>8}{'median':>8}{'max':>8}   times {REFERENCE} (min to max)"
    rows = [
        f"{who:<30}{times['min']:>8.0f}{times['median']:>8.0f}{times['max']:>8.0f}"
        f"   {ratio['median']:.2f} ({ratio['min']:.2f} to {ratio['max']:.2f})"
        for (who, times), ratio in zip(result["microseconds"].items(), result["ratio"].values(), strict=True)
    ]
    return "\n".join([head, *rows])


def command_line(
    module: str,
    description: str,
    run: Callable[..., dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
    *,
    rounds: int = 40,
    steps: int | None = None,
) -> None:
    """Read a benchmark's arguments, run it, print its figures, and write them if a file is named.

    Parameters
    ----------
    module : str
        Its name in this folder.
    description : str
    run : callable
        Takes rounds, and steps where there are any; returns what is to be written.
    show : callable
        Formats that for the screen.
    rounds, steps : int
        Turns of each contestant, and updates in each turn, unless told otherwise. Without steps,
        the benchmark says itself how many updates a turn has.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--rounds", type=int, default=rounds, help=f"times that each contestant runs (default: {rounds})"
    )
    if steps is not None:
        parser.add_argument("--steps", type=int, default=steps, help=f"updates in each turn (default: {steps})")
    parser.add_argument("--out", type=Path, help="file to write; the book's is in book/results")
    options = parser.parse_args()
    amounts = {name: value for name, value in vars(options).items() if name != "out"}
    if min(amounts.values()) < 1:
        parser.error("need at least one round of one step")
    start = time.perf_counter()
    result = run(**amounts)
    print(show(result))
    if options.out:
        command = " ".join(
            [f"python -m benchmarks.{module}", *(f"--{name} {value}" for name, value in amounts.items())]
        )
        seconds = time.perf_counter() - start
        packages = [name for name in ("torch", "jax") if find_spec(name) and name in str(result).lower()]
        write(
            options.out,
            {**header(f"{command} --out {options.out.as_posix()}", [SEED], seconds, packages), **result},
        )
