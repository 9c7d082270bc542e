"""Measure where the time of a build and of the tests goes, for the page of speed.

    python -m tools.build_times [--out book/build-times.json]

The files of the repository are copied to a temporary folder, so that the build is a cold one and nobody's own is
lost; the environment is this checkout's. There `make book` runs twice, and `make test` once. How long a chapter's cells
took is what the build says itself; how long a test took is what pytest says with ``--durations``. Run it where nothing
else runs: the page says how many tasks wanted the processors at the start.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from experiments.record import header, write
from tools.class_size import machine
from tools.copies import ROOT, copied

#: Where the page reads it, seen from the top folder of the book.
STORED = Path("book/build-times.json")

#: Tests shorter than so many seconds are not told apart.
LEAST = 0.005


#: Left out of what is timed: with it Python compiles every module in every process, which no reader's Python does.
UNUSUAL = ("PYTHONDONTWRITEBYTECODE",)


def ready(folder: Path) -> Path:
    """Copy the repository into a folder, beside a link to its environment; return the folder."""
    copied(folder)
    link = folder / ".venv"
    link.unlink(missing_ok=True)
    link.symlink_to((ROOT / ".venv").resolve())
    return folder


def made(target: str, folder: Path) -> tuple[float, str]:
    """Make a target in a folder with the environment as it is; return the seconds and what was printed.

    Raises
    ------
    SystemExit
        If it fails: then its time says nothing.
    """
    outside = {name: value for name, value in os.environ.items() if name not in UNUSUAL}
    more = {"PYTHONPATH": str(folder), "PYTEST_ADDOPTS": f"--durations=0 --durations-min={LEAST} --no-header"}
    command = ["make", "--no-print-directory", "--old-file", ".venv/.installed", target]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=outside | more, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"make {target} failed, so nothing is written:\n{(done.stdout + done.stderr)[-3000:]}")
    return seconds, done.stdout + done.stderr


def executed(output: str) -> dict[str, float]:
    """Return the seconds that each chapter's cells took, from what a build prints.

    Parameters
    ----------
    output : str

    Returns
    -------
    dict of str to float
        By the name of the chapter's file, without its ending.
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    found = re.findall(r"([\w-]+)\.ipynb: Executed notebook in ([\d.]+) seconds", plain)
    return {name: round(float(seconds), 1) for name, seconds in found}


def durations(output: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds of each file of tests and of each chapter, from what ``pytest --durations`` prints.

    Parameters
    ----------
    output : str

    Returns
    -------
    files, chapters : dict of str to float
        Setup and teardown included. Files by their name, chapters by theirs without the ending.
    """
    sums: Counter[str] = Counter()
    for seconds, where in re.findall(r"^([\d.]+)s (?:call|setup|teardown)\s+([^:\n]+)::", output, re.MULTILINE):
        sums[where] += float(seconds)  # type: ignore[assignment]  # a counter of seconds
    files = {Path(name).name: round(float(total), 1) for name, total in sums.items() if name.endswith(".py")}
    chapters = {Path(name).stem: round(float(total), 1) for name, total in sums.items() if name.endswith(".ipynb")}
    return files, chapters


def measured() -> dict[str, Any]:
    """Build the book twice and test it once, in a copy.

    Returns
    -------
    dict
        ``book`` with seconds ``cold``, ``unchanged`` and of the ``chapters``; ``tests`` with ``seconds`` of all, of the
        ``files`` and of the ``notebooks``; ``machine``; and its ``load`` before.
    """
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory() as name:
        folder = ready(Path(name))
        cold, output = made("book", folder)
        unchanged, _ = made("book", folder)
        seconds, told = made("test", folder)
    files, notebooks = durations(told)
    return {
        "book": {"cold": round(cold, 1), "unchanged": round(unchanged, 1), "chapters": executed(output)},
        "tests": {"seconds": round(seconds, 1), "files": files, "notebooks": notebooks},
        "machine": machine(),
        "load": load,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=STORED, help="file to write (default: %(default)s)")
    options = parser.parse_args()
    start = time.perf_counter()
    result = measured()
    command = f"python -m tools.build_times --out {options.out.as_posix()}"
    write(options.out, {**header(command, [0], time.perf_counter() - start), **result})
