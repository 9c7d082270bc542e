"""Results beside the right ones, and what is said of one that is not: on both sides of every limit."""

import dataclasses

import numpy as np
import pytest

from helpers.pages.answers import as_float
from helpers.pages.comparison import in_form, same
from helpers.pages.exercises import Exercise, Measured, Verdict
from helpers.pages.wording import text, wrong_kind, wrong_value

pytestmark = pytest.mark.same_everywhere


@pytest.mark.parametrize(("by", "agree"), [(1e-3, True), (1.9e-3, True), (2.1e-3, False), (-1.9e-3, True)])
def test_numbers_agree_up_to_the_tolerance_of_one_and_of_their_size(by, agree):
    """With a right number of 1, relative and absolute tolerance add."""
    assert same(1 + by, 1.0, 1e-3) is agree
    assert same(np.array([5.0, 1 + by]), np.array([5.0, 1.0]), 1e-3) is agree


@pytest.mark.parametrize(("roundings", "agree"), [(3.5, True), (6.0, True), (10.0, False)])
def test_single_precision_is_let_four_roundings_and_double_precision_its_own_four(roundings, agree):
    """Beside 1, relative and absolute tolerance add to eight roundings; a float32 holds multiples of one."""
    for kind in (np.float32, np.float64):
        right = 1 + roundings * float(np.finfo(kind).eps)
        assert same(np.array([1.0], kind), np.array([right]), 0.0) is agree


def test_arrays_agree_if_their_shape_does_and_none_is_stretched():
    one, two, row = np.ones(1), np.ones(2), np.ones((1, 2))
    for a, b in ((one, two), (two, one), (row, two), (two, row), (np.ones((2, 2)), two), (np.float64(1), one)):
        assert not same(a, b, 1e-6), (a, b)
    assert same(two, np.ones(2), 1e-6) and same(np.ones((2, 0)), np.ones((2, 0)), 1e-6)


def test_errors_agree_in_kind_and_with_nothing_else():
    assert same(ValueError("a"), ValueError("b"), 0) and not same(ValueError(), KeyError(), 0)
    assert not same(ValueError(), 1.0, 0) and not same(1.0, ValueError(), 0)
    assert same(np.nan, np.nan, 0) and not same(np.nan, 1.0, 0) and same("whatever", len, 0)


def test_parts_agree_if_all_of_them_do():
    assert same((1.0, 2.0), (1.0, 2.0), 0) and not same((1.0, 3.0), (1.0, 2.0), 0)
    assert not same((1.0,), (1.0, 2.0), 0) and not same({"a": 1.0}, {"b": 1.0}, 0)
    assert same({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}, 0)


def test_a_whole_number_too_large_for_a_float_is_infinite_with_its_sign():
    assert as_float(10**400) == np.inf and as_float(-(10**400)) == -np.inf


def test_an_array_of_the_wrong_number_of_results_stays_as_it_is():
    three = np.arange(3.0)
    assert in_form(three, (0.0, 0.0)) is three
    assert in_form(np.arange(2.0), (0.0, 0.0)) == (0.0, 1.0)
    assert in_form(np.array(3.0), (0.0,)) == np.array(3.0)


def test_up_to_twelve_numbers_are_shown_and_of_more_the_first_that_differs():
    for size in (12, 13):
        right = np.zeros(size)
        given = right.copy()
        given[[2, 5]] = 1, 2
        words = wrong_value(given, right, 1e-6)
        assert ("at place [2], should be 0, but is 1." in words) == (size == 13)
        assert ("[0., 0., 1., 0., 0., 2." in words) == (size == 12)


def test_a_difference_after_the_fourth_decimal_is_told_as_such():
    assert "is close, but not right" in wrong_value(1.0000001, 1.0, 1e-9)
    assert wrong_value(1.5, 1.0, 1e-9) == "the result should be 1, but is 1.5."
    assert wrong_kind(np.array([1.0]), 1.0, 0) == "the result should be a number, but is a ndarray."
    assert wrong_kind(1.0, {"a": 1.0}, 0) == wrong_kind(1.0, np.zeros(2), 0) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [((1,), "(1,)"), ((1, 2), "(1, 2)"), ([1, 2, 3, 4], "(1, 2, 3, 4)"), ([1, 2, 3, 4, 5], "[1, 2, 3, 4, 5]"),
     (-0.0, "0"), (True, "1"), ("x" * 118, repr("x" * 118)), ("x" * 119, repr("x" * 119)[:120] + "..."),
     (np.zeros(12), "[0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.]"), (np.zeros(13), "an array of shape (13,)")],
)  # fmt: skip
def test_a_text_shows_small_things_and_says_how_large_others_are(value, words):
    assert text(value) == words


def test_what_is_made_once_cannot_be_changed():
    made = [
        Verdict(True, "Yes."),
        Exercise(lambda x: x, [(1.0,)], ["x"], [], "Yes."),
        Measured(float, float, []),
    ]
    for thing in made:
        name = dataclasses.fields(thing)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, "another")


def test_a_case_has_as_many_names_as_arguments():
    check = Exercise(lambda x, y: x + y, [(1.0, 2.0)], ["x"], [], "Yes.")
    with pytest.raises(ValueError, match="argument 2 is longer"):
        check(lambda x, y: x)
