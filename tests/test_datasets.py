"""Points on a line, digits, and tasks of one output cell: what they hold."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from sklearn.datasets import load_digits

from helpers.chapters.chapter2.datasets import two_class_points
from helpers.chapters.chapter4.datasets import two_classes
from helpers.data.datasets import (
    Dataset,
    Split,
    digits,
)
from helpers.data.tasks import parity


def splits(data: Dataset) -> list[Split]:
    return [data.train, data.validation, data.test]


# Points on a line


def test_points_are_drawn_around_their_means_in_order(rng):
    points = two_class_points(rng, per_class=20_000)
    blue, left, right = np.split(points.x, [20_000, 30_000])
    # standard errors: 0.5 / sqrt(20,000) and 0.5 / sqrt(10,000) are below 0.006
    for group, mean in ((blue, 0), (left, -2), (right, 2)):
        assert group.mean() == pytest.approx(mean, abs=0.03)
        assert group.std() == pytest.approx(0.5, abs=0.02)
    assert points.t.tolist() == [1] * 20_000 + [0] * 20_000
    assert points.t.dtype == np.int64


def test_points_are_the_numbers_of_their_generator():
    normal = np.random.default_rng(5).standard_normal(8)
    points = two_class_points(np.random.default_rng(5), per_class=4)
    # the same sum; a machine may round it once more or once less
    np.testing.assert_allclose(points.x, 0.5 * normal + [0, 0, 0, 0, -2, -2, 2, 2], rtol=0, atol=1e-14)
    assert len(two_class_points(np.random.default_rng(5))) == 40
    assert len(two_class_points(np.random.default_rng(5), per_class=2)) == 4


@pytest.mark.parametrize("per_class", [-2, 0, 1, 3])
def test_points_of_a_class_must_come_in_two_halves(per_class, rng):
    with pytest.raises(ValueError, match=rf"(an even number of at least 2|at least 1), got {per_class}"):
        two_class_points(rng, per_class)


# Digits


def test_digits_have_the_documented_sizes_types_and_range():
    data = digits()
    assert (data.name, data.image_shape, data.inputs, data.classes) == ("digits", (8, 8), 64, 10)
    assert [len(split) for split in splits(data)] == [1077, 360, 360]
    for split in splits(data):
        assert split.x.shape == (len(split), 64) and split.t.shape == (len(split),)
        assert (split.x.dtype, split.t.dtype) == (np.float32, np.int64)
        assert (split.x.min(), split.x.max()) == (0, 1)


def test_digits_are_every_bundled_sample_once_with_its_label():
    images, labels = load_digits(return_X_y=True)
    data = digits()
    x = np.concatenate([16 * split.x for split in splits(data)]).astype(int)
    t = np.concatenate([split.t for split in splits(data)])
    found, expected = np.column_stack([x, t]).tolist(), np.column_stack([images.astype(int), labels]).tolist()
    assert sorted(found) == sorted(expected)


def test_digits_keep_the_share_of_every_class_in_every_split():
    share = np.bincount(load_digits().target) / 1797
    for split in splits(digits()):
        assert np.abs(np.bincount(split.t) - share * len(split)).max() <= 1


def test_digits_are_the_same_every_time_and_a_change_does_not_last():
    first = digits()
    # the split that the book's figures are of
    assert [split.t[:6].tolist() for split in splits(first)] == [
        [7, 8, 9, 6, 7, 1], [5, 0, 5, 9, 7, 1], [7, 6, 3, 7, 7, 3],
    ]  # fmt: skip
    kept = first.train.x.copy()
    first.train.x[...] = 0
    np.testing.assert_array_equal(digits().train.x, kept)
    for one, other in zip(splits(digits()), splits(digits()), strict=True):
        np.testing.assert_array_equal(one.x, other.x)
        np.testing.assert_array_equal(one.t, other.t)


def test_a_data_set_is_frozen():
    data = digits()
    with pytest.raises(FrozenInstanceError, match="train"):
        data.train = data.test
    with pytest.raises(FrozenInstanceError, match="x"):
        data.train.x = data.test.x


@pytest.mark.parametrize("samples, labels", [(3, 2), (0, 0), (0, 1)])
def test_a_split_needs_samples_and_a_label_for_each(samples, labels):
    with pytest.raises(ValueError, match=f"samples and a label for each, got {samples} and {labels}"):
        Split(np.zeros((samples, 4)), np.zeros(labels, int))


# Two classes, and parity


def test_two_classes_are_those_samples_and_no_others():
    data, full = two_classes(digits(), 3, 8), digits()
    assert (data.name, data.classes, data.image_shape) == ("digits 3/8", 2, (8, 8))
    for part, whole in zip(splits(data), splits(full), strict=True):
        rows = (whole.t == 3) | (whole.t == 8)
        np.testing.assert_array_equal(part.x, whole.x[rows])
        np.testing.assert_array_equal(part.t, whole.t[rows] == 8)


@pytest.mark.parametrize("zero, one", [(3, 3), (-1, 2), (0, 10)])
def test_two_classes_must_be_two_that_exist(zero, one):
    with pytest.raises(ValueError, match=f"two different classes from 0 to 9, got {zero} and {one}"):
        two_classes(digits(), zero, one)


def test_parity_of_two_bits_is_xor():
    assert parity(2).x.tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert parity(2).t.tolist() == [0, 1, 1, 0]


def test_parity_counts_the_ones_of_every_pattern_once():
    data = parity(5)
    assert len({tuple(row) for row in data.x}) == len(data) == 32
    assert data.t.tolist() == [bin(i).count("1") % 2 for i in range(32)]
    with pytest.raises(ValueError, match="bits must be at least 1, got 0"):
        parity(0)


def test_parity_takes_from_1_to_16_bits():
    assert parity(1).x.tolist() == [[0], [1]] and parity(1).t.tolist() == [0, 1]
    assert len(parity(16)) == 2**16 and parity(16).t.sum() == 2**15
    with pytest.raises(ValueError, match="between 1 and 16, got 17"):
        parity(17)
