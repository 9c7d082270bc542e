"""The builder ``plain``: each chapter as notebooks that any Jupyter surface shows right, with no extension.

There are two editions. The *student* edition has no solutions and no outputs; in the *complete* one solutions are
folded, and text outputs are those that the chapter stores. Both come from the resolved doctree and from the cells of
the chapter's notebook, whose ids they keep, so that equal chapters give equal bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, cast

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node
from sphinxcontrib.bibtex.domain import BibtexDomain

from extensions.plain_markdown import MarkdownWriter, folded
from extensions.plain_start import first_cells
from tools.grading import with_grading

EDITIONS = ("student", "complete")
BIBLIOGRAPHY, GLOSSARY = "book/bibliography", "book/glossary"

#: Lines that MyST-NB gives to one cell: a block of cell 3 says that it stands at line 40000 and some.
LINES_OF_A_CELL = 10_000

#: What a tag of the book becomes in JupyterLab. Cells that the pages leave out compute and check: they run unseen.
HIDDEN = {
    "hide-input": {"source_hidden": True},
    "remove-input": {"source_hidden": True},
    "hide-cell": {"source_hidden": True},
    "remove-cell": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "remove-output": {"outputs_hidden": True},
}


@dataclass
class Piece:
    """A cell of a plain notebook, before the editions part.

    Parameters
    ----------
    source : NotebookNode
        The cell of the chapter that it comes from.
    solution : str
        Head of the solution that it belongs to; "" outside of solutions.
    text : list of str
        Blocks of Markdown; none for a code cell.
    """

    source: NotebookNode
    solution: str
    text: list[str] = field(default_factory=list)


class Pieces:
    """Walks over a chapter's doctree and its cells together.

    The doctree has no cells with the tag ``remove-cell``; they are put back where the notebook has them.
    """

    def __init__(self, notebook: NotebookNode, writer: MarkdownWriter, secnumbers: dict[str, tuple[int, ...]]):
        self.cells, self.writer, self.secnumbers = notebook.cells, writer, secnumbers
        self.found: list[Piece] = []
        self.reached = -1  # the last cell that was walked over
        self.solution = ""

    def walk(self, node: nodes.Element, level: int = 0) -> None:
        """Walk over the blocks of a section, an exercise or a solution."""
        for child in node.children:
            match child:
                case nodes.section():
                    self.walk(child, level + ("-content" not in child["ids"][0]))
                case nodes.title():
                    self.add(node, self.writer.anchor(node) + self.title(node, child, level))
                case exercise_enumerable_node():
                    self.exercise(child, level)
                case solution_node():
                    self.solve(child, level)
                case nodes.container(attributes={"cell_index": place}):
                    self.reach(place)
                case _:
                    self.add(child, self.writer.block(child))

    def title(self, section: nodes.Element, title: nodes.Element, level: int) -> str:
        """Return a heading with its number, as on the page."""
        names = [f"#{name}" for name in section["ids"]] if level > 1 else [""]
        number = next((".".join(map(str, self.secnumbers[name])) for name in names if name in self.secnumbers), "")
        return self.writer.heading(
            level, f"{number}. {self.writer.words(title)}" if number else self.writer.words(title)
        )

    def exercise(self, node: nodes.Element, level: int) -> None:
        name = f"Exercise {self.writer.number(node, 'exercise')}"
        words = self.writer.words(node[0]).strip().removeprefix("(").removesuffix(")")
        self.add(node, self.writer.anchor(node) + self.writer.heading(level + 1, f"{name}: {words}"))
        for content in node.children[1:]:
            self.walk(content, level + 1)

    def solve(self, node: nodes.Element, level: int) -> None:
        self.solution = node[0].astext().split(" (")[0]
        for content in node.children[1:]:
            self.walk(content, level)
        while self.is_left_out(self.reached + 1):
            self.reach(self.reached + 1)
        self.solution = ""

    def is_left_out(self, place: int) -> bool:
        """Whether the page has nothing of a cell."""
        return place < len(self.cells) and "remove-cell" in self.cells[place].metadata.get("tags", [])

    def add(self, node: nodes.Node, text: str) -> None:
        """Add a block of Markdown to its cell."""
        if not text:
            return
        place = max(self.cell_of(node), self.reached)
        self.reach(place)
        last = self.found[-1] if self.found else None
        if last and last.text and last.source is self.cells[place] and last.solution == self.solution:
            last.text.append(text)
        else:
            self.found.append(Piece(self.cells[place], self.solution, [text]))

    def cell_of(self, node: nodes.Node) -> int:
        """Return the number of the cell in which a block begins; the last one reached if it does not say."""
        lines = (part.line for part in node.findall() if part.line)
        return next(lines, (self.reached + 1) * LINES_OF_A_CELL) // LINES_OF_A_CELL - 1

    def reach(self, place: int) -> None:
        """Add the code cells up to this one."""
        for number in range(self.reached + 1, place + 1):
            if self.cells[number].cell_type == "code":
                self.found.append(Piece(self.cells[number], self.solution))
        self.reached = max(self.reached, place)


def edition_of(name: str, notebook: NotebookNode, pieces: list[Piece]) -> NotebookNode:
    """Return one edition of a chapter.

    Parameters
    ----------
    name : str
        "student" or "complete".
    notebook : NotebookNode
        The chapter, for its metadata.
    pieces : list of Piece

    Returns
    -------
    NotebookNode
    """
    cells: list[NotebookNode] = []
    used: dict[str, int] = defaultdict(int)
    unfolded: set[str] = set()
    for piece in pieces:
        if piece.solution and name == "student":
            continue
        cell_id = piece.source.id + "-solution" * bool(piece.solution and piece.text)
        used[cell_id] += 1
        if used[cell_id] > 1:
            cell_id += f"-{used[cell_id]}"
        if piece.solution and not piece.text and piece.solution not in unfolded:
            unfolded.add(piece.solution)
            head = f"**{piece.solution}:** in the folded cells below."
            cells.append(nbformat.v4.new_markdown_cell(head, id=f"{cell_id}-head"))
        if not piece.text:
            cells.append(code_cell(piece, cell_id, outputs=name == "complete"))
            continue
        text = "\n\n".join(piece.text)
        if piece.solution:
            head = f"{piece.solution}, continued" if piece.solution in unfolded else piece.solution
            unfolded.add(piece.solution)
            text = folded(head, text)
        cells.append(nbformat.v4.new_markdown_cell(text, id=cell_id))
    edition = nbformat.v4.new_notebook(cells=[*first_cells(), *cells], metadata=notebook.metadata)
    return with_grading(edition) if name == "student" else edition


def code_cell(piece: Piece, cell_id: str, outputs: bool) -> NotebookNode:
    """Return a code cell of the chapter, folded as on the page, and folded in any case if it is a solution."""
    cell = nbformat.v4.new_code_cell(piece.source.source, id=cell_id)
    hidden: dict[str, bool] = {"source_hidden": True} if piece.solution else {}
    for tag in piece.source.metadata.get("tags", []):
        hidden |= HIDDEN.get(tag, {})
    if hidden:
        cell.metadata["jupyter"] = hidden
    if outputs:
        shown = [output for output in piece.source.outputs if not is_glue(output)]
        cell.update(outputs=shown, execution_count=piece.source.execution_count)
    return cell


def is_glue(output: NotebookNode) -> bool:
    """Whether an output only keeps a value for the text."""
    return "scrapbook" in output.get("metadata", {})


class PlainNotebooks(Builder):
    """Writes both editions of every chapter."""

    name = format = "plain"
    epilog = "The plain notebooks are in %(outdir)s."

    def get_outdated_docs(self) -> str:
        return "the chapters"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return to

    def write(self, *documents: Any, **options: Any) -> None:
        """Write the chapters. All are resolved first, since a link may lead to a place in a later one."""
        self.chapters = sorted(page for page in self.env.found_docs if self.env.doc2path(page).endswith(".ipynb"))
        self.sources = dict(self.addresses_of_sources())
        trees = {page: self.env.get_and_resolve_doctree(page, self) for page in self.chapters}
        anchors = defaultdict(set)
        for page, tree in trees.items():
            for reference in tree.findall(nodes.reference):
                target, anchor = self.target(page, reference)
                anchors[target].add(anchor)
        for page, tree in trees.items():
            self.write_chapter(page, tree, anchors[page])

    def write_chapter(self, page: str, tree: nodes.document, anchors: set[str]) -> None:
        notebook = nbformat.read(self.env.doc2path(page), as_version=4)
        numbers = self.env.toc_fignumbers.get(page, {})
        writer = MarkdownWriter(page, numbers, self.address, anchors)
        pieces = Pieces(notebook, writer, self.env.toc_secnumbers.get(page, {}))
        pieces.walk(tree)
        pieces.reach(len(notebook.cells) - 1)
        for name in EDITIONS:
            file = Path(self.outdir) / name / f"{PurePosixPath(page).name}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(edition_of(name, notebook, pieces.found), file)

    def addresses_of_sources(self) -> Iterator[tuple[str, str]]:
        """Yield the id of each entry of the bibliography and where it can be read: its DOI, else its address."""
        for citation in cast(BibtexDomain, self.env.get_domain("cite")).citations:
            fields = citation.entry.fields
            if "doi" in fields:
                yield citation.citation_id, f"https://doi.org/{fields['doi']}"
            elif "url" in fields:
                yield citation.citation_id, fields["url"]

    def target(self, page: str, reference: nodes.reference) -> tuple[str, str]:
        """Return the page and the anchor that a reference inside the book leads to."""
        if "refid" in reference:
            return page, reference["refid"]
        target, _, anchor = reference.get("refuri", "").partition("#")
        return target or page, anchor

    def address(self, page: str, reference: nodes.reference) -> str | None:
        """Return where a reference leads from a plain notebook; None for a term, whose entry is written in MyST."""
        target, anchor = self.target(page, reference)
        if "://" in target:
            return reference["refuri"]
        if target == GLOSSARY:
            return None
        if target == BIBLIOGRAPHY and anchor in self.sources:
            return self.sources[anchor]
        place = f"#{anchor}" if anchor else ""
        if target == page:
            return place
        if target in self.chapters:
            return f"{PurePosixPath(target).name}.ipynb{place}"
        return f"../../{target}.md{place}"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_builder(PlainNotebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
