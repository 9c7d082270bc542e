"""The plain notebooks of ``classroom``: fresh, free of MyST, whole in their links, and able to be worked through."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from plain_editions import CHAPTERS, CLASSROOM, ROOT, code, gated, markdown, read, run_alone, said

from extensions.plain_notebooks import EDITIONS, HIDDEN
from extensions.plain_start import HOW_TO, INSTALL
from tools.class_size import STORED, needs

#: No rounding can touch what is tested here: nbval runs the same cells on every machine.
pytestmark = pytest.mark.same_everywhere

PLAIN = sorted(CLASSROOM.glob("*/*.ipynb"))

#: What MyST adds to Markdown: how it looks, and a cell that has it.
MYST = {
    "role": (r"\{[a-z][\w:-]*\}`", "By {eq}`eq-chain` and {glue:text}`floor`."),
    "directive": (r"^[> ]*(`{3,}|:{3,}|~{3,})\s*\{", "Text.\n\n```{exercise-start} Two paths"),
    "colon fence": (r"^[> ]*:{3,}", ":::note"),
    "option of a directive": (r"^[> ]*:[a-z][\w-]*:(\s|$)", "```\n:label: ex-children"),
    "target": (r"^[> ]*\([\w-]+\)=\s*$", "(sec-graph-bill)=\n## The bill"),
    "label of an equation": (r"\$\$ *\([\w-]+\)", "$$\na = b\n$$ (eq-chain)"),
    "substitution": (r"\{\{ *\w+ *\}\}", "The rate is {{ rate }}."),
    "comment": (r"^%", "% not shown"),
    "attributes": (r"\]\([^)]*\)\{|\]\{", "[a term](#x){.wide}"),
    "key of the bibliography": (r"\[@\w+", "As known [@zipser1988]."),
    "link by name": (r"\]\((?!https?://|#|[\w-]+\.ipynb|\.\./\.\./)|<(project|path|inv|myst):", "[here](gain-codes)"),
}

LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r'<a id="([^"]+)"></a>')


def myst(text: str) -> list[str]:
    """The kinds of MyST markup that a Markdown cell has."""
    return [name for name, (pattern, _) in MYST.items() if re.search(pattern, text, re.MULTILINE)]


def differences(made: Path, stored: Path) -> list[str]:
    """The notebooks that two folders do not have alike, byte for byte."""
    names = {file.relative_to(folder) for folder in (made, stored) for file in folder.glob("*/*.ipynb")}

    def content(folder: Path, name: Path) -> bytes:
        return (folder / name).read_bytes().replace(b"\r\n", b"\n") if (folder / name).exists() else b""

    return sorted(str(name) for name in names if content(made, name) != content(stored, name))


def test_there_are_two_editions_of_every_chapter() -> None:
    assert [path.name for path in PLAIN] == [path.name for path in CHAPTERS] * len(EDITIONS)
    assert len(CHAPTERS) >= 6


def test_the_committed_notebooks_are_fresh(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tools.classroom", str(tmp_path)], cwd=ROOT, check=True)
    assert not differences(tmp_path, CLASSROOM), "these are stale: run `make classroom`, and commit what it writes"


def test_an_edit_by_hand_is_seen(tmp_path: Path) -> None:
    stored = shutil.copytree(CLASSROOM, tmp_path / "classroom")
    edited = stored / "student" / CHAPTERS[0].name
    edited.write_text(edited.read_text("utf-8").replace("apples", "pears", 1), "utf-8")
    (stored / "complete" / CHAPTERS[1].name).unlink()
    assert differences(stored, CLASSROOM) == [f"complete/{CHAPTERS[1].name}", f"student/{CHAPTERS[0].name}"]


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_myst_is_left(path: Path) -> None:
    outputs = [output for cell in code(path) for output in cell.outputs]
    shown = [output.data["text/markdown"] for output in outputs if "text/markdown" in output.get("data", {})]
    found = {kind: text[:200] for text in markdown(path) + shown for kind in myst(text)}
    assert not found


@pytest.mark.parametrize("kind", MYST)
def test_myst_is_seen_where_there_is_some(kind: str) -> None:
    assert kind in myst(MYST[kind][1])


def test_the_chapters_themselves_have_what_is_looked_for() -> None:
    found = {kind for path in CHAPTERS for text in markdown(path) for kind in myst(text)}
    assert {"role", "directive", "option of a directive", "target", "label of an equation"} <= found


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_link_inside_the_book_leads_somewhere(path: Path) -> None:
    places = {file.name: PLACE.findall("\n".join(markdown(file))) for file in path.parent.glob("*.ipynb")}
    assert len(set(places[path.name])) == len(places[path.name]), "a place has two homes"
    links = LINK.findall("\n".join(markdown(path)))
    assert links
    for link in links:
        target, _, place = link.partition("#")
        if "://" in link:
            assert link.startswith(("https://", "http://"))
        elif target.endswith(".md"):
            assert (path.parent / target).is_file(), link
        else:
            assert (target or path.name) in places, link
            assert not place or place in places[target or path.name], link


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_editions_have_the_chapters_code(source: Path) -> None:
    cells = read(source).cells
    solutions = set(gated(cells, "solution"))
    assert solutions
    whole = [(cell.id, cell.source) for cell in cells if cell.cell_type == "code"]
    kept = [(c.id, c.source) for number, c in enumerate(cells) if c.cell_type == "code" and number not in solutions]
    first = ("install-the-package", INSTALL.rstrip())
    student, complete = (code(CLASSROOM / edition / source.name) for edition in EDITIONS)
    student = [cell for cell in student if "nbgrader" not in cell.metadata]  # tests/test_grading.py has these
    assert [(cell.id, cell.source) for cell in student] == [first, *kept]
    assert [(cell.id, cell.source) for cell in complete] == [first, *whole]
    assert not any(cell.outputs or cell.execution_count for cell in student)
    hidden = {cells[number].id for number in solutions}
    assert all(cell.metadata.jupyter.source_hidden for cell in complete if cell.id in hidden)


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_new_student_is_told_what_to_press(path: Path) -> None:
    install, how, opening, *rest = read(path).cells
    assert (install.id, how.source) == ("install-the-package", HOW_TO)
    assert re.search(r"^# \d\. ", opening.source, re.MULTILINE) and "How to use" not in str(rest)


def test_a_run_takes_the_time_that_a_new_student_is_told() -> None:
    assert "a minute or two" in HOW_TO
    measured = needs(json.loads((ROOT / STORED).read_text("utf-8")))
    assert 30 < max(need.processor for need in measured.values()) < 120


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_what_a_page_folds_is_folded(source: Path) -> None:
    tags = {cell.id: cell.metadata.get("tags", []) for cell in code(source)}
    for cell in code(CLASSROOM / "student" / source.name)[1:]:
        if "nbgrader" in cell.metadata:
            continue  # its points are no part of the page
        hidden = {key: value for tag in tags[cell.id] for key, value in HIDDEN.get(tag, {}).items()}
        assert cell.metadata.get("jupyter", {}) == hidden


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_pictures_are_stored(path: Path) -> None:
    kinds = {kind for cell in code(path) for output in cell.outputs for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "text/markdown", "text/latex"}


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_solutions_are_folded_in_one_edition_and_absent_from_the_other(source: Path) -> None:
    exercises = len(re.findall(r"^```\{exercise-start\}", "\n".join(markdown(source)), re.MULTILINE))
    student, complete = ("\n".join(markdown(CLASSROOM / edition / source.name)) for edition in EDITIONS)
    assert len(re.findall(r"^#+ Exercise \d\.\d+: \S", student, re.MULTILINE)) == exercises >= 4
    assert "Solution to" not in student and "<details>" not in student
    heads = re.findall(r"(?:<summary>|^\*\*)(Solution to Exercise \d\.\d+)(?:</summary>|:)", complete, re.MULTILINE)
    assert len(set(heads)) == len(heads) == exercises


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_every_solution_is_right(source: Path) -> None:
    """The verdicts are stored, and nbval runs the same cells in the same order."""
    cells = read(source).cells
    complete = {cell.id: cell for cell in code(CLASSROOM / "complete" / source.name)}
    verdicts = [said(complete[cells[number].id]) for number in gated(cells, "solution")]
    verdicts = [words for words in verdicts if words.startswith(("Right. ", "Not yet. "))]
    exercises = len(re.findall(r"^```\{exercise-start\}", "\n".join(markdown(source)), re.MULTILINE))
    assert len(verdicts) >= exercises and all(words.startswith("Right. ") for words in verdicts)


def test_the_first_student_edition_runs_alone(installed: Path, tmp_path: Path) -> None:
    """The others, which take minutes, run with the tests of the pages."""
    run_alone(CHAPTERS[0], installed, tmp_path)
