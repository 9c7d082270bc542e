"""Write the plain notebooks of every chapter: for students without solutions, and complete.

They come from the chapters as they are stored; nothing is run.

    python -m tools.classroom [FOLDER]
"""

import shutil
import sys
import tempfile
from pathlib import Path

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx

from experiments.whole_files import write_whole
from extensions.plain_notebooks import EDITIONS

BOOK = Path(__file__).parents[1]

#: Pages that no notebook needs: to read the package from its docstrings would take half of the time.
LEFT_OUT = "book/api/**"

#: What else differs from a build of the pages.
SETTINGS = {
    "nb_execution_mode": "off",
    "nb_mime_priority_overrides": [["plain", "text/plain", 10]],
}


def write(folder: Path) -> None:
    """Write ``student`` and ``complete`` into a folder; a warning of the build is an error.

    Parameters
    ----------
    folder : Path
        Both editions are made anew, file by file, each whole or not at all; other files in it are left as they are.

    Raises
    ------
    RuntimeError
        If the build fails; it has said why.
    CannotWriteError
        If the machine refuses, for instance because the disk is full.
    """
    settings, _ = get_final_config(
        user_yaml=BOOK / "_config.yml", cli_config={"latex_individualpages": False}, sourcedir=BOOK
    )
    settings["exclude_patterns"] = [*settings["exclude_patterns"], LEFT_OUT]
    settings["suppress_warnings"] = [*settings["suppress_warnings"], "etoc.ref"]
    with tempfile.TemporaryDirectory() as build:
        made, doctrees = Path(build) / "made", Path(build) / "doctrees"
        plain = Sphinx(
            BOOK,
            None,
            made,
            doctrees,
            "plain",
            confoverrides=settings | SETTINGS,
            status=None,
            warningiserror=True,
            keep_going=True,
        )
        plain.build()
        if plain.statuscode:
            raise RuntimeError("the plain notebooks could not be written; the lines above say why")
        for edition in EDITIONS:
            put_in_place(made / edition, folder / edition)


def put_in_place(made: Path, folder: Path) -> None:
    """Let a folder have the notebooks that were made, and no others; nothing in it is ever half a file."""
    notebooks = {file.name: file.read_bytes() for file in sorted(made.iterdir())}
    for name, content in notebooks.items():
        write_whole(folder / name, content)
    for file in folder.iterdir():
        if file.name not in notebooks:
            shutil.rmtree(file) if file.is_dir() else file.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else BOOK / "classroom")
