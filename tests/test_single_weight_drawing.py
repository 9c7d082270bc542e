"""What is drawn of one weight under every rule: where, in which colour, and pointing at whom."""

import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.colors import to_rgba

from helpers.chapters.chapter6.single_weight import CELLS, RULES, WEIGHTS, Task
from helpers.chapters.chapter6.single_weight_figure import draw, follow
from helpers.chapters.chapter6.single_weight_places import PLACES, RADIUS, WIDTH, course, label_of, met
from helpers.chapters.chapter6.single_weight_story import Story, signed
from helpers.pages import figures

TASK = Task(np.random.default_rng(4))
BOTTOM, MIDDLE = WEIGHTS[1], WEIGHTS[5]


def test_the_cells_stand_even_and_the_output_cell_in_the_middle_above():
    *rows, ((x, y),) = PLACES
    assert [len(row) for row in PLACES] == [len(row) for row in CELLS] and 2 * x == WIDTH
    for (left, height), (right, same) in rows:
        assert left + right == WIDTH and height == same and right - left == 118
    heights = [row[0][1] for row in rows]
    assert np.diff([*heights, y]).tolist() == [102, 102, 92] and heights[0] - RADIUS > 0


@pytest.mark.parametrize("weight", WEIGHTS, ids=lambda weight: weight.name)
def test_a_weight_is_written_on_its_own_wire_below_the_middle(weight):
    low, high = np.array(PLACES[weight.layer - 1][weight.source]), np.array(PLACES[weight.layer][weight.cell])
    assert met(weight) == pytest.approx(0.64 * low + 0.36 * high)


def test_wires_end_at_the_edge_of_what_they_lead_to_on_the_side_from_which_they_come():
    for rule in RULES:
        for weight in WEIGHTS:
            for kind, start, end, _ in Story(TASK, rule, weight, 1).wires():
                places = course(kind, start, end, weight)
                goal = met(weight) if kind == "to all weights" else np.array(PLACES[end[0]][end[1]])
                gap = np.linalg.norm(places[-1] - goal)
                slack = 20 if len(places) > 4 else 5  # a bent wire ends at one of its places, which are up to 20 apart
                assert gap == pytest.approx(17) if kind == "to all weights" else RADIUS < gap < RADIUS + slack
                assert RADIUS <= np.linalg.norm(places[0] - PLACES[start[0]][start[1]]) < RADIUS + slack
                if kind.startswith("to all"):  # out to the nearer side, down there, and in
                    side = np.sign(goal[0] - WIDTH / 2) or 1
                    assert np.sign(places[1:3, 0] - WIDTH / 2).tolist() == [side, side]
                    assert places[1, 0] == places[2, 0] and abs(places[1, 0] - WIDTH / 2) > 118 / 2 + RADIUS


def test_the_number_of_a_wire_stands_beside_its_middle():
    straight = course("inverse", (2, 0), (1, 1), MIDDLE)
    assert label_of("inverse", straight) == pytest.approx(0.58 * straight[0] + 0.42 * straight[1])
    bent = course("direct", (3, 0), (1, 0), MIDDLE)
    past = np.abs(bent - label_of("direct", bent)).sum(axis=1).argmin()
    assert len(bent) > 10 and past == int(0.65 * len(bent))
    level = course("to all cells", (3, 0), (3, 0), MIDDLE)
    assert label_of("to all cells", level) == pytest.approx((level[0] + level[1]) / 2 + [0, 12])
    down = course("to all cells", (3, 0), (1, 0), MIDDLE)
    assert label_of("to all cells", down) == pytest.approx([0.17 * WIDTH / 2 + 0.83 * down[1][0], PLACES[2][0][1] + 46])


def panel(weight=BOTTOM, rule="feedback_alignment", name="network", draws=1):
    """One of the panels of a picture: network, factors or bars."""
    figure = draw(Story(TASK, rule, weight, 1, draws))
    return figure.axes[["network", "factors", "bars"].index(name)]


