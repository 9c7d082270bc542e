"""Odd or even: the same images, relabelled."""

import numpy as np

from helpers.chapters.chapter6.ground import odd_or_even
from helpers.data.datasets import digits


def test_a_digit_is_labelled_by_whether_it_is_odd():
    before, after = digits(), odd_or_even(digits())
    assert after.classes == 2
    for name in ("train", "validation", "test"):
        given, made = getattr(before, name), getattr(after, name)
        assert np.array_equal(given.x, made.x)
        assert all(label == (digit in (1, 3, 5, 7, 9)) for digit, label in zip(given.t, made.t, strict=True))
