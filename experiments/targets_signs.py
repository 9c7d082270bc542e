"""A network whose hidden layers send each other signs only, on the small digits: who can train it?

64-32-32-32-10 with tanh units that pass on the sign of their activity, except for the last
hidden layer. Backpropagation finds a gradient of zero below the last sign; the straight-through
estimator pretends that the sign is the identity; difference target propagation needs no derivative
of it. Settings are chosen on the validation samples with a seed that no measured run uses.
"""

from dataclasses import asdict, replace

from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from experiments.targets import Settings, best_and_measured

SETTINGS = Settings(hidden=(32,) * 3, epochs=60, batch_size=50, noise=0.3)
RATES = {"learning_rate": [1e-3, 3e-3, 1e-2, 3e-2, 1e-1]}

TARGET_RATES = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]

#: Networks that each setting is tried with: on signs, one of them tells little.
CHOOSING = range(1000, 1003)

#: Name in the result file: learning rule, network, and what to choose from.
CONTESTANTS = {
    "backpropagation": ("BP", "signs", RATES),
    "straight-through": ("BP", "signs, straight through", RATES),
    "DTP": ("DTP", "signs", {"learning_rate": [1e-3, 3e-3, 1e-2], "target_rate": TARGET_RATES}),
}


def stages(scale: Scale, seeds: range) -> Stages:
    """Choose the settings of every contestant and measure it; return what the result file keeps."""
    settings = replace(SETTINGS, epochs=scale.at_most(SETTINGS.epochs))
    rules = yield from together(
        {
            name: best_and_measured(
                scale.data("digits"), rule, settings, grid, seeds, network=network, choosing=scale.seeds_of(CHOOSING)
            )
            for name, (rule, network, grid) in CONTESTANTS.items()
        }
    )
    return {"settings": asdict(settings), "rules": rules}


EXPERIMENTS = [Experiment("05-signs", stages)]
