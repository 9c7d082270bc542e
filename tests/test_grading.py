"""nbgrader's metadata: every exercise is worth a point, which a right answer gets and no other."""

import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from exercises_table import ROWS
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from tools.grading import NotGradable, asked, main, with_grading

pytestmark = pytest.mark.same_everywhere

TOP = Path(__file__).parents[1]
CHAPTERS = {int(path.name[:2]): path for path in sorted((TOP / "book").glob("0*.ipynb"))}
STUDENT_EDITION = sorted((TOP / "classroom" / "student").glob("0*.ipynb"))
every_chapter = pytest.mark.parametrize("number", CHAPTERS)


def without_solutions(path: Path) -> NotebookNode:
    """A chapter as students get it, as far as grading is concerned."""
    notebook, cells, in_solution = nbformat.read(path, as_version=4), [], False
    for cell in notebook.cells:
        in_solution = in_solution or "{solution-start}" in cell.source
        if not in_solution:
            cells.append(cell)
        in_solution = in_solution and "{solution-end}" not in cell.source
    notebook.cells = cells
    return notebook


def in_small() -> NotebookNode:
    """The first chapter's imports, with three of its exercises."""
    notebook = without_solutions(CHAPTERS[1])
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    wanted = {"children", "numerical_gradient", "update_in_place"}
    notebook.cells = [code[0], *(cell for cell in code if (one := asked(cell)) and one.name in wanted)]
    return notebook


SLOPE = """\
def slope(f, x, h):
    steps = h * np.eye(len(x))
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps])
"""
UPDATE = """\
def buggy_update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
"""
#: By the check, what a student might write: all of it right; one wrong, one not even Python, one right.
SOLVED = {"children": "my_answer = 250\n", "numerical_gradient": SLOPE, "update_in_place": UPDATE}
WRONG = {"children": "my_answer = 100\n", "numerical_gradient": "def slope(f, x, h):\n", "update_in_place": UPDATE}


