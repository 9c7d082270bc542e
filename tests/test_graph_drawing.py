"""Drawings of graphs: the right numbers at the right places."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.chapters.chapter1.sigmoid_graph import AddOne, Exp
from helpers.networks.graph import Add, Input, Multiply, backward, forward, topological_order
from helpers.pages.figures import to_svg
from helpers.pages.graph_drawing import draw, number, walk
from helpers.pages.graph_layout import SIDE_BY_SIDE, layout


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
