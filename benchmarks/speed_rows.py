"""What `benchmarks.speed` measures: one row for each training step of a chapter, with everyone who takes part.

Everyone in a row starts from the same weights, draws the same rows of the data in every step, and must arrive at the
weights of the package before anything is timed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from benchmarks import error_diffusion_step, floor, target_step, torch_training, training_step
from benchmarks.error_diffusion_ports import FourMatrixNetwork, TensorNetwork
from benchmarks.floor import Product
from benchmarks.interleaved import REFERENCE, SEED, Contestant
from benchmarks.jax_depth import JaxDepth
from benchmarks.jax_training import Jax
from benchmarks.pure_rules import RELU_NET, SIGMOID_NET, TANH_NET
from benchmarks.pure_training import Package, PlainPort, Setup, Start
from experiments.buffered_adam import BufferedAdam
from helpers import rules
from helpers.chapters.chapter3.coordinate_network import network_for
from helpers.chapters.chapter3.coordinate_task import experiment_task
from helpers.chapters.chapter4.datasets import two_classes
from helpers.chapters.chapter6.ground import odd_or_even
from helpers.data.datasets import Dataset, Split
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Network
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.loop import minibatches
from helpers.training.optimizers import SGD

PORT, TORCH, JAX = "plain port", "PyTorch", "JAX"

#: Why someone is not in a row.
NO_GRADIENT = "autograd has no place for a rule without a gradient: it would be the plain port on tensors"

#: What a reader calls the rules.
SHORT = {
    "backpropagation": "BP",
    "difference_target_propagation": "DTP",
    "direct_feedback_alignment": "DFA",
    "error_diffusion": "ED",
    "feedback_alignment": "FA",
    "node_perturbation": "node perturbation",
    "target_propagation": "TP",
    "weight_perturbation": "weight perturbation",
}

#: Cells of each kind in a hidden layer, hidden layers, and samples in a batch of chapter 6's row.
PAIRS, DEPTH, BATCH_SIZE = 64, 4, 100

#: Learning rates of chapter 6's rows. A perturbation's update is the gradient under much noise: so short a step that
#: the weights stay where they began, however long the measurement goes on.
RATE, RATES = 0.1, {"node_perturbation": 1e-3, "weight_perturbation": 1e-5}


@dataclass(frozen=True)
class Row:
    """One training step, and everyone who makes it.

    Attributes
    ----------
    chapter : int
    rule, network : str
        What a reader calls them.
    contestants : mapping of str to callable
        By name, the package's first. Called with True, one is made for the comparison of weights: it draws what the
        package draws, or nobody draws noise.
    products : list of Product
        The matrix products of a step.
    missing : mapping of str to str
        Who could take part, and why it does not.
    """

    chapter: int
    rule: str
    network: str
    contestants: Mapping[str, Callable[[bool], Contestant]]
    products: list[Product]
    missing: Mapping[str, str] = field(default_factory=dict)


def sizes_of(*units: int) -> str:
    """Return the numbers of units of a network; layers of one size in a row are counted."""
    groups = [(size, len(list(alike))) for size, alike in groupby(units)]
    return "–".join(f"{times}×{size}" if times > 1 else str(size) for size, times in groups)


def two_layers(data: Dataset) -> Row:
    """Chapter 1: images of MNIST, one hidden layer of ReLUs, SGD."""

    def start() -> Start:
        network = training_step.initial_network(data, np.float32)
        return Start(network, Network.gradients, SGD(training_step.LEARNING_RATE), np.random.default_rng(SEED))

    setup = Setup(data.train, training_step.BATCH_SIZE, RELU_NET, "backpropagation", "SGD", start)
    return Row(
        1,
        "BP",
        sizes_of(data.inputs, training_step.HIDDEN, data.classes),
        {
            REFERENCE: lambda _: Package(setup),
            PORT: lambda _: training_step.PlainPort(data),
            TORCH: lambda _: training_step.PyTorch(data),
            JAX: lambda given: Jax(setup, given),
        },
        floor.of_rule("backpropagation", [data.inputs, training_step.HIDDEN, data.classes], training_step.BATCH_SIZE),
    )


def coordinates() -> Row:
    """Chapter 3: the network that the chapter studies, with its batches and its learning rate."""
    task, hidden, batch_size, rate = experiment_task(), 25, 25, 2.0
    data, _ = task.dataset(np.random.default_rng(SEED))

    def start() -> Start:
        rng = np.random.default_rng(SEED)
        return Start(network_for(task, hidden, rng), Network.gradients, SGD(rate), rng)

    setup = Setup(data.train, batch_size, SIGMOID_NET, "backpropagation", "SGD", start)
    return Row(
        3,
        "BP",
        sizes_of(task.inputs, hidden, task.outputs),
        {
            REFERENCE: lambda _: Package(setup),
            PORT: lambda _: PlainPort(setup),
            TORCH: lambda _: torch_training.PyTorch(setup),
            JAX: lambda given: Jax(setup, given),
        },
        floor.of_rule("backpropagation", [task.inputs, hidden, task.outputs], batch_size),
    )


class Deep:
    """A program for error diffusion through hundreds of layers, the package's or a port of a source's.

    Parameters
    ----------
    data : Dataset
        Of classes 0 and 1.
    source : FourMatrixNetwork or TensorNetwork
        The port; the package starts from its weights.
    ported : bool
        Whether it is the port that learns, in float64.
    """

    def __init__(self, data: Dataset, source: error_diffusion_step.Port, ported: bool):
        self.network = source if ported else error_diffusion_step.batched_copy(source, np.float32)
        if isinstance(self.network, FourMatrixNetwork | TensorNetwork):
            self.update = error_diffusion_step.update_of_port(self.network)
        else:
            self.update = error_diffusion_step.update_of_network(self.network, source.output_alpha)
        split = Split(data.train.x.astype(np.float64), data.train.t) if ported else data.train
        self.batches = minibatches(split, error_diffusion_step.BATCH_SIZE, np.random.default_rng(SEED))

    def train(self, steps: int) -> float:
        """Make `steps` updates."""
        for _ in range(steps):
            self.update(*next(self.batches))
        return 0.0

    def weights(self) -> dict[str, Any]:
        """Return the present parameters, in the shapes of the package's."""
        if isinstance(self.network, FourMatrixNetwork | TensorNetwork):
            return error_diffusion_step.batched_copy(self.network).parameters
        return self.network.parameters


