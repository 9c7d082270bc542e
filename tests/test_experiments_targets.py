"""The experiments of chapter 5 on small data: rules by name, choosing, measuring; and what they found."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import targets, targets_digits
from experiments.record import RESULTS
from experiments.targets import Settings
from helpers.datasets import Dataset, digits
from helpers.layers import StraightThroughSign

SETTINGS = Settings(hidden=(12, 12, 12), epochs=5, batch_size=20, learning_rate=5e-3)
RULES = ["BP", "FA", "DFA", "TP", "DTP", "DTP, random", "DTP, transposed"]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return digits()


def stored(name: str) -> dict:
    return json.loads((Path(__file__).parents[1] / RESULTS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_trains_and_repeats_itself(data, rule):
    first, again = (targets.train(data, rule, SETTINGS, seed=3) for _ in range(2))
    assert all(np.array_equal(first.parameters[name], again.parameters[name]) for name in first.parameters)
    assert targets.error(first, data.validation) < 85


def test_an_unknown_rule_is_refused(data):
    with pytest.raises(ValueError, match="no rule is called 'XY'"):
        targets.train(data, "XY", SETTINGS, seed=0)


def test_images_may_be_shifted_and_pixels_dropped(data):
    plain = targets.train(data, "BP", SETTINGS, seed=3)
    for change in ({"shift": 1}, {"drop": 0.3}):
        changed = targets.train(data, "BP", replace(SETTINGS, **change), seed=3)
        assert not np.array_equal(changed.parameters["W1"], plain.parameters["W1"])


def test_the_best_of_a_grid_is_chosen_on_the_validation_samples(data, capsys):
    best, tried = targets.choose(data, "BP", SETTINGS, {"learning_rate": [1e-5, 5e-3]})
    assert best.learning_rate == 5e-3
    assert [row["learning_rate"] for row in tried] == [1e-5, 5e-3]
    expected = targets.error(targets.train(data, "BP", SETTINGS, targets.CHOOSING_SEED), data.validation)
    assert tried[1]["validation_error"] == pytest.approx(expected, abs=1e-3)


def test_a_run_that_breaks_down_counts_as_all_wrong(data, monkeypatch):
    def broken(*arguments):
        raise ValueError("the loss is nan")

    monkeypatch.setattr(targets, "train", broken)
    assert targets.validation_error(data, "BP", SETTINGS) == 100


def test_validation_samples_join_the_training_samples_at_the_end(data):
    joined = targets.with_validation(data)
    assert len(joined.train) == len(data.train) + len(data.validation)
    assert joined.test is data.test


def test_a_sign_network_hides_its_lower_layers_from_the_gradient(data):
    rng = np.random.default_rng(0)
    network = targets.sign_network(data, SETTINGS, rng)
    _, gradients = network.gradients(data.train.x[:20], data.train.t[:20])
    assert [name for name in gradients if not gradients[name].any()] == ["W1", "b1", "W2", "b2"]
    through = targets.sign_network(data, SETTINGS, rng, StraightThroughSign)
    _, gradients = through.gradients(data.train.x[:20], data.train.t[:20])
    assert all(gradients[name].any() for name in gradients)


def test_inverses_are_measured(data):
    row = targets_digits.inverse_at_work(data, "DTP, random", SETTINGS, [0, 1])
    assert len(row["angle"]["per_seed"]) == 2
    assert 0 < row["angle"]["mean"] < 120
    assert row["reconstruction"]["mean"] > 0.5


def test_tp_needs_long_steps_and_dtp_does_not():
    tried = {rule: stored("05-digits.json")["depth"]["7"][rule]["tried"] for rule in ("TP", "DTP")}
    best = {
        rule: {rate: min(r["validation_error"] for r in rows if r["target_rate"] == rate) for rate in (0.1, 10.0)}
        for rule, rows in tried.items()
    }
    assert best["TP"][0.1] > 50 > 10 > best["TP"][10.0]
    assert max(best["DTP"].values()) < 5
