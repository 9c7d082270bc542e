"""The pages for teachers: plans that fit, a question for each slider, words that checks really say, numbers that hold.

Every number of these pages is computed here again, by the package or from the stored results. A number that no fact of
tests/teaching_facts.py covers fails a test, so a new one cannot be typed without its computation.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from exercises_table import ROWS
from teaching_facts import FACTS

TOP = Path(__file__).parents[1]
BOOK = TOP / "book"
ENTRY = (BOOK / "teaching.md").read_text(encoding="utf-8")
PAGES = {int(path.name[:2]): path.read_text(encoding="utf-8") for path in sorted((BOOK / "teaching").glob("0*.md"))}
NOTEBOOKS = {int(path.name[:2]): nbformat.read(path, as_version=4) for path in sorted(BOOK.glob("0*.ipynb"))}
MARKDOWN = {
    number: "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for number, notebook in NOTEBOOKS.items()
}
every_page = pytest.mark.parametrize("number", PAGES)


def section(number: int, heading: str) -> str:
    """Return one section of the page of a chapter."""
    match = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGES[number], re.MULTILINE | re.DOTALL)
    assert match, f"page {number} has no section {heading!r}"
    return match[1]


def rows(text: str) -> list[list[str]]:
    """Return the rows of the table in a text, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def minutes(time: str) -> int:
    """Return a time of a plan as a number."""
    return int(re.fullmatch(r"(\d+) min", time)[1])


def sliders(number: int) -> Iterator[str]:
    """Yield of each figure that moves the names of its sliders, or that it is computed in the page."""
    for cell in NOTEBOOKS[number].cells:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain", "")
            for named, computed in re.findall(
                r"^Figure with sliders \((.*?)\): |^(Computed in the page): ", text, re.MULTILINE
            ):
                yield named or computed.lower()


def test_each_chapter_has_its_page_and_the_entry_leads_to_it():
    assert PAGES.keys() == NOTEBOOKS.keys()
    toc = (TOP / "_toc.yml").read_text(encoding="utf-8")
    for path in (BOOK / "teaching").glob("0*.md"):
        assert (BOOK / f"{path.stem}.ipynb").exists()
        assert f"file: book/teaching/{path.stem}" in toc and f"<teaching/{path.stem}>`" in ENTRY


class TestPlan:
    @every_page
    def test_the_minutes_sum_to_ninety(self, number):
        plan = rows(section(number, "Ninety minutes"))
        assert sum(minutes(time) for time, *_ in plan) == 90
        assert sum(where == "Break" for _, where, _ in plan) == 1

    def test_so_do_those_of_the_entry(self):
        table = ENTRY.split("## The rhythm of a class")[1].split("##")[0]
        assert sum(minutes(time) for time, _ in rows(table)) == 90

    @every_page
    def test_it_says_what_to_run_what_to_skip_and_what_is_homework(self, number):
        assert all(f"**{word}:**" in section(number, "Ninety minutes") for word in ("Run in class", "Skip", "Homework"))

    @every_page
    def test_every_section_that_it_names_is_there(self, number):
        text = section(number, "Ninety minutes")
        headings = set(re.findall(r"^##+ (.+)$", MARKDOWN[number], re.MULTILINE))
        for _, where, _ in rows(text):
            assert where == "Break" or re.fullmatch(r"\{ref\}`[\w-]+`|\*.+\*", where), where
        named = re.findall(r"(?<!\*)\*([A-Z][^*\"]+)\*(?!\*)", text)
        assert named and set(named) <= headings

    @every_page
    def test_every_label_belongs_to_the_chapter_and_every_exercise_has_its_title(self, number):
        titles = dict(re.findall(r"\{exercise-start\} (.+)\n:label: ([\w-]+)", MARKDOWN[number]))
        titles = {label: title for title, label in titles.items()}
        labels = {*titles, *re.findall(r"^\(([\w-]+)\)=$", MARKDOWN[number], re.MULTILINE)}
        for shown, label in re.findall(r"\{ref\}`(?:([^`<]+) <)?([\w-]+)>?`", PAGES[number]):
            assert label in labels, label
            assert titles.get(label, shown) == shown, f"{label} is called {titles[label]!r}"


class TestSliders:
    @every_page
    def test_each_figure_with_sliders_has_its_question_in_the_order_of_the_page(self, number):
        asked = re.findall(r"^### [^(]+ \((.*)\)$", section(number, "The sliders: ask first"), re.MULTILINE)
        assert asked == list(sliders(number)) and asked

    @every_page
    def test_each_question_has_wrong_guesses_and_what_they_reveal(self, number):
        for part in section(number, "The sliders: ask first").split("\n### ")[1:]:
            assert "**Ask" in part, part
            guesses = re.findall(r"^- \*\".+?\"\*.*?[.?]$(?=\n-|\n\n|\n?\Z)", part, re.MULTILINE | re.DOTALL)
            assert len(guesses) >= 3, part


