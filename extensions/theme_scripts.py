"""Two places of the theme's scripts for which a browser lays out a whole page at once, put so that it need not.

The theme first draws a page as it stood when a reader last left one, and again, when its scripts have come, for one who
comes first or whose screen has turned dark since: here a page has its theme from the start. And it looks at every part
that may scroll sideways, to let the keyboard reach it, when the page has come and after each change of a figure, folded
parts included: here each is looked at when it comes near the window.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

#: Before a page is drawn, the theme's words and ours. The line before it sets the mode: dark, light or auto.
AS_LAST_SEEN = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'
AS_IT_WILL_BE = (
    "(({ dataset }, screen) => { dataset.theme = dataset.mode === 'auto' ? screen : dataset.mode; })"
    "(document.documentElement, matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');"
)

#: Below ``_static``, the script that looks at what may scroll.
SCRIPT = Path("scripts", "pydata-sphinx-theme.js")
LOOK = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
AT_ONCE = f".forEach(e=>{{{LOOK}}})"
WHEN_NEAR = (
    ".forEach(e=>{const near=globalThis.bookNear??=new IntersectionObserver(seen=>{"
    f"for(const{{target:e,isIntersecting:near}}of seen)if(near){LOOK}}},{{rootMargin:'100%'}});"
    "near.unobserve(e);near.observe(e)})"
)


def replaced(file: Path, theirs: str, ours: str) -> None:
    """Replace what a file of the theme says, if it has not been replaced.

    Parameters
    ----------
    file : Path
    theirs, ours : str

    Raises
    ------
    ExtensionError
        If it says neither: the theme has changed.
    """
    text = file.read_text("utf-8")
    if theirs not in text and ours not in text:
        raise ExtensionError(f"{file} no longer says {theirs!r}: see what it says instead, and mend {__name__}")
    if theirs in text:
        file.write_text(text.replace(theirs, ours), encoding="utf-8")


def put_script_back(app: Sphinx) -> None:
    """Give the theme its words back before a build: Sphinx warns of a file that differs from the one it brings."""
    script = Path(app.outdir, "_static", SCRIPT)
    if app.builder.format == "html" and script.exists():
        replaced(script, WHEN_NEAR, AT_ONCE)


def finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    replaced(folder / "_static" / SCRIPT, AT_ONCE, WHEN_NEAR)
    for page in folder.rglob("*.html"):
        if "dataset.theme" in page.read_text("utf-8"):
            replaced(page, AS_LAST_SEEN, AS_IT_WILL_BE)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", put_script_back)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
