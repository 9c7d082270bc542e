"""Target propagation and its inverses: worked by hand, against slow versions, and with bad input."""

import numpy as np
import pytest

from helpers.chapters.chapter5.sign_layers import Sign
from helpers.networks.initialization import fan_in_normal, orthogonal
from helpers.networks.layers import Affine, ReLU, Tanh
from helpers.networks.network import Diverged, Network, by_name
from helpers.networks.stages import activities, local_gradients, pull_back, run, stages_of
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.inverses import DenoisingDecoders, Inverses, denoising_decoders, random_orthogonal, transposed
from helpers.rules.reconstruction import reconstruction_errors
from helpers.rules.target_propagation import TargetPropagation
from helpers.training.optimizers import SGD, Adam

SIZES = [5, 4, 4, 4, 3]


@pytest.fixture
def network(rng) -> Network:
    return Network.dense(SIZES, rng, activation=Tanh, initial=fan_in_normal, dtype=np.float64)


@pytest.fixture
def x(rng) -> np.ndarray:
    return rng.standard_normal((6, 5))


LABELS = np.array([0, 1, 2, 2, 1, 0])


def exact(network: Network, bias: float = 0.0) -> Inverses:
    """Inverses of the square tanh stages 2 and 3, wrong by a constant."""

    def inverse(stage):
        W, b = stage[0].parameters["W"], stage[0].parameters["b"]
        return lambda h: np.linalg.solve(W.T, (np.arctanh(h) - b).T).T + bias

    stages = stages_of(network)
    return Inverses({i: inverse(stages[i - 1]) for i in (2, 3)})


class TestStages:
    def test_each_stage_is_an_affine_layer_and_its_activation(self, network):
        kinds = [[type(layer) for layer in stage] for stage in stages_of(network)]
        assert kinds == [[Affine, Tanh]] * 3 + [[Affine]]

    def test_a_sign_belongs_to_the_stage_that_receives_it(self, rng):
        layers = [Affine(rng.random((3, 3)), np.zeros(3)), Tanh(), Sign(), Affine(rng.random((3, 2)), np.zeros(2))]
        assert stages_of(Network(layers)) == [layers[:2], layers[2:]]

    def test_affine_layers_need_an_activation_between_them(self, rng):
        layers = [Affine(rng.random((3, 3)), np.zeros(3)) for _ in range(2)]
        with pytest.raises(ValueError, match="put an activation between them"):
            stages_of(Network(layers))

    @pytest.mark.parametrize("end", [[Tanh()], [Tanh(), Sign()]])
    def test_a_network_must_end_with_logits(self, rng, end):
        with pytest.raises(ValueError, match="last layer"):
            stages_of(Network([Affine(rng.random((3, 3)), np.zeros(3)), *end]))

    def test_activities_are_those_of_numpy(self, network, x):
        expected = [x]
        for i in range(1, 5):
            a = expected[-1] @ network.parameters[f"W{i}"] + network.parameters[f"b{i}"]
            expected.append(np.tanh(a) if i < 4 else a)
        for ours, theirs in zip(activities(stages_of(network), x), expected, strict=True):
            assert np.allclose(ours, theirs, atol=1e-14)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_input_that_is_not_finite_is_refused(self, network, x, bad):
        x[0, 0] = bad
        with pytest.raises(ValueError, match="NaN or infinite"):
            activities(stages_of(network), x)

    def test_a_stage_without_parameters_cannot_learn(self):
        layer = Tanh()
        layer.forward(np.ones((1, 2)))
        with pytest.raises(ValueError, match="parameters"):
            local_gradients([layer], np.ones((1, 2)))

    def test_learning_hands_out_the_gradient_by_the_affine_output(self, network, x, rng):
        stage, upstream = stages_of(network)[0], rng.standard_normal((6, 4))
        y = run(stage, x)
        delta = local_gradients(stage, upstream)
        assert np.allclose(delta, upstream * (1 - y**2), rtol=0, atol=1e-14)
        assert np.allclose(stage[0].gradients["W"], x.T @ delta, rtol=0, atol=1e-14)

    def test_pull_back_is_the_gradient_by_the_stages_input(self, network, x, rng, numerical_gradient):
        stage, upstream = stages_of(network)[0], rng.standard_normal((6, 4))
        run(stage, x)
        ours = pull_back(stage, upstream)
        assert np.allclose(ours, numerical_gradient(lambda x: (run(stage, x) * upstream).sum(), x), atol=1e-8)


