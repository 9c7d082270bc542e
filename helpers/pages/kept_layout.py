"""The layout of a figure that is drawn again and again, worked out anew only when what stands around its axes changes.

To leave room for words and numbers, matplotlib measures all of them twice for every picture, which is nearly half the
work of drawing it. The pictures of a slider mostly differ within their axes alone.
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, LayoutEngine
from matplotlib.text import Text
from matplotlib.transforms import Bbox

#: Lengths are points of 1/72 inch; what differs by less than a millionth of them has one length.
DIGITS = 6

#: How axes stand: the corners of their box, and for a bar of colours the rest of what a layout sets.
Place = tuple[tuple[float, ...], Any, Any, Any]


class KeptLayout(LayoutEngine):
    """Puts the axes of each picture where matplotlib's constrained layout does.

    Keeps the last layout with all that may differ between two pictures of one figure: limits, ticks, labels, titles,
    legends, and what stands out of the axes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.engine: LayoutEngine = ConstrainedLayoutEngine()
        self.kept: tuple[list[Any], list[Place]] = [], []

    @property
    def adjust_compatible(self) -> bool:
        """Whether axes may be moved by hand."""
        return self.engine.adjust_compatible

    @property
    def colorbar_gridspec(self) -> bool:
        """Whether bars of colours stand in a grid of their own."""
        return self.engine.colorbar_gridspec

    def take(self, figure: Figure) -> None:
        """Lay out a figure from now on, if constrained layout would, and has nothing to place but axes.

        Parameters
        ----------
        figure : Figure
        """
        engine = figure.get_layout_engine()
        titles = figure.get_suptitle() + figure.get_supxlabel() + figure.get_supylabel()
        if isinstance(engine, ConstrainedLayoutEngine) and not titles and not figure.subfigs:
            self.engine = engine
            figure.set_layout_engine(self)

    def execute(self, fig: Figure) -> None:
        """Put the axes of a figure where they stand.

        Parameters
        ----------
        fig : Figure
        """
        at_first, (conditions, found) = places(fig), self.kept
        if len(found) == len(at_first):
            put(fig, found)
            if conditions == [self.engine.get(), at_first, *surroundings(fig)]:
                return
            put(fig, at_first)
        self.engine.execute(fig)
        self.kept = [self.engine.get(), at_first, *surroundings(fig)], places(fig)


def places(figure: Figure) -> list[Place]:
    """Return how a figure's axes stand."""
    return [
        (tuple(axes.get_position(original=True).extents), axes.get_anchor(), axes.get_aspect(), axes.get_box_aspect())
        for axes in figure.axes
    ]


def put(figure: Figure, found: list[Place]) -> None:
    """Let a figure's axes stand in other places.

    Parameters
    ----------
    figure : Figure
    found : list of Place
        From `places`, one for each of its axes.
    """
    for axes, (box, anchor, aspect, box_aspect) in zip(figure.axes, found, strict=True):
        counts = axes.get_in_layout()
        axes.set_position(Bbox.from_extents(*box))
        axes.set_in_layout(counts)  # matplotlib leaves axes that were put somewhere out of every later layout
        if not axes.get_subplotspec():  # a bar of colours, whose shape is the layout's as well
            axes.set_anchor(anchor)
            axes.set_box_aspect(box_aspect)
            axes.set_aspect(aspect)


def surroundings(figure: Figure) -> Iterator[Any]:
    """Yield all on which a figure's layout depends, its axes being where they are."""
    renderer = cast(Any, figure.canvas).get_renderer()
    yield figure.bbox.bounds
    yield [np.round(legend.get_window_extent(renderer).size, DIGITS).tolist() for legend in figure.legends]
    for axes in figure.axes:
        locator: Any = axes.get_axes_locator()
        axes.apply_aspect(locator(axes, renderer) if locator else None)
        yield axes.get_visible(), axes.get_in_layout(), axes.axison
        yield overhang(axes, renderer).round(DIGITS).tolist()
        for axis in (axes.xaxis, axes.yaxis):
            yield axis.get_visible(), axis.get_scale(), axis.get_ticks_position(), tuple(axis.get_view_interval())
            ticks = axis.get_ticklabels(which="both")
            yield [look(label) for label in (axis.label, *ticks)], [label.get_position() for label in ticks]


def look(label: Text) -> tuple[Any, ...]:
    """Return all on which the size of a label depends."""
    return label.get_visible(), label.get_text(), label.get_fontsize(), label.get_rotation()


def overhang(axes: Axes, renderer: RendererBase) -> np.ndarray:
    """Return how far anything but the ticks and labels of the axis stands out of axes.

    Parameters
    ----------
    axes : Axes
    renderer : RendererBase
        What the layout measures with.

    Returns
    -------
    ndarray
        Of shape (4,), in points: to the left, below, to the right, above. How wide titles are does not matter.
    """
    inside = axes.get_window_extent(renderer)
    artists = {*axes.get_default_bbox_extra_artists()} - {axes.patch, *axes.spines.values()}
    boxes = [artist.get_tightbbox(renderer) for artist in artists]
    extents = np.array([inside.extents, *(box.extents for box in boxes if box is not None)])
    titles = {child for child in axes.get_children() if isinstance(child, Text)} - {*axes.texts}
    tops = [title.get_window_extent(renderer).y1 for title in titles if title.get_visible()]
    low, high = extents[:, :2].min(0), np.maximum(extents[:, 2:].max(0), [-np.inf, max(tops, default=-np.inf)])
    return np.append(inside.min - low, high - inside.max)
