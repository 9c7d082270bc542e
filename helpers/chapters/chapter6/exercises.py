"""The exercises of chapter 6, which compares the rules: how far a nudge misses, wires, and a ninth rule."""

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
from helpers.rules.feedback_alignment import FeedbackAlignment

#: Weights of the network that the first exercise asks about.
WEIGHTS = 10_000

usual_angle = Exercise(
    solve=lambda: float(np.degrees(np.arccos(WEIGHTS**-0.5))),
    cases=[()],
    names=[],
    mistakes=[
        Mistake("That is the cosine. Which angle has it?", lambda: WEIGHTS**-0.5),
        Mistake("At a right angle it would teach nothing. It is a little less. (Was the root of 1 / N taken?)",
                lambda: 90.0, lambda: float(np.degrees(np.arccos(1 / WEIGHTS)))),
        Mistake("That is how far it is from a right angle.",
                lambda: 90 - float(np.degrees(np.arccos(WEIGHTS**-0.5))), lambda: 0.57),
        Mistake("That is in radians; degrees are asked for.", lambda: float(np.arccos(WEIGHTS**-0.5))),
    ],
    praise="Half a degree of a right angle: that is all that one nudge knows.",
    run=number,
    hint="The cosine's square has the mean 1 / N. Take its root, then the arc cosine, in degrees.",
    tolerance=5e-4,
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

_RATE, _DECAY = 0.1, 0.05


def _kolen_pollack(kind: type) -> dict[str, Any]:
    """Hold a student's rule to the contract; then look at what one call makes of feedback and weights."""
    rng = np.random.default_rng(3)
    network = Network.dense([6, 5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)
    x, labels = rng.standard_normal((30, 6)), rng.integers(3, size=30)
    refuse_unwritten(kind(network, np.random.default_rng(4), _RATE, _DECAY)(deepcopy(network), x, labels))
    rule = kind(network, np.random.default_rng(4), _RATE, _DECAY)
    try:
        check_rule(rule, network, x, labels)
    except BrokenPromise as broken:
        return {"broken": str(broken)}
    plain, before = FeedbackAlignment(network, rng), [B.copy() for B in rule.feedback]
    plain.feedback = [B.copy() for B in before]
    expected = plain(network, x, labels)
    G = [expected.arrays[f"W{i}"] for i in (1, 2, 3)]
    W = [network.parameters[f"W{i}"] for i in (1, 2, 3)]
    update = rule(network, x, labels)
    arrays, biases = update.arrays, [network.parameters[f"b{i}"] for i in (1, 2, 3)]
    gone = [b - B for b, B in zip(before, rule.feedback, strict=True)]

    def feedback(wanted: Callable[..., NDArray]) -> bool:
        parts = zip(gone, before, G[1:], W[1:], strict=True)
        return all(np.allclose(change, wanted(b, g, w), rtol=1e-9, atol=1e-12) for change, b, g, w in parts)

    def weights(wanted: Callable[..., NDArray]) -> bool:
        parts = zip((arrays[f"W{i}"] for i in (1, 2, 3)), G, W, strict=True)
        return all(np.allclose(array, wanted(g, w), rtol=1e-9, atol=1e-12) for array, g, w in parts)

    return {
        "broken": "",
        "still": feedback(lambda b, g, w: np.zeros_like(b)),
        "copied": feedback(lambda b, g, w: b - w.T),
        "reads": feedback(lambda b, g, w: _RATE * (g.T + _DECAY * (b - w.T))),
        "uphill": feedback(lambda b, g, w: -_RATE * (g.T + _DECAY * b)),
        "remembers": feedback(lambda b, g, w: _RATE * g.T),
        "feedback": feedback(lambda b, g, w: _RATE * (g.T + _DECAY * b)),
        "no decay": weights(lambda g, w: g),
        "decay only": weights(lambda g, w: _DECAY * w),
        "weights": weights(lambda g, w: g + _DECAY * w),
        "rest": np.isclose(update.loss, expected.loss)
        and any(
            all(
                np.allclose(arrays[f"b{i}"], expected.arrays[f"b{i}"] + decay * b)
                for i, b in enumerate(biases, start=1)
            )
            for decay in (0.0, _DECAY)
        ),
    }


#: Kolen and Pollack's rule: what one call does to feedback and weights says which form was written.
kolen_pollack = Measured(
    read=the_class,
    measure=_kolen_pollack,
    findings=[
        Finding(lambda m: f"check_rule says: {m['broken']}.", lambda m: bool(m["broken"])),
        Finding("The feedback stays as it was drawn: change each B in place, B -= ...", lambda m: m["still"]),
        Finding("That copies the weights, which nobody can look at: B may see its own update only.", lambda m: m["copied"]),
        Finding("B learns from the weights themselves, which nobody can look at: let it decay by itself.", lambda m: m["reads"]),
        Finding("B goes uphill: go against G.T + decay B, as the optimizer does with the weights.", lambda m: m["uphill"]),
        Finding("B does not forget where it began: it must decay, as the weights do.", lambda m: m["remembers"]),
        Finding("B is right. The weights must decay, too: return G + decay W for them.",
                lambda m: m["feedback"] and m["no decay"]),
        Finding("B is right. What feedback alignment makes of the batch is missing: return G + decay W for the weights.",
                lambda m: m["feedback"] and m["decay only"]),
        Finding("B and the weights are right. The biases learn as in feedback alignment, and the loss is handed on.",
                lambda m: m["feedback"] and m["weights"] and not m["rest"]),
        Finding("Feedback and weights follow the same updates and forget where they began: their difference shrinks at every "
                "step.", lambda m: m["feedback"] and m["weights"], right=True),
        Finding("B should change by rate (G.T + decay B), and the update of the weights be G + decay W."),
    ],
)  # fmt: skip
