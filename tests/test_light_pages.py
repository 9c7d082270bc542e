"""What the build takes off a page: pictures into files of their own, scripts for mathematics, elements around names."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from pygments import highlight
from pygments.lexers import PythonLexer
from pygments.styles import get_style_by_name
from pygments.token import Operator, String

from extensions import frames
from extensions.highlighting import OTHER_STRINGS, PLAIN, LightFormatter
from extensions.mathematics import TexError, set_tex
from extensions.outputs import PageOutputs

pytestmark = pytest.mark.same_everywhere

FIGURE = """<figure class='book-explore'><div class='frame'><svg></svg></div>
<script type='application/json'>{"lines": ["\\u003csvg/>"], "frames": [[0]]}</script><script>draw()</script></figure>"""


@pytest.fixture
def app(tmp_path: Path) -> SimpleNamespace:
    builder = SimpleNamespace(name="html", get_target_uri=lambda page: f"{page}.html")
    return SimpleNamespace(outdir=tmp_path, builder=builder)


def page_with(html: str) -> nodes.document:
    document = nodes.document("", "")
    document += nodes.raw("", html, format="html", classes=["output", "text_html"])
    return document


def moved(app: SimpleNamespace, page: str, html: str = FIGURE) -> str:
    document = page_with(html)
    frames.move_frames(app, document, page)
    return document.astext()


@pytest.mark.parametrize(("page", "up"), [("book/chapter", "../"), ("chapter", ""), ("book/api/part", "../../")])
def test_pictures_move_to_a_file_and_the_first_stays(app: SimpleNamespace, page: str, up: str) -> None:
    html = moved(app, page)
    (file,) = (app.outdir / frames.FOLDER).iterdir()
    assert f"<script type='application/json' data-file='{up}_static/frames/{file.name}'></script>" in html
    assert "<svg></svg>" in html and "<script>draw()</script>" in html and "lines" not in html
    sets, _, data = file.read_text("utf-8").partition(" = ")
    assert sets == "document.currentScript.frames"
    assert json.loads(data.removesuffix(";\n")) == {"lines": ["<svg/>"], "frames": [[0]]}


def test_pictures_stay_where_there_is_no_folder_beside_the_page(app: SimpleNamespace) -> None:
    app.builder.name = "singlehtml"
    assert moved(app, "chapter") == FIGURE
    assert not list(app.outdir.iterdir())


def test_files_of_pictures_that_no_page_has_go(app: SimpleNamespace) -> None:
    (app.outdir / "chapter.html").write_text(moved(app, "chapter"))
    moved(app, "chapter", FIGURE.replace("[[0]]", "[[0], [0]]"))
    folder = app.outdir / frames.FOLDER
    assert len(list(folder.iterdir())) == 2
    frames.remove_unused(app, None)
    (kept,) = folder.iterdir()
    assert kept.name in (app.outdir / "chapter.html").read_text()


def mathml(html: str) -> ET.Element:
    """The MathML of a formula that is set."""
    return ET.fromstring(html[html.index("<math") : html.index("</math>") + len("</math>")].replace(' xmlns="', ' x="'))


#: How many children these must have.
CHILDREN = {"msub": 2, "msup": 2, "msubsup": 3, "mfrac": 2, "mover": 2, "munder": 2, "munderover": 3, "mroot": 2}


@pytest.mark.parametrize(
    "tex", ["{}_2", "x^{}", r"\sum_{i}^{n} x_i^2", r"\begin{matrix}a\\b\end{matrix}", r"\frac{}{2}", r"\hat{}", "'"]
)
def test_mathematics_is_set_as_valid_mathml(tex: str) -> None:
    for element in mathml(set_tex(tex, display=True)).iter():
        assert len(element) == CHILDREN.get(element.tag, len(element)), f"{element.tag} of {tex}"
        assert all(element.attrib.values()), f"{element.tag} of {tex} has an empty attribute: {element.attrib}"


def test_mathematics_that_cannot_be_set_is_named_and_the_next_is_set() -> None:
    with pytest.raises(TexError, match=r"cannot set '\\\\frac\{a': .*Unexpected end of input"):
        set_tex(r"\frac{a")
    assert 'class="katex"' in set_tex("a")


def test_mathematics_in_captions_is_set_once_the_signs_are_read() -> None:
    html = PageOutputs("3").as_page("<figure><figcaption>Where $a &lt; b$.</figcaption></figure>")
    assert "katex-html" in html and '<annotation encoding="application/x-tex">a &lt; b</annotation>' in html


CODE = "def half(x):\n    return 0.5 * np.sum(x), f'{x:.2f} of {len(x)}'  # all of them\n"


def test_what_is_plain_needs_no_element_and_what_has_a_colour_keeps_it() -> None:
    html = highlight(CODE, PythonLexer(), LightFormatter())
    assert '<span class="nf">half</span>(x):' in html
    assert '<span class="k">return</span> 0.5 * np.sum(x), ' in html
    assert html.count('<span class="s">') == 3  # around len(x), which is code
    assert '<span class="c1"># all of them</span>' in html


@pytest.mark.parametrize("style", ["a11y-high-contrast-light", "a11y-high-contrast-dark"])
def test_what_shares_an_element_has_one_colour(style: str) -> None:
    """The two styles of the theme. Only operators and numbers lose theirs, on purpose."""
    colours = {kind: look["color"] for kind, look in get_style_by_name(style)}
    assert len({colours.get(kind) for kind in PLAIN - {Operator}} - {None}) == 1
    assert len({colour for kind, colour in colours.items() if kind in String and kind not in OTHER_STRINGS}) == 1