def lines(axes, colour):
    """What is drawn in a colour, with its places."""
    return [line for line in axes.lines if line.get_color() == colour]


@pytest.mark.parametrize(
    ("rule", "dashes"),
    [("backpropagation", {None}), ("feedback_alignment", {(3.5, 2)}), ("direct_feedback_alignment", {(3.5, 2)}),
     ("target_propagation", {None, (1, 2)}), ("error_diffusion", {None})],
)  # fmt: skip
def test_wires_are_solid_broken_or_dotted_as_the_caption_says_and_point_at_who_hears(rule, dashes):
    axes, story = panel(rule=rule), Story(TASK, rule, BOTTOM, 1)
    wires = lines(axes, figures.ORANGE)
    assert [line.get_xydata().tolist() for line in wires] == [course(*w[:3], BOTTOM).tolist() for w in story.wires()]
    assert {line._unscaled_dash_pattern[1] and tuple(line._unscaled_dash_pattern[1]) for line in wires} == dashes
    heads = [note for note in axes.texts if getattr(note, "arrow_patch", None)]
    for line, head in zip(wires, heads, strict=True):
        *_, before, end = line.get_xydata()
        assert np.array_equal(head.xy, end) and np.array(head.xyann) == pytest.approx(end + 0.1 * (before - end))


def test_the_weight_that_is_followed_is_blue_and_its_value_stands_on_it():
    axes = panel(MIDDLE)
    low, high = map(list, (PLACES[1][0], PLACES[2][1]))
    (wire,) = lines(axes, figures.BLUE)
    assert wire.get_xydata().tolist() == [low, high]
    rings = [ring for ring in axes.lines if ring.get_marker() == "o" and ring.get_markeredgecolor() == figures.BLUE]
    assert [ring.get_xydata()[0].tolist() for ring in rings] == [low, high]
    (value,) = (text for text in axes.texts if text.get_color() == figures.BLUE)
    assert value.get_text() == signed(float(TASK.network.parameters["W2"][0, 1]), 1)
    assert value.get_position() == pytest.approx(met(MIDDLE))


def test_each_cell_shows_its_activity_inside_and_its_name_outside():
    axes = panel()
    for layer, row in enumerate(PLACES):
        activity = [TASK.output] if layer == 3 else TASK.h[layer]
        for k, (x, y) in enumerate(row):
            (inside,) = (text for text in axes.texts if text.get_position() == (x, y))
            assert inside.get_text() == f"{activity[k]:.2f}"
            name = next(
                text for text in axes.texts if text.get_text() == CELLS[layer][k] and text.get_color() == figures.GREY
            )
            (right, up) = np.subtract(name.get_position(), (x, y))
            outwards = 1 if layer == 3 or x > WIDTH / 2 else -1
            assert 0.8 * RADIUS < outwards * right < RADIUS and 0.8 * RADIUS < up * (1 if layer == 3 else -1) < RADIUS
            assert name.get_ha() == ("left" if outwards > 0 else "right")


def test_the_factors_are_blue_where_the_weight_knows_them_and_orange_where_they_have_come():
    story = Story(TASK, "error_diffusion", MIDDLE, 1)
    axes = panel(MIDDLE, "error_diffusion", "factors")
    values = [text for text in axes.texts if text.get_weight() == "bold"]
    count = len(story.factors)
    assert [text.get_color() for text in values] == [figures.BLUE] * (count - 1) + [figures.ORANGE, figures.INK]
    labels = [text for text in axes.texts if text.get_va() == "top"]
    assert [" ".join(text.get_text().split()) for text in labels] == [*(label for label, _ in story.factors), "update"]
    assert [text.get_color() for text in labels] == [text.get_color() for text in values]
    signs = [text for text in axes.texts if text not in (*values, *labels)]
    assert [text.get_text() for text in signs] == ["×"] * (count - 1) + ["="]
    middles = (np.arange(count + 1) + 0.5) * WIDTH / (count + 1)
    assert [text.get_position()[0] for text in values] == pytest.approx(middles)
    assert [text.get_position()[0] for text in labels] == pytest.approx(middles)
    assert [text.get_position()[0] for text in signs] == pytest.approx((middles[1:] + middles[:-1]) / 2)
    assert values[-1].get_text() == signed(story.updates["error_diffusion"])
    assert len({text.get_fontsize() for text in labels}) == 1 and labels[0].get_fontsize() < values[0].get_fontsize()


