"""Diagnostics: known angles, a reconstruction by hand, and a monitor that changes nothing."""

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from experiments.augmented import shifts
from helpers.data.datasets import Dataset, Split
from helpers.measures import diagnostics
from helpers.networks.layers import Tanh
from helpers.networks.network import Network
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.rules.inverses import Inverses, random_orthogonal
from helpers.rules.reconstruction import reconstruction_errors
from helpers.training.loop import fit
from helpers.training.optimizers import SGD

LABELS = np.array([0, 1, 2])


@pytest.fixture
def network(rng) -> Network:
    return Network.dense([4, 3, 3, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)


class TestAngle:
    @pytest.mark.parametrize(("b", "degrees"), [((1, 0), 0), ((1, 1), 45), ((0, 5), 90), ((-2, 0), 180)])
    def test_angles_in_the_plane(self, b, degrees):
        assert diagnostics.angle(np.array([3.0, 0.0]), np.array(b, float)) == pytest.approx(degrees, abs=1e-9)

    def test_it_is_scipys_cosine_for_matrices(self, rng):
        a, b = rng.standard_normal((2, 4, 5))
        assert np.cos(np.radians(diagnostics.angle(a, b))) == pytest.approx(1 - cosine(a.ravel(), b.ravel()))

    def test_parallel_vectors_do_not_give_nan(self, rng):
        a = rng.standard_normal(1000)
        assert diagnostics.angle(a, 3 * a) == pytest.approx(0, abs=1e-5)

    def test_single_precision_is_summed_in_double(self):
        a = np.full(10**5, 1e-20, np.float32)
        assert diagnostics.angle(a, a) == pytest.approx(0, abs=1e-5)

    def test_nothing_points_nowhere(self):
        assert diagnostics.angle(np.zeros(3), np.ones(3)) == diagnostics.angle(np.ones(3), np.zeros(3)) == 90

    def test_shapes_must_agree(self):
        with pytest.raises(ValueError, match="one shape"):
            diagnostics.angle(np.ones(3), np.ones((3, 1)))

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_numbers_must_be_finite(self, bad):
        for pair in ((np.array([bad, 1]), np.ones(2)), (np.ones(2), np.array([bad, 1]))):
            with pytest.raises(ValueError, match="finite"):
                diagnostics.angle(*pair)


def test_norms_are_euclidean():
    assert diagnostics.norms({"W": np.array([[3.0], [4.0]])}) == {"W": 5.0}


class TestReconstruction:
    def test_an_exact_inverse_has_no_error(self, network, rng):
        W = network.parameters["W2"]
        inverse = Inverses({2: lambda h: np.arctanh(h) @ np.linalg.inv(W)})
        assert reconstruction_errors(network, inverse, rng.random((5, 4)))[2] < 1e-20

    def test_the_mean_has_error_1(self, network, rng):
        x = rng.random((5, 4))
        mean = np.tanh(x @ network.parameters["W1"]).mean(axis=0)
        inverse = Inverses({2: lambda h: np.tile(mean, (len(h), 1))})
        assert reconstruction_errors(network, inverse, x)[2] == pytest.approx(1)


class TestMonitor:
    def test_it_hands_on_what_the_rule_returns(self, network, rng):
        x = rng.random((3, 4))
        updates = {name: rng.random(array.shape) for name, array in network.parameters.items()}
        monitor = diagnostics.Monitor(lambda *_: (1.5, updates))
        loss, seen = monitor(network, x, LABELS)
        assert loss == 1.5
        assert seen is updates

    def test_backpropagation_is_at_0_degrees(self, network, rng):
        monitor = diagnostics.Monitor(Network.gradients, every=2)
        for _ in range(5):
            monitor(network, rng.random((3, 4)), LABELS)
        assert monitor.steps == [0, 2, 4]
        assert all(value == pytest.approx(0, abs=1e-5) for angles in monitor.angles for value in angles.values())
        assert monitor.norms[0].keys() == network.parameters.keys()

    def test_it_must_look_now_and_then(self):
        with pytest.raises(ValueError, match="every"):
            diagnostics.Monitor(Network.gradients, every=0)


def test_the_angle_of_tiny_and_of_huge_vectors_is_that_of_others():
    for size in (1e-200, 1.0, 1e200):
        assert diagnostics.angle(np.array([size, 0.0]), np.array([size, size])) == pytest.approx(45)


def test_a_reconstruction_error_needs_activities_that_differ(rng):
    network = Network.dense([5, 4, 4, 3], rng, activation=Tanh, scale=0.5)
    with pytest.raises(ValueError, match="answers all 1 samples alike"):
        reconstruction_errors(network, random_orthogonal(network, rng), np.ones((1, 5), np.float32))


def only_upper(count):
    return diagnostics.OnlySome(Network.gradients, diagnostics.upper_layers(count))


class TestOnlySome:
    def test_the_upper_layers_follow_the_gradient_and_the_others_stay(self, network, rng):
        x = rng.random((3, 4))
        loss, updates = only_upper(2)(network, x, LABELS)
        expected, gradients = network.gradients(x, LABELS)
        assert loss == expected
        for name, update in updates.items():
            assert np.array_equal(update, gradients[name] if name[1:] in "23" else np.zeros_like(gradients[name])), name

    def test_with_all_layers_it_is_backpropagation(self, network, rng):
        x = rng.random((3, 4))
        _, updates = only_upper(3)(network, x, LABELS)
        _, gradients = network.gradients(x, LABELS)
        assert all(np.array_equal(updates[name], gradients[name]) for name in gradients)

    def test_one_layer_must_learn(self):
        with pytest.raises(ValueError, match="count must be at least 1"):
            only_upper(0)

    def test_a_name_that_no_array_has_is_refused(self, network, rng):
        with pytest.raises(ValueError, match=r"no parameter array is called \['W9'\]"):
            diagnostics.OnlySome(Network.gradients, lambda _: ["W9"])(network, rng.random((3, 4)), LABELS)


def test_wrappers_keep_the_contract_in_any_order(network, rng):
    x = rng.random((3, 4))
    rule = FeedbackAlignment(network, rng)
    learns = diagnostics.upper_layers(2)
    inside = diagnostics.OnlySome(diagnostics.Monitor(rule), learns)(network, x, LABELS)
    outside = diagnostics.Monitor(diagnostics.OnlySome(rule, learns))(network, x, LABELS)
    assert inside.loss == outside.loss and inside.arrays.keys() == outside.arrays.keys() == network.parameters.keys()
    for name, array in inside.arrays.items():
        np.testing.assert_array_equal(array, outside.arrays[name])


def test_a_monitor_sees_the_batch_that_its_rule_sees(network, rng):
    samples = Split(rng.random((30, 4)), rng.integers(3, size=30))
    data = Dataset("made", (2, 2), 3, samples, samples, samples)
    monitor = diagnostics.Monitor(Network.gradients)
    fit(
        network, data, SGD(0.1), rng, steps=5, batch_size=10, rule=monitor, score=None,
        change=shifts((2, 2), rng),
    )  # fmt: skip
    assert monitor.steps == [0, 1, 2, 3, 4]  # it looks at every step unless told otherwise
    assert all(value < 1e-4 for angles in monitor.angles for value in angles.values())