def reference_updates(network, g, x, labels, rate, difference):
    """Algorithm 1 of the paper, one sample at a time, and without any layer of `helpers`."""
    W = [network.parameters[f"W{i}"] for i in range(1, 5)]
    b = [network.parameters[f"b{i}"] for i in range(1, 5)]
    updates = {name: np.zeros_like(array) for name, array in network.parameters.items()}
    for sample, label in zip(x, labels, strict=True):
        h = [sample]
        for i in range(3):
            h.append(np.tanh(h[-1] @ W[i] + b[i]))
        logits = h[-1] @ W[3] + b[3]
        p = np.exp(logits) / np.exp(logits).sum()
        p[label] -= 1
        updates["W4"] += np.outer(h[3], p)
        updates["b4"] += p
        target = {3: h[3] - rate * W[3] @ p}
        for i in (3, 2):
            target[i - 1] = g[i](target[i][None])[0]
            if difference:
                target[i - 1] = target[i - 1] + h[i - 1] - g[i](h[i][None])[0]
        for i in (1, 2, 3):
            delta = (h[i] - target[i]) / rate * (1 - h[i] ** 2)
            updates[f"W{i}"] += np.outer(h[i - 1], delta)
            updates[f"b{i}"] += delta
    return {name: total / len(x) for name, total in updates.items()}


