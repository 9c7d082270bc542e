"""One weight followed under every rule, computed in the page: what reaches it, and what the rule makes of that.

The network can be held in mind: two inputs, two hidden layers of an excitatory and an inhibitory cell each, one
output cell, no thresholds. `single_weight.js` computes in the page what the rules of `helpers.rules` compute here,
with the same random weights and the same nudges; tests/pages/test_single_weight.py holds the two together.
"""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers import rules
from helpers.networks.activations import sigmoid
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory, kinds_like
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Rule
from helpers.networks.stages import activities, stages_of

#: In the order of the chapter: backpropagation, which is the gradient; nudges; then ever less that is transported.
RULES = (
    "backpropagation",
    "weight_perturbation",
    "node_perturbation",
    "feedback_alignment",
    "direct_feedback_alignment",
    "target_propagation",
    "difference_target_propagation",
    "error_diffusion",
)
#: Of how many draws the reader may see the mean.
DRAWS = (1, 2, 5, 10, 20, 50, 100)
#: The cells of each layer, from the inputs to the output, as the drawing names them.
CELLS = (("x1", "x2"), ("1+", "1−"), ("2+", "2−"), ("y",))
#: Largest size of a weight: with smaller ones, hardly any error would reach the first layer.
SCALE = 3.0


class Weight(NamedTuple):
    """One weight of the network.

    Attributes
    ----------
    layer : int
        Of the cell that it leads to: 1 to 3.
    source, cell : int
        Where it comes from and what it leads to, each counted from 0 in its layer.
    """

    layer: int
    source: int
    cell: int

    @property
    def name(self) -> str:
        """What stands beside the slider."""
        return f"{CELLS[self.layer - 1][self.source]}→{CELLS[self.layer][self.cell]}"

    def spelled(self) -> str:
        """Say it to one who cannot see the drawing."""
        return f"from {spelled(self.layer - 1, self.source)} to {spelled(self.layer, self.cell)}"


#: All of them, from the bottom up.
WEIGHTS = tuple(
    Weight(layer, i, j) for layer in (1, 2, 3) for i in range(len(CELLS[layer - 1])) for j in range(len(CELLS[layer]))
)


def spelled(layer: int, k: int) -> str:
    """Name a cell in words.

    Parameters
    ----------
    layer : int
        0 for the inputs, 3 for the output.
    k : int
        Counted from 0 in its layer.

    Returns
    -------
    str
    """
    if layer in (0, len(CELLS) - 1):
        return f"input {k + 1}" if layer == 0 else "the output cell"
    return f"the {('excitatory', 'inhibitory')[k]} cell of layer {layer}"


class Task:
    """A small network, one sample, and the rules that are to learn from it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the weights, and of the seed that every rule starts from, so that all draws can be made again.
    x : sequence of float
        The two inputs.

    Attributes
    ----------
    network : Network
        Its weights have one decimal, so that a reader can calculate with those that are shown.
    h : list of ndarray
        The inputs, the activities of the hidden layers, and the sum of the output cell.
    """

    def __init__(self, rng: np.random.Generator, x: tuple[float, float] = (0.9, 0.4)):
        self.network = excitatory_inhibitory(
            2, 1, 2, rng, scale=SCALE, u0=2.0, threshold=0.0, loss=binary_cross_entropy
        )
        for parameter in self.network.parameters.values():
            parameter[:] = parameter.round(1)
        self.x = np.array([x])
        self.seed = int(rng.integers(2**32))
        self.h = [each[0] for each in activities(stages_of(self.network), self.x)]

    @property
    def output(self) -> float:
        """What the output cell says."""
        return float(sigmoid(self.h[-1])[0])

    def rule(self, name: str) -> Rule:
        """Return a rule with its usual settings, at its first step: the same one at every call."""
        return rules.make(name, self.network, self.draws_of(name))

    def draws_of(self, name: str) -> np.random.Generator:
        """Return the source of a rule's draws; rules that nudge share one, and so do those that propagate targets."""
        family = "nudges" if nudges(name) else name.removeprefix("difference_")
        return np.random.default_rng([self.seed, *family.encode()])

    def settings(self) -> dict[str, Any]:
        """Return what the script is given, as lists; the nudges as the base64 of 64-bit floats."""
        alignment, direct, targets, nodes = (
            self.rule(name)
            for name in ("feedback_alignment", "direct_feedback_alignment", "target_propagation", "node_perturbation")
        )
        parameters = self.network.parameters
        count = sum(parameter.size for parameter in parameters.values())
        drawn = self.draws_of("weight_perturbation").standard_normal(max(DRAWS) * count)
        return {
            "x": self.x[0].tolist(),
            "weights": [parameters[f"W{layer}"].tolist() for layer in (1, 2, 3)],
            "feedback": [B.tolist() for B in alignment.feedback],  # type: ignore[attr-defined]
            "direct": [B[0].tolist() for B in direct.feedback],  # type: ignore[attr-defined]
            "decoder": self.decoder.tolist(),
            "targetRate": targets.target_rate,  # type: ignore[attr-defined]
            "sigma": nodes.sigma,  # type: ignore[attr-defined]
            "nudges": b64encode(drawn.astype("<f8").tobytes()).decode(),
        }

    @property
    def decoder(self) -> NDArray:
        """Weights of the one inverse, from layer 2 to layer 1, before it has learned anything."""
        inverse: Any = self.rule("target_propagation").inverses[2]  # type: ignore[attr-defined]
        return inverse.stage[0].parameters["W"]


