"""The zip file as a room without a network has it: ``make test-offline`` makes it and runs this.

It is unpacked into an empty folder; the packages are installed from its wheels alone, into a new environment; chapter 1
runs there; and every link is followed. Not among the tests of every change, since making the file downloads a hundred
and more wheels.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import nbformat
import pytest

from tools.offline import EDITIONS, FOLDER, ZIP
from tools.wheel import ROOT

#: Seconds that the installation, and the chapter, may take on a slow machine.
INSTALL_TIME, CHAPTER_TIME = 1800, 1200

LINK = re.compile(r'<(?P<tag>a|link|script|img)\b[^>]*?\s(?:href|src)="(?P<target>[^"]*)"')
MARKDOWN_LINK = re.compile(r"\]\((?P<target>[^)\s]+\.(?:ipynb|html|md)(?:#[^)\s]*)?)\)")

RUN_A_CHAPTER = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
import helpers
print(helpers.__file__)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one folder of the zip file, in an empty folder far from the checkout."""
    assert ZIP.is_file(), f"{ZIP.name} is not there: run 'make test-offline', which makes it"
    folder = tmp_path_factory.mktemp("stick")
    with ZipFile(ZIP) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    assert [path.name for path in folder.iterdir()] == [FOLDER]
    return folder / FOLDER


def test_the_file_is_as_large_as_readers_are_told() -> None:
    """Wheels differ in size from system to system, though not by a half."""
    told = [
        re.search(r"some (\d+) MB", (ROOT / page).read_text("utf-8"))[1] for page in ("README.md", "book/offline.md")
    ]
    assert told[0] == told[1]
    assert 0.6 < ZIP.stat().st_size / 1e6 / int(told[0]) < 1.2


@pytest.fixture(scope="module")
def python(unpacked: Path) -> Path:
    """The Python of an environment that was made as OFFLINE.html says."""
    page = (unpacked / "OFFLINE.html").read_text("utf-8")
    install = "-m pip install --no-index --find-links wheels credit-assignment"
    assert page.count(install) == 2  # for Windows and for the others
    subprocess.run([sys.executable, "-m", "venv", "env"], cwd=unpacked, check=True, timeout=INSTALL_TIME)
    python = unpacked / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, *install.split()], cwd=unpacked, env=without_network(), check=True, timeout=INSTALL_TIME)
    return python


def without_network() -> dict[str, str]:
    """The environment of a machine that knows no package host, and has no other way to the book's package."""
    foreign = re.compile("PIP_|PYTHONPATH|BOOK_|VIRTUAL_ENV|.*_PROXY", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    return kept | {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "TQDM_DISABLE": "1"}


def pages(folder: Path) -> list[Path]:
    """The page at the top, and every page of the book."""
    site = folder / "site"
    found = [page for page in site.rglob("*.html") if page.relative_to(site).parts[0] != "_static"]  # templates
    return [folder / "OFFLINE.html", *sorted(found)]


def is_missing(target: str, page: Path, folder: Path) -> bool:
    """Whether a link within the folder leads nowhere, or out of it."""
    path = unquote(urlsplit(target).path)
    file = (page.parent / path).resolve() if path else page
    return not file.exists() or not file.is_relative_to(folder.resolve())


def test_both_editions_have_every_chapter_of_the_pages(unpacked: Path) -> None:
    chapters = {page.stem for page in (unpacked / "site" / "book").glob("[0-9]*.html")}
    assert len(chapters) >= 6
    for edition in EDITIONS:
        assert {notebook.stem for notebook in (unpacked / "notebooks" / edition).glob("*.ipynb")} == chapters


def test_every_link_of_the_pages_leads_to_something_in_the_folder(unpacked: Path) -> None:
    targets = [(page, link["target"]) for page in pages(unpacked) for link in LINK.finditer(page.read_text("utf-8"))]
    within = [(page, target) for page, target in targets if not urlsplit(target).scheme]
    assert len(within) > 1000
    assert not {f"{page.name}: {target}" for page, target in within if is_missing(target, page, unpacked)}


def test_nothing_that_the_folder_holds_is_asked_of_a_network(unpacked: Path) -> None:
    """Neither a script, a style nor a picture; and the text links to no page or notebook of its own elsewhere."""
    held = {file.name for folder in ("site/book", "notebooks") for file in (unpacked / folder).rglob("*.*")}
    for page in pages(unpacked):
        text = page.read_text("utf-8")
        article = text.partition('<article class="bd-article">')[2].partition("</article>")[0]
        for link in LINK.finditer(text):
            loaded = link["tag"] in ("script", "img") or (link["tag"] == "link" and "stylesheet" in link[0])
            assert not (loaded and urlsplit(link["target"]).scheme in ("http", "https")), link[0]
        elsewhere = {link["target"] for link in LINK.finditer(article) if urlsplit(link["target"]).scheme}
        assert not {target for target in elsewhere if Path(urlsplit(target).path).name in held}


def test_every_link_of_the_notebooks_leads_to_something_in_the_folder(unpacked: Path) -> None:
    targets = []
    for path in sorted((unpacked / "notebooks").rglob("*.ipynb")):
        text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
        targets += [(path, link["target"]) for link in MARKDOWN_LINK.finditer(text)]
    within = [(path, target) for path, target in targets if not urlsplit(target).scheme]
    assert within
    assert not {f"{path.name}: {target}" for path, target in within if is_missing(target, path, unpacked)}


def test_chapter_1_runs_in_an_environment_of_these_wheels_alone(unpacked: Path, python: Path) -> None:
    notebook = next((unpacked / "notebooks" / "student").glob("01-*.ipynb"))
    done = subprocess.run(
        [python, "-c", RUN_A_CHAPTER, notebook.name],
        cwd=notebook.parent,
        env=without_network(),
        timeout=CHAPTER_TIME,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert Path(done.stdout.strip()).is_relative_to(unpacked / "env")


def test_jupyterlab_starts_where_the_page_says(unpacked: Path, python: Path) -> None:
    """The options of the page's last command are known to JupyterLab, which would pass over an unknown one."""
    option = re.search(r"jupyter lab (--\S+)=", (unpacked / "OFFLINE.html").read_text("utf-8"))
    assert option
    done = subprocess.run(
        [python, "-m", "jupyter", "lab", "--help-all"],
        env=without_network(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert f"{option[1]}=" in done.stdout
