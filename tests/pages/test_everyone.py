"""A reader with a keyboard alone, or with a phone, loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from test_pages import AXE

from conftest import built_pages
from tools.browser import GO_DOWN, LAY_OUT

CHAPTERS = [name for name in built_pages() if name.startswith("book/0")]
Open = Callable[[str, int], Page]

#: What is seen of the slider that has the focus: its picture and its value; and whether a line is around it.
FOCUSED = """() => {
    const slider = document.activeElement, figure = slider.closest("figure, .book-live");
    const { outlineStyle, outlineWidth } = getComputedStyle(slider);
    return {
        picture: [...figure.querySelectorAll(".frame")].map((frame) => frame.innerHTML).join(),
        value: slider.getAttribute("aria-valuetext"),
        outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
        last: slider.value === slider.max,
    };
}"""

#: The rules of axe that a theme can break; a page has all else in both.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

PICTURES_ARE_HERE = """slider => {
    const figure = slider.closest("figure");
    return !figure?.querySelector(":scope > script[type='application/json']") || Boolean(figure.dataset.pictures);
}"""


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    pages = []

    def open_one(name: str, width: int) -> Page:
        pages.append(browser.new_page(viewport={"width": width, "height": 844}))
        pages[-1].set_default_timeout(180_000)  # a machine with other work may need long
        pages[-1].goto(f"{site}/{name}")
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", [*CHAPTERS, "book/index.html"])
def test_the_arrow_keys_move_every_slider_and_its_focus_is_seen(open_page: Open, name: str) -> None:
    page = open_page(name, 1280)
    page.keyboard.press("Tab")  # the keyboard is in use
    faults = []
    for number, slider in enumerate(page.locator("article input[type=range]").all()):
        slider.scroll_into_view_if_needed()
        page.wait_for_function(PICTURES_ARE_HERE, arg=slider.element_handle())
        slider.focus()
        before = page.evaluate(FOCUSED)
        page.keyboard.press("ArrowLeft" if before["last"] else "ArrowRight")
        after = page.evaluate(FOCUSED)
        if not (after["outlined"] and after["picture"] != before["picture"] and after["value"] != before["value"]):
            faults.append(f"slider {number}: {before['value']} became {after['value']}, outlined: {after['outlined']}")
    assert not faults


@pytest.mark.parametrize("name", [*CHAPTERS, "book/index.html", "book/bibliography.html", "404.html"])
def test_axe_finds_nothing_serious_on_a_phone(open_page: Open, name: str) -> None:
    page = open_page(name, 390)
    page.add_style_tag(content=LAY_OUT)
    page.evaluate(GO_DOWN)
    faults = []
    for theme, rules in (("light", {}), ("dark", COLOURS)):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        faults += [
            f"{theme}: {violation['id']}: {violation['nodes'][0]['html'][:200]}"
            for violation in AXE.run(page, options=rules).response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
    assert not faults
