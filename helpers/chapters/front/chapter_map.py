"""A map of the book: which chapter needs which. tests/test_front.py holds it to what the chapters say they need."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from helpers.pages.captions import caption_words
from helpers.pages.markup import render

#: Size of the map in CSS pixels: a phone of 390 shows it in full.
WIDTH, HEIGHT = 340, 246


@dataclass(frozen=True)
class Stop:
    """A chapter on the map.

    Attributes
    ----------
    page : str
        Its file, without the ending.
    lines : tuple of str
        Its title, as short as the map needs it.
    box : tuple of float
        Left, top, width and height.
    """

    page: str
    lines: tuple[str, ...]
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Need:
    """An arrow from a chapter to one that needs it.

    Attributes
    ----------
    source, chapter : int
        The numbers of both.
    course : str
        Of the line, as SVG writes it; it ends at the head of the arrow.
    whole : bool
        Whether all of the chapter is needed, or a formula, a method or its first pages only.
    """

    source: int
    chapter: int
    course: str
    whole: bool = True


STOPS = {
    1: Stop("01-computational-graphs", ("Computational graphs",), (2, 2, 336, 44)),
    2: Stop("02-rbf-toy", ("One hidden", "unit"), (2, 84, 80, 72)),
    3: Stop("03-zipser-andersen", ("Gain", "fields"), (98, 84, 56, 72)),
    5: Stop("05-target-propagation", ("Target", "propagation"), (170, 84, 82, 72)),
    4: Stop("04-error-diffusion", ("Error", "diffusion"), (268, 84, 70, 72)),
    6: Stop("06-who-gets-the-credit", ("Who gets the credit?",), (2, 196, 336, 44)),
}

NEEDS = (
    Need(1, 2, "M42 46V84"),
    Need(1, 3, "M126 46V84"),
    Need(1, 5, "M211 46V84"),
    Need(1, 4, "M303 46V84"),
    Need(1, 6, "M260 46V196"),
    Need(2, 3, "M82 120H98", whole=False),
    Need(3, 5, "M154 120H170", whole=False),
    Need(5, 6, "M211 156V196", whole=False),
    Need(4, 6, "M303 156V196", whole=False),
)

CAPTION = (
    "Which chapter needs which: an arrow leads to the one that needs the other. "
    "Where it is dashed, one formula, one method or the first pages are enough."
)


class ChapterMap:
    """The map; a page shows it as a figure, in which every chapter is a link."""

    def _repr_html_(self) -> str:
        drawing = Markup("".join([opening(), *map(arrow, NEEDS), *(link(n, stop) for n, stop in STOPS.items())]))
        parts = {"drawing": drawing + Markup("</svg>"), "caption": caption_words(CAPTION, "")}
        return render("figures.html", classes="book-figure chapter-map", **parts)


def opening() -> str:
    """Begin the drawing: a group with a name, since it holds links."""
    head = '<marker id="needs" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
    head += 'markerUnits="userSpaceOnUse"><path d="M0 .5L8 4L0 7.5Z" fill="var(--figure-grey)"/></marker>'
    return (
        f'<svg role="group" aria-label="{escape(alt())}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg"><defs>{head}</defs>'
    )


def alt() -> str:
    """Say the map to one who cannot see it."""
    said = []
    for number in sorted(STOPS):
        whole, part = (
            [str(n.source) for n in NEEDS if n.chapter == number and n.whole is kind] for kind in (True, False)
        )
        parts = [f"chapter {' and '.join(whole)}"] if whole else []
        parts += [f"a part of chapter {' and '.join(sorted(part))}"] if part else []
        if parts:
            said.append(f"Chapter {number} needs {', and '.join(parts)}.")
    return f"Map of the chapters. {' '.join(said)}"


def arrow(need: Need) -> str:
    """Draw one arrow."""
    dashes = "" if need.whole else ' stroke-dasharray="4 3"'
    look = 'fill="none" stroke="var(--figure-grey)" stroke-width="1.4" marker-end="url(#needs)"'
    return f'<path d="{need.course}" {look}{dashes}/>'


def link(number: int, stop: Stop) -> str:
    """Draw one chapter: its number above its title, and a link around both.

    Parameters
    ----------
    number : int
        Of the chapter.
    stop : Stop

    Returns
    -------
    str
        SVG.
    """
    left, top, width, height = stop.box
    middle, first = left + width / 2, top + height / 2 + 4 - 7 * len(stop.lines)
    words = "".join(
        f'<text x="{middle}" y="{first + 15 * row}" {look}>{escape(line)} </text>'
        for row, (line, look) in enumerate([(str(number), 'class="number"'), *((one, "") for one in stop.lines)])
    )
    box = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6"/>'
    return f'<a href="{stop.page}.html">{box}{words}</a>'
