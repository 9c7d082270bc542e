"""Figures that move: every frame is in the page, and the kernel redraws in Jupyter."""

import json
import re

import ipywidgets
import numpy as np
import pytest

from helpers.pages.explore import FORM_VARIABLE, MOST_FRAMES, Slider, sliders, steps
from helpers.pages.figures import subplots


def draw(slope, height=0):
    """A line whose label tells the values it was drawn for."""
    figure, axes = subplots(200, 120)
    axes.plot([0, 1], [height, slope + height])
    axes.set_title(f"slope {slope:g} height {height:g}")
    return figure


def said(slope, height=0):
    """Alt text for the line."""
    return f"A line of slope {slope:g} at {height:g}."


def draw_step(step):
    """A line for one step of a sequence."""
    return draw(step)


SLOPES = Slider("slope", [-1, 0, 1, 2])
HEIGHTS = Slider("height (m)", [0.0, 0.5, 1.0], "{:.1f} m")
STORY = ["It falls & rests.", "It is level.", "It rises."]


def page_data(html):
    """The frames that a page carries, as SVG texts in order."""
    data = json.loads(re.search(r"<script type='application/json'>(.*?)</script>", html, re.DOTALL)[1])
    return data, ["\n".join(data["lines"][k] for k in frame) for frame in data["frames"]]


def test_the_page_holds_the_picture_of_every_pair_of_values_in_order():
    figure = sliders(draw, alt=said, slope=SLOPES, height=HEIGHTS)
    data, frames = page_data(figure.to_html())
    assert data["sizes"] == [4, 3]
    pairs = [(slope, height) for slope in SLOPES.values for height in HEIGHTS.values]
    assert frames == [figure.svg(slope=slope, height=height) for slope, height in pairs]


def test_without_script_the_middle_picture_is_seen():
    figure = sliders(draw, alt=said, slope=SLOPES, height=HEIGHTS)
    visible = re.search(r"<div class='frame'[^>]*>(.*?)</div>", figure.to_html(), re.DOTALL)[1]
    assert visible == figure.svg(slope=1, height=0.5)


def test_sliders_are_native_named_and_say_their_value():
    html = sliders(draw, alt=said, slope=SLOPES, height=HEIGHTS).to_html()
    controls = re.findall(r"<input [^>]*>", html)
    assert len(controls) == 2
    assert "type='range'" in controls[1]
    assert "aria-label='height (m)'" in controls[1]
    assert "aria-valuetext='0.5 m'" in controls[1]
    assert "max='2'" in controls[1]
    assert "value='1'" in controls[1]


def test_the_page_needs_no_other_file():
    html = sliders(draw, alt=said, slope=SLOPES).to_html()
    assert not re.findall(r"""(?:src|href)=['"](?!#)""", html)
    assert "@import" not in html


def test_equal_lines_are_stored_once():
    data, frames = page_data(sliders(draw, alt=said, slope=SLOPES).to_html())
    assert len(set(data["lines"])) == len(data["lines"])
    assert sum(map(len, data["lines"])) < 0.7 * sum(map(len, frames))


def test_markup_in_a_figure_cannot_end_the_script():
    html = sliders(draw, alt=lambda slope: "</script><b>", slope=SLOPES).to_html()
    assert html.count("</script>") == 3  # the data, the program, and its call


def test_a_sequence_starts_at_its_first_picture_and_has_buttons():
    figure = steps(draw_step, STORY, alt="A line.")
    html = figure.to_html()
    assert page_data(html)[0]["captions"] == STORY
    assert "value='0'" in html
    assert re.findall(r"<button type='button' class='(\w+)'>", html) == ["back", "step", "play"]
    # without script, and in print, the last picture tells the whole story
    assert "It rises." in re.search(r"<p class=.caption.[^>]*>(.*?)</p>", html)[1]


def test_a_sequence_can_start_at_another_picture():
    html = steps(draw_step, STORY, alt="A line.", start=2, label="picture").to_html()
    assert "value='2'" in html and "aria-label='picture'" in html
    with pytest.raises(ValueError, match="cannot start at 3"):
        steps(draw_step, STORY, alt="A line.", start=3)


