"""Figures that move under the reader's hand, with a kernel or without one.

In Jupyter a figure is redrawn by the kernel for any value of its sliders (ipywidgets). In
the built book there is no kernel, so the same figure is drawn beforehand, once for each
listed value, and a few lines of script swap the drawings when a native slider moves.
The book's build asks for the second form by setting ``BOOK_FIGURES=static``.
"""

import itertools
import math
import numbers
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup
from matplotlib.figure import Figure

from helpers.pages.captions import caption_words, first_sentence, required_alt
from helpers.pages.figures import STYLE_SHEET, short_hash, to_svg
from helpers.pages.kept_layout import Places, keep_places, places
from helpers.pages.latest import Latest
from helpers.pages.markup import render

#: Set to "static" where the figures must work with no kernel.
FORM_VARIABLE = "BOOK_FIGURES"

#: More drawings than this make a page heavy and its build slow.
MOST_FRAMES = 200


@dataclass(frozen=True)
class Slider:
    """A named quantity that the reader may change.

    Parameters
    ----------
    label : str
        What the reader sees beside the slider, with its unit.
    values : sequence of float
        The values that the built page offers, in ascending order. In Jupyter any value from the
        first to the last may be chosen (any integer, if all of these are).
    format : str
        How a value is shown, as a format string.
    logarithmic : bool
        Whether equal steps of the slider are equal factors of the value.
    start : float, optional
        The listed value that the figure starts with, and that print shows; the middle one by default.
    names : sequence of str, optional
        What the reader sees in place of the values, one for each.

    Raises
    ------
    ValueError
        If the values are fewer than two, not finite or not ascending; if a logarithmic slider has one that is not
        positive; if the start is none of them; or if there is not one name for each.
    """

    label: str
    values: Sequence[float]
    format: str = "{:g}"
    logarithmic: bool = False
    start: float | None = None
    names: Sequence[str] | None = None

    def __post_init__(self) -> None:
        values = [int(v) if isinstance(v, numbers.Integral) else float(v) for v in self.values]
        ascending = all(a < b for a, b in itertools.pairwise(values))
        if len(values) < 2 or not ascending or not all(map(math.isfinite, values)):
            raise ValueError(f"slider {self.label!r} needs two or more finite ascending values, got {values}")
        if self.logarithmic and values[0] <= 0:
            raise ValueError(f"slider {self.label!r} is logarithmic and needs positive values, got {values[0]}")
        object.__setattr__(self, "values", values)

        if self.start is not None and self.start not in self.values:
            raise ValueError(f"slider {self.label!r} cannot start at {self.start}: it is not among its values")
        if self.names is not None and len(self.names) != len(values):
            raise ValueError(f"slider {self.label!r} has {len(values)} values and {len(self.names)} names")

    @property
    def first(self) -> int:
        """Index of the value that the figure starts with."""
        return len(self.values) // 2 if self.start is None else self.values.index(self.start)

    @property
    def texts(self) -> list[str]:
        """The values as the reader sees them: with a true minus sign."""
        return list(self.names or (self.format.format(value).replace("-", "−") for value in self.values))


