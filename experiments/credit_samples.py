"""Every rule on cells with two hidden layers: what has it learned after so many samples?

Small digits, odd or even, at a constant learning rate: a curve along which the rate falls would say more of the
schedule than of the rule. u0 is the one that `credit_depth` chose for this depth; the rate is chosen anew, at full
length, on the validation samples, from seeds that no curve uses. It is chosen by the error at the end: how soon a
rule learns is that of a rate which serves the end best. The curves are of the test samples: nothing is chosen by them.
"""

from dataclasses import replace

import numpy as np

from experiments.buffered_adam import BufferedAdam
from experiments.choosing import line_search, repeated
from experiments.credit import (
    LINES,
    WALKING,
    WIDTH,
    Settings,
    choice,
    chosen,
    contestants,
    network_of,
    rule_of,
    walking_seeds,
)
from experiments.record import summary
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter6.ground import odd_or_even
from helpers.data.datasets import Dataset, Split
from helpers.networks.network import Diverged
from helpers.training.loop import fit

DEPTH, BATCH_SIZE = 2, 50

#: Updates after which a network is looked at: from 500 to 200,000 samples, about the same factor apart.
UPDATES = [10, 17, 30, 51, 88, 152, 263, 453, 782, 1348, 2322, 4000]

#: Went through the samples one by one then: its curves would have taken about as long as all others together.
LEFT_OUT = ("node_perturbation",)

#: What is chosen here; a constant rate is lower than one that falls.
RATES = {"rate": [0.00005, *LINES["rate"]]}


def curve(data: Dataset, split: Split, rule: str, settings: Settings, seed: int, updates: list[int]) -> list[float]:
    """Train one network at a constant rate; return its accuracy on a split after these numbers of updates.

    A network that breaks down has no answer right from then on.
    """
    rng = np.random.default_rng(seed)
    network = network_of(data.inputs, settings, rng)
    learn, optimizer = rule_of(rule, network, rng), BufferedAdam(settings.learning_rate)
    found: list[float] = []
    try:
        for steps in np.diff(updates, prepend=0).tolist():
            fit(network, data, optimizer, rng, steps=steps, batch_size=BATCH_SIZE, rule=learn, score=None)
            found.append(network.accuracy(split.x, split.t))
    except Diverged:
        found += [0.0] * (len(updates) - len(found))
    return found


def error_at_the_end(seed: int, data: Source, rule: str, settings: Settings, updates: list[int]) -> float:
    """Return the error in percent on the validation samples after the last update."""
    samples = odd_or_even(data.load())
    return 100 * (1 - curve(samples, samples.validation, rule, settings, seed, updates[-1:])[0])


def accuracies(seed: int, data: Source, rule: str, settings: Settings, updates: list[int]) -> list[float]:
    """Return the accuracy on the test samples after each of these numbers of updates."""
    samples = odd_or_even(data.load())
    return [round(value, 5) for value in curve(samples, samples.test, rule, settings, seed, updates)]


def learning_curve(
    data: Source, rule: str, start: Settings, seeds: range, walking: range, updates: list[int]
) -> Stages:
    """Choose the constant rate of a rule; return its settings, what was tried, and the accuracy at each look."""
    base, _ = yield from chosen(data, rule, start, walking)
    base = replace(base, batch_size=BATCH_SIZE)
    best, tried = yield from line_search(
        error_at_the_end, base, RATES, score="validation_error", seeds=walking_seeds(rule, walking),
        data=data, rule=rule, updates=updates,
    )  # fmt: skip
    rows = yield from repeated(accuracies, seeds, data=data, rule=rule, settings=best, updates=updates)
    return {
        **choice(best, RATES, tried, rule, walking),
        "test": [summary(values) for values in zip(*rows, strict=True)],
    }


def rules_compared() -> list[str]:
    """Return the names of the rules that have a curve."""
    return [rule for rule in contestants("cells") if rule not in LEFT_OUT]


def looks_of(scale: Scale) -> list[int]:
    """Return the numbers of updates after which an experiment of this size looks."""
    return UPDATES if scale.epochs is None else UPDATES[:2]


def stages(scale: Scale, seeds: range) -> Stages:
    """Return what the result file keeps: for each rule its curve, one entry for each number of ``samples``."""
    data, walking, updates = scale.data("digits"), scale.seeds_of(WALKING), looks_of(scale)
    start = Settings("cells", DEPTH, epochs=scale.at_most(Settings.epochs))
    found = yield from together(
        {rule: learning_curve(data, rule, start, seeds, walking, updates) for rule in rules_compared()}
    )
    fixed = {"data": "digits, odd or even", "depth": DEPTH, "width": WIDTH, "batch_size": BATCH_SIZE}
    return {"settings": fixed, "samples": [BATCH_SIZE * count for count in updates], "rules": found}


EXPERIMENTS = [Experiment("06-samples", stages, range(10))]
