"""One style sheet for all pages, with only those rules that some page of the book can meet.

The theme brings a whole framework, of which the book uses a fifth, and a browser shows nothing before it has read all
of it. A rule stays if every class and every name that its selector asks for stands on a page or in a script. What is
left of a dozen files stands in one: on a slow network each file costs a journey there and back.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from extensions.frames import FOLDER
from extensions.replaced import put_back

#: The one that all pages ask for, in the folder ``_static``. Its first line names what it is made of.
TOGETHER = "together.css"

#: Where whole style sheets wait for the next build, below the folder of its notes.
ORIGINALS = "styles"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
MARK = re.compile(rf"{STRING}|[{{}};]", re.DOTALL)
#: What may hold for one of several reasons, or for none: ``:not(.wide)`` asks for no class.
CHOICE = re.compile(r"\([^()]*\)")
ASKED = re.compile(r"[.#]((?:[\w-]|\\.)+)")
NAMES = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
WORD = re.compile(r"[\w-]+")
#: Style sheets that a page asks for, and their files below ``_static``.
LINK = re.compile(r'<link (?=[^>]*\brel="stylesheet")[^>]*\bhref="(?:[^"?]*/)?_static/([^"?]*)[^"]*"[^>]*>\s*')
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?;""")
#: Files that a style sheet asks for, named from where it stands.
ADDRESS = re.compile(r"""\burl\((["']?)(?!data:|https?:|[#/])([^"')]+)\1\)""")
#: At-rules that hold rules.
AROUND_RULES = ("@media", "@supports", "@layer", "@container")


class Names:
    """The classes and names that elements of pages have, or get from a script.

    Parameters
    ----------
    html : list of str
        Pages.
    scripts : list of str
        Files of scripts.
    """

    def __init__(self, html: list[str], scripts: list[str]):
        on_pages = {word for page in html for found in NAMES.findall(page) for word in "".join(found).split()}
        inline = [script for page in html for script in SCRIPT.findall(page)]
        in_scripts = {word for script in (*inline, *scripts) for word in WORD.findall(script)}
        self.whole = on_pages | in_scripts
        # a script writes names as parts: bs-tooltip, and then -top
        self.begun = tuple(word.rstrip("-") + "-" for word in in_scripts if "-" in word.strip("-"))

    def __contains__(self, name: str) -> bool:
        return name in self.whole or name.startswith(self.begun)


def statements(css: str) -> Iterator[tuple[str, str | None]]:
    """Read a style sheet without comments, or what an at-rule holds.

    Parameters
    ----------
    css : str

    Yields
    ------
    head : str
        A selector or an at-rule.
    body : str or None
        What stands between its braces, if it has any.
    """
    start = opened = depth = 0
    for mark in MARK.finditer(css):
        if mark[0] == "{":
            opened = mark.start() if depth == 0 else opened
            depth += 1
        elif mark[0] == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : mark.start()].strip()
                start = mark.end()
        elif mark[0] == ";" and depth == 0:
            yield css[start : mark.start()].strip(), None
            start = mark.end()


def can_match(selector: str, names: Names) -> bool:
    """Whether elements may be there that a selector asks for."""
    plain = re.sub(STRING, "", selector)
    while CHOICE.search(plain):
        plain = CHOICE.sub("", plain)
    return all(re.sub(r"\\(.)", r"\1", name) in names for name in ASKED.findall(re.sub(r"\[[^]]*\]", "", plain)))


def selectors(head: str) -> list[str]:
    """Return the selectors of a list; commas within brackets and strings separate none."""
    parts, depth = [""], 0
    for piece in re.findall(rf"{STRING}|\\.|[^\\]", head, re.DOTALL):
        depth += (piece in "([") - (piece in ")]")
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def kept(css: str, names: Names) -> str:
    """Return a style sheet without the rules that no element meets.

    Parameters
    ----------
    css : str
    names : Names
        Of all elements that there are.

    Returns
    -------
    str
    """
    rules = []
    for head, body in statements(COMMENT.sub("", css)):
        if body is None:
            rules.append(f"{head};")
        elif head.startswith(AROUND_RULES):
            if inner := kept(body, names):
                rules.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            rules.append(f"{head}{{{body}}}")
        elif met := [selector for selector in selectors(head) if can_match(selector, names)]:
            rules.append(f"{','.join(met)}{{{body}}}")
    return "\n".join(rules)


