"""How long the figures of the built pages take to answer a hand: the time of a slider's move, in each engine."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tools.engines import Engine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Calls a function of JavaScript with arguments in an open page, and returns what it returns.
Run = Callable[..., Any]

#: How many times slower a phone of a few years ago is, by the custom of those who measure pages.
SLOWED = 4

FIGURES = "() => document.querySelectorAll('figure.book-explore:has(input[type=range])').length"

#: Moves the first slider of one figure there and back; returns the figure's name, and the milliseconds of each move. A
#: move begins in a frame and ends when the frame is drawn: the task that a message starts comes after it. So no time is
#: counted that waits for the screen. A figure that computes its pictures waits for none.
MOVES = """async (number, count) => {
    const figure = document.querySelectorAll("figure.book-explore:has(input[type=range])")[number];
    const slider = figure.querySelector("input[type=range]");
    const { min, max } = slider, step = Number(slider.step) || 1, span = Math.round((max - min) / step), times = [];
    const channel = new MessageChannel();
    const drawn = () => new Promise((done) => { channel.port1.onmessage = done; channel.port2.postMessage(0); });
    const frame = () => new Promise(requestAnimationFrame);
    const waits = () => figure.querySelector(":scope > script[type='application/json']") && !figure.dataset.pictures;
    slider.scrollIntoView({ block: "center", behavior: "instant" });
    for (let look = 0; waits() && look < 1000; look++) await new Promise((done) => setTimeout(done, 20));
    for (let move = 1; move <= count + 2; move++) {
        const place = move % (2 * span);
        slider.value = Number(min) + step * (place <= span ? place : 2 * span - place);
        await frame();
        const start = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await drawn();
        times.push(performance.now() - start);
    }
    return [figure.id, times.slice(2)];  // the first two also load and warm up
}"""


def move_sliders(run: Run, moves: int = 40) -> dict[str, dict[str, float]]:
    """Move the first slider of every figure of an open page.

    Parameters
    ----------
    run : callable
        Of the page: `in_chromium`, or that of an engine of `tools.engines`.
    moves : int
        Of each slider.

    Returns
    -------
    dict
        For each figure, by its name, the ``best``, the ``median`` and the ``p95`` of its moves, in milliseconds.
    """
    found = (run(MOVES, number, moves) for number in range(run(FIGURES)))
    return {figure: spread(times) for figure, times in found}


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return the shortest, the median and the 95th percentile of times."""
    return {
        "best": round(min(times), 1),
        "median": round(statistics.median(times), 1),
        "p95": round(statistics.quantiles(times, n=20, method="inclusive")[-1], 1),
    }


def in_chromium(page: Page) -> Run:
    """Return what calls functions in a page of Chromium."""
    return lambda function, *arguments: page.evaluate(f"(given) => ({function})(...given)", list(arguments))


def slow_down(page: Page, times: int) -> None:
    """Make the processor of a page of Chromium slower by a factor."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def work_of_moves(page: Page, moves: int = 10) -> dict[str, float]:
    """Move the first slider of every figure of a page of Chromium, and say what the processor does for it.

    Parameters
    ----------
    page : Page
    moves : int
        Of each slider.

    Returns
    -------
    dict of str to float
        For each figure the milliseconds that the page's thread works on a move. Unlike `move_sliders` they leave out
        the time in which other programs have the processor.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    run, found = in_chromium(page), {}
    for number in range(run(FIGURES)):
        figure, _ = run(MOVES, number, moves)  # loads the pictures, and warms up
        before = worked()
        run(MOVES, number, moves)
        found[figure] = (worked() - before) / (moves + 2)
    return found


def move_in_all(browser: Browser, engines: Mapping[str, Engine], address: str) -> dict[str, dict[str, Any]]:
    """Move the sliders of a page in Chromium, there also on a processor four times slower, and in other engines.

    Parameters
    ----------
    browser : Browser
        Chromium.
    engines : dict of str to Engine
        The others, by their names.
    address : str
        Of the page.

    Returns
    -------
    dict
        For each figure a dict: for "chromium", "slowed" and each other engine what `move_sliders` says of the figure.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(600_000)
    page.goto(address)
    found = {"chromium": move_sliders(in_chromium(page))}
    slow_down(page, SLOWED)
    found["slowed"] = move_sliders(in_chromium(page), 20)
    page.close()
    for name, engine in engines.items():
        engine.open(address)
        found[name] = move_sliders(engine.run)
    return {figure: {name: times[figure] for name, times in found.items()} for figure in found["chromium"]}
