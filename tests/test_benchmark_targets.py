"""The benchmark of chapter 5: contestants train; where PyTorch is installed, both do the same work."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import target_step
from experiments.record import RESULTS
from helpers.data.datasets import digits

pytestmark = pytest.mark.usefixtures("moving_clocks")


@pytest.mark.parametrize("rule", target_step.RULES)
def test_the_package_trains(rule):
    contestant = target_step.Helpers(digits(), rule)
    before = contestant.weights()["W1"].copy()
    assert contestant.train(2) > 0
    assert (contestant.weights()["W1"] != before).any()


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("rule", target_step.RULES)
def test_pytorch_arrives_at_the_same_weights(rule):
    assert target_step.check_agreement(digits(), rule) <= target_step.MEAN_TOLERANCE


def test_every_contestant_is_measured():
    result = target_step.run(digits(), rounds=2, steps=2)
    assert all(result["ratio"][rule]["helpers"]["median"] == 1 for rule in target_step.RULES)


def test_the_stored_speed_of_a_step():
    stored = Path(__file__).parents[1] / RESULTS / "05-step-speed.json"
    ratio = json.loads(stored.read_text(encoding="utf-8"))["ratio"]
    assert ratio["DTP"]["PyTorch"]["median"] >= 1.6
    assert ratio["backpropagation"]["PyTorch"]["median"] >= 1.5
