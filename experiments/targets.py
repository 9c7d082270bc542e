"""What the experiments of chapter 5 share: rules by name, a training run, and the choice of settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from experiments.record import summary
from helpers.data.augmentation import Augmented, drops, shifts
from helpers.data.datasets import Dataset, Split
from helpers.measures.diagnostics import UpperLayersOnly, angles, reconstruction_errors
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Affine, Layer, Sign, Tanh
from helpers.networks.network import Diverged, Network
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.direct_feedback_alignment import DirectFeedbackAlignment
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.rules.inverses import Inverses, learned, random_orthogonal, transposed
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.loop import Rule, fit
from helpers.training.optimizers import BufferedAdam, LinearDecay

#: Seed of the runs that choose settings; none of the runs that measure uses it.
CHOOSING_SEED = 1000

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
        return learned(network, rng, LinearDecay(BufferedAdam(settings.inverse_rate), steps), settings.noise)

    rules: dict[str, Callable[[], Rule]] = {
        "BP": lambda: Network.gradients,
        "top two": lambda: UpperLayersOnly(TOP),
        "FA": lambda: FeedbackAlignment(network, rng),
        "DFA": lambda: DirectFeedbackAlignment(network, rng),
        "TP": lambda: TargetPropagation(decoders(), settings.target_rate),
        "DTP": lambda: DifferenceTargetPropagation(decoders(), settings.target_rate),
        "DTP, random": lambda: DifferenceTargetPropagation(
            random_orthogonal(network, rng), settings.target_rate
        ),
        "DTP, transposed": lambda: DifferenceTargetPropagation(transposed(network), settings.target_rate),
    }
    if name not in rules:
        raise ValueError(f"no rule is called {name!r}: choose from {sorted(rules)}")
    return rules[name]()


def dense(data: Dataset, settings: Settings, rng: np.random.Generator) -> Network:
    """Return a network of tanh layers with random orthogonal weights."""
    sizes = [data.inputs, *settings.hidden, data.classes]
    return Network.dense(sizes, rng, activation=Tanh, initial=orthogonal)


def sign_network(
    data: Dataset, settings: Settings, rng: np.random.Generator, sign: type[Layer] = Sign
) -> Network:
    """Return a network whose hidden layers send each other signs only; the last one sends all it has."""
    sizes = [data.inputs, *settings.hidden, data.classes]
    layers: list[Layer] = []
    for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:], strict=False), start=1):
        if 1 < number < len(sizes) - 1:
            layers.append(sign())
        weight = orthogonal(rng, inputs, outputs).astype(np.float32)
        layers += [Affine(weight, np.zeros(outputs, np.float32)), Tanh()]
    return Network(layers[:-1])


class Trained(NamedTuple):
    """A network and the rule that trained it, with its inverses if it has any."""

    network: Network
    rule: Rule


def train(
    data: Dataset,
    rule: str,
    settings: Settings,
    seed: int,
    build: Callable[[Dataset, Settings, np.random.Generator], Network] = dense,
) -> Trained:
    """Train one network; weights, batches, noise and shifts come from one generator.

    Parameters
    ----------
    data : Dataset
    rule : str
        See `rule_named`.
    settings : Settings
    seed : int
    build : callable
        Makes the network.
    """
    rng = np.random.default_rng(seed)
    network = build(data, settings, rng)
    steps = settings.epochs * len(data.train) // settings.batch_size
    own = learn = rule_named(rule, network, settings, rng, steps)
    if settings.shift:
        learn = Augmented(learn, shifts(data.image_shape, rng, settings.shift))
    if settings.drop:
        learn = Augmented(learn, drops(settings.drop, rng))
    optimizer = LinearDecay(BufferedAdam(settings.learning_rate), steps)
    fit(
        network, data, optimizer, rng,
        steps=steps, batch_size=settings.batch_size, rule=learn, evaluate_every=steps,
    )  # fmt: skip
    return Trained(network, own)


def validation_error(
    data: Dataset, rule: str, settings: Settings, build: Callable = dense, seed: int = CHOOSING_SEED
) -> float:
    """Return the error in percent on the validation samples; 100 for a run that breaks down."""
    try:
        return error(train(data, rule, settings, seed, build).network, data.validation)
    except Diverged:
        return 100.0


def choose(
    data: Dataset,
    rule: str,
    settings: Settings,
    grid: Mapping[str, Sequence[float]],
    build: Callable = dense,
    repeats: int = 1,
) -> tuple[Settings, list[dict[str, float]]]:
    """Return the settings of a grid that do best on the validation samples, and all that were tried.

    With `repeats`, each is tried with as many seeds, and the mean counts.
    """
    tried = []
    for values in product(*grid.values()):
        candidate = dict(zip(grid, values, strict=True))
        own = replace(settings, **candidate)
        found = [validation_error(data, rule, own, build, CHOOSING_SEED + i) for i in range(repeats)]
        tried.append({**candidate, "validation_error": round(float(np.mean(found)), 3)})
        print(rule, tried[-1], flush=True)
    best = min(tried, key=lambda row: row["validation_error"])
    return replace(settings, **{name: best[name] for name in grid}), tried


def error(network: Network, split: Split) -> float:
    """Return the share of wrong answers, in percent."""
    return 100 * (1 - network.accuracy(split.x, split.t))


def with_validation(data: Dataset) -> Dataset:
    """Return the data with the validation samples added to the training samples.

    For the last training, when every choice has been made: nothing may be chosen any more.
    """
    train, validation = data.train, data.validation
    joined = Split(np.concatenate([train.x, validation.x]), np.concatenate([train.t, validation.t]))
    return replace(data, train=joined)


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


def measure(
    data: Dataset,
    rule: str,
    settings: Settings,
    seeds: Sequence[int],
    build: Callable = dense,
    *,
    split: str = "test",
    look: Callable[[Trained, Split], dict[str, float]] | None = None,
) -> dict[str, Any]:
    """Train one network per seed and measure it.

    Parameters
    ----------
    data, rule, settings, build
        As for `train`.
    seeds : sequence of int
    split : str
        Name of the samples on which to measure: ``"test"`` or ``"validation"``.
    look : callable, optional
        Measures more, such as `lower_layers`.

    Returns
    -------
    dict
        ``settings``, the error in percent as ``test_error`` or ``validation_error``, and what `look` found.
    """
    samples: Split = getattr(data, split)
    found: dict[str, list[float]] = {}
    for seed in seeds:
        trained = train(data, rule, settings, seed, build)
        row = {f"{split}_error": error(trained.network, samples), **(look(trained, samples) if look else {})}
        print(rule, settings.hidden, f"seed {seed}:", {name: round(value, 3) for name, value in row.items()}, flush=True)
        for name, value in row.items():
            found.setdefault(name, []).append(round(value, 4))
    return {"settings": asdict(settings), **{name: summary(values) for name, values in found.items()}}
