"""The page of comparative claims, and the marks that lead to it.

In prose, ``{claim}`5-depth``` directly after a sentence becomes a small link to the row of that claim. The
directive ``claims`` makes the rows, from `extensions.evidence`. A mark without an entry, an entry without a mark
and a claim that its results do not bear out are warnings, and so fail the build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.ext.glue.utils import PendingGlueReference
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode

from extensions import evidence
from extensions.evidence import Claim, ClaimError

logger = logging.getLogger(__name__)

FILE = Path("book/claims.toml")
RESULTS = Path("book/results")
CLAIMS_PAGE = "book/claims"
COLUMNS = (("Claim", 30), ("Difference, 95\N{NO-BREAK SPACE}%", 20), ("How it was found", 50))


class claim_mark(nodes.Inline, nodes.Element):
    """Stands in prose for the link to a claim, until all pages are read."""


class marks_of(nodes.Inline, nodes.Element):
    """Stands in the row of a claim for the links to its marks, until all pages are read."""


def row_id(key: str) -> str:
    return f"claim-{key}"


def mark_id(key: str) -> str:
    return f"evidence-of-{key}"


def marks(env: BuildEnvironment) -> dict[str, list[str]]:
    """The claims that each page marks."""
    return vars(env).setdefault("book_claims", {})


class ClaimRole(SphinxRole):
    """A mark. The first one of a claim on a page can be linked to."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        mark = claim_mark(key=self.text)
        self.set_source_info(mark)
        marked = marks(self.env).setdefault(self.env.docname, [])
        if self.text not in marked:
            marked.append(self.text)
            mark["ids"] = [mark_id(self.text)]
        return [mark], []


class ClaimsDirective(SphinxDirective):
    """One table of claims for each chapter that has any."""

    def run(self) -> list[nodes.Node]:
        top = Path(self.env.app.confdir)
        for file in (top / FILE, *sorted((top / RESULTS).glob("*.json"))):
            self.env.note_dependency(str(file))
        try:
            claims = evidence.read_claims(top / FILE)
        except (ClaimError, OSError, ValueError) as error:
            raise self.error(f"{FILE}: {error}") from error
        chapters: dict[int, list[Claim]] = {}
        for claim in claims.values():
            chapters.setdefault(claim.chapter, []).append(claim)
        return [self.section(number, chapters[number]) for number in sorted(chapters)]

    def section(self, number: int, claims: list[Claim]) -> nodes.section:
        heading = nodes.title("", f"Chapter {number}")
        body = nodes.tbody("", *(self.row(claim) for claim in claims))
        head = nodes.thead("", nodes.row("", *(nodes.entry("", nodes.paragraph("", name)) for name, _ in COLUMNS)))
        widths = (nodes.colspec(colwidth=width) for _, width in COLUMNS)
        group = nodes.tgroup("", *widths, head, body, cols=len(COLUMNS))
        table = nodes.table("", group, classes=["stacked", "claims", "colwidths-given"])
        return nodes.section("", heading, table, ids=[f"claims-of-chapter-{number}"], names=[])

    def row(self, claim: Claim) -> nodes.row:
        sentence = nodes.paragraph("", claim.claim, marks_of(key=claim.key))
        said = nodes.entry("", sentence, ids=[row_id(claim.key)])
        found = nodes.entry("", *self.found(claim))
        parts = ("Compared", claim.compared), ("Chosen", claim.chosen), ("Seeds", claim.seeds), self.source(claim)
        how = nodes.entry("", *(nodes.paragraph("", "", nodes.strong("", f"{n}: "), nodes.Text(t)) for n, t in parts))
        return nodes.row("", said, found, how)

    def found(self, claim: Claim) -> list[nodes.Node]:
        """The number of a claim: pasted from its chapter, or computed."""
        if claim.cell:
            page = chapter_page(self.env, claim.chapter)
            text = {"gtype": "text", "inline": True, "fmt_spec": ""}
            return [nodes.paragraph("", "", PendingGlueReference(refdoc=page, key=claim.glue, **text))]
        try:
            result = evidence.weigh(claim, Path(self.env.app.confdir) / RESULTS)
        except ClaimError as error:
            logger.warning("%s", error, location=self.get_location(), type="claims")
            return [nodes.paragraph("", "Not borne out.")]
        unit = f"\N{NO-BREAK SPACE}{claim.unit}" if claim.unit else ""
        lines = (
            f"{result.difference:.2f}".replace(" ", "\N{NO-BREAK SPACE}"),
            f"({result.first:.2f} against {result.second:.2f}{unit}, {result.difference.count} seeds)",
        )
        return [nodes.paragraph("", line) for line in lines]

    def source(self, claim: Claim) -> tuple[str, str]:
        if claim.cell:
            return "Held by", f"the assertion of cell {claim.cell}"
        files = sorted({claim.first[0], claim.second[0]})
        return "Results", ", ".join(f"book/results/{name}.json" for name in files)


def chapter_page(env: BuildEnvironment, number: int) -> str:
    """The page of a chapter: its file begins with the number."""
    return next((name for name in sorted(env.found_docs) if name.startswith(f"book/{number:02}-")), "")


def link(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the links between marks and rows into a page."""
    for place in list(doctree.findall(claim_mark)):
        word = nodes.superscript("", "evidence", classes=["claim-mark"])
        place.replace_self(  # which hands on the id
            make_refnode(app.builder, page, CLAIMS_PAGE, row_id(place["key"]), word)
        )
    for place in list(doctree.findall(marks_of)):
        key = place["key"]
        pages = sorted(name for name, keys in marks(app.env).items() if key in keys)
        links = [make_refnode(app.builder, page, name, mark_id(key), nodes.Text("Where it is said")) for name in pages]
        place.replace_self([part for one in links for part in (nodes.Text(" "), one)])


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of marks without an entry, and of entries without a mark."""
    claims = evidence.read_claims(Path(app.confdir) / FILE)
    for page, keys in marks(env).items():
        for key in keys:
            if key not in claims:
                logger.warning("no claim is called %s: add it to %s", key, FILE, location=page, type="claims")
    marked = {key for keys in marks(env).values() for key in keys}
    for key in claims.keys() - marked:
        logger.warning("%s: is marked on no page", key, location=str(FILE), type="claims")


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    marks(env).pop(page, None)


def merge(app: Sphinx, env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    marks(env).update({page: ids for page, ids in marks(other).items() if page in pages})


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(claim_mark)
    app.add_node(marks_of)
    app.add_role("claim", ClaimRole())
    app.add_directive("claims", ClaimsDirective)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
