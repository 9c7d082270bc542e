"""Run a chapter again when anything it depends on has changed, and not otherwise.

MyST-NB's cache looks only at the cells of a notebook. A chapter also depends on ``helpers``, on the recorded
results and on the locked versions, so the cache lives in a folder named by a hash of those. When the hash
changes the folder is new, and because the path is a setting of the build, Sphinx reads every page again.

Sphinx reads one page after the other, and MyST-NB runs each as it is read. So chapters that must run do so side by
side, while pages without code are read, and are found in the cache when their turn comes. What took long when it was
last measured begins, so that no processor waits for another at the end.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat.reader import NotJSONError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

# What the kernels of a build see: figures that need no kernel, no progress bars in the pages, and one thread each, as
# there are as many kernels as processors. A second thread would wait for its next product by turning round and round.
KERNEL_ENVIRONMENT = {"BOOK_FIGURES": "static", "TQDM_DISABLE": "1", "OPENBLAS_NUM_THREADS": "1"}

#: What `tools.build_times` has stored, among it the seconds of each chapter, seen from the top folder of the book.
BUILD_TIMES = Path("book/build-times.json")

LOGGER = logging.getLogger(__name__)


def inputs_hash(root: Path) -> str:
    """Hash every file, apart from the notebook itself, that the output of a chapter depends on."""
    folders = (root / "helpers", root / "book" / "results")
    files = [root / "requirements.txt"]
    files += (file for folder in folders for file in folder.rglob("*") if file.is_file())
    digest = hashlib.sha256()
    for file in sorted(files):
        if "__pycache__" in file.parts or not file.exists():
            continue
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


def cache_folder(root: Path, build: Path) -> Path:
    """Name the cache that fits the present inputs, and remove those that fitted earlier ones."""
    caches = build / ".jupyter_cache"
    current = caches / inputs_hash(root)
    if caches.is_dir():
        for stale in caches.iterdir():
            if stale.is_dir() and stale != current:
                shutil.rmtree(stale)
    return current


def configure(app: Sphinx, config: Config) -> None:
    config.nb_execution_cache_path = str(cache_folder(Path(app.confdir), Path(app.outdir).parent))
    os.environ.update(KERNEL_ENVIRONMENT)


class Runs:
    """The chapters that run while a build reads.

    A chapter that fails is left to MyST-NB, which runs it again and says what is wrong.
    """

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(os.cpu_count())
        self.running: dict[str, Future[ExecutionResult | None]] = {}

    def begin(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Run the chapters that will be read and are not in the cache, as many at once as there are processors.

        Parameters
        ----------
        app : Sphinx
        env : BuildEnvironment
        docnames : list of str
            Pages that will be read, in this order; those that run come to stand last, in the order in which they begin.
        """
        if app.config.nb_execution_mode != "cache":
            return
        cache = get_cache(app.config.nb_execution_cache_path)
        files = {name: Path(env.doc2path(name)) for name in docnames}
        stale = [name for name, file in files.items() if file.suffix == ".ipynb" and not is_cached(cache, file)]
        for name in longest_first(stale, Path(app.confdir) / BUILD_TIMES):
            self.running[name] = self.pool.submit(run, files[name], app.config.nb_execution_timeout)
        docnames[:] = [name for name in docnames if name not in self.running] + list(self.running)

    def wait(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Wait for a chapter that is about to be read, and put it into the cache."""
        if docname not in self.running:
            return
        result = self.running.pop(docname).result()
        if result is None or result.err is not None:
            return
        file = app.env.doc2path(docname)
        bundle = CacheBundleIn(result.nb, file, data={"execution_seconds": result.time})
        cache = get_cache(app.config.nb_execution_cache_path)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        LOGGER.info(f"{file}: Executed notebook in {result.time:.2f} seconds")

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Begin with no further chapter, if the build stops early."""
        self.pool.shutdown(wait=False, cancel_futures=True)


def longest_first(names: list[str], measured: Path) -> list[str]:
    """Return chapters in the order in which they should begin; one that was never measured may be the longest."""
    book = json.loads(measured.read_text(encoding="utf-8"))["book"] if measured.exists() else {"chapters": {}}
    return sorted(names, key=lambda name: -book["chapters"].get(Path(name).name, math.inf))


def run(file: Path, timeout: int) -> ExecutionResult | None:
    """Run a chapter; return nothing if there is nothing to return."""
    try:
        notebook = nbformat.read(file, nbformat.NO_CONVERT)
        return single_nb_execution(notebook, str(file.parent), timeout, allow_errors=False)
    except (CellControlSignal, DeadKernelError, OSError):
        return None


def is_cached(cache: JupyterCacheAbstract, file: Path) -> bool:
    """Say whether the cache has the outputs of a notebook as it is now, whole.

    The cache notes a notebook first and writes it then. A build that was killed in between leaves a note that leads
    nowhere, or to half a file, on which MyST-NB would stop at every build: such a notebook has to run again.
    """
    try:
        note = cache.match_cache_notebook(nbformat.read(file, nbformat.NO_CONVERT))
        cache.get_cache_bundle(note.pk)
    except (KeyError, NotJSONError):
        return False
    return True


def setup(app: Sphinx) -> dict[str, bool]:
    runs = Runs()
    app.connect("config-inited", configure)
    app.connect("env-before-read-docs", runs.begin)
    app.connect("source-read", runs.wait)
    app.connect("build-finished", runs.end)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
