"""A network whose hidden layers send each other signs only, on the small digits: who can train it?

64-32-32-32-10 with tanh units that pass on the sign of their activity, except for the last
hidden layer. Backpropagation finds a gradient of zero below the last sign; the straight-through
estimator pretends that the sign is the identity; difference target propagation needs no derivative
of it. Settings are chosen on the validation samples with a seed that no measured run uses.
"""

from dataclasses import asdict
from functools import partial
from typing import Any

from experiments.record import RESULTS, command_line
from experiments.targets import Settings, choose, measure, sign_network
from helpers.data.datasets import Dataset, digits
from helpers.networks.layers import StraightThroughSign

OUT = RESULTS / "05-signs.json"
SETTINGS = Settings(hidden=(32,) * 3, epochs=60, batch_size=50, noise=0.3)
RATES = {"learning_rate": [1e-3, 3e-3, 1e-2, 3e-2, 1e-1]}

TARGET_RATES = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]

#: Networks that each setting is tried with: on signs, one of them tells little.
REPEATS = 3

#: Name in the result file: learning rule, network, and what to choose from.
CONTESTANTS = {
    "backpropagation": ("BP", sign_network, RATES),
    "straight-through": ("BP", partial(sign_network, sign=StraightThroughSign), RATES),
    "DTP": ("DTP", sign_network, {"learning_rate": [1e-3, 3e-3, 1e-2], "target_rate": TARGET_RATES}),
}


def run(data: Dataset, seeds: list[int]) -> dict[str, Any]:
    """Choose the settings of every contestant and measure it; return what the result file keeps."""
    rules = {}
    for name, (rule, build, grid) in CONTESTANTS.items():
        best, tried = choose(data, rule, SETTINGS, grid, build, REPEATS)
        rules[name] = {**measure(data, rule, best, seeds, build), "tried": tried}
    return {"settings": asdict(SETTINGS), "rules": rules}


if __name__ == "__main__":
    command_line("targets_signs", __doc__, OUT, lambda seeds: run(digits(), seeds))
