"""The plain notebooks in a real JupyterLab without any extension, driven by a browser.

The server is the test's own: a free port, a token, empty settings, the package from a wheel, and a folder that holds
nothing but ``classroom``.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page

from tools.class_size import free_port, wait_for

CLASSROOM = Path(__file__).parents[2] / "classroom"
SCREEN = {"width": 1280, "height": 900}

#: Milliseconds that all cells of a chapter may take on a slow machine.
RUN = 600_000

#: Both editions of every chapter take half an hour: ``make test-lab`` sets BOOK_LAB and runs them. The rest runs some.
EVERY = [(path.parent.name, path.stem) for path in sorted(CLASSROOM.glob("*/*.ipynb"))]
SOME = [
    ("student", "01-computational-graphs"),
    ("student", "02-rbf-toy"),
    ("student", "03-zipser-andersen"),
    ("student", "06-who-gets-the-credit"),
    ("complete", "01-computational-graphs"),
]
READ = EVERY if os.environ.get("BOOK_LAB") == "all" else SOME

#: The chapters with a figure that its own script computes (`helpers.pages.live`).
COMPUTED = {"02-rbf-toy": 1, "06-who-gets-the-credit": 1}

#: Milliseconds that the way from the hand to the kernel and back may take, a frame of the screen included, in the best
#: of the moves, where no other work is done. So a light figure, drawn in 30 ms, answers within 100.
THERE_AND_BACK = 70

#: Milliseconds within which any figure must answer.
SOON = 300

#: Keys that take a slider from one end to the other, and back; one that stands at its end goes home first.
MOVES = ("End", "Home") * 5

# Notes how long each move takes, from the key to the frame that shows the new picture, and whether it ever was empty.
WATCH = """handle => {
    const figure = handle.closest(".jp-OutputArea-output");
    const place = figure.querySelector(".book-figure svg").closest(".widget-html-content");
    const noted = window.noted = { start: null, times: [], empty: 0 };
    const look = () => {
        const picture = place.querySelector(".book-figure svg");
        if (!picture || picture.getBoundingClientRect().height < 20) noted.empty += 1;
    };
    const everyFrame = () => { look(); requestAnimationFrame(everyFrame); };
    requestAnimationFrame(everyFrame);
    handle.addEventListener("keydown", () => { noted.start = performance.now(); }, { capture: true });
    new MutationObserver(() => {
        look();
        if (noted.start === null) return;
        const start = noted.start;
        noted.start = null;
        requestAnimationFrame(() => noted.times.push(performance.now() - start));
    }).observe(place, { childList: true, subtree: true });
}"""

#: Settings of a fresh JupyterLab: all cells are drawn at once, so that the test sees them.
SETTINGS = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"}}

RUN_ALL = """async () => {
    const { commands, shell } = window.jupyterapp;
    const until = async (ready) => { while (!ready()) await new Promise(later => setTimeout(later, 200)); };
    const context = shell.currentWidget.sessionContext;
    await context.ready;
    await until(() => context.session?.kernel?.status === "idle");
    await commands.execute("notebook:run-all-cells");
    await until(() => context.session.kernel.status === "idle");
}"""

# Runs code in the kernel of the notebook, and returns what it prints.
RUN_IN_KERNEL = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({ code, store_history: false });
    let printed = "";
    future.onIOPub = message => { if (message.header.msg_type === "stream") printed += message.content.text; };
    const reply = await future.done;
    if (reply.content.status !== "ok") throw new Error(`${reply.content.ename}: ${reply.content.evalue}`);
    return printed;
}"""

#: Prints how long each figure takes to be drawn at the ends of its first slider, in milliseconds of processor time.
DRAWING_COSTS = """
def drawing_costs():
    import json, statistics, time
    from helpers.pages.explore import Explorable

    costs = []
    for figure in [value for value in Out.values() if isinstance(value, Explorable)]:
        name, slider = next(iter(figure.parameters.items()))
        times = []
        for value in (slider.values[0], slider.values[-1]) * 3:
            start = time.process_time()
            figure.svg(**figure.start | {name: value})
            times.append(1000 * (time.process_time() - start))
        costs.append(statistics.median(times))
    return json.dumps(costs)

print(drawing_costs())
"""

