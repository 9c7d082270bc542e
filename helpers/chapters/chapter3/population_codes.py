"""Positions written as the activity of many units, and read back from it.

A position is a pair of angles in degrees, horizontal and vertical. A code turns positions of
shape (n, 2) into activities of shape (n, units), each between 0 and 1.
"""

import math

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.networks.floats import as_floats


def sigma_of_width(width: float) -> float:
    """Return the standard deviation of a Gaussian whose full 1/e width is `width`.

    At half the width from its centre the Gaussian has fallen to 1/e: (w / 2)^2 = 2 sigma^2, so
    sigma = sqrt(2) w / 4.

    Raises
    ------
    ValueError
        If the width is not positive and finite.
    """
    return math.sqrt(2) * check_positive("width", width) / 4


class GaussianCode:
    """Units that each like one place: a square grid of Gaussian tuning curves.

    Parameters
    ----------
    limit : float
        Positions lie between -limit and limit, in degrees, in both directions.
    side : int
        Units along each side of the grid; their centres are symmetric about 0.
    width : float, optional
        Full 1/e width of a tuning curve in degrees; by default one and a half times the distance
        of neighbouring centres.

    Attributes
    ----------
    spacing : float
        Distance of neighbouring centres, in degrees.
    sigma : float
        Standard deviation of a tuning curve, in degrees.
    centres : ndarray, shape (side * side, 2)
        Preferred position of each unit; the horizontal position changes fastest, so that a row of
        activities reshaped to (side, side) is a picture with the lowest vertical position first.

    Raises
    ------
    ValueError
        If a number is not positive and finite, or the grid has fewer than two units a side.
    """

    def __init__(self, limit: float, side: int = 8, width: float | None = None):
        check_positive("limit", limit)
        if not isinstance(side, int | np.integer) or side < 2:
            raise ValueError(f"side must be a whole number, at least two units a side, got {side}")
        self.limit, self.side = limit, side
        self.spacing = 2 * limit / side
        self.sigma = sigma_of_width(1.5 * self.spacing if width is None else width)
        places = self.spacing * (np.arange(side) - (side - 1) / 2)
        vertical, horizontal = np.meshgrid(places, places, indexing="ij")
        self.centres = np.column_stack([horizontal.ravel(), vertical.ravel()])

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.centres)

    def encode(self, positions: NDArray) -> NDArray:
        """Return exp(-distance^2 / 2 sigma^2) for each position and each centre, shape (n, units)."""
        positions = check_positions(positions)
        offsets = positions[:, np.newaxis, :] - self.centres
        return np.exp(-(offsets**2).sum(axis=2) / (2 * self.sigma**2))


class MonotonicCode:
    """Units whose activity rises, or falls, along a straight line from a threshold on.

    Unit i of a group follows the line through 1 at the far end of the range and -2 i / n at the
    near end, and is silent where that line is negative. There are four groups: horizontal rising,
    horizontal falling, vertical rising, vertical falling.

    Parameters
    ----------
    limit : float
        Positions lie between -limit and limit, in degrees, in both directions.
    lines : int
        Units in each of the four groups.

    Attributes
    ----------
    slopes, intercepts : ndarray, shape (lines,)
        Of the rising lines, per degree and at 0 degrees.

    Raises
    ------
    ValueError
        If the limit is not positive or there are no lines, or positions to encode are not pairs within it.
    """

    def __init__(self, limit: float, lines: int = 8):
        check_positive("limit", limit)
        if not isinstance(lines, int | np.integer) or lines < 1:
            raise ValueError(f"lines must be a whole number: a group needs at least one unit, got {lines}")
        self.limit, self.lines = limit, lines
        near_end = -2 * np.arange(lines) / lines
        self.slopes = (1 - near_end) / (2 * limit)
        self.intercepts = (1 + near_end) / 2

    @property
    def units(self) -> int:
        """Number of units, four times `lines`."""
        return 4 * self.lines

    def heights(self, positions: NDArray) -> NDArray:
        """Return the heights of the lines, shape (n, units), negative ones too."""
        positions = check_positions(positions)
        if np.abs(positions).max() > self.limit * (1 + 1e-9):
            raise ValueError(f"positions must lie within {self.limit:g} degrees, got {np.abs(positions).max():g}")
        signed = np.stack([positions[:, 0], -positions[:, 0], positions[:, 1], -positions[:, 1]], axis=1)
        return (signed[:, :, np.newaxis] * self.slopes + self.intercepts).reshape(len(positions), self.units)

    def encode(self, positions: NDArray) -> NDArray:
        """Return the activities, shape (n, units); positions beyond the range are refused."""
        return np.maximum(self.heights(positions), 0)


