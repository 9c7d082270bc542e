"""How large an experiment is: as the book reports it, or small, to see that everything runs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from experiments.mnist import mnist
from helpers.chapters.chapter4.datasets import two_classes
from helpers.data.datasets import Dataset, Split, digits

#: Data by name.
LOADERS: dict[str, Callable[[], Dataset]] = {
    "digits": digits,
    "MNIST": mnist,
    "MNIST 0/1": lambda: two_classes(mnist(), 0, 1),
}


@dataclass(frozen=True)
class Source:
    """Where a run finds its data: a name goes to another process more easily than 70,000 images.

    Attributes
    ----------
    name : str
        One of `LOADERS`.
    samples : int, optional
        Only the first so many of each split.
    with_validation : bool
        Whether to train on the validation samples, too: for the last training, when every choice has been made.
    """

    name: str
    samples: int | None = None
    with_validation: bool = False

    def load(self) -> Dataset:
        """Return the data; a process reads them once."""
        return load(self)


@lru_cache(maxsize=2)
def load(source: Source) -> Dataset:
    """Read the data of a source."""
    data = LOADERS[source.name]()
    train, validation, test = (
        Split(split.x[: source.samples], split.t[: source.samples])
        for split in (data.train, data.validation, data.test)
    )
    if source.with_validation:
        train = Split(np.concatenate([train.x, validation.x]), np.concatenate([train.t, validation.t]))
    return Dataset(data.name, data.image_shape, data.classes, train, validation, test)


@dataclass(frozen=True)
class Scale:
    """Limits of an experiment; without any it is as the book reports it.

    Attributes
    ----------
    seeds : int, optional
        Repetitions of everything, in place of each experiment's own number.
    epochs : int, optional
        No run has more.
    samples : int, optional
        No split has more.
    """

    seeds: int | None = None
    epochs: int | None = None
    samples: int | None = None

    def seeds_of(self, own: range) -> range:
        """Return the seeds to use in place of an experiment's own; the first stays."""
        return own if self.seeds is None else range(own.start, own.start + self.seeds)

    def at_most(self, epochs: int) -> int:
        """Return a number of epochs, cut to the largest."""
        return epochs if self.epochs is None else min(epochs, self.epochs)

    def data(self, name: str, *, with_validation: bool = False) -> Source:
        """Return where to find data of this size."""
        return Source(name, self.samples, with_validation)


#: For a look whether everything still runs: its figures mean nothing.
SHORT = Scale(seeds=1, epochs=1, samples=400)
