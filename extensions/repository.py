"""Buttons that lead to the book's repository, without its address being written into the book.

The address comes from ``BOOK_REPOSITORY_URL``, else from GitHub's own variables in its CI, else from the
``origin`` remote when that is a public host. A fork gets right buttons without an edit. With no address the
build leaves the buttons out rather than link to a place that does not exist.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

PUBLIC_HOSTS = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")

# What the theme and the launch services can do for each kind of host.
CAN_EDIT = ("github", "gitlab", "bitbucket")
CAN_OPEN_ISSUES = ("github", "gitlab")
BINDER_ADDRESS = re.compile(r"https://(github|gitlab)\.com/[^/]+/[^/]+")
COLAB_ADDRESS = re.compile(r"https://github\.com/[^/]+/[^/]+")

# https://token@host:443/owner/name, ssh://git@host/owner/name, or git@host:owner/name
REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?(?P<host>[^/:@]+)(?::\d+)?/|[^@/:]+@(?P<ssh_host>[^/:@]+):)"
    r"(?P<path>[\w.~-]+(?:/[\w.~-]+)+)"
)


class Repository(NamedTuple):
    """A repository's address as a browser opens it, the branch to link to, and the kind of host."""

    url: str
    branch: str
    provider: str


def web_address(remote: str) -> str | None:
    """Turn any form of a git remote into ``https://host/owner/name``; None when it is not such an address.

    User names and tokens in the remote are dropped.
    """
    match = REMOTE.fullmatch(remote.strip().removesuffix("/").removesuffix(".git"))
    if match is None:
        return None
    host = match["host"] or match["ssh_host"]
    return f"https://{host.lower()}/{match['path']}"


def provider_of(url: str) -> str:
    """Name the kind of host from its address: github, gitlab, bitbucket, or "other"."""
    labels = url.split("/")[2].split(".")
    return next((name for name in CAN_EDIT if name in labels), "other")


def find_repository(environ: Mapping[str, str], folder: Path) -> Repository | None:
    """Find the book's repository; None when there is none that a reader could open."""
    branch = environ.get("BOOK_REPOSITORY_BRANCH") or environ.get("GITHUB_REF_NAME") or "main"

    if given := environ.get("BOOK_REPOSITORY_URL"):
        url = web_address(given)
        if url is None:
            raise ConfigError("BOOK_REPOSITORY_URL must have the form https://host/owner/name")  # it may hold a token
        return Repository(url, branch, provider_of(url))

    if name := environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return Repository(f"{server}/{name}", branch, "github")

    url = web_address(origin_of(folder))
    if url is None or url.split("/")[2] not in PUBLIC_HOSTS:
        return None
    return Repository(url, branch, provider_of(url))


def origin_of(folder: Path) -> str:
    """The ``origin`` remote of the checkout at `folder`; empty without git, a checkout or a remote."""
    try:
        git = subprocess.run(["git", "-C", str(folder), "remote", "get-url", "origin"], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return git.stdout.strip()


def with_buttons(options: Mapping[str, Any], repository: Repository | None, jupyterhub: str | None) -> dict[str, Any]:
    """Return the theme's `options` with those buttons that lead somewhere, and no others."""
    launch: dict[str, Any] = {}
    chosen = {**options, "repository_url": "", "launch_buttons": launch}
    if repository is None:
        return chosen

    if repository.provider == "other":  # the theme knows no edit or issue address for it: a plain link
        link = {"name": "Repository", "url": repository.url, "icon": "fa-solid fa-code-branch"}
        return {**chosen, "icon_links": [link]}

    chosen |= {
        "repository_url": repository.url,
        "repository_branch": repository.branch,
        "repository_provider": repository.provider,
        "use_repository_button": True,
        "use_edit_page_button": True,
        "use_issues_button": repository.provider in CAN_OPEN_ISSUES,
    }
    services = {"notebook_interface": "classic", **options.get("launch_buttons", {})}
    launch["notebook_interface"] = services["notebook_interface"]
    if BINDER_ADDRESS.fullmatch(repository.url):
        launch["binderhub_url"] = services.get("binderhub_url", "")
    if COLAB_ADDRESS.fullmatch(repository.url):
        launch["colab_url"] = services.get("colab_url", "")
    if jupyterhub:
        launch["jupyterhub_url"] = jupyterhub
    return chosen


def configure(app: Sphinx, config: Config) -> None:
    repository = find_repository(os.environ, Path(app.confdir))
    config.html_theme_options = with_buttons(
        config.html_theme_options, repository, os.environ.get("BOOK_JUPYTERHUB_URL")
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
