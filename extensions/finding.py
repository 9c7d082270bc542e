"""A search whose hits are sections, equations, figures and theorems, and whose excerpts are words.

Sphinx's own search leads to the top of a page, and fetches whole pages for its excerpts, which a folder on a memory
stick does not allow. Here the built pages are read once more when all are written, and every section goes, with its
words, into one script, ``_static/sections.js``. The page of the search loads it and looks there (assets/search.js), and
compares words by the stems of Sphinx's own stemmer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

from extensions.built import pages, spoken, without_drawings

OUT = Path("_static/sections.js")
ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(.*)</article>', re.DOTALL)
#: Large, and never read, such as the MathML before the source of a formula; the reader would only pass over them.
UNSEEN = re.compile(r"<(script|style|template|pre)\b.*?</\1>|(?<=<semantics>).*?(?=<annotation)", re.DOTALL)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "kbd", "span", "strong", "sub", "sup", "u"}
HEADINGS = {"h1", "h2", "h3", "h4"}
#: Drawings, programs and code; and, by their classes, what belongs to buttons and answers.
SILENT = {"svg", "script", "style", "template", "pre", "button", "output"}
UNREAD = {"headerlink", "book-foot", "verdict", "try", "claim-mark", "copybtn", "controls", "cell_input"}
UNREAD |= {"collapsed", "expanded"}  # what opens folded code, and closes it
#: Characters of an entry that are searched and excerpted. The pages of the package are looked up by names.
LONGEST, LONGEST_OF_NUMBERED, LONGEST_API = 100_000, 300, 300


@dataclass
class Entry:
    """What can be found.

    Attributes
    ----------
    kind : str
        "section", "equation", "figure", "term" or "block" (a theorem, an exercise and the like).
    place : str
        Its id on the page; "" is the top.
    title : str
        Of the section; "Equation 3.2"; "Figure 3.2"; "Theorem 3.1 (name)".
    text : str
        Its words.
    """

    kind: str
    place: str
    title: str = ""
    text: str = ""
    heard: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)

    def finish(self) -> None:
        """Put the words that were heard together."""
        self.title, self.text = (joined(parts) for parts in (self.heading, self.heard))
        if self.kind == "equation":
            self.title = "Equation " + re.sub(r"[()\s]", "", self.title)
        if self.kind == "figure":
            self.title, _, self.text = self.text.partition(". ")
        if self.kind != "section":
            self.text = self.text.lstrip(" .,;:)")[:LONGEST_OF_NUMBERED]


def joined(parts: Iterable[str]) -> str:
    """Return words on one line, without a space before a stop."""
    return re.sub(r" ([.,;:!?)])", r"\1", " ".join("".join(parts).split()))


class Reader(HTMLParser):
    """Read the article of a page in one pass.

    Attributes
    ----------
    entries : list of Entry
        In the order in which they begin.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.entries: list[Entry] = []
        self.sections: list[Entry] = []
        self.listening: list[list[str]] = []  # what hears the words besides the section
        self.elements: list[tuple[str, Callable[[], None] | None]] = []
        self.hidden = 0
        self.tex: list[str] | None = None  # the source of a formula, which stands in what it was set to

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element without content."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        if tag not in INLINE:
            self.handle_data(" ")
        attributes = {name: value or "" for name, value in attrs}
        classes = set(attributes.get("class", "").split())
        self.elements.append((tag, self.begin(tag, attributes, classes)))

    def begin(self, tag: str, attributes: dict[str, str], classes: set[str]) -> Callable[[], None] | None:
        """Begin what an element stands for; return what ends it."""
        if self.hidden or tag in SILENT or classes & UNREAD or "hidden" in attributes:
            self.hidden += 1
            return self.show
        if "tex" in classes:
            self.tex = []
            return lambda: self.set_formula(display=tag == "div")
        place = attributes.get("id", "")
        if tag == "section" and place:
            self.sections.append(self.enter("section", place))
            return self.leave_section
        if tag in HEADINGS and self.sections and not self.sections[-1].heading:
            return self.hear(self.sections[-1].heading, alone=True)
        return self.begin_numbered(tag, place, classes)

    def begin_numbered(self, tag: str, place: str, classes: set[str]) -> Callable[[], None] | None:
        """Begin an equation, a figure or a block with a number, or the part that says its number."""
        if "eqno" in classes and self.entries[-1].kind == "equation":
            return self.hear(self.entries[-1].heading, alone=True)
        if "equation" in classes and place:
            equation = self.enter("equation", place)
            equation.heard = self.sections[-1].heard[-12:] if self.sections else []
        if tag == "figure" and place:
            self.enter("figure", place)
        if tag == "dt" and place.startswith("term-"):
            return self.hear(self.enter("term", place).heading, alone=True)
        if tag == "dd" and self.entries and self.entries[-1].kind == "term":
            return self.hear(self.entries[-1].heard, alone=True)
        if tag == "figcaption" and self.entries and self.entries[-1].kind == "figure":
            return self.hear(self.entries[-1].heard)
        if "admonition" in classes and place:
            block = self.enter("block", place)
            return self.hear(block.heard)
        is_title = "admonition-title" in classes and self.entries and self.entries[-1].kind == "block"
        if is_title and not self.entries[-1].heading:  # a block may hold another one
            return self.hear(self.entries[-1].heading, alone=True)
        return None

    def enter(self, kind: str, place: str) -> Entry:
        """Begin an entry."""
        self.entries.append(Entry(kind, place))
        return self.entries[-1]

    def hear(self, parts: list[str], alone: bool = False) -> Callable[[], None]:
        """Let an entry hear what comes, alone or besides the others; return what ends that."""
        before = self.listening
        self.listening = [parts] if alone else [*before, parts]
        self.alone = alone

        def end() -> None:
            self.listening, self.alone = before, False

        return end

    alone = False

    def show(self) -> None:
        """End what is not read."""
        self.hidden -= 1

    def leave_section(self) -> None:
        """End a section: words belong to the one around it again."""
        self.sections.pop()

    def set_formula(self, display: bool) -> None:
        """End a formula."""
        tex = "".join(self.tex or [])
        self.tex = None
        self.handle_data(" … " if display else spoken(tex))

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.tex is not None:
            if self.elements[-1][0] == "annotation":
                self.tex.append(data)
            return
        for parts in self.listening:
            parts.append(data)
        if self.sections and not self.alone:
            self.sections[-1].heard.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.elements:
            name, end = self.elements.pop()
            if end:
                end()
            if name == tag:
                break
        if tag not in INLINE:
            self.handle_data(" ")


