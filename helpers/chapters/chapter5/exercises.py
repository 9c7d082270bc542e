"""The exercises of chapter 5, target propagation: formulas, arrays that never move, a layer of random signs."""

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.measures.diagnostics import OnlySome
from helpers.networks.network import Network, Rule
from helpers.pages.answers import NotAnAnswer, called, number, refuse_unwritten, the_class
from helpers.pages.comparison import in_form, is_number
from helpers.pages.exercises import Exercise, Finding, Measured, Mistake
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.inverses import denoising_decoders
from helpers.training.optimizers import Adam


def _stage(h: NDArray) -> NDArray:
    return np.tanh(2 * h)


def _decoder(h: NDArray) -> NDArray:
    return 0.4 * h + 0.1


_H = np.array([[0.5, -0.2], [0.1, 0.3]])
_NOISE = np.array([[0.1, 0.05], [-0.2, 0.15]])

_GIVEN_RECONSTRUCTION = '''\
def buggy_reconstruction(f, g, h, noise):
    """The error of a decoder g of the stage f, with a mistake."""
    return g(f(h)) - h
'''

reconstruction = Exercise(
    given=_GIVEN_RECONSTRUCTION,
    solve=lambda f, g, h, noise: g(f(h + noise)) - (h + noise),
    cases=[(_stage, _decoder, _H[:1, :1], _NOISE[:1, :1]), (_stage, _decoder, _H, _NOISE)],
    names=["f", "g", "h", "noise"],
    mistakes=[
        Mistake("There is no noise in it: the decoder learns what to say where the activity already is, and a target is "
                "always somewhere else.", lambda f, g, h, noise: g(f(h)) - h),
        Mistake("The noisy activity goes up, but the clean one is asked back: the decoder learns to ignore small changes, "
                "which are all that a target is.", lambda f, g, h, noise: g(f(h + noise)) - h),
        Mistake("The clean activity goes up and the noisy one is asked back: nothing can predict the noise.",
                lambda f, g, h, noise: g(f(h)) - (h + noise)),
        Mistake("The noise is added above the stage; it belongs to the activity below.",
                lambda f, g, h, noise: g(f(h) + noise) - h),
        Mistake("The sign is turned round: what came back, minus what should.",
                lambda f, g, h, noise: (h + noise) - g(f(h + noise))),
        Mistake("That is one number for all entries, as a loss is; the difference itself is asked for, one for each entry.",
                *(lambda f, g, h, noise, pool=pool: pool((g(f(h + noise)) - (h + noise)) ** 2)
                  for pool in (np.sum, np.mean, lambda squares: squares.sum() / 2, lambda squares: squares.mean() / 2))),
        Mistake("Those are the squares; the difference itself is asked for.",
                lambda f, g, h, noise: (g(f(h + noise)) - (h + noise)) ** 2,
                lambda f, g, h, noise: (g(f(h + noise)) - (h + noise)) ** 2 / 2),
        Mistake("The sign is lost: the difference may be negative.", lambda f, g, h, noise: abs(g(f(h + noise)) - (h + noise))),
        Mistake("Without a bracket around h + noise the noise is added at the end: take both away.",
                lambda f, g, h, noise: g(f(h + noise)) - h + noise),
        Mistake("The decoder comes first in yours: the stage f leads up, then g back down.",
                lambda f, g, h, noise: f(g(h + noise)) - (h + noise)),
        Mistake("One of the two functions is missing: the stage f leads up, then the decoder g back down.",
                lambda f, g, h, noise: g(h + noise) - (h + noise), lambda f, g, h, noise: f(h + noise) - (h + noise)),
        Mistake("That is what comes back: take away what should, h + noise.", lambda f, g, h, noise: g(f(h + noise))),
        Mistake("There is no noise in it, and the sign is turned round: what came back, minus what should.",
                lambda f, g, h, noise: h - g(f(h))),
        Mistake("The noise is added above the stage and asked back below: it belongs to the activity below.",
                lambda f, g, h, noise: g(f(h) + noise) - (h + noise)),
    ],
    praise="The noisy activity goes up, and the noisy activity is what should come back.",
)  # fmt: skip


def _slopes(w1: float, w2: float, x: float, t: float) -> tuple[float, float]:
    """Derivatives of the two local losses by w1 and w2, from one forward pass."""
    return (w1 * x - t / w2) * x, (w2 * w1 * x - t) * w1 * x


