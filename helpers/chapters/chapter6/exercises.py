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
                lambda: 90 - float(np.degrees(np.arccos(WEIGHTS**-0.5))), lambda: 0.57, lambda: 0.6, lambda: 0.5),
        Mistake("Beyond a right angle the update would climb: the cosine is positive.",
                lambda: 180 - float(np.degrees(np.arccos(WEIGHTS**-0.5)))),
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
        Mistake("That is a one-sided form, too: it looks at the loss without a nudge, and to one side of it.",
                lambda loss, p, xi, sigma: (loss(p) - loss(p - sigma * xi)) / sigma * xi),
        Mistake("The nudge is sigma times xi: xi is missing inside.",
                lambda loss, p, xi, sigma: (loss(p + sigma) - loss(p - sigma)) / (2 * sigma) * xi),
        Mistake("The two points are 2 sigma apart: the division by that is missing.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) * xi),
        Mistake("/ 2 * sigma divides by 2 and multiplies by sigma: put a bracket around 2 * sigma.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / 2 * sigma * xi),
        Mistake("Divide by sigma once: two points are 2 sigma apart.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma**2) * xi),
        Mistake("The two losses are added; their difference says where the loss rises.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) + loss(p - sigma * xi)) / (2 * sigma) * xi),
        Mistake("That is the curvature along the nudge, which was to drop out.",
                lambda loss, p, xi, sigma: (loss(p + sigma * xi) - 2 * loss(p) + loss(p - sigma * xi)) / sigma**2 * xi),
        Mistake("That is p after a step: the update alone is asked for, and the optimizer makes the step.",
                lambda loss, p, xi, sigma: p - (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * xi),
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
        Mistake("The outputs have the errors themselves: no matrix leads to them.",
                lambda: float((_HIDDEN + 1) * _WIDTH * _CLASSES), lambda: float(_HIDDEN * _WIDTH * _CLASSES + _CLASSES**2)),
        Mistake("That is how many hidden units there are; each hears ten errors, with a number for each.",
                lambda: float(_HIDDEN * _WIDTH)),
        Mistake("Those are the weights of the way up: the matrices of the feedback are asked for.",
                lambda: float(784 * _WIDTH + (_HIDDEN - 1) * _WIDTH**2 + _WIDTH * _CLASSES)),
        Mistake("An error comes through a matrix alone: no biases are added.",
                lambda: float(_HIDDEN * (_WIDTH * _CLASSES + _WIDTH)), lambda: float(_HIDDEN * (_WIDTH * _CLASSES + _CLASSES))),
    ],
    praise="Feedback alignment needs 348,000: twenty times as many.",
    hint="One matrix for each hidden layer, from the ten errors to its units.",
    run=number,
)  # fmt: skip

_RATE, _DECAY = 0.1, 0.05


#: What a call may take away from B, by the B before it, the update of feedback alignment, the weights, and the gradient.
_OF_FEEDBACK = {
    "right": lambda B, G, W, gradient: _RATE * (G.T + _DECAY * B),
    "still": lambda B, G, W, gradient: 0 * B,
    "copied": lambda B, G, W, gradient: B - W.T,
    "pulled": lambda B, G, W, gradient: _RATE * (G.T + _DECAY * (B - W.T)),
    "mixed up": lambda B, G, W, gradient: _RATE * (G.T + _DECAY * W.T),
    "decayed": lambda B, G, W, gradient: _RATE * ((G + _DECAY * W).T + _DECAY * B),
    "uphill": lambda B, G, W, gradient: -_RATE * (G.T + _DECAY * B),
    "remembers": lambda B, G, W, gradient: _RATE * G.T,
    "grows": lambda B, G, W, gradient: _RATE * (G.T - _DECAY * B),
    "forgets": lambda B, G, W, gradient: _RATE * _DECAY * B,
    "no rate": lambda B, G, W, gradient: G.T + _DECAY * B,
    "backpropagation": lambda B, G, W, gradient: _RATE * (gradient.T + _DECAY * B),
}

#: What a call may return for the weights, by the update of feedback alignment, and the weights.
_OF_WEIGHTS = {
    "right": lambda G, W: G + _DECAY * W,
    "no decay": lambda G, W: G,
    "decay only": lambda G, W: _DECAY * W,
    "grow": lambda G, W: G - _DECAY * W,
    "rate": lambda G, W: _RATE * (G + _DECAY * W),
    "rate of decay": lambda G, W: G + _RATE * _DECAY * W,
}


def _forms(found: NDArray, forms: dict[str, Callable[..., NDArray]], *given: NDArray) -> set[str]:
    """Return the names of the forms that make what was found of what was given."""
    return {name for name, form in forms.items() if np.allclose(found, form(*given), rtol=1e-9, atol=1e-12)}


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
    expected, gradient = plain(deepcopy(network), x, labels), network.gradients(x, labels).arrays
    given = [(expected.arrays[f"W{i}"], network.parameters[f"W{i}"], gradient[f"W{i}"]) for i in (1, 2, 3)]
    update = rule(deepcopy(network), x, labels)
    of_feedback = [
        _forms(b - B, _OF_FEEDBACK, b, *parts) for b, B, parts in zip(before, rule.feedback, given[1:], strict=True)
    ]
    of_weights = [_forms(update.arrays[f"W{i}"], _OF_WEIGHTS, G, W) for i, (G, W, _) in enumerate(given, start=1)]
    biases = [
        _forms(update.arrays[name], {"right": lambda G, b: G, "decay": _OF_WEIGHTS["right"]}, expected.arrays[name], b)
        for name, b in network.parameters.items()
        if name[0] == "b"
    ]
    return {
        "broken": "",
        "B": set.intersection(*of_feedback),
        "some still": any("still" in forms for forms in of_feedback),
        "W": set.intersection(*of_weights),
        "rest": bool(set.intersection(*biases)) and np.isclose(update.loss, expected.loss),
    }


#: Kolen and Pollack's rule: what one call does to feedback and weights says which form was written.
kolen_pollack = Measured(
    read=the_class,
    measure=_kolen_pollack,
    findings=[
        Finding(lambda m: f"check_rule says: {m['broken']}.", lambda m: bool(m["broken"])),
        Finding("The feedback stays as it was drawn: change each B in place, B -= ...", lambda m: "still" in m["B"]),
        Finding("One of the matrices stays as it was drawn: change every B.", lambda m: m["some still"]),
        Finding("That copies the weights, which nobody can look at: B may see its own update only.",
                lambda m: "copied" in m["B"]),
        Finding("B learns from the weights themselves, which nobody can look at: let it decay by itself.",
                lambda m: m["B"] & {"pulled", "mixed up"}),
        Finding("The update that B sees has the weights' decay in it, so B learns from them: take G alone, and decay B.",
                lambda m: "decayed" in m["B"]),
        Finding("B goes uphill: go against G.T + decay B, as the optimizer does with the weights.", lambda m: "uphill" in m["B"]),
        Finding("B does not forget where it began: let it decay, as the weights are to do.", lambda m: "remembers" in m["B"]),
        Finding("B grows where it should decay: the sign of decay B is turned.", lambda m: "grows" in m["B"]),
        Finding("B only forgets: it should learn by G.T, too.", lambda m: "forgets" in m["B"]),
        Finding("The rate is missing in the change of B: no optimizer multiplies it.", lambda m: "no rate" in m["B"]),
        Finding("Those are the gradients of backpropagation, which reads the weights on the way down: let feedback alignment make "
                "the updates.", lambda m: "backpropagation" in m["B"]),
        Finding("B is right. The weights must decay, too: return G + decay W for them.",
                lambda m: "right" in m["B"] and "no decay" in m["W"]),
        Finding("B is right. What feedback alignment makes of the batch is missing: return G + decay W for the weights.",
                lambda m: "right" in m["B"] and "decay only" in m["W"]),
        Finding("B is right. The weights grow where they should decay: the sign of decay W is turned.",
                lambda m: "right" in m["B"] and "grow" in m["W"]),
        Finding("B is right. The optimizer multiplies by the rate: return G + decay W without it.",
                lambda m: "right" in m["B"] and m["W"] & {"rate", "rate of decay"}),
        Finding("B and the weights are right. The biases learn as in feedback alignment, and the loss is handed on.",
                lambda m: "right" in m["B"] and "right" in m["W"] and not m["rest"]),
        Finding("Feedback and weights follow the same updates and forget where they began: their difference shrinks at every "
                "step.", lambda m: "right" in m["B"] and "right" in m["W"], right=True),
        Finding("B should change by rate (G.T + decay B), and the update of the weights be G + decay W."),
    ],
)  # fmt: skip
