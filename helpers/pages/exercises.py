"""Checks of a student's answer that name the mistake.

An `Exercise` knows the right answer and the wrong answers that people usually give. It runs the
student's code beside all of them: if it agrees with a known mistake, the verdict names that
mistake; otherwise it shows the smallest case that comes out wrong. A `Measured` check has no right
answer to compare with: it measures what an answer does, and judges by ranges.

An answer that is still the template is answered in one place for both, `Check`.
"""

import dis
import inspect
import numbers
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Longest answer that a verdict repeats, in characters.
LONGEST = 120

#: An input may differ by rounding after a check, as when a step h is added and taken away again.
UNCHANGED = 1e-9

#: What a check says of the dots of a template.
NO_RESULT = "There is no result yet: put your answer where the dots are."

#: What a check says of code that runs and hands nothing back.
NOTHING_BACK = (
    "Your code gives back None. Is a `return` missing? (Printing a value shows it, but does not hand it back.)"
)


class NotAnAnswer(Exception):
    """Raised while running an answer that is not of the kind asked for; its words become the verdict."""


@dataclass(frozen=True)
class Verdict:
    """What a check says; true if the answer is right. Displays as its message."""

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return ("Right. " if self.right else "Not yet. ") + self.message


@dataclass(frozen=True, init=False)
class Mistake:
    """A known wrong answer: the words that help whoever gives it, and the forms in which it comes.

    Parameters
    ----------
    words : str
        What to say.
    *forms : callable
        Wrong answers, each a function of a case, as `Exercise.solve` is.
    """

    words: str
    forms: tuple[Callable[..., Any], ...]

    def __init__(self, words: str, *forms: Callable[..., Any]) -> None:
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "forms", forms)


@dataclass(frozen=True)
class Finding:
    """What a measured check may find.

    Parameters
    ----------
    words : str or callable
        What to say; a function of the measurement if it holds numbers.
    when : callable
        Whether it holds, from the measurement. Of several findings the first one counts.
    right : bool
        Whether the answer is right then.
    """

    words: str | Callable[[Any], str]
    when: Callable[[Any], bool] = lambda measured: True
    right: bool = False


class Check:
    """What all checks share: an unwritten answer, and one of another kind, are met in this place only."""

    unwritten = NO_RESULT

    def __call__(self, answer: Any) -> Verdict:
        """Check an answer.

        Parameters
        ----------
        answer : object
            What the exercise asks for: a function, a class, a number, or several numbers.

        Returns
        -------
        Verdict
        """
        if is_unwritten(answer):
            return Verdict(False, self.unwritten)
        try:
            return self._judge(answer)
        except NotAnAnswer as refusal:
            return Verdict(False, str(refusal))

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError


def called(answer: Any, *case: Any) -> Any:
    """Call a student's function with a case.

    Raises
    ------
    NotAnAnswer
        If the answer is no function, or cannot take as many arguments.
    """
    if isinstance(answer, type) or not callable(answer):
        what = f"the class {answer.__name__}" if isinstance(answer, type) else f"a result, of type {type(answer).__name__}"
        raise NotAnAnswer(f"A function is asked for, and this is {what}. Give the function's name, without ().")
    try:
        inspect.signature(answer).bind(*case)
    except TypeError as error:
        raise NotAnAnswer(f"Your function is called with {len(case)} arguments, and cannot take them: {error}.") from None
    except ValueError:  # functions written in C may have no signature
        pass
    return answer(*case)


def number(answer: Any) -> float:
    """Return one number as a float, whether it comes from Python or from NumPy.

    Raises
    ------
    NotAnAnswer
        If the answer is something else.
    """
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if callable(answer):
        raise NotAnAnswer("Give one number, not a function: hand over what it returns.")
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, numbers.Real):
        raise NotAnAnswer(f"Give one number, not a {type(answer).__name__}.")
    try:
        return float(answer)
    except OverflowError:
        return np.inf if answer > 0 else -np.inf


def whole_number(answer: Any, low: int, high: int) -> int:
    """Return a whole number from low to high, which may come as a float; raises NotAnAnswer for anything else."""
    words = f"Give a whole number from {low} to {high}."
    try:
        value = number(answer)
    except NotAnAnswer as refusal:
        raise NotAnAnswer(words) from refusal
    if not (low <= value <= high and value.is_integer()):
        raise NotAnAnswer(words)
    return int(value)


