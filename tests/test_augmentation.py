"""Augmentation: shifted images against numpy and scipy, dropped pixels, and bad input."""

import numpy as np
import pytest
from scipy.ndimage import shift

from experiments.augmented import copies, drops, shifted, shifts

SHAPE = (5, 7)


@pytest.fixture
def x(rng) -> np.ndarray:
    return rng.random((4, 35)).astype(np.float32)


def test_shifted_images_are_scipys(x):
    offsets = np.array([[0, 0], [1, 0], [-1, 2], [2, -2]])
    for image, offset, moved in zip(x, offsets, shifted(x, SHAPE, offsets), strict=True):
        assert np.allclose(moved.reshape(SHAPE), shift(image.reshape(SHAPE), offset, order=0), atol=1e-7)


def test_the_images_handed_in_stay(x):
    before = x.copy()
    shifted(x, SHAPE, np.ones((4, 2), int))[:] = 9
    assert np.array_equal(x, before)


def test_random_shifts_reach_every_neighbour_and_no_further(rng):
    image = np.zeros(SHAPE, np.float32)
    image[2, 3] = 1
    moved = shifts(SHAPE, rng)(np.tile(image.ravel(), (500, 1))).reshape(-1, *SHAPE)
    assert np.array_equal(moved.any(axis=0), np.pad(np.ones((3, 3), bool), ((1, 1), (2, 2))))


def test_dropped_pixels_keep_the_mean_and_the_type(rng):
    changed = drops(0.2, rng)(np.ones((400, 100), np.float32))
    assert changed.dtype == np.float32
    assert set(np.unique(changed)) == {np.float32(0), np.float32(1.25)}
    assert changed.mean() == pytest.approx(1, abs=0.02)  # 40,000 draws: a standard error of 0.0025


def test_copies_drop_pixels_first_and_then_shift(x):
    made = copies(SHAPE, np.random.default_rng(7), shift=1, drop=0.3)(x)
    rng = np.random.default_rng(7)
    np.testing.assert_array_equal(made, shifts(SHAPE, rng)(drops(0.3, rng)(x)))
    assert copies(SHAPE, rng)(x) is x


@pytest.mark.parametrize(("wrong", "offsets"), [((4, 34), (4, 2)), ((4, 35), (3, 2)), ((4, 35), (4,)), ((35,), (1, 2))])
def test_shapes_must_fit(wrong, offsets):
    with pytest.raises(ValueError, match="need images"):
        shifted(np.zeros(wrong), SHAPE, np.zeros(offsets, int))


def test_settings_must_be_in_range(rng):
    with pytest.raises(ValueError, match="reach"):
        shifts(SHAPE, rng, -1)
    for share in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match="share"):
            drops(share, rng)


def test_pixels_are_dropped_from_floats_only(rng):
    with pytest.raises(ValueError, match="must be an array of floats, got int"):
        drops(0.2, rng)(np.full((2, 4), 200))
