"""Leave out of a page's first load what no reader of it needs.

The theme puts the search index on every page, for a search as one types, which the book does not offer: only the
search page keeps it. KaTeX's fonts have hundreds of signs; they are cut to those that the formulas of the book use.
No page waits for scripts before it shows: those of its head run in their order, once it is read, and are not asked for
before what the page is drawn with. The few words of settings that a page changes at once stand in it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from html import unescape
from pathlib import Path

from sphinx.application import Sphinx

from experiments.whole_files import write_whole
from extensions.built import drawn_formulas
from extensions.replaced import cut_font, put_back

FONTS = Path("vendor", "katex", "fonts")
SOURCE = Path(__file__).parents[1] / "assets" / FONTS
SEARCH = re.compile(r'<script src="[^"]*\b(?:searchtools|language_data|searchindex)\.js[^"]*"></script>\s*')
TAG = re.compile("<[^>]*>")

#: A script that is waited for.
WAITED_FOR = re.compile(r'<script (?=[^>]*\bsrc=")(?![^>]*\b(?:defer|async)\b)')
HURRIED = re.compile(r'<link rel="preload" as="script"[^>]*>\s*')
SETTINGS = re.compile(r'<script src="[^"]*_static/(documentation_options\.js)[^"]*"></script>')


def signs_of_formulas(html: str) -> set[str]:
    """The signs that the formulas of a page show."""
    return {sign for start, end in drawn_formulas(html) for sign in unescape(TAG.sub("", html[start:end]))}


def cut_once(font: Path, signs: set[str], kept: Path) -> bytes:
    """Return a font cut to some signs: what the last build has kept, in a folder of its own, if it was made of them."""
    made_of = font.read_bytes() + "".join(sorted(signs)).encode()
    file = kept / hashlib.sha256(made_of).hexdigest()
    if not file.exists():
        shutil.rmtree(kept, ignore_errors=True)
        write_whole(file, cut_font(font, signs, "woff2", layout_features=["*"])[0])
    return file.read_bytes()


def put_fonts_back(app: Sphinx) -> None:
    put_back(SOURCE, Path(app.outdir, "_static", FONTS), (font.name for font in SOURCE.glob("*.woff2")))


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static, signs = Path(app.outdir, "_static"), set[str]()
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        signs |= signs_of_formulas(html)
        lighter = SETTINGS.sub(lambda tag: f"<script>{static.joinpath(tag[1]).read_text('utf-8')}</script>", html)
        lighter = HURRIED.sub("", lighter if page.name == "search.html" else SEARCH.sub("", lighter))
        lighter = WAITED_FOR.sub("<script defer ", lighter)
        if lighter != html:
            page.write_text(lighter, encoding="utf-8")
    for font in SOURCE.glob("*.woff2"):
        cut = cut_once(font, signs, Path(app.doctreedir, "fonts", font.name))
        static.joinpath(FONTS, font.name).write_bytes(cut)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", put_fonts_back)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
