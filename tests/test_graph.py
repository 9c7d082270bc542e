"""Scalar graphs: values, gradients, order, and what they say about bad input."""

import inspect
import math

import numpy as np
import pytest
from scipy.special import expit

from helpers.chapters.chapter1 import graph
from helpers.chapters.chapter1.graph import (
    Add,
    Input,
    Multiply,
    Node,
    backward,
    forward,
    topological_order,
)
from helpers.chapters.chapter1.sigmoid_graph import AddOne, Exp, Negate, Reciprocal

KINDS = [kind for kind in Node.__subclasses__() if kind.__module__ == graph.__name__ and kind is not Input]


def gradients_of(output: Node, inputs: list[Input]) -> list[float]:
    forward(output)
    backward(output)
    return [node.gradient for node in inputs]


def random_graph(rng: np.random.Generator, size: int = 12) -> tuple[list[Node], list[Input]]:
    """Nodes in the order of their making; each uses earlier ones, some twice, some not at all."""
    inputs = [Input(f"x{k}", rng.uniform(-1, 1)) for k in range(3)]
    nodes: list[Node] = list(inputs)
    for _ in range(size):
        kind = [Add, Multiply, Negate][rng.integers(3)]
        arity = 1 if kind is Negate else 2
        nodes.append(kind(*[nodes[k] for k in rng.integers(len(nodes), size=arity)]))
    return nodes, inputs


def test_apples_cost_220_and_its_gradients_are_those_worked_by_hand():
    price, number, tax = Input("price", 100), Input("number", 2), Input("tax", 1.1)
    total = Multiply(Multiply(price, number), tax)
    assert forward(total) == pytest.approx(220, rel=1e-15)
    assert gradients_of(total, [price, number, tax]) == pytest.approx([2.2, 110, 200], rel=1e-15)


def test_apples_and_oranges_cost_715_and_the_gradients_are_those_worked_by_hand():
    apples, apple, oranges, orange, tax = (
        Input(name, value)
        for name, value in [("apples", 2), ("apple", 100), ("oranges", 3), ("orange", 150), ("tax", 1.1)]
    )
    subtotal = Add(Multiply(apple, apples), Multiply(orange, oranges))
    total = Multiply(subtotal, tax)
    assert forward(total) == pytest.approx(715, rel=1e-15)
    assert subtotal.value == 650
    assert gradients_of(total, [apples, apple, orange, oranges, tax]) == pytest.approx(
        [110, 2.2, 3.3, 165, 650], rel=1e-15
    )
    assert subtotal.gradient == pytest.approx(1.1) and total.gradient == 1


