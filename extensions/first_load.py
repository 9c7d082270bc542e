"""Leave out of a page's first load what no reader of it needs.

The theme puts the search index on every page, for a search as one types, which the book does not offer: only the
search page keeps it. KaTeX's fonts have hundreds of signs; they are cut to those that the formulas of the book use.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

FONTS = Path("vendor", "katex", "fonts")
SOURCE = Path(__file__).parents[1] / "assets" / FONTS
SEARCH = re.compile(r'<script src="[^"]*\b(?:searchtools|language_data|searchindex)\.js[^"]*"></script>\s*')


class FormulaSigns(HTMLParser):
    """Collects the signs of the formulas of pages that are fed to it, in `signs`."""

    def __init__(self) -> None:
        super().__init__()
        self.signs: set[str] = set()
        self.depth = 0  # of spans, from the one that holds a formula

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span" and (self.depth or ("class", "katex-html") in attrs):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.signs.update(data)


def signs_of_formulas(html: str) -> set[str]:
    """The signs that the formulas of a page show."""
    parser = FormulaSigns()
    parser.feed(html)
    return parser.signs


def cut_font(file: Path, signs: set[str]) -> bytes:
    """Return a font with these signs only, in the same form."""
    font = TTFont(file)
    cutter = subset.Subsetter(subset.Options(layout_features=["*"], notdef_outline=True))
    cutter.populate(unicodes=[ord(sign) for sign in signs])
    cutter.subset(font)
    font.flavor = "woff2"
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


def forget_cut_fonts(app: Sphinx) -> None:
    """Let Sphinx copy the whole fonts again, without a word about overwriting ours."""
    for font in Path(app.outdir, "_static", FONTS).glob("*.woff2"):
        font.unlink()


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    signs: set[str] = set()
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        signs |= signs_of_formulas(html)
        if page.name != "search.html" and SEARCH.search(html):
            page.write_text(SEARCH.sub("", html), encoding="utf-8")
    for font in SOURCE.glob("*.woff2"):
        Path(app.outdir, "_static", FONTS, font.name).write_bytes(cut_font(font, signs))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", forget_cut_fonts)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
