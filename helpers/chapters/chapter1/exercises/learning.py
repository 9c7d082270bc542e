"""Exercises on losses, gradient checks and training."""

import numbers
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import softmax
from helpers.networks.layers import Affine
from helpers.pages.exercises import Exercise, NotAnAnswer, Verdict

_W, _B = np.array([[1.0, -2.0], [0.5, 4.0]]), np.array([3.0, -1.0])
_DW, _DB = np.array([[10.0, 20.0], [-30.0, 5.0]]), np.array([2.0, 7.0])


def _updated(update: Callable, rate: float) -> dict[str, NDArray]:
    """Let a student's update act on a layer's parameters; return what the layer then holds."""
    layer = Affine(_W.copy(), _B.copy())
    before = {name: array.copy() for name, array in layer.parameters.items()}
    given, gradients = dict(layer.parameters), {"W": _DW.copy(), "b": _DB.copy()}
    update(given, gradients, rate)
    if given.keys() != layer.parameters.keys():
        raise NotAnAnswer("The dictionary has lost or gained a name: it must keep its W and its b.")
    shared = all(given[name] is array for name, array in layer.parameters.items())
    moved = any(not np.array_equal(layer.parameters[name], array) for name, array in before.items())
    if shared and not moved:
        raise NotAnAnswer(
            "Nothing has changed: neither the layer nor the dictionary. A new array, under a name of your own or "
            "behind a `return`, reaches neither. Change the array that the dictionary holds."
        )
    if moved and not shared:
        raise NotAnAnswer(
            "The layer has changed, but the dictionary now holds another array than the layer: the next step would "
            "change that one only. Leave the arrays in their places."
        )
    return dict(layer.parameters) | {f"gradient of {name}": array for name, array in gradients.items()}


def _update(change_w: Callable, change_b: Callable, gradient_factor: float = 1.0) -> Callable[..., dict[str, NDArray]]:
    """What a layer and the gradients look like after an update by these changes."""
    return lambda rate: {
        "W": _W + change_w(rate), "b": _B + change_b(rate),
        "gradient of W": gradient_factor * _DW, "gradient of b": gradient_factor * _DB,
    }  # fmt: skip


update_in_place = Exercise(
    solve=_update(lambda rate: -rate * _DW, lambda rate: -rate * _DB),
    cases=[(0.1,), (0.01,)],
    names=("learning_rate",),
    mistakes={
        "The layer still holds its old weights: your line makes a new array and the layer never hears of it. "
        "Change the array itself.": _update(lambda rate: 0, lambda rate: 0),
        "The sign is wrong: that climbs the loss.": _update(lambda rate: rate * _DW, lambda rate: rate * _DB),
        "The learning rate is missing.": _update(lambda rate: -_DW, lambda rate: -_DB),
        "Only the first parameter is updated. Does a `return` stand inside the loop?": _update(
            lambda rate: -rate * _DW, lambda rate: 0),
        "The weights are replaced by the step; subtract the step from them.": _update(
            lambda rate: -rate * _DW - _W, lambda rate: -rate * _DB - _B),
        "The layer is right, but the gradients were changed on the way, and they belong to the caller.":
            lambda rate: _update(lambda rate: -rate * _DW, lambda rate: -rate * _DB, gradient_factor=rate)(rate),
    },
    praise="The layer and the dictionary hold one array, and that array has changed.",
    run=_updated,
)  # fmt: skip


def _one_hot(a: NDArray, t: NDArray) -> NDArray:
    return np.eye(a.shape[1])[t]


def _raw_softmax(a: NDArray) -> NDArray:
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


def _all_rows(a: NDArray, t: NDArray) -> NDArray:
    y = softmax(a)
    y[:, t] -= 1
    return y / len(a)


