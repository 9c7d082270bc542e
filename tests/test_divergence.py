"""Divergence: under every rule, training that breaks down stops with an error that names the step and the quantity."""

import re

import numpy as np
import pytest

from experiments.buffered_adam import BufferedAdam
from helpers import rules
from helpers.chapters.chapter2.momentum import Momentum
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.chapters.chapter4.routed_error_diffusion import RoutedErrorDiffusion
from helpers.data.datasets import Dataset, Split
from helpers.measures.diagnostics import Monitor
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.layers import ReLU, Sigmoid, Tanh
from helpers.networks.network import Diverged, Network
from helpers.training.loop import fit
from helpers.training.optimizers import SGD, Adam

#: What may be named: the loss, the answers, an array by its name, or the inverses.
QUANTITY = r"the loss is (nan|inf)|the (logits|outputs) are not all finite|\w+ is not finite|a decoder's answer"

pytestmark = pytest.mark.filterwarnings("error")


def dataset(rng: np.random.Generator, classes: int) -> Dataset:
    splits = (Split(rng.random((40, 4)).astype(np.float32), rng.integers(classes, size=40)) for _ in range(3))
    return Dataset("toy", (2, 2), classes, *splits)


def run(network, data, rule, rng, optimizer=None, **options):
    """Train with a rate that no float32 survives; return the error."""
    with pytest.raises(Diverged) as error:
        fit(network, data, optimizer or SGD(1e39), rng, steps=30, batch_size=5, rule=rule, **options)
    return str(error.value)


def said(message: str) -> int:
    """See that the message names step and quantity; return the step."""
    found = re.match(rf"step (\d+): .*({QUANTITY})", message)
    assert found, message
    return int(found[1])


@pytest.mark.parametrize("activation", [ReLU, Sigmoid, Tanh])
@pytest.mark.parametrize("name", [name for name in rules.names() if name != "error_diffusion"])
def test_every_rule_on_plain_layers(name, activation, rng):
    network = Network.dense([4, 6, 5, 3], rng, activation=activation, scale=0.5)
    assert 1 <= said(run(network, dataset(rng, 3), rules.make(name, network, rng), rng, evaluate_every=1)) <= 3


@pytest.mark.parametrize("score", ["accuracy", None])
@pytest.mark.parametrize("name", rules.names())
def test_every_rule_on_cells_whose_loss_may_stay_finite(name, score, rng):
    network = excitatory_inhibitory(4, 3, 2, rng, dtype=np.float32)
    options = {} if score else {"score": None}
    assert 1 <= said(run(network, dataset(rng, 2), rules.make(name, network, rng), rng, **options)) <= 30


def test_error_diffusion_of_several_outputs_and_of_networks_side_by_side(rng):
    several = excitatory_inhibitory(4, 3, 2, rng, outputs=3, dtype=np.float32)
    said(run(several, dataset(rng, 3), RoutedErrorDiffusion(), rng))
    batched = BatchedNetworks.drawn(4, 3, 2, rng, networks=3, dtype=np.float32)
    said(run(batched, dataset(rng, 3), BatchedErrorDiffusion(), rng))


@pytest.mark.parametrize("make", [SGD, Momentum, Adam, BufferedAdam])
def test_every_optimizer(make, rng):
    network = Network.dense([4, 6, 3], rng, scale=0.5)
    said(run(network, dataset(rng, 3), Network.gradients, rng, make(1e39), score=None))


def test_inverses_that_diverge_are_named(rng):
    network = Network.dense([4, 6, 5, 3], rng, activation=ReLU, scale=0.5)
    rule = rules.make("difference_target_propagation", network, rng)
    rule.inverses.optimizer = SGD(1e39)
    message = run(network, dataset(rng, 3), rule, rng, SGD(1e-3), score=None)
    said(message)
    assert "the inverses have diverged; lower their learning rate" in message


def test_a_rate_that_is_small_enough_does_not_stop(rng):
    network = Network.dense([4, 6, 3], rng, scale=0.5)
    assert len(fit(network, dataset(rng, 3), SGD(0.1), rng, steps=30, batch_size=5).loss) == 30


def test_what_a_monitor_watches_is_named_too(rng):
    network = Network.dense([4, 6, 3], rng, scale=0.5)
    said(run(network, dataset(rng, 3), Monitor(Network.gradients), rng, score=None))
