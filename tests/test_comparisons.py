"""Paired differences: scipy's own interval, and how often it holds the truth."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from helpers.measures.comparisons import Difference, paired_difference


def test_it_is_scipys_interval_for_the_differences(rng):
    first, second = rng.normal(size=(2, 7))
    expected = stats.ttest_rel(first, second).confidence_interval(0.95)
    found = paired_difference(first, second)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.mean == pytest.approx(np.mean(first - second))
    assert found.count == 7


def test_95_of_100_intervals_hold_the_true_difference(rng):
    """4,000 experiments: the share has a standard error of .0034; four of these to either side."""
    held = 0
    for _ in range(4000):
        seed = rng.normal(scale=5, size=6)  # what both sides owe to the seed
        found = paired_difference(seed + rng.normal(1, 1, 6), seed + rng.normal(0, 1, 6))
        held += found.low < 1 < found.high
    assert held / 4000 == pytest.approx(0.95, abs=4 * 0.0034)


def test_pairs_take_away_what_the_seeds_have_in_common(rng):
    seed = rng.normal(scale=100, size=8)
    assert paired_difference(seed + 1 + rng.normal(0, 0.1, 8), seed).apart


def test_the_order_of_the_sides_gives_the_sign():
    ahead = paired_difference([3, 4, 6], [1, 2, 3])
    behind = paired_difference([1, 2, 3], [3, 4, 6])
    assert (ahead.mean, ahead.low, ahead.high) == pytest.approx((-behind.mean, -behind.high, -behind.low))
    assert ahead.mean > 0


@pytest.mark.parametrize(
    ("low", "high", "apart"), [(0.1, 2, True), (-2, -0.1, True), (-1, 1, False), (0, 1, False), (-1, 0, False)]
)
def test_apart_leaves_zero_out(low, high, apart):
    assert Difference((low + high) / 2, low, high, 5).apart is apart


def test_within_a_margin_means_the_whole_interval():
    found = Difference(0.0, -0.2, 0.2, 5)
    assert found.within(0.3) and not found.within(0.2) and not found.within(0.1)
    for low, high in ((-0.2, 0.1), (-0.1, 0.2)):  # one end at the margin is enough
        assert not Difference(0.0, low, high, 5).within(0.2)


def test_equal_differences_have_no_width():
    found = paired_difference([1.5, 2.5, 3.5], [1, 2, 3])
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)
    assert found.apart
    assert not paired_difference([1, 2, 3], [1, 2, 3]).apart


def test_it_is_written_for_a_sentence():
    found = Difference(-1.29, -1.45, -1.13, 5)
    assert f"{found:.1f}" == "−1.3 ± 0.2"
    assert str(found) == "−1.3 ± 0.16"


def test_what_was_found_stays():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Difference(0, 0, 0, 3).mean = 1


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1, 2, 3], [1, 2], r"on both sides, got shapes \(3,\), \(2,\)"),
        ([[1, 2, 3]], [[1, 2, 3]], "one value for each seed"),
        (1, 2, "one value for each seed"),
        ([1, 2], [1, 2], "at least 3 pairs, got 2"),
        ([1, 2, np.nan], [1, 2, 3], "finite"),
        ([1, 2, 3], [1, np.inf, 3], "finite"),
    ],
)
def test_what_is_no_comparison_is_refused(first, second, message):
    with pytest.raises(ValueError, match=message):
        paired_difference(first, second)
