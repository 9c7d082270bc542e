"""Entries of the bibliography are read aloud as items of a list.

Docutils marks the bibliography as a list, and each entry with a role that is no item of a list and that browsers
have given up (``doc-biblioentry``, deprecated in DPUB-ARIA 1.1). Here, and nowhere else, the role is set right.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

ENTRY, ITEM = 'role="doc-biblioentry"', 'role="listitem"'


def entries_as_items(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(ENTRY, ITEM)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", entries_as_items)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
