"""The six objections to the gradient, and what each rule answers: in a sentence, and by a probe.

References
----------
.. [1] Y. Bengio, D.-H. Lee, J. Bornschein, T. Mesnard and Z. Lin, Towards biologically plausible deep learning,
   2015, section 1. arXiv:1502.04156.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter6.probes import Make, Probe
from helpers.networks.arguments import check_draw

#: What each column asks: is the objection met?
OBJECTIONS = ("way back not linear", "no slopes passed", "no weights transported", "cells may say 0 or 1",
              "no second phase", "a score is enough")  # fmt: skip

#: A rule meets an objection, does not meet it, or meets it everywhere but at the output layer.
YES, NO, ALL_BUT_ONE = "yes", "no", "but one"


@dataclass(frozen=True)
class Needs:
    """What was found about a rule by taking things away.

    Attributes
    ----------
    weights : list of int
        Layers whose weights it reads after its last forward pass.
    slopes : list of int
        Hidden layers whose slopes the credit of a lower layer passes.
    linear : bool
        Whether its updates turn round when the error does.
    score : bool
        Whether the loss is enough for it, without the direction in which it falls.
    steps : bool
        Whether it moves the first layer below cells that say 0 or 1.
    passes : int
        Forward passes for one update.
    outer : bool
        Whether one number a cell is enough, beside what its synapses carry.
    """

    weights: list[int]
    slopes: list[int]
    linear: bool
    score: bool
    steps: bool
    passes: int
    outer: bool

    def verdicts(self, layers: int) -> tuple[str, ...]:
        """Return whether each of `OBJECTIONS` is met in a network of so many layers."""
        weights = {(): YES, (layers,): ALL_BUT_ONE}.get(tuple(self.weights), NO)
        # all rules compare an outcome with what was: no one probe can show that a clock is not needed
        met = (not self.linear, not self.slopes, self.steps, False, self.score)
        words = [YES if one else NO for one in met]
        return (*words[:2], weights, *words[2:])


def needs(make: Make, steep: Make, x: NDArray, targets: NDArray) -> Needs:
    """Find out what a rule needs.

    Parameters
    ----------
    make : callable
        Returns a new rule and its network.
    steep : callable
        The same, for a network whose cells say 0 or 1; nudges must be large enough to turn some of them.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    Needs
    """
    probe = Probe(make, x, targets)
    return Needs(
        weights=probe.weights_read(),
        slopes=probe.slopes_passed(),
        linear=probe.linear_in_the_error(),
        score=probe.told_a_score_only(),
        steps=Probe(steep, x, targets).moves_the_first_layer(),
        passes=probe.forward_passes(),
        outer=probe.numbers_for_each_cell(),
    )


_CLOCK = "The error exists only after the answer, and each cell must still know then what it had received."
_TWICE = "Two passes are compared, one with nudges and one without."
_TOLD = "It needs to know which way the output should move."
_GRADED = "A cell that says 0 or 1 has no slope of its own, and its update is zero."
_FIRST = "The first target is a step through the weights of the output layer; below it, inverses learn by themselves."
_SCORE = "One number for all, how well it went, is enough."

#: Why, in a sentence each, in the order of `OBJECTIONS`.
BECAUSE: Mapping[str, tuple[str, ...]] = {
    "backpropagation": (
        "The error is multiplied on its way, by weights and slopes. Turn it round, and every update turns round.",
        "Each layer that the error passes multiplies by its slopes.",
        "Each layer that the error passes multiplies by its own weights, transposed.",
        "Cells that say 0 or 1 have no slope, and nothing comes through.",
        _CLOCK,
        _TOLD,
    ),
    "feedback_alignment": (
        "The error is still multiplied on its way.",
        "It is backpropagation in all but the matrices, slopes included.",
        "The matrices of the way back are drawn once, and nobody has to copy anything.",
        "Cells that say 0 or 1 have no slope, and nothing comes through.",
        _CLOCK,
        _TOLD,
    ),
    "direct_feedback_alignment": (
        "One product with a fixed matrix is linear, too.",
        "The error does not pass a layer: it goes to each one straight.",
        "The matrices are drawn once.",
        _GRADED,
        _CLOCK,
        _TOLD,
    ),
    "target_propagation": (
        "Targets come down through layers that answer nonlinearly, as those of the way up do.",
        "Below the output layer no derivative comes down, only activities that would have been better.",
        _FIRST,
        "As it stands: a cell's own slope stands in its update. (Chapter 5 has a form for signs.)",
        _CLOCK,
        _TOLD,
    ),
    "difference_target_propagation": (
        "Targets come down through layers that answer nonlinearly; a difference is taken at the end.",
        "Below the output layer no derivative comes down.",
        _FIRST,
        "As it stands: a cell's own slope stands in its update. (Chapter 5 has a form for signs.)",
        _CLOCK,
        _TOLD,
    ),
    "error_diffusion": (
        "No synapse between cells hears both signs of the error: turned round, it reaches others.",
        "Nothing passes a layer: every cell hears the error itself.",
        "That a cell raises or lowers the output is known from its kind, and from nothing else.",
        _GRADED,
        _CLOCK,
        "It needs the sign of the error, and its size.",
    ),
    "weight_perturbation": (
        "There is no way back.",
        "There is no way back.",
        "Each synapse remembers its own nudge, and reads no other.",
        "A nudge that is large enough turns a cell, and the loss says whether that was good.",
        _TWICE,
        _SCORE,
    ),
    "node_perturbation": (
        "There is no way back.",
        "There is no way back.",
        "Each cell remembers its own nudge, and its synapses what they carried.",
        "A nudge that is large enough turns a cell, and the loss says whether that was good.",
        _TWICE,
        _SCORE,
    ),
}


def random_batch(inputs: int, rng: np.random.Generator, samples: int = 6) -> tuple[NDArray, NDArray]:
    """Return inputs from 0 to 1, and a class 0 or 1 for each: enough to ask a rule what it needs.

    Parameters
    ----------
    inputs : int
    rng : numpy.random.Generator
    samples : int

    Returns
    -------
    x : ndarray, shape (samples, inputs)
    labels : ndarray, shape (samples,)
        Both classes occur.

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If a number is no whole one of at least 1.
    """
    check_draw(rng, inputs=inputs, samples=samples)
    return rng.random((samples, inputs)), np.arange(samples) % 2
