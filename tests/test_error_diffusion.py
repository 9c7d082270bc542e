"""The plain rule against cells one by one, the batched form against the plain one and the source's programs."""

import inspect
from copy import deepcopy

import numpy as np
import pytest

from benchmarks.error_diffusion_ports import FourMatrixNetwork, TensorNetwork
from benchmarks.error_diffusion_step import largest_difference
from helpers.chapters.chapter4 import batched_networks
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.chapters.chapter4.datasets import two_classes
from helpers.chapters.chapter4.error_diffusion_cells import CellNetwork, merged, plain_copy
from helpers.chapters.chapter4.online import rounds_to_learn
from helpers.data.datasets import digits
from helpers.data.tasks import parity
from helpers.measures.diagnostics import Monitor, OnlySome, upper_layers
from helpers.measures.gradient_check import central_difference, check_gradients
from helpers.networks.excitatory_inhibitory import ThresholdAffine, excitatory_inhibitory, signed_weights
from helpers.networks.layers import Affine, LossLayer, Sigmoid
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.rules.direct_feedback_alignment import DirectFeedbackAlignment
from helpers.rules.error_diffusion import ErrorDiffusion
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

LOSSES = [sigmoid_squared_error, binary_cross_entropy]


def entries(arrays):
    """All numbers of some arrays, end to end."""
    return np.concatenate([array.ravel() for array in arrays.values()])


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_plain_rule_is_the_cells(depth, two_way, rng):
    cells = CellNetwork(3, 4, depth, rng, u0=0.6, threshold=0.5)
    network, rule, optimizer = plain_copy(cells), ErrorDiffusion(two_way, u1=0.5), SGD(0.7)
    for _ in range(30):
        x, t = rng.random((1, 3)), rng.integers(2, size=1)
        said = cells.forward(x[0])
        update = rule(network, x, t)
        assert update.loss == pytest.approx((t[0] - said) ** 2 / 2, abs=1e-12)
        cells.learn(t[0], alpha=0.7, u1=0.5, two_way=two_way)
        optimizer.step(network.parameters, update.arrays)
        for layer, weight in zip(network.trainable, merged(cells), strict=True):
            np.testing.assert_allclose(np.vstack([*layer.parameters.values()]), weight, atol=1e-12)


@pytest.mark.parametrize("networks", [1, 3])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 8, 130])
def test_the_batched_form_is_the_plain_rule(depth, two_way, loss, networks, rng):
    batched = BatchedNetworks.drawn(5, 3, depth, rng, networks=networks, threshold=0.5, loss=loss)
    plain, optimizer = batched.apart(), SGD(0.2)
    for _ in range(20):
        x, t = rng.random((7, 5)), rng.integers(max(networks, 2), size=7)
        update = BatchedErrorDiffusion(two_way, u1=0.5)(batched, x, t)
        targets = [t] if networks == 1 else [(t == k).astype(int) for k in range(networks)]
        parts = [ErrorDiffusion(two_way, u1=0.5)(one, x, own) for one, own in zip(plain, targets, strict=True)]
        assert update.loss == pytest.approx(sum(part.loss for part in parts), abs=1e-12)
        optimizer.step(batched.parameters, update.arrays)
        for one, part in zip(plain, parts, strict=True):
            optimizer.step(one.parameters, part.arrays)
    for name, weight in BatchedNetworks.of(plain).parameters.items():
        np.testing.assert_allclose(batched.parameters[name], weight, atol=1e-12)


@pytest.mark.parametrize("depth", [5, 6, 7])
def test_layers_are_updated_in_blocks_of_any_number(depth, rng, monkeypatch):
    networks, x, t = BatchedNetworks.drawn(3, 2, depth, rng), rng.random((4, 3)), np.array([0, 1, 1, 0])
    expected = BatchedErrorDiffusion()(networks, x, t)
    monkeypatch.setattr(batched_networks, "BLOCK", 2)
    for name, array in BatchedErrorDiffusion()(networks, x, t).arrays.items():
        np.testing.assert_allclose(array, expected.arrays[name], atol=1e-15)


@pytest.mark.parametrize(("networks", "classes"), [(1, 2), (2, 2), (3, 3)])
def test_a_class_beyond_those_that_can_be_told_apart_is_refused(networks, classes, rng):
    batched, x = BatchedNetworks.drawn(2, 2, 1, rng, networks=networks), rng.random((classes, 2))
    y = batched.predict(x)
    said = (y[:, 0] > 0.5) if networks == 1 else y.argmax(axis=1)
    assert batched.accuracy(x, np.arange(classes)) == np.mean(said == np.arange(classes))
    for bad in (-1, classes):
        with pytest.raises(ValueError, match=f"whole numbers from 0 to {classes - 1}, got {min(bad, 0)} to"):
            batched.accuracy(x, np.array([0] * (classes - 1) + [bad]))