def _stepping(slopes: Callable[..., tuple[float, ...]]) -> Callable[..., tuple[float, ...]]:
    """A step of both weights against these slopes, a function of w1, w2, x, t and the rate."""

    def step(w1: float, w2: float, x: float, t: float, rate: float) -> tuple[float, float]:
        first, second = slopes(w1, w2, x, t, rate)
        return w1 - rate * first, w2 - rate * second

    return step


def _lower_first(w1: float, w2: float, x: float, t: float, rate: float) -> float:
    """The lower weight after its step."""
    return w1 - rate * _slopes(w1, w2, x, t)[0]


_GIVEN_TWO_STAGES = '''\
def buggy_step(w1, w2, x, t, rate):
    """One step of target propagation, with a mistake."""
    h1 = w1 * x
    h2 = w2 * h1
    w2 = w2 - rate * (h2 - t) * h1
    target = t / w2
    w1 = w1 - rate * (h1 - target) * x
    return w1, w2
'''

two_stages = Exercise(
    given=_GIVEN_TWO_STAGES,
    solve=_stepping(lambda w1, w2, x, t, rate: _slopes(w1, w2, x, t)),
    cases=[(3.0, 2.0, 1.0, 8.0, 0.1), (1.0, 0.5, 2.0, -1.0, 0.05)],
    names=["w1", "w2", "x", "t", "rate"],
    mistakes=[
        Mistake("The target was computed with a weight that had already changed, but the activities with the old one.",
                _stepping(lambda w1, w2, x, t, rate: (
                    (w1 * x - t / (w2 - rate * _slopes(w1, w2, x, t)[1])) * x, _slopes(w1, w2, x, t)[1]))),
        Mistake("The lower weight was changed first, and the upper one then learned from an activity that nobody sent.",
                _stepping(lambda w1, w2, x, t, rate: (
                    _slopes(w1, w2, x, t)[0], (w2 * w1 * x - t) * _lower_first(w1, w2, x, t, rate) * x))),
        Mistake("The first weight follows the gradient of the output's loss; it should follow its own target.",
                _stepping(lambda w1, w2, x, t, rate: ((w2 * w1 * x - t) * w2 * x, _slopes(w1, w2, x, t)[1]))),
        Mistake("The two weights have changed places: w1 comes first.",
                lambda *case: _stepping(lambda w1, w2, x, t, rate: _slopes(w1, w2, x, t))(*case)[::-1]),
        Mistake("The lower weight was changed first, and a second forward pass was made with it: one pass serves both.",
                _stepping(lambda w1, w2, x, t, rate: (
                    _slopes(w1, w2, x, t)[0], _slopes(_lower_first(w1, w2, x, t, rate), w2, x, t)[1]))),
        Mistake("There is a factor 2 too many: the squared error has a half in front.",
                _stepping(lambda w1, w2, x, t, rate: tuple(2 * slope for slope in _slopes(w1, w2, x, t))),
                _stepping(lambda w1, w2, x, t, rate: (_slopes(w1, w2, x, t)[0], 2 * _slopes(w1, w2, x, t)[1]))),
        Mistake("The sign is wrong: both weights go away from their targets.",
                _stepping(lambda w1, w2, x, t, rate: tuple(-slope for slope in _slopes(w1, w2, x, t)))),
        Mistake("The target is the answer seen through the inverse, which divides by w2; it was multiplied.",
                _stepping(lambda w1, w2, x, t, rate: ((w1 * x - t * w2) * x, _slopes(w1, w2, x, t)[1]))),
        Mistake("The answer is the output's target; that of the lower stage is what the inverse makes of it, t / w2.",
                _stepping(lambda w1, w2, x, t, rate: ((w1 * x - t) * x, _slopes(w1, w2, x, t)[1]))),
        Mistake("The lower weight's step lacks its input, x.",
                _stepping(lambda w1, w2, x, t, rate: (w1 * x - t / w2, _slopes(w1, w2, x, t)[1]))),
        Mistake("The upper stage reads h1: its step is the error times h1.",
                _stepping(lambda w1, w2, x, t, rate: (_slopes(w1, w2, x, t)[0], w2 * w1 * x - t)),
                _stepping(lambda w1, w2, x, t, rate: (_slopes(w1, w2, x, t)[0], (w2 * w1 * x - t) * x))),
        Mistake("Those are the steps: hand back the weights after them.",
                lambda w1, w2, x, t, rate: tuple(-rate * slope for slope in _slopes(w1, w2, x, t))),
        Mistake("The learning rate is missing.",
                lambda w1, w2, x, t, rate: tuple(w - slope for w, slope in zip((w1, w2), _slopes(w1, w2, x, t), strict=True))),
        Mistake("One of the two weights stays as it was: each takes a step.",
                _stepping(lambda w1, w2, x, t, rate: (0.0, _slopes(w1, w2, x, t)[1])),
                _stepping(lambda w1, w2, x, t, rate: (_slopes(w1, w2, x, t)[0], 0.0))),
    ],
    praise="All targets first, from one forward pass; then all updates.",
)  # fmt: skip


