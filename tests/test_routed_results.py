"""The stored runs of one network with ten outputs: chosen as the code says, and what the chapters say of them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import error_diffusion_classes as classes
from experiments import error_diffusion_routed as routed
from experiments.record import RESULTS
from helpers.data.datasets import digits
from helpers.measures.comparisons import paired_difference
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory

TOP = Path(__file__).parents[1]
LARGE, SMALL = "routed errors, 320 + 320 cells", "routed errors, 32 + 32 cells"
FROZEN = "control: hidden layer frozen, 320 + 320 cells"


def stored(name):
    return json.loads((TOP / RESULTS / f"{name}.json").read_text(encoding="utf-8"))


FILES = {name: stored(name) for name in ("04-ten-classes-routed", "04-ten-classes-routed-frozen")}
FOUND = {name: found for file in FILES.values() for name, found in file["networks"].items()}
STARTS = {**routed.NETWORKS, **routed.FROZEN}
TEN = stored("04-ten-classes")


def test_what_is_not_chosen_is_as_for_the_ten_networks_and_so_are_the_seeds():
    of_ten = classes.Settings(**TEN["tasks"]["plain"]["settings"])
    same = {name: getattr(of_ten, name) for name in ("loss", "optimizer", "epochs", "batch_size", "drop", "shift")}
    for file in FILES.values():
        assert file["seeds"] == TEN["seeds"]
    for name, start in STARTS.items():
        assert replace(start, **same) == start
        assert start.pairs in (of_ten.pairs, 10 * of_ten.pairs), name
        found = classes.Settings(**FOUND[name]["settings"])
        assert replace(found, learning_rate=start.learning_rate, u0=start.u0) == start
    assert FOUND.keys() == STARTS.keys()


@pytest.mark.parametrize("name", STARTS)
def test_each_choice_has_a_worse_neighbour_on_both_sides_along_each_line(name):
    found = FOUND[name]
    tried = {tuple(row[setting] for setting in routed.LINES): row["validation_error"] for row in found["tried"]}
    best = tuple(found["settings"][setting] for setting in routed.LINES)
    assert tried[best] == min(tried.values()) and found["edges"] == []
    for place, line in enumerate(routed.LINES.values()):
        at = line.index(best[place])
        for neighbour in (line[at - 1], line[at + 1]):
            assert tried[(*best[:place], neighbour, *best[place + 1 :])] >= tried[best]


@pytest.mark.parametrize("rule", ["routed", "summed", "frozen"])
def test_each_network_learns_by_the_rule_that_it_names(rule, rng):
    network = excitatory_inhibitory(4, 10, 1, rng, outputs=10)
    x, labels = rng.random((6, 4)), rng.integers(10, size=6)
    arrays = routed.rule_of(replace(routed.START, rule=rule))(network, x, labels).arrays
    assert (arrays["W1"] == 0).all() == (rule == "frozen")
    assert (arrays["W2"] != 0).all()
    if rule != "frozen":
        d, o = network.loss_layer.error / 6, network.layers[1].y
        heard = d.sum(axis=1, keepdims=True) if rule == "summed" else np.tile(d, 2)  # cell j hears output j modulo 10
        kinds = np.repeat([1, -1], 10)
        np.testing.assert_allclose(arrays["W1"], -2 * x.T @ (heard * o * (1 - o) * kinds), atol=1e-15)


def test_ten_classes_are_learned_by_one_network_with_routed_errors_and_less_well_with_summed_ones():
    data = digits()
    settings = replace(routed.START, epochs=40, batch_size=32, drop=0.0)
    accuracy = {
        rule: routed.train(data, 0, replace(settings, rule=rule)).accuracy(data.test.x, data.test.t)
        for rule in ("routed", "summed")
    }
    # seen 0.97 and 0.83 of 360 digits
    assert accuracy["routed"] > 0.94 > accuracy["summed"] + 0.05, accuracy


def test_the_wide_network_is_level_with_the_ten_and_ahead_of_its_control_and_of_what_is_published():
    accuracy = {name: 100 * np.array(found["test"]["per_seed"]) for name, found in FOUND.items()}
    ten = 100 * np.array(TEN["tasks"]["plain"]["test"]["per_seed"])
    assert paired_difference(ten, accuracy[LARGE]).within(0.3)
    assert paired_difference(accuracy[LARGE], accuracy[FROZEN]).low > 3
    assert accuracy[LARGE].min() > 100 * classes.PUBLISHED["yamada2026"]
    for other in ("summed errors, 32 + 32 cells", "routed errors, growing only, 32 + 32 cells"):
        assert paired_difference(accuracy[SMALL], accuracy[other]).low > 20


def test_only_growth_alone_keeps_the_signs():
    for name, found in FOUND.items():
        assert set(found["signs_kept"]) == {"growing only" in name}


def test_a_run_that_breaks_down_has_everything_wrong(monkeypatch):
    def broken(*_):
        raise routed.Diverged("the loss is nan")

    monkeypatch.setattr(routed, "train", broken)
    assert routed.validation_error(0, routed.Source("digits"), routed.START) == 100
