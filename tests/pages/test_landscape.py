"""The landscape of chapter 2 in a browser: it computes what the package computes, by hand and by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from playwright.sync_api import Page, expect
from redrawing import redraw_milliseconds

from helpers.chapters.chapter2 import rbf_toy as toy
from helpers.chapters.chapter2.datasets import two_class_points
from helpers.chapters.chapter2.landscape import Walk, edge, landscape
from helpers.pages import figures

POINTS = two_class_points(np.random.default_rng(11))
X, T = POINTS.x, POINTS.t
START = {"w_h": 2.0, "w_o": -5.0}


def stage() -> tuple[Axes, Axes]:
    """Two empty panels at fixed places, as the chapter makes them."""
    place = {"left": 0.16, "right": 0.97, "bottom": 0.11, "top": 0.94, "hspace": 0.55}
    figure, axes = figures.subplots(318, 420, nrows=2, gridspec_kw=place)
    figure.set_layout_engine("none")
    return axes


def draw(rate: float) -> Figure:
    """A picture for a reader without a script."""
    figure, axes = figures.subplots(400, 200)
    axes.plot([0, rate])
    return figure


def figure_html() -> str:
    """The landscape as the build puts it on a page, with a picture beforehand."""
    (map_axes, cost_axes), (line_axes, fold_axes) = stage(), stage()
    map_axes.set(xlim=(-7, 7), ylim=(-8, 11), facecolor="#444444", xlabel="hidden weight", ylabel="output weight")
    cost_axes.set(xlim=(-3, 103), ylim=np.log([6, 130]), xlabel="step")
    line_axes.set(xlim=(-3.4, 3.4), ylim=(-0.08, 1.08), xlabel="input")
    fold_axes.set(xlim=(-0.05, 1.05), ylim=(-0.5, 0.5), xlabel="hidden output")
    panels = {"map": map_axes, "cost": cost_axes, "line": line_axes, "fold": fold_axes}
    picture = figures.show(draw(0.2), "A walk drawn beforehand.")
    return landscape(picture, X, T, panels, START, rate=0.2, steps=12)._repr_html_()


@pytest.fixture(scope="module")
def heading() -> str:
    return "Landscape"


@pytest.fixture(scope="module")
def shown(static_page: Callable[[str, Callable[[], str]], str]) -> str:
    return static_page("2", figure_html)


STARTS = [(w_h, w_o) for w_h in (-6.5, -3, -1, -0.3, 0, 0.7, 2, 5.1) for w_o in (-7, -5, -2, 0.5, 1, 2.9, 6, 10.5)]
RATES = [0.005, 0.05, 0.1, 0.2, 0.4]
STEPS = 40

COMPUTED = f"""([starts, rates]) => {{
    const {{ task }} = JSON.parse(document.querySelector("rbf-landscape").dataset.settings);
    const {{ cost, gradients, hessian, edge, limit, descend }} = rbfLandscape;
    return JSON.stringify(rates.map(rate => starts.map(start => {{
        const path = descend(task, start, rate, {STEPS});
        return path.map(([w_h, w_o]) => {{
            const slope = gradients(task, w_h, w_o), {{ hh, ho, oo }} = hessian(task, w_h, w_o);
            return [w_h, w_o, cost(task, w_h, w_o), slope.w_h, slope.w_o, hh, ho, oo,
                    2 / limit(task, w_h, w_o), Math.min(edge(task, w_h, w_o), 1e6)];
        }});
    }})));
}}"""


def paths(starts: np.ndarray) -> np.ndarray:
    """Both weights on the walks of the package: shape (rates, starts, steps + 1, 2)."""
    now = np.broadcast_to(starts, (len(RATES), *starts.shape))
    visited = [now]
    for _ in range(STEPS):
        slopes = toy.gradients(X, T, now[..., 0], now[..., 1])
        now = now - np.array(RATES)[:, np.newaxis, np.newaxis] * np.stack([slopes["w_h"], slopes["w_o"]], axis=-1)
        visited.append(now)
    return np.stack(visited, axis=-2)


@cache
def computed_here() -> np.ndarray:
    """What `COMPUTED` returns, by the package: shape (rates, starts, steps + 1, 10)."""
    w_h, w_o = np.moveaxis(paths(np.array(STARTS, float)), -1, 0)
    slopes, curve = toy.gradients(X, T, w_h, w_o), toy.hessian(X, T, w_h, w_o)
    largest = np.maximum(np.linalg.eigvalsh(curve)[..., 1], 0)
    edges = np.minimum(np.vectorize(edge)(w_h, w_o), 1e6)
    parts = [w_h, w_o, toy.cost(X, T, w_h, w_o), slopes["w_h"], slopes["w_o"]]
    return np.stack([*parts, curve[..., 0, 0], curve[..., 0, 1], curve[..., 1, 1], largest, edges], axis=-1)


@cache
def is_decided() -> np.ndarray:
    """Where no rounding decides: shape (rates, starts, steps + 1).

    A walk that is thrown out multiplies a small difference again and again. Rounding errs by about 1e-14 at each step
    (slopes of some hundreds, times the rate); once two walks a billionth apart have parted by more than ten thousand
    times of what was ever between them, 1e-9 can no longer be asked for.
    """
    starts = np.array(STARTS, float)
    here = paths(starts)
    decided = np.ones(here.shape[:-1], bool)
    for nudge in ([1e-9, 0], [0, 1e-9]):
        apart = np.linalg.norm(paths(starts + nudge) - here, axis=-1)
        least = np.minimum.accumulate(np.maximum(apart, 1e-13), axis=-1)
        decided &= np.logical_and.accumulate(apart / least < 1e4, axis=-1)
    return decided


def errors(page: Page) -> np.ndarray:
    """Differences of browser and package, as shares of 1e-9 (absolute below 1, relative above), where decided."""
    there, here = np.array(json.loads(page.evaluate(COMPUTED, [STARTS, RATES]))), computed_here()
    decided = np.repeat(is_decided()[..., np.newaxis], here.shape[-1], axis=-1)
    # the boundary comes or goes at w_o = 1, where its slope has no bound
    decided[..., -1] &= np.abs(here[..., 1] - 1) > 1e-3
    # left out: walks at the longest rates, after they were thrown out
    assert decided[:3].mean() > 0.9 and decided.mean() > 0.7
    return (np.abs(there - here) / (1e-9 * np.maximum(1, np.abs(here))))[decided]


def test_the_script_computes_what_the_package_computes(open_figure: Callable[..., Page]) -> None:
    assert errors(open_figure()).max() < 1


@pytest.mark.parametrize(
    "changed",
    [
        ("sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2", "sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2.00000001"),
        ("Math.log1p(Math.exp(-Math.abs(a)))", "Math.log(1.00000001 + Math.exp(-Math.abs(a)))"),
        ("-2 * w_o * a_h * h * delta_o", "-2.00000001 * w_o * a_h * h * delta_o"),
        ("(4 * a_h * a_h - 2)", "(4 * a_h * a_h - 2.00000001)"),
        ("Math.log(-w_o / b_o)", "Math.log(-w_o / b_o + 1e-8)"),
        ("2 / largest", "2.00000001 / largest"),
    ],
)
def test_the_comparison_sees_a_wrong_constant(open_figure: Callable[..., Page], changed: tuple[str, str]) -> None:
    assert errors(open_figure(changed=changed)).max() > 1


def test_the_words_are_those_of_the_package(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    decided = is_decided()
    cases = [
        (start, rate, steps)
        for k, rate in enumerate(RATES)
        for number, start in enumerate(STARTS)
        for steps in (0, 1, 7, STEPS)
        if decided[k, number, steps]
    ]
    said = page.evaluate(
        """cases => {
            const settings = JSON.parse(document.querySelector("rbf-landscape").dataset.settings);
            return cases.map(one => rbfLandscape.words(rbfLandscape.walk(settings.task, ...one), settings));
        }""",
        cases,
    )
    compared = []
    for ((w_h, w_o), rate, steps), words in zip(cases, said, strict=True):
        walk = Walk(X, T, {"w_h": w_h, "w_o": w_o}, rate, steps)
        if w_h != 0 or abs(walk.w_o[-1] - 1) > 1e-6:  # on the mirror line all is red or blue, as rounding will have it
            assert words == walk.words()
            compared.append(walk.verdict().split(" step")[0])
    assert len(compared) > 0.8 * len(cases) and len(set(compared)) == 6  # every verdict


def text_of(page: Page) -> str:
    """What the page says about the walk."""
    return page.locator("rbf-landscape .caption").inner_text()


def expected(w_h: float, w_o: float, rate: float = 0.2, steps: int = 12) -> str:
    """What it should say."""
    return Walk(X, T, {"w_h": w_h, "w_o": w_o}, rate, steps).words()


def test_the_arrow_keys_move_the_start_and_the_words_follow(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    assert text_of(page) == expected(2.0, -5.0)
    start = page.get_by_role("slider", name="start of the walk")
    for key, place in {
        "ArrowRight": (2.1, -5.0),
        "ArrowUp": (2.1, -4.9),
        "Shift+ArrowLeft": (1.1, -4.9),
        "ArrowDown": (1.1, -5.0),
    }.items():
        start.press(key)
        assert text_of(page) == expected(*place)
    expect(start).to_have_attribute("aria-valuetext", "hidden weight 1.1, output weight −5.0")
    expect(start).to_have_attribute("data-lm-suppress-shortcuts", "true")  # JupyterLab's own mark
    expect(page.locator(".controls p")).to_contain_text("(1.1, −5.0)")
    for _ in range(9):
        start.press("Shift+ArrowDown")  # not beyond the map
    assert text_of(page) == expected(1.1, -8.0)
    for drawing in page.locator(".stage > svg").all():
        expect(drawing).to_have_attribute("aria-label", text_of(page))
    for key in ("Shift+Tab", "Shift+Tab", "Home"):
        page.keyboard.press(key)
    assert text_of(page) == expected(1.1, -8.0, rate=0.005)
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert text_of(page) == expected(1.1, -8.0, 0.005, 100)


def places(page: Page) -> Callable[[float, float], tuple[float, float]]:
    """Where weights stand on the map, in pixels of the window."""
    panel = json.loads(page.locator("rbf-landscape").get_attribute("data-settings") or "")["panels"]["map"]
    box: Any = page.locator(".stage > svg").first.bounding_box()
    zoom = box["width"] / (318 * 0.75)

    def at(w_h: float, w_o: float) -> tuple[float, float]:
        right = panel["left"] + panel["width"] * (w_h + 7) / 14
        down = panel["top"] + panel["height"] * (11 - w_o) / 19
        return box["x"] + zoom * right, box["y"] + zoom * down

    return at


def start_of(page: Page) -> tuple[float, float]:
    """Where the walk starts, as the page says."""
    w_h, w_o = re.findall(r"-?\d+\.\d", page.locator(".controls p").inner_text().replace("−", "-"))
    return float(w_h), float(w_o)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_start_is_dragged_and_jumps_to_a_click(open_figure: Callable[..., Page], width: int) -> None:
    page = open_figure(width=width)
    at = places(page)
    page.mouse.move(*at(2, -5))
    page.mouse.down()
    page.mouse.move(*at(0, 0))
    page.mouse.move(*at(-4, 7))
    assert text_of(page) == expected(-4.0, 7.0)
    page.mouse.move(*at(20, 7))  # off the map: it stays at its edge
    page.mouse.up()
    assert text_of(page) == expected(7.0, 7.0)
    page.mouse.click(*at(3, 1))
    page.mouse.move(*at(-2, 1))  # let go: it does not follow any more
    assert start_of(page) == pytest.approx((3, 1), abs=0.11)  # a click comes on whole pixels, of about 0.05 each
    assert text_of(page) == expected(*start_of(page))


def test_a_finger_drags_the_start_and_does_not_scroll(open_figure: Callable[..., Page]) -> None:
    page = open_figure(width=390, has_touch=True)
    at, finger = places(page), page.context.new_cdp_session(page)
    for kind, points in {"touchStart": [at(2, -5)], "touchMove": [at(-2, 1), at(-4, 7)], "touchEnd": [()]}.items():
        for point in points:
            touched = [dict(zip("xy", point, strict=True))] if point else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
    assert start_of(page) == pytest.approx((-4, 7), abs=0.11)
    assert text_of(page) == expected(*start_of(page))
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_everything_fits(open_figure: Callable[..., Page], theme: str, width: int) -> None:
    page = open_figure(theme, width=width)
    violations = Axe().run(page).response["violations"]
    assert not violations, [(one["id"], one["nodes"][0]["html"]) for one in violations]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        """[...document.querySelectorAll("rbf-landscape .stage > svg text")].map(text => {
            const drawing = text.closest(".stage").firstElementChild;
            const zoom = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
            return parseFloat(getComputedStyle(text).fontSize) * zoom;
        })"""
    )
    assert min(sizes) >= 11


def test_the_words_never_push_the_drawing(open_figure: Callable[..., Page]) -> None:
    page = open_figure(width=390)
    tops = set()
    for key in ("Home", "End"):
        for slider in page.get_by_role("slider").all():
            slider.press(key)
            tops.add(page.evaluate("document.querySelector('.stage').getBoundingClientRect().top + scrollY"))
    assert len(tops) == 1


def test_a_redraw_takes_less_than_a_frame(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    page.get_by_role("slider", name="steps").press("End")
    assert redraw_milliseconds(page, "rbf-landscape") <= 16


def test_without_a_script_or_with_a_broken_one_the_picture_stays(open_figure: Callable[..., Page]) -> None:
    for page in (
        open_figure(java_script_enabled=False),
        open_figure(changed=("function build({", "function build() { throw 1; } function never({")),
    ):
        expect(page.get_by_role("img", name="A walk drawn beforehand.")).to_be_visible()
        expect(page.locator("rbf-landscape")).to_be_hidden()
    page = open_figure()
    expect(page.get_by_role("img", name="A walk drawn beforehand.")).to_have_count(0)
    expect(page.locator("input[type=range]")).to_have_count(2)


def test_it_asks_for_nothing_and_says_nothing_to_the_console(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda line: heard.append(line.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.reload()
    page.get_by_role("slider", name="start of the walk").press("ArrowUp")
    assert all(line.startswith(("file:", "data:")) for line in heard)


def test_paper_shows_the_walk_and_no_control(open_figure: Callable[..., Page]) -> None:
    page = open_figure()
    page.emulate_media(media="print")
    expect(page.locator(".stage > svg").first).to_be_visible()
    expect(page.get_by_text("It is on its way.").first).to_be_visible()
    for control in page.locator("rbf-landscape :is(input, .handle)").all():
        expect(control).to_be_hidden()