first_target = Exercise(
    solve=lambda: 0.6,
    cases=[()],
    names=[],
    mistakes=[
        Mistake(
            "The derivative of a square has a factor 2. (Or is that the step alone? It starts from h.)", lambda: 0.4
        ),
        Mistake("The sign is wrong: that goes away from the answer.", lambda: -0.2),
        Mistake("The derivative of a square has a factor 2; and the sign is wrong: go against it.", lambda: 0.0),
        Mistake("That is the answer itself: a target rate of one half would take you there.", lambda: 1.0),
        Mistake("That is the gradient.", lambda: -1.6),
        Mistake("That is the gradient without its sign: take it times the target rate, from h.", lambda: 1.6),
        Mistake("That is the output as it is: a target is an activity that would have been better.", lambda: 0.2),
        Mistake("The target rate is missing: the step is a quarter of the gradient.", lambda: 1.8),
        Mistake("That is the loss: its derivative by h is asked for, and a step against it.", lambda: 0.64),
    ],
    praise="Half of the way to the answer.",
    run=number,
    hint="Go from h against the derivative of (h - t)^2, times the target rate.",
)


def _curved(h: NDArray) -> NDArray:
    return np.tanh(1.5 * h) + 0.1


_CASES = [
    (_curved, np.array([0.2]), np.array([0.5]), np.array([0.7])),
    (
        _curved,
        np.array([[0.1, 0.2], [0.4, -0.3]]),
        np.array([[0.3, 0.1], [0.2, 0.6]]),
        np.array([[0.5, 0.2], [0.0, 0.9]]),
    ),
]

difference_target = Exercise(
    solve=lambda g, below, h, target: below + g(target) - g(h),
    cases=_CASES,
    names=["g", "h_below", "h", "target"],
    mistakes=[
        Mistake("That is TP's target: the inverse's error at the activity is still in it.",
                lambda g, below, h, target: g(target)),
        Mistake("The two answers of the inverse have changed places: the target's counts, the activity's is taken away.",
                lambda g, below, h, target: below + g(h) - g(target)),
        Mistake("The activity below is missing: the difference says how to change it.",
                lambda g, below, h, target: g(target) - g(h)),
        Mistake("The inverse is asked about the difference; ask it twice and take the difference of its answers.",
                lambda g, below, h, target: below + g(target - h)),
        Mistake("The activity above stands where the one below should.", lambda g, below, h, target: h + g(target) - g(h)),
        Mistake("The target above stands where the activity below should.",
                lambda g, below, h, target: target + g(target) - g(h)),
        Mistake("The bracket is the error, and it is taken away: minus g(h), plus h_below.",
                lambda g, below, h, target: g(target) + g(h) - below),
        Mistake("The minus in front of the bracket turns both signs in it: minus g(h), plus h_below.",
                lambda g, below, h, target: g(target) - g(h) - below),
        Mistake("What the inverse says of the activity is missing: take g(h) away.",
                lambda g, below, h, target: below + g(target)),
        Mistake("The inverse is asked about h_below, which lies where its answers lie: it reads h, the activity above.",
                lambda g, below, h, target: g(target) - g(below) + below),
        Mistake("The inverse was not asked at all: a difference above has to be carried down by g.",
                lambda g, below, h, target: below + target - h),
    ],
    praise="Where the target is the activity, nothing below will change, whatever the inverse says.",
)  # fmt: skip

_BELOW = np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.2]])
_ABOVE = np.array([[0.5, -0.2, 0.4], [0.1, 0.9, -0.6], [0.0, 0.3, 0.2]])
_TARGET = np.array([[0.6, 0.0, 0.1], [0.1, 0.5, -0.5], [-0.2, 0.3, 0.4]])