def deep(data: Dataset, kind: type[error_diffusion_step.Port], which: str, depth: int) -> Row:
    """Chapter 4: 0 against 1 through hundreds of layers of 2 + 2 cells, as one of the source's two programs does it."""
    width, batch_size = error_diffusion_step.WIDTH, error_diffusion_step.BATCH_SIZE

    def source() -> error_diffusion_step.Port:
        return kind(data.inputs, width, depth, error_diffusion_step.ALPHA, np.random.RandomState(SEED))

    def compiled(_: bool) -> Contestant:
        start = error_diffusion_step.batched_copy(source())
        first, hidden, last = start.parameters.values()
        numbers = {"u1": error_diffusion_step.ALPHA / kind.output_alpha, "rate": kind.output_alpha}
        weights = [first[0], *hidden[:, 0], last[0]]
        return JaxDepth(data.train, weights, batch_size, u0=start.u0, threshold=start.threshold, **numbers)

    cells = 2 * width
    return Row(
        4,
        "ED",
        f"{sizes_of(data.inputs, *[cells] * depth, 1)}, {which}",
        {
            REFERENCE: lambda _: Deep(data, source(), ported=False),
            PORT: lambda _: Deep(data, source(), ported=True),
            JAX: compiled,
        },
        [
            *floor.of_rule("error_diffusion", [data.inputs, cells], batch_size),
            Product("forward", cells, cells, batch_size, depth - 1),
            Product("stacked", batch_size, cells, cells, depth - 1),
            *floor.of_rule("error_diffusion", [cells, 1], batch_size),
        ],
        {TORCH: NO_GRADIENT},
    )


