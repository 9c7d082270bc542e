"""Drawings of a computational graph: forward values above its edges, gradients below."""

import textwrap
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from helpers.networks.graph import Node, local_derivatives, topological_order
from helpers.pages.explore import Explorable, steps
from helpers.pages.figures import BLUE, GREY, INK, ORANGE, PAPER, subplots

#: Distances between columns and rows and the radius of a node, in units of the drawing.
COLUMN, ROW, RADIUS = 2.3, 1.25, 0.36

#: The nodes of which something is shown; None for all.
Nodes = Collection[Node] | None


def layout(output: Node) -> dict[Node, tuple[float, float]]:
    """Place every node: operations in columns by depth, inputs in a column on the left.

    Parameters
    ----------
    output : Node
        The last node of the graph.

    Returns
    -------
    dict of Node to (x, y)
        In units of the drawing; the output is rightmost.
    """
    order = topological_order(output)
    leaves = [node for node in order if not node.inputs]
    place = {leaf: (0.0, -ROW * row) for row, leaf in enumerate(leaves)}
    for node in order:
        if node.inputs:
            x = COLUMN + max(place[source][0] for source in node.inputs)
            y = sum(place[source][1] for source in node.inputs) / len(node.inputs)
            while any(x == other_x and abs(y - other_y) < 3 * RADIUS for other_x, other_y in place.values()):
                y -= ROW / 2  # two nodes of the same inputs would stand on one place
            place[node] = (x, y)
    return place


def number(value: float) -> str:
    """Return a value as a short decimal, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def draw(
    output: Node, values: Nodes = None, gradients: Nodes = None, active: Node | None = None, width: float = 660
) -> Figure:
    """Draw the graph that ends in `output`.

    Parameters
    ----------
    output : Node
        The last node, after `graph.forward` (and `graph.backward`, if gradients are shown).
    values, gradients : collection of Node, or None
        Nodes whose forward value, and whose gradient, is written where there is one; None for all.
    active : Node or None
        A node to stress: the one at work.
    width : float
        Width in CSS pixels; the height follows.

    Returns
    -------
    Figure
    """
    place = layout(output)
    left, right = -1.75, place[output][0] + 1.45
    top, bottom = 0.8, min(y for _, y in place.values()) - 0.6
    figure, axes = subplots(width, width * (top - bottom) / (right - left))
    figure.set_layout_engine("none")
    axes.set(xlim=(left, right), ylim=(bottom, top), position=(0, 0, 1, 1))
    axes.axis("off")
    value = {node: node.value for node in place if values is None or node in values}
    gradient = {node: node.gradient for node in place if gradients is None or node in gradients}
    uses = [source for node in place for source in node.inputs]
    parts: dict[Node, list[float]] = {node: [] for node in place}
    for node in place:
        for source, slope in zip(node.inputs, local_derivatives(node), strict=True):
            passed = None if gradient.get(node) is None else gradient[node] * slope
            parts[source] += [] if passed is None else [passed]
            edge = Edge(place[source], place[node], leaf=not source.inputs, bent=uses.count(source) == 1)
            draw_edge(axes, edge, value.get(source), passed)
    x, y = place[output]
    draw_edge(axes, Edge((x, y), (right + RADIUS - 0.05, y)), value.get(output), gradient.get(output))
    for node, (x, y) in place.items():
        draw_node(axes, node, x, y, (ORANGE if gradient else BLUE) if node is active else None)
        if len(parts[node]) > 1:
            total = f"{' + '.join(map(number, parts[node]))} = {number(sum(parts[node]))}"
            axes.text(x - 0.1, y - 0.32, total, color=ORANGE, ha="right", va="top", weight="bold")
    return figure


@dataclass(frozen=True)
class Edge:
    """Course of an arrow between two places.

    A bent arrow runs level until it is near its end, which keeps its numbers apart from
    others; a value with several uses has straight arrows, which fan out.

    Attributes
    ----------
    start, end : tuple of float
        Centres of the two nodes, or the end of an arrow that leads nowhere.
    leaf : bool
        Whether it comes from an input of the graph.
    bent : bool
        Whether it runs level first.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    leaf: bool = False
    bent: bool = True

    @property
    def knee(self) -> tuple[float, float]:
        """Where the arrow turns towards its end."""
        return (self.end[0] - 1.0, self.start[1]) if self.bent else self.start

    @property
    def tip(self) -> tuple[float, float]:
        """Where the arrow touches the circle of the node at its end."""
        (x0, y0), (x1, y1) = self.knee, self.end
        part = RADIUS / ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        return x1 - part * (x1 - x0), y1 - part * (y1 - y0)

    @property
    def middle(self) -> tuple[float, float]:
        """Where the numbers of the arrow stand."""
        (x0, y0), (x1, y1) = self.start, self.end
        if not self.bent:
            return x0 + 0.62 * (x1 - x0), y0 + 0.62 * (y1 - y0)
        level = self.tip[0] if y0 == y1 else self.knee[0]
        begin = x0 if self.leaf else x0 + RADIUS
        return (begin + min(level, x0 + COLUMN)) / 2, y0


