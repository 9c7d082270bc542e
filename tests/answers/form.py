"""The form in which the answers of a chapter are kept.

A file of answers reads like this::

    double = Answers("double")

    double.right("one number, as on the page")(6)
    double.wrong("adds two in place of doubling", says="You added two.")(5)


    @double.right("a loop in place of an array")
    def answer(x):
        return [2 * one for one in x]
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Given:
    """One answer to an exercise.

    Parameters
    ----------
    what : str
        What is wrong with it, or what is its own about a right one, in plain words.
    answer : object
        What the student hands to the check: a number, a function, a class.
    says : str or None
        Words of the verdict that were read and judged true of this answer; None for a right one.
    same_in_containers : bool
        Whether the verdict is the same when the results come in another container.
    """

    what: str
    answer: Any
    says: str | None
    same_in_containers: bool = True

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.says is None


class Answers:
    """All answers to one exercise.

    Parameters
    ----------
    name : str
        What the exercise is called: the answers go to `check.name`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.given: list[Given] = []

    def right(self, what: str, same_in_containers: bool = True) -> Callable[[Any], Any]:
        """Keep what follows as a right answer: a value in parentheses, or a function or class below.

        Parameters
        ----------
        what : str
            What is its own about it.
        same_in_containers : bool
            False if the answer is about its container.

        Returns
        -------
        callable
            Takes the answer.
        """
        return self._keeper(what, None, same_in_containers)

    def wrong(self, what: str, says: str, same_in_containers: bool = True) -> Callable[[Any], Any]:
        """Keep what follows as a wrong answer.

        Parameters
        ----------
        what : str
            What is wrong with it.
        says : str
            Words of the verdict, enough of them to tell it from the others.
        same_in_containers : bool
            False if the answer is about its container, or the verdict tells its kind.

        Returns
        -------
        callable
            Takes the answer.
        """
        return self._keeper(what, says, same_in_containers)

    def _keeper(self, what: str, says: str | None, same_in_containers: bool) -> Callable[[Any], Any]:
        def keep(answer: Any) -> Any:
            self.given.append(Given(what, answer, says, same_in_containers))
            return answer

        return keep
