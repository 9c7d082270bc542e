"""The ground on which chapter 6 compares the rules: is a handwritten digit odd or even, and which cells say it?"""

import numpy as np

from helpers.data.datasets import Dataset, Split
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Network

#: Excitatory cells of a hidden layer; there are as many inhibitory ones.
PAIRS = 16


def odd_or_even(data: Dataset) -> Dataset:
    """Return the same samples, labelled 1 where the class is odd and 0 where it is even.

    One output cell can say it, so every rule of the book can learn it in the same network.

    Parameters
    ----------
    data : Dataset
        Digits, each labelled with itself.

    Returns
    -------
    Dataset
    """
    splits = (Split(split.x, split.t % 2) for split in (data.train, data.validation, data.test))
    return Dataset(f"{data.name}, odd or even", data.image_shape, 2, *splits)


def cells(inputs: int, depth: int, rng: np.random.Generator, u0: float = 2.0) -> Network:
    """Return a network of excitatory and inhibitory cells that every rule of the book can train.

    Parameters
    ----------
    inputs : int
    depth : int
        Hidden layers, each of twice `PAIRS` cells.
    rng : numpy.random.Generator
        Source of the initial weights.
    u0 : float
        Width of the sigmoid; small is steep.

    Returns
    -------
    Network
        In float32, with cross-entropy as its loss.
    """
    return excitatory_inhibitory(inputs, PAIRS, depth, rng, u0=u0, loss=binary_cross_entropy, dtype=np.float32)
