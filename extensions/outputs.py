"""What the build adds to the HTML that cells show: numbers of figures, mathematics, and nothing twice.

Figures and questions (helpers.pages) are whole in themselves, so that they stand in any notebook. On a page
of the book they have neighbours: figures are counted, TeX is set as in the prose, and equal styles are kept once.
All of this is made when a page is written, so it is there without a script, and on paper.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import count

from docutils import nodes
from sphinx.application import Sphinx

from extensions.mathematics import set_tex

# A figure, from its tag to where its caption begins.
CAPTIONED = re.compile(r"<figure (?P<head>(?:(?!</figure>).)*?<figcaption>)", re.DOTALL)
# What may hold TeX between dollars: captions and questions. Drawings and scripts may not.
WORDS = re.compile(r"<(?P<tag>figcaption|fieldset)\b.*?</(?P=tag)>", re.DOTALL)
TEX = re.compile(r"\$([^$\n]+)\$")
ONCE = re.compile(r"<style>.*?</style>|<script data-once>.*?</script>", re.DOTALL)


class PageOutputs:
    """The outputs of one page, in their order.

    Parameters
    ----------
    chapter : str
        Number of the page, such as "3"; "" where pages have no number.
    """

    def __init__(self, chapter: str):
        self.numbers = (f"{chapter}.{number}" if chapter else f"{number}" for number in count(1))
        self.seen: set[str] = set()

    def as_page(self, html: str) -> str:
        """Return one output as the page shows it."""
        html = CAPTIONED.sub(self._numbered, html)
        html = WORDS.sub(lambda words: TEX.sub(set_inline, words[0]), html)
        return ONCE.sub(self._first, html)

    def _numbered(self, figure: re.Match[str]) -> str:
        number = next(self.numbers)
        name = f"figure-{number.replace('.', '-')}"
        return f'<figure id="{name}" {figure["head"]}<span class="figure-number">Figure {number}.</span> '

    def _first(self, part: re.Match[str]) -> str:
        repeated = part[0] in self.seen
        self.seen.add(part[0])
        return "" if repeated else part[0]


def set_inline(tex: re.Match[str]) -> str:
    """Return a formula between dollars, whose signs are escaped, as it is seen."""
    return f'<span class="tex notranslate">{set_tex(unescape(tex[1]))}</span>'


def finish_outputs(app: Sphinx, doctree: nodes.document, page: str) -> None:
    section_numbers = app.env.toc_secnumbers.get(page, {})
    outputs = PageOutputs(".".join(map(str, section_numbers.get("", ()))))
    for output in doctree.findall(nodes.raw):
        if output.get("format") == "html" and "text_html" in output["classes"]:
            output[:] = [nodes.Text(outputs.as_page(output.astext()))]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", finish_outputs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
