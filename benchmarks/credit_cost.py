"""What an update costs under each rule: time, memory and multiplications, against width, depth and batch.

Excitatory and inhibitory cells behind 64 inputs, in float32; one of the three sizes varies, the others stay. An
update is one call of the rule: the loss, one array for each parameter array, and what the rule learns for itself,
such as decoders. The optimizer's step, the same for all, is not in it. The rules are interleaved on one thread (see
`benchmarks.interleaved`). The clock is the processor's, so that other work on the machine disturbs less. Memory is
the peak of what an update allocates, the arrays that it leaves behind included, as `tracemalloc` sees it.
"""

import time
import tracemalloc
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.interleaved import SEED, command_line, spread
from helpers import rules
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Network, Rule


class Sizes(NamedTuple):
    """Cells of each hidden layer, hidden layers, and samples in a batch."""

    width: int = 128
    depth: int = 4
    batch: int = 100

    @property
    def units(self) -> list[int]:
        """Numbers of units from input to output."""
        return [INPUTS, *[self.width] * self.depth, 1]


INPUTS = 64
AXES = {"width": [16, 32, 64, 128, 256, 512], "depth": [1, 2, 4, 8, 16], "batch": [1, 10, 100, 1000]}

#: Order of the multiplications along each axis, where it is large; and the sizes from which the exponent is fitted.
ORDER = {"width": 2, "depth": 1, "batch": 1}
LARGE = {"width": 128, "depth": 4, "batch": 100}

#: A turn goes on for about so many seconds, so that the clock can tell it.
TURN = 0.005


class Contestant:
    """One rule, with a network and a batch of some sizes."""

    def __init__(self, name: str, sizes: Sizes):
        rng = np.random.default_rng(SEED)
        self.network: Network = excitatory_inhibitory(
            INPUTS, sizes.width // 2, sizes.depth, rng, u0=2.0, loss=binary_cross_entropy, dtype=np.float32
        )
        self.rule: Rule = rules.make(name, self.network, rng)
        self.x: NDArray = rng.random((sizes.batch, INPUTS), dtype=np.float32)
        self.t: NDArray = rng.integers(2, size=sizes.batch)
        self.repeats = 1
        self.repeats = max(1, round(TURN / max(self.turn(), 1e-6)))

    def update(self) -> None:
        """Let the rule make one update of the batch."""
        self.rule(self.network, self.x, self.t)

    def turn(self) -> float:
        """Return the seconds of processor time per update, over some updates."""
        start = time.process_time()
        for _ in range(self.repeats):
            self.update()
        return (time.process_time() - start) / self.repeats

    def peak(self) -> int:
        """Return the largest number of bytes that an update had allocated at a time, after it has made one before."""
        tracemalloc.start()
        try:
            self.update()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def measured(sizes: Sizes, rounds: int) -> dict[str, dict[str, Any]]:
    """Interleave the rules of chapter 6 at some sizes; return microseconds, bytes and multiplications of an update."""
    everyone = {name: Contestant(name, sizes) for name in MULTIPLICATIONS}
    times = 1e6 * np.array([[contestant.turn() for contestant in everyone.values()] for _ in range(rounds)])
    return {
        "microseconds": {name: spread(values) for name, values in zip(everyone, times.T, strict=True)},
        "bytes": {name: contestant.peak() for name, contestant in everyone.items()},
        "multiplications": {name: MULTIPLICATIONS[name](sizes.units, sizes.batch) for name in everyone},
    }


def exponent(sizes: list[int], values: list[float]) -> float:
    """Return the power of the size with which a value grows: the slope of the straight line through the logarithms."""
    return round(float(np.polyfit(np.log(sizes), np.log(values), 1)[0]), 3)


def exponents(axis: str, found: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return for each rule the exponent of its time and of its multiplications over the large sizes of an axis."""
    large = [size for size in AXES[axis] if size >= LARGE[axis]]
    return {
        name: {
            "time": exponent(large, [found["microseconds"][str(size)][name]["median"] for size in large]),
            "multiplications": exponent(large, [found["multiplications"][str(size)][name] for size in large]),
            "order": ORDER[axis],
        }
        for name in MULTIPLICATIONS
    }


def run(rounds: int) -> dict[str, Any]:
    """Measure the rules of chapter 6 along all axes, on one thread.

    Returns
    -------
    dict
        ``settings``; and for each axis ``microseconds``, ``bytes`` and ``multiplications`` per update, by size and
        rule, and the ``exponent`` of time and multiplications in the large sizes, beside its order.
    """
    result: dict[str, Any] = {}
    with threadpool_limits(1):
        for axis, values in AXES.items():
            rows = {str(size): measured(Sizes()._replace(**{axis: size}), rounds) for size in values}
            what = ("microseconds", "bytes", "multiplications")
            found = {name: {size: row[name] for size, row in rows.items()} for name in what}
            result[axis] = {**found, "exponent": exponents(axis, found)}
    base = {**Sizes()._asdict(), "inputs": INPUTS, "dtype": "float32", "threads": 1, "rounds": rounds}
    return {"settings": {**base, "large": LARGE}, "axes": result}


def show(result: dict[str, Any]) -> str:
    """Format the median times, one row for each rule."""
    lines = []
    for axis, found in result["axes"].items():
        lines.append(f"{'us per update, ' + axis:<32}" + "".join(f"{size:>9}" for size in found["microseconds"]))
        for name, power in found["exponent"].items():
            times = "".join(f"{row[name]['median']:>9.0f}" for row in found["microseconds"].values())
            lines.append(f"{name:<32}{times}   {axis}^{power['time']:.2f} ({power['multiplications']:.2f})")
    return "\n".join(lines)


if __name__ == "__main__":
    command_line("credit_cost", __doc__.splitlines()[0], run, show, rounds=15)