def _right_update(below: NDArray, h: NDArray, target: NDArray) -> NDArray:
    return below.T @ ((h - target) * (1 - h**2)) / len(h)


local_update = Exercise(
    solve=_right_update,
    cases=[(_BELOW[:1], _ABOVE[:1], _TARGET[:1]), (_BELOW, _ABOVE, _TARGET)],
    names=["below", "h", "target"],
    mistakes=[
        Mistake("The slope of the stage's own units is missing: 1 - h^2.",
                lambda below, h, target: below.T @ (h - target) / len(h)),
        Mistake("The slope of the stage's own units is missing, 1 - h^2, and so is the mean over the batch.",
                lambda below, h, target: below.T @ (h - target)),
        Mistake("The mean is over the samples of the batch, not over all entries.",
                lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / h.size),
        Mistake("The batch is summed; the loss is a mean over its samples.",
                lambda below, h, target: below.T @ ((h - target) * (1 - h**2))),
        Mistake("The sign is wrong: that leads away from the target.",
                lambda below, h, target: below.T @ ((target - h) * (1 - h**2)) / len(h)),
        Mistake("The slope is that at the target; it belongs to the activity.",
                lambda below, h, target: below.T @ ((h - target) * (1 - target**2)) / len(h)),
        Mistake("The slope is 1 - h^2; yours lacks the square.",
                lambda below, h, target: below.T @ ((h - target) * (1 - h)) / len(h)),
        Mistake("h (1 - h) is the slope of the sigmoid; that of tanh is 1 - h^2.",
                lambda below, h, target: below.T @ ((h - target) * h * (1 - h)) / len(h)),
        Mistake("h is the tanh already: its slope is 1 - h^2, without another tanh.",
                lambda below, h, target: below.T @ ((h - target) * (1 - np.tanh(h) ** 2)) / len(h)),
        Mistake("The mean over the samples comes after the product: the mean of products is not the product of means.",
                lambda below, h, target: np.outer(below.mean(axis=0), ((h - target) * (1 - h**2)).mean(axis=0))),
        Mistake("There is a factor 2 too many: the loss has a half in front.",
                lambda below, h, target: 2 * _right_update(below, h, target)),
        Mistake("There is a factor 1/2 left over: the derivative of the square takes it away.",
                lambda below, h, target: _right_update(below, h, target) / 2),
        Mistake("The sign is wrong, and the batch is summed; the loss is a mean over its samples.",
                lambda below, h, target: -len(h) * _right_update(below, h, target)),
        Mistake("There is a factor 2 too many, for the loss has a half in front; and the batch is summed, where a mean is asked for.",
                lambda below, h, target: 2 * len(h) * _right_update(below, h, target)),
        Mistake("The result is transposed, W has one row for each input; and the batch is summed, where a mean is asked for.",
                lambda below, h, target: len(h) * _right_update(below, h, target).T),
        Mistake("The result is transposed: W has one row for each input.",
                lambda below, h, target: ((h - target) * (1 - h**2)).T @ below / len(h)),
    ],
    praise="One stage, its own activity and its own target: that is all the update needs.",
)  # fmt: skip


_WIDTHS = [
    (np.array([[2.0, 0.0], [0.0, 0.5]]), np.array([[0.4, 0.3], [-0.3, 1.0]])),
    (np.array([[1.0, 0.5], [-0.5, 2.0], [0.3, 0.1]]), np.array([[0.6, 0.1, 0.2], [-0.2, 0.3, 0.4]])),
    (np.array([[1.0, 0.5, 0.2], [-0.5, 0.8, 0.3]]), np.array([[0.6, -0.2], [0.3, 0.9], [0.5, -0.4]])),
]


def _missing(W: NDArray, V: NDArray) -> NDArray:
    """What is missing after one pass down and up, as a matrix that stands to the right of what was missing before."""
    return np.eye(len(V)) - V @ W


