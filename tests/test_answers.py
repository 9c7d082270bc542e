"""What students hand in, and what the checks say of it: each verdict is true of its answer.

The answers are in `tests/answers`, one file for each chapter.
"""

import warnings
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from answers.form import Answers, Given
from exercises_table import IN_PLACE, KINDS, ROWS, Row, recasting

from helpers.pages.answers import outcome
from helpers.pages.comparison import is_number
from helpers.pages.exercises import Exercise, Verdict

#: Rounding cannot touch a verdict: what is compared differs by more, or not at all.
pytestmark = pytest.mark.same_everywhere

FOLDER = Path(__file__).parent / "answers"
CHAPTERS = {int(path.stem[len("chapter") :]): path.stem for path in sorted(FOLDER.glob("chapter*.py"))}

#: How many answers an exercise has at least.
WRONG, RIGHT = 8, 4


def answers_of(chapter: int) -> dict[str, list[Given]]:
    """The answers in the file of a chapter, by exercise."""
    module = import_module(f"answers.{CHAPTERS[chapter]}")
    return {sheet.name: sheet.given for sheet in vars(module).values() if isinstance(sheet, Answers)}


GIVEN = {chapter: answers_of(chapter) for chapter in CHAPTERS}
TABLE = {f"{row.chapter}-{row.name}": row for row in ROWS if row.chapter in CHAPTERS}


def given_to(row: Row) -> list[Given]:
    """The answers to one exercise."""
    return GIVEN[row.chapter].get(row.name, [])


def cases() -> list[Any]:
    """Each answer with its exercise, as cases of a test that say what the answer is."""
    return [pytest.param(row, one, id=f"{name}: {one.what}") for name, row in TABLE.items() for one in given_to(row)]


def judged(row: Row, answer: Any) -> Verdict:
    """What a check says of an answer, if neither error nor warning comes out with it."""
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        return row.check(answer)


def holds(verdict: Verdict, one: Given) -> bool:
    """Whether a verdict is the one that was read and judged true."""
    if one.says is None:
        return verdict.right and repr(verdict).startswith("Right. ")
    return not verdict.right and repr(verdict).startswith("Not yet. ") and one.says in verdict.message


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_every_exercise_has_answers_enough(row):
    right = [one.right for one in given_to(row)]
    assert right.count(False) >= WRONG, f"chapter {row.chapter}: write {WRONG} wrong answers to {row.name}"
    assert right.count(True) >= RIGHT, f"chapter {row.chapter}: write {RIGHT} right answers to {row.name}"


def test_every_answer_belongs_to_an_exercise():
    assert {f"{chapter}-{name}" for chapter, sheets in GIVEN.items() for name in sheets} == TABLE.keys()


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_answers_say_what_is_their_own(row):
    """The words of a verdict that a row keeps belong to one mistake only."""
    whats = [one.what for one in given_to(row)]
    assert len(set(whats)) == len(whats)
    for one in given_to(row):
        if not one.right:
            assert len(one.says) >= 8, one.what
            assert sum(one.says in mistake.words for mistake in getattr(row.check, "mistakes", [])) <= 1, one.what


@pytest.mark.parametrize(("row", "one"), cases())
def test_each_verdict_is_true_of_its_answer(row, one):
    verdict = judged(row, deepcopy(one.answer))
    assert holds(verdict, one), repr(verdict)


#: In which containers a number may come, and in which an array.
OF_NUMBERS = ("0-d array", "float32", "NumPy number", "Python float", "fraction")
OF_ARRAYS = ("list", "tuple", "generator", "float32", "fraction")


def kinds_of(row: Row, one: Given) -> tuple[str, ...]:
    """The containers in which the results of an answer may come as well."""
    check = row.check
    if not isinstance(check, Exercise) or row.name in IN_PLACE or not one.same_in_containers:
        return ()
    if check.arrays_only:  # others compute with what a layer hands on
        return ("float32",)
    first = check.expected[0]
    return OF_NUMBERS if is_number(first) else OF_ARRAYS if isinstance(first, np.ndarray) else KINDS


@pytest.mark.parametrize(("row", "one"), cases())
def test_each_verdict_is_the_same_in_every_container(row, one):
    for kind in kinds_of(row, one):
        verdict = judged(row, recasting(one.answer, kind))
        assert holds(verdict, one), f"{kind}: {verdict!r}"


def met(row: Row) -> set[tuple[int, int]]:
    """The wrong forms with which some wrong answer agrees: numbers of the mistake, and of the form in it."""
    check = row.check
    forms = {(i, k): form for i, mistaken in enumerate(check.mistaken) for k, form in enumerate(mistaken)}
    words, found = {mistake.words for mistake in check.mistakes}, set()
    for one in given_to(row):
        if one.right or judged(row, one.answer).message not in words:
            continue
        results = [check._result(one.answer, *pair) for pair in zip(check.cases, check.expected, strict=True)]
        found |= {where for where, form in forms.items() if check._agree(results, form)}
    return found


@pytest.mark.parametrize(
    "row", [row for row in TABLE.values() if isinstance(row.check, Exercise)], ids=lambda r: r.name
)
def test_each_wrong_form_is_some_students_answer(row):
    """A form that no answer here agrees with may hold a slip of its own, and nobody would see it."""
    found = met(row)
    missing = [
        f"form {k} of: {mistake.words}"
        for i, mistake in enumerate(row.check.mistakes)
        for k in range(len(mistake.forms))
        if (i, k) not in found
    ]
    assert not missing, "no answer here agrees with " + "; ".join(missing)
