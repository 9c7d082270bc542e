"""Where a line must not end: between a number and its unit, and between a formula and the sign after it.

A formula is a box of its own, after which a browser may begin a line with a comma.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

#: What belongs to the number before it.
UNIT = re.compile(r"(?<=\d) (?=(?:%|°|s|ms|µs|min|kB|MB|GB|px|yen)(?![\w’']))")
#: A number and how far it may be off; in a narrow column of a table, these take two lines.
OFF = re.compile(r"(?<=\d) (?=±)|(?<=±) (?=\d)")
#: The same where the number was filled in before these words.
FIRST = re.compile(r"^ (?=[%±])")

#: Signs that no line begins with, and what keeps a line from ending before one (word joiner).
SIGN = re.compile(r"[,.;:!?)\]’”]")
JOINER = "\u2060"

#: A space at which no line ends.
SPACE = "\u00a0"

#: Words in these are shown letter by letter.
AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.FixedTextElement)


def joined(words: str, before: nodes.Node | None, in_table: bool = False) -> str:
    """Return words in which no line ends between what belongs together.

    Parameters
    ----------
    words : str
    before : Node or None
        What stands before them in the same paragraph: a number that was filled in, or a formula.
    in_table : bool, default False

    Returns
    -------
    str
    """
    words = UNIT.sub(SPACE, words) if in_table else OFF.sub(SPACE, UNIT.sub(SPACE, words))
    if before is not None:
        words = FIRST.sub(SPACE, words)
    return JOINER + words if isinstance(before, nodes.math) and SIGN.match(words) else words


class Spacing(SphinxPostTransform):
    """Joins what belongs together, in pages; numbers are filled in before."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for paragraph in list(self.document.findall(nodes.TextElement)):
            if isinstance(paragraph, AS_TYPED):
                continue
            in_table = isinstance(paragraph.parent, nodes.entry)
            for before, text in zip([None, *paragraph.children], list(paragraph.children), strict=False):
                if isinstance(text, nodes.Text):
                    paragraph.replace(text, nodes.Text(joined(text.astext(), before, in_table)))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_post_transform(Spacing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