def real_numbers(answer: Any, words: str) -> NDArray:
    """Return numbers in any container as an array of floats; raises NotAnAnswer with these words for anything else."""
    try:
        values = np.asarray(list(answer) if isinstance(answer, Iterator) else answer)
    except ValueError as error:
        raise NotAnAnswer(words) from error
    if values.dtype.kind not in "iuf" and values.size:
        raise NotAnAnswer(words)
    return values.astype(float)


def the_class(answer: Any, base: type = object, words: str = "Give the class itself, without ().") -> type:
    """Return a student's class; raises NotAnAnswer with these words for anything else."""
    if not (isinstance(answer, type) and issubclass(answer, base)):
        raise NotAnAnswer(words)
    return answer


@dataclass(frozen=True)
class Exercise(Check):
    """An exercise whose answer is code or a number.

    Parameters
    ----------
    solve : callable
        The right answer as a function of a case; returns an array, a number, or several of
        them in a tuple or in a dictionary by name (such as ``{"forward": y, "backward": dx}``).
    cases : sequence of tuple
        Arguments to try, the smallest and plainest first.
    names : sequence of str
        What the arguments of a case are called in the exercise.
    mistakes : sequence of Mistake
        Known wrong answers. Of two that agree on all cases the first is named.
    praise : str
        What to say of a right answer.
    run : callable, optional
        Turns the student's answer and a case into a result; by default the answer is a function
        that is called with the case. A result may come in another container than `solve`'s.
    hint : str
        What to say of a wrong number that is no known mistake, where the right one must not be told.
    tolerance : float
        Relative and absolute tolerance of a comparison. Single precision gets no less than its rounding.
    remedy : str
        What to advise whoever changes the arguments of a case.
    arrays_only : bool
        Whether a list will not do where an array is asked for, because others compute with it.
    """

    solve: Callable[..., Any]
    cases: Sequence[tuple]
    names: Sequence[str]
    mistakes: Sequence[Mistake]
    praise: str
    run: Callable[..., Any] = called
    hint: str = ""
    tolerance: float = 1e-6
    remedy: str = "make a new array, or put back what you moved"
    arrays_only: bool = False

    def _judge(self, answer: Any) -> Verdict:
        expected = [outcome(self.solve, deepcopy(case)) for case in self.cases]
        results = [self._result(answer, *pair) for pair in zip(self.cases, expected, strict=True)]
        if self._agree(results, expected):
            return Verdict(True, self.praise)
        for mistake in self.mistakes:
            for form in mistake.forms:
                if self._agree(results, [outcome(form, deepcopy(case)) for case in self.cases]):
                    return Verdict(False, mistake.words)
        for case, result, right in zip(self.cases, results, expected, strict=True):
            if not same(result, right, self.tolerance):
                return Verdict(False, self._counter_example(case, result, right))
        raise AssertionError("an answer that is not right differs from the right one somewhere")

    def _result(self, answer: Any, case: tuple, expected: Any) -> Any:
        """Return what the answer makes of a case, in the form of what is expected; or the exception that it raises."""
        given = deepcopy(case)
        result = outcome(lambda *case: in_form(self.run(answer, *case), expected, self.arrays_only), given)
        if isinstance(result, NotAnAnswer):
            raise result
        refuse_unwritten(result)
        if not same(given, case, UNCHANGED):
            raise NotAnAnswer(
                f"Your code changes what it was given: {self._describe(case)} had become "
                f"{self._describe(given)} afterwards. Whoever called still needs it; {self.remedy}."
            )
        return result

    def _agree(self, results: list, others: list) -> bool:
        return all(same(result, other, self.tolerance) for result, other in zip(results, others, strict=True))

    def _counter_example(self, case: tuple, result: Any, expected: Any) -> str:
        given = f"With {self._describe(case)}" if case else "As given"
        if isinstance(result, BaseException):
            return f"{given}, {stops(result)}"
        if isinstance(expected, tuple) and not isinstance(result, tuple | list):
            kind = type(result).__name__
            return f"{given}, there should be {len(expected)} results, but there is one {kind}: return them with a comma between."
        if isinstance(expected, tuple) and len(result) != len(expected):
            return f"{given}, there should be {len(expected)} results, but the number of yours is {len(result)}."
        part, expected, result = first_difference(expected, result, self.tolerance)
        if np.ndim(expected) == 0 and not isinstance(expected, dict) and not is_number(result):
            return f"{given}, {part} should be a number, but is a {type(result).__name__}."
        if is_number(result) and np.isnan(result):
            return f"{given}, {part} should be a finite number, but is nan."
        return self.hint or f"{given}, {self._difference(part, result, expected)}"

    def _difference(self, part: str, result: Any, expected: Any) -> str:
        """Say how a part of a result differs from the right one."""
        shown, right = text(result), text(expected)
        if isinstance(expected, np.ndarray):
            if not isinstance(result, np.ndarray):
                return f"{part} should be a NumPy array, but is a {type(result).__name__}."
            if result.dtype.kind in "iu" and expected.dtype.kind == "f":
                return f"{part} holds whole numbers only. Make it an array of floats."
            if result.shape != expected.shape:
                return f"{part} should have the shape {expected.shape}, but has {result.shape}."
            if result.size > 12:
                close = np.isclose(result, expected, rtol=self.tolerance, atol=self.tolerance, equal_nan=True)
                place = tuple(np.argwhere(~close)[0])
                part = f"{part}, at place {text(np.array(place))},"
                shown, right = text(result[place]), text(expected[place])
        if shown == right:
            return f"{part} is close, but not right: it differs after the fourth decimal."
        return f"{part} should be {right}, but is {shown}."

    def _describe(self, case: tuple) -> str:
        """Return the arguments of a case by name, short enough for one line."""
        named = zip(self.names, case, strict=True)
        return " and ".join(f"{name} = {text(part)}" for name, part in named if not callable(part))


