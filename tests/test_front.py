"""The first page as the package makes it: its bill, its map, its self-test."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from extensions.shown import html_of
from helpers.chapters.front import questions
from helpers.chapters.front.bill import Bill
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
    assert "apple-bill" in html_of("helpers.chapters.front.bill.bill")
    for path, words in {
        "helpers.chapters.front.questions.nothing": "nothing is called helpers.chapters.front.questions.nothing",
        "nowhere.at.all": "nothing is called nowhere.at.all",
        "bill": "nothing is called bill",
        "helpers.chapters.front.bill.WIDTH": "WIDTH has no HTML: it is int",
    }.items():
        with pytest.raises(ValueError, match=re.escape(words)):
            html_of(path)
