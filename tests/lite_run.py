"""Run chapter 1 in JupyterLite, in Chromium: ``make run-lite``. It needs a network.

    python -m tests.lite_run [CHAPTER] [--minutes 15]

Opens the notebook in ``_build/lite``, which a plain server hands out, runs all cells, waits, and fails if a cell shows
an error or did not run. The browser fetches Python and its packages from a public host. Where this was written there is
no such network: that the notebook opens, and that a run without Python is called a failure, has been seen; a whole run
has not. The workflow shows it, and publishes JupyterLite only after this has passed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.browser import launched
from tools.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

LITE = Path(__file__).parents[1] / "_build" / "lite"
CHAPTER = "01-computational-graphs"

#: The notebook that is open, once its file is read.
NOTEBOOK = "window.jupyterapp?.shell.currentWidget"
IS_OPEN = f"() => Boolean({NOTEBOOK}?.content?.model?.cells?.length)"

#: Runs all cells as soon as there is a kernel, and notes the end; it does not wait.
RUN_ALL = f"""() => {{
    const notebook = {NOTEBOOK};
    window.runOfAllCells = "waiting for Python";
    notebook.sessionContext.ready
        .then(() => notebook.sessionContext.session?.kernel?.info)
        .then(() => {{
            window.runOfAllCells = "running";
            return window.jupyterapp.commands.execute("notebook:run-all-cells");
        }})
        .then(() => {{ window.runOfAllCells = "done"; }}, error => {{ window.runOfAllCells = `failed: ${{error}}`; }});
}}"""
STATE = "() => window.runOfAllCells"
CONTENT = f"() => {NOTEBOOK}.content.model.toJSON()"


def faults(notebook: dict[str, Any]) -> list[str]:
    """Return what went wrong in a notebook that was run: errors, and cells of code that did not run."""
    code = [(k, cell) for k, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    if not code:
        return ["no cell holds code"]
    found = [
        f"cell {k}: {output['ename']}: {output['evalue']}"
        for k, cell in code
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]
    left = [k for k, cell in code if "".join(cell["source"]).strip() and cell["execution_count"] is None]
    return found + ([f"{len(left)} of {len(code)} cells with code did not run, first cell {left[0]}"] if left else [])


def run(page: Page, address: str, seconds: float) -> list[str]:
    """Open a notebook, run all its cells, and return what went wrong, also if that was the time."""
    page.goto(address)
    page.wait_for_function(IS_OPEN, timeout=120_000)
    page.evaluate(RUN_ALL)
    end = time.monotonic() + seconds
    while (state := page.evaluate(STATE)) in ("waiting for Python", "running") and time.monotonic() < end:
        time.sleep(1)
    wrong = [] if state == "done" else [f"after {seconds:.0f} s at most: {state}"]
    return wrong + faults(page.evaluate(CONTENT))


def main() -> int:
    """Read the command line, run the chapter, print what went wrong, and return 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", nargs="?", default=CHAPTER, help=f"name of a notebook (default: {CHAPTER})")
    parser.add_argument("--minutes", type=float, default=15, help="for the run at most (default: 15)")
    options = parser.parse_args()
    if not (LITE / "files" / f"{options.chapter}.ipynb").is_file():
        sys.exit(f"There is no {options.chapter} in _build/lite: run 'make lite', or name one of its notebooks.")
    start = time.monotonic()
    with served(LITE) as address, launched() as browser:
        page = f"{address}/lab/index.html?path={options.chapter}.ipynb"
        wrong = run(browser.new_page(), page, 60 * options.minutes)
    print(*wrong or [f"{options.chapter}: every cell ran without an error"], sep="\n")
    print(f"{time.monotonic() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
