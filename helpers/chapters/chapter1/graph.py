"""Scalar computational graphs: nodes, their order, forward and backward values.

A graph is nothing but nodes that know their inputs. Each kind of node states two
local facts, its value and its derivatives with respect to its own inputs; the walks
`forward` and `backward` do the rest (chapter 1).
"""

import math
from collections.abc import Callable, Iterable

#: What to do where a derivative is too large for a float.
NEARER = "change the values of the inputs so that the numbers on the way stay nearer to 1"


class Node:
    """One value in a graph, computed from the values of its inputs.

    A kind of node is a subclass with two methods. ``evaluate(*values)`` gives the
    value; ``derivatives(*values)`` gives one local derivative for each input.

    Parameters
    ----------
    *inputs : Node
        The nodes whose values this one needs.
    name : str, optional
        What the value means, as a person would say it.

    Attributes
    ----------
    value : float or None
        Set by `forward`.
    gradient : float or None
        Derivative of the output of the graph with respect to this value; set by
        `backward`.

    Raises
    ------
    TypeError
        If an input is not a node.
    """

    symbol = "?"
    evaluate: Callable[..., float]
    derivatives: Callable[..., tuple[float, ...]]

    def __init__(self, *inputs: "Node", name: str = ""):
        for node in inputs:
            if not isinstance(node, Node):
                raise TypeError(
                    f"{type(self).__name__} takes nodes as inputs, not {node!r}; wrap a number as Input(name, number)"
                )
        self.inputs = inputs
        self.name = name
        self.value: float | None = None
        self.gradient: float | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name or self.symbol}: {self.value})"


class Input(Node):
    """A number that the graph is given: a leaf.

    Parameters
    ----------
    name : str
        What the number means.
    value : float
        The number. It may be changed between two calls of `forward`.
    """

    def __init__(self, name: str, value: float):
        super().__init__(name=name)
        self.value = value


class Add(Node):
    """The sum of two values."""

    symbol = "+"

    def evaluate(self, x: float, y: float) -> float:
        return x + y

    def derivatives(self, x: float, y: float) -> tuple[float, float]:
        return 1.0, 1.0


class Multiply(Node):
    """The product of two values."""

    symbol = "×"

    def evaluate(self, x: float, y: float) -> float:
        return x * y

    def derivatives(self, x: float, y: float) -> tuple[float, float]:
        return y, x


def topological_order(output: Node) -> list[Node]:
    """List every node that `output` depends on, each after all of its inputs.

    Parameters
    ----------
    output : Node
        The last node of the graph.

    Returns
    -------
    list of Node
        Inputs first, `output` last; a node that is used twice is listed once.

    Raises
    ------
    ValueError
        If a node depends on itself; names it.
    """
    order: list[Node] = []
    placed: set[Node] = set()
    entered = {output}
    path = [(output, iter(output.inputs))]  # from the output down, each with the inputs still to be looked at
    while path:
        node, waiting = path[-1]
        source = next(waiting, None)
        if source is None:
            order.append(node)
            placed.add(node)
            path.pop()
        elif source not in entered:
            entered.add(source)
            path.append((source, iter(source.inputs)))
        elif source not in placed:
            raise ValueError(
                f"{kind_and_name(source)} depends on itself: a graph must have no cycle, so give one node on the way "
                "from it to itself another input"
            )
    return order


def forward(output: Node) -> float:
    """Compute every value of the graph, from the inputs to `output`.

    Parameters
    ----------
    output : Node
        The last node of the graph.

    Returns
    -------
    float
        The value of `output`.

    Raises
    ------
    ValueError
        If a value is not a finite number, such as one over zero; names the node.
    """
    for node in topological_order(output):
        if node.inputs:
            node.value = evaluated(node)
        check_value(node)
    return output.value


def evaluated(node: Node) -> float:
    """Value of a node at the present values of its inputs; an error names the node.

    Raises
    ------
    ValueError
        If there is no such value, as for one over zero, or it is too large for a float.
    """
    values = [source.value for source in node.inputs]
    try:
        return node.evaluate(*values)
    except ArithmeticError as error:
        raise ValueError(f"{kind_and_name(node)} has no value for {values}: {error}") from error


def backward(output: Node) -> None:
    """Compute the gradient of `output` with respect to every value of the graph.

    Parameters
    ----------
    output : Node
        The last node of the graph, after `forward`.

    Raises
    ------
    RuntimeError
        If `forward` has not run yet: a local derivative needs the values.
    ValueError
        If a derivative is not a finite number; names the node.
    """
    order = topological_order(output)
    check_forward(order)
    for node in order:
        node.gradient = 0.0
    output.gradient = 1.0
    for node in reversed(order):
        check_gradient(node)
        for source, slope in zip(node.inputs, local_derivatives(node), strict=True):
            source.gradient += node.gradient * slope


def local_derivatives(node: Node) -> tuple[float, ...]:
    """Derivatives of a node's value with respect to its own inputs, at their present values.

    Raises
    ------
    ValueError
        If there is no finite derivative, or not one for each input; names the node.
    """
    if not node.inputs:
        return ()
    values = [source.value for source in node.inputs]
    try:
        slopes = node.derivatives(*values)
    except ArithmeticError as error:
        raise ValueError(f"{kind_and_name(node)} has no derivative at {values}: {error}; {NEARER}") from error
    if len(slopes) != len(node.inputs):
        raise ValueError(f"{kind_and_name(node)} needs {len(node.inputs)} derivatives, got {slopes}")
    if not all(map(is_finite, slopes)):
        raise ValueError(f"{kind_and_name(node)} has no finite derivative at {values}, got {slopes}; {NEARER}")
    return slopes


def is_finite(value: object) -> bool:
    """Whether a value is a number that a float can hold."""
    try:
        return math.isfinite(value)  # type: ignore[arg-type]  # what it refuses is caught
    except (TypeError, OverflowError):
        return False


def check_value(node: Node) -> None:
    """Raise a ValueError that names the node unless its value is a finite number."""
    if not is_finite(node.value):
        raise ValueError(f"{kind_and_name(node)} must be a finite number, got {node.value!r}")


def check_gradient(node: Node) -> None:
    """Raise a ValueError that names the node unless its gradient is a finite number."""
    if not is_finite(node.gradient):
        raise ValueError(f"the gradient of {kind_and_name(node)} must be finite, got {node.gradient!r}; {NEARER}")


def check_forward(nodes: Iterable[Node]) -> None:
    """Raise a RuntimeError unless every node has a value."""
    for node in nodes:
        if node.value is None:
            raise RuntimeError(f"{node!r} has no value yet: run forward(output) before backward(output)")


def kind_and_name(node: Node) -> str:
    """What an error message calls a node: its class and its name or symbol."""
    return f"{type(node).__name__} {node.name or node.symbol!r}"
