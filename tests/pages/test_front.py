"""The first page in a browser: its bill computes what the package computes, its first screen holds the ways in."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from legibility import small_words
from playwright.sync_api import Browser, Page, expect

from helpers.chapters.chapter1.bill import Bill, bill
from helpers.chapters.front.chapter_map import STOPS

CASES = list(product((50, 100, 130, 200), (0, 1, 2, 6), (0, 7, 10, 20)))
SCREENS = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def heading() -> str:
    return "Bill"


@pytest.fixture(scope="module")
def shown(static_page: Callable[[str, Callable[[], str]], str]) -> str:
    return static_page("", lambda: bill()._repr_html_())


def words_there(page: Page) -> list[str]:
    """What the script says of every case."""
    return page.evaluate("cases => cases.map(one => appleBill.words(appleBill.walk(...one)))", CASES)


def words_here() -> list[str]:
    """What the package says."""
    return [Bill(*case).words() for case in CASES]


def test_the_script_computes_what_the_package_computes(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    assert words_there(page) == words_here()
    walks = json.loads(page.evaluate("cases => JSON.stringify(cases.map(one => appleBill.walk(...one)))", CASES))
    for case, walk in zip(CASES, walks, strict=True):
        here = Bill(*case)
        found = [*(node.gradient for node in here.inputs), here.total.value, here.total.inputs[0].gradient]
        back = walk["backward"]
        there = [back["price"], back["count"], back["factor"], walk["forward"]["bill"], back["apples"]]
        assert there == pytest.approx(found)


def test_the_comparison_sees_a_wrong_factor(open_figure: Callable[..., Page]) -> None:
    assert words_there(open_figure(changed=("count: factor * price", "count: price"))) != words_here()


def test_the_keys_move_every_number_and_the_words_follow(open_figure: Callable[..., Page]) -> None:
    page = open_figure(width=390)
    said = page.locator("apple-bill .caption")
    expect(said).to_have_text(Bill(100, 2, 10).words())
    for name, case in {"price": (110, 2, 10), "apples": (110, 3, 10), "tax": (110, 3, 11)}.items():
        page.get_by_role("slider", name=name).press("ArrowRight")
        expect(said).to_have_text(Bill(*case).words())
    expect(page.locator("apple-bill svg[role=img]")).to_have_attribute(
        "aria-label", f"A bill as a graph. {Bill(110, 3, 11).words()}"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_nothing_and_the_words_are_large_enough(
    open_figure: Callable[..., Page], theme: str, width: int
) -> None:
    page = open_figure(theme, width=width)
    violations = Axe().run(page).response["violations"]
    assert not violations, [(one["id"], one["nodes"][0]["html"]) for one in violations]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert width < 390 or not small_words(page, 11)


@pytest.fixture(params=SCREENS.values(), ids=SCREENS.keys())
def first_page(browser: Browser, site: str, request: pytest.FixtureRequest) -> Page:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site}/book/index.html")
    yield page
    page.close()


def test_the_first_screen_holds_a_promise_three_ways_in_and_a_figure_that_computes(first_page: Page) -> None:
    height = first_page.viewport_size["height"]
    parts = {
        "promise": first_page.locator("h1 + p"),
        "ways": first_page.locator(".ways"),
        "figure": first_page.locator("apple-bill"),
    }
    for name, part in parts.items():
        box = part.bounding_box()
        assert box and box["y"] + box["height"] <= height, f"{name} ends at {box} on a screen of {height}"
    ways = first_page.locator(".ways a")
    assert [words.split()[0] for words in ways.all_inner_texts()] == ["Read", "Run", "Teach"]
    for link in ways.all():  # each leads to a part of this page
        target = (link.get_attribute("href") or "").partition("#")[2]
        assert first_page.locator(f"[id='{target}']").count() == 1


def test_the_map_opens_the_chapters(first_page: Page) -> None:
    links = first_page.locator(".chapter-map a")
    expect(links).to_have_count(len(STOPS))
    links.first.focus()
    first_page.keyboard.press("Enter")
    first_page.wait_for_url(f"**/{STOPS[1].page}.html")


def test_the_self_test_answers_in_the_page(first_page: Page) -> None:
    questions = first_page.locator(".book-question")
    expect(questions).to_have_count(8)
    questions.first.locator("input[type=text]").fill("6")
    questions.first.get_by_role("button").click()
    expect(questions.first.get_by_role("status")).to_contain_text("the 2 is squared first")
