"""While a hand moves a figure, its view stands still."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from steadiness import FIGURE, restless_figures, wandering_words

from conftest import HTML, built_pages
from tools.browser import LAY_OUT

WITH_SLIDERS = [name for name in built_pages() if FIGURE.search(HTML.joinpath(name).read_text("utf-8"))]


def test_pages_with_a_figure_that_computes_are_among_them() -> None:
    assert {"book/index.html", "book/02-rbf-toy.html"} <= set(WITH_SLIDERS)


@pytest.mark.parametrize("name", WITH_SLIDERS)
def test_what_all_pictures_say_stays_in_its_place(name: str) -> None:
    assert wandering_words(HTML / name) == []


@pytest.mark.parametrize("name", WITH_SLIDERS)
def test_a_figure_keeps_its_height(browser: Browser, site: str, name: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(60_000)
    page.goto(f"{site}/{name}")
    page.add_style_tag(content=LAY_OUT)
    restless = restless_figures(page)
    page.close()
    assert restless == []


def test_what_moves_is_seen(browser: Browser, tmp_path: Path) -> None:
    lines = ['<svg viewBox="0 0 9 9">', '<text x="1" y="1">steps</text>', '<text x="1" y="4">steps</text>', "</svg>"]
    frames = json.dumps({"lines": lines, "frames": [[0, 1, 3], [0, 2, 3]]})
    (tmp_path / "frames.js").write_text(f"document.currentScript.frames = {frames};", "utf-8")
    figures = "".join(
        f"""<figure id="{name}" class='book-explore' data-pictures="here"><p></p><input
        type="range" min="0" max="2" oninput="this.previousElementSibling.textContent = {words}"><script
        type='application/json' data-file="frames.js"></script></figure>"""
        for name, words in {"grows": "'a '.repeat(900 * value)", "stays": "value"}.items()
    )
    (tmp_path / "page.html").write_text(f"<style>p {{ min-height: 2em }}</style>{figures}", "utf-8")
    assert wandering_words(tmp_path / "page.html") == ["grows: steps", "stays: steps"]
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    found = [line.partition(":")[0] for line in restless_figures(page)]
    page.close()
    assert found == ["grows"]