def test_the_bars_are_the_updates_and_the_green_marks_the_gradient():
    story = Story(TASK, "feedback_alignment", BOTTOM, 1)
    axes = panel(name="bars")
    longest = max(map(abs, story.updates.values()))
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([v / longest for v in story.updates.values()])
    rows = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert np.diff(rows) == pytest.approx(1) and axes.get_ylim() == (len(RULES), 0) and axes.get_xlim() == (-1, 1)
    blue = [bar.get_facecolor() == to_rgba(figures.BLUE) for bar in axes.patches]
    assert blue == [name == "feedback_alignment" for name in story.updates]
    (green,) = lines(axes, figures.GREEN)
    gradient, heights = green.get_xydata().T
    assert gradient == pytest.approx(np.full(gradient.shape, story.updates["backpropagation"] / longest))
    for row, bar in zip(np.array(heights).reshape(-1, 3), axes.patches, strict=True):  # from above its bar to below it
        assert row[0] < bar.get_y() < bar.get_y() + bar.get_height() < row[1]
    names = [text for text in axes.texts if text.get_position()[0] == -1]
    assert [text.get_text() for text in names] == [name.replace("_", " ") for name in story.updates]
    assert [text.get_weight() == "bold" for text in names] == blue
    values = [text for text in axes.texts if text.get_position()[0] == 1]
    assert [text.get_text() for text in values] == list(map(signed, story.updates.values()))
    for row, pair in enumerate(zip(names, values, strict=True)):
        assert {row < text.get_position()[1] < row + 0.4 for text in pair} == {True}


def test_a_single_draw_is_written_on_its_wire():
    story = Story(TASK, "node_perturbation", MIDDLE, 1)
    (wire,) = story.wires()
    assert wire[-1] == story.factors[-1][1]
    orange = [
        text.get_text() for text in panel(MIDDLE, "node_perturbation").texts if text.get_color() == figures.ORANGE
    ]
    assert [text for text in orange if text] == [signed(wire[-1], 2)]
    many = panel(MIDDLE, "node_perturbation", draws=10)
    assert not [text for text in many.texts if text.get_color() == figures.ORANGE and text.get_text()]


def test_the_panels_stand_below_one_another_without_overlap():
    shown = follow(TASK)
    places = shown.settings["panels"]
    network, factors, bars = (places[name] for name in ("network", "factors", "bars"))
    for place in places.values():
        assert (place["left"], place["width"]) == pytest.approx((0.01 * 0.75 * WIDTH, 0.98 * 0.75 * WIDTH))
    assert (network["top"], network["height"]) == pytest.approx((0.75 * 26, 0.75 * 364))
    assert (network["x"], network["y"]) == ([0, WIDTH], [0, 364])  # in pixels, from below
    assert (factors["top"], factors["height"]) == pytest.approx((0.75 * 26, 0.75 * 62)) and factors["y"] == [62, 0]
    assert bars["top"] == pytest.approx(factors["top"] + factors["height"] + 0.75 * 26)
    assert (bars["height"], bars["y"]) == (pytest.approx(0.75 * 272), [len(RULES), 0])
    heights = [BeautifulSoup(svg, "html.parser").svg["height"] for svg in shown.drawings]
    assert heights == ["390", str(2 * 26 + 62 + 272 + 8)]
    assert 96 * draw(Story(TASK, "backpropagation", BOTTOM, 1)).get_size_inches()[1] == pytest.approx(784)
