"""Figures whose layout is kept are those that matplotlib lays out anew, to the last byte."""

import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from helpers.pages.explore import Slider, sliders
from helpers.pages.figures import subplots, to_svg
from helpers.pages.kept_layout import KeptLayout

ALT = "Two lines."


def plain(height=0.8):
    """Two panels with a title, labels and a legend, and room for lines of any height below one."""
    figure, (left, right) = subplots(500, 240, ncols=2)
    left.plot([0, 3], [0, height], label="$w_1$")
    left.set(xlim=(0, 3), ylim=(0, 1), xlabel="step $h$", ylabel="loss $L$", title="." * round(90 * height))
    left.text(1, 0.2 + height / 2, "in the middle")
    right.plot([0, 1], [height, 0], label="two", clip_on=False)
    right.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def changed(change):
    """The same, but for what stands around the axes."""
    figure = plain()
    change(figure, *figure.axes)
    return figure


def two_rows(figure):
    """Put another legend in the place of the only one."""
    figure.legends[0].remove()
    figure.legend(loc="outside lower center")


CHANGES = {
    "longer numbers": lambda figure, left, right: left.set_ylim(0, 1e5),
    "other numbers at the same places": lambda figure, left, right: left.set_yticks([0, 1], ["none", "everything"]),
    "numbers that stand upright": lambda figure, left, right: left.tick_params("x", rotation=90),
    "a scale": lambda figure, left, right: left.set(yscale="log", ylim=(1e-5, 1)),
    "numbers above": lambda figure, left, right: right.xaxis.tick_top(),
    "a title of two lines": lambda figure, left, right: left.set_title("A title\nof two lines"),
    "a title less": lambda figure, left, right: left.set_title(""),
    "a label less": lambda figure, left, right: left.set_xlabel(""),
    "a larger label": lambda figure, left, right: left.yaxis.label.set_fontsize(20),
    "words that stand out": lambda figure, left, right: right.text(0.9, 0.5, "a long line of words"),
    "a line that stands out": lambda figure, left, right: right.plot([0, 1], [0, 1.5], clip_on=False, scaley=False),
    "a legend of two rows": lambda figure, left, right: two_rows(figure),
    "axes out of sight": lambda figure, left, right: right.set_axis_off(),
    "another shape": lambda figure, left, right: right.set_aspect("auto"),
    "axes less": lambda figure, left, right: right.remove(),
    "another size": lambda figure, left, right: figure.set_size_inches(5, 4),
    "wider margins": lambda figure, left, right: figure.get_layout_engine().set(w_pad=0.3),
}


@pytest.fixture
def worked_out(monkeypatch):
    """One entry for each layout that matplotlib worked out."""
    layouts, execute = [], ConstrainedLayoutEngine.execute

    def counted(engine, fig):
        layouts.append(fig)
        return execute(engine, fig)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", counted)
    return layouts


def test_what_moves_within_the_axes_leaves_the_layout(worked_out):
    layout = KeptLayout()
    drawn = [to_svg(plain(height), ALT, "x", layout) for height in (0.8, 0.4, 0.1)]
    assert len(worked_out) == 1
    assert drawn == [to_svg(plain(height), ALT, "x") for height in (0.8, 0.4, 0.1)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_around_the_axes_changes_the_layout(change, worked_out):
    layout = KeptLayout()
    before = to_svg(plain(), ALT, "x", layout)
    after = to_svg(changed(change), ALT, "x", layout)
    again = to_svg(plain(), ALT, "x", layout)
    assert len(worked_out) == 3
    assert before == again == to_svg(plain(), ALT, "x")
    assert after == to_svg(changed(change), ALT, "x") != before


@pytest.mark.parametrize("location", ["left", "right", "top", "bottom"])
def test_a_bar_of_colours_stands_where_it_did(location, worked_out):
    def drawn(number, layout=None):
        figure, axes = subplots(300, 200)
        image = axes.imshow([[0, number]], vmin=0, vmax=1)
        figure.colorbar(image, ax=axes, shrink=0.8, extend="both", location=location, label="weight")
        return to_svg(figure, ALT, "x", layout)

    layout = KeptLayout()
    pictures = [drawn(number, layout) for number in (0.2, 0.5, 1)]
    assert len(worked_out) == 1
    assert pictures == [drawn(number) for number in (0.2, 0.5, 1)]


@pytest.mark.parametrize(
    "change",
    [
        lambda figure, left, right: figure.suptitle("One title for both"),
        lambda figure, left, right: figure.set_layout_engine("none"),
    ],
)
def test_other_figures_are_matplotlibs_own(change):
    layout = KeptLayout()
    drawn = [to_svg(changed(change), ALT, "x", layout) for _ in range(2)]
    assert drawn == [to_svg(changed(change), ALT, "x")] * 2


def test_a_figure_with_sliders_keeps_its_layout(worked_out):
    figure = sliders(plain, alt=ALT, height=Slider("height", [0.1, 0.2, 0.5, 0.8]))
    for height in figure.parameters["height"].values:
        figure.svg(height=height)
    assert len(worked_out) == 1
