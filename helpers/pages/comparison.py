"""Results beside the right ones: in whatever container they come, do they agree?"""

import numbers
from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.pages.answers import REAL, as_array, as_float


def in_form(result: Any, expected: Any, arrays_only: bool = False) -> Any:
    """Return a result in the containers of what is expected, where it holds the same in others.

    Generators and lists become tuples and arrays, an array of several results a tuple, an array without
    axes a number, and a number of another kind a float. Anything that does not fit stays as it is.

    Parameters
    ----------
    result : object
        What a student's code returned.
    expected : object
        The right result, whose containers are wanted.
    arrays_only : bool
        Leave a list alone where an array is asked for.

    Returns
    -------
    object
    """
    if isinstance(expected, dict) and isinstance(result, dict):
        return {name: in_form(part, expected.get(name), arrays_only) for name, part in result.items()}
    array = isinstance(expected, np.ndarray) and not arrays_only
    if isinstance(result, Iterator) and (array or isinstance(expected, tuple)):
        result = list(result)
    if isinstance(expected, tuple) and isinstance(result, tuple | list | np.ndarray):
        if (isinstance(result, np.ndarray) and result.ndim == 0) or len(result) != len(expected):
            return result
        return tuple(in_form(*pair, arrays_only) for pair in zip(result, expected, strict=True))
    if array and isinstance(result, tuple | list | np.ndarray):
        return as_array(result)
    if isinstance(expected, tuple | np.ndarray):
        return result
    if isinstance(result, np.ndarray) and result.ndim == 0:
        result = result[()]
    return as_float(result) if isinstance(result, REAL) and not isinstance(result, np.generic) else result


def is_number(value: Any) -> bool:
    """Whether a value is one number, from Python or from NumPy."""
    return isinstance(value, numbers.Number | np.number | np.bool_)


def parts(result: Any, expected: Any) -> list[tuple[str, Any, Any]] | None:
    """Return the parts of a result beside those of the right one.

    Parameters
    ----------
    result, expected : object
        A student's result, and the right one.

    Returns
    -------
    list of (name, result, expected), or None
        By key in a dictionary and by place in a tuple; None if they have not the same parts, or none at all.
    """
    if isinstance(expected, dict) and isinstance(result, dict) and expected.keys() == result.keys():
        return [(name, result[name], expected[name]) for name in expected]
    if isinstance(expected, tuple) and isinstance(result, tuple | list) and len(result) == len(expected):
        pairs = enumerate(zip(result, expected, strict=True), start=1)
        return [(f"value {place} of {len(expected)}", *pair) for place, pair in pairs]
    return None


def same(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two results agree in form, shape and value; two errors agree if their kind does.

    The tolerance is relative and absolute, and no less than four roundings of a's precision.

    Parameters
    ----------
    a : object
        The result to judge.
    b : object
        What to hold it against: a number, an array, an error, or a tuple or dictionary of these. A function
        agrees with anything.
    tolerance : float
        Numbers agree if they differ by no more than tolerance (1 + |b|).

    Returns
    -------
    bool
    """
    if isinstance(a, BaseException) or isinstance(b, BaseException):
        return type(a) is type(b)
    if callable(b):
        return True
    if isinstance(b, dict | tuple):
        pairs = parts(a, b)
        return pairs is not None and all(same(x, y, tolerance) for _, x, y in pairs)
    if isinstance(b, np.ndarray) and not isinstance(a, np.ndarray):
        return False
    values = as_array(a)
    if not isinstance(values, np.ndarray) or values.shape != np.shape(b):
        return False
    if values.dtype.kind == "f":
        tolerance = max(tolerance, 4 * float(np.finfo(values.dtype).eps))
    return np.allclose(values.astype(float), np.asarray(b, float), rtol=tolerance, atol=tolerance, equal_nan=True)


def first_difference(result: Any, expected: Any, tolerance: float) -> tuple[str, Any, Any]:
    """Return the name and the two values of the first part in which two results differ.

    Parameters
    ----------
    result, expected : object
        A student's result, and the right one, which differs from it.
    tolerance : float
        As for `same`.

    Returns
    -------
    name : str
        As in `parts`, or "the result" if they cannot be compared by parts.
    result, expected : object
        This part of both.
    """
    for name, given, right in parts(result, expected) or []:
        if not same(given, right, tolerance):
            return name, given, right
    return "the result", result, expected
