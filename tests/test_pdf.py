"""The single page that becomes the PDF of the book: its order, its ids, its links."""

import pytest

from tools import pdf

pytestmark = pytest.mark.same_everywhere

LINKS = '<a href="index.html">B</a><a href="01-a.html">1</a><a href="api/x.html">x</a>'
NAV = f'<nav class="bd-links bd-docs-nav">{LINKS}</nav>'
HEAD = """<head><meta property="og:site_name" content="Book: what it is" />
<link rel="stylesheet" type="text/css" href="../_static/book.css?v=1" />
<script defer="defer" src="../_static/mathematics.js"></script></head>"""


def page(inside):
    """A built page with an article."""
    return f'{HEAD}{NAV}<main><article class="bd-article"><section id="top">{inside}</section></article></main>'


@pytest.fixture
def folder(tmp_path):
    """A small built book."""
    pages = {
        "book/index.html": '<h1>Book</h1><a href="01-a.html#eq">eq</a><a href="https://a.b/c">out</a>',
        "book/01-a.html": '<h1>1. A</h1><div id="eq">x</div><a href="#eq">same</a><a href="api/x.html">x</a>'
        '<a href="../_sources/a.md">source</a><script>gone()</script><svg><path clip-path="url(#clip)"/></svg>',
        "book/api/x.html": '<h1>x</h1><a class="reference" href="../01-a.html">up</a>',
    }
    for name, inside in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(page(inside), encoding="utf-8")
    return tmp_path


def test_pages_stand_in_the_order_of_the_sidebar(folder):
    whole = pdf.whole_book(folder)
    places = [whole.index(f'id="{name}"') for name in ("book-index", "book-01-a", "book-api-x")]
    assert places == sorted(places)
    assert whole.index("<h1>Book</h1><p>what it is</p>") < whole.index("<h1>Contents</h1>") < places[0]


def test_links_lead_to_places_on_the_one_page_and_others_stay(folder):
    whole = pdf.whole_book(folder)
    assert '<a href="#book-01-a--eq">eq</a>' in whole and '<a href="#book-01-a--eq">same</a>' in whole
    assert '<a href="#book-api-x">x</a>' in whole and 'class="reference" href="#book-01-a"' in whole
    assert '<a href="https://a.b/c">out</a>' in whole
    assert "<a >source</a>" in whole  # no such file beside a PDF
    assert 'clip-path="url(#book-01-a--clip)"' in whole and "gone()" not in whole


def test_styles_are_those_of_the_book_once_and_there_is_no_script(folder):
    whole = pdf.whole_book(folder)
    assert whole.count('href="_static/book.css"') == 1
    assert "<script" not in whole


def test_a_book_that_is_not_built_is_named(tmp_path):
    with pytest.raises(ValueError, match="build the book with `make book` first"):
        pdf.whole_book(tmp_path)
    with pytest.raises(ValueError, match="no article"):
        pdf.sheet("book/a.html", "<p>nothing", [])


def test_without_a_browser_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        RuntimeError, match=r"printed by a browser: install one of chromium, .*, and run `make pdf` again"
    ):
        pdf.main()
