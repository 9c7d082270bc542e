"""The floor under a step: its matrix products alone, with no activation, no update and no draw.

Every product is made by `numpy.matmul` with the shapes, the precision and the transposed views that a step has, into an
array that was there before. No step can be faster in numpy, unless it makes fewer products.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.interleaved import SEED


class Product(NamedTuple):
    """A product of matrices of shapes (n, a) and (a, b), `times` times in a step.

    Attributes
    ----------
    kind : {"forward", "update", "back", "stacked"}
        X W; X^T D, of shapes (a, n) and (n, b); D W^T, of shapes (n, b) and (b, a); or as many independent updates in
        one call.
    n, a, b, times : int
    """

    kind: str
    n: int
    a: int
    b: int
    times: int = 1

    @property
    def multiplications(self) -> int:
        """How many numbers are multiplied in a step."""
        return self.times * self.n * self.a * self.b


class Floor:
    """Some products, step after step."""

    def __init__(self, products: Sequence[Product]):
        rng = np.random.default_rng(SEED)
        self.products = [(*operands(product, rng), product) for product in products]

    def train(self, steps: int) -> float:
        """Make the products of `steps` updates and return the seconds of processor time that they took."""
        start = time.process_time()
        for _ in range(steps):
            for left, right, out, product in self.products:
                for _ in range(1 if product.kind == "stacked" else product.times):
                    np.matmul(left, right, out=out)
        return time.process_time() - start


def operands(product: Product, rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
    """Return both factors and room for the result, in float32."""
    kind, n, a, b, times = product

    def matrix(*shape: int) -> NDArray:
        return rng.random(shape, dtype=np.float32)

    left, right = {
        "forward": lambda: (matrix(n, a), matrix(a, b)),
        "update": lambda: (matrix(n, a).T, matrix(n, b)),
        "back": lambda: (matrix(n, b), matrix(a, b).T),
        "stacked": lambda: (matrix(times, a, n), matrix(times, b, n).swapaxes(1, 2)),
    }[kind]()
    return left, right, np.matmul(left, right)


def of_rule(rule: str, sizes: Sequence[int], n: int) -> list[Product]:
    """Return the products of a step.

    Parameters
    ----------
    rule : str
        Its name in the package.
    sizes : sequence of int
        Numbers of units, inputs first.
    n : int
        Samples in a batch.

    Returns
    -------
    list of Product
    """
    layers = list(zip(sizes, sizes[1:], strict=False))

    def every(kind: str, chosen: Sequence[tuple[int, int]], times: int = 1) -> list[Product]:
        return [Product(kind, n, a, b, times) for a, b in chosen]

    forward, update = every("forward", layers), every("update", layers)
    back, inner, down = every("back", layers[1:]), layers[1:-1], [(b, a) for a, b in layers[1:-1]]
    decoders = [*every("forward", down, 2), *every("forward", inner), *every("update", down)]
    target = [*forward, *update, *every("back", layers[-1:]), *decoders]
    return {
        "backpropagation": [*forward, *update, *back],
        "feedback_alignment": [*forward, *update, *back],
        "direct_feedback_alignment": [*forward, *update, *every("forward", [(sizes[-1], s) for s in sizes[1:-1]])],
        "error_diffusion": [*forward, *update],
        "weight_perturbation": [*forward, *forward],
        "node_perturbation": [*forward, *forward, *update],
        "target_propagation": target,
        "difference_target_propagation": [*target, *every("forward", down)],
    }[rule]
