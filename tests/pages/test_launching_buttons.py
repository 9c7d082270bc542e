"""The buttons of a built chapter: its plain notebooks lie in the site, and what launches opens them."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

EDITIONS = ("student", "complete")
CHAPTERS = sorted(path.stem for path in (Path(__file__).parents[2] / "classroom" / "student").glob("*.ipynb"))


@pytest.fixture(params=CHAPTERS)
def chapter(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def links(html_folder: Path, chapter: str) -> list[str]:
    """Where the links of a chapter's page lead that open a notebook, but for the one that edits its source."""
    page = (html_folder / "book" / f"{chapter}.html").read_text("utf-8")
    found = map(html.unescape, re.findall(r'href="([^"]*\.ipynb[^"]*)"', page))
    return [link for link in found if "/edit/" not in link]


def test_both_editions_are_in_the_site(html_folder: Path, chapter: str, links: list[str]) -> None:
    inside = [link for link in links if "://" not in link]
    assert inside == [f"../classroom/{edition}/{chapter}.ipynb" for edition in EDITIONS]
    for link in inside:
        first, *cells = json.loads((html_folder / "book" / link).read_text("utf-8"))["cells"]
        assert first["id"] == "install-the-package"
        sources = [line for cell in cells if cell["cell_type"] == "markdown" for line in cell["source"]]
        assert not [line for line in sources if re.search(r"\]\(\.\./\.\./[\w/-]+\.md", line)], "no page of the site"


def test_what_launches_opens_the_classroom(chapter: str, links: list[str]) -> None:
    """None of these where the build knows no public repository."""
    outside = [link for link in links if "://" in link]
    for edition in EDITIONS:
        of_edition = [link for link in outside if f"classroom/{edition}/{chapter}.ipynb" in link]
        assert len(of_edition) == len(outside) / len(EDITIONS)
