"""In no figure lie words over one another, and none is cut at the edge."""

from __future__ import annotations

import pytest
from crowding import crowded_words
from playwright.sync_api import Browser

from conftest import HTML, built_pages
from tools.browser import LAY_OUT

WITH_FIGURES = [name for name in built_pages() if "<figure id=" in HTML.joinpath(name).read_text("utf-8")]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", WITH_FIGURES)
def test_words_of_figures_have_room(browser: Browser, site: str, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(f"{site}/{name}")
    page.add_style_tag(content=LAY_OUT)
    page.locator("details").evaluate_all("all => all.forEach(folded => { folded.open = true; })")
    crowded = crowded_words(page)
    page.close()
    assert crowded == []


def test_what_is_crowded_is_seen(browser: Browser) -> None:
    turned = 'transform="rotate(-90 150 90)"'
    page = browser.new_page()
    page.set_content(f"""
        <figure class="book-figure" id="still"><svg role="img" width="200" height="100" viewBox="0 0 200 100">
            <text x="10" y="50">over</text><text x="20" y="52">under</text><text x="150" y="50">beyond the edge</text>
            <text x="10" y="70">above</text><text x="10" y="86">below</text>
            <text x="150" y="90" {turned}>up</text><text x="140" y="88">on</text></svg></figure>
        <figure class="book-explore" id="moving"><div class="frame"></div><script type="application/json">
            {{"lines": ["<svg width='100' height='50'>", "<text y='20'>first</text></svg>",
             "<text y='-20'>last</text></svg>"], "frames": [[0, 1], [0, 2]]}}</script></figure>""")
    found = [line.split(" px")[0].rsplit(maxsplit=1)[0] for line in crowded_words(page)]
    page.close()
    assert found == [
        "still, as shown: over and under share",
        "still, as shown: beyond the edge is",
        "still, as shown: up and on share",
        "moving, picture 2: last is",
    ]
