"""Chapters that must run do so side by side before they are read; one that fails is reported as ever."""

import io
from pathlib import Path

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from extensions import execution

#: Each chapter waits until the other has begun: one after the other, the first would wait in vain.
MEETING = """\
import time
from pathlib import Path
Path("{own}").touch()
end = time.monotonic() + 60
while not Path("{other}").exists() and time.monotonic() < end:
    time.sleep(0.05)
print("met" if Path("{other}").exists() else "alone")"""


def lay_out(top: Path, *, first: str, second: str) -> None:
    """Write a book of two chapters of one cell each."""
    (top / "requirements.txt").write_text("numpy")
    (top / "index.md").write_text("# Top\n\n```{toctree}\none\ntwo\n```\n")
    for name, code in (("one", first), ("two", second)):
        cells = [nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell(code)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), top / f"{name}.ipynb")


def build(top: Path, note=lambda *_: None) -> tuple[str, str]:
    """Build it, and let something be told of each page that is read; return what Sphinx says, and what it warns of."""
    said, warnings = io.StringIO(), io.StringIO()
    settings = {
        "extensions": ["myst_nb", "extensions.execution"],
        "exclude_patterns": ["_build"],
        "nb_execution_mode": "cache",
        "html_theme": "basic",
    }
    with docutils_namespace():
        folders = (str(top), None, str(top / "_build" / "html"), str(top / "_build" / "doctrees"))
        app = Sphinx(*folders, "html", settings, status=said, warning=warnings)
        app.connect("source-read", note, priority=1)
        app.build()
    return said.getvalue(), warnings.getvalue()


@pytest.fixture
def two_processors(monkeypatch):
    monkeypatch.setattr(execution.os, "cpu_count", lambda: 2)


def test_two_chapters_run_at_once_and_only_a_changed_one_runs_again(tmp_path, two_processors):
    lay_out(tmp_path, first=MEETING.format(own="a", other="b"), second=MEETING.format(own="b", other="a"))
    said, warnings = build(tmp_path)
    assert not warnings
    assert said.count("Executed notebook in") == 2 and said.count("Using cached notebook") == 2
    for name in ("one", "two"):
        assert "met" in (tmp_path / "_build" / "html" / f"{name}.html").read_text("utf-8")
    changed = nbformat.read(tmp_path / "two.ipynb", 4)
    changed.cells[1].source = "import os\nprint(22, os.environ['OPENBLAS_NUM_THREADS'], 'thread')"
    nbformat.write(changed, tmp_path / "two.ipynb")
    said, warnings = build(tmp_path)
    assert not warnings
    assert said.count("Executed notebook in") == 1 and "two.ipynb: Executed notebook" in said
    assert "22 1 thread" in (tmp_path / "_build" / "html" / "two.html").read_text("utf-8")


def test_pages_without_code_are_read_while_chapters_run(tmp_path, two_processors):
    waits = MEETING.format(own="a", other="read")
    lay_out(tmp_path, first=waits, second="print(2)")
    (tmp_path / "zz.md").write_text("---\norphan: true\n---\n\n# Read\n")
    read = []

    def note(app, docname, source):
        read.append(docname)
        if docname == "zz":
            (tmp_path / "read").touch()

    _, warnings = build(tmp_path, note)
    assert not warnings and read == ["index", "zz", "one", "two"]
    assert "met" in (tmp_path / "_build" / "html" / "one.html").read_text("utf-8")


def test_a_chapter_that_fails_is_reported_and_the_other_is_kept(tmp_path, two_processors):
    lay_out(tmp_path, first="1 / 0", second="print(2)")
    said, warnings = build(tmp_path)
    assert "one.ipynb" in warnings and "Executing notebook failed: CellExecutionError" in warnings
    assert "two.ipynb: Executed notebook in" in said


def test_what_took_longest_begins_and_is_read_first_of_those_that_run(tmp_path, two_processors):
    lay_out(tmp_path, first="print(1)", second="print(2)")
    (tmp_path / "book").mkdir()
    (tmp_path / execution.BUILD_TIMES).write_text('{"book": {"chapters": {"one": 1.5, "two": 20.5}}}')
    read = []
    _, warnings = build(tmp_path, lambda app, docname, source: read.append(docname))
    assert not warnings and read == ["index", "two", "one"]
    measured = tmp_path / execution.BUILD_TIMES
    assert execution.longest_first(["b/one", "b/new", "b/two"], measured) == ["b/new", "b/two", "b/one"]
    assert execution.longest_first(["b/one", "b/two"], tmp_path / "missing.json") == ["b/one", "b/two"]
