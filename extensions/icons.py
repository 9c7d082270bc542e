"""Keep only those icons of the theme that the book uses.

The theme brings every Font Awesome icon twice: as a script of 1.5 MB, and as fonts with 90 kB of style rules.
The rules and fonts alone draw all icons, so the build empties the script and cuts fonts and rules to the
icons named in the pages. Readers on poor networks feel the difference; an icon that is missing fails the build.
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pydata_sphinx_theme
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from extensions.replaced import cut_font, put_back

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
STYLES = "styles/pydata-sphinx-theme.css"
SCRIPT = "scripts/fontawesome.js"

ICON_RULE = re.compile(r'(?P<names>(?:\.fa-[\w-]+:before,?)+)\{content:"(?P<glyph>[^"]+)"\}')
THEME_GLYPH = re.compile(r'--pst-icon-[\w-]+:"(?P<glyph>[^"]+)"')
FONT_SOURCE = re.compile(r"src:url\(\.\./(?P<path>vendor/fontawesome/[^)]+)\.woff2\)[^;}]*")
ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")


def glyph(css: str) -> str:
    """Read a glyph as a style sheet writes it: the character itself or its hexadecimal number."""
    return chr(int(css[1:], 16)) if css.startswith("\\") else css


def cut_rules(css: str, used: set[str]) -> tuple[str, set[str]]:
    """Drop the rules of icons that are not `used`; return the style sheet and the glyphs it still needs."""
    glyphs = {glyph(match["glyph"]) for match in THEME_GLYPH.finditer(css)}

    def keep(match: re.Match[str]) -> str:
        if used.isdisjoint(ICON_NAME.findall(match["names"])):
            return ""
        glyphs.add(glyph(match["glyph"]))
        return match[0]

    return ICON_RULE.sub(keep, css), glyphs


def cut_styles(css: str, used: set[str], fonts: Path) -> str:
    """The theme's style sheet with the icons in `used` only, its icon fonts inside it."""
    css, glyphs = cut_rules(css, used)
    drawn: set[str] = set()

    def embed(match: re.Match[str]) -> str:
        font, present = cut_font(fonts / f"{match['path']}.ttf", glyphs, "woff", layout_features=[], name_IDs=[])
        drawn.update(present)
        return f'src:url(data:font/woff;base64,{b64encode(font).decode()}) format("woff")'

    css = FONT_SOURCE.sub(embed, css)
    if missing := glyphs - drawn:
        raise ExtensionError(f"no icon font of the theme has {sorted(map(ascii, missing))}")
    return css


def put_styles_back(app: Sphinx) -> None:
    if app.builder.format == "html":  # the link check shares the output folder
        put_back(THEME, Path(app.outdir, "_static"), (STYLES, SCRIPT))


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    pages = [*Path(app.outdir).rglob("*.html"), *static.glob("scripts/*.js")]
    used = {name for page in pages if page != static / SCRIPT for name in ICON_NAME.findall(page.read_text("utf-8"))}
    css = cut_styles((THEME / STYLES).read_text("utf-8"), used, THEME)
    (static / STYLES).write_text(css, encoding="utf-8")
    (static / SCRIPT).write_text("// Not needed: fonts draw the icons.\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", put_styles_back)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
