"""Checks of a student's answer that name the mistake.

An exercise knows the right answer and the wrong answers that people usually give. A check
runs the student's code beside all of them: if it agrees with a known mistake, the verdict
names that mistake; otherwise it shows the smallest case that comes out wrong.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Longest answer that a verdict repeats, in characters.
LONGEST = 120

#: An input may differ by rounding after a check, as when a step h is added and taken away again.
UNCHANGED = 1e-9


#: What a check says of the dots of a template.
NO_RESULT = "There is no result yet: put your answer where the dots are."


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


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer is code or a number.

    Parameters
    ----------
    solve : callable
        The right answer as a function of a case; returns an array, a number, or a dictionary
        of them by name (such as ``{"forward": y, "backward": dx}``).
    cases : sequence of tuple
        Arguments to try, the smallest and plainest first.
    names : sequence of str
        What the arguments of a case are called in the exercise.
    mistakes : dict of str to callable
        Known wrong answers, each with the words that help whoever gives it.
    praise : str
        What to say of a right answer.
    run : callable, optional
        Turns the student's answer and a case into a result of the same form as `solve`'s;
        by default the answer is a function that is called with the case.
    hint : str
        What to say of a wrong number that is no known mistake, where the right one must not be told.
    tolerance : float
        Relative and absolute tolerance of a comparison.
    remedy : str
        What to advise whoever changes the arguments of a case.
    """

    solve: Callable[..., Any]
    cases: Sequence[tuple]
    names: Sequence[str]
    mistakes: dict[str, Callable[..., Any]]
    praise: str
    run: Callable[..., Any] = lambda answer, *case: answer(*case)
    hint: str = ""
    tolerance: float = 1e-6
    remedy: str = "make a new array, or put back what you moved"

    def __call__(self, answer: Any) -> Verdict:
        """Check an answer.

        Parameters
        ----------
        answer : object
            What the exercise asks for: a function, a class, or a number.

        Returns
        -------
        Verdict
        """
        if answer is ...:
            return Verdict(False, NO_RESULT)
        results = []
        for case in self.cases:
            given = deepcopy(case)
            result = outcome(lambda *arguments: self.run(answer, *arguments), given)
            if isinstance(result, NotAnAnswer):
                return Verdict(False, str(result))
            if holds(result, ...):
                return Verdict(False, NO_RESULT)
            if holds(result, None):
                return Verdict(
                    False,
                    "Your code gives back None. Is a `return` missing? "
                    "(Printing a value shows it, but does not hand it back.)",
                )
            if not same(given, case, UNCHANGED):
                return Verdict(
                    False,
                    f"Your code changes what it was given: {self._describe(case)} had become "
                    f"{self._describe(given)} afterwards. Whoever called still needs it; {self.remedy}.",
                )
            results.append(result)
        return self._judge(results)

    def _judge(self, results: list) -> Verdict:
        if self._agrees(results, self.solve):
            return Verdict(True, self.praise)
        for words, mistake in self.mistakes.items():
            if self._agrees(results, mistake):
                return Verdict(False, words)
        for case, result in zip(self.cases, results, strict=True):
            expected = outcome(self.solve, deepcopy(case))
            if not same(result, expected, self.tolerance):
                return Verdict(False, self._counter_example(case, result, expected))
        raise AssertionError("an answer that is not right differs from the right one somewhere")

    def _counter_example(self, case: tuple, result: Any, expected: Any) -> str:
        given = f"With {self._describe(case)}" if case else "As given"
        if isinstance(result, Exception):
            return f"{given}, your code stops with {type(result).__name__}: {result}"
        if self.hint:
            return self.hint
        if isinstance(expected, tuple) and not isinstance(result, tuple | list):
            kind = type(result).__name__
            return f"{given}, there should be {len(expected)} results, but there is one {kind}: return them with a comma between."
        if isinstance(expected, tuple) and len(result) != len(expected):
            return f"{given}, there should be {len(expected)} results, but the number of yours is {len(result)}."
        part, expected, result = first_difference(expected, result, self.tolerance)
        if isinstance(result, list | tuple) and np.ndim(expected) == 0:
            return f"{given}, {part} should be a number, but is a {type(result).__name__}."
        shown, right = text(result), text(expected)
        if isinstance(result, np.ndarray) and result.dtype.kind in "iu" and expected.dtype.kind == "f":
            return f"{given}, {part} holds whole numbers only. Make it an array of floats."
        arrays = isinstance(result, np.ndarray) and isinstance(expected, np.ndarray)
        if arrays and result.shape != expected.shape:
            return f"{given}, {part} should have the shape {expected.shape}, but has {result.shape}."
        if arrays and result.size > 12:
            place = tuple(np.argwhere(~np.isclose(result, expected, rtol=self.tolerance, atol=self.tolerance))[0])
            part, shown, right = f"{part}, at place {text(np.array(place))},", text(result[place]), text(expected[place])
        if shown == right:
            return f"{given}, {part} is close, but not right: it differs after the fourth decimal."
        if isinstance(expected, np.ndarray) and not isinstance(result, np.ndarray):
            return f"{given}, {part} should be a NumPy array, but is a {type(result).__name__}."
        return f"{given}, {part} should be {right}, but is {shown}."

    def _describe(self, case: tuple) -> str:
        """Return the arguments of a case by name, short enough for one line."""
        named = zip(self.names, case, strict=True)
        return " and ".join(f"{name} = {text(part)}" for name, part in named if not callable(part))

    def _agrees(self, results: list, function: Callable[..., Any]) -> bool:
        return all(
            same(result, outcome(function, deepcopy(case)), self.tolerance)
            for case, result in zip(self.cases, results, strict=True)
        )


def outcome(function: Callable[..., Any], arguments: tuple) -> Any:
    """Return what a function returns, or the exception that it raises: a student's may raise any."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except Exception as error:
        return error


def holds(result: Any, what: Any) -> bool:
    """Whether a result, or a part of it, is `what`: None, or the dots of a template."""
    if isinstance(result, dict | tuple | list):
        return any(holds(part, what) for part in (result.values() if isinstance(result, dict) else result))
    return result is what


def same(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two results agree in form, shape and value; two errors agree if their kind does."""
    if isinstance(a, Exception) or isinstance(b, Exception):
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
        if np.asarray(a).dtype.kind not in "biuf":
            return False
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
