"""The exercises of chapter 1, computational graphs: scalar graphs, layers, losses and training."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from operator import ge
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from helpers.chapters.chapter1.graph import Node
from helpers.networks.activations import sigmoid
from helpers.networks.layers import Affine
from helpers.pages.answers import NotAnAnswer, called, number, the_class
from helpers.pages.exercises import Exercise, Finding, Measured, Mistake, altered

children = Exercise(
    solve=lambda: 250.0,
    cases=[()],
    names=(),
    mistakes=[
        Mistake(
            "That is one path only. The number of children is used twice, and both uses raise the bill.", lambda: 100.0
        ),
        Mistake("That is one path only; apples cost something too.", lambda: 150.0),
        Mistake(
            "You multiplied the two paths. Along a path slopes multiply; where paths meet, they add.", lambda: 15000.0
        ),
        Mistake("That is the bill, not how fast it grows with the number of children.", lambda: 1000.0),
        Mistake("That is the bill for five children, not how much it grew.", lambda: 1250.0),
        Mistake("That adds the tax of the first bill; here there is none.", lambda: 275.0),
        Mistake(
            "That is what the apples cost, or the oranges: a value of the walk forward. Walk back: a product passes on "
            "what arrives, times the other input.",
            lambda: 400.0,
            lambda: 600.0,
        ),
    ],
    praise="One more child costs one more apple and one more orange: the gradients of the two uses add.",
    run=number,
    hint="Walk back from the bill along both paths to the number of children, and add what arrives.",
)


def _node(kind: type, *values: float) -> dict[str, Any]:
    the_class(kind, Node, "Give the class itself, without (), and let it be a kind of Node: class Divide(Node).")
    node = kind(*[Node() for _ in values])
    try:
        value, derivatives = node.evaluate(*values), node.derivatives(*values)
    except TypeError as error:
        if "for ^" in str(error):
            raise NotAnAnswer("^ is not a power in Python: the square of y is y**2.") from error
        raise
    return {"evaluate": value, "derivatives": derivatives}


def _quotient(by_x: Callable, by_y: Callable) -> Callable[..., dict[str, Any]]:
    """A node that divides, with these derivatives."""
    return lambda x, y: {"evaluate": x / y, "derivatives": (by_x(x, y), by_y(x, y))}


divide = Exercise(
    solve=_quotient(lambda x, y: 1 / y, lambda x, y: -x / y**2),
    cases=[(1.0, 2.0), (6.0, -3.0), (-5.0, 0.5)],
    names=("x", "y"),
    mistakes=[
        Mistake("The sign of the derivative by y is wrong: a larger divisor makes a smaller quotient (for x > 0).",
                _quotient(lambda x, y: 1 / y, lambda x, y: x / y**2)),
        Mistake("The derivative by y lacks a square: differentiate x times y to the power -1.",
                _quotient(lambda x, y: 1 / y, lambda x, y: -x / y)),
        Mistake("-x / y * y is (-x / y) * y. Write y**2, or brackets.", _quotient(lambda x, y: 1 / y, lambda x, y: -x)),
        Mistake("The derivative by y lacks its x.", _quotient(lambda x, y: 1 / y, lambda x, y: -1 / y**2)),
        Mistake("The two derivatives have changed places: the derivative by x comes first.",
                _quotient(lambda x, y: -x / y**2, lambda x, y: 1 / y)),
        Mistake("These are the derivatives of a product: dividing does not swap its inputs.",
                _quotient(lambda x, y: y, lambda x, y: x)),
        Mistake("You divided y by x.", lambda x, y: {"evaluate": y / x, "derivatives": (-y / x**2, 1 / x)},
                lambda x, y: {"evaluate": y / x, "derivatives": (1 / y, -x / y**2)}),
        Mistake("// cuts the quotient off to a whole number. Divide with /.",
                lambda x, y: {"evaluate": x // y, "derivatives": (1 / y, -x / y**2)}),
        Mistake("There are two inputs, so `derivatives` returns two numbers, not one: by x, and by y.",
                lambda x, y: {"evaluate": x / y, "derivatives": 1 / y},
                lambda x, y: {"evaluate": x / y, "derivatives": (1 / y,)}),
    ],
    praise="Two lines, and the walks forward and backward already know what to do with them.",
    run=_node,
)  # fmt: skip


def _dual(slope: Callable[..., float], value: Callable[..., float] = lambda x, y: x * y) -> Callable[..., tuple]:
    """A product of dual numbers with this slope, a function of both values and both slopes, and this value."""
    return lambda x, y: (value(x[0], y[0]), slope(x[0], x[1], y[0], y[1]))


dual_product = Exercise(
    solve=_dual(lambda x, dx, y, dy: dx * y + x * dy),
    cases=[((2.0, 1.0), (100.0, 0.0)), ((200.0, 100.0), (1.1, 0.0)), ((3.0, -1.0), (0.5, 2.0))],
    names=("x", "y"),
    mistakes=[
        Mistake("You multiplied the slopes. A product grows through each of its factors while the other is held still, and the "
                "two add.", _dual(lambda x, dx, y, dy: dx * dy)),
        Mistake("You added the slopes: that is the rule of a sum. In a product each slope is multiplied by the other value.",
                _dual(lambda x, dx, y, dy: dx + dy)),
        Mistake("That is the sum of the two pairs. In a product the values multiply, and each slope is multiplied by the other value.",
                _dual(lambda x, dx, y, dy: dx + dy, value=lambda x, y: x + y)),
        Mistake("Each slope is multiplied by its own value; multiply swaps: it must be the other one's.",
                _dual(lambda x, dx, y, dy: x * dx + y * dy)),
        Mistake("Only the slope of x counts in yours; y may be the one that moves.", _dual(lambda x, dx, y, dy: dx * y)),
        Mistake("Only the slope of y counts in yours; x may be the one that moves.", _dual(lambda x, dx, y, dy: x * dy)),
        Mistake("The two parts add; yours are subtracted, as in a quotient.",
                _dual(lambda x, dx, y, dy: dx * y - x * dy), _dual(lambda x, dx, y, dy: x * dy - dx * y)),
        Mistake("The slope is right, but the values must be multiplied, not added.",
                _dual(lambda x, dx, y, dy: dx * y + x * dy, value=lambda x, y: x + y)),
        Mistake("The two are right but in another order: the value comes first, then the slope.",
                lambda x, y: (x[1] * y[0] + x[0] * y[1], x[0] * y[0])),
        Mistake("The value is right; your slope is the value once more.", _dual(lambda x, dx, y, dy: x * y)),
    ],
    praise="Values multiply, and the slope follows the product rule. Any chain of sums and products now carries its slope along.",
)  # fmt: skip


def _layer(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    """Let a student's layer walk forward and back."""
    layer = the_class(kind)()
    return {"forward": layer.forward(x), "backward": layer.backward(upstream)}


