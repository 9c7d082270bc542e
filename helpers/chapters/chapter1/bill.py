"""The bill of chapter 1, computed in the page: its numbers forward, and backward what each of them is worth.

The first page of the book shows it. `bill.js` computes in the page what
`graph` computes here; tests/pages/test_front.py holds the two together.
"""

from importlib.resources import files
from typing import cast

from helpers.chapters.chapter1 import graph
from helpers.chapters.chapter1.graph_drawing import draw
from helpers.pages.figures import show, subplots
from helpers.pages.live import Live

#: What the reader may choose: the least, the largest, how far apart they are, and what is seen first.
PRICES, COUNTS, TAXES = (50, 200, 10, 100), (0, 6, 1, 2), (0, 20, 1, 10)
#: Size of the drawing in CSS pixels: a phone of 390 shows it in full.
WIDTH, HEIGHT = 318, 152


class Bill:
    """Some apples and their tax, after both walks.

    Parameters
    ----------
    price : float
        Of one apple, in yen.
    count : float
        How many apples.
    tax : float
        In percent.

    Attributes
    ----------
    total : Node
        The last node of the graph.
    yen : float
        The bill.
    """

    def __init__(self, price: float, count: float, tax: float):
        inputs = [
            graph.Input("price of an apple", price),
            graph.Input("number of apples", count),
            graph.Input("tax factor", (100 + tax) / 100),
        ]
        self.inputs = inputs
        self.total = graph.Multiply(graph.Multiply(*inputs[:2], name="apples"), inputs[2], name="bill")
        self.yen = graph.forward(self.total)
        graph.backward(self.total)

    def words(self) -> str:
        """Say the bill, and by how much it grows with each of its numbers."""
        price, count, tax = cast(list[float], [node.gradient for node in self.inputs])  # known since `backward`
        return (
            f"The bill is {short(self.yen)} yen. A price one yen higher adds {short(price)} yen, "
            f"one apple more {short(count)}, one percent of tax more {short(tax / 100)}."
        )


def short(value: float) -> str:
    """Write a number with two decimals, without zeros at its end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def bill() -> Live:
    """Make the bill on which the reader moves the price, the number of apples and the tax.

    Returns
    -------
    Live
    """
    figure, axes = subplots(WIDTH, HEIGHT)
    figure.set_layout_engine("none")
    axes.set(position=(0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    bought = Bill(PRICES[3], COUNTS[3], TAXES[3])
    picture = show(
        draw(bought.total),
        f"A bill as a graph. {bought.words()}",
        "Blue runs forward and makes the bill. Orange runs back and says what each number is worth.",
    )
    settings = {"price": PRICES, "count": COUNTS, "tax": TAXES, "width": WIDTH}
    script = files("helpers.chapters.chapter1").joinpath("bill.js").read_text("utf-8")
    return Live(picture, "apple-bill", script, {"bill": axes}, settings, bought.words())
