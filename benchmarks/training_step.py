"""How long one training step of the two-layer network takes, beside two other ways to write it.

Network 784-50-10 with ReLU and softmax cross-entropy, batches of 100, plain gradient descent.
A step draws a fresh batch, computes loss and gradients, and updates the parameters. All
contestants start from the same weights and draw the same rows with ``Generator.integers``;
before anything is timed, they must arrive at the same weights.

PyTorch takes part where it is installed (``pip install torch``); the book does not need it.

The contestants take turns, a few hundred steps each, round after round, on one thread. Their
times differ between rounds with whatever else the machine does, so the figure to trust is the
ratio of two contestants in the same round: the median of it over the rounds is reported.
"""

import argparse
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray
from threadpoolctl import threadpool_limits

from benchmarks import plain_port
from experiments.record import header, write
from helpers.datasets import Dataset, Split, mnist
from helpers.network import Network
from helpers.optimizers import SGD
from helpers.training import fit, minibatches

SEED = 0
HIDDEN = 50
BATCH_SIZE = 100
LEARNING_RATE = 0.1

#: Steps before the weights are compared, and the largest difference that float32 may leave.
COMPARED_STEPS = 100
TOLERANCE = 1e-5

#: The contestant that the others are divided by.
REFERENCE = "helpers"


class Contestant(Protocol):
    """One way to train the network."""

    def train(self, steps: int) -> float: ...

    def weights(self) -> dict[str, NDArray]: ...


class Helpers:
    """The package, through its ordinary objects: batches, gradients, optimizer.

    Parameters
    ----------
    data : Dataset
    dtype : dtype
        Of the parameters and of the images.
    """

    def __init__(self, data: Dataset, dtype: DTypeLike = np.float32):
        self.network = initial_network(data, dtype)
        self.optimizer = SGD(LEARNING_RATE)
        train = Split(data.train.x.astype(dtype, copy=False), data.train.t)
        self.batches = minibatches(train, BATCH_SIZE, np.random.default_rng(SEED))

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that they took."""
        start = time.perf_counter()
        for _ in range(steps):
            batch = next(self.batches)
            _, gradients = self.network.gradients(batch.x, batch.t)
            self.optimizer.step(self.network.parameters, gradients)
        return time.perf_counter() - start

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.network.parameters


class Fit:
    """The package, through `helpers.training.fit`, which also keeps a history.

    Parameters
    ----------
    data : Dataset
    """

    def __init__(self, data: Dataset):
        self.data = data
        self.network = initial_network(data, np.float32)
        self.optimizer = SGD(LEARNING_RATE)
        self.rng = np.random.default_rng(SEED)

    def train(self, steps: int) -> float:
        """Make `steps` updates, two or more, and return the seconds that they took.

        `fit` measures the accuracy before the first step and after the last, which is no part of
        a step. So the clock is read where `fit` calls the learning rule: from the first call to
        the last there are steps - 1 whole steps.
        """
        calls: list[float] = []

        def rule(network: Network, x: NDArray, labels: NDArray) -> tuple[float, dict[str, NDArray]]:
            calls.append(time.perf_counter())
            return network.gradients(x, labels)

        fit(
            self.network,
            self.data,
            self.optimizer,
            self.rng,
            steps=steps,
            batch_size=BATCH_SIZE,
            rule=rule,
            evaluate_every=steps,
        )
        return (calls[-1] - calls[0]) * steps / (steps - 1)

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.network.parameters


class PlainPort:
    """The source's layers, ported as they are (`benchmarks.plain_port`), in float64.

    Parameters
    ----------
    data : Dataset
    loss_again : bool
        Compute the loss once more after each update, as the source does.
    """

    def __init__(self, data: Dataset, loss_again: bool = True):
        self.network = plain_port.TwoLayerNet(initial_network(data, np.float64).parameters)
        self.x = data.train.x.astype(np.float64)
        self.t = np.eye(data.classes)[data.train.t]
        self.rng = np.random.default_rng(SEED)
        self.loss_again = loss_again

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that they took."""
        start = time.perf_counter()
        plain_port.train(
            self.network,
            self.x,
            self.t,
            self.rng,
            steps=steps,
            batch_size=BATCH_SIZE,
            learning_rate=LEARNING_RATE,
            loss_again=self.loss_again,
        )
        return time.perf_counter() - start

    def weights(self) -> dict[str, NDArray]:
        """Return the present parameters."""
        return self.network.params


