"""Networks and rules in plain loops: Python lists and `math` alone, one sample and one weight at a time.

Nothing here comes from `helpers`, and nothing is a matrix product, so that a transposed matrix, a lost sign or a mean
over the wrong axis cannot be wrong on both sides.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

Vector = list[float]
Matrix = list[list[float]]

#: Float64, and sums of a few dozen terms: relative to the largest entry.
TOLERANCE = 1e-9

#: The same few examples at every run, on whatever machine.
few = settings(
    derandomize=True,
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def agree(ours: Any, theirs: Any, tolerance: float = TOLERANCE) -> None:
    """See that two results agree, relative to the largest entry of the right one."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * max(np.abs(theirs).max(initial=0), 1e-30))


def logistic(a: float) -> float:
    return 1 / (1 + math.exp(-a)) if a > 0 else math.exp(a) / (1 + math.exp(a))


@dataclass(frozen=True)
class Activation:
    """A function of one number, and its derivative by it."""

    of: Callable[[float], float]
    slope: Callable[[float], float]


ACTIVATIONS = {
    "ReLU": Activation(lambda a: a if a > 0 else 0.0, lambda a: 1.0 if a > 0 else 0.0),
    "Sigmoid": Activation(logistic, lambda a: logistic(a) * logistic(-a)),
    "Tanh": Activation(math.tanh, lambda a: 1 / math.cosh(a) ** 2),
}


def times(h: Sequence[float], W: Matrix, b: Sequence[float] | None = None) -> Vector:
    """The sums that the units of a layer receive."""
    sums = list(b) if b is not None else [0.0] * len(W[0])
    for i, value in enumerate(h):
        for j in range(len(sums)):
            sums[j] += value * W[i][j]
    return sums


def back(delta: Sequence[float], W: Matrix) -> Vector:
    """What units get that send through weights W, from the deltas of those that receive."""
    return [sum(W[i][j] * delta[j] for j in range(len(delta))) for i in range(len(W))]


def softmax(a: Sequence[float]) -> Vector:
    largest = max(a)
    parts = [math.exp(one - largest) for one in a]
    return [part / sum(parts) for part in parts]


class Loops:
    """A network of affine layers with one activation between, and softmax with cross-entropy on top.

    Parameters
    ----------
    parameters : dict of str to ndarray
        W1, b1, W2, b2, ...; copied as lists.
    activation : str
        One of `ACTIVATIONS`.
    """

    def __init__(self, parameters: dict[str, NDArray], activation: str):
        depth = len(parameters) // 2
        self.W: list[Matrix] = [parameters[f"W{i}"].tolist() for i in range(1, depth + 1)]
        self.b: list[Vector] = [parameters[f"b{i}"].tolist() for i in range(1, depth + 1)]
        self.f = ACTIVATIONS[activation]
        self.depth = depth

    def forward(
        self, x: Sequence[float], nudges: Sequence[Sequence[float]] | None = None
    ) -> tuple[list[Vector], list[Vector]]:
        """Return the sums of all layers and their activities, the input first; nudges are added to the sums."""
        h, sums = [list(x)], []
        for k in range(self.depth):
            a = times(h[-1], self.W[k], self.b[k])
            if nudges is not None:
                a = [one + nudge for one, nudge in zip(a, nudges[k], strict=True)]
            sums.append(a)
            h.append([self.f.of(one) for one in a] if k < self.depth - 1 else a)
        return sums, h

    def loss(self, x: Sequence[float], label: int, nudges: Sequence[Sequence[float]] | None = None) -> float:
        logits = self.forward(x, nudges)[1][-1]
        largest = max(logits)
        return largest + math.log(sum(math.exp(a - largest) for a in logits)) - logits[label]

    def error(self, logits: Sequence[float], label: int) -> Vector:
        """The loss of a sample differentiated by its logits."""
        return [p - (c == label) for c, p in enumerate(softmax(logits))]

    def mean_loss(self, x: NDArray, labels: NDArray) -> float:
        return sum(self.loss(*sample) for sample in zip(x.tolist(), labels.tolist(), strict=True)) / len(x)

    def mean_update(self, x: NDArray, labels: NDArray, deltas: Callable[..., list[Vector]]) -> dict[str, NDArray]:
        """Average h_i delta_j over the samples; ``deltas(sums, h, label)`` gives those of all layers of one sample."""
        total = {
            f"{kind}{k + 1}": np.zeros(np.shape(p[k]))
            for kind, p in (("W", self.W), ("b", self.b))
            for k in range(self.depth)
        }
        for sample, label in zip(x.tolist(), labels.tolist(), strict=True):
            sums, h = self.forward(sample)
            for k, delta in enumerate(deltas(sums, h, label), start=1):
                for j, d in enumerate(delta):
                    total[f"b{k}"][j] += d / len(x)
                    for i, value in enumerate(h[k - 1]):
                        total[f"W{k}"][i, j] += value * d / len(x)
        return total

    def walk_back(self, ways: Sequence[Matrix]) -> Callable[..., list[Vector]]:
        """Deltas that go down through the matrices ``ways``, laid out as the weights: W itself is backpropagation."""

        def deltas(sums: list[Vector], h: list[Vector], label: int) -> list[Vector]:
            found = [self.error(h[-1], label)]
            for k in range(self.depth - 1, 0, -1):
                came = back(found[0], ways[k - 1])
                found.insert(0, [c * self.f.slope(a) for c, a in zip(came, sums[k - 1], strict=True)])
            return found

        return deltas

    def sent_at_once(self, ways: Sequence[Matrix]) -> Callable[..., list[Vector]]:
        """Deltas for which the error of the output reaches every layer through a matrix of its own."""

        def deltas(sums: list[Vector], h: list[Vector], label: int) -> list[Vector]:
            e = self.error(h[-1], label)
            hidden = [
                [c * self.f.slope(a) for c, a in zip(times(e, ways[k]), sums[k], strict=True)]
                for k in range(self.depth - 1)
            ]
            return [*hidden, e]

        return deltas

    def towards_targets(self, ways: dict[int, Matrix], rate: float, difference: bool) -> Callable[..., list[Vector]]:
        """Deltas of target propagation, with inverses s(h V) of stage i, V = ways[i]."""

        def inverse(i: int, h: Sequence[float]) -> Vector:
            return [self.f.of(a) for a in times(h, ways[i])]

        def deltas(sums: list[Vector], h: list[Vector], label: int) -> list[Vector]:
            e = self.error(h[-1], label)
            top = len(h) - 2
            target = {top: [one - rate * g for one, g in zip(h[top], back(e, self.W[-1]), strict=True)]}
            for i in range(top, 1, -1):
                target[i - 1] = inverse(i, target[i])
                if difference:
                    missed = zip(target[i - 1], h[i - 1], inverse(i, h[i]), strict=True)
                    target[i - 1] = [wanted + is_ - comes for wanted, is_, comes in missed]
            found = []
            for i in range(1, top + 1):
                gaps = zip(h[i], target[i], sums[i - 1], strict=True)
                found.append([(is_ - wanted) / rate * self.f.slope(a) for is_, wanted, a in gaps])
            return [*found, e]

        return deltas
