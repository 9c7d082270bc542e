"""Target propagation on the small digits: against depth, with three kinds of inverse, and with noise.

Settings are chosen on the validation samples, for every rule at every depth, with a seed that no
measured run uses; then five networks are trained and the test samples are looked at once. What
the inverses do (angle to the gradient, reconstruction) is measured on the validation samples.
Layers are narrow, so that a network whose lower layers are not trained does badly: the control "top two".
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from experiments.record import RESULTS, command_line
from experiments.targets import Settings, choose, lower_layers, measure
from helpers.data.datasets import Dataset, digits

OUT = RESULTS / "05-digits.json"

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

#: Depth at which the inverses are compared, networks for each kind (five would not tell two of them apart),
#: what is compared there with the rules above, and the noises tried.
INVERSE_DEPTH = 5
INVERSE_SEEDS = 12
KINDS = {"DTP, random": TARGETS, "DTP, transposed": TARGETS, "FA": RATES}
NOISES = [0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0]


def against_depth(data: Dataset, seeds: list[int]) -> dict[str, Any]:
    """Return for each depth and rule the settings that were tried and the test errors of the chosen ones."""
    result: dict[str, Any] = {}
    for depth in DEPTHS:
        result[str(depth)] = {}
        for rule, grid in GRIDS.items():
            best, tried = choose(data, rule, replace(BASE, hidden=(WIDTH,) * depth), grid)
            result[str(depth)][rule] = {**measure(data, rule, best, seeds), "tried": tried}
    return result


def best_with(
    data: Dataset, rule: str, tried: list[dict[str, float]], fixed: Mapping[str, float], seeds: list[int]
) -> dict[str, Any]:
    """Return the validation errors of several networks with the best settings among those with these values."""
    rows = [row for row in tried if all(row[name] == value for name, value in fixed.items())]
    best = min(rows, key=lambda row: row["validation_error"])
    settings = replace(BASE, hidden=(WIDTH,) * STEP_DEPTH, **{name: best[name] for name in LEARNED})
    return measure(data, rule, settings, seeds, split="validation")


def steps_and_decoders(data: Dataset, chosen: Mapping[str, Any], seeds: list[int]) -> dict[str, Any]:
    """Return what TP and DTP reach with each target rate, and with each learning rate of the decoders."""
    result: dict[str, Any] = {}
    for rule in ("TP", "DTP"):
        tried = chosen[rule]["tried"]
        result[rule] = {
            "target_rate": {
                f"{rate:g}": best_with(data, rule, tried, {"target_rate": rate}, seeds) for rate in TARGETS["target_rate"]
            },
            "inverse_rate": {
                f"{rate:g}": best_with(data, rule, tried, {"target_rate": STEP_TARGET_RATE, "inverse_rate": rate}, seeds)
                for rate in LEARNED["inverse_rate"]
            },
        }
    return result


def below_the_top(data: Dataset, rule: str, settings: Settings, seeds: list[int]) -> dict[str, Any]:
    """Return what a rule does below the two upper layers, on the validation samples."""
    return measure(data, rule, settings, seeds, split="validation", look=lower_layers)


def inverses(data: Dataset, chosen: Mapping[str, Any], seeds: list[int]) -> dict[str, Any]:
    """Return the kinds of inverse and their company at one depth, each with settings of its own, and the seeds."""
    own = {rule: (settings_of(row), {}) for rule, row in chosen.items() if rule != "TP"}
    for rule, grid in KINDS.items():
        best, tried = choose(data, rule, replace(BASE, hidden=(WIDTH,) * INVERSE_DEPTH), grid)
        own[rule] = (best, {"tried": tried})
    return {
        rule: {"seeds": seeds, **below_the_top(data, rule, settings, seeds), **more}
        for rule, (settings, more) in own.items()
    }


def settings_of(row: Mapping[str, Any]) -> Settings:
    """Return the settings that a row of the result file was measured with."""
    return Settings(**{**row["settings"], "hidden": tuple(row["settings"]["hidden"])})


def run(data: Dataset, seeds: list[int]) -> dict[str, Any]:
    """Return what the result file keeps."""
    depth = against_depth(data, seeds)
    chosen = depth[str(INVERSE_DEPTH)]
    steps = steps_and_decoders(data, depth[str(STEP_DEPTH)], seeds)
    kinds = inverses(data, chosen, list(range(max(len(seeds), INVERSE_SEEDS))))
    learned = settings_of(chosen["DTP"])
    noise = {f"{value:g}": below_the_top(data, "DTP", replace(learned, noise=value), seeds) for value in NOISES}
    common = {**asdict(BASE), "hidden": [WIDTH]}
    return {"settings": common, "depth": depth, "steps": steps, "inverses": kinds, "noise": noise}


if __name__ == "__main__":
    command_line("targets_digits", __doc__, OUT, lambda seeds: run(digits(), seeds))
