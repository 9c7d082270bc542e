"""Backpropagation through 512 layers of four cells, zero against one on MNIST: does it arrive at the bottom?

Two networks: that of error diffusion, with its sigmoids and its initial weights, and one of tanh with orthogonal
initial weights, which keep every length; those of the first layer are small, so that tanh starts out nearly
straight. Each has its own learning rate, chosen as `experiments.error_diffusion_depth.at_its_best` does. Data, batches
and number of updates are those of `experiments.error_diffusion_depth`.

References
----------
.. [1] A. M. Saxe, J. L. McClelland and S. Ganguli, Exact solutions to the nonlinear dynamics of
   learning in deep linear neural networks, ICLR 2014, arXiv:1312.6120.
"""

from collections.abc import Callable

import numpy as np

from experiments.error_diffusion_depth import BATCH_SIZE, EPOCHS, PAIRS, at_its_best, scores
from experiments.scale import Scale, Source
from experiments.sweep import Experiment, Stages, together
from helpers.chapters.chapter4.batched_networks import BatchedNetworks
from helpers.data.datasets import Dataset
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

DEPTH = 512

#: What the first weights of the tanh network are multiplied by.
FIRST_SCALE = 0.05

#: Learning rates that are tried first, by network: the tanh network is quick to throw away what it has learned.
RATES = {"sigmoid": (0.2, 0.8, 3.2), "tanh": (0.00025, 0.0005, 0.001)}


def sigmoid_network(rng: np.random.Generator, inputs: int, depth: int) -> BatchedNetworks:
    """Return the network that error diffusion trains."""
    return BatchedNetworks.drawn(inputs, PAIRS, depth, rng, dtype=np.float32)


def tanh_network(rng: np.random.Generator, inputs: int, depth: int) -> Network:
    """Return a network of the same depth and width, of tanh with orthogonal weights."""
    network = Network.dense([inputs, *[2 * PAIRS] * depth, 2], rng, activation=Tanh, initial=orthogonal)
    network.parameters["W1"] *= FIRST_SCALE
    return network


#: Makes a network, given (generator, inputs, depth).
NETWORKS: dict[str, Callable] = {"sigmoid": sigmoid_network, "tanh": tanh_network}


def train(
    data: Dataset, name: str, seed: int, rate: float, depth: int = DEPTH, epochs: int = EPOCHS
) -> BatchedNetworks | Network:
    """Train one network by backpropagation."""
    rng = np.random.default_rng(seed)
    network = NETWORKS[name](rng, data.inputs, depth)
    steps = epochs * len(data.train) // BATCH_SIZE
    fit(
        network, data, SGD(rate), rng,
        steps=steps, batch_size=BATCH_SIZE, rule=type(network).gradients, evaluate_every=steps,
    )  # fmt: skip
    return network


def accuracies(seed: int, data: Source, name: str, rate: float, epochs: int) -> dict[str, float]:
    """Train one network; return its validation and test accuracy."""
    samples = data.load()
    return scores(train(samples, name, seed, rate, epochs=epochs), samples)


def stages(scale: Scale, seeds: range) -> Stages:
    """Train every kind of network at every rate; return what the result file keeps."""
    epochs = scale.at_most(EPOCHS)
    found = yield from together(
        {
            name: at_its_best(accuracies, seeds, rates, data=scale.data("MNIST 0/1"), name=name, epochs=epochs)
            for name, rates in RATES.items()
        }
    )
    settings = {"depth": DEPTH, "cells": 2 * PAIRS, "batch_size": BATCH_SIZE, "epochs": epochs}
    return {"settings": settings, "networks": found}


EXPERIMENTS = [Experiment("04-gradient", stages)]
