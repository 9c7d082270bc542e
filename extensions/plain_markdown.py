"""Markdown that every Jupyter surface shows, from a page that Sphinx has read and resolved.

What MyST adds (directives, roles, targets) is in the doctree already as numbers, links and blocks. Here each node
becomes the Markdown that needs no extension: a theorem is a block quote with a bold head, an equation has its
``\\tag``, a place that some link leads to has an ``<a id>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from docutils import nodes
from sphinx.errors import ExtensionError

from extensions.mathematics import display_tex

# What Markdown would read as markup inside words, and at the beginning of a paragraph.
MARKUP = re.compile(r"[\\`*<$]|(?<!\w)_|_(?!\w)")
BEGINNING = re.compile(r"\A(\d+(?=[.)]\s)|(?=[-+#>]\s))")
DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)

#: Inline nodes that show what they hold, and nothing else.
BARE = ("inline", "container", "pending_xref", "problematic", "title_reference")

#: Nodes that a plain notebook leaves out.
SILENT = ("target", "comment")


class MarkdownWriter:
    """The Markdown of one page.

    Parameters
    ----------
    page : str
        Name of the page, such as "book/03-zipser-andersen".
    numbers : mapping
        Numbers of what is counted, by kind and id, such as ``{"theorem": {"thm-chain": (1, 1)}}``.
    address : callable
        Returns where a reference leads, from its page and anchor; None where it becomes plain words.
    anchors : collection of str
        Ids of this page that links lead to.
    """

    def __init__(
        self,
        page: str,
        numbers: Mapping[str, Mapping[str, tuple[int, ...]]],
        address: Callable[[str, nodes.reference], str | None],
        anchors: Collection[str],
    ):
        self.page, self.numbers, self.address, self.anchors = page, numbers, address, anchors

    # blocks

    def block(self, node: nodes.Node) -> str:
        """Return a block as lines of Markdown without a line break at the end; empty for what is left out."""
        name = type(node).__name__
        if name in SILENT:
            return ""
        kind = "admonition" if isinstance(node, nodes.Admonition) and name != "proof_node" else name
        write = getattr(self, f"block_{kind}", None)
        if write is None:
            raise ExtensionError(f"{self.page}: plain notebooks have no Markdown for {name}: add it to {__name__}")
        return self.anchor(node) + write(node)

    def blocks(self, parent: nodes.Element, between: str = "\n\n") -> str:
        """Return the blocks that a node holds, one after the other."""
        return between.join(filter(None, map(self.block, parent.children)))

    def anchor(self, node: nodes.Node) -> str:
        """Return the places before a block that links lead to."""
        ids = [name for name in node["ids"] if name in self.anchors] if isinstance(node, nodes.Element) else []
        return "".join(f'<a id="{name}"></a>' for name in ids) + "\n\n" * bool(ids)

    def heading(self, level: int, words: str) -> str:
        return f"{'#' * level} {words}"

    def number(self, node: nodes.Element, kind: str) -> str:
        """Return the number of a node that is counted, such as "1.2"."""
        return ".".join(map(str, self.numbers[kind][node["ids"][0]]))

    def block_paragraph(self, node: nodes.paragraph) -> str:
        return BEGINNING.sub(r"\g<0>\\", self.words(node), count=1)

    def block_section(self, node: nodes.section) -> str:
        return self.blocks(node)

    def block_literal_block(self, node: nodes.literal_block) -> str:
        return f"```{node.get('language', '')}\n{node.astext()}\n```"

    def block_math_block(self, node: nodes.math_block) -> str:
        tex = display_tex(node.astext(), complete=node["nowrap"]).strip()
        tag = f"\n\\tag{{{self.number(node, 'displaymath')}}}" if node["number"] else ""
        return f"$$\n{tex}{tag}\n$$"

    def block_bullet_list(self, node: nodes.bullet_list) -> str:
        return "\n".join(self.item(item, "- ") for item in node.children)

    def block_enumerated_list(self, node: nodes.enumerated_list) -> str:
        first = node.get("start", 1)
        return "\n".join(self.item(item, f"{first + place}. ") for place, item in enumerate(node.children))

    def item(self, node: nodes.Element, marker: str) -> str:
        """Return an item of a list; its further blocks are indented as its first words are."""
        return marker + self.blocks(node).replace("\n", "\n" + " " * len(marker)).replace(
            " " * len(marker) + "\n", "\n"
        )

    def block_table(self, node: nodes.table) -> str:
        head, *rows = ["| " + " | ".join(map(self.cell, row.children)) + " |" for row in node.findall(nodes.row)]
        rule = "|" + "---|" * len(next(node.findall(nodes.row)).children)
        return "\n".join([head, rule, *rows])

    def cell(self, node: nodes.entry) -> str:
        return " ".join(map(self.words, node.children)).replace("|", r"\|")

    def block_proof_node(self, node: nodes.Element) -> str:
        return self.blocks(node)  # an admonition without a title, which begins with "Proof."

    def block_admonition(self, node: nodes.Element) -> str:
        """A theorem, a proof, a note: a block quote with a bold head, or a fold."""
        titled = isinstance(node[0], nodes.title)
        title = self.words(node[0]).strip() if titled else ""
        if kind := node.get("countertype"):
            title = f"{kind.capitalize()} {self.number(node, kind)} {title}".strip()
        content = "\n\n".join(filter(None, map(self.block, node.children[titled:])))
        if "dropdown" in node["classes"]:
            return folded(title, content)
        return quoted(f"**{title}**\n\n{content}" if title else re.sub(r"^Proof\.", "**Proof.**", content))

    # inline

    def words(self, parent: nodes.Element) -> str:
        """Return the inline parts of a node as one line."""
        return "".join(map(self.inline, parent.children))

    def inline(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Text):
            return MARKUP.sub(r"\\\g<0>", re.sub(r"\s+", " ", node.astext()))
        name = type(node).__name__
        if name in SILENT:
            return ""
        if name in BARE:
            return self.words(node)
        write = getattr(self, f"inline_{name}", None)
        if write is None:
            raise ExtensionError(f"{self.page}: plain notebooks have no Markdown for {name}: add it to {__name__}")
        return write(node)

    def inline_emphasis(self, node: nodes.emphasis) -> str:
        return f"*{self.words(node)}*"

    def inline_strong(self, node: nodes.strong) -> str:
        return f"**{self.words(node)}**"

    def inline_literal(self, node: nodes.literal) -> str:
        return f"`` {node.astext()} ``" if "`" in node.astext() else f"`{node.astext()}`"

    def inline_math(self, node: nodes.math) -> str:
        return f"${' '.join(node.astext().split())}$"

    def inline_reference(self, node: nodes.reference) -> str:
        words, address = self.words(node), self.address(self.page, node)
        if not address or not words:  # a mark of a claim has no words here
            return words
        return f"[{words}]({address.replace('(', '%28').replace(')', '%29')})"

    inline_number_reference = inline_reference

    def inline_superscript(self, node: nodes.superscript) -> str:
        return "" if "claim-mark" in node["classes"] else f"<sup>{self.words(node)}</sup>"


def quoted(text: str) -> str:
    """Return a block quote. Its equations stand on one line each: inside one, a ``>`` would be set as a relation."""
    lines = DISPLAY.sub(lambda equation: " ".join(equation[0].split()), text).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def folded(title: str, text: str) -> str:
    """Return text that is closed until the reader opens it."""
    return f"<details>\n<summary>{title}</summary>\n\n{text}\n\n</details>"
