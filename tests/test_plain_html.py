"""The plain notebooks as GitHub, Colab and VS Code render them, as far as it can be known without these.

All three keep some HTML in Markdown and drop the rest, and show what remains as CommonMark, with mathematics between
dollars. So the notebooks write only HTML that GitHub's sanitizer lets through, and nbconvert, which renders CommonMark
too, must leave no markup behind.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbconvert.filters import markdown2html
from plain_editions import CLASSROOM, markdown

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

every_notebook = pytest.mark.parametrize(
    "path", sorted(CLASSROOM.glob("*/*.ipynb")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)

#: Elements that the notebooks may write themselves, each with its attributes: GitHub keeps these, and folds details.
KEPT = {"a": {"id"}, "details": set(), "summary": set()}

#: What is left of Markdown, or of MyST, where a cell was not understood.
MARKUP = ("{ref}", "{eq}", "{glue", "{cite", "`", ":label:", ")=", "\\tag", "<a id", "**", "](", "{{", "</")


class Written(HTMLParser):
    """Collects the elements of a text that are not of the kinds in KEPT, or have another attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if not {name for name, _ in attributes} <= KEPT.get(tag, set()) or tag not in KEPT:
            self.foreign.append(self.get_starttag_text() or tag)


def without_code(text: str) -> str:
    """Markdown without its code and its mathematics, where < and $ mean something else."""
    text = re.sub(r"^(> ?)*```.*?^(> ?)*```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)


def rendered(text: str) -> str:
    """The words of a cell of Markdown as nbconvert shows them, without code and mathematics."""
    page = markdown2html(text)
    page = re.sub(r"<(code|pre)\b.*?</\1>", "", page, flags=re.DOTALL)
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", words, flags=re.DOTALL)


def left_over(text: str) -> list[str]:
    """The markup that a cell still shows once it is rendered, each with the words around it."""
    words = rendered(text)
    return [words[max(at - 40, 0) : at + 40] for mark in MARKUP if (at := words.find(mark)) >= 0]


@every_notebook
def test_only_html_that_github_keeps_is_written(path: Path) -> None:
    assert not [found for text in markdown(path) for found in Written(without_code(text)).foreign]


@every_notebook
def test_no_markup_is_left_when_a_notebook_becomes_html(path: Path) -> None:
    assert not [found for text in markdown(path) for found in left_over(text)]


@pytest.mark.parametrize("text", ['<a href="x">', '<div class="note">', "<script>", '<details open="">', "<img>"])
def test_other_html_is_found(text: str) -> None:
    assert Written(without_code(f"Some words, {text} and `<b>` and $a<b>c$.")).foreign == [text]


@pytest.mark.parametrize(
    "text", ["By {eq}`eq-chain`.", "**bold ** words", "[a link] (there)](x)", "(sec-one)=\n## One"]
)
def test_markup_that_is_left_is_found(text: str) -> None:
    assert left_over(text)
    assert not left_over("**Bold** words, `code_of(x)[**]`, $a_{{1}}$, and [a link](https://example.org).")
