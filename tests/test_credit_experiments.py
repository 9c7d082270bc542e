"""The experiments of chapter 6 on small data: the grounds, the choice of settings, and what is measured."""

from dataclasses import replace

import numpy as np
import pytest

from experiments import credit, credit_depth, credit_parity, credit_samples
from experiments.credit import Settings
from experiments.scale import Source
from experiments.sweep import carry_out
from helpers import rules
from helpers.chapters.chapter6.ground import odd_or_even
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.data.datasets import Dataset, digits
from helpers.networks.layers import LossLayer
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Diverged, Network
from helpers.rules.target_propagation import TargetPropagation

DIGITS = Source("digits")
QUICK = Settings("cells", 2, epochs=1)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return odd_or_even(digits())


def broken(*arguments, **named):
    raise Diverged("the loss is nan")


def test_every_rule_and_the_control_stand_on_cells_and_all_but_error_diffusion_on_tanh():
    assert credit.contestants("cells") == [*MULTIPLICATIONS, "top"]
    assert set(credit.contestants("cells")) - set(credit.contestants("tanh")) == {"error_diffusion"}


@pytest.mark.parametrize("ground", credit.GROUNDS)
def test_every_contestant_trains_and_repeats_itself(data, ground):
    for rule in credit.contestants(ground):
        first, again = (credit.train(data, rule, replace(QUICK, ground=ground), seed=3)[0] for _ in range(2))
        assert all(np.array_equal(first.parameters[name], again.parameters[name]) for name in first.parameters), rule


