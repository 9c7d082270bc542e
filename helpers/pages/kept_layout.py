"""A figure with sliders stands still while it moves: its axes stay where they were in the picture it starts with.

To leave room for words and numbers, matplotlib measures all of them twice for every picture, which is nearly half the
work of drawing it. The pictures of a slider mostly differ within their axes alone: their layout is worked out once, and
the most that a picture needs around its axes, such as its longest number, must have room in that one.
"""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

#: The size of a figure and the words over and beside all its axes; how each of these stands: the corners of its box,
#: and for a bar of colours the rest of what a layout sets.
Places = tuple[tuple[Any, ...], list[tuple[tuple[float, ...], Any, Any, Any]]]


def places(figure: Figure) -> Places:
    """Return how a figure's axes stand."""
    words = figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel()
    return (*figure.get_size_inches(), *words), [
        (tuple(axes.get_position(original=True).extents), axes.get_anchor(), axes.get_aspect(), axes.get_box_aspect())
        for axes in figure.axes
    ]


def keep_places(figure: Figure, before: Places, after: Places) -> None:
    """Let a figure's axes stand where constrained layout has put those of another one.

    Parameters
    ----------
    figure : Figure
        Not drawn yet. One of another size, with other axes, or with more to place than axes, stays as it is.
    before, after : Places
        From `places`, before and after the other figure was drawn.
    """
    (_, _, *words), _ = before
    constrained = isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine)
    if not constrained or figure.subfigs or any(words) or places(figure) != before:
        return
    figure.set_layout_engine("none")
    _, stands = after
    for axes, (box, anchor, aspect, box_aspect) in zip(figure.axes, stands, strict=True):
        axes.set_position(Bbox.from_extents(*box))
        if not axes.get_subplotspec():  # a bar of colours, whose shape is the layout's as well
            axes.set_anchor(anchor)
            axes.set_box_aspect(box_aspect)
            axes.set_aspect(aspect)
