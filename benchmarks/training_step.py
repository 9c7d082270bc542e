"""How long one training step of the two-layer network takes, beside two other ways to write it.

Network 784-50-10 with ReLU and softmax cross-entropy, batches of 100, plain gradient descent.
A step draws a fresh batch, computes loss and gradients, and updates the parameters. All
contestants start from the same weights and draw the same rows with ``Generator.integers``;
before anything is timed, they must arrive at the same weights.

PyTorch takes part where it is installed (``pip install torch``); the book does not need it.
`benchmarks.interleaved` says how the contestants are interleaved and why ratios are reported.
"""

import time
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from threadpoolctl import threadpool_limits

from benchmarks import plain_port
from benchmarks.interleaved import REFERENCE, SEED, Contestant, Fit, check_agreement, command_line, measure, table
from experiments.mnist import mnist
from helpers.data.datasets import Dataset, Split
from helpers.networks.network import Network
from helpers.training.loop import minibatches
from helpers.training.optimizers import SGD

HIDDEN = 50
BATCH_SIZE = 100
LEARNING_RATE = 0.1

#: Steps before the weights are compared, and the largest difference that float32 may leave.
COMPARED_STEPS = 100
TOLERANCE = 1e-5


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
    everyone: dict[str, Contestant] = {
        REFERENCE: Helpers(data),
        "helpers, by fit": Fit(initial_network(data, np.float32), data, SGD(LEARNING_RATE), BATCH_SIZE),
        "helpers, float64": Helpers(data, np.float64),
        "plain port": PlainPort(data),
        "plain port, one loss a step": PlainPort(data, loss_again=False),
    }
    if find_spec("torch"):
        everyone["PyTorch"] = PyTorch(data)
    return everyone


def run(data: Dataset, rounds: int, steps: int) -> dict[str, Any]:
    """Check that everyone does the same work, then measure it on one thread.

    Parameters
    ----------
    data : Dataset
    rounds, steps : int
        Turns of each contestant, and updates in each turn.

    Returns
    -------
    dict
        ``settings``; ``largest_difference`` of weights in the check; and what `measure` returns.
    """
    with threadpool_limits(1):
        everyone = contestants(data)
        difference = check_agreement(everyone, COMPARED_STEPS, TOLERANCE)
        measured = measure(everyone, rounds, steps)
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
        **measured,
    }


if __name__ == "__main__":
    command_line(
        "training_step",
        __doc__.splitlines()[0],
        lambda rounds, steps: run(mnist(), rounds, steps),
        table,
        steps=250,
    )
