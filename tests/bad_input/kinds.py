"""Kinds of bad input, each a change of a good argument and the words that its error must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Bad:
    """One bad argument.

    Attributes
    ----------
    argument : str
        Its name; ``*`` for what is handed over by place.
    kind : str
        What is wrong with it.
    change : callable
        Makes it of the good one.
    words : str
        What the error must hold, as a regular expression.
    error : type or tuple of type
    """

    argument: str
    kind: str
    change: Callable[[Any], Any]
    words: str
    error: Any = (ValueError, TypeError)


@dataclass(frozen=True)
class Entry:
    """A public callable under test.

    Attributes
    ----------
    good : callable
        Returns good arguments by name, made anew.
    bad : list of Bad
    call : callable, optional
        How it is called, if not with the arguments alone; takes the callable and them.
    remembers : bool
        Whether layers may remember a pass that was refused at its end: the next one overwrites that.
    after_a_draw : set of str
        Arguments that can only be judged by what was drawn: then the generator has moved on.
    """

    good: Callable[[], dict[str, Any]]
    bad: list[Bad]
    call: Callable[..., Any] | None = None
    remembers: bool = False
    after_a_draw: frozenset[str] = frozenset()


def as_is(value: Any) -> Callable[[Any], Any]:
    return lambda good: value


def one(argument: str, value: Any, words: str, error: Any = (ValueError, TypeError)) -> list[Bad]:
    """One bad value, whatever the good one is."""
    shown = str(value).replace("\n", " ")[:40]
    return [Bad(argument, shown, as_is(value), words, error)]


def changed(argument: str, kind: str, change: Callable[[Any], Any], words: str) -> list[Bad]:
    """One bad value that is made of the good one."""
    return [Bad(argument, kind, change, words)]


def with_hole(value: float, row: int) -> Callable[[NDArray], NDArray]:
    """Put a value into the last place of one row of an array; the others stay as they are."""

    def change(good: NDArray) -> NDArray:
        bad = np.array(good)
        bad = bad if bad.dtype.kind == "f" else bad.astype(float)
        bad[(row, *[-1] * (bad.ndim - 1))] = value
        return bad

    return change


def holes(argument: str, words: str) -> list[Bad]:
    """NaN in the last row, or infinity in the first, of an array that is sound elsewhere."""
    return [
        Bad(argument, "NaN in one row", with_hole(np.nan, -1), words),
        Bad(argument, "infinity in one row", with_hole(-np.inf, 0), words),
    ]


def kinds(argument: str, words: str = "floats") -> list[Bad]:
    """What no float can hold: complex numbers, objects, text."""
    return [
        Bad(argument, "complex", lambda good: np.asarray(good) + 0j, words),
        Bad(argument, "objects", lambda good: np.full(np.shape(good), None), words),
        Bad(argument, "text", lambda good: np.full(np.shape(good), "one"), words),
    ]


def batch(argument: str, *, finite: str = "finite", floats: str = "floats", shape: str = "shape") -> list[Bad]:
    """Everything that is wrong with rows of numbers."""
    return [
        *holes(argument, finite),
        *kinds(argument, floats),
        Bad(argument, "no rows", lambda good: good[:0], shape),
        Bad(argument, "one row alone", lambda good: good[0], shape),
        Bad(argument, "a column too few", lambda good: good[:, 1:], shape),
        Bad(argument, "an axis too many", lambda good: good[None], shape),
    ]


def positive(argument: str, words: str | None = None) -> list[Bad]:
    """What is no positive number."""
    values = [0.0, -1.0, np.nan, np.inf]
    return [bad for value in values for bad in one(argument, value, words or f"{argument}.* must be positive")]


def not_negative(argument: str, words: str | None = None) -> list[Bad]:
    """What is no number from 0 on."""
    return [
        bad
        for value in (-1.0, np.nan, np.inf)
        for bad in one(argument, value, words or f"{argument}.* not be negative")
    ]


def text_for_a_number(argument: str) -> list[Bad]:
    """Text, where a number is asked for."""
    return one(argument, "fast", f"{argument}.*'fast'")


def count(argument: str, words: str | None = None, least: int = 1) -> list[Bad]:
    """What is no whole number, or too small a one."""
    values = [least - 1, -3, 2.5, np.nan, "3", None, True]
    return [bad for value in values for bad in one(argument, value, words or f"{argument} must be")]


def generator(argument: str = "rng") -> list[Bad]:
    """What draws, or might be taken to draw, and is no Generator."""
    words = r"rng must be a numpy.random.Generator"
    return [
        bad
        for value in (0, None, np.random.RandomState(0), np.random.PCG64(0))
        for bad in one(argument, value, words, TypeError)
    ]


def upstream(argument: str = "upstream") -> list[Bad]:
    """What does not have the shape of an output."""
    return [
        Bad(argument, "a row too few", lambda good: good[1:], "upstream gradient .* shape"),
        Bad(argument, "a list", lambda good: good.tolist(), "upstream gradient .* list"),
        Bad(argument, "a number", as_is(1.0), "upstream gradient .* float"),
    ]


def labels(argument: str, classes: int, words: str = "labels|class") -> list[Bad]:
    """What are no labels from 0 to classes - 1, one for each row."""
    return [
        Bad(argument, "one too few", lambda good: good[1:], words),
        Bad(argument, "a negative one", lambda good: np.array([*good[:-1], -1]), words),
        Bad(argument, "one beyond the classes", lambda good: np.array([*good[:-1], classes]), words),
        Bad(argument, "floats", lambda good: good + 0.5, words),
        Bad(argument, "text", lambda good: good.astype(str), words),
    ]


def shares(argument: str) -> list[Bad]:
    """What are no numbers from 0 to 1, one for each output."""
    return [
        Bad(argument, "one beyond 1", with_hole(1.5, -1), "targets must lie between 0 and 1"),
        Bad(argument, "NaN in one row", with_hole(np.nan, 0), "targets must lie between 0 and 1"),
        Bad(argument, "a row too few", lambda good: good[1:], "targets|shape"),
    ]
