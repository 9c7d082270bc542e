"""A student's answer, whatever it is: run it, read it, compare it, show it.

Nothing here knows an exercise. A function that is handed something else than it asks for says so with
`NotAnAnswer`, whose words become the verdict.
"""

import dis
import inspect
import numbers
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Longest answer that a verdict repeats, in characters.
LONGEST = 120

#: What a check says of the dots of a template.
NO_RESULT = "There is no result yet: put your answer where the dots are."

#: What a check says of code that runs and hands nothing back.
NOTHING_BACK = (
    "Your code gives back None. Is a `return` missing? (Printing a value shows it, but does not hand it back.)"
)


class NotAnAnswer(Exception):
    """Raised while running an answer that is not of the kind asked for; its words become the verdict."""


def called(answer: Any, *case: Any) -> Any:
    """Call a student's function with a case.

    Parameters
    ----------
    answer : object
        What the student gave; a function is asked for.
    *case : object
        The arguments to call it with.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    NotAnAnswer
        If the answer is no function, or cannot take as many arguments. What the function itself raises passes through.
    """
    if isinstance(answer, type) or not callable(answer):
        kind = type(answer).__name__
        what = f"the class {answer.__name__}" if isinstance(answer, type) else f"a result, of type {kind}"
        raise NotAnAnswer(f"A function is asked for, and this is {what}. Give the function's name, without ().")
    try:
        inspect.signature(answer).bind(*case)
    except TypeError as error:
        count = "1 argument" if len(case) == 1 else f"{len(case)} arguments"
        raise NotAnAnswer(f"Your function is called with {count}, and that does not fit: {error}.") from None
    except ValueError:  # functions written in C may have no signature
        pass
    return answer(*case)


def number(answer: Any, words: str = "") -> float:
    """Return one number, from Python or from NumPy, as a float.

    Parameters
    ----------
    answer : object
        What the student gave; an array without axes will do.
    words : str
        What to say of anything else; by default, what kind of thing it is.

    Returns
    -------
    float
        Infinite if a whole number is too large for a float.

    Raises
    ------
    NotAnAnswer
        If the answer is not one real number; True and False are none.
    """
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if callable(answer):
        raise NotAnAnswer(words or "Give one number, not a function: hand over what it returns.")
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, numbers.Real):
        raise NotAnAnswer(words or f"Give one number, not a {type(answer).__name__}.")
    try:
        return float(answer)
    except OverflowError:
        return -np.inf if answer < 0 else np.inf


def whole_number(answer: Any, low: int, high: int) -> int:
    """Return a whole number from low to high, which may come as a float.

    Parameters
    ----------
    answer : object
        What the student gave.
    low, high : int
        Smallest and largest number that will do.

    Returns
    -------
    int

    Raises
    ------
    NotAnAnswer
        If the answer is not a whole number of this range.
    """
    words = f"Give a whole number from {low} to {high}."
    value = number(answer, words)
    if not (low <= value <= high and value.is_integer()):
        raise NotAnAnswer(words)
    return int(value)


def real_numbers(answer: Any, words: str) -> NDArray:
    """Return numbers in any container as an array of floats.

    Parameters
    ----------
    answer : object
        What the student gave: a number, an array, or nested lists; a generator is read to its end.
    words : str
        What to say of anything else.

    Returns
    -------
    ndarray of float64
        In the shape of the answer.

    Raises
    ------
    NotAnAnswer
        If these are not numbers, or do not fit into one array; True and False are none.
    """
    values = as_array(list(answer) if isinstance(answer, Iterator) else answer)
    if not isinstance(values, np.ndarray) or values.dtype.kind == "b":
        raise NotAnAnswer(words)
    return values.astype(float)


def the_class(answer: Any, base: type = object, words: str = "Give the class itself, without ().") -> type:
    """Return a student's class.

    Parameters
    ----------
    answer : object
        What the student gave.
    base : type
        The class that it must be, or be made from.
    words : str
        What to say of anything else.

    Returns
    -------
    type

    Raises
    ------
    NotAnAnswer
        If the answer is no class, or not one of this kind.
    """
    if not (isinstance(answer, type) and issubclass(answer, base)):
        raise NotAnAnswer(words)
    return answer


def is_unwritten(answer: Any) -> bool:
    """Whether an answer is still its template: dots, None, a function without a body, a class with such a method."""
    if isinstance(answer, FunctionType):
        return has_no_body(answer)
    if isinstance(answer, type):
        methods = [part for name, part in vars(answer).items() if not name.startswith("__")]
        return any(isinstance(part, FunctionType) and has_no_body(part) for part in methods)
    return answer is None or holds(answer, ...)


def has_no_body(function: FunctionType) -> bool:
    """Whether a function does nothing: its body is dots, `pass`, a docstring, or the return of None."""
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP", "RETURN_VALUE")]
    return all(step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval is None for step in steps)


def refuse_unwritten(result: Any) -> None:
    """Raise NotAnAnswer if a result, or a part of it, is the dots of a template, or None."""
    if holds(result, ...):
        raise NotAnAnswer(NO_RESULT)
    if holds(result, None):
        raise NotAnAnswer(NOTHING_BACK)


