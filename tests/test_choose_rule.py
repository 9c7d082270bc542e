"""Choose your rule: one picture for each rule and depth, from results of the format that is stored."""

import json
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from helpers.chapters.chapter6.choose_rule import RULES, choose_rule, is_ahead, with_interval
from helpers.pages import explore
from helpers.pages.figures import BLUE, GREY, INK, ORANGE

DEPTHS = (1, 2, 3, 5, 7, 10)
SEEDS = 10


def summary(values):
    """Values of ten networks as the result files keep them."""
    return {"per_seed": list(values), "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1))}


def made_up(depths=DEPTHS):
    """Results of no network, in the format of `06-depth`: better where the rule stands higher, worse with depth."""
    rng = np.random.default_rng(5)

    def row(ground, depth, place):
        mean = 0.98 - 0.01 * place - 0.008 * depth - 0.02 * (ground == "cells")
        angles = np.clip(10 * place + 4 * np.arange(depth + 1)[::-1], 0, 95)
        return {
            "settings": {"rate": 0.1, "learning_rate": 0.1},
            "edges": [],
            "test": summary((mean + 0.01 * rng.standard_normal(SEEDS)).round(5)),
            "saturated": summary(rng.random(SEEDS).round(4)),
            "angle": [summary((angle + rng.random(SEEDS)).round(3)) for angle in angles],
        }

    grounds = {"cells": list(RULES), "tanh": [rule for rule in RULES if rule != "error_diffusion"]}
    found = {
        ground: {str(depth): {rule: row(ground, depth, place) for place, rule in enumerate(rules)} for depth in depths}
        for ground, rules in grounds.items()
    }
    return {"seeds": list(range(SEEDS)), "settings": {"width": 32}, "depth": found}


def cost(rule, depth):
    """Made-up multiplications: target propagation takes most, and all take more in deeper networks."""
    return 1000 * depth * (2.5 if "target" in rule else 1)


RESULTS = made_up()


@pytest.fixture(scope="module")
def figure():
    return choose_rule(RESULTS, cost)


def place_of(rule):
    """The value of the slider that chooses a rule."""
    return list(RULES).index(rule)


def test_the_reader_chooses_every_rule_and_every_depth_by_name(figure):
    rule, depth = figure.parameters.values()
    assert rule.texts == ["BP", "top", "WP", "NP", "FA", "DFA", "TP", "DTP", "ED"] and rule.texts[rule.first] == "ED"
    assert depth.texts == ["1", "2", "3", "5", "7", "10"] and depth.label == "hidden layers"


def test_the_alt_text_says_what_is_seen_with_its_numbers(figure):
    said = figure.alt(rule=place_of("feedback_alignment"), depth=3)
    row = RESULTS["depth"]["cells"]["3"]["feedback_alignment"]
    seen = with_interval(row["test"], 100)
    assert said.startswith("Test accuracy of 9 rules with 3 hidden layers; feedback alignment stands out. On cells: ")
    assert f"On cells: {seen.mean:.1f} percent, from {seen.low:.1f} to {seen.high:.1f}; clearly above it: BP, " in said
    assert ", ".join(f"{layer['mean']:.0f}" for layer in row["angle"]) + " degrees." in said
    assert said.endswith("An update takes 1.00 times the multiplications of backpropagation.")
    assert "takes 2.50 times" in figure.alt(rule=place_of("target_propagation"), depth=10)
    assert "with 1 hidden layer; " in figure.alt(rule=0, depth=1)
    assert "clearly above it: none; " in figure.alt(rule=0, depth=1)


def test_only_a_difference_that_leaves_zero_out_is_one():
    row = RESULTS["depth"]["tanh"]["1"]["top"]
    values = np.array(row["test"]["per_seed"])
    noise = 0.01 * np.resize([1, -1], SEEDS)  # of mean zero
    for ahead, by in ((False, 0.001), (True, 0.01), (False, -0.01)):
        assert is_ahead(row | {"test": summary(values + noise + by)}, row) is ahead


def test_a_rule_that_a_ground_does_not_have_is_said_to_be_missing(figure):
    said = figure.alt(rule=place_of("error_diffusion"), depth=5)
    assert "It cannot train tanh units." in said and "On tanh" not in said
    assert "On cells" in said


def test_the_interval_is_students(figure):
    values = np.array(RESULTS["depth"]["tanh"]["5"]["top"]["test"]["per_seed"])
    half = 2.262157 * values.std(ddof=1) / np.sqrt(SEEDS)  # the 97.5 % quantile with nine degrees of freedom
    found = with_interval(RESULTS["depth"]["tanh"]["5"]["top"]["test"], 100)
    assert [found.mean, found.high - found.low] == pytest.approx([100 * values.mean(), 200 * half])


def test_the_chosen_rule_has_the_colours_and_its_angles_are_drawn(figure):
    """Blue and orange marks: accuracy and angles of both grounds; what tanh units cannot do is not orange."""
    blue, orange = "var(--figure-blue", "var(--figure-orange"
    both = figure.svg(rule=place_of("feedback_alignment"), depth=2)
    one = figure.svg(rule=place_of("error_diffusion"), depth=2)
    assert both.count(blue) == both.count(orange) == one.count(blue) > 0 == one.count(orange)
    deeper = figure.svg(rule=place_of("feedback_alignment"), depth=10)
    assert deeper.count(blue) - both.count(blue) >= 8  # a mark for each layer more
    assert "Feedback alignment, 2 layers" in both and "Error diffusion, 2 layers" in one


def places(svg):
    """Every word of a picture with its place, but the title and the numbers of the layers, which change."""
    texts = re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<', svg)
    lowest = max(float(y) for _, y, words in texts if words == "1")
    return {(x, y, words) for x, y, words in texts if float(y) != lowest and "layers" not in words}


def test_the_axes_stay_where_they_are_when_the_figure_moves(figure):
    shown = [places(figure.svg(rule=rule, depth=depth)) for rule, depth in ((1, 2), (1, 10), (4, 3))]
    assert shown[0] == shown[1] == shown[2]
    assert {words for *_, words in shown[0]} >= {
        "test accuracy (%)",
        "BP",
        "ED",
        "cost (BP = 1)",
        "50",
        "2",
        "45",
        "90",
    }


def test_the_page_is_light(figure, monkeypatch):
    monkeypatch.setenv(explore.FORM_VARIABLE, "static")
    few = choose_rule(made_up((1, 10)), cost)
    html = few.to_html()
    data = json.loads(re.search(r"<script type='application/json'>(.*?)</script>", html, re.DOTALL)[1])
    assert len(data["frames"]) == 2 * len(RULES)
    # lines that pictures share are stored once: a picture of the whole figure takes less than half of this
    assert len(html) / len(data["frames"]) < 20_000
    assert few.caption == figure.caption  # whatever is chosen


def test_results_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="shows the grounds cells, tanh, got results of cells$"):
        choose_rule({"depth": {"cells": RESULTS["depth"]["cells"]}}, cost)
    with pytest.raises(ValueError, match="knows the rules backpropagation, .*, got .*hebb"):
        choose_rule(RESULTS, cost, start="hebb")
    other = made_up((1, 2))
    other["depth"]["cells"]["1"]["hebb"] = other["depth"]["cells"]["1"]["top"]
    with pytest.raises(ValueError, match="knows the rules backpropagation, .*, got .*hebb"):
        choose_rule(other, cost)


