"""Every page is light: what `tools.page_weight` weighs, held to limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tools.page_weight import READ_BEFORE, CompressingHandler, weigh
from tools.serving import served

#: Bytes that a first visit takes, compressed, and a visit after another chapter.
FIRST_LOAD, LATER = 280_000, 140_000

#: The same for the page with forty drawings, and for the one that takes the index of all words.
HEAVIEST = {"book/02-rbf-toy.html": (350_000, 200_000), "search.html": (FIRST_LOAD, 180_000)}

#: Elements of a page.
ELEMENTS = 18_000

#: Boxes that a browser lays out to show the first screen: what is far from it waits (assets/book.css).
LAID_OUT = 4_000


@pytest.fixture(scope="module")
def compressed(html_folder: Path) -> Iterator[str]:
    with served(html_folder, CompressingHandler) as site:
        yield site


@pytest.fixture(scope="module")
def known(browser: Browser, compressed: str, html_folder: Path) -> set[str]:
    """The files that one who has read another chapter has."""
    before = READ_BEFORE[0]
    return set(weigh(browser, compressed, before, html_folder, read=True)["asked"]) - {before}


def test_a_page_is_light(browser: Browser, compressed: str, html_folder: Path, page_name: str, known: set[str]) -> None:
    row = weigh(browser, compressed, page_name, html_folder)
    first_load, later = HEAVIEST.get(page_name, (FIRST_LOAD, LATER))
    assert row["sum"] <= first_load, row
    assert sum(size for file, size in row["asked"].items() if file not in known) <= later, row
    assert row["elements"] <= ELEMENTS, row
    assert row["laid_out"] <= LAID_OUT, row
    assert not any("katex.min.js" in file for file in row["asked"]), "mathematics is set by the build, not by a script"


def test_the_pictures_of_figures_are_not_on_the_page(html_folder: Path, page_name: str) -> None:
    html = (html_folder / page_name).read_text("utf-8")
    assert not re.search(r"<script type='application/json'>\s*\{", html)
    for file in re.findall(r"data-file='([^']+)'", html):
        assert (html_folder / page_name).parent.joinpath(file).is_file(), file
