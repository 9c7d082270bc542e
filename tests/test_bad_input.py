"""Bad input, by a table over all that is public: a clear error, nothing changed, and no warning.

The tables stand in ``tests/bad_input``, one file for some rooms each. What is public is found by looking, so a new
function that is not in a table fails here: give it an entry, or a reason why nothing bad can be handed to it.
"""

import re
import warnings
from collections import Counter

import numpy as np
import pytest

from helpers import rules
from helpers.chapters.chapter4.routed_error_diffusion import RoutedErrorDiffusion
from helpers.data.datasets import Dataset, Split
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.network import Diverged
from helpers.training.loop import fit
from helpers.training.optimizers import SGD
from tests.bad_input import chapters, learning, networks, pages
from tests.bad_input.kinds import Bad, Entry
from tests.bad_input.public import public
from tests.bad_input.unchanged import MEMORY, picture

pytestmark = pytest.mark.same_everywhere

FILES = (networks, learning, chapters, pages)
PUBLIC = public()
TABLE = {name: entry for file in FILES for name, entry in file.TABLE.items()}
REASONS = {name: reason for file in FILES for reason, names in file.REASONS.items() for name in names}


class AnyDraws(np.random.Generator):
    """A generator that may move on."""


def called(name: str, arguments: dict) -> object:
    """Call what a name stands for, with every warning an error."""
    call = TABLE[name].call or (lambda thing, **rest: thing(*rest.pop("*", ()), **rest))
    with warnings.catch_warnings(action="error"):
        return call(PUBLIC[name], **arguments)


def test_everything_public_is_in_a_table_once() -> None:
    listed = Counter([name for file in FILES for name in file.TABLE])
    listed.update(name for file in FILES for names in file.REASONS.values() for name in names)
    assert not [name for name, times in listed.items() if times > 1]
    assert not set(PUBLIC) - set(listed), "new: add an entry to a table of tests/bad_input, or a reason"
    assert not set(listed) - set(PUBLIC), "gone: take it out of the table"


def test_every_entry_has_something_bad_and_every_reason_says_something() -> None:
    assert all(entry.bad for entry in TABLE.values())
    assert all(len(reason.split()) >= 4 for reason in REASONS.values())


@pytest.mark.parametrize("name", [name for name in TABLE if not name.startswith("data.mnist")])
def test_the_good_call_of_each_entry_is_taken(name: str) -> None:
    called(name, TABLE[name].good())


def fault(name: str, bad: Bad) -> str:
    """Hand over one bad argument; return what is wrong with how it is met, empty if nothing is."""
    entry: Entry = TABLE[name]
    arguments = entry.good()
    if bad.argument in entry.after_a_draw:
        arguments["rng"] = AnyDraws(arguments["rng"].bit_generator)
    arguments[bad.argument] = bad.change(arguments.get(bad.argument))
    but = frozenset(MEMORY) if entry.remembers else frozenset()
    before = picture(arguments, but)
    try:
        called(name, arguments)
    except bad.error as error:
        if not re.search(bad.words, str(error), re.DOTALL):
            return f"the error should hold {bad.words!r}, and says {str(error)!r}"
        return "" if picture(arguments, but) == before else "something was changed before the error"
    except Exception as error:
        return f"it raises {error!r}"
    return "it is let through"


@pytest.mark.parametrize("name", TABLE)
def test_bad_input_is_an_error_that_says_so_and_changes_nothing(name: str) -> None:
    faults = {f"{bad.argument}: {bad.kind}": fault(name, bad) for bad in TABLE[name].bad}
    assert not {bad: words for bad, words in faults.items() if words}
