"""How large a hub must be for a class, from what the chapters were measured to need.

    python -m tools.class_size --measure [--rounds 3]
    python -m tools.class_size --students 200 [--minutes 5]

The first writes ``book/class-size.json``: each chapter is run from top to bottom in a fresh kernel, round after round,
and the kernel itself says at its end how much processor time it has had, and what memory at most. An idle JupyterLab
server, of which each student of a hub has one, is measured beside it. Numpy gets one thread in each kernel: where
hundreds share a machine, more threads only wait for each other. The second reads that file and prints what a class
needs. Measuring needs Linux or macOS, whose kernels know their own peak.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from experiments.record import header, write

ROOT = Path(__file__).parent.parent
BOOK = ROOT / "book"

#: What was measured, seen from the top folder of the book.
STORED = Path("book/class-size.json")

#: Set for every kernel.
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}

#: The last cell of a measured run. The peak is in bytes on macOS, and in units of 1024 bytes elsewhere. On Linux the
#: usage begins with that of the process that started the kernel, so the kernel's own peak is read.
LAST_CELL = """\
import resource, sys
usage = resource.getrusage(resource.RUSAGE_SELF)
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
if sys.platform == "linux":
    with open("/proc/self/status") as file:
        peak = 1024 * int(next(line for line in file if line.startswith("VmHWM")).split()[1])
print(usage.ru_utime + usage.ru_stime, peak)
"""

#: Seconds that a server may take to answer.
PATIENCE = 120

MEGABYTE = 1e6


@dataclass(frozen=True)
class Need:
    """What one chapter needs for one student.

    Attributes
    ----------
    processor : float
        Seconds of processor time, from the first cell to the last.
    clock : float
        Seconds on the clock of the machine that measured.
    memory : float
        Peak of the kernel, in megabytes.
    """

    processor: float
    clock: float
    memory: float


@dataclass(frozen=True)
class Hub:
    """A machine, or several, for one class.

    Attributes
    ----------
    students : int
    memory : float
        In gigabytes.
    processors : int
    """

    students: int
    memory: float
    processors: int


def hub(students: int, need: Need, server: float, minutes: float) -> Hub:
    """Return how large a hub must be for a class that runs one chapter.

    Every student has a server and one kernel at its peak: ``memory = students * (server + kernel)``. All press "Run
    all cells" within some minutes, and none shall wait longer than that: ``processors = students * seconds / window``.

    Parameters
    ----------
    students : int
    need : Need
        Of the chapter.
    server : float
        Memory of an idle server, in megabytes.
    minutes : float
        The window.

    Returns
    -------
    Hub

    Raises
    ------
    ValueError
        If there is no student or no time.
    """
    if students < 1 or not minutes > 0:
        raise ValueError(
            f"need at least one student and a window above 0, got {students} students in {minutes} minutes"
        )
    memory = students * (server + need.memory) / 1000
    return Hub(students, memory, max(1, math.ceil(students * need.processor / (60 * minutes))))


def needs(stored: Mapping[str, Any]) -> dict[str, Need]:
    """Return what each chapter needs, by the name of its file: the median of its rounds."""
    return {
        name: Need(*(statistics.median(rounds[part]) for part in ("processor_seconds", "clock_seconds", "megabytes")))
        for name, rounds in stored["chapters"].items()
    }


def run_chapter(path: Path) -> Need:
    """Run a chapter in a fresh kernel, and return what the kernel says that it took."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}})
    start = time.perf_counter()
    client.execute(env={**os.environ, **THREADS})
    clock = time.perf_counter() - start
    processor, peak = map(float, notebook.cells[-1].outputs[0].text.split())
    return Need(round(processor, 1), round(clock, 1), round(peak / MEGABYTE))


def idle_server() -> float:
    """Start a JupyterLab server, ask it for its first page, and return its memory in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        options = ["--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.token="]
        options += [f"--ServerApp.root_dir={folder}", "--allow-root"]
        command = [sys.executable, "-m", "jupyter", "lab", *options]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://localhost:{port}/lab", server)
            return round(resident(server.pid) / MEGABYTE)
        finally:
            server.terminate()
            server.wait()


def resident(process: int) -> int:
    """Return how many bytes of memory a process holds now."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], check=True, capture_output=True, text=True).stdout
    return 1024 * int(said)


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen) -> None:
    """Return when a server answers at an address.

    Raises
    ------
    ChildProcessError
        If the server has stopped.
    TimeoutError
        If it does not answer within `PATIENCE` seconds.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                answer.read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if server.poll() is not None:
                raise ChildProcessError(f"the server for {address.partition('?')[0]} has stopped") from None
            time.sleep(0.5)
    raise TimeoutError(f"no server answers at {address.partition('?')[0]} after {PATIENCE} s: is the port taken?")


def machine() -> dict[str, Any]:
    """Return what a reader should know of the machine that measured."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "processor": model or platform.processor() or platform.machine(),
        "processors": os.cpu_count(),
        "gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": platform.system(),
    }


def measure(rounds: int) -> dict[str, Any]:
    """Run every chapter some times, and return what is to be stored."""
    start = time.perf_counter()
    paths = sorted(BOOK.glob("0*.ipynb"))
    taken: dict[str, list[Need]] = {path.stem: [] for path in paths}
    for number in range(rounds):
        for path in paths:
            taken[path.stem].append(need := run_chapter(path))
            print(f"round {number + 1}, {path.stem}: {need}", flush=True)
    server = max(idle_server() for _ in range(rounds))  # it differs a little from start to start
    top = header("python -m tools.class_size --measure", [0], time.perf_counter() - start, ["jupyterlab", "ipykernel"])
    return {
        **{name: value for name, value in top.items() if name != "seeds"},
        "machine": machine(),
        "settings": {"rounds": rounds, "threads": 1},
        "server_megabytes": server,
        "chapters": {
            name: {
                "processor_seconds": [need.processor for need in its],
                "clock_seconds": [need.clock for need in its],
                "megabytes": [need.memory for need in its],
            }
            for name, its in taken.items()
        },
    }


def report(stored: Mapping[str, Any], students: int, minutes: float) -> str:
    """Return what a class needs, one line for each chapter, with the formula."""
    server = stored["server_megabytes"]
    lines = [
        f"{students} students; each chapter run from top to bottom by all of them within {minutes:g} minutes",
        f"memory     = students x ({server:.0f} MB for the server + the kernel's peak)",
        f"processors = students x processor seconds / {60 * minutes:g} s",
        "",
    ]
    for name, need in needs(stored).items():
        size = hub(students, need, server, minutes)
        lines.append(
            f"{name:25} {need.processor:5.0f} s {need.memory:5.0f} MB: {size.memory:6.0f} GB, "
            f"{size.processors:4d} processors"
        )
    about = stored["machine"]
    lines += ["", f"Measured {stored['date']} on: {about['processor']}, {about['processors']} processors."]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line; measure, or say what a class needs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--measure", action="store_true", help=f"run the chapters and write {STORED}")
    parser.add_argument("--rounds", type=int, default=3, help="times that each chapter is run (default: 3)")
    parser.add_argument("--students", type=int, default=200, help="size of the class (default: 200)")
    parser.add_argument("--minutes", type=float, default=5, help="all run a chapter within so many (default: 5)")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.students < 1 or not options.minutes > 0:
        parser.error("need at least one round, one student and a time above 0")
    if options.measure:
        write(ROOT / STORED, measure(options.rounds))
    print(report(json.loads((ROOT / STORED).read_text(encoding="utf-8")), options.students, options.minutes))


if __name__ == "__main__":
    main()