@dataclass(frozen=True)
class Measured(Check):
    """A check that measures what an answer does, perhaps by training, and judges by ranges.

    The ranges should leave margins: no verdict may hang on a rounding or on one run of chance.

    Parameters
    ----------
    read : callable
        Returns the answer as `measure` wants it, or raises NotAnAnswer with words on what is asked for.
    measure : callable
        Returns whatever the findings ask about.
    findings : sequence of Finding
        What may be found. The first that holds is the verdict; the last should always hold.
    unwritten : str
        What to say of a template.
    """

    read: Callable[[Any], Any]
    measure: Callable[[Any], Any]
    findings: Sequence[Finding]
    unwritten: str = NO_RESULT

    def _judge(self, answer: Any) -> Verdict:
        measured = outcome(lambda answer: self.measure(self.read(answer)), (answer,))
        if isinstance(measured, NotAnAnswer):
            raise measured
        if isinstance(measured, BaseException):
            words = stops(measured)
            return Verdict(False, words[0].upper() + words[1:])
        finding = next(finding for finding in self.findings if finding.when(measured))
        words = finding.words if isinstance(finding.words, str) else finding.words(measured)
        return Verdict(finding.right, words)


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
    """Return what a function returns, or the exception that it raises: a student's may raise any, or call exit()."""
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
    """Whether a result, or a part of it, is `what`: None, or the dots of a template."""
    if isinstance(result, np.ndarray) and result.dtype == object:
        result = result.tolist()
    if isinstance(result, dict | tuple | list):
        return any(holds(part, what) for part in (result.values() if isinstance(result, dict) else result))
    return result is what


def in_form(result: Any, expected: Any, arrays_only: bool = False) -> Any:
    """Return a result in the containers of what is expected, where it holds the same in others.

    Generators and lists become tuples and arrays, an array of several results a tuple, an array without
    axes a number. Anything that does not fit stays as it is.
    """
    several = isinstance(expected, tuple) or isinstance(expected, np.ndarray) and not arrays_only
    if several and isinstance(result, Iterator):
        result = list(result)
    if isinstance(expected, dict) and isinstance(result, dict):
        return {name: in_form(part, expected.get(name), arrays_only) for name, part in result.items()}
    if isinstance(expected, tuple) and isinstance(result, tuple | list | np.ndarray):
        if isinstance(result, np.ndarray) and result.ndim == 0 or len(result) != len(expected):
            return result
        return tuple(in_form(*pair, arrays_only) for pair in zip(result, expected, strict=True))
    if several and isinstance(result, tuple | list):
        return as_array(result) if isinstance(expected, np.ndarray) else result
    return result[()] if isinstance(result, np.ndarray) and result.ndim == np.ndim(expected) == 0 else result


def as_array(parts: tuple | list) -> Any:
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
    """Return the name and the two values of the first part in which two results differ."""
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
