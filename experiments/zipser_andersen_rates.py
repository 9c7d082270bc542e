"""Which learning rate suits the network of chapter 3: validation errors, on exactly the data used.

Each task that the chapter trains is tried at every rate, from several seeds. The test samples are
never looked at. Adam, whose rates are of another size, has rates and a result file of its own, and so has
the control that is asked for r and e apart, whose best rates may be larger.
"""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np

from experiments.choosing import repeated
from experiments.record import summary
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from experiments.zipser_andersen import ADAM, APART, GRID, PAGE, Settings, begin, train

#: Tried for each task: SGD from the source's rate on, Adam from its authors' default.
RATES = {
    "SGD": (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0),
    "Adam": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    "apart": (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
}

#: What is trained at each of these rates.
TASKS = {"SGD": GRID | PAGE, "Adam": ADAM, "apart": APART}


def validation_error(seed: int, settings: Settings) -> float:
    """Train one network; return its summed squared error on the validation samples."""
    return train(begin(seed, settings), settings).validation[-1]


def unrated(settings: Settings) -> dict[str, Any]:
    """Return settings without the learning rate, which is what is looked for."""
    return {key: value for key, value in asdict(settings).items() if key != "learning_rate"}


def stages(scale: Scale, seeds: range, group: str) -> Stages:
    """Train one network for each seed, setting and rate; return what the result file keeps.

    Returns
    -------
    dict
        ``settings``, ``rates``, ``validation_error`` (for each setting one summary for each rate)
        and ``chosen``: the rate with the lowest mean.
    """
    tasks, rates = TASKS[group], RATES[group]
    settings = {name: replace(one, epochs=scale.at_most(one.epochs)) for name, one in tasks.items()}
    found = yield from together(
        {
            (name, rate): repeated(validation_error, seeds, settings=replace(one, learning_rate=rate))
            for name, one in settings.items()
            for rate in rates
        }
    )
    errors = {name: [summary(found[name, rate]) for rate in rates] for name in tasks}
    return {
        "settings": {name: unrated(one) for name, one in settings.items()},
        "rates": list(rates),
        "validation_error": errors,
        "chosen": {name: rates[int(np.argmin([row["mean"] for row in rows]))] for name, rows in errors.items()},
    }


EXPERIMENTS = [
    Experiment("03-learning-rates", partial(stages, group="SGD")),
    Experiment("03-learning-rates-adam", partial(stages, group="Adam")),
    Experiment("03-learning-rates-apart", partial(stages, group="apart")),
]
