"""Questions in the page: predict, answer, and read why.

A question is HTML with a few lines of script, answered by the page itself: in the built book, in Jupyter, with no
kernel and no network. Without a script, the folded answer still opens. All texts may hold TeX between dollars.

jupyterquiz 2.9.6 does not serve: axe finds its number box without a label and of too little contrast; it announces
no verdict, leaves TeX unset where a page has no MathJax, and shows nothing without a script.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.pages.exercises import Exercise
from helpers.pages.figures import short_hash
from helpers.pages.markup import render

#: Numbers that differ by less than this share are the same answer, whatever the tolerance.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Reply:
    """What a question says to one answer.

    Parameters
    ----------
    words : str
        Why it is right, or which mistake leads to it.
    value : float, optional
        The answer: a number, or the place of an option. Without one, the reply fits every answer.
    within : float
        How far an answer may be from the value.
    right : bool
    """

    words: str
    value: float | None = None
    within: float = 0.0
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question; as the last line of a cell, it displays itself. Made by `choice` and `number`.

    Parameters
    ----------
    question : str
    answer : str
        The right answer, as the fold below the question says it.
    replies : sequence of Reply
        The first one that fits is given; the right one comes first.
    options : sequence of str
        To choose from; none if a number is asked for.
    unit : str
        What the number counts.
    """

    question: str
    answer: str
    replies: Sequence[Reply]
    options: Sequence[str] = ()
    unit: str = ""

    def __repr__(self) -> str:
        if self.options:
            return "\n".join([f"Question: {self.question}", *(f"- {option}" for option in self.options)])
        return f"Question: {self.question}\nAnswer: a number" + (f" ({self.unit})" if self.unit else "")

    def _repr_html_(self) -> str:
        return render("questions.html", **vars(self), group="q" + short_hash(repr(self)))


def choice(question: str, *, right: str, wrong: Mapping[str, str], because: str) -> Question:
    """Ask the reader to choose; as the last line of a cell, the question displays itself.

    Parameters
    ----------
    question, right : str
        The question and its answer.
    wrong : mapping of str to str
        The other options, each with the words that name its mistake; a hash mixes them with the right one.
    because : str
        Why the right answer is right.

    Returns
    -------
    Question

    Raises
    ------
    ValueError
        If a text is empty, there are no wrong answers, or the right one is among them.

    Examples
    --------
    >>> choice("How does w * x change if w doubles?", right="It doubles.", because="It is w times x.",
    ...        wrong={"It stays.": "That is its slope."})
    Question: How does w * x change if w doubles?
    - It doubles.
    - It stays.
    """
    check_texts(question, wrong, right, because, *wrong)
    if right.strip() in map(str.strip, wrong):
        raise ValueError(f"the answer {right!r} of {question!r} stands among the wrong ones too: remove it there")
    options = sorted([right, *wrong], key=lambda option: short_hash(question + option))
    mistakes = [Reply(words, options.index(option)) for option, words in wrong.items()]
    return Question(question, right, [Reply(because, options.index(right), right=True), *mistakes], options)


def number(
    question: str,
    *,
    answer: float,
    wrong: Mapping[float, str],
    because: str,
    tolerance: float = 0.0,
    unit: str = "",
    hint: str = "Try again, or open the answer.",
) -> Question:
    """Ask the reader for a number; as the last line of a cell, the question displays itself.

    Parameters
    ----------
    question : str
    answer : float
    wrong : mapping of float to str
        Numbers that mistakes lead to, each with the words that name the mistake.
    because : str
        Why the answer is right.
    tolerance : float
        How far an answer may be from the number that it means.
    unit : str
        What the number counts, such as "yen"; the reader may write it or not.
    hint : str
        For wrong numbers that are not listed.

    Returns
    -------
    Question

    Raises
    ------
    ValueError
        If a text is empty, there are no wrong answers, a number is not finite, the tolerance is
        negative, or a wrong answer is within the tolerance of the right one.

    Examples
    --------
    >>> number("What do two apples cost?", answer=220, wrong={110: "That is one."}, because="2 * 110.", unit="yen")
    Question: What do two apples cost?
    Answer: a number (yen)
    """
    check_texts(question, wrong, because, hint)
    if not all(map(math.isfinite, [answer, tolerance, *wrong])) or tolerance < 0:
        got = f"answer {answer}, tolerance {tolerance}, wrong answers {list(wrong)}"
        raise ValueError(f"{question!r} needs finite numbers and a tolerance of at least 0, got {got}")
    within = float(tolerance) + ROUNDING * abs(float(answer))
    if hit := [value for value in wrong if abs(value - answer) <= within]:
        raise ValueError(f"{hit} would be right too: the answer to {question!r} is {answer}, within {tolerance}")
    mistakes = [Reply(words, float(value), within) for value, words in wrong.items()]
    right = Reply(because, float(answer), within, right=True)
    shown = f"{answer}" if isinstance(answer, int) else in_few_digits(answer, within)
    space = "" if unit == "°" else " "
    return Question(question, f"{shown}{space}{unit}".strip(), [right, *mistakes, Reply(hint)], unit=unit)


def answer_box(question: str, exercise: Exercise, *case: float, tolerance: float, unit: str = "") -> Question:
    """Ask for the number of an exercise in the page too, with the mistakes, praise and hint of its check.

    Parameters
    ----------
    question : str
    exercise : Exercise
        One that asks for a number, or for a function that returns one.
    *case : float
        The arguments that the question states; none for an exercise that asks for a number.
    tolerance : float
        How far an answer may be from the number that it means.
    unit : str
        What the number counts.

    Returns
    -------
    Question

    Raises
    ------
    ValueError
        As `number` does; such as where a mistake makes the right number of this case.
    """
    wrong: dict[float, str] = {}
    for mistake in exercise.mistakes:
        for form in mistake.forms:
            wrong.setdefault(float(form(*case)), mistake.words)
    return number(
        question,
        answer=float(exercise.solve(*case)),
        wrong=wrong,
        because=exercise.praise,
        tolerance=tolerance,
        unit=unit,
        **({"hint": exercise.hint} if exercise.hint else {}),
    )


def in_few_digits(value: float, within: float) -> str:
    """Return a number in few digits, at least three, that are near enough to be right themselves.

    Parameters
    ----------
    value : float
    within : float
        How far a right answer may be from it.

    Returns
    -------
    str
    """
    texts = (f"{value:.{digits}g}" for digits in range(3, 17))
    return next((text for text in texts if abs(float(text) - value) <= within and "e" not in text), f"{value:g}")


def check_texts(question: str, wrong: Mapping, *texts: str) -> None:
    """Raise a ValueError if a text of a question is empty, or no wrong answer is known."""
    if not wrong:
        raise ValueError(f"{question!r} needs wrong answers, each with the words that name its mistake")
    for words in (question, *texts, *wrong.values()):
        if not isinstance(words, str) or not words.strip():
            raise ValueError(f"a text of the question {question!r} is empty: {words!r}; write a sentence")
