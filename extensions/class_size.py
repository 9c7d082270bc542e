"""What chapters were measured to need, on the pages for teachers, from ``book/class-size.json``.

The directive ``measured`` says of one chapter how long it runs and how much memory it takes; ``class-size`` says how
large a hub must be. Both write Markdown, which is then read like that of any page; `tools.class_size` measures.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.class_size import STORED, hub, needs

#: The classes and the window, in minutes, that the page shows.
CLASSES, WINDOW = (30, 100, 200), 5

#: A machine was busy if the clock went so many times as fast as the processor of a kernel that never waits.
BUSY = 1.2


class ClassSizeError(ValueError):
    """Something is not in the stored file; the message says what."""


def measured(stored: Mapping[str, Any], chapter: str) -> str:
    """Return a paragraph on what one chapter needs.

    Parameters
    ----------
    stored : mapping
        What ``book/class-size.json`` holds.
    chapter : str
        Name of its file, without the ending.

    Returns
    -------
    str

    Raises
    ------
    ClassSizeError
        If nothing was measured of a chapter of this name.
    """
    found = needs(stored)
    if chapter not in found:
        raise ClassSizeError(f"nothing was measured of {chapter!r}: there are {', '.join(found)}")
    need = found[chapter]
    return (
        f"**Measured:** {need.processor:.0f} seconds of one processor from top to bottom in a fresh kernel, solutions "
        f"included, and {need.memory:.0f} MB of memory at the peak: the median of {stored['settings']['rounds']} runs "
        "({ref}`on which machine, and what a class needs <class-size>`)."
    )


def about(stored: Mapping[str, Any]) -> str:
    """Return what a reader should know of the machine that measured; on a busy one, seconds grow."""
    machine = stored["machine"]
    busy = statistics.median(need.clock / need.processor for need in needs(stored).values()) > BUSY
    shared = ", shared with other work, so that the seconds are rather too many" if busy else ""
    return f"{machine['processor']}, {machine['processors']} processors, one thread for each kernel{shared}"


def class_size(stored: Mapping[str, Any]) -> str:
    """Return the formulas, and a table of what classes of several sizes need for each chapter."""
    server = stored["server_megabytes"]
    window = 60 * WINDOW
    parts = [
        f"Each student has a server of their own, which takes {server:.0f} MB before a notebook is open, and a kernel. "
        f'Say that all press "Run all cells" within {WINDOW} minutes, the worst a class can do, and that nobody shall '
        "wait longer than that. Then the hub needs",
        f"$$\n\\begin{{aligned}}\n\\text{{memory}} &= \\text{{students}} \\times (\\text{{{server:.0f} MB}} + "
        "\\text{peak of the kernel}),\\\\\n"
        f"\\text{{processors}} &= \\text{{students}} \\times \\text{{seconds of the chapter}} \\,/\\, {window}.\n"
        "\\end{aligned}\n$$",
        "\n".join([heading(), *(row(name, stored) for name in needs(stored))]),
        f"Measured with {about(stored)}; yours may be faster or slower, and memory is much the same everywhere. "
        "Somebody will have a second chapter open: a limit of "
        f"{limit(stored):.1f} GB a student leaves room for the two largest at once.",
    ]
    return "\n\n".join(parts) + "\n"


def heading() -> str:
    """Return the head of the table."""
    classes = [f"{students} students" for students in CLASSES]
    return f"| Chapter | Alone | {' | '.join(classes)} |\n|---|---|{'---|' * len(classes)}"


def row(name: str, stored: Mapping[str, Any]) -> str:
    """Return the row of one chapter."""
    need = needs(stored)[name]
    sizes = [hub(students, need, stored["server_megabytes"], WINDOW) for students in CLASSES]
    cells = [f"{size.memory:.0f} GB, {size.processors} processor{'s' * (size.processors > 1)}" for size in sizes]
    return f"| {int(name[:2])} | {need.processor:.0f} s, {need.memory:.0f} MB | {' | '.join(cells)} |"


def limit(stored: Mapping[str, Any]) -> float:
    """Return the gigabytes of a server with the kernels of the two chapters that need most, rounded up to a tenth."""
    two = sorted(need.memory for need in needs(stored).values())[-2:]
    return -(-(stored["server_megabytes"] + sum(two)) // 100) / 10


class StoredDirective(SphinxDirective):
    """A directive whose text is made from the stored file."""

    def stored(self) -> Mapping[str, Any]:
        file = Path(self.env.app.confdir) / STORED
        self.env.note_dependency(str(file))
        return json.loads(file.read_text(encoding="utf-8"))


class MeasuredDirective(StoredDirective):
    """What one chapter needs; its argument is the name of the chapter's file."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            return self.parse_text_to_nodes(measured(self.stored(), self.arguments[0]))
        except ClassSizeError as error:
            raise self.error(str(error)) from error


class ClassSizeDirective(StoredDirective):
    """How large a hub must be for several classes."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes(class_size(self.stored()))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("measured", MeasuredDirective)
    app.add_directive("class-size", ClassSizeDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