def draw_edge(axes: Axes, edge: Edge, value: float | None, gradient: float | None) -> None:
    """Draw an arrow with its forward value above and the gradient that flows back below.

    Parameters
    ----------
    axes : Axes
    edge : Edge
    value, gradient : float or None
        None for a number that is not shown.

    Returns
    -------
    None
    """
    axes.plot(*zip(edge.start, edge.knee, strict=True), color=GREY, linewidth=1.4, zorder=1)
    arrow = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", edge.tip, edge.knee, arrowprops=arrow, zorder=1)
    x, y = edge.middle
    if value is not None:
        axes.text(x, y + 0.08, number(value), color=BLUE, ha="center", va="bottom", weight="bold")
    if gradient is not None:
        axes.text(x, y - 0.1, number(gradient), color=ORANGE, ha="center", va="top", weight="bold")


def draw_node(axes: Axes, node: Node, x: float, y: float, stress: str | None) -> None:
    """Draw an operation as a circle with its symbol, an input as its name; `stress` is a colour.

    Parameters
    ----------
    axes : Axes
    node : Node
    x, y : float
        Centre, in units of the drawing.
    stress : str or None
        Colour of the rim, if the node is stressed.

    Returns
    -------
    None
    """
    if not node.inputs:
        name = "\n".join(textwrap.wrap(node.name, 13))
        axes.text(x - 0.1, y, name, ha="right", va="center", color=INK)
        return
    line = {"edgecolor": stress, "linewidth": 3.5} if stress else {"edgecolor": INK, "linewidth": 1.4}
    axes.add_patch(Circle((x, y), RADIUS, facecolor=PAPER, **line))
    axes.text(x, y, node.symbol, ha="center", va="center", fontsize=12, color=INK)
    if node.name:
        axes.text(x, y + RADIUS + 0.08, node.name, ha="center", va="bottom", fontsize=9, color=GREY)


def walk(output: Node) -> Explorable:
    """Make a figure that steps through the forward walk, then the backward walk, node by node.

    Parameters
    ----------
    output : Node
        The last node, after `graph.forward` and `graph.backward`.

    Returns
    -------
    Explorable
    """
    output = deepcopy(output)  # whatever happens to the graph later, the figure tells one story
    order = topological_order(output)
    inputs = [node for node in order if not node.inputs]
    operations = [node for node in order if node.inputs]
    views: list[tuple[Nodes, Nodes, Node | None]] = [(inputs, (), None)]
    views += [(inputs + operations[:done], (), node) for done, node in enumerate(operations, start=1)]
    views += [(None, operations[place:], operations[place]) for place in reversed(range(len(operations)))]
    captions = ["The inputs are known. Nothing else is.", *map(forward_words, operations)]
    captions += map(backward_words, reversed(operations))
    return steps(
        lambda step: draw(output, *views[step]),
        captions,
        alt=lambda step: f"Computational graph of {output.name}. {captions[step]}",
        caption="Forward, each node finds its value; backward, each edge its gradient.",
    )


def forward_words(node: Node) -> str:
    """Say what a node does in the forward walk."""
    values = " and ".join(number(source.value) for source in node.inputs)
    return f"Forward: {node.name} takes {values} and gives {number(node.value)}."


def backward_words(node: Node) -> str:
    """Say what a node does in the backward walk."""
    parts = [
        f"{number(node.gradient)} × {number(slope)} = {number(node.gradient * slope)} to {source.name}"
        for source, slope in zip(node.inputs, local_derivatives(node), strict=True)
    ]
    return f"Backward: {node.name} receives {number(node.gradient)} and passes {' and '.join(parts)}."
