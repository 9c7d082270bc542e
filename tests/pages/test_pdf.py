"""The book as one PDF: printed as `make pdf` does, then counted against the built pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import pdf
from tools.browser import browser_path

pypdf = pytest.importorskip("pypdf", reason="the test of the PDF needs pypdf: `make test-pages` installs it")


@pytest.fixture(scope="module")
def book(html_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The PDF, read; the page that is printed stands beside the built ones for as long as that takes."""
    page, file = html_folder / "whole-book.html", tmp_path_factory.mktemp("pdf") / "book.pdf"
    page.write_text(pdf.whole_book(html_folder), encoding="utf-8")
    try:
        pdf.print_page(browser_path() or "", page, file)
    finally:
        page.unlink()
    return pypdf.PdfReader(file)


@pytest.fixture(scope="module")
def text(book: Any) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in book.pages)


def chapters(html_folder: Path) -> dict[str, str]:
    """The built pages of the chapters, by their number."""
    return {str(int(f.name[:2])): f.read_text("utf-8") for f in sorted((html_folder / "book").glob("0*.html"))}


def headings(outline: list[Any]) -> Iterator[tuple[int, str]]:
    """The entries of an outline, with their depth."""
    for entry in outline:
        if isinstance(entry, list):
            yield from ((depth + 1, title) for depth, title in headings(entry))
        else:
            yield 0, " ".join(entry.title.split())


def test_every_chapter_has_a_bookmark_with_its_number(book: Any, html_folder: Path) -> None:
    found = [title for depth, title in headings(book.outline) if depth == 0 and re.match(r"\d", title)]
    assert [title.split(". ")[0] for title in found] == list(chapters(html_folder))
    assert sum(depth > 0 for depth, _ in headings(book.outline)) > 100  # sections


def test_every_figure_and_every_numbered_equation_is_there(text: str, html_folder: Path) -> None:
    for number, html in chapters(html_folder).items():
        figures = set(re.findall(rf'"figure-number">Figure ({number}\.\d+)\.', html))
        equations = set(re.findall(rf'"eqno">\(({number}\.\d+)\)', html))
        assert figures and figures == set(re.findall(rf"Figure ({number}\.\d+)\. [A-Z]", text)) & figures
        assert equations and equations == set(re.findall(rf"\(({number}\.\d+)\)", text)) & equations


def test_every_link_inside_leads_to_a_place_and_none_to_a_file(book: Any) -> None:
    inside, places = 0, book.named_destinations
    for page in book.pages:
        for link in (note.get_object() for note in page.get("/Annots") or []):
            address = str(link.get("/A", {}).get("/URI", ""))
            assert not address.startswith("file:"), address
            if "/Dest" in link:
                inside += 1
                target = link["/Dest"]
                assert not isinstance(target, str) or target in places, f"{target} is no place"
    assert inside > 500


def test_answers_are_printed_and_nothing_that_only_a_hand_needs(text: str) -> None:
    assert "Solution to Exercise 1.1" in text
    assert not [words for words in ("Show code cell", "Show the code", "previous next") if words in text]
