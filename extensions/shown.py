"""Put what the package makes for a page, such as a question or a figure that computes, into a page that is no notebook.

The directive ``show`` names it, such as ``helpers.chapters.front.questions.slope``. It then stands on the page as the
output of a cell does: its figure is counted, its mathematics set (extensions/outputs.py).
"""

from __future__ import annotations

from importlib import import_module

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def html_of(path: str) -> str:
    """Return the HTML of an object of the package, or of what a function without arguments returns.

    Raises
    ------
    ValueError
        If the path names nothing, or nothing that a page can show.
    """
    module, _, name = path.rpartition(".")
    try:
        thing = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"nothing is called {path}: name a module of the package and what stands in it") from error
    thing = thing() if callable(thing) else thing
    if hasattr(thing, "_repr_html_"):
        return thing._repr_html_()
    raise ValueError(f"{path} has no HTML: it is {type(thing).__name__}, which a page cannot show")


class ShowDirective(SphinxDirective):
    """One thing; its path is the argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            html = html_of(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from error
        return [nodes.raw("", html, format="html", classes=["output", "text_html"])]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("show", ShowDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
