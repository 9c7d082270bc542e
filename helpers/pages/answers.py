"""A student's answer, whatever it is: run it, and read it.

Nothing here knows an exercise. A function that is handed something else than it asks for says so with
`NotAnAnswer`, whose words become the verdict.
"""

import dis
import inspect
import numbers
import warnings
from collections.abc import Callable
from decimal import Decimal
from types import CodeType, FunctionType
from typing import Any

import numpy as np

#: What counts as one real number, from Python or from NumPy.
REAL = (numbers.Real, Decimal)

#: What a check says of the dots of a template.
NO_RESULT = "There is no result yet: put your answer where the dots are."

#: What a check says of a program with a mistake that is still as the page gives it.
AS_GIVEN = (
    "There is no result yet: this is the program as it was given. Find its mistake and correct it, "
    "then run the cell again."
)

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
        is_class = isinstance(answer, type)
        what = f"the class {answer.__name__}" if is_class else f"a result, of type {type(answer).__name__}"
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

    Raises
    ------
    NotAnAnswer
        If the answer is not one real number; True and False are none.
    """
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if callable(answer):
        raise NotAnAnswer(words or "Give one number, not a function: hand over what it returns.")
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, REAL):
        raise NotAnAnswer(words or f"Give one number, not a {type(answer).__name__}.")
    return as_float(answer)


def as_float(value: Any) -> float:
    """Return a real number of any kind as a float, infinite if a whole number is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return -np.inf if value < 0 else np.inf


def as_array(parts: Any) -> Any:
    """Return nested lists of numbers, or a list of arrays, as an array; anything else as it is."""
    try:
        array = np.asarray(parts)
    except ValueError:
        return parts
    if array.dtype == object and all(isinstance(part, REAL) for part in array.flat):
        return np.vectorize(as_float, otypes=[float])(array)  # fractions, or whole numbers beyond 64 bits
    return array if array.dtype.kind in "biuf" else parts


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


def refuse_unchanged(answer: Any, unwritten: str, given: str) -> None:
    """Raise NotAnAnswer if an answer is still what the page gives.

    Parameters
    ----------
    answer : object
        What the student gave.
    unwritten : str
        What to say of a template.
    given : str
        The text of a program with a mistake, if the page gives one; empty otherwise.

    Raises
    ------
    NotAnAnswer
        If nobody has changed the template, or the program.
    """
    if is_unwritten(answer):
        raise NotAnAnswer(unwritten)
    if is_as_given(answer, given):
        raise NotAnAnswer(AS_GIVEN)


def is_unwritten(answer: Any) -> bool:
    """Whether an answer is still its template: dots, None, a function without a body, a class with such a method."""
    if isinstance(answer, FunctionType):
        return has_no_body(answer)
    if isinstance(answer, type):
        methods = [part for name, part in vars(answer).items() if name == "__call__" or not name.startswith("__")]
        return any(isinstance(part, FunctionType) and has_no_body(part) for part in methods)
    return answer is None or holds(answer, ...)


def has_no_body(function: FunctionType) -> bool:
    """Whether a function does nothing: its body is dots, `pass`, a docstring, or the return of None."""
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP", "RETURN_VALUE")]
    return all(step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval is None for step in steps)


def is_as_given(answer: Any, given: str) -> bool:
    """Whether an answer is the program that the page gives, before anybody has changed it.

    Parameters
    ----------
    answer : object
        What the student gave.
    given : str
        The text of one function or class, as the page shows it; empty if the page gives none.

    Returns
    -------
    bool
        Blank lines, comments and the name do not count; any other change does.
    """
    if not given or not isinstance(answer, FunctionType | type):
        return False
    names: dict[str, Any] = {}
    exec(given, names)  # in a place of its own, as a cell is: Python compiles calls of what it sees imported otherwise
    return any(compiled(part) == compiled(answer) for part in names.values() if isinstance(part, FunctionType | type))


def compiled(part: Any) -> Any:
    """Return what Python makes of a function, or of a class with its methods: to be compared, within one process."""
    if isinstance(part, type):
        members = {name: one for name, one in vars(part).items() if isinstance(one, FunctionType) or name[:2] != "__"}
        return {name: compiled(one) for name, one in members.items()}
    if isinstance(part, FunctionType):
        return compiled(part.__code__), repr(part.__defaults__)
    if isinstance(part, CodeType):
        return part.co_code, part.co_names, part.co_varnames, [compiled(constant) for constant in part.co_consts]
    return repr(part)


def refuse_unwritten(result: Any) -> None:
    """Raise NotAnAnswer if a result, or a part of it, is the dots of a template, or None."""
    if holds(result, ...):
        raise NotAnAnswer(NO_RESULT)
    if holds(result, None):
        raise NotAnAnswer(NOTHING_BACK)


def outcome(function: Callable[..., Any], arguments: tuple) -> Any:
    """Return what a function returns, or the exception that it raises: a student's may raise any, or call exit().

    Only NotAnAnswer, which is said by the check itself, passes through.

    Parameters
    ----------
    function : callable
        What to run; warnings are off meanwhile, for they tell of cases that the student does not see.
    arguments : tuple
        What to call it with.

    Returns
    -------
    object or BaseException
        The result, or the error in its place.

    Raises
    ------
    NotAnAnswer
        If the function does.
    """
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            return function(*arguments)
    except NotAnAnswer:
        raise
    except (Exception, SystemExit) as error:
        return error


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
