"""What the checks try: each case as a student reads it, and what is right in it, stored and read once by a person.

A case is chosen to tell a mistake from the right answer, and the right answer from one that is right by chance: with
another number it may no longer do so, and nothing else would say it.
"""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from exercises_table import ROWS

from helpers.pages.comparison import is_number
from helpers.pages.exercises import Exercise

pytestmark = pytest.mark.same_everywhere

STORED = tomllib.loads((Path(__file__).parent / "exercise_cases.toml").read_text(encoding="utf-8"))
EXERCISES = {f"{row.chapter}-{row.name}": row for row in ROWS if isinstance(row.check, Exercise)}


def spoiled(result):
    """A result that is wrong everywhere; what is no number or array, or made of them, is wrong in kind."""
    if isinstance(result, dict):
        return {name: spoiled(part) for name, part in result.items()}
    if isinstance(result, tuple):
        return tuple(map(spoiled, result))
    if isinstance(result, np.ndarray) or is_number(result):
        return result + 1 + abs(result)
    return "wrong"


def told(row):
    """What a check says to an answer that is wrong in one case only, for each of its cases."""
    words = []
    for wrong in range(len(row.check.cases)):
        place = iter(range(len(row.check.cases)))

        def run(_, *case, wrong=wrong, place=place, solve=row.check.solve):
            result = solve(*case)
            return spoiled(result) if next(place) == wrong else result

        check = replace(row.check, run=run, mistakes=(), hint="", given="", arrays_only=False)
        words.append(check("an answer").message.partition(", but is")[0])
    return words


@pytest.mark.parametrize("row", EXERCISES.values(), ids=EXERCISES)
def test_the_cases_are_those_that_were_read(row):
    assert told(row) == STORED[f"{row.chapter}-{row.name}"]


def test_no_case_is_stored_of_an_exercise_that_is_gone():
    assert STORED.keys() == EXERCISES.keys()
