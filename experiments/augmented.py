"""More training samples than there are: images a little to the side, with pixels missing, or both.

A run's settings say which. `helpers.training.loop.fit` shows the changed images to any rule.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.floats import check_floats
from helpers.training.loop import Change


def copies(image_shape: tuple[int, int], rng: np.random.Generator, *, shift: int = 0, drop: float = 0.0) -> Change:
    """Return a change that drops pixels and then shifts images, each where it is asked for (see `drops`, `shifts`).

    Parameters
    ----------
    image_shape : tuple of int
        Height and width.
    rng : numpy.random.Generator
        Source of both draws.
    shift : int
        Largest shift, in pixels; 0 for none.
    drop : float
        Probability that a pixel is dropped; 0 for none.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        If the shift is negative, or the probability not at least 0 and below 1.
    """
    changes = []
    if drop:
        changes.append(drops(drop, rng))
    if shift:
        changes.append(shifts(image_shape, rng, shift))

    def change(x: NDArray) -> NDArray:
        for each in changes:
            x = each(x)
        return x

    return change


def shifts(image_shape: tuple[int, int], rng: np.random.Generator, reach: int = 1) -> Change:
    """Return a change that moves each image by up to `reach` pixels, up or down and left or right.

    What comes in from outside is 0.

    Parameters
    ----------
    image_shape : tuple of int
        Height and width.
    rng : numpy.random.Generator
        Source of the shifts, drawn anew for each image of each batch.
    reach : int
        Largest shift in each direction, in pixels.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        If reach is negative.
    """
    if reach < 0:
        raise ValueError(f"reach must be at least 0 pixels, got {reach}")
    return lambda x: shifted(x, image_shape, rng.integers(-reach, reach + 1, size=(len(x), 2)))


def drops(share: float, rng: np.random.Generator) -> Change:
    """Return a change that sets each pixel to 0 with probability `share`, and scales up the others.

    Scaled by 1 / (1 - share), a pixel keeps its value on average.

    Parameters
    ----------
    share : float
        Probability that a pixel is dropped.
    rng : numpy.random.Generator
        Source of the draw, made anew for each batch.

    Returns
    -------
    Change
        Refuses images of integers, which nobody has scaled yet, with a ValueError.

    Raises
    ------
    ValueError
        If share is not at least 0 and below 1.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share must be at least 0 and below 1, got {share}")
    scale = 1 / (1 - share)

    def change(x: NDArray) -> NDArray:
        check_floats(x)
        return x * (scale * (rng.random(x.shape, np.float32) >= share)).astype(x.dtype)

    return change


def shifted(x: NDArray, image_shape: tuple[int, int], offsets: NDArray) -> NDArray:
    """Return each image moved down and to the right by whole pixels; what comes in is 0.

    Parameters
    ----------
    x : ndarray, shape (n, height * width)
    image_shape : tuple of int
        Height and width.
    offsets : ndarray of int, shape (n, 2)
        Pixels down and to the right for each image; negative ones go up and to the left.

    Returns
    -------
    ndarray, shape of x

    Raises
    ------
    ValueError
        If the images are not rows of height * width pixels, or there is not one pair of offsets for each.
    """
    height, width = image_shape
    if x.ndim != 2 or x.shape[1] != height * width or offsets.shape != (len(x), 2):
        raise ValueError(
            f"need images of shape (n, {height * width}) and offsets of shape (n, 2), got {x.shape} and {offsets.shape}"
        )
    offsets = offsets.astype(np.int64, casting="same_kind")  # small integers would wrap
    reach = int(np.abs(offsets).max(initial=0))
    padded = np.pad(x.reshape(-1, height, width), ((0, 0), (reach, reach), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, image_shape, axis=(1, 2))
    rows, columns = reach - offsets.T
    return windows[np.arange(len(x)), rows, columns].reshape(x.shape)
