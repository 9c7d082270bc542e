"""The fast network against cells one by one, against the source's programs and against central differences."""

import inspect

import numpy as np
import pytest

from benchmarks.error_diffusion_ports import FourMatrixNetwork, TensorNetwork
from benchmarks.error_diffusion_step import largest_difference
from helpers.chapters.chapter4.error_diffusion_cells import CellNetwork, fast_copy, merged
from helpers.chapters.chapter4.online import rounds_to_learn
from helpers.data.datasets import digits, parity, two_classes
from helpers.measures.gradient_check import central_difference
from helpers.rules.error_diffusion import ErrorDiffusion, ErrorDiffusionNetwork
from helpers.training.loop import fit
from helpers.training.optimizers import SGD


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_fast_network_is_the_cells(depth, two_way, rng):
    cells = CellNetwork(3, 4, depth, rng, u0=0.6, threshold=0.5)
    network, rule, optimizer = fast_copy(cells), ErrorDiffusion(two_way, u1=0.5), SGD(0.7)
    for _ in range(30):
        x, t = rng.random((1, 3)), rng.integers(2, size=1)
        assert cells.forward(x[0]) == pytest.approx(network.forward(x)[0, 0], abs=1e-12)
        cells.learn(t[0], alpha=0.7, u1=0.5, two_way=two_way)
        optimizer.step(network.parameters, rule(network, x, t)[1])
        for name, weight in merged(cells).items():
            np.testing.assert_allclose(network.parameters[name], weight, atol=1e-12)


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


@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
@pytest.mark.parametrize("depth", [1, 3])
def test_gradients_agree_with_central_differences(loss, depth, rng):
    network = ErrorDiffusionNetwork(3, 2, depth, rng, networks=2, u0=1.0, loss=loss)
    x, t = rng.random((5, 3)), rng.integers(2, size=(5, 2))
    value, gradients = network.gradients(x, t)
    assert value == network.errors(x, t)[0]
    for name, parameter in network.parameters.items():
        numerical = central_difference(lambda: network.errors(x, t)[0], parameter)
        np.testing.assert_allclose(gradients[name], numerical, atol=1e-9)


def test_the_gradient_of_targets_in_between(rng):
    network = ErrorDiffusionNetwork(3, 2, 2, rng, u0=1.0, loss="cross-entropy")
    x, t = rng.random((5, 3)), rng.random((5, 1))
    _, gradients = network.gradients(x, t)
    for name, parameter in network.parameters.items():
        numerical = central_difference(lambda: network.errors(x, t)[0], parameter)
        np.testing.assert_allclose(gradients[name], numerical, atol=1e-9)


def test_the_losses_by_hand(rng):
    x, t = rng.random((4, 3)), np.array([0, 1, 1, 0])
    for loss in ("squared", "cross-entropy"):
        network = ErrorDiffusionNetwork(3, 2, 1, rng, scale=0.1, loss=loss)
        y = network.predict(x)[:, 0]
        likely = np.where(t == 1, y, 1 - y)
        expected = {"squared": np.mean((t - y) ** 2) / 2, "cross-entropy": -np.log(likely).mean()}
        value, error = network.errors(x, t)
        assert value == pytest.approx(expected[loss], rel=1e-12)
        np.testing.assert_allclose(error, (t - y)[None], atol=1e-15)


def test_no_default_step_makes_a_samples_error_larger(rng):
    for rate in (0.1, 10.0, 1e4):
        for _ in range(10):
            network = ErrorDiffusionNetwork(3, 3, 3, rng, u0=1.0)
            x, t = rng.random((1, 3)), rng.integers(2, size=1)
            loss, updates = ErrorDiffusion()(network, x, t)
            SGD(rate).step(network.parameters, updates)
            assert network.errors(x, t)[0] <= loss + 1e-15


@pytest.mark.parametrize("loss", ["squared", "cross-entropy"])
@pytest.mark.parametrize("two_way", [False, True])
def test_every_entry_of_a_samples_update_has_the_sign_of_the_gradient(loss, two_way, rng):
    network = ErrorDiffusionNetwork(3, 3, 4, rng, scale=0.3, u0=1.0, loss=loss)
    for _ in range(20):
        x, t = rng.random((1, 3)), rng.integers(2, size=1)
        update, gradient = ErrorDiffusion(two_way)(network, x, t)[1], network.gradients(x, t)[1]
        for name in update:
            assert (update[name] * gradient[name] >= 0).all()
            assert (update[name] != 0).any()


def test_networks_side_by_side_are_networks_apart(rng):
    together = ErrorDiffusionNetwork(4, 3, 3, rng, networks=3)
    x, t = rng.random((6, 4)), rng.integers(3, size=6)
    loss, updates = ErrorDiffusion()(together, x, t)
    losses = 0.0
    for k in range(3):
        alone = ErrorDiffusionNetwork(4, 3, 3, rng)
        alone.parameters["first"][0] = together.parameters["first"][k]
        alone.parameters["hidden"][:, 0] = together.parameters["hidden"][:, k]
        alone.parameters["last"][0] = together.parameters["last"][k]
        part, update = ErrorDiffusion()(alone, x, (t == k).astype(int))
        losses += part
        np.testing.assert_allclose(updates["first"][k], update["first"][0], atol=1e-15)
        np.testing.assert_allclose(updates["hidden"][:, k], update["hidden"][:, 0], atol=1e-15)
        np.testing.assert_allclose(updates["last"][k], update["last"][0], atol=1e-15)
    assert loss == pytest.approx(losses)