def test_a_copy_of_batched_networks_has_a_workspace_of_its_own(rng):
    networks, x, t = BatchedNetworks.drawn(3, 2, 3, rng), rng.random((4, 3)), np.array([0, 1, 1, 0])
    networks.forward(rng.random((4, 3)))
    expected = BatchedErrorDiffusion()(BatchedNetworks.of(networks.apart()), x, t)
    found = BatchedErrorDiffusion()(deepcopy(networks), x, t)
    for name, array in expected.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)


def test_one_network_is_drawn_alike_in_both_forms(rng):
    settings = {"scale": 0.3, "u0": 1.0, "threshold": 0.2, "loss": binary_cross_entropy, "dtype": np.float32}
    (one,) = BatchedNetworks.drawn(4, 2, 3, np.random.default_rng(5), **settings).apart()
    other = excitatory_inhibitory(4, 2, 3, np.random.default_rng(5), **settings)
    for name, weight in other.parameters.items():
        np.testing.assert_array_equal(one.parameters[name], weight)
        assert weight.dtype == np.float32
    x, t = rng.random((6, 4)).astype(np.float32), rng.integers(2, size=6)
    assert one.loss(x, t) == other.loss(x, t)


def test_batched_networks_share_their_settings(rng):
    networks = [excitatory_inhibitory(2, 2, 1, rng, u0=u0) for u0 in (0.4, 1.0)]
    with pytest.raises(ValueError, match="need one loss, u0 and threshold"):
        BatchedNetworks.of(networks)
    with pytest.raises(ValueError, match="needs one output cell"):
        BatchedNetworks.of([Network.dense([2, 2, 2], rng)])


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_of_both_forms_is_that_of_the_loss(loss, rng):
    network = excitatory_inhibitory(3, 2, 3, rng, u0=1.0, threshold=0.5, loss=loss)
    x, t = rng.random((5, 3)), rng.random(5)
    for agreement in check_gradients(network, x, t).values():
        assert agreement.relative_error < 1e-7
    batched = BatchedNetworks.of([network])
    for name, array in batched.gradients(x, t).arrays.items():
        numerical = central_difference(lambda: batched.loss_of(x, t)[0], batched.parameters[name])
        np.testing.assert_allclose(array, numerical, atol=1e-9)


