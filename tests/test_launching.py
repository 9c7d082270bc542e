"""The buttons of a chapter, and the notebooks that the built site carries, without building a book."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from extensions import launching
from extensions.plain_notebooks import EDITIONS
from extensions.plain_start import INSTALL

pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]
PAGE = "book/03-zipser-andersen"
ADDRESSES = {
    "Binder": "https://mybinder.org/v2/gh/owner/fork/main?urlpath=lab/tree/{}",
    "JupyterHub": "https://hub.example.org/hub/user-redirect/git-pull?repo=x&urlpath=lab/tree/fork/{}&branch=main",
    "Colab": "https://colab.research.google.com/github/owner/fork/blob/main/{}",
}


def with_buttons(page: str) -> dict[str, list[dict]]:
    """The groups of buttons on a page, by their label, as the theme makes them and this extension changes them."""
    launch = [
        {"type": "link", "text": name, "tooltip": f"Launch on {name}", "url": address.format(f"{page}.ipynb")}
        for name, address in ADDRESSES.items()
    ]
    source = {"type": "link", "text": ".ipynb", "label": "download-source-button", "url": f"../_sources/{page}.ipynb"}
    paper = {"type": "javascript", "text": ".pdf", "label": "download-pdf-button"}
    groups = [
        {"type": "group", "label": "launch-buttons", "buttons": launch},
        {"type": "group", "label": "download-buttons", "buttons": [source, paper]},
        {"type": "javascript", "label": "fullscreen-button"},
    ]
    context = {"header_buttons": groups, "pathto": lambda path, resource: f"../{path}"}
    app = SimpleNamespace(confdir=ROOT)
    launching.lead_to_plain_notebooks(app, page, "page.html", context, None)
    return {group["label"]: group.get("buttons", []) for group in context["header_buttons"]}


def test_every_service_opens_both_editions() -> None:
    buttons = with_buttons(PAGE)["launch-buttons"]
    assert [(button["text"], button["url"]) for button in buttons] == [
        (f"{name}, {edition}", address.format(f"classroom/{edition}/03-zipser-andersen.ipynb"))
        for name, address in ADDRESSES.items()
        for edition in EDITIONS
    ]


def test_both_editions_are_downloaded_from_the_site() -> None:
    *notebooks, paper = with_buttons(PAGE)["download-buttons"]
    assert [button["url"] for button in notebooks] == [
        f"../classroom/{edition}/03-zipser-andersen.ipynb" for edition in EDITIONS
    ]
    assert len({button["label"] for button in notebooks}) == len(EDITIONS)
    assert paper["label"] == "download-pdf-button"


def test_other_pages_keep_their_buttons() -> None:
    buttons = with_buttons("book/notation")
    assert [button["text"] for button in buttons["launch-buttons"]] == list(ADDRESSES)
    assert buttons["download-buttons"][0]["label"] == "download-source-button"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    text = (
        "See [notation](../../book/notation.md#chapter-3), [results](../../book/results.md), "
        "[Equation 1.4](01-computational-graphs.ipynb#equation-eq-x), [here](#gain-codes), [a](https://doi.org/1)."
    )
    cells = [nbformat.v4.new_code_cell(INSTALL, id="one"), nbformat.v4.new_markdown_cell(text, id="two")]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_published_copy_knows_its_addresses(notebook: nbformat.NotebookNode) -> None:
    code, text = launching.with_addresses(
        notebook, "https://example.org/book-of-mine/", "https://github.com/owner/fork"
    ).cells
    assert 'os.environ.get("BOOK_REPOSITORY_URL", "https://github.com/owner/fork")' in code.source
    assert "[notation](https://example.org/book-of-mine/book/notation.html#chapter-3)" in text.source
    assert "(https://example.org/book-of-mine/book/01-computational-graphs.html#equation-eq-x)" in text.source
    assert "[here](#gain-codes), [a](https://doi.org/1)" in text.source
    assert ".md" in notebook.cells[1].source, "the notebook that was given has changed"


def test_without_addresses_links_stay_inside_the_site(notebook: nbformat.NotebookNode) -> None:
    code, text = launching.with_addresses(notebook, "", "").cells
    assert code.source == INSTALL
    assert "[notation](../../book/notation.html#chapter-3), [results](../../book/results.html)" in text.source
    assert "[Equation 1.4](01-computational-graphs.ipynb#equation-eq-x)" in text.source


def installed_from(cell: str, folder: Path, monkeypatch: pytest.MonkeyPatch, address: str = "") -> str:
    """What the first cell hands to pip, in a folder, on a machine without the package."""
    asked: list[str] = []
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BOOK_REPOSITORY_URL", address)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    exec(cell.replace("%pip install --quiet {package}", "asked.append(package)"), {"asked": asked})
    return asked[0]


def test_the_first_cell_installs_what_it_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "%pip" in INSTALL
    alone, student = tmp_path / "alone", tmp_path / "checkout" / "classroom" / "student"
    (tmp_path / "checkout" / "helpers" / "pages").mkdir(parents=True)
    for folder in (alone, student):
        folder.mkdir(parents=True)
    address = "https://github.com/owner/fork"
    assert installed_from(INSTALL, alone, monkeypatch, address) == f"git+{address}"
    assert installed_from(INSTALL, student, monkeypatch, address) == str(tmp_path / "checkout")
    with pytest.raises(ModuleNotFoundError, match=r"Run %pip install git\+https://github.com/OWNER/NAME and then"):
        installed_from(INSTALL, alone, monkeypatch)


def test_the_first_cell_does_nothing_where_the_package_is() -> None:
    exec(INSTALL.replace("%pip", "raise AssertionError  # "), {})
