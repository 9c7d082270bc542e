"""The rule for small sigmoid networks does what `Network.gradients` does, and moves the network's own arrays."""

import json
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from experiments.record import RESULTS
from helpers.chapters.chapter3.sigmoid_backpropagation import SigmoidBackpropagation
from helpers.data.datasets import Dataset, Split
from helpers.measures.diagnostics import Monitor, OnlySome, upper_layers
from helpers.networks.layers import Affine, LossLayer, ReLU, Sigmoid, SoftmaxWithLoss
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error, squared_error
from helpers.networks.network import Diverged, Network, uniform_fan_in
from helpers.training.loop import fit
from helpers.training.optimizers import SGD, Adam, LinearDecay, Momentum

SIZES = {"no hidden layer": [6, 3], "one": [6, 4, 3], "three": [6, 5, 4, 4, 3], "one unit": [6, 1, 3]}


def network_of(sizes, loss=binary_cross_entropy, dtype=np.float64, seed=0):
    """Biases are not zero, so that they are tested too."""
    layer = SoftmaxWithLoss() if loss is None else LossLayer(loss)
    rng = np.random.default_rng(seed)
    network = Network.dense(sizes, rng, activation=Sigmoid, initial=uniform_fan_in, loss_layer=layer, dtype=dtype)
    for name, array in network.parameters.items():
        array += rng.uniform(-1, 1, array.shape).astype(dtype) if name.startswith("b") else 0
    return network


def batch(n, sizes, seed=1, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, sizes[0])).astype(dtype), rng.random((n, sizes[-1])).astype(dtype)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("loss", [binary_cross_entropy, squared_error, None])
def test_loss_and_gradient_are_those_of_the_layers(sizes, loss):
    network, twin = network_of(sizes, loss), network_of(sizes, loss)
    rule = SigmoidBackpropagation(network)
    for n in (5, 5, 1, 8):  # a buffer that is used again, then others
        x, t = batch(n, sizes, seed=n)
        t = t.argmax(axis=1) if loss is None else t
        (value, updates), (expected_value, expected) = rule(network, x, t), twin.gradients(x, t)
        assert value == pytest.approx(expected_value, rel=1e-13)
        for name, array in updates.items():
            np.testing.assert_allclose(array, expected[name], rtol=1e-11, atol=1e-14)


def test_the_gradient_agrees_with_central_differences(numerical_gradient):
    network = network_of(SIZES["three"])
    x, t = batch(7, SIZES["three"])
    _, updates = SigmoidBackpropagation(network)(network, x, t)
    for name, array in network.parameters.items():

        def loss(values, array=array):
            array[...] = values
            return network.loss(x, t)

        kept = array.copy()
        expected = numerical_gradient(loss, kept)
        array[...] = kept
        np.testing.assert_allclose(updates[name].ravel(), expected.ravel(), rtol=0, atol=1e-9)


def test_the_networks_arrays_keep_their_values_and_become_parts_of_the_matrices():
    network, twin = network_of(SIZES["one"]), network_of(SIZES["one"])
    rule = SigmoidBackpropagation(network)
    assert list(network.parameters) == list(twin.parameters)
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(array, twin.parameters[name])
    for part in rule.parts:
        part.P[:] = 0
    x, _ = batch(3, SIZES["one"])
    assert not network.predict(x).any()


@pytest.fixture
def data():
    parts = [Split(*batch(n, SIZES["one"], seed=n)) for n in (60, 20, 20)]
    return Dataset("random", (6, 1), 3, *parts)