RULES = {
    "error diffusion": lambda network, rng: ErrorDiffusion(),
    "decrement option": lambda network, rng: ErrorDiffusion(two_way=True),
    "backpropagation": lambda network, rng: Network.gradients,
    "feedback alignment": FeedbackAlignment,
    "direct feedback alignment": DirectFeedbackAlignment,
    "upper layers only": lambda network, rng: OnlySome(ErrorDiffusion(), upper_layers(2)),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_rule_trains_the_same_network(name, dtype, rng):
    data = two_classes(digits(), 0, 1)
    network = excitatory_inhibitory(64, 8, 2, rng, scale=0.1, u0=1.0, loss=binary_cross_entropy, dtype=dtype)
    monitor = Monitor(RULES[name](network, rng), every=40)
    before = network.parameters["W1"].copy()
    fit(network, data, SGD(0.2), rng, steps=200, batch_size=32, rule=monitor, score=None)
    # random features below two layers that only grow have .7
    assert network.accuracy(data.test.x, data.test.t) > (0.6 if name == "upper layers only" else 0.9)
    assert all(weight.dtype == dtype for weight in network.parameters.values())
    assert np.array_equal(network.parameters["W1"], before) == (name == "upper layers only")
    for angles in monitor.angles:
        if name == "backpropagation":
            assert max(angles.values()) < 0.1
        if name == "decrement option":  # the output layer follows the gradient itself
            assert angles["W3"] < 0.1


def test_accuracy_of_one_output_is_that_of_its_yes_and_no(rng):
    network = excitatory_inhibitory(2, 2, 1, rng)
    x = rng.random((6, 2))
    logits = network.predict(x)[:, 0]
    network.parameters["b2"] -= np.median(logits) / 0.8
    right = (network.predict(x)[:, 0] > 0).astype(int)
    assert 0 < right.sum() < 6
    assert network.accuracy(x, right) == 1
    assert network.accuracy(x, 1 - right) == 0
    with pytest.raises(ValueError, match="class numbers from 0 to 1"):
        network.accuracy(x, right + 1)


def test_other_networks_are_refused_with_a_reason(rng):
    x, labels = rng.random((4, 2)), np.zeros(4, int)
    rule = ErrorDiffusion()
    with pytest.raises(ValueError, match="needs one output cell, with OutputCell"):
        rule(Network.dense([2, 4, 2], rng), x, labels)
    odd, plain = excitatory_inhibitory(2, 2, 1, rng), excitatory_inhibitory(2, 2, 1, rng)
    odd.layers[0] = ThresholdAffine(np.ones((2, 3)), np.zeros(3), 1.0)
    with pytest.raises(ValueError, match=r"come in pairs .* got layers of \[3\]"):
        rule(odd, x, labels)
    for place, layer in ((0, Affine(np.ones((2, 4)), np.zeros(4))), (1, Sigmoid())):
        other = excitatory_inhibitory(2, 2, 1, rng)
        other.layers[place] = layer
        with pytest.raises(ValueError, match="needs ThresholdAffine layers with SigmoidOfWidth between them, got"):
            rule(other, x, labels)
    plain.loss_layer = LossLayer(sigmoid_squared_error)
    with pytest.raises(ValueError, match="needs one output cell"):
        rule(plain, x, np.zeros((4, 1)))


def test_one_update_of_cells_worked_by_hand(rng):
    cells = CellNetwork(1, 1, 1, rng, threshold=0.0)
    cells.weights[0][...] = [[0, 0, 0.3, -0.1], [0, 0, -0.2, 0.4]]  # to E and to I, from the input's two copies
    cells.weights[1][...] = [[0, 0, 0.5, -0.6]]
    e, i = 1 / (1 + np.exp(-5 * 0.2)), 1 / (1 + np.exp(-5 * 0.2))
    y = 1 / (1 + np.exp(-5 * (0.5 * e - 0.6 * i)))
    assert cells.forward([1.0]) == pytest.approx(y)
    cells.learn(1.0, alpha=0.5)  # too small: only connections from excitatory cells grow
    d = 1 - y
    assert cells.weights[1][0, 2:] == pytest.approx([0.5 + 0.5 * d * y * (1 - y) * e, -0.6])
    assert cells.weights[0][0, 2:] == pytest.approx([0.3 + 0.5 * d * e * (1 - e), -0.1])
    assert cells.weights[0][1, 2:] == pytest.approx([-0.2 - 0.5 * d * i * (1 - i), 0.4])


def test_by_default_signs_are_kept_and_no_weight_shrinks(rng):
    cells = CellNetwork(2, 4, 2, rng)
    before = [weight.copy() for weight in cells.weights]
    for _ in range(100):
        cells.forward(rng.integers(2, size=2))
        cells.learn(rng.integers(2))
    for weight, start in zip(cells.weights, before, strict=True):
        assert (weight * start >= 0).all()
        assert (abs(weight) >= abs(start)).all()
        assert (abs(weight) > abs(start)).any()


@pytest.mark.parametrize("port", [FourMatrixNetwork, TensorNetwork])
def test_the_sources_programs_arrive_at_the_same_weights(port, rng):
    data = two_classes(digits(), 0, 1)
    source = port(64, 2, 140, 0.2, np.random.RandomState(0))
    assert largest_difference(source, data.train.x.astype(float), data.train.t) < 1e-12


def test_the_first_program_prints_the_published_digits():
    source = FourMatrixNetwork(3, 8, 6, 0.8, np.random.RandomState(1))
    x, t = np.array([[0.1, 0, 0], [0.1, 0, 1], [0.1, 1, 0], [0.1, 1, 1]]), np.array([0, 1, 1, 0])
    for _ in range(100):
        source.update(t - source.forward(x))
    assert source.forward(x)[[0, 3]] == pytest.approx([2.40317068e-08, 2.40316328e-08], rel=1e-7)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_losses_by_hand(loss, rng):
    x, t = rng.random((4, 3)), np.array([0, 1, 1, 0])
    network = excitatory_inhibitory(3, 2, 1, rng, scale=0.1, loss=loss)
    y = 1 / (1 + np.exp(-5 * network.predict(x)[:, 0]))
    likely = np.where(t == 1, y, 1 - y)
    expected = {sigmoid_squared_error: np.mean((t - y) ** 2) / 2, binary_cross_entropy: -np.log(likely).mean()}
    for value in (network.loss(x, t), BatchedNetworks.of([network]).loss_of(x, t)[0]):
        assert value == pytest.approx(expected[loss], rel=1e-12)
    np.testing.assert_allclose(network.loss_layer.error[:, 0], t - y, atol=1e-15)


def test_no_default_step_makes_a_samples_error_larger(rng):
    for rate in (0.1, 10.0, 1e4):
        for _ in range(10):
            network = excitatory_inhibitory(3, 3, 3, rng, u0=1.0)
            x, t = rng.random((1, 3)), rng.integers(2, size=1)
            loss, updates = ErrorDiffusion()(network, x, t)
            SGD(rate).step(network.parameters, updates)
            assert network.loss(x, t) <= loss + 1e-15


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("two_way", [False, True])
def test_every_entry_of_a_samples_update_has_the_sign_of_the_gradient(loss, two_way, rng):
    network = excitatory_inhibitory(3, 3, 4, rng, scale=0.3, u0=1.0, loss=loss)
    for _ in range(20):
        x, t = rng.random((1, 3)), rng.integers(2, size=1)
        update, gradient = ErrorDiffusion(two_way)(network, x, t).arrays, network.gradients(x, t).arrays
        for name in update:
            assert (update[name] * gradient[name] >= 0).all()
            assert (update[name] != 0).any()


def test_a_batch_is_the_mean_of_its_samples(rng):
    network = excitatory_inhibitory(4, 3, 3, rng)
    x, t = rng.random((5, 4)), rng.integers(2, size=5)
    _, batch = ErrorDiffusion()(network, x, t)
    singles = [ErrorDiffusion()(network, x[i : i + 1], t[i : i + 1]).arrays for i in range(5)]
    for name, update in batch.items():
        np.testing.assert_allclose(update, np.mean([single[name] for single in singles], axis=0), atol=1e-15)


def test_batched_float32_stays_float32_and_learns(rng):
    data = two_classes(digits(), 0, 1)
    network = BatchedNetworks.drawn(64, 2, 3, rng, dtype=np.float32)
    fit(network, data, SGD(0.5), rng, steps=300, batch_size=32, rule=BatchedErrorDiffusion(), evaluate_every=300)
    update = BatchedErrorDiffusion()(network, data.test.x, data.test.t)
    for arrays in (network.parameters, update.arrays):
        assert all(array.dtype == np.float32 for array in arrays.values())
    assert network.predict(data.test.x).dtype == np.float32
    assert network.accuracy(data.test.x, data.test.t) > 0.9


def test_rounds_count_as_the_cells_do(rng):
    cells = CellNetwork(2, 8, 1, rng)
    networks, data, rounds, wrong = BatchedNetworks.of([plain_copy(cells)]), parity(2), 0, 1.0
    again = networks.apart()
    while wrong >= 0.1:
        rounds, wrong = rounds + 1, 0.0
        for x, t in zip(data.x, data.t, strict=True):
            wrong += abs(t - cells.forward(x))
            cells.learn(t)
    assert rounds_to_learn(networks, data, BatchedErrorDiffusion()).tolist() == [rounds]
    for limit, expected in ((rounds - 1, np.inf), (rounds, rounds)):
        found = rounds_to_learn(BatchedNetworks.of(again), data, BatchedErrorDiffusion(), limit=limit)
        assert found.tolist() == [expected]


def test_initial_weights_have_the_signs_of_the_kinds_and_pairs_have_either(rng):
    first, *hidden, last = signed_weights(20, 6, 4, rng, networks=8, scale=0.5)
    hidden, kinds = np.array(hidden), np.repeat([1, -1], 6)
    assert (hidden[..., :-1, :] * np.outer(kinds, kinds) > 0).all()
    assert (last[:, :-1, 0] * kinds > 0).all()
    for constrained in (hidden[..., :-1, :], last[:, :-1]):
        assert 0.45 < np.abs(constrained).max() <= 0.5
        assert 0.2 < np.abs(constrained).mean() < 0.3
    # the difference of two uniform numbers: mean 0, standard deviation scale / sqrt(6)
    for pair in (first, hidden[..., -1, :]):
        assert abs(pair.mean()) < 0.1 * 0.5
        assert np.abs(pair).max() <= 0.5
        assert pair.std() == pytest.approx(0.5 / np.sqrt(6), rel=0.15)
    assert last[:, -1].min() < 0 < last[:, -1].max()


def test_a_sure_and_wrong_answer_has_the_loss_of_its_small_probability(rng):
    network = excitatory_inhibitory(2, 4, 1, rng, u0=1.0, loss=binary_cross_entropy)
    network.parameters["W2"][...] = 0
    for sign, label in ((1, 0), (-1, 1)):
        network.parameters["b2"][...] = sign * 1000  # a sum of 800, and u0 is 1
        x, t = np.ones((1, 2)), np.array([label])
        for loss, _ in (ErrorDiffusion()(network, x, t), BatchedNetworks.of([network]).loss_of(x, t)):
            assert loss == pytest.approx(1600)


def test_the_defaults_are_those_of_the_published_tables():
    assert rounds_to_learn.__kwdefaults__ == {"learning_rate": 0.8, "tolerance": 0.1, "limit": 10_000}
    for make in (excitatory_inhibitory, BatchedNetworks.drawn):
        defaults = inspect.signature(make).parameters
        assert [defaults[name].default for name in ("scale", "u0", "threshold")] == [1.0, 0.4, 0.8]
    assert inspect.signature(signed_weights).parameters["scale"].default == 1.0
    assert CellNetwork.__init__.__kwdefaults__ == {"u0": 0.4, "threshold": 0.8}
    assert CellNetwork.learn.__defaults__ == (0.8, 1.0)
    assert ErrorDiffusion.__init__.__defaults__ == (False, 1.0)


def test_what_is_not_learned_in_time_has_infinite_rounds(rng):
    networks = BatchedNetworks.drawn(2, 4, 1, rng, networks=3)
    assert np.isinf(rounds_to_learn(networks, parity(2), BatchedErrorDiffusion(), limit=1)).all()
    with pytest.raises(ValueError, match="limit must be at least 1, got 0"):
        rounds_to_learn(networks, parity(2), BatchedErrorDiffusion(), limit=0)
    for rate in (0.0, np.inf):
        with pytest.raises(ValueError, match="must be positive"):
            rounds_to_learn(networks, parity(2), BatchedErrorDiffusion(), learning_rate=rate)
    for tolerance in (0.0, np.inf):
        with pytest.raises(ValueError, match="tolerance must be positive and finite"):
            rounds_to_learn(networks, parity(2), BatchedErrorDiffusion(), tolerance=tolerance)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"inputs": 0}, "at least 1, got 0"),
        ({"depth": 0}, "at least 1"),
        ({"u0": 0.0}, "u0 must be positive"),
        ({"scale": np.nan}, "scale must be positive"),
        ({"threshold": -1.0}, "threshold must not be negative"),
    ],
)
def test_a_network_refuses_bad_settings(change, words, rng):
    settings = {"inputs": 2, "pairs": 2, "depth": 1, "rng": rng} | change
    for make in (excitatory_inhibitory, BatchedNetworks.drawn):
        with pytest.raises(ValueError, match=words):
            make(**settings)


