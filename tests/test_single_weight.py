"""One weight followed under every rule, as the package makes it: what reaches it, what is said, what is drawn."""

import json
import re
from base64 import b64decode
from html import unescape

import numpy as np
import pytest
from bs4 import BeautifulSoup

from extensions.light_svg import light
from helpers import rules
from helpers.chapters.chapter6.single_weight import CELLS, DRAWS, RULES, WEIGHTS, Task, mean_update
from helpers.chapters.chapter6.single_weight_figure import draw, follow
from helpers.chapters.chapter6.single_weight_places import PLACES, course, met
from helpers.chapters.chapter6.single_weight_story import Story, signed
from helpers.pages import figures

TASK = Task(np.random.default_rng(4))
BOTTOM, MIDDLE, TOP = WEIGHTS[1], WEIGHTS[5], WEIGHTS[9]


def come(rule, weight, target=1):
    """The factor of an update that has come from elsewhere."""
    return Story(TASK, rule, weight, target).factors[-1][1]


def delta(target):
    """The error that backpropagation has at each hidden layer's sums, by hand: those of layer 2, and of layer 1."""
    W, h = TASK.network.parameters, TASK.h
    above = (TASK.output - target) * W["W3"][:, 0] * h[2] * (1 - h[2])
    return above, W["W2"] @ above * h[1] * (1 - h[1])


def test_it_follows_rules_of_the_package_and_ten_weights_that_can_be_named():
    assert set(RULES) <= set(rules.names()) and len(set(RULES)) == len(RULES) >= 8
    assert [len(WEIGHTS), WEIGHTS[0].name, MIDDLE.name, TOP.name] == [10, "x1→1+", "1+→2−", "2−→y"]
    assert BOTTOM.spelled() == "from input 1 to the inhibitory cell of layer 1"
    assert TOP.spelled() == "from the inhibitory cell of layer 2 to the output cell"


def test_a_reader_may_see_the_mean_of_1_2_5_10_draws_and_so_on():
    assert DRAWS == tuple(leading * 10**power for power in range(3) for leading in (1, 2, 5))[: len(DRAWS)]
    assert max(DRAWS) == 100


def test_the_network_is_one_that_can_be_calculated_by_hand():
    for name, array in TASK.network.parameters.items():
        assert np.array_equal(array, array.round(1)), name
    assert [layer.threshold for layer in TASK.network.trainable] == [0, 0, 0]
    W = TASK.network.parameters["W1"]
    assert TASK.h[1] == pytest.approx(1 / (1 + np.exp(-(0.9 * W[0] + 0.4 * W[1]))))


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("rule", RULES)
def test_the_product_of_the_factors_is_what_the_rule_of_the_package_makes(rule, target):
    for weight in WEIGHTS:
        story = Story(TASK, rule, weight, target)
        update = TASK.rule(rule)(TASK.network, TASK.x, np.array([target])).arrays[f"W{weight.layer}"]
        assert np.prod([value for _, value in story.factors]) == pytest.approx(update[weight.source, weight.cell])
        assert story.updates[rule] == update[weight.source, weight.cell]


def test_what_is_heard_is_what_the_rules_formula_says():
    error, h = TASK.output - 1, TASK.h
    W = TASK.network.parameters
    above, _ = delta(1)
    assert come("backpropagation", BOTTOM) == pytest.approx(W["W2"][1] @ above)
    B2, B3 = TASK.rule("feedback_alignment").feedback
    assert come("feedback_alignment", BOTTOM) == pytest.approx((error * B3[0] * h[2] * (1 - h[2])) @ B2[:, 1])
    direct = TASK.rule("direct_feedback_alignment").feedback
    assert come("direct_feedback_alignment", BOTTOM) == pytest.approx(error * direct[0][0, 1])
    g = lambda activity: 1 / (1 + np.exp(-activity @ TASK.decoder))  # noqa: E731
    target = g(h[2] - 0.5 * error * W["W3"][:, 0])[1]
    assert come("target_propagation", BOTTOM) == pytest.approx((h[1][1] - target) / 0.5)
    assert come("difference_target_propagation", BOTTOM) == pytest.approx((g(h[2])[1] - target) / 0.5)
    for rule in RULES:
        if "perturbation" not in rule and rule != "error_diffusion":
            assert come(rule, TOP) == pytest.approx(error)  # at the output all know the same


@pytest.mark.parametrize(("source", "target", "hears"), [(0, 1, True), (0, 0, False), (1, 1, False), (1, 0, True)])
def test_in_error_diffusion_one_kind_of_cell_minds_what_lifts_and_the_other_what_lowers(source, target, hears):
    for weight in (weight for weight in WEIGHTS if weight.layer > 1 and weight.source == source):
        assert come("error_diffusion", weight, target) == pytest.approx((TASK.output - target) * hears)
    assert come("error_diffusion", BOTTOM, target) == pytest.approx(TASK.output - target)  # inputs mind all of it