def article(html: str) -> str:
    """Return what stands in the article of a page, if it has one."""
    found = ARTICLE.search(html)
    return found[1] if found else ""


def entries(page: str, html: str) -> list[tuple[str, str, str, str, str, str]]:
    """Return what can be found on a page.

    Parameters
    ----------
    page : str
        Address from the top of the book.
    html : str
        What stands in its article.

    Returns
    -------
    list of tuple of str
        Kind, page, id, title of the page, title, words (see `Entry`).
    """
    reader = Reader()
    reader.feed(UNSEEN.sub("", without_drawings(html)))
    for entry in reader.entries:
        entry.finish()
    chapter = next((entry.title for entry in reader.entries if entry.kind == "section"), page)
    longest = LONGEST_API if page.startswith("book/api") else LONGEST
    rows = []
    for kind, place, title, text, *_ in map(astuple, reader.entries):
        if title and (kind in ("section", "term") or re.search(r"\d", title)):
            top = kind == "section" and title == chapter
            rows.append((kind, page, "" if top else place, chapter, title, text[:longest]))
    return rows


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write what can be found, unless it is written: the first line names the articles and the code it was made of."""
    if exception is not None or app.builder.name != "html":
        return
    folder, out = Path(app.outdir), Path(app.outdir, OUT)
    articles = {page: article((folder / page).read_text(encoding="utf-8")) for page in pages(folder)}
    digest = hashlib.sha256(Path(__file__).read_bytes() + json.dumps(articles).encode())
    made_of = f"// {digest.hexdigest()}\n"
    if out.exists() and out.read_text("utf-8").startswith(made_of):
        return
    every = [row for page, html in articles.items() for row in entries(page, html)]
    text = json.dumps(every, ensure_ascii=False, separators=(",", ":"))
    out.write_text(f"{made_of}window.bookSections = {text};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
