"""Target propagation on the whole of MNIST, beside backpropagation and feedback alignment.

Three tasks: three hidden layers of 240 units; seven of them, as in Lee et al. (2015); and three with
training images shifted by up to a pixel for every rule. Settings are chosen on the validation samples,
with a seed that no measured run uses: first each rule's rates, in short runs; then, in runs of full length, the
share of the pixels to drop for the first task, and the best of the rates again for seven layers. Then each
rule is trained anew from five seeds on all 60,000 training images and measured on the test images.

The task with seven layers was first run with 4 epochs, and again with 10 when those had turned out to be few.
The short runs stayed as they were; the runs of full length were repeated, with lower rates where the best might
lie below the three.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from experiments.record import RESULTS, header, write
from experiments.targets import CHOOSING_SEED, Settings, choose, lower_layers, measure, with_validation
from helpers.data.datasets import Dataset, mnist

#: What was chosen, for all tasks.
SETTINGS = RESULTS / "05-mnist-settings.json"

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


def choose_settings(data: Dataset, depth: str) -> dict[str, Any]:
    """Return for each rule what was tried with one depth and what did best on the validation samples."""
    full, _ = TASKS[depth]
    found = {}
    for rule, grid in GRIDS[depth].items():
        best, tried = choose(data, rule, replace(full, epochs=CHOOSING_EPOCHS[depth]), grid)
        found[rule] = {"chosen": {name: getattr(best, name) for name in grid}, "tried": tried}
        if depth == "seven":
            found[rule].update(finals(data, rule, full, tried))
        elif rule in LIKE_DTP:
            found[rule]["drop"] = found["DTP"]["drop"]
        else:
            best, found[rule]["dropped"] = choose(data, rule, replace(best, epochs=full.epochs), DROPS)
            found[rule]["drop"] = best.drop
    return found


def finals(data: Dataset, rule: str, full: Settings, tried: list[dict[str, float]]) -> dict[str, Any]:
    """Return the best of the settings that did well in short runs, after runs of full length.

    Short runs favour high rates. So when the best is known, the next lower learning rate is tried as well, and
    so on, until the best has a worse one below it or the grid ends.
    """
    ranked = [without_error(row) for row in sorted(tried, key=lambda row: row["validation_error"])]
    waiting, rows = ranked[:FINALISTS], []
    while waiting:
        for own in waiting:
            rows += choose(data, rule, full, {name: [value] for name, value in own.items()})[1]
        best = without_error(min(rows, key=lambda row: row["validation_error"]))
        lower = [own for own in ranked if own["learning_rate"] < best["learning_rate"] and alike(own, best)]
        below = sorted(lower, key=lambda own: own["learning_rate"])[-1:]
        waiting = [own for own in below if own not in map(without_error, rows)]
    return {"chosen": best, "finals": rows}


def without_error(row: Mapping[str, float]) -> dict[str, float]:
    """Return a row of what was tried without its error."""
    return {name: value for name, value in row.items() if name != "validation_error"}


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Say whether two settings differ in their learning rates at most."""
    return {**one, "learning_rate": None} == {**other, "learning_rate": None}


def write_settings(data: Dataset, depth: str) -> None:
    """Choose the settings of one depth and add them to the file."""
    start = time.perf_counter()
    found = choose_settings(data, depth)
    old = json.loads(SETTINGS.read_text(encoding="utf-8")) if SETTINGS.exists() else {}
    first = header("python -m experiments.targets_mnist choose", [CHOOSING_SEED], time.perf_counter() - start)
    seconds = {**old.get("seconds_of", {}), depth: first["seconds"]}
    common = {name: value for name, value in asdict(TASKS[depth][0]).items() if name not in ("hidden", "epochs")}
    write(SETTINGS, {
        **first, "seconds": sum(seconds.values()), "seconds_of": seconds, "settings": common,
        "choosing_epochs": CHOOSING_EPOCHS, "rules": {**old.get("rules", {}), depth: found},
    })  # fmt: skip


def own_settings(task: str, rule: str, chosen: Mapping[str, Any]) -> Settings:
    """Return the settings of a rule in a task; pixels are dropped in the first task only."""
    settings, depth = TASKS[task]
    own = chosen["rules"][depth][rule]
    return replace(settings, **own["chosen"], drop=own["drop"] if task == "three" else 0.0)


def run(task: str, data: Dataset, seeds: list[int], chosen: Mapping[str, Any]) -> None:
    """Measure the rules of a task and write its file, which grows by one rule at a time."""
    start = time.perf_counter()
    measured: dict[str, Any] = {}
    for rule in SHIFTED if task == "shifted" else GRIDS[task]:
        measured[rule] = measure(data, rule, own_settings(task, rule, chosen), seeds, look=lower_layers)
        command = f"python -m experiments.targets_mnist {task} --seeds {len(seeds)}"
        first = header(command, seeds, time.perf_counter() - start)
        write(RESULTS / f"05-mnist-{task}.json", {**first, "settings": asdict(TASKS[task][0]), "rules": measured})


def main() -> None:
    """Run from the command line: choose settings, measure a task, or do everything in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=["choose", *TASKS], help="default: everything in turn")
    parser.add_argument("--seeds", type=int, default=5, help="networks per rule and task (default: 5)")
    options = parser.parse_args()
    data, seeds = mnist(), list(range(options.seeds))
    if options.part in (None, "choose"):
        for depth in GRIDS:
            write_settings(data, depth)
    chosen = json.loads(SETTINGS.read_text(encoding="utf-8"))
    for task in TASKS:
        if options.part in (None, task):
            run(task, with_validation(data), seeds, chosen)


if __name__ == "__main__":
    main()
