"""Three hidden layers of 240 units on the whole of MNIST: every rule, with settings chosen in runs of full length.

Each rule starts from settings that are known to be good and walks along lists of learning rates, of noises if its
inverses are learned, and of shares of the pixels to drop, until the best has a worse one on both sides. Every trial is
a whole run, on the validation samples, with a seed that no measured run uses. Then each rule is trained anew from five
seeds on all 60,000 training images and measured on the test images. The seeds are none of those with which earlier
settings were measured.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from experiments.choosing import CHOOSING, line_search
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from experiments.targets import Settings, measure, validation_error

BASE = Settings(hidden=(240,) * 3, epochs=10)

LINES = {
    "learning_rate": [2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2, 6.4e-2],
    "drop": [0.0, 0.2, 0.4, 0.6],
}
LEARNED_LINES = {**LINES, "noise": [0.1, 0.3, 1.0, 3.0]}

#: Where each rule starts. The results do not depend on it much: a walk ends where both neighbours are worse.
STARTS: Mapping[str, Mapping[str, Any]] = {
    "BP": {"learning_rate": 2e-3, "drop": 0.4},
    "DTP": {"learning_rate": 2e-3, "drop": 0.4, "noise": 1.0},
    "FA": {"learning_rate": 2e-3, "drop": 0.2},
    "DFA": {"learning_rate": 4e-3, "drop": 0.2},
    "top two": {"learning_rate": 1.6e-2, "drop": 0.2},
}

#: Seeds of the measured runs.
SEEDS = range(10, 15)


def chosen_and_measured(scale: Scale, rule: str, start: Mapping[str, Any], seeds: range) -> Stages:
    """Choose the settings of a rule and measure it; return both, and which choices stand at the end of their lists."""
    base = replace(BASE, epochs=scale.at_most(BASE.epochs), **start)
    lines = {name: (LEARNED_LINES if "noise" in start else LINES)[name] for name in start}
    best, tried = yield from line_search(
        validation_error, base, lines,
        score="validation_error", seeds=scale.seeds_of(CHOOSING), data=scale.data("MNIST"), rule=rule, network="tanh",
    )  # fmt: skip
    found = yield from measure(scale.data("MNIST", with_validation=True), rule, best, seeds, lower=True)
    ends = [name for name, values in lines.items() if getattr(best, name) in (values[0], values[-1])]
    return {**found, "tried": tried, "at_the_end_of_its_list": ends}


def three(scale: Scale, seeds: range) -> Stages:
    """Choose and measure all rules; return what the result file keeps."""
    rules = yield from together(
        {rule: chosen_and_measured(scale, rule, start, seeds) for rule, start in STARTS.items()}
    )
    return {"settings": asdict(BASE), "choosing_seeds": list(scale.seeds_of(CHOOSING)), "rules": rules}


EXPERIMENTS = [Experiment("05-mnist-three", three, SEEDS)]