@pytest.mark.parametrize("rule", ["weight_perturbation", "node_perturbation"])
def test_the_loss_rises_by_the_slope_along_the_nudges_and_the_mean_goes_to_the_gradient(rule):
    drawn = TASK.draws_of(rule).standard_normal(15)
    W = TASK.network.gradients(TASK.x, np.array([1])).arrays
    if rule == "node_perturbation":
        above, below = delta(1)
        slope = np.concatenate([below, above, [TASK.output - 1]]) @ drawn[:5]
        nudge = dict(zip((BOTTOM, MIDDLE, TOP), drawn[[1, 3, 4]], strict=True))
    else:
        slope = W["W1"].ravel() @ drawn[:4] + W["W2"].ravel() @ drawn[6:10] + W["W3"].ravel() @ drawn[12:14]
        nudge = dict(zip((BOTTOM, MIDDLE, TOP), drawn[[1, 7, 13]], strict=True))
    for weight, by in nudge.items():
        story = dict(Story(TASK, rule, weight, 1).factors)
        assert story["own nudge"] == by
        assert story["rise of loss"] == pytest.approx(slope, abs=0.02)  # sigma is 0.001, nudges are some units long
    # the mean of 100 draws: each has a spread of at most twice the length of the gradient, so the mean a tenth of it
    length = np.sqrt(sum((array**2).sum() for array in W.values()))
    for key, array in mean_update(TASK, rule, 1, 100).items():
        if key.startswith("W"):
            assert np.abs(array - W[key]).max() < 5 * 0.2 * length


def test_the_wires_are_those_that_the_rule_uses():
    def ways(rule, weight):
        return [(kind, start, end) for kind, start, end, _ in Story(TASK, rule, weight, 1).wires()]

    down = [((3, 0), (2, 0)), ((3, 0), (2, 1)), ((2, 0), (1, 1)), ((2, 1), (1, 1))]
    assert ways("backpropagation", BOTTOM) == [("transposed", *ends) for ends in down]
    assert ways("feedback_alignment", BOTTOM) == [("random", *ends) for ends in down]
    assert [kind for kind, *_ in ways("target_propagation", BOTTOM)] == ["transposed"] * 2 + ["inverse"] * 2
    assert ways("direct_feedback_alignment", BOTTOM) == [("direct", (3, 0), (1, 1))]
    assert ways("error_diffusion", MIDDLE) == [("to all cells", (3, 0), (1, 0))]
    assert ways("node_perturbation", MIDDLE) == [("to all cells", (3, 0), (2, 1))]
    assert ways("weight_perturbation", MIDDLE) == [("to all weights", (3, 0), (2, 1))]
    assert ways("backpropagation", TOP) == [] == ways("feedback_alignment", TOP)
    values = [value for *_, value in Story(TASK, "backpropagation", BOTTOM, 1).wires()]
    assert values == [*TASK.network.parameters["W3"][:, 0], *TASK.network.parameters["W2"][1]]
    assert (
        Story(TASK, "node_perturbation", MIDDLE, 1, draws=10).wires()[0][-1] is None
    )  # ten numbers, none of them shown


@pytest.mark.parametrize(
    ("rule", "weight", "target", "draws", "words"),
    [
        ("backpropagation", BOTTOM, 1, 1, "comes down through the very weights above."),
        ("feedback_alignment", BOTTOM, 1, 1, "comes down through fixed random weights."),
        ("direct_feedback_alignment", BOTTOM, 1, 1, "comes at once, through one fixed random weight."),
        ("target_propagation", BOTTOM, 1, 1, "an inverse wants its cell at"),
        ("target_propagation", MIDDLE, 1, 1, "the loss wants its cell at"),
        ("difference_target_propagation", BOTTOM, 1, 1, "an inverse, less its own error, wants its cell at"),
        ("error_diffusion", BOTTOM, 1, 1, "an input hears all of it."),
        ("error_diffusion", TOP, 1, 1, "an inhibitory source minds it only if it is positive."),
        ("error_diffusion", TOP, 1, 1, "here nothing is learned."),
        ("weight_perturbation", TOP, 1, 1, "every weight is nudged, and one number tells all how the loss rose."),
        ("node_perturbation", TOP, 1, 20, "every cell nudges its sum, 20 times;"),
        ("feedback_alignment", TOP, 1, 1, "the output cell hears its own error"),
        ("feedback_alignment", TOP, 1, 1, "This is the gradient."),
        ("feedback_alignment", MIDDLE, 1, 1, "the other way."),
        ("error_diffusion", MIDDLE, 1, 1, "the same way."),
    ],
)
def test_the_words_say_how_it_comes_and_where_it_leads(rule, weight, target, draws, words):
    assert words in Story(TASK, rule, weight, target, draws).words()


def test_the_words_give_the_target_of_a_cell_and_where_it_is():
    error, h = TASK.output - 1, TASK.h
    upper = h[2] - 0.5 * error * TASK.network.parameters["W3"][:, 0]
    back = lambda activity: 1 / (1 + np.exp(-activity @ TASK.decoder))  # noqa: E731
    for rule, weight, wanted in (
        ("target_propagation", MIDDLE, upper[MIDDLE.cell]),
        ("target_propagation", BOTTOM, back(upper)[BOTTOM.cell]),
        ("difference_target_propagation", BOTTOM, (h[1] + back(upper) - back(h[2]))[BOTTOM.cell]),
    ):
        words = Story(TASK, rule, weight, 1).words()
        here = h[weight.layer][weight.cell]
        assert (
            f"wants its cell at {signed(wanted)}; that is at {signed(here)}, and hears the gap divided by 0.5" in words
        )


