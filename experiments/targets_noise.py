"""Does noise in the decoders' training bring the update nearer to the gradient? Digits, many fresh networks.

Five hidden layers of 16 units, trained by DTP with the settings that `targets_digits` chose at a noise of 0.3. Each
seed trains one network for each noise, so that the noises are compared in pairs: same first weights, same batches.
"""

from dataclasses import asdict, replace

from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from experiments.targets import measure
from experiments.targets_digits import BASE, INVERSE_DEPTH, WIDTH

NOISES = [0.0, 0.2, 1.0]
SETTINGS = replace(BASE, hidden=(WIDTH,) * INVERSE_DEPTH, learning_rate=1e-2, target_rate=0.1, inverse_rate=1e-2)


def stages(scale: Scale, seeds: range) -> Stages:
    """Measure DTP with each noise on the validation samples; return what the result file keeps."""
    settings = replace(SETTINGS, epochs=scale.at_most(SETTINGS.epochs))
    by_noise = yield from together(
        {
            f"{noise:g}": measure(
                scale.data("digits"), "DTP", replace(settings, noise=noise), seeds, split="validation", lower=True
            )
            for noise in NOISES
        }
    )
    return {"settings": asdict(settings), "noise": by_noise}


EXPERIMENTS = [Experiment("05-noise", stages, range(100, 160))]
