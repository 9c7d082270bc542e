"""The lock fits ``pyproject.toml`` and says nothing of the machine that made it."""

from __future__ import annotations

import re
import tomllib
from itertools import chain, combinations
from pathlib import Path

import pytest

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
GROUP_LOCKS = {
    group: (ROOT / f"requirements-{group}.txt").read_text("utf-8").splitlines()
    for group in PROJECT["dependency-groups"]
}

PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==[\w.]+( ; .+)?")


def names(requirements: list[str]) -> set[str]:
    """The normalised names in lines such as ``jupyter-book<2`` or ``numpy==2.4.6 ; python_version < '3.12'``."""
    found = (re.match(r"[\w.-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def of_group(group: str) -> list[str]:
    """The lines of a dependency group, and of those that it includes."""
    lines = PROJECT["dependency-groups"][group]
    return [one for line in lines for one in ([line] if isinstance(line, str) else of_group(line["include-group"]))]


def pins(lock: list[str], name: str) -> set[str]:
    """How a lock pins a package: by one version, or by one for each range of Python versions."""
    return {line.split(" ; ")[0] for line in lock if line.startswith(f"{name}==")}


def test_every_direct_dependency_is_locked() -> None:
    assert names(PROJECT["project"]["dependencies"]) <= names(LOCK)
    for group, lock in GROUP_LOCKS.items():
        assert names(of_group(group)) <= names(lock)


def test_the_book_itself_comes_last() -> None:
    assert LOCK[-1] == "-e ."


@pytest.mark.parametrize("line", [*LOCK[:-1], *chain(*GROUP_LOCKS.values())])
def test_every_line_is_one_pinned_package(line: str) -> None:
    assert PIN.fullmatch(line), "expected name==version; addresses and options of a package host do not belong here"


def test_the_locks_agree() -> None:
    """A package has the same versions in all locks; the machines that need it for one may be fewer than for another."""
    locks = [LOCK, *GROUP_LOCKS.values()]
    for one, other in combinations(locks, 2):
        for name in names(one) & names(other):
            assert pins(one, name) == pins(other, name), f"{name} has two versions"


def test_no_pin_is_too_new_for_macs_with_an_intel_processor() -> None:
    """From 26 on this package has no wheel for them; the constraint keeps `make lock` below."""
    assert "argon2-cffi-bindings<26" in PROJECT["tool"]["uv"]["constraint-dependencies"]
    majors = [int(re.split(r"==|\.", pin)[1]) for pin in pins(LOCK, "argon2-cffi-bindings")]
    assert majors and max(majors) < 26


def test_binder_uses_a_python_that_the_lock_is_for() -> None:
    runtime = (ROOT / "runtime.txt").read_text("utf-8").strip()
    assert re.fullmatch(r"python-3\.1[1-3]", runtime)
