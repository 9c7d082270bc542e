"""The landscape of chapter 2 as the package makes it: what a walk says, and what its HTML holds."""

import json
import re
from html import unescape

import numpy as np
import pytest
from bs4 import BeautifulSoup

from helpers.chapters.chapter2.datasets import two_class_points
from helpers.chapters.chapter2.landscape import RATES, STEPS, Walk, edge, landscape
from helpers.chapters.chapter2.rbf_toy import boundary, cost, hessian
from helpers.pages import figures
from helpers.pages.live import Live, place

POINTS = two_class_points(np.random.default_rng(11))
X, T = POINTS.x, POINTS.t
START = {"w_h": 2.0, "w_o": -5.0}


def fixed_axes(count=2):
    """Axes on one figure with a fixed layout."""
    figure, axes = figures.subplots(300, 200, nrows=count)
    figure.set_layout_engine("none")
    return axes


def draw(rate):
    """A line of this slope."""
    figure, axes = figures.subplots(300, 200)
    axes.plot([0, rate])
    return figure


def picture():
    """For a reader without a script."""
    return figures.show(draw(0.2), "A line.")


def panels():
    """The four panels, on two figures."""
    axes = [*fixed_axes(), *fixed_axes()]
    return dict(zip(("map", "cost", "line", "fold"), axes, strict=True))


def example():
    """The landscape as the chapter opens it."""
    return landscape(picture(), X, T, panels(), START, rate=0.2, steps=12)


@pytest.mark.parametrize(
    ("start", "rate", "steps", "words"),
    [
        (START, 0.2, 0, "It is on its way."),
        (START, 0.2, 1, "It is out on the plain."),  # it has just come: one step before it was on its way
        ({"w_h": -2.0, "w_o": -5.0}, 0.2, 2, "It is out on the plain."),
        (START, 0.1, 7, "It is on its way."),  # at a hidden weight of 4.99
        (START, 0.05, 100, "It has been in the valley since step 37."),
        (START, 0.2, 15, "It has been in the valley since step 13."),
        (START, 0.2, 20, "It was thrown out of the valley at step 16."),
        (START, 0.2, 22, "It has been in the valley again since step 22."),
        ({"w_h": 0.0, "w_o": -5.0}, 0.05, 100, "It is on the mirror line and cannot leave it."),
        ({"w_h": 1.0, "w_o": 6.0}, 0.05, 3, "It has been in the valley since step 0."),
    ],
)
def test_a_walk_says_where_it_has_come_to(start, rate, steps, words):
    assert Walk(X, T, start, rate, steps).verdict() == words


def test_a_walk_says_its_cost_its_boundary_and_its_limit():
    walk = Walk(X, T, START, 0.05, 100)
    said = walk.words()
    assert walk.costs[-1] == cost(X, T, walk.w_h[-1], walk.w_o[-1])
    assert f"Cost {walk.costs[-1]:.2f} after 100 steps, 0 of them uphill." in said
    assert f"Boundary at |x| = {boundary(walk.w_h[-1], walk.w_o[-1]):.2f}; 40 of 40 points are right." in said
    curvatures = np.linalg.eigvalsh(hessian(X, T, walk.w_h[-1], walk.w_o[-1]))
    assert said.endswith(f"Limit of the rate here: {2 / curvatures.max():.3f}.")
    assert "Limit" not in Walk(X, T, START, 0.05, 3).words()  # not in the valley yet
    assert "after 1 step, " in Walk(X, T, START, 0.05, 1).words()


def test_steps_beyond_the_limit_go_uphill_and_rounding_does_not():
    valley = Walk(X, T, START, 0.05, 100)
    here = {"w_h": valley.w_h[-1] + 0.05, "w_o": valley.w_o[-1]}
    assert ", 0 of them uphill" in Walk(X, T, here, valley.limit * 0.5, 10).words()
    assert ", 0 of them uphill" not in Walk(X, T, here, valley.limit * 1.3, 10).words()
    at_rest = Walk(X, T, {"w_h": 0.0, "w_o": -5.0}, 0.05, 100)  # on the mirror line, at one half
    assert np.ptp(at_rest.costs[-20:]) < 1e-9 and ", 0 of them uphill" in at_rest.words()


