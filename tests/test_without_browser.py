"""Plain pytest works on a machine without the browser driver, and the page tests, asked for alone, fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bare(tmp_path) -> Path:
    """A copy of the page tests beside one other test, where no driver can be imported and no page is built."""
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("tests/pages", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "test_one.py").write_text("def test_one():\n    assert True\n")
    for driver in ("playwright", "axe_playwright_python"):
        (tmp_path / f"{driver}.py").write_text("raise ModuleNotFoundError('as on a machine without it')\n")
    return tmp_path


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    # unperturbed: the copy holds no code that perturbs
    environment = os.environ | {"PYTHONPATH": str(folder), "BOOK_PERTURBATION": ""}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_plain_pytest_runs_the_rest_and_says_what_the_page_tests_need(bare):
    run = run_pytest(bare)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed, 1 skipped" in run.stdout
    assert "the page tests need a browser driver: `make test-pages` installs it" in run.stdout


def test_page_tests_asked_for_alone_fail_and_say_what_they_need(bare):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    options = "--numprocesses auto --dist loadfile tests/pages"
    assert f"$(BIN)/python -m pytest {options}\n" in makefile, "make test-pages asks for them alone"
    run = run_pytest(bare, *options.split())
    assert run.returncode != 0
    assert "the page tests need a browser driver" in run.stdout