softmax_gradient = Exercise(
    solve=lambda a, t: (softmax(a) - _one_hot(a, t)) / len(a),
    cases=[
        (np.array([[0.0, 0.0]]), np.array([0])),
        (np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 3.0]]), np.array([0, 2])),
        (np.array([[1000.0, 0.0, -1000.0]]), np.array([2])),
        (np.array([[1000.0, 0.0], [0.0, 1.0]]), np.array([0, 1])),
        (np.array([[200.0, 150.0]]), np.array([1])),
        (np.array([[1000.0, 999.0]]), np.array([1])),
    ],
    names=("a", "t"),
    mistakes={
        "The 1/n is missing: the loss is a mean over the batch.": lambda a, t: softmax(a) - _one_hot(a, t),
        "The sign is wrong: it is output minus target, y - t.": lambda a, t: (_one_hot(a, t) - softmax(a)) / len(a),
        "The sign is wrong and the 1/n is missing.": lambda a, t: _one_hot(a, t) - softmax(a),
        "You divided by the number of classes; the mean is over the samples.": lambda a, t: (
            softmax(a) - _one_hot(a, t)) / a.shape[1],
        "The target is missing: this is the softmax itself.": lambda a, t: softmax(a) / len(a),
        "The softmax is missing: you subtracted the target from the logits.": lambda a, t: (
            a - _one_hot(a, t)) / len(a),
        "y[:, t] takes those columns in every row. Pair each row with its own label: y[np.arange(n), t].": _all_rows,
        "Sum and maximum go over the classes of one sample: axis=1.": lambda a, t: (
            softmax(a.T).T - _one_hot(a, t)) / len(a),
        "t holds class numbers. Subtract 1 at the right class, not the number of the class.": lambda a, t: (
            softmax(a) - t[:, np.newaxis]) / len(a),
        "t holds class numbers. Turn them into one-hot rows, or subtract 1 at [np.arange(n), t].": lambda a, t: (
            softmax(a) - t) / len(a),
        "Divide the whole difference by n, not only the softmax.": lambda a, t: softmax(a) / len(a) - _one_hot(a, t),
        "Divide by the number of samples, not by the number of entries.": lambda a, t: (
            softmax(a) - _one_hot(a, t)) / a.size,
        "The softmax of a sample sums over its own classes, not over the batch: sum(axis=1, keepdims=True).":
            lambda a, t: (np.exp(a - a.max()) / np.exp(a - a.max()).sum() - _one_hot(a, t)) / len(a),
        "The softmax of a sample sums over its own classes: sum(axis=1, keepdims=True); and exp overflows here.":
            lambda a, t: (np.exp(a) / np.exp(a).sum() - _one_hot(a, t)) / len(a),
        "exp overflows for a logit of 1000: subtract the largest logit of each row first.": lambda a, t: (
            _raw_softmax(a) - _one_hot(a, t)) / len(a),
        "Subtract the largest logit of each row, not of the whole batch: other rows may vanish to 0/0.":
            lambda a, t: (_raw_softmax(a - a.max()) - _one_hot(a, t)) / len(a),
    },
    praise="What the network said, minus what it should have said, shared among the samples.",
)  # fmt: skip


def _curved(x: NDArray) -> float:
    """Sum of the cubes, and of the products of neighbours: no entry stands alone."""
    return float((x**3).sum() + (x[:-1] * x[1:]).sum())


def _curved_gradient(x: NDArray, h: float) -> NDArray:
    neighbours = np.zeros_like(x)
    neighbours[:-1] += x[1:]
    neighbours[1:] += x[:-1]
    return 3 * x**2 + h**2 + neighbours


def _one_entry_alone(f: Callable, x: NDArray, h: float) -> NDArray:
    return np.array([(f(x[i : i + 1] + h) - f(x[i : i + 1] - h)) / (2 * h) for i in range(len(x))])


def _never_reset(f: Callable, x: NDArray, h: float) -> NDArray:
    step, result = np.zeros_like(x), np.empty_like(x)
    for i in range(len(x)):
        step[i] = h
        result[i] = (f(x + step) - f(x - step)) / (2 * h)
    return result