def answered(notebook: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """A notebook with these answers in place of its stubs."""
    result = nbformat.from_dict(notebook)
    for cell in result.cells:
        if exercise := asked(cell):
            cell.source = f"{answers[exercise.name]}\n\ncheck.{exercise.name}({exercise.answer})"
    return result


def points_of(notebook: NotebookNode) -> dict[str, float]:
    """Run a notebook and give points as nbgrader does: none for an error, else the number that a cell returns."""
    NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    points = {}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            spoiled = any(one.output_type == "error" or one.get("name") == "stderr" for one in cell.outputs)
            (result,) = [one for one in cell.outputs if one.output_type == "execute_result"] or [None]
            number = float(result.data["text/plain"]) if result and not spoiled else 0.0
            points[cell.metadata.nbgrader["grade_id"].removeprefix("points-")] = number
    return points


class TestMetadata:
    @every_chapter
    def test_every_exercise_is_worth_a_point(self, number):
        graded = with_grading(without_solutions(CHAPTERS[number]))
        pairs = [
            (asked(cell).name, after.metadata.nbgrader["grade_id"], after.metadata.nbgrader["points"])
            for cell, after in zip(graded.cells, graded.cells[1:], strict=False)
            if asked(cell)
        ]
        names = [row.name for row in ROWS if row.chapter == number]
        assert sorted(pairs) == sorted((name, f"points-{name}", 1.0) for name in names)

    @every_chapter
    def test_it_keeps_the_rules_of_version_3(self, number):
        graded = with_grading(without_solutions(CHAPTERS[number]))
        nbformat.validate(graded)
        metadata = [cell.metadata.nbgrader for cell in graded.cells if "nbgrader" in cell.metadata]
        ids = [part["grade_id"] for part in metadata]
        assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[\w-]{1,64}", name) for name in ids)
        for part in metadata:
            assert part["schema_version"] == 3 and part["points"] == 1
            assert [part[role] for role in ("grade", "solution", "locked", "task")] == [True, False, True, False]

    @every_chapter
    def test_the_rest_of_the_notebook_stays_as_it_was(self, number):
        plain = without_solutions(CHAPTERS[number])
        before = nbformat.writes(plain)
        graded = with_grading(plain)
        assert nbformat.writes(plain) == before
        graded.cells = [cell for cell in graded.cells if "nbgrader" not in cell.metadata]
        assert nbformat.writes(graded) == before

    def test_a_notebook_with_solutions_is_refused(self):
        with pytest.raises(NotGradable, match=r"check\.\w+ occurs twice: take the solutions out"):
            with_grading(nbformat.read(CHAPTERS[6], as_version=4))

    def test_a_notebook_that_never_imports_its_checks_is_refused(self):
        notebook = in_small()
        notebook.cells = notebook.cells[1:]
        with pytest.raises(NotGradable, match="no cell imports the checks"):
            with_grading(notebook)

    def test_a_notebook_without_exercises_is_left_alone(self):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
        assert with_grading(notebook) == notebook

    def test_the_command_writes_what_the_function_returns(self, tmp_path):
        nbformat.write(in_small(), tmp_path / "in.ipynb")
        main([str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb")])
        assert nbformat.read(tmp_path / "out.ipynb", as_version=4) == with_grading(in_small())


@pytest.mark.parametrize("path", STUDENT_EDITION, ids=lambda path: path.stem)
def test_the_student_edition_gives_a_point_for_every_exercise(path):
    metadata = [cell.metadata.get("nbgrader", {}) for cell in nbformat.read(path, as_version=4).cells]
    given = [part["grade_id"] for part in metadata if part.get("grade")]
    assert sorted(given) == sorted(f"points-{row.name}" for row in ROWS if row.chapter == int(path.name[:2]))


class TestPoints:
    def test_a_right_answer_gets_its_point_and_no_other_does(self):
        graded = with_grading(in_small())
        assert points_of(answered(graded, SOLVED)) == dict.fromkeys(SOLVED, 1.0)
        assert points_of(answered(graded, WRONG)) == {
            "children": 0.0,
            "numerical_gradient": 0.0,
            "update_in_place": 1.0,
        }

    def test_an_untouched_notebook_runs_without_an_error_and_gets_nothing(self):
        graded = with_grading(in_small())
        assert points_of(graded) == dict.fromkeys(SOLVED, 0.0)
        assert not [one for cell in graded.cells for one in cell.get("outputs", []) if one.output_type == "error"]


class TestNbgrader:
    """The same with nbgrader itself, where it is installed: ``pip install -r requirements-grading.txt``."""

    @every_chapter
    def test_nbgrader_accepts_the_metadata(self, number):
        nbgraderformat = pytest.importorskip("nbgrader.nbgraderformat")
        nbgraderformat.MetadataValidator().validate_nb(with_grading(without_solutions(CHAPTERS[number])))

    # nbgrader 0.9.6 tells SQLAlchemy of a submission too late; it is graded all the same
    @pytest.mark.filterwarnings("ignore:Object of type <Submitted.*> not in session")
    def test_nbgrader_grades_a_solved_and_a_wrong_notebook(self, tmp_path, monkeypatch):
        apps = pytest.importorskip("nbgrader.apps")
        # it calls alembic, for its database, by name
        monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        settings = Config()
        settings.CourseDirectory.root, settings.CourseDirectory.course_id = str(tmp_path), "credit"
        settings.Execute.timeout = 300  # its own 30 s a cell are short where the machine is busy
        source = tmp_path / "source" / "week1" / "exercises.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(with_grading(in_small()), source)
        api = apps.NbGraderAPI(config=settings)
        assert api.generate_assignment("week1")["success"]
        released = tmp_path / "release" / "week1" / "exercises.ipynb"
        for student, answers in (("ann", SOLVED), ("bob", WRONG), ("cy", None)):
            handed_in = tmp_path / "submitted" / student / "week1" / "exercises.ipynb"
            handed_in.parent.mkdir(parents=True)
            shutil.copy(released, handed_in)
            if answers:
                nbformat.write(answered(nbformat.read(released, as_version=4), answers), handed_in)
            assert api.autograde("week1", student)["success"]
        scores = {one["student"]: one["score"] for one in api.get_submissions("week1")}
        assert scores == {"ann": 3.0, "bob": 1.0, "cy": 0.0}
