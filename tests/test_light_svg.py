"""Drawings are light, and look as they did."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from extensions.light_svg import EXACT_COLOURS, light
from helpers.pages.figures import subplots, to_svg

pytestmark = pytest.mark.same_everywhere


def pixels(svg):
    """The only picture in a drawing, as an array of shape (height, width, 4), and its kind."""
    kind, data = re.search(r"data:image/(\w+);base64,\s*([^\"]+)", svg).groups()
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    return np.asarray(image.convert("RGBA")).astype(int), kind


def as_png(image):
    """A drawing that holds a picture as matplotlib would."""
    file = io.BytesIO()
    Image.fromarray(image.astype(np.uint8)).save(file, "PNG")
    return f'<image href="data:image/png;base64,\n{base64.b64encode(file.getvalue()).decode()}"/>'


def test_a_picture_of_few_colours_stays_exact():
    rng = np.random.default_rng(1)
    image = rng.integers(0, 3, (60, 80, 1)) * np.array([90, 60, 100, 0]) + np.array([10, 20, 30, 255])
    before = as_png(image)
    shown, kind = pixels(light(before))
    assert kind == "webp" and np.array_equal(shown, image)
    assert len(light(before)) < 0.9 * len(before)


def test_a_smooth_picture_becomes_several_times_smaller_and_errs_by_about_one_shade():
    down, right = np.mgrid[:120, :160]
    red, green, blue = right * 1.5, down * 2.0, 128 + 60 * np.sin(right / 40) * np.cos(down / 30)
    image = np.stack([red, green, blue, np.full(red.shape, 255)], axis=-1).astype(int)
    before = as_png(image)
    after = light(before)
    assert len(after) < len(before) / 3
    assert np.sqrt(((pixels(after)[0] - image) ** 2).mean()) < 3


def test_a_picture_that_is_empty_in_parts_is_a_surface_and_errs_by_few_shades():
    down, right = np.mgrid[:120, :160]
    shade = (100 + 60 * np.sin(right / 9) * np.cos(down / 13)).astype(int)
    full = (right - 80) ** 2 + (down - 60) ** 2 < 2500
    image = np.stack([shade, 200 - shade, shade, 255 * full], axis=-1) * full[..., np.newaxis]
    shown, _ = pixels(light(as_png(image)))
    assert np.array_equal(shown[..., 3], image[..., 3])
    assert not np.array_equal(shown, image) and np.abs(shown - image)[full].mean() < 3
    assert len(light(as_png(image))) < 0.7 * len(as_png(image))


def test_a_picture_that_would_grow_stays_as_it_is():
    tiny = '<image href="data:image/png;base64,' + as_png(np.full((1, 1, 4), 255)).split("\n")[1]
    assert len(light(tiny)) <= len(tiny)


def test_a_heat_map_of_a_figure_is_light():
    figure, axes = subplots(300, 200)
    axes.imshow(np.add.outer(np.arange(40.0), np.arange(50.0)), interpolation="bilinear")
    assert pixels(light(to_svg(figure, "A slope.")))[1] == "webp"


def test_groups_that_say_nothing_go_and_their_content_and_other_groups_stay():
    svg = '<g>\n <g clip-path="url(#a)">\n  <path d="M 1 2"/>\n </g>\n <g>\n  <text>x</text>\n </g>\n</g>\n</svg>'
    assert light(svg) == '<g clip-path="url(#a)">\n<path d="M 1 2"/>\n</g>\n<text>x</text>\n</svg>'


def test_a_figure_has_no_bare_groups_and_is_whole():
    figure, axes = subplots(300, 200)
    axes.plot(np.sin(np.arange(50)))
    svg = light(to_svg(figure, "A wave."))
    root = ET.fromstring(svg)
    groups = [element for element in root.iter() if element.tag.endswith("}g")]
    assert root.find(".//{*}path") is not None and all(group.attrib for group in groups)


LABEL = r"hidden weight $w_h$ of $10^{-3}$ & <b>"


def letters(svg):
    """Each letter of the labels that hold formulas, with its place and its style."""
    spans = [span for span in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}tspan") if span.text.strip()]
    each = ((x, span.get("y"), span.get("style"), text) for span in spans for x, text in one_by_one(span))
    return sorted((round(float(x), 1), round(float(y), 1), style, text) for x, y, style, text in each)


def one_by_one(span):
    """The places and the letters of one element, which must be as many."""
    return zip(span.get("x").split(), span.text, strict=True)


def test_the_letters_of_a_word_are_one_element_and_stand_where_they_stood():
    figure, axes = subplots(300, 200)
    axes.set_xlabel(LABEL)
    before = to_svg(figure, "A label.")
    after = light(before)
    assert "".join(text for *_, text in letters(before)).count("h") == 3
    assert letters(after) == letters(before)
    assert after.count("<tspan") < before.count("<tspan") / 2.5
    assert ">weight</tspan>" in after and "rotate(-0" in before and "rotate(-0" not in after


@pytest.mark.parametrize("count", [EXACT_COLOURS, EXACT_COLOURS + 1])
def test_up_to_so_many_colours_a_picture_is_exact_and_with_one_more_it_need_not_be(count):
    colours = np.arange(4 * count) % count
    image = np.stack([colours % 256, colours // 256 * 90, 37 * colours % 256, np.full(colours.shape, 255)], axis=-1)
    image = np.random.default_rng(2).permutation(image).reshape(-1, 4, 4)
    shown, kind = pixels(light(as_png(image)))
    assert EXACT_COLOURS == 256 and kind == "webp"
    assert np.array_equal(shown, image) == (count == EXACT_COLOURS)
