"""The choice of settings: everything in a grid is tried, and the best counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from experiments.sweep import Run, Stages

#: Seeds of the runs that choose settings: this one, or more that follow it. No run that measures uses them.
CHOOSING = range(1000, 1001)


def choose(
    function: Callable[..., float],
    settings: Any,
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


def line_search(
    function: Callable[..., float],
    settings: Any,
    lines: Mapping[str, Sequence[Any]],
    *,
    score: str,
    seeds: range = CHOOSING,
    places: int = 3,
    **fixed: Any,
) -> Stages:
    """Choose settings one after another, each from a list: walk along it until the best has a worse one on both sides.

    Parameters
    ----------
    function : callable
        ``function(seed, settings=..., **fixed)`` returns the score of one network on the validation samples.
    settings : dataclass
        Where to start; its values are in the lists.
    lines : mapping of str to sequence
        Values of each setting in increasing order, by its name. The first setting is chosen first.
    score : str
        What the mean of the scores is called in the list; the lowest is best.
    seeds : range
        What each candidate is tried with.
    places : int
        Digits of the mean after the point.
    **fixed
        Further arguments of the function.

    Returns
    -------
    settings : dataclass
        Those that the last walk ended with.
    tried : list of dict
        Each candidate with its score, in the order of the trials.
    """
    tried: dict[tuple[Any, ...], float] = {}
    for name, values in lines.items():
        ways = [replace(settings, **{name: value}) for value in values]
        keys = [tuple(getattr(way, own) for own in lines) for way in ways]
        best = values.index(getattr(settings, name))
        while waiting := [
            place for place in (best - 1, best, best + 1) if 0 <= place < len(values) and keys[place] not in tried
        ]:
            scores = yield [
                Run(function, seed, {**fixed, "settings": ways[place]}) for place in waiting for seed in seeds
            ]
            means = np.reshape(scores, (len(waiting), len(seeds))).mean(axis=1)
            tried |= {keys[place]: round(float(mean), places) for place, mean in zip(waiting, means, strict=True)}
            best = min((place for place in range(len(values)) if keys[place] in tried), key=lambda at: tried[keys[at]])
        settings = ways[best]
    return settings, [{**dict(zip(lines, key, strict=True)), score: mean} for key, mean in tried.items()]


def combinations(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return all combinations of the values of a grid, the last name varying fastest."""
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def repeated(function: Callable[..., Any], seeds: Sequence[int], **settings: Any) -> Stages:
    """Do the same from each seed; return the list of what came of it."""
    return (yield [Run(function, seed, settings) for seed in seeds])


def best_rate(
    function: Callable[..., dict[str, float]],
    seeds: Sequence[int],
    rates: Sequence[float],
    *,
    more: int,
    **settings: Any,
) -> Stages:
    """Choose a learning rate by mean validation accuracy: where the best is the last of the list, the list grows.

    Parameters
    ----------
    function : callable
        ``function(seed, rate=..., **settings)`` returns accuracies, ``validation`` among them.
    seeds : sequence of int
        What each rate is tried with.
    rates : sequence of float
        Tried first; each a constant factor above the one before.
    more : int
        How many may follow.
    **settings
        Further arguments of the function.

    Returns
    -------
    rate : float
    tried : list of dict
        Each ``rate``, in order of size, with its mean ``validation`` accuracy.
    """
    found: dict[float, float] = {}
    waiting = list(rates)
    while waiting:
        rows = yield [Run(function, seed, {**settings, "rate": rate}) for rate in waiting for seed in seeds]
        validation = np.reshape([row["validation"] for row in rows], (len(waiting), -1)).mean(axis=1)
        found |= dict(zip(waiting, validation.tolist(), strict=True))
        waiting = next_rates(found, rates) if len(found) < len(rates) + more else []
    return max(found, key=found.__getitem__), [{"rate": rate, "validation": found[rate]} for rate in sorted(found)]


def next_rates(found: Mapping[float, float], rates: Sequence[float]) -> list[float]:
    """Return the rate beyond the best one if that is the highest or the lowest of all that were tried."""
    best, factor = max(found, key=found.__getitem__), rates[1] / rates[0]
    if best == max(found):
        return [round(best * factor, 6)]
    return [round(best / factor, 6)] if best == min(found) else []
