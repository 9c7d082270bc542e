"""Target propagation on the small digits: against depth, with three kinds of inverse, and with noise.

Settings are chosen on the validation samples, for every rule at every depth, with a seed that no
measured run uses; then five networks are trained and the test samples are looked at once. What
the inverses do (angle to the gradient, reconstruction) is measured on the validation samples.
"""

import argparse
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.record import RESULTS, header, summary, write
from experiments.targets import Settings, choose, error, measure, train
from helpers.datasets import Dataset, digits
from helpers.diagnostics import Monitor, angles, reconstruction_errors
from helpers.network import Network
from helpers.training import Rule

OUT = RESULTS / "05-digits.json"

DEPTHS = [2, 3, 5, 7]
WIDTH = 64
BASE = Settings(hidden=(), epochs=30, batch_size=50)
RATES = {"learning_rate": [1e-3, 3e-3]}
TARGETS = {**RATES, "target_rate": [0.1, 1.0, 10.0], "noise": [0.1, 0.3]}
GRIDS = {"BP": RATES, "TP": TARGETS, "DTP": TARGETS}

#: Depth at which the inverses are compared, and the noises that one is trained with.
INVERSE_DEPTH = 5
KINDS = ["DTP", "DTP, random", "DTP, transposed"]
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


def inverse_at_work(data: Dataset, rule: str, settings: Settings, seeds: list[int]) -> dict[str, Any]:
    """Return validation error, mean angle of the lower layers to the gradient, and reconstruction error."""
    rows: dict[str, list[float]] = {"validation_error": [], "angle": [], "reconstruction": []}
    for seed in seeds:
        watched: list[Monitor] = []

        def watch(rule: Rule, watched: list[Monitor] = watched) -> Rule:
            watched.append(Monitor(rule, every=10**9))
            return watched[0]

        network = train(data, rule, settings, seed, wrap=watch)
        rows["validation_error"].append(error(network, data.validation))
        rows["angle"].append(mean_angle(network, watched[0].rule, data))
        inverses = watched[0].rule.inverses
        errors = reconstruction_errors(network, inverses, data.validation.x)
        rows["reconstruction"].append(float(np.mean(list(errors.values()))))
    return {name: summary([round(value, 4) for value in values]) for name, values in rows.items()}


def mean_angle(network: Network, rule: Rule, data: Dataset) -> float:
    """Return the angle between update and gradient, averaged over the layers whose targets were carried down."""
    _, updates = rule(network, data.validation.x, data.validation.t)
    _, gradients = network.gradients(data.validation.x, data.validation.t)
    found = angles(updates, gradients)
    return float(np.mean([found[f"W{i}"] for i in range(1, len(network.trainable) - 1)]))


def main() -> None:
    """Run from the command line and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="networks per rule (default: 5)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"file to write (default: {OUT})")
    options = parser.parse_args()
    start = time.perf_counter()
    data, seeds = digits(), list(range(options.seeds))
    depth = against_depth(data, seeds)
    chosen = depth[str(INVERSE_DEPTH)]["DTP"]["settings"]
    settings = Settings(**{**chosen, "hidden": tuple(chosen["hidden"])})
    kinds = {kind: inverse_at_work(data, kind, settings, seeds) for kind in KINDS}
    noise = {
        f"{value:g}": inverse_at_work(data, "DTP", replace(settings, noise=value), seeds) for value in NOISES
    }
    command = f"python -m experiments.targets_digits --seeds {options.seeds}"
    first = header(command, seeds, time.perf_counter() - start)
    common = {name: value for name, value in asdict(BASE).items() if name != "hidden"}
    write(options.out, {**first, "settings": common, "depth": depth, "inverses": kinds, "noise": noise})


if __name__ == "__main__":
    main()
