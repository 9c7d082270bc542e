"""Error diffusion in images: by hand, with nothing lost, and against an independent way to write it."""

import numpy as np
import pytest

from helpers.chapters.chapter4.halftoning import FLOYD_STEINBERG, JARVIS_JUDICE_NINKE, diffuse_error, threshold_image

KERNELS = [FLOYD_STEINBERG, JARVIS_JUDICE_NINKE]


def by_debts(image, kernel, threshold=0.5):
    """Gather the debts of a pixel from those decided before it, instead of handing them on."""
    height, width = image.shape
    rows, columns = kernel.shape
    errors, dots = np.zeros_like(image), np.zeros_like(image)
    for i in range(height):
        for j in range(width):
            wanted = image[i, j]
            for r in range(rows):
                for c in range(columns):
                    source = i - r, j - (c - columns // 2)
                    if 0 <= source[0] and 0 <= source[1] < width:
                        wanted += kernel[r, c] * errors[source]
            dots[i, j] = wanted > threshold
            errors[i, j] = wanted - dots[i, j]
    return dots


def test_the_kernels_share_out_the_whole_error_as_published():
    assert FLOYD_STEINBERG.sum() == JARVIS_JUDICE_NINKE.sum() == 1
    assert (16 * FLOYD_STEINBERG).tolist() == [[0, 0, 7], [3, 5, 1]]
    assert np.rint(48 * JARVIS_JUDICE_NINKE).tolist() == [[0, 0, 0, 7, 5], [3, 5, 7, 5, 3], [1, 3, 5, 3, 1]]


def test_a_row_worked_by_hand():
    # 0.4 -> 0, hands on 0.4 * 7/16 = 0.175; 0.575 -> 1, hands on -0.425 * 7/16 = -0.186; 0.214 -> 0
    assert diffuse_error(np.full((1, 3), 0.4), FLOYD_STEINBERG).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize("kernel", KERNELS, ids=["FS", "JJN"])
@pytest.mark.parametrize("threshold", [0.3, 0.5])
def test_agrees_with_gathering_debts(kernel, threshold, rng):
    image = rng.random((13, 17))
    np.testing.assert_array_equal(diffuse_error(image, kernel, threshold), by_debts(image, kernel, threshold))


@pytest.mark.parametrize("kernel", KERNELS, ids=["FS", "JJN"])
@pytest.mark.parametrize("grey", [0.1, 0.37, 0.5, 0.9])
def test_the_mean_brightness_is_kept(kernel, grey):
    # only errors that leave over an edge are lost
    assert abs(diffuse_error(np.full((60, 60), grey), kernel).mean() - grey) < 0.02


def test_black_white_and_the_argument_stay():
    image = np.repeat([[0.0, 1.0]], 5, axis=0)
    before = image.copy()
    np.testing.assert_array_equal(diffuse_error(image, FLOYD_STEINBERG), before)
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(threshold_image(np.array([[0.5, 0.6]])), [[0, 1]])


def test_a_kernel_may_be_one_row_or_lose_some_of_the_error():
    # 0.9 -> 1, hands on -0.05; 0.45 -> 0, hands on 0.225; 0.725 -> 1
    assert diffuse_error(np.array([[0.9, 0.5, 0.5]]), np.array([[0, 0, 0.5]])).tolist() == [[1, 0, 1]]
    assert diffuse_error(np.array([[0.9, 0.5]]), np.zeros((1, 1))).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    "image, kernel, words",
    [
        (np.zeros((2, 2, 3)), FLOYD_STEINBERG, "grey image of shape"),
        (np.zeros((0, 2)), FLOYD_STEINBERG, "grey image of shape"),
        (np.full((2, 2), 200.0), FLOYD_STEINBERG, "between 0 and 1, got 200"),
        (np.array([[0.5, 1.5]]), FLOYD_STEINBERG, "between 0 and 1, got 0.5 to 1.5"),
        (np.array([[-0.5, 0.5]]), FLOYD_STEINBERG, "between 0 and 1, got -0.5 to 0.5"),
        (np.full((2, 2), np.nan), FLOYD_STEINBERG, "between 0 and 1"),
        (np.zeros((2, 2)), np.ones((1, 2)), "odd number of columns"),
        (np.zeros((2, 2)), np.zeros((0, 3)), r"odd number of columns\), got ndarray of shape \(0, 3\)"),
        ([[0.5]], FLOYD_STEINBERG, "array with a grey image .*, got list"),
        (np.zeros((2, 2)), 16 * FLOYD_STEINBERG, "sum to 1 at most, got 16"),
        (np.zeros((2, 2)), 1.01 * FLOYD_STEINBERG, "sum to 1 at most, got 1.01"),
        (np.zeros((2, 2)), np.array([[0, 0, 0.9], [0, 0.2, -0.1]]), "not negative"),
        (np.zeros((2, 2)), np.array([[0, 0.1, 0.5]]), "cannot send errors back"),
        (np.zeros((2, 2)), np.array([[0.5, 0, 0.5]]), "cannot send errors back"),
    ],
)
def test_bad_input_is_named(image, kernel, words):
    with pytest.raises(ValueError, match=words):
        diffuse_error(image, kernel)