def _layer_of_a_network(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    """The same, for a layer that a network must be able to ask for its parameters."""
    layer = the_class(kind)()
    for name in ("parameters", "gradients"):
        held = getattr(layer, name, None)
        if held is None:
            raise NotAnAnswer(
                f"A network asks every layer for its `parameters` and `gradients`. This one has no `{name}`: "
                "let __init__ set both to empty dictionaries."
            )
        if not isinstance(held, dict) or held:
            raise NotAnAnswer(f"This layer has nothing to learn: its `{name}` must be an empty dictionary, {{}}.")
    return _layer(kind, x, upstream)


def _both(forward: Callable, derivative: Callable) -> Callable[..., dict[str, Any]]:
    """A layer as two functions of its input: its value, and the slope that the upstream is multiplied by."""
    return lambda x, upstream: {"forward": forward(x), "backward": upstream * derivative(x)}


def _without_upstream(forward: Callable, derivative: Callable) -> Callable[..., dict[str, Any]]:
    return lambda x, upstream: {"forward": forward(x), "backward": 1.0 * derivative(x)}


_layer_exercise = partial(
    Exercise,
    cases=[
        (np.array([[1.0]]), np.array([[1.0]])),
        (np.array([[-2.0]]), np.array([[3.0]])),
        (np.array([[0.5, -1.0, 2.0], [-0.25, 0.0, 1.5]]), np.array([[1.5, 2.0, -1.0], [0.5, 3.0, 4.25]])),
    ],
    names=("x", "upstream"),
    run=_layer,
    remedy="make a new array",
    arrays_only=True,
)

tanh_layer = _layer_exercise(
    solve=_both(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    mistakes=[
        Mistake("The slope is 1 - y^2 with y = tanh(x); yours squares the input x.", _both(np.tanh, lambda x: 1 - x**2)),
        Mistake("The slope is 1 - y^2; yours lacks the square.", _both(np.tanh, lambda x: 1 - np.tanh(x))),
        Mistake("The slope is 1 - y^2; yours adds.", _both(np.tanh, lambda x: 1 + np.tanh(x) ** 2)),
        Mistake("Brackets are missing: upstream * (1 - y**2).",
                lambda x, upstream: {"forward": np.tanh(x), "backward": upstream - np.tanh(x) ** 2}),
        Mistake("That slope, y (1 - y), belongs to the sigmoid.", _both(np.tanh, lambda x: np.tanh(x) * (1 - np.tanh(x)))),
        Mistake("The sign of the backward pass is wrong: tanh rises everywhere.",
                _both(np.tanh, lambda x: np.tanh(x) ** 2 - 1)),
        Mistake("The upstream gradient is missing: multiply it by the slope.",
                _without_upstream(np.tanh, lambda x: 1 - np.tanh(x) ** 2)),
        Mistake("The slope comes from the x of forward, not from the upstream gradient.",
                lambda x, upstream: {"forward": np.tanh(x), "backward": upstream * (1 - np.tanh(upstream) ** 2)}),
        Mistake("backward applies tanh to the output once more: y already is tanh(x).",
                _both(np.tanh, lambda x: 1 - np.tanh(np.tanh(x)) ** 2)),
        Mistake("forward is tanh of half the input: in 2σ(2x) - 1 there are two factors of 2, one of them before x.",
                _both(lambda x: np.tanh(x / 2), lambda x: 1 - np.tanh(x / 2) ** 2)),
    ],
    praise="With its empty parameters and gradients, your layer can stand wherever the ReLU stood.",
    run=_layer_of_a_network,
)  # fmt: skip

_GIVEN_SIGMOID = '''\
class BuggySigmoid:
    """A logistic layer with a mistake."""

    def forward(self, x):
        self.y = 1 / (1 + np.exp(x))
        return self.y

    def backward(self, upstream):
        return upstream * self.y * (1 - self.y)
'''

sigmoid_layer = _layer_exercise(
    given=_GIVEN_SIGMOID,
    solve=_both(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    mistakes=[
        Mistake("forward still is 1 / (1 + exp(x)), however it is written: it falls where a sigmoid rises, while backward says that it rises.",
                _both(lambda x: sigmoid(-x), lambda x: sigmoid(x) * (1 - sigmoid(x)))),
        Mistake("The sign of backward is turned to fit a falling forward: the two agree, but the function is not the sigmoid.",
                _both(lambda x: sigmoid(-x), lambda x: -sigmoid(x) * (1 - sigmoid(x)))),
        Mistake("forward is right, but you also turned the sign of backward, which was right.",
                _both(sigmoid, lambda x: -sigmoid(x) * (1 - sigmoid(x)))),
        Mistake("backward applies the formula to x; it holds for the output y.", _both(sigmoid, lambda x: x * (1 - x))),
        Mistake("The upstream gradient is missing in backward.",
                _without_upstream(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)))),
    ],
    praise="exp(-x): large inputs now give outputs near 1, and backward agrees with forward.",
)  # fmt: skip

_GIVEN_RELU = '''\
class BuggyReLU:
    """A rectified linear unit with a mistake."""

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, upstream):
        upstream[self.mask] = 0
        return upstream
'''

relu_layer = _layer_exercise(
    given=_GIVEN_RELU,
    solve=_both(lambda x: np.maximum(x, 0), lambda x: x > 0),
    mistakes=[
        Mistake("The mask is reversed: the gradient must pass where the input was positive.",
                _both(lambda x: np.maximum(x, 0), lambda x: x <= 0)),
        Mistake("At x = 0 we chose the slope 0: the gate is open only where x > 0.",
                _both(lambda x: np.maximum(x, 0), lambda x: x >= 0)),
        Mistake("The upstream gradient passes everywhere: where the input was negative it must be 0.",
                _both(lambda x: np.maximum(x, 0), lambda x: np.ones_like(x))),
        Mistake("The upstream gradient is missing: yours returns the mask itself.",
                _without_upstream(lambda x: np.maximum(x, 0), lambda x: x > 0)),
        Mistake("The mask must come from the input x of forward, not from the upstream gradient.",
                lambda x, upstream: {"forward": np.maximum(x, 0), "backward": np.maximum(upstream, 0)}),
    ],
    praise="The caller's gradient is left as it was.",
)  # fmt: skip


def _affine(x: NDArray, W: NDArray, upstream: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """The gradients of A = W X + b, with a sample in each column."""
    return W.T @ upstream, upstream @ x.T, upstream.sum(axis=1, keepdims=True)


_affine_with = partial(altered, _affine, ("dx", "dW", "db"))


def _in_order(*places: int) -> Callable[..., tuple]:
    """The right answer with its parts in another order."""
    return lambda x, W, upstream: tuple(_affine(x, W, upstream)[place] for place in places)


affine_backward = Exercise(
    solve=_affine,
    cases=[
        (np.array([[2.5]]), np.array([[3.0]]), np.array([[1.5]])),
        (np.array([[1.0, 3.0], [2.5, 5.0]]), np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([[1.5, 3.0], [2.0, 4.0]])),
        (np.arange(6.0).reshape(3, 2), np.arange(12.0).reshape(4, 3) - 5, np.array([[1.0, 4], [2, 5], [3, 6], [4, 8.5]])),
    ],
    names=("x", "W", "upstream"),
    mistakes=[
        Mistake("That is the answer for samples in rows. Here each column is a sample: let the shapes lead you.",
                lambda x, W, upstream: (upstream @ W.T, x.T @ upstream, upstream.sum(axis=0))),
        Mistake("The bias gradient is a mean. The bias is used once per sample, and gradients of several uses add: sum.",
                _affine_with(db=lambda part, x, W, upstream: upstream.mean(axis=1, keepdims=True))),
        Mistake("The bias gradient sums over the wrong axis: add up the samples (axis 1), keep one number per output.",
                _affine_with(db=lambda part, x, W, upstream: upstream.sum(axis=0)),
                _affine_with(db=lambda part, x, W, upstream: upstream.sum(axis=0, keepdims=True))),
        Mistake("The bias gradient adds up everything: keep one number per output, sum(axis=1, keepdims=True).",
                _affine_with(db=lambda part, x, W, upstream: upstream.sum())),
        Mistake("The bias gradient is not summed: there is one bias per output, not one per sample.",
                _affine_with(db=lambda part, x, W, upstream: upstream)),
        Mistake("The bias gradient has lost an axis: its shape must be that of b, (outputs, 1). Write keepdims=True.",
                _affine_with(db=lambda part, x, W, upstream: upstream.sum(axis=1))),
        Mistake("dW is transposed: it must have the shape of W, (outputs, inputs).",
                _affine_with(dW=lambda part, *_: part.T)),
        Mistake("dW needs x transposed: it leads from the outputs to the inputs, summed over the samples.",
                _affine_with(dW=lambda part, x, W, upstream: upstream @ x)),
        Mistake("dW is divided by the batch size; the 1/n already comes from the loss.",
                _affine_with(dW=lambda part, x, W, upstream: part / x.shape[1]),
                _affine_with(dW=lambda part, x, W, upstream: part / x.shape[1],
                             db=lambda part, x, W, upstream: upstream.mean(axis=1, keepdims=True))),
        Mistake("You divided by the batch size; the 1/n already comes from the loss.",
                lambda x, W, upstream: tuple(part / x.shape[1] for part in _affine(x, W, upstream))),
        Mistake("dx needs W transposed: it leads from the outputs back to the inputs.",
                _affine_with(dx=lambda part, x, W, upstream: W @ upstream)),
        Mistake("dx is the gradient of the input: it comes from the upstream gradient, not from x.",
                _affine_with(dx=lambda part, x, W, upstream: W @ x)),
        Mistake("dx is divided by the batch size; the 1/n already comes from the loss.",
                _affine_with(dx=lambda part, x, W, upstream: part / x.shape[1])),
        Mistake("The sign is wrong: these are the gradients themselves; only the step of descent subtracts them.",
                lambda x, W, upstream: tuple(-part for part in _affine(x, W, upstream))),
        Mistake("dx is transposed: it must have the shape of x, (inputs, n).",
                _affine_with(dx=lambda part, *_: part.T)),
        Mistake("The three gradients are right but in another order: return dx, dW, db.",
                *(_in_order(*order) for order in ((1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 1, 0), (2, 0, 1)))),
    ],
    praise="The shapes alone almost force the answer, and the sum over samples is n uses of one bias.",
)  # fmt: skip

_W, _B = np.array([[1.0, -2.0], [0.5, 4.0]]), np.array([3.0, -1.0])
_DW, _DB = np.array([[10.0, 20.0], [-30.0, 5.0]]), np.array([2.0, 7.0])


def _updated(update: Callable, rate: float) -> Any:
    """Let a student's update act on a layer's parameters; return what the layer then holds."""
    layer = Affine(_W.copy(), _B.copy())
    given, gradients = dict(layer.parameters), {"W": _DW.copy(), "b": _DB.copy()}
    before = deepcopy(given)
    if called(update, given, gradients, rate) is ...:
        return ...
    if given.keys() != layer.parameters.keys():
        raise NotAnAnswer("The dictionary has lost or gained a name: it must keep its W and its b.")
    shared = all(given[name] is array for name, array in layer.parameters.items())
    moved = any(not np.array_equal(layer.parameters[name], array) for name, array in before.items())
    spoiled = not (np.array_equal(gradients["W"], _DW) and np.array_equal(gradients["b"], _DB))
    if shared and not moved and spoiled:
        raise NotAnAnswer("The layer has not changed, but the gradients have, and they belong to the caller.")
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


_GIVEN_UPDATE = '''\
def buggy_update(parameters, gradients, learning_rate):
    """One step of gradient descent, with a mistake."""
    for name in parameters:
        parameters[name] = (
            parameters[name] - learning_rate * gradients[name]
        )
'''

update_in_place = Exercise(
    given=_GIVEN_UPDATE,
    solve=_update(lambda rate: -rate * _DW, lambda rate: -rate * _DB),
    cases=[(0.1,), (0.01,)],
    names=("learning_rate",),
    mistakes=[
        Mistake("The layer still holds its old weights: your line makes a new array and the layer never hears of it. "
                "Change the array itself.", _update(lambda rate: 0, lambda rate: 0)),
        Mistake("The sign is wrong: that climbs the loss.", _update(lambda rate: rate * _DW, lambda rate: rate * _DB)),
        Mistake("The learning rate is missing.", _update(lambda rate: -_DW, lambda rate: -_DB)),
        Mistake("Only the first parameter is updated. Does a `return` stand inside the loop?",
                _update(lambda rate: -rate * _DW, lambda rate: 0)),
        Mistake("The weights are replaced by the step; subtract the step from them.",
                _update(lambda rate: -rate * _DW - _W, lambda rate: -rate * _DB - _B)),
        Mistake("The layer is right, but the gradients were changed on the way, and they belong to the caller.",
                lambda rate: _update(lambda rate: -rate * _DW, lambda rate: -rate * _DB, gradient_factor=rate)(rate),
                _update(lambda rate: -rate * _DW, lambda rate: -rate * _DB, gradient_factor=0.0)),
    ],
    praise="The layer and the dictionary hold one array, and that array has changed.",
    run=_updated,
)  # fmt: skip


#: Of each row.
softmax = partial(special.softmax, axis=1)


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
    mistakes=[
        Mistake("The 1/n is missing: the loss is a mean over the batch.", lambda a, t: softmax(a) - _one_hot(a, t)),
        Mistake("The sign is wrong: it is output minus target, y - t.", lambda a, t: (_one_hot(a, t) - softmax(a)) / len(a)),
        Mistake("The sign is wrong and the 1/n is missing.", lambda a, t: _one_hot(a, t) - softmax(a)),
        Mistake("You divided by the number of classes; the mean is over the samples.",
                lambda a, t: (softmax(a) - _one_hot(a, t)) / a.shape[1]),
        Mistake("The target is missing: this is the softmax itself.",
                lambda a, t: softmax(a) / len(a), lambda a, t: softmax(a)),
        Mistake("The softmax is missing: you subtracted the target from the logits.",
                lambda a, t: (a - _one_hot(a, t)) / len(a)),
        Mistake("y[:, t] takes those columns in every row. Pair each row with its own label: y[np.arange(n), t].",
                _all_rows),
        Mistake("Sum and maximum go over the classes of one sample: axis=1.",
                lambda a, t: (softmax(a.T).T - _one_hot(a, t)) / len(a)),
        Mistake("t holds class numbers. Turn them into one-hot rows, or subtract 1 at [np.arange(n), t].",
                lambda a, t: (softmax(a) - t[:, np.newaxis]) / len(a), lambda a, t: (softmax(a) - t) / len(a)),
        Mistake("Divide the whole difference by n, not only one part of it: (y - t) / n.",
                lambda a, t: softmax(a) / len(a) - _one_hot(a, t), lambda a, t: softmax(a) - _one_hot(a, t) / len(a)),
        Mistake("The exponentials of a sample must be divided by their sum: probabilities sum to 1.",
                lambda a, t: (np.exp(a - a.max(axis=1, keepdims=True)) - _one_hot(a, t)) / len(a)),
        Mistake("Divide by the number of samples, not by the number of entries.",
                lambda a, t: (softmax(a) - _one_hot(a, t)) / a.size),
        Mistake("The softmax of a sample sums over its own classes, not over the batch: sum(axis=1, keepdims=True).",
                lambda a, t: (np.exp(a - a.max()) / np.exp(a - a.max()).sum() - _one_hot(a, t)) / len(a),
                lambda a, t: (np.exp(a) / np.exp(a).sum() - _one_hot(a, t)) / len(a)),
        Mistake("exp overflows for a logit of 1000: subtract the largest logit of each row first.",
                lambda a, t: (_raw_softmax(a) - _one_hot(a, t)) / len(a)),
        Mistake("Subtract the largest logit of each row, not of the whole batch: other rows may vanish to 0/0.",
                lambda a, t: (_raw_softmax(a - a.max()) - _one_hot(a, t)) / len(a)),
    ],
    praise="What the network said, minus what it should have said, shared among the samples.",
)  # fmt: skip


def _curved(x: NDArray) -> float:
    """Sum of the cubes, and of the products of neighbours: no entry stands alone."""
    if np.ndim(x) == 0:
        raise NotAnAnswer(
            "f takes the whole array, and you gave it a single number: move one entry, and hand over all."
        )
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
    mistakes=[
        Mistake("That is a one-sided difference, such as (f(x + h) - f(x)) / h: right in the limit, but its error is of order "
                "h, not h^2.",
                lambda f, x, h: _curved_gradient(x, h) + 3 * x * h, lambda f, x, h: _curved_gradient(x, h) - 3 * x * h),
        Mistake("Divide by 2h: the two points are 2h apart.", lambda f, x, h: 2 * _curved_gradient(x, h)),
        Mistake("That is the slope when all entries move at once, which is the sum of theirs. Move one, leave the others, and "
                "give one slope for each.",
                lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h), lambda f, x, h: np.full(len(x), (f(x + h) - f(x - h)) / (2 * h))),
        Mistake("/ 2 * h multiplies by h; write / (2 * h).", lambda f, x, h: h**2 * _curved_gradient(x, h)),
        Mistake("Your lower point is x itself, not x - h. (Note that y = x makes no copy.)",
                lambda f, x, h: (_curved_gradient(x, h) + 3 * x * h) / 2),
        Mistake("All slopes are 0, as if f saw the same array twice. If you wrote y = x and z = x, then y and z are one array, "
                "x itself: use x.copy().", lambda f, x, h: np.zeros_like(x)),
        Mistake("The difference is not divided: divide it by 2h, the distance of the two points.",
                lambda f, x, h: 2 * h * _curved_gradient(x, h)),
        Mistake("Divide by 2h, not by 2.", lambda f, x, h: h * _curved_gradient(x, h)),
        Mistake("The sign is wrong: upper value minus lower value.", lambda f, x, h: -_curved_gradient(x, h)),
        Mistake("Close, but the step is not the h that you were given.",
                *(lambda f, x, h, step=step: _curved_gradient(x, step(h))
                  for step in (lambda h: 2 * h, lambda h: h / 2, lambda h: 1e-5))),
        Mistake("f needs the whole array: move one entry and leave the others where they are.", _one_entry_alone),
        Mistake("The earlier entries stay moved: begin each entry with a fresh step.", _never_reset),
        Mistake("The last entry was never computed: the loop stops one too early.",
                lambda f, x, h: np.append(_curved_gradient(x, h)[:-1], 0.0)),
        Mistake("Only the first entry was computed. Does the `return` stand inside the loop?",
                lambda f, x, h: np.append(_curved_gradient(x, h)[:1], np.zeros(len(x) - 1))),
    ],
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


def _rate(answer: Any) -> float:
    """Return a positive number; one that is too large for a float is infinite, and no step can be that long."""
    words = "Give one positive number."
    rate = number(answer, words)
    if not rate > 0:
        raise NotAnAnswer(words)
    if rate == np.inf:
        raise NotAnAnswer("To a computer that is infinity: give a positive number that is finite.")
    return rate


#: A learning rate for a 64-50-10 network on the digits. Nothing is trained here: `_RATES` holds what was measured.
learning_rate = Measured(
    read=_rate,
    measure=lambda rate: rate,
    findings=[
        Finding(f"Steps at this rate are {words}", partial(ge, limit), right=learns) for limit, learns, words in _RATES
    ],
)
