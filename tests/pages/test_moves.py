"""Figures answer a hand at once, and show what was drawn whichever way the hand came.

What is held here is the work of a move, which other programs on the machine do not change much. The times that readers
have are measured on a quiet machine, in three engines, by ``python -m tools.page_weight --moves``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from conftest import built_pages
from tools.moves import work_of_moves

CHAPTERS = [name for name in built_pages() if name.startswith("book/0")]

#: Milliseconds of work for a move; a quiet machine of 2026 needs 5 to 12.
LIMIT = 40

#: Puts a rule for every element anew into each drawing that a slider shows, as matplotlib does into each of its own.
RESTYLE = """() => {
    const style = document.createElement("style");
    let moves = 0;
    document.addEventListener("input", ({ target }) => {
        style.textContent = `* { stroke-linejoin: ${(moves += 1) % 2 ? "round" : "bevel"} }`;
        target.closest("figure").querySelector(".frame").append(style);
    });
}"""

#: Moves the sliders of every figure with pictures, by long ways, and returns the figures that then show another picture
#: than the one that was drawn. Ends of lines between elements and the order of attributes are not seen.
ASTRAY = r"""async () => {
    const canonical = (svg) => {
        const parsed = document.createElement("template");
        parsed.innerHTML = svg.replaceAll(">\n<", "><");
        for (const part of parsed.content.querySelectorAll("*")) {
            const all = [...part.attributes].sort((one, other) => (one.name < other.name ? -1 : 1));
            for (const one of all) part.removeAttributeNode(one);
            for (const one of all) part.setAttributeNode(one);
        }
        return parsed.innerHTML;
    };
    const astray = [];
    for (const source of document.querySelectorAll("figure.book-explore > script[type='application/json']")) {
        const figure = source.parentElement, sliders = [...figure.querySelectorAll("input[type=range]")];
        const { lines, frames, sizes } = await new Promise((done) => {
            const file = document.head.appendChild(document.createElement("script"));
            file.onload = () => done(file.frames);
            file.src = source.dataset.file;
        });
        figure.scrollIntoView();
        for (let look = 0; !figure.dataset.pictures && look < 500; look++) await new Promise((d) => setTimeout(d, 20));
        for (const part of [0, 1, 0.5, 0, 0.25, 0.75, 1]) {
            const places = sizes.map((size, k) => Math.round((k % 2 ? 1 - part : part) * (size - 1)));
            sliders.forEach((slider, k) => { slider.value = places[k]; });
            sliders[0].dispatchEvent(new Event("input", { bubbles: true }));
            const index = places.reduce((sum, place, k) => sum * sizes[k] + place, 0);
            const drawn = frames[index].map((line) => lines[line]).join("\n");
            const seen = figure.querySelector(".frame").innerHTML;
            if (canonical(seen) !== canonical(drawn)) astray.push([figure.id, index]);
        }
    }
    return astray;
}"""

#: Takes every step of the figures with words for each, and returns those whose height changes after the first.
JUMPS = """async () => {
    const jumps = [];
    for (const words of document.querySelectorAll("figure.book-explore > .caption")) {
        const figure = words.parentElement, slider = figure.querySelector("input"), heights = new Set();
        figure.scrollIntoView();
        for (let look = 0; !figure.dataset.pictures && look < 500; look++) await new Promise((d) => setTimeout(d, 20));
        for (slider.value = slider.min; ; slider.value = Number(slider.value) + 1) {
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            heights.add(figure.offsetHeight);
            if (slider.value === slider.max) break;
        }
        if (heights.size > 1) jumps.push([figure.id, ...heights]);
    }
    return jumps;
}"""


@pytest.fixture(params=CHAPTERS)
def chapter(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(f"{site}/{request.param}")
    yield page
    page.close()


def test_a_move_is_little_work(chapter: Page, capsys: pytest.CaptureFixture[str]) -> None:
    work = work_of_moves(chapter)
    with capsys.disabled():
        print(f"\n{Path(chapter.url).stem}, ms of work for a move:", end=" ")
        print(*(f"{figure} {work:.0f}" for figure, work in work.items()), sep=", ")
    assert max(work.values()) <= LIMIT


def test_the_work_of_a_rule_for_every_element_is_seen(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(f"{site}/book/04-error-diffusion.html")
    page.evaluate(RESTYLE)
    assert min(work_of_moves(page, moves=2).values()) > LIMIT
    page.close()


def test_a_figure_shows_its_drawing_whichever_way_it_came(chapter: Page) -> None:
    assert chapter.evaluate(ASTRAY) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_below_a_figure_stays_where_it_is(chapter: Page, width: int) -> None:
    chapter.set_viewport_size({"width": width, "height": 900})
    assert chapter.evaluate(JUMPS) == []


def test_what_a_move_paints_stays_in_its_frame(chapter: Page) -> None:
    contained = "all => all.map(one => getComputedStyle(one).contain)"
    assert set(chapter.locator(".book-explore > .frame").evaluate_all(contained)) == {"content"}