def test_the_output_of_the_tanh_network_is_a_logit(data):
    x, t = data.train.x[:20], data.train.t[:20]
    network = credit.network_of(64, replace(QUICK, ground="tanh"), np.random.default_rng(0))
    plain = Network(network.layers, LossLayer(binary_cross_entropy))
    ours, theirs = network.gradients(x, t), plain.gradients(x, t[:, None].astype(np.float32))
    assert ours.loss == pytest.approx(theirs.loss, rel=1e-6)
    assert np.allclose(ours.arrays["W1"], theirs.arrays["W1"], rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("rule", ["backpropagation", "error_diffusion"])
def test_with_twice_the_weights_and_twice_u0_the_same_rate_learns_the_same(data, rule):
    """So a rate in units of u0 and u0 itself can be chosen one after the other; float32 rounds on the way."""
    sums = []
    for factor in (1, 2):
        settings = replace(QUICK, u0=2.0 * factor)
        network = credit.network_of(64, settings, np.random.default_rng(0))
        for array in network.parameters.values():
            array *= factor
        optimizer = credit.BufferedAdam(settings.learning_rate)
        learn = credit.rule_of(rule, network, np.random.default_rng(1))
        credit.fit(network, data, optimizer, np.random.default_rng(2), steps=10, rule=learn, score=None)
        sums.append(network.predict(data.validation.x) / settings.u0)
    assert np.abs(sums[0]).max() > 0.1
    assert np.allclose(*sums, atol=1e-3)


def test_target_propagation_takes_longer_steps():
    for name, rate in credit.TARGET_RATES.items():
        rng = np.random.default_rng(0)
        rule = credit.rule_of(name, credit.network_of(64, QUICK, rng), rng)
        assert isinstance(rule, TargetPropagation) and rule.target_rate == rate


def test_the_gradient_is_at_0_degrees_and_what_the_control_leaves_alone_at_90():
    of_gradient, of_control = (credit.measured(0, DIGITS, rule, QUICK) for rule in ("backpropagation", "top"))
    assert of_gradient["angle"] == pytest.approx([0, 0, 0], abs=0.1)
    assert of_control["angle"] == pytest.approx([90, 0, 0], abs=0.1)
    assert 0.4 < of_control["test"] < 1


def test_a_run_that_breaks_down_has_nothing_right(monkeypatch):
    monkeypatch.setattr(credit, "train", broken)
    assert credit.measured(0, DIGITS, "top", QUICK) == {"test": 0.0, "saturated": 1.0, "angle": [90.0, 90.0, 90.0]}
    assert credit.validation_error(0, DIGITS, "top", QUICK) == 100


@pytest.mark.parametrize("ground", credit.GROUNDS)
def test_units_far_from_their_middle_are_saturated(data, ground):
    """With weights of 0 the threshold alone says where every unit stands."""
    shares = []
    for threshold in (0.0, 100.0):
        network = credit.network_of(64, replace(QUICK, ground=ground, depth=1), np.random.default_rng(0))
        network.parameters["W1"][...], network.parameters["b1"][...] = 0, threshold
        shares.append(credit.looks(network, Network.gradients, data.validation)["saturated"])
    assert shares == [0, 1]


@pytest.mark.parametrize("ground", credit.GROUNDS)
def test_slopes_are_shares_of_the_largest(ground):
    network = credit.network_of(64, replace(QUICK, ground=ground, depth=1), np.random.default_rng(0))
    network.parameters["W1"][...], network.parameters["b1"][...] = 0, 0
    network.predict(np.zeros((1, 64), np.float32))
    assert credit.relative_slopes(network.layers[1]) == pytest.approx(1)


def walk(rule, settings, errors, monkeypatch):
    """Return what a rule chooses where the error is that of its rate and u0, and the calls."""
    calls = []

    def error(seed, data, rule, settings):
        calls.append((seed, settings.u0, settings.rate))
        return errors(settings)

    monkeypatch.setattr(credit, "validation_error", error)
    stages, values = credit.chosen(DIGITS, rule, settings), None
    with pytest.raises(StopIteration) as end:
        while True:
            values = [error(run.seed, **run.settings) for run in stages.send(values)]
    return *end.value.value, calls


def far(settings):
    """Return an error that is smallest for steep cells and a rate of 0.05."""
    return abs(np.log(settings.u0 / 0.5)) + abs(np.log(settings.rate / 0.05))


def test_cells_look_at_several_widths_first_and_walk_on_from_its_best(monkeypatch):
    best, tried, calls = walk("backpropagation", QUICK, far, monkeypatch)
    assert (best.u0, best.rate) == (0.5, 0.05)
    looked = [call for call in calls if call[0] in credit.LOOKING]
    assert len(looked) == 5 and {seed for seed, *_ in calls[5:]} == set(credit.WALKING)
    assert [row for row in tried if row["u0"] == 0.5 and row["rate"] == 0.05] == [
        {"rate": 0.05, "u0": 0.5, "validation_error": 0.0}
    ]
    assert credit.at_an_edge(best, credit.lines_of("cells")) == []


def test_a_slow_rule_walks_with_one_seed_and_tanh_chooses_no_width(monkeypatch):
    best, _, calls = walk("node_perturbation", replace(QUICK, ground="tanh"), far, monkeypatch)
    assert {seed for seed, *_ in calls} == {credit.WALKING.start}
    assert (best.u0, best.rate) == (1.0, 0.05)


def test_an_edge_is_named():
    lines = credit.lines_of("cells")
    assert credit.at_an_edge(replace(QUICK, rate=0.5, u0=0.25), lines) == ["rate", "u0"]


def test_settings_are_read_back_from_the_row_of_a_file(tmp_path):
    stages = credit_depth.chosen_and_measured(DIGITS, "top", replace(QUICK, ground="tanh"), range(2), range(1001, 1002))
    row, _ = carry_out(stages, kept=tmp_path, jobs=1)
    read = credit_depth.settings_of("tanh", 2, row, {"epochs": 1, "batch_size": 50})
    again = credit.measured(1, DIGITS, "top", read)
    assert row["test"]["per_seed"][1] == again["test"]
    assert [angle["per_seed"][1] for angle in row["angle"]] == again["angle"]


def test_a_curve_ends_where_a_run_of_its_length_ends_and_a_breakdown_stays_one(data, monkeypatch):
    several = credit_samples.curve(data, data.validation, "top", QUICK, 0, [10, 40])
    assert len(several) == 2 and several[0] != several[1]
    one = credit_samples.curve(data, data.validation, "top", QUICK, 0, [10])
    assert several[0] == one[0]
    monkeypatch.setattr(credit_samples, "fit", broken)
    assert credit_samples.curve(data, data.validation, "top", QUICK, 0, [10, 40]) == [0.0, 0.0]


def test_the_rate_of_a_curve_is_chosen_by_its_end(data):
    end = credit_samples.curve(data, data.validation, "top", QUICK, 0, [40])[0]
    assert credit_samples.error_at_the_end(0, DIGITS, "top", QUICK, [10, 40]) == pytest.approx(100 * (1 - end))


def test_xor_is_solved_and_counted_and_a_run_without_success_pays_for_what_is_wrong(monkeypatch):
    steep = Settings("cells", 1, u0=1.0, rate=0.05)
    needed = credit_parity.updates_needed(0, "backpropagation", steep, bits=2, limit=500)
    assert 0 < needed < 500 and needed % credit_parity.EVERY == 0
    assert credit_parity.cost(0, "backpropagation", steep, bits=2, limit=500) == needed
    assert credit_parity.updates_needed(0, "backpropagation", steep, bits=6, limit=10) == 10
    assert 10 < credit_parity.cost(0, "backpropagation", steep, bits=6, limit=10) < 20
    monkeypatch.setattr(Network, "accuracy", broken)
    assert credit_parity.cost(0, "backpropagation", steep, bits=6, limit=10) == 20


@pytest.mark.parametrize("rule", credit_parity.SAME_IN_ONE_LAYER)
def test_with_one_hidden_layer_these_are_backpropagation(data, rule):
    x, t = data.train.x[:20], data.train.t[:20]
    network = credit.network_of(64, replace(QUICK, depth=1), np.random.default_rng(0))
    update = credit.rule_of(rule, network, np.random.default_rng(1))(network, x, t)
    for name, array in network.gradients(x, t).arrays.items():
        assert np.allclose(update.arrays[name], array, rtol=1e-3, atol=1e-6), name
    assert rule not in credit_parity.rules_for(2, depth=1) and rule in credit_parity.rules_for(2, depth=3)
