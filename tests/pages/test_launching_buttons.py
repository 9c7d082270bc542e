"""The buttons of a built chapter: its plain notebooks are downloaded from the site, and opened where it launches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

EDITIONS = ("student", "complete")
CHAPTERS = sorted(path.stem for path in (Path(__file__).parents[2] / "classroom" / "student").glob("*.ipynb"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_both_editions_are_in_the_site(browser: Browser, site: str, html_folder: Path, chapter: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/book/{chapter}.html")
    links = page.locator(".dropdown-download-buttons a").evaluate_all("all => all.map(link => link.href)")
    files = [link.removeprefix(f"{site}/") for link in links if link.endswith(".ipynb")]
    assert files == [f"classroom/{edition}/{chapter}.ipynb" for edition in EDITIONS]
    for file in files:
        cells = json.loads((html_folder / file).read_text("utf-8"))["cells"]
        assert cells[0]["id"] == "install-the-package"
        assert not any(".md" in line for cell in cells[1:] for line in cell["source"] if "](../../" in line)
    page.close()


def test_a_notebook_is_downloaded_from_a_folder_too(browser: Browser, html_folder: Path) -> None:
    page = browser.new_page(accept_downloads=True)
    page.goto((html_folder / "book" / f"{CHAPTERS[0]}.html").as_uri())
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator(".dropdown-download-buttons a", has_text="student").click()
    assert download.value.suggested_filename == f"{CHAPTERS[0]}.ipynb"
    page.close()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_launches_opens_the_classroom(browser: Browser, site: str, chapter: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/book/{chapter}.html")
    links = page.locator(".dropdown-launch-buttons a").evaluate_all("all => all.map(link => link.href)")
    for link in links:  # none where the build knows no repository
        assert any(f"classroom/{edition}/{chapter}.ipynb" in link for edition in EDITIONS), link
    assert len(links) % len(EDITIONS) == 0
    page.close()
