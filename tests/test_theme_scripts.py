"""What the build says in the theme's place, and that it hears when the theme says something else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from extensions.theme_scripts import (
    AS_IT_WILL_BE,
    AS_LAST_SEEN,
    AT_ONCE,
    SCRIPT,
    THEME,
    WHEN_NEAR,
    begin,
    check,
    finish,
)

pytestmark = pytest.mark.same_everywhere


def built(folder: Path) -> SimpleNamespace:
    """A build with the theme's script, a page of the book and one that only leads to another."""
    script = folder / "_static" / SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text((THEME / "static" / SCRIPT).read_text("utf-8"), encoding="utf-8")
    (folder / "page.html").write_text(f"<script>\n    {AS_LAST_SEEN}\n</script>")
    (folder / "index.html").write_text("<meta http-equiv='Refresh'>")
    return SimpleNamespace(outdir=folder, builder=SimpleNamespace(format="html"))


def test_a_build_replaces_it_once_and_the_next_begins_with_the_theme_s_own(tmp_path: Path) -> None:
    app = built(tmp_path)
    script, page = tmp_path / "_static" / SCRIPT, tmp_path / "page.html"
    original = script.read_text("utf-8")
    begin(app)
    finish(app, None)
    finish(app, None)
    assert script.read_text("utf-8") == original.replace(AT_ONCE, WHEN_NEAR) != original
    assert page.read_text("utf-8") == f"<script>\n    {AS_IT_WILL_BE}\n</script>"
    assert (tmp_path / "index.html").read_text("utf-8") == "<meta http-equiv='Refresh'>"
    begin(app)
    assert script.read_text("utf-8") == original


def test_a_build_that_failed_and_other_formats_are_left_alone(tmp_path: Path) -> None:
    app = built(tmp_path)
    script = tmp_path / "_static" / SCRIPT
    script.write_text(WHEN_NEAR, encoding="utf-8")
    before = (tmp_path / "page.html").read_text("utf-8")
    finish(app, ValueError())
    app.builder.format = "latex"
    begin(app)
    finish(app, None)
    assert (tmp_path / "page.html").read_text("utf-8") == before and script.read_text("utf-8") == WHEN_NEAR


def test_another_version_of_the_theme_is_an_error_that_names_the_place(tmp_path: Path) -> None:
    file = tmp_path / "layout.html"
    file.write_text("dataset.theme = somethingElse()")
    with pytest.raises(ExtensionError, match=r"layout\.html of the theme no longer says .*extensions\.theme_scripts"):
        check(file, AS_LAST_SEEN)
    check(file, "somethingElse")
