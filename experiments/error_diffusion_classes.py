"""Ten classes by error diffusion: ten networks, one for each digit of MNIST, trained as one tensor.

Six parts, each with a file of its own. `choose` picks the settings among those of a grid, by accuracy on the
validation samples, with a seed that no measured run uses. `measure` trains from five seeds on all 60,000
training images with these settings, without and with shifted copies, and looks at the test images. `control`
does the same, from the same seeds, for the same networks with a hidden layer that stays as it was drawn and for
backpropagation, each with a learning rate and a u0 chosen for it. `features` is the fairer frozen control: larger
random weights, and an output layer that moves both ways; beside it stands logistic regression, which has no hidden
layer. `ablate` changes one setting at a time, for a few epochs, and shows validation accuracy only; `directions`
gives both variants of the rule a rate and a u0 of their own for these epochs.

A network sees its weights as multiples of u0, so u0 is no setting apart: for error diffusion, and with Adam for every
rule, u0 = 0.4 in place of 1 is the same as initial weights and a rate 2.5 times as large.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024: 93 %.
.. [2] Y. Yamada et al., Diffusing blame: task-dependent credit assignment in biologically plausible
   dual-stream networks, arXiv:2606.31700, 2026: 96.7 % with one network and modulo routing.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from experiments.augmented import copies
from experiments.buffered_adam import BufferedAdam
from experiments.choosing import CHOOSING, choose, repeated
from experiments.record import summary
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Run, Stages, together
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.data.datasets import Dataset
from helpers.measures.diagnostics import OnlySome
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.training.loop import fit
from helpers.training.optimizers import SGD, LinearDecay

PUBLISHED = {"source": 0.93, "yamada2026": 0.967}


@dataclass(frozen=True)
class Settings:
    """What to train, and how.

    Attributes
    ----------
    pairs : int
        Excitatory (and inhibitory) cells of the hidden layer of each network.
    u0, scale : float
        Width of the sigmoid; largest initial weight.
    loss, optimizer : str
    learning_rate : float
        At the start; it falls in a straight line to zero.
    epochs, batch_size : int
    drop : float
        Share of the pixels of a training image that is set to zero.
    shift : int
        Largest random shift of a training image in each direction, in pixels.
    two_way : bool
        The variant of error diffusion.
    rule : str
        "error diffusion"; "frozen", the same with a hidden layer that does not learn; or "backpropagation".
    """

    pairs: int = 32
    u0: float = 1.0
    scale: float = 0.05
    loss: str = "cross-entropy"
    optimizer: str = "Adam"
    learning_rate: float = 0.003
    epochs: int = 15
    batch_size: int = 128
    drop: float = 0.0
    shift: int = 0
    two_way: bool = False
    rule: str = "error diffusion"


#: What is chosen from, everything with everything; and the part of it that each other rule chooses for itself.
GRID = {"learning_rate": (0.0005, 0.001, 0.002, 0.004), "u0": (0.4, 1.0), "drop": (0.0, 0.2)}
OWN = ("learning_rate", "u0")

#: What is minimised, by the name in the settings.
LOSSES = {"squared": sigmoid_squared_error, "cross-entropy": binary_cross_entropy}

#: Epochs and shift of the runs that are measured.
TASKS = {"plain": {}, "shifted": {"shift": 1, "drop": 0.0}}

#: The recipe of the source article, as far as one rate for all layers goes.
SOURCE = {"u0": 0.4, "scale": 1.0, "loss": "squared", "optimizer": "SGD", "learning_rate": 0.2, "two_way": True}

#: A frozen hidden layer whose features differ, below an output layer that can unlearn; and what it chooses from.
RANDOM_FEATURES = {"rule": "frozen", "two_way": True, "scale": 0.3}
FEATURE_GRID = {"learning_rate": (0.01, 0.03, 0.1), "u0": GRID["u0"]}

#: Epochs of the ablation, and what it changes in the chosen settings, of which u0 is 0.4.
ABLATED_EPOCHS = 3
VARIANTS: dict[str, dict[str, Any]] = {
    "as chosen": {},
    "initial weights up to 1": {"scale": 1.0},
    "squared error": {"loss": "squared"},
    "u0 = 1": {"u0": 1.0},
    "both directions": {"two_way": True},
    **{f"gradient descent, rate {rate}": {"optimizer": "SGD", "learning_rate": rate} for rate in (0.05, 0.2, 0.8)},
    "the source's: all of these, rate 0.2": SOURCE,
    "the source's, initial weights up to 0.05": {**SOURCE, "scale": 0.05},
}

#: What each variant of the rule chooses from, for the epochs of the ablation.
DIRECTION_GRID = {"learning_rate": (0.001, 0.002, 0.004, 0.008), "u0": GRID["u0"]}


def train(data: Dataset, seed: int, settings: Settings) -> BatchedNetworks:
    """Train ten networks side by side; weights, batches, drops and shifts come from one generator."""
    rng = np.random.default_rng(seed)
    network = BatchedNetworks.drawn(
        data.inputs, settings.pairs, 1, rng, networks=data.classes,
        scale=settings.scale, u0=settings.u0, loss=LOSSES[settings.loss], dtype=np.float32,
    )  # fmt: skip
    return fitted(network, data, rng, settings, rule_of(settings))


def fitted(network: Any, data: Dataset, rng: np.random.Generator, settings: Settings, rule: Any) -> Any:
    """Train a network, or several side by side, as the settings say; return it."""
    steps = settings.epochs * len(data.train) // settings.batch_size
    optimizer = {"Adam": BufferedAdam, "SGD": SGD}[settings.optimizer](settings.learning_rate)
    fit(
        network, data, LinearDecay(optimizer, steps), rng,
        steps=steps, batch_size=settings.batch_size, rule=rule, score=None,
        change=copies(data.image_shape, rng, shift=settings.shift, drop=settings.drop),
    )  # fmt: skip
    return network


def rule_of(settings: Settings) -> Any:
    """Return the learning rule of the settings, for `BatchedNetworks`."""
    if settings.rule == "backpropagation":
        return BatchedNetworks.gradients
    diffusion: Any = BatchedErrorDiffusion(settings.two_way)
    return diffusion if settings.rule == "error diffusion" else OnlySome(diffusion, lambda network: ["last"])


def validation_accuracy(seed: int, data: Source, settings: Settings) -> float:
    """Train ten networks; return their accuracy on the validation samples."""
    samples = data.load()
    return train(samples, seed, settings).accuracy(samples.validation.x, samples.validation.t)


def measured(seed: int, data: Source, settings: Settings) -> dict[str, Any]:
    """Train ten networks; return test accuracy, time, and whether the signs were kept."""
    network, row = timed(train, seed, data, settings)
    return {**row, "signs_kept": bool((network.parameters["last"][:, :-1, 0] * network.kinds >= 0).all())}


def timed(train: Callable[..., Any], seed: int, data: Source, settings: Settings) -> tuple[Any, dict[str, float]]:
    """Train; return what was trained, with its test accuracy and the time that it took."""
    samples = data.load()
    begin = time.process_time()
    network = train(samples, seed, settings)
    accuracy = network.accuracy(samples.test.x, samples.test.t)
    return network, {"test": accuracy, "processor_seconds": round(time.process_time() - begin, 1)}


def without_hidden_layer(seed: int, data: Source) -> float:
    """Return the test accuracy of logistic regression; nothing in it is random."""
    from sklearn.linear_model import LogisticRegression  # here, because it takes a second

    samples = data.load()
    model = LogisticRegression(max_iter=1000).fit(samples.train.x, samples.train.t)
    return float(model.score(samples.test.x, samples.test.t))


def best_of(scale: Scale, settings: Settings, grid: Mapping[str, Sequence[Any]], seeds: range = CHOOSING) -> Stages:
    """Try a grid on the validation samples; return its best settings, and everything that was tried."""
    settings = replace(settings, epochs=scale.at_most(settings.epochs))
    return choose(
        validation_accuracy,
        settings,
        grid,
        score="validation",
        best=max,
        places=6,
        seeds=seeds,
        data=scale.data("MNIST"),
    )


def measure(scale: Scale, seeds: range, settings: Settings, measured: Callable[..., Any] = measured) -> Stages:
    """Train from each seed on all training images; return what `measured` says."""
    data = scale.data("MNIST", with_validation=True)
    rows = yield from repeated(measured, seeds, data=data, settings=settings)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {"settings": asdict(settings), **columns, "test": summary(columns["test"])}


def chosen_and_measured(scale: Scale, seeds: range, settings: Settings, grid: Mapping[str, Sequence[Any]]) -> Stages:
    """Choose the best settings of a grid, and measure them."""
    best, tried = yield from best_of(scale, settings, grid)
    return {**(yield from measure(scale, seeds, best)), "tried": tried}


def chosen(scale: Scale, seeds: range) -> Stages:
    """Choose the settings of error diffusion."""
    best, tried = yield from best_of(scale, Settings(), GRID, seeds)
    return {"settings": asdict(best), "tried": tried}


def tasks(scale: Scale, seeds: range) -> Stages:
    """Measure error diffusion without and with shifted copies."""
    settings, _ = yield from best_of(scale, Settings(), GRID)
    found = yield from together(
        {name: measure(scale, seeds, replace(settings, **change)) for name, change in TASKS.items()}
    )
    return {"settings": asdict(settings), "published": PUBLISHED, "tasks": found}


def controls(scale: Scale, seeds: range) -> Stages:
    """Choose a learning rate and a u0 for each other rule, and measure it."""
    settings, _ = yield from best_of(scale, Settings(), GRID)
    own = {name: GRID[name] for name in OWN}
    found = yield from together(
        {
            rule: chosen_and_measured(scale, seeds, replace(settings, rule=rule), own)
            for rule in ("frozen", "backpropagation")
        }
    )
    return {"settings": asdict(settings), "rules": found}


def features(scale: Scale, seeds: range) -> Stages:
    """Choose a learning rate and a u0 for random features, and measure them; do without any features, too."""
    settings, _ = yield from best_of(scale, Settings(), GRID)
    found = yield from chosen_and_measured(scale, seeds, replace(settings, **RANDOM_FEATURES), FEATURE_GRID)
    (linear,) = yield [Run(without_hidden_layer, 0, {"data": scale.data("MNIST", with_validation=True)})]
    return {**found, "logistic_regression": {"test": linear}}


def ablation(scale: Scale, seeds: range) -> Stages:
    """Return the validation accuracy after a few epochs with one setting changed at a time."""
    settings, _ = yield from best_of(scale, Settings(), GRID)
    short = replace(settings, epochs=scale.at_most(ABLATED_EPOCHS))
    found = yield from together(
        {
            name: repeated(validation_accuracy, seeds, data=scale.data("MNIST"), settings=replace(short, **change))
            for name, change in VARIANTS.items()
        }
    )
    return {"settings": asdict(short), "validation": {name: summary(values) for name, values in found.items()}}


def variant(scale: Scale, seeds: range, settings: Settings) -> Stages:
    """Choose a learning rate and a u0 for a variant of the rule; return its validation accuracy from each seed."""
    best, tried = yield from best_of(scale, settings, DIRECTION_GRID)
    values = yield from repeated(validation_accuracy, seeds, data=scale.data("MNIST"), settings=best)
    return {"settings": asdict(best), "tried": tried, "validation": summary(values)}


def directions(scale: Scale, seeds: range) -> Stages:
    """Compare both variants of the rule after a few epochs, each at its own best settings."""
    settings, _ = yield from best_of(scale, Settings(), GRID)
    short = replace(settings, epochs=scale.at_most(ABLATED_EPOCHS))
    found = yield from together(
        {
            name: variant(scale, seeds, replace(short, two_way=two_way))
            for name, two_way in (("one way", False), ("both ways", True))
        }
    )
    return {"settings": asdict(short), "variants": found}


EXPERIMENTS = [
    Experiment("04-ten-classes-settings", chosen, CHOOSING),
    Experiment("04-ten-classes", tasks),
    Experiment("04-ten-classes-controls", controls),
    Experiment("04-ten-classes-features", features, range(3)),
    Experiment("04-ten-classes-ablation", ablation, range(3)),
    Experiment("04-ten-classes-directions", directions, range(3)),
]
