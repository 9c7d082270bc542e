"""The pictures of a figure with sliders in a file of their own, which its script asks for when the figure comes near.

A figure holds all its pictures (helpers/pages/explore.html), so that it stands alone in any notebook. On a page of the
book they are most of its weight, and most readers move few figures. The build leaves the first picture on the page and
puts the rest into ``_static/frames``: a script, since a page that is opened as a file may load no other kind of file.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

FOLDER = "_static/frames"
DATA = re.compile(r"<script type='application/json'>(.*?)</script>", re.DOTALL)
FILE = re.compile(rf"{FOLDER}/(\w+\.js)")


def frames_file(data: str) -> tuple[str, str]:
    """Return the name and the content of the file for the pictures of a figure, given as JSON."""
    name = hashlib.sha256(data.encode()).hexdigest()[:16] + ".js"
    return name, f"document.currentScript.frames = {data};\n"


def move_frames(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the pictures of a page's figures to files, and their addresses in their place."""
    if app.builder.name != "html":
        return
    folder = Path(app.outdir, FOLDER)
    address = relative_uri(app.builder.get_target_uri(page), f"{FOLDER}/")

    def moved(script: re.Match[str]) -> str:
        name, content = frames_file(script[1])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
        return f"<script type='application/json' data-file='{address}{name}'></script>"

    for output in doctree.findall(nodes.raw):
        if output.get("format") == "html" and "book-explore" in output.astext():
            output[:] = [nodes.Text(DATA.sub(moved, output.astext()))]


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove the files of figures that no page has any more."""
    if exception is not None or app.builder.name != "html":
        return
    pages = Path(app.outdir).rglob("*.html")
    used = {name for page in pages for name in FILE.findall(page.read_text("utf-8"))}
    for file in Path(app.outdir, FOLDER).glob("*.js"):
        if file.name not in used:
            file.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", move_frames)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
