"""Is the number of ones odd? Every rule on cells, with two bits, four and six, with one hidden layer and with three.

A run trains on all patterns at once, at a constant rate, until it gets every one right or has used up its updates.
u0 and the rate are chosen from other seeds, by the mean number of updates; a run without success counts as one that
took them all, and more, the more patterns it gets wrong. With one hidden layer target propagation of both kinds is
backpropagation, and so is the control of the two upper layers: these three stand only where there are three.
"""

from typing import Any

import numpy as np

from experiments.buffered_adam import BufferedAdam
from experiments.choosing import choose, repeated
from experiments.credit import (
    LINES,
    LOOKING,
    TOP,
    WALKING,
    WIDTH,
    Settings,
    choice,
    contestants,
    network_of,
    rule_of,
    settled,
    walking_seeds,
)
from experiments.record import summary
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from helpers.data.tasks import parity
from helpers.networks.network import Diverged

BITS, DEPTHS = (2, 4, 6), (1, 3)

#: Updates that a run may take, and how many it makes between two looks.
LIMIT, EVERY = 1000, 10

#: What is tried first, from one seed; from the best, a walk along each line. With one rate alone the walk of
#: backpropagation ended in a hollow far from the best.
FIRST_LOOK = {"u0": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0], "rate": [0.005, 0.05]}
#: Small patterns are learned fast by very steep cells: the line of widths begins lower here.
WALKED = {"rate": LINES["rate"], "u0": [0.03125, 0.0625, 0.125, *LINES["u0"]]}

#: Rules that are backpropagation where there is one hidden layer.
SAME_IN_ONE_LAYER = ("difference_target_propagation", "target_propagation", TOP)

#: Node perturbation went through the samples one by one then: it is left out where there are more bits than this.
MOST_BITS = {"node_perturbation": 4}


def until_all_right(seed: int, rule: str, settings: Settings, bits: int, limit: int) -> tuple[int, float]:
    """Train one network on all patterns until it gets all of them right, or has made so many updates.

    Returns
    -------
    updates : int
        Made before the first look at which all were right, the limit if none was.
    wrong : float
        Share of the patterns that it gets wrong in the end; 1 for a run that breaks down.
    """
    patterns, rng = parity(bits), np.random.default_rng(seed)
    network = network_of(bits, settings, rng)
    learn, optimizer = rule_of(rule, network, rng), BufferedAdam(settings.learning_rate)
    wrong = 1.0
    try:
        for count in range(limit):
            if count % EVERY == 0:
                wrong = 1 - network.accuracy(patterns.x, patterns.t)
                if wrong == 0:
                    return count, wrong
            optimizer.step(network.parameters, learn(network, patterns.x, patterns.t).arrays)
    except Diverged:
        wrong = 1.0
    return limit, wrong


def cost(seed: int, rule: str, settings: Settings, bits: int, limit: int) -> float:
    """Return the updates that a run took; one without success pays for the share of patterns that it gets wrong."""
    updates, wrong = until_all_right(seed, rule, settings, bits, limit)
    return updates + limit * wrong


def updates_needed(seed: int, rule: str, settings: Settings, bits: int, limit: int) -> float:
    """Return the updates that a run took: the limit if it had no success."""
    return float(until_all_right(seed, rule, settings, bits, limit)[0])


def solved(rule: str, bits: int, depth: int, seeds: range, walking: range, limit: int) -> Stages:
    """Choose the settings of a rule for one task; return how many of its runs succeed, and how fast.

    Returns
    -------
    dict
        What `choice` says; ``solved``, 1 for each seed that succeeded and 0 for the others; and ``updates``, the
        number that each seed took, the limit if it failed.
    """
    fixed: dict[str, Any] = {"score": "cost", "rule": rule, "bits": bits, "limit": limit}
    start, _ = yield from choose(cost, Settings("cells", depth), FIRST_LOOK, seeds=LOOKING, **fixed)
    best, tried = yield from settled(cost, start, WALKED, seeds=walking_seeds(rule, walking), **fixed)
    counts = yield from repeated(updates_needed, seeds, rule=rule, settings=best, bits=bits, limit=limit)
    return {
        **choice(best, WALKED, tried, rule, walking),
        "solved": summary([float(count < limit) for count in counts]),
        "updates": {**summary(counts), "median": float(np.median(counts))},
    }


def rules_for(bits: int, depth: int) -> list[str]:
    """Return the names of the rules that are tried on so many bits with so many hidden layers."""
    everyone = [rule for rule in contestants("cells") if bits <= MOST_BITS.get(rule, max(BITS))]
    return [rule for rule in everyone if depth > 1 or rule not in SAME_IN_ONE_LAYER]


def stages(scale: Scale, seeds: range) -> Stages:
    """Return what the result file keeps: by hidden layers, bits and rule, what `solved` found."""
    walking, limit = scale.seeds_of(WALKING), LIMIT if scale.epochs is None else 2 * EVERY
    found = yield from together(
        {
            str(depth): together(
                {
                    str(bits): together(
                        {rule: solved(rule, bits, depth, seeds, walking, limit) for rule in rules_for(bits, depth)}
                    )
                    for bits in BITS
                }
            )
            for depth in DEPTHS
        }
    )
    fixed: dict[str, Any] = {"width": WIDTH, "limit": limit, "every": EVERY, "most_bits": MOST_BITS}
    return {"settings": {**fixed, "first_look": {**FIRST_LOOK, "seeds": list(LOOKING)}}, "depth": found}


EXPERIMENTS = [Experiment("06-parity", stages, range(20))]
