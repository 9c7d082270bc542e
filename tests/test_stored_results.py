"""The stored results travel with the package, and a chapter that is alone says what it needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.data import results

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
FILES = sorted((ROOT / "book" / "results").glob("*.json"))


def run(code: str, folder: Path, path: Path | None = None) -> subprocess.CompletedProcess:
    """Run Python code in a folder, with one other folder to import from, and none of this checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)


def first_cell(path: Path) -> str:
    """The source of a chapter's first code cell."""
    return next(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")


def test_there_are_results_and_chapters():
    assert len(FILES) >= 20 and len(CHAPTERS) >= 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_stored_reads_the_file_of_a_name(path):
    assert results.stored(path.stem) == json.loads(path.read_text(encoding="utf-8"))


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(FileNotFoundError, match=r"'04-dept': choose one of .*04-depth, .*make experiments"):
        results.stored("04-dept")


def test_a_package_without_results_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(results, "FOLDERS", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(FileNotFoundError, match="install the book's package anew"):
        results.stored("04-depth")


def test_an_installed_package_brings_every_result_and_every_module(installed, tmp_path):
    names = [path.stem for path in FILES]
    code = f"from helpers.data.results import stored; print(sum(bool(stored(name)) for name in {names}))"
    done = run(code, tmp_path, installed)
    assert done.stdout == f"{len(FILES)}\n", done.stderr
    files = {path.relative_to(installed) for path in installed.glob("helpers/**/*")}
    kinds = (".py", ".js", ".css", ".html", ".mplstyle")
    ours = {path.relative_to(ROOT) for path in ROOT.glob("helpers/**/*") if path.suffix in kinds}
    assert ours <= files


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapters_read_their_results_from_the_package_only(path):
    code = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert not [word for word in ("json", "Path(", "open(", "results/") if word in code]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_without_the_package_says_what_to_install(path, tmp_path):
    (tmp_path / "helpers.py").write_text("raise ModuleNotFoundError('as on a machine without it')")
    done = run(first_cell(path), tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: This chapter needs the book's package: "
        "run %pip install git+ADDRESS-OF-THE-REPOSITORY, then this cell again."
    )
    assert "During handling" not in done.stderr
