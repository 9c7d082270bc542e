"""One style for every figure, and figures as text: SVG that follows the reader's theme.

A figure is shown as inline SVG, not as an image, so that it is sharp at any size and its
alt text is read aloud. It brings its own paper and its own two palettes, one of light
pages and one of dark pages (figures.css). Of the page around it, it asks only which of the
two to use; a page that does not say is taken to be light. So no theme can make it illegible.
"""

import hashlib
import io
import re
from html import escape
from importlib.resources import files
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

#: Colours that stay apart for colour-blind readers (after Okabe and Ito), darkened to be
#: legible on white. Each has a lighter twin on dark pages, set in figures.css.
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#b84c00", "#007f5c", "#a6498a"
RED, YELLOW, GREY = "#b3261e", "#8f6a00", "#6b7280"
#: For words; for the grid and nothing else; for what covers a line or a tint as if it were empty.
INK, FAINT, PAPER = "#23272f", "#d5d8de", "#fefefe"
PALETTE = [BLUE, ORANGE, GREEN, PURPLE, YELLOW, GREY]

#: What each colour is called in figures.css.
CSS_NAMES = {
    BLUE: "blue", ORANGE: "orange", GREEN: "green", PURPLE: "purple", RED: "red",
    YELLOW: "yellow", GREY: "grey", INK: "ink", FAINT: "faint", PAPER: "paper",
}  # fmt: skip

#: What every figure carries, so that its colours are known wherever it is shown.
STYLE_SHEET = files("helpers.pages").joinpath("figures.css").read_text(encoding="utf-8")

#: A pixel of CSS is 1/96 inch; matplotlib's SVG counts points of 1/72 inch.
PIXELS_PER_INCH = 96

#: The names are those of ``matplotlib.rcParams``.
STYLE: Any = {
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10.5,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.size": 10,
    "font.sans-serif": ["DejaVu Sans"],
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "credit-assignment",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


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


class Picture:
    """A finished figure with its alt text, shown as inline SVG in notebook and page.

    Parameters
    ----------
    figure : Figure
    alt : str
        What is seen, for a reader who cannot see it; also what the notebook stores.
    caption : str, optional
        What stands below it; by default the first sentence of the alt text.

    Raises
    ------
    ValueError
        If the alt text is missing, or the caption is empty.
    """

    def __init__(self, figure: Figure, alt: str, caption: str | None = None):
        self.alt = required_alt(alt)
        self.caption = caption_words(caption, alt)
        self.svg = to_svg(figure, alt)

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_html_(self) -> str:
        return as_html(self.svg, self.caption)


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
    return Picture(figure, alt, caption)


class Row:
    """Pictures side by side, or one below the other where the page is narrow; made by `beside`.

    Parameters
    ----------
    pictures : tuple of Picture
    caption : str
        HTML, from `caption_words`.
    """

    def __init__(self, pictures: tuple[Picture, ...], caption: str):
        self.pictures, self.caption = pictures, caption

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.pictures))

    def _repr_html_(self) -> str:
        drawings = "".join(picture.svg for picture in self.pictures)
        return as_html(drawings, self.caption, "book-figure book-row")


def beside(*pictures: Picture, caption: str | None = None) -> Row:
    """Put finished figures side by side: as the last line of a cell, this displays them.

    Parameters
    ----------
    *pictures : Picture
        From `show`; none wider than 318 pixels, so that two fit side by side.
    caption : str, optional
        What stands below the row; by default the captions of the pictures, one after the other.

    Returns
    -------
    Row

    Raises
    ------
    ValueError
        If there are fewer than two, or the caption is empty.
    """
    if len(pictures) < 2:
        raise ValueError(f"a row needs at least two pictures, got {len(pictures)}")
    together = " ".join(picture.caption for picture in pictures)
    return Row(pictures, together if caption is None else caption_words(caption, ""))


def as_html(drawing: str, caption: str, classes: str = "book-figure") -> str:
    """Put drawings on their paper, with the colours they need: HTML to show anywhere.

    Parameters
    ----------
    drawing : str
        One or more SVG elements.
    caption : str
        HTML, from `caption_words`. The build puts the number of the figure before it (extensions/outputs.py).
    classes : str
        Classes of the element around them.

    Returns
    -------
    str
        One ``<figure>`` element that brings its own style sheet.
    """
    style = f"<style>{STYLE_SHEET}</style>"
    return f'<figure class="{classes}">{style}{drawing}<figcaption>{caption}</figcaption></figure>'


def caption_words(caption: str | None, alt: str) -> str:
    """Return the words of a caption as HTML.

    Parameters
    ----------
    caption : str or None
        The words themselves, with TeX between dollars.
    alt : str
        Its first sentence is the caption where none is given. A screen reader reads the alt text
        anyway, so this copy is hidden from it.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the caption is empty.
    """
    if caption is None:
        return f'<span aria-hidden="true">{escape(first_sentence(alt))}</span>'
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError("a caption needs words: write a sentence, or leave it out to get one from the alt text")
    return escape(caption)


def first_sentence(text: str) -> str:
    """Return a text up to the first full stop that another sentence follows.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> first_sentence("A line of slope 0.5. It rises.")
    'A line of slope 0.5.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[^\sa-z])", text.strip(), maxsplit=1)[0]


def required_alt(alt: str) -> str:
    """Return the alt text, or raise a ValueError if there is none."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("a figure needs alt text: say in a sentence what is seen in it")
    return alt


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
    file = io.StringIO()
    with matplotlib.rc_context(STYLE):
        # savefig would draw everything twice, the first time only to measure it
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = localise_identifiers(svg, prefix or "f" + short_hash(svg))
    svg = re.sub(r"<style type=.text/css.>.*?</style>", "", svg, flags=re.DOTALL)  # a rule for `*`
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda match: themed(match[0]), svg)
    svg = svg.replace("'DejaVu Sans'", "system-ui")
    width, height = (PIXELS_PER_INCH * inches for inches in figure.get_size_inches())
    opening = (
        f'<svg role="img" aria-label="{escape(required_alt(alt))}" width="{width:.0f}" '
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
