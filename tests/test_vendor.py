"""The browser assets in ``assets/vendor`` are those that were recorded when they were fetched."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

KATEX = Path(__file__).parents[1] / "assets" / "vendor" / "katex"
RECORD = tomllib.loads((KATEX / "VENDOR.toml").read_text("utf-8"))


def test_files_are_the_recorded_ones() -> None:
    files = (file for file in KATEX.rglob("*") if file.is_file() and file.name != "VENDOR.toml")
    found = {file.relative_to(KATEX).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert found == RECORD["sha256"]


def test_version_and_licence_are_recorded() -> None:
    assert f'version:"{RECORD["version"]}"' in (KATEX / "katex.min.js").read_text("utf-8")
    assert RECORD["licence"] == "MIT"
    assert "MIT License" in (KATEX / "LICENSE").read_text("utf-8")


def test_style_sheet_names_only_fonts_that_are_here() -> None:
    css = (KATEX / "katex.min.css").read_text("utf-8")
    named = {part.split(")")[0] for part in css.split("url(")[1:]}
    assert named == {f"fonts/{font.name}" for font in (KATEX / "fonts").iterdir()}
