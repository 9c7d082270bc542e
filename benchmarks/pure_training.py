"""One way to train for each contestant: the package through its objects, and the pure functions run by numpy.

A `Setup` says from what everyone starts. Who takes part draws the same rows with ``Generator.integers``, and what a
rule draws besides in the order of the package, so that all arrive at the same weights.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from benchmarks.interleaved import SEED
from benchmarks.pure_rules import OPTIMIZERS, RULES, Array, Net, Parameters, pairs, remembered
from helpers.data.datasets import Split
from helpers.networks.network import Network, Rule, by_name
from helpers.training.loop import minibatches
from helpers.training.optimizers import Optimizer

#: Rules whose decoders are disturbed by noise, which the package draws in the precision of the activities.
WITH_DECODERS = ("target_propagation", "difference_target_propagation")


class Start(NamedTuple):
    """The package's own objects before the first step; what else the rule draws comes from the generator."""

    network: Network
    rule: Rule
    optimizer: Optimizer
    rng: np.random.Generator


class Setup(NamedTuple):
    """What all contestants train, and how.

    Attributes
    ----------
    split : Split
        The training samples.
    batch_size : int
    net : Net
        The network, for the pure functions.
    rule, optimizer : str
        Names in `pure_rules.RULES` and in `pure_rules.OPTIMIZERS`.
    start : callable
        Returns a `Start`; the same at every call.
    """

    split: Split
    batch_size: int
    net: Net
    rule: str
    optimizer: str
    start: Callable[[], Start]


class Package:
    """The package, through its ordinary objects: batches, rule, optimizer; float32."""

    def __init__(self, setup: Setup):
        self.network, self.rule, self.optimizer, _ = setup.start()
        self.batches = minibatches(setup.split, setup.batch_size, np.random.default_rng(SEED))

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took."""
        start = time.process_time()
        for _ in range(steps):
            batch = next(self.batches)
            _, updates = self.rule(self.network, batch.x, batch.t)
            self.optimizer.step(self.network.parameters, updates)
        return time.process_time() - start

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.network.parameters


class PlainPort:
    """The pure functions, run by numpy in float64: a fresh array for every result."""

    def __init__(self, setup: Setup):
        self.setup = setup
        self.state, self.noise = start_of(setup, np.float64)
        self.x = setup.split.x.astype(np.float64)
        self.t = targets_of(setup, np.float64)
        self.rng = np.random.default_rng(SEED)

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took."""
        start = time.process_time()
        for _ in range(steps):
            rows = self.rng.integers(len(self.x), size=self.setup.batch_size)
            nudges = drawn(self.setup, self.state, self.noise)
            _, self.state = step(self.setup, self.state, self.x[rows], self.t[rows], nudges)
        return time.process_time() - start

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.state["parameters"]


def start_of(setup: Setup, dtype: DTypeLike) -> tuple[dict[str, Any], np.random.Generator]:
    """Return the state before the first step as plain arrays, and the generator that the rule draws from."""
    network, rule, optimizer, rng = setup.start()
    parameters = {name: array.astype(dtype) for name, array in network.parameters.items()}
    memory = remembered(parameters) if setup.optimizer == "Adam" else {}
    state = {"parameters": parameters, "memory": memory, "own": brought(rule, dtype)}
    return {**state, "rate": optimizer.learning_rate}, rng


def brought(rule: Any, dtype: DTypeLike) -> dict[str, Any]:
    """Return what a rule of the package brings along, as plain arrays and numbers."""
    if hasattr(rule, "feedback"):
        return {"feedback": [B.astype(dtype) for B in rule.feedback]}
    if hasattr(rule, "sigma"):
        return {"sigma": rule.sigma}
    if not hasattr(rule, "inverses"):
        return {}
    inverses = rule.inverses
    decoders = {name: V.astype(dtype) for name, V in by_name(layer.parameters for layer in inverses.layers).items()}
    numbers = {"noise": inverses.noise, "target_rate": rule.target_rate}
    rate = {"decoder_rate": inverses.optimizer.learning_rate}
    return {"decoders": decoders, "memory": remembered(decoders), **numbers, **rate}


def step(setup: Setup, state: dict[str, Any], x: Array, t: Array, nudges: list[Array]) -> tuple[Array, dict[str, Any]]:
    """Return the loss of a batch, and the state after one step."""
    parameters, own = state["parameters"], {**state["own"], "nudges": nudges}
    loss, updates, own = RULES[setup.rule](setup.net, parameters, x, t, own)
    parameters, memory = OPTIMIZERS[setup.optimizer](parameters, updates, state["memory"], state["rate"])
    own = {name: part for name, part in own.items() if name != "nudges"}
    return loss, {**state, "parameters": parameters, "memory": memory, "own": own}


def nudge_shapes(setup: Setup, state: dict[str, Any]) -> list[tuple[int, ...]]:
    """Return the shapes of what a rule draws for one step, in the order in which the package draws them."""
    parameters: Parameters = state["parameters"]
    if setup.rule == "weight_perturbation":
        return [array.shape for pair in pairs(parameters) for array in pair]
    if setup.rule == "node_perturbation":
        return [(setup.batch_size, len(b)) for _, b in pairs(parameters)]
    if setup.rule in WITH_DECODERS:
        return [(setup.batch_size, max(len(c) for _, c in pairs(state["own"]["decoders"])))]
    return []


def drawn(setup: Setup, state: dict[str, Any], rng: np.random.Generator) -> list[NDArray]:
    """Return what a rule draws for one step: the package's own numbers, in its own precision."""
    precision: Any = np.float32 if setup.rule in WITH_DECODERS else np.float64
    return [rng.standard_normal(shape, dtype=precision) for shape in nudge_shapes(setup, state)]


def targets_of(setup: Setup, dtype: DTypeLike) -> NDArray:
    """Return the targets as rows, one column for each output: labels of several classes become one-hot."""
    t, outputs = setup.split.t, setup.start().network.trainable[-1].parameters["W"].shape[1]
    if t.ndim == 1:
        t = t[:, None] if outputs == 1 else t[:, None] == np.arange(outputs)
    return t.astype(dtype)
