"""Mutants are drawn where they can tell something, and judged by tests that could see them."""

import json
from random import Random
from types import SimpleNamespace

import pytest

from tools import judges
from tools.copies import ROOT, copied
from tools.mutants import ASKED, KNOWN, Mutant, drawn, judges_of, modules_of, nearest_first, room_of, table

pytestmark = pytest.mark.same_everywhere

MODULES = [module for room in ASKED for module in modules_of(room)]

SOURCE = """def half(x: int | None, n: int = 2) -> float | None:
    return x / n
"""


def job(number, start, end):
    """A change between two places, as Cosmic Ray describes it."""
    return SimpleNamespace(job_id=number, mutations=[SimpleNamespace(start_pos=start, end_pos=end)])


def test_every_module_is_in_one_room():
    assert len(MODULES) == len(set(MODULES))
    kept = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "helpers").rglob("*.py") if path.name != "__init__.py"
    }
    assert set(MODULES) == kept
    assert room_of("helpers/pages/exercises.py") == "pages" and room_of("helpers/rules/contract.py") == "numerics"
    with pytest.raises(ValueError, match="no room 'kitchen': there are numerics, pages, exercises"):
        modules_of("kitchen")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_tests_and_its_own_come_first(module):
    found = judges_of(module)
    assert found and all((ROOT / path).is_file() for path in found), f"no test sees {module}"


def test_tests_are_found_through_what_imports_a_module():
    assert judges_of("helpers/networks/losses.py")[0].startswith("tests/test_")
    assert "tests/test_explore.py" in judges_of("helpers/pages/markup.py")
    assert not any(path.startswith("tests/pages") for module in MODULES for path in judges_of(module))


def test_a_modules_own_tests_are_tried_first_and_of_equally_near_ones_the_quickest():
    seconds = {"rules": 1.0, "sample_losses": 3.0, "layers": 2.0, "bad_input": 0.5, "losses": 9.0}
    found = nearest_first("helpers/networks/losses.py", {f"tests/test_{name}.py": s for name, s in seconds.items()})
    assert found == [f"tests/test_{name}.py" for name in ("losses", "layers", "sample_losses", "bad_input", "rules")]


def test_after_a_red_file_no_other_is_tried(tmp_path, monkeypatch):
    for name, line in (("green", "assert True"), ("red", "assert False"), ("last", "open('last', 'w').close()")):
        (tmp_path / f"test_{name}.py").write_text(f"def test_one():\n    {line}\n")
    monkeypatch.chdir(tmp_path)
    assert judges.main(["test_green.py", "test_red.py", "test_last.py"]) == 1 and not (tmp_path / "last").exists()
    assert judges.main(["test_green.py"]) == 0
    assert judges.is_red("test_missing.py", tmp_path)


def test_a_place_is_drawn_once_and_never_among_types(tmp_path):
    file = tmp_path / "half.py"
    file.write_text(SOURCE)
    types = [job("a", (1, 12), (1, 22)), job("b", (1, 39), (1, 51))]
    places = [job("c", (2, 11), (2, 16)), job("d", (2, 11), (2, 16)), job("e", (1, 33), (1, 34))]
    assert drawn(types, file, 9, Random(0)) == set()
    found = drawn([*types, *places], file, 9, Random(0))
    assert len(found) == 2 and found < {"c", "d", "e"}
    assert drawn(places, file, 1, Random(1)) == drawn(places, file, 1, Random(1))
    assert {next(iter(drawn(places[:2], file, 1, Random(seed)))) for seed in range(20)} == {"c", "d"}


def test_the_table_counts_what_is_caught_and_leaves_out_known_equivalents():
    some = [Mutant("numerics", "a.py", "a.py:1", caught, f"+{caught}{n}") for n in range(2) for caught in (True, False)]
    assert table(some, {}).splitlines()[1].split() == ["numerics", "2", "4", "50.0%", "97%"]
    known = {"a.py": {"+False1": "the same number, written otherwise"}}
    assert table(some, known).splitlines()[1].split() == ["numerics", "2", "3", "66.7%", "97%"]


def test_known_survivors_are_changes_of_lines_that_there_are_each_with_a_reason():
    for module, changes in json.loads(KNOWN.read_text(encoding="utf-8")).items():
        lines = (ROOT / module).read_text(encoding="utf-8").splitlines()
        for change, reason in changes.items():
            old = [line[1:] for line in change.splitlines() if line.startswith("-")]
            assert old and set(old) <= set(lines), f"{module} holds no such line any more: {old}"
            assert len(reason.split()) >= 4


def test_a_copy_holds_what_git_knows_and_leaves_the_sources_alone(tmp_path):
    copied(tmp_path / "copy")
    assert (tmp_path / "copy/helpers/networks/losses.py").read_bytes() == (
        ROOT / "helpers/networks/losses.py"
    ).read_bytes()
    assert not (tmp_path / "copy/_build").exists()
