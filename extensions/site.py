"""What a published site has besides its pages: the search page, one for addresses that lead nowhere, a site map.

The page of a wrong address is served at any depth, so its links begin with the address of the book. The site map
lists every page. Both need ``BOOK_URL``; without it there is no map, and the links of the page are as in a folder.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from extensions.built import pages

TEMPLATES = "extensions/templates"
MISSING = "404"
#: Links and files that begin neither with an address nor on the same page.
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?![a-z]+:|//|#)([^"]*)"')


def anchored(html: str, base: str) -> str:
    """Return a page whose relative links begin with the address of the book."""
    return RELATIVE.sub(lambda match: f'{match[1]}="{base}{match[2].removeprefix("./")}"', html)


def site_map(base: str, addresses: list[str]) -> str:
    """Return the site map, in the format of sitemaps.org."""
    lines = "\n".join(f"  <url><loc>{escape(base + page)}</loc></url>" for page in addresses)
    opening = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{opening}\n{lines}\n</urlset>\n"


def configure(app: Sphinx, config: Config) -> None:
    config.templates_path = [*config.templates_path, TEMPLATES]
    config.html_additional_pages = {**config.html_additional_pages, MISSING: "missing.html"}


def finish(app: Sphinx, exception: Exception | None) -> None:
    base = app.config.html_baseurl
    if exception is not None or app.builder.name != "html" or not base:
        return
    folder = Path(app.outdir)
    page = folder / f"{MISSING}.html"
    page.write_text(anchored(page.read_text(encoding="utf-8"), base), encoding="utf-8")
    (folder / "sitemap.xml").write_text(site_map(base, pages(folder)), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
