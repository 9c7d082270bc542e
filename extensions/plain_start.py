"""What every plain notebook begins with: the cell that installs the package, and words on how to use a notebook."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

#: The first cell of every plain notebook.
INSTALL = """\
# Installs the book's package where it is missing, as on Colab; does nothing elsewhere.
import importlib.util
import os
from pathlib import Path

ADDRESS = os.environ.get("BOOK_REPOSITORY_URL", "")  # of the book's repository

if importlib.util.find_spec("helpers") is None:
    above = [str(folder) for folder in Path.cwd().parents if (folder / "helpers" / "pages").is_dir()]
    package = above[0] if above else f"git+{ADDRESS}"
    if package == "git+":
        raise ModuleNotFoundError(
            "The book's package is not installed. Run %pip install git+https://github.com/OWNER/NAME and then this "
            "cell again; on Colab, OWNER/NAME is what stands behind /github/ in the address of this page."
        )
    %pip install --quiet {package}
"""

#: The second: elsewhere nothing says what to press.
HOW_TO = (
    "> **How to use this notebook.** Run all cells first: *Run → Run All Cells* in JupyterLab, *Runtime → Run all* on "
    "Colab, *Run All* in VS Code. That takes a minute or two; then figures move, and questions can be answered.\n"
    ">\n"
    "> Some code is folded: in JupyterLab it is one grey line with three dots, and a click opens it. Your answer to an "
    "exercise goes into the cell below its text. Shift+Enter runs that cell, and its last line says whether the answer "
    "is right."
)


def first_cells() -> list[NotebookNode]:
    """Return the cells before those of the chapter."""
    install = nbformat.v4.new_code_cell(INSTALL.rstrip(), id="install-the-package")
    install.metadata["jupyter"] = {"source_hidden": True}
    return [install, nbformat.v4.new_markdown_cell(HOW_TO, id="how-to")]
