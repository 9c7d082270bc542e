"""Figures that a script computes in the page, for any value that the reader chooses.

Python draws the empty axes, once. The figure's own script computes what stands on them and redraws at every move of
the reader: in the built book, in Jupyter, with no kernel and no network. Where no script runs, a picture stands in its
place.
"""

from collections.abc import Mapping
from typing import Any, cast

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, TightLayoutEngine

from helpers.pages.figures import Picture, to_svg
from helpers.pages.markup import render

#: Empty axes by name, on figures with a fixed layout, in the order in which their figures are shown.
Panels = Mapping[str, Axes]


class Live:
    """A figure that its script computes; as the last line of a cell, it displays itself.

    Parameters
    ----------
    picture : Picture
        What stands where no script runs, from `figures.show`; its caption is the figure's.
    element : str
        Name of the HTML element that the script defines, with a hyphen.
    script : str
        Hands to ``bookLive.define`` (live.js) the element's name and a function that fills the figure.
    panels : mapping of str to Axes
        Empty axes by name, on figures with a fixed layout, in the order in which their figures are shown.
    settings : mapping of str to JSON values
        What the script is given.
    said : str
        What is seen at first: the text that a notebook stores, and the name of each drawing until the script runs.

    Raises
    ------
    ValueError
        If axes stand on a figure whose layout is worked out only when it is drawn.
    """

    def __init__(
        self, picture: Picture, element: str, script: str, panels: Panels, settings: Mapping[str, Any], said: str
    ):
        self.picture, self.element, self.script, self.said = picture, element, script, said
        drawings = list(dict.fromkeys(map(root, panels.values())))
        places = {name: place(axes) | {"drawing": drawings.index(root(axes))} for name, axes in panels.items()}
        self.drawings = [to_svg(drawing, said) for drawing in drawings]
        self.settings = dict(settings) | {"panels": places}

    def __repr__(self) -> str:
        return f"{self.picture!r}\nComputed in the page: {self.said}"

    def _repr_html_(self) -> str:
        parts = {name: Markup(part) for name, part in [("still", self.picture.svg), ("script", self.script)]}
        drawing = render("live.html", figure=self, drawings=Markup("".join(self.drawings)), **parts)
        return render("figures.html", drawing=Markup(drawing), caption=self.picture.caption, classes="book-explore")


def place(axes: Axes) -> dict[str, Any]:
    """Say where axes stand in their drawing, and which data they show.

    Parameters
    ----------
    axes : Axes
        On a figure with a fixed layout.

    Returns
    -------
    dict
        ``left``, ``top``, ``width`` and ``height`` in the units of the SVG, points of 1/72 inch; limits ``x``, ``y``.

    Raises
    ------
    ValueError
        If the layout is worked out only when the figure is drawn.
    """
    figure = root(axes)
    if isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine | TightLayoutEngine):
        raise ValueError("the places of these axes are not fixed: call figure.set_layout_engine('none') first")
    box, (width, height) = axes.get_position(), 72 * figure.get_size_inches()
    return {
        "left": box.x0 * width,
        "top": (1 - box.y1) * height,
        "width": box.width * width,
        "height": box.height * height,
        "x": [float(limit) for limit in axes.get_xlim()],
        "y": [float(limit) for limit in axes.get_ylim()],
    }


def root(axes: Axes) -> Figure:
    """Return the figure on which axes stand."""
    return cast(Figure, axes.get_figure(root=True))
