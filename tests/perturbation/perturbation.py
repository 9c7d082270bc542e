"""Stand in for a machine that rounds differently: `BOOK_PERTURBATION=3 make test`.

Importing this module moves, for the rest of the process, whatever is drawn, loaded, or handed to a layer as its
first weights by at most one rounding of its precision. Another number gives another perturbation. The top
``conftest.py`` imports it where the environment names a perturbation, and has the kernels of the chapters import it.
"""

import functools
import os

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter4 import batched_networks
from helpers.data import datasets
from helpers.networks import layers

SEED = int(os.environ["BOOK_PERTURBATION"])

#: The whole number of the same size as a float, by the float's type.
BITS = {np.dtype(np.float32): np.uint32, np.dtype(np.float64): np.uint64}


def moved(x: NDArray) -> NDArray:
    """Return a copy in which the last bit of every number is a random one, fixed by its other bits and the seed.

    So about half of the numbers move by one unit in the last place, equal numbers move alike, and moving a second
    time changes nothing. Whole numbers stay: every machine has them exactly. So does whatever holds no floats.
    """
    if getattr(x, "dtype", None) not in BITS:
        return x
    kind = BITS[x.dtype]
    bits = np.array(x, copy=True).view(kind)
    with np.errstate(over="ignore"):  # whole numbers of 64 bits go round
        number = (bits.astype(np.uint64) >> np.uint64(1)) + np.uint64(SEED * 0x9E3779B97F4A7C15 % 2**64)
        for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
            number = (number ^ (number >> np.uint64(30))) * np.uint64(factor)
    random_bit = ((number >> np.uint64(40)) & np.uint64(1)).astype(kind)
    whole = ~np.isfinite(x) | (x == np.rint(x))
    return np.where(whole, x, ((bits & ~kind(1)) | random_bit).view(x.dtype))


class MovedGenerator(np.random.Generator):
    """A generator whose floats are moved."""

    def __reduce__(self):
        return MovedGenerator, (self.bit_generator,)


def drawing(name: str):
    """Return a method that draws like the generator's own of this name, and moves what it has drawn."""
    draw = getattr(np.random.Generator, name)

    @functools.wraps(draw)
    def moving(self, *arguments, **options):
        drawn = draw(self, *arguments, **options)
        return float(moved(np.array(drawn))) if isinstance(drawn, float) else moved(drawn)

    return moving


for name in ("random", "uniform", "normal", "standard_normal", "exponential", "lognormal"):
    setattr(MovedGenerator, name, drawing(name))

plain_generator = np.random.default_rng


@functools.wraps(plain_generator)
def default_rng(*arguments, **options):
    """Return a generator whose floats are moved."""
    return MovedGenerator(plain_generator(*arguments, **options).bit_generator)


def after(owner: type, method: str, move) -> None:
    """Let a method that ends the making of an object be followed by a move of its arrays."""
    original = getattr(owner, method)

    @functools.wraps(original)
    def wrapped(self, *arguments, **options):
        original(self, *arguments, **options)
        move(self)

    setattr(owner, method, wrapped)


def move_samples(split) -> None:
    """Move the inputs of a split."""
    object.__setattr__(split, "x", moved(split.x))


def move_weights(owner) -> None:
    """Move the parameters of a layer or a network."""
    for array in owner.parameters.values():
        array[...] = moved(array)


np.random.default_rng = default_rng
after(datasets.Split, "__post_init__", move_samples)
after(layers.Affine, "__init__", move_weights)
after(batched_networks.BatchedNetworks, "__init__", move_weights)
