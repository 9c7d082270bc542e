"""The browser of this machine, for tools and tests that open or print the built pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

#: As any user, on a machine without a screen, and with no word to other hosts.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")

#: A function of a page that goes down it, as a reader does: what is far is not laid out, and not asked for, before.
GO_DOWN = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let top = 0; top < document.body.scrollHeight; top += 800) {
        scrollTo({ top, behavior: "instant" });
        await frame();
    }
    await document.fonts.ready;
    await frame();
}"""

#: A style with which a page lays out all its parts, also those that are far from the window.
LAY_OUT = ".bd-article * { content-visibility: visible !important; }"


def browser_path() -> str | None:
    """Return where the browser is, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser, driven by playwright, and end it.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    from playwright.sync_api import sync_playwright

    if (path := browser_path()) is None:
        raise FileNotFoundError(f"a browser is needed on the path, one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
