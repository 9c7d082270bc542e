"""The exercises of chapter 1, computational graphs."""

import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers import datasets, training
from helpers.activations import sigmoid, softmax
from helpers.exercises import Exercise, Verdict
from helpers.graph import Node
from helpers.layers import Affine
from helpers.network import Network
from helpers.optimizers import SGD


def _number(answer: Any) -> float:
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real | type(...) | type(None)):
        raise TypeError("give one number, not a " + type(answer).__name__)
    return answer


children = Exercise(
    solve=lambda: 250.0,
    cases=[()],
    names=(),
    mistakes={
        "That is one path only. The number of children is used twice, and both uses raise the bill.": lambda: 100.0,
        "That is one path only; apples cost something too.": lambda: 150.0,
        "You multiplied the two paths. Along a path slopes multiply; where paths meet, they add.": lambda: 15000.0,
        "That is the bill, not how fast it grows with the number of children.": lambda: 1000.0,
    },
    praise="One more child costs one more apple and one more orange: the gradients of the two uses add.",
    run=_number,
    hint="Walk back from the bill along both paths to the number of children, and add what arrives.",
)


def _node(kind: type, *values: float) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, Node)):
        raise TypeError("give the class itself, without (), and let it be a kind of Node: class Divide(Node)")
    node = kind(*[Node() for _ in values])
    derivatives = node.derivatives(*values)
    return {
        "evaluate": node.evaluate(*values),
        "derivatives": tuple(derivatives) if isinstance(derivatives, list | np.ndarray) else derivatives,
    }


def _quotient(by_x: Callable, by_y: Callable) -> Callable[..., dict[str, Any]]:
    """A node that divides, with these derivatives."""
    return lambda x, y: {"evaluate": x / y, "derivatives": (by_x(x, y), by_y(x, y))}


divide = Exercise(
    solve=_quotient(lambda x, y: 1 / y, lambda x, y: -x / y**2),
    cases=[(1.0, 2.0), (6.0, -3.0), (-5.0, 0.5)],
    names=("x", "y"),
    mistakes={
        "The sign of the derivative by y is wrong: a larger divisor makes a smaller quotient (for x > 0).": _quotient(
            lambda x, y: 1 / y, lambda x, y: x / y**2),
        "The derivative by y lacks a square: differentiate x times y to the power -1.": _quotient(
            lambda x, y: 1 / y, lambda x, y: -x / y),
        "-x / y * y is (-x / y) * y. Write y**2, or brackets.": _quotient(lambda x, y: 1 / y, lambda x, y: -x),
        "The derivative by y lacks its x.": _quotient(lambda x, y: 1 / y, lambda x, y: -1 / y**2),
        "The two derivatives have changed places: the derivative by x comes first.": _quotient(
            lambda x, y: -x / y**2, lambda x, y: 1 / y),
        "These are the derivatives of a product: dividing does not swap its inputs.": _quotient(
            lambda x, y: y, lambda x, y: x),
        "You divided y by x.": lambda x, y: {"evaluate": y / x, "derivatives": (-y / x**2, 1 / x)},
        "There are two inputs, so `derivatives` returns two numbers: by x, and by y.": lambda x, y: {
            "evaluate": x / y, "derivatives": 1 / y},
    },
    praise="Two lines, and the walks forward and backward already know what to do with them.",
    run=_node,
)  # fmt: skip


