"""Zero against one on MNIST with up to 2,048 layers of 2 + 2 cells: what do the layers contribute?

The variant of the rule and the learning rate were chosen by validation accuracy at 512 layers, over the
rates and both variants below, and are kept for all depths. The controls train only some layers, or none:
logistic regression has no hidden cells at all.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from experiments.record import RESULTS, header, summary, write
from helpers.datasets import Dataset, mnist, two_classes
from helpers.error_diffusion import ErrorDiffusion, ErrorDiffusionNetwork
from helpers.optimizers import SGD
from helpers.training import fit

OUT = RESULTS / "04-depth.json"

#: Accuracy that the source prints for one run of 512 layers, and its settings.
PUBLISHED = {"depth": 512, "test": 0.9953}
PAIRS, BATCH_SIZE, EPOCHS, PUBLISHED_DEPTH = 2, 128, 10, 512
RATES = (0.2, 0.4, 0.8)
DEPTHS = (1, 8, 64, 512, 2048)

#: Which parameter arrays stay as they were drawn, in each control at 512 layers.
FROZEN = {
    "hidden layers": ("hidden",),
    "all but the output": ("first", "hidden"),
    "first layer": ("first",),
}


def train(
    data: Dataset, depth: int, seed: int, rate: float, two_way: bool, frozen: Sequence[str] = ()
) -> ErrorDiffusionNetwork:
    """Train one network; the arrays named in `frozen` keep their initial values."""
    rng = np.random.default_rng(seed)
    network = ErrorDiffusionNetwork(data.inputs, PAIRS, depth, rng, dtype=np.float32)
    diffusion = ErrorDiffusion(two_way)

    def rule(network: ErrorDiffusionNetwork, x: NDArray, t: NDArray) -> tuple[float, dict[str, NDArray]]:
        loss, updates = diffusion(network, x, t)
        return loss, {name: 0 * update if name in frozen else update for name, update in updates.items()}

    steps = EPOCHS * len(data.train) // BATCH_SIZE
    fit(network, data, SGD(rate), rng, steps=steps, batch_size=BATCH_SIZE, rule=rule, evaluate_every=steps)
    return network


def accuracies(data: Dataset, seeds: Sequence[int], *settings: Any) -> dict[str, Any]:
    """Return validation and test accuracy over seeds, and the mean processor seconds of a run."""
    start = time.process_time()
    networks = [train(data, settings[0], seed, *settings[1:]) for seed in seeds]
    seconds = (time.process_time() - start) / len(seeds)
    found = {
        name: summary([network.accuracy(split.x, split.t) for network in networks])
        for name, split in (("validation", data.validation), ("test", data.test))
    }
    print(*settings, {name: round(100 * part["mean"], 2) for name, part in found.items()}, flush=True)
    return found | {"processor_seconds": round(seconds, 1)}


def run(data: Dataset, seeds: Sequence[int]) -> dict[str, Any]:
    """Choose rate and variant at 512 layers, then vary the depth, freeze layers, and leave them all out."""
    tried = {
        (rate, two_way): accuracies(data, seeds, PUBLISHED_DEPTH, rate, two_way)
        for two_way in (False, True)
        for rate in RATES
    }
    rate, two_way = max(tried, key=lambda choice: tried[choice]["validation"]["mean"])
    depths = {
        str(depth): tried[rate, two_way] if depth == PUBLISHED_DEPTH else accuracies(data, seeds, depth, rate, two_way)
        for depth in DEPTHS
    }
    frozen = {
        name: accuracies(data, seeds, PUBLISHED_DEPTH, rate, two_way, arrays) for name, arrays in FROZEN.items()
    }
    frozen["first layer, of one"] = accuracies(data, seeds, 1, rate, two_way, ("first",))
    logistic = LogisticRegression(max_iter=1000).fit(data.train.x, data.train.t)
    return {
        "settings": {
            "pairs": PAIRS, "batch_size": BATCH_SIZE, "epochs": EPOCHS, "u0": 0.4, "threshold": 0.8,
            "rate": rate, "two_way": two_way,
        },
        "tried": [
            {"rate": rate, "two_way": two_way, "validation": found["validation"]["mean"]}
            for (rate, two_way), found in tried.items()
        ],
        "depth": depths,
        "frozen": frozen,
        "logistic_regression": {"test": float(logistic.score(data.test.x, data.test.t))},
    }  # fmt: skip


def main() -> None:
    """Run from the command line and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="number of runs (default: 5)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"file to write (default: {OUT})")
    arguments = parser.parse_args()
    start, seeds = time.perf_counter(), list(range(arguments.seeds))
    result = run(two_classes(mnist(), 0, 1), seeds)
    command = f"python -m experiments.error_diffusion_depth --seeds {arguments.seeds}"
    write(arguments.out, {**header(command, seeds, time.perf_counter() - start), "published": PUBLISHED, **result})


if __name__ == "__main__":
    main()
