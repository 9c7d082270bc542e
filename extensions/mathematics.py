"""Mathematics by KaTeX, from the copy in ``assets/vendor/katex``, on the pages that have any.

A page carries its TeX as text; ``assets/mathematics.js`` typesets it. Nothing is asked of another host, and
a page without mathematics loads none of it.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator


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
    self.body.append(f"{self.encode(node.astext())}</span>")
    raise nodes.SkipNode


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="equation notranslate"))
    tex = display_tex(node.astext(), complete=node["nowrap"])
    self.body.append(f'<div class="tex">{self.encode(tex)}</div>')
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


def load_katex(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is not None and any(doctree.findall(is_mathematics)):
        app.add_css_file("vendor/katex/katex.min.css")
        app.add_js_file("vendor/katex/katex.min.js", defer="defer")
        app.add_js_file("mathematics.js", defer="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.connect("html-page-context", load_katex)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
