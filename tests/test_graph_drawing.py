"""Drawings of graphs: the right numbers at the right places."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba

from helpers.chapters.chapter1.graph import Add, Input, Multiply, backward, forward, topological_order
from helpers.chapters.chapter1.graph_drawing import draw, number, walk
from helpers.chapters.chapter1.graph_layout import RADIUS, SIDE_BY_SIDE, layout
from helpers.chapters.chapter1.sigmoid_graph import AddOne, Exp
from helpers.pages.figures import BLUE, GREY, INK, ORANGE, to_svg


@pytest.fixture
def bill():
    """Two apples at 100 yen with 10 % tax, walked forward and backward."""
    apples = Multiply(Input("number", 2), Input("price", 100), name="apples")
    output = Multiply(apples, Input("tax", 1.1), name="bill")
    forward(output)
    backward(output)
    return output


def texts(figure):
    """All words and numbers of a drawing."""
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_every_edge_carries_its_value_and_its_gradient(bill):
    words = texts(draw(bill))
    for text in ("2", "100", "1.1", "200", "220", "110", "2.2", "1"):
        assert text in words


def test_an_edge_of_a_value_used_twice_carries_its_own_part_of_the_gradient():
    x, y = Input("x", 3), Input("y", 5)
    output = Add(Multiply(x, y, name="product"), x, name="sum")
    forward(output)
    backward(output)
    words = texts(draw(output))
    assert x.gradient == 6
    assert "6" not in words
    assert "5" in words


def test_only_what_is_shown_is_drawn(bill):
    words = texts(draw(bill, values=(), gradients=()))
    assert set(words) == {"number", "price", "tax", "×", "apples", "bill"}


def test_nodes_stand_right_of_their_inputs_and_none_share_a_place(bill):
    place = layout(bill).place
    for node in topological_order(bill):
        assert all(place[source][0] < place[node][0] for source in node.inputs)
    assert len(set(place.values())) == len(place)


def test_two_nodes_of_the_same_inputs_stand_apart():
    a, b = Input("a", 1), Input("b", 2)
    place = layout(Multiply(Add(a, b), Multiply(a, b))).place
    assert len(set(place.values())) == len(place)


def test_a_value_used_twice_shows_the_sum_of_its_gradients():
    n = Input("n", 4)
    output = Add(Multiply(Input("p", 100), n), Multiply(n, Input("q", 150)))
    forward(output)
    backward(output)
    assert "100 + 150 = 250" in [" ".join(words.split()) for words in texts(draw(output))]


@pytest.fixture
def chain():
    """Twelve operations in a row; each second one also reads an input of its own."""
    output = Input("x", 0.1)
    for step in range(6):
        output = Multiply(AddOne(output, name=f"s{step}"), Input(f"y{step}", 1), name=f"p{step}")
    forward(output)
    backward(output)
    return output


def test_a_long_chain_grows_down_and_not_wide(bill, chain):
    found = layout(chain)
    assert set(found.band.values()) == set(range(12 // SIDE_BY_SIDE))
    assert max(x for x, _ in found.place.values()) == max(x for x, _ in layout(bill).place.values())
    for band in range(max(found.band.values())):
        assert found.floor(band) > found.top(band + 1)
    assert draw(chain).get_figwidth() == draw(bill).get_figwidth()


def test_a_value_enters_the_band_of_each_use_once_and_before_the_inputs():
    x = Input("x", 2)
    early = Exp(x)
    late = Multiply(AddOne(early), early)  # in the second band: it reads one of each column
    found = layout(Add(late, x))
    assert [node for node, band in found.entries if band == 1] == [late.inputs[0], early, x]
    assert found.place[x] == found.entries[x, 0] == (0, 0)
    assert found.start(early, late) == found.entries[early, 1] != found.place[early]


@pytest.fixture
def party():
    """A bill with a value of two uses, under names of two lines."""
    number_of_children = Input("number of children", 4)
    apples = Multiply(Input("price of an apple", 100), number_of_children, name="apples")
    oranges = Multiply(number_of_children, Input("price of an orange", 150), name="oranges")
    output = Add(apples, oranges, name="bill")
    forward(output)
    backward(output)
    return output


@pytest.mark.parametrize("graph", ["bill", "chain", "party"])
def test_words_do_not_touch_each_other_and_none_is_cut(graph, request):
    figure = draw(request.getfixturevalue(graph))
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = {text: text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text()}
    for text, box in boxes.items():
        assert figure.bbox.padded(1).contains(box.x0, box.y0) and figure.bbox.padded(1).contains(box.x1, box.y1), text
    for (text, box), (other, other_box) in combinations(boxes.items(), 2):
        assert not box.padded(2).overlaps(other_box), (text, other)


def test_words_of_a_graph_are_legible_on_a_phone(chain):
    figure = draw(chain)
    shrunk = 330 / (96 * figure.get_figwidth())  # to the least width of a figure with sliders
    assert min(text.get_fontsize() for text in figure.axes[0].texts) * 4 / 3 * shrunk >= 11


def test_a_walk_keeps_its_story_when_the_graph_changes(bill):
    figure = walk(bill)
    before = [figure.svg(step=step) for step in range(5)]
    bill.inputs[1].value = 3
    forward(bill)
    assert [figure.svg(step=step) for step in range(5)] == before


def test_a_walk_visits_every_operation_twice_and_says_what_it_does(bill):
    figure = walk(bill)
    assert figure.captions == [
        "The inputs are known. Nothing else is.",
        "Forward: apples takes 2 and 100 and gives 200.",
        "Forward: bill takes 200 and 1.1 and gives 220.",
        "Backward: bill receives 1 and passes 1 × 1.1 = 1.1 to apples and 1 × 200 = 200 to tax.",
        "Backward: apples receives 1.1 and passes 1.1 × 100 = 110 to number and 1.1 × 2 = 2.2 to price.",
    ]
    assert "220" not in texts(figure.draw(step=1))
    assert "110" in texts(figure.draw(step=4))


def test_numbers_are_short_and_have_a_true_minus():
    assert [number(value) for value in (220.00000000000003, -0.5, 2)] == ["220", "−0.5", "2"]


def test_a_drawing_is_fine_as_svg(bill):
    assert to_svg(draw(bill), "a graph").count("<text") > 10


def circles(axes):
    """The circles of the operations, by their centres."""
    return {patch.center: patch for patch in axes.patches}


def shafts(axes):
    """Where each arrow begins, and where its head is."""
    return [(note.xyann, note.xy) for note in axes.texts if getattr(note, "arrow_patch", None)]


@pytest.mark.parametrize("graph", ["bill", "chain", "party"])
def test_each_arrow_begins_at_a_line_and_its_head_touches_a_circle_or_ends_the_drawing(graph, request):
    axes = draw(request.getfixturevalue(graph)).axes[0]
    centres = np.array(list(circles(axes)))
    bends = {tuple(line.get_xydata()[-1]) for line in axes.lines}
    inner = [shaft for shaft in shafts(axes) if shaft[1][0] < centres[:, 0].max()]
    assert len(inner) == sum(len(node.inputs) for node in topological_order(request.getfixturevalue(graph)))
    for start, head in inner:
        assert start in bends
        near = np.linalg.norm(centres - head, axis=1)
        assert near.min() == pytest.approx(RADIUS) and head[0] > start[0]
        # it points at the centre: start, head and centre are on one line
        centre = centres[near.argmin()]
        (dx, dy), (cx, cy) = np.subtract(head, start), centre - start
        assert dx * cy - dy * cx == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("graph", ["bill", "chain", "party"])
def test_numbers_stand_at_their_arrow_and_names_above_their_circle(graph, request):
    output = request.getfixturevalue(graph)
    axes = draw(output).axes[0]
    found = layout(output)
    for text in axes.texts:
        x, y = text.get_position()
        if text.get_text() in {node.symbol for node in found.band} and text.get_fontsize() == 12:
            assert (x, y) in circles(axes)
        if text.get_color() == GREY:
            (cx, cy) = min(circles(axes), key=lambda centre: np.hypot(x - centre[0], y - centre[1]))
            assert cy + RADIUS < y < cy + 1.5 * RADIUS and abs(x - cx) < RADIUS and text.get_va() == "bottom"
    values = [text for text in axes.texts if text.get_color() == BLUE]
    gradients = [text for text in axes.texts if text.get_color() == ORANGE and text.get_ha() == "center"]
    assert len(values) == len(gradients) == 1 + sum(len(node.inputs) for node in found.band)
    for above, below in zip(values, gradients, strict=True):
        assert above.get_position()[0] == below.get_position()[0]
        assert (above.get_va(), below.get_va()) == ("bottom", "top")
        assert 0.15 < above.get_position()[1] - below.get_position()[1] < 0.2


def test_the_sum_of_the_uses_stands_right_below_the_name_of_its_input(party):
    figure = draw(party)
    renderer = FigureCanvasAgg(figure).get_renderer()
    (total,) = (text for text in figure.axes[0].texts if "=" in text.get_text())
    (name,) = (text for text in figure.axes[0].texts if text.get_text().startswith("number"))
    gap = name.get_window_extent(renderer).y0 - total.get_window_extent(renderer).y1
    assert total.get_color() == ORANGE and 0 < gap < 12
    assert total.get_window_extent(renderer).x1 == pytest.approx(name.get_window_extent(renderer).x1, abs=3)


def test_the_node_at_work_has_a_rim_of_the_colour_of_its_walk(bill):
    apples = bill.inputs[0]
    for gradients, colour in (((), BLUE), ((bill, apples), ORANGE)):
        rims = circles(draw(bill, gradients=gradients, active=apples).axes[0])
        stressed = rims.pop(layout(bill).place[apples])
        assert stressed.get_edgecolor() == to_rgba(colour) and stressed.get_linewidth() == 3.5
        assert {rim.get_edgecolor() for rim in rims.values()} == {to_rgba(INK)}
        assert {rim.get_linewidth() for rim in rims.values()} == {1.4}


def test_bands_and_rows_are_far_enough_apart_to_read_and_near_enough_to_follow(chain, party):
    rows = sorted({y for (_, band), (_, y) in layout(party).entries.items() if band == 0}, reverse=True)
    assert all(4 * RADIUS < a - b < 5 * RADIUS for a, b in pairwise(rows))
    found = layout(chain)
    for band in range(max(found.band.values())):
        assert 4 * RADIUS < found.floor(band) - found.top(band + 1) < 5 * RADIUS


def test_what_a_band_computes_is_led_round_to_the_left_of_the_next_one(chain):
    axes = draw(chain).axes[0]
    found = layout(chain)
    right, left = axes.get_xlim()[1], axes.get_xlim()[0]
    courses = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) == 6]
    ways = {(found.place[node], place) for (node, _), place in found.entries.items() if node.inputs}
    assert {(tuple(course[0]), tuple(course[-1])) for course in courses} == ways and len(courses) == len(ways)
    for course in courses:
        xs, ys = course.T
        assert xs[0] < xs[1] == xs[2] < right and left < xs[3] == xs[4] < xs[5] == 0
        assert ys[0] == ys[1] > ys[2] == ys[3] > ys[4] == ys[5]
        clear = [np.hypot(*(np.array(centre) - place)) for centre in circles(axes) for place in course[1:]]
        assert min(clear) > RADIUS