def test_the_kernel_redraws_for_values_that_no_frame_has():
    figure = sliders(draw, alt=said, height=HEIGHTS, slope=SLOPES)
    box = figure.to_widget()
    height, slope = box.children[0], box.children[1]
    assert isinstance(height, ipywidgets.FloatSlider)
    assert isinstance(slope, ipywidgets.IntSlider)
    height.value = 0.25
    slope.value = 2
    assert figure.svg(slope=2, height=0.25) in box.children[-2].value


def test_a_logarithmic_slider_moves_by_factors():
    slider = Slider("step", [1e-6, 1e-3, 1.0], "{:.0e}", logarithmic=True)
    control = sliders(draw, alt=said, slope=slider).to_widget().children[0]
    assert isinstance(control, ipywidgets.FloatLogSlider)
    assert (control.min, control.max, control.value) == (-6, 0, 1e-3)


def test_a_live_sequence_shows_the_caption_of_its_step():
    box = steps(draw_step, STORY, alt="A line.").to_widget()
    play, slider = box.children[0].children
    assert isinstance(play, ipywidgets.Play)
    slider.value = 2
    assert "<p>It rises.</p>" in box.children[-2].value
    slider.value = 0
    assert "<p>It falls &amp; rests.</p>" in box.children[-2].value


def test_a_live_sequence_opens_at_its_start():
    """In the browser the link sets the slider to the value of the player, whatever the slider had."""
    play, slider = steps(draw_step, STORY, alt="A line.", start=2).to_widget().children[0].children
    assert play.value == slider.value == 2


def test_a_live_figure_keeps_its_style_sheet_when_its_picture_changes():
    box = sliders(draw, alt=said, slope=SLOPES).to_widget()
    slope, style, picture, caption = box.children
    before, below = style.value, caption.value
    slope.value = 2
    assert caption.value == below
    assert style.value == before and before.startswith("<style>.book-figure")
    assert picture.value.startswith('<div class="book-figure"><svg ') and "<style" not in picture.value


def captions_of(figure):
    """The fixed caption in the page and in Jupyter."""
    page = re.search("<figcaption>(.*)</figcaption></figure>$", figure.to_html())[1]
    live = re.search("<figcaption>(.*)</figcaption></figure>$", figure.to_widget().children[-1].value)[1]
    return page, live


def test_a_caption_stays_true_when_the_figure_moves():
    words = '<span aria-hidden="true">A line.</span>'
    assert captions_of(sliders(draw, alt=lambda slope: f"A line. Its slope is {slope}.", slope=SLOPES)) == (
        words,
        words,
    )
    moving = captions_of(sliders(draw, alt=said, slope=SLOPES, height=HEIGHTS))
    assert moving == ("Change the slope or the height (m).",) * 2
    at_the_end = Slider("slope", [-1, 0, 1], start=1)
    assert captions_of(sliders(draw, alt=said, slope=at_the_end))[0] == "Change the slope."


def test_a_figure_that_moves_may_have_a_caption_of_its_own():
    assert captions_of(sliders(draw, alt=said, caption="Slope $s$.", slope=SLOPES)) == ("Slope $s$.",) * 2
    story = steps(draw_step, STORY, alt="A line.", caption="A & B.")
    assert captions_of(story) == ("A &amp; B.",) * 2
    assert "A & B." not in repr(story)
    with pytest.raises(ValueError, match="a caption needs words"):
        steps(draw_step, STORY, alt="A line.", caption="")


def test_the_build_gets_html_and_jupyter_gets_widgets(monkeypatch):
    figure = sliders(draw, alt=said, slope=SLOPES)
    monkeypatch.setenv(FORM_VARIABLE, "static")
    assert set(figure._repr_mimebundle_()) == {"text/plain", "text/html"}
    monkeypatch.delenv(FORM_VARIABLE)
    live = figure._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live
    assert live["text/plain"] == "Figure with sliders (slope): A line of slope 1 at 0."


@pytest.mark.parametrize("values", [[], [1], [2, 1], [1, 1], [0, float("nan"), 1], [0, float("inf")]])
def test_a_slider_needs_finite_ascending_values(values):
    with pytest.raises(ValueError, match="'slope' needs two or more finite ascending values"):
        Slider("slope", values)


def test_values_of_numpy_keep_their_kind():
    assert Slider("slope", np.float32([0.25, 0.5, 0.75])).values == [0.25, 0.5, 0.75]
    whole = Slider("count", np.arange(3)).values
    assert whole == [0, 1, 2]
    assert all(type(value) is int for value in whole)


