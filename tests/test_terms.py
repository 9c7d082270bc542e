"""Terms in bold and the glossary: each leads to its entry, each entry has its Japanese name."""

import io
import json
import re
import tomllib
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from extensions.terms import find_term

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
GLOSSARY = (ROOT / "book" / "glossary.md").read_text("utf-8")
# One or more lines of terms, and below them the definition, indented.
ENTRIES = re.findall(r"((?:^\S.*\n)+)  (\S.*)", GLOSSARY.split(":sorted:")[1], re.MULTILINE)
TERMS = {term.lower() for names, _ in ENTRIES for term in names.split("\n") if term}
NO_TERMS = tomllib.loads((ROOT / "tests" / "bold_words.toml").read_text("utf-8"))


def bold_words(markdown: str) -> list[tuple[str, str]]:
    """Return what may be a term in bold, with the words after it: no sentence, title of a paragraph or long phrase."""
    found = re.finditer(r"\*\*([^*]+?)\*\*([^*\n]*)", markdown)
    return [(m[1], m[2]) for m in found if not re.search(r"[.?!:\"$]$|\$", m[1]) and len(m[1].split()) <= 4]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_term_in_bold_is_in_the_glossary(chapter):
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    words = [pair for c in cells if c["cell_type"] == "markdown" for pair in bold_words("".join(c["source"]))]
    no_terms = NO_TERMS.get(chapter.stem, {})
    missing = [bold for bold, after in words if bold not in no_terms and find_term(bold, after, TERMS) is None]
    assert not missing, f"add them to book/glossary.md, or to tests/bold_words.toml with the reason: {missing}"
    gone = no_terms.keys() - {bold for bold, _ in words}
    assert not gone, f"no longer in bold, take them off tests/bold_words.toml: {sorted(gone)}"


def test_no_term_stands_twice():
    names = [term.lower() for names, _ in ENTRIES for term in names.split("\n") if term]
    assert len(names) == len(set(names)) > 130


@pytest.mark.parametrize(("names", "definition"), ENTRIES, ids=[names.split("\n")[0] for names, _ in ENTRIES])
def test_an_entry_has_its_japanese_name_a_sentence_and_a_chapter(names, definition):
    match = re.fullmatch(r"\{ja\}`([^`]+)` ([A-Z].*[.?)]) \(Chapter [1-6]\)", definition)
    assert match, f"{names}: write {{ja}}`name` Definition. (Chapter n)"
    same = match[1] in names.split("\n")  # such as Adam
    assert same or re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", match[1]), match[1]


@pytest.mark.parametrize(
    ("bold", "after", "term"),
    [
        ("gradient", " of the bill", "gradient"),
        ("Gradient descent", " moves", "gradient descent"),
        ("local derivatives", ", and", "local derivative"),
        ("biases", " b", "bias"),
        ("total", " response is", "total response"),
        ("basin", " of attraction.", "basin of attraction"),
        ("gradient", ". Descent", "gradient"),
        ("locally", ": from", None),
        ("loss", " of the hair", None),
    ],
)
def test_find_term(bold, after, term):
    terms = {"gradient", "gradient descent", "local derivative", "bias", "total response", "basin of attraction"}
    assert find_term(bold, after, terms) == term


def test_the_first_bold_occurrence_is_linked_and_the_name_stands_beside_the_term(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "glossary.md").write_text(
        "# Glossary\n\n```{glossary}\nbatch\n  {ja}`バッチ` Several samples.\n\nAdam\n  {ja}`Adam` An optimizer.\n```\n"
    )
    (tmp_path / "index.md").write_text(
        "# Top\n\nEvery **batch** and **no term**; once more **batches**.\n\n```{toctree}\nbook/glossary\n```\n"
    )
    warnings = io.StringIO()
    folders = (str(tmp_path), None, str(tmp_path / "out"), str(tmp_path / "doctrees"))
    settings = {"extensions": ["myst_parser", "extensions.terms"], "html_theme": "basic"}
    with docutils_namespace():
        Sphinx(*folders, "html", settings, status=None, warning=warnings).build()
    assert not warnings.getvalue()
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert page.count('href="book/glossary.html#term-batch"') == 1
    assert "<strong>batches</strong>" in page and "<strong>no term</strong>" in page
    glossary = (tmp_path / "out" / "book" / "glossary.html").read_text("utf-8")
    assert re.search(r'>batch <span class="japanese" lang="ja">バッチ</span>', glossary)
    assert "<p>Several samples.</p>" in glossary
    assert glossary.count("japanese") == 1  # Adam is Adam
