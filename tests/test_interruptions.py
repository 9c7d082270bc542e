"""Killed, full, or two at once: nothing is half written, the next run goes on, and a full disk is told in a sentence.

A process is killed at the moments that a seeded generator draws: so many bytes into a download, or at so many of its
file operations. A full disk is the largest size that a file may have here, which needs no rights and no disk.
"""

import hashlib
import itertools
import json
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from sphinx.cmd.build import main as sphinx_build

import experiments.mnist as mnist_files
from experiments import __main__ as command
from experiments import record
from experiments.sweep import Experiment, Run, carry_out
from experiments.whole_files import ABANDONED, CannotWriteError, write_whole
from extensions.execution import is_cached
from tools import classroom, grading, notebooks

resource = pytest.importorskip("resource", reason="kills and limits as Unix has them")

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

RUNS = 8
NAME = "t10k-labels-idx1-ubyte.gz"
CONTENT = np.random.default_rng(18).bytes(300_000)


def begin(work: Callable[[], object], harm: Callable[[], None] = lambda: None) -> int:
    """Do some work in a copy of this process, which has all that it needs in memory; return the copy's number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that a copy has no threads: it needs none
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.alarm(100)  # so that one that hangs ends
        harm()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def end(child: int) -> int:
    """Wait for a process; return its exit code, which is minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def watch(folder: Path, seen: Callable[[int], None]) -> None:
    """From now on, call a function at each operation on a file in a folder, with how many there have been."""
    numbers = itertools.count(1)

    def operation(event: str, arguments: tuple) -> None:
        writes = event == "open" and arguments[1] and set(arguments[1]) & set("wax+")
        if (writes or event in ("os.rename", "os.remove", "os.mkdir")) and str(arguments[0]).startswith(str(folder)):
            seen(next(numbers))

    sys.addaudithook(operation)


def killed_at(operation: int, folder: Path) -> Callable[[], None]:
    """Return what lets a process be killed at an operation on a file in a folder."""

    def at(number: int) -> None:
        if number == operation:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: watch(folder, at)


def killed_beyond(size: int) -> Callable[[], None]:
    """Return what lets a process end in the middle of the first file that grows beyond a size."""

    def harm() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    return harm


