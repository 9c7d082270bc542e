"""Ten classes by error diffusion: ten networks, one for each digit of MNIST, trained as one tensor.

Six parts, each with a file of its own. `choose` picks the settings among those of a grid, by accuracy on the
validation samples, with a seed that no measured run uses. `measure` trains from five seeds on all 60,000
training images with these settings, without and with shifted copies, and looks at the test images. `control`
does the same, from three seeds, for the same networks with a hidden layer that stays as it was drawn and for
backpropagation, each with a learning rate and a u0 chosen for it. `features` is the fairer frozen control: larger
random weights, and an output layer that moves both ways. `ablate` changes one setting at a time, for a few epochs,
and shows validation accuracy only; `directions` gives both variants of the rule a rate and a u0 of their own for
these epochs.

A network sees its weights as multiples of u0, so u0 is no setting apart: for error diffusion, and with Adam for every
rule, u0 = 0.4 in place of 1 is the same as initial weights and a rate 2.5 times as large.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024: 93 %.
.. [2] Y. Yamada et al., Diffusing blame: task-dependent credit assignment in biologically plausible
   dual-stream networks, arXiv:2606.31700, 2026: 96.7 % with one network and modulo routing.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.record import RESULTS, header, summary, write
from experiments.targets import CHOOSING_SEED, with_validation
from helpers.data.augmentation import Augmented, drops, shifts
from helpers.data.datasets import Dataset, mnist
from helpers.rules.error_diffusion import ErrorDiffusion, ErrorDiffusionNetwork
from helpers.training.loop import Rule, fit
from helpers.training.optimizers import SGD, BufferedAdam, LinearDecay

OUT = RESULTS / "04-ten-classes.json"
CHOSEN = RESULTS / "04-ten-classes-settings.json"
CONTROLS = RESULTS / "04-ten-classes-controls.json"
FEATURES = RESULTS / "04-ten-classes-features.json"
ABLATION = RESULTS / "04-ten-classes-ablation.json"
DIRECTIONS = RESULTS / "04-ten-classes-directions.json"

PUBLISHED = {"source": 0.93, "yamada2026": 0.967}


@dataclass(frozen=True)
class Settings:
    """What to train, and how.

    Attributes
    ----------
    pairs : int
        Excitatory (and inhibitory) cells of the hidden layer of each network.
    u0, scale : float
        Width of the sigmoid; largest initial weight.
    loss, optimizer : str
    learning_rate : float
        At the start; it falls in a straight line to zero.
    epochs, batch_size : int
    drop : float
        Share of the pixels of a training image that is set to zero.
    shift : int
        Largest random shift of a training image in each direction, in pixels.
    two_way : bool
        The variant of error diffusion.
    rule : str
        "error diffusion"; "frozen", the same with a hidden layer that does not learn; or "backpropagation".
    """

    pairs: int = 32
    u0: float = 1.0
    scale: float = 0.05
    loss: str = "cross-entropy"
    optimizer: str = "Adam"
    learning_rate: float = 0.003
    epochs: int = 15
    batch_size: int = 128
    drop: float = 0.0
    shift: int = 0
    two_way: bool = False
    rule: str = "error diffusion"


#: What is chosen from, everything with everything; and the part of it that each other rule chooses for itself.
GRID = {"learning_rate": (0.0005, 0.001, 0.002, 0.004), "u0": (0.4, 1.0), "drop": (0.0, 0.2)}
OWN = ("learning_rate", "u0")

#: Epochs and shift of the runs that are measured.
TASKS = {"plain": {}, "shifted": {"shift": 1, "drop": 0.0}}

#: The recipe of the source article, as far as one rate for all layers goes.
SOURCE = {"u0": 0.4, "scale": 1.0, "loss": "squared", "optimizer": "SGD", "learning_rate": 0.2, "two_way": True}

#: A frozen hidden layer whose features differ, below an output layer that can unlearn; and what it chooses from.
RANDOM_FEATURES = {"rule": "frozen", "two_way": True, "scale": 0.3}
FEATURE_GRID = {"learning_rate": (0.01, 0.03, 0.1), "u0": GRID["u0"]}

#: Epochs of the ablation, and what it changes in the chosen settings, of which u0 is 0.4.
ABLATED_EPOCHS = 3
VARIANTS: dict[str, dict[str, Any]] = {
    "as chosen": {},
    "initial weights up to 1": {"scale": 1.0},
    "squared error": {"loss": "squared"},
    "u0 = 1": {"u0": 1.0},
    "both directions": {"two_way": True},
    **{f"gradient descent, rate {rate}": {"optimizer": "SGD", "learning_rate": rate} for rate in (0.05, 0.2, 0.8)},
    "the source's: all of these, rate 0.2": SOURCE,
    "the source's, initial weights up to 0.05": {**SOURCE, "scale": 0.05},
}

#: What each variant of the rule chooses from, for the epochs of the ablation.
DIRECTION_GRID = {"learning_rate": (0.001, 0.002, 0.004, 0.008), "u0": GRID["u0"]}


#: What can be run alone, in the order of a full run.
PARTS = ["choose", "measure", "control", "features", "ablate", "directions"]


def train(data: Dataset, seed: int, settings: Settings) -> ErrorDiffusionNetwork:
    """Train ten networks side by side; weights, batches, drops and shifts come from one generator."""
    rng = np.random.default_rng(seed)
    network = ErrorDiffusionNetwork(
        data.inputs, settings.pairs, 1, rng, networks=data.classes,
        scale=settings.scale, u0=settings.u0, loss=settings.loss, dtype=np.float32,
    )  # fmt: skip
    rule = rule_of(settings)
    if settings.shift:
        rule = Augmented(rule, shifts(data.image_shape, rng, settings.shift))
    if settings.drop:
        rule = Augmented(rule, drops(settings.drop, rng))
    steps = settings.epochs * len(data.train) // settings.batch_size
    optimizer = {"Adam": BufferedAdam, "SGD": SGD}[settings.optimizer](settings.learning_rate)
    fit(
        network, data, LinearDecay(optimizer, steps), rng,
        steps=steps, batch_size=settings.batch_size, rule=rule, score=lambda *_: 0.0, evaluate_every=steps,
    )  # fmt: skip
    return network


def rule_of(settings: Settings) -> Rule:
    """Return the learning rule of the settings."""
    if settings.rule == "backpropagation":
        return ErrorDiffusionNetwork.gradients
    diffusion = ErrorDiffusion(settings.two_way)
    if settings.rule == "error diffusion":
        return diffusion

    def frozen(network: ErrorDiffusionNetwork, x: NDArray, t: NDArray) -> tuple[float, dict[str, NDArray]]:
        loss, updates = diffusion(network, x, t)
        return loss, {**updates, "first": 0 * updates["first"]}

    return frozen


def choose(data: Dataset, settings: Settings, grid: dict[str, Sequence[Any]]) -> dict[str, Any]:
    """Try a grid; return its best settings, and everything that was tried."""
    tried = []
    for values in product(*grid.values()):
        candidate = dict(zip(grid, values, strict=True))
        network = train(data, CHOOSING_SEED, replace(settings, **candidate))
        tried.append({**candidate, "validation": network.accuracy(data.validation.x, data.validation.t)})
        print(settings.rule, tried[-1], flush=True)
    best = max(tried, key=lambda found: found["validation"])
    return {
        "settings": asdict(replace(settings, **{name: best[name] for name in grid})),
        "tried": tried,
    }


def control(data: Dataset, seeds: Sequence[int], settings: Settings) -> dict[str, Any]:
    """Choose a learning rate and a u0 for each other rule, and measure it."""
    found = {}
    for rule in ("frozen", "backpropagation"):
        own = choose(data, replace(settings, rule=rule), {name: GRID[name] for name in OWN})
        found[rule] = {**measure(data, seeds, Settings(**own["settings"])), "tried": own["tried"]}
    return {"settings": asdict(settings), "rules": found}


def features(data: Dataset, seeds: Sequence[int], settings: Settings) -> dict[str, Any]:
    """Choose a learning rate and a u0 for random features, and measure them."""
    own = choose(data, replace(settings, **RANDOM_FEATURES), FEATURE_GRID)
    return {**measure(data, seeds, Settings(**own["settings"])), "tried": own["tried"]}


def measure(data: Dataset, seeds: Sequence[int], settings: Settings) -> dict[str, Any]:
    """Train from each seed on all training images; return test accuracy, time, and whether the signs were kept."""
    data, accuracy, seconds, signs_kept = with_validation(data), [], [], []
    for seed in seeds:
        begin = time.process_time()
        network = train(data, seed, settings)
        seconds.append(round(time.process_time() - begin, 1))
        signs_kept.append(bool((network.parameters["last"][:, :-1] * network.kinds >= 0).all()))
        accuracy.append(network.accuracy(data.test.x, data.test.t))
        print(settings.rule, settings.shift, seed, accuracy[-1], seconds[-1], flush=True)
    return {
        "settings": asdict(settings),
        "test": summary(accuracy),
        "processor_seconds": seconds,
        "signs_kept": signs_kept,
    }


def ablate(data: Dataset, seeds: Sequence[int], settings: Settings) -> dict[str, Any]:
    """Return the validation accuracy after a few epochs with one setting changed at a time."""
    short, found = replace(settings, epochs=ABLATED_EPOCHS), {}
    for name, change in VARIANTS.items():
        networks = [train(data, seed, replace(short, **change)) for seed in seeds]
        found[name] = summary([network.accuracy(data.validation.x, data.validation.t) for network in networks])
        print(f"{name}: {found[name]['mean']:.2%} +- {found[name]['sd']:.2%}", flush=True)
    return {"settings": asdict(short), "validation": found}


def directions(data: Dataset, seeds: Sequence[int], settings: Settings) -> dict[str, Any]:
    """Return the validation accuracy of both variants of the rule after a few epochs, each at its own best settings."""
    short, found = replace(settings, epochs=ABLATED_EPOCHS), {}
    for two_way in (False, True):
        own = choose(data, replace(short, two_way=two_way), DIRECTION_GRID)
        networks = [train(data, seed, Settings(**own["settings"])) for seed in seeds]
        validation = summary([network.accuracy(data.validation.x, data.validation.t) for network in networks])
        found["both ways" if two_way else "one way"] = {**own, "validation": validation}
    return {"settings": asdict(short), "variants": found}


def main() -> None:
    """Run from the command line: one part, or everything in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=PARTS, help="default: everything")
    part, data = parser.parse_args().part, mnist()

    def store(path: Path, name: str, seeds: Sequence[int], result: dict[str, Any]) -> None:
        command = f"python -m experiments.error_diffusion_classes {name}"
        write(path, {**header(command, seeds, time.perf_counter() - start), **result})

    start = time.perf_counter()
    if part in (None, "choose"):
        store(CHOSEN, "choose", [CHOOSING_SEED], choose(data, Settings(), GRID))
    chosen, start = Settings(**json.loads(CHOSEN.read_text(encoding="utf-8"))["settings"]), time.perf_counter()
    if part in (None, "measure"):
        seeds = range(5)
        measured = {name: measure(data, seeds, replace(chosen, **change)) for name, change in TASKS.items()}
        store(OUT, "measure", seeds, {"settings": asdict(chosen), "published": PUBLISHED, "tasks": measured})
    others = {
        "control": (CONTROLS, control),
        "features": (FEATURES, features),
        "ablate": (ABLATION, ablate),
        "directions": (DIRECTIONS, directions),
    }
    for name, (path, run) in others.items():
        start = time.perf_counter()
        if part in (None, name):
            store(path, name, range(3), run(data, range(3), chosen))


if __name__ == "__main__":
    main()
