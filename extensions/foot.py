"""The foot of each page: when its source last changed, how to cite it, where to report what is wrong.

The date is that of the last commit that touched the file; a checkout without its history shows none. The link to a
report stands there only where the book's repository is known and takes reports (extensions/repository.py);
assets/reading.js adds the section that is being read.
"""

from __future__ import annotations

import re
import subprocess
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

CHAPTER = re.compile(r"book/(\d\d)-")


def last_changes(folder: Path) -> dict[str, str]:
    """Return the date of the last commit of each file, as 2026-11-28; nothing without git or its whole history."""

    def git(*arguments: str) -> str:
        try:
            run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True)
        except FileNotFoundError:
            return ""
        return run.stdout if run.returncode == 0 else ""

    if git("rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    dates: dict[str, str] = {}
    date = ""
    for line in git("log", "--format=date %cs", "--name-only", "--relative", "--", "book").splitlines():
        if line.startswith("date "):
            date = line.removeprefix("date ")
        elif line:
            dates.setdefault(line, date)
    return dates


def bibtex(number: int, title: str, config: Any) -> str:
    """Return how to cite a chapter, as BibTeX."""
    fields = {
        "author": f"{{{config.author}}}",
        "title": title,
        "booktitle": config.project,
        "chapter": str(number),
        "year": config.copyright,
    }
    if config.html_baseurl:
        fields["url"] = config.html_baseurl
    lines = "\n".join(f"  {name:9} = {{{value}}}," for name, value in fields.items())
    return f"@incollection{{credit-assignment-{number},\n{lines}\n}}"


def report_address(options: dict[str, Any], title: str) -> str:
    """Return where a report on a page is written; empty if the repository takes none."""
    if not options.get("use_issues_button"):
        return ""
    if options.get("repository_provider") == "gitlab":
        return f"{options['repository_url']}/-/issues/new?issue[title]={quote(title)}"
    return f"{options['repository_url']}/issues/new?title={quote(title)}"


def foot(citation: str, report: str) -> str:
    """Return the HTML at the end of a chapter."""
    link = f'<p><a class="report" href="{escape(report)}">Report something in this chapter</a></p>' if report else ""
    return (
        '<div class="book-foot"><details class="folded"><summary>Cite this chapter</summary>'
        f'<pre tabindex="0">{escape(citation)}</pre></details>{link}</div>'
    )


def add_foot(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None:
        return
    source = Path(app.env.doc2path(page)).relative_to(app.confdir).as_posix()
    if date := app.env.book_dates.get(source):  # type: ignore[attr-defined]
        context["last_updated"] = date
    if chapter := CHAPTER.match(page):
        title = app.env.titles[page].astext()
        citation = bibtex(int(chapter[1]), title, app.config)
        context["body"] += foot(citation, report_address(app.config.html_theme_options, title))


def read_dates(app: Sphinx) -> None:
    app.env.book_dates = last_changes(Path(app.confdir))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_js_file("reading.js", defer="defer")
    app.connect("builder-inited", read_dates)
    app.connect("html-page-context", add_foot)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
