"""The exercises of chapter 1, computational graphs."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import datasets, training
from helpers.activations import sigmoid, softmax
from helpers.exercises import Exercise, Verdict
from helpers.layers import Affine
from helpers.network import Network
from helpers.optimizers import SGD


def _node(kind: type, *values: float) -> dict[str, Any]:
    node = kind.__new__(kind)
    return {"evaluate": node.evaluate(*values), "derivatives": node.derivatives(*values)}


def _layer(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    layer = kind()
    return {"forward": layer.forward(x), "backward": layer.backward(upstream)}


def _both(forward: Callable, derivative: Callable) -> Callable[..., dict[str, Any]]:
    """A layer as two functions of its input: its value, and the slope that the upstream is multiplied by."""
    return lambda x, upstream: {"forward": forward(x), "backward": upstream * derivative(x)}


_X = np.array([[0.5, -1.0, 2.0], [-0.25, 0.0, 1.5]])
_UPSTREAM = np.array([[1.0, 2.0, -1.0], [0.5, 3.0, 4.0]])
_LAYER_CASES = [(np.array([[1.0]]), np.array([[1.0]])), (np.array([[-2.0]]), np.array([[3.0]])), (_X, _UPSTREAM)]

children = Exercise(
    solve=lambda: 250.0,
    cases=[()],
    mistakes={
        "That is one path only. The number of children is used twice, and both uses raise the bill.": lambda: 100.0,
        "That is one path only; apples cost something too.": lambda: 150.0,
        "You multiplied the two paths. Along a path slopes multiply; where paths meet, they add.": lambda: 15000.0,
        "That is the bill, not how fast it grows with the number of children.": lambda: 1000.0,
    },
    praise="One more child costs one more apple and one more orange: the gradients of the two uses add.",
    run=lambda answer: answer,
    hint="Walk back from the bill along both paths to the number of children, and add what arrives.",
)

divide = Exercise(
    solve=lambda x, y: {"evaluate": x / y, "derivatives": (1 / y, -x / y**2)},
    cases=[(1.0, 2.0), (6.0, -3.0), (-5.0, 0.5)],
    mistakes={
        "The sign of the derivative by y is wrong: a larger divisor makes a smaller quotient (for x > 0).": lambda x, y: {
            "evaluate": x / y, "derivatives": (1 / y, x / y**2)},
        "The derivative by y lacks a square: differentiate x times y to the power -1.": lambda x, y: {
            "evaluate": x / y, "derivatives": (1 / y, -x / y)},
        "The derivative by y lacks its x.": lambda x, y: {
            "evaluate": x / y, "derivatives": (1 / y, -1 / y**2)},
        "The two derivatives have changed places: the derivative by x comes first.": lambda x, y: {
            "evaluate": x / y, "derivatives": (-x / y**2, 1 / y)},
        "These are the derivatives of a product: dividing does not swap its inputs.": lambda x, y: {
            "evaluate": x / y, "derivatives": (y, x)},
        "You divided y by x.": lambda x, y: {
            "evaluate": y / x, "derivatives": (-y / x**2, 1 / x)},
    },
    praise="Two lines, and the walks forward and backward already know what to do with them.",
    run=_node,
)  # fmt: skip

tanh_layer = Exercise(
    solve=_both(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    cases=_LAYER_CASES,
    mistakes={
        "The slope is 1 - y^2 with y = tanh(x); yours squares the input x.": _both(np.tanh, lambda x: 1 - x**2),
        "The slope is 1 - y^2; yours lacks the square.": _both(np.tanh, lambda x: 1 - np.tanh(x)),
        "That slope, y (1 - y), belongs to the sigmoid.": _both(np.tanh, lambda x: np.tanh(x) * (1 - np.tanh(x))),
        "The sign of the backward pass is wrong: tanh rises everywhere.": _both(
            np.tanh, lambda x: np.tanh(x) ** 2 - 1),
        "The upstream gradient is missing: multiply it by the slope.": lambda x, upstream: {
            "forward": np.tanh(x), "backward": 1 - np.tanh(x) ** 2},
        "backward applies tanh to the output once more: y already is tanh(x).": _both(
            np.tanh, lambda x: 1 - np.tanh(np.tanh(x)) ** 2),
    },
    praise="Your layer can stand wherever the ReLU stood.",
    run=_layer,
)  # fmt: skip

sigmoid_layer = Exercise(
    solve=_both(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    cases=_LAYER_CASES,
    mistakes={
        "forward still uses exp(x): it falls where a sigmoid rises, while backward says that it rises.": _both(
            lambda x: sigmoid(-x), lambda x: sigmoid(x) * (1 - sigmoid(x))),
        "The sign of backward is turned to fit a falling forward: the two agree, but the function is not the sigmoid.":
            _both(lambda x: sigmoid(-x), lambda x: -sigmoid(x) * (1 - sigmoid(x))),
        "forward is right, but you also turned the sign of backward, which was right.": _both(
            sigmoid, lambda x: -sigmoid(x) * (1 - sigmoid(x))),
        "backward applies the formula to x; it holds for the output y.": _both(sigmoid, lambda x: x * (1 - x)),
        "The upstream gradient is missing in backward.": lambda x, upstream: {
            "forward": sigmoid(x), "backward": sigmoid(x) * (1 - sigmoid(x))},
    },
    praise="exp(-x): large inputs now give outputs near 1, and backward agrees with forward.",
    run=_layer,
)  # fmt: skip

relu_layer = Exercise(
    solve=_both(lambda x: np.maximum(x, 0), lambda x: x > 0),
    cases=_LAYER_CASES,
    mistakes={
        "The mask is turned round: the gradient must pass where the input was positive.": _both(
            lambda x: np.maximum(x, 0), lambda x: x <= 0),
        "The upstream gradient passes everywhere: where the input was negative it must be 0.": _both(
            lambda x: np.maximum(x, 0), lambda x: np.ones_like(x)),
        "The upstream gradient is missing: yours returns the mask itself.": lambda x, upstream: {
            "forward": np.maximum(x, 0), "backward": x > 0},
        "The mask must come from the input x of forward, not from the upstream gradient.": lambda x, upstream: {
            "forward": np.maximum(x, 0), "backward": np.maximum(upstream, 0)},
    },
    praise="The caller's gradient is left as it was.",
    run=_layer,
)  # fmt: skip


def _updated(update: Callable, rate: float) -> NDArray | None:
    """Let a student's update act on a layer's parameters; return what the layer then holds."""
    layer = Affine(np.array([[1.0, -2.0]]), np.zeros(2))
    parameters = dict(layer.parameters)
    update(parameters, {"W": np.array([[10.0, 20.0]]), "b": np.zeros(2)}, rate)
    return layer.parameters["W"]


_W, _DW = np.array([[1.0, -2.0]]), np.array([[10.0, 20.0]])

update_in_place = Exercise(
    solve=lambda rate: _W - rate * _DW,
    cases=[(0.1,), (0.01,)],
    mistakes={
        "The layer still holds its old weights: your line makes a new array and the layer never hears of it. "
        "Change the array itself.": lambda rate: _W,
        "The sign is wrong: that climbs the loss.": lambda rate: _W + rate * _DW,
        "The learning rate is missing.": lambda rate: _W - _DW,
        "The weights are replaced by the step; subtract the step from them.": lambda rate: -rate * _DW,
    },
    praise="The layer and the dictionary hold one array, and that array has changed.",
    run=_updated,
)

_AFFINE_CASES = [
    (np.array([[2.0]]), np.array([[3.0]]), np.array([[1.0]])),
    (np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 0.5], [-1.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
    (np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4) - 5, np.array([[1.0, 2, 3, 4], [4, 5, 6, 8]])),
]


def _affine(x: NDArray, W: NDArray, upstream: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    return upstream @ W.T, x.T @ upstream, upstream.sum(axis=0)


def _affine_with(*, dx: Callable | None = None, dW: Callable | None = None, db: Callable | None = None) -> Callable:
    """The right answer, with some of its three parts replaced."""

    def answer(x: NDArray, W: NDArray, upstream: NDArray) -> tuple:
        parts = zip((dx, dW, db), _affine(x, W, upstream), strict=True)
        return tuple(right if wrong is None else wrong(x, W, upstream) for wrong, right in parts)

    return answer


affine_backward = Exercise(
    solve=_affine,
    cases=_AFFINE_CASES,
    mistakes={
        "The bias gradient is a mean. The bias is used once per sample, and gradients of several uses add: sum.":
            _affine_with(db=lambda x, W, upstream: upstream.mean(axis=0)),
        "The bias gradient sums over the wrong axis: add up the samples (axis 0), keep one number per output.":
            _affine_with(db=lambda x, W, upstream: upstream.sum(axis=1)),
        "The bias gradient is not summed: there is one bias per output, not one per sample.":
            _affine_with(db=lambda x, W, upstream: upstream),
        "The bias gradient keeps a row too many: its shape must be that of b, (outputs,).":
            _affine_with(db=lambda x, W, upstream: upstream.sum(axis=0, keepdims=True)),
        "dW is transposed: it must have the shape of W, (inputs, outputs).":
            _affine_with(dW=lambda x, W, upstream: upstream.T @ x),
        "dW is divided by the batch size; the 1/n already comes from the loss.":
            _affine_with(dW=lambda x, W, upstream: x.T @ upstream / len(x)),
        "dx needs W transposed: it leads from the outputs back to the inputs.":
            _affine_with(dx=lambda x, W, upstream: upstream @ W),
        "The three gradients are right but in another order: return dx, dW, db.":
            lambda x, W, upstream: (_affine(x, W, upstream)[1], _affine(x, W, upstream)[0], upstream.sum(axis=0)),
    },
    praise="The shapes alone almost force the answer, and the sum over samples is two uses of one bias.",
)  # fmt: skip

_LOGITS = [
    (np.array([[0.0, 0.0]]), np.array([0])),
    (np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([1, 1])),
    (np.array([[1000.0, 0.0, -1000.0]]), np.array([2])),
]


def _one_hot(logits: NDArray, labels: NDArray) -> NDArray:
    return np.eye(logits.shape[1])[labels]


softmax_gradient = Exercise(
    solve=lambda a, t: (softmax(a) - _one_hot(a, t)) / len(a),
    cases=_LOGITS,
    mistakes={
        "The 1/n is missing: the loss is a mean over the batch.": lambda a, t: softmax(a) - _one_hot(a, t),
        "The sign is wrong: it is output minus target, y - t.": lambda a, t: (_one_hot(a, t) - softmax(a)) / len(a),
        "The sign is wrong and the 1/n is missing.": lambda a, t: _one_hot(a, t) - softmax(a),
        "You divided by the number of classes; the mean is over the samples.": lambda a, t: (
            softmax(a) - _one_hot(a, t)) / a.shape[1],
        "The target is missing: this is the softmax itself.": lambda a, t: softmax(a) / len(a),
        "The softmax is missing: you subtracted the target from the logits.": lambda a, t: (
            a - _one_hot(a, t)) / len(a),
        "exp overflows for a logit of 1000: subtract the largest logit of each row first.": lambda a, t: (
            _overflowing_softmax(a) - _one_hot(a, t)) / len(a),
    },
    praise="What the network said, minus what it should have said, shared among the samples.",
)  # fmt: skip


def _overflowing_softmax(a: NDArray) -> NDArray:
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


def _cubes(x: NDArray) -> float:
    return float((x**3).sum())


_H = 1e-3

numerical_gradient = Exercise(
    solve=lambda f, x, h: 3 * x**2 + h**2,
    cases=[(_cubes, np.array([1.0]), _H), (_cubes, np.array([2.0, -1.0, 0.5]), _H)],
    mistakes={
        "That is the one-sided difference (f(x + h) - f(x)) / h: right in the limit, but its error is of order h, "
        "not h^2.": lambda f, x, h: 3 * x**2 + 3 * x * h + h**2,
        "Divide by 2h: the two points are 2h apart.": lambda f, x, h: 2 * (3 * x**2 + h**2),
        "Divide by 2h, not by 2.": lambda f, x, h: h * (3 * x**2 + h**2),
        "The sign is wrong: upper value minus lower value.": lambda f, x, h: -(3 * x**2 + h**2),
        "The last entry was never computed: the loop stops one too early.": lambda f, x, h: np.append(
            (3 * x**2 + h**2)[:-1], 0.0),
    },
    praise="And x is back where it was. This little function can check any gradient in this book.",
    tolerance=1e-9,
)  # fmt: skip


def learning_rate(rate: float) -> Verdict:
    """Check a learning rate by training a 64-50-10 network on the digits for 300 steps.

    Parameters
    ----------
    rate : float
        The student's choice.

    Returns
    -------
    Verdict
        Right if the network reaches 95 % on the validation samples.
    """
    if not isinstance(rate, int | float) or not rate > 0 or not math.isfinite(rate):
        return Verdict(False, "Give a positive number.")
    data, rng = datasets.digits(), np.random.default_rng(0)
    network = Network.dense([64, 50, 10], rng)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            history = training.fit(network, data, SGD(rate), rng, steps=300)
    except ValueError:
        return Verdict(False, f"At a rate of {rate:g} the loss overflows: the steps are far too long.")
    reached = f"{history.validation[-1]:.0%} of the validation samples after 300 steps"
    if history.validation[-1] >= 0.95:
        return Verdict(True, f"{reached}.")
    if np.mean(history.loss[-50:]) < np.mean(history.loss[-100:-50]):
        return Verdict(False, f"{reached}, and the loss is still falling: the steps are too short.")
    return Verdict(False, f"{reached}, and the loss no longer falls: the steps are too long.")
