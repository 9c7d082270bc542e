"""Where the nodes of a computational graph stand: from left to right, in bands no wider than a phone."""

from dataclasses import dataclass

from helpers.chapters.chapter1.graph import Node, topological_order

#: Distances between columns and rows and the radius of a node, in units of the drawing.
COLUMN, ROW, RADIUS = 2.3, 1.45, 0.36

#: From the lowest row of a band to the first of the next.
BAND = 1.6

#: Operations side by side; a longer chain goes on in a new band below, as a text does in a new line. Wider
#: drawings would shrink on a phone until their numbers cannot be read.
SIDE_BY_SIDE = 2

Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Where everything stands, in units of the drawing.

    Attributes
    ----------
    place : dict of Node to (x, y)
        Centre of each node; of an input, the first of its places.
    entries : dict of (Node, int) to (x, y)
        Where a node enters a band from the left, by its band: an input, or what an earlier band computed.
    band : dict of Node to int
        Band of each operation, from 0.
    """

    place: dict[Node, Point]
    entries: dict[tuple[Node, int], Point]
    band: dict[Node, int]

    def start(self, source: Node, node: Node) -> Point:
        """Where the arrow from a node to one that uses it begins.

        Parameters
        ----------
        source, node : Node
            The node, and the operation that uses it.

        Returns
        -------
        tuple of float
        """
        return self.entries.get((source, self.band[node]), self.place[source])

    def top(self, band: int) -> float:
        """The highest row of a band."""
        return max(y for (_, at), (_, y) in self.entries.items() if at == band)

    def floor(self, band: int) -> float:
        """The lowest centre of a band, of its rows and its operations."""
        entered = [y for (_, at), (_, y) in self.entries.items() if at == band]
        return min(entered + [self.place[node][1] for node, at in self.band.items() if at == band])


def layout(output: Node) -> Layout:
    """Place every node: operations in columns by depth, what they start from in a column on the left.

    Parameters
    ----------
    output : Node
        The last node of the graph.

    Returns
    -------
    Layout
    """
    operations = [node for node in topological_order(output) if node.inputs]
    depth: dict[Node, int] = {}
    for node in operations:
        depth[node] = 1 + max(depth.get(source, 0) for source in node.inputs)
    found = Layout({}, {}, {node: (depth[node] - 1) // SIDE_BY_SIDE for node in operations})
    top = 0.0
    for band in range(max(found.band.values(), default=-1) + 1):
        members = [node for node in operations if found.band[node] == band]
        sources = dict.fromkeys(source for node in members for source in node.inputs)
        entering = [source for source in sources if found.band.get(source) != band]
        entering.sort(key=lambda source: not source.inputs)  # what was computed comes first, then the inputs
        for row, source in enumerate(entering):
            found.entries[source, band] = (0.0, top - ROW * row)
            found.place.setdefault(source, (0.0, top - ROW * row))
        for node in members:
            x = COLUMN * (1 + (depth[node] - 1) % SIDE_BY_SIDE)
            heights = [found.start(source, node)[1] for source in node.inputs]
            y = sum(heights) / len(heights)
            taken = [found.place[other] for other in members if other in found.place]
            while any(x == other_x and abs(y - other_y) < 3 * RADIUS for other_x, other_y in taken):
                y -= ROW / 2  # two nodes of the same inputs would stand on one place
            found.place[node] = (x, y)
        top = found.floor(band) - BAND
    return found
