"""What docstrings need to be read as pages: bars that are bars, and References without a heading.

In a docstring, |x| is a size; in a page it would stand for a substitution. References of a module would be a
section of the page, once for each module; numpydoc makes a line of them for functions and classes only.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx

REFERENCES = ["References", "----------"]


def as_page(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Change the lines of a docstring in place; code between double backticks stays."""
    lines[:] = [re.sub(r"(``.*?``)|\|", lambda match: match[1] or r"\|", line) for line in lines]
    if what == "module" and REFERENCES[0] in lines:
        at = lines.index(REFERENCES[0])
        if lines[at : at + 2] == REFERENCES:
            lines[at : at + 2] = [".. rubric:: References", ""]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", as_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