class TestRule:
    @pytest.mark.parametrize(("rule", "difference"), [(TargetPropagation, False), (DifferenceTargetPropagation, True)])
    def test_updates_are_those_of_the_paper_sample_by_sample(self, rule, difference, network, x, rng):
        g = random_orthogonal(network, rng)
        _, ours = rule(g, 0.3)(network, x, LABELS)
        theirs = reference_updates(network, g, x, LABELS, 0.3, difference)
        for name in theirs:
            assert np.allclose(ours[name], theirs[name], atol=1e-12), name

    def test_the_loss_is_that_of_the_network(self, network, x, rng):
        loss, _ = DifferenceTargetPropagation(random_orthogonal(network, rng))(network, x, LABELS)
        assert loss == pytest.approx(network.loss(x, LABELS), abs=1e-14)

    def test_the_two_upper_stages_follow_the_gradient(self, network, x, rng):
        _, updates = DifferenceTargetPropagation(random_orthogonal(network, rng), 0.7)(network, x, LABELS)
        _, gradients = network.gradients(x, LABELS)
        for name in ("W3", "b3", "W4", "b4"):
            assert np.allclose(updates[name], gradients[name], atol=1e-13)

    def test_exact_inverses_make_the_two_rules_one(self, rng, x):
        network = Network.dense(SIZES, rng, activation=Tanh, initial=orthogonal, dtype=np.float64)
        results = [
            rule(exact(network), 0.05)(network, 0.3 * x, LABELS)[1]
            for rule in (TargetPropagation, DifferenceTargetPropagation)
        ]
        for name in results[0]:
            assert np.allclose(results[0][name], results[1][name], atol=1e-10)

    def test_a_constant_error_of_the_inverse_matters_to_tp_alone(self, rng, x):
        network = Network.dense(SIZES, rng, activation=Tanh, initial=orthogonal, dtype=np.float64)
        x = 0.3 * x
        logits = network.predict(x)
        nothing_to_learn = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        biased = exact(network, bias=0.05)
        _, tp = TargetPropagation(biased, 0.1)(network, x, nothing_to_learn)
        _, dtp = DifferenceTargetPropagation(biased, 0.1)(network, x, nothing_to_learn)
        assert np.abs(tp["W1"]).max() > 1e-3
        assert np.abs(dtp["W1"]).max() < 1e-12

    def test_transposed_linear_inverses_and_linear_stages_give_the_gradient(self, rng, x):
        class Identity(Tanh):
            def forward(self, x):
                self.y = x
                return x

            def backward(self, upstream):
                return upstream

        network = Network.dense(SIZES, rng, activation=Identity, scale=0.5, dtype=np.float64)
        _, updates = DifferenceTargetPropagation(transposed(network), 0.5)(network, x, LABELS)
        _, gradients = network.gradients(x, LABELS)
        for name in gradients:
            assert np.allclose(updates[name], gradients[name], atol=1e-12)

    def test_a_network_with_one_hidden_layer_needs_no_inverse(self, rng, x):
        network = Network.dense([5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)
        _, updates = TargetPropagation(Inverses({}), 0.5)(network, x, LABELS)
        _, gradients = network.gradients(x, LABELS)
        assert np.allclose(updates["W1"], gradients["W1"], atol=1e-13)

    def test_the_inverses_learn_with_every_call(self, network, x, rng):
        g = denoising_decoders(network, rng, SGD(0.1), noise=0.1)
        before = {name: array.copy() for name, array in by_name(layer.parameters for layer in g.layers).items()}
        DifferenceTargetPropagation(g)(network, x, LABELS)
        assert not any(
            np.array_equal(before[name], by_name(layer.parameters for layer in g.layers)[name]) for name in before
        )

    def test_the_target_rate_is_one_half_unless_told_otherwise(self, network, x, rng):
        g = random_orthogonal(network, rng)
        by_default, told = (rule(network, x, LABELS)[1] for rule in (TargetPropagation(g), TargetPropagation(g, 0.5)))
        assert all(np.array_equal(by_default[name], told[name]) for name in told)

    @pytest.mark.parametrize("rate", [0, -1, np.nan, np.inf])
    def test_the_target_rate_must_be_positive_and_finite(self, rate):
        with pytest.raises(ValueError, match="target_rate"):
            TargetPropagation(Inverses({}), rate)

    def test_labels_that_do_not_fit_are_refused(self, network, x, rng):
        with pytest.raises(ValueError, match="labels"):
            DifferenceTargetPropagation(random_orthogonal(network, rng))(network, x, LABELS[:2])

    def test_inverses_must_be_there_for_every_stage(self, network, x):
        with pytest.raises(ValueError, match="no inverse of stage 3"):
            DifferenceTargetPropagation(Inverses({}))(network, x, LABELS)


class TestInverses:
    def test_every_kind_has_the_shapes_of_its_stage(self, rng):
        network = Network.dense([5, 4, 7, 6, 3], rng, activation=Tanh, scale=0.5)
        for make in (lambda: random_orthogonal(network, rng), lambda: transposed(network)):
            made = make()
            assert sorted(made.functions) == [2, 3]
            assert made[3](np.ones((2, 6), np.float32)).shape == (2, 7)
            assert made[2](np.ones((2, 7), np.float32)).shape == (2, 4)

    def test_transposed_decoders_see_the_weights_change(self, network):
        g, h = transposed(network)[2], np.full((1, 4), 0.2)
        network.parameters["W2"] += 0.1
        assert np.allclose(g(h), np.tanh(h @ network.parameters["W2"].T), atol=1e-14)

    def test_a_decoder_that_has_diverged_says_so_before_the_network_learns_from_it(self, network, x, rng):
        inverses = random_orthogonal(network, rng)
        inverses[2].stage[0].parameters["W"][0, 0] = np.nan
        with pytest.raises(Diverged, match="a decoder's answer is not finite"):
            DifferenceTargetPropagation(inverses)(network, x, LABELS)

    def test_a_decoder_of_signs_sees_signs(self, rng):
        layers = []
        for inputs, outputs, before in ((5, 4, []), (4, 4, [Sign()]), (4, 3, [])):
            layers += [*before, Affine(rng.standard_normal((inputs, outputs)), np.zeros(outputs)), Tanh()]
        g = random_orthogonal(Network(layers[:-1]), rng)[2]
        assert np.array_equal(g(np.array([[0.1, -0.1, 2.0, -3.0]])), g(np.array([[1.0, -1.0, 1.0, -1.0]])))

    def test_a_decoder_ends_with_the_activation_of_the_stage_below(self, rng):
        weights = [Affine(rng.standard_normal((4, 4)), np.zeros(4)) for _ in range(3)]
        network = Network([weights[0], ReLU(), weights[1], Tanh(), weights[2]])
        h = rng.standard_normal((50, 4))
        expected = np.maximum(h @ weights[1].parameters["W"].T, 0)
        assert np.allclose(transposed(network)[2](h), expected, rtol=0, atol=1e-14)

    def test_random_inverses_have_orthonormal_weights_and_learned_ones_start_there(self, network, rng):
        for g in (random_orthogonal(network, rng), denoising_decoders(network, rng, SGD(0.1), noise=0.1)):
            V = g[2].stage[0].parameters["W"]
            assert np.allclose(V @ V.T, np.eye(4), rtol=0, atol=1e-12)
            assert not np.allclose(V, network.parameters["W2"].T)

    def test_learning_stays_in_the_precision_of_the_network(self, rng):
        network = Network.dense(SIZES, rng, activation=Tanh, initial=fan_in_normal)
        g = denoising_decoders(network, rng, SGD(0.1), noise=0.3)
        g.learn(stages_of(network), activities(stages_of(network), rng.random((6, 5), np.float32)))
        assert {array.dtype for array in by_name(layer.gradients for layer in g.layers).values()} == {
            np.dtype(np.float32)
        }

    def test_without_a_decoder_nothing_is_drawn_and_nothing_learned(self, x, rng):
        network = Network.dense([5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=np.float64)
        g, state = denoising_decoders(network, rng, SGD(0.1), noise=0.3), rng.bit_generator.state
        g.learn(stages_of(network), activities(stages_of(network), x))
        assert g.functions == {} and rng.bit_generator.state == state

    def test_noise_may_be_zero(self, network, x, rng):
        g = denoising_decoders(network, rng, SGD(0.1), noise=0)
        g.learn(stages_of(network), activities(stages_of(network), x))
        assert g.noise == 0

    def test_learning_follows_the_gradient_of_the_denoising_loss(self, network, x, rng, numerical_gradient):
        class Recorder(SGD):
            def step(self, parameters, gradients):
                self.seen = gradients

        recorder = Recorder(0.1)
        g = denoising_decoders(network, rng, recorder, noise=0.3)
        h = activities(stages_of(network), x)
        state = rng.bit_generator.state
        g.learn(stages_of(network), h)
        rng.bit_generator.state = state
        draw = 0.3 * rng.standard_normal((len(x), max(h[1].shape[1], h[2].shape[1])))
        noise = {i: draw[:, : h[i - 1].shape[1]] for i in (2, 3)}
        W = {i: network.parameters[f"W{i}"] for i in (2, 3)}
        for i in (2, 3):
            noisy = h[i - 1] + noise[i]

            def loss(V, i=i, noisy=noisy):
                return ((np.tanh(np.tanh(noisy @ W[i]) @ V) - noisy) ** 2).sum() / (2 * len(x))

            assert np.allclose(
                recorder.seen[f"W{i - 1}"], numerical_gradient(loss, g[i].stage[0].parameters["W"]), atol=1e-8
            )

    def test_decoders_learn_to_undo_their_stage(self, network, x, rng):
        g = denoising_decoders(network, rng, Adam(0.01), noise=0.1)
        before = reconstruction_errors(network, g, x)
        for _ in range(300):
            g.learn(stages_of(network), activities(stages_of(network), rng.standard_normal((30, 5))))
        after = reconstruction_errors(network, g, x)
        assert all(after[i] < 0.3 * before[i] for i in (2, 3))

    def test_fixed_inverses_stay(self, network, x, rng):
        g = random_orthogonal(network, rng)
        before = g[2](np.ones((1, 4)))
        g.learn(stages_of(network), activities(stages_of(network), x))
        assert np.array_equal(g[2](np.ones((1, 4))), before)

    @pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf])
    def test_noise_must_be_a_standard_deviation(self, noise, rng):
        with pytest.raises(ValueError, match="noise"):
            DenoisingDecoders({}, Adam(0.1), noise, rng)

    def test_single_precision_stays_single(self, rng):
        network = Network.dense(SIZES, rng, activation=Tanh, scale=0.5)
        x = rng.standard_normal((6, 5)).astype(np.float32)
        _, updates = DifferenceTargetPropagation(denoising_decoders(network, rng, Adam(0.01), 0.1))(network, x, LABELS)
        assert {update.dtype for update in updates.values()} == {np.dtype(np.float32)}
