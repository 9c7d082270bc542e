"""One sweep for all experiments: independent runs go over the cores there are, and each finished one is kept.

A worker returns what a run came to, and the sweep itself writes it down: a worker may be a machine with another disk.

An experiment is a generator. It yields lists of runs, is sent the list of their values, and may ask for more:
settings are chosen before they are measured. At last it returns what its result file keeps. So it reads from top
to bottom as if one run followed the other, and `together` lets several of them go side by side.
"""

import ast
import hashlib
import importlib.util
import inspect
import json
import os
import platform
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from threadpoolctl import ThreadpoolController
from tqdm import tqdm

from experiments import cluster
from experiments.record import RESULTS, write
from experiments.scale import Scale

#: Where finished runs are kept, seen from the top folder of the book; git does not see it.
KEPT = Path(".experiments/runs")

#: Packages whose code decides what a run returns, besides the module of its function.
OWN = ("helpers", "experiments")

#: Modules of these that only send runs about and sum them up: a change there lets finished runs stand.
APART = {
    "experiments.sweep",
    "experiments.cluster",
    "experiments.choosing",
    "experiments.record",
    "experiments.whole_files",
}

#: What must be alike where a run is done and where the sweep was started, in the order of `Run.made_with`.
ALIKE = ("the book's code", "Python", "numpy", "the processor", "the kernels of matrix products", "numpy's loops")


class RunFailed(RuntimeError):
    """Raised when a run stops with an error; says which run, and where."""


@dataclass(frozen=True)
class Run:
    """One independent piece of work: ``function(seed, **settings)``.

    Attributes
    ----------
    function : callable
        Of a module, so that another process finds it by name. Returns what JSON can hold.
    seed : int
    settings : mapping of str to Any
        Numbers, texts, and dataclasses or lists of them. Data are named, not handed over.
    """

    function: Callable[..., Any]
    seed: int
    settings: Mapping[str, Any]

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in {"seed": self.seed, **self.settings}.items())
        return f"{self.function.__module__}.{self.function.__qualname__}({given})"

    def key(self) -> str:
        """Return a name for the run's file: other for another seed, other settings, other code or another machine."""
        said = [self.function.__module__, self.function.__qualname__, self.seed, self.settings]
        code, *machine = self.made_with()
        text = json.dumps([*said, code, machine], default=plain)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def made_with(self) -> list[Any]:
        """Return the code and the machine that a run meets here."""
        return [code_of(inspect.getsourcefile(self.function)), *machine()]


#: An experiment, or a part of one: yields runs, is sent their values in the same order, returns what they come to.
Stages = Generator[list[Run], list[Any], Any]


@dataclass(frozen=True)
class Experiment:
    """What makes one result file.

    Attributes
    ----------
    name : str
        Of the file, without its ending; also what to type.
    stages : callable
        Takes a `Scale` and the seeds; its generator returns what the file keeps after its header.
    seeds : range
        Repetitions in the book.
    packages : tuple of str
        Distributions besides numpy whose version matters.
    """

    name: str
    stages: Callable[[Scale, range], Stages]
    seeds: range = range(5)
    packages: tuple[str, ...] = ()

    @property
    def out(self) -> Path:
        """File of the book."""
        return RESULTS / f"{self.name}.json"


def together(parts: Mapping[Any, Stages]) -> Stages:
    """Let several parts of an experiment go side by side: the runs that they ask for next are one list.

    Parameters
    ----------
    parts : mapping of name to Stages

    Returns
    -------
    dict
        What each part returns, by its name.
    """
    returned: dict[Any, Any] = {}
    values: dict[Any, Any] = dict.fromkeys(parts)
    while values:
        asked = {}
        for name, value in values.items():
            try:
                asked[name] = parts[name].send(value)
            except StopIteration as end:
                returned[name] = end.value
        found = iter((yield [run for runs in asked.values() for run in runs]) if asked else ())
        values = {name: [next(found) for _ in runs] for name, runs in asked.items()}
    return {name: returned[name] for name in parts}


def carry_out(stages: Stages, *, kept: Path = KEPT, jobs: int = -1, name: str = "runs") -> tuple[Any, float]:
    """Do all runs of an experiment that are not kept yet.

    Parameters
    ----------
    stages : Stages
    kept : path
        Folder of finished runs. One that was interrupted is done again from its start.
    jobs : int
        Runs at a time; -1 for as many as there are cores. A cluster does as many as it has workers.
    name : str
        What the progress bar is called.

    Returns
    -------
    value : Any
        What the experiment returned.
    seconds : float
        Sum over its runs, whenever they were done.

    Raises
    ------
    RunFailed
        If a run stops with an error. Those that are finished are kept.
    ClusterError
        If a cluster is asked for and cannot do them.
    CannotWriteError
        If what a run came to cannot be kept, for instance because the disk is full.
    """
    values: Any = None
    seconds = 0.0
    with workers(jobs), tqdm(total=0, desc=name, unit="run") as progress:
        while True:
            try:
                runs = stages.send(values)
            except StopIteration as end:
                return end.value, seconds
            paths = [kept / f"{run.key()}.json" for run in runs]
            different = dict(zip(paths, runs, strict=True))
            progress.total += len(different)
            finished = {}
            for path, result in results(different):
                finished[path] = result
                progress.update()
            values = [finished[path]["value"] for path in paths]
            seconds += sum(result["seconds"] for result in finished.values())


