"""Change the code a little, and see whether the tests notice: ``make mutants``.

A mutant is the package with one small change: another operator, another number, a condition turned round. It is caught
when a test goes red. Cosmic Ray makes the mutants, in a copy of what git knows. Which tests are tried is read from
their imports: those that name the module, then those that name what imports it; of each kind the quickest first. Of
every module some places are drawn, and at each place one change: one that has many possible changes counts once.

    python -m tools.mutants [ROOM ...] [--sample 10] [--seed 0] [--module PATH ...]

Without a room, all are tried. A table is printed, then every survivor as a difference; all of it is kept in
``_build/mutants``. A survivor either is equivalent, and `KNOWN` says why, or asks for a test.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.copies import ROOT, copied
from tools.judges import is_red

if TYPE_CHECKING:
    from cosmic_ray.work_item import MutationSpec, WorkItem, WorkResult

KEPT = ROOT / "_build" / "mutants"
KNOWN = Path(__file__).with_suffix(".json")

#: These need the built book, which no mutant has.
BROWSER_TESTS = ROOT / "tests" / "pages"

#: Share of mutants, in per cent, that the tests must catch in each room.
ASKED = {"numerics": 97, "pages": 90, "exercises": 95}

#: What draws or asks, in the chapters, too.
PAGES = re.compile(
    r"helpers/(pages|chapters/front)/|(questions|_figure|_story|_places|landscape|choose_rule|objections|bill|graph_\w+)\.py$"
)

#: Tests that find modules by name or by number, without an import.
BY_NAME = {
    r"chapter\d/exercises\.py$": ["exercise_cases", "exercises_table", "exercises", "answers"],
    r"questions\.py$": ["questions"],
    r"helpers/rules/": ["rules"],
}

#: A mutant counts as caught, since it hangs, after this many times what its tests take without it, and a minute.
PATIENCE = 4


@dataclass(frozen=True)
class Mutant:
    """One mutant and what became of it."""

    room: str
    module: str
    place: str
    caught: bool
    change: str


def modules_of(room: str) -> list[str]:
    """Return the modules of a room, by their paths from the top; each module is in one room.

    Raises
    ------
    ValueError
        If there is no such room.
    """
    if room not in ASKED:
        raise ValueError(f"no room {room!r}: there are {', '.join(ASKED)}")
    paths = (path.relative_to(ROOT).as_posix() for path in (ROOT / "helpers").rglob("*.py"))
    return sorted(path for path in paths if not path.endswith("__init__.py") and room_of(path) == room)


def room_of(path: str) -> str:
    """Return the room that a module is counted in."""
    if path.endswith("/exercises.py") and "/chapters/" in path:
        return "exercises"
    return "pages" if PAGES.search(path) else "numerics"


@cache
def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, as dotted names; of ``from a import b`` both a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def dotted(path: Path) -> str:
    """Return the name by which a file is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def files_of(folder: str) -> list[Path]:
    """Return the modules of a folder, without those that need the built book."""
    return sorted(path for path in (ROOT / folder).rglob("*.py") if BROWSER_TESTS not in path.parents)


def importers(module: str, folder: str) -> list[Path]:
    """Return the files of a folder that import a module."""
    return [path for path in files_of(folder) if module in imported(path)]


def judges_of(module: str) -> list[str]:
    """Return the test files that import a module, then those that import what imports it."""
    name = dotted(ROOT / module)
    found = importers(name, "tests")
    for between in [*found, *importers(name, "helpers")]:
        found = [*found, *importers(dotted(between), "tests")]
    for end, names in BY_NAME.items():
        if re.search(end, module):
            found += [ROOT / "tests" / f"test_{name}.py" for name in names]
    return list(dict.fromkeys(path.relative_to(ROOT).as_posix() for path in found if path.name.startswith("test_")))


def nearest_first(module: str, seconds: Mapping[str, float]) -> list[str]:
    """Put test files in the order in which they are tried: a module's own, what imports it, the others.

    Parameters
    ----------
    module : str
    seconds : mapping of str to float
        What each file takes: of the equally near ones, the quickest comes first.

    Returns
    -------
    list of str
    """
    name = dotted(ROOT / module)

    def key(test: str) -> tuple[bool, bool, float]:
        return Path(test).stem != f"test_{Path(module).stem}", name not in imported(ROOT / test), seconds[test]

    return sorted(seconds, key=key)


@cache
def seconds_of(test: str, checkout: Path) -> float:
    """Run a test file on the package as it is, once for all modules, and return what it takes.

    Raises
    ------
    ValueError
        If it is red.
    """
    start = time.perf_counter()
    if is_red(test, checkout):
        raise ValueError(f"{test} is red without any change, so that it would catch everything")
    return time.perf_counter() - start


