"""The comparative claims of the book and what they rest on, read from ``book/claims.toml``.

A claim rests on stored results (two paths to values per seed, whose difference is computed here) or on a cell of
its chapter (whose assertion holds it, and whose number is pasted). Nothing in this module knows of Sphinx.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.measures.comparisons import Difference, paired_difference

SAID = ("claim", "compared", "chosen", "seeds")  # what every entry says in words
BY_RESULTS = {"first", "second", "shows"}
BY_CELL = {"cell", "glue"}
OPTIONS = {"unit", "scale", "margin"}
SHOWS = ("less", "more", "alike")


class ClaimError(ValueError):
    """Something is wrong with a claim; the message names the claim."""


@dataclass(frozen=True)
class Claim:
    """One entry of ``book/claims.toml``; CONTRIBUTING.md says what each part means."""

    key: str
    claim: str
    compared: str
    chosen: str
    seeds: str
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    shows: str = ""
    margin: float = 0.0
    unit: str = ""
    scale: float = 1.0
    cell: str = ""
    glue: str = ""

    @property
    def chapter(self) -> int:
        """Its chapter's number, with which the key begins."""
        return int(self.key.split("-", 1)[0])

    def __post_init__(self) -> None:
        if not self.key.split("-", 1)[0].isdigit() or "-" not in self.key:
            raise ClaimError(f"{self.key}: a key is the chapter's number, a dash and a word, such as 5-depth")
        if bool(self.first) == bool(self.cell):
            raise ClaimError(f"{self.key}: name either first, second and shows, or cell and glue")
        if self.first and self.shows not in SHOWS:
            raise ClaimError(f"{self.key}: shows is one of {', '.join(SHOWS)}, got {self.shows!r}")
        if (self.shows == "alike") != (self.margin > 0):
            raise ClaimError(f"{self.key}: a margin says how little would not matter; shows = 'alike' needs one")


@dataclass(frozen=True)
class Evidence:
    """What stored results say of a claim: the means of both sides and their difference over common seeds."""

    first: float
    second: float
    difference: Difference


def make_claim(key: str, entry: dict[str, Any]) -> Claim:
    """Return one entry as a `Claim`; raise `ClaimError` if a part is missing or unknown."""
    if missing := [name for name in SAID if not entry.get(name)]:
        raise ClaimError(f"{key}: says nothing of {', '.join(missing)}")
    kind = BY_CELL if "cell" in entry else BY_RESULTS
    if missing := sorted(kind - entry.keys()):
        raise ClaimError(f"{key}: lacks {', '.join(missing)}")
    if unknown := sorted(entry.keys() - {*SAID, *kind, *OPTIONS}):
        raise ClaimError(f"{key}: nothing is called {', '.join(unknown)}")
    paths: dict[str, Any] = {side: tuple(entry[side]) for side in ("first", "second") if side in entry}
    return Claim(key, **(entry | paths))


def read_claims(file: Path) -> dict[str, Claim]:
    """Return all claims of a file by their keys, in the order of the file."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return {key: make_claim(key, entry) for key, entry in entries.items()}


def per_seed(path: tuple[str, ...], folder: Path) -> dict[int, float]:
    """Return the values at a path, by seed: a file's stem, then the names to a ``per_seed`` list in it.

    The seeds are those of the innermost part on the way that names any.
    """
    file = folder / f"{path[0]}.json"
    if not file.is_file():
        raise ClaimError(f"there is no {file.name} in {folder.name}")
    part: Any = json.loads(file.read_text(encoding="utf-8"))
    seeds: list[int] = []
    for name in path[1:]:
        seeds = part.get("seeds", seeds)
        if name not in part:
            raise ClaimError(f"{file.name} has no {name!r} in {' / '.join(path[1:])}: there are {', '.join(part)}")
        part = part[name]
    values = part.get("per_seed") if isinstance(part, dict) else None
    if values is None or len(values) != len(part.get("seeds", seeds)):
        raise ClaimError(f"{' / '.join(path)} does not lead to one value for each seed")
    return dict(zip(part.get("seeds", seeds), values, strict=True))


def weigh(claim: Claim, folder: Path) -> Evidence:
    """Return what the results say of a claim; raise `ClaimError` if they do not bear it out."""
    try:
        by_seed = [per_seed(path, folder) for path in (claim.first, claim.second)]
        common = sorted(by_seed[0].keys() & by_seed[1].keys())
        sides = [[claim.scale * values[seed] for seed in common] for values in by_seed]
        found = paired_difference(sides[0], sides[1])
    except ValueError as error:
        raise ClaimError(f"{claim.key}: {error}") from error
    bears_out = {"less": found.high < 0, "more": found.low > 0, "alike": found.within(claim.margin)}
    if not bears_out[claim.shows]:
        raise ClaimError(
            f"{claim.key}: the interval from {found.low:.3g} to {found.high:.3g} does not show {claim.shows!r}: "
            "soften the sentence, or run more seeds"
        )
    first_mean, second_mean = (sum(side) / len(common) for side in sides)
    return Evidence(first_mean, second_mean, found)
