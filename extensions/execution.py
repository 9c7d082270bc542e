"""Run a chapter again when anything it depends on has changed, and not otherwise.

MyST-NB's cache looks only at the cells of a notebook. A chapter also depends on ``helpers``, on the recorded
results and on the locked versions, so the cache lives in a folder named by a hash of those. When the hash
changes the folder is new, and because the path is a setting of the build, Sphinx reads every page again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

# What the kernels of a build see: figures that need no kernel, and no progress bars in the pages.
KERNEL_ENVIRONMENT = {"BOOK_FIGURES": "static", "TQDM_DISABLE": "1"}


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


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
