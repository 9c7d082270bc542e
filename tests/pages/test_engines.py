"""Firefox and WebKit, the engine of Safari, show what Chromium shows: the other tests of pages use Chromium alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import built_pages
from tools.browser import LAY_OUT
from tools.engines import ENGINES, Engine, missing
from tools.serving import QuietHandler, served

#: Chapters, and pages of other kinds: with a figure that computes, with formulas in tables, with a script that finds.
PAGES = [
    *(name for name in built_pages() if name.startswith("book/0")),
    "book/index.html",
    "book/notation.html",
    "search.html?q=rule",
]

#: The first script of every page: WebKit's driver does not tell what the console says.
LISTEN = """<script>window.said = [];
for (const level of ["error", "warn"]) console[level] = (...words) => said.push(words.join(" "));
addEventListener("error", (event) => said.push(event.message ?? `not loaded: ${event.target.outerHTML}`), true);
addEventListener("unhandledrejection", (event) => said.push(String(event.reason)));
</script>"""

UNSET = r"""() => {
    const text = document.querySelector("article")?.cloneNode(true);
    text?.querySelectorAll("pre, code, .katex, script, style, svg").forEach((part) => part.remove());
    const unset = [...document.querySelectorAll(".tex:not(:has(.katex)), .katex-error")].map((one) => one.textContent);
    return [...unset, ...(text?.textContent.match(/\$[^$\n]{1,60}\$|\\\(|\\\[|\\begin\{/g) ?? [])];
}"""

#: Parts of formulas that have more or fewer parts of their own than MathML gives them.
MISSHAPEN = """() => {
    const parts = { mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3 };
    const wrong = (part) => part.children.length !== parts[part.localName];
    return [...document.querySelectorAll(Object.keys(parts))].filter(wrong).map((part) => part.outerHTML);
}"""

#: What Firefox says of a formula that has come by half when the page is first laid out; MISSHAPEN looks at the end.
HALF_READ = "Invalid markup: Incorrect number of children"

#: Brings a target of a link into view by its name, and returns how far below the window's upper edge it comes to rest.
FOLLOW = """async (name) => {
    location.hash = name;
    for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
    return document.getElementById(name).getBoundingClientRect().top;
}"""

TARGETS = """() => {
    const targets = document.querySelectorAll("article :is(section, figure, .equation, .admonition)[id]");
    return [...targets].map((one) => one.id);
}"""

SLIDERS = "() => document.querySelectorAll('article input[type=range]').length"

#: Brings a slider near, waits for its pictures and gives it the focus; returns the key that moves it, and what is seen.
TOUCH = """async (number) => {
    const slider = document.querySelectorAll("article input[type=range]")[number];
    const figure = slider.closest("figure") ?? slider.closest(".book-live");
    slider.scrollIntoView({ block: "center", behavior: "instant" });
    const waits = () => figure.querySelector(":scope > script[type='application/json']") && !figure.dataset.pictures;
    for (let look = 0; waits() && look < 200; look++) await new Promise((done) => setTimeout(done, 50));
    slider.focus();
    return [slider.value === slider.max ? "ArrowLeft" : "ArrowRight", seen()];
    function seen() { return [...figure.querySelectorAll(".frame")].map((frame) => frame.innerHTML).join(); }
}"""

#: Opens the page once more in a frame as narrow as a phone, and returns how wide it is there.
NARROW = """(width, style) => new Promise((done) => {
    const frame = document.createElement("iframe");
    Object.assign(frame.style, { width: `${width}px`, height: "844px", border: 0 });
    frame.onload = async () => {
        frame.contentDocument.head.append(Object.assign(document.createElement("style"), { textContent: style }));
        await frame.contentDocument.fonts.ready;
        const wide = frame.contentDocument.documentElement.scrollWidth;
        frame.remove();
        done(wide);
    };
    frame.src = location.href;
    document.body.append(frame);
})"""


PAUSE = b"<!-- a slow network -->"


class Listened(QuietHandler):
    """Serves a folder, and puts a first script into every page; where a page has a PAUSE, it comes in two halves."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.suffix != ".html" or not file.is_file():
            return super().do_GET()
        content = file.read_text("utf-8").replace("<head>", f"<head>{LISTEN}", 1).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        first, pause, second = content.partition(PAUSE)
        self.wfile.write(first)
        if pause:
            self.wfile.flush()
            time.sleep(1)
        self.wfile.write(pause + second)
        return None


@pytest.fixture(scope="module")
def listened_site(html_folder: Path) -> Iterator[str]:
    with served(html_folder, Listened) as site:
        yield site


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if reason := missing(request.param):
        pytest.skip(reason)
    with ENGINES[request.param]() as engine:
        yield engine


def faults(engine: Engine, address: str) -> dict[str, object]:
    """Open a page, and return what is wrong with it."""
    engine.said.clear()
    engine.open(address)
    found = {
        "formulas not set": engine.run(UNSET),
        "parts of formulas with too many or few parts": engine.run(MISSHAPEN),
        "sliders, counted from 0, that change nothing": dead_sliders(engine),
        "words in the console": [
            said for said in engine.run("() => said") + engine.said if not said.startswith(HALF_READ)
        ],
        "pixels of width on a phone of 390": [wide for wide in [engine.run(NARROW, 390, LAY_OUT)] if wide > 390],
    }
    return {what: those for what, those in found.items() if those}


def dead_sliders(engine: Engine) -> list[int]:
    """Numbers of the sliders of an open page that do not change what is seen when an arrow key is pressed on them."""
    dead = []
    for number in range(engine.run(SLIDERS)):
        key, before = engine.run(TOUCH, number)
        engine.press(key)
        if engine.run(TOUCH, number)[1] == before:
            dead.append(number)
    return dead


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_other_engines(engine: Engine, listened_site: str, name: str) -> None:
    assert not faults(engine, f"{listened_site}/{name}")


def test_a_link_leads_to_what_was_not_laid_out(engine: Engine, listened_site: str) -> None:
    engine.open(f"{listened_site}/book/02-rbf-toy.html")
    targets = engine.run(TARGETS)
    far = [*targets[::-20], *targets[10::20]]
    places = {name: engine.run(FOLLOW, name) for name in far}
    assert len(places) > 8
    assert not {name: place for name, place in places.items() if not 0 <= place <= 100}


def test_the_faults_of_a_page_are_seen(engine: Engine, tmp_path: Path) -> None:
    dead, alive = "", "this.closest('figure').querySelector('.frame').textContent = this.value"
    figures = [
        f'<figure><input type="range" oninput="{move}"><p class="frame">50</p></figure>' for move in (dead, alive)
    ]
    formulas = r'<p>\(x\), <span class="tex">y</span> and <span class="tex"><i class="katex">$z$</i></span></p>'
    formulas += "<math><mfrac><mn>1</mn></mfrac><msub><mi>x</mi><mn>1</mn></msub></math>"
    wide = '<p style="width: 600px">wide</p><script>console.warn("careful"); missing();</script>'
    page = f"<!doctype html><html><head><title>Faults</title></head><body><article>{formulas}{''.join(figures)}{wide}"
    tmp_path.joinpath("faults.html").write_text(page, encoding="utf-8")
    with served(tmp_path, Listened) as site:
        unset, misshapen, numbers, words, widths = faults(engine, f"{site}/faults.html").values()
    assert unset == ["y", "\\("] and misshapen == ["<mfrac><mn>1</mn></mfrac>"] and numbers == [0]
    assert "careful" in words and any("missing" in word for word in words)
    assert widths[0] > 600


def test_a_formula_of_which_one_half_came_first_is_no_fault(engine: Engine, tmp_path: Path) -> None:
    page = f"<!doctype html><html><head><title>Slow</title></head><body><math><mfrac><mn>1</mn>{PAUSE.decode()}"
    tmp_path.joinpath("slow.html").write_text(f"{page}<mn>2</mn></mfrac></math></body></html>", encoding="utf-8")
    with served(tmp_path, Listened) as site:
        assert not faults(engine, f"{site}/slow.html")