def test_where_there_is_no_boundary_all_is_red_or_blue():
    assert edge(0.7, 1.0) == 0 and edge(0.7, -3.0) == 0 and edge(0.0, 0.5) == 0
    assert edge(0.0, 3.0) == np.inf
    assert edge(-0.5, np.e) == pytest.approx(2)
    assert "all is red" in Walk(X, T, START, 0.2, 0).words()
    assert "all is blue" in Walk(X, T, {"w_h": 0.0, "w_o": 3.0}, 0.2, 0).words()


def test_a_limit_is_a_rate_or_infinite():
    grid = ((w_h, w_o) for w_h in np.linspace(-7, 7, 15) for w_o in np.linspace(-8, 11, 20))
    assert all(Walk(X, T, {"w_h": w_h, "w_o": w_o}, 0.2, 0).limit > 0 for w_h, w_o in grid)


def test_the_notebook_stores_what_is_said_first_and_no_picture():
    assert repr(example()).splitlines() == [
        "Figure: A line.",
        f"Computed in the page: {Walk(X, T, START, 0.2, 12).words()}",
    ]


def test_the_html_is_whole_in_itself_and_shows_a_picture_without_a_script():
    html = example()._repr_html_()
    assert not re.findall(r"""(?:src|href)=['"](?!#)|@import""", html)
    tree = BeautifulSoup(html, "html.parser")
    assert tree.figure["class"] == ["book-explore"] and tree.figure.find("figcaption").get_text() == "A line."
    assert len(tree.template.find_all("svg", recursive=False)) == 2
    assert len(tree.select("script[data-once]")) == 2  # that of all figures that compute, and its own
    assert len(tree.select("rbf-landscape")) == 1
    tree.template.extract()
    assert tree.select_one(".frame > svg")["aria-label"] == "A line." and len(tree.select("svg")) == 1


def test_the_script_is_given_the_very_points():
    text = re.search("data-settings='([^']*)'", example()._repr_html_())[1]
    settings = json.loads(unescape(text))
    assert settings["task"] == {"x": X.tolist(), "t": T.tolist(), "b_o": -1.0}
    assert settings["rates"] == [*RATES, 0.2] and settings["steps"] == [*STEPS, 12]
    assert [panel["drawing"] for panel in settings["panels"].values()] == [0, 0, 1, 1]


def test_a_panel_stands_where_matplotlib_draws_it():
    figure, axes = figures.subplots(320, 160, gridspec_kw={"left": 0.25, "right": 0.75, "bottom": 0.5, "top": 0.875})
    figure.set_layout_engine("none")
    axes.set(xlim=(-1, 3), ylim=(0, 5))
    axes.plot([-1, 3], [0, 5])
    seen = place(axes)
    assert (seen.pop("x"), seen.pop("y")) == ([-1, 3], [0, 5])
    assert seen == pytest.approx({"left": 60, "top": 15, "width": 120, "height": 45})
    assert 'd="M 60 60 \nL 180 15 \n"' in figures.to_svg(figure, "A line.")  # the same corners, in the same unit


def test_axes_whose_place_is_not_known_yet_are_refused():
    _, axes = figures.subplots()
    with pytest.raises(ValueError, match="not fixed: call"):
        Live(picture(), "a-b", "", {"one": axes}, {}, "A line.")


def test_a_missing_panel_is_refused():
    some = panels()
    del some["fold"]
    with pytest.raises(ValueError, match="map, cost, line and fold, got map, cost, line"):
        landscape(picture(), X, T, some, START, rate=0.2, steps=12)
