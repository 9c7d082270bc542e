"""Where everything stands on the drawing of the small network: its cells, its weights, the wires that bring credit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter6.single_weight import CELLS, WEIGHTS, Weight

#: Width of the drawing, in CSS pixels.
WIDTH = 318
#: Where the cells stand on the network's drawing, from its lower left corner, and how large they are.
PLACES = (((100, 26), (218, 26)), ((100, 128), (218, 128)), ((100, 230), (218, 230)), ((159, 322),))
RADIUS = 20
#: Where the wires that reach everyone run down, on either side.
BUSES = (22, 296)


def course(kind: str, upper: tuple[int, int], lower: tuple[int, int], weight: Weight) -> NDArray:
    """Return the places of a wire, from the edge of one cell to that of another, or to a weight.

    Parameters
    ----------
    kind : str
        As in `Story.wires`.
    upper, lower : tuple of int
        Where it begins and ends: two cells, each as layer and place.
    weight : Weight
        The one that is followed.

    Returns
    -------
    ndarray, shape (places, 2)
        In CSS pixels, from the lower left corner of the network's drawing.
    """
    start, end = (np.array(PLACES[layer][k], float) for layer, k in (upper, lower))
    if kind.startswith("to all"):
        goal = met(weight) if kind == "to all weights" else end
        outwards = np.array([-1 if goal[0] < start[0] else 1, 0])
        bus = BUSES[int(outwards[0] > 0)]
        stop = goal + (17 if kind == "to all weights" else RADIUS + 2) * outwards
        return np.array([start + RADIUS * outwards, [bus, start[1]], [bus, goal[1]], stop])
    along = end - start
    if upper[0] - lower[0] == 1:  # beside the wire that leads up
        direction = along / np.hypot(*along)
        start = start + 6 * np.array([direction[1], -direction[0]])
        return np.array([start + (RADIUS + 1) * direction, start + along - (RADIUS + 1) * direction])
    part = np.linspace(0, 1, 21)[:, np.newaxis]  # round the layer between
    bend = np.array([end[0] + 2 * along[0], (start[1] + end[1]) / 2])
    places = (1 - part) ** 2 * start + 2 * part * (1 - part) * bend + part**2 * end
    clear = np.all([np.linalg.norm(places - cell, axis=1) > RADIUS + 1 for cell in (start, end)], axis=0)
    return places[clear]


def label_of(kind: str, places: NDArray) -> NDArray:
    """Return where the number of a wire stands: near its middle, or beside the line that reaches everyone.

    Parameters
    ----------
    kind : str
        As in `Story.wires`.
    places : ndarray, shape (places, 2)
        Of the wire, from `course`.

    Returns
    -------
    ndarray, shape (2,)
    """
    if kind.startswith("to all"):
        if places[0, 1] == places[-1, 1]:  # back to the output cell itself
            return places[:2].mean(axis=0) + np.array([0, 12])
        return np.array([WIDTH / 2 + 0.83 * (places[1, 0] - WIDTH / 2), PLACES[2][0][1] + 46])
    return places[0] + 0.42 * (places[1] - places[0]) if len(places) == 2 else places[int(0.65 * len(places))]


def met(weight: Weight) -> NDArray:
    """Return the place on a wire where its weight is written: below the middle, where wires cross."""
    low, high = (np.array(PLACES[layer][k]) for layer, k in ((weight.layer - 1, weight.source), weight[::2]))
    return low + 0.36 * (high - low)


def courses() -> dict[str, Any]:
    """Return, for the script, the places of every wire that a story may have, and of its number."""
    wires: list[Any] = [("straight", (w.layer, w.cell), (w.layer - 1, w.source), w) for w in WEIGHTS]
    wires += [("direct", (3, 0), (1, cell), WEIGHTS[0]) for cell in (0, 1)]
    wires += [("to all weights", (3, 0), (w.layer, w.cell), w) for w in WEIGHTS]
    wires += [
        ("to all cells", (3, 0), (layer, k), WEIGHTS[0]) for layer, cells in enumerate(CELLS) for k in range(len(cells))
    ]
    found = {}
    for kind, upper, lower, weight in wires:
        places = course(kind, upper, lower, weight)
        key = [kind, *weight] if kind == "to all weights" else [kind, *upper, *lower]
        found[",".join(map(str, key))] = [places.round(1).tolist(), label_of(kind, places).round(1).tolist()]
    return found
