"""Bad input for `helpers.networks`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks import excitatory_inhibitory as cells
from helpers.networks.layers import Affine, LossLayer, ReLU, Sigmoid, SoftmaxWithLoss, Tanh
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.networks.stages import stages_of
from tests.bad_input.kinds import (
    Entry,
    batch,
    changed,
    count,
    generator,
    holes,
    kinds,
    labels,
    not_negative,
    one,
    positive,
    shares,
    text_for_a_number,
    upstream,
)

N, INPUTS, HIDDEN, CLASSES = 5, 4, 3, 3


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def x() -> NDArray:
    return rng().standard_normal((N, INPUTS))


def y() -> NDArray:
    return np.arange(N) % CLASSES


def targets() -> NDArray:
    return rng().random((N, CLASSES))


def logits() -> NDArray:
    return rng().standard_normal((N, CLASSES))


def network() -> Network:
    return Network.dense([INPUTS, HIDDEN, CLASSES], rng(), activation=Tanh, scale=0.5, dtype=np.float64)


def two_outputs(loss_layer: Any = None) -> Network:
    return Network.dense([INPUTS, 3, 1], rng(), scale=0.5, dtype=np.float64, loss_layer=loss_layer)


def affine() -> Affine:
    return Affine(np.ones((INPUTS, CLASSES)), np.zeros(CLASSES))


def threshold_affine() -> cells.ThresholdAffine:
    return cells.ThresholdAffine(np.ones((INPUTS, CLASSES)), np.zeros(CLASSES), 0.8)


def ran(layer: Any, *batches: NDArray) -> Any:
    """A layer after a forward pass."""
    layer.forward(*(batches or (x(),)))
    return layer


def ran_stages() -> list:
    found = stages_of(network())
    h = x()
    for stage in found:
        for layer in stage:
            h = layer.forward(h)
    return found


WEIGHTS = [
    *holes("weight", "weight and bias must be finite"),
    *changed("weight", "integers", lambda good: good.astype(int), "arrays of floats"),
    *changed("weight", "complex", lambda good: good + 0j, "arrays of floats"),
    *changed("weight", "a list", lambda good: good.tolist(), "arrays of floats"),
    *changed("weight", "one axis", lambda good: good[0], "weight must have shape"),
    *changed("bias", "one too few", lambda good: good[1:], r"bias \(outputs,\)"),
    *holes("bias", "weight and bias must be finite"),
]
CELLS = [
    *generator(),
    *(bad for name in ("inputs", "pairs", "depth", "outputs") for bad in count(name)),
    *positive("scale"),
    *positive("u0"),
    *not_negative("threshold"),
    *text_for_a_number("u0"),
]
MATRIX = [*generator(), *count("inputs"), *count("outputs")]
BATCH_OF_A_NETWORK = [
    *batch("x"),
    *changed("x", "a list", lambda good: good.tolist(), "expected an array"),
    *changed("x", "bytes of an image", lambda good: np.full(good.shape, 255, np.uint8), "scale images"),
    *changed("x", "booleans", lambda good: good > 0, "floats"),
    *labels("labels", CLASSES),
    *changed("labels", "rows that are no probabilities", lambda good: np.full((N, CLASSES), 0.5), "probabilities"),
    *changed(
        "labels",
        "NaN in one row of probabilities",
        lambda good: np.vstack([np.eye(CLASSES)[good[:-1]], [np.nan, 0, 1]]),
        "probabilities",
    ),
]
ELEMENTWISE = [*kinds("x", "numbers that floats can hold")]

TABLE = {
    "networks.activations.relu": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "networks.activations.sigmoid": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "networks.activations.softplus": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "networks.floats.as_floats": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "networks.floats.check_floats": Entry(
        lambda: {"x": x()}, changed("x", "integers", lambda good: good.astype(int), "x must be an array of floats")
    ),
    "networks.arguments.check_draw": Entry(lambda: {"rng": rng(), "sample": 3}, [*generator(), *count("sample")]),
    "networks.arguments.check_count": Entry(lambda: {"name": "steps", "count": 3}, count("count", "steps must be")),
    "networks.arguments.check_positive": Entry(
        lambda: {"name": "rate", "value": 3.0},
        [*positive("value", "rate must be positive"), *one("value", 1j, "rate must"), *one("value", None, "rate must")],
    ),
    "networks.arguments.check_not_negative": Entry(
        lambda: {"name": "noise", "value": 0.0}, not_negative("value", "noise must not be negative")
    ),
    "networks.initialization.orthogonal": Entry(lambda: {"rng": rng(), "inputs": 4, "outputs": 3}, MATRIX),
    "networks.initialization.fan_in_normal": Entry(lambda: {"rng": rng(), "inputs": 4, "outputs": 3}, MATRIX),
    # layers
    "networks.layers.ReLU.forward": Entry(lambda: {"self": ReLU(), "x": x()}, ELEMENTWISE, remembers=True),
    "networks.layers.Sigmoid.forward": Entry(lambda: {"self": Sigmoid(), "x": x()}, ELEMENTWISE),
    "networks.layers.Tanh.forward": Entry(lambda: {"self": Tanh(), "x": x()}, ELEMENTWISE),
    "networks.excitatory_inhibitory.SigmoidOfWidth.forward": Entry(
        lambda: {"self": cells.SigmoidOfWidth(0.4), "x": x()}, ELEMENTWISE
    ),
    "networks.layers.ReLU.backward": Entry(lambda: {"self": ran(ReLU()), "upstream": x()}, upstream()),
    "networks.layers.Sigmoid.backward": Entry(lambda: {"self": ran(Sigmoid()), "upstream": x()}, upstream()),
    "networks.layers.Tanh.backward": Entry(lambda: {"self": ran(Tanh()), "upstream": x()}, upstream()),
    "networks.excitatory_inhibitory.SigmoidOfWidth.backward": Entry(
        lambda: {"self": ran(cells.SigmoidOfWidth(0.4)), "upstream": x()}, upstream()
    ),
    "networks.layers.Affine": Entry(lambda: {"weight": np.ones((4, 3)), "bias": np.zeros(3)}, WEIGHTS),
    "networks.excitatory_inhibitory.ThresholdAffine": Entry(
        lambda: {"weight": np.ones((4, 3)), "bias": np.zeros(3), "threshold": 0.8},
        [*WEIGHTS, *not_negative("threshold")],
    ),
    "networks.layers.Affine.forward": Entry(
        lambda: {"self": affine(), "x": x()}, [bad for bad in batch("x") if "in one row" not in bad.kind]
    ),
    "networks.excitatory_inhibitory.ThresholdAffine.forward": Entry(
        lambda: {"self": threshold_affine(), "x": x()}, [bad for bad in batch("x") if "in one row" not in bad.kind]
    ),
    "networks.layers.Affine.backward": Entry(lambda: {"self": ran(affine()), "upstream": logits()}, upstream()),
    "networks.layers.Affine.backward_to_parameters": Entry(
        lambda: {"self": ran(affine()), "upstream": logits()}, upstream()
    ),
    "networks.excitatory_inhibitory.ThresholdAffine.backward_to_parameters": Entry(
        lambda: {"self": ran(threshold_affine()), "upstream": logits()}, upstream()
    ),
    "networks.excitatory_inhibitory.SigmoidOfWidth": Entry(lambda: {"u0": 0.4}, positive("u0")),
    "networks.excitatory_inhibitory.OutputCell": Entry(
        lambda: {"loss": sigmoid_squared_error, "u0": 0.4}, positive("u0")
    ),
    "networks.excitatory_inhibitory.OutputCell.forward": Entry(
        lambda: {
            "self": cells.OutputCell(binary_cross_entropy, 2.0),
            "outputs": logits(),
            "targets": targets(),
        },
        shares("targets"),
    ),
    "networks.layers.SoftmaxWithLoss.forward": Entry(
        lambda: {"self": SoftmaxWithLoss(), "logits": logits(), "labels": y()},
        [*labels("labels", CLASSES), *kinds("logits"), *changed("logits", "no rows", lambda good: good[:0], "logits")],
    ),
    "networks.layers.LossLayer.forward": Entry(
        lambda: {"self": LossLayer(binary_cross_entropy), "outputs": logits(), "targets": targets()}, shares("targets")
    ),
    # losses
    "networks.losses.softmax_cross_entropy": Entry(
        lambda: {"logits": logits(), "labels": y()},
        [
            *labels("labels", CLASSES),
            *kinds("logits"),
            *changed("logits", "no rows", lambda good: good[:0], "logits must have shape"),
            *changed("logits", "one row alone", lambda good: good[0], "logits must have shape"),
        ],
    ),
    "networks.losses.binary_cross_entropy": Entry(
        lambda: {"logits": logits(), "targets": targets()}, [*shares("targets"), *kinds("logits"), *kinds("targets")]
    ),
    "networks.losses.sigmoid_squared_error": Entry(
        lambda: {"logits": logits(), "targets": targets()},
        [
            *kinds("logits"),
            *kinds("targets"),
            *shares("targets"),
            *changed("targets", "a row too few", lambda good: good[1:], "same shape"),
            *changed("logits", "a number", lambda good: 1.0, "same shape"),
        ],
    ),
    "networks.losses.log_sum_exp": Entry(lambda: {"x": logits()}, ELEMENTWISE),
    "networks.losses.sigmoid_cross_entropy": Entry(
        lambda: {"logits": logits(), "targets": targets()}, kinds("logits", "numbers that floats can hold")
    ),
    # networks
    "networks.network.Network": Entry(
        lambda: {"layers": [affine()]},
        [*one("layers", [], "at least one layer with parameters"), *one("layers", [ReLU()], "at least one layer")],
    ),
    "networks.network.Network.dense": Entry(
        lambda: {"sizes": [4, 3, 2], "rng": rng()},
        [
            *generator(),
            *(
                bad
                for sizes in ([4], [4, 0], [4, -2, 3], [4, 2.5, 3], [4, "3"], [])
                for bad in one("sizes", sizes, "sizes")
            ),
            *one("dtype", np.int64, "floats"),
            *not_negative("scale"),
        ],
        after_a_draw=frozenset({"dtype"}),
    ),
    "networks.network.Network.predict": Entry(
        lambda: {"self": network(), "x": x()}, [bad for bad in BATCH_OF_A_NETWORK if bad.argument == "x"]
    ),
    "networks.network.Network.loss": Entry(
        lambda: {"self": network(), "x": x(), "labels": y()}, BATCH_OF_A_NETWORK, remembers=True
    ),
    "networks.network.Network.gradients": Entry(
        lambda: {"self": network(), "x": x(), "labels": y()}, BATCH_OF_A_NETWORK, remembers=True
    ),
    "networks.network.Network.accuracy": Entry(
        lambda: {"self": network(), "x": x(), "labels": y()}, BATCH_OF_A_NETWORK, remembers=True
    ),
    "networks.network.Network.loss_of": Entry(
        lambda: {"self": network(), "logits": logits(), "labels": y()},
        [
            *labels("labels", CLASSES),
            *changed("logits", "NaN in one row", lambda good: np.vstack([good[1:], [np.nan] * 3]), "loss is nan"),
        ],
        remembers=True,
    ),
    "networks.stages.stages_of": Entry(
        lambda: {"network": network()},
        [
            *one("network", Network([affine(), ReLU()]), "last layer .* affine"),
            *one("network", Network([affine(), Affine(np.ones((3, 2)), np.zeros(2))]), "activation between"),
        ],
    ),
    "networks.stages.run": Entry(
        lambda: {"stage": stages_of(network())[0], "h": x()},
        [bad for bad in batch("h") if "in one row" not in bad.kind],
    ),
    "networks.stages.activities": Entry(lambda: {"stages": stages_of(network()), "x": x()}, batch("x")),
    "networks.stages.pull_back": Entry(lambda: {"stage": ran_stages()[1], "upstream": logits()}, upstream()),
    "networks.stages.local_gradients": Entry(lambda: {"stage": ran_stages()[1], "upstream": logits()}, upstream()),
    # cells
    "networks.excitatory_inhibitory.excitatory_inhibitory": Entry(
        lambda: {"inputs": 3, "pairs": 2, "depth": 2, "rng": rng()},
        [*CELLS, *one("dtype", int, "floats")],
        after_a_draw=frozenset({"dtype"}),
    ),
    "networks.excitatory_inhibitory.signed_weights": Entry(
        lambda: {"inputs": 3, "pairs": 2, "depth": 2, "rng": rng()},
        [bad for bad in [*CELLS, *count("networks")] if bad.argument not in ("u0", "threshold")],
    ),
    "networks.excitatory_inhibitory.network_of": Entry(
        lambda: {
            "weights": [np.ones((3, 2)), np.ones((3, 1))],
            "u0": 0.4,
            "threshold": 0.8,
            "loss": binary_cross_entropy,
        },
        [
            *positive("u0"),
            *not_negative("threshold"),
            *changed("weights", "NaN in one layer", lambda good: [good[0] * np.nan, good[1]], "must be finite"),
            *changed("weights", "integers", lambda good: [good[0].astype(int), good[1]], "floats"),
            *changed("weights", "one axis", lambda good: [good[0][0], good[1]], "weight|float"),
            *one("weights", [], "at least one layer"),
        ],
    ),
    "networks.excitatory_inhibitory.check_cells": Entry(
        lambda: {"network": cells.excitatory_inhibitory(3, 2, 1, rng())},
        one("network", network(), "error diffusion needs one output cell"),
    ),
}

#: Public, but with no input that could be bad, or looked at elsewhere; each with the reason.
REASONS = {
    "a check itself, met through all that call it; its own test is in the file of its module": [
        "networks.layers.check_weights",
        "networks.layers.check_batch",
        "networks.layers.check_finite",
        "networks.layers.check_remembered",
        "networks.layers.check_upstream",
        "networks.losses.check_same_shape",
        "networks.losses.check_shares",
        "networks.losses.check_labels",
    ],
    "a record of what was computed": ["networks.network.Update"],
    "takes any number, the loss differentiated by itself": [
        "networks.layers.SoftmaxWithLoss.backward",
        "networks.layers.LossLayer.backward",
    ],
    "takes any function of outputs and targets": ["networks.layers.LossLayer"],
    "takes the arrays of layers, which these have checked": [
        "networks.network.by_name",
        "networks.excitatory_inhibitory.kinds_like",
    ],
}
