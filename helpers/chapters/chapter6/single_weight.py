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
from helpers.networks.arguments import check_count
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
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

    Raises
    ------
    ValueError
        If there is no such rule, the target is not from 0 to 1, or nothing is drawn.
    """
    check_count("draws", draws)
    rule = task.rule(name)
    calls = [rule(task.network, task.x, np.array([target])).arrays for _ in range(draws if nudges(name) else 1)]
    return {key: np.mean([arrays[key] for arrays in calls], axis=0) for key in calls[0]}


def nudges(name: str) -> bool:
    """Whether a rule nudges, and so has another update at every draw."""
    return name.endswith("perturbation")