@pytest.mark.parametrize(
    "optimizer",
    [lambda: SGD(0.5), lambda: Momentum(0.1), lambda: Adam(0.01), lambda: LinearDecay(SGD(0.5), 40)],
)
def test_fit_arrives_at_the_weights_of_fit_with_the_networks_own_gradients(optimizer, data):
    network, twin = network_of(SIZES["one"]), network_of(SIZES["one"])
    options = {"steps": 40, "batch_size": 7, "score": lambda network, x, t: network.loss(x, t)}
    before = network.loss(data.train.x, data.train.t)
    rule = SigmoidBackpropagation(network)
    history = fit(network, data, optimizer(), np.random.default_rng(3), rule=rule, **options)
    expected = fit(twin, data, optimizer(), np.random.default_rng(3), **options)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-12)
    np.testing.assert_allclose(history.validation, expected.validation, rtol=1e-12)
    assert network.loss(data.train.x, data.train.t) < before - 0.01
    for name, array in network.parameters.items():
        np.testing.assert_allclose(array, twin.parameters[name], rtol=0, atol=1e-12)


def test_float32_stays_float32_and_nothing_handed_in_is_changed():
    network = network_of(SIZES["three"], dtype=np.float32)
    rule = SigmoidBackpropagation(network)
    x, t = batch(5, SIZES["three"], dtype=np.float32)
    copies = x.copy(), t.copy()
    value, updates = rule(network, x, t)
    assert isinstance(value, float) and updates["W1"].dtype == np.float32
    assert {array.dtype for array in network.parameters.values()} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(x, copies[0])
    np.testing.assert_array_equal(t, copies[1])


def test_the_next_call_writes_into_the_same_arrays():
    network = network_of(SIZES["one"])
    rule = SigmoidBackpropagation(network)
    _, first = rule(network, *batch(4, SIZES["one"], seed=1))
    kept = first["W1"].copy()
    _, second = rule(network, *batch(4, SIZES["one"], seed=2))
    assert second["W1"] is first["W1"] and not np.array_equal(kept, second["W1"])


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([Affine(np.ones((2, 3)), np.zeros(3)), ReLU(), Affine(np.ones((3, 1)), np.zeros(1))], "'ReLU'"),
        ([Affine(np.ones((2, 3)), np.zeros(3)), Affine(np.ones((3, 1)), np.zeros(1))], r"\['Affine', 'Affine'\]"),
        ([Affine(np.ones((2, 3)), np.zeros(3)), Sigmoid()], r"\['Affine', 'Sigmoid'\]"),
    ],
)
def test_other_layers_are_refused(layers, words):
    with pytest.raises(ValueError, match=f"sigmoid layer between each two, got .*{words}"):
        SigmoidBackpropagation(Network(layers))


def test_two_precisions_are_refused():
    layers = [Affine(np.ones((2, 3)), np.zeros(3)), Sigmoid(), Affine(np.ones((3, 1), np.float32), np.zeros(1))]
    with pytest.raises(ValueError, match=r"one precision, got \['float32', 'float64'\]"):
        SigmoidBackpropagation(Network(layers))


@pytest.mark.parametrize("other", ["another network", "a copy", "a copy of both", "a newer rule"])
def test_a_network_whose_arrays_are_not_this_rules_is_refused(other):
    network = network_of(SIZES["one"])
    rule = SigmoidBackpropagation(network)
    if other == "another network":
        network = network_of(SIZES["one"])
    elif other == "a copy":
        network = deepcopy(network)
    elif other == "a copy of both":
        network, rule = deepcopy((network, rule))
    else:
        SigmoidBackpropagation(network)
    with pytest.raises(ValueError, match="make a new rule for this network"):
        rule(network, *batch(4, SIZES["one"]))


@pytest.mark.parametrize(("number", "key"), [(0, "W"), (0, "b"), (1, "W"), (1, "b")])
def test_a_network_with_another_array_in_a_layer_is_refused(number, key):
    network = network_of(SIZES["one"])
    rule = SigmoidBackpropagation(network)
    held = network.trainable[number].parameters
    held[key] = held[key].copy()
    with pytest.raises(ValueError, match="make a new rule for this network"):
        rule(network, *batch(4, SIZES["one"]))


