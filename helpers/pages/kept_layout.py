"""A figure with sliders stands still while it moves: its axes stay where they were in the first picture.

To leave room for words and numbers, matplotlib measures all of them twice for every picture, which is nearly half the
work of drawing it. The pictures of a slider mostly differ within their axes alone: their layout is worked out once,
and the most that a picture may need, such as its longest number, should stand in the first.
"""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

#: How axes stand: their box, and for a bar of colours the rest of what a layout sets.
Place = tuple[Bbox, Any, Any, Any]


def places(figure: Figure) -> list[Place]:
    """Return how a figure's axes stand."""
    return [
        (axes.get_position(original=True), axes.get_anchor(), axes.get_aspect(), axes.get_box_aspect())
        for axes in figure.axes
    ]


def keep_places(figure: Figure, found: list[Place]) -> None:
    """Let a figure's axes stand where others did, if constrained layout has nothing else to place.

    Parameters
    ----------
    figure : Figure
        Not drawn yet. One with as many axes is taken out of the care of its layout; any other stays as it is.
    found : list of Place
        From `places`, after another figure was drawn.
    """
    titles = figure.get_suptitle() + figure.get_supxlabel() + figure.get_supylabel()
    constrained = isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine)
    if not constrained or titles or figure.subfigs or len(found) != len(figure.axes):
        return
    figure.set_layout_engine("none")
    for axes, (box, anchor, aspect, box_aspect) in zip(figure.axes, found, strict=True):
        axes.set_position(box)
        if not axes.get_subplotspec():  # a bar of colours, whose shape is the layout's as well
            axes.set_anchor(anchor)
            axes.set_box_aspect(box_aspect)
            axes.set_aspect(aspect)