def test_bad_batches_are_refused(rng):
    network = BatchedNetworks.drawn(2, 2, 1, rng, networks=3)
    rule = BatchedErrorDiffusion()
    with pytest.raises(ValueError, match=r"shape \(n, 2\).* got ndarray of shape \(4, 3\)"):
        rule(network, np.ones((4, 3)), np.zeros(4, int))
    with pytest.raises(ValueError, match="n >= 1"):
        rule(network, np.ones((0, 2)), np.zeros(0, int))
    with pytest.raises(ValueError, match="x holds NaN or infinite values"):
        rule(network, np.full((1, 2), np.nan), np.zeros(1, int))
    with pytest.raises(ValueError, match=r"targets must have shape .* got \(4, 2\)"):
        rule(network, np.ones((4, 2)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="classes must be whole numbers from 0 to 2, got 0 to 3"):
        rule(network, np.ones((4, 2)), np.array([0, 1, 2, 3]))
    with pytest.raises(ValueError, match="classes must be whole numbers from 0 to 2"):
        rule(network, np.ones((2, 2)), np.array([0.5, 1]))
    with pytest.raises(ValueError, match="targets must lie between 0 and 1, got 0.0 to 2.0"):
        rule(network, np.ones((2, 2)), np.array([[0.0], [2.0]]))
    with pytest.raises(ValueError, match=r"one class for each sample, whole numbers of shape \(4,\), got .* \(3,\)"):
        network.accuracy(np.ones((4, 2)), np.zeros(3, int))
    for u1 in (-1, np.inf, np.nan):
        with pytest.raises(ValueError, match="u1 must not be negative"):
            ErrorDiffusion(u1=u1)
    network.parameters["last"][...] = np.nan
    with pytest.raises(ValueError, match="the loss is nan"):
        rule(network, np.ones((4, 2)), np.zeros(4, int))
    with pytest.raises(ValueError, match="outputs are not all finite"):
        network.predict(np.ones((4, 2)))
    cells = CellNetwork(2, 2, 1, rng)
    with pytest.raises(ValueError, match="expected 2 inputs, got 3"):
        cells.forward([1, 2, 3])
    with pytest.raises(ValueError, match="need inputs, pairs, depth >= 1"):
        CellNetwork(2, 0, 1, rng)
