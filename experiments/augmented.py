"""The images that a run trains on: as they are, shifted, with pixels missing, or both, as its settings say."""

import numpy as np
from numpy.typing import NDArray

from helpers.data.augmentation import Change, drops, shifts


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
