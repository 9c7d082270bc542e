"""The exercises of chapter 5 whose answer is a formula: targets, inverses, local updates, angles."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.pages.exercises import Exercise, NotAnAnswer


def _stage(h: NDArray) -> NDArray:
    return np.tanh(2 * h)


def _decoder(h: NDArray) -> NDArray:
    return 0.4 * h + 0.1


_H = np.array([[0.5, -0.2], [0.1, 0.3]])
_NOISE = np.array([[0.1, 0.05], [-0.2, 0.15]])

reconstruction = Exercise(
    solve=lambda f, g, h, noise: g(f(h + noise)) - (h + noise),
    cases=[(_stage, _decoder, _H[:1, :1], _NOISE[:1, :1]), (_stage, _decoder, _H, _NOISE)],
    names=["f", "g", "h", "noise"],
    mistakes={
        "There is no noise in it: the decoder learns what to say where the activity already is, and a target is "
        "always somewhere else.": lambda f, g, h, noise: g(f(h)) - h,
        "The noisy activity goes up, but the clean one is asked back: the decoder learns to ignore small changes, "
        "which are all that a target is.": lambda f, g, h, noise: g(f(h + noise)) - h,
        "The clean activity goes up and the noisy one is asked back: nothing can predict the noise.":
            lambda f, g, h, noise: g(f(h)) - (h + noise),
        "The noise is added above the stage; it belongs to the activity below.":
            lambda f, g, h, noise: g(f(h) + noise) - h,
        "The sign is turned round: what came back, minus what should.": lambda f, g, h, noise: (h + noise) - g(f(h + noise)),
        "That is the loss; the difference itself is asked for, one number for each entry.":
            lambda f, g, h, noise: ((g(f(h + noise)) - (h + noise)) ** 2).sum() / 2,
        "That is the sum of the squares; the difference itself is asked for, one number for each entry.":
            lambda f, g, h, noise: ((g(f(h + noise)) - (h + noise)) ** 2).sum(),
        "That is the mean of the squares; the difference itself is asked for, one number for each entry.":
            lambda f, g, h, noise: ((g(f(h + noise)) - (h + noise)) ** 2).mean(),
        "That is half of the mean of the squares; the difference itself is asked for, one number for each entry.":
            lambda f, g, h, noise: ((g(f(h + noise)) - (h + noise)) ** 2).mean() / 2,
        "Those are the squares; the difference itself is asked for.":
            lambda f, g, h, noise: (g(f(h + noise)) - (h + noise)) ** 2,
        "There is no noise in it, and the sign is turned round: what came back, minus what should.":
            lambda f, g, h, noise: h - g(f(h)),
        "The noise is added above the stage and asked back below: it belongs to the activity below.":
            lambda f, g, h, noise: g(f(h) + noise) - (h + noise),
    },
    praise="The noisy activity goes up, and the noisy activity is what should come back.",
)  # fmt: skip


def _pair(result: Any) -> Any:
    """Return two numbers in an array as a tuple, and anything else as it is."""
    return tuple(result) if isinstance(result, np.ndarray) and result.shape == (2,) else result


def _with_second_pass(w1: float, w2: float, x: float, t: float, rate: float) -> tuple[float, float]:
    w1 = w1 - rate * (w1 * x - t / w2) * x
    return w1, w2 - rate * (w2 * w1 * x - t) * w1 * x


two_stages = Exercise(
    solve=lambda w1, w2, x, t, rate: (
        w1 - rate * (w1 * x - t / w2) * x, w2 - rate * (w2 * w1 * x - t) * w1 * x),
    cases=[(3.0, 2.0, 1.0, 8.0, 0.1), (1.0, 0.5, 2.0, -1.0, 0.05)],
    names=["w1", "w2", "x", "t", "rate"],
    mistakes={
        "The target was computed with a weight that had already changed, but the activities with the old one.":
            lambda w1, w2, x, t, rate: (
                w1 - rate * (w1 * x - t / (w2 - rate * (w2 * w1 * x - t) * w1 * x)) * x,
                w2 - rate * (w2 * w1 * x - t) * w1 * x),
        "The lower weight was changed first, and the upper one then learned from an activity that nobody sent.":
            lambda w1, w2, x, t, rate: (
                w1 - rate * (w1 * x - t / w2) * x,
                w2 - rate * (w2 * w1 * x - t) * (w1 - rate * (w1 * x - t / w2) * x) * x),
        "The first weight follows the gradient of the output's loss; it should follow its own target.":
            lambda w1, w2, x, t, rate: (
                w1 - rate * (w2 * w1 * x - t) * w2 * x, w2 - rate * (w2 * w1 * x - t) * w1 * x),
        "The two weights have changed places: w1 comes first.": lambda w1, w2, x, t, rate: (
            w2 - rate * (w2 * w1 * x - t) * w1 * x, w1 - rate * (w1 * x - t / w2) * x),
        "The lower weight was changed first, and a second forward pass was made with it: one pass serves both.":
            lambda w1, w2, x, t, rate: _with_second_pass(w1, w2, x, t, rate),
        "There is a factor 2 too many, in both updates: the squared error has a half in front.":
            lambda w1, w2, x, t, rate: (w1 - 2 * rate * (w1 * x - t / w2) * x, w2 - 2 * rate * (w2 * w1 * x - t) * w1 * x),
        "The update of w2 has a factor 2 too many: the squared error has a half in front.":
            lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - 2 * rate * (w2 * w1 * x - t) * w1 * x),
        "The sign is wrong: both weights go away from their targets.":
            lambda w1, w2, x, t, rate: (w1 + rate * (w1 * x - t / w2) * x, w2 + rate * (w2 * w1 * x - t) * w1 * x),
        "The target is the answer seen through the inverse, which divides by w2; it was multiplied.":
            lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t * w2) * x, w2 - rate * (w2 * w1 * x - t) * w1 * x),
    },
    run=lambda answer, *case: _pair(answer(*case)),
    praise="All targets first, from one forward pass; then all updates.",
)  # fmt: skip

def _number(answer: Any) -> Any:
    """Return a number, or the dots of the template."""
    if answer is ... or isinstance(answer, int | float | np.number):
        return answer
    raise NotAnAnswer("A single number is asked for.")


first_target = Exercise(
    solve=lambda: 0.6,
    cases=[()],
    names=[],
    mistakes={
        "The derivative of a square has a factor 2.": lambda: 0.4,
        "The sign is wrong: that goes away from the answer.": lambda: -0.2,
        "That is the answer itself: a target rate of one half would take you there.": lambda: 1.0,
        "That is the gradient.": lambda: -1.6,
    },
    praise="Half of the way to the answer.",
    run=lambda answer: _number(answer),
    hint="Go from h against the derivative of (h - t)^2, times the target rate.",
)


def _curved(h: NDArray) -> NDArray:
    return np.tanh(1.5 * h) + 0.1


_CASES = [
    (_curved, np.array([0.2]), np.array([0.5]), np.array([0.7])),
    (_curved, np.array([[0.1, 0.2], [0.4, -0.3]]), np.array([[0.3, 0.1], [0.2, 0.6]]), np.array([[0.5, 0.2], [0.0, 0.9]])),
]

difference_target = Exercise(
    solve=lambda g, below, h, target: below + g(target) - g(h),
    cases=_CASES,
    names=["g", "h_below", "h", "target"],
    mistakes={
        "That is TP's target: the inverse's error at the activity is still in it.": lambda g, below, h, target: g(target),
        "The two answers of the inverse have changed places: the target's counts, the activity's is taken away.":
            lambda g, below, h, target: below + g(h) - g(target),
        "The activity below is missing: the difference says how to change it.":
            lambda g, below, h, target: g(target) - g(h),
        "The inverse is asked about the difference; ask it twice and take the difference of its answers.":
            lambda g, below, h, target: below + g(target - h),
        "The activity above stands where the one below should.": lambda g, below, h, target: h + g(target) - g(h),
        "The target above stands where the activity below should.":
            lambda g, below, h, target: target + g(target) - g(h),
        "The bracket is the error, and it is taken away: minus g(h), plus h_below.":
            lambda g, below, h, target: g(target) + g(h) - below,
        "The minus in front of the bracket turns both signs in it: minus g(h), plus h_below.":
            lambda g, below, h, target: g(target) - g(h) - below,
        "What the inverse says of the activity is missing: take g(h) away.":
            lambda g, below, h, target: below + g(target),
        "The inverse was not asked at all: a difference above has to be carried down by g.":
            lambda g, below, h, target: below + target - h,
    },
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
    mistakes={
        "The slope of the stage's own units is missing: 1 - h^2.":
            lambda below, h, target: below.T @ (h - target) / len(h),
        "The slope of the stage's own units is missing, 1 - h^2, and so is the mean over the batch.":
            lambda below, h, target: below.T @ (h - target),
        "The mean is over the samples of the batch, not over all entries.":
            lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / h.size,
        "The batch is summed; the loss is a mean over its samples.":
            lambda below, h, target: below.T @ ((h - target) * (1 - h**2)),
        "The sign is wrong: that leads away from the target.":
            lambda below, h, target: below.T @ ((target - h) * (1 - h**2)) / len(h),
        "The slope is that at the target; it belongs to the activity.":
            lambda below, h, target: below.T @ ((h - target) * (1 - target**2)) / len(h),
        "The slope is 1 - h^2; yours lacks the square.":
            lambda below, h, target: below.T @ ((h - target) * (1 - h)) / len(h),
        "There is a factor 2 too many: the loss has a half in front.":
            lambda below, h, target: 2 * _right_update(below, h, target),
        "There is a factor 1/2 left over: the derivative of the square takes it away.":
            lambda below, h, target: _right_update(below, h, target) / 2,
        "The sign is wrong, and the batch is summed; the loss is a mean over its samples.":
            lambda below, h, target: -len(h) * _right_update(below, h, target),
        "There is a factor 2 too many, for the loss has a half in front; and the batch is summed, where a mean is asked for.":
            lambda below, h, target: 2 * len(h) * _right_update(below, h, target),
        "The result is transposed, W has one row for each input; and the batch is summed, where a mean is asked for.":
            lambda below, h, target: len(h) * _right_update(below, h, target).T,
        "The result is transposed: W has one row for each input.":
            lambda below, h, target: ((h - target) * (1 - h**2)).T @ below / len(h),
    },
    praise="One stage, its own activity and its own target: that is all the update needs.",
)  # fmt: skip


def _cosine(u: NDArray, v: NDArray) -> float:
    return float(np.sum(u * v) / np.sqrt(np.sum(u**2) * np.sum(v**2)))


def _widest(angle: Callable[[NDArray, NDArray], float]) -> Callable[[Any, Any], Any]:
    """Let a function of two arrays take many pairs of them, too, and return the widest angle, or NaN if there is one."""

    def of_many(u: Any, v: Any) -> Any:
        if not isinstance(u, tuple):
            return angle(u, v)
        results = [angle(one, other) for one, other in zip(u, v, strict=True)]
        odd = [result for result in results if np.ndim(result) or not isinstance(result, int | float | np.number)]
        return odd[0] if odd else np.max(results)

    return of_many


_SIDE = np.array([[1.0, 0.0], [0.0, 2.0]])

# By rounding, the cosine of two parallel arrays may be above 1. For which ones differs from machine to machine and from
# formula to formula, so there are two hundred: of any formula and machine some should come out above.
_PARALLEL = tuple(np.random.default_rng(0).standard_normal((200, 3)))

angle_between = Exercise(
    solve=_widest(lambda u, v: np.degrees(np.arccos(np.clip(_cosine(u, v), -1, 1)))),
    cases=[
        (np.array([1.0, 0.0]), np.array([1.0, 1.0])),
        (_SIDE, np.array([[3.0, 1.0], [-1.0, 1.0]])),
        (np.array([1.0, 0.0]), np.array([-1.0, 1.0])),
        (_PARALLEL, tuple(7 * u for u in _PARALLEL)),
        (_PARALLEL, tuple(-7 * u for u in _PARALLEL)),
    ],
    names=["u", "v"],
    mistakes={words: _widest(angle) for words, angle in {
        "That is in radians.": lambda u, v: np.arccos(np.clip(_cosine(u, v), -1, 1)),
        "That is the cosine: take its arc.": _cosine,
        "The lengths are missing: an angle does not change when a vector is stretched.": lambda u, v: np.degrees(
            np.arccos(np.sum(u * v))),
        "Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it.":
            lambda u, v: np.degrees(np.arccos(_cosine(u, v))),
        "Two updates in opposite directions give NaN: by rounding their cosine is a little below -1. Clip it at both ends.":
            lambda u, v: np.degrees(np.arccos(np.minimum(_cosine(u, v), 1))),
        "Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it at both ends.":
            lambda u, v: np.degrees(np.arccos(np.maximum(_cosine(u, v), -1))),
        "math.acos stops where rounding has taken the cosine a little above 1 or below -1. Clip it first.":
            lambda u, v: math.degrees(math.acos(_cosine(u, v))),
        "math.acos stops where rounding has taken the cosine a little below -1. Clip it at both ends.":
            lambda u, v: math.degrees(math.acos(min(_cosine(u, v), 1))),
        "math.acos stops where rounding has taken the cosine a little above 1. Clip it at both ends.":
            lambda u, v: math.degrees(math.acos(max(_cosine(u, v), -1))),
        "An angle may be more than 90 degrees: do not take the absolute value.": lambda u, v: np.degrees(
            np.arccos(np.clip(abs(_cosine(u, v)), -1, 1))),
    }.items()},
    run=lambda answer, u, v: _widest(answer)(u, v),
    praise="Chapter 6 asks this of every rule.",
    tolerance=1e-5,
)  # fmt: skip
