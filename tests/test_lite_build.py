"""What the notebooks for the browser are built from, and the button that leads to them."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import lite_run
import nbformat
import pytest
from sphinx.errors import ConfigError

from extensions import lite as buttons
from tools import lite
from tools.wheel import CannotBuildError

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

#: Packages by the names under which Python imports them.
MODULES = {"scikit-learn": "sklearn"}


def imported(sources: Iterable[str]) -> set[str]:
    """The packages outside of the standard library that some sources import."""
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)


def test_the_wheel_for_the_browser_asks_for_what_the_package_imports_and_no_more() -> None:
    asked = {re.split(r"[<>=]", name)[0] for name in lite.IN_THE_BROWSER}
    sources = (path.read_text("utf-8") for path in (lite.ROOT / "helpers").rglob("*.py"))
    # IPython is part of any kernel
    assert {MODULES.get(name, name) for name in asked} == imported(sources) - {"helpers", "IPython"}


def test_the_wheel_for_the_browser_asks_for_the_versions_of_the_project() -> None:
    project = (lite.ROOT / "pyproject.toml").read_text("utf-8")
    assert [name for name in lite.IN_THE_BROWSER if f'    "{name}",' not in project] == []


def test_a_chapter_imports_what_the_browser_has() -> None:
    have = {MODULES.get(name, name) for name in (re.split(r"[<>=]", name)[0] for name in lite.IN_THE_BROWSER)}
    for path in sorted((lite.ROOT / "book").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        used = imported(cell.source for cell in cells if cell.cell_type == "code")
        # the first cell stands for myst_nb; a cell that compares with torch says so where it is missing
        assert used <= have | {"helpers", "IPython", "myst_nb", "torch"}


@pytest.fixture
def notebook() -> str:
    cells = [
        nbformat.v4.new_markdown_cell("[Work](../../book/bibliography.md#id9)", id="text"),
        nbformat.v4.new_code_cell("1 + 1", id="code"),
    ]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


def test_a_notebook_begins_with_the_installation(notebook: str) -> None:
    first, *others = nbformat.reads(lite.in_the_browser(notebook, ""), 4).cells
    assert "%pip install --quiet credit-assignment" in first.source
    assert others == nbformat.reads(notebook, 4).cells


def test_links_to_pages_lead_to_the_published_ones(notebook: str) -> None:
    text = nbformat.reads(lite.in_the_browser(notebook, "https://example.org/it/"), 4).cells[1].source
    assert text == "[Work](https://example.org/it/book/bibliography.html#id9)"


def test_the_first_cell_stands_for_glue_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "myst_nb", raising=False)
    exec(lite.FIRST_CELL.replace("%pip", "# %pip"), {})
    stand_in = sys.modules.pop("myst_nb")
    assert stand_in.glue("name", 3, display=False) is None
    assert not hasattr(stand_in, "__file__")


def test_notebooks_that_are_missing_are_named_with_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(CannotBuildError, match="There are no notebooks in .*: run 'make classroom' first"):
        lite.prepare(tmp_path, tmp_path / "source", "")


def test_what_jupyterlite_is_built_from(notebook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels = []
    monkeypatch.setattr(lite, "build_wheel", lambda folder, names: wheels.append((folder.name, names)))
    (tmp_path / "01-one.ipynb").write_text(notebook, "utf-8")
    lite.prepare(tmp_path, tmp_path / "source", "")
    assert json.loads((tmp_path / "source" / "jupyter-lite.json").read_text("utf-8")) == lite.SETTINGS
    assert [path.name for path in (tmp_path / "source" / "contents").iterdir()] == ["01-one.ipynb"]
    assert wheels == [("wheels", lite.IN_THE_BROWSER)]


def test_the_address_of_the_button_is_one_that_a_browser_opens() -> None:
    assert buttons.check_address("") == ""
    assert buttons.check_address("https://example.org/it/lite/") == "https://example.org/it/lite"
    with pytest.raises(ConfigError, match="BOOK_LITE_URL must have the form https://host/path, and it is 'lite'"):
        buttons.check_address("lite")


def test_the_button_joins_those_that_launch() -> None:
    one = buttons.button("https://example.org/lite", "01-one")
    assert one["url"] == "https://example.org/lite/lab/index.html?path=01-one.ipynb"
    assert "experimental" in one["tooltip"]
    download, launch = {"label": "download-buttons", "buttons": []}, {"label": buttons.GROUP, "buttons": ["Binder"]}
    assert buttons.with_button([download, launch], one) == [download, {**launch, "buttons": ["Binder", one]}]
    alone = buttons.with_button([download], one)
    assert alone[0] == download and alone[1]["label"] == buttons.GROUP and alone[1]["buttons"] == [one]


def cell(source: str, count: int | None, *kinds: str) -> dict[str, object]:
    outputs = [{"output_type": kind, "ename": "ValueError", "evalue": "no"} for kind in kinds]
    return {"cell_type": "code", "source": source, "execution_count": count, "outputs": outputs}


def test_a_run_in_the_browser_is_judged_by_errors_and_by_cells_that_did_not_run() -> None:
    text = {"cell_type": "markdown", "source": "words"}
    assert lite_run.faults({"cells": [text, cell("1", 1, "execute_result"), cell(" ", None)]}) == []
    assert lite_run.faults({"cells": [cell("1 / 0", 1, "stream", "error")]}) == ["cell 0: ValueError: no"]
    assert lite_run.faults({"cells": [text, cell("1", None)]}) == ["1 of 1 cells with code did not run, first cell 1"]
    assert lite_run.faults({"cells": [text]}) == ["no cell holds code"]
