"""The choice of settings: everything in a grid is tried, and the best counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

import numpy as np

from experiments.sweep import Run, Stages

#: Seeds of the runs that choose settings: this one, or more that follow it. No run that measures uses them.
CHOOSING = range(1000, 1001)

S = TypeVar("S")


def choose(
    function: Callable[..., float],
    settings: S,
    grid: Mapping[str, Sequence[Any]],
    *,
    score: str,
    best: Callable = min,
    places: int = 3,
    seeds: range = CHOOSING,
    **fixed: Any,
) -> Stages:
    """Try every combination of a grid, each from the same seeds.

    Parameters
    ----------
    function : callable
        ``function(seed, settings=..., **fixed)`` returns the score of one network on the validation samples.
    settings : dataclass
        What is not in the grid.
    grid : mapping of str to sequence
        Values to try, by the name of the setting.
    score : str
        What the mean of the scores is called in the list.
    best : callable
        `min` or `max`.
    places : int
        Digits of the mean after the point.
    seeds : range
        What each combination is tried with.
    **fixed
        Further arguments of the function.

    Returns
    -------
    settings : dataclass
        Those with the best score, the first if several have it.
    tried : list of dict
        Each combination with its score.
    """
    candidates = combinations(grid)
    scores = yield [
        Run(function, seed, {**fixed, "settings": replace(settings, **candidate)})
        for candidate in candidates
        for seed in seeds
    ]
    means = np.reshape(scores, (len(candidates), len(seeds))).mean(axis=1)
    tried = [{**one, score: round(float(mean), places)} for one, mean in zip(candidates, means, strict=True)]
    chosen = best(tried, key=lambda row: row[score])
    return replace(settings, **{name: chosen[name] for name in grid}), tried


def combinations(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return all combinations of the values of a grid, the last name varying fastest."""
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def repeated(function: Callable[..., Any], seeds: Sequence[int], **settings: Any) -> Stages:
    """Do the same from each seed; return the list of what came of it."""
    return (yield [Run(function, seed, settings) for seed in seeds])


def best_rate(
    function: Callable[..., dict[str, float]], seeds: Sequence[int], rates: Sequence[float], **settings: Any
) -> Stages:
    """Try learning rates, each from all seeds; return the rows of the best, by mean validation accuracy.

    Parameters
    ----------
    function : callable
        ``function(seed, rate=..., **settings)`` returns accuracies, ``validation`` among them.
    seeds : sequence of int
    rates : sequence of float
    **settings
        Further arguments of the function.

    Returns
    -------
    rate : float
    rows : list of dict
        What the function returned at this rate, for each seed.
    tried : list of dict
        Each ``rate`` with its mean ``validation`` accuracy.
    """
    rows = yield [Run(function, seed, {**settings, "rate": rate}) for rate in rates for seed in seeds]
    at = {rate: rows[i * len(seeds) :][: len(seeds)] for i, rate in enumerate(rates)}
    tried = [
        {"rate": rate, "validation": float(np.mean([row["validation"] for row in found]))} for rate, found in at.items()
    ]
    best = max(tried, key=lambda row: row["validation"])["rate"]
    return best, at[best], tried
