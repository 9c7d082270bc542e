"""Mathematics by KaTeX, from the copy in ``assets/vendor/katex``, set when the book is built.

KaTeX is a script; it runs here, in the engine that the package mini-racer brings. So a page holds every formula as it
is seen, with MathML for those who listen, and needs no script for it. A formula that KaTeX cannot set is a warning.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

#: The name of a function and the sign that it is applied, which KaTeX writes side by side, also as one script.
APPLIED = re.compile("<mi[^>]*>[^<]*</mi><mo>\u2061</mo>")

KATEX = Path(__file__).parents[1] / "assets" / "vendor" / "katex" / "katex.min.js"

#: Answers with HTML, or with what is wrong after a sign that no HTML starts with.
SET = """function set(tex, displayMode) {
    try { return katex.renderToString(tex, { displayMode, throwOnError: true }); }
    catch (error) { return `!${error.message}`; }
}"""

logger = logging.getLogger(__name__)

#: Fonts that a page asks for ahead where it says ``formulas_first``: what it shows first would be set anew with them.
FIRST_FONTS = ("Math-Italic", "Main-Regular")


class TexError(ValueError):
    """TeX that KaTeX cannot set; the message says where."""


@cache
def engine() -> MiniRacer:
    """The script engine with KaTeX in it, and a function that keeps errors in: one that came out would stop its end."""
    started = MiniRacer()
    started.eval(KATEX.read_text("utf-8"))
    started.eval(SET)
    return started


@cache
def set_tex(tex: str, display: bool = False) -> str:
    """Return TeX as HTML and MathML.

    Parameters
    ----------
    tex : str
    display : bool
        Whether it stands on lines of its own.

    Returns
    -------
    str

    Raises
    ------
    TexError
        If KaTeX cannot set it.
    """
    html = str(engine().eval(f"set({json.dumps(tex)}, {json.dumps(display)})"))
    if html.startswith("!"):
        raise TexError(f"KaTeX cannot set {tex!r}: {html[1:]}")
    # What Firefox reports as malformed: the spacing of a matrix with one column, and two parts where one script stands.
    return APPLIED.sub(r"<mrow>\g<0></mrow>", html.replace(' columnspacing=""', ""))


def set_or_warn(tex: str, display: bool, place: nodes.Node) -> str:
    """Return TeX as HTML, or, with a warning that names the place, its source."""
    try:
        return set_tex(tex, display)
    except TexError as error:
        logger.warning(str(error), location=place, type="mathematics")
        return ""


def display_tex(tex: str, complete: bool) -> str:
    r"""Give display TeX an environment that KaTeX accepts.

    `complete` TeX brings its own amsmath environment; it is starred, since Sphinx writes the number. Other
    TeX is a formula, or several separated by blank lines or ``\\``, which need an environment around them.
    """
    if complete:
        return re.sub(r"\\(begin|end)\{(equation|align|alignat|gather)\}", r"\\\1{\2*}", tex)
    formulas = [part.strip() for part in re.split(r"\n\s*\n", tex) if part.strip()]
    lines = r"\\".join(formulas)
    return rf"\begin{{aligned}}{lines}\end{{aligned}}" if r"\\" in lines else lines


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="tex notranslate"))
    self.body.append(f"{set_or_warn(node.astext(), False, node)}</span>")
    raise nodes.SkipNode


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="equation notranslate"))
    tex = display_tex(node.astext(), complete=node["nowrap"])
    self.body.append(f'<div class="tex">{set_or_warn(tex, True, node)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def is_mathematics(node: nodes.Node) -> bool:
    """Whether a node is a formula, or the output of a cell that holds some (extensions/outputs.py)."""
    in_output = isinstance(node, nodes.raw) and '<span class="tex' in node.astext()
    return in_output or isinstance(node, nodes.math | nodes.math_block)


def style_mathematics(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is not None and any(doctree.findall(is_mathematics)):
        app.add_css_file("vendor/katex/katex.min.css")
        app.add_js_file("mathematics.js", defer="defer")
        if app.env.metadata[page].get("formulas_first"):
            files = [context["pathto"](f"_static/vendor/katex/fonts/KaTeX_{font}.woff2", 1) for font in FIRST_FONTS]
            links = [f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{file}" />' for file in files]
            context["metatags"] = "\n".join([context.get("metatags", ""), *links])


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.connect("html-page-context", style_mathematics)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
