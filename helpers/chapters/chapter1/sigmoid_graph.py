"""What the graph of a sigmoid is made of, 1 / (1 + exp(-x)): four kinds of nodes with one input each."""

import math

from helpers.chapters.chapter1.graph import Node


class Negate(Node):
    """The negative of a value."""

    symbol = "−"

    def evaluate(self, x: float) -> float:
        return -x

    def derivatives(self, x: float) -> tuple[float]:
        return (-1.0,)


class Exp(Node):
    """The exponential of a value."""

    symbol = "exp"

    def evaluate(self, x: float) -> float:
        return math.exp(x)

    def derivatives(self, x: float) -> tuple[float]:
        return (math.exp(x),)


class AddOne(Node):
    """One more than a value."""

    symbol = "+1"

    def evaluate(self, x: float) -> float:
        return 1.0 + x

    def derivatives(self, x: float) -> tuple[float]:
        return (1.0,)


class Reciprocal(Node):
    """One over a value."""

    symbol = "1/x"

    def evaluate(self, x: float) -> float:
        return 1.0 / x

    def derivatives(self, x: float) -> tuple[float]:
        return (-1.0 / x**2,)
