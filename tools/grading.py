"""nbgrader's metadata in a student notebook, so that a teacher can collect and grade with a tool they know.

An exercise of this book is one cell: a stub, and on its last line ``check.name(answer)``, which displays a verdict and
never raises. `with_grading` leaves that cell as it is and puts a locked cell after it that is worth points. The
locked cell asks the same check and returns 1.0 if the answer is right and 0.0 if not: nbgrader takes a number that a
cell returns for its points. So the notebook still runs from top to bottom, solved or not, there are no hidden tests,
and a student sees what a grader will see.

The student's cell has no metadata, since ``nbgrader generate_assignment`` empties every cell that is marked as a
solution, stub and check included; a cell that is not locked comes back as the student left it anyway.

    python -m tools.grading NOTEBOOK OUT
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from experiments.whole_files import write_whole

#: The version of nbgrader's metadata that is written.
SCHEMA = 3

#: What nbgrader is told of the cell after an exercise.
LOCKED = {"grade": True, "solution": False, "locked": True, "task": False, "points": 1.0}

#: The import by which a chapter gets its checks, on one line or in brackets.
CHECKS = re.compile(r"^from (helpers\.chapters\.\w+) import \(?[^)\n]*\bexercises as check\b", re.MULTILINE)

#: The last line of an exercise.
ASKS = re.compile(r"^check\.(\w+)\((\w+)\)$")

LOCKED_CELL = """\
# Points for this exercise: 1.0 once its check says "Right.", else 0.0. Run this cell again then; leave it as it is.
from {module} import exercises as check

float(check.{name}({answer}).right)"""


class NotGradable(ValueError):
    """A notebook cannot be graded as it stands; the message says why, and what to do."""


class Asked(NamedTuple):
    """What an exercise asks.

    Attributes
    ----------
    name : str
        Of the check.
    answer : str
        Name of what the student writes.
    """

    name: str
    answer: str


def asked(cell: NotebookNode) -> Asked | None:
    """Return what a cell asks; None if it is no exercise, or checks something else than an answer by its name."""
    lines = cell.source.strip().splitlines()
    if cell.cell_type != "code" or len(lines) < 2 or not (match := ASKS.match(lines[-1])):
        return None
    return Asked(*match.groups())


def with_grading(notebook: NotebookNode) -> NotebookNode:
    """Return a student notebook with nbgrader's metadata, and a locked cell with points after each exercise.

    Parameters
    ----------
    notebook : NotebookNode
        Without solutions; it is left unchanged.

    Returns
    -------
    NotebookNode
        Without exercises, an equal one.

    Raises
    ------
    NotGradable
        If a check occurs twice, as in a notebook whose solutions are still there; or if it is never imported.
    """
    result = nbformat.from_dict(notebook)
    result.cells = list(cells_with_grading(result))
    return result


def cells_with_grading(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Yield the cells of a notebook, those of exercises followed by their points."""
    module, seen = module_of(notebook), set()
    for cell in notebook.cells:
        yield cell
        if (exercise := asked(cell)) is None:
            continue
        if exercise.name in seen:
            raise NotGradable(f"check.{exercise.name} occurs twice: take the solutions out before you add points")
        if module is None:
            raise NotGradable(
                "no cell imports the checks: expected `from helpers.chapters... import exercises as check`"
            )
        seen.add(exercise.name)
        source = LOCKED_CELL.format(module=module, name=exercise.name, answer=exercise.answer)
        points = nbformat.v4.new_code_cell(source, id=f"points-{exercise.name}".replace("_", "-")[:64])
        points.metadata["nbgrader"] = {"schema_version": SCHEMA, "grade_id": f"points-{exercise.name}", **LOCKED}
        points.metadata["editable"] = points.metadata["deletable"] = False
        yield points


def module_of(notebook: NotebookNode) -> str | None:
    """Return the room of the chapter whose checks a notebook imports."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    match = CHECKS.search(code)
    return match[1] if match else None


def main(arguments: list[str]) -> None:
    """Read a student notebook and write it with points."""
    source, out = map(Path, arguments)
    write_whole(out, nbformat.writes(with_grading(nbformat.read(source, as_version=4))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
