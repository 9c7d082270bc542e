"""Buttons of a chapter lead to its plain notebooks, in the edition that the reader chooses.

The theme's buttons open the source of a page, which is MyST. Here each of them becomes two, one for each edition in
``classroom``. What is downloaded lies in the built site, so it needs no network; its links and its first cell know
the addresses of this copy of the book, as far as the build does.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

from extensions import repository
from extensions.plain_notebooks import EDITIONS
from tools.page_links import lead_to_pages

FOLDER = "classroom"
NO_ADDRESS = 'os.environ.get("BOOK_REPOSITORY_URL", "")'

# Links from a plain notebook to the notebook of another chapter.
CHAPTER = re.compile(r"\]\((?P<page>\d\d-[\w-]+)\.ipynb(?P<anchor>#[\w.-]+)?\)")


def plain(page: str, edition: str) -> str:
    """Return where the plain notebook of a page lies, in the repository and in the built site."""
    return f"{FOLDER}/{edition}/{PurePosixPath(page).name}.ipynb"


def both_editions(button: dict[str, Any], page: str) -> list[dict[str, Any]]:
    """Return a button that opens a chapter as two, one for each edition."""
    return [
        button
        | {
            "url": button["url"].replace(f"{page}.ipynb", plain(page, edition)),
            "text": f"{button['text']}, {edition}",
            "tooltip": f"{button['tooltip']}: {edition} edition",
        }
        for edition in EDITIONS
    ]


def downloads(page: str, pathto: Any) -> list[dict[str, Any]]:
    """Return the buttons that download a chapter."""
    return [
        {
            "type": "link",
            "url": pathto(plain(page, edition), 1),
            "text": f".ipynb, {edition}",
            "tooltip": f"Download notebook: {edition} edition",
            "icon": "fas fa-code",
            "label": f"download-{edition}-button",
        }
        for edition in EDITIONS
    ]


def lead_to_plain_notebooks(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if not all((Path(app.confdir) / plain(page, edition)).is_file() for edition in EDITIONS):
        return  # no chapter
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            group["buttons"] = [one for button in group["buttons"] for one in both_editions(button, page)]
        if group.get("label") == "download-buttons":
            others = [button for button in group["buttons"] if button.get("label") != "download-source-button"]
            group["buttons"] = downloads(page, context["pathto"]) + others


def with_addresses(notebook: NotebookNode, book: str, package: str) -> NotebookNode:
    """Return a plain notebook for the built site.

    Parameters
    ----------
    notebook : NotebookNode
    book : str
        Address of the published pages, or "": then links lead to the pages beside the notebook's folder.
    package : str
        Address of the repository, or "".

    Returns
    -------
    NotebookNode
    """
    result = nbformat.from_dict(notebook)
    site = book.rstrip("/") or "../.."
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace(NO_ADDRESS, NO_ADDRESS.replace('""', f'"{package}"'))
            continue
        cell.source = lead_to_pages(cell.source, site)
        if book:  # a notebook that is downloaded has no others beside it
            cell.source = CHAPTER.sub(
                lambda link: f"]({site}/book/{link['page']}.html{link['anchor'] or ''})", cell.source
            )
    return result


def copy_notebooks(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    found = repository.find_repository(os.environ, Path(app.confdir))
    for file in sorted((Path(app.confdir) / FOLDER).glob("*/*.ipynb")):
        copy = Path(app.outdir) / file.relative_to(app.confdir)
        copy.parent.mkdir(parents=True, exist_ok=True)
        notebook = nbformat.read(file, as_version=4)
        nbformat.write(with_addresses(notebook, app.config.html_baseurl, found.url if found else ""), copy)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", lead_to_plain_notebooks, priority=502)  # after the theme has made its buttons
    app.connect("build-finished", copy_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
