"""Exercises on layers, forward and backward."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import sigmoid
from helpers.pages.exercises import Exercise, NotAnAnswer


def _layer(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    if not isinstance(kind, type):
        raise NotAnAnswer("Give the class itself, without ().")
    layer = kind()
    return {"forward": layer.forward(x), "backward": layer.backward(upstream)}


def _layer_of_a_network(kind: type, x: NDArray, upstream: NDArray) -> dict[str, Any]:
    if isinstance(kind, type):
        layer = kind()
        if any(getattr(layer, name, None) != {} for name in ("parameters", "gradients")):
            raise NotAnAnswer(
                "A network asks every layer for its `parameters` and `gradients`. This one has none: "
                "let __init__ set both to empty dictionaries."
            )
    return _layer(kind, x, upstream)


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
    "remedy": "make a new array",
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
        "The slope comes from the x of forward, not from the upstream gradient.": lambda x, upstream: {
            "forward": np.tanh(x), "backward": upstream * (1 - np.tanh(upstream) ** 2)},
        "backward applies tanh to the output once more: y already is tanh(x).": _both(
            np.tanh, lambda x: 1 - np.tanh(np.tanh(x)) ** 2),
    },
    praise="With its empty parameters and gradients, your layer can stand wherever the ReLU stood.",
    **_LAYER | {"run": _layer_of_a_network},
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
        "At x = 0 we chose the slope 0: the gate is open only where x > 0.": _both(
            lambda x: np.maximum(x, 0), lambda x: x >= 0),
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


def _in_order(*places: int) -> Callable[..., tuple]:
    """The right answer with its parts in another order."""
    return lambda x, W, upstream: tuple(_affine(x, W, upstream)[place] for place in places)


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
        "dW and db are divided by the batch size; the 1/n already comes from the loss.":
            _affine_with(dW=lambda x, W, upstream: x.T @ upstream / len(x), db=lambda x, W, upstream: upstream.mean(axis=0)),
        "You divided by the batch size; the 1/n already comes from the loss.":
            lambda x, W, upstream: tuple(part / len(x) for part in _affine(x, W, upstream)),
        "dx needs W transposed: it leads from the outputs back to the inputs.":
            _affine_with(dx=lambda x, W, upstream: upstream @ W),
        "dx is the gradient of the input: it comes from the upstream gradient, not from x.":
            _affine_with(dx=lambda x, W, upstream: x @ W),
        "dx is divided by the batch size; the 1/n already comes from the loss.":
            _affine_with(dx=lambda x, W, upstream: upstream @ W.T / len(x)),
        "The sign is wrong: these are the gradients themselves; only the step of descent subtracts them.":
            lambda x, W, upstream: tuple(-part for part in _affine(x, W, upstream)),
        "dx is transposed: it must have the shape of x, (n, inputs).":
            _affine_with(dx=lambda x, W, upstream: W @ upstream.T),
        "The three gradients are right but in another order: return dx, dW, db.":
            _in_order(1, 0, 2),
        "The three gradients are right, but their order is dx, dW, db.": _in_order(1, 2, 0),
        "The three gradients are right, but in the order asked for, dW comes second: dx, dW, db.": _in_order(0, 2, 1),
        "The three gradients are right, but in reverse order: return dx, dW, db.": _in_order(2, 1, 0),
        "The three gradients are right, but db comes last: return dx, dW, db.": _in_order(2, 0, 1),
    },
    praise="The shapes alone almost force the answer, and the sum over samples is n uses of one bias.",
)  # fmt: skip