def outcome(function: Callable[..., Any], arguments: tuple) -> Any:
    """Return what a function returns, or the exception that it raises: a student's may raise any, or call exit().

    Parameters
    ----------
    function : callable
        What to run; NumPy's warnings are off meanwhile.
    arguments : tuple
        What to call it with.

    Returns
    -------
    object or BaseException
        The result, or the error in its place.
    """
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except (Exception, SystemExit) as error:
        return error


def stops(error: BaseException) -> str:
    """Say that a student's code stopped with an error."""
    if isinstance(error, SystemExit):
        return "your code calls exit(), which ends the whole program: use `return`."
    return f"your code stops with {type(error).__name__}: {error}"


def holds(result: Any, what: Any) -> bool:
    """Whether a result, or a part of it, is `what`: None, or the dots of a template.

    Parameters
    ----------
    result : object
        Looked through with the parts of its dictionaries, tuples, lists and arrays of objects.
    what : None or Ellipsis
        What to look for.

    Returns
    -------
    bool
    """
    if isinstance(result, np.ndarray) and result.dtype == object:
        result = result.tolist()
    if isinstance(result, dict | tuple | list):
        return any(holds(part, what) for part in (result.values() if isinstance(result, dict) else result))
    return result is what


def in_form(result: Any, expected: Any, arrays_only: bool = False) -> Any:
    """Return a result in the containers of what is expected, where it holds the same in others.

    Generators and lists become tuples and arrays, an array of several results a tuple, an array without
    axes a number. Anything that does not fit stays as it is.

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
    several = isinstance(expected, tuple) or (isinstance(expected, np.ndarray) and not arrays_only)
    if several and isinstance(result, Iterator):
        result = list(result)
    if isinstance(expected, dict) and isinstance(result, dict):
        return {name: in_form(part, expected.get(name), arrays_only) for name, part in result.items()}
    if isinstance(expected, tuple) and isinstance(result, tuple | list | np.ndarray):
        if (isinstance(result, np.ndarray) and result.ndim == 0) or len(result) != len(expected):
            return result
        return tuple(in_form(*pair, arrays_only) for pair in zip(result, expected, strict=True))
    if several and isinstance(result, tuple | list):
        return as_array(result) if isinstance(expected, np.ndarray) else result
    return result[()] if isinstance(result, np.ndarray) and result.ndim == np.ndim(expected) == 0 else result


def as_array(parts: Any) -> Any:
    """Return nested lists of numbers, or a list of arrays, as an array; anything else as it is."""
    try:
        array = np.asarray(parts)
    except ValueError:
        return parts
    return array if array.dtype.kind in "biuf" else parts


def is_number(value: Any) -> bool:
    """Whether a value is one number, from Python or from NumPy."""
    return isinstance(value, numbers.Number | np.number | np.bool_)


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
    if isinstance(b, dict):
        return isinstance(a, dict) and a.keys() == b.keys() and all(same(a[k], b[k], tolerance) for k in b)
    if isinstance(b, tuple):
        return (
            isinstance(a, tuple | list)
            and len(a) == len(b)
            and all(same(x, y, tolerance) for x, y in zip(a, b, strict=True))
        )
    if callable(b):
        return True
    if isinstance(b, np.ndarray) and not isinstance(a, np.ndarray):
        return False
    try:
        kind = np.asarray(a).dtype
        if kind.kind not in "biuf":
            return False
        if kind.kind == "f":
            tolerance = max(tolerance, 4 * float(np.finfo(kind).eps))
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return False
    return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)


def first_difference(expected: Any, result: Any, tolerance: float) -> tuple[str, Any, Any]:
    """Return the name and the two values of the first part in which two results differ.

    Parameters
    ----------
    expected, result : object
        The right result, and a student's that differs from it.
    tolerance : float
        As for `same`.

    Returns
    -------
    name : str
        Its key in a dictionary, its place in a tuple, or "the result" if they cannot be compared by parts.
    expected, result : object
        This part of both.
    """
    if isinstance(expected, dict) and isinstance(result, dict) and expected.keys() == result.keys():
        for name, value in expected.items():
            if not same(result[name], value, tolerance):
                return name, value, result[name]
    if isinstance(expected, tuple) and isinstance(result, tuple | list) and len(result) == len(expected):
        for place, (right, given) in enumerate(zip(expected, result, strict=True), start=1):
            if not same(given, right, tolerance):
                return f"value {place} of {len(expected)}", right, given
    return "the result", expected, result


def text(value: Any) -> str:
    """Return a value as a short text, with the shape of a large array."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {text(part)}" for name, part in value.items())
    if isinstance(value, np.generic | float | int) and np.ndim(value) == 0 and np.isrealobj(value):
        return f"{float(value):.5g}"
    if isinstance(value, np.ndarray) and value.size > 12:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    if isinstance(value, tuple | list) and len(value) <= 4:
        return "(" + ", ".join(text(part) for part in value) + ("," if len(value) == 1 else "") + ")"
    words = repr(value)
    return words if len(words) <= LONGEST else words[:LONGEST] + "..."
