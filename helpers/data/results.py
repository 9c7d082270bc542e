"""The stored results of full-scale runs, which the chapters show: one JSON file each.

The files live in ``book/results``. An installed package carries a copy of them, so that a chapter runs
in any folder.
"""

import json
from pathlib import Path
from typing import Any

#: The folder beside the chapters, for a checkout, and the one that an installed package brings.
FOLDERS = (Path(__file__).parents[2] / "book" / "results", Path(__file__).parent / "stored_results")


def stored(name: str) -> dict[str, Any]:
    """Return the stored results of one experiment or benchmark.

    Parameters
    ----------
    name : str
        The file's name without its ending, such as ``"01-mnist-two-layer"``.

    Returns
    -------
    dict
        What the file holds: settings, seeds, and what was found.

    Raises
    ------
    FileNotFoundError
        If there are no results of this name; lists those that there are.
    """
    files = {path.stem: path for folder in reversed(FOLDERS) for path in folder.glob("*.json")}
    if not files:
        raise FileNotFoundError(
            f"no stored results in {' or '.join(map(str, FOLDERS))}: install the book's package anew, "
            "with pip install and the address of the book's repository"
        )
    if name not in files:
        raise FileNotFoundError(
            f"no stored results of the name {name!r}: choose one of {', '.join(sorted(files))}, "
            "or make them with `make experiments` or `make bench`"
        )
    return json.loads(files[name].read_text(encoding="utf-8"))