def test_a_batch_is_the_mean_of_its_samples(rng):
    network = ErrorDiffusionNetwork(4, 3, 3, rng)
    x, t = rng.random((5, 4)), rng.integers(2, size=5)
    _, batch = ErrorDiffusion()(network, x, t)
    singles = [ErrorDiffusion()(network, x[i : i + 1], t[i : i + 1])[1] for i in range(5)]
    for name, update in batch.items():
        np.testing.assert_allclose(update, np.mean([single[name] for single in singles], axis=0), atol=1e-15)


def test_float32_stays_float32_and_learns(rng):
    data = two_classes(digits(), 0, 1)
    network = ErrorDiffusionNetwork(64, 2, 3, rng, dtype=np.float32)
    fit(network, data, SGD(0.5), rng, steps=300, batch_size=32, rule=ErrorDiffusion(), evaluate_every=300)
    assert all(parameter.dtype == np.float32 for parameter in network.parameters.values())
    assert network.predict(data.test.x).dtype == np.float32
    assert network.accuracy(data.test.x, data.test.t) > 0.9


def test_rounds_count_as_the_cells_do(rng):
    cells = CellNetwork(2, 8, 1, rng)
    network, data, rounds, wrong = fast_copy(cells), parity(2), 0, 1.0
    while wrong >= 0.1:
        rounds, wrong = rounds + 1, 0.0
        for x, t in zip(data.x, data.t, strict=True):
            wrong += abs(t - cells.forward(x))
            cells.learn(t)
    assert rounds_to_learn(network, data, ErrorDiffusion()).tolist() == [rounds]


def test_initial_weights_have_the_signs_of_the_kinds_and_pairs_have_either(rng):
    network = ErrorDiffusionNetwork(20, 6, 4, rng, networks=8, scale=0.5)
    first, hidden, last = network.parameters.values()
    kinds = network.kinds
    assert (hidden[..., :-1, :] * np.outer(kinds, kinds) > 0).all()
    assert (last[:, :-1] * kinds > 0).all()
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
    network = ErrorDiffusionNetwork(2, 4, 1, rng, u0=1.0, loss="cross-entropy")
    network.parameters["last"][...] = 0
    for sign, label in ((1, 0), (-1, 1)):
        network.parameters["last"][0, -1] = sign * 10  # a sum of 8, and u0 is 1
        assert network.errors(np.ones((1, 2)), np.array([label]))[0] == pytest.approx(np.log1p(np.exp(16)), rel=1e-6)


def test_the_defaults_are_those_of_the_published_tables():
    assert rounds_to_learn.__kwdefaults__ == {"learning_rate": 0.8, "tolerance": 0.1, "limit": 10_000}
    defaults = inspect.signature(ErrorDiffusionNetwork).parameters  # also through a wrapper of __init__
    assert [defaults[name].default for name in ("scale", "u0", "threshold")] == [1.0, 0.4, 0.8]
    assert CellNetwork.__init__.__kwdefaults__ == {"u0": 0.4, "threshold": 0.8}
    assert CellNetwork.learn.__defaults__ == (0.8, 1.0)


def test_what_is_not_learned_in_time_has_infinite_rounds(rng):
    network = ErrorDiffusionNetwork(2, 4, 1, rng, networks=3)
    assert np.isinf(rounds_to_learn(network, parity(2), ErrorDiffusion(), limit=1)).all()
    with pytest.raises(ValueError, match="must be positive, got 0"):
        rounds_to_learn(network, parity(2), ErrorDiffusion(), limit=0)
    for rate in (0.0, np.inf):
        with pytest.raises(ValueError, match="must be positive"):
            rounds_to_learn(network, parity(2), ErrorDiffusion(), learning_rate=rate)
    for tolerance in (0.0, np.inf):
        with pytest.raises(ValueError, match="tolerance must be positive and finite"):
            rounds_to_learn(network, parity(2), ErrorDiffusion(), tolerance=tolerance)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"inputs": 0}, "at least 1, got 0"),
        ({"depth": 0}, "at least 1"),
        ({"u0": 0.0}, "u0 must be positive"),
        ({"scale": np.nan}, "scale and u0 must be positive"),
        ({"threshold": -1.0}, "threshold not negative"),
        ({"loss": "absolute"}, "must be one of .* got 'absolute'"),
    ],
)
def test_a_network_refuses_bad_settings(change, words, rng):
    settings = {"inputs": 2, "pairs": 2, "depth": 1, "rng": rng} | change
    with pytest.raises(ValueError, match=words):
        ErrorDiffusionNetwork(**settings)


def test_bad_batches_are_refused(rng):
    network = ErrorDiffusionNetwork(2, 2, 1, rng, networks=3)
    rule = ErrorDiffusion()
    with pytest.raises(ValueError, match=r"shape \(n, 2\).* got ndarray of shape \(4, 3\)"):
        rule(network, np.ones((4, 3)), np.zeros(4, int))
    with pytest.raises(ValueError, match="n >= 1"):
        rule(network, np.ones((0, 2)), np.zeros(0, int))
    with pytest.raises(ValueError, match="NaN or infinite values"):
        rule(network, np.full((1, 2), np.nan), np.zeros(1, int))
    with pytest.raises(ValueError, match=r"targets must have shape .* got \(4, 2\)"):
        rule(network, np.ones((4, 2)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="classes must lie between 0 and 2, got 0 to 3"):
        rule(network, np.ones((4, 2)), np.array([0, 1, 2, 3]))
    with pytest.raises(ValueError, match="classes must lie between 0 and 2"):
        rule(network, np.ones((2, 2)), np.array([0.5, 1]))
    with pytest.raises(ValueError, match="targets must lie between 0 and 1, got 0.0 to 2.0"):
        rule(network, np.ones((2, 2)), np.array([[0.0], [2.0]]))
    with pytest.raises(ValueError, match=r"one class for each sample, shape \(4,\), got \(3,\)"):
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
