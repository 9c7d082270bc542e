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

from extensions.plain_notebooks import EDITIONS

BOOK = Path(__file__).parents[1]

#: What differs from a build of the pages.
SETTINGS = {
    "nb_execution_mode": "off",
    "nb_mime_priority_overrides": [["plain", "text/plain", 10]],
}


def write(folder: Path) -> None:
    """Write ``student`` and ``complete`` into a folder; a warning of the build is an error.

    Parameters
    ----------
    folder : Path
        Both editions are made anew; other files in it are left as they are.

    Raises
    ------
    RuntimeError
        If the build fails; it has said why.
    """
    settings, _ = get_final_config(
        user_yaml=BOOK / "_config.yml", cli_config={"latex_individualpages": False}, sourcedir=BOOK
    )
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
            shutil.rmtree(folder / edition, ignore_errors=True)
            shutil.copytree(made / edition, folder / edition)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else BOOK / "classroom")
