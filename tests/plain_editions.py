"""The plain notebooks beside their chapters: what several tests read of them, and a student's run."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
CLASSROOM = ROOT / "classroom"
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))

#: How a check answers whoever has not begun.
NO_ANSWER = "Not yet. There is no result yet: "


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def markdown(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def said(cell: NotebookNode) -> str:
    """What a code cell shows as text, such as the verdict of a check."""
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def gated(cells: list[NotebookNode], directive: str) -> Iterator[int]:
    """Yield the numbers of the cells that stand between a directive's start and its end."""
    inside = False
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            marks = re.findall(rf"^```\{{{directive}-(start|end)\}}", cell.source, re.MULTILINE)
            inside = marks[-1] == "start" if marks else inside
        elif inside:
            yield number


#: Draws every figure also for values between those that the page offers: a slider in Jupyter stops there, too.
DRAW_BETWEEN = """
def draw_between():
    from helpers.pages.explore import Explorable

    for figure in [value for value in Out.values() if isinstance(value, Explorable)]:
        for name, slider in figure.parameters.items():
            kind = int if isinstance(slider.values[0], int) else float
            for low, high in zip(slider.values, slider.values[1:]):
                if not slider.names and kind((low + high) / 2) != low:
                    figure.svg(**figure.start | {name: kind((low + high) / 2)})

draw_between()
"""


def has_check(cell: NotebookNode) -> bool:
    """Whether a cell ends with the check of an exercise."""
    return cell.cell_type == "code" and cell.source.splitlines()[-1].startswith("check.")


def run_alone(source: Path, installed: Path, folder: Path) -> None:
    """Run a student edition in a folder that holds nothing else, with the package from a wheel.

    Every check answers as in the chapter: that there is no result yet. Every figure can be drawn where a slider goes.
    """
    shutil.copy(CLASSROOM / "student" / source.name, folder)
    student = read(folder / source.name)
    student.cells.append(nbformat.v4.new_code_cell(DRAW_BETWEEN, id="between"))
    student.cells.append(nbformat.v4.new_code_cell("import helpers\nhelpers.__file__", id="where"))
    client = NotebookClient(student, timeout=600, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(installed)})
    assert installed.name in said(student.cells[-1])
    now = {cell.id: cell for cell in student.cells}
    cells = read(source).cells
    checks = [cells[number] for number in gated(cells, "exercise") if "ot yet. " in said(cells[number])]
    assert len(checks) >= 4
    for cell in checks:
        assert said(now[cell.id]) == said(cell), cell.source
    answered = {cell.source: said(cell) for cell in student.cells if has_check(cell)}
    assert len(answered) >= len(checks)
    assert not {source: words for source, words in answered.items() if not words.startswith(NO_ANSWER)}
