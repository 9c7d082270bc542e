"""One style for every figure, and figures as text: SVG that follows the reader's theme.

A figure is shown as inline SVG, not as an image, so that it is sharp at any size and its
alt text is read aloud. It brings its own paper and its own two palettes, one of light
pages and one of dark pages (figures.css). Of the page around it, it asks only which of the
two to use; a page that does not say is taken to be light. So no theme can make it illegible.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.textpath import text_to_path

from helpers.pages.captions import caption_words, required_alt
from helpers.pages.markup import render

#: Colours that stay apart for colour-blind readers (after Okabe and Ito), darkened to be
#: legible on white. Each has a lighter twin on dark pages, set in figures.css.
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#b84c00", "#007f5c", "#a6498a"
RED, YELLOW, GREY = "#b3261e", "#8f6a00", "#6b7280"
#: For words; for the grid and nothing else; for what covers a line or a tint as if it were empty.
INK, FAINT, PAPER = "#23272f", "#d5d8de", "#fefefe"

#: What every figure carries, so that its colours are known wherever it is shown.
STYLE_SHEET = files("helpers.pages").joinpath("figures.css").read_text(encoding="utf-8")

#: What it calls each colour, on light pages.
CSS_NAMES = {colour: name for name, colour in re.findall(r"--figure-(\w+): (#\w+)", STYLE_SHEET.partition("@media")[0])}

#: A pixel of CSS is 1/96 inch; matplotlib's SVG counts points of 1/72 inch.
PIXELS_PER_INCH = 96

#: Settings by the names of ``matplotlib.rcParams``.
STYLE: Any = matplotlib.rc_params_from_file(Path(__file__).with_suffix(".mplstyle"), use_default_template=False)


def apply_style() -> None:
    """Give every later figure of this notebook the book's style.

    A chapter calls this once, in its first cell. It sets ``matplotlib.rcParams``; nothing
    else in `helpers` does.
    """
    matplotlib.rcParams.update(STYLE)


def subplots(width: float = 600, height: float = 360, **layout: Any) -> tuple[Figure, Axes]:
    """Make a figure and its axes, measured in the pixels of a page.

    Parameters
    ----------
    width, height : float
        Size in CSS pixels; the text column of a page is about 700 wide.
    **layout
        As for ``Figure.subplots``, such as ``ncols=2``.

    Returns
    -------
    figure : Figure
    axes : Axes or ndarray of Axes
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
        return figure, figure.subplots(**layout)


@dataclass(frozen=True)
class Picture:
    """A finished figure, or several side by side, as inline SVG in notebook and page; made by `show` and `beside`.

    Parameters
    ----------
    svg : str
        The drawings.
    alts : tuple of str
        What is seen in each, for a reader who cannot see it; also what the notebook stores.
    caption : Markup
        What stands below, from `caption_words`. The build puts the number of the figure before it
        (extensions/outputs.py).
    """

    svg: str
    alts: tuple[str, ...]
    caption: Markup

    def __repr__(self) -> str:
        return "\n".join(f"Figure: {alt}" for alt in self.alts)

    def _repr_html_(self) -> str:
        classes = "book-figure book-row" if len(self.alts) > 1 else "book-figure"
        return render("figures.html", drawing=Markup(self.svg), caption=self.caption, classes=classes)


def show(figure: Figure, alt: str, caption: str | None = None) -> Picture:
    """Finish a figure: as the last line of a cell, this displays it.

    Parameters
    ----------
    figure : Figure
    alt : str
        What is seen, in a sentence or two.
    caption : str, optional
        What stands below it, with TeX between dollars; by default the first sentence of the alt text.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the alt text is missing, or the caption is empty.
    """
    words = caption_words(caption, required_alt(alt))
    return Picture(to_svg(figure, alt), (alt,), words)


def beside(*pictures: Picture, caption: str | None = None) -> Picture:
    """Put finished figures side by side, or one below the other where the page is narrow.

    Parameters
    ----------
    *pictures : Picture
        From `show`; none wider than 318 pixels, so that two fit side by side.
    caption : str, optional
        What stands below the row; by default the captions of the pictures, one after the other.

    Returns
    -------
    Picture
        As the last line of a cell, this displays the row.

    Raises
    ------
    ValueError
        If there are fewer than two, or the caption is empty.
    """
    if len(pictures) < 2:
        raise ValueError(f"a row needs at least two pictures, got {len(pictures)}")
    svg, alts = "".join(picture.svg for picture in pictures), tuple(alt for picture in pictures for alt in picture.alts)
    together = Markup(" ").join(picture.caption for picture in pictures)
    return Picture(svg, alts, together if caption is None else caption_words(caption, ""))


