"""Leave out of a page's first load what no reader of it needs.

The theme puts the search index on every page, for a search as one types, which the book does not offer: only the
search page keeps it. KaTeX's fonts have hundreds of signs; they are cut to those that the formulas of the book use.
No page waits for scripts before it shows: those of its head run in their order, once it is read.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

from extensions.replaced import cut_font, put_back

FONTS = Path("vendor", "katex", "fonts")
SOURCE = Path(__file__).parents[1] / "assets" / FONTS
SEARCH = re.compile(r'<script src="[^"]*\b(?:searchtools|language_data|searchindex)\.js[^"]*"></script>\s*')

#: A script that is waited for; not the one whose settings the pages change at once.
WAITED_FOR = re.compile(r'<script (?=[^>]*\bsrc=")(?![^>]*\b(?:defer|async|documentation_options)\b)')


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


def put_fonts_back(app: Sphinx) -> None:
    put_back(SOURCE, Path(app.outdir, "_static", FONTS), (font.name for font in SOURCE.glob("*.woff2")))


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    signs: set[str] = set()
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        signs |= signs_of_formulas(html)
        lighter = WAITED_FOR.sub("<script defer ", html if page.name == "search.html" else SEARCH.sub("", html))
        if lighter != html:
            page.write_text(lighter, encoding="utf-8")
    for font in SOURCE.glob("*.woff2"):
        cut, _ = cut_font(font, signs, "woff2", layout_features=["*"])
        Path(app.outdir, "_static", FONTS, font.name).write_bytes(cut)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", put_fonts_back)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
