"""The lock fits ``pyproject.toml`` and says nothing of the machine that made it."""

from __future__ import annotations

import re
import tomllib
import venv
from pathlib import Path

import pytest

from tools.lock import interpreter

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
BROWSER_LOCK = (ROOT / "requirements-browser.txt").read_text("utf-8").splitlines()

PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==[\w.]+( ; .+)?")


def names(requirements: list[str]) -> set[str]:
    """The normalised names in lines such as ``jupyter-book<2`` or ``numpy==2.4.6 ; python_version < '3.12'``."""
    found = (re.match(r"[\w.-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def test_every_direct_dependency_is_locked() -> None:
    assert names(PROJECT["project"]["dependencies"]) <= names(LOCK)
    assert names(PROJECT["dependency-groups"]["browser"]) <= names(BROWSER_LOCK)


def test_the_book_itself_comes_last() -> None:
    assert LOCK[-1] == "-e ."


@pytest.mark.parametrize("line", LOCK[:-1] + BROWSER_LOCK)
def test_every_line_is_one_pinned_package(line: str) -> None:
    assert PIN.fullmatch(line), "expected name==version; addresses and options of a package host do not belong here"


def test_both_locks_agree() -> None:
    locked = {line for line in LOCK if "==" in line}
    for name in names(BROWSER_LOCK) & names(LOCK):
        ours = {line for line in BROWSER_LOCK if line.startswith(f"{name}==")}
        assert ours <= locked, f"{name} has two versions"


def test_no_pin_is_too_new_for_macs_with_an_intel_processor() -> None:
    """From 26 on this package has no wheel for them; the constraint keeps `make lock` below."""
    assert "argon2-cffi-bindings<26" in PROJECT["tool"]["uv"]["constraint-dependencies"]
    pins = [line.removeprefix("argon2-cffi-bindings==") for line in LOCK if line.startswith("argon2-cffi-bindings==")]
    assert pins and all(int(version.split(".")[0]) < 26 for version in pins)


def test_the_lock_tool_finds_the_python_of_an_environment_on_every_system(tmp_path) -> None:
    assert interpreter(tmp_path, "nt") == tmp_path / "Scripts" / "python.exe"
    assert interpreter(tmp_path, "posix") == tmp_path / "bin" / "python"
    venv.create(tmp_path, with_pip=False)
    assert interpreter(tmp_path).exists()


def test_binder_uses_a_python_that_the_lock_is_for() -> None:
    runtime = (ROOT / "runtime.txt").read_text("utf-8").strip()
    assert re.fullmatch(r"python-3\.1[1-3]", runtime)