def _layer(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    if not isinstance(kind, type):
        raise TypeError("give the class itself, without ()")
    layer = kind()
    return {"forward": layer.forward(x), "backward": layer.backward(upstream)}


def _both(forward: Callable, derivative: Callable) -> Callable[..., dict[str, Any]]:
    """A layer as two functions of its input: its value, and the slope that the upstream is multiplied by."""
    return lambda x, upstream: {"forward": forward(x), "backward": upstream * derivative(x)}


def _without_upstream(forward: Callable, derivative: Callable) -> Callable[..., dict[str, Any]]:
    return lambda x, upstream: {"forward": forward(x), "backward": 1.0 * derivative(x)}


_LAYER = {
    "cases": [
        (np.array([[1.0]]), np.array([[1.0]])),
        (np.array([[-2.0]]), np.array([[3.0]])),
        (np.array([[0.5, -1.0, 2.0], [-0.25, 0.0, 1.5]]), np.array([[1.5, 2.0, -1.0], [0.5, 3.0, 4.25]])),
    ],
    "names": ("x", "upstream"),
    "run": _layer,
}

tanh_layer = Exercise(
    solve=_both(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    mistakes={
        "The slope is 1 - y^2 with y = tanh(x); yours squares the input x.": _both(np.tanh, lambda x: 1 - x**2),
        "The slope is 1 - y^2; yours lacks the square.": _both(np.tanh, lambda x: 1 - np.tanh(x)),
        "The slope is 1 - y^2; yours adds.": _both(np.tanh, lambda x: 1 + np.tanh(x) ** 2),
        "Brackets are missing: upstream * (1 - y**2).": lambda x, upstream: {
            "forward": np.tanh(x), "backward": upstream - np.tanh(x) ** 2},
        "That slope, y (1 - y), belongs to the sigmoid.": _both(np.tanh, lambda x: np.tanh(x) * (1 - np.tanh(x))),
        "The sign of the backward pass is wrong: tanh rises everywhere.": _both(
            np.tanh, lambda x: np.tanh(x) ** 2 - 1),
        "The upstream gradient is missing: multiply it by the slope.": _without_upstream(
            np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        "backward applies tanh to the output once more: y already is tanh(x).": _both(
            np.tanh, lambda x: 1 - np.tanh(np.tanh(x)) ** 2),
    },
    praise="Your layer can stand wherever the ReLU stood.",
    **_LAYER,
)  # fmt: skip

sigmoid_layer = Exercise(
    solve=_both(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    mistakes={
        "forward still uses exp(x): it falls where a sigmoid rises, while backward says that it rises.": _both(
            lambda x: sigmoid(-x), lambda x: sigmoid(x) * (1 - sigmoid(x))),
        "The sign of backward is turned to fit a falling forward: the two agree, but the function is not the sigmoid.":
            _both(lambda x: sigmoid(-x), lambda x: -sigmoid(x) * (1 - sigmoid(x))),
        "forward is right, but you also turned the sign of backward, which was right.": _both(
            sigmoid, lambda x: -sigmoid(x) * (1 - sigmoid(x))),
        "backward applies the formula to x; it holds for the output y.": _both(sigmoid, lambda x: x * (1 - x)),
        "The upstream gradient is missing in backward.": _without_upstream(
            sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    },
    praise="exp(-x): large inputs now give outputs near 1, and backward agrees with forward.",
    **_LAYER,
)  # fmt: skip

relu_layer = Exercise(
    solve=_both(lambda x: np.maximum(x, 0), lambda x: x > 0),
    mistakes={
        "The mask is reversed: the gradient must pass where the input was positive.": _both(
            lambda x: np.maximum(x, 0), lambda x: x <= 0),
        "The upstream gradient passes everywhere: where the input was negative it must be 0.": _both(
            lambda x: np.maximum(x, 0), lambda x: np.ones_like(x)),
        "The upstream gradient is missing: yours returns the mask itself.": _without_upstream(
            lambda x: np.maximum(x, 0), lambda x: x > 0),
        "The mask must come from the input x of forward, not from the upstream gradient.": lambda x, upstream: {
            "forward": np.maximum(x, 0), "backward": np.maximum(upstream, 0)},
    },
    praise="The caller's gradient is left as it was.",
    **_LAYER,
)  # fmt: skip

_W, _B = np.array([[1.0, -2.0], [0.5, 4.0]]), np.array([3.0, -1.0])
_DW, _DB = np.array([[10.0, 20.0], [-30.0, 5.0]]), np.array([2.0, 7.0])


def _updated(update: Callable, rate: float) -> dict[str, NDArray]:
    """Let a student's update act on a layer's parameters; return what the layer then holds."""
    layer = Affine(_W.copy(), _B.copy())
    gradients = {"W": _DW.copy(), "b": _DB.copy()}
    update(dict(layer.parameters), gradients, rate)
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


def _affine(x: NDArray, W: NDArray, upstream: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    return upstream @ W.T, x.T @ upstream, upstream.sum(axis=0)


def _affine_with(
    *, dx: Callable | None = None, dW: Callable | None = None, db: Callable | None = None
) -> Callable[..., tuple]:
    """The right answer, with some of its three parts replaced."""

    def answer(x: NDArray, W: NDArray, upstream: NDArray) -> tuple:
        parts = zip((dx, dW, db), _affine(x, W, upstream), strict=True)
        return tuple(right if wrong is None else wrong(x, W, upstream) for wrong, right in parts)

    return answer


affine_backward = Exercise(
    solve=_affine,
    cases=[
        (np.array([[2.5]]), np.array([[3.0]]), np.array([[1.5]])),
        (np.array([[1.0, 2.5], [3.0, 5.0]]), np.array([[1.0, 0.5], [-1.0, 2.0]]), np.array([[1.5, 2.0], [3.0, 4.0]])),
        (np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4) - 5, np.array([[1.0, 2, 3, 4], [4, 5, 6, 8.5]])),
    ],
    names=("x", "W", "upstream"),
    mistakes={
        "The bias gradient is a mean. The bias is used once per sample, and gradients of several uses add: sum.":
            _affine_with(db=lambda x, W, upstream: upstream.mean(axis=0)),
        "The bias gradient sums over the wrong axis: add up the samples (axis 0), keep one number per output.":
            _affine_with(db=lambda x, W, upstream: upstream.sum(axis=1)),
        "The bias gradient adds up everything: keep one number per output, sum(axis=0).":
            _affine_with(db=lambda x, W, upstream: upstream.sum()),
        "The bias gradient is not summed: there is one bias per output, not one per sample.":
            _affine_with(db=lambda x, W, upstream: upstream),
        "The bias gradient keeps a row too many: its shape must be that of b, (outputs,).":
            _affine_with(db=lambda x, W, upstream: upstream.sum(axis=0, keepdims=True)),
        "dW is transposed: it must have the shape of W, (inputs, outputs).":
            _affine_with(dW=lambda x, W, upstream: upstream.T @ x),
        "dW needs x transposed: it leads from the inputs to the outputs, summed over the samples.":
            _affine_with(dW=lambda x, W, upstream: x @ upstream),
        "dW is divided by the batch size; the 1/n already comes from the loss.":
            _affine_with(dW=lambda x, W, upstream: x.T @ upstream / len(x)),
        "You divided by the batch size; the 1/n already comes from the loss.":
            lambda x, W, upstream: tuple(part / len(x) for part in _affine(x, W, upstream)),
        "dx needs W transposed: it leads from the outputs back to the inputs.":
            _affine_with(dx=lambda x, W, upstream: upstream @ W),
        "dx is transposed: it must have the shape of x, (n, inputs).":
            _affine_with(dx=lambda x, W, upstream: W @ upstream.T),
        "The three gradients are right but in another order: return dx, dW, db.":
            lambda x, W, upstream: (_affine(x, W, upstream)[1], _affine(x, W, upstream)[0], upstream.sum(axis=0)),
    },
    praise="The shapes alone almost force the answer, and the sum over samples is n uses of one bias.",
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


def learning_rate(rate: float) -> Verdict:
    """Check a learning rate by training a 64-50-10 network on the digits for 300 steps.

    Parameters
    ----------
    rate : float
        The student's choice.

    Returns
    -------
    Verdict
        Right if the network then reads 95 % of the validation samples.
    """
    if not isinstance(rate, numbers.Real) or isinstance(rate, bool) or not 0 < rate < 1e300:
        return Verdict(False, "Give one positive number.")
    data, rng = datasets.digits(), np.random.default_rng(0)
    network = Network.dense([64, 50, 10], rng)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            history = training.fit(network, data, SGD(float(rate)), rng, steps=300)
    except ValueError:
        return Verdict(False, f"At a rate of {rate:g} the loss overflows: the steps are far too long.")
    reached = f"{history.validation[-1]:.1%} of the validation samples after 300 steps"
    loss, no_idea = np.array(history.loss), math.log(10)
    if history.validation[-1] >= 0.95:
        return Verdict(True, f"{reached}.")
    if np.abs(loss - no_idea).max() < 0.1:
        return Verdict(False, f"{reached}: the loss has hardly moved from log 10. The steps are far too short.")
    if loss[-50:].mean() < min(loss[-100:-50].mean(), no_idea - 0.1):
        return Verdict(False, f"{reached}, and the loss is still falling: the steps are too short.")
    return Verdict(False, f"{reached}, and the loss no longer falls: the steps are too long.")