class Explorable:
    """A figure with sliders; as the last line of a cell, it displays itself.

    Made by `sliders` and `steps`.

    Parameters
    ----------
    draw : callable
        Takes the parameters by name and returns a new figure.
    parameters : dict of str to Slider
    alt : str or callable
        What is seen; a callable takes the parameters by name and says it for each picture.
    captions : sequence of str, optional
        One for each value of the only slider, shown below the picture.
    caption : str, optional
        What stands below the figure whatever its sliders say.

    Raises
    ------
    TypeError
        If the drawing function returns something else than a figure.
    ValueError
        If a picture has no alt text, if the caption is empty, or if there are too many pictures for one page.
    """

    def __init__(
        self,
        draw: Callable[..., Figure],
        parameters: dict[str, Slider],
        alt: str | Callable[..., str],
        captions: Sequence[str] | None = None,
        caption: str | None = None,
    ):
        count = math.prod(len(slider.values) for slider in parameters.values())
        if count > MOST_FRAMES:
            raise ValueError(f"{count} pictures are too many for one page: list at most {MOST_FRAMES}")
        self.draw, self.parameters, self.captions = draw, parameters, captions
        self.alt = alt if callable(alt) else lambda **_: alt
        self.start = {name: slider.values[slider.first] for name, slider in parameters.items()}
        self.kept: tuple[Places, Places] | None = None
        self.prefix = ""
        self.prefix = "x" + short_hash(repr(self) + self.svg(**self.start))
        self.caption = self._caption_words(caption)

    def __repr__(self) -> str:
        names = ", ".join(slider.label for slider in self.parameters.values())
        return f"Figure with sliders ({names}): {self.alt(**self.start)}"

    def _repr_mimebundle_(self, **_: object) -> dict:
        if os.environ.get(FORM_VARIABLE) == "static":
            return {"text/plain": repr(self), "text/html": self.to_html()}
        return self.to_widget()._repr_mimebundle_() | {"text/plain": repr(self)}

    def svg(self, **values: float) -> str:
        """Draw the figure for the given values, with its axes where they are in the picture it starts with."""
        figure = self.draw(**values)
        if not isinstance(figure, Figure):
            raise TypeError(f"the drawing function must return a Figure, got {figure!r} for {values}")
        before = places(figure)
        if self.kept:
            keep_places(figure, *self.kept)
        svg = to_svg(figure, required_alt(self.alt(**values)), self.prefix)
        self.kept = self.kept or (before, places(figure))
        return svg

    def to_html(self) -> str:
        """Return the figure as HTML that needs no kernel, no library and no network."""
        grid = list(itertools.product(*[slider.values for slider in self.parameters.values()]))
        frames = [self.svg(**dict(zip(self.parameters, values, strict=True))) for values in grid]
        lines = {line: number for number, line in enumerate(dict.fromkeys("\n".join(frames).split("\n")))}
        still = len(frames) - 1 if self.captions else grid.index(tuple(self.start.values()))
        data = {
            "lines": list(lines),
            "frames": [[lines[line] for line in frame.split("\n")] for frame in frames],
            "sizes": [len(slider.values) for slider in self.parameters.values()],
            "captions": self.captions,
            "still": still,
        }
        longest = max(self.captions or [""], key=len)
        return render("explore.html", figure=self, frame=Markup(frames[still]), data=data, longest=longest)

    def to_widget(self) -> Any:
        """Return the figure as ipywidgets, redrawn by the kernel at every change."""
        # apart from the picture: a style sheet that came anew with every move would restyle the page
        style = widgets.HTML(f"<style>{STYLE_SHEET}</style>", layout={"display": "none"})
        picture = widgets.HTML()
        controls = {name: self._widget(slider) for name, slider in self.parameters.items()}

        def redraw() -> None:
            values = {name: control.value for name, control in controls.items()}
            caption = f"<p>{escape(self.captions[values['step']])}</p>" if self.captions else ""
            picture.value = f'<div class="book-figure">{self.svg(**values)}{caption}</div>'

        changed = Latest(redraw)
        for control in controls.values():
            control.observe(changed, names="value")
        redraw()
        rows = list(controls.values())
        if self.captions:
            # the link takes its first value from here: without one a film would jump back to its beginning
            play = widgets.Play(value=rows[0].value, min=0, max=len(self.captions) - 1, interval=1200)
            widgets.jslink((play, "value"), (rows[0], "value"))
            rows = [widgets.HBox([play, rows[0]])]
        # apart from the picture too: its mathematics is set once
        below = widgets.HTMLMath(f'<figure class="book-figure"><figcaption>{self.caption}</figcaption></figure>')
        return widgets.VBox([*rows, style, picture, below])

    def _caption_words(self, caption: str | None) -> str:
        """Words that stay true when the figure moves: the first sentence of the alt text, if it does not change."""
        first, last = (
            required_alt(self.alt(**{name: slider.values[k] for name, slider in self.parameters.items()}))
            for k in (0, -1)
        )
        if caption is None and first_sentence(first) != first_sentence(last):
            caption = f"Change the {' or the '.join(slider.label for slider in self.parameters.values())}."
        return caption_words(caption, first)

    def _widget(self, slider: Slider) -> Any:
        first, last = slider.values[0], slider.values[-1]
        look = {
            "value": slider.values[slider.first],
            "description": slider.label,
            "style": {"description_width": "initial"},
            "layout": {"width": "min(100%, 560px)"},
        }
        if slider.names:
            return widgets.SelectionSlider(**look, options=list(zip(slider.names, slider.values, strict=True)))
        if slider.logarithmic:
            return widgets.FloatLogSlider(**look, min=math.log10(first), max=math.log10(last), step=0.02)
        if all(isinstance(value, int) for value in slider.values):
            return widgets.IntSlider(**look, min=first, max=last)
        return widgets.FloatSlider(**look, min=first, max=last, step=(last - first) / 200)


