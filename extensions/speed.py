"""The page of speed, made from ``book/results/00-speed.json`` and ``book/build-times.json`` when the book is built.

The directive ``speed`` writes the table of training steps, who is ahead of whom, and who is missing; ``build-times``
writes where the time of a build and of the tests goes. Both write Markdown, which is then read like that of any page.
`benchmarks.speed` and `tools.build_times` measure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions.execution import BUILD_TIMES

#: What was measured, seen from the top folder of the book.
SPEED = Path("book/results/00-speed.json")

#: Who the package is compared with, in the order of the table, and what the text calls them.
OTHERS = {"plain port": "the plain port", "PyTorch": "PyTorch", "JAX": "JAX"}

#: How many times as long each of them should take: what the package aimed at, and with error diffusion in chapter 4.
AIMS = {"plain port": 3, "PyTorch": 2, "JAX": 1}
AIMS_OF_CHAPTER_4 = AIMS | {"plain port": 40, "JAX": 2}

#: The contestant that is the package.
PACKAGE = "helpers"

#: A dash between two numbers that stay together.
TO = "\u2060–\u2060"

#: How many of the slowest test files the page names.
SLOWEST = 8


def ratio(found: Mapping[str, float]) -> str:
    """Return a median with the middle half of its rounds, which no line may break."""
    digits = 2 if found["median"] < 0.995 else 1 if found["median"] < 19.95 else 0
    return f"{found['median']:.{digits}f} ({found['low']:.{digits}f}{TO}{found['high']:.{digits}f})"


def steps(stored: Mapping[str, Any]) -> str:
    """Return the table of training steps, one row for each."""
    heads = ["Step", "µs", *OTHERS, "floor"]
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for row in stored["rows"].values():
        others = [ratio(row["ratio"][who]) if who in row["ratio"] else "–" for who in OTHERS]
        microseconds = f"{row['microseconds'][PACKAGE]['median']:,.0f}"
        step = f"{row['chapter']}: **{row['rule']}**, {row['network']}"
        lines.append([step, microseconds, *others, ratio(row["over_floor"])])
    return table(lines)


def table(lines: Sequence[Sequence[str]]) -> str:
    """Return Markdown for rows of cells, the head and the line below it first."""
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def reached(row: Mapping[str, Any], who: str) -> bool:
    """Say whether a row has the ratio to somebody that was aimed at."""
    return row["ratio"][who]["median"] >= (AIMS_OF_CHAPTER_4 if row["chapter"] == 4 else AIMS)[who]


def ahead(stored: Mapping[str, Any]) -> list[str]:
    """Return one line for each of the others: in how many rows the package is ahead, and how far.

    Parameters
    ----------
    stored : mapping
        What `benchmarks.speed` has written.

    Returns
    -------
    list of str
    """
    lines = []
    for who, called in OTHERS.items():
        rows = [row for row in stored["rows"].values() if who in row["ratio"]]
        if not rows:
            continue
        medians = [row["ratio"][who]["median"] for row in rows]
        aim, other = AIMS[who], AIMS_OF_CHAPTER_4[who]
        in_chapter_4 = f" ({other} in chapter 4)" if other != aim else ""
        won, there = sum(median > 1 for median in medians), sum(reached(row, who) for row in rows)
        lines.append(
            f"- Beside **{called}** the package is quicker in {won} of {len(medians)} steps: the other takes "
            f"{min(medians):.2g} to {max(medians):.2g} times the package's time. "
            f"The aim, a ratio of {aim} or more{in_chapter_4}, is reached in {there or 'none'}."
        )
    return lines


def missing(stored: Mapping[str, Any]) -> list[str]:
    """Return one line for each reason why somebody is not in a row, with the rows."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in stored["rows"].values():
        for who, reason in row["missing"].items():
            reasons.setdefault((who, reason), []).append(f"{row['rule']} of chapter {row['chapter']}")
    return [f"- {who} is not beside {', '.join(dict.fromkeys(of))}: {why}." for (who, why), of in reasons.items()]


