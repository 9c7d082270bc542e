"""Fold solutions, and any block of the class ``dropdown``, with the browser's own ``<details>``.

It needs no script, opens with the keyboard, and finding in the page looks inside. The same pass mends
sphinx-exercise and sphinx-proof, which give parts of every block on a page the same id.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

#: How MyST-NB begins the line of a folded cell: with a name in place of its words.
UNNAMED = '<summary aria-label="Toggle hidden content">'

REPEATED_IDS = (["exercise-content"], ["solution-content"], ["proof-content"], ["proof"])


class folded(nodes.Element):
    """A block that is closed until the reader opens it."""


class summary(nodes.Element):
    """The line of a folded block that stays visible."""


class FoldBlocks(SphinxPostTransform):
    default_priority = 500  # after sphinx-exercise has resolved the titles of exercises and solutions
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for block in list(self.document.findall(nodes.Admonition)):
            for repeated in (block, *block.children):
                if isinstance(repeated, nodes.Element) and repeated["ids"] in REPEATED_IDS:
                    repeated["ids"] = []
            if "dropdown" in block["classes"]:
                block.parent.replace(block, fold(block))


def fold(block: nodes.Element) -> folded:
    """Put the content of `block` into a folded block with the same id, classes and title."""
    title, *content = block.children
    # Text only: a link inside the line that opens the block would compete with it for the click.
    line = summary("", nodes.Text(title.astext()), classes=["admonition-title"])
    classes = [name for name in block["classes"] if name != "dropdown"]
    return folded("", line, *content, ids=block["ids"], classes=["admonition", "folded", *classes])


def visit_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append(self.starttag(node, "details"))


def depart_folded(self: HTML5Translator, node: folded) -> None:
    self.body.append("</details>\n")


def visit_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append(self.starttag(node, "summary", ""))


def depart_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append("</summary>\n")


def named_by_its_words(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let a cell that is folded be called by what it says, "Show the code", also by one who speaks to the browser."""
    if "body" in context:
        context["body"] = context["body"].replace(UNNAMED, "<summary>")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(folded, html=(visit_folded, depart_folded))
    app.add_node(summary, html=(visit_summary, depart_summary))
    app.add_post_transform(FoldBlocks)
    app.connect("html-page-context", named_by_its_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