@cache
def mean_update(task: Task, name: str, target: int, draws: int) -> Mapping[str, NDArray]:
    """Return the update of a rule; for one that nudges, the mean over its first draws.

    Parameters
    ----------
    task : Task
    name : str
        One of `RULES`.
    target : int
        Output that is wanted, 0 or 1.
    draws : int
        Only rules that nudge have more than one.

    Returns
    -------
    mapping of str to ndarray
        One for each parameter array.
    """
    rule = task.rule(name)
    calls = [rule(task.network, task.x, np.array([target])).arrays for _ in range(draws if nudges(name) else 1)]
    return {key: np.mean([arrays[key] for arrays in calls], axis=0) for key in calls[0]}


def nudges(name: str) -> bool:
    """Whether a rule nudges, and so has another update at every draw."""
    return name.endswith("perturbation")


class Story:
    """What one weight gets from one rule, and where that comes from.

    Parameters
    ----------
    task : Task
    rule : str
        One of `RULES`.
    weight : Weight
    target : int
        Output that is wanted, 0 or 1.
    draws : int
        Of the rules that nudge.

    Attributes
    ----------
    updates : dict of str to float
        Of this weight, by rule. An optimizer goes against it.
    factors : list of tuple of str and float
        Their product is the update. The last of them has come from elsewhere; the others the weight and its two cells
        know by themselves.
    """

    def __init__(self, task: Task, rule: str, weight: Weight, target: int, draws: int = 1):
        self.task, self.rule, self.weight, self.target, self.draws = task, rule, weight, target, draws
        place = weight.source, weight.cell
        self.updates = {
            name: float(mean_update(task, name, target, draws)[f"W{weight.layer}"][place]) for name in RULES
        }
        self.error = task.output - target
        local = self.local()
        come = self.updates[rule] / float(np.prod([value for _, value in local]))
        self.factors = [*local, (self.label(), come)]

    def local(self) -> list[tuple[str, float]]:
        """Return the factors that the weight and its cells know by themselves, each with its name."""
        layer, i, j = self.weight
        own = [("own input", float(self.task.h[layer - 1][i]))]
        if self.rule == "weight_perturbation":
            own = []
        if nudges(self.rule):
            return own + ([("own nudge", self.nudge())] if self.draws == 1 else [])
        if layer < len(CELLS) - 1:
            h = self.task.h[layer]
            own.append(("own slope", float(h[j] * (1 - h[j]))))
            if self.rule == "error_diffusion":
                own.append(("own kind", float(kinds_like(h[np.newaxis])[j])))
        return own

    def label(self) -> str:
        """Name the factor that has come from elsewhere."""
        if nudges(self.rule):
            return "rise of loss" if self.draws == 1 else f"mean of {self.draws} draws"
        return "heard"

    def nudge(self) -> float:
        """Return what the weight, or its cell, is nudged by in the first draw, in units of sigma."""
        layer, i, j = self.weight
        sizes = [len(cells) for cells in CELLS]
        if self.rule == "node_perturbation":
            before = sum(sizes[1:layer]) + j
        else:
            before = sum((sizes[k - 1] + 1) * sizes[k] for k in range(1, layer)) + i * sizes[layer] + j
        return float(self.task.draws_of(self.rule).standard_normal(before + 1)[-1])

    def wires(self) -> list[tuple[str, tuple[int, int], tuple[int, int], float | None]]:
        """Return the wires along which it comes: what it is, from which cell to which, and its weight or its number.

        Returns
        -------
        list of tuple
            ``"transposed"``, ``"random"``, ``"direct"``, ``"inverse"``, ``"to all cells"`` or ``"to all weights"``;
            two cells, each as layer and place; the weight of the wire, or the number that is sent to all, None if there
            are many.
        """
        layer, source, cell = self.weight
        last = len(CELLS) - 1
        if nudges(self.rule):
            kind = "to all weights" if self.rule == "weight_perturbation" else "to all cells"
            return [(kind, (last, 0), (layer, cell), self.factors[-1][1] if self.draws == 1 else None)]
        if self.rule == "error_diffusion":
            return [("to all cells", (last, 0), (layer - 1, source), self.error)]
        if layer == last:
            return []
        if self.rule == "direct_feedback_alignment":
            return [("direct", (last, 0), (layer, cell), self.task.settings()["direct"][layer - 1][cell])]
        found: list[Any] = []
        for upper in range(last, layer, -1):
            kind, back = self.way_back(upper)
            ends = [cell] if upper - 1 == layer else range(len(CELLS[upper - 1]))
            found += [(kind, (upper, k), (upper - 1, j), float(back[k, j])) for k in range(len(back)) for j in ends]
        return found

    def way_back(self, upper: int) -> tuple[str, NDArray]:
        """Return what a rule goes down with from one layer to the next.

        Parameters
        ----------
        upper : int
            The layer above, 2 or 3.

        Returns
        -------
        kind : str
            As in `wires`.
        back : ndarray, shape (cells above, cells below)
        """
        if self.rule == "feedback_alignment":
            return "random", self.task.rule(self.rule).feedback[upper - 2]  # type: ignore[attr-defined]
        if "target" in self.rule and upper == 2:
            return "inverse", self.task.decoder
        return "transposed", self.task.network.parameters[f"W{upper}"].T

    def words(self) -> str:
        """Say what is seen."""
        product = " × ".join(f"{label} {signed(value, digits_of(label))}" for label, value in self.factors)
        update, gradient = self.updates[self.rule], self.updates["backpropagation"]
        name = self.rule.replace("_", " ").capitalize()
        if abs(update - gradient) < 1e-9:
            verdict = "This is the gradient."
        else:
            way = "the same way" if update * gradient > 0 else "the other way" if update else "here nothing is learned"
            verdict = f"The gradient is {signed(gradient)}: {way}."
        return f"{name}: {self.heard()} Update {signed(update)} = {product}. {verdict}"

    def heard(self) -> str:
        """Say how the last factor has come to the weight."""
        layer, source, cell = self.weight
        error = signed(self.error)
        if nudges(self.rule):
            what = "every cell nudges its sum" if self.rule == "node_perturbation" else "every weight is nudged"
            if self.draws > 1:
                return f"{what}, {self.draws} times; the mean over ever more draws goes to the gradient."
            return f"{what}, and one number tells all how the loss rose."
        if self.rule == "error_diffusion":
            if layer == 1:
                return f"every cell hears the one error, {error}; an input hears all of it."
            kind, sign = (("excitatory", "negative"), ("inhibitory", "positive"))[source]
            return f"every cell hears the one error, {error}; an {kind} source minds it only if it is {sign}."
        if layer == len(CELLS) - 1:
            return f"the output cell hears its own error, {error}."
        if "target" in self.rule:
            h, rate = self.task.h[layer][cell], self.task.settings()["targetRate"]
            who = "an inverse, less its own error," if self.rule.startswith("difference") else "an inverse"
            wanted = signed(float(h - rate * self.factors[-1][1]))
            return (
                f"{'the loss' if layer == 2 else who} wants its cell at {wanted}; that is at {signed(h)}, "
                f"and hears the gap divided by {rate:g}."
            )
        return {
            "backpropagation": f"the error, {error}, comes down through the very weights above.",
            "feedback_alignment": f"the error, {error}, comes down through fixed random weights.",
            "direct_feedback_alignment": f"the error, {error}, comes at once, through one fixed random weight.",
        }[self.rule]


def digits_of(label: str) -> int:
    """How many decimals a factor is shown with: a kind is a sign."""
    return 0 if label == "own kind" else 3


def signed(value: float, digits: int = 3) -> str:
    """Return a number with some decimals and a true minus sign; what is rounded to zero has no sign.

    Parameters
    ----------
    value : float
    digits : int

    Returns
    -------
    str
    """
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
