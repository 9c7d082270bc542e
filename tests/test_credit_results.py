"""The stored results of chapter 6 fit the code, rest on choices that are not at an edge, and say what the text says."""

import numpy as np
import pytest

from experiments import credit, credit_depth, credit_samples
from experiments.credit import Settings
from experiments.scale import Source
from helpers.data.results import stored
from helpers.measures.comparisons import Difference, paired_difference

DEPTH, SAMPLES = stored("06-depth"), stored("06-samples")

ROWS = {
    (ground, int(depth), rule): row
    for ground, by_depth in DEPTH["depth"].items()
    for depth, by_rule in by_depth.items()
    for rule, row in by_rule.items()
}


def points(ground: str, depth: int, first: str, second: str) -> Difference:
    """Return by how many points of test accuracy a rule is ahead of another, over the seeds."""
    a, b = (100 * np.array(ROWS[ground, depth, rule]["test"]["per_seed"]) for rule in (first, second))
    return paired_difference(a, b)


def check_choice(row, lines, score):
    """See that the best of what was tried was chosen, that its neighbours were tried, and that edges are named."""
    tried, own = row["tried"], {name: row["settings"][name] for name in lines}
    candidates = [{name: tried[name][i] for name in lines} for i in range(len(tried[score]))]
    assert tried[score][candidates.index(own)] == min(tried[score])
    last = list(lines)[-1]
    along = [one[last] for one in candidates if all(one[name] == own[name] for name in lines if name != last)]
    place = lines[last].index(own[last])
    assert {lines[last][i] for i in (place - 1, place + 1) if 0 <= i < len(lines[last])} <= set(along)
    assert row["edges"] == [name for name in lines if own[name] in (lines[name][0], lines[name][-1])]


class TestDepth:
    def test_the_settings_are_those_of_the_code(self):
        assert DEPTH["settings"] == {
            "data": "digits, odd or even",
            "width": credit.WIDTH,
            "epochs": Settings.epochs,
            "batch_size": Settings.batch_size,
            "target_rate": credit.TARGET_RATES,
            "deepest": credit_depth.DEEPEST,
            "first_look": {**credit.FIRST_LOOK, "seeds": list(credit.LOOKING)},
        }
        assert list(ROWS) == [
            (ground, depth, rule)
            for ground in credit.GROUNDS
            for depth in credit_depth.DEPTHS
            for rule in credit_depth.rules_for(ground, depth)
        ]

    @pytest.mark.parametrize("key", ROWS, ids=str)
    def test_the_best_was_chosen_and_measured(self, key):
        ground, depth, rule = key
        row, lines = ROWS[key], credit.lines_of(ground)
        check_choice(row, lines, "validation_error")
        settings = credit_depth.settings_of(ground, depth, row, DEPTH["settings"])
        assert row["settings"]["learning_rate"] == settings.learning_rate
        assert row["walking"] == list(credit.walking_seeds(rule, credit.WALKING))
        assert not {*row["walking"], *credit.LOOKING} & set(DEPTH["seeds"])
        assert len(row["angle"]) == depth + 1

    @pytest.mark.parametrize(
        "key", [("cells", 1, "backpropagation"), ("cells", 2, "error_diffusion"), ("tanh", 2, "top")], ids=str
    )
    def test_a_network_trained_again_is_as_good(self, key):
        """One seed; kernels round differently, and a point of accuracy is 3.6 images of 360."""
        ground, depth, rule = key
        settings = credit_depth.settings_of(ground, depth, ROWS[key], DEPTH["settings"])
        again = credit.measured(DEPTH["seeds"][0], Source("digits"), rule, settings)
        assert again["test"] == pytest.approx(ROWS[key]["test"]["per_seed"][0], abs=0.015)

    def test_the_gradient_has_no_angle_to_itself(self):
        for (_, _, rule), row in ROWS.items():
            if rule == "backpropagation":
                assert max(max(angle["per_seed"]) for angle in row["angle"]) < 0.1


