"""What the build leaves out of a page's first load, and what it must keep."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont

from extensions import first_load
from extensions.first_load import FONTS, SOURCE, lighten, put_fonts_back, signs_of_formulas
from extensions.mathematics import set_tex
from extensions.replaced import cut_font

pytestmark = pytest.mark.same_everywhere


def app_of(folder: Path) -> SimpleNamespace:
    """A build into a folder."""
    return SimpleNamespace(outdir=folder, doctreedir=folder / ".doctrees", builder=SimpleNamespace(format="html"))


HEAD = """<script src="../_static/searchtools.js"></script>
<script src="../searchindex.js"></script><script async src="a.js"></script>"""


def test_signs_of_formulas_are_those_that_are_seen() -> None:
    html = f"<p>Prose ABC {set_tex(chr(92) + 'alpha + x')} <span>Q</span></p>"
    assert signs_of_formulas(html) - {"\u200b"} == {"α", "+", "x"}


def test_a_font_keeps_what_is_used_and_loses_the_rest() -> None:
    file = SOURCE / "KaTeX_Main-Regular.woff2"
    cut, present = cut_font(file, {"x", "=", "α"}, "woff2", layout_features=["*"])
    assert present == {"x", "="}  # Greek is in another font
    kept = TTFont(BytesIO(cut)).getBestCmap()
    assert {ord("x"), ord("=")} <= set(kept) and ord("Q") not in kept
    assert len(cut) < file.stat().st_size / 4


def test_only_the_search_page_keeps_the_index_and_every_font_is_there(tmp_path: Path) -> None:
    fonts = tmp_path / "_static" / FONTS
    fonts.mkdir(parents=True)
    for name in ("page.html", "search.html"):
        (tmp_path / name).write_text(f"<head>{HEAD}</head>{set_tex('x')}")
    lighten(app_of(tmp_path), None)
    assert "search" not in (tmp_path / "page.html").read_text() and "a.js" in (tmp_path / "page.html").read_text()
    assert (tmp_path / "search.html").read_text().startswith(f"<head>{HEAD.replace('script src', 'script defer src')}")
    assert {font.name for font in fonts.iterdir()} == {font.name for font in SOURCE.glob("*.woff2")}


def test_no_page_waits_for_a_script_and_its_settings_stand_in_it(tmp_path: Path) -> None:
    (tmp_path / "_static" / FONTS).mkdir(parents=True)
    (tmp_path / "_static" / "documentation_options.js").write_text("const DOCUMENTATION_OPTIONS = {a: '\\\\n'};\n")
    settings = (
        '<script src="_static/documentation_options.js?v=1"></script><script>DOCUMENTATION_OPTIONS.a = 1</script>'
    )
    hurried = '<link rel="preload" as="script" href="a.js" />\n<link rel="preload" as="font" href="a.woff2" />'
    for name in ("page.html", "search.html"):
        scripts = '<script src="a.js"></script><script data-b="c" src="b.js"></script>'
        (tmp_path / name).write_text(f"{hurried}{settings}{scripts}")
    lighten(app_of(tmp_path), None)
    (html,) = {page.read_text() for page in tmp_path.glob("*.html")}
    assert html == (
        '<link rel="preload" as="font" href="a.woff2" />'
        "<script>const DOCUMENTATION_OPTIONS = {a: '\\\\n'};\n</script><script>DOCUMENTATION_OPTIONS.a = 1</script>"
        '<script defer src="a.js"></script><script defer data-b="c" src="b.js"></script>'
    )


def test_fonts_are_cut_again_only_for_other_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = tmp_path / "_static" / FONTS
    fonts.mkdir(parents=True)
    (tmp_path / "page.html").write_text(set_tex("x"))
    lighten(app_of(tmp_path), None)
    first = {font.name: font.read_bytes() for font in fonts.iterdir()}
    put_fonts_back(app_of(tmp_path))
    cut = []
    monkeypatch.setattr(first_load, "cut_font", lambda font, *_, **__: cut.append(font.name) or (b"anew", set()))
    lighten(app_of(tmp_path), None)
    assert {font.name: font.read_bytes() for font in fonts.iterdir()} == first and not cut
    (tmp_path / "page.html").write_text(set_tex("y"))
    lighten(app_of(tmp_path), None)
    assert sorted(cut) == sorted(first) and {font.read_bytes() for font in fonts.iterdir()} == {b"anew"}
    kept = [file for file in (tmp_path / ".doctrees").rglob("*") if file.is_file()]
    assert len(kept) == len(first)


def test_a_build_that_stops_leaves_whole_fonts(tmp_path: Path) -> None:
    fonts = tmp_path / "_static" / FONTS
    fonts.mkdir(parents=True)
    file = SOURCE / "KaTeX_Main-Regular.woff2"
    (fonts / file.name).write_bytes(b"cut")
    put_fonts_back(SimpleNamespace(outdir=tmp_path))
    assert [font.read_bytes() for font in fonts.iterdir()] == [file.read_bytes()]
