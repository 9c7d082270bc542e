"""Result files: JSON that says which command, seeds and versions made it."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from experiments.whole_files import write_whole

#: Where result files are kept, seen from the top folder of the book.
RESULTS = Path("book/results")


def header(command: str, seeds: Sequence[int], seconds: float, packages: Sequence[str] = ()) -> dict[str, Any]:
    """Return the fields that every result file begins with.

    Parameters
    ----------
    command : str
        What to type, in the top folder, to make the file again.
    seeds : sequence of int
        One for each repetition, all different.
    seconds : float
        Of work: the sum over the runs, each on one thread.
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


def summaries(rows: Sequence[Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    """Return a `summary` for each figure that a run has, from one row of figures per seed."""
    return {name: summary([row[name] for row in rows]) for name in rows[0]}


def write(path: str | os.PathLike, result: dict[str, Any]) -> None:
    """Write a result file whole or not at all.

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
    CannotWriteError
        If the machine refuses, for instance because the disk is full. The file that was there before stays.
    """
    write_whole(path, json.dumps(result, indent=1, allow_nan=False) + "\n")
