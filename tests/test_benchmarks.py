"""The contestants of the benchmark do the same work; its stored figures are what the book claims."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import interleaved, plain_port, training_step
from experiments.record import RESULTS
from helpers.data.datasets import Dataset, digits
from helpers.networks.network import Network
from helpers.training.loop import minibatches
from helpers.training.optimizers import SGD

pytestmark = pytest.mark.usefixtures("moving_clocks")

STORED = Path(__file__).parents[1] / RESULTS / "01-training-step-speed.json"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return digits()


@pytest.mark.parametrize("loss_again", [True, False])
def test_the_plain_port_and_the_package_arrive_at_the_same_weights(data, loss_again):
    network = Network.dense([64, 16, 10], np.random.default_rng(0), dtype=np.float64)
    port = plain_port.TwoLayerNet(network.parameters)
    optimizer, batches = SGD(0.1), minibatches(data.train, 25, np.random.default_rng(1))
    for _ in range(20):
        batch = next(batches)
        optimizer.step(network.parameters, network.gradients(batch.x, batch.t)[1])
    x, t = data.train.x.astype(np.float64), np.eye(10)[data.train.t]
    losses = plain_port.train(port, x, t, np.random.default_rng(1), steps=20, batch_size=25, loss_again=loss_again)
    assert len(losses) == 20 * loss_again
    for name, array in network.parameters.items():
        assert np.abs(port.params[name] - array).max() <= 1e-12


def test_every_contestant_does_the_same_work_and_is_measured(data):
    result = training_step.run(data, rounds=2, steps=3)
    assert result["largest_difference"] <= training_step.TOLERANCE
    assert result["ratio"].keys() == result["microseconds"].keys()
    assert result["ratio"][interleaved.REFERENCE] == {"min": 1, "median": 1, "max": 1}
    assert all(0 < time["min"] <= time["median"] <= time["max"] for time in result["microseconds"].values())
    assert interleaved.REFERENCE in interleaved.table(result)


def test_a_contestant_that_does_other_work_is_found_out(data):
    everyone = {name: training_step.Helpers(data) for name in (interleaved.REFERENCE, "other")}
    everyone["other"].optimizer.learning_rate *= 1.01
    with pytest.raises(AssertionError, match="other: .* off after"):
        interleaved.check_agreement(everyone, 10, training_step.TOLERANCE)


@pytest.mark.parametrize("weights", [{"W": np.full(2, np.nan)}, {"W": np.zeros(1)}, {}])
def test_a_contestant_with_nan_or_other_arrays_is_found_out(weights):
    class Fake:
        def __init__(self, weights):
            self.weights = lambda: weights

        def train(self, steps):
            return 1.0

    everyone = {interleaved.REFERENCE: Fake({"W": np.zeros(2)}), "other": Fake(weights)}
    with pytest.raises(AssertionError, match="other: "):
        interleaved.check_agreement(everyone, 1, 1e-5)


def test_the_stored_figures_reach_what_the_book_claims():
    ratio = json.loads(STORED.read_text(encoding="utf-8"))["ratio"]
    assert ratio["plain port"]["median"] >= 3
    assert ratio["PyTorch"]["median"] >= 2
