"""The first page as the package makes it: its bill, its map, its self-test."""

import json
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from extensions.shown import html_of
from helpers.chapters.chapter1.bill import Bill, bill
from helpers.chapters.front import questions
from helpers.chapters.front.chapter_map import CAPTION, HEIGHT, NEEDS, STOPS, WIDTH, ChapterMap
from helpers.pages.questions import Question

pytestmark = pytest.mark.same_everywhere

BOOK = Path(__file__).parents[1] / "book"
INDEX = (BOOK / "index.md").read_text(encoding="utf-8")


def said_to_need(page):
    """The chapters that a chapter says it needs, before it speaks of reading."""
    notebook = json.loads((BOOK / f"{page}.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    said = re.search(r"\*You need (.*?)Reading takes", text, re.DOTALL)
    assert said, f"{page} does not say what it needs"
    return {int(number) for number in re.findall(r"chapter (\d)", said[1])}


@pytest.mark.parametrize("number", STOPS)
def test_the_map_shows_what_the_chapters_say_they_need(number):
    assert {need.source for need in NEEDS if need.chapter == number} == said_to_need(STOPS[number].page)


def test_the_map_leads_to_every_chapter_and_no_box_lies_on_another():
    assert [stop.page for _, stop in sorted(STOPS.items())] == sorted(path.stem for path in BOOK.glob("0*.ipynb"))
    links = BeautifulSoup(ChapterMap()._repr_html_(), "html.parser").find_all("a")
    assert {link["href"] for link in links} == {f"{stop.page}.html" for stop in STOPS.values()}
    boxes = [stop.box for stop in STOPS.values()]
    assert all(x >= 0 and y >= 0 and x + w <= WIDTH and y + h <= HEIGHT for x, y, w, h in boxes)
    for a, (x, y, w, h) in enumerate(boxes):
        assert not any(x < p + r and p < x + w and y < q + s and q < y + h for p, q, r, s in boxes[a + 1 :])


def test_the_map_says_in_words_what_it_draws():
    tree = BeautifulSoup(ChapterMap()._repr_html_(), "html.parser")
    assert "Chapter 6 needs chapter 1, and a part of chapter 4 and 5." in tree.svg["aria-label"]
    assert tree.figcaption.get_text() == CAPTION


def test_the_bill_is_that_of_chapter_1_and_says_what_each_number_is_worth():
    assert Bill(100, 2, 10).words() == (
        "The bill is 220 yen. A price one yen higher adds 2.2 yen, one apple more 110, one percent of tax more 2."
    )


@pytest.mark.parametrize(("price", "count", "tax"), [(100, 2, 10), (50, 0, 0), (200, 6, 20), (130, 3, 7)])
def test_what_a_number_is_worth_is_what_one_more_of_it_adds(price, count, tax):
    """The bill is linear in each number, so a whole step measures its slope."""
    here = Bill(price, count, tax)
    more = [Bill(price + 1, count, tax), Bill(price, count + 1, tax), Bill(price, count, tax + 1)]
    slopes = [node.gradient * step for node, step in zip(here.inputs, (1, 1, 0.01), strict=True)]
    assert [one.total.value - here.total.value for one in more] == pytest.approx(slopes, abs=1e-9)


def test_the_self_test_has_eight_questions_and_the_page_asks_them_in_order():
    names = [name for name, thing in vars(questions).items() if isinstance(thing, Question)]
    assert len(names) == 8
    assert re.findall(r"\{show\} helpers\.chapters\.front\.questions\.(\w+)", INDEX) == names


def test_the_self_test_is_right():
    """Each answer by another way than that of the question: differences, products, Python itself."""
    slope = ((2 + 1e-6) ** 3 - (2 - 1e-6) ** 3) / 2e-6
    partial = ((3 + 1e-6) ** 2 * 5 - (3 - 1e-6) ** 2 * 5) / 2e-6
    product = (np.array([[1, 2], [3, 4]]) @ [5, 6])[0]
    by_name = {"slope": slope, "partial": partial, "chain": 3 * 5, "product": product}
    for name, value in by_name.items():
        assert getattr(questions, name).replies[0].value == pytest.approx(value, abs=1e-6)  # rounding of differences
    rows, columns = (np.ones((5, 3)) @ np.ones((3, 2))).shape
    assert questions.shape.answer == f"{rows} rows and {columns} columns"
    a = np.array([-1, 2, 3])
    assert questions.mask.answer == repr(a * (a > 0))


def test_a_page_can_show_what_has_html_and_the_error_names_what_has_not():
    assert "book-question" in html_of("helpers.chapters.front.questions.slope")
    assert "apple-bill" in html_of("helpers.chapters.chapter1.bill.bill")
    for path, words in {
        "helpers.chapters.front.questions.nothing": "nothing is called helpers.chapters.front.questions.nothing",
        "nowhere.at.all": "nothing is called nowhere.at.all",
        "bill": "nothing is called bill",
        "helpers.chapters.chapter1.bill.WIDTH": "WIDTH has no HTML: it is int",
    }.items():
        with pytest.raises(ValueError, match=re.escape(words)):
            html_of(path)


def test_the_bill_opens_as_chapter_1_and_the_reader_moves_it_within_limits():
    shown = bill()
    assert shown.settings["price"] == (50, 200, 10, 100) and shown.settings["count"] == (0, 6, 1, 2)
    assert shown.settings["tax"] == (0, 20, 1, 10)  # least, largest, step, first
    assert repr(shown).endswith(f"Computed in the page: {Bill(100, 2, 10).words()}")
    assert shown.picture.alts == (f"A bill as a graph. {Bill(100, 2, 10).words()}",)


def test_the_drawing_of_the_bill_fits_a_phone_and_counts_pixels_from_its_upper_left_corner():
    panel = bill().settings["panels"]["bill"]
    root = BeautifulSoup(bill().drawings[0], "html.parser").svg
    assert (root["width"], root["height"]) == ("318", "152") and bill().settings["width"] == 318
    assert (panel["left"], panel["top"], panel["x"], panel["y"]) == (0, 0, [0, 318], [152, 0])
    assert (panel["width"], panel["height"]) == pytest.approx((0.75 * 318, 0.75 * 152))


def ends(course):
    """Where a line of the map begins and ends, from a course of one step down or to the right."""
    x, y, way, to = re.fullmatch(r"M(\d+) (\d+)([VH])(\d+)", course).groups()
    return (int(x), int(y)), (int(x), int(to)) if way == "V" else (int(to), int(y))


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: f"{need.source}-{need.chapter}")
def test_each_arrow_leads_from_the_edge_of_what_is_needed_to_the_edge_of_what_needs_it(need):
    start, end = ends(need.course)
    (left, top, width, height), (x, y, w, h) = STOPS[need.source].box, STOPS[need.chapter].box
    if start[0] == end[0]:
        assert (start[1], end[1]) == (top + height, y)
        assert left < start[0] < left + width and x < start[0] < x + w
    else:
        assert (start[0], end[0]) == (left + width, x)
        assert top < start[1] < top + height and y < start[1] < y + h


def test_the_map_is_even():
    """The first and the last chapter span it; those between stand in one row, in the order of what they need."""
    whole = [STOPS[number].box for number in (1, 6)]
    assert [(x, w, h) for x, _, w, h in whole] == [(2, WIDTH - 4, 44)] * 2
    row = [STOPS[number].box for number in (2, 3, 5, 4)]
    assert len({(y, h) for _, y, _, h in row}) == 1 and all(a[0] < b[0] for a, b in zip(row, row[1:], strict=False))
    assert row[0][0] == 2 and row[-1][0] + row[-1][2] == WIDTH - 2


def test_a_part_of_a_chapter_is_drawn_with_dashes():
    paths = BeautifulSoup(ChapterMap()._repr_html_(), "html.parser").find_all("path", attrs={"marker-end": True})
    assert {path["d"] for path in paths if path.get("stroke-dasharray")} == {n.course for n in NEEDS if not n.whole}
    assert len(paths) == len(NEEDS)


def test_the_map_is_the_same_for_whoever_reads_it():
    for thing, name in ((STOPS[1], "page"), (NEEDS[0], "course")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, "")
