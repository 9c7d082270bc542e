"""Feedback alignment: with the network's own weights it is backpropagation; slow versions; bad input."""

import numpy as np
import pytest

from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.rules.direct_feedback_alignment import DirectFeedbackAlignment
from helpers.rules.feedback_alignment import FeedbackAlignment

LABELS = np.array([0, 1, 2, 2])


@pytest.fixture
def network(rng) -> Network:
    return Network.dense([5, 4, 6, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)


@pytest.fixture
def x(rng) -> np.ndarray:
    return rng.standard_normal((4, 5))


def output_error(network, x):
    logits = network.predict(x)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p[np.arange(4), LABELS] -= 1
    return p / 4


def hidden(network, x):
    h = [x]
    for i in (1, 2):
        h.append(np.tanh(h[-1] @ network.parameters[f"W{i}"] + network.parameters[f"b{i}"]))
    return h


def test_with_transposed_weights_fa_is_backpropagation(network, x, rng):
    rule = FeedbackAlignment(network, rng)
    rule.feedback = [network.parameters[f"W{i}"].T for i in (2, 3)]
    loss, updates = rule(network, x, LABELS)
    expected, gradients = network.gradients(x, LABELS)
    assert loss == pytest.approx(expected, abs=1e-14)
    for name in gradients:
        assert np.allclose(updates[name], gradients[name], atol=1e-14)


def test_fa_by_its_equations(network, x, rng):
    rule = FeedbackAlignment(network, rng)
    h, e = hidden(network, x), output_error(network, x)
    delta_2 = (e @ rule.feedback[1]) * (1 - h[2] ** 2)
    delta_1 = (delta_2 @ rule.feedback[0]) * (1 - h[1] ** 2)
    _, updates = rule(network, x, LABELS)
    for number, below, delta in ((3, h[2], e), (2, h[1], delta_2), (1, x, delta_1)):
        assert np.allclose(updates[f"W{number}"], below.T @ delta, atol=1e-14)
        assert np.allclose(updates[f"b{number}"], delta.sum(axis=0), atol=1e-14)


def test_dfa_by_its_equations(network, x, rng):
    rule = DirectFeedbackAlignment(network, rng)
    h, e = hidden(network, x), output_error(network, x)
    _, updates = rule(network, x, LABELS)
    for number in (1, 2):
        delta = (e @ rule.feedback[number - 1]) * (1 - h[number] ** 2)
        assert np.allclose(updates[f"W{number}"], h[number - 1].T @ delta, atol=1e-14)
    assert np.allclose(updates["W3"], h[2].T @ e, atol=1e-14)


@pytest.mark.parametrize("kind", [FeedbackAlignment, DirectFeedbackAlignment])
def test_feedback_never_changes_and_keeps_the_precision(kind, rng):
    network = Network.dense([5, 4, 6, 3], rng, activation=Tanh, scale=0.5)
    rule = kind(network, rng)
    before = [array.copy() for array in rule.feedback]
    _, updates = rule(network, rng.standard_normal((4, 5)).astype(np.float32), LABELS)
    assert all(np.array_equal(a, b) for a, b in zip(before, rule.feedback, strict=True))
    assert {update.dtype for update in updates.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("kind", "rows"), [(FeedbackAlignment, 300), (DirectFeedbackAlignment, 20)])
def test_feedback_keeps_the_size_of_an_error(kind, rows, rng):
    network = Network.dense([5, 200, 300, 20], rng, activation=Tanh)
    B = kind(network, rng).feedback[0]
    assert B.shape == (rows, 200)
    assert B.std() * np.sqrt(rows) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("kind", [FeedbackAlignment, DirectFeedbackAlignment])
def test_bad_batches_are_refused(kind, network, x, rng):
    rule = kind(network, rng)
    with pytest.raises(ValueError, match="labels"):
        rule(network, x, LABELS[:2])
    x[0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        rule(network, x, LABELS)


@pytest.mark.parametrize("kind", [FeedbackAlignment, DirectFeedbackAlignment])
def test_a_network_of_another_depth_is_refused(kind, network, x, rng):
    rule = kind(network, rng)
    with pytest.raises(ValueError):
        rule(Network.dense([5, 4, 3], rng, activation=Tanh, dtype=np.float64), x, LABELS)


@pytest.mark.parametrize("kind", [FeedbackAlignment, DirectFeedbackAlignment])
def test_feedback_drawn_for_a_shallower_network_is_refused(kind, network, x, rng):
    rule = kind(Network.dense([5, 4, 3], rng, activation=Tanh, scale=0.5), rng)
    with pytest.raises(ValueError, match="drawn for 2 stages, the network has 3"):
        rule(network, x, LABELS)
