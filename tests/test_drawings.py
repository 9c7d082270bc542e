"""Drawings of the built pages have fewer bytes than those of notebooks, and look as they did."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from docutils import nodes
from matplotlib.path import Path as Outline

from extensions.drawings import in_steps, lighten, lighter_output
from extensions.frames import DATA
from helpers.pages.explore import Slider, sliders
from helpers.pages.figures import show, subplots

pytestmark = pytest.mark.same_everywhere

STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")


def places(path: str) -> list[tuple[float, float]]:
    """Where a path in steps leads: the ends and the handles of its parts."""
    found, here, start = [], np.zeros(2), np.zeros(2)
    for name, text in STEP.findall(path):
        numbers = [float(number) for number in NUMBER.findall(text)]
        if name in "hv":
            pairs = [np.array([one, 0] if name == "h" else [0, one]) for one in numbers]
        else:
            pairs = list(np.reshape(numbers, (-1, 2)))
        size = {"c": 3, "q": 2}.get(name, 1)
        for first in range(0, len(pairs), size):
            ends = [pair if name == "M" else here + pair for pair in pairs[first : first + size]]
            found += [tuple(end) for end in ends]
            here = ends[-1]
        start = here if name == "M" else start
        here = start if name == "z" else here
    return found


def as_matplotlib_writes(outline: Outline) -> str:
    """A path as text."""
    names = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
    parts = []
    for vertices, code in outline.iter_segments(simplify=False):
        numbers = " ".join(f"{number:g}" for number in vertices)
        parts.append("z" if code == Outline.CLOSEPOLY else f"{names[code]} {numbers} ")
    return "\n".join(parts)


def test_a_path_in_steps_leads_to_the_same_places_within_a_twentieth_of_a_point(rng: np.random.Generator) -> None:
    curve = np.cumsum(rng.normal(0, 3, (300, 2)), axis=0) + 100
    kinds = [Outline.MOVETO, *[Outline.LINETO] * 100, *[Outline.CURVE3] * 100, *[Outline.CURVE4] * 99]
    path = as_matplotlib_writes(Outline(curve.round(2), kinds))
    short = in_steps(path)
    assert len(short) < 0.6 * len(path)
    assert np.abs(np.array(places(short)) - curve).max() <= 0.0551


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 40.5 100 \nL 60.5 100 \nL 60.5 99.5 \nz\n", "M40.5 100h20v-.5z"),
        ("M 40 40 \nL 40 40 \n", "M40 40h0"),  # a dot, if the ends of lines are round
        ("M 40 40 \nL 41 41 \nL 40 43 \nL 50 50 \n", "M40 40l1 1-1 2 10 7"),
        ("M 40 40 \nL 41 41 \nz\nM 50 50 \nL 51 52 \nM 60 60 \nM 70 70 \n", "M40 40l1 1zM50 50l1 2M60 60M70 70"),
        ("M 0 0 \nL 0.25 -3.49 \n", "M0 0l.25-3.49"),  # a mark keeps its form
        ("M 40 40 \nA 5 5 0 0 1 50 50", "M 40 40 \nA 5 5 0 0 1 50 50"),
        ("", ""),
    ],
)
def test_a_path_is_told_in_steps(path: str, short: str) -> None:
    assert in_steps(path) == short


def drawn(place: float):
    figure, axes = subplots(300, 200)
    axes.plot([0, 1, 2], [0, place, 1], "o-", clip_on=True)
    axes.set_title("The bell $w_h$")
    return figure


def test_what_is_referred_to_is_there_under_a_short_name() -> None:
    html = show(drawn(0.5), "A line.")._repr_html_()
    short = lighter_output(html)
    names, uses = re.findall(r' id="([^"]+)"', short), re.findall(r'(?:href="|url\()#(\w+)', short)
    assert len(set(names)) == len(names) == len(set(re.findall(r' id="([^"]+)"', html)))
    assert set(uses) == set(names) and max(map(len, names)) <= 13
    assert "<!--" not in short and ">\n<" not in short[short.index("<svg") : short.index("</svg>")]
    # one element for each letter of a formula, then for each word
    words = ["".join(re.findall(r">([^<\s]+)</t", one)) for one in (html, short)]
    assert words[0] == words[1] != ""


def test_the_pictures_of_a_slider_are_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOK_FIGURES", "static")
    html = sliders(drawn, alt="A line.", place=Slider("place", [0, 0.5, 1])).to_html()
    page = nodes.document("", "")
    page += nodes.raw("", html, format="html")
    lighten(SimpleNamespace(builder=SimpleNamespace(format="html")), page, "page")
    short = page.astext()
    before, after = (json.loads(DATA.search(one)[1]) for one in (html, short))
    pictures = ["\n".join(after["lines"][line] for line in frame) for frame in after["frames"]]
    first = re.search(r'<svg role="img".*?</svg>', short, re.DOTALL)[0]
    assert pictures[1].replace(">\n<", "><") == first and len(set(pictures)) == 3
    assert all(before[key] == after[key] for key in ("sizes", "captions", "still"))
    assert len(DATA.search(short)[1]) < len(DATA.search(html)[1])