def words_of(row) -> str:
    """What a check may say: the text of its definition and of all that this names, what its chapter stores, and what a
    program with a mistake gets once something else in it has changed.
    """
    path = TOP / "helpers" / "chapters" / f"chapter{row.chapter}" / "exercises.py"
    parts = {}
    for part in ast.parse(path.read_text(encoding="utf-8")).body:
        for target in getattr(part, "targets", []):
            for name in ast.walk(target):
                parts[getattr(name, "id", None)] = part
        parts[getattr(part, "name", None)] = part
    waiting, seen, said = [row.name], set(), [verdict for _, verdict in row.shown]
    if row.check.given:
        said.append(row.diagnosis)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for inner in ast.walk(parts[name]):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                said.append(inner.value)
            if isinstance(inner, ast.Name) and inner.id in parts.keys() - seen:
                waiting.append(inner.id)
    return "\n".join(said)


class TestChecks:
    @every_page
    def test_each_check_is_in_the_table_and_no_other(self, number):
        named = {re.search(r"(?<!\})`(\w+)`", check)[1] for check, *_ in rows(section(number, "What the checks say"))}
        assert named == {row.name for row in ROWS if row.chapter == number}

    @every_page
    def test_what_a_check_is_said_to_say_it_says(self, number):
        words = {row.name: words_of(row) for row in ROWS if row.chapter == number}
        for check, says, answer in rows(section(number, "What the checks say")):
            quoted = re.fullmatch(r'"(.+)"', says)[1]
            assert quoted in words[re.search(r"(?<!\})`(\w+)`", check)[1]], quoted
            assert answer

    def test_other_words_are_found_out(self):
        (children,) = [row for row in ROWS if row.name == "children"]
        assert "That is one path only." in words_of(children)
        assert "That is one road only." not in words_of(children)


class TestQuiz:
    @every_page
    def test_five_questions_have_five_answers(self, number):
        questions, key = section(number, "Exit quiz").split("```{admonition} Key\n:class: dropdown\n")
        for part in (questions, key):
            assert re.findall(r"^(\d)\. \S", part, re.MULTILINE) == list("12345")

    @every_page
    def test_the_time_and_the_memory_are_those_of_the_chapter(self, number):
        (name,) = re.findall(r"```\{measured\} (\S+)\n```", PAGES[number])
        assert (BOOK / f"{name}.ipynb").exists() and int(name[:2]) == number


#: What holds a digit and is no number of the book: minutes, quotations of checks, code, labels, mathematics, numbers of
#: chapters and of list items, names of sliders.
NO_NUMBERS = (
    r"\A---\n(?:.*\n)*?---\n",
    r"^\| \d+ min \|",
    r'(?<=\| )"[^"]+" \|',
    r"^```\{measured\}.*$",
    r"\$[^$]+\$",
    r"`[^`\n]+`",
    r"[Cc]hapters? \d(?:, \d)*(?: and \d)?",
    r"^\d\. ",
    r"^### .*$",
)


def untested(page: str, facts: list[str]) -> list[str]:
    """Return the lines of a page that hold a digit which no fact covers.

    Raises
    ------
    AssertionError
        If a fact does not stand on the page.
    """
    rest = page
    for fact in facts:
        piece = r"\s+".join(map(re.escape, fact.split()))
        assert re.search(piece, page), f"the page does not say: {fact}"
        rest = re.sub(piece, " ", rest)
    for pattern in NO_NUMBERS:
        rest = re.sub(pattern, " ", rest, flags=re.MULTILINE)
    return [line for line in rest.splitlines() if re.search(r"\d", line)]


class TestNumbers:
    @pytest.mark.parametrize("name", FACTS)
    def test_every_number_is_computed_again(self, name):
        page = ENTRY if name == "entry" else PAGES[int(name)]
        lines = untested(page, list(FACTS[name]()))
        assert not lines, f"compute these in tests/teaching_facts.py: {lines}"

    def test_a_number_that_nobody_computed_is_found(self):
        assert untested("Chapter 3, `n = 5`, and $x = 7$.\nIt has 25\nunits.", ["has 25 units."]) == []
        assert untested("It has 26 units.", []) == ["It has 26 units."]

    def test_a_number_that_has_changed_is_found(self):
        with pytest.raises(AssertionError, match="does not say: has 25 units"):
            untested("It has 26 units.", ["has 25 units"])

    def test_the_stored_file_knows_every_chapter(self):
        chapters = json.loads((BOOK / "class-size.json").read_text(encoding="utf-8"))["chapters"]
        assert sorted(chapters) == sorted(path.stem for path in BOOK.glob("0*.ipynb"))
