"""Two places of the theme's scripts for which a browser lays out a whole page at once, put so that it need not.

The theme first draws a page as it stood when a reader last left one, and again, when its scripts have come, for one who
comes first or whose screen has turned dark since: here a page has its theme from the start. And it looks at every part
that may scroll sideways, to let the keyboard reach it, when the page has come and after each change of a figure, folded
parts included: here each is looked at when it comes near the window, and till then the keyboard reaches it in any case.
"""

from __future__ import annotations

from pathlib import Path

import pydata_sphinx_theme
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from extensions.replaced import put_back

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"

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
    ".forEach(e=>{e.hasAttribute('tabindex')||(e.tabIndex=0);"
    "const near=globalThis.bookNear??=new IntersectionObserver(seen=>{"
    f"for(const{{target:e,isIntersecting:near}}of seen)if(near){LOOK}}},{{rootMargin:'100%'}});"
    "near.unobserve(e);near.observe(e)})"
)


def check(file: Path, words: str) -> None:
    """Raise ExtensionError if a file of the theme does not say what is replaced: it is another version of it."""
    if words not in file.read_text("utf-8"):
        raise ExtensionError(f"{file.name} of the theme no longer says {words!r}: see what it says; mend {__name__}")


def begin(app: Sphinx) -> None:
    """Check the theme, and put its script where ours is: Sphinx warns of a file that differs from the one it brings."""
    if app.builder.format == "html":
        check(THEME / "layout.html", AS_LAST_SEEN.replace("auto", "{{ default_mode }}"))
        check(THEME / "static" / SCRIPT, AT_ONCE)
        put_back(THEME / "static", Path(app.outdir, "_static"), [SCRIPT])


def finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    script = folder / "_static" / SCRIPT
    script.write_text(script.read_text("utf-8").replace(AT_ONCE, WHEN_NEAR), encoding="utf-8")
    for page in folder.rglob("*.html"):
        html = page.read_text("utf-8")
        if AS_LAST_SEEN in html:
            page.write_text(html.replace(AS_LAST_SEEN, AS_IT_WILL_BE), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", begin)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
