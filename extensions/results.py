"""The page of all results at full scale, made from ``book/results`` when the book is built.

``book/results.toml`` says which stored figures are shown, and ``book/published.toml`` what others have published beside
them. The directive ``results`` writes both as Markdown, which is then read like that of any page, so that its citations
lead to the bibliography.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.measures.comparisons import Difference, paired_difference

SHOWN, PUBLISHED, RESULTS = Path("book/results.toml"), Path("book/published.toml"), Path("book/results")

#: Stands in a path for every name at its place.
ANY = "*"

#: What a file calls the length of a training, in the order in which they are looked for.
LENGTHS = ("epochs", "steps")


class ResultsError(ValueError):
    """Something is wrong with what the page should show; the message names the table."""


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes
    ----------
    name : str
    file : str
        The result file, without its ending.
    path : tuple of str
        Leads to its values in the file.
    values : tuple of float
        One for each seed.
    length : str
        Of the training, such as "10 epochs"; empty where the file names none.
    """

    name: str
    file: str
    path: tuple[str, ...]
    values: tuple[float, ...]
    length: str

    def interval(self, scale: float) -> Difference:
        """Return the mean with its 95 % interval, by Student's t, times a factor."""
        return paired_difference(scale * np.array(self.values), np.zeros(len(self.values)))


def read(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def found(part: Any, path: Sequence[str], settings: Mapping[str, Any]) -> Iterator[tuple[list[str], Any, Mapping]]:
    """Yield everything that a path leads to: the names along it, the part, and the innermost settings on the way."""
    settings = part.get("settings", settings)
    if not path:
        yield [], part, settings
        return
    for name in part if path[0] == ANY else [path[0]]:
        if name not in part:
            raise ResultsError(f"nothing is called {name!r}: there are {', '.join(part)}")
        for names, end, its_settings in found(part[name], path[1:], settings):
            yield [name, *names], end, its_settings


def rows(source: Mapping[str, Any], names: Mapping[str, str], folder: Path) -> Iterator[Row]:
    """Yield the rows that a table takes from one file."""
    stored = json.loads((folder / f"{source['file']}.json").read_text(encoding="utf-8"))
    for path, part, settings in found(stored, source["value"], {}):
        stars = [names.get(name, name) for name, step in zip(path, source["value"], strict=True) if step == ANY]
        length = next((f"{settings[unit]:,} {unit}" for unit in LENGTHS if unit in settings), "")
        yield Row(source["row"].format(*stars), source["file"], tuple(path), tuple(part["per_seed"]), length)


def tables(top: Path) -> dict[str, list[Row]]:
    """Return the rows of every table, by its name."""
    shown = read(top / SHOWN)
    every = {}
    for name, table in shown["tables"].items():
        try:
            every[name] = [row for source in table["from"] for row in rows(source, shown["names"], top / RESULTS)]
        except (KeyError, OSError, ResultsError) as error:
            raise ResultsError(f"table {name} of {SHOWN}: {error}") from error
    for entry in read(top / PUBLISHED)["published"]:
        if unknown := entry["figures"].keys() - {row.name for row in every.get(entry["table"], [])}:
            raise ResultsError(f"{PUBLISHED}: table {entry['table']} has no row {unknown.pop()!r}")
    return every


def page(top: Path) -> str:
    """Return the Markdown of all tables, with what stands below each."""
    shown, published = read(top / SHOWN)["tables"], read(top / PUBLISHED)["published"]
    parts = []
    for name, its_rows in tables(top).items():
        beside = [entry for entry in published if entry["table"] == name]
        parts += [f"## {shown[name]['title']}", table(shown[name], its_rows, beside)]
        parts += [comparison(shown[name], its_rows, beside)] if beside else []
        parts += [origin(shown[name], its_rows, top / RESULTS)]
    return "\n\n".join(parts) + "\n"


def table(shown: Mapping[str, Any], its_rows: Sequence[Row], beside: Sequence[Mapping[str, Any]]) -> str:
    """Return one table: a row for each trained network, with the published figures in the last column if there are."""
    heads = ["Rule", shown["measure"], "Seeds", *(["Published"] if beside else [])]
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for row in its_rows:
        figures = [entry["figures"][row.name] for entry in beside if row.name in entry["figures"]]
        lines.append(
            [row.name, value(row, shown), str(len(row.values)), *([" / ".join(figures) or "–"] if beside else [])]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def value(row: Row, shown: Mapping[str, Any]) -> str:
    """Return the mean of a row and half of its interval."""
    return format(row.interval(shown["scale"]), f".{shown['digits']}f").replace(" ", "\N{NO-BREAK SPACE}")


def comparison(shown: Mapping[str, Any], its_rows: Sequence[Row], beside: Sequence[Mapping[str, Any]]) -> str:
    """Return a list of what is published: the source, a single figure beside ours, and what differs."""
    ours = {row.name: value(row, shown) for row in its_rows}
    lines = []
    for entry in beside:
        (name, there), *more = entry["figures"].items()
        pair = "" if more else f" {name}: {there} there, {ours[name]} here."
        lines.append(f"- {{cite:t}}`{entry['key']}`: {entry['where']}.{pair} {entry['differs']}")
    return "\n".join(["**Published, and what differs**", "", *lines])


def origin(shown: Mapping[str, Any], its_rows: Sequence[Row], folder: Path) -> str:
    """Return a list of the files behind a table: networks, length and seeds of training, time, and the command."""
    networks: dict[str, list[str]] = {}
    for source in shown["from"]:
        networks.setdefault(source["file"], []).append(source["network"])
    lines = []
    for name, trained in networks.items():
        stored = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        lengths = sorted({row.length for row in its_rows if row.file == name} - {""})
        seeds = f"seeds {min(stored['seeds'])} to {max(stored['seeds'])}"
        which = "; ".join(trained)
        parts = [
            which[0].upper() + which[1:],
            *lengths,
            seeds,
            f"{stored['seconds']:,.0f} s of work",
            f"`{stored['command']}`",
        ]
        lines.append(f"- {'; '.join(parts)}")
    return "\n".join(["**Where they come from**", "", *lines])


class ResultsDirective(SphinxDirective):
    """All tables, one section each."""

    def run(self) -> list[nodes.Node]:
        top = Path(self.env.app.confdir)
        for file in (top / SHOWN, top / PUBLISHED, *sorted((top / RESULTS).glob("*.json"))):
            self.env.note_dependency(str(file))
        try:
            text = page(top)
        except (ResultsError, OSError, ValueError) as error:
            raise self.error(str(error)) from error
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("results", ResultsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