@pytest.mark.parametrize("shared", ["array", "layer", "memory"])
def test_shared_parameters_are_refused(shared):
    first, last = Affine(np.ones((4, 4)), np.zeros(4)), Affine(np.ones((4, 4)), np.zeros(4))
    if shared == "array":
        last.parameters["W"] = first.parameters["W"]
    elif shared == "memory":
        last.parameters["W"] = first.parameters["W"].T
    layers = [first, Sigmoid(), first if shared == "layer" else last]
    with pytest.raises(ValueError, match="W1 and W2 share their memory"):
        SigmoidBackpropagation(Network(layers))


@pytest.mark.parametrize("loss", [binary_cross_entropy, squared_error, sigmoid_squared_error])
@pytest.mark.parametrize("dtype", [np.float64, np.longdouble, np.int64])
def test_targets_of_another_precision_are_taken(loss, dtype):
    network, twin = (network_of(SIZES["one"], loss, np.float32) for _ in range(2))
    x, t = batch(4, SIZES["one"], dtype=np.float32)
    t = t.round().astype(dtype)
    value, updates = SigmoidBackpropagation(network)(network, x, t)
    expected_value, expected = twin.gradients(x, t)
    assert value == pytest.approx(expected_value, rel=1e-6)
    for name, array in updates.items():
        np.testing.assert_allclose(array, expected[name], rtol=0, atol=1e-6)


@pytest.mark.filterwarnings("ignore:invalid value")  # of the product of an infinite input and a weight
@pytest.mark.parametrize(
    ("x", "t", "words"),
    [
        (np.zeros((0, 6)), np.zeros((0, 3)), r"shape \(n, 6\) with n >= 1"),
        (np.zeros((2, 5)), np.zeros((2, 3)), r"shape \(n, 6\) .* got ndarray of shape \(2, 5\)"),
        (np.zeros(6), np.zeros((1, 3)), "a single sample is a batch of one"),
        ([[0.0] * 6], np.zeros((1, 3)), "got list"),
        (np.full((2, 6), np.nan), np.zeros((2, 3)), "NaN or infinite"),
        (np.full((2, 6), np.inf), np.zeros((2, 3)), "NaN or infinite"),
        (np.zeros((2, 6)), np.zeros((3, 3)), "the same shape"),
        (np.zeros((2, 6)), np.full((2, 3), 1.5), "targets must lie between 0 and 1"),
        (np.zeros((2, 6)), np.full((2, 3), np.nan), "targets must lie between 0 and 1"),
    ],
)
def test_a_bad_batch_is_refused_as_by_the_network(x, t, words):
    network = network_of(SIZES["one"])
    with pytest.raises(ValueError, match=words):
        SigmoidBackpropagation(network)(network, x, t)


def test_numbers_beyond_the_networks_precision_are_refused():
    network = network_of(SIZES["one"], dtype=np.float32)
    with pytest.warns(RuntimeWarning), pytest.raises(ValueError, match="NaN or infinite"):
        SigmoidBackpropagation(network)(network, np.full((2, 6), 1e39), np.zeros((2, 3), np.float32))


def test_a_loss_that_is_not_finite_is_refused():
    network = network_of(SIZES["one"])
    rule = SigmoidBackpropagation(network)
    network.parameters["W1"][0, 0] = np.nan
    with pytest.raises(Diverged, match="lower the learning rate"):
        rule(network, *batch(4, SIZES["one"]))


def test_the_stored_figures_reach_what_the_book_claims():
    stored = Path(__file__).parents[1] / RESULTS / "03-step-speed.json"
    result = json.loads(stored.read_text(encoding="utf-8"))
    assert result["ratio"]["plain port"]["median"] >= 1.9  # about twice; it moves by some percent between runs
    assert 1 < result["ratio"]["helpers, layer by layer"]["median"]


@pytest.mark.parametrize("wrap", [Monitor, lambda rule: OnlySome(rule, upper_layers(1))])
def test_wrappers_find_one_array_for_each_parameter(wrap, data):
    network = network_of(SIZES["one"])
    rule = wrap(SigmoidBackpropagation(network))
    history = fit(network, data, SGD(0.5), np.random.default_rng(0), steps=5, batch_size=7, rule=rule, score=None)
    assert len(history.loss) == 5
