"""The table of depths once more, with fresh seeds: does what it shows hold for others?

The statements of chapter 6 were found on the ten networks of ``06-depth``. Here twenty others, which had no part in the
finding or in the choice of settings, are trained with the settings that stand there.
"""

from experiments.choosing import repeated
from experiments.credit import TOP, measured
from experiments.credit_depth import settings_of
from experiments.record import summary
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.data.results import stored

#: What is measured again, by ground and number of hidden layers.
AGAIN = {
    "cells": {
        "2": [*MULTIPLICATIONS, TOP],
        "5": ["backpropagation", "error_diffusion", TOP],
        "10": ["backpropagation", "error_diffusion", TOP],
    },
    "tanh": {"10": ["backpropagation", TOP]},
}


def stages(scale: Scale, seeds: range) -> Stages:
    """Return what the result file keeps: by ground, depth and rule, the accuracies and the settings."""
    found = stored("06-depth")
    fixed = {**found["settings"], "epochs": scale.at_most(found["settings"]["epochs"])}
    parts = {
        (ground, depth, rule): repeated(
            measured,
            seeds,
            data=scale.data("digits"),
            rule=rule,
            settings=settings_of(ground, int(depth), found["depth"][ground][depth][rule], fixed),
        )
        for ground, depths in AGAIN.items()
        for depth, several in depths.items()
        for rule in several
    }
    rows = yield from together(parts)
    again = {
        ground: {
            depth: {
                rule: {
                    "settings": found["depth"][ground][depth][rule]["settings"],
                    "test": summary([row["test"] for row in rows[ground, depth, rule]]),
                }
                for rule in several
            }
            for depth, several in depths.items()
        }
        for ground, depths in AGAIN.items()
    }
    return {"settings": {"from": "06-depth", "epochs": fixed["epochs"]}, "depth": again}


EXPERIMENTS = [Experiment("06-confirmed", stages, range(10, 30))]
