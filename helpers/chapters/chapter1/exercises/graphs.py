"""Exercises on scalar graphs."""

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.networks.graph import Node
from helpers.pages.exercises import Exercise, NotAnAnswer


def _number(answer: Any) -> float:
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        return float(answer)
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real | type(...) | type(None)):
        raise NotAnAnswer(f"Give one number, not a {type(answer).__name__}.")
    return answer


children = Exercise(
    solve=lambda: 250.0,
    cases=[()],
    names=(),
    mistakes={
        "That is one path only. The number of children is used twice, and both uses raise the bill.": lambda: 100.0,
        "That is one path only; apples cost something too.": lambda: 150.0,
        "You multiplied the two paths. Along a path slopes multiply; where paths meet, they add.": lambda: 15000.0,
        "That is the bill, not how fast it grows with the number of children.": lambda: 1000.0,
        "That is the bill for five children, not how much it grew.": lambda: 1250.0,
        "That is what the apples cost, a value of the walk forward. Walk back: a product passes on what arrives, "
        "times the other input.": lambda: 400.0,
        "That is what the oranges cost, a value of the walk forward. Walk back: a product passes on what arrives, "
        "times the other input.": lambda: 600.0,
    },
    praise="One more child costs one more apple and one more orange: the gradients of the two uses add.",
    run=_number,
    hint="Walk back from the bill along both paths to the number of children, and add what arrives.",
)


def _node(kind: type, *values: float) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, Node)):
        raise NotAnAnswer("Give the class itself, without (), and let it be a kind of Node: class Divide(Node).")
    node = kind(*[Node() for _ in values])
    try:
        value, derivatives = node.evaluate(*values), node.derivatives(*values)
    except TypeError as error:
        if "for ^" in str(error):
            raise NotAnAnswer("^ is not a power in Python: the square of y is y**2.") from error
        raise
    return {
        "evaluate": value,
        "derivatives": tuple(derivatives) if isinstance(derivatives, list | np.ndarray) else derivatives,
    }


def _quotient(by_x: Callable, by_y: Callable) -> Callable[..., dict[str, Any]]:
    """A node that divides, with these derivatives."""
    return lambda x, y: {"evaluate": x / y, "derivatives": (by_x(x, y), by_y(x, y))}


divide = Exercise(
    solve=_quotient(lambda x, y: 1 / y, lambda x, y: -x / y**2),
    cases=[(1.0, 2.0), (6.0, -3.0), (-5.0, 0.5)],
    names=("x", "y"),
    mistakes={
        "The sign of the derivative by y is wrong: a larger divisor makes a smaller quotient (for x > 0).": _quotient(
            lambda x, y: 1 / y, lambda x, y: x / y**2),
        "The derivative by y lacks a square: differentiate x times y to the power -1.": _quotient(
            lambda x, y: 1 / y, lambda x, y: -x / y),
        "-x / y * y is (-x / y) * y. Write y**2, or brackets.": _quotient(lambda x, y: 1 / y, lambda x, y: -x),
        "The derivative by y lacks its x.": _quotient(lambda x, y: 1 / y, lambda x, y: -1 / y**2),
        "The two derivatives have changed places: the derivative by x comes first.": _quotient(
            lambda x, y: -x / y**2, lambda x, y: 1 / y),
        "These are the derivatives of a product: dividing does not swap its inputs.": _quotient(
            lambda x, y: y, lambda x, y: x),
        "You divided y by x.": lambda x, y: {"evaluate": y / x, "derivatives": (-y / x**2, 1 / x)},
        "There are two inputs, so `derivatives` returns two numbers: by x, and by y.": lambda x, y: {
            "evaluate": x / y, "derivatives": 1 / y},
        "There are two inputs, so `derivatives` returns two numbers, not one: by x, and by y.": lambda x, y: {
            "evaluate": x / y, "derivatives": (1 / y,)},
    },
    praise="Two lines, and the walks forward and backward already know what to do with them.",
    run=_node,
)  # fmt: skip
