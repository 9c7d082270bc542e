"""The one training loop. A learning rule is a function that it is handed."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from helpers.data.datasets import Dataset, Split
from helpers.networks.arguments import check_count, check_draw
from helpers.networks.layers import check_finite
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
        When the first batch is asked for, if size is no whole number of at least 1.
    TypeError
        Then, too, if rng is no generator.
    """
    check_draw(rng, size=size)
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
    TypeError
        If rng is no generator.
    ValueError
        If a number is out of range or an input is not finite: before the first step.
    Diverged
        As soon as a loss is not finite; at an evaluation and at the end, if a parameter is not. Names the step and what
        it is. What overflows on the way there is told by this error, not by warnings.
    """
    check_draw(rng, steps=steps, batch_size=batch_size)
    every = max(len(data.train) // batch_size, 1) if evaluate_every is None else evaluate_every
    check_count("evaluate_every", every)
    for split in (data.train, data.validation):
        check_finite(split.x)
    history, parameters = History(), network.parameters
    evaluate(network, data, history, score)
    batches = minibatches(data.train, batch_size, rng)
    counter = range(1, steps + 1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for step in tqdm(counter, desc="training", unit="step") if progress else counter:
            x, t = next(batches)
            try:
                loss, arrays = rule(network, x if change is None else change(x), t)
                if not math.isfinite(loss):
                    raise Diverged(f"the loss is {loss}: lower the learning rate")
                optimizer.step(parameters, arrays)
                history.loss.append(loss)
                if step % every == 0 or step == steps:
                    check_parameters(parameters)
                    evaluate(network, data, history, score)
            except Diverged as error:
                raise Diverged(f"step {step}: {error}") from error
    return history


def check_parameters(parameters: Mapping[str, NDArray]) -> None:
    """Raise `Diverged`, with its name, for a parameter that is not finite: some losses stay finite all the same."""
    for name, parameter in parameters.items():
        if not np.isfinite(parameter).all():
            raise Diverged(f"{name} is not finite any more: lower the learning rate")


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
