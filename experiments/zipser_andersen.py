"""The network of chapter 3 at its source's settings and at better ones, from several seeds.

The source's settings were fixed beforehand; the learning rate of the others was chosen by the
validation error in the chapter.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.record import RESULTS, header, summary, write
from helpers.activations import sigmoid
from helpers.coordinate_task import make_task
from helpers.layers import LossLayer, Sigmoid
from helpers.losses import binary_cross_entropy
from helpers.network import Network, uniform_fan_in
from helpers.optimizers import SGD
from helpers.population_codes import TemplateDecoder, distance
from helpers.training import History, fit

OUT = RESULTS / "03-zipser-andersen.json"

#: Training samples of the source; 500 more are for validation and 500 for the test.
TRAIN = 9_500


@dataclass(frozen=True)
class Settings:
    """What to train, and how; the defaults are the source's.

    Attributes
    ----------
    independent : {"head", "eye"}
        What is drawn independently of the retinal position.
    eye_inputs : {2, 32}
    hidden, batch_size, epochs : int
    learning_rate : float
    points : int
        Evaluations to keep of each run, besides the first.
    """

    independent: str = "head"
    eye_inputs: int = 2
    hidden: int = 16
    batch_size: int = 25
    epochs: int = 1000
    learning_rate: float = 0.01
    points: int = 50


#: The two that are compared.
SETTINGS = {"source": Settings(), "faster": Settings(epochs=100, learning_rate=2.0)}

#: The faster one with either kind of data, either eye code and two sizes of the hidden layer.
GRID = {
    f"{independent}-{eye_inputs}-{hidden}": Settings(
        independent, eye_inputs, hidden, epochs=100, learning_rate=2.0, points=1
    )
    for independent in ("head", "eye")
    for eye_inputs in (2, 32)
    for hidden in (16, 25)
}


def summed_squared_error(network: Network, x: NDArray, targets: NDArray) -> float:
    """Return the squared distance between rates and targets, averaged over the samples."""
    return float(((sigmoid(network.predict(x)) - targets) ** 2).sum() / len(x))


def train(seed: int, settings: Settings) -> tuple[History, dict[str, float]]:
    """Train one network; return its history and how well it does on the test samples.

    Returns
    -------
    history : History
        With summed squared errors for scores.
    figures : dict
        ``error``: summed squared error; ``mean_degrees`` and ``median_degrees``: decoding
        error by template correlation; ``seconds``: of the training on the clock.
    """
    task, rng = make_task(settings.independent, settings.eye_inputs), np.random.default_rng(seed)
    data, test = task.dataset(rng, train=TRAIN)
    network = Network.dense(
        [task.inputs, settings.hidden, task.head.units],
        rng,
        activation=Sigmoid,
        initial=uniform_fan_in,
        loss_layer=LossLayer(binary_cross_entropy),
    )
    steps = settings.epochs * (TRAIN // settings.batch_size)
    start = time.perf_counter()
    history = fit(
        network,
        data,
        SGD(settings.learning_rate),
        rng,
        steps=steps,
        batch_size=settings.batch_size,
        score=summed_squared_error,
        evaluate_every=max(steps // settings.points, 1),
    )
    seconds = time.perf_counter() - start
    degrees = distance(TemplateDecoder(task.head).decode(sigmoid(network.predict(data.test.x))), test.head)
    return history, {
        "error": summed_squared_error(network, data.test.x, data.test.t),
        "mean_degrees": float(degrees.mean()),
        "median_degrees": float(np.median(degrees)),
        "seconds": round(seconds, 1),
    }


def run(seeds: Sequence[int], settings: dict[str, Settings]) -> dict[str, Any]:
    """Train one network for each seed and setting; return what the result file keeps."""
    results: dict[str, Any] = {}
    for name, setting in settings.items():
        runs = [train(seed, setting) for seed in seeds]
        results[name] = {
            "test": {key: summary([figures[key] for _, figures in runs]) for key in runs[0][1]},
            "histories": [
                {
                    "seed": seed,
                    "steps": history.steps,
                    "validation_error": [round(value, 5) for value in history.validation],
                }
                for seed, (history, _) in zip(seeds, runs, strict=True)
            ],
        }
    return {"settings": {name: asdict(setting) for name, setting in settings.items()}, "runs": results}


def main() -> None:
    """Run from the command line and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="number of networks (default: 5)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"file to write (default: {OUT})")
    arguments = parser.parse_args()
    seeds = list(range(arguments.seeds))
    start = time.perf_counter()
    result = run(seeds, SETTINGS | GRID)
    command = f"python -m experiments.zipser_andersen --seeds {arguments.seeds}"
    write(arguments.out, {**header(command, seeds, time.perf_counter() - start), **result})
    for name, runs in result["runs"].items():
        test = runs["test"]
        print(f"{name}: error {test['error']['mean']:.3f}, {test['mean_degrees']['mean']:.2f} degrees: {arguments.out}")


if __name__ == "__main__":
    main()
