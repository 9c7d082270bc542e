"""Begin anew after a build that was stopped, by a kill or a full disk.

Sphinx writes into the built book in place, and a page that is newer than its source is finished for it: half a page
would stay half in every build that follows. So a build leaves a mark in its folder until it is through, and one that
finds a mark there empties the folder first. No chapter runs again for that: what they came to is in the cache.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

MARK = ".unfinished"


def begin(app: Sphinx) -> None:
    """Empty the folder if the last build into it did not end; then mark it."""
    if app.builder.format != "html":  # the link check shares the output folder
        return
    folder = Path(app.outdir)
    if (folder / MARK).exists():
        for entry in folder.iterdir():
            if entry.name != MARK:  # it goes last, at the end of the build
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (folder / MARK).touch()


def end(app: Sphinx, exception: Exception | None) -> None:
    """Take the mark away, unless the build has stopped with an error."""
    if exception is None and app.builder.format == "html":
        (Path(app.outdir) / MARK).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", begin, priority=1)  # before others put files there,
    app.connect("build-finished", end, priority=999)  # and after they have
    return {"parallel_read_safe": True, "parallel_write_safe": True}