def origin(stored: Mapping[str, Any]) -> str:
    """Return when, where and by which command the steps were measured, and how closely all agreed before."""
    settings, versions = stored["settings"], stored["versions"]
    installed = ", ".join(f"{name} {versions[name]}" for name in ("numpy", "torch", "jax") if name in versions)
    furthest = max(max(row["agreement"].values()) for row in stored["rows"].values())
    return (
        f"Measured on {stored['date']} by `{stored['command']}`: {settings['processor'] or versions['machine']}, "
        f"{settings['threads']} thread, {settings['clock']}, {settings['rounds']} rounds; Python {versions['python']}, "
        f"{installed}. Before, nobody arrived further from the package's weights than {percent(furthest)} of the way "
        f"that those had moved in {settings['steps']} steps."
    )


def percent(share: float) -> str:
    """Return a small share in per cent, with one digit that counts."""
    return f"{float(f'{100 * share:.1g}'):g} %"


def training(stored: Mapping[str, Any]) -> str:
    """Return the Markdown of the first half of the page."""
    return "\n\n".join([steps(stored), *map("\n".join, (ahead(stored), missing(stored))), origin(stored)]) + "\n"


def build_times(stored: Mapping[str, Any]) -> str:
    """Return the Markdown of the second half: what a build and the tests take, chapter by chapter and file by file.

    Parameters
    ----------
    stored : mapping
        What `tools.build_times` has written.

    Returns
    -------
    str
    """
    book, tests, machine = stored["book"], stored["tests"], stored["machine"]
    heads = [["Command", "Seconds", "aimed at"], ["---", "--:", "--:"]]
    whole = [
        ["`make book`, the first time", seconds(book["cold"]), "120"],
        ["`make book`, nothing changed", seconds(book["unchanged"]), "10"],
        ["`make test`", seconds(tests["seconds"]), "150"],
    ]
    names = sorted(book["chapters"])
    chapters = [["Chapter", "seconds of its cells in the build", "in the tests"], ["---", "--:", "--:"]]
    chapters += [
        [f"{{doc}}`{name}`", seconds(book["chapters"][name]), seconds(tests["notebooks"][name])] for name in names
    ]
    slowest = sorted(tests["files"].items(), key=lambda each: -each[1])[:SLOWEST]
    files = [["Slowest files of tests", "Seconds"], ["---", "--:"], *([f"`{name}`", seconds(s)] for name, s in slowest)]
    where = (
        f"Measured on {stored['date']} by `{stored['command']}`: {machine['processor']}, {machine['processors']} "
        f"processors, {stored['load']:.1f} other tasks that wanted them at the start."
    )
    return "\n\n".join([table([*heads, *whole]), table(chapters), table(files), where]) + "\n"


def seconds(value: float) -> str:
    """Return seconds with one digit after the point where that says something."""
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def where_the_time_goes(file: Path) -> str:
    """Return the Markdown of `build_times` for a file; as long as there is none, how to measure."""
    if not file.exists():
        return "Not measured yet: run `python -m tools.build_times` on a machine that does nothing else.\n"
    return build_times(json.loads(file.read_text(encoding="utf-8")))


class SpeedDirective(SphinxDirective):
    """The training steps."""

    def run(self) -> list[nodes.Node]:
        file = Path(self.env.app.confdir) / SPEED
        self.env.note_dependency(str(file))
        try:
            text = training(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, KeyError, ValueError) as error:
            raise self.error(f"{SPEED}: {error}") from error
        return self.parse_text_to_nodes(text)


class BuildTimesDirective(SphinxDirective):
    """The build and the tests."""

    def run(self) -> list[nodes.Node]:
        file = Path(self.env.app.confdir) / BUILD_TIMES
        self.env.note_dependency(str(file))
        try:
            text = where_the_time_goes(file)
        except (OSError, KeyError, ValueError) as error:
            raise self.error(f"{BUILD_TIMES}: {error}") from error
        return self.parse_text_to_nodes(text)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("speed", SpeedDirective)
    app.add_directive("build-times", BuildTimesDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