def with_targets(data: Dataset, rule: str) -> Row:
    """Chapter 5: images of MNIST, three hidden layers of tanh units, Adam; the decoders learn in every step."""
    name = next(long for long, short in SHORT.items() if short == rule)
    kinds = {"TP": TargetPropagation, "DTP": DifferenceTargetPropagation}

    def setup(quiet: bool) -> Setup:
        def start() -> Start:
            network, inverses, rng = target_step.initial(data, 0.0 if quiet else target_step.NOISE)
            learn = kinds[rule](inverses, target_step.TARGET_RATE) if rule in kinds else Network.gradients
            return Start(network, learn, BufferedAdam(target_step.LEARNING_RATE), rng)

        return Setup(data.train, target_step.BATCH_SIZE, TANH_NET, name, "Adam", start)

    return Row(
        5,
        rule,
        sizes_of(data.inputs, *target_step.HIDDEN, data.classes),
        {
            REFERENCE: lambda quiet: Package(setup(quiet)),
            PORT: lambda quiet: PlainPort(setup(quiet)),
            TORCH: lambda quiet: target_step.PyTorch(data, rule, 0.0 if quiet else target_step.NOISE),
            JAX: lambda quiet: Jax(setup(quiet)),
        },
        floor.of_rule(name, [data.inputs, *target_step.HIDDEN, data.classes], target_step.BATCH_SIZE),
    )


def with_cells(data: Dataset, rule: str, pairs: int, depth: int) -> Row:
    """Chapter 6: odd or even, through layers of excitatory and inhibitory cells; SGD."""

    def start() -> Start:
        rng = np.random.default_rng(SEED)
        network = excitatory_inhibitory(
            data.inputs, pairs, depth, rng, scale=0.1, u0=2.0, loss=binary_cross_entropy, dtype=np.float32
        )
        return Start(network, rules.make(rule, network, rng), SGD(RATES.get(rule, RATE)), rng)

    net = SIGMOID_NET._replace(threshold=0.8)
    setup = Setup(data.train, BATCH_SIZE, net, rule, "SGD", start)
    everyone: dict[str, Callable[[bool], Contestant]] = {
        REFERENCE: lambda _: Package(setup),
        PORT: lambda _: PlainPort(setup),
    }
    missing = {}
    if rule in torch_training.RULES:
        everyone[TORCH] = lambda _: torch_training.PyTorch(setup)
    else:
        missing[TORCH] = "chapter 5 has it" if rule.endswith("target_propagation") else NO_GRADIENT
    everyone[JAX] = lambda given: Jax(setup, given)
    return Row(
        6,
        SHORT[rule],
        sizes_of(data.inputs, *[2 * pairs] * depth, 1),
        everyone,
        floor.of_rule(rule, [data.inputs, *[2 * pairs] * depth, 1], BATCH_SIZE),
        missing,
    )


def rows(images: Dataset, digits: Dataset, *, deep_layers: int = error_diffusion_step.DEPTH) -> dict[str, Row]:
    """Return all rows, by short names.

    Parameters
    ----------
    images : Dataset
        MNIST, for chapters 1, 4 and 5.
    digits : Dataset
        Small images, for chapter 6.
    deep_layers : int
        Hidden layers of chapter 4's network.

    Returns
    -------
    dict of str to Row
    """
    pair, parity = two_classes(images, 0, 1), odd_or_even(digits)
    return {
        "1 BP": two_layers(images),
        "3 BP": coordinates(),
        "4 ED first": deep(pair, FourMatrixNetwork, "as its source's first program", deep_layers),
        "4 ED second": deep(pair, TensorNetwork, "as its second program", deep_layers),
        **{f"5 {rule}": with_targets(images, rule) for rule in ("BP", "TP", "DTP")},
        **{f"6 {rule}": with_cells(parity, rule, PAIRS, DEPTH) for rule in SHORT},
    }