class PyTorch:
    """PyTorch as its tutorials use it: modules, autograd, `torch.optim.SGD`, eager, float32.

    Parameters
    ----------
    data : Dataset
    """

    def __init__(self, data: Dataset):
        import torch

        torch.set_num_threads(1)
        self.torch = torch
        self.x, self.t = torch.from_numpy(data.train.x), torch.from_numpy(data.train.t)
        self.rng = np.random.default_rng(SEED)
        first = torch.nn.Linear(data.inputs, HIDDEN)
        last = torch.nn.Linear(HIDDEN, data.classes)
        self.parameters = {"W1": first.weight, "b1": first.bias, "W2": last.weight, "b2": last.bias}
        with torch.no_grad():
            for name, array in initial_network(data, np.float32).parameters.items():
                self.parameters[name].copy_(torch.from_numpy(array.T))
        self.network = torch.nn.Sequential(first, torch.nn.ReLU(), last)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=LEARNING_RATE)

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds that they took."""
        torch = self.torch
        start = time.perf_counter()
        for _ in range(steps):
            rows = torch.from_numpy(self.rng.integers(len(self.x), size=BATCH_SIZE))
            loss = torch.nn.functional.cross_entropy(self.network(self.x[rows]), self.t[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return time.perf_counter() - start

    def weights(self) -> dict[str, NDArray]:
        """Return copies of the present parameters, laid out as `helpers` does."""
        return {name: tensor.detach().numpy().T.copy() for name, tensor in self.parameters.items()}


def initial_network(data: Dataset, dtype: DTypeLike) -> Network:
    """Return the network that every contestant starts from."""
    return Network.dense([data.inputs, HIDDEN, data.classes], np.random.default_rng(SEED), dtype=dtype)


def contestants(data: Dataset) -> dict[str, Contestant]:
    """Return everyone who takes part, by name; PyTorch only where it is installed."""
    everyone = {
        REFERENCE: Helpers(data),
        "helpers, by fit": Fit(data),
        "helpers, float64": Helpers(data, np.float64),
        "plain port": PlainPort(data),
        "plain port, one loss a step": PlainPort(data, loss_again=False),
    }
    return everyone | ({"PyTorch": PyTorch(data)} if find_spec("torch") else {})


def check_agreement(everyone: dict[str, Contestant]) -> float:
    """Train everyone for a while and return the largest difference between their weights.

    Raises
    ------
    AssertionError
        If a contestant's weights differ from the reference's by more than rounding explains:
        then it did other work, and its time would say nothing.
    """
    for contestant in everyone.values():
        contestant.train(COMPARED_STEPS)
    expected = everyone[REFERENCE].weights()
    differences = {
        (who, name): float(np.abs(array - expected[name]).max())
        for who, contestant in everyone.items()
        for name, array in contestant.weights().items()
    }
    (who, name), largest = max(differences.items(), key=lambda item: item[1])
    if not largest <= TOLERANCE:
        raise AssertionError(f"{who}: {name} is {largest:.1e} off after {COMPARED_STEPS} steps")
    return largest


def measure(everyone: dict[str, Contestant], rounds: int, steps: int) -> dict[str, NDArray]:
    """Let the contestants take turns.

    Parameters
    ----------
    everyone : dict of str to Contestant
    rounds : int
    steps : int
        Updates in each turn.

    Returns
    -------
    dict of str to ndarray, shape (rounds,)
        Microseconds per step of each turn.
    """
    seconds = [[contestant.train(steps) for contestant in everyone.values()] for _ in range(rounds)]
    return dict(zip(everyone, 1e6 / steps * np.array(seconds).T, strict=True))


def spread(values: NDArray) -> dict[str, float]:
    """Return the smallest, the median and the largest of some values."""
    return {
        "min": round(float(values.min()), 3),
        "median": round(float(np.median(values)), 3),
        "max": round(float(values.max()), 3),
    }


def table(times: dict[str, dict[str, float]], ratios: dict[str, dict[str, float]]) -> str:
    """Format the figures, one row for each contestant."""
    head = f"{'us per step':<30}{'min':>8}{'median':>8}{'max':>8}   times {REFERENCE} (min to max)"
    rows = [
        f"{who:<30}{time['min']:>8.0f}{time['median']:>8.0f}{time['max']:>8.0f}"
        f"   {ratios[who]['median']:.2f} ({ratios[who]['min']:.2f} to {ratios[who]['max']:.2f})"
        for who, time in times.items()
    ]
    return "\n".join([head, *rows])


def run(data: Dataset, rounds: int, steps: int) -> dict[str, Any]:
    """Check that everyone does the same work, then measure it on one thread.

    Parameters
    ----------
    data : Dataset
    rounds, steps : int
        Turns of each contestant, and updates in each turn (two or more).

    Returns
    -------
    dict
        ``settings``; ``largest_difference`` of weights in the check; and for each contestant the
        smallest, median and largest of its ``microseconds`` per step and of its ``ratio``, its
        time divided by the reference's in the same round.
    """
    with threadpool_limits(1):
        everyone = contestants(data)
        difference = check_agreement(everyone)
        times = measure(everyone, rounds, steps)
    return {
        "settings": {
            "sizes": [data.inputs, HIDDEN, data.classes],
            "batch_size": BATCH_SIZE,
            "learning_rate": LEARNING_RATE,
            "threads": 1,
            "rounds": rounds,
            "steps": steps,
            "reference": REFERENCE,
        },
        "largest_difference": difference,
        "microseconds": {who: spread(values) for who, values in times.items()},
        "ratio": {who: spread(values / times[REFERENCE]) for who, values in times.items()},
    }


def main() -> None:
    """Run from the command line, print the table, and write the result file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="turns of each contestant (default: 40)")
    parser.add_argument("--steps", type=int, default=250, help="updates in each turn (default: 250)")
    parser.add_argument("--out", type=Path, help="file to write; the book's is in book/results")
    options = parser.parse_args()
    start = time.perf_counter()
    result = run(mnist(), options.rounds, options.steps)
    print(table(result["microseconds"], result["ratio"]))
    if options.out:
        command = (
            f"python -m benchmarks.training_step --rounds {options.rounds} --steps {options.steps}"
            f" --out {options.out.as_posix()}"
        )
        packages = ["torch"] if "PyTorch" in result["ratio"] else []
        write(options.out, {**header(command, [SEED], time.perf_counter() - start, packages), **result})


if __name__ == "__main__":
    main()
