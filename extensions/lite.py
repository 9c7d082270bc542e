"""A button on each chapter that opens it in JupyterLite, where the notebook runs in the reader's browser.

It is there only when ``BOOK_LITE_URL`` names where `make lite` has been published; the workflow does so after it has
seen chapter 1 run there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

#: The theme's group of buttons that run a chapter somewhere.
GROUP = "launch-buttons"


def check_address(address: str) -> str:
    """Return an address without the slash at its end, or raise ConfigError if no browser can open it."""
    if address and not address.startswith(("https://", "http://")):
        raise ConfigError(f"BOOK_LITE_URL must have the form https://host/path, and it is {address!r}")
    return address.rstrip("/")


def button(address: str, chapter: str) -> dict[str, str]:
    """Return the button of a chapter, such as ``01-computational-graphs``, in the words of the theme."""
    return {
        "type": "link",
        "text": "In the browser",
        "tooltip": "Run in the browser, without a server (experimental)",
        "icon": "_static/images/logo_jupyterlite.svg",
        "url": f"{address}/lab/index.html?path={chapter}.ipynb",
    }


def with_button(groups: list[dict[str, Any]], one: dict[str, str]) -> list[dict[str, Any]]:
    """Return the buttons of a page's header with one more that launches, in the theme's group or in a new one."""
    if any(group.get("label") == GROUP for group in groups):
        return [
            {**group, "buttons": [*group["buttons"], one]} if group.get("label") == GROUP else group for group in groups
        ]
    group = {"type": "group", "tooltip": "Launch interactive content", "icon": "fas fa-rocket", "label": GROUP}
    return [*groups, {**group, "buttons": [one]}]


def add_button(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    path = Path(app.env.doc2path(page)) if page in app.env.found_docs else Path(page)
    if app.config.book_lite_url and path.suffix == ".ipynb":
        one = button(app.config.book_lite_url, path.stem)
        context["header_buttons"] = with_button(context["header_buttons"], one)


def configure(app: Sphinx, config: Config) -> None:
    config.book_lite_url = check_address(os.environ.get("BOOK_LITE_URL", ""))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("book_lite_url", "", "html", str)
    app.connect("config-inited", configure)
    app.connect("html-page-context", add_button, priority=900)  # after the theme has its own buttons
    return {"parallel_read_safe": True, "parallel_write_safe": True}
