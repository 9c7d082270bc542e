"""Weight and node perturbation: right on average, and as noisy as the theory says; against plain loops."""

import numpy as np
import pytest

from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.rules.node_perturbation import NodePerturbation, losses
from helpers.rules.weight_perturbation import WeightPerturbation

DRAWS = 4000
SIGMA = 1e-5
LABELS = np.array([0, 1, 2, 2])


@pytest.fixture
def network(rng) -> Network:
    return Network.dense([5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)


@pytest.fixture
def x(rng) -> np.ndarray:
    return rng.standard_normal((4, 5))


def end_to_end(arrays) -> np.ndarray:
    return np.concatenate([array.ravel() for array in arrays.values()])


def draws(rule, network, x, labels) -> np.ndarray:
    return np.array([end_to_end(rule(network, x, labels).arrays) for _ in range(DRAWS)])


@pytest.mark.parametrize("kind", [WeightPerturbation, NodePerturbation])
def test_the_mean_over_nudges_is_the_gradient(kind, network, x, rng):
    """Each entry of a mean over `DRAWS` is normal to good approximation: six standard errors are never passed."""
    seen = draws(kind(rng, SIGMA), network, x, LABELS)
    error = seen.std(axis=0) / np.sqrt(DRAWS)
    gradient = end_to_end(network.gradients(x, LABELS).arrays)
    assert np.all(np.abs(seen.mean(axis=0) - gradient) < 6 * error)
    assert np.any(np.abs(gradient) > 6 * error)  # a rule that returns noise about zero would be seen


def test_weight_perturbation_misses_by_one_more_than_its_weights_times_the_gradient(network, x, rng):
    """The ratio has a standard error of about 3 / sqrt(DRAWS): five of them are 24 %."""
    gradient = end_to_end(network.gradients(x, LABELS).arrays)
    seen = draws(WeightPerturbation(rng, SIGMA), network, x, LABELS)
    missed = np.square(seen - gradient).sum(axis=1).mean() / np.square(gradient).sum()
    assert missed == pytest.approx(gradient.size + 1, rel=0.24)


def test_node_perturbation_of_one_layer_misses_by_one_more_than_its_units(x, rng):
    network = Network.dense([5, 9], rng, scale=0.5, dtype=np.float64)
    gradient = end_to_end(network.gradients(x[:1], np.array([3])).arrays)
    seen = draws(NodePerturbation(rng, SIGMA), network, x[:1], np.array([3]))
    missed = np.square(seen - gradient).sum(axis=1).mean() / np.square(gradient).sum()
    assert missed == pytest.approx(9 + 1, rel=0.24)


def test_weight_perturbation_is_its_equation(network, x):
    update = WeightPerturbation(np.random.default_rng(4), 0.01)(network, x, LABELS)
    rng = np.random.default_rng(4)
    nudges = {name: rng.standard_normal(array.shape) for name, array in network.parameters.items()}
    before = network.loss(x, LABELS)
    for name, array in network.parameters.items():
        array += 0.01 * nudges[name]
    slope = (network.loss(x, LABELS) - before) / 0.01
    for name, nudge in nudges.items():
        np.testing.assert_allclose(update.arrays[name], slope * nudge, rtol=1e-9)


def test_node_perturbation_is_its_equation_sample_by_sample(network, x):
    update = NodePerturbation(np.random.default_rng(4), 0.01)(network, x, LABELS)
    rng = np.random.default_rng(4)
    first, second = rng.standard_normal((4, 4)), rng.standard_normal((4, 3))
    W1, b1, W2, b2 = network.parameters.values()
    expected = {name: np.zeros_like(array) for name, array in network.parameters.items()}
    for s in range(4):
        label = LABELS[s : s + 1]
        h = np.tanh(x[s] @ W1 + b1)
        nudged = np.tanh(x[s] @ W1 + b1 + 0.01 * first[s]) @ W2 + b2 + 0.01 * second[s]
        slope = (network.loss_of(nudged[None], label) - network.loss_of((h @ W2 + b2)[None], label)) / 0.01
        expected["W1"] += np.outer(x[s], slope * first[s]) / 4
        expected["b1"] += slope * first[s] / 4
        expected["W2"] += np.outer(h, slope * second[s]) / 4
        expected["b2"] += slope * second[s] / 4
    for name, array in expected.items():
        np.testing.assert_allclose(update.arrays[name], array, rtol=1e-9, atol=1e-12)


def test_the_losses_of_the_samples_have_the_loss_of_the_batch_as_their_mean(network, x):
    each = losses(network, network.predict(x), LABELS)
    assert each.shape == (4, 1)
    assert each.mean() == pytest.approx(network.loss(x, LABELS))


@pytest.mark.parametrize("kind", [WeightPerturbation, NodePerturbation])
def test_the_threshold_weights_of_cells_are_perturbed_with_the_rest(kind, rng):
    network = excitatory_inhibitory(3, 2, 2, rng, u0=2.0)
    x, labels = rng.random((1, 3)), np.array([1])
    seen = draws(kind(rng, SIGMA), network, x, labels)
    gradient = end_to_end(network.gradients(x, labels).arrays)
    assert np.all(np.abs(seen.mean(axis=0) - gradient) < 6 * seen.std(axis=0) / np.sqrt(DRAWS) + 1e-12)


@pytest.mark.parametrize("kind", [WeightPerturbation, NodePerturbation])
@pytest.mark.parametrize("sigma", [0.0, -1e-3, np.nan, np.inf])
def test_a_nudge_needs_a_size(kind, sigma, rng):
    with pytest.raises(ValueError, match="sigma must be positive and finite"):
        kind(rng, sigma)


@pytest.mark.parametrize("kind", [WeightPerturbation, NodePerturbation])
def test_a_nudge_is_a_thousandth_unless_another_is_asked_for(kind, rng):
    assert kind(rng).sigma == 1e-3