contraction = Exercise(
    solve=lambda W, V: float(np.linalg.norm(_missing(W, V), 2)),
    cases=_WIDTHS,
    names=["W", "V"],
    mistakes=[
        Mistake("The two matrices have changed places: what is missing goes down first, by V, and then up, by W.",
                lambda W, V: np.linalg.norm(_missing(V, W), 2)),
        Mistake("That is the share that arrives; what stays missing is the identity less it.",
                lambda W, V: np.linalg.norm(V @ W, 2)),
        Mistake("That is the root of the sum of all squares; the largest stretch is the largest singular value.",
                lambda W, V: np.linalg.norm(_missing(W, V))),
        Mistake("That is the smallest share; the worst step counts.", lambda W, V: np.linalg.norm(_missing(W, V), -2)),
        Mistake("That is the size of the largest eigenvalue. It says how one direction is stretched that keeps its direction; "
                "another may be stretched more: take the largest singular value.",
                lambda W, V: np.abs(np.linalg.eigvals(_missing(W, V))).max()),
        Mistake("That is the square of it: take the root.", lambda W, V: np.linalg.norm(_missing(W, V), 2) ** 2),
        Mistake("The product is added to the identity; what stays missing is the identity less it.",
                lambda W, V: np.linalg.norm(2 * np.eye(len(V)) - _missing(W, V), 2)),
        Mistake("First the identity less the product, then the largest stretch: the other order gives another number.",
                lambda W, V: 1 - np.linalg.norm(V @ W, 2), lambda W, V: abs(1 - np.linalg.norm(V @ W, 2))),
        Mistake("1 - V @ W takes the product from 1 in every place: the identity is np.eye.",
                lambda W, V: np.linalg.norm(1 - V @ W, 2)),
        Mistake("That is the largest entry; the largest stretch is the largest singular value.",
                lambda W, V: np.abs(_missing(W, V)).max()),
        Mistake("That is the largest sum of a row or a column; with lengths as the root of a sum of squares, the largest stretch "
                "is the largest singular value.",
                lambda W, V: np.linalg.norm(_missing(W, V), 1), lambda W, V: np.linalg.norm(_missing(W, V), np.inf)),
        Mistake("You say whether it is below 1: the share itself is asked for.",
                lambda W, V: float(np.linalg.norm(_missing(W, V), 2) < 1)),
    ],
    praise="If it is below 1, a small enough step brings the stage nearer to every target.",
)  # fmt: skip


def _cosine(u: NDArray, v: NDArray) -> float:
    return float(np.sum(u * v) / np.sqrt(np.sum(u**2) * np.sum(v**2)))


def _widest(angle: Callable[[NDArray, NDArray], float]) -> Callable[[Any, Any], Any]:
    """Let a function of two arrays take many pairs, too, and return the widest angle, or NaN if there is one.

    Many pairs are the rows of two arrays, each in a tuple of its own.
    """

    def of_many(u: Any, v: Any) -> Any:
        if not isinstance(u, tuple):
            return angle(u, v)
        results = [in_form(angle(one, other), 0.0) for one, other in zip(*u, *v, strict=True)]
        odd = [result for result in results if not is_number(result)]
        return odd[0] if odd else np.max(results)

    return of_many


def _on_lines(angle: Callable[[float], float]) -> Callable[[Any, Any], Any]:
    """A wrong form, from the cosine. What it says of an array of zeros does not matter: a function agrees with anything."""
    widest = _widest(lambda u, v: angle(_cosine(u, v)))
    return lambda u, v: angle if _has_zeros(u, v) else widest(u, v)


def _has_zeros(u: Any, v: Any) -> bool:
    """Whether one of two arrays is nothing but zeros; not so of many pairs."""
    return not isinstance(u, tuple) and not (u.any() and v.any())


def _lengthless(angle: Callable[[float], float]) -> Callable[[Any, Any], Any]:
    """A wrong form, from the product without lengths."""
    widest = _widest(lambda u, v: angle(np.sum(u * v)))
    return lambda u, v: angle if _has_zeros(u, v) else widest(u, v)


def _degrees(cosine: float) -> float:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _with_zeros(of_zeros: float) -> Callable[[Any, Any], Any]:
    """The angle, and what to say of an array of zeros."""
    widest = _widest(lambda u, v: _degrees(_cosine(u, v)))
    return lambda u, v: of_zeros if _has_zeros(u, v) else widest(u, v)


_SIDE = np.array([[1.0, 0.0], [0.0, 2.0]])

# By rounding, the cosine of two parallel arrays may be above 1. For which ones differs from machine to machine and from
# formula to formula, so there are two hundred: of any formula and machine some should come out above.
_PARALLEL = np.random.default_rng(0).standard_normal((200, 3))

