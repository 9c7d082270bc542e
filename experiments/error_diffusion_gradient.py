"""Backpropagation through 512 layers of four cells, zero against one on MNIST: does it arrive at the bottom?

Two networks: that of error diffusion, with its sigmoids and its initial weights, and one of tanh with orthogonal
initial weights, which keep every length; those of the first layer are small, so that tanh starts out nearly
straight. Each has its own learning rate, the one among those below with the highest mean validation accuracy over
the seeds. Data, batches and number of updates are those of `experiments.error_diffusion_depth`.

References
----------
.. [1] A. M. Saxe, J. L. McClelland and S. Ganguli, Exact solutions to the nonlinear dynamics of
   learning in deep linear neural networks, ICLR 2014, arXiv:1312.6120.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from experiments.error_diffusion_depth import BATCH_SIZE, EPOCHS, PAIRS, best_of
from experiments.record import RESULTS, command_line, summary
from helpers.data.datasets import Dataset, mnist, two_classes
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.rules.error_diffusion import ErrorDiffusionNetwork
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

OUT = RESULTS / "04-gradient.json"

DEPTH = 512

#: What the first weights of the tanh network are multiplied by.
FIRST_SCALE = 0.05

#: Learning rates, by network: the tanh network is quick to throw away what it has learned.
RATES = {"sigmoid": (0.2, 0.8, 3.2), "tanh": (0.0003, 0.001, 0.003)}


def sigmoid_network(rng: np.random.Generator, inputs: int, depth: int) -> ErrorDiffusionNetwork:
    """Return the network that error diffusion trains."""
    return ErrorDiffusionNetwork(inputs, PAIRS, depth, rng, dtype=np.float32)


def tanh_network(rng: np.random.Generator, inputs: int, depth: int) -> Network:
    """Return a network of the same depth and width, of tanh with orthogonal weights."""
    network = Network.dense([inputs, *[2 * PAIRS] * depth, 2], rng, activation=Tanh, initial=orthogonal)
    network.parameters["W1"] *= FIRST_SCALE
    return network


#: Makes a network, given (generator, inputs, depth).
NETWORKS: dict[str, Callable] = {"sigmoid": sigmoid_network, "tanh": tanh_network}


def train(data: Dataset, name: str, seed: int, rate: float, depth: int = DEPTH) -> ErrorDiffusionNetwork | Network:
    """Train one network by backpropagation."""
    rng = np.random.default_rng(seed)
    network = NETWORKS[name](rng, data.inputs, depth)
    steps = EPOCHS * len(data.train) // BATCH_SIZE
    fit(
        network, data, SGD(rate), rng,
        steps=steps, batch_size=BATCH_SIZE, rule=type(network).gradients, evaluate_every=steps,
    )  # fmt: skip
    return network


def accuracies(data: Dataset, name: str, seeds: Sequence[int], rate: float) -> dict[str, Any]:
    """Return the rate, and validation and test accuracy over the seeds."""
    networks = [train(data, name, seed, rate) for seed in seeds]
    validation, test = (
        summary([network.accuracy(split.x, split.t) for network in networks])
        for split in (data.validation, data.test)
    )
    print(name, rate, test["per_seed"], flush=True)
    return {"rate": rate, "validation": validation, "test": test}


def run(data: Dataset, seeds: Sequence[int]) -> dict[str, Any]:
    """Train every kind of network at every rate; return what the result file keeps."""
    return {
        "settings": {"depth": DEPTH, "cells": 2 * PAIRS, "batch_size": BATCH_SIZE, "epochs": EPOCHS},
        "networks": {
            name: best_of([accuracies(data, name, seeds, rate) for rate in RATES[name]]) for name in NETWORKS
        },
    }


if __name__ == "__main__":
    command_line("error_diffusion_gradient", __doc__, OUT, lambda seeds: run(two_classes(mnist(), 0, 1), seeds))