class TestDepthOnCells:
    """Where random lower layers carry nothing: the control of the two upper layers falls from layer to layer."""

    @pytest.mark.parametrize("depth", [2, 3, 5, 10])
    def test_the_upper_layers_alone_do_not_suffice(self, depth):
        best = "error_diffusion" if depth > 3 else "backpropagation"
        assert points("cells", depth, best, "top").low > 5
        assert ROWS["cells", depth, "top"]["test"]["mean"] < 0.91

    @pytest.mark.parametrize(
        "rule", ["difference_target_propagation", "direct_feedback_alignment", "error_diffusion", "feedback_alignment"]
    )
    def test_at_two_layers_backpropagation_is_ahead_of_each_rule_by_less_than_three_points(self, rule):
        ahead = points("cells", 2, "backpropagation", rule)
        assert ahead.apart and ahead.mean > 0 and ahead.within(3)

    @pytest.mark.parametrize("depth", [2, 3])
    def test_in_shallow_networks_backpropagation_is_ahead_of_error_diffusion(self, depth):
        assert points("cells", depth, "backpropagation", "error_diffusion").low > 0

    @pytest.mark.parametrize("depth", [5, 10])
    def test_in_deep_ones_error_diffusion_is_ahead_of_backpropagation(self, depth):
        assert points("cells", depth, "error_diffusion", "backpropagation").low > 0

    def test_in_the_deepest_it_is_ahead_of_every_rule_and_in_every_seed_of_backpropagation(self):
        for rule in credit_depth.rules_for("cells", 10):
            if rule != "error_diffusion":
                assert points("cells", 10, "error_diffusion", rule).low > 0, rule
        ours, theirs = (ROWS["cells", 10, rule]["test"]["per_seed"] for rule in ("error_diffusion", "backpropagation"))
        assert all(own > other for own, other in zip(ours, theirs, strict=True))

    def test_error_diffusion_loses_less_than_two_points_from_one_layer_to_ten(self):
        one, ten = (100 * np.array(ROWS["cells", depth, "error_diffusion"]["test"]["per_seed"]) for depth in (1, 10))
        assert paired_difference(one, ten).within(2)

    def test_error_diffusion_learns_with_updates_nearly_at_right_angles_to_the_gradient(self):
        angles = [angle["mean"] for angle in ROWS["cells", 10, "error_diffusion"]["angle"]]
        assert min(angles) > 45 and angles[-1] > 90  # the output's own weights grow where the error is positive only

    @pytest.mark.parametrize("rule", ["target_propagation", "feedback_alignment"])
    def test_in_the_deepest_these_are_not_apart_from_the_control(self, rule):
        assert not points("cells", 10, rule, "top").apart


class TestDepthOnTanh:
    """Where orthogonal layers hand everything up: backpropagation keeps its accuracy, but so does the control."""

    def test_backpropagation_is_fine_at_ten_layers(self):
        assert ROWS["tanh", 10, "backpropagation"]["test"]["mean"] > 0.96
        shallow, deep = (
            100 * np.array(ROWS["tanh", depth, "backpropagation"]["test"]["per_seed"]) for depth in (1, 10)
        )
        assert paired_difference(shallow, deep).within(2)

    def test_there_it_is_within_two_points_of_error_diffusion_on_cells(self):
        tanh, cells = (
            100 * np.array(ROWS[key]["test"]["per_seed"])
            for key in (("tanh", 10, "backpropagation"), ("cells", 10, "error_diffusion"))
        )
        assert paired_difference(tanh, cells).within(2)

    @pytest.mark.parametrize("depth", [2, 3, 5, 10])
    def test_the_upper_layers_alone_are_less_than_three_points_behind(self, depth):
        assert points("tanh", depth, "backpropagation", "top").within(3)

    @pytest.mark.parametrize(
        "rule", ["difference_target_propagation", "feedback_alignment", "target_propagation", "weight_perturbation"]
    )
    def test_at_ten_layers_these_do_worse_than_to_leave_the_lower_layers_alone(self, rule):
        assert points("tanh", 10, "top", rule).low > 0


class TestSamples:
    def test_the_settings_are_those_of_the_code(self):
        assert SAMPLES["settings"] == {
            "data": "digits, odd or even",
            "depth": credit_samples.DEPTH,
            "width": credit.WIDTH,
            "batch_size": credit_samples.BATCH_SIZE,
        }
        assert SAMPLES["samples"] == [credit_samples.BATCH_SIZE * count for count in credit_samples.UPDATES]
        assert list(SAMPLES["rules"]) == credit_samples.rules_compared()

    @pytest.mark.parametrize("rule", SAMPLES["rules"])
    def test_the_rate_is_the_best_and_all_else_that_of_the_other_file(self, rule):
        row = SAMPLES["rules"][rule]
        check_choice(row, credit_samples.RATES, "validation_error")
        other = ROWS["cells", credit_samples.DEPTH, rule]["settings"]
        same = [name for name in row["settings"] if name not in ("rate", "learning_rate")]
        assert {name: row["settings"][name] for name in same} == {name: other[name] for name in same}
        assert len(row["test"]) == len(SAMPLES["samples"])
        assert not {*row["walking"], *credit.LOOKING} & set(SAMPLES["seeds"])
