"""The two-layer network of chapter 1 on the whole of MNIST, trained from several seeds.

The settings are those of the source and were fixed beforehand; none was chosen by looking at
a result. The source trains on all 60,000 published samples; here 10,000 of them are kept for
validation, so the network sees a sixth less.

References
----------
.. [1] K. Saitoh, Deep Learning from Scratch (in Japanese), O'Reilly Japan, 2016, section 5.7.4.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from experiments.choosing import repeated
from experiments.record import summaries
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages
from helpers.datasets import Dataset
from helpers.network import Network
from helpers.optimizers import SGD
from helpers.training import History, fit

#: Printed in the notebook of the source at its last evaluation; its train samples are all 60,000.
PUBLISHED = {"step": 9_600, "samples": 60_000, "train": 0.9779, "test": 0.9690}

#: Steps that one point of a stored loss curve averages.
LOSS_WINDOW = 100


@dataclass(frozen=True)
class Settings:
    """What to train, and how; the defaults are the source's.

    Attributes
    ----------
    hidden : int
        Units of the hidden layer.
    initial_sd : float
        Standard deviation of the normal initial weights; biases start at 0.
    steps, batch_size : int
    learning_rate : float
    """

    hidden: int = 50
    initial_sd: float = 0.01
    steps: int = 10_000
    batch_size: int = 100
    learning_rate: float = 0.1


def train(data: Dataset, seed: int, settings: Settings) -> tuple[Network, History]:
    """Train one network; its weights and its batches come from one generator.

    Parameters
    ----------
    data : Dataset
    seed : int
    settings : Settings

    Returns
    -------
    network : Network
    history : History
        With one evaluation per epoch.
    """
    rng = np.random.default_rng(seed)
    network = Network.dense([data.inputs, settings.hidden, data.classes], rng, scale=settings.initial_sd)
    optimizer = SGD(settings.learning_rate)
    history = fit(network, data, optimizer, rng, steps=settings.steps, batch_size=settings.batch_size)
    return network, history


def run(seed: int, data: Source, settings: Settings) -> dict[str, Any]:
    """Train one network; return its final ``accuracy`` on each split and its ``curve``."""
    samples = data.load()
    network, history = train(samples, seed, settings)
    splits = {"train": samples.train, "validation": samples.validation, "test": samples.test}
    return {
        "samples": {name: len(split) for name, split in splits.items()},
        "accuracy": {name: network.accuracy(split.x, split.t) for name, split in splits.items()},
        "curve": curve(seed, history),
    }


def curve(seed: int, history: History) -> dict[str, Any]:
    """Return a history short enough to keep: rounded, the loss averaged over windows."""
    return {
        "seed": seed,
        "steps": history.steps,
        "train": [round(value, 5) for value in history.train],
        "validation": [round(value, 5) for value in history.validation],
        "loss": [round(value, 5) for value in window_means(history.loss, LOSS_WINDOW)],
    }


def window_means(values: Sequence[float], size: int) -> list[float]:
    """Return the mean of each run of `size` values; the last run may be shorter."""
    return [float(np.mean(values[start : start + size])) for start in range(0, len(values), size)]


def stages(scale: Scale, seeds: range) -> Stages:
    """Train one network per seed.

    Returns
    -------
    dict
        ``published``; ``settings``, sizes of the ``samples``, final ``accuracy`` on each split (per seed, mean,
        sd), and per seed the ``curves``: accuracy at each evaluation, and the loss averaged over
        windows of ``loss_window`` steps.
    """
    settings = Settings()
    if scale.epochs:
        settings = replace(settings, steps=scale.epochs * LOSS_WINDOW)
    found = yield from repeated(run, seeds, data=scale.data("MNIST"), settings=settings)
    return {
        "published": PUBLISHED,
        "settings": {**asdict(settings), "loss_window": LOSS_WINDOW},
        "samples": found[0]["samples"],
        "accuracy": summaries([one["accuracy"] for one in found]),
        "curves": [one["curve"] for one in found],
    }


EXPERIMENTS = [Experiment("01-mnist-two-layer", stages)]
