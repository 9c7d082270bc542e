"""Target propagation on the small digits: against depth, with three kinds of inverse, and with noise.

Settings are chosen on the validation samples, for every rule at every depth, with a seed that no
measured run uses; then five networks are trained and the test samples are looked at once. What
the inverses do (angle to the gradient, reconstruction) is measured on the validation samples, with
settings that every rule chooses from several networks.
Layers are narrow, so that a network whose lower layers are not trained does badly: the control "top two".
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together
from experiments.targets import Settings, best_and_measured, best_of, cautious, from_the_best, measure, tried_again

DEPTHS = [2, 3, 5, 7]
WIDTH = 16
BASE = Settings(hidden=(), epochs=30, batch_size=50)

RATES = {"learning_rate": [1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1]}
TARGETS = {"learning_rate": [1e-3, 3e-3, 1e-2, 3e-2], "target_rate": [0.1, 1.0, 10.0, 100.0, 1000.0]}
LEARNED = {**TARGETS, "inverse_rate": [2e-3, 1e-2]}
GRIDS = {"BP": RATES, "TP": LEARNED, "DTP": LEARNED, "top two": RATES}

#: Depth and target rate at which long steps are compared with short ones, and quick decoders with slow ones.
STEP_DEPTH = 7
STEP_TARGET_RATE = 1.0

#: Depth at which the inverses are compared, and networks for each kind: five would not tell two of them apart.
INVERSE_DEPTH = 5
INVERSE_SEEDS = range(24)

#: Networks that each setting is tried with there, and that each of the best few is tried with again. One would
#: choose by an image or two of 360, and at a learning rate of 0.03 a rounding decides over these: training five
#: such layers is chaotic there, whatever the rule.
INVERSE_CHOOSING = range(1000, 1003)
FINALISTS, FINAL_CHOOSING = 3, range(1003, 1013)

#: What each kind of inverse, and its company, chooses from.
FIXED = {"learning_rate": [3e-3, 1e-2, 3e-2, 1e-1], "target_rate": [0.01, 0.1, 1.0, 10.0]}
KINDS = {
    "BP": RATES,
    "DTP": {**FIXED, "inverse_rate": [2e-3, 1e-2, 3e-2, 1e-1]},
    "top two": RATES,
    "DTP, random": FIXED,
    "DTP, transposed": FIXED,
    "FA": RATES,
}
NOISES = [0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0]


def against_depth(data: Source, base: Settings, seeds: range) -> Stages:
    """Return for each depth and rule the settings that were tried and the test errors of the chosen ones."""
    return together(
        {
            str(depth): together(
                {
                    rule: best_and_measured(data, rule, replace(base, hidden=(WIDTH,) * depth), grid, seeds)
                    for rule, grid in GRIDS.items()
                }
            )
            for depth in DEPTHS
        }
    )


def best_with(
    data: Source, rule: str, base: Settings, tried: list[dict[str, Any]], fixed: Mapping[str, float], seeds: range
) -> Stages:
    """Return the validation errors of several networks with the best settings among those with these values."""
    rows = [row for row in tried if all(row[name] == value for name, value in fixed.items())]
    best = min(rows, key=lambda row: row["validation_error"])
    settings = replace(base, hidden=(WIDTH,) * STEP_DEPTH, **{name: best[name] for name in LEARNED})
    return measure(data, rule, settings, seeds, split="validation")


def steps_and_decoders(data: Source, base: Settings, chosen: Mapping[str, Any], seeds: range) -> Stages:
    """Return what TP and DTP reach with each target rate, and with each learning rate of the decoders."""
    fixed = {
        "target_rate": [{"target_rate": rate} for rate in TARGETS["target_rate"]],
        "inverse_rate": [{"target_rate": STEP_TARGET_RATE, "inverse_rate": rate} for rate in LEARNED["inverse_rate"]],
    }
    return together(
        {
            rule: together(
                {
                    name: together(
                        {
                            f"{values[name]:g}": best_with(data, rule, base, chosen[rule]["tried"], values, seeds)
                            for values in several
                        }
                    )
                    for name, several in fixed.items()
                }
            )
            for rule in ("TP", "DTP")
        }
    )


def below_the_top(data: Source, rule: str, settings: Settings, seeds: range) -> Stages:
    """Return what a rule does below the two upper layers, on the validation samples."""
    return measure(data, rule, settings, seeds, split="validation", lower=True)


def kind_of_inverse(scale: Scale, rule: str, base: Settings) -> Stages:
    """Choose the settings of a rule, among the best few from more networks; return what it does with them."""
    data, settings, grid = scale.data("digits"), replace(base, hidden=(WIDTH,) * INVERSE_DEPTH), KINDS[rule]
    seeds, first, again = (scale.seeds_of(own) for own in (INVERSE_SEEDS, INVERSE_CHOOSING, FINAL_CHOOSING))
    _, tried = yield from best_of(data, rule, settings, grid, seeds=first)
    few = from_the_best(tried)[:FINALISTS]
    finals = yield from tried_again(data, rule, settings, few, again)
    best = replace(settings, **cautious(finals))
    measured = yield from below_the_top(data, rule, best, seeds)
    choice = {"tried": tried, "finals": finals, "networks": {"tried": len(first), "finals": len(again)}}
    return {"seeds": list(seeds), **measured, **choice}


def settings_of(row: Mapping[str, Any]) -> Settings:
    """Return the settings that a row of the result file was measured with."""
    return Settings(**{**row["settings"], "hidden": tuple(row["settings"]["hidden"])})


def stages(scale: Scale, seeds: range) -> Stages:
    """Return what the result file keeps."""
    data, base = scale.data("digits"), replace(BASE, epochs=scale.at_most(BASE.epochs))
    found = yield from together(
        {
            "depth": against_depth(data, base, seeds),
            "inverses": together({rule: kind_of_inverse(scale, rule, base) for rule in KINDS}),
        }
    )
    learned = settings_of(found["depth"][str(INVERSE_DEPTH)]["DTP"])
    more = yield from together(
        {
            "steps": steps_and_decoders(data, base, found["depth"][str(STEP_DEPTH)], seeds),
            "noise": together(
                {f"{noise:g}": below_the_top(data, "DTP", replace(learned, noise=noise), seeds) for noise in NOISES}
            ),
        }
    )
    return {"settings": {**asdict(base), "hidden": [WIDTH]}, **found, **more}


EXPERIMENTS = [Experiment("05-digits", stages)]
