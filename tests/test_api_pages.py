"""The pages of the package tell of every module of the general rooms, and the contents list every page."""

import pkgutil
import re
from pathlib import Path

import pytest

import helpers
from extensions.docstrings import as_page

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

BOOK = Path(__file__).parents[1] / "book"
ROOMS = sorted(room.name for room in pkgutil.iter_modules(helpers.__path__) if room.name != "chapters")


@pytest.mark.parametrize("room", ROOMS)
def test_the_page_of_a_room_tells_of_each_of_its_modules(room: str) -> None:
    """Each with :members:, which shows whatever is public and has a docstring; test_docstrings.py sees to these."""
    shown = re.findall(r"automodule:: (\S+)\n   :members:\n", (BOOK / "api" / f"{room}.md").read_text("utf-8"))
    folder = Path(helpers.__path__[0], room)
    assert sorted(shown) == sorted(f"helpers.{room}.{module.name}" for module in pkgutil.iter_modules([str(folder)]))


def test_every_room_has_a_page_that_can_be_found() -> None:
    contents = (BOOK.parent / "_toc.yml").read_text("utf-8")
    overview = (BOOK / "api.md").read_text("utf-8")
    for room in ROOMS:
        assert f"book/api/{room}\n" in contents and f"](api/{room})" in overview


def test_bars_of_a_docstring_are_no_substitutions_and_code_stays() -> None:
    lines = ["max(x, 0) - |x|, as in ``a | b``"]
    as_page(None, "function", "f", None, None, lines)
    assert lines == [r"max(x, 0) - \|x\|, as in ``a | b``"]


def test_references_of_a_module_are_no_section() -> None:
    module, function = (["References", "----------", ".. [1] Someone."] for _ in range(2))
    as_page(None, "module", "m", None, None, module)
    as_page(None, "function", "f", None, None, function)
    assert module == [".. rubric:: References", "", ".. [1] Someone."]
    assert function[:2] == ["References", "----------"]  # numpydoc's own work
