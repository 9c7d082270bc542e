"""Which learning rate suits the network of chapter 3: validation errors, on exactly the data used.

Each task that the chapter trains is tried at every rate, from several seeds. The test samples are
never looked at. Adam, whose rates are of another size, has rates and a result file of its own.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from experiments.record import RESULTS, header, summary, write
from experiments.zipser_andersen import ADAM, GRID, PAGE, Settings, begin, train

#: Result file of each optimizer.
OUT = {"SGD": RESULTS / "03-learning-rates.json", "Adam": RESULTS / "03-learning-rates-adam.json"}

#: Tried for each task: SGD from the source's rate on, Adam from its authors' default.
RATES = {
    "SGD": (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0),
    "Adam": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
}

#: What each optimizer trains.
TASKS = {"SGD": GRID | PAGE, "Adam": ADAM}


def validation_error(seed: int, settings: Settings) -> float:
    """Train one network; return its summed squared error on the validation samples."""
    return train(begin(seed, settings), settings).validation[-1]


def unrated(settings: Settings) -> dict[str, Any]:
    """Return settings without the learning rate, which is what is looked for."""
    return {key: value for key, value in asdict(settings).items() if key != "learning_rate"}


def run(seeds: Sequence[int], settings: dict[str, Settings], rates: Sequence[float]) -> dict[str, Any]:
    """Train one network for each seed, setting and rate; return what the result file keeps.

    Returns
    -------
    dict
        ``settings``, ``rates``, ``validation_error`` (for each setting one summary for each rate)
        and ``chosen``: the rate with the lowest mean.
    """
    errors: dict[str, list[dict[str, Any]]] = {}
    for name, setting in settings.items():
        tried = [replace(setting, learning_rate=rate) for rate in rates]
        errors[name] = [summary([validation_error(seed, one) for seed in seeds]) for one in tried]
    return {
        "settings": {name: unrated(setting) for name, setting in settings.items()},
        "rates": list(rates),
        "validation_error": errors,
        "chosen": {name: rates[int(np.argmin([row["mean"] for row in rows]))] for name, rows in errors.items()},
    }


def main() -> None:
    """Run from the command line and write one result file for each optimizer asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="networks for each rate (default: 5)")
    parser.add_argument("--optimizer", choices=list(OUT), nargs="+", default=list(OUT), help="default: both")
    arguments = parser.parse_args()
    seeds = list(range(arguments.seeds))
    for optimizer in arguments.optimizer:
        start = time.perf_counter()
        result = run(seeds, TASKS[optimizer], RATES[optimizer])
        command = f"python -m experiments.zipser_andersen_rates --seeds {arguments.seeds} --optimizer {optimizer}"
        write(OUT[optimizer], {**header(command, seeds, time.perf_counter() - start), **result})
        for name, rate in result["chosen"].items():
            print(f"{optimizer}, {name}: {rate:g} of {', '.join(f'{rate:g}' for rate in RATES[optimizer])}")


if __name__ == "__main__":
    main()
