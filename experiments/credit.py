"""What the experiments of chapter 6 share: every rule on one network, and the choice of its settings.

Is a digit odd or even? One output says it. Two grounds carry the rules: excitatory and inhibitory cells, the only
ground that error diffusion knows, and layers of tanh with random orthogonal weights, on which backpropagation is at
its best. Every rule chooses its own settings by one procedure, at full length, on the validation samples.

The rate is relative: Adam's learning rate is ``rate * u0``. A network whose weights and u0 are twice as large
computes the same, and would need twice as long a step; so u0 says how steep the cells are, and the rate how fast
they learn, and one can be chosen after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.buffered_adam import BufferedAdam
from experiments.choosing import choose, line_search
from experiments.scale import Source
from experiments.sweep import Stages
from helpers import rules
from helpers.chapters.chapter6.ground import PAIRS, cells, odd_or_even
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.data.datasets import Dataset, Split
from helpers.measures.diagnostics import OnlySome, angles, upper_layers
from helpers.networks.excitatory_inhibitory import OutputCell
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Tanh
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Diverged, Network, Rule
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.loop import fit
from helpers.training.optimizers import LinearDecay

#: Units of every hidden layer; half of them are excitatory, if they are cells.
WIDTH = 2 * PAIRS

GROUNDS = ("cells", "tanh")

#: The control: backpropagation of the two upper layers, on what the lower ones were born with.
TOP = "top"

#: Values of each setting, along which `line_search` walks; the rate is chosen first.
LINES: dict[str, list[float]] = {
    "rate": [0.00015, 0.0005, 0.0015, 0.005, 0.015, 0.05, 0.15, 0.5],
    "u0": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
}

#: What cells try first, at a low rate: a walk alone would not leave a plateau at chance.
FIRST_LOOK = {"u0": [1.0, 2.0, 4.0, 8.0, 16.0], "rate": [0.0015]}

#: How long the step to the first target is; target propagation learns nothing in deep networks with short ones.
TARGET_RATES = {"difference_target_propagation": 0.5, "target_propagation": 50.0}

#: Seeds of the first look, and of the walk; node perturbation took ten times as long then, and walked with one.
LOOKING, WALKING = range(1000, 1001), range(1001, 1004)
SLOW = ("node_perturbation",)

#: A hidden unit is saturated where its slope is below this share of the largest it could have.
SATURATED = 0.1


@dataclass(frozen=True)
class Settings:
    """What to train, and how.

    Attributes
    ----------
    ground : str
        One of `GROUNDS`.
    depth : int
        Hidden layers.
    u0 : float
        Width of the cells' sigmoid; 1 for tanh, which has none.
    rate : float
        Of Adam, as a multiple of u0; falls to zero in a straight line.
    epochs, batch_size : int
    """

    ground: str
    depth: int
    u0: float = 2.0
    rate: float = 0.005
    epochs: int = 30
    batch_size: int = 50

    @property
    def learning_rate(self) -> float:
        """Adam's learning rate at the start."""
        return self.rate * self.u0


def contestants(ground: str) -> list[str]:
    """Return the names of the rules of chapter 6 that can train a network of this ground, and of the control."""
    return [*(name for name in MULTIPLICATIONS if ground == "cells" or name != "error_diffusion"), TOP]


def network_of(inputs: int, settings: Settings, rng: np.random.Generator) -> Network:
    """Return a network of the ground's kind, in float32, that says with one output which class it sees."""
    if settings.ground == "cells":
        return cells(inputs, settings.depth, rng, settings.u0)
    sizes = [inputs, *[WIDTH] * settings.depth, 1]
    output = OutputCell(binary_cross_entropy, u0=2.0)  # of this width, its sum is the logit
    return Network.dense(sizes, rng, activation=Tanh, initial=orthogonal, loss_layer=output)


def rule_of(name: str, network: Network, rng: np.random.Generator) -> Rule:
    """Return a rule of the book, or the control, for a network: as usual, but for its target rate."""
    if name == TOP:
        return OnlySome(Network.gradients, upper_layers(2))
    rule = rules.make(name, network, rng)
    if isinstance(rule, TargetPropagation):
        rule.target_rate = TARGET_RATES[name]
    return rule


def train(data: Dataset, rule: str, settings: Settings, seed: int) -> tuple[Network, Rule]:
    """Train one network; weights, batches and all that the rule draws come from one generator."""
    rng = np.random.default_rng(seed)
    network = network_of(data.inputs, settings, rng)
    learn = rule_of(rule, network, rng)
    steps = settings.epochs * len(data.train) // settings.batch_size
    optimizer = LinearDecay(BufferedAdam(settings.learning_rate), steps)
    fit(network, data, optimizer, rng, steps=steps, batch_size=settings.batch_size, rule=learn, score=None)
    return network, learn


