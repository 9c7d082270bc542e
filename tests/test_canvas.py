"""The canvas of the figures: it draws what matplotlib's own draws, and forgets nothing between two drawings."""

import io

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.mathtext import MathTextParser

from helpers.pages.figures import STYLE, Canvas, subplots


def curve():
    """Two panels with mathematics in every place that can have it."""
    figure, (left, right) = subplots(600, 300, ncols=2)
    left.loglog([1e-3, 1], [1, 1e5], label="$w_1$")
    left.set(xlabel="step $h$", ylabel="$L$", title="A loss, $L$")
    right.plot([1, 2], label="$w_2$")
    figure.legend(loc="outside lower center")
    return figure


def pictures():
    """An image with its bar of colours, and a mesh that is stored as an image."""
    figure, (left, right) = subplots(600, 300, ncols=2)
    figure.colorbar(left.imshow(np.eye(5)), ax=left, label="$x^2$")
    right.pcolormesh(np.arange(9.0).reshape(3, 3), rasterized=True)
    return figure


def by_matplotlib(figure):
    file = io.StringIO()
    FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    return file.getvalue()


def by_the_book(figure):
    return Canvas(figure).drawn()


@pytest.mark.parametrize("make", [curve, pictures])
def test_the_drawing_is_that_of_matplotlib(make):
    with matplotlib.rc_context(STYLE):
        assert by_the_book(make()) == by_matplotlib(make())


@pytest.mark.parametrize(("draw", "anew"), [(by_the_book, False), (by_matplotlib, True)])
def test_mathematics_is_set_once_for_all_drawings(draw, anew):
    with matplotlib.rc_context(STYLE):
        draw(curve())
        before = MathTextParser._parse_cached.cache_info().misses
        draw(curve())
    assert (MathTextParser._parse_cached.cache_info().misses > before) == anew
