"""Every rule on the small digits, odd or even, against depth: on cells and on tanh, each at its own best settings.

Settings are chosen on the validation samples, at full length, from seeds that no measured run uses (`chosen` of
`experiments.credit`). Then ten networks are trained and the test samples are looked at once. What the rule's updates
have to do with the gradient, and how many units are saturated, is measured when training ends.
"""

from typing import Any

from experiments.choosing import repeated
from experiments.credit import (
    FIRST_LOOK,
    GROUNDS,
    LOOKING,
    TARGET_RATES,
    WALKING,
    WIDTH,
    Settings,
    choice,
    chosen,
    contestants,
    lines_of,
    measured,
)
from experiments.record import summary
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together

DEPTHS = (1, 2, 3, 5, 10)

#: Node perturbation took ten times as long when these runs were made, and is left out above this depth.
DEEPEST = {"node_perturbation": 3}

#: What no rule chooses.
FIXED = ("epochs", "batch_size")


def chosen_and_measured(data: Source, rule: str, start: Settings, seeds: range, walking: range) -> Stages:
    """Choose the settings of a rule and measure it.

    Returns
    -------
    dict
        What `choice` says; ``test`` accuracy and ``saturated`` share; and ``angle``, of each layer's weights from the
        lowest up, in degrees.
    """
    best, tried = yield from chosen(data, rule, start, walking)
    rows = yield from repeated(measured, seeds, data=data, rule=rule, settings=best)
    return {
        **choice(best, lines_of(best.ground), tried, rule, walking),
        **{name: summary([row[name] for row in rows]) for name in ("test", "saturated")},
        "angle": [summary(values) for values in zip(*(row["angle"] for row in rows), strict=True)],
    }


def rules_for(ground: str, depth: int) -> list[str]:
    """Return the names of the rules that are tried on a ground with so many hidden layers."""
    return [rule for rule in contestants(ground) if depth <= DEEPEST.get(rule, max(DEPTHS))]


def settings_of(ground: str, depth: int, row: dict[str, Any], fixed: dict[str, Any]) -> Settings:
    """Return the settings that a row of the result file was measured with."""
    own = {name: value for name, value in row["settings"].items() if name != "learning_rate"}
    return Settings(ground, depth, **{"u0": 1.0, **own}, **{name: fixed[name] for name in FIXED})


def stages(scale: Scale, seeds: range) -> Stages:
    """Return what the result file keeps: by ground, depth and rule, what `chosen_and_measured` found."""
    data, walking, epochs = scale.data("digits"), scale.seeds_of(WALKING), scale.at_most(Settings.epochs)
    found = yield from together(
        {
            ground: together(
                {
                    str(depth): together(
                        {
                            rule: chosen_and_measured(
                                data, rule, Settings(ground, depth, epochs=epochs), seeds, walking
                            )
                            for rule in rules_for(ground, depth)
                        }
                    )
                    for depth in DEPTHS
                }
            )
            for ground in GROUNDS
        }
    )
    fixed = {
        "data": "digits, odd or even",
        "width": WIDTH,
        "epochs": epochs,
        "batch_size": Settings.batch_size,
    }
    first = {**FIRST_LOOK, "seeds": list(LOOKING)}
    more = {"target_rate": TARGET_RATES, "deepest": DEEPEST, "first_look": first}
    return {"settings": {**fixed, **more}, "depth": found}


EXPERIMENTS = [Experiment("06-depth", stages, range(10))]
