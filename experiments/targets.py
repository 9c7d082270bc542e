"""What the experiments of chapter 5 share: rules by name, a training run, and the choice of settings."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from experiments.augmented import copies
from experiments.buffered_adam import BufferedAdam
from experiments.choosing import CHOOSING, choose, repeated
from experiments.record import summaries, summary
from experiments.scale import Source
from experiments.sweep import Stages, together
from helpers.chapters.chapter5.sign_layers import Sign, StraightThroughSign
from helpers.data.datasets import Dataset, Split
from helpers.measures.diagnostics import OnlySome, angles, upper_layers
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Affine, Layer, Tanh
from helpers.networks.network import Diverged, Network, Rule
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.direct_feedback_alignment import DirectFeedbackAlignment
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.rules.inverses import Inverses, denoising_decoders, random_orthogonal, transposed
from helpers.rules.reconstruction import reconstruction_errors
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.loop import fit
from helpers.training.optimizers import LinearDecay

#: Layers whose updates are the gradient under every kind of target propagation; the control trains no others.
TOP = 2


@dataclass(frozen=True)
class Settings:
    """What to train, and how.

    Attributes
    ----------
    hidden : tuple of int
        Units of each hidden layer; all have tanh.
    epochs : int
    batch_size : int
    learning_rate : float
        Of Adam, falling to zero in a straight line.
    inverse_rate : float
        The same for learned inverses.
    noise : float
        Standard deviation of the noise that learned inverses are trained with.
    target_rate : float
        Of the first target.
    shift : int
        Largest shift of a training image, in pixels; 0 for the images as they are.
    drop : float
        Share of the pixels of a training image that are set to 0, for every rule; 0 for none.
    """

    hidden: tuple[int, ...]
    epochs: int
    batch_size: int = 100
    learning_rate: float = 2e-3
    inverse_rate: float = 2e-3
    noise: float = 0.3
    target_rate: float = 0.5
    shift: int = 0
    drop: float = 0.0


def rule_named(name: str, network: Network, settings: Settings, rng: np.random.Generator, steps: int) -> Rule:
    """Return a learning rule for a network, by the name that the result files give it."""

    def decoders() -> Inverses:
        return denoising_decoders(network, rng, LinearDecay(BufferedAdam(settings.inverse_rate), steps), settings.noise)

    rules: dict[str, Callable[[], Rule]] = {
        "BP": lambda: Network.gradients,
        "top two": lambda: OnlySome(Network.gradients, upper_layers(TOP)),
        "FA": lambda: FeedbackAlignment(network, rng),
        "DFA": lambda: DirectFeedbackAlignment(network, rng),
        "TP": lambda: TargetPropagation(decoders(), settings.target_rate),
        "DTP": lambda: DifferenceTargetPropagation(decoders(), settings.target_rate),
        "DTP, random": lambda: DifferenceTargetPropagation(random_orthogonal(network, rng), settings.target_rate),
        "DTP, transposed": lambda: DifferenceTargetPropagation(transposed(network), settings.target_rate),
    }
    if name not in rules:
        raise ValueError(f"no rule is called {name!r}: choose from {sorted(rules)}")
    return rules[name]()


def dense(data: Dataset, settings: Settings, rng: np.random.Generator) -> Network:
    """Return a network of tanh layers with random orthogonal weights."""
    sizes = [data.inputs, *settings.hidden, data.classes]
    return Network.dense(sizes, rng, activation=Tanh, initial=orthogonal)


def sign_network(data: Dataset, settings: Settings, rng: np.random.Generator, sign: type[Layer] = Sign) -> Network:
    """Return a network whose hidden layers send each other signs only; the last one sends all it has."""
    sizes = [data.inputs, *settings.hidden, data.classes]
    layers: list[Layer] = []
    for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:], strict=False), start=1):
        if 1 < number < len(sizes) - 1:
            layers.append(sign())
        weight = orthogonal(rng, inputs, outputs).astype(np.float32)
        layers += [Affine(weight, np.zeros(outputs, np.float32)), Tanh()]
    return Network(layers[:-1])


#: Networks by name: each takes data, settings and a generator.
NETWORKS: dict[str, Callable[[Dataset, Settings, np.random.Generator], Network]] = {
    "tanh": dense,
    "signs": sign_network,
    "signs, straight through": partial(sign_network, sign=StraightThroughSign),
}


class Trained(NamedTuple):
    """A network and the rule that trained it, with its inverses if it has any."""

    network: Network
    rule: Rule


def train(data: Dataset, rule: str, settings: Settings, seed: int, network: str = "tanh") -> Trained:
    """Train one network; weights, batches, noise and shifts come from one generator.

    Parameters
    ----------
    data : Dataset
    rule : str
        See `rule_named`.
    settings : Settings
    seed : int
    network : str
        One of `NETWORKS`.
    """
    rng = np.random.default_rng(seed)
    net = NETWORKS[network](data, settings, rng)
    steps = settings.epochs * len(data.train) // settings.batch_size
    learn = rule_named(rule, net, settings, rng, steps)
    optimizer = LinearDecay(BufferedAdam(settings.learning_rate), steps)
    change = copies(data.image_shape, rng, shift=settings.shift, drop=settings.drop)
    fit(
        net, data, optimizer, rng,
        steps=steps, batch_size=settings.batch_size, rule=learn, change=change, score=None,
    )  # fmt: skip
    return Trained(net, learn)


def validation_error(seed: int, data: Source, rule: str, settings: Settings, network: str = "tanh") -> float:
    """Return the error in percent on the validation samples; 100 for a run that breaks down."""
    samples = data.load()
    try:
        return error(train(samples, rule, settings, seed, network).network, samples.validation)
    except Diverged:
        return 100.0


def error(network: Network, split: Split) -> float:
    """Return the share of wrong answers, in percent."""
    return 100 * (1 - network.accuracy(split.x, split.t))


def lower_layers(trained: Trained, split: Split) -> dict[str, float]:
    """Return what a rule does, for these samples, below the two upper layers.

    Returns
    -------
    dict
        ``angle``, in degrees, between update and gradient, averaged over the weights of those layers; and, if the
        rule has inverses, ``reconstruction``: the reconstruction error, averaged over their stages.
    """
    network, rule = trained
    _, updates = rule(network, split.x, split.t)
    _, gradients = network.gradients(split.x, split.t)
    found = angles(updates, gradients)
    seen = {"angle": float(np.mean([found[f"W{i}"] for i in range(1, len(network.trainable) - TOP + 1)]))}
    if isinstance(rule, TargetPropagation):
        errors = reconstruction_errors(network, rule.inverses, split.x)
        seen["reconstruction"] = float(np.mean(list(errors.values())))
    return seen


def measured(
    seed: int, data: Source, rule: str, settings: Settings, network: str, split: str, lower: bool
) -> dict[str, float]:
    """Train one network; return its error in percent on a split, and with `lower` what `lower_layers` says."""
    samples = data.load()
    trained, those = train(samples, rule, settings, seed, network), getattr(samples, split)
    row = {f"{split}_error": error(trained.network, those), **(lower_layers(trained, those) if lower else {})}
    return {name: round(value, 4) for name, value in row.items()}


def best_of(
    data: Source,
    rule: str,
    settings: Settings,
    grid: Mapping[str, Sequence[float]],
    network: str = "tanh",
    seeds: range = CHOOSING,
) -> Stages:
    """Return the settings of a grid that do best on the validation samples, and all that were tried."""
    return choose(
        validation_error, settings, grid, score="validation_error", seeds=seeds, data=data, rule=rule, network=network
    )


def tried_again(
    data: Source, rule: str, settings: Settings, candidates: Sequence[Mapping[str, Any]], seeds: range
) -> Stages:
    """Return each of some combinations of settings with its mean validation error and the standard error of that."""
    found = yield from together(
        {
            i: repeated(
                validation_error, seeds, data=data, rule=rule, settings=replace(settings, **own), network="tanh"
            )
            for i, own in enumerate(candidates)
        }
    )
    figures = [summary(errors) for errors in found.values()]
    return [
        {
            **own,
            "validation_error": round(one["mean"], 3),
            "standard_error": round(one["sd"] / math.sqrt(len(seeds)), 3),
        }
        for own, one in zip(candidates, figures, strict=True)
    ]


def cautious(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings with the lowest learning rate among those within one standard error of the best.

    Of several with this rate, the best. High rates are where training becomes chaotic: a rounding changes what
    comes of a run, and a choice among them would depend on the machine.
    """
    best = min(rows, key=lambda row: row["validation_error"])
    limit = best["validation_error"] + best["standard_error"]
    near = [row for row in rows if row["validation_error"] <= limit]
    return without_error(min(near, key=lambda row: (row["learning_rate"], row["validation_error"])))


