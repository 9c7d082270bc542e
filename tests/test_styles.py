"""Which rules of style sheets a built book keeps."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from extensions.styles import Names, kept, lighten, put_styles_back

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