def sliders(
    draw: Callable[..., Figure],
    *,
    alt: str | Callable[..., str],
    caption: str | None = None,
    **parameters: Slider,
) -> Explorable:
    """Make a figure of one or two parameters that the reader can change.

    Parameters
    ----------
    draw : callable
        Takes the parameters by name and returns a new figure (see `figures.subplots`). Its axes stay where they are in
        the picture that the figure starts with, so all numbers and titles need room in that one.
    alt : str or callable
        What is seen; a callable takes the parameters by name and says it for each picture.
    caption : str, optional
        What stands below the figure, true for every picture, with TeX between dollars. By default the first
        sentence of the alt text, or, if that changes with the sliders, what can be changed.
    **parameters : Slider
        One or two.

    Returns
    -------
    Explorable

    Raises
    ------
    ValueError
        If there are no parameters or more than two, too many pictures, no alt text, or an empty caption.

    Examples
    --------
    >>> from helpers.pages.figures import subplots
    >>> def draw(slope):
    ...     figure, axes = subplots()
    ...     _ = axes.plot([0, 1], [0, slope])
    ...     return figure
    >>> sliders(draw, alt="A line through the origin.", slope=Slider("slope", range(-3, 4)))
    Figure with sliders (slope): A line through the origin.
    """
    if not 1 <= len(parameters) <= 2:
        raise ValueError(f"a figure has one or two sliders, got {len(parameters)}")
    return Explorable(draw, parameters, alt, caption=caption)


def steps(
    draw: Callable[[int], Figure],
    captions: Sequence[str],
    *,
    alt: str | Callable[[int], str],
    start: int = 0,
    label: str = "step",
    caption: str | None = None,
) -> Explorable:
    """Make a sequence of pictures that the reader steps through or plays.

    Parameters
    ----------
    draw : callable
        Takes ``step``, from 0 to len(captions) - 1, and returns a new figure. Its axes stay where they are in the step
        that is shown first.
    captions : sequence of str
        What happens at each step. Print, and a page without script, show the last.
    alt : str or callable
        What is seen; a callable takes ``step``.
    start : int
        Step that is shown first.
    label : str
        What the reader sees beside the slider.
    caption : str, optional
        What stands below the figure at every step, as for `sliders`.

    Returns
    -------
    Explorable

    Raises
    ------
    ValueError
        If there are fewer than two captions, too many pictures, no alt text, or an empty caption.
    """
    if isinstance(captions, str) or len(captions) < 2:
        raise ValueError(f"a sequence needs two or more captions, got {captions!r}")
    slider = Slider(label, range(len(captions)), start=start)
    return Explorable(draw, {"step": slider}, alt, list(captions), caption)