def test_a_figure_may_start_elsewhere_than_in_the_middle():
    figure = sliders(draw, alt=said, slope=Slider("slope", [-1, 0, 1, 2], start=2))
    assert "value='3'" in figure.to_html()
    assert figure.to_widget().children[0].value == 2
    with pytest.raises(ValueError, match="cannot start at 7"):
        Slider("slope", [-1, 0, 1, 2], start=7)


def test_a_slider_may_show_names():
    slider = Slider("slope", [-1, 0, 1], names=["down", "level", "up"])
    figure = sliders(draw, alt=said, slope=slider)
    assert "<output>level</output>" in figure.to_html()
    control = figure.to_widget().children[0]
    assert isinstance(control, ipywidgets.SelectionSlider)
    assert (control.label, control.value) == ("level", 0)
    with pytest.raises(ValueError, match="3 values and 2 names"):
        Slider("slope", [-1, 0, 1], names=["down", "up"])


def test_a_drawing_function_must_return_a_figure():
    with pytest.raises(TypeError, match="must return a Figure, got None"):
        sliders(lambda slope: None, alt="a line", slope=SLOPES)


@pytest.mark.parametrize("captions", [[], ["one"], "abc"])
def test_a_sequence_needs_captions(captions):
    with pytest.raises(ValueError, match="two or more captions"):
        steps(draw_step, captions, alt="a line")


def test_a_sequence_may_not_be_endless():
    with pytest.raises(ValueError, match="too many"):
        steps(draw_step, ["again"] * (MOST_FRAMES + 1), alt="a line")


def test_figures_of_other_drawings_have_other_identifiers():
    one = sliders(draw, alt="a line", slope=SLOPES)
    two = sliders(lambda slope: draw(slope, 3), alt="a line", slope=SLOPES)
    assert one.prefix != two.prefix


def test_a_logarithmic_slider_needs_positive_values():
    with pytest.raises(ValueError, match="positive"):
        Slider("step", [0.0, 1.0], logarithmic=True)


def test_one_or_two_sliders_and_not_too_many_pictures():
    with pytest.raises(ValueError, match="one or two sliders, got 3"):
        sliders(draw, alt="a line", a=SLOPES, b=SLOPES, c=SLOPES)
    with pytest.raises(ValueError, match="one or two sliders, got 0"):
        sliders(draw, alt="a line")
    many = Slider("many", range(MOST_FRAMES + 1))
    with pytest.raises(ValueError, match="too many"):
        sliders(draw, alt="a line", slope=many)


@pytest.mark.parametrize("alt", ["", None])
def test_alt_text_is_required(alt):
    with pytest.raises(ValueError, match="alt text"):
        sliders(draw, alt=alt, slope=SLOPES)
    with pytest.raises(ValueError, match="alt text"):
        steps(draw_step, STORY, alt=alt)


def test_the_player_plays_all_pictures_and_is_linked_to_the_slider(monkeypatch):
    linked = []
    monkeypatch.setattr(ipywidgets, "jslink", lambda *ends: linked.append(ends))
    play, slider = steps(draw_step, STORY, alt="A line.", start=1).to_widget().children[0].children
    assert linked == [((play, "value"), (slider, "value"))]
    assert (play.min, play.max, play.step) == (slider.min, slider.max, 1) == (0, 2, 1)
    assert 500 <= play.interval <= 2000  # time to read a caption


@pytest.mark.parametrize("values", [[-2.0, 0.0, 6.0], [-2, 0, 6]])
def test_the_kernels_slider_goes_from_the_first_value_to_the_last(values):
    control = sliders(draw, alt=said, slope=Slider("slope", values)).to_widget().children[0]
    assert (control.min, control.max, control.value) == (-2, 6, 0)
    assert control.step == (0.04 if isinstance(values[0], float) else 1)
    assert control.description == "slope" and control.style.description_width == "initial"


def test_letters_beyond_the_alphabet_are_stored_as_they_are():
    html = sliders(lambda slope: draw(slope).axes[0].set_title("−½ λ").figure, alt="A line.", slope=SLOPES).to_html()
    assert "−½ λ" in html and "\\u03bb" not in html
