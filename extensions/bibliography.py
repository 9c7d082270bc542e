"""Entries of the bibliography are read aloud as items of a list, and set without delay.

Docutils marks the bibliography as a list, and each entry with a role that is no item of a list and that browsers
have given up (``doc-biblioentry``, deprecated in DPUB-ARIA 1.1). Here, and nowhere else, the role is set right.

For each reference in the text, pybtex asks every installed package whether it brings what writes plain text, which
takes seconds in a build of this book. Here it asks once.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pybtex.plugin
from docutils import nodes
from sphinx.application import Sphinx

ENTRY, ITEM = 'role="doc-biblioentry"', 'role="listitem"'

#: What installed packages bring, by group and name.
BROUGHT = cache(pybtex.plugin.entry_points)


def entries_as_items(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(ENTRY, ITEM)


def setup(app: Sphinx) -> dict[str, bool]:
    pybtex.plugin.entry_points = BROUGHT
    app.connect("html-page-context", entries_as_items)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