@contextmanager
def little_room(size: int = 50) -> Iterator[None]:
    """Let no file become larger than so many bytes, as if the disk were full then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # Python ignores the signal and gets an error
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make_older(folder: Path) -> None:
    """Let everything in a folder be a little older than what a killed process may have left."""
    then = time.time() - ABANDONED - 60
    for path in folder.iterdir():
        os.utime(path, (then, then))


# A file


def test_a_process_that_is_killed_in_mid_file_leaves_the_old_one_whole(tmp_path):
    file = tmp_path / "table.json"
    write_whole(file, "old")
    assert end(begin(lambda: write_whole(file, "n" * 5000), killed_beyond(1000))) == -signal.SIGXFSZ
    assert file.read_text() == "old"
    (half,) = set(tmp_path.iterdir()) - {file}
    assert half.name.startswith(".table.json.") and half.stat().st_size == 1000
    write_whole(file, "a process that writes it now keeps what it has begun")
    assert half.exists()
    make_older(tmp_path)
    write_whole(file, "new")
    assert names(tmp_path) == ["table.json"] and file.read_text() == "new"


def write_results(path: Path) -> None:
    record.write(path, {"values": list(range(100))})


def write_notebook(path: Path) -> None:
    notebooks.store(path)


def write_points(path: Path) -> None:
    grading.main([str(path), str(path)])


def write_plain_notebooks(path: Path) -> None:
    classroom.put_in_place(path.parent / "made", path.parent)


@pytest.mark.parametrize(
    ("write", "file"),
    [
        (write_results, "a.json"),
        (write_notebook, "a.ipynb"),
        (write_points, "a.ipynb"),
        (write_plain_notebooks, "zz.ipynb"),
    ],
    ids=["results", "a chapter", "points", "plain notebooks"],
)
def test_a_full_disk_is_told_in_a_sentence_and_the_old_file_stays(write, file, tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks.NotebookClient, "execute", lambda self: None)
    path = tmp_path / file
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("old " * 100)]), path)
    before = path.read_bytes()
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "zz.ipynb").write_text("new " * 100)
    with pytest.raises(CannotWriteError) as error, little_room():
        write(path)
    assert str(error.value) == (
        f"{path} cannot be written: File too large. What was there before is unchanged; make room and try again"
    )
    assert path.read_bytes() == before
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_plain_notebooks_take_the_place_of_the_old_ones_and_of_what_is_no_notebook(tmp_path):
    made, folder = tmp_path / "made", tmp_path / "student"
    made.mkdir(), folder.mkdir()
    (made / "01.ipynb").write_text("new")
    (folder / "01.ipynb").write_text("old")
    (folder / "00.ipynb").write_text("gone from the book")
    (folder / ".01.ipynb.77").write_text("ne")
    (folder / ".ipynb_checkpoints").mkdir()
    classroom.put_in_place(made, folder)
    assert names(folder) == ["01.ipynb"] and (folder / "01.ipynb").read_text() == "new"


def test_a_folder_in_the_way_is_told_with_its_name(tmp_path):
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(CannotWriteError, match=r"folder/a\.json cannot be written: .*; mend that and try again"):
        record.write(tmp_path / "folder" / "a.json", {})


# An experiment


def point(seed: int) -> dict[str, float]:
    """Take a moment; return one row of a table."""
    time.sleep(0.02)
    return {"score": seed**2 / 7}


def table() -> Iterator[list[Run]]:
    """Ask for some runs, then for as many with what they came to."""
    first = yield [Run(point, seed, {}) for seed in range(RUNS // 2)]
    second = yield [Run(point, RUNS + seed, {}) for seed in range(RUNS // 2)]
    return first + second


def swept(folder: Path) -> list[dict[str, float]]:
    """Carry the experiment out; return its table."""
    return carry_out(table(), kept=folder, jobs=1)[0]


TABLE = [{"score": seed**2 / 7} for seed in (*range(RUNS // 2), *range(RUNS, RUNS + RUNS // 2))]


def test_an_experiment_that_is_killed_again_and_again_comes_to_the_same_table(tmp_path, rng):
    folder, done = tmp_path / "kept", 0
    Run(point, 0, {}).key()  # reads much code, here instead of in every copy
    for at in rng.integers(2, 9, size=3):  # an undisturbed one has more than thirty operations
        assert end(begin(lambda: swept(folder), killed_at(at, folder))) == -signal.SIGKILL
        kept = [json.loads(path.read_text())["value"] for path in folder.glob("*.json")]
        assert all(value in TABLE for value in kept) and len(kept) >= done
        done = len(kept)
    assert 0 < done < RUNS
    assert swept(folder) == TABLE
    assert len([name for name in names(folder) if not name.startswith(".")]) == RUNS


def test_two_sweeps_at_once_come_to_one_result(tmp_path):
    folder = tmp_path / "kept"
    both = [begin(lambda: check(swept(folder) == TABLE)) for _ in range(2)]
    assert [end(one) for one in both] == [0, 0]
    assert len(names(folder)) == RUNS and all(name.endswith(".json") for name in names(folder))


def check(right: bool) -> None:
    """Let a process fail that has come to something else."""
    assert right


def test_an_experiment_on_a_full_disk_says_so_and_goes_on_when_there_is_room(tmp_path, monkeypatch):
    def stages(scale, seeds):
        yield [Run(point, 0, {})]
        return {"long": "x" * 2000}

    monkeypatch.setattr(command, "named", lambda names: [Experiment("toy", stages)])
    monkeypatch.setattr(command, "KEPT", tmp_path / "kept")
    arguments = ["toy", "--out", str(tmp_path), "--jobs", "1"]
    for size, file in ((50, r"kept/\w+\.json"), (1500, r"toy\.json")):
        words = rf"{file} cannot be written: .*make room and try again"
        with pytest.raises(CannotWriteError, match=words), little_room(size):
            command.main(arguments)
    assert len(names(tmp_path / "kept")) == 1  # the run whose file had room
    command.main(arguments)
    assert len(json.loads((tmp_path / "toy.json").read_text())["long"]) == 2000


# A download


class Server(ThreadingHTTPServer):
    """Sends a file slowly: so many bytes, then it waits to be told to send the rest."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.pause_at, self.reached, self.go_on = len(CONTENT), threading.Event(), threading.Event()
        self.arrived = threading.Barrier(1)
        self.go_on.set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    """One request of `Server`."""

    server: Server

    def log_message(self, *args) -> None:
        pass

    def do_GET(self) -> None:
        self.server.arrived.wait(60)
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        try:
            self.wfile.write(CONTENT[: self.server.pause_at])
            self.server.reached.set()
            self.server.go_on.wait(60)
            self.wfile.write(CONTENT[self.server.pause_at :])
        except ConnectionError:
            self.close_connection = True  # who asked was killed


@pytest.fixture
def server(monkeypatch, closed_answers) -> Iterator[Server]:
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.go_on.set()
        running.shutdown()
    thread.join()