class Canvas(FigureCanvasSVG):
    """Draws as matplotlib's own does, in half the time: a slider waits for it.

    One renderer measures the words and draws them, and all renderers set mathematics with one parser, which matplotlib
    has for others: both remember what they have set. By itself, matplotlib takes two renderers for each drawing, and
    for each a new parser that knows no label yet.

    Parameters
    ----------
    figure : Figure
    """

    def drawn(self) -> str:
        """Return the figure as text of an SVG file."""
        file, resolution = io.StringIO(), self.figure.dpi
        self.figure.dpi = 72  # points, which SVG counts in; pictures within keep their resolution
        width, height = self.figure.get_size_inches()
        vectors = RendererSVG(
            72 * width, 72 * height, file, image_dpi=resolution, metadata={"Date": None, "Creator": None}
        )
        vectors._text2path = text_to_path
        # it stands in for vectors, and for pixels while a part is stored as an image
        self.renderer = cast(RendererBase, MixedModeRenderer(self.figure, width, height, resolution, vectors))
        self.figure.draw(self.renderer)
        vectors.finalize()
        return file.getvalue()

    def get_renderer(self) -> RendererBase:
        """Return what the layout measures with."""
        return self.renderer


def to_svg(figure: Figure, alt: str, prefix: str = "") -> str:
    """Draw a figure as an inline SVG element.

    Colours of the style become CSS variables with the light colour as a fallback, for a place
    that drops the figure's style sheet. Identifiers are made unique to the drawing, and no
    rule of it reaches outside, so that many figures can stand on one page.

    Parameters
    ----------
    figure : Figure
    alt : str
        Becomes the accessible name of the picture.
    prefix : str, optional
        What its identifiers start with; by default a hash of the drawing. Drawings of which
        only one is on the page at a time may share a prefix.

    Returns
    -------
    str
        One ``<svg role="img">`` element, the same for the same figure.

    Raises
    ------
    ValueError
        If the alt text is missing.
    """
    label = escape(required_alt(alt))
    with matplotlib.rc_context(STYLE):
        svg = Canvas(figure).drawn()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = localise_identifiers(svg, prefix or "f" + short_hash(svg))
    svg = re.sub(r"<style type=.text/css.>.*?</style>", "", svg, flags=re.DOTALL)  # a rule for `*`
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda match: themed(match[0]), svg)
    svg = svg.replace("'DejaVu Sans'", "system-ui")
    width, height = (PIXELS_PER_INCH * inches for inches in figure.get_size_inches())
    opening = (
        f'<svg role="img" aria-label="{label}" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width * 0.75:g} {height * 0.75:g}"\n'
        # a line of its own: it is equal in all frames of a figure, and stored once
        f'style="{ROOT_LOOK}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return opening + svg[svg.index(">") + 1 :].strip()


def themed(colour: str) -> str:
    """Return a hex colour as the page should see it; foreign colours stay as they are."""
    colour = INK if colour == "#000000" else colour
    return f"var(--figure-{CSS_NAMES[colour]}, {colour})" if colour in CSS_NAMES else colour


#: Said once, by the outermost element: the rest inherits it. Of what is black, matplotlib
#: writes no fill at all; the two properties of strokes it would set for every element of the page.
ROOT_LOOK = f"background: {themed(PAPER)}; fill: {themed(INK)}; stroke-linejoin: round; stroke-linecap: butt"


def localise_identifiers(svg: str, prefix: str) -> str:
    """Keep only the identifiers that are referred to, and put a prefix before them.

    Parameters
    ----------
    svg : str
        A drawing.
    prefix : str
        Must be its own on the page.

    Returns
    -------
    str
        The drawing, with identifiers that no other one has.
    """
    used = set(re.findall(r"""(?:href="|url\()#([^")]+)""", svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}{m[1]}"' if m[1] in used else "", svg)
    return re.sub(r"""(href="|url\()#([^")]+)""", rf"\g<1>#{prefix}\2", svg)


def short_hash(text: str) -> str:
    """Return ten hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]
