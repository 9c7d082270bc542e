"""More training samples than there are: every image may also stand a little to the side."""

import numpy as np
from numpy.typing import NDArray

from helpers.network import Network
from helpers.training import Rule


class Shifted:
    """A learning rule that shows another one shifted copies of the images.

    Whatever rule it surrounds gets the same kind of copies, so that rules can be compared.

    Parameters
    ----------
    rule : Rule
    image_shape : tuple of int
        Height and width in pixels.
    rng : numpy.random.Generator
        Source of the shifts.
    reach : int
        Largest shift in each direction, in pixels.
    """

    def __init__(self, rule: Rule, image_shape: tuple[int, int], rng: np.random.Generator, reach: int = 1):
        if reach < 0:
            raise ValueError(f"reach must be at least 0 pixels, got {reach}")
        self.rule, self.image_shape, self.rng, self.reach = rule, image_shape, rng, reach

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> tuple[float, dict[str, NDArray]]:
        """Return what the rule makes of the shifted batch."""
        shifts = self.rng.integers(-self.reach, self.reach + 1, size=(len(x), 2))
        return self.rule(network, shifted(x, self.image_shape, shifts), labels)


def shifted(x: NDArray, image_shape: tuple[int, int], shifts: NDArray) -> NDArray:
    """Return each image moved down and to the right by whole pixels; what comes in is 0.

    Parameters
    ----------
    x : ndarray, shape (n, height * width)
    image_shape : tuple of int
        Height and width.
    shifts : ndarray of int, shape (n, 2)
        Pixels down and to the right for each image; negative ones go up and to the left.

    Returns
    -------
    ndarray, shape of x
    """
    height, width = image_shape
    if x.ndim != 2 or x.shape[1] != height * width or shifts.shape != (len(x), 2):
        raise ValueError(
            f"need images of shape (n, {height * width}) and shifts of shape (n, 2), "
            f"got {x.shape} and {shifts.shape}"
        )
    reach = int(np.abs(shifts).max(initial=0))
    padded = np.pad(x.reshape(-1, height, width), ((0, 0), (reach, reach), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, image_shape, axis=(1, 2))
    rows, columns = reach - shifts.T
    return windows[np.arange(len(x)), rows, columns].reshape(x.shape)