def test_the_words_give_the_factors_and_their_product():
    story = Story(TASK, "error_diffusion", MIDDLE, 1)
    assert [label for label, _ in story.factors] == ["own input", "own slope", "own kind", "heard"]
    factors = dict(story.factors)
    assert (
        f"Update {signed(story.updates['error_diffusion'])} = own input {factors['own input']:.3f} × " in story.words()
    )
    assert "own kind −1 × heard −0." in story.words()
    assert f"The gradient is {signed(story.updates['backpropagation'])}: " in story.words()


def test_a_number_that_is_rounded_to_zero_has_no_sign():
    assert [signed(-0.0004), signed(-0.0), signed(-0.25, 1), signed(1.0, 0)] == ["0.000", "0.000", "−0.2", "1"]


def test_wires_start_and_end_beside_the_cells_and_pass_by_the_others():
    cells = [(layer, k, np.array(place)) for layer, row in enumerate(PLACES) for k, place in enumerate(row)]
    for rule in RULES:
        for weight in WEIGHTS:
            for kind, start, end, _ in Story(TASK, rule, weight, 1).wires():
                places = course(kind, start, end, weight)
                dense = np.concatenate([np.linspace(a, b, 30) for a, b in zip(places, places[1:], strict=False)])
                for layer, k, centre in cells:
                    nearest = np.linalg.norm(dense - centre, axis=1).min()
                    # touches its ends; the weight that is nudged lies on a wire between two cells
                    assert nearest > 19.9 if (layer, k) in (start, end) else nearest > 22
                if kind == "to all weights":
                    assert np.linalg.norm(places[-1] - met(weight)) < 20


def shown(rule="feedback_alignment"):
    """The figure as the chapter opens it."""
    return follow(TASK, rule, weight=5)


def test_the_notebook_stores_what_is_said_first_and_no_picture():
    picture, computed = repr(shown()).splitlines()
    story = Story(TASK, "feedback_alignment", MIDDLE, 1)
    assert computed == f"Computed in the page: {story.words()}"
    assert picture.startswith("Figure: A small network in which one weight, from the excitatory")
    assert picture.endswith(f"error diffusion {signed(story.updates['error_diffusion'])}.")


@pytest.mark.parametrize("rule", RULES)
def test_the_picture_shows_the_rule_and_is_light(rule):
    svg = shown(rule).picture.svg
    alt = BeautifulSoup(svg, "html.parser").svg["aria-label"]
    assert f"{rule.replace('_', ' ').capitalize()}: " in alt and len(light(svg)) < 20_000


def test_a_picture_writes_the_update_and_the_numbers_of_its_wires():
    story = Story(TASK, "backpropagation", BOTTOM, 1)
    words = re.findall(r"<text[^>]*>(?:<tspan[^>]*>)?([^<]*)<", figures.to_svg(draw(story), "A network."))
    assert {"1.50", "−1.50", "−3.00", "1.10", "0.637", "0.139"} <= set(words)


def test_the_html_is_whole_in_itself_and_shows_a_picture_without_a_script():
    html = shown()._repr_html_()
    assert not re.findall(r"""(?:src|href)=['"](?!#)|@import""", html)
    tree = BeautifulSoup(html, "html.parser")
    assert tree.figure["class"] == ["book-explore"] and "Nothing has been learned yet" in tree.figcaption.get_text()
    assert len(tree.template.find_all("svg", recursive=False)) == 2
    tree.template.extract()
    assert tree.select_one(".frame > svg")["aria-label"].startswith("A small network") and len(tree.select("svg")) == 1


def test_the_script_is_given_the_very_draws_of_the_rules():
    settings = json.loads(unescape(re.search("data-settings='([^']*)'", shown()._repr_html_())[1]))
    task = settings["task"]
    nudges = np.frombuffer(b64decode(task["nudges"]), "<f8")
    assert np.array_equal(nudges, TASK.draws_of("node_perturbation").standard_normal(15 * max(DRAWS)))
    assert task["feedback"] == [B.tolist() for B in TASK.rule("feedback_alignment").feedback]
    assert task["decoder"] == TASK.rule("difference_target_propagation").inverses[2].stage[0].parameters["W"].tolist()
    assert [panel["drawing"] for panel in settings["panels"].values()] == [0, 1, 1]
    assert [len(row) for row in settings["map"]["cells"]] == [len(row) for row in CELLS]


@pytest.mark.parametrize("wrong", [{"rule": "hebb"}, {"weight": 10}, {"target": 2}])
def test_a_start_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="starts with a rule of .* a weight from 0 to 9 and a target of 0 or 1, got"):
        follow(TASK, **wrong)