angle_between = Exercise(
    solve=_with_zeros(90.0),
    cases=[
        (np.array([1.0, 0.0]), np.array([1.0, 1.0])),
        (_SIDE, np.array([[3.0, 1.0], [-1.0, 1.0]])),
        (np.array([1.0, 0.0]), np.array([-1.0, 1.0])),
        ((_PARALLEL,), (7 * _PARALLEL,)),
        ((_PARALLEL,), (-7 * _PARALLEL,)),
        (np.zeros(2), np.array([1.0, 2.0])),
        (np.array([1.0, 2.0]), np.zeros(2)),
    ],
    names=["u", "v"],
    mistakes=[
        Mistake("That is in radians.", _on_lines(lambda cosine: np.arccos(np.clip(cosine, -1, 1)))),
        Mistake("That is the cosine: take its arc.", _on_lines(lambda cosine: cosine)),
        Mistake("That is the arc sine: the product over the lengths is the cosine.",
                _on_lines(lambda cosine: np.degrees(np.arcsin(np.clip(cosine, -1, 1))))),
        Mistake("The lengths are missing: an angle does not change when a vector is stretched.",
                _lengthless(lambda product: np.degrees(np.arccos(product))), _lengthless(_degrees)),
        Mistake("Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it.",
                _on_lines(lambda cosine: np.degrees(np.arccos(cosine)))),
        Mistake("Two updates in opposite directions give NaN: by rounding their cosine is a little below -1. Clip it at both "
                "ends.", _on_lines(lambda cosine: np.degrees(np.arccos(np.minimum(cosine, 1))))),
        Mistake("Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it at both ends.",
                _on_lines(lambda cosine: np.degrees(np.arccos(np.maximum(cosine, -1))))),
        Mistake("math.acos stops where rounding has taken the cosine a little above 1 or below -1. Clip it at both ends.",
                _on_lines(lambda cosine: math.degrees(math.acos(cosine))),
                _on_lines(lambda cosine: math.degrees(math.acos(min(cosine, 1)))),
                _on_lines(lambda cosine: math.degrees(math.acos(max(cosine, -1))))),
        Mistake("An angle may be more than 90 degrees: do not take the absolute value.",
                _on_lines(lambda cosine: _degrees(abs(cosine)))),
        Mistake("That is the angle to the opposite of one of the two: the sign of the cosine is turned.",
                _on_lines(lambda cosine: _degrees(-cosine))),
        Mistake("For an array of zeros yours is 0: it is 90 degrees.", _with_zeros(0.0)),
        Mistake("For an array of zeros yours is NaN: its length is 0. Say 90 degrees there.", _with_zeros(np.nan)),
    ],
    run=lambda answer, u, v: _widest(partial(called, answer))(u, v),
    praise="Chapter 6 asks this of every rule.",
    tolerance=5e-4,  # 57.3 degrees in a radian will do
)  # fmt: skip

#: What the published list of updates left out, in a network of seven hidden layers.
_FORGOTTEN = {"b5", "W6"}


def published_rule(network: Network, rng: np.random.Generator) -> Rule:
    """Return a DTP rule whose list of updates lacks two arrays, as in a published program.

    Parameters
    ----------
    network : Network
        What it is to train; gives the shapes of the decoders.
    rng : numpy.random.Generator
        Source of the decoders' first weights, and of the noise.

    Returns
    -------
    Rule
    """
    rule = DifferenceTargetPropagation(denoising_decoders(network, rng, Adam(3e-3), noise=0.3))

    return OnlySome(rule, lambda network: network.parameters.keys() - _FORGOTTEN)


