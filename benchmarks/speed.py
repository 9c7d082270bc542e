"""How long the training steps of all chapters take, beside plain ports, PyTorch, JAX compiled, and their floors.

One row for each step (`benchmarks.speed_rows`). PyTorch and JAX take part where they are installed; who is not is
named. Everyone must arrive at the weights of the package before anything is timed. Then the contestants of a row take
turns on one thread of one core, round after round. Processor time is measured, and the figure to trust is the ratio to
the package's time in the same round. The floor is the time of a step's matrix products alone (`benchmarks.floor`).
"""

import os
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.floor import Floor
from benchmarks.interleaved import REFERENCE, command_line, spread
from benchmarks.speed_rows import JAX, PORT, TORCH, Row, rows
from experiments.mnist import mnist
from helpers.data.datasets import digits

#: Who takes part only where this module is installed.
OPTIONAL = {TORCH: "torch", JAX: "jax"}

FLOOR = "floor"

#: Steps before the weights are compared, and how far from the package's somebody may arrive, as a share of the way that
#: those have moved. Rounding to float32 leaves 6e-8 of each number, and the way is some thousandth of a weight: so
#: 1e-4 of it, and more where a rule divides by something small, as Adam and the perturbations do. Another rule, or the
#: same one with a learning rate that differs by a hundredth, is off by more.
COMPARED_STEPS = 5
TOLERANCE = 5e-3

#: A turn of a contestant goes on for about so many seconds.
TURN = 0.1


class Turns(Protocol):
    """Whoever can make steps."""

    def train(self, steps: int) -> float:
        """Make `steps` updates."""


def present(row: Row) -> list[str]:
    """Return who of a row can take part here."""
    return [who for who in row.contestants if who not in OPTIONAL or find_spec(OPTIONAL[who])]


def agreement(row: Row) -> dict[str, float]:
    """Let everyone make some steps; return how far each arrives from the package, as a share of the package's way.

    Raises
    ------
    AssertionError
        If it is more than rounding explains: then somebody did other work, and the times would say nothing.
    """
    everyone = {who: row.contestants[who](True) for who in present(row)}
    start = {name: array.copy() for name, array in everyone[REFERENCE].weights().items()}
    for contestant in everyone.values():
        contestant.train(COMPARED_STEPS)
    arrived = everyone[REFERENCE].weights()
    way = distance(arrived, start)
    result = {}
    for who, contestant in everyone.items():
        if who == REFERENCE:
            continue
        weights = contestant.weights()
        if {name: array.shape for name, array in weights.items()} != {name: a.shape for name, a in arrived.items()}:
            raise AssertionError(f"{row.chapter} {row.rule}: {who} has other arrays than the package")
        result[who] = distance(weights, arrived) / way
        if not result[who] <= TOLERANCE:  # NaN is not
            raise AssertionError(
                f"{row.chapter} {row.rule}: {who} arrives {result[who]:.1e} of the way from the package"
            )
    return result


def distance(one: Mapping[str, NDArray], other: Mapping[str, NDArray]) -> float:
    """Return the Euclidean distance of all arrays, end to end, in float64."""
    return float(np.sqrt(sum(((one[name].astype(float) - array) ** 2).sum() for name, array in other.items())))


def timed(contestant: Turns, steps: int) -> float:
    """Return the microseconds of processor time of one step, over some steps."""
    start = time.process_time()
    contestant.train(steps)
    return 1e6 * (time.process_time() - start) / steps


def measured(row: Row, rounds: int) -> dict[str, Any]:
    """Let everyone in a row take turns; a turn has as many steps as fill its time.

    Returns
    -------
    dict
        ``microseconds`` of a step and ``ratio`` to the package's in the same round, by contestant; ``over_floor``, the
        package's time divided by the floor's; and ``steps`` in a turn.
    """
    everyone: dict[str, Turns] = {who: row.contestants[who](False) for who in present(row)}
    everyone[FLOOR] = Floor(row.products)
    steps = {}
    for who, contestant in everyone.items():
        timed(contestant, 2), contestant.train(2)
        steps[who] = max(1, round(1e6 * TURN / max(timed(contestant, 2), 1)))
        contestant.train(steps[who])  # JAX compiles anew for another number of steps
    times = np.array([[timed(one, steps[who]) for who, one in everyone.items()] for _ in range(rounds)]).T
    found = dict(zip(everyone, times, strict=True))
    package = found[REFERENCE]
    return {
        "microseconds": {who: quarters(values) for who, values in found.items()},
        "ratio": {who: quarters(values / package) for who, values in found.items() if who not in (REFERENCE, FLOOR)},
        "over_floor": quarters(package / found[FLOOR]),
        "steps": steps,
    }


def quarters(values: NDArray) -> dict[str, float]:
    """Return the smallest, the median and the largest value, and the limits of the middle half."""
    low, high = np.quantile(values, [0.25, 0.75])
    return {**spread(values), "low": round(float(low), 3), "high": round(float(high), 3)}


def run(rounds: int, every: Mapping[str, Row] | None = None) -> dict[str, Any]:
    """Compare and measure all rows, on one thread.

    Returns
    -------
    dict
        ``settings``, and the ``rows`` with chapter, rule, network, ``agreement``, ``missing``, and what `measured`
        returns.
    """
    on_one_core()
    absent = {who: f"not installed: pip install {name}" for who, name in OPTIONAL.items() if not find_spec(name)}
    result = {}
    with threadpool_limits(1):
        for name, row in (rows(mnist(), digits()) if every is None else every).items():
            told = {
                "chapter": row.chapter,
                "rule": row.rule,
                "network": row.network,
                "missing": {**absent, **row.missing},
            }
            result[name] = {**told, "agreement": agreement(row), **measured(row, rounds)}
    settings = {"threads": 1, "clock": "processor time", "rounds": rounds, "turn": TURN, "steps": COMPARED_STEPS}
    return {"settings": {**settings, "tolerance": TOLERANCE, "processor": processor()}, "rows": result}


def on_one_core() -> None:
    """Keep this process on one core, where the system can, and JAX on one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")


def processor() -> str:
    """Return what the system calls the processor; nothing where it does not say."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


def show(result: dict[str, Any]) -> str:
    """Format the median ratios, one line for each row."""
    names = [PORT, TORCH, JAX]
    lines = [f"{'':<62}{'us':>8}" + "".join(f"{who:>12}" for who in [*names, FLOOR])]
    for row in result["rows"].values():
        ratios = [f"{row['ratio'][who]['median']:.2f}" if who in row["ratio"] else "–" for who in names]
        cells = [*ratios, f"{row['over_floor']['median']:.1f}"]
        name = f"{row['chapter']}  {row['rule']}, {row['network']}"
        time_of_package = row["microseconds"][REFERENCE]["median"]
        lines.append(f"{name:<62}{time_of_package:>8.0f}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    command_line("speed", __doc__.splitlines()[0], run, show, rounds=21)
