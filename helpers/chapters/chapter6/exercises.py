"""The exercises of chapter 6, which compares the rules: how far a nudge misses, wires, and a seventh kind of rule."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.pages.answers import number, refuse_unwritten, the_class
from helpers.pages.exercises import Exercise, Finding, Measured, Mistake
from helpers.rules.contract import BrokenPromise, check_rule
from helpers.training.optimizers import SGD

#: Weights of the network that the first exercise asks about.
WEIGHTS = 10_000

usual_angle = Exercise(
    solve=lambda: float(np.degrees(np.arccos(WEIGHTS**-0.5))),
    cases=[()],
    names=[],
    mistakes=[
        Mistake("That is the cosine. Which angle has it?", lambda: WEIGHTS**-0.5),
        Mistake("The mean of the cosine's square is one over the number of weights: take the root first.",
                lambda: float(np.degrees(np.arccos(1 / WEIGHTS)))),
        Mistake("At a right angle it would teach nothing. It is a little less.", lambda: 90.0),
        Mistake("That is how far it is from a right angle.", lambda: 90 - float(np.degrees(np.arccos(WEIGHTS**-0.5)))),
        Mistake("That is in radians; degrees are asked for.", lambda: float(np.arccos(WEIGHTS**-0.5))),
    ],
    praise="Half a degree of a right angle: that is all that one nudge knows.",
    run=number,
    hint="The cosine's square has the mean 1 / N. Take its root, then the arc cosine, in degrees.",
    tolerance=1e-3,
)  # fmt: skip


def _loss(p: NDArray) -> float:
    """A loss with curvature, so that one-sided and two-sided nudges differ."""
    return float(np.sum(np.array([1.0, 2.0, -0.5])[: p.size] * p) + np.sum(p**2) + 0.3 * np.sum(p) ** 3)


_CASES = [
    (_loss, np.array([0.5]), np.array([1.0]), 0.5),
    (_loss, np.array([0.3, -0.2, 0.1]), np.array([0.7, -1.2, 0.4]), 0.2),
]

two_sided = Exercise(
    solve=lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * xi,
    cases=_CASES,
    names=["loss", "p", "xi", "sigma"],
    mistakes=[
        Mistake("That is the one-sided form: the loss without a nudge stands where the loss with the opposite one should.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p)) / sigma * xi),
        Mistake("The two points are 2 sigma apart: divide by that.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / sigma * xi),
        Mistake("That is the slope along the nudge, one number; give each parameter its own nudge's share: times xi.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma)),
        Mistake("The sign is wrong: an update points uphill, and the optimizer goes against it.",
                lambda loss, p, xi, sigma: (loss(p - sigma * xi) - loss(p + sigma * xi)) / (2 * sigma) * xi),
        Mistake("Divided by xi, it is a difference quotient for each parameter, as if it had been nudged alone. On average "
                "that is wrong: multiply.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma * xi)),
        Mistake("The nudge is sigma times xi: sigma is missing inside.",
                lambda loss, p, xi, sigma: (loss(p + xi) - loss(p - xi)) / (2 * sigma) * xi),
        Mistake("The division by sigma is missing: the update would shrink with the nudge.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / 2 * xi),
    ],
    praise="What the loss does on both sides alike, its curvature, drops out.",
)  # fmt: skip

#: The network of the third exercise: 784 pixels, seven hidden layers, ten classes.
_HIDDEN, _WIDTH, _CLASSES = 7, 240, 10

wires = Exercise(
    solve=lambda: float(_HIDDEN * _WIDTH * _CLASSES),
    cases=[()],
    names=[],
    mistakes=[
        Mistake("That is what FA needs, from layer to layer. DFA goes from the output to each hidden layer straight.",
                lambda: float((_HIDDEN - 1) * _WIDTH**2 + _WIDTH * _CLASSES), lambda: float((_HIDDEN - 1) * _WIDTH**2),
                lambda: float(_HIDDEN * _WIDTH**2)),
        Mistake("That is one matrix. Each hidden layer has its own.", lambda: float(_WIDTH * _CLASSES)),
        Mistake("The last hidden layer hears the errors through a matrix of its own, too.",
                lambda: float((_HIDDEN - 1) * _WIDTH * _CLASSES)),
        Mistake("That counts layers times classes; a matrix has a row for each class and a column for each unit.",
                lambda: float(_HIDDEN * _CLASSES)),
        Mistake("The pixels need no error: nothing comes before them that could learn.",
                lambda: float(_HIDDEN * _WIDTH * _CLASSES + 784 * _CLASSES)),
    ],
    praise="Feedback alignment needs 348,000: twenty times as many.",
    hint="One matrix for each hidden layer, from the ten errors to its units.",
    run=number,
)  # fmt: skip

_RATE, _DECAY, _STEPS = 0.1, 0.05, 60


def _kolen_pollack(kind: type) -> dict[str, Any]:
    """Hold a student's rule to the contract, then train with it and look how feedback and weights come together."""
    rng = np.random.default_rng(3)
    network = Network.dense([6, 5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)
    x, labels = rng.standard_normal((30, 6)), rng.integers(3, size=30)
    rule = kind(network, np.random.default_rng(4), _RATE, _DECAY)
    refuse_unwritten(rule(deepcopy(network), x, labels))
    rule = kind(network, np.random.default_rng(4), _RATE, _DECAY)
    try:
        check_rule(rule, network, x, labels)
    except BrokenPromise as broken:
        return {"broken": str(broken)}
    weights = [network.parameters[f"W{i}"] for i in (2, 3)]
    drawn = [B.copy() for B in rule.feedback]
    apart = [B - W.T for B, W in zip(rule.feedback, weights, strict=True)]
    optimizer, losses = SGD(_RATE), []
    for _ in range(_STEPS):
        loss, arrays = rule(network, x, labels)
        losses.append(loss)
        optimizer.step(network.parameters, arrays)
    left = [np.linalg.norm(B - W.T) / np.linalg.norm(a) for B, W, a in zip(rule.feedback, weights, apart, strict=True)]
    return {
        "broken": "",
        "still": all(np.array_equal(B, b) for B, b in zip(rule.feedback, drawn, strict=True)),
        "left": max(left),
        "least": min(left),
        "learned": losses[-1] < losses[0],
    }


def _near(share: float) -> Callable[[dict[str, Any]], bool]:
    """Whether feedback and weights have come together to this share, to one part in a thousand."""
    return lambda m: abs(m["left"] - share) < 1e-3 * share and abs(m["least"] - share) < 1e-3 * share


#: Kolen and Pollack's rule: what is left of the difference between feedback and weights says which form was written.
kolen_pollack = Measured(
    read=the_class,
    measure=_kolen_pollack,
    findings=[
        Finding(lambda m: f"check_rule says: {m['broken']}.", lambda m: bool(m["broken"])),
        Finding("The feedback stays as it was drawn: change each B in place, B -= ...", lambda m: m["still"]),
        Finding("That copies the weights, which nobody can look at: B may see its own update only.", lambda m: m["left"] < 1e-6),
        Finding("What is left of the difference is (1 - rate decay)^steps: both follow the same updates, and forget "
                "where they began.", _near((1 - _RATE * _DECAY) ** _STEPS), right=True),
        Finding("Feedback and weights move alike, but neither forgets where it began: both must decay.", _near(1.0)),
        Finding("The difference grows: turn the update over, arrays[f\"W{i}\"].T, and go against it.", lambda m: m["left"] > 1),
        Finding("They come nearer, but not as both rules together say: the weights' update needs decay * W, that of B the "
                "same with B."),
    ],
)  # fmt: skip