def _names(answer: Any) -> set[str]:
    """Return names of arrays, from any container or from one string that holds them."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(answer, str):
        answer = re.findall(r"\w*\d\w*", answer) or re.findall(r"\w+", answer)
    names = list(answer) if isinstance(answer, Iterable) else [answer]
    if not all(isinstance(name, str) for name in names):
        raise NotAnAnswer("Give the names as a list of strings: ['...', '...'].")
    unknown = sorted(set(names) - {f"{key}{i}" for key in "Wb" for i in range(1, 9)})
    if unknown:
        raise NotAnAnswer(f"No array is called {unknown[0]!r}: the names are W1 to W8 and b1 to b8.")
    return set(names)


#: The names of the parameter arrays that the published rule leaves alone.
silent_arrays = Measured(
    read=_names,
    measure=lambda names: (len(names & _FORGOTTEN), len(names - _FORGOTTEN)),  # how many are silent, how many move
    findings=[
        Finding("Two arrays that never move; the accuracy would not have told you.", lambda m: m == (2, 0), right=True),
        Finding("That list is empty: two arrays never move.", lambda m: m == (0, 0)),
        Finding("There is one more: look at weights and biases of every layer.", lambda m: m == (1, 0)),
        Finding("Those two are among them, but some of yours do move: look for norms of exactly zero.", lambda m: m[0] == 2),
        Finding("One of yours never moves, and one is missing; the rest do move: look for norms of exactly zero.",
                lambda m: m[0] == 1),
        Finding("Those do move: keep the norm of every update, and look for norms of exactly zero."),
    ],
)  # fmt: skip

#: Activities whose signs are drawn, many times. The mean of 16,000 signs has a standard error of 0.008 at most.
_ACTIVITIES = np.linspace(-0.9, 0.9, 6) * np.ones((16_000, 1))


def _drawn(kind: type) -> dict[str, Any]:
    """Let layers of a student's class draw signs, with one seed, with the same, and with another."""
    given = _ACTIVITIES.copy()
    layer, twin, stranger = (kind(np.random.default_rng(seed)) for seed in (0, 0, 1))
    draws = [layer.forward(given) for _ in range(4)]
    back = layer.backward(np.ones_like(given))
    others = [other.forward(_ACTIVITIES.copy()) for other in (twin, stranger)]
    for name, result in (("forward", draws[0]), ("backward", back)):
        if isinstance(result, list | tuple):
            raise NotAnAnswer(f"{name} should return a NumPy array, but returns a {type(result).__name__}.")
    for result in (*draws, back, *others):
        refuse_unwritten(result)
    if not np.array_equal(given, _ACTIVITIES):
        raise NotAnAnswer("Your forward changes its input, which the stage below still needs: make a new array.")
    draws, (same_seed, other_seed) = [np.asarray(draw) for draw in draws], others
    if any(draw.shape != given.shape or not np.isin(draw, (-1, 1)).all() for draw in draws):
        raise NotAnAnswer("Every value must be +1 or -1, in the shape of the input.")
    far = lambda sign: np.abs(draws[0].mean(axis=0) - sign * given[0]).max() > 0.05  # noqa: E731
    return {
        "one row": all((draw == draw[0]).all() for draw in draws),
        "repeats": np.array_equal(draws[0], draws[1]),
        "drawn once": not np.array_equal(draws[0], other_seed),
        "plain sign": np.array_equal(draws[0], np.where(given >= 0, 1, -1)),
        "exchanged": not far(-1),
        "off": far(1),
        "one number": len(np.unique(draws[0], axis=0)) <= 8,
        "own chance": not np.array_equal(draws[0], same_seed) or np.array_equal(draws[0], other_seed),
        "slope": not isinstance(back, np.ndarray) or back.shape != given.shape or back.any(),
        "bare": any(getattr(layer, name, None) != {} for name in ("parameters", "gradients")),
    }


#: A layer of random signs: its values, its mean, its chance, its backward pass.
sampling_layer = Measured(
    read=the_class,
    measure=_drawn,
    findings=[
        Finding("One number is drawn when the layer is made: draw new ones at every call of forward, one for each place.",
                lambda m: m["one row"] and m["repeats"] and m["drawn once"]),
        Finding("That is the sign itself, with no chance in it.", lambda m: m["one row"] and m["repeats"] and m["plain sign"]),
        Finding("There is no chance in it: draw random numbers.", lambda m: m["one row"] and m["repeats"]),
        Finding("All samples share their random numbers: draw one for each place, rng.random(x.shape).", lambda m: m["one row"]),
        Finding("Every call draws the same numbers: draw from the generator that was handed in, which goes on.",
                lambda m: m["repeats"]),
        Finding("The probabilities are exchanged: +1 should be likely where h is near 1.", lambda m: m["exchanged"]),
        Finding("The mean of the signs should be h: +1 with probability (1 + h) / 2.", lambda m: m["off"]),
        Finding("All units of a sample share one random number: draw one for each of them.", lambda m: m["one number"]),
        Finding("The numbers do not follow the seed: draw from the generator that was handed in.", lambda m: m["own chance"]),
        Finding("forward is right. A random sign has no derivative: let backward return zeros, in the shape of its input.",
                lambda m: m["slope"]),
        Finding("A network asks every layer for its `parameters` and `gradients`: set both to empty dictionaries, {}.",
                lambda m: m["bare"]),
        Finding("Its mean is h, its values are signs, and no gradient comes through.", right=True),
    ],
)  # fmt: skip
