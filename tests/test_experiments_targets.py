"""The experiments of chapter 5 on small data: rules by name, choosing, measuring; and what they found."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import targets, targets_digits, targets_mnist
from experiments.record import RESULTS
from experiments.targets import Settings
from helpers.data.datasets import Dataset, digits
from helpers.networks.layers import StraightThroughSign
from helpers.networks.network import Diverged

SETTINGS = Settings(hidden=(12, 12, 12), epochs=5, batch_size=20, learning_rate=5e-3)
RULES = ["BP", "top two", "FA", "DFA", "TP", "DTP", "DTP, random", "DTP, transposed"]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return digits()


def stored(name: str) -> dict:
    return json.loads((Path(__file__).parents[1] / RESULTS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_trains_and_repeats_itself(data, rule):
    first, again = (targets.train(data, rule, SETTINGS, seed=3).network for _ in range(2))
    assert all(np.array_equal(first.parameters[name], again.parameters[name]) for name in first.parameters)
    assert targets.error(first, data.validation) < 85


def test_an_unknown_rule_is_refused(data):
    with pytest.raises(ValueError, match="no rule is called 'XY'"):
        targets.train(data, "XY", SETTINGS, seed=0)


def test_images_may_be_shifted_and_pixels_dropped(data):
    plain = targets.train(data, "BP", SETTINGS, seed=3).network
    for change in ({"shift": 1}, {"drop": 0.3}):
        changed = targets.train(data, "BP", replace(SETTINGS, **change), seed=3).network
        assert not np.array_equal(changed.parameters["W1"], plain.parameters["W1"])


def test_the_best_of_a_grid_is_chosen_on_the_validation_samples(data, capsys):
    best, tried = targets.choose(data, "BP", SETTINGS, {"learning_rate": [1e-5, 5e-3]})
    assert best.learning_rate == 5e-3
    assert [row["learning_rate"] for row in tried] == [1e-5, 5e-3]
    expected = targets.error(targets.train(data, "BP", SETTINGS, targets.CHOOSING_SEED).network, data.validation)
    assert tried[1]["validation_error"] == pytest.approx(expected, abs=1e-3)


def test_a_run_that_breaks_down_counts_as_all_wrong(data, monkeypatch):
    def broken(*arguments):
        raise Diverged("the loss is nan")

    monkeypatch.setattr(targets, "train", broken)
    assert targets.validation_error(data, "BP", SETTINGS) == 100


def test_a_setting_that_makes_no_sense_is_no_failure_of_the_rule(data):
    with pytest.raises(ValueError, match="learning_rate"):
        targets.validation_error(data, "BP", replace(SETTINGS, learning_rate=-1.0))


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


def test_the_lower_layers_are_looked_at(data):
    row = targets_digits.below_the_top(data, "DTP, random", SETTINGS, [0, 1])
    assert len(row["angle"]["per_seed"]) == len(row["validation_error"]["per_seed"]) == 2
    assert 0 < row["angle"]["mean"] < 120
    assert row["reconstruction"]["mean"] > 0.5


@pytest.mark.parametrize(("rule", "degrees"), [("BP", 0), ("top two", 90)])
def test_the_gradient_is_at_0_degrees_and_no_update_at_90(data, rule, degrees):
    row = targets_digits.below_the_top(data, rule, SETTINGS, [0])
    assert row["angle"]["mean"] == pytest.approx(degrees, abs=1e-3)
    assert "reconstruction" not in row


def test_a_choice_may_rest_on_several_networks(data):
    _, tried = targets.choose(data, "BP", SETTINGS, {"learning_rate": [5e-3]}, repeats=2)
    errors = [targets.validation_error(data, "BP", SETTINGS, seed=targets.CHOOSING_SEED + i) for i in (0, 1)]
    assert tried[0]["validation_error"] == pytest.approx(np.mean(errors), abs=1e-3)


def test_tp_needs_long_steps_and_dtp_short_ones():
    found = {
        rule: {rate: row["validation_error"]["mean"] for rate, row in rows["target_rate"].items()}
        for rule, rows in stored("05-digits.json")["steps"].items()
    }
    assert found["TP"]["0.1"] > 50 > 10 > found["TP"]["10"]
    assert found["DTP"]["0.1"] < min(found["TP"].values()) < found["DTP"]["1000"]


def test_the_best_settings_with_a_given_value_are_measured(data, monkeypatch):
    monkeypatch.setattr(targets_digits, "STEP_DEPTH", 2)
    monkeypatch.setattr(targets_digits, "BASE", replace(SETTINGS, epochs=1))
    tried = [
        {"learning_rate": rate, "target_rate": goal, "inverse_rate": 2e-3, "validation_error": error}
        for rate, goal, error in ((1e-3, 1.0, 20.0), (3e-3, 1.0, 10.0), (1e-2, 10.0, 5.0))
    ]
    row = targets_digits.best_with(data, "DTP", tried, {"target_rate": 1.0}, [0, 1])
    assert (row["settings"]["learning_rate"], row["settings"]["target_rate"]) == (3e-3, 1.0)
    assert len(row["validation_error"]["per_seed"]) == 2


@pytest.mark.parametrize("depth", ["2", "3", "5", "7"])
def test_every_rule_beats_the_control_at_every_depth(depth):
    errors = {rule: row["test_error"]["mean"] for rule, row in stored("05-digits.json")["depth"][depth].items()}
    assert max(errors[rule] for rule in ("BP", "TP", "DTP")) < 0.7 * errors["top two"]


class TestFullScaleOnSmallData:
    @pytest.fixture
    def folder(self, monkeypatch, tmp_path) -> Path:
        small = Settings(hidden=(12, 12, 12), epochs=2, batch_size=20)
        tasks = {"three": (small, "three"), "seven": (small, "seven"), "shifted": (replace(small, shift=1), "three")}
        rates = {"learning_rate": [1e-5, 5e-3]}
        for name, value in {
            "TASKS": tasks,
            "GRIDS": {"three": {"DTP": rates, "DTP, random": rates}, "seven": {"BP": rates}},
            "CHOOSING_EPOCHS": {"three": 1, "seven": 1},
            "DROPS": {"drop": [0.3, 0.9]},
            "SHIFTED": ["DTP"],
            "RESULTS": tmp_path,
            "SETTINGS": tmp_path / "settings.json",
        }.items():
            monkeypatch.setattr(targets_mnist, name, value)
        return tmp_path

    def test_each_depth_chooses_and_keeps_what_the_other_chose(self, data, folder):
        for depth in ("three", "seven"):
            targets_mnist.write_settings(data, depth)
        rules = json.loads((folder / "settings.json").read_text())["rules"]
        assert rules["three"]["DTP"]["chosen"] == rules["seven"]["BP"]["chosen"] == {"learning_rate": 5e-3}
        assert rules["three"]["DTP"]["drop"] == rules["three"]["DTP, random"]["drop"] == 0.3
        assert [row["drop"] for row in rules["three"]["DTP"]["dropped"]] == [0.3, 0.9]

    def test_with_seven_layers_the_best_of_short_runs_are_tried_at_full_length(self, data, folder):
        full, _ = targets_mnist.TASKS["seven"]
        tried = [{"learning_rate": rate, "validation_error": error} for rate, error in
                 ((1e-2, 9.0), (3e-3, 3.0), (1e-5, 4.0), (1e-4, 5.0))]  # fmt: skip
        found = targets_mnist.finals(data, "BP", full, tried)
        assert [row["learning_rate"] for row in found["finals"]] == [3e-3, 1e-5, 1e-4]
        assert found["chosen"] == {"learning_rate": 3e-3}
        expected = targets.validation_error(data, "BP", replace(full, learning_rate=3e-3))
        assert found["finals"][0]["validation_error"] == pytest.approx(expected, abs=1e-3)

    def test_below_the_best_a_lower_rate_is_tried_until_one_is_worse(self, data, folder, monkeypatch):
        errors = {(1e-1, 1): 3.0, (3e-2, 1): 2.0, (1e-2, 1): 1.0, (3e-3, 1): 0.5, (1e-3, 1): 0.7, (3e-4, 1): 0.1, (1e-3, 2): 9.0}

        def known(data, rule, settings, grid):
            own = {name: values[0] for name, values in grid.items()}
            return settings, [{**own, "validation_error": errors[own["learning_rate"], own["noise"]]}]

        monkeypatch.setattr(targets_mnist, "choose", known)
        tried = [{"learning_rate": rate, "noise": noise, "validation_error": number}
                 for number, (rate, noise) in enumerate(errors)]  # fmt: skip
        found = targets_mnist.finals(data, "DTP", targets_mnist.TASKS["seven"][0], tried)
        assert [row["learning_rate"] for row in found["finals"]] == [1e-1, 3e-2, 1e-2, 3e-3, 1e-3]
        assert {row["noise"] for row in found["finals"]} == {1}
        assert found["chosen"] == {"learning_rate": 3e-3, "noise": 1}

    def test_a_task_uses_what_was_chosen_and_drops_pixels_in_the_first_alone(self, data, folder):
        chosen = {"rules": {"three": {
            rule: {"chosen": {"learning_rate": 4e-3}, "drop": 0.3} for rule in ("DTP", "DTP, random")
        }}}  # fmt: skip
        for task in ("three", "shifted"):
            targets_mnist.run(task, data, [0, 1], chosen)
        three, shifted = (json.loads((folder / f"05-mnist-{task}.json").read_text()) for task in ("three", "shifted"))
        assert list(three["rules"]) == ["DTP", "DTP, random"]
        assert list(shifted["rules"]) == ["DTP"]
        assert three["rules"]["DTP"]["settings"]["drop"] == 0.3
        assert shifted["rules"]["DTP"]["settings"]["drop"] == 0
        assert shifted["rules"]["DTP"]["settings"]["shift"] == 1
        assert {three["rules"]["DTP"]["settings"]["learning_rate"], shifted["rules"]["DTP"]["settings"]["learning_rate"]} == {4e-3}
        assert three["seeds"] == [0, 1]
        assert three["command"] == "python -m experiments.targets_mnist three --seeds 2"
