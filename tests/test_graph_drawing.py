"""Drawings of graphs: the right numbers at the right places."""

import pytest

from helpers.networks.graph import Add, Input, Multiply, backward, forward, topological_order
from helpers.pages.figures import to_svg
from helpers.pages.graph_drawing import draw, layout, number, walk


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
    place = layout(bill)
    for node in topological_order(bill):
        assert all(place[source][0] < place[node][0] for source in node.inputs)
    assert len(set(place.values())) == len(place)


def test_two_nodes_of_the_same_inputs_stand_apart():
    a, b = Input("a", 1), Input("b", 2)
    place = layout(Multiply(Add(a, b), Multiply(a, b)))
    assert len(set(place.values())) == len(place)


def test_a_value_used_twice_shows_the_sum_of_its_gradients():
    n = Input("n", 4)
    output = Add(Multiply(Input("p", 100), n), Multiply(n, Input("q", 150)))
    forward(output)
    backward(output)
    assert "100 + 150 = 250" in texts(draw(output))


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
