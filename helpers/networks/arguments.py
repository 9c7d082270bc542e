"""Is an argument what it should be? Checks that several rooms ask for, each with one wording.

They look at one object or one number, so they cost next to nothing; still they stand where something is made or a
run begins, not inside a loop.
"""

import math
from numbers import Integral, Real

import numpy as np


def check_draw(rng: np.random.Generator, **counts: int) -> None:
    """Raise a TypeError unless rng is a generator, and a ValueError unless each count is a whole number, at least 1."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator, such as numpy.random.default_rng(0), "
            f"got {type(rng).__name__}: seeds and the older RandomState will not do"
        )
    for name, count in counts.items():
        check_count(name, count)


def check_count(name: str, count: int, least: int = 1) -> None:
    """Raise a ValueError unless a count is a whole number, and at least the least."""
    if not isinstance(count, Integral) or isinstance(count, bool):
        raise ValueError(f"{name} must be a whole number, got {count!r}")
    if count < least:
        raise ValueError(f"{name} must be at least {least}, got {count}")


def check_positive(name: str, value: float) -> float:
    """Return a number, or raise a ValueError unless it is positive and finite.

    Parameters
    ----------
    name : str
        What the number is called in the error.
    value : float

    Returns
    -------
    float
        The same number.
    """
    if not (isinstance(value, Real) and 0 < value < math.inf):
        raise ValueError(f"{name} must be positive and finite, got {value!r}")
    return value


def check_not_negative(name: str, value: float) -> float:
    """Return a number, or raise a ValueError unless it is finite and not negative; called as `check_positive` is.

    Parameters
    ----------
    name : str
    value : float

    Returns
    -------
    float
    """
    if not (isinstance(value, Real) and 0 <= value < math.inf):
        raise ValueError(f"{name} must not be negative, and finite, got {value!r}")
    return value
