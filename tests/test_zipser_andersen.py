"""The runs behind chapter 3: the stored figures, the experiment in small, the benchmark's two contestants."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import small_network_step
from benchmarks.turns import check_agreement
from experiments import zipser_andersen
from helpers.coordinate_task import source_task

STORED = Path(__file__).parents[1] / zipser_andersen.OUT


@pytest.fixture(scope="module")
def stored():
    return json.loads(STORED.read_text(encoding="utf-8"))


def test_the_stored_settings_are_the_present_ones(stored):
    present = {name: zipser_andersen.Settings(**values) for name, values in stored["settings"].items()}
    assert present == zipser_andersen.SETTINGS | zipser_andersen.GRID


def test_the_better_setting_has_a_lower_error_in_a_tenth_of_the_steps(stored):
    source, faster = (stored["runs"][name] for name in ("source", "faster"))
    assert faster["histories"][0]["steps"][-1] * 10 <= source["histories"][0]["steps"][-1] == 380_000
    for figure in ("error", "mean_degrees", "median_degrees"):
        assert max(faster["test"][figure]["per_seed"]) < min(source["test"][figure]["per_seed"])


def test_the_experiment_runs_and_the_same_seed_gives_the_same_network():
    settings = {"short": zipser_andersen.Settings(epochs=1, learning_rate=1.0, points=2)}
    result = zipser_andersen.run([0, 1], settings)["runs"]["short"]
    assert [history["seed"] for history in result["histories"]] == [0, 1]
    assert result["histories"][0]["steps"] == [0, 190, 380]
    errors = result["histories"][0]["validation_error"]
    assert errors[-1] < errors[0] / 5
    assert result["test"]["error"]["per_seed"][0] == pytest.approx(errors[-1], rel=0.3)
    again = zipser_andersen.run([1], settings)["runs"]["short"]
    assert again["histories"] == result["histories"][1:]


def test_both_contestants_of_the_benchmark_arrive_at_the_same_weights():
    data, _ = source_task().dataset(np.random.default_rng(0), train=300, held_out=10)
    everyone = small_network_step.contestants(data)
    for _ in range(2):  # a second turn, too, draws the same rows
        assert check_agreement(everyone, 100, 1e-5) < 1e-5
