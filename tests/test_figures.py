"""Figures as text: themed colours, alt text, identifiers that cannot clash."""

import re
import xml.etree.ElementTree as ET

import matplotlib
import pytest

from helpers.pages import figures
from helpers.pages.captions import first_sentence
from helpers.pages.figures import BLUE, CSS_NAMES, INK, PAPER, beside, show, subplots, to_svg


def line(colour=BLUE, points=(0, 1)):
    """A small figure of one line."""
    figure, axes = subplots(300, 200)
    axes.plot(points, color=colour)
    axes.set(xlabel="step", ylabel="loss")
    return figure


def test_the_drawing_is_one_svg_element_of_the_size_asked_for():
    root = ET.fromstring(to_svg(line(), "a line"))
    assert root.tag.endswith("svg")
    assert (root.get("width"), root.get("height"), root.get("role")) == ("300", "200", "img")
    assert root.get("viewBox") == "0 0 225 150"  # points: 1/72 inch, where a pixel is 1/96


def test_alt_text_is_the_accessible_name_even_with_markup_in_it():
    root = ET.fromstring(to_svg(line(), 'a < b & "c"'))
    assert root.get("aria-label") == 'a < b & "c"'


@pytest.mark.parametrize("alt", ["", "   ", None, 3])
def test_a_figure_without_alt_text_is_refused(alt):
    with pytest.raises(ValueError, match="alt text"):
        show(line(), alt)


def test_colours_of_the_style_follow_the_theme_and_others_stay():
    assert f"var(--figure-blue, {BLUE})" in to_svg(line(BLUE), "a line")
    svg = to_svg(line("#123456"), "a line")
    assert "#123456" in svg
    assert "var(--figure-blue" not in svg


def test_ink_and_the_black_of_matplotlib_follow_the_theme():
    svg = to_svg(line(INK), "a line")
    assert f"stroke: var(--figure-ink, {INK})" in svg
    assert "#000000" not in svg and "currentColor" not in svg


def test_a_drawing_brings_its_paper_and_what_its_parts_inherit_but_no_rules():
    svg = to_svg(line(), "a line")
    look = dict(part.split(": ") for part in ET.fromstring(svg).get("style").split("; "))
    assert look == {
        "background": f"var(--figure-paper, {PAPER})",
        "fill": f"var(--figure-ink, {INK})",
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }
    assert "<style" not in svg  # a rule in it would reach every element of the page


def test_every_colour_of_the_style_has_a_name_in_the_style_sheet():
    cycle = figures.STYLE["axes.prop_cycle"].by_key()["color"]
    assert cycle == [BLUE, figures.ORANGE, figures.GREEN, figures.PURPLE, figures.YELLOW, figures.GREY]
    others = {value for name, value in figures.STYLE.items() if "color" in name and value != "none"}
    assert others == {INK, figures.FAINT, figures.GREY}
    assert {*cycle, *others} <= set(CSS_NAMES)


def test_text_stays_text():
    assert re.search(r"<text[^>]*>loss</text>", to_svg(line(), "a line"))


def test_the_same_figure_gives_the_same_text():
    assert to_svg(line(), "a line") == to_svg(line(), "a line")


def test_identifiers_of_two_figures_do_not_clash_and_references_resolve():
    drawings = [to_svg(line(points=(0, 1)), "up"), to_svg(line(points=(1, 0)), "down")]
    names = [set(re.findall(r' id="([^"]+)"', svg)) for svg in drawings]
    assert all(names)
    assert not names[0] & names[1]
    for svg, own in zip(drawings, names, strict=True):
        assert set(re.findall(r"""(?:href="|url\()#([^")]+)""", svg)) == own


def test_a_picture_shows_svg_and_stores_its_alt_text():
    picture = show(line(), "A rising line.")
    assert repr(picture) == "Figure: A rising line."
    assert picture._repr_html_().startswith('<figure class="book-figure">')


def test_only_apply_style_changes_the_settings_of_matplotlib():
    with matplotlib.rc_context():
        before = dict(matplotlib.rcParams)
        show(line(), "a line")
        assert dict(matplotlib.rcParams) == before
        figures.apply_style()
        assert matplotlib.rcParams["svg.fonttype"] == "none"


def test_a_row_shows_every_picture_with_its_own_alt_text():
    row = beside(show(line(), "left"), show(line(points=(1, 0)), "right"))
    html = row._repr_html_()
    assert html.startswith('<figure class="book-figure book-row">') and html.count("<svg ") == 2
    assert html.index('aria-label="left"') < html.index('aria-label="right"')
    assert repr(row) == "Figure: left\nFigure: right"


def caption(shown):
    """The caption of a figure's HTML, as it is written."""
    return re.search("<figcaption>(.*)</figcaption></figure>$", shown._repr_html_())[1]


def test_the_first_sentence_of_the_alt_text_is_the_caption_and_is_read_aloud_once():
    picture = show(line(), "A line of slope 0.5. It rises.")
    assert caption(picture) == '<span aria-hidden="true">A line of slope 0.5.</span>'
    assert 'aria-label="A line of slope 0.5. It rises."' in picture.svg


def test_a_caption_of_its_own_is_read_aloud_and_is_not_stored():
    picture = show(line(), "A line.", caption="The loss & its slope $w < 1$.")
    assert caption(picture) == "The loss &amp; its slope $w &lt; 1$."
    assert repr(picture) == "Figure: A line."


def test_a_row_has_one_caption():
    left, right = show(line(), "Left. More.", "The start"), show(line(points=(1, 0)), "Right. More.")
    assert caption(beside(left, right)) == 'The start <span aria-hidden="true">Right.</span>'
    assert caption(beside(left, right, caption="Both.")) == "Both."


@pytest.mark.parametrize("words", ["", " ", 3])
def test_an_empty_caption_is_refused(words):
    picture = show(line(), "a line")
    with pytest.raises(ValueError, match="a caption needs words"):
        show(line(), "a line", words)
    with pytest.raises(ValueError, match="a caption needs words"):
        beside(picture, picture, caption=words)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One sentence.", "One sentence."),
        ("no stop at all", "no stop at all"),
        ("Ratio 0.5, i.e. one half. Then 2.", "Ratio 0.5, i.e. one half."),
        ("At step 3. (It falls.)", "At step 3."),
        ("Does it fall? No.", "Does it fall?"),
        ("  Two\n\nlines. More.", "Two\n\nlines."),
    ],
)
def test_a_sentence_ends_where_another_begins(text, sentence):
    assert first_sentence(text) == sentence


def test_a_row_of_one_is_refused():
    with pytest.raises(ValueError, match="at least two pictures, got 1"):
        beside(show(line(), "alone"))


def test_a_pixel_of_a_page_is_an_inch_over_96_and_the_drawing_fills_its_box():
    figure, axes = subplots(300, 200)
    assert figure.get_size_inches() == pytest.approx((300 / 96, 200 / 96))
    figure.set_layout_engine("none")
    axes.set(position=(0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.plot([0, 1], [0, 1])
    assert 'd="M 0 150 \nL 225 0 \n"' in to_svg(figure, "From corner to corner.")
