"""Zero against one on MNIST with up to 512 layers of 2 + 2 cells: what do the layers contribute?

The controls train only some layers, or none: logistic regression has no hidden cells at all. Further controls take
the threshold inputs, which push random layers to one side, down or away. Every depth and every control is trained
with both variants of the rule, and each of these has a learning rate of its own, chosen by one procedure: the highest
mean validation accuracy, from seeds that no measured run uses. Where the best rate is the last of the grid, further
rates are tried until it is not, or until four are added.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from experiments.choosing import CHOOSING, best_rate, repeated
from experiments.record import summaries
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Run, Stages, together
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.data.datasets import Dataset
from helpers.measures.diagnostics import OnlySome
from helpers.networks.network import Network
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

#: Accuracy that the source prints for one run of 512 layers, and its settings.
PUBLISHED = {"depth": 512, "test": 0.9953}
PAIRS, BATCH_SIZE, EPOCHS = 2, 128, 10

#: The rates that are tried first, each a constant factor above the one before; how many more may follow at an edge;
#: and the seeds that choose among them.
RATES, MORE_RATES = (0.8, 1.6, 3.2), 4
CHOOSING_SEEDS = range(CHOOSING.start, CHOOSING.start + 5)

DEPTHS = (1, 8, 64, 512)

#: Kaneko's threshold input, in every row but those of THRESHOLDS.
BETA = 0.8

#: The frozen controls: hidden layers, and which parameter arrays stay as they were drawn.
FROZEN = {
    "512 layers, frozen above the first": (512, ("hidden",)),
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
    epochs: int = EPOCHS,
) -> BatchedNetworks:
    """Train one network; the arrays named in `frozen` keep their initial values."""
    rng = np.random.default_rng(seed)
    network = BatchedNetworks.drawn(data.inputs, PAIRS, depth, rng, threshold=threshold, dtype=np.float32)
    diffusion = BatchedErrorDiffusion(two_way)
    rule = OnlySome(diffusion, lambda network: network.parameters.keys() - set(frozen))  # type: ignore[arg-type]  # as below
    steps = epochs * len(data.train) // BATCH_SIZE
    fit(
        network, data, SGD(rate), rng,  # type: ignore[arg-type]  # BatchedNetworks offers what fit asks of a Network
        steps=steps, batch_size=BATCH_SIZE, rule=rule, score=None,
    )  # fmt: skip
    return network


def accuracies(seed: int, data: Source, **settings: Any) -> dict[str, float]:
    """Train one network; return its validation and test accuracy."""
    samples = data.load()
    return scores(train(samples, seed=seed, **settings), samples)


def scores(network: BatchedNetworks | Network, data: Dataset) -> dict[str, float]:
    """Return validation and test accuracy."""
    splits = {"validation": data.validation, "test": data.test}
    return {name: network.accuracy(split.x, split.t) for name, split in splits.items()}


def tuned(
    data: Source, seeds: range, epochs: int, depth: int, frozen: Sequence[str] = (), threshold: float = BETA
) -> Stages:
    """Choose a learning rate for each variant of the rule by validation accuracy.

    Returns
    -------
    dict
        For ``one way``, the default, and ``both ways``, the decrement option: see `at_its_best`.
    """
    common = {"data": data, "depth": depth, "frozen": list(frozen), "threshold": threshold, "epochs": epochs}
    return together(
        {
            name: at_its_best(accuracies, seeds, RATES, two_way=two_way, **common)
            for name, two_way in (("one way", False), ("both ways", True))
        }
    )


def at_its_best(function: Callable, seeds: Sequence[int], rates: Sequence[float], **settings: Any) -> Stages:
    """Choose a learning rate by mean validation accuracy, then measure from other seeds.

    Returns
    -------
    dict
        The ``rate`` chosen; the ``tried`` rates, in order of size, with their mean validation accuracy; ``validation``
        and ``test`` accuracy over the seeds; and ``failed``, the number of runs at chance.
    """
    rate, tried = yield from best_rate(function, CHOOSING_SEEDS, rates, more=MORE_RATES, **settings)
    rows = yield from repeated(function, seeds, rate=rate, **settings)
    failed = sum(row["test"] < FAILED for row in rows)
    return {"rate": rate, **summaries(rows), "failed": failed, "tried": tried}


def without_hidden_cells(seed: int, data: Source) -> dict[str, dict[str, float]]:
    """Return the test accuracy of logistic regression and of one answer to everything; nothing in it is random."""
    from sklearn.linear_model import LogisticRegression  # here, because it takes a second

    samples = data.load()
    model = LogisticRegression(max_iter=1000).fit(samples.train.x, samples.train.t)
    return {
        "logistic_regression": {"test": float(model.score(samples.test.x, samples.test.t))},
        "always_one": {"test": float(np.mean(samples.test.t == 1))},
    }


def stages(scale: Scale, seeds: range) -> Stages:
    """Vary the depth, freeze layers, take the threshold inputs away, and leave all layers out."""
    data, epochs = scale.data("MNIST 0/1"), scale.at_most(EPOCHS)
    found = yield from together(
        {
            "depth": together({str(depth): tuned(data, seeds, epochs, depth) for depth in DEPTHS}),
            "frozen": together({name: tuned(data, seeds, epochs, *row) for name, row in FROZEN.items()}),
            "thresholds": together(
                {name: tuned(data, seeds, epochs, 512, rows, beta) for name, (beta, rows) in THRESHOLDS.items()}
            ),
        }
    )
    (simple,) = yield [Run(without_hidden_cells, 0, {"data": data})]
    return {
        "published": PUBLISHED,
        "settings": {"pairs": PAIRS, "batch_size": BATCH_SIZE, "epochs": epochs, "u0": 0.4, "threshold": BETA},
        **found,
        **simple,
    }


EXPERIMENTS = [Experiment("04-depth", stages)]
