"""Drawings of a computational graph: forward values above its edges, gradients below."""

import textwrap
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from helpers.chapters.chapter1.graph import Node, local_derivatives, topological_order
from helpers.chapters.chapter1.graph_layout import COLUMN, RADIUS, ROW, Point, layout
from helpers.pages.explore import Explorable, steps
from helpers.pages.figures import BLUE, GREY, INK, ORANGE, PAPER, subplots

#: The nodes of which something is shown; None for all.
Nodes = Collection[Node] | None

#: Room for names left of the first column, and for the last arrow right of the last.
LEFT, RIGHT = -1.75, 1.65


def number(value: float) -> str:
    """Return a value as a short decimal, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def draw(
    output: Node, values: Nodes = None, gradients: Nodes = None, active: Node | None = None, width: float = 400
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
    found = layout(output)
    left, right = LEFT, max(x for x, _ in found.place.values()) + RIGHT
    top, bottom = 0.8, found.floor(max(found.band.values())) - 0.65
    figure, axes = subplots(width, width * (top - bottom) / (right - left))
    figure.set_layout_engine("none")
    axes.set(xlim=(left, right), ylim=(bottom, top), position=(0, 0, 1, 1))
    axes.axis("off")
    value = {node: node.value for node in found.place if values is None or node in values}
    gradient = {node: node.gradient for node in found.place if gradients is None or node in gradients}
    uses = [(source, found.band[node]) for node in found.band for source in node.inputs]
    parts: dict[Node, list[float]] = {node: [] for node in found.place}
    for node, band in found.band.items():
        for source, slope in zip(node.inputs, local_derivatives(node), strict=True):
            passed = None if gradient.get(node) is None else gradient[node] * slope
            parts[source] += [] if passed is None else [passed]
            start = found.start(source, node)
            bent = uses.count((source, band)) == 1
            edge = Edge(start, found.place[node], open_start=start[0] == 0, bent=bent)
            draw_edge(axes, edge, value.get(source), passed)
    x, y = found.place[output]
    draw_edge(axes, Edge((x, y), (x + RIGHT + RADIUS - 0.05, y)), value.get(output), gradient.get(output))
    for (source, band), entry in found.entries.items():
        if source.inputs:
            draw_return(axes, found.place[source], entry, found.top(band), right)
        else:
            draw_input(axes, source, entry, parts[source])
    for node in found.band:
        draw_operation(axes, node, found.place[node], (ORANGE if gradient else BLUE) if node is active else None)
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
    open_start : bool
        Whether it starts in the left column, where no circle stands.
    bent : bool
        Whether it runs level first.
    """

    start: Point
    end: Point
    open_start: bool = False
    bent: bool = True

    @property
    def knee(self) -> Point:
        """Where the arrow turns towards its end."""
        return (self.end[0] - 0.8, self.start[1]) if self.bent else self.start

    @property
    def tip(self) -> Point:
        """Where the arrow touches the circle of the node at its end."""
        (x0, y0), (x1, y1) = self.knee, self.end
        part = RADIUS / ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        return x1 - part * (x1 - x0), y1 - part * (y1 - y0)

    @property
    def middle(self) -> Point:
        """Where the numbers of the arrow stand."""
        (x0, y0), (x1, y1) = self.start, self.end
        if not self.bent:
            return x0 + 0.62 * (x1 - x0), y0 + 0.62 * (y1 - y0)
        level = self.tip[0] if y0 == y1 else self.knee[0]
        begin = x0 if self.open_start else x0 + RADIUS
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


def draw_return(axes: Axes, start: Point, entry: Point, top: float, right: float) -> None:
    """Draw the line that leads from an operation around to the left of the band below it.

    Parameters
    ----------
    axes : Axes
    start : tuple of float
        Centre of the operation.
    entry : tuple of float
        Where its value enters the lower band.
    top : float
        The highest row of that band.
    right : float
        Right end of the drawing.

    Returns
    -------
    None
    """
    lane = 0.15 * (top - entry[1]) / ROW  # lines to lower rows run outside those to higher ones
    turn, gutter, left = right - 0.4 + lane, top + 0.9 + lane, -0.4 - lane
    course = [start, (turn, start[1]), (turn, gutter), (left, gutter), (left, entry[1]), entry]
    axes.plot(*zip(*course, strict=True), color=GREY, linewidth=1.4, zorder=1)


def draw_input(axes: Axes, node: Node, place: Point, parts: list[float]) -> None:
    """Write the name of an input left of its arrow, and the sum of its gradients if it has several uses.

    Parameters
    ----------
    axes : Axes
    node : Node
    place : tuple of float
        Where its arrow starts.
    parts : list of float
        What comes back from each use.

    Returns
    -------
    None
    """
    x, y = place[0] - 0.1, place[1]
    name = textwrap.wrap(node.name, 13)
    axes.text(x, y, "\n".join(name), ha="right", va="center", color=INK)
    if len(parts) > 1:
        addends = textwrap.wrap(" +\xa0".join(map(number, parts)), 10)  # a sign stays with its number
        words, below = "\n".join([*addends, f"= {number(sum(parts))}"]), (0, -7 * len(name))
        axes.annotate(
            words, (x, y), below, textcoords="offset points", color=ORANGE, ha="right", va="top", weight="bold"
        )


def draw_operation(axes: Axes, node: Node, place: Point, stress: str | None) -> None:
    """Draw an operation as a circle with its symbol, and its name above, to the right of an arrow that comes down.

    Parameters
    ----------
    axes : Axes
    node : Node
    place : tuple of float
        Centre, in units of the drawing.
    stress : str or None
        Colour of the rim, if the node is stressed.

    Returns
    -------
    None
    """
    x, y = place
    line = {"edgecolor": stress, "linewidth": 3.5} if stress else {"edgecolor": INK, "linewidth": 1.4}
    axes.add_patch(Circle(place, RADIUS, facecolor=PAPER, **line))
    axes.text(x, y, node.symbol, ha="center", va="center", fontsize=12, color=INK)
    if node.name:
        axes.text(x - RADIUS / 4, y + RADIUS + 0.08, node.name, ha="left", va="bottom", color=GREY)


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
