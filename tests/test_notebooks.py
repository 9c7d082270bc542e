"""The chapters as notebooks: in normal form, really run, tied to the package, able to fail."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tools import machines
from tools.notebooks import TEXT, normal_form

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
TIE = "helper:"


def code_cells(path):
    """Return the code cells of a notebook."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def tied_cells():
    """Yield (notebook, helper's dotted name, source) for every cell that shows a helper's code."""
    for path in CHAPTERS:
        for cell in code_cells(path):
            for tag in cell.metadata.get("tags", []):
                if tag.startswith(TIE):
                    yield path.name, tag.removeprefix(TIE), cell.source


def skeleton(tree):
    """Return a syntax tree as text, without docstrings and type annotations."""
    for node in ast.walk(tree):
        documented = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
        if documented and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.dump(Unannotated().visit(tree))


class Unannotated(ast.NodeTransformer):
    """Turns `x: int = 1` into `x = 1`, and leaves out `x: int`, which does nothing."""

    def visit_AnnAssign(self, node):
        return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else None


def definition(tree, name):
    """Return the class or function of this name at the top level of a module's tree."""
    return next(node for node in tree.body if getattr(node, "name", None) == name)


@cache
def helper_names():
    """Names of the functions and classes that the modules of helpers define."""
    rooms = [path for path in (ROOT / "helpers").rglob("*.py") if "exercises" not in str(path.relative_to(ROOT))]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in rooms]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_there_are_chapters():
    assert CHAPTERS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_whatever_bears_the_name_of_a_helper_is_tied_to_it(path):
    names = helper_names()
    for cell in code_cells(path):
        tags = [tag for tag in cell.metadata.get("tags", []) if "helper" in tag]
        assert all(re.fullmatch(r"helper:[\w.]+\.\w+", tag) for tag in tags), tags
        tied = [tag.rsplit(".", 1)[1] for tag in tags]
        nodes = ast.parse(cell.source).body
        defined = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        assert sorted(tied) == sorted(set(defined) & names), f"tie {defined} to helpers by a tag helper:module.name"
        if tied:
            others = [node for node in nodes if getattr(node, "name", None) not in tied]
            assert len(defined) == len(tied)
            assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in others), "a tied cell shows one thing"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_in_normal_form(path):
    notebook = nbformat.read(path, as_version=4)
    stored = path.read_text(encoding="utf-8").rstrip("\n")
    assert stored == nbformat.writes(normal_form(notebook)).rstrip("\n"), f"run `make notebooks` for {path.name}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_cell_was_run_and_left_text(path):
    cells = code_cells(path)
    unrun = [cell.source[:60] for cell in cells if cell.execution_count is None]
    assert not unrun, f"never run: {unrun}"
    outputs = [output for cell in cells for output in cell.outputs]
    assert len(outputs) > len(cells) / 3, "so few stored outputs leave nbval little to compare"
    assert not [output for output in outputs if output.output_type == "error"]
    kinds = {kind for output in outputs if "data" in output for kind in output.data}
    assert kinds <= set(TEXT)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_cell_whose_output_is_not_compared_says_why(path):
    for cell in code_cells(path):
        tags = cell.metadata.get("tags", [])
        if "nbval-ignore-output" in tags:
            assert cell.source.lstrip().startswith("# "), f"no reason given in {cell.source[:60]!r}"
        assert not {"nbval-skip", "nbval-raises-exception"} & set(tags)
        assert "NBVAL" not in cell.source


@pytest.mark.parametrize(("notebook", "name", "source"), list(tied_cells()))
def test_page_and_package_show_the_same_code(notebook, name, source):
    module_name, attribute = name.rsplit(".", 1)
    module = importlib.import_module(f"helpers.{module_name}")
    package = definition(ast.parse(Path(module.__file__).read_text(encoding="utf-8")), attribute)
    page = definition(ast.parse(source), attribute)
    assert skeleton(page) == skeleton(package), f"{notebook} shows another {name} than helpers has"


def test_the_tie_sees_a_changed_line():
    page = ast.parse("def f(x):\n    return x + 1")
    package = ast.parse('def f(x: int) -> int:\n    """More."""\n    return x + 1')
    changed = ast.parse("def f(x):\n    return x - 1")
    assert skeleton(page) == skeleton(package) != skeleton(changed)


def test_pictures_are_the_only_outputs_that_are_not_compared():
    for path in CHAPTERS:
        assert "<IPython.core.display.HTML object>" not in path.read_text(encoding="utf-8")


def test_each_exercise_is_shown_unsolved_and_then_solved():
    verdicts = [
        output.data["text/plain"]
        for path in CHAPTERS
        for cell in code_cells(path)
        for output in cell.outputs
        if "data" in output and output.data.get("text/plain", "").startswith(("Right. ", "Not yet. "))
    ]
    assert len(verdicts) >= 8 * 2
    assert all(verdict.startswith("Not yet. ") for verdict in verdicts[::2])
    assert all(verdict.startswith("Right. ") for verdict in verdicts[1::2])


def test_nbval_goes_red_when_a_formula_breaks(tmp_path):
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copy(ROOT / "conftest.py", tmp_path)
    losses = tmp_path / "helpers" / "networks" / "losses.py"
    formula = losses.read_text(encoding="utf-8")
    broken = formula.replace("gradient /= n", "gradient /= 2 * n")
    assert broken != formula
    losses.write_text(broken, encoding="utf-8")

    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
    ]
    run = subprocess.run(
        [*command, "book/01-computational-graphs.ipynb"],
        cwd=tmp_path,
        env={**machines.environment(machines.MACHINES[0]), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "1 failed" in run.stdout, run.stdout
    assert "softmax" in run.stdout or "gradient" in run.stdout, "another cell than those of the formula failed"