def places_of_types(path: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where types stand in a file, as pairs of (line, column): a change there changes no behaviour."""
    spans = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for types in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if types is not None:
                spans.append(((types.lineno, types.col_offset), (types.end_lineno, types.end_col_offset)))
    return spans


def place_and_change(mutation: MutationSpec) -> tuple:
    """Return what orders changes the same way in every run: where, and which of those that are possible there."""
    return mutation.start_pos, mutation.operator_name, mutation.occurrence


def drawn(items: Iterable[WorkItem], path: Path, count: int, rng: random.Random) -> set[str]:
    """Draw some places of a file and one change at each; return the numbers of these jobs."""
    types = places_of_types(path)
    places: dict[tuple, list[str]] = {}
    for item in items:
        mutation = item.mutations[0]
        start, end = tuple(mutation.start_pos), tuple(mutation.end_pos)
        if not any(first <= start and end <= last for first, last in types):
            places.setdefault((start, end), []).append(item.job_id)
    chosen = rng.sample(sorted(places), min(count, len(places)))
    return {rng.choice(places[place]) for place in chosen}


def tried(room: str, module: str, count: int, seed: int, checkout: Path) -> Iterator[Mutant]:
    """Make mutants of one module and try the tests on each.

    Raises
    ------
    ValueError
        If no test imports the module, or if one is red as it is.
    """
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    seconds = {test: seconds_of(test, checkout) for test in judges_of(module)}
    if not seconds:
        raise ValueError(f"{module}: no test imports it, so that no mutant could be caught")
    name = module.removesuffix(".py").replace("/", "-")
    session, settings = KEPT / f"{name}.sqlite", KEPT / f"{name}.toml"
    command = f"{sys.executable} -m tools.judges {' '.join(nearest_first(module, seconds))}"
    patience = 60 + PATIENCE * sum(seconds.values())
    values: dict[str, Any] = {"module-path": module, "timeout": patience, "excluded-modules": []}
    values["test-command"] = command
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    settings.write_text("\n".join(["[cosmic-ray]", *lines, "[cosmic-ray.distributor]", 'name = "local"', ""]), "utf-8")
    with use_db(session, WorkDB.Mode.create) as work:
        init([checkout / module], work, {})
        # The same places for the same seed: jobs are numbered by chance, so they are put in order first.
        items = sorted(work.work_items, key=lambda item: place_and_change(item.mutations[0]))
        keep = drawn(items, checkout / module, count, random.Random(f"{seed} {module}"))
        rest = [item.job_id for item in items if item.job_id not in keep]
        work.set_multiple_results(rest, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    subprocess.run([Path(sys.executable).with_name("cosmic-ray"), "exec", settings, session], cwd=checkout, check=True)
    with use_db(session, WorkDB.Mode.open) as work:
        places = {item.job_id: item.mutations[0].start_pos[0] for item in work.work_items}
        for job, result in work.results:
            if job in keep:
                yield Mutant(room, module, f"{module}:{places[job]}", result.is_killed, change_of(result))


def change_of(result: WorkResult) -> str:
    """Return the lines that a mutant changed, the old one and the new one."""
    lines = (result.diff or "").splitlines()
    return "\n".join(line for line in lines if re.match(r"[-+](?![-+])", line))


def equivalent(mutant: Mutant, known: dict[str, dict[str, str]]) -> bool:
    """Whether the list of known survivors has this change of this module."""
    return mutant.change in known.get(mutant.module, {})


def table(mutants: Sequence[Mutant], known: dict[str, dict[str, str]]) -> str:
    """Format what was caught, by room; known equivalents are left out."""
    lines = [f"{'room':<12}{'caught':>8}{'of':>6}{'share':>8}{'asked':>8}"]
    for room, asked in ASKED.items():
        judged = [mutant for mutant in mutants if mutant.room == room and not equivalent(mutant, known)]
        if judged:
            caught = sum(mutant.caught for mutant in judged)
            lines.append(f"{room:<12}{caught:>8}{len(judged):>6}{100 * caught / len(judged):>7.1f}%{asked:>7}%")
    return "\n".join(lines)


def main() -> int:
    """Try the mutants that are asked for; return 1 where a room's share is below what is asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ASKED)}; all by default")
    parser.add_argument("--sample", type=int, default=10, help="places that are changed in each module (default: 10)")
    parser.add_argument("--seed", type=int, default=0, help="of the places (default: 0)")
    parser.add_argument("--module", nargs="+", default=[], metavar="PATH", help="only these modules")
    options = parser.parse_args()
    checkout = KEPT / "checkout"
    shutil.rmtree(checkout, ignore_errors=True)
    copied(checkout)
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    mutants: list[Mutant] = []
    for room in options.rooms or ASKED:
        for module in modules_of(room):
            if not options.module or module in options.module:
                mutants += tried(room, module, options.sample, options.seed, checkout)
                caught = [mutant.caught for mutant in mutants if mutant.module == module]
                print(f"{module}: {sum(caught)} of {len(caught)} caught", flush=True)
    survivors = [mutant for mutant in mutants if not mutant.caught and not equivalent(mutant, known)]
    report = "\n\n".join([table(mutants, known), *(f"{mutant.place}\n{mutant.change}" for mutant in survivors)])
    (KEPT / "report.txt").write_text(report + "\n", encoding="utf-8")
    print(report)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
