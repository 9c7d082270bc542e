"""The followed weight of chapter 6 in a browser: it computes what the rules of the package compute."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from legibility import small_words
from playwright.sync_api import Page, expect
from redrawing import redraw_milliseconds

from helpers.chapters.chapter6.single_weight import DRAWS, RULES, WEIGHTS, Task
from helpers.chapters.chapter6.single_weight_figure import NETWORK, TITLE, compared, follow
from helpers.chapters.chapter6.single_weight_places import PLACES, WIDTH
from helpers.chapters.chapter6.single_weight_story import Story

TASK = Task(np.random.default_rng(4))
#: Networks with other weights, and inputs of either sign.
OTHERS = [TASK, Task(np.random.default_rng(7)), Task(np.random.default_rng(12), (-1.3, 0.8))]
CASES = [
    (rule, number, target, draws)
    for rule in RULES
    for number in range(len(WEIGHTS))
    for target in (0, 1)
    for draws in ((1, 7, 100) if "perturbation" in rule else (1,))
]


@pytest.fixture(scope="module")
def heading() -> str:
    return "One weight"


@pytest.fixture(scope="module")
def shown(static_page: Callable[[str, Callable[[], str]], str]) -> str:
    return static_page("6", lambda: follow(TASK, weight=5)._repr_html_())


COMPUTED = """([tasks, weights, cases]) => {
    for (const task of tasks) {
        const bytes = Uint8Array.from(atob(task.nudges), letter => letter.charCodeAt(0));
        task.drawn = new Float64Array(bytes.buffer);
    }
    const { factors, update, wires, words } = singleWeight;
    return JSON.stringify(tasks.map(task => cases.map(([rule, number, target, draws]) => {
        const all = Object.entries({ update, factors, wires, words });
        return Object.fromEntries(all.map(([name, f]) => [name, f(task, rule, weights[number], target, draws)]));
    })));
}"""


def computed_there(page: Page) -> list[list[dict[str, Any]]]:
    """What the script makes of every case."""
    return json.loads(page.evaluate(COMPUTED, [[task.settings() for task in OTHERS], WEIGHTS, CASES]))


@cache
def computed_here() -> list[list[Story]]:
    """What the package makes of them."""
    return [
        [Story(task, rule, WEIGHTS[number], target, draws) for rule, number, target, draws in CASES] for task in OTHERS
    ]


def errors(page: Page) -> np.ndarray:
    """Differences of browser and package, as shares of 1e-9 (absolute below 1, relative above)."""
    found = []
    for there, here in zip(computed_there(page), computed_here(), strict=True):
        for one, story in zip(there, here, strict=True):
            values = [(one["update"], story.updates[story.rule])]
            named = [(one["factors"], story.factors), (one["wires"], story.wires())]
            for (*name, value), (*name_here, value_here) in (
                (a, b) for pair in named for a, b in zip(*pair, strict=True)
            ):
                same = json.loads(json.dumps(name_here)) == name and (value is None) == (value_here is None)
                values.append((value or 0, value_here or 0) if same else (np.inf, 0))
            found += [abs(a - b) / (1e-9 * max(1, abs(b))) for a, b in values]
    return np.array(found)


def test_the_script_computes_what_the_rules_of_the_package_compute(open_figure: Callable[..., Page]) -> None:
    found = errors(open_figure())
    assert len(found) > 3 * len(OTHERS) * len(CASES) and found.max() < 1


@pytest.mark.parametrize(
    "changed",
    [
        ("sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2", "sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2.00000001"),
        ("slope = (h) => h * (1 - h)", "slope = (h) => h * (1.00000001 - h)"),
        ("Math.log1p(Math.exp(-Math.abs(a)))", "Math.log(1.00000001 + Math.exp(-2 * Math.abs(a)))"),
        ("comeDown(h, error, task.feedback, layer)", "comeDown(h, error, backward(task), layer)"),
        ("task.direct[layer - 1].map((B) => error * B)", "task.direct[layer - 1].map((B) => error * B * 1.00000001)"),
        ("const from = forgives ?", "const from = !forgives ?"),
        ("Math.min(error, 0)", "Math.max(error, 0)"),
        ("ofNodes ? 1 : W.length + 1", "ofNodes ? 1 : W.length"),
        ("w + sigma * ofWeight", "w + 1.0001 * sigma * ofWeight"),
        ("number * sum(sizes)", "0 * number * sum(sizes)"),
        ("if (upper - 1 > layer || j === cell)", "if (upper - 1 > layer || j !== cell)"),
    ],
)
def test_the_comparison_sees_a_wrong_formula(open_figure: Callable[..., Page], changed: tuple[str, str]) -> None:
    assert errors(open_figure(changed=changed)).max() > 1


def test_the_words_are_those_of_the_package(open_figure: Callable[..., Page]) -> None:
    there = computed_there(open_figure())
    for ones, stories in zip(there, computed_here(), strict=True):
        assert [one["words"] for one in ones] == [story.words() for story in stories]


def text_of(page: Page) -> str:
    """What the page says about the weight."""
    return page.locator("single-weight .caption").inner_text()


def expected(rule: str = "feedback_alignment", weight: int = 5, target: int = 1, draws: int = 1) -> str:
    """What it should say."""
    return Story(TASK, rule, WEIGHTS[weight], target, draws).words()


def test_everything_is_chosen_by_keyboard_and_the_words_follow(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    assert text_of(page) == expected()
    page.get_by_role("radio", name="feedback alignment", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert text_of(page) == expected("direct_feedback_alignment")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert text_of(page) == expected("backpropagation")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    assert text_of(page) == expected("backpropagation", target=0)
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert text_of(page) == expected("backpropagation", 1, 0)
    slider = page.get_by_role("slider", name="weight")
    expect(slider).to_have_attribute("aria-valuetext", WEIGHTS[1].spelled())
    page.get_by_role("radio", name="node perturbation").check()
    page.get_by_role("slider", name="nudged how often").press("End")
    assert text_of(page) == expected("node_perturbation", 1, 0, DRAWS[-1])
    network, bars = page.locator(".stage > svg").all()
    expect(network).to_have_attribute("aria-label", text_of(page))
    expect(bars).to_have_attribute("aria-label", compared(Story(TASK, "node_perturbation", WEIGHTS[1], 0, DRAWS[-1])))
    for control in page.locator("single-weight input").all():
        expect(control).to_have_attribute("data-lm-suppress-shortcuts", "true")  # JupyterLab's own mark


@pytest.mark.parametrize("width", [1280, 390])
def test_a_tap_on_a_wire_or_a_bar_chooses_it(open_figure: Callable[..., Page], width: int) -> None:
    page = open_figure(width=width)
    drawing = page.locator(".stage > svg").first
    zoom = drawing.evaluate("one => one.getBoundingClientRect().width") / WIDTH
    for number in (0, 3, 6, 9):
        layer, source, cell = WEIGHTS[number]
        (x0, y0), (x1, y1) = PLACES[layer - 1][source], PLACES[layer][cell]
        x, y = x0 + 0.3 * (x1 - x0), NETWORK - (y0 + 0.3 * (y1 - y0))
        drawing.click(position={"x": zoom * (0.01 * WIDTH + 0.98 * x), "y": zoom * y})
        assert text_of(page) == expected(weight=number)
        expect(page.get_by_role("slider", name="weight")).to_have_attribute("aria-valuetext", WEIGHTS[number].spelled())
    page.locator(".stage > svg").nth(1).get_by_text("error diffusion").click()
    assert text_of(page) == expected("error_diffusion", 9)
    expect(page.get_by_role("radio", name="error diffusion")).to_be_checked()
    drawing.click(position={"x": zoom * 10, "y": zoom * TITLE / 3})  # the title is no wire
    assert text_of(page) == expected("error_diffusion", 9)


def drawn_numbers(page: Page, drawing: int) -> list[str]:
    """The words that are written on a drawing."""
    return page.locator(".stage > svg").nth(drawing).locator("text").all_text_contents()


def test_the_drawing_shows_the_wires_and_the_factors(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    for rule, dashes in {
        "backpropagation": [],
        "feedback alignment": ["5 3"] * 4,
        "target propagation": ["1.5 3"] * 2,
        "direct feedback alignment": ["5 3"],
        "weight perturbation": [],
    }.items():
        page.get_by_role("radio", name=rule, exact=True).check()
        page.get_by_role("slider", name="weight").press("Home")
        broken = page.locator(".stage > svg").first.locator("svg path[stroke-dasharray]")
        assert [path.get_attribute("stroke-dasharray") for path in broken.all()] == dashes
        story = Story(TASK, rule.replace(" ", "_"), WEIGHTS[0], 1)
        numbers = [f"{value:.2f}".replace("-", "−") for *_, value in story.wires()]
        assert set(numbers) <= set(drawn_numbers(page, 0))
        assert f"{story.factors[-1][1]:.3f}".replace("-", "−") in drawn_numbers(page, 1)
        assert f"{story.updates['error_diffusion']:.3f}".replace("-", "−") in drawn_numbers(page, 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_everything_fits(open_figure: Callable[..., Page], theme: str, width: int) -> None:
    page = open_figure(theme, width=width)
    for rule in ("error diffusion", "difference target propagation"):
        page.get_by_role("radio", name=rule).check()
        violations = Axe().run(page).response["violations"]
        assert not violations, [(one["id"], one["nodes"][0]["html"]) for one in violations]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert small_words(page, 11) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_words_never_push_the_drawing(open_figure: Callable[..., Page], width: int) -> None:
    page = open_figure(width=width)
    tops = set()
    for name in RULES:
        page.get_by_role("radio", name=name.replace("_", " "), exact=True).check()
        for weight in range(len(WEIGHTS)):
            page.get_by_role("slider", name="weight").fill(str(weight))
            tops.add(page.evaluate("document.querySelector('.stage').getBoundingClientRect().top + scrollY"))
    assert len(tops) == 1


def test_a_redraw_takes_less_than_a_frame(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    page.get_by_role("slider", name="nudged how often").press("End")
    assert redraw_milliseconds(page, "single-weight") <= 16


def test_without_a_script_or_with_a_broken_one_the_picture_stays(open_figure: Callable[..., Page]) -> None:
    for page in (
        open_figure(java_script_enabled=False, width=390),
        open_figure(changed=("function build({", "function build() { throw 1; } function never({")),
    ):
        expect(page.get_by_role("img", name="A small network in which one weight")).to_be_visible()
        expect(page.locator("single-weight")).to_be_hidden()
    page.locator("single-weight").evaluate("one => one.remove()")  # what a broken script has left, unseen
    assert small_words(page, 11) == []
