"""What links to other pages lead to, as HTML in one script, so that it can be shown beside them.

A link to a term, a reference, an equation, a figure or a theorem shows its content under a mouse or the keyboard's
focus (assets/previews.js, which takes what stands on the same page from there). sphinx-tippy would do the same with two
vendored libraries of 50 kB, a script for every page and fetched pages; it opens on hover for whatever is linked,
headings included. These are ninety lines, and one file that is loaded when first needed, also from a folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath
from posixpath import split as split_path

from sphinx.application import Sphinx

from extensions.built import pages

OUT = Path("_static/previews-of-pages.js")
LINK = re.compile(r'href="([^"#:]+\.html)#([^"]+)"')
#: What has a preview, by the tag and the classes it begins with.
KINDS = re.compile(r'<(?:dt|figure|div class="(?:equation|citation|[^"]*admonition)|details class="[^"]*admonition)')
#: What a preview does not need: programs, permalinks, drawings, answers.
LEFT_OUT = re.compile(
    r'<(script|style|template|svg)\b.*?</\1>|<a class="headerlink".*?</a>|<details\b.*?</details>', re.DOTALL
)
IDS = re.compile(r'\s(?:id|tabindex)="[^"]*"')


def links(page: str, html: str) -> Iterator[tuple[str, str]]:
    """Yield the places on other pages that a page leads to: the page, from the top of the book, and the id."""
    for to, place in LINK.findall(html):
        target = normpath(join(split_path(page)[0], to))
        if target != page:
            yield target, place


def element(html: str, place: str) -> str:
    """Return the element with an id, if it is one of `KINDS`, a term with its definition; else nothing."""
    at = html.find(f' id="{place}"')
    start = html.rfind("<", 0, at) if at >= 0 else -1
    if start < 0 or not KINDS.match(html, start):
        return ""
    name = html[start + 1 : html.index(" ", start)]
    if name == "dt":
        return html[start : html.index("</dd>", start) + len("</dd>")]
    depth = 0
    for tag in re.compile(rf"<(/?){name}\b").finditer(html, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start : html.index(">", tag.end()) + 1]
    return ""


def preview(html: str, place: str) -> str:
    """Return what is shown of an element beside a link to it."""
    return IDS.sub("", LEFT_OUT.sub("", element(html, place))).strip()


def write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    built = {page: (folder / page).read_text(encoding="utf-8") for page in pages(folder)}
    places = sorted({link for page, html in built.items() for link in links(page, html) if link[0] in built})
    shown = {f"{page}#{place}": preview(built[page], place) for page, place in places}
    text = json.dumps({key: html for key, html in shown.items() if html}, ensure_ascii=False)
    (folder / OUT).write_text(f"window.bookPreviews = {text};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_js_file("previews.js", defer="defer")
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
