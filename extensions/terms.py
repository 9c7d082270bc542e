"""Terms in bold lead to the glossary, where their Japanese name stands beside them.

A chapter sets a term in bold where it first stands. The first bold occurrence on a page becomes a link to the
term's entry, so a chapter needs no mark of its own. In the glossary the role ``ja`` begins a definition; its words
move up beside the term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

GLOSSARY = "book/glossary"
NEXT_WORDS = 3  # "the **total** response", "a **basin** of attraction"


def singulars(word: str) -> Iterator[str]:
    """Yield a word as it is, then without the ending of a plural."""
    yield word
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]


def find_term(bold: str, after: str, terms: Set[str]) -> str | None:
    """Return the glossary's term for words in bold: they themselves, their singular, or with the words after them.

    `terms` are in lower case. None if there is no such term.
    """
    bold = " ".join(bold.split()).lower()
    words = re.match(rf"((?:\s+[\w-]+){{0,{NEXT_WORDS}}})", after.lower())
    following = words[1].split() if words else []
    longest_first = (" ".join([bold, *following[:count]]) for count in range(len(following), -1, -1))
    return next((one for phrase in longest_first for one in singulars(phrase) if one in terms), None)


class LinkTerms(SphinxPostTransform):
    """Make the first bold occurrence of each term on a page a link to its entry."""

    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        if self.env.docname == GLOSSARY:
            return
        entries: dict[str, tuple[str, str]] = self.env.get_domain("std").data["terms"]
        linked = set()
        for strong in list(self.document.findall(nodes.strong)):
            line = strong.parent
            after = "".join(part.astext() for part in line.children[line.index(strong) + 1 :])
            term = find_term(strong.astext(), after, entries.keys())
            if term is None or term in linked or isinstance(line, nodes.reference):
                continue
            linked.add(term)
            page, label = entries[term]
            link = make_refnode(self.app.builder, self.env.docname, page, label, strong.deepcopy())
            link["classes"].append("term")
            strong.replace_self(link)


class JapaneseRole(SphinxRole):
    """The Japanese name of a term; a screen reader is told of the language."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline("", self.text, classes=["japanese", "language-ja"])], []


def beside_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Move the Japanese name that begins a definition to the end of its term."""
    for item in (item for glossary in doctree.findall(addnodes.glossary) for item in glossary.findall()):
        if not isinstance(item, nodes.definition_list_item):
            continue
        term = next(item.findall(nodes.term))
        for name in [name for name in item.findall(nodes.inline) if "japanese" in name["classes"]]:
            rest = name.parent
            rest.remove(name)
            if rest.children and isinstance(rest[0], nodes.Text):
                rest[0] = nodes.Text(rest[0].lstrip())
            if name.astext() != term.astext():  # Adam is Adam
                term += [nodes.Text(" "), name]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("ja", JapaneseRole())
    app.add_post_transform(LinkTerms)
    app.connect("doctree-read", beside_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