def drawn(figure, rule, depth):
    """The three panels of a picture: accuracy, cost and angle."""
    return figure.draw(rule=place_of(rule), depth=depth).axes


def of_colour(axes, colour, marked):
    """The lines of a colour, with marks or without, as places."""
    return [
        line.get_xydata()
        for line in axes.lines
        if line.get_color() == colour and (line.get_marker() not in ("", "None")) == marked
    ]


@pytest.mark.parametrize("rule", ["feedback_alignment", "error_diffusion"])
def test_the_marks_stand_at_the_means_with_their_intervals_each_rule_in_its_row(figure, rule):
    accuracy = drawn(figure, rule, 5)[0]
    for ground, colour, shift in (("cells", BLUE, -0.17), ("tanh", ORANGE, 0.17)):
        rows = RESULTS["depth"][ground]["5"]
        found = {name: with_interval(row["test"], 100) for name, row in rows.items()}
        ((mark,),) = of_colour(accuracy, colour, True) if rule in rows else (((),),)
        if rule in rows:
            assert mark == pytest.approx((found[rule].mean, place_of(rule) + shift))
            (bar,) = of_colour(accuracy, colour, False)
            assert bar[:2, 0] == pytest.approx((found[rule].low, found[rule].high))
            assert bar[:2, 1] == pytest.approx(place_of(rule) + shift)
        others = np.concatenate(of_colour(accuracy, GREY, True))
        for name in set(found) - {rule}:
            assert np.isclose(others, (found[name].mean, place_of(name) + shift)).all(axis=1).any(), name
    names = {text.get_text(): text.xy[1] for text in accuracy.texts}
    assert names == {RULES[name][1]: place_of(name) for name in RULES}