numerical_gradient = Exercise(
    solve=lambda f, x, h: _curved_gradient(x, h),
    cases=[(_curved, np.array([1.0]), 1e-3), (_curved, np.array([2.0, -1.0, 0.5]), 1e-2)],
    names=("f", "x", "h"),
    mistakes={
        "That is the one-sided difference (f(x + h) - f(x)) / h: right in the limit, but its error is of order h, "
        "not h^2.": lambda f, x, h: _curved_gradient(x, h) + 3 * x * h,
        "That is the one-sided difference (f(x) - f(x - h)) / h: right in the limit, but its error is of order h, "
        "not h^2.": lambda f, x, h: _curved_gradient(x, h) - 3 * x * h,
        "Divide by 2h: the two points are 2h apart.": lambda f, x, h: 2 * _curved_gradient(x, h),
        "You moved all entries at once. Move one, leave the others, and give one slope for each.":
            lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
        "/ 2 * h multiplies by h; write / (2 * h).": lambda f, x, h: h**2 * _curved_gradient(x, h),
        "Your lower point is x itself, not x - h. (Note that y = x makes no copy.)": lambda f, x, h: (
            _curved_gradient(x, h) + 3 * x * h) / 2,
        "All slopes are 0, as if f saw the same array twice. If you wrote y = x and z = x, then y and z are one array, "
        "x itself: use x.copy().": lambda f, x, h: np.zeros_like(x),
        "The difference is not divided: divide it by 2h, the distance of the two points.": lambda f, x, h: (
            2 * h * _curved_gradient(x, h)),
        "Divide by 2h, not by 2.": lambda f, x, h: h * _curved_gradient(x, h),
        "The sign is wrong: upper value minus lower value.": lambda f, x, h: -_curved_gradient(x, h),
        "Close, but the step is twice the h that you were given.": lambda f, x, h: _curved_gradient(x, 2 * h),
        "Close, but the step is half of the h that you were given.": lambda f, x, h: _curved_gradient(x, h / 2),
        "Close, but the step is not the h that you were given.": lambda f, x, h: _curved_gradient(x, 1e-5),
        "f needs the whole array: move one entry and leave the others where they are.": _one_entry_alone,
        "The earlier entries stay moved: begin each entry with a fresh step.": _never_reset,
        "The last entry was never computed: the loop stops one too early.": lambda f, x, h: np.append(
            _curved_gradient(x, h)[:-1], 0.0),
        "Only the first entry was computed. Does the `return` stand inside the loop?": lambda f, x, h: np.append(
            _curved_gradient(x, h)[:1], np.zeros(len(x) - 1)),
    },
    praise="And x is back where it was. This little function can check the gradient of any function of a vector.",
    tolerance=1e-9,
)  # fmt: skip


#: What 300 steps do to a 64-50-10 network on the digits, by their rate: (up to this rate, whether it learns, words).
#: Measured on 12 networks a rate, from 0.01 to 100. Where all fare alike the verdict is theirs. Between, chance decides:
#: near 1.5 a last rounding turns 96 % into 20 %, so a verdict of one run, or of five, would differ between machines.
#: The limits are numbers that nobody types: 0.3 and 3 * 0.1 get the same words.
_RATES = (
    (0.0173, False, "far too short: after 300 of them the loss has hardly moved from log 10."),
    (0.273, False, "too short: after 300 of them the loss is still falling, and less than 95 % is right."),
    (0.473, False, "barely long enough: some networks reach 95 % in 300 of them, others do not. Find a rate at which the "
                  "seed does not decide."),
    (1.237, True, "long enough to arrive and short enough to stay: 300 of them take one network as well as the next to 95 %."),
    (1.773, False, "at the edge: one network arrives, the next breaks down. The seed decides, or the last rounding of your "
                  "computer. Find a rate at which they do not."),
    (np.inf, False, "too long: they push nearly all hidden units below zero, for every sample, and there a ReLU passes "
                    "nothing."),
)  # fmt: skip


def learning_rate(rate: float) -> Verdict:
    """Check a learning rate for a 64-50-10 network on the digits, 300 steps.

    Parameters
    ----------
    rate : float
        The student's choice.

    Returns
    -------
    Verdict
        Right if networks of nearly every seed then read 95 % of the validation samples.

    Notes
    -----
    Nothing is trained here: `_RATES` holds what was measured.
    """
    if not isinstance(rate, numbers.Real) or isinstance(rate, bool) or not 0 < rate < 1e300:
        return Verdict(False, "Give one positive number.")
    learns, words = next((learns, words) for limit, learns, words in _RATES if rate < limit)
    return Verdict(learns, f"Steps at this rate are {words}")
