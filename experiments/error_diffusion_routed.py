"""Ten classes by error diffusion in one network of ten outputs, whose errors are routed to its hidden cells.

The ten networks of `experiments.error_diffusion_classes` have ten times 32 + 32 hidden cells. Here one network has as
many as one of them, or as all of them together. Data, batches, epochs, dropped pixels, loss and optimizer are those of
the ten. Each network chooses a learning rate and a u0 on the validation samples, at full length, by a walk that ends
where both neighbours are worse; then it is measured from the seeds of the ten.

Weights grow and shrink here, by the decrement option; a network that learns by the default rule says what growth alone
comes to. Two more could kill the claim that routing teaches the hidden layer: one whose cells all hear the sum of the
ten errors, and, in a file of its own, a wide one whose hidden layer stays as it was drawn.

References
----------
.. [1] Y. Yamada et al., Diffusing blame: task-dependent credit assignment in biologically plausible
   dual-stream networks, arXiv:2606.31700, 2026: 96.7 % with one network and modulo routing.
"""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np

from experiments.credit import at_an_edge, settled
from experiments.error_diffusion_classes import LOSSES, PUBLISHED, Settings, fitted, measure, timed
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter4.routed_error_diffusion import RoutedErrorDiffusion, everybody, modulo
from helpers.data.datasets import Dataset
from helpers.measures.diagnostics import OnlySome, upper_layers
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory, kinds_like
from helpers.networks.network import Diverged, Network, Rule

#: What the ten networks chose, with a decrement and routed errors: where the walks begin.
START = Settings(u0=0.4, drop=0.2, learning_rate=0.002, two_way=True, rule="routed")

#: Each network, by what it is called in the table.
NETWORKS = {
    "routed errors, 32 + 32 cells": START,
    "routed errors, growing only, 32 + 32 cells": replace(START, two_way=False),
    "summed errors, 32 + 32 cells": replace(START, rule="summed", learning_rate=0.0005),
    "routed errors, 320 + 320 cells": replace(START, pairs=320),
}

#: The frozen control: larger random weights, and a higher rate, since nothing else learns.
FROZEN = {
    "control: hidden layer frozen, 320 + 320 cells": replace(
        START, pairs=320, rule="frozen", scale=0.4, u0=0.8, learning_rate=0.032
    )
}

#: Values of each setting, along which a network walks; the learning rate is chosen first.
LINES: dict[str, list[float]] = {
    "learning_rate": [0.00003, 0.00006, 0.000125, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064],
    "u0": [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4],
}


def train(data: Dataset, seed: int, settings: Settings) -> Network:
    """Train one network with an output for each class; weights, batches and drops come from one generator."""
    rng = np.random.default_rng(seed)
    network = excitatory_inhibitory(
        data.inputs, settings.pairs, 1, rng, scale=settings.scale, u0=settings.u0,
        loss=LOSSES[settings.loss], outputs=data.classes, dtype=np.float32,
    )  # fmt: skip
    return fitted(network, data, rng, settings, rule_of(settings))


def rule_of(settings: Settings) -> Rule:
    """Return the learning rule of the settings."""
    rule = RoutedErrorDiffusion(everybody if settings.rule == "summed" else modulo, settings.two_way)
    return OnlySome(rule, upper_layers(1)) if settings.rule == "frozen" else rule


def validation_error(seed: int, data: Source, settings: Settings) -> float:
    """Return the error in percent on the validation samples; 100 for a run that breaks down."""
    samples = data.load()
    try:
        return 100 * (1 - train(samples, seed, settings).accuracy(samples.validation.x, samples.validation.t))
    except Diverged:
        return 100.0


def measured(seed: int, data: Source, settings: Settings) -> dict[str, Any]:
    """Train one network; return test accuracy, time, and whether the signs of the weights to the outputs were kept."""
    network, row = timed(train, seed, data, settings)
    last = network.trainable[-1].parameters["W"]
    return {**row, "signs_kept": bool((last.T * kinds_like(last.T) >= 0).all())}


def chosen_and_measured(scale: Scale, seeds: range, start: Settings) -> Stages:
    """Choose the settings of a network on the validation samples, and measure it with all training images."""
    best, tried = yield from settled(validation_error, start, LINES, score="validation_error", data=scale.data("MNIST"))
    found = yield from measure(scale, seeds, best, measured)
    return {"edges": at_an_edge(best, LINES), "tried": tried, **found}


def all_of(starts: dict[str, Settings], scale: Scale, seeds: range) -> Stages:
    """Choose the settings of each network, and measure it."""
    starts = {name: replace(start, epochs=scale.at_most(start.epochs)) for name, start in starts.items()}
    found = yield from together({name: chosen_and_measured(scale, seeds, start) for name, start in starts.items()})
    settings = asdict(next(iter(starts.values())))
    return {"settings": settings, "published": {"yamada2026": PUBLISHED["yamada2026"]}, "networks": found}


EXPERIMENTS = [
    Experiment("04-ten-classes-routed", partial(all_of, NETWORKS)),
    Experiment("04-ten-classes-routed-frozen", partial(all_of, FROZEN)),
]