def without_error(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of what was tried without its error."""
    return {name: value for name, value in row.items() if name not in ("validation_error", "standard_error")}


def from_the_best(tried: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the settings that were tried, those with the lowest errors first."""
    return [without_error(row) for row in sorted(tried, key=lambda row: row["validation_error"])]


def measure(
    data: Source,
    rule: str,
    settings: Settings,
    seeds: range,
    *,
    network: str = "tanh",
    split: str = "test",
    lower: bool = False,
) -> Stages:
    """Train one network per seed and measure it.

    Parameters
    ----------
    data, rule, settings, network
        As for `train`.
    seeds : range
    split : str
        Name of the samples on which to measure: ``"test"`` or ``"validation"``.
    lower : bool
        Whether to look at the layers below the two upper ones, too.

    Returns
    -------
    dict
        ``settings``, the error in percent as ``test_error`` or ``validation_error``, and what `lower_layers` found.
    """
    rows = yield from repeated(
        measured, seeds, data=data, rule=rule, settings=settings, network=network, split=split, lower=lower
    )
    return {"settings": asdict(settings), **summaries(rows)}


def best_and_measured(
    data: Source,
    rule: str,
    settings: Settings,
    grid: Mapping[str, Sequence[float]],
    seeds: range,
    *,
    network: str = "tanh",
    choosing: range = CHOOSING,
) -> Stages:
    """Choose settings on the validation samples and measure them on the test samples."""
    best, tried = yield from best_of(data, rule, settings, grid, network, choosing)
    return {**(yield from measure(data, rule, best, seeds, network=network)), "tried": tried}