def results(runs: Mapping[Path, Run]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the content of each run's file: first of those that are there, then of others, written as they end."""
    missing = {path: run for path, run in runs.items() if not path.exists()}
    for path in runs.keys() - missing.keys():
        yield path, json.loads(path.read_text(encoding="utf-8"))
    paths = {path.stem: path for path in missing}
    work = (joblib.delayed(perform)(run, run.made_with()) for run in missing.values())
    # One run at a time, so that none waits for another to be kept; all at once, so that a worker may join later.
    outcomes = joblib.Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="all")(work)
    with warnings.catch_warnings(), closing(outcomes):
        warnings.filterwarnings("ignore", message=".*have been cancelled")  # by an error, which is said instead
        for key, outcome in outcomes:
            if isinstance(outcome, RunFailed):
                raise outcome
            write(paths[key], outcome)
            yield paths[key], outcome


def workers(jobs: int) -> AbstractContextManager:
    """Say where runs are done: in as many processes of this machine, or on the cluster that the environment names."""
    address = os.environ.get(cluster.VARIABLE)
    return cluster.workers_at(address) if address else joblib.parallel_config(backend="loky", n_jobs=jobs)


def perform(run: Run, made_with: list[Any]) -> tuple[str, dict[str, Any] | RunFailed]:
    """Do one run on one thread; return its key with what its file will hold.

    What goes wrong is returned, too: raised, it could overtake runs that have ended before, and these would be lost.
    """
    there = zip(ALIKE, run.made_with(), made_with, strict=True)
    if different := [f"{name} ({here} there, {asked} here)" for name, here, asked in there if here != asked]:
        return run.key(), RunFailed(
            f"{run} came to a worker that differs from this machine in {', '.join(different)}. Its figures could "
            "differ, too: start all workers from the same commit, with the same packages, on the same kind of machine"
        )
    start = time.perf_counter()
    try:
        with threads().limit(limits=1), joblib.parallel_config(backend="sequential"):
            value = run.function(run.seed, **run.settings)
        result = {"run": str(run), "seconds": round(time.perf_counter() - start, 2), "value": value}
        return run.key(), json.loads(json.dumps(result, allow_nan=False))
    except Exception:
        return run.key(), RunFailed(f"{run} failed:\n{traceback.format_exc()}")


@cache
def threads() -> ThreadpoolController:
    """Return what sets the threads of matrix products in this process."""
    return ThreadpoolController()


def plain(value: Any) -> Any:
    """Return a dataclass as something that JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: asdict(value)}
    raise TypeError(f"a setting must be a number, a text, a dataclass or a list of these, got {value!r}")


@cache
def machine() -> list[Any]:
    """Return what may move a result by a rounding: versions, the kernels of matrix products, numpy's own loops."""
    libraries = [library for library in threads().info() if library["user_api"] == "blas"]  # others may come later
    kernels = sorted({str(library.get("architecture")) for library in libraries})
    loops = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return [platform.python_version(), np.__version__, platform.machine(), kernels, loops]


@cache
def code_of(path: str) -> str:
    """Return a hash of a module and of all modules of this book that it imports, directly or not.

    Comments and empty lines do not count. A package that is imported counts with all its modules: it may find them by
    their names, as `helpers.rules` does.
    """
    trees, waiting = {}, {path}
    while waiting:
        file = waiting.pop()
        trees[file] = ast.parse(Path(file).read_text(encoding="utf-8"))
        inside = Path(file).parent.glob("*.py") if Path(file).name == "__init__.py" else ()
        waiting |= {*imports(trees[file]), *map(str, inside)} - trees.keys()
    text = "".join(sorted(ast.dump(tree) for tree in trees.values()))
    return hashlib.sha256(text.encode()).hexdigest()


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the file of each module of this book that a module imports."""
    names: Sequence[str]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] in OWN and name not in APART and (origin := file_of(name)):
                yield origin


def file_of(name: str) -> str | None:
    """Return the file of a module, or None if the name is that of something in a module."""
    if name in sys.modules:
        return sys.modules[name].__file__
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    return spec.origin if spec else None
