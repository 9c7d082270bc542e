"""Which rules of style sheets a built book keeps."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from extensions.styles import TOGETHER, Names, kept, lighten, out_of_date, put_styles_back, put_together

pytestmark = pytest.mark.same_everywhere

NAMES = Names(
    ["<main id=top class='wide sd-x:y'><p class=\"card\">off</p><script>part.classList.add('open')</script></main>"],
    ["tip.className = `bs-tooltip-${side}`"],
)


@pytest.mark.parametrize(
    "rule",
    [
        "p{a:b}",
        ".card{a:b}",
        "#top>.wide{a:b}",
        ".open{a:b}",
        ".bs-tooltip-left{a:b}",
        ".card:not(.absent){a:b}",
        ":is(.card,.absent) p{a:b}",
        r".sd-x\:y{a:b}",
        "[class~='.absent']{a:b}",
        "@media print{.card{a:b}}",
        "@font-face{src:url(a.woff)}",
        "@keyframes turn{from{a:b}to{a:c}}",
        '.card::before{content:"} .absent {"}',
        "@layer base;",
    ],
)
def test_a_rule_that_an_element_may_meet_stays(rule: str) -> None:
    assert kept(rule, NAMES) == rule


@pytest.mark.parametrize(
    "rule",
    [".absent{a:b}", "#absent p{a:b}", ".card.absent{a:b}", ".off{a:b}", "@media print{.absent{a:b}}", "/* p{a:b} */"],
)
def test_a_rule_that_no_element_meets_goes(rule: str) -> None:
    assert kept(f"p{{a:b}}\n{rule}", NAMES) == "p{a:b}"


def test_of_several_selectors_those_stay_that_are_met() -> None:
    assert kept(".absent,\n.card:is(a,b), .wide .absent{a:b}", NAMES) == ".card:is(a,b){a:b}"


def test_the_next_build_begins_with_whole_style_sheets(tmp_path: Path) -> None:
    file = tmp_path / "html" / "_static" / "theme" / "style.css"
    file.parent.mkdir(parents=True)
    file.write_text("p{a:b}\n.absent{a:b}", encoding="utf-8")
    (tmp_path / "html" / "page.html").write_text("<p>", encoding="utf-8")
    builder = SimpleNamespace(format="html")
    app = SimpleNamespace(outdir=tmp_path / "html", doctreedir=tmp_path / "notes", builder=builder)
    lighten(app, None)
    assert file.read_text() == "p{a:b}"
    put_styles_back(app)
    assert file.read_text() == "p{a:b}\n.absent{a:b}"


LINKED = '<head><link href="{}_static/a/one.css?digest=1" rel="stylesheet" />\n{}<link rel="icon" href="i.svg"/></head>'
TWO = '<link rel="stylesheet" type="text/css" href="{}_static/two.css" />\n'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two pages in two folders, of which one asks for two style sheets, the other for one."""
    for name, text in {
        "_static/a/one.css": '@import "../base.css";\np{src:url("f/x.woff2?v=1"),url(data:a)}',
        "_static/base.css": "b{src:url('#here') url(y.png)}",
        "_static/two.css": "i{a:b}",
        "page.html": LINKED.format("", ""),
        "deep/page.html": LINKED.format("../", TWO.format("../")),
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def all_together(book: Path) -> list[str]:
    """Put the style sheets of a book together; return the lines of the one, and both pages."""
    files = [book / "page.html", book / "deep" / "page.html"]
    put_together({file: file.read_text("utf-8") for file in files}, book / "_static")
    return [(book / "_static" / TOGETHER).read_text("utf-8"), *(file.read_text("utf-8") for file in files)]


def test_all_pages_ask_for_one_style_sheet(book: Path) -> None:
    css, page, deep = all_together(book)
    assert css.split("\n") == [
        "/* a/one.css two.css */",
        "b{src:url('#here') url(y.png)}",
        'p{src:url("a/f/x.woff2?v=1"),url(data:a)}',
        "i{a:b}",
    ]
    version = hashlib.sha256(css.encode()).hexdigest()[:8]
    link = f'<head><link rel="stylesheet" href="{{}}_static/{TOGETHER}?v={version}" />\n<link rel="icon"'
    assert page.startswith(link.format("")) and deep.startswith(link.format("../"))
    assert page.count("<link") == deep.count("<link") == 2


def test_pages_of_the_last_build_ask_for_the_new_one(book: Path) -> None:
    _, before, _ = all_together(book)
    (book / "_static" / "two.css").write_text("i{a:c}", encoding="utf-8")
    for last in ("", LINKED.format("", "")):  # no page is written anew, or one that asks for the first alone
        if last:
            (book / "page.html").write_text(last, encoding="utf-8")
        css, page, deep = all_together(book)
        assert css.endswith("i{a:c}") and page != before and page == deep.replace("../", "")


def test_orders_that_differ_are_refused(book: Path) -> None:
    (book / "page.html").write_text(TWO.format("") + LINKED.format("", ""), encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"different orders: \['two.css', 'a/one.css'\] and \['a/one.css', 'two.css'\]"
    ):
        all_together(book)


def test_a_change_beside_the_pages_is_built(tmp_path: Path) -> None:
    sheet, one = tmp_path / "assets" / "book.css", tmp_path / "html" / "_static" / TOGETHER
    config = SimpleNamespace(html_static_path=["assets"], root_doc="book/index")
    app = SimpleNamespace(outdir=tmp_path / "html", confdir=tmp_path, config=config)
    for number, file in enumerate((sheet, one)):
        file.parent.mkdir(parents=True)
        file.write_text("p{a:b}")
        os.utime(file, (number, number))
    assert out_of_date(app) == []
    os.utime(sheet, (2, 2))
    assert out_of_date(app, None, set(), set(), set()) == ["book/index"]
    one.unlink()
    assert out_of_date(app) == []
