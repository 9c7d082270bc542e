"""Target propagation on the whole of MNIST, beside backpropagation and feedback alignment.

Three tasks: three hidden layers of 240 units; seven of them, as in Lee et al. (2015); and three with
training images shifted by up to a pixel for every rule. Settings are chosen on the validation
samples, with three hidden layers and a seed that no measured run uses. Then each rule is trained anew
from five seeds on all 60,000 training images, and the test images are looked at once.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.record import RESULTS, header, write
from experiments.targets import CHOOSING_SEED, Settings, choose, measure, with_validation
from helpers.datasets import Dataset, mnist

OUT = RESULTS / "05-mnist.json"

#: Epochs of the runs that choose, and what each rule chooses from.
CHOOSING_EPOCHS = 3
RATES = {"learning_rate": [1e-3, 2e-3, 4e-3, 8e-3]}
GRIDS = {
    "BP": RATES,
    "DTP": {**RATES, "noise": [0.1, 0.3]},
    "FA": RATES,
    "DFA": RATES,
}

#: Rules that take over the settings of another one.
SAME_AS = {"DTP, random": "DTP", "DTP, transposed": "DTP"}

THREE = Settings(hidden=(240,) * 3, epochs=10)

#: Each task with its rules.
TASKS = {
    "three": (THREE, [*GRIDS, *SAME_AS]),
    "shifted": (replace(THREE, epochs=20, shift=1), list(GRIDS)),
    "seven": (replace(THREE, hidden=(240,) * 7, epochs=8), list(GRIDS)),
}


def chosen_settings(data: Dataset) -> dict[str, Any]:
    """Return for each rule what its grid held and which settings did best on the validation samples."""
    base = replace(THREE, epochs=CHOOSING_EPOCHS)
    found = {}
    for rule, grid in GRIDS.items():
        best, tried = choose(data, rule, base, grid)
        found[rule] = {"chosen": {name: getattr(best, name) for name in grid}, "tried": tried}
    return {"seed": CHOOSING_SEED, "epochs": CHOOSING_EPOCHS, "rules": found}


def main() -> None:
    """Run from the command line; the result file grows by one rule of one task at a time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS), help="default: all")
    parser.add_argument("--seeds", type=int, default=5, help="networks per rule and task (default: 5)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"file to write (default: {OUT})")
    options = parser.parse_args()
    start = time.perf_counter()
    data, seeds = mnist(), list(range(options.seeds))
    command = f"python -m experiments.targets_mnist --tasks {' '.join(options.tasks)} --seeds {options.seeds}"
    result: dict[str, Any] = {"validation": chosen_settings(data), "tasks": {}}
    everything = with_validation(data)
    for task in options.tasks:
        settings, rules = TASKS[task]
        result["tasks"][task] = {}
        for rule in rules:
            chosen = result["validation"]["rules"][SAME_AS.get(rule, rule)]["chosen"]
            result["tasks"][task][rule] = measure(everything, rule, replace(settings, **chosen), seeds)
            write(options.out, {**header(command, seeds, time.perf_counter() - start), **result})


if __name__ == "__main__":
    main()
