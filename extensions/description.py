"""Tell search engines and social networks what each page is about.

A page's description is the ``description`` of its metadata, else its first paragraph. Addresses (canonical
link, preview image) are given only when ``BOOK_URL`` names where the book is published.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

LONGEST = 160  # characters that search engines show
PREVIEW_IMAGE = "_static/preview.png"


def shorten(text: str, longest: int = LONGEST) -> str:
    """Put `text` on one line and cut it after a whole word."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def first_paragraph(doctree: nodes.document) -> str:
    """The first paragraph that stands directly in a section: not in a list, a note or a cell's output."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return paragraph.astext()
    return ""


def meta_tags(title: str, book: str, description: str, address: str, image: str) -> str:
    """The ``<meta>`` elements of one page; `address` and `image` may be empty."""
    properties = {
        "og:type": "article",
        "og:site_name": book,
        "og:title": title,
        "og:description": description,
        "og:url": address,
        "og:image": image,
    }
    names = {
        "description": description,
        "twitter:card": "summary_large_image" if image else "summary",
        "twitter:title": title,
        "twitter:description": description,
        "twitter:image": image,
    }
    pairs = [("name", key, value) for key, value in names.items()]
    pairs += [("property", key, value) for key, value in properties.items()]
    lines = (f'<meta {kind}="{key}" content="{escape(value)}" />' for kind, key, value in pairs if value)
    return "\n".join(lines) + "\n"


def front_door(title: str, description: str, page: str, tags: str) -> str:
    """The page at the root of the site: it leads to the book's first page, and is what people share."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{escape(title)}</title>
{tags}<meta http-equiv="refresh" content="0; url={page}" />
</head>
<body><main><h1>{escape(title)}</h1><p>{escape(description)}</p><p><a href="{page}">Open the book</a></p></main></body>
</html>
"""


def describe(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    book = app.config.project
    title = app.env.titles[page].astext() if page in app.env.titles else context.get("title") or book
    described = app.env.metadata.get(page, {}).get("description") or (doctree and first_paragraph(doctree))
    base = app.config.html_baseurl
    address = (base and context.get("pageurl")) or ""
    image = base and base + PREVIEW_IMAGE
    tags = meta_tags(title, book, shorten(described or f"{title}. {app.config.book_description}"), address, image)
    context["metatags"] = context.get("metatags", "") + tags


def write_front_door(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html" or app.config.root_doc == "index":
        return
    title, description = app.config.project, app.config.book_description
    base = app.config.html_baseurl
    tags = meta_tags(title, title, description, base, base and base + PREVIEW_IMAGE)
    html = front_door(title, description, app.builder.get_target_uri(app.config.root_doc), tags)
    Path(app.outdir, "index.html").write_text(html, encoding="utf-8")


def configure(app: Sphinx, config: Config) -> None:
    if address := os.environ.get("BOOK_URL"):
        config.html_baseurl = address.rstrip("/") + "/"


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("book_description", "", "html", str)
    app.connect("config-inited", configure)
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_front_door)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
