"""Every diagnosis of chapter 4: each known wrong answer is told apart and named."""

import numpy as np
import pytest

from helpers.exercises import Exercise, chapter4

EXERCISES = {name: value for name, value in vars(chapter4).items() if isinstance(value, Exercise)}
MISTAKES = [
    pytest.param(exercise, words, wrong, id=f"{name}: {words[:40]}")
    for name, exercise in EXERCISES.items()
    for words, wrong in exercise.mistakes.items()
]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_right_answer_is_right(exercise):
    assert exercise(exercise.solve)
    assert not exercise(lambda *case: ...)


@pytest.mark.parametrize("exercise, words, wrong", MISTAKES)
def test_each_mistake_is_named(exercise, words, wrong):
    verdict = exercise(wrong)
    assert not verdict
    assert verdict.message == words


def test_a_sigmoid_that_changes_its_caller_is_found_out():
    def in_place(x, u0):
        x *= 2 / u0
        return 1 / (1 + np.exp(-x))

    assert "changes what it was given" in chapter4.sigmoid_u0(in_place).message


@pytest.mark.parametrize("answer", [0, 1.5, "many", 501, None, True])
def test_xor_in_six_wants_a_whole_number(answer):
    assert chapter4.xor_in_six(answer).message.startswith("Give a whole number")


def test_xor_in_six_judges_by_training():
    assert chapter4.xor_in_six(40)
    assert "more cells" in chapter4.xor_in_six(8).message
    assert "had not learned" in chapter4.xor_in_six(1).message
