"""Run a chapter again when anything it depends on has changed, and not otherwise.

MyST-NB's cache looks only at the cells of a notebook. A chapter also depends on ``helpers``, on the recorded
results and on the locked versions, so the cache lives in a folder named by a hash of those. When the hash
changes the folder is new, and because the path is a setting of the build, Sphinx reads every page again.

Sphinx reads one page after the other, and MyST-NB runs each as it is read. So chapters that must run do so before, side
by side, and are found in the cache when they are read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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

# What the kernels of a build see: figures that need no kernel, and no progress bars in the pages.
KERNEL_ENVIRONMENT = {"BOOK_FIGURES": "static", "TQDM_DISABLE": "1"}

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


def run_before_reading(app: Sphinx, env: BuildEnvironment, docnames: Sequence[str]) -> None:
    """Run the chapters that will be read and are not in the cache, as many at once as there are processors.

    A chapter that fails is left to MyST-NB, which runs it again and says what is wrong.

    Parameters
    ----------
    app : Sphinx
    env : BuildEnvironment
    docnames : sequence of str
        Pages that will be read.
    """
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    files = [Path(env.doc2path(name)) for name in docnames]
    waiting = [file for file in sorted(files) if file.suffix == ".ipynb" and not is_cached(cache, file)]

    def run(file: Path) -> ExecutionResult | None:
        try:
            notebook = nbformat.read(file, nbformat.NO_CONVERT)
            return single_nb_execution(notebook, str(file.parent), app.config.nb_execution_timeout, allow_errors=False)
        except (CellControlSignal, DeadKernelError, OSError):
            return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, result in zip(waiting, pool.map(run, waiting), strict=True):
            if result is None or result.err is not None:
                continue
            bundle = CacheBundleIn(result.nb, str(file), data={"execution_seconds": result.time})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            LOGGER.info(f"{file}: Executed notebook in {result.time:.2f} seconds")


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
    app.connect("config-inited", configure)
    app.connect("env-before-read-docs", run_before_reading)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
