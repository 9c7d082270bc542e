"""Target propagation on the whole of MNIST, beside backpropagation and feedback alignment.

Two tasks are measured: seven hidden layers of 240 units, as in Lee et al. (2015); and three of them, with training
images shifted by up to a pixel for every rule. Settings are chosen on the validation samples, with a seed that no
measured run uses: first each rule's rates, in short runs; then, for seven layers, the best of them again in runs of
full length. Then each rule is trained anew from five seeds on all 60,000 training images and measured on the test
images. Rates for the shifted task are those of short runs with three layers and images as they are: short runs
favour high rates, so these figures are no comparison of rules at their best.

The task with seven layers was first run with 4 epochs, and again with 10 when those had turned out to be few.
The short runs stayed as they were; the runs of full length were repeated, with lower rates where the best might
lie below the three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from experiments.choosing import CHOOSING
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together
from experiments.targets import Settings, best_of, from_the_best, measure, tried_again, without_error

#: What each task trains, and with whose choice of rates.
TASKS = {
    "three": (Settings(hidden=(240,) * 3, epochs=10), "three"),
    "seven": (Settings(hidden=(240,) * 7, epochs=10), "seven"),
    "shifted": (Settings(hidden=(240,) * 3, epochs=25, shift=1), "three"),
}

#: Epochs of the runs that choose rates.
CHOOSING_EPOCHS = {"three": 3, "seven": 2}

RATES = {"learning_rate": [1e-3, 2e-3, 4e-3, 8e-3]}
LOW_RATES = {"learning_rate": [2.5e-4, 5e-4, 1e-3, 2e-3]}
WIDE_RATES = {"learning_rate": [1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2]}
HIGH_RATES = {"learning_rate": [4e-3, 8e-3, 1.6e-2, 3.2e-2, 6.4e-2]}

#: What each rule chooses from, with three and with seven hidden layers.
GRIDS: dict[str, dict[str, Mapping[str, Sequence[float]]]] = {
    "three": {
        "BP": RATES,
        "DTP": {"learning_rate": [1e-3, 2e-3, 4e-3], "noise": [0.1, 0.3, 1.0, 3.0]},
        "FA": RATES,
        "DFA": WIDE_RATES,
        "top two": HIGH_RATES,
        "DTP, random": WIDE_RATES,
        "DTP, transposed": RATES,
    },
    "seven": {
        "BP": {"learning_rate": [5e-4, *WIDE_RATES["learning_rate"]]},
        "DTP": {"learning_rate": [5e-4, 1e-3, 2e-3, 4e-3], "noise": [0.3, 1.0]},
        "FA": LOW_RATES,
        "DFA": WIDE_RATES,
        "top two": HIGH_RATES,
        "TP": {"learning_rate": [1e-3, 3e-3], "target_rate": [10.0, 100.0, 1000.0]},
    },
}

#: Shares of the pixels to drop that the first task chooses from, with the rates of each rule.
DROPS = {"drop": [0.0, 0.2, 0.4, 0.6]}

#: How many settings of a rule are tried again at full length with seven hidden layers, where short runs mislead.
FINALISTS = 3

#: Rules that differ from DTP in their inverses alone, and drop as many pixels.
LIKE_DTP = ["DTP, random", "DTP, transposed"]

#: Rules that are trained on shifted images.
SHIFTED = ["DTP", "BP", "FA", "DFA"]


def chosen(scale: Scale, depth: str, seeds: range = CHOOSING) -> Stages:
    """Return for each rule what was tried with one depth and what did best on the validation samples."""
    found = yield from together({rule: chosen_for(scale, depth, rule, seeds) for rule in GRIDS[depth]})
    for rule in LIKE_DTP:
        if rule in found:
            found[rule]["drop"] = found["DTP"]["drop"]
    return found


def chosen_for(scale: Scale, depth: str, rule: str, seeds: range) -> Stages:
    """Return what was tried with one rule: rates in short runs, then in full ones finalists or shares to drop."""
    data, full, grid = scale.data("MNIST"), task_settings(scale, depth), GRIDS[depth][rule]
    short = replace(full, epochs=scale.at_most(CHOOSING_EPOCHS[depth]))
    best, tried = yield from best_of(data, rule, short, grid, seeds=seeds)
    found = {"chosen": {name: getattr(best, name) for name in grid}, "tried": tried}
    if depth == "seven":
        return {**found, **(yield from finals(data, rule, full, tried, seeds))}
    if rule in LIKE_DTP:
        return found
    best, dropped = yield from best_of(data, rule, replace(best, epochs=full.epochs), DROPS, seeds=seeds)
    return {**found, "dropped": dropped, "drop": best.drop}


def finals(data: Source, rule: str, full: Settings, tried: list[dict[str, float]], seeds: range = CHOOSING) -> Stages:
    """Return the best of the settings that did well in short runs, after runs of full length.

    Short runs favour high rates. So when the best is known, the next lower learning rate is tried as well, and
    so on, until the best has a worse one below it or the grid ends.
    """
    ranked = from_the_best(tried)
    waiting, rows = ranked[:FINALISTS], []
    while waiting:
        again = yield from tried_again(data, rule, full, waiting, seeds)
        rows += [{**own, "validation_error": row["validation_error"]} for own, row in zip(waiting, again, strict=True)]
        best = from_the_best(rows)[0]
        lower = [own for own in ranked if own["learning_rate"] < best["learning_rate"] and alike(own, best)]
        below = sorted(lower, key=lambda own: own["learning_rate"])[-1:]
        waiting = [own for own in below if own not in map(without_error, rows)]
    return {"chosen": best, "finals": rows}


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Say whether two settings differ in their learning rates at most."""
    return {**one, "learning_rate": None} == {**other, "learning_rate": None}


def task_settings(scale: Scale, task: str) -> Settings:
    """Return what is common to the rules of a task."""
    settings, _ = TASKS[task]
    return replace(settings, epochs=scale.at_most(settings.epochs))


def own_settings(settings: Settings, task: str, choice: Mapping[str, Any]) -> Settings:
    """Return the settings of a rule in a task; pixels are dropped in the first task only."""
    return replace(settings, **choice["chosen"], drop=choice["drop"] if task == "three" else 0.0)


def choices(scale: Scale, seeds: range) -> Stages:
    """Choose the settings for both depths."""
    rules = yield from together({depth: chosen(scale, depth, seeds) for depth in GRIDS})
    common = {name: value for name, value in asdict(TASKS["three"][0]).items() if name not in ("hidden", "epochs")}
    epochs = {depth: scale.at_most(number) for depth, number in CHOOSING_EPOCHS.items()}
    return {"settings": common, "choosing_epochs": epochs, "rules": rules}


def task(scale: Scale, seeds: range, name: str) -> Stages:
    """Choose the settings for a task and measure its rules."""
    settings, depth = task_settings(scale, name), TASKS[name][1]
    choice = yield from chosen(scale, depth)
    data = scale.data("MNIST", with_validation=True)
    found = yield from together(
        {
            rule: measure(data, rule, own_settings(settings, name, choice[rule]), seeds, lower=True)
            for rule in (SHIFTED if name == "shifted" else GRIDS[name])
        }
    )
    return {"settings": asdict(settings), "rules": found}


EXPERIMENTS = [
    Experiment("05-mnist-settings", choices, CHOOSING),
    *(Experiment(f"05-mnist-{name}", partial(task, name=name)) for name in ("seven", "shifted")),
]
