"""A figure with sliders is laid out once, and its pictures are those that matplotlib would lay out."""

import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from helpers.pages.explore import Slider, sliders
from helpers.pages.figures import subplots, to_svg
from helpers.pages.kept_layout import keep_places, places

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


@pytest.fixture
def worked_out(monkeypatch):
    """One entry for each layout that matplotlib worked out."""
    layouts, execute = [], ConstrainedLayoutEngine.execute

    def counted(engine, fig):
        layouts.append(fig)
        return execute(engine, fig)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", counted)
    return layouts


def after(first, *others):
    """Draw figures, and let the axes of all stand where those of the first do."""
    before = places(first)
    drawn = [to_svg(first, ALT, "x")]
    for figure in others:
        keep_places(figure, before, places(first))
        drawn.append(to_svg(figure, ALT, "x"))
    return drawn


def stand(figure):
    """Where the axes of a figure are."""
    return [axes.get_position().bounds for axes in figure.axes]


def longer(figure):
    """The same figure with a longer number beside it."""
    figure.axes[0].set_ylim(0, 1e5)
    return figure


def test_pictures_that_differ_within_their_axes_are_those_of_matplotlibs_own_layout(worked_out):
    drawn = after(*map(plain, (0.8, 0.4, 0.1)))
    assert len(worked_out) == 1
    assert drawn == [to_svg(plain(height), ALT, "x") for height in (0.8, 0.4, 0.1)]


@pytest.mark.parametrize("location", ["left", "right", "top", "bottom"])
def test_a_bar_of_colours_stands_where_it_did(location, worked_out):
    def picture(number):
        figure, axes = subplots(300, 200)
        image = axes.imshow([[0, number]], vmin=0, vmax=1)
        figure.colorbar(image, ax=axes, shrink=0.8, extend="both", location=location, label="weight")
        return figure

    drawn = after(*map(picture, (0.2, 0.5, 1)))
    assert len(worked_out) == 1
    assert drawn == [to_svg(picture(number), ALT, "x") for number in (0.2, 0.5, 1)]


def test_the_axes_stand_still_when_a_number_grows(worked_out):
    first, second, alone = plain(), longer(plain()), longer(plain())
    after(first, second)
    assert len(worked_out) == 1
    to_svg(alone, ALT)
    assert stand(first) == stand(second) != stand(alone)


@pytest.mark.parametrize(
    "change",
    [
        lambda figure: figure.suptitle("One title for both"),
        lambda figure: figure.supxlabel("One label for both"),
        lambda figure: figure.supylabel("One label for both"),
        lambda figure: figure.set_layout_engine("none"),
        lambda figure: figure.axes[1].remove(),
        lambda figure: figure.axes[1].set_aspect("auto"),
        lambda figure: figure.axes[1].set_position((0.1, 0.1, 0.2, 0.2)),
        lambda figure: figure.set_size_inches(5, 4),
        lambda figure: figure.subfigures(),
    ],
)
def test_a_figure_with_something_else_to_place_is_matplotlibs_own(change):
    def changed():
        figure = longer(plain(0.4))
        change(figure)
        return figure

    assert after(plain(), changed())[1] == to_svg(changed(), ALT, "x")


def test_a_figure_is_not_put_where_one_with_a_title_stands():
    def entitled(title):
        figure = longer(plain(0.4)) if not title else plain()
        figure.suptitle(title)
        return figure

    assert after(entitled("One title for both"), entitled(""))[1] == to_svg(entitled(""), ALT, "x")


def test_a_figure_with_sliders_is_laid_out_once_by_the_picture_it_starts_with(worked_out):
    drawn = []

    def draw(longest):
        drawn.append(longer(plain()) if longest else plain())
        return drawn[-1]

    figure = sliders(draw, alt=ALT, longest=Slider("longest", [0, 1, 2], start=1))
    for longest in figure.parameters["longest"].values:
        figure.svg(longest=longest)
    assert len(worked_out) == 1
    to_svg(alone := longer(plain()), ALT)
    assert [stand(each) for each in drawn] == [stand(alone)] * 4
