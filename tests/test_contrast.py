"""Figures are legible wherever they are shown: contrast on every page, in both of its themes."""

import re
from functools import cache

import matplotlib
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from page_colours import BOOK, PAGES, ROOT, contrast, paints, rgba, rules

from helpers.chapters.chapter1.graph import Input, Multiply, backward, forward
from helpers.chapters.chapter1.graph_drawing import draw, walk
from helpers.pages import figures
from helpers.pages.explore import Slider, sliders, steps
from helpers.pages.figures import CSS_NAMES, STYLE, STYLE_SHEET, beside, show, subplots

LEAST = 4.5
#: What stands on an image has the same colour in both themes, as the image has.
ON_IMAGES = {"#ffffff", "#111111", "#010101"}


def bill():
    """A graph of two products, walked both ways."""
    output = Multiply(Multiply(Input("a", 2), Input("b", 100), name="product"), Input("tax", 1.1), name="bill")
    forward(output)
    backward(output)
    return output


@matplotlib.rc_context(STYLE)
def plot():
    """Lines of every colour, a grid, a legend, and what matplotlib draws black unless told otherwise."""
    figure, axes = subplots()
    for level, colour in enumerate(CSS_NAMES):
        if CSS_NAMES[colour] not in ("faint", "paper"):
            axes.plot([0, 1], [level, level], color=colour, label=CSS_NAMES[colour])
            axes.text(0.5, level, f"${level}^2$", color=colour)
    axes.scatter([0.2, 0.4], [1, 2], color="black")
    axes.bar([0.8], [3], width=0.1, color="black")
    axes.bar([0.9], [3], width=0.1, color=figures.GREEN, hatch="//", edgecolor=figures.PAPER)
    axes.fill_between([0, 1], [0, 1], color=figures.BLUE, alpha=0.16, linewidth=0)
    axes.annotate("here", (0.1, 1), (0.3, 3), arrowprops={"arrowstyle": "->"})
    axes.text(0.5, 0.5, "matplotlib's black", color="black")
    axes.set(xlabel="step", ylabel="loss", title="loss")
    axes.legend()
    return figure


def heat_map():
    """An image with a colour bar, and a mark on it."""
    figure, axes = subplots()
    image = axes.imshow(np.arange(12.0).reshape(3, 4), cmap="viridis")
    axes.plot(1, 1, "o", color="#ffffff", markeredgecolor="#111111")
    figure.colorbar(image, ax=axes, label="output")
    return figure


def line(slope):
    """A line, for a figure with a slider."""
    figure, axes = subplots()
    axes.plot([0, slope])
    return figure


def moments():
    """Two steps."""
    return steps(lambda step: line(step + 1), ["one", "two"], alt="a line")


FIGURES = {
    "graph": lambda: show(draw(bill()), "a graph")._repr_html_(),
    "walk": lambda: walk(bill()).to_html(),
    "plot": lambda: show(plot(), "lines")._repr_html_(),
    "heat map": lambda: show(heat_map(), "a heat map")._repr_html_(),
    "row": lambda: beside(show(plot(), "left"), show(plot(), "right"))._repr_html_(),
    "slider": lambda: sliders(line, alt="a line", slope=Slider("slope", [1, 2])).to_html(),
    "steps": lambda: moments().to_html(),
    "live steps": lambda: "".join(part.value for part in moments().to_widget().children[1:]),
}


@cache
def drawn(name):
    """The HTML of one of the figures, drawn when the first test asks for it."""
    return FIGURES[name]()


