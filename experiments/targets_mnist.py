"""Target propagation on the whole of MNIST, beside backpropagation and feedback alignment.

Three tasks: three hidden layers of 240 units; seven of them, as in Lee et al. (2015); and three with
training images shifted by up to a pixel for every rule. Settings are chosen on the validation
samples, with three hidden layers and a seed that no measured run uses. Then each rule is trained anew
from five seeds on all 60,000 training images and measured on the test images. (Before pixels were dropped,
a first run of the task `three` had been measured on them, too.)
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from typing import Any

from experiments.record import RESULTS, header, write
from experiments.targets import CHOOSING_SEED, Settings, choose, measure, with_validation
from helpers.datasets import Dataset, mnist

#: What was chosen, for all three tasks.
SETTINGS = RESULTS / "05-mnist-settings.json"

#: Epochs of the runs that choose, and what each rule chooses from.
CHOOSING_EPOCHS = 3
RATES = {"learning_rate": [2e-3, 4e-3, 8e-3]}
GRIDS = {
    "BP": RATES,
    "DTP": {**RATES, "noise": [0.1, 0.3]},
    "FA": RATES,
    "DFA": RATES,
}

#: Rules that take over the settings of another one.
SAME_AS = {"DTP, random": "DTP", "DTP, transposed": "DTP"}

#: A fifth of the pixels is dropped, for every rule alike.
THREE = Settings(hidden=(240,) * 3, epochs=10, drop=0.2)

#: Each task with its rules.
TASKS = {
    "three": (THREE, [*GRIDS, *SAME_AS]),
    "shifted": (replace(THREE, epochs=20, shift=1, drop=0.0), list(GRIDS)),
    "seven": (replace(THREE, hidden=(240,) * 7, epochs=6), list(GRIDS)),
}


def choose_settings(data: Dataset) -> dict[str, Any]:
    """Return for each rule what its grid held and which settings did best on the validation samples."""
    base = replace(THREE, epochs=CHOOSING_EPOCHS)
    found = {}
    for rule, grid in GRIDS.items():
        best, tried = choose(data, rule, base, grid)
        found[rule] = {"chosen": {name: getattr(best, name) for name in grid}, "tried": tried}
    return {"rules": found}


def run(task: str, data: Dataset, seeds: list[int], chosen: dict[str, Any], start: float) -> None:
    """Measure the rules of a task and write its file, which grows by one rule at a time."""
    settings, rules = TASKS[task]
    measured: dict[str, Any] = {}
    for rule in rules:
        own = chosen["rules"][SAME_AS.get(rule, rule)]["chosen"]
        measured[rule] = measure(data, rule, replace(settings, **own), seeds)
        command = f"python -m experiments.targets_mnist {task} --seeds {len(seeds)}"
        first = header(command, seeds, time.perf_counter() - start)
        write(RESULTS / f"05-mnist-{task}.json", {**first, "settings": asdict(settings), "rules": measured})


def main() -> None:
    """Run from the command line: choose settings, measure a task, or do everything in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=["choose", *TASKS], help="default: everything in turn")
    parser.add_argument("--seeds", type=int, default=5, help="networks per rule and task (default: 5)")
    options = parser.parse_args()
    data, seeds = mnist(), list(range(options.seeds))
    if options.part in (None, "choose"):
        start = time.perf_counter()
        found = choose_settings(data)
        command = "python -m experiments.targets_mnist choose"
        write(SETTINGS, {**header(command, [CHOOSING_SEED], time.perf_counter() - start), "settings": {**asdict(THREE), "epochs": CHOOSING_EPOCHS}, **found})
    chosen = json.loads(SETTINGS.read_text(encoding="utf-8"))
    everything = with_validation(data)
    for task in TASKS:
        if options.part in (None, task):
            run(task, everything, seeds, chosen, time.perf_counter())


if __name__ == "__main__":
    main()