@pytest.mark.parametrize("x", [-20.0, -1.5, 0.0, 0.3, 4.0, 30.0])
def test_sigmoid_as_a_chain_of_four_nodes_has_gradient_y_times_1_minus_y(x):
    leaf = Input("x", x)
    output = Reciprocal(AddOne(Exp(Negate(leaf))))
    y = forward(output)
    backward(output)
    assert y == pytest.approx(expit(x), rel=1e-15)
    # Both sides round, and 1 - y loses digits where y is near 1: hence an absolute tolerance.
    assert leaf.gradient == pytest.approx(y * (1 - y), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_node_agrees_with_central_differences(kind, rng):
    arity = len(inspect.signature(kind.evaluate).parameters) - 1
    h = 1e-6
    for values in rng.uniform(0.5, 2, size=(20, arity)) * rng.choice([-1, 1], size=(20, arity)):
        expected = [
            (kind().evaluate(*(values + step)) - kind().evaluate(*(values - step))) / (2 * h)
            for step in h * np.eye(arity)
        ]
        assert kind().derivatives(*values) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    "build, value, slope",
    [
        (lambda x: Add(x, x), 6, 2),
        (lambda x: Multiply(x, x), 9, 6),
        (lambda x: Add(Multiply(x, x), x), 12, 7),
        (lambda x: Multiply(Multiply(x, x), Negate(x)), -27, -27),
    ],
    ids=["x + x", "x * x", "x * x + x", "-x * x * x"],
)
def test_a_value_used_more_than_once_gets_the_sum_of_its_gradients(build, value, slope):
    x = Input("x", 3)
    output = build(x)
    assert forward(output) == value
    assert gradients_of(output, [x]) == [slope]


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs_agree_with_central_differences(seed, numerical_gradient):
    nodes, inputs = random_graph(np.random.default_rng(seed))
    output = Add(nodes[-1], nodes[-2])
    start = np.array([node.value for node in inputs])
    for node in inputs:
        node.gradient = 0.0  # what an input that the output does not use should keep
    gradients = gradients_of(output, inputs)

    def value_at(values):
        for node, value in zip(inputs, values, strict=True):
            node.value = value
        return forward(output)

    assert gradients == pytest.approx(numerical_gradient(value_at, start), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_topological_order_lists_what_the_output_needs_once_and_after_its_inputs(seed):
    nodes, _ = random_graph(np.random.default_rng(seed))
    order = topological_order(nodes[-1])
    needed, frontier = set(), {nodes[-1]}
    while frontier:
        needed |= frontier
        frontier = {source for node in frontier for source in node.inputs}
    assert set(order) == needed and len(order) == len(needed)
    position = {node: k for k, node in enumerate(order)}
    assert all(position[source] < position[node] for node in order for source in node.inputs)
    assert order[-1] is nodes[-1]


def test_a_second_walk_starts_afresh():
    x = Input("x", 3)
    square = Multiply(x, x)
    assert gradients_of(square, [x]) == gradients_of(square, [x]) == [6]
    x.value = 5
    assert forward(square) == 25
    assert gradients_of(square, [x]) == [10]


def test_a_new_kind_of_node_needs_only_its_value_and_its_derivatives():
    class Divide(Node):
        symbol = "/"

        def evaluate(self, x, y):
            return x / y

        def derivatives(self, x, y):
            return 1 / y, -x / y**2

    x, y = Input("x", 6), Input("y", 2)
    assert forward(Divide(x, y)) == 3
    assert gradients_of(Divide(x, y), [x, y]) == [0.5, -1.5]


def test_a_node_shows_its_name_or_symbol_and_its_value():
    x = Input("x", 2)
    assert repr(x) == "Input(x: 2)"
    assert repr(Multiply(x, x, name="area")) == "Multiply(area: None)"
    assert repr(Add(x, x)) == "Add(+: None)"


# Bad input


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("not_a_node", [3, 2.5, "x", None, np.ones(2)], ids=repr)
def test_a_node_takes_only_nodes_as_inputs(kind, not_a_node):
    with pytest.raises(TypeError, match=rf"{kind.__name__} takes nodes as inputs, not .* wrap a number"):
        kind(not_a_node)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, None, "3", 1j, 10**400, np.ones(3)], ids=lambda v: str(v)[:8]
)
def test_forward_names_an_input_that_is_not_a_finite_number(value):
    with pytest.raises(ValueError, match="Input 'price' must be a finite number, got "):
        forward(Negate(Input("price", value)))


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: Reciprocal(Input("x", 0.0), name="rate"), r"Reciprocal 'rate' has no value for \[0.0\]"),
        (lambda: Reciprocal(Input("x", 0)), r"Reciprocal '1/x' has no value for \[0\]: .*zero"),
        (lambda: Exp(Input("x", 1000)), r"Exp 'exp' has no value for \[1000\]: .*range"),
        (lambda: Multiply(Input("x", 1e200), Input("y", 1e200)), "Multiply '×' must be .* got inf"),
        (lambda: Add(Input("x", 1e308), Input("y", 1e308)), r"Add '\+' must be .* got inf"),
    ],
    ids=["1/0.0", "1/0", "exp(1000)", "product overflows", "sum overflows"],
)
def test_forward_names_the_node_that_has_no_finite_value(build, message):
    with pytest.raises(ValueError, match=message):
        forward(build())


@pytest.mark.parametrize("build", [lambda x: Add(x), lambda x: Exp(x, x)], ids=["too few", "too many"])
def test_a_wrong_number_of_inputs_is_named_by_the_node_kind(build):
    with pytest.raises(TypeError, match=r"(Add|Exp)\.evaluate\(\)"):
        forward(build(Input("x", 1)))


def test_a_node_without_a_derivative_for_each_input_is_named():
    class Forgetful(Multiply):
        def derivatives(self, x, y):
            return (y,)

    product = Forgetful(Input("x", 1), Input("y", 2), name="area")
    forward(product)
    with pytest.raises(ValueError, match=r"Forgetful 'area' needs 2 derivatives, got \(2,\)"):
        backward(product)


def test_backward_needs_forward_first():
    with pytest.raises(RuntimeError, match=r"Exp\(exp: None\) has no value yet: run forward"):
        backward(Negate(Exp(Input("x", 1))))


# Deep graphs, cycles and derivatives too large for a float


def test_a_deep_graph_is_walked_without_recursion():
    one = Input("one", 1.0)
    output = one
    for _ in range(20_000):
        output = Add(output, one)
    assert forward(output) == 20_001
    backward(output)
    assert one.gradient == 20_001


def test_a_cycle_is_named():
    x = Input("x", 1.0)
    inner = Negate(x, name="inner")
    outer = Add(Negate(inner), x, name="outer")
    inner.inputs = (outer,)
    for walk in (forward, topological_order):
        with pytest.raises(ValueError, match="Add 'outer' depends on itself: a graph must have no cycle"):
            walk(outer)
    lonely = Negate(x, name="lonely")
    lonely.inputs = (lonely,)
    with pytest.raises(ValueError, match="Negate 'lonely' depends on itself"):
        topological_order(Negate(lonely))


@pytest.mark.parametrize("small", [1e-200, 1e-160])
def test_backward_names_the_node_whose_derivative_is_too_large(small):
    output = Reciprocal(Input("x", small), name="one over x")
    forward(output)
    with pytest.raises(ValueError, match=r"Reciprocal 'one over x' has no .*derivative at \[1e-\d+\].*nearer to 1"):
        backward(output)


def test_backward_names_the_node_whose_gradient_overflows():
    x = Input("x", 1e-200)
    output = Multiply(Input("huge", 1e200), Multiply(Input("large", 1e200), x), name="product")
    forward(output)
    with pytest.raises(ValueError, match=r"the gradient of Input 'x' must be finite, got inf; change the values"):
        backward(output)
