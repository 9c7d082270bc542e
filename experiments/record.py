"""Result files: JSON that says which command, seeds and versions made it."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

#: Where result files are kept, seen from the top folder of the book.
RESULTS = Path("book/results")


def header(
    command: str, seeds: Sequence[int], seconds: float, packages: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the fields that every result file begins with.

    Parameters
    ----------
    command : str
        What to type, in the top folder, to make the file again.
    seeds : sequence of int
        One for each repetition, all different.
    seconds : float
        Duration of the whole run on the clock.
    packages : sequence of str
        Names of distributions besides numpy whose version matters.

    Returns
    -------
    dict
        ``command``, ``date`` (UTC day), ``seconds``, ``seeds`` and ``versions``.

    Raises
    ------
    ValueError
        If there is no seed, or one occurs twice.
    """
    if not seeds or len(set(seeds)) != len(seeds):
        raise ValueError(f"need at least one seed and each only once, got {list(seeds)}")
    return {
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(seconds, 1),
        "seeds": list(seeds),
        "versions": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            **{name: version(name) for name in ("numpy", *packages)},
        },
    }


def summary(values: Sequence[float]) -> dict[str, Any]:
    """Return one value per seed with their mean and sample standard deviation.

    Parameters
    ----------
    values : sequence of float
        In the order of the seeds.

    Returns
    -------
    dict
        ``per_seed``, ``mean`` and ``sd``; a single value has sd 0.
    """
    spread = np.std(values, ddof=1) if len(values) > 1 else 0.0
    return {"per_seed": list(values), "mean": float(np.mean(values)), "sd": float(spread)}


def write(path: str | os.PathLike, result: dict[str, Any]) -> None:
    """Write a result file whole or not at all: to a temporary file beside it, then renamed.

    Parameters
    ----------
    path : path
        The file; its folder is made if it is missing.
    result : dict
        What to write; no NaN or infinite number, which JSON does not know.

    Raises
    ------
    ValueError
        If a number is not finite. The file that was there before stays.
    """
    path = Path(path)
    text = json.dumps(result, indent=1, allow_nan=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def command_line(
    name: str,
    description: str,
    out: Path,
    run: Callable[[list[int]], dict[str, Any]],
    *,
    seeds: int = 5,
    packages: Sequence[str] = (),
    show: Callable[[dict[str, Any]], Iterable[str]] | None = None,
) -> None:
    """Read the command line of an experiment that takes a number of seeds, run it, and write its file.

    Parameters
    ----------
    name : str
        Module in ``experiments``.
    description : str
        Its docstring; the first line is for ``--help``.
    out : path
        File that is written unless ``--out`` names another.
    run : callable
        Takes the seeds, 0, 1, ...; returns what the file keeps after its header.
    seeds : int
        Number of seeds, unless ``--seeds`` says another.
    packages : sequence of str
        As for `header`.
    show : callable, optional
        Takes what `run` returned; returns lines to print.
    """
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=seeds, help=f"number of seeds (default: {seeds})")
    parser.add_argument("--out", type=Path, default=out, help=f"file to write (default: {out})")
    options = parser.parse_args()
    start, numbers = time.perf_counter(), list(range(options.seeds))
    result = run(numbers)
    command = f"python -m experiments.{name} --seeds {options.seeds}"
    write(options.out, {**header(command, numbers, time.perf_counter() - start, packages), **result})
    for line in show(result) if show else ():
        print(line)
    print(f"written: {options.out}")
