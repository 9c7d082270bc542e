"""What a check says of a result that is not right, in words."""

from typing import Any

import numpy as np

from helpers.pages.answers import REAL, as_float
from helpers.pages.comparison import first_difference, is_number

#: Longest value that a verdict repeats, in characters.
LONGEST = 120


def wrong_kind(result: Any, expected: Any, tolerance: float) -> str:
    """Say what is wrong with a result before its value can be looked at.

    Parameters
    ----------
    result, expected : object
        A student's result, and the right one, which differs from it.
    tolerance : float
        As for `same`.

    Returns
    -------
    str
        Empty if it is its value that is wrong.
    """
    if isinstance(result, BaseException):
        return stops(result)
    if isinstance(expected, tuple) and not isinstance(result, tuple | list):
        kind = type(result).__name__
        return f"there should be {len(expected)} results, but there is one {kind}: return them with a comma between."
    if isinstance(expected, tuple) and len(result) != len(expected):
        return f"there should be {len(expected)} results, but the number of yours is {len(result)}."
    name, result, expected = first_difference(result, expected, tolerance)
    if np.ndim(expected) == 0 and not isinstance(expected, dict) and not is_number(result):
        return f"{name} should be a number, but is a {type(result).__name__}."
    if is_number(result) and np.isnan(result):
        return f"{name} should be a finite number, but is nan."
    return ""


def wrong_value(result: Any, expected: Any, tolerance: float) -> str:
    """Say how a result differs from the right one.

    Parameters
    ----------
    result, expected, tolerance : object
        As for `wrong_kind`.

    Returns
    -------
    str
    """
    name, result, expected = first_difference(result, expected, tolerance)
    if isinstance(expected, np.ndarray):
        if not isinstance(result, np.ndarray):
            return f"{name} should be a NumPy array, but is a {type(result).__name__}."
        if result.shape != expected.shape:
            return f"{name} should have the shape {expected.shape}, but has {result.shape}."
        cut = result.dtype.kind in "iu" and expected.dtype.kind == "f" and np.array_equal(result, np.trunc(expected))
        if cut:
            return f"{name} holds whole numbers only. Make it an array of floats."
        if result.size > 12:
            close = np.isclose(result, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
            place = tuple(np.argwhere(~close)[0])
            name = f"{name}, at place {text(np.array(place))},"
            result, expected = result[place], expected[place]
    if text(result) == text(expected):
        return f"{name} is close, but not right: it differs after the fourth decimal."
    return f"{name} should be {text(expected)}, but is {text(result)}."


def stops(error: BaseException) -> str:
    """Say that a student's code stopped with an error."""
    if isinstance(error, SystemExit):
        return "your code calls exit(), which ends the whole program: use `return`."
    return f"your code stops with {type(error).__name__}: {error}"


def text(value: Any) -> str:
    """Return a value as a short text, with the shape of a large array."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {text(part)}" for name, part in value.items())
    if isinstance(value, (*REAL, np.bool_)):
        return f"{as_float(value) + 0.0:.5g}"  # a zero has no sign
    if isinstance(value, np.ndarray) and value.size > 12:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, tuple | list) and len(value) <= 4:
        return "(" + ", ".join(text(part) for part in value) + ("," if len(value) == 1 else "") + ")"
    words = repr(value)
    return words if len(words) <= LONGEST else words[:LONGEST] + "..."
