"""Build the student notebooks for a browser that is their only machine: ``make lite``. Experimental.

    python -m tools.lite [--notebooks classroom/student]

JupyterLite is JupyterLab as a folder of static files: Python runs in the browser, as Pyodide. The folder holds the
notebooks and the book's own wheel. Python itself and numpy, scipy, scikit-learn and matplotlib for the browser are
fetched by the reader's browser from the network, when a notebook is opened.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from tools.page_links import lead_to_pages
from tools.wheel import ROOT, SOURCE_DATE_EPOCH, CannotBuildError, build_wheel

OUTPUT = ROOT / "_build" / "lite"

#: What `helpers` imports: all that its wheel asks for in the browser, where no book is built and no test runs.
IN_THE_BROWSER = (
    "numpy>=2",
    "scipy",
    "scikit-learn",
    "matplotlib",
    "ipywidgets>=8",
    "jinja2",
    "markupsafe",
    "tqdm",
)

#: The first cell of a notebook in the browser; the cell after it, which installs elsewhere, then has nothing to do.
FIRST_CELL = """\
# In the browser: installs the book's package from this site, and the packages that it needs.
%pip install --quiet credit-assignment
import sys
import types

# Only built pages need `glue`; what it keeps for them is left out here.
pages_only = types.ModuleType("myst_nb")
pages_only.glue = lambda *arguments, **options: None
sys.modules.setdefault("myst_nb", pages_only)"""

#: Settings of the site; `exposeAppInBrowser` lets tests/lite_run.py speak to JupyterLab.
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {"appName": "Credit Assignment", "exposeAppInBrowser": True},
}


def in_the_browser(notebook: str, site: str) -> str:
    """Return a student notebook as the browser needs it.

    Parameters
    ----------
    notebook : str
        Text of the plain notebook.
    site : str
        Address of the built pages, for links to them; empty if they are published nowhere, and links stay.

    Returns
    -------
    str
    """
    changed = nbformat.reads(lead_to_pages(notebook, site) if site else notebook, as_version=4)
    metadata = {"jupyter": {"source_hidden": True}}
    changed.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL, id="install-in-the-browser", metadata=metadata))
    return nbformat.writes(changed)


def prepare(notebooks: Path, folder: Path, site: str) -> None:
    """Write what JupyterLite is built from: settings, notebooks and the wheel.

    Parameters
    ----------
    notebooks : Path
        Folder of the student notebooks.
    folder : Path
        Holds ``jupyter-lite.json``, ``contents`` and ``wheels`` afterwards.
    site : str
        Address of the built pages, or empty.

    Raises
    ------
    CannotBuildError
        If there are no notebooks, or the wheel cannot be built.
    """
    sources = sorted(notebooks.glob("*.ipynb"))
    if not sources:
        raise CannotBuildError(f"There are no notebooks in {notebooks}: run 'make classroom' first.")
    for name in ("contents", "wheels"):
        (folder / name).mkdir(parents=True)
    (folder / "jupyter-lite.json").write_text(json.dumps(SETTINGS), "utf-8")
    for source in sources:
        (folder / "contents" / source.name).write_text(in_the_browser(source.read_text("utf-8"), site), "utf-8")
    build_wheel(folder / "wheels", IN_THE_BROWSER)


def build(folder: Path, output: Path) -> None:
    """Build JupyterLite from a prepared folder, or raise CannotBuildError with what it says."""
    if importlib.util.find_spec("jupyterlite_core") is None:
        raise CannotBuildError("JupyterLite is not installed: run 'make lite', which installs it first.")
    options = {
        "--lite-dir": folder,
        "--contents": folder / "contents",
        "--piplite-wheels": next((folder / "wheels").glob("*.whl")),
        "--output-dir": output,
        "--apps": "lab",
        "--source-date-epoch": SOURCE_DATE_EPOCH,
    }
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps", "--no-unused-shared-packages"]
    command += [str(part) for option in options.items() for part in option]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CannotBuildError(f"JupyterLite could not be built. It says:\n{(done.stdout + done.stderr)[-2000:]}")


def main() -> None:
    """Read the command line, build the folder and put it in the place of the old one; or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=Path, default=ROOT / "classroom" / "student", help="student notebooks")
    options = parser.parse_args()
    OUTPUT.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=OUTPUT.parent) as name:
        source, made = Path(name, "source"), Path(name, "made")
        try:
            prepare(options.notebooks, source, os.environ.get("BOOK_URL", ""))
            build(source, made)
        except CannotBuildError as error:
            sys.exit(str(error))
        shutil.rmtree(OUTPUT, ignore_errors=True)
        made.rename(OUTPUT)
    size = sum(file.stat().st_size for file in OUTPUT.rglob("*") if file.is_file()) / 1e6
    print(
        f"{OUTPUT.relative_to(ROOT)}: {size:.0f} MB, for any host of static files. Experimental: see CONTRIBUTING.md."
    )


if __name__ == "__main__":
    main()
