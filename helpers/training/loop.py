"""The one training loop. A learning rule is a function that it is handed."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from helpers.data.datasets import Dataset, Split
from helpers.networks.network import Diverged, Network, Rule
from helpers.training.optimizers import Optimizer

#: A score says with one number how well a network does on inputs and labels.
Score = Callable[[Network, NDArray, NDArray], float]

#: Makes another batch of inputs, shape (n, inputs), of one; a new one at every call.
Change = Callable[[NDArray], NDArray]

#: Mini-batches whose rows are drawn at once: a call of the generator costs more than a small batch.
DRAWS = 32


@dataclass
class History:
    """What a training run left behind.

    Attributes
    ----------
    loss : list of float
        Loss of each mini-batch, before its update; one entry per step.
    steps : list of int
        Number of updates made at each evaluation.
    train, validation : list of float
        Score at each evaluation: the accuracy, between 0 and 1, unless `fit` was told another, or none.
    """

    loss: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)


class Batch(NamedTuple):
    """Some of the samples of a split.

    Attributes
    ----------
    x : ndarray, shape (size, inputs)
    t : ndarray, shape (size,) or (size, outputs)
        The label or the target of each.
    """

    x: NDArray
    t: NDArray


def minibatches(data: Split, size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Yield random mini-batches for ever, each drawn with replacement.

    Parameters
    ----------
    data : Split
        What to draw from.
    size : int
        Samples in a batch.
    rng : numpy.random.Generator
        Source of the draw.

    Yields
    ------
    Batch

    Raises
    ------
    ValueError
        When the first batch is asked for, if size is less than 1.
    """
    if size < 1:
        raise ValueError(f"a batch needs at least one sample, got size {size}")
    while True:
        for rows in rng.integers(len(data), size=(DRAWS, size)):
            yield Batch(data.x.take(rows, axis=0), data.t.take(rows, axis=0))


def accuracy(network: Network, x: NDArray, labels: NDArray) -> float:
    """Return the share of samples that a network, of whatever kind, gets right.

    Parameters
    ----------
    network : Network
    x : ndarray, shape (n, inputs)
    labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
        Labels, or targets: what the network's own `accuracy` asks for.

    Returns
    -------
    float
        Between 0 and 1.
    """
    return network.accuracy(x, labels)


def fit(
    network: Network,
    data: Dataset,
    optimizer: Optimizer,
    rng: np.random.Generator,
    *,
    steps: int,
    batch_size: int = 100,
    rule: Rule = Network.gradients,
    change: Change | None = None,
    score: Score | None = accuracy,
    evaluate_every: int | None = None,
    progress: bool = False,
) -> History:
    """Train a network in place and return the history of the run.

    The test split is never touched: look at it once, when every choice is made.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place.
    data : Dataset
        Trains on ``data.train``; evaluates on it and on ``data.validation``.
    optimizer : Optimizer
        Turns updates into new parameters.
    rng : numpy.random.Generator
        Source of the mini-batches.
    steps : int
        Number of updates.
    batch_size : int
        Samples in each mini-batch.
    rule : Rule
        The learning rule; backpropagation unless told otherwise.
    change : Change, optional
        Changes the inputs of each mini-batch before the rule sees them, for example by shifting images.
    score : Score, optional
        What is evaluated; the network's own accuracy unless told otherwise, and nothing if it is None.
    evaluate_every : int, optional
        Steps between two evaluations; by default one epoch. There is
        one before the first step and one after the last.
    progress : bool
        Show a progress bar.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If a number is out of range, or as soon as a loss is not finite.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    every = max(len(data.train) // batch_size, 1) if evaluate_every is None else evaluate_every
    if every < 1:
        raise ValueError(f"evaluate_every must be at least 1, got {every}")
    history, parameters = History(), network.parameters
    evaluate(network, data, history, score)
    batches = minibatches(data.train, batch_size, rng)
    counter = range(1, steps + 1)
    for step in tqdm(counter, desc="training", unit="step") if progress else counter:
        x, t = next(batches)
        loss, arrays = rule(network, x if change is None else change(x), t)
        if not math.isfinite(loss):
            raise Diverged(f"the loss of step {step} is {loss}: lower the learning rate")
        optimizer.step(parameters, arrays)
        history.loss.append(loss)
        if step % every == 0 or step == steps:
            evaluate(network, data, history, score)
    return history


def evaluate(network: Network, data: Dataset, history: History, score: Score | None) -> None:
    """Append the present train and validation score to a history, unless there is no score.

    Parameters
    ----------
    network : Network
    data : Dataset
        Its train and its validation split are looked at.
    history : History
        Changed in place.
    score : Score or None
    """
    if score is None:
        return
    history.steps.append(len(history.loss))
    history.train.append(score(network, data.train.x, data.train.t))
    history.validation.append(score(network, data.validation.x, data.validation.t))
