"""The network of chapter 3 at its source's settings and at better ones, from several seeds.

The source's settings were fixed beforehand; the learning rates of the others are those with the
lowest validation error in `experiments.zipser_andersen_rates`.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.choosing import repeated
from experiments.record import summaries
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter3.coordinate_network import network_for, summed_squared_error
from helpers.chapters.chapter3.coordinate_task import Positions, Task, make_task
from helpers.chapters.chapter3.population_codes import TemplateDecoder, distance
from helpers.data.datasets import Dataset
from helpers.networks.activations import sigmoid
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.training.loop import History, fit
from helpers.training.optimizers import SGD, Adam

#: Training samples of the source; 500 more are for validation and 500 for the test.
TRAIN = 9_500

#: Optimizers by the names that settings have for them.
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}

#: Losses by the names that settings have for them.
LOSSES = {"cross-entropy": binary_cross_entropy, "squared": sigmoid_squared_error}

#: Learning rates with the lowest validation error: for each kind of data, eye code and size, and for the page.
RATES = {
    "head-2-16": 4.0,
    "head-2-25": 4.0,
    "head-32-16": 4.0,
    "head-32-25": 4.0,
    "eye-2-16": 8.0,
    "eye-2-25": 4.0,
    "eye-32-16": 4.0,
    "eye-32-25": 2.0,
    "page": 2.0,
    "page-2": 4.0,
    "page-monotonic": 2.0,
    "page-squared": 8.0,
}

#: The same for Adam.
ADAM_RATES = {"page": 0.01, "page-2": 0.02}

#: The same for SGD where r and e are asked for apart, in two maps.
APART_RATES = {"page": 2.0, "page-2": 2.0}


@dataclass(frozen=True)
class Settings:
    """What to train, and how; the defaults are the source's.

    Attributes
    ----------
    independent : {"head", "eye"}
        What is drawn independently of the retinal position.
    eye_inputs : {2, 32}
    hidden, batch_size, epochs : int
    learning_rate : float
    points : int
        Evaluations to keep of each run, besides the first.
    output : {"Gaussian", "monotonic"}
    eye_factor : {1, 0, -1}
        What the network is asked for: r + e, or as a control r or r - e.
    optimizer : {"SGD", "Adam"}
    loss : {"cross-entropy", "squared"}
    apart : bool
        As another control, the network is asked for r and e, each in a map of its own.
    """

    independent: str = "head"
    eye_inputs: int = 2
    hidden: int = 16
    batch_size: int = 25
    epochs: int = 1000
    learning_rate: float = 0.01
    points: int = 50
    output: str = "Gaussian"
    eye_factor: int = 1
    optimizer: str = "SGD"
    loss: str = "cross-entropy"
    apart: bool = False


#: The two that are compared.
SETTINGS = {"source": Settings(), "faster": Settings(epochs=100, learning_rate=RATES["head-2-16"])}

#: The faster one with either kind of data, either eye code and two sizes of the hidden layer.
GRID = {
    f"{kind}-{eye_inputs}-{hidden}": Settings(
        kind, eye_inputs, hidden, epochs=100, learning_rate=RATES[f"{kind}-{eye_inputs}-{hidden}"], points=1
    )
    for kind in ("head", "eye")
    for eye_inputs in (2, 32)
    for hidden in (16, 25)
}

#: The network that the chapter studies; with two eye inputs; with the other output format; with the other loss.
STUDIED = Settings("eye", 32, 25, epochs=32, learning_rate=RATES["page"], points=1)
PAGE = {
    "page": STUDIED,
    "page-2": replace(STUDIED, eye_inputs=2, learning_rate=RATES["page-2"]),
    "page-monotonic": replace(STUDIED, output="monotonic", learning_rate=RATES["page-monotonic"]),
    "page-squared": replace(STUDIED, loss="squared", learning_rate=RATES["page-squared"]),
}

#: Two of these with Adam instead of SGD.
ADAM = {name: replace(PAGE[name], optimizer="Adam", learning_rate=rate) for name, rate in ADAM_RATES.items()}

#: Two of these where r and e are asked for apart.
APART = {name: replace(PAGE[name], apart=True, learning_rate=rate) for name, rate in APART_RATES.items()}


@dataclass(frozen=True)
class Start:
    """All that training begins with.

    Attributes
    ----------
    task : Task
    data : Dataset
    test : Positions
        Of the test samples, in degrees.
    network : Network
    rng : numpy.random.Generator
        For the mini-batches.
    """

    task: Task
    data: Dataset
    test: Positions
    network: Network
    rng: np.random.Generator


def begin(seed: int, settings: Settings, keep: Callable[[Positions], NDArray] | None = None) -> Start:
    """Draw the data, then the initial weights; the same seed gives the same.

    `keep` says which training positions stay, as in `Task.dataset`; the weights do not depend on it.
    """
    task = make_task(settings.independent, settings.eye_inputs, settings.output, settings.eye_factor, settings.apart)
    rng = np.random.default_rng(seed)
    data, test = task.dataset(rng, train=TRAIN, keep=keep)
    network = network_for(task, settings.hidden, rng, LOSSES[settings.loss])
    return Start(task, data, test, network, rng)


def train(start: Start, settings: Settings) -> History:
    """Train the network in place; the scores of the history are summed squared errors."""
    steps = settings.epochs * (TRAIN // settings.batch_size)
    return fit(
        start.network,
        start.data,
        OPTIMIZERS[settings.optimizer](settings.learning_rate),
        start.rng,
        steps=steps,
        batch_size=settings.batch_size,
        score=summed_squared_error,
        evaluate_every=max(steps // settings.points, 1),
    )


def tested(start: Start) -> dict[str, float]:
    """Return how well a network does on the test samples.

    Returns
    -------
    dict
        ``error``: summed squared error; ``mean_degrees`` and ``median_degrees``: decoding
        error by template correlation, over all maps.
    """
    x, t = start.data.test.x, start.data.test.t
    answers, decoder = start.task.answers(start.test), TemplateDecoder(start.task.head)
    maps = np.split(sigmoid(start.network.predict(x)), len(answers), axis=1)
    degrees = np.concatenate([distance(decoder.decode(one), answer) for one, answer in zip(maps, answers, strict=True)])
    return {
        "error": summed_squared_error(start.network, x, t),
        "mean_degrees": float(degrees.mean()),
        "median_degrees": float(np.median(degrees)),
    }


def run_one(seed: int, settings: Settings) -> dict[str, dict[str, Any]]:
    """Train one network; return its figures on the ``test`` samples, with its seconds, and its ``history``."""
    start = begin(seed, settings)
    before = time.perf_counter()
    history = train(start, settings)
    seconds = round(time.perf_counter() - before, 1)
    errors = [round(value, 5) for value in history.validation]
    return {
        "test": {**tested(start), "seconds": seconds},
        "history": {"seed": seed, "steps": history.steps, "validation_error": errors},
    }


def stages(scale: Scale, seeds: range) -> Stages:
    """Train one network for each seed and setting; return what the result file keeps."""
    settings = {name: replace(one, epochs=scale.at_most(one.epochs)) for name, one in (SETTINGS | GRID | PAGE).items()}
    found = yield from together({name: repeated(run_one, seeds, settings=one) for name, one in settings.items()})
    runs = {
        name: {
            "test": summaries([one["test"] for one in rows]),
            "histories": [one["history"] for one in rows],
        }
        for name, rows in found.items()
    }
    return {"settings": {name: asdict(one) for name, one in settings.items()}, "runs": runs}


EXPERIMENTS = [Experiment("03-zipser-andersen", stages)]
