"""The whole book as one PDF, made from the built pages: ``make pdf``.

The articles of all pages are put behind one another on a single page, in the order of the table of contents, with a
title page and the contents before them. Every id gets its page's name in front, so that links inside the book lead to
places inside the PDF. A headless Chromium prints it, and makes the outline of the headings.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from tools.browser import BROWSERS, FLAGS, browser_path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "_build" / "html"
PDF = ROOT / "_build" / "credit-assignment.pdf"

ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(?P<inside>.*)</article>', re.DOTALL)
CONTENTS = re.compile(r'<nav class="bd-links bd-docs-nav".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a\b[^>]*?href="(?P<page>[^"#:]+\.html)"')
STYLES = re.compile(r'<link rel="stylesheet"[^>]*href="(?P<file>[^"]+)"[^>]*/>')
#: What only a hand needs: programs, frames beyond the first, and the links beside headings.
MOVES = re.compile(r'<script\b.*?</script>|<template>.*?</template>|<a class="headerlink".*?</a>', re.DOTALL)
# An id; or a link to a page of the book, to a place on it, or to a place on the same page.
IDS = re.compile(r'(?<=\s)id="(?P<id>[^"]+)"')
PLACES = re.compile(r'(?<=\s)(?P<kind>href|xlink:href)="(?P<page>[^"#:]*)(?:#(?P<place>[^"]*))?"')
USED = re.compile(r"url\(#([^)]+)\)|(?<=\s)(?P<kind>for|aria-labelledby|aria-describedby)=\"([^\"]+)\"")

#: The paper: A4, the number of each page at its foot, no dark colours whatever the reader's system says.
PAPER = """
@page { size: A4; margin: 20mm 18mm 22mm; @bottom-center { content: counter(page); font: 9pt system-ui, sans-serif } }
@page :first { @bottom-center { content: "" } }
body { display: block; background: #fff; font-size: 10.5pt }
.bd-article { max-width: none; padding: 0; font-size: 10.5pt }
.sheet { break-before: page }
.title-page { break-before: auto; padding-top: 30vh; text-align: center }
.title-page h1 { font-size: 34pt }
.contents li { margin: 0.3rem 0 }
details.admonition > summary { list-style: none }
"""


def page_order(index: str) -> list[str]:
    """Return the pages of the book in the order of the sidebar, the first page before them.

    Parameters
    ----------
    index : str
        HTML of the first page, ``book/index.html``.

    Returns
    -------
    list of str
        Their addresses from the top of the built book.

    Raises
    ------
    ValueError
        If the page has no sidebar.
    """
    if not (nav := CONTENTS.search(index)):
        raise ValueError("book/index.html has no list of chapters: build the book with `make book` first")
    pages = [f"book/{match['page']}" for match in LINK.finditer(nav[0])]
    return ["book/index.html", *dict.fromkeys(page for page in pages if page != "book/index.html")]


def name_of(page: str) -> str:
    """Return what stands before the ids of a page."""
    return page.removesuffix(".html").replace("/", "-")


def resolved(page: str, target: str) -> str:
    """Return where a relative link of a page leads, from the top of the built book."""
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / unquote(target)).parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def sheet(page: str, html: str, pages: list[str]) -> str:
    """Return the article of one page, its ids and links made unique to the whole book.

    Parameters
    ----------
    page : str
        Address from the top of the built book.
    html : str
        The built page.
    pages : list of str
        All pages that are in the PDF. A link to any other file becomes plain text.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the page has no article.
    """
    found = ARTICLE.search(html)
    if not found:
        raise ValueError(f"{page} has no article: build the book with `make book` first")
    here = name_of(page)

    def lead(match: re.Match[str]) -> str:
        if match["page"] == "" and not match["place"]:
            return f'{match["kind"]}="#{here}"'
        to = page if match["page"] == "" else resolved(page, match["page"])
        if to not in pages:
            return ""
        place = name_of(to) + (f"--{match['place']}" if match["place"] else "")
        return f'{match["kind"]}="#{place}"'

    def use(match: re.Match[str]) -> str:
        if match[1]:
            return f"url(#{here}--{match[1]})"
        return f'{match["kind"]}="{" ".join(f"{here}--{name}" for name in match[3].split())}"'

    text = MOVES.sub("", found["inside"])
    text = IDS.sub(rf'id="{here}--\g<id>"', text)
    text = USED.sub(use, PLACES.sub(lead, text))
    return f'<article class="bd-article sheet" id="{here}">{text}</article>'


def heading(html: str) -> str:
    """Return the title of a built page, with the number of its chapter."""
    found = re.search(r"<h1>(.*?)</h1>", html[html.find("<article") :], re.DOTALL)
    return MOVES.sub("", found[1]) if found else ""


def whole_book(folder: Path) -> str:
    """Return the single page that is printed.

    Parameters
    ----------
    folder : Path
        The built book.

    Returns
    -------
    str
        HTML, whose styles are those of the book, by relative links from `folder`.

    Raises
    ------
    ValueError
        If the book is not built, or a page is not one of the book.
    """
    index = folder / "book" / "index.html"
    if not index.is_file():
        raise ValueError(f"no pages in {folder}: build the book with `make book` first")
    pages = page_order(index.read_text(encoding="utf-8"))
    html = {page: (folder / page).read_text(encoding="utf-8") for page in pages}
    files: dict[str, str] = {}
    for page, text in html.items():
        for tag in STYLES.finditer(text):
            file = resolved(page, tag["file"].partition("?")[0])
            files[file] = tag[0].replace(tag["file"], file)
    heads = {page: heading(text) for page, text in html.items()}
    lines = [f'<li><a href="#{name_of(page)}">{head}</a></li>' for page, head in heads.items()]
    title = re.search(r'property="og:site_name" content="([^"]*)"', html[pages[0]])
    name, _, about = (title[1] if title else "Credit Assignment").partition(": ")
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f"<title>{name}</title>{''.join(files.values())}<style>{PAPER}</style></head><body>"
        f'<div class="bd-article title-page"><h1>{name}</h1><p>{escape(about, quote=False)}</p></div>'
        f'<nav class="bd-article sheet contents"><h1>Contents</h1><ul>{"".join(lines)}</ul></nav>'
        f"{''.join(sheet(page, html[page], pages) for page in pages)}</body></html>"
    )


def print_page(browser: str, page: Path, pdf: Path) -> None:
    """Print a page into a PDF with an outline.

    Parameters
    ----------
    browser : str
        Path of a Chromium.
    page, pdf : Path
        Files.

    Returns
    -------
    None

    Raises
    ------
    RuntimeError
        If the browser does not make the PDF.
    """
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless", "--no-first-run", *FLAGS]
        flags += ["--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"]
        flags += [f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.as_uri()]
        run = subprocess.run([browser, *flags], capture_output=True, text=True)
    if run.returncode or not pdf.is_file():
        raise RuntimeError(f"{browser} made no PDF: {run.stderr.strip()[-300:]}")


def main() -> str:
    """Make the PDF; return what is to be said, or raise RuntimeError if there is no browser."""
    browser = browser_path()
    if not browser:
        raise RuntimeError(
            f"The PDF is printed by a browser: install one of {', '.join(BROWSERS)}, and run `make pdf` again."
        )
    page = PAGES / "whole-book.html"
    try:
        page.write_text(whole_book(PAGES), encoding="utf-8")
        PDF.unlink(missing_ok=True)
        print_page(browser, page, PDF)
    finally:
        page.unlink(missing_ok=True)
    return f"The book is in {PDF.relative_to(ROOT)}."


if __name__ == "__main__":
    try:
        print(main())
    except (ValueError, RuntimeError) as error:
        sys.exit(str(error))
