"""A network whose hidden layers send each other signs only, on the small digits: who can train it?

64-32-32-32-10 with tanh units that pass on the sign of their activity, except for the last
hidden layer. Backpropagation finds a gradient of zero below the last sign; the straight-through
estimator pretends that the sign is the identity; difference target propagation needs no derivative
of it. Settings are chosen on the validation samples with a seed that no measured run uses.
"""

import time
from dataclasses import asdict
from functools import partial

from experiments.record import RESULTS, header, write
from experiments.targets import Settings, arguments, choose, measure, sign_network
from helpers.datasets import digits
from helpers.layers import StraightThroughSign

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


def main() -> None:
    """Run from the command line and write the result file."""
    options = arguments(__doc__, OUT)
    start = time.perf_counter()
    data, seeds = digits(), list(range(options.seeds))
    rules = {}
    for name, (rule, build, grid) in CONTESTANTS.items():
        best, tried = choose(data, rule, SETTINGS, grid, build, REPEATS)
        rules[name] = {**measure(data, rule, best, seeds, build), "tried": tried}
    command = f"python -m experiments.targets_signs --seeds {options.seeds}"
    write(options.out, {**header(command, seeds, time.perf_counter() - start), "settings": asdict(SETTINGS), "rules": rules})


if __name__ == "__main__":
    main()
