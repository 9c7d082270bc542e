"""What one weight gets from one rule, and where that comes from: the factors of its update, the wires, the words."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter6.single_weight import CELLS, RULES, WEIGHTS, Task, Weight, mean_update, nudges
from helpers.networks.excitatory_inhibitory import kinds_like


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

    Raises
    ------
    ValueError
        If there is no such rule, weight or target, or nothing is drawn.
    """

    def __init__(self, task: Task, rule: str, weight: Weight, target: int, draws: int = 1):
        if rule not in RULES or weight not in WEIGHTS:
            raise ValueError(f"rule must be one of {RULES}, and weight one of WEIGHTS, got {rule!r} and {weight}")
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