Code = GaussianCode | MonotonicCode


class TemplateDecoder:
    """Reads a position as the one whose own pattern correlates best with the activity.

    Parameters
    ----------
    code : GaussianCode or MonotonicCode
    step : float
        Distance of neighbouring candidates, in degrees; no answer is finer than that.

    Raises
    ------
    ValueError
        If the step is not positive or larger than the range, or activities to decode are not finite rows of the
        code's length, each with a highest entry.
    """

    def __init__(self, code: Code, step: float = 1.0):
        if check_positive("step", step) > 2 * code.limit:
            raise ValueError(f"step must not be larger than the range of {2 * code.limit:g} degrees, got {step}")
        line = np.linspace(-code.limit, code.limit, 1 + round(2 * code.limit / step))
        self.candidates = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
        self.templates = standardised(code.encode(self.candidates))

    def decode(self, activity: NDArray) -> NDArray:
        """Return positions, shape (n, 2), for activities of shape (n, units)."""
        activity = check_activity(activity, self.templates.shape[1])
        check_pattern(activity)
        pieces = np.array_split(standardised(activity), 1 + len(activity) // 256)  # keeps the table in the cache
        best = [(piece @ self.templates.T).argmax(axis=1) for piece in pieces]
        return self.candidates[np.concatenate(best)]


def centre_of_mass(activity: NDArray, centres: NDArray) -> NDArray:
    """Read positions as the mean of the units' centres, weighted by their activities.

    Parameters
    ----------
    activity : ndarray, shape (n, units)
        Not negative, and not all zero in any row.
    centres : ndarray, shape (units, 2)

    Returns
    -------
    ndarray, shape (n, 2)

    Raises
    ------
    ValueError
        If the shapes do not fit, an activity is negative, or a row holds none at all.
    """
    check_mass(activity, centres)
    return activity @ centres / activity.sum(axis=1, keepdims=True)


def standardised(activity: NDArray) -> NDArray:
    """Return each row with mean 0 and length 1: products of such rows are correlations.

    A row without any variation has no pattern; it becomes a row of zeros.
    """
    centred = activity - activity.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)


def distance(first: NDArray, second: NDArray) -> NDArray:
    """Return how far each pair of positions is apart.

    Parameters
    ----------
    first, second : ndarray, shape (n, 2)
        Positions in degrees.

    Returns
    -------
    ndarray, shape (n,)
        In degrees.

    Raises
    ------
    ValueError
        If the two are not alike, or not finite positions.
    """
    first, second = check_positions(first), check_positions(second)
    if first.shape != second.shape:
        raise ValueError(f"need as many first as second positions, got {len(first)} and {len(second)}")
    return np.linalg.norm(first - second, axis=1)


def check_positions(positions: NDArray) -> NDArray:
    """Return positions as an array, or raise a ValueError unless they are finite pairs."""
    positions = as_floats(positions).astype(float)
    if positions.ndim != 2 or positions.shape[1] != 2 or len(positions) == 0:
        raise ValueError(f"positions must have shape (n, 2) with n >= 1, got {positions.shape}")
    if not np.isfinite(positions).all():
        raise ValueError("positions hold NaN or infinite values")
    return positions


def check_activity(activity: NDArray, units: int) -> NDArray:
    """Return activities as an array, or raise a ValueError unless they are finite rows of `units`.

    Parameters
    ----------
    activity : array_like, shape (n, units)
    units : int
        Length that a row must have.

    Returns
    -------
    ndarray, shape (n, units)
    """
    activity = as_floats(activity)
    if activity.ndim != 2 or activity.shape[1] != units or len(activity) == 0:
        raise ValueError(f"activity must have shape (n, {units}) with n >= 1, got {activity.shape}")
    if not np.isfinite(activity).all():
        raise ValueError("activity holds NaN or infinite values")
    return activity


def check_pattern(activity: NDArray) -> None:
    """Raise a ValueError if all activities of a row are equal: every position would do as well."""
    if (np.ptp(activity, axis=1) == 0).any():
        raise ValueError("a row of equal activities says nothing about a position")


def check_mass(activity: NDArray, centres: NDArray) -> None:
    """Raise a ValueError unless each row of activities has a centre of mass."""
    activity = check_activity(activity, len(check_positions(centres)))
    if activity.min() < 0 or activity.sum(axis=1).min() <= 0:
        raise ValueError("a centre of mass needs activities that are not negative and not all zero")
