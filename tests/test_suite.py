"""The tests are sound: none changes what another finds, and none needs a fine clock.

What holds the rest: a warning is an error everywhere (``filterwarnings`` in ``pyproject.toml``), an unclosed socket
too; and nbval compares every chapter with what an earlier run of it has stored.
"""

import ast
import importlib.util
import io
import json
import os
import time
import tokenize
import tomllib
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from threadpoolctl import threadpool_info

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

TOP = Path(__file__).parents[1]


@pytest.fixture
def coarse(monkeypatch):
    """Let clocks tick once in ten milliseconds, as on some machines."""
    for name in ("perf_counter", "process_time"):
        clock = getattr(time, name)
        monkeypatch.setattr(time, name, lambda clock=clock: round(clock(), 2))


@pytest.fixture
def moving(coarse, request):
    """The clocks of the benchmarks' tests, on such a machine."""
    request.getfixturevalue("moving_clocks")


@pytest.mark.parametrize("name", ["perf_counter", "process_time"])
def test_no_time_of_a_benchmark_is_zero_on_a_coarse_clock(name, moving):
    readings = [getattr(time, name)() for _ in range(1000)]
    assert all(later > earlier for earlier, later in pairwise(readings))


def test_every_test_of_a_benchmark_uses_clocks_that_move():
    files = sorted((TOP / "tests").glob("test_benchmark*.py"))
    assert len(files) >= 4
    assert all('usefixtures("moving_clocks")' in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_build_of_one_test_does_not_change_what_the_next_reads_markdown_by(turn):
    endings = importlib.import_module("sphinx.config").Config.config_values["source_suffix"].default
    assert endings == {".rst": "restructuredtext"}
    endings[".md"] = turn


@pytest.fixture
def top_conftest(monkeypatch, tmp_path):
    """A fresh copy of what pytest asks at the top of the repository, and a place for what it reads."""
    spec = importlib.util.spec_from_file_location("top_conftest", TOP / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "BUILD_TIMES", tmp_path / "build-times.json")
    return module


def in_order(top_conftest, config, names):
    """The names of files in the order in which their tests run, two tests for each."""
    items = [SimpleNamespace(path=Path(name)) for name in names for _ in range(2)]
    top_conftest.pytest_collection_modifyitems(config, items)
    return [item.path.name for item in items][::2]


def test_what_takes_long_begins_where_processes_share_the_tests(top_conftest):
    names = ["tests/test_a.py", "tests/test_b.py", "tests/test_new.py", "book/01-one.ipynb", "book/02-two.ipynb"]
    alone, shared = SimpleNamespace(), SimpleNamespace(workerinput={})
    unmeasured = ["01-one.ipynb", "02-two.ipynb", "test_a.py", "test_b.py", "test_new.py"]
    assert in_order(top_conftest, shared, names) == unmeasured
    tests = {"files": {"test_a.py": 1.0, "test_b.py": 30.0}, "notebooks": {"01-one": 20.0}}
    top_conftest.BUILD_TIMES.write_text(json.dumps({"tests": tests}))
    measured = ["02-two.ipynb", "test_b.py", "01-one.ipynb", "test_a.py", "test_new.py"]
    assert in_order(top_conftest, shared, names) == measured
    assert in_order(top_conftest, alone, names) == [Path(name).name for name in names]


def test_a_process_has_as_many_threads_as_it_was_told():
    pools = [pool for pool in threadpool_info() if pool["internal_api"] == "openblas"]
    assert {pool["num_threads"] for pool in pools} <= {int(os.environ["OPENBLAS_NUM_THREADS"])}


def test_a_warning_is_an_error_here():
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"
    with pytest.raises(UserWarning, match="nobody reads this"):
        importlib.import_module("warnings").warn("nobody reads this", stacklevel=1)


def lines_of_code(source: str) -> int:
    """Return the number of lines that hold code: docstrings, comments and blank lines apart."""
    lines = {
        line
        for one in tokenize.generate_tokens(io.StringIO(source).readline)
        if one.string.strip()
        for line in range(one.start[0], one.end[0] + 1)
        if one.type != tokenize.COMMENT
    }
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(part) is not None:
            lines -= {*range(part.body[0].lineno, part.body[0].end_lineno + 1)}
    return len(lines)


def test_lines_of_code_are_counted_without_words():
    head = '"""Words.\n\nMore."""\n\nimport os  # why\n\n\n# a comment\n'
    source = head + 'def f(\n    x,\n):\n    """One."""\n    return """a\nb"""\n'
    assert lines_of_code(source) == 6


def test_the_general_rooms_stay_small_enough_to_be_read():
    rooms = [
        path for path in (TOP / "helpers").iterdir() if path.is_dir() and path.name not in ("chapters", "__pycache__")
    ]
    files = [path for room in rooms for path in room.rglob("*.py")]
    lines = sum(lines_of_code(path.read_text(encoding="utf-8")) for path in files)
    assert len(rooms) == 6 and len(files) > 40
    assert lines < 2000, f"{lines} lines of code in the general rooms: what one chapter makes or alone needs is its own"
