"""Checks of a student's answer that name the mistake.

An `Exercise` knows the right answer and the wrong answers that people usually give. It runs the
student's code beside all of them: if it agrees with a known mistake, the verdict names that
mistake; otherwise it shows the smallest case that comes out wrong. A `Measured` check has no right
answer to compare with: it measures what an answer does, and judges by ranges.

An answer that is still the template, or the program with a mistake that the page gives, is answered in one
place for both, `Check`.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.pages.answers import NO_RESULT, NotAnAnswer, called, outcome, refuse_unchanged, refuse_unwritten
from helpers.pages.comparison import in_form, same
from helpers.pages.wording import stops, text, wrong_kind, wrong_value

#: An input may differ by rounding after a check, as when a step h is added and taken away again.
UNCHANGED = 1e-9


@dataclass(frozen=True)
class Verdict:
    """What a check says; true if the answer is right. Displays as its message.

    Parameters
    ----------
    right : bool
        Whether the answer is right.
    message : str
        What to say of it, in sentences.
    """

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return ("Right. " if self.right else "Not yet. ") + self.message


class Mistake:
    """A known wrong answer: the words that help whoever gives it, and the forms in which it comes.

    Parameters
    ----------
    words : str
        What to say.
    *forms : callable
        Wrong answers, each a function of a case, as `Exercise.solve` is.
    """

    def __init__(self, words: str, *forms: Callable[..., Any]) -> None:
        self.words, self.forms = words, forms


def altered(solve: Callable[..., tuple], names: Sequence[str], **wrong: Callable[..., Any]) -> Callable[..., tuple]:
    """Return a wrong form: the right answer, but for some of its parts.

    Parameters
    ----------
    solve : callable
        The right answer, of several parts.
    names : sequence of str
        What the parts are called, in order.
    **wrong : callable
        What stands in place of a part, as a function of the right part and the case.

    Returns
    -------
    callable
    """

    def form(*case: Any) -> tuple:
        parts = zip(names, solve(*case), strict=True)
        return tuple(wrong[name](part, *case) if name in wrong else part for name, part in parts)

    return form


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
    given = ""

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
        try:
            refuse_unchanged(answer, self.unwritten, self.given)
            return self._judge(answer)
        except NotAnAnswer as refusal:
            return Verdict(False, str(refusal))

    def _judge(self, answer: Any) -> Verdict:
        raise NotImplementedError


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
    given : str
        The text of the program with a mistake that the page gives, where it gives one; nobody has answered with it.
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
    given: str = ""

    def _judge(self, answer: Any) -> Verdict:
        results = [self._result(answer, *pair) for pair in zip(self.cases, self.expected, strict=True)]
        if self._agree(results, self.expected):
            return Verdict(True, self.praise)
        for mistake, forms in zip(self.mistakes, self.mistaken, strict=True):
            if any(self._agree(results, form) for form in forms):
                return Verdict(False, mistake.words)
        rows = zip(self.cases, results, self.expected, strict=True)
        first = next(row for row in rows if not same(row[1], row[2], self.tolerance))
        return Verdict(False, self._counter_example(*first))

    @cached_property
    def expected(self) -> list[Any]:
        """What the right answer makes of each case."""
        return self._outcomes(self.solve)

    @cached_property
    def mistaken(self) -> list[list[list[Any]]]:
        """What each form of each mistake makes of each case."""
        return [[self._outcomes(form) for form in mistake.forms] for mistake in self.mistakes]

    def _outcomes(self, function: Callable[..., Any]) -> list[Any]:
        return [outcome(function, deepcopy(case)) for case in self.cases]

    def _result(self, answer: Any, case: tuple, expected: Any) -> Any:
        """Return what the answer makes of a case, in the form of what is expected; or the exception that it raises."""
        given = deepcopy(case)
        result = outcome(lambda *case: in_form(self.run(answer, *case), expected, self.arrays_only), given)
        refuse_unwritten(result)
        if not same(given, case, UNCHANGED):
            raise NotAnAnswer(
                f"Your code changes what it was given: {self._describe(case)} had become "
                f"{self._describe(given)} afterwards. Whoever called still needs it; {self.remedy}."
            )
        return result

    def _agree(self, results: list[Any], others: list[Any]) -> bool:
        return all(same(result, other, self.tolerance) for result, other in zip(results, others, strict=True))

    def _counter_example(self, case: tuple, result: Any, expected: Any) -> str:
        """Say what is wrong with a result that is no known mistake."""
        words = wrong_kind(result, expected, self.tolerance)
        if self.hint and not words:
            return self.hint
        given = f"With {self._describe(case)}" if case else "As given"
        return f"{given}, {words or wrong_value(result, expected, self.tolerance)}"

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
        if isinstance(measured, BaseException):
            words = stops(measured)
            return Verdict(False, words[0].upper() + words[1:])
        finding = next(finding for finding in self.findings if finding.when(measured))
        words = finding.words if isinstance(finding.words, str) else finding.words(measured)
        return Verdict(finding.right, words)