def downloaded(cache: Path, address: str) -> Path:
    """Download the stand-in for a file of MNIST into a folder; return where it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist_files, "MNIST_URL", address)
        patch.setitem(mnist_files.MNIST_SHA256, NAME, hashlib.sha256(CONTENT).hexdigest())
        patch.setattr(mnist_files.pooch, "os_cache", lambda name: cache)
        return mnist_files.mnist_file(NAME, None)


def test_a_download_that_is_killed_leaves_nothing_that_looks_whole_and_the_next_one_succeeds(server, tmp_path, rng):
    cache = tmp_path / "cache"
    server.go_on.clear()
    for moment in (0, *rng.integers(len(CONTENT), size=2)):
        server.pause_at = int(moment)
        server.reached.clear()
        child = begin(lambda: downloaded(cache, server.address))
        reached = server.reached.wait(60)
        os.kill(child, signal.SIGKILL)
        assert end(child) == -signal.SIGKILL and reached
        assert NAME not in names(cache)
    server.go_on.set()
    assert names(cache), "there is nothing to clear away"
    make_older(cache)
    assert downloaded(cache, server.address).read_bytes() == CONTENT
    assert names(cache) == [NAME]


def test_two_downloads_at_once_make_one_file(server, tmp_path):
    cache = tmp_path / "cache"
    server.arrived = threading.Barrier(2)  # none is answered before both have asked
    both = [begin(lambda: check(downloaded(cache, server.address) == cache / NAME)) for _ in range(2)]
    assert [end(one) for one in both] == [0, 0]
    assert names(cache) == [NAME] and (cache / NAME).read_bytes() == CONTENT


def test_a_download_to_a_full_disk_is_told_in_a_sentence_that_names_the_cache(server, tmp_path):
    cache = tmp_path / "cache"
    with pytest.raises(CannotWriteError) as error, little_room(100_000):
        downloaded(cache, server.address)
    for part in (f"{NAME} cannot be kept in {cache}: File too large.", "make room", "BOOK_MNIST_DIR"):
        assert part in str(error.value)
    assert names(cache) == []
    assert downloaded(cache, server.address).read_bytes() == CONTENT


# A build


@pytest.fixture(scope="module")
def tiny_book(tmp_path_factory) -> Path:
    """The sources of three pages; one is far larger as a page than as anything that a build writes before."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "index.rst").write_text("Top\n===\n\n.. toctree::\n\n   long\n   short\n")
    (folder / "short.rst").write_text("Short\n=====\n\nOne line.\n")
    (folder / "long.rst").write_text(f"Long\n====\n\nSigns: {'<' * 50_000}\n")
    return folder


def build(source: Path, top: Path) -> None:
    """Build the book in a folder; a warning is an error."""
    settings = ["-D", "extensions=extensions.unfinished", "-D", "html_theme=basic", "-d", str(top / "trees")]
    assert sphinx_build(["-q", "-W", "-C", *settings, str(source), str(top / "html")]) == 0


def contents(top: Path) -> dict[str, bytes]:
    """Return every file of a built book."""
    folder = top / "html"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_that_is_killed_leaves_nothing_half_in_the_next_one(tiny_book, tmp_path, rng):
    whole, count = tmp_path / "whole", tmp_path / "count"
    child = begin(lambda: build(tiny_book, whole), lambda: watch(whole, lambda number: count.write_text(str(number))))
    assert end(child) == 0
    expected = contents(whole)
    assert len(expected["long.html"]) > 200_000 and ".unfinished" not in expected
    operations = int(count.read_text())
    for number, at in enumerate([None, *rng.integers(operations // 3, operations, size=2)]):
        top = tmp_path / str(number)
        harm = killed_beyond(150_000) if at is None else killed_at(at, top)
        assert end(begin(lambda top=top: build(tiny_book, top), harm)) < -1
        assert at is not None or (top / "html" / "long.html").stat().st_size == 150_000
        assert end(begin(lambda top=top: build(tiny_book, top))) == 0
        assert contents(top) == expected


@pytest.mark.parametrize("size", [None, 0, 100])
def test_a_chapter_whose_outputs_are_missing_or_half_runs_again(size, tmp_path):
    file = tmp_path / "one.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")])
    nbformat.write(notebook, file)
    cache = get_cache(str(tmp_path / "cache"))
    cache.cache_notebook_bundle(CacheBundleIn(notebook, str(file)), check_validity=False)
    assert is_cached(cache, file)
    (outputs,) = (tmp_path / "cache").rglob("*.ipynb")
    outputs.unlink() if size is None else os.truncate(outputs, size)
    assert not is_cached(cache, file)