def as_read(file: Path, folder: Path) -> str:
    """Return what a browser reads of a style sheet, with those that it imports, as if it stood in a folder.

    Parameters
    ----------
    file, folder : Path

    Returns
    -------
    str
    """
    place = Path(os.path.relpath(file.parent, folder))

    def moved(address: re.Match[str]) -> str:
        return f"url({address[1]}{Path(os.path.normpath(place / address[2])).as_posix()}{address[1]})"

    whole = re.split(IMPORT, file.read_text("utf-8"))  # between two texts, the name of what is imported
    return "".join(
        as_read(file.parent / part, folder) if number % 2 else ADDRESS.sub(moved, part)
        for number, part in enumerate(whole)
    )


def put_together(pages: dict[Path, str], static: Path) -> None:
    """Let all pages ask for one style sheet that holds those they ask for now.

    Parameters
    ----------
    pages : dict of Path to str
        Files of pages and what stands in them: some may be of the last build, and ask for the one already.
    static : Path
        The folder ``_static``, where it is written.

    Raises
    ------
    ValueError
        If pages ask for style sheets in different orders.
    """
    one = static / TOGETHER
    orders = [[name for name in LINK.findall(html) if name != TOGETHER] for html in pages.values()]
    before = one.read_text("utf-8").partition("\n")[0].strip("/* ").split() if one.exists() else []
    names = max([*orders, before], key=len)
    for order in orders:
        if order != [name for name in names if name in order]:
            raise ValueError(f"pages ask for style sheets in different orders: {names} and {order}")
    css = "\n".join([f"/* {' '.join(names)} */", *(as_read(static / name, static) for name in names)])
    one.write_text(css, encoding="utf-8")
    version = hashlib.sha256(css.encode()).hexdigest()[:8]
    for file, html in pages.items():
        if (first := LINK.search(html)) is not None:
            root = Path(os.path.relpath(static, file.parent)).as_posix()
            link = f'<link rel="stylesheet" href="{root}/{TOGETHER}?v={version}" />\n'
            lighter = html[: first.start()] + link + LINK.sub("", html[first.end() :])
            if lighter != html:
                file.write_text(lighter, encoding="utf-8")


def put_styles_back(app: Sphinx) -> None:
    """Put whole style sheets where cut ones are: the next pages may ask for more."""
    if app.builder.format == "html":
        originals = Path(app.doctreedir, ORIGINALS)
        names = [file.relative_to(originals) for file in originals.rglob("*.css")]
        put_back(originals, Path(app.outdir, "_static"), names)


def out_of_date(app: Sphinx, *_: object) -> list[str]:
    """Have the first page read again if a file beside the pages has changed: Sphinx would build nothing."""
    one = Path(app.outdir, "_static", TOGETHER)
    files = [file for folder in app.config.html_static_path for file in Path(app.confdir, folder).rglob("*.*")]
    newer = one.exists() and any(file.stat().st_mtime > one.stat().st_mtime for file in files)
    return [app.config.root_doc] if newer else []


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder, originals = Path(app.outdir), Path(app.doctreedir, ORIGINALS)
    scripts = [file for file in folder.rglob("*.js") if file.parent != folder / FOLDER]
    static = folder / "_static"
    pages = {file: file.read_text("utf-8") for file in folder.rglob("*.html") if static not in file.parents}
    names = Names([*pages.values()], [file.read_text("utf-8") for file in scripts])
    for file in {*static.rglob("*.css")} - {static / TOGETHER}:
        original = originals / file.relative_to(static)
        original.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, original)
        file.write_text(kept(file.read_text("utf-8"), names), encoding="utf-8")
    put_together(pages, static)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", put_styles_back, priority=0)  # before those who bring their own
    app.connect("env-get-outdated", out_of_date)
    app.connect("build-finished", lighten, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