def validation_error(seed: int, data: Source, rule: str, settings: Settings) -> float:
    """Return the error in percent on the validation samples; 100 for a run that breaks down."""
    samples = odd_or_even(data.load())
    try:
        network, _ = train(samples, rule, settings, seed)
        return 100 * (1 - network.accuracy(samples.validation.x, samples.validation.t))
    except Diverged:
        return 100.0


def measured(seed: int, data: Source, rule: str, settings: Settings) -> dict[str, Any]:
    """Train one network; return its accuracy on the test samples, and what `looks` sees on the validation samples.

    A run that breaks down has no answer right, every unit saturated, and updates that point nowhere.
    """
    samples = odd_or_even(data.load())
    try:
        network, learn = train(samples, rule, settings, seed)
        test = network.accuracy(samples.test.x, samples.test.t)
        return {"test": round(test, 5), **looks(network, learn, samples.validation)}
    except Diverged:
        return {"test": 0.0, "saturated": 1.0, "angle": [90.0] * (settings.depth + 1)}


def looks(network: Network, rule: Rule, split: Split) -> dict[str, Any]:
    """Return the share of saturated hidden units, and for each layer's weights their update's angle to the gradient.

    The angle is in degrees, for one batch of all the samples; of a rule that nudges, it is that of one draw.
    """
    _, arrays = rule(network, split.x, split.t)
    _, gradients = network.gradients(split.x, split.t)
    found = angles(arrays, gradients)
    slopes = np.concatenate([relative_slopes(layer).ravel() for layer in network.layers if not layer.parameters])
    return {
        "saturated": round(float(np.mean(slopes < SATURATED)), 4),
        "angle": [round(found[f"W{i}"], 3) for i in range(1, len(network.trainable) + 1)],
    }


def relative_slopes(layer: Any) -> np.ndarray:
    """Return the slopes of the units of a layer in its last forward pass, as shares of the largest possible."""
    return 1 - layer.y**2 if isinstance(layer, Tanh) else 4 * layer.y * (1 - layer.y)


def lines_of(ground: str) -> dict[str, list[float]]:
    """Return what a rule has to choose on a ground, and from what."""
    return LINES if ground == "cells" else {"rate": LINES["rate"]}


def walking_seeds(rule: str, seeds: range) -> range:
    """Return the seeds that a rule walks with: of a slow one, the first alone."""
    return seeds[:1] if rule in SLOW else seeds


def settled(function: Callable[..., float], start: Any, lines: dict[str, list[float]], **more: Any) -> Stages:
    """Walk along the lines again and again, until a walk ends where it began.

    One walk alone may stop where the rate that was best for its first width is not the best for its last.

    Parameters
    ----------
    function, start, lines, **more
        As for `line_search`.

    Returns
    -------
    settings : dataclass
        Each has a neighbour on both sides that is no better, unless it is at an edge of its line.
    tried : list of dict
        What the last walk tried, each with its score.
    """
    while True:
        best, tried = yield from line_search(function, start, lines, **more)
        if best == start:
            return best, tried
        start = best


def chosen(data: Source, rule: str, start: Settings, walking: range = WALKING) -> Stages:
    """Choose the settings of a rule: cells look at several widths first; from the best, walks along each line.

    Returns
    -------
    settings : Settings
    tried : list of dict
        What the last walk tried, each with its mean validation error in percent.
    """
    fixed: dict[str, Any] = {"score": "validation_error", "data": data, "rule": rule}
    if start.ground == "cells":
        start, _ = yield from choose(validation_error, start, FIRST_LOOK, seeds=LOOKING, **fixed)
    else:
        start = replace(start, u0=1.0)
    seeds = walking_seeds(rule, walking)
    return (yield from settled(validation_error, start, lines_of(start.ground), seeds=seeds, **fixed))


def at_an_edge(settings: Any, lines: dict[str, list[float]]) -> list[str]:
    """Return the names of the settings whose value is the first or the last of its line."""
    return [name for name, values in lines.items() if getattr(settings, name) in (values[0], values[-1])]


def choice(
    best: Settings, lines: dict[str, list[float]], tried: Sequence[dict[str, float]], rule: str, walking: range
) -> dict[str, Any]:
    """Return what a result file says of a rule's choice.

    Returns
    -------
    dict
        ``settings``, the chosen ones; ``edges``, the names of those at an end of their line; ``walking``, the seeds of
        the walk; and ``tried``, what its last round tried.
    """
    own = {name: getattr(best, name) for name in lines_of(best.ground)}
    return {
        "settings": {**own, "learning_rate": best.learning_rate},
        "edges": at_an_edge(best, lines),
        "walking": list(walking_seeds(rule, walking)),
        "tried": columns(tried),
    }


def columns(rows: Sequence[dict[str, float]]) -> dict[str, list[float]]:
    """Return rows of one kind as columns, which take less room in a file."""
    return {name: [row[name] for row in rows] for name in rows[0]}
