"""What the pages for teachers say in numbers, computed again by the package or from the stored results.

Each function yields pieces of one page, as they stand there, with the numbers put in by a computation. What a page says
without digits, and what could go wrong with it, is asserted on the way.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import numpy as np

from helpers.chapters.chapter1.graph import Add, Input, Multiply, Node, backward, forward
from helpers.chapters.chapter2 import datasets
from helpers.chapters.chapter2 import questions as questions2
from helpers.chapters.chapter2 import rbf_toy as toy
from helpers.chapters.chapter2.activations import gaussian_rbf
from helpers.chapters.chapter3 import questions as questions3
from helpers.chapters.chapter4 import questions as questions4
from helpers.data.results import stored
from helpers.measures.comparisons import paired_difference
from helpers.networks.layers import Affine

TOP = Path(__file__).parents[1]


def code_of(number: int) -> str:
    """Return the code of a chapter."""
    (path,) = (TOP / "book").glob(f"{number:02}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "code")


def walked(node: Node, arriving: float = 1.0) -> list[float]:
    """What the inputs of a node get back when this arrives."""
    forward(node)
    backward(node)
    return [arriving * source.gradient for source in node.inputs]


def bill(number: float, price: float) -> dict[str, Node]:
    """The bill of chapter 1, walked forward and backward."""
    nodes = {"number": Input("number", number), "price": Input("price", price), "tax": Input("tax", 1.1)}
    nodes["apples"] = Multiply(nodes["number"], nodes["price"])
    nodes["bill"] = Multiply(nodes["apples"], nodes["tax"])
    walked(nodes["bill"])
    return nodes


def facts_of_chapter_1() -> Iterator[str]:
    nodes, rise = bill(2, 100), 10
    value = {name: f"{node.value:.4g}" for name, node in nodes.items()}
    back = {name: f"{node.gradient:.4g}" for name, node in nodes.items()}
    yield f"number {value['number']} ───┐"
    yield f"×── apples {value['apples']} ──┐"
    yield f"price {value['price']} ──┘                ×── bill {value['bill']}"
    yield f"tax {value['tax']} ───"
    yield f"Write the {back['bill']} at the right end first and say why it is a {back['bill']}."
    yield f"Then {back['apples']} and {back['tax']}, then {back['number']} and {back['price']}."
    dearer = bill(3, 100 + rise)["bill"].value - bill(3, 100)["bill"].value
    yield f"from 100 to {100 + rise} yen. By how much does the bill rise? (By {dearer:.0f} yen.)"
    yield f'*"{rise} yen."*'
    yield f'*"{3 * rise} yen."*'
    yield f'*"{bill(2, 100 + rise)["bill"].value - bill(2, 100)["bill"].value:.0f} yen."*'
    price, oranges = Input("price", 150), Input("number", 3)
    fruit = Multiply(price, oranges)
    walked(Multiply(Add(Multiply(Input("price", 100), Input("number", 2)), fruit), Input("tax", 1.1)))
    yield f'*"The price of an orange gets {oranges.gradient:.4g}."*'
    yield f"the price gets {price.gradient:.4g}"
    first, second = walked(Multiply(Input("a", 4), Input("b", 7)), 3)
    yield "3 arrives at a node that multiplies 4 and 7"
    yield f"The 4 gets {first:g}, the 7 gets {second:g}"
    yield "report 2, −1 and 4"
    yield f"The sum, {2 - 1 + 4}, and only"
    layer = Affine(np.zeros((64, 50)), np.zeros(50))
    layer.forward(np.zeros((100, 64)))
    layer.backward(np.zeros((100, 50)))
    yield "turns 64 inputs into 50 outputs, for a batch of 100"
    yield f"{layer.gradients['W'].shape} and {layer.gradients['b'].shape}"
    yield f"Near log 10, about {np.log(10):.1f}"
    assert bill(2, 100)["price"].gradient != bill(3, 100)["price"].gradient == bill(3, 140)["price"].gradient


POINTS = datasets.two_class_points(np.random.default_rng(11))
START = {"w_h": 2.0, "w_o": -5.0}


def facts_of_chapter_2() -> Iterator[str]:
    blue = POINTS.x[POINTS.t == 1]
    in_order = POINTS.t[np.argsort(POINTS.x)]
    cuts = [(in_order == (np.arange(40) >= place)).mean() for place in range(41)]
    yield f"({max(*cuts, *(1 - np.array(cuts))):.0%}.)".replace("%", " %")
    assert "90 %" in repr(questions2.best_cut)
    yield '*"90 %."*'
    assert "grow from 0 to 1" in repr(questions2.folding)
    assert (gaussian_rbf(0 * blue) == 1).all() and (gaussian_rbf(5 * blue) < 0.5).mean() > 0.5
    yield from (
        "Let the weight grow from 0 to 1. Where",
        "And at 5, where",
        "True at weight 0,",
        "At 5 even most blue points",
    )
    yield "Below it a second line, from 0 to 1."
    logit_at_zero_weight = toy.forward(POINTS.x, 1.0, 0.0)[2]
    assert (logit_at_zero_weight < 0).all()  # all red, and yet
    assert toy.cost(POINTS.x, POINTS.t, 0.0, 10.0) > 2 * toy.cost(POINTS.x, POINTS.t, 1.0, 0.0)
    yield '*"Output weight 0 and all is red"*'
    walk = toy.descend(POINTS.x, POINTS.t, START, toy.falling_rates(0.2, 30).tolist())["w_h"]
    assert walk[0] == 2 and walk[2] > 5 and walk[19] > 1.5 > walk[-1]
    yield "at a hidden weight of 2, the valley near 1."
    yield "after two steps beyond 5."
    assert [1 - 1.0, abs(1 - 2.0)] == [0, 1] and 1 - 2.1 < -1
    yield from ('*"At 1."* At 1 it lands', '*"At 2 it stops moving."*', '*"Above 2 it goes off')
    paths = {rate: toy.descend(POINTS.x, POINTS.t, START, [rate] * 60) for rate in (0.05, 0.1, 0.2)}
    costs = {rate: toy.cost(POINTS.x, POINTS.t, path["w_h"], path["w_o"]) for rate, path in paths.items()}
    uphill = {rate: (np.diff(cost) > 0).any() for rate, cost in costs.items()}
    assert uphill[0.1] and not uphill[0.05] and costs[0.1][-1] < 10
    home = int((paths[0.2]["w_h"] < 1.5)[1:].argmax()) + 1
    assert paths[0.2]["w_h"][home:].max() > 3  # thrown out again
    yield from ("0.05, 0.1, 0.2: which", "At 0.2 it reaches the valley", "At 0.1 some do")
    assert "range(500)" in code_of(2)
    yield "the one with 500 draws"
    distance = float(toy.boundary(1.0, np.exp(4.0)))
    yield "the hidden weight is 1."
    yield f"At {distance:g}: the logarithm is {distance**2:g}, and its root is {distance:g}."
    yield f"({distance**2:g} is the square"
    yield "the curvature is 40."
    yield f"Above {2 / 40:g}, two over the curvature. Half of that, {1 / 40:g},"
    yield "A rate of 0.2 was found on a sum over 50 points."
    yield f"{0.2 * 50:g}: the slopes of the mean are fifty times smaller"
    rng = np.random.default_rng(2026)
    many = np.array([datasets.two_class_points(rng).x for _ in range(500)])
    end = toy.descend(many, POINTS.t, START, toy.falling_rates(0.2, 30).tolist())
    assert (toy.cost(many, POINTS.t, end["w_h"][-1], end["w_o"][-1]) < toy.VALLEY).mean() < 0.5  # fails on most


def facts_of_chapter_3() -> Iterator[str]:
    runs = stored("03-gain-fields")["runs"]["32"]
    trend = {kind: f"{100 * row['visual, noise 0.1']['mean']:.0f} %" for kind, row in runs.items()}
    yield f"Large random weights: {trend['large']}."
    yield f"alone: {trend['retina']}. On $r$ and $e$ apart: {trend['apart']}."
    yield f"On the difference: {trend['difference']}; on the sum it was {trend['trained']}."
    assert "The light moves 12° to the right" in repr(questions3.opposite_moves)
    yield "by 12°, the eye"
    assert "About 5 %" in repr(questions3.only_large)
    yield '*"Random weights: 5 %, since'
    (lit, dark), (lit_then, dark_then) = (0.6, 0.5), (0.9, 0.4)
    before, after = lit - dark, lit_then - dark_then
    yield f"answers {lit} with the light and {dark} in the dark. The eye turns: now {lit_then} and {dark_then}."
    yield f"By {after - before:.1f}: the light added {before:.1f}, and now adds {after:.1f}."
    y, y_0 = 0.3, 0.2
    yield f"$y_0 = {y_0}$ in the dark and $y = {y}$ with the light."
    yield f"{(1 - 2 * y) / (1 - y - y_0):.1f}. At 1 what the light adds"
    yield "what does a ratio of 1 mean?"


def facts_of_chapter_4() -> Iterator[str]:
    record = stored("04-depth")
    assert "512" in record["depth"]
    yield "512"
    assert "from 0.5 to 0.2" in repr(questions4.brightness)
    yield "from 0.5 to 0.2."
    kinds = np.repeat([1, -1], 3)
    yield "A layer of 3 excitatory and 3 inhibitory cells lies below another of the same kind."
    yield f"How many of the {kinds.size**2}"
    yield f"{(np.outer(kinds, kinds) > 0).sum()}: each cell below has three of its own kind above"
    yield "Write cells 0 to 5 and"
    yield "gives all the weight 1;"
    one, many = (np.mean(record["depth"][depth]["both ways"]["test"]["per_seed"]) for depth in ("1", "512"))
    assert abs(one - many) < 0.003 and abs(record["logistic_regression"]["test"] - many) < 0.003
    frozen = record["thresholds"]["512 layers, β = 0.2, frozen above the first"]["both ways"]["test"]["per_seed"]
    assert min(frozen) > 0.9


def facts_of_chapter_5() -> Iterator[str]:
    def inverse(h: float) -> float:
        return h / 2 + 1

    for answer, h_1, h_2 in ((8, 3, 6), (10, 3, 6)):
        exact, tp, dtp = answer / 2, inverse(answer), h_1 + inverse(answer) - inverse(h_2)
        if answer == 8:
            yield f"exact inverse      target below {exact:g}"
            yield f"h/2 + 1            target below {tp:g}"
            yield f"the difference     target below {dtp:g}"
        else:
            assert dtp == exact
            yield f"input 1, right answer {answer};"
            yield f"TP {tp:g}, DTP {dtp:g}, which is the exact one"
    assert "PLANE_STEPS = [0.02, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0]" in code_of(5) and "PLANE_ERRORS = [0.0," in code_of(5)
    yield "Move the step to 1."
    yield "when the error slider is at 0."
    noise = stored("05-noise")["noise"]
    change = paired_difference(noise["0.2"]["angle"]["per_seed"], noise["0"]["angle"]["per_seed"])
    assert not change.apart
    yield "the change from none to 0.2 is not apart from zero"
    kappa = 3
    yield f"lie between 1 and {kappa}."
    yield f"{2 / (kappa + 1 / kappa):.1f}: the condition number is {kappa},"
    yield f"two over the sum of {kappa} and a third"
    kinds = stored("05-digits")["inverses"]
    fa, control = (kinds[rule]["validation_error"]["per_seed"] for rule in ("FA", "top two"))
    assert paired_difference(fa, control).high > 0  # did not beat the control


def facts_of_chapter_6() -> Iterator[str]:
    assert "draws=400" in code_of(6)
    yield "the cell with 400 nudges"
    yield "has 400 weights"
    yield f"{400 + 1} times: one more than is nudged"
    yield "50 inputs and 8 cells"
    yield f"{8 + 1} against {50 * 8 + 1} times the square"
    again = stored("06-confirmed")["depth"]

    def lead(first: str, second: str, depth: str, grounds: tuple[str, str] = ("cells", "cells")):
        scores = [
            again[where][depth][rule]["test"]["per_seed"] for where, rule in zip(grounds, (first, second), strict=True)
        ]
        return paired_difference(100 * np.array(scores[0]), 100 * np.array(scores[1]))

    rules = [rule for rule in again["cells"]["2"] if rule not in ("backpropagation", "top")]
    assert sum(lead("backpropagation", rule, "2").mean < 2 for rule in rules) == 4
    assert lead("error_diffusion", "backpropagation", "10").low > 0
    assert lead("backpropagation", "error_diffusion", "10", ("tanh", "cells")).low > 0


def facts_of_the_entry() -> Iterator[str]:
    (least,) = re.findall(r'requires-python = ">=([\d.]+)"', (TOP / "pyproject.toml").read_text(encoding="utf-8"))
    yield f"Python {least} or newer"
    yield f"shows {float(True)} or {float(False)}"


#: By the number of the chapter, or for the page before them.
FACTS: dict[str, Callable[[], Iterator[str]]] = {
    "1": facts_of_chapter_1,
    "2": facts_of_chapter_2,
    "3": facts_of_chapter_3,
    "4": facts_of_chapter_4,
    "5": facts_of_chapter_5,
    "6": facts_of_chapter_6,
    "entry": facts_of_the_entry,
}
