"""Zero against one on MNIST with up to 2,048 layers of 2 + 2 cells: what do the layers contribute?

The controls train only some layers, or none: logistic regression has no hidden cells at all. Further controls take
the threshold inputs, which push random layers to one side, down or away. Every depth and every control is trained
with both variants of the rule, and each of these has a learning rate of its own, the one among those below with the
highest mean validation accuracy over the seeds.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from experiments.record import RESULTS, command_line, summary
from helpers.data.datasets import Dataset, mnist, two_classes
from helpers.rules.error_diffusion import ErrorDiffusion, ErrorDiffusionNetwork
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

OUT = RESULTS / "04-depth.json"

#: Accuracy that the source prints for one run of 512 layers, and its settings.
PUBLISHED = {"depth": 512, "test": 0.9953}
PAIRS, BATCH_SIZE, EPOCHS = 2, 128, 10
RATES = (0.4, 0.8, 1.6)
DEPTHS = (1, 8, 64, 512, 2048)

#: Kaneko's threshold input, in every row but those of THRESHOLDS.
BETA = 0.8

#: The frozen controls: hidden layers, and which parameter arrays stay as they were drawn.
FROZEN = {
    "512 layers, frozen above the first": (512, ("hidden",)),
    "512 layers, frozen below the output": (512, ("first", "hidden")),
    "512 layers, first layer frozen": (512, ("first",)),
    "1 layer, frozen below the output": (1, ("first",)),
}

#: Networks of 512 layers with smaller threshold inputs: beta, and which arrays stay as they were drawn.
THRESHOLDS = {
    "512 layers, β = 0.2": (0.2, ()),
    "512 layers, β = 0.2, frozen above the first": (0.2, ("hidden",)),
    "512 layers, β = 0, frozen above the first": (0.0, ("hidden",)),
}

#: A run has failed if its test accuracy is below this: chance is one half.
FAILED = 0.6


def train(
    data: Dataset,
    depth: int,
    seed: int,
    rate: float,
    two_way: bool,
    frozen: Sequence[str] = (),
    threshold: float = BETA,
) -> ErrorDiffusionNetwork:
    """Train one network; the arrays named in `frozen` keep their initial values."""
    rng = np.random.default_rng(seed)
    network = ErrorDiffusionNetwork(data.inputs, PAIRS, depth, rng, threshold=threshold, dtype=np.float32)
    diffusion = ErrorDiffusion(two_way)

    def rule(network: ErrorDiffusionNetwork, x: NDArray, t: NDArray) -> tuple[float, dict[str, NDArray]]:
        loss, updates = diffusion(network, x, t)
        return loss, {name: 0 * update if name in frozen else update for name, update in updates.items()}

    steps = EPOCHS * len(data.train) // BATCH_SIZE
    fit(
        network, data, SGD(rate), rng,
        steps=steps, batch_size=BATCH_SIZE, rule=rule, score=lambda *_: 0.0, evaluate_every=steps,
    )  # fmt: skip
    return network


def tuned(
    data: Dataset, seeds: Sequence[int], depth: int, frozen: Sequence[str] = (), threshold: float = BETA
) -> dict[str, Any]:
    """Choose a learning rate for each variant of the rule by validation accuracy.

    Returns
    -------
    dict
        For ``one way``, the default, and ``both ways``, the decrement option: the ``rate`` chosen; the ``tried``
        rates with their mean validation accuracy; ``validation`` and ``test`` accuracy over the seeds; and
        ``failed``, the number of runs at chance.
    """
    return {
        name: best_of([accuracies(data, seeds, rate, depth, two_way, frozen, threshold) for rate in RATES])
        for name, two_way in (("one way", False), ("both ways", True))
    }


def accuracies(
    data: Dataset,
    seeds: Sequence[int],
    rate: float,
    depth: int,
    two_way: bool,
    frozen: Sequence[str],
    threshold: float,
) -> dict[str, Any]:
    """Return the rate, and validation and test accuracy over the seeds."""
    networks = [train(data, depth, seed, rate, two_way, frozen, threshold) for seed in seeds]
    validation, test = (
        summary([network.accuracy(split.x, split.t) for network in networks])
        for split in (data.validation, data.test)
    )
    print(depth, threshold, frozen, two_way, rate, test["per_seed"], flush=True)
    return {"rate": rate, "validation": validation, "test": test}


def best_of(tried: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the entry that did best on the validation samples, with a list of all that were tried."""
    best = max(tried, key=lambda found: found["validation"]["mean"])
    return {
        **best,
        "failed": sum(accuracy < FAILED for accuracy in best["test"]["per_seed"]),
        "tried": [{"rate": found["rate"], "validation": found["validation"]["mean"]} for found in tried],
    }


def run(data: Dataset, seeds: Sequence[int]) -> dict[str, Any]:
    """Vary the depth, freeze layers, take the threshold inputs away, and leave all layers out."""
    logistic = LogisticRegression(max_iter=1000).fit(data.train.x, data.train.t)
    return {
        "settings": {"pairs": PAIRS, "batch_size": BATCH_SIZE, "epochs": EPOCHS, "u0": 0.4, "threshold": BETA},
        "depth": {str(depth): tuned(data, seeds, depth) for depth in DEPTHS},
        "frozen": {name: tuned(data, seeds, depth, arrays) for name, (depth, arrays) in FROZEN.items()},
        "thresholds": {
            name: tuned(data, seeds, 512, arrays, beta) for name, (beta, arrays) in THRESHOLDS.items()
        },
        "logistic_regression": {"test": float(logistic.score(data.test.x, data.test.t))},
        "always_one": {"test": float(np.mean(data.test.t == 1))},
    }


if __name__ == "__main__":
    command_line(
        "error_diffusion_depth",
        __doc__,
        OUT,
        lambda seeds: {"published": PUBLISHED, **run(two_classes(mnist(), 0, 1), seeds)},
    )
