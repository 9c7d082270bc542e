"""Notation, bibliography and front page: whole, and in agreement with the chapters."""

import json
import re
from collections import defaultdict
from pathlib import Path
from unittest.mock import create_autospec

import pybtex.plugin
import pytest
from pybtex.database import parse_file
from sphinx.application import Sphinx

from extensions import bibliography

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

BOOK = Path(__file__).parents[1] / "book"
CHAPTERS = sorted(BOOK.glob("0*.ipynb"))
NOTATION = (BOOK / "notation.md").read_text("utf-8")
REFERENCES = BOOK / "references.bib"


def title(chapter: Path) -> str:
    """The first heading of a notebook."""
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1]


class TestTitles:
    @pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
    def test_the_front_page_calls_a_chapter_by_its_title(self, chapter):
        index = (BOOK / "index.md").read_text("utf-8")
        assert f"{{doc}}`{int(chapter.stem[:2])}. {title(chapter)} <{chapter.stem}>`" in index

    def test_other_pages_do_too_where_they_give_one(self):
        titles = {chapter.stem: title(chapter) for chapter in CHAPTERS}
        for page in (*BOOK.glob("*.md"), BOOK.parent / "_toc.yml"):
            for shown, name in re.findall(r"\{doc\}`(?:\d\. )?([^`<]+) <(0\d-[\w-]+)>`", page.read_text("utf-8")):
                assert shown == titles[name], f"{page.name} calls {name} {shown!r}"
            assert not re.search(r"file: book/0\d\S*\n\s+title:", page.read_text("utf-8")), (
                "titles stand in the chapters"
            )


def rows() -> list[tuple[int, list[str]]]:
    """The rows of the notation, each with the number of its chapter."""
    found = []
    for part in re.split(r"^## Chapter ", NOTATION, flags=re.MULTILINE)[1:]:
        for line in re.findall(r"^\| .*$", part, re.MULTILINE)[1:]:
            found.append((int(part[0]), [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]))
    return found


def letters(symbols: str) -> set[str]:
    r"""The letters that stand for something in a cell of symbols: without indices, hats, bars and primes."""
    formulas = re.findall(r"\$([^$]+)\$", symbols)
    found = set()
    for formula in formulas:
        formula = re.sub(r"\\(text|operatorname)\{\w+\}", " ", formula)
        bare = re.sub(r"[_^](\{[^{}]*(\{[^{}]*\})*[^{}]*\}|\\?\w+|\S)", "", formula)
        bare = re.sub(r"\\(hat|bar|mathbf|mathsf|lVert|rVert|log|nabla|odot|partial|Delta)\b", " ", bare)
        found |= set(re.findall(r"\\[a-z]+|[A-Za-z]", bare))
    return found


# Letters that mean one thing wherever they stand, in several forms.
ONE_MEANING = set("xytTXYWAGLabZIMJNRS") | {"\\delta", "\\sigma", "\\varphi", "\\eta"}


class TestNotation:
    def test_each_chapter_has_its_table(self):
        assert sorted({chapter for chapter, _ in rows()}) == [int(path.stem[:2]) for path in CHAPTERS]
        assert len(rows()) > 85

    @pytest.mark.parametrize(
        ("chapter", "cells"), rows(), ids=lambda value: value[0] if isinstance(value, list) else None
    )
    def test_a_row_says_all_four_things(self, chapter, cells):
        assert len(cells) == 4 and all(cells), f"symbol, meaning, name in the code, shape (or –): {cells}"
        assert cells[0].startswith("$")

    def test_a_letter_with_several_meanings_says_so_in_each_chapter(self):
        places = defaultdict(list)
        for chapter, cells in rows():
            for letter in letters(cells[0]) - ONE_MEANING:
                places[letter].append((chapter, cells))
        silent = [
            (letter, chapter)
            for letter, found in places.items()
            if len({chapter for chapter, _ in found}) > 1
            for chapter in {chapter for chapter, _ in found}
            if not any("elsewhere" in cells[1] for number, cells in found if number == chapter)
        ]
        assert not silent, f"say (elsewhere ...) of these, or name the letter in ONE_MEANING: {silent}"

    def test_letters_are_found_without_their_ornaments(self):
        assert letters(r"$\hat h_i$, $\Delta_i$, $d^+$, $\bar w_{ij}$, $o_i^{\text{new}}$") == set("hdwo")
        assert letters(r"$\lambda_{\max}$, $z^{(\ell)}$, $\ell_i^{\text{inv}}$") == {r"\lambda", "z", r"\ell"}


def test_the_installed_packages_are_asked_once_for_what_writes_all_references(monkeypatch):
    monkeypatch.setattr(pybtex.plugin, "entry_points", None)
    bibliography.BROUGHT.cache_clear()
    bibliography.setup(create_autospec(Sphinx))
    found = [pybtex.plugin.find_plugin("pybtex.backends", "plaintext") for _ in range(3)]
    assert {one.__name__ for one in found} == {"Backend"} and found[0].__module__ == "pybtex.backends.plaintext"
    assert bibliography.BROUGHT.cache_info().misses == 1


class TestBibliography:
    keys = tuple(parse_file(str(REFERENCES)).entries)

    def test_the_file_says_of_each_entry_where_it_was_confirmed(self):
        comment = re.match(r"@comment\{(.*?)\n\}\n", REFERENCES.read_text("utf-8"), re.DOTALL)[1]
        said = dict(re.findall(r"^  (\w+): (.+)$", comment, re.MULTILINE))
        assert not set(self.keys) - said.keys(), "add a line to the @comment at the top of references.bib"
        assert len(self.keys) > 55

    def test_an_article_says_where_it_stands(self):
        entries = parse_file(str(REFERENCES)).entries
        for key, entry in entries.items():
            assert "year" in entry.fields or key == "yamamotocompneuro", key
            if entry.type == "article":
                assert {"journal", "volume", "pages"} <= entry.fields.keys(), key
            # an article and two theses of before there were addresses
            old = key == "floyd1976adaptive" or entry.type in ("mastersthesis", "phdthesis")
            assert old or {"doi", "url", "isbn"} & entry.fields.keys(), f"{key}: no address"
