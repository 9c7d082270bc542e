"""The built book, served on this machine and as files, and a browser to read it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.browser import BROWSERS, browser_path, launched
from tools.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HTML = Path(__file__).parents[2] / "_build" / "html"
ASSETS = (Path(__file__).parents[2] / "assets").as_uri()


def pytest_pycollect_makemodule() -> None:
    """Skip this folder where something is missing that it needs; pytest fails if asked for this folder alone."""
    if reason := missing():
        pytest.skip(reason, allow_module_level=True)


def missing() -> str | None:
    """What the page tests need and this machine lacks, in one sentence; None if nothing."""
    if not (importable("playwright.sync_api") and importable("axe_playwright_python")):
        return "the page tests need a browser driver: `make test-pages` installs it and runs them"
    if not browser_path():
        return f"the page tests need a browser on the path, one of {', '.join(BROWSERS)}"
    if not built_pages():
        return f"no pages in {HTML.name}: `make test-pages` builds and tests them"
    return None


def importable(name: str) -> bool:
    """Whether a module can be imported."""
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def built_pages() -> list[str]:
    """Every page that a reader can open; index.html only leads to the first."""
    pages = (page.relative_to(HTML) for page in HTML.rglob("*.html"))
    return sorted(page.as_posix() for page in pages if page.parts[0] not in ("_static", "index.html"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `page_name` once for each page; all tests of one page run one after the other."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", built_pages(), scope="module")


@pytest.fixture(scope="session")
def html_folder() -> Path:
    return HTML


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the book on a free port of this machine."""
    with served(HTML) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_alone(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a small page of its own: what stands in its head and its body, in a theme, on a screen of some width."""
    contexts = []

    def open_page(head: str, body: str, theme: str = "light", width: int = 1280, **context: object) -> Page:
        head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}'
        file = tmp_path / f"{theme}.html"
        file.write_text(f"<!doctype html><html lang='en' data-theme='{theme}'><head>{head}</head><body>{body}", "utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def open_figure(open_alone: Callable[..., Page], heading: str, shown: str) -> Callable[..., Page]:
    """Open a small page with a figure alone, which a module gives as `shown`, with its `heading`.

    A piece of the figure's script may be changed before.
    """

    def open_page(theme: str = "light", changed: tuple[str, str] = ("", ""), **screen: object) -> Page:
        assert changed[0] in shown
        html = shown.replace(*changed) if changed[0] else shown
        head = f"""<title>{heading}</title><link rel="stylesheet" href="{ASSETS}/book.css">
        <style>body {{ background: var(--figure-paper); color: var(--figure-ink) }}</style>"""
        return open_alone(head, f"<main><h1>{heading}</h1>{html}</main>", theme, **screen)

    return open_page


@pytest.fixture(scope="session")
def static_page() -> Callable[[str, Callable[[], str]], str]:
    """Return a figure's HTML as the built book has it on the page of a chapter."""
    from extensions.outputs import PageOutputs

    return lambda chapter, make: PageOutputs(chapter).as_page(make())
