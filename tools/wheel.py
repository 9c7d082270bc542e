"""Build the book's own wheel from a checkout, and leave nothing in the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent

#: What the wheel is made of.
PARTS = ("pyproject.toml", "README.md", "LICENSE", "helpers", "book/results")

#: The time of every file inside, 1 January 1980: the oldest that a zip file can tell. The same checkout gives the same
#: wheel.
SOURCE_DATE_EPOCH = "315532800"

#: The list of dependencies in ``pyproject.toml``.
DEPENDENCIES = re.compile(r"^dependencies = \[\n.*?^\]", re.MULTILINE | re.DOTALL)


class CannotBuildError(Exception):
    """What is missing, and what to do: words for the terminal."""


def build_wheel(folder: Path, dependencies: Sequence[str] | None = None, checkout: Path = ROOT) -> Path:
    """Build the wheel into a folder.

    Parameters
    ----------
    folder : Path
        Holds the wheel afterwards.
    dependencies : sequence of str, optional
        Names that the wheel asks for, in the place of those in ``pyproject.toml``.
    checkout : Path, optional

    Returns
    -------
    Path
        The wheel.

    Raises
    ------
    CannotBuildError
        If pip fails; with its last words.
    """
    with TemporaryDirectory() as name:
        source = copy_source(checkout, Path(name), dependencies)
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "--wheel-dir",
            str(folder),
            str(source),
        ]
        environment = os.environ | {"SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CannotBuildError(f"The book's own wheel could not be built. pip says:\n{done.stderr[-2000:]}")
    return next(folder.glob("credit_assignment-*.whl"))


def copy_source(checkout: Path, target: Path, dependencies: Sequence[str] | None) -> Path:
    """Copy what the wheel is made of, with other dependencies where some are given, and return the target.

    A build inside the checkout would leave folders there, and take old files from them the next time.
    """
    for part in PARTS:
        source, copy = checkout / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, copy)
    if dependencies is not None:
        project = target / "pyproject.toml"
        project.write_text(with_dependencies(project.read_text("utf-8"), dependencies), "utf-8")
    return target


def with_dependencies(project: str, dependencies: Sequence[str]) -> str:
    """Return the text of a ``pyproject.toml`` with other dependencies, or raise ValueError if it has no such list."""
    lines = "".join(f'    "{name}",\n' for name in dependencies)
    text = DEPENDENCIES.sub(f"dependencies = [\n{lines}]", project, count=1)
    if tomllib.loads(text)["project"].get("dependencies") != list(dependencies):
        raise ValueError(
            "pyproject.toml has no list that begins with 'dependencies = [' and ends with ']', each on a line"
        )
    return text