def is_role(source, role):
    """Whether a colour is written as the variable of a role."""
    return source.startswith(f"var(--figure-{role}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("figure", FIGURES)
def test_words_lines_and_marks_stand_out_from_their_paper_on_every_page(figure, page):
    things = paints(drawn(figure), PAGES[page])
    assert {thing.kind for thing in things} == {"word", "line", "area"}
    for thing in things:
        if is_role(thing.source, "paper") or (is_role(thing.source, "faint") and thing.kind == "line"):
            continue  # what is to be unseen, and the grid
        if thing.kind == "area" and thing.opacity < 0.2:
            continue  # a tint behind the lines: what it says, a line or a word says as well
        if figure == "heat map" and thing.source in ON_IMAGES:
            continue
        assert thing.contrast >= LEAST, f"{thing.kind} of {thing.source}: {thing.contrast:.2f}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("figure", ["plot", "row", "slider", "steps", "live steps"])
def test_the_grid_is_seen_but_fainter_than_everything_else(figure, page):
    things = paints(drawn(figure), PAGES[page])
    grid = [thing.contrast for thing in things if is_role(thing.source, "faint")]
    lines = [thing for thing in things if thing.kind == "line" and not is_role(thing.source, "paper")]
    data = [thing.contrast for thing in lines if not is_role(thing.source, "faint")]
    assert 1.2 < min(grid) and max(grid) < 2
    assert max(grid) < 0.5 * min(data)


@pytest.mark.parametrize("figure", FIGURES)
def test_no_colour_escapes_the_roles(figure):
    roles = re.compile(r"var\(--figure-(\w+)(?:, #[0-9a-f]{6})?\)")
    for thing in paints(drawn(figure), PAGES["unknown, white on black"]):
        match = roles.fullmatch(thing.source)
        if figure == "heat map" and not match:
            assert thing.source in ON_IMAGES
        else:
            assert match and match[1] in CSS_NAMES.values(), thing


def test_a_page_that_says_nothing_gets_dark_ink_on_opaque_light_paper():
    things = paints(drawn("plot"), PAGES["unknown, white on black"])
    assert {thing.paper for thing in things} == {rgba(figures.PAPER)[:3]}
    drawing = re.sub("<figcaption>.*?</figcaption>", "", drawn("plot"))  # a bare caption is text of its page
    without_style = re.sub("<style>.*?</style>", "", drawing, flags=re.DOTALL)
    styled, bare = (paints(html, PAGES["unknown, white on black"]) for html in (drawing, without_style))
    assert [thing.colour for thing in bare] == [thing.colour for thing in styled]


@pytest.mark.parametrize("page", PAGES)
def test_the_paper_has_the_theme_of_the_page(page):
    (paper,) = {thing.paper for thing in paints(drawn("graph"), PAGES[page])}
    assert contrast(paper, rgba("#ffffff")[:3]) > 15 if "dark" in page else paper == rgba(figures.PAPER)[:3]


def palettes(sheet):
    """Return the --figure-* variables of the light and of the dark theme."""
    found = [{k: v for k, v in d.items() if k.startswith("--figure-")} for _, d in rules(sheet)]
    return [palette for palette in found if palette]


def test_the_palettes_are_the_same_in_figures_on_the_page_and_in_matplotlib():
    light, dark = palettes(STYLE_SHEET)
    assert light == {f"--figure-{name}": colour for colour, name in CSS_NAMES.items()}
    assert light.keys() == dark.keys()
    assert palettes(BOOK) == [light, dark]


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_styles_nothing_but_itself(figure):
    foreign = '<p class="caption">word<svg><path d="M 0 0"/><text>x</text></svg><label>y</label></p>'
    html = f'<html data-theme="dark"><body>{foreign}<div id="here">{drawn(figure)}</div></body></html>'
    document = BeautifulSoup(html, "html.parser")
    for style in document.find_all("style"):
        for selector in re.findall(r"([^{}]+)\{[^{}]*\}", style.get_text()):
            assert all(
                element.find_parent(id="here") for element in document.select(re.sub("::[a-z]+", "", selector))
            ), selector


def test_a_colour_that_a_chapter_names_itself_stands_on_an_image():
    found = set()
    pattern = r"""color\w*["']?\s*[=:]\s*["']([^"']+)["']|["'](#[0-9a-fA-F]{3,8})["']"""
    for path in sorted(ROOT.glob("book/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert "FAINT" not in cell.source, f"{path.name}: only the grid may be so faint"
                named = re.findall(pattern, cell.source)
                found |= {(path.name, name) for pair in named for name in pair if name}
    assert {name for _, name in found} <= ON_IMAGES | {"none"}, found
