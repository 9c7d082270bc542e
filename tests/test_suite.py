"""The tests are sound: none changes what another finds, and none needs a fine clock.

What holds the rest: a warning is an error everywhere (``filterwarnings`` in ``pyproject.toml``), an unclosed socket
too; and nbval compares every chapter with what an earlier run of it has stored.
"""

import importlib
import os
import time
import tomllib
from itertools import pairwise
from pathlib import Path

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


def test_a_process_has_as_many_threads_as_it_was_told():
    pools = [pool for pool in threadpool_info() if pool["internal_api"] == "openblas"]
    assert {pool["num_threads"] for pool in pools} <= {int(os.environ["OPENBLAS_NUM_THREADS"])}


def test_a_warning_is_an_error_here():
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"
    with pytest.raises(UserWarning, match="nobody reads this"):
        importlib.import_module("warnings").warn("nobody reads this", stacklevel=1)