def test_every_row_is_in_view_and_the_chosen_one_has_a_tint(figure):
    for axes in drawn(figure, "error_diffusion", 3)[:2]:
        low, high = axes.get_ylim()
        assert low > len(RULES) - 1 + 0.5 and high < -0.5 and low - high < len(RULES) + 0.5  # BP above
        tint = axes.patches[0]
        assert (tint.get_y(), tint.get_height()) == (place_of("error_diffusion") - 0.5, 1)


def test_the_bars_are_the_costs_and_the_dotted_line_is_that_of_backpropagation(figure):
    axes = drawn(figure, "target_propagation", 3)[1]
    bars = axes.patches[1:]
    assert [bar.get_width() for bar in bars] == [2.5 if "target" in rule else 1 for rule in RULES]
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in bars] == list(range(len(RULES)))
    chosen = [bar.get_facecolor() == to_rgba(INK) for bar in bars]
    assert chosen == [rule == "target_propagation" for rule in RULES]
    (dotted,) = axes.lines
    assert dotted.get_xdata() == [1, 1] and dotted.get_linestyle() == ":"
    assert axes.get_xlim() == (0, 1.05 * 2.5) and list(axes.get_xticks()) == [0, 1, 2]


def test_the_angles_stand_at_their_layers_and_all_are_in_view(figure):
    axes = drawn(figure, "feedback_alignment", 3)[2]
    for ground, colour in (("cells", BLUE), ("tanh", ORANGE)):
        layers = RESULTS["depth"][ground]["3"]["feedback_alignment"]["angle"]
        (line,) = of_colour(axes, colour, True)
        assert line[:, 0].tolist() == [1, 2, 3, 4]  # one layer of weights more than hidden layers
        assert line[:, 1] == pytest.approx([layer["mean"] for layer in layers])
        (bars,) = of_colour(axes, colour, False)
        ends = [with_interval(layer) for layer in layers]
        assert bars.reshape(4, 3, 2)[:, :2, 1] == pytest.approx(np.array([(each.low, each.high) for each in ends]))
    # one axis for all depths: with ten hidden layers there are eleven layers of weights
    assert axes.get_xlim() == pytest.approx((0.7, 11.3)) and list(axes.get_xticks()) == list(range(1, 12))
    bottom, top = axes.get_ylim()
    widest = max(layer["mean"] for at in RESULTS["depth"].values() for rows in at.values() for row in rows.values()
                 for layer in row["angle"])  # fmt: skip
    assert bottom == -5 and top == max(90, widest) + 35
    assert [line.get_ydata() for line in axes.lines if line.get_linestyle() == ":"] == [[90, 90]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["cells", "tanh"]


def test_a_rule_that_one_ground_lacks_is_told_of_on_the_other_whichever_comes_first():
    lacking = made_up((1, 2))
    for at in lacking["depth"]["cells"].values():
        del at["top"]
    said = choose_rule(lacking, cost).alt(rule=place_of("top"), depth=2)
    assert "It cannot train cells units. On tanh: " in said


def test_a_picture_of_what_was_not_measured_says_so():
    lacking = made_up((1, 2))
    for ground in lacking["depth"].values():
        del ground["2"]["top"]
    shown = choose_rule(lacking, cost)
    words = [[text.get_text() for text in drawn(shown, "top", depth)[2].texts] for depth in (1, 2)]
    assert words == [[], ["not measured at this depth"]]
