"""The runs behind chapter 3: the stored figures, the experiment in small, the benchmark's contestants."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments import gain_fields, zipser_andersen, zipser_andersen_pairs, zipser_andersen_rates
from experiments.record import RESULTS
from experiments.scale import Scale
from experiments.sweep import carry_out
from helpers.chapters.chapter3.coordinate_network import hidden_activity, network_for
from helpers.chapters.chapter3.coordinate_task import Positions, make_task, source_task
from helpers.chapters.chapter3.gain_fields import Responses
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.training.optimizers import SGD

TOP = Path(__file__).parents[1]


def load(module):
    return json.loads((TOP / module.EXPERIMENTS[0].out).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def stored():
    return load(zipser_andersen)


def test_the_stored_settings_are_the_present_ones(stored):
    present = {name: zipser_andersen.Settings(**values) for name, values in stored["settings"].items()}
    assert present == zipser_andersen.SETTINGS | zipser_andersen.GRID | zipser_andersen.PAGE
    present = {
        inputs: {kind: zipser_andersen.Settings(**values) for kind, values in several.items()}
        for inputs, several in load(gain_fields)["settings"].items()
    }
    assert present == gain_fields.RECORDED
    present = zipser_andersen.Settings(**load(zipser_andersen_pairs)["settings"])
    assert present == zipser_andersen.PAGE["page"]


@pytest.mark.parametrize(
    ("group", "file", "chosen"),
    [
        ("SGD", "03-learning-rates.json", zipser_andersen.RATES),
        ("Adam", "03-learning-rates-adam.json", zipser_andersen.ADAM_RATES),
        ("apart", "03-learning-rates-apart.json", zipser_andersen.APART_RATES),
    ],
)
def test_every_rate_is_the_one_with_the_lowest_validation_error_of_its_own_task(group, file, chosen):
    rates = json.loads((TOP / RESULTS / file).read_text(encoding="utf-8"))
    assert rates["rates"] == list(zipser_andersen_rates.RATES[group])
    assert rates["chosen"] == chosen
    for name, rows in rates["validation_error"].items():
        assert len(rows) == len(rates["rates"])
        best = min(range(len(rows)), key=lambda place: rows[place]["mean"])
        assert rates["rates"][best] == rates["chosen"][name]
        assert 0 < best < len(rows) - 1, f"{name}: the best rate stands at the edge of those that were tried"
    tasks = zipser_andersen_rates.TASKS[group]
    assert tasks.keys() == rates["settings"].keys()
    for name, setting in tasks.items():
        assert zipser_andersen.Settings(**rates["settings"][name], learning_rate=setting.learning_rate) == setting
        assert setting.learning_rate == rates["chosen"][name]
        assert (setting.optimizer, setting.apart) == ("Adam" if group == "Adam" else "SGD", group == "apart")


def test_the_rate_is_chosen_on_validation_samples(monkeypatch, tmp_path):
    short = zipser_andersen.Settings(epochs=1, points=1)
    monkeypatch.setitem(zipser_andersen_rates.TASKS, "SGD", {"short": short})
    monkeypatch.setitem(zipser_andersen_rates.RATES, "SGD", (0.01, 1.0))
    found, _ = carry_out(zipser_andersen_rates.stages(Scale(), range(2), "SGD"), kept=tmp_path, jobs=1)
    assert found["chosen"] == {"short": 1.0}
    start = zipser_andersen.begin(1, short)
    score = zipser_andersen.train(start, zipser_andersen.Settings(epochs=1, points=1, learning_rate=1.0)).validation[-1]
    assert found["validation_error"]["short"][1]["per_seed"][1] == score


def test_the_same_seed_begins_with_the_same_data_and_weights():
    one, two, other = (zipser_andersen.begin(seed, zipser_andersen.Settings()) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.data.train.x, two.data.train.x)
    np.testing.assert_array_equal(one.network.parameters["W1"], two.network.parameters["W1"])
    assert not np.array_equal(one.network.parameters["W1"], other.network.parameters["W1"])


def test_additive_units_are_planar_in_total_and_not_in_what_the_light_adds():
    found = gain_fields.shares(gain_fields.additive_only(400), np.random.default_rng(0))
    assert found["total, no noise"] == 1 and found["visual, no noise"] == 0
    assert found["total, noise 0.1"] > 0.95
    assert found["visual, noise 0.1"] < 0.1 and found["shuffled, noise 0.1"] < 0.1


def test_quiet_products_are_counted():
    quiet, loud = np.outer([0.1, 0.2], [0.3, 0.6, 0.9]), 0.7 + np.add.outer([0, 0.1], [0, 0.05, 0.1])
    dark = np.tile(
        [1.2, 0.9, 0.6], (2, 1)
    )  # the last unit adds a product to a loud background that falls where it grows
    total, background = np.stack([quiet, loud, dark + quiet]), np.stack([0 * quiet, 0 * loud, dark])
    assert gain_fields.products(Responses(total, background)) == {
        "quiet": 1, "loud": 2, "below one half": 1, "total products": 1, "quiet total products": 1,
        "loud total products": 0, "visual products": 2, "quiet visual products": 1, "loud visual products": 1,
    }  # fmt: skip


def test_segregated_units_listen_to_one_of_the_two():
    task = make_task("eye", 2)
    network = network_for(task, 10, np.random.default_rng(0))
    sizes = np.logspace(-1, 1, 10)
    network.parameters["W1"][:64] *= sizes.astype(np.float32)
    network.parameters["W1"][64:] *= sizes.astype(np.float32)
    assert gain_fields.segregation(network, task) > 0.8
    network.parameters["W1"][64:] /= sizes.astype(np.float32) ** 2
    assert gain_fields.segregation(network, task) < -0.8


def test_a_visual_response_against_the_background_is_counted(monkeypatch):
    ramp = 0.4 + 0.01 * gain_fields.EYES[:, :1]
    clean = Responses(ramp + np.hstack([ramp, 0.8 - ramp, 0 * ramp]), np.tile(ramp, 3))
    monkeypatch.setattr(gain_fields, "slopes", lambda *_: (np.eye(2), np.array([[1.0, 1], [0, 0]])))
    counted = gain_fields.directions(None, None, clean, np.random.default_rng(0))
    # one unit rises with the background and one falls; in both, total and background together are 1.2
    assert counted == {"aligned": 0.5, "opposed": 0, "planar": 2, "against": 1, "foretold": 1, "against, dim": 1}


def test_stored_gain_fields_hold_every_control_on_fresh_seeds():
    stored = load(gain_fields)
    assert len(stored["seeds"]) >= 3 and min(stored["seeds"]) == 100  # none that chose a rate, which were 0 to 4
    for part in stored["runs"].values():
        assert part.keys() == {
            "trained", "untrained", "large", "large retina", "large eye", "biased", "additive",
            "difference", "retina", "apart", "apart large", "adam",
        }  # fmt: skip
        # two positions asked for apart: large eye weights, and hardly a gain field; random ones as large have more
        for other in ("trained", "difference", "apart large"):
            assert min(part[other]["visual, noise 0.1"]["per_seed"]) > max(
                part["apart"]["visual, noise 0.1"]["per_seed"]
            )
        assert min(part["apart"]["eye weights"]["per_seed"]) > 3 * max(part["retina"]["eye weights"]["per_seed"])
        assert part["apart large"]["aligned"] == part["large"]["aligned"]
        # a plane is a trend without lack of fit
        for row in part.values():
            pairs = zip(row["plane, noise 0.1"]["per_seed"], row["visual, noise 0.1"]["per_seed"], strict=True)
            assert all(plane <= trend for plane, trend in pairs)
        assert min(part["trained"]["aligned"]["per_seed"]) > max(part["large"]["aligned"]["per_seed"])
        assert part["biased"]["aligned"] == part["large"]["aligned"]  # a bias turns no slope
        # one part made large makes no gain field, both do
        for half in ("large retina", "large eye"):
            assert max(part[half]["visual, noise 0.1"]["per_seed"]) < min(
                part["large"]["visual, noise 0.1"]["per_seed"]
            )
            assert part[half]["aligned"] == part["large"]["aligned"]
        # the slopes follow the question, and a network that is not asked about the eye has small eye weights
        assert min(part["difference"]["opposed"]["per_seed"]) > max(part["trained"]["opposed"]["per_seed"])
        assert max(part["retina"]["eye weights"]["per_seed"]) < 0.3 * min(part["trained"]["eye weights"]["per_seed"])


def test_a_network_is_trained_on_its_own_question():
    short = {"epochs": 2, "points": 1, "learning_rate": 2.0}
    settings = {
        "trained": zipser_andersen.Settings("eye", 2, **short),
        "difference": zipser_andersen.Settings("eye", 2, eye_factor=-1, **short),
        "apart": zipser_andersen.Settings("eye", 2, apart=True, **short),
        "adam": zipser_andersen.Settings("eye", 2, optimizer="Adam", **short | {"learning_rate": 0.02}),
    }
    found = gain_fields.run_one(0, settings)
    assert found.keys() == {
        "trained", "untrained", "large", "large retina", "large eye", "additive", "biased", "difference", "adam",
        "apart", "apart large",
    }  # fmt: skip
    assert found["large retina"]["eye weights"] == found["untrained"]["eye weights"]
    assert found["large eye"]["eye weights"] == found["large"]["eye weights"] > 2 * found["untrained"]["eye weights"]
    assert found["trained"]["aligned"] > 0.3 > found["trained"]["opposed"]
    assert found["difference"]["opposed"] > 0.3 > found["difference"]["aligned"]
    assert found["adam"]["error"] != found["trained"]["error"]
    start = zipser_andersen.begin(0, settings["difference"])
    zipser_andersen.train(start, settings["difference"])
    weights = start.network.parameters["W1"][64:]
    assert found["difference"]["eye weights"] == pytest.approx(weights.std())
    assert found["difference"]["negative biases"] == np.sum(start.network.parameters["b1"] < 0)


def test_the_biases_of_the_model_are_dealt_out_to_other_units(rng):
    network, model = (network_for(source_task(), 25, np.random.default_rng(seed)) for seed in (0, 1))
    model.parameters["b1"][...] = rng.normal(size=25)
    biased = gain_fields.with_biases_of(network, model, rng)
    ours, theirs = biased.parameters["b1"], model.parameters["b1"]
    np.testing.assert_array_equal(np.sort(ours), np.sort(theirs))
    assert not np.array_equal(ours, theirs)
    np.testing.assert_array_equal(network.parameters["b1"], 0)
    for name in ("W1", "W2", "b2"):
        np.testing.assert_array_equal(biased.parameters[name], network.parameters[name])
    pattern, eye = source_task().retina.encode(np.zeros((1, 2))), np.zeros((1, 2))
    moved = hidden_activity(biased, source_task(), pattern, eye) - hidden_activity(network, source_task(), pattern, eye)
    assert np.array_equal(moved[0] > 0, ours > 0)  # the new biases are those that the units use


def test_a_block_is_a_square_of_horizontal_positions():
    eye = np.array([[20, 39], [11, -39], [9, 0], [20, 0]])
    retinal = np.array([[-20, 0], [-29, 39], [-20, 0], [-31, 0]])
    assert zipser_andersen_pairs.outside(20)(Positions(retinal, eye)).tolist() == [False, False, True, True]
    assert not zipser_andersen_pairs.outside(30)(Positions(retinal, eye)).any()


def test_the_list_gives_the_answer_of_its_nearest_pair():
    known = Positions([[0, 0], [30, 0]], [[0, 10], [0, -10]])
    asked = Positions([[28, 1], [1, 1]], [[1, -9], [-2, 12]])
    np.testing.assert_array_equal(zipser_andersen_pairs.answer_of_the_list(known, asked), [[30, -10], [0, 10]])


def test_without_a_block_the_same_seed_begins_with_the_same_weights():
    settings = zipser_andersen.Settings("eye", 32)
    whole, gap = (zipser_andersen.begin(0, settings, keep) for keep in (None, zipser_andersen_pairs.outside(20)))
    assert len(gap.data.train) < len(whole.data.train)
    np.testing.assert_array_equal(gap.network.parameters["W1"], whole.network.parameters["W1"])
    np.testing.assert_array_equal(gap.data.test.x, whole.data.test.x)


def test_the_block_costs_the_list_what_the_stored_errors_say():
    for row in load(zipser_andersen_pairs)["blocks"].values():
        for who in ("network", "list"):
            parts = (np.array(row[key]["per_seed"]) for key in (who, f"{who}, met", f"{who}, cost"))
            never, met, cost = parts
            np.testing.assert_allclose(never - met, cost)
            assert np.mean(cost) > 0


def test_a_short_run_about_pairs_measures_both_blocks():
    short = zipser_andersen.Settings("eye", 32, epochs=1, learning_rate=2.0, points=1)
    found = zipser_andersen_pairs.run_one(0, short)
    assert found.keys() == {"20", "30"}
    assert 5 < found["20"]["list"] < found["30"]["list"] < 12  # it does not depend on training
    assert found["20"]["list, met"] < found["20"]["list"]


def test_the_better_setting_has_a_lower_error_in_a_tenth_of_the_steps(stored):
    source, faster = (stored["runs"][name] for name in ("source", "faster"))
    assert faster["histories"][0]["steps"][-1] * 10 <= source["histories"][0]["steps"][-1] == 380_000
    for figure in ("error", "mean_degrees", "median_degrees"):
        assert max(faster["test"][figure]["per_seed"]) < min(source["test"][figure]["per_seed"])


def test_the_experiment_runs_and_the_same_seed_gives_the_same_network():
    settings = zipser_andersen.Settings(epochs=1, learning_rate=1.0, points=2)
    first, other, again = (zipser_andersen.run_one(seed, settings) for seed in (0, 1, 0))
    assert [one["history"]["seed"] for one in (first, other)] == [0, 1]
    assert first["history"]["steps"] == [0, 190, 380]
    errors = first["history"]["validation_error"]
    assert errors[-1] < errors[0] / 5
    assert first["test"]["error"] == pytest.approx(errors[-1], rel=0.3)
    assert again["history"] == first["history"] != other["history"]


@pytest.mark.parametrize(("name", "loss"), [("page", binary_cross_entropy), ("page-squared", sigmoid_squared_error)])
def test_a_setting_names_the_loss_that_is_trained(name, loss):
    assert zipser_andersen.begin(0, zipser_andersen.PAGE[name]).network.loss_layer.loss is loss