# Code cells that have no number; a folded one does not show it.
NOT_RUN = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === "code" && cell.model.executionCount === null)
    .map(cell => cell.model.sharedModel.getSource().slice(0, 80))"""

# Text of the rendered Markdown, without code and mathematics.
PROSE = """() => [...document.querySelectorAll(".jp-RenderedMarkdown")].map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("code, pre, mjx-container").forEach(part => part.remove());
    return copy.textContent;
}).join("\\n")"""

RED = ".jp-RenderedText[data-mime-type$='error'], .jp-RenderedText[data-mime-type$='stderr'], mjx-merror"

# Contrast of the words of the prose with the paper behind them.
CONTRAST = """() => {
    const light = colour => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(value => value / 255)
            .map(value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
        return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
    };
    const words = document.querySelector(".jp-RenderedMarkdown p");
    const paper = document.querySelector(".jp-NotebookPanel-notebook");
    const [dark, bright] = [light(getComputedStyle(words).color), light(getComputedStyle(paper).backgroundColor)]
        .sort((one, other) => one - other);
    return (bright + .05) / (dark + .05);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[str]:
    """The address of a JupyterLab in a copy of the classroom, with places for a workspace and a notebook."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(CLASSROOM, home / "classroom")
    for name, values in SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), "utf-8")
    without = home / "config" / "labconfig" / "page_config.json"  # where an author has it
    without.parent.mkdir(parents=True)
    without.write_text(json.dumps({"disabledExtensions": {"jupyterlab-myst": True}}), "utf-8")
    port = free_port()
    token = secrets.token_hex(16)
    places = {"JUPYTER_CONFIG_DIR": "config", "IPYTHONDIR": "ipython", "JUPYTER_RUNTIME_DIR": "runtime",
              "JUPYTER_DATA_DIR": "data", "JUPYTERLAB_SETTINGS_DIR": "settings",
              "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
               f"--ServerApp.root_dir={home / 'classroom'}", f"--ServerApp.port={port}",
               f"--IdentityProvider.token={token}"]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(installed), "TQDM_DISABLE": "1"}
    environment |= {name: str(home / folder) for name, folder in places.items()}
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api?token={token}", server)
            yield f"{address}/lab/workspaces/{{}}/tree/{{}}?token={token}"
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="module", params=READ, ids="-".join)
def notebook(browser: Browser, lab: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A plain notebook of which all cells have run."""
    edition, chapter = request.param
    page = browser.new_context(viewport=SCREEN).new_page()
    page.set_default_timeout(60_000)
    # a workspace of its own: another one would open what was open before, too
    page.goto(lab.format(f"{edition}-{chapter}", f"{edition}/{chapter}.ipynb"), timeout=180_000)
    page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first.wait_for(timeout=180_000)
    page.set_default_timeout(RUN)
    page.evaluate(RUN_ALL)
    page.set_default_timeout(60_000)
    yield page
    page.context.close()


def test_nothing_is_red(notebook: Page) -> None:
    assert notebook.locator(RED).all_text_contents() == []
    assert notebook.evaluate(NOT_RUN) == []


def test_prose_is_prose(notebook: Page) -> None:
    prose = notebook.evaluate(PROSE)
    assert len(prose) > 5_000
    for markup in ("{ref}", "{eq}", "{glue", "{cite", "`", ":label:", ")=", "$", "\\tag", "<a id", "**", "]("):
        at = prose.find(markup)
        assert at < 0, prose[max(at - 80, 0) : at + 80]
    assert notebook.locator(".jp-RenderedMarkdown mjx-container").count() > 50


def test_what_the_page_folds_is_folded(notebook: Page) -> None:
    assert notebook.locator(".jp-CodeCell .jp-InputPlaceholder, .jp-CodeCell .jp-Placeholder").count() > 10
    assert notebook.locator("details[open]").count() == 0


def test_a_link_leads_to_its_place(notebook: Page) -> None:
    link = notebook.locator(".jp-RenderedMarkdown a[href^='#']:not(.jp-InternalAnchorLink)").first
    place = link.get_attribute("href").removeprefix("#")
    link.click()
    target = notebook.locator(f"[id='{place}'], [data-jupyter-id='{place}']").first
    notebook.wait_for_timeout(1000)
    box = target.bounding_box()
    assert box and -5 <= box["y"] <= SCREEN["height"], (place, box)


def test_a_slider_answers(notebook: Page) -> None:
    figure = notebook.locator(".jp-OutputArea-output", has=notebook.locator(".noUi-handle")).first
    picture = figure.locator(".book-figure svg").first
    before = picture.inner_html()
    handle = figure.locator(".noUi-handle").first
    handle.focus()
    handle.press("ArrowLeft" if at_its_end(handle) else "ArrowRight")
    for _ in range(100):
        if picture.inner_html() != before:
            return
        notebook.wait_for_timeout(100)
    pytest.fail("the drawing did not change with its slider")


def test_a_figure_that_computes_has_taken_the_place_of_its_picture(notebook: Page) -> None:
    chapter = unquote(notebook.url).rpartition("/")[2].partition(".")[0]
    figures = notebook.locator("figure.book-explore:has(.book-live)")
    assert figures.count() == COMPUTED.get(chapter, 0)
    for figure in figures.all():
        assert figure.locator("> .book-live.computed .stage > svg").count() > 1
        assert figure.locator("> .frame").count() == 0 and figure.locator("> figcaption").is_visible()
        words = figure.locator(".book-live > .caption")
        before = words.inner_text()
        figure.locator("input[type=range]").first.press("ArrowRight")
        assert words.inner_text() != before


def test_every_figure_answers_its_slider_at_once(
    notebook: Page, record_property: Callable[[str, object], None]
) -> None:
    """And the old picture stands until the new one is there. No figure of the book trains while it is drawn."""
    figures = notebook.locator(".jp-OutputArea-output:has(.noUi-handle):has(.widget-html-content .book-figure svg)")
    costs = json.loads(notebook.evaluate(RUN_IN_KERNEL, DRAWING_COSTS))
    assert figures.count() == len(costs) > 0
    late = {}
    for number, cost in enumerate(costs):
        waiting = queue()
        handle = figures.nth(number).locator(".noUi-handle").first
        name = f"{number + 1}: {figures.nth(number).locator('.widget-label').first.text_content()}"
        handle.evaluate(WATCH)
        moves = MOVES[::-1] if at_its_end(handle) else MOVES
        times = [answer_time(notebook, handle, key) for key in moves]
        assert notebook.evaluate("() => window.noted.empty") == 0, f"no picture for a while, figure {name}"
        best, median = min(times), statistics.median(times)
        limit = min(cost + THERE_AND_BACK, SOON) * max(waiting, queue())
        record_property(name, f"best {best:.0f}, median {median:.0f}, limit {limit:.0f}, drawing {cost:.0f} ms")
        if best > limit:
            late[name] = best
    assert not late


def at_its_end(handle: Locator) -> bool:
    """Whether a slider has its largest value."""
    return handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")


def queue() -> float:
    """How many processes share each processor, one at least: so many times longer everything takes."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 1
    return max(load / (os.cpu_count() or 1), 1)


def answer_time(notebook: Page, handle: Locator, key: str) -> float:
    """Press a key on a slider, wait for the new picture, and return the milliseconds that it took."""
    before = notebook.evaluate("() => window.noted.times.length")
    handle.press(key)
    notebook.wait_for_function("before => window.noted.times.length > before", arg=before, timeout=20_000)
    return notebook.evaluate("() => window.noted.times.at(-1)")


@pytest.mark.parametrize(("theme", "light"), [("JupyterLab Dark", "false"), ("JupyterLab Light", "true")])
def test_light_and_dark(notebook: Page, theme: str, light: str) -> None:
    notebook.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    notebook.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")
    notebook.wait_for_timeout(500)
    if folder := os.environ.get("BOOK_SCREENSHOTS"):
        notebook.screenshot(path=Path(folder) / f"{theme.split()[-1]}-{time.time():.0f}.png")
    assert notebook.evaluate(CONTRAST) > 7
