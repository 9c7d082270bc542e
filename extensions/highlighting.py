"""Code is coloured as by Pygments, with fewer elements, since every one makes a page slower to lay out.

Names, punctuation and operators are three quarters of the coloured pieces of a chapter's code. The style gives the
first two the colour of plain text, so their elements change nothing that is seen. It makes operators green as strings
are; here they are plain, too, so that green says string. Numbers are plain as well: drawings are full of them. The
pieces of a string have one colour, and are one element.
"""

from __future__ import annotations

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Number, Operator, Punctuation, String, Text, Token, _TokenType
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

#: What has the colour of plain text; their other kinds, such as names of functions, have colours of their own.
PLAIN = {Name, Name.Namespace, Name.Other, Operator, Punctuation, Punctuation.Marker, Text, Text.Whitespace, Token}

#: Kinds of string that look otherwise.
OTHER_STRINGS = {String.Regex, String.Symbol}


class LightFormatter(HtmlFormatter):
    """Writes code as HTML: plain text as nothing but text, and a string as one piece."""

    def _get_css_classes(self, ttype: _TokenType) -> str:
        if ttype in PLAIN or ttype in Number:
            return ""
        return super()._get_css_classes(String if ttype in String and ttype not in OTHER_STRINGS else ttype)


def setup(app: Sphinx) -> dict[str, bool]:
    PygmentsBridge.html_formatter = LightFormatter
    return {"parallel_read_safe": True, "parallel_write_safe": True}
