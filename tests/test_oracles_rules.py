"""Every rule's update is its equation, in plain loops over samples and weights (``oracles.py``), for random shapes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import rules
from helpers.networks import layers
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.networks.stages import activities, stages_of
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.direct_feedback_alignment import DirectFeedbackAlignment
from helpers.rules.error_diffusion import ErrorDiffusion
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.rules.inverses import denoising_decoders, random_orthogonal
from helpers.rules.node_perturbation import NodePerturbation
from helpers.rules.reconstruction import reconstruction_errors
from helpers.rules.target_propagation import TargetPropagation
from helpers.rules.weight_perturbation import WeightPerturbation
from helpers.training.optimizers import SGD
from tests.oracles import Loops, agree, few, logistic, times

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5)
DEEP = st.lists(st.integers(1, 5), min_size=4, max_size=6)
SAMPLES, SEEDS = st.integers(1, 6), st.integers(0, 99)
ACTIVATION = st.sampled_from(["Tanh", "Sigmoid", "ReLU"])


def made(sizes, activation, n, seed):
    """A network with biases, its twin in loops, and a batch."""
    rng = np.random.default_rng(seed)
    sizes = [*sizes[:-1], max(sizes[-1], 2)]
    kind = getattr(layers, activation)
    network = Network.dense(sizes, rng, activation=kind, scale=0.8, dtype=np.float64)
    for name, array in network.parameters.items():
        if name.startswith("b"):
            array[...] = rng.uniform(-0.5, 0.5, array.shape)
    x, labels = rng.standard_normal((n, sizes[0])), rng.integers(sizes[-1], size=n)
    return network, Loops(network.parameters, activation), x, labels, rng


def compare(update, loops, x, labels, deltas):
    agree(update.loss, loops.mean_loss(x, labels))
    expected = loops.mean_update(x, labels, deltas)
    assert update.arrays.keys() == expected.keys()
    for name, array in expected.items():
        agree(update.arrays[name], array)


@few
@given(SIZES, ACTIVATION, SAMPLES, SEEDS)
def test_backpropagation(sizes, activation, n, seed):
    network, loops, x, labels, rng = made(sizes, activation, n, seed)
    update = rules.make("backpropagation", network, rng)(network, x, labels)
    compare(update, loops, x, labels, loops.walk_back(loops.W[1:]))


@few
@given(SIZES, ACTIVATION, SAMPLES, SEEDS)
def test_feedback_alignment(sizes, activation, n, seed):
    network, loops, x, labels, rng = made(sizes, activation, n, seed)
    rule = FeedbackAlignment(network, rng)
    ways = [B.T.tolist() for B in rule.feedback]
    compare(rule(network, x, labels), loops, x, labels, loops.walk_back(ways))


@few
@given(SIZES, ACTIVATION, SAMPLES, SEEDS)
def test_direct_feedback_alignment(sizes, activation, n, seed):
    network, loops, x, labels, rng = made(sizes, activation, n, seed)
    rule = DirectFeedbackAlignment(network, rng)
    compare(rule(network, x, labels), loops, x, labels, loops.sent_at_once([B.tolist() for B in rule.feedback]))


@pytest.mark.parametrize("difference", [False, True])
@few
@given(DEEP, st.sampled_from(["Tanh", "Sigmoid"]), SAMPLES, SEEDS, st.floats(0.1, 2))
def test_target_propagation(difference, sizes, activation, n, seed, rate):
    network, loops, x, labels, rng = made(sizes, activation, n, seed)
    inverses = random_orthogonal(network, rng)
    ways = {i: inverses[i].stage[0].parameters["W"].tolist() for i in inverses.functions}
    rule = (DifferenceTargetPropagation if difference else TargetPropagation)(inverses, rate)
    compare(rule(network, x, labels), loops, x, labels, loops.towards_targets(ways, rate, difference))


@few
@given(DEEP, SAMPLES, SEEDS)
def test_decoders_learn_by_the_gradient_of_what_they_fail_to_bring_back(sizes, n, seed):
    """V_i <- V_i - rate mean_n of f(h + e)_k delta_j with delta = (g - (h + e)) s'(.), and so its bias."""
    network, loops, x, _, rng = made(sizes, "Tanh", n, seed)
    inverses = denoising_decoders(network, rng, SGD(0.3), noise=0.2)
    before = {i: inverses[i].stage[0].parameters["W"].copy() for i in inverses.functions}
    twin = np.random.default_rng()
    twin.bit_generator.state = rng.bit_generator.state
    stages = stages_of(network)
    h = activities(stages, x)
    inverses.learn(stages, h)
    widest = max(h[i - 1].shape[1] for i in before)
    noise = 0.2 * twin.standard_normal((n, widest))
    for i, V in before.items():
        by_V, by_c = np.zeros_like(V), np.zeros(V.shape[1])
        for s in range(n):
            noisy = [value + noise[s, k] for k, value in enumerate(h[i - 1][s].tolist())]
            above = [math.tanh(a) for a in times(noisy, loops.W[i - 1], loops.b[i - 1])]
            for j, a in enumerate(times(above, V.tolist())):
                delta = (math.tanh(a) - noisy[j]) / math.cosh(a) ** 2 / n
                by_c[j] += delta
                for k, value in enumerate(above):
                    by_V[k, j] += value * delta
        layer = inverses[i].stage[0]
        agree(layer.parameters["W"], V - 0.3 * by_V)
        agree(layer.parameters["b"], -0.3 * by_c)


@few
@given(DEEP, st.integers(2, 6), SEEDS)
def test_reconstruction_errors(sizes, n, seed):
    network, loops, x, _, rng = made(sizes, "Tanh", n, seed)
    inverses = random_orthogonal(network, rng)
    found = reconstruction_errors(network, inverses, x)
    h = [loops.forward(sample)[1] for sample in x.tolist()]
    for i, error in found.items():
        V = inverses[i].stage[0].parameters["W"].tolist()
        mean = [sum(one[i - 1][k] for one in h) / n for k in range(len(h[0][i - 1]))]
        missed = spread = 0.0
        for one in h:
            for k, comes in enumerate(times(one[i], V)):
                missed += (math.tanh(comes) - one[i - 1][k]) ** 2
                spread += (one[i - 1][k] - mean[k]) ** 2
        agree(error, missed / spread)


@few
@given(SIZES, ACTIVATION, SAMPLES, SEEDS)
def test_weight_perturbation(sizes, activation, n, seed):
    network, loops, x, labels, _ = made(sizes, activation, n, seed)
    update = WeightPerturbation(np.random.default_rng(3), 0.1)(network, x, labels)
    drawn = np.random.default_rng(3)
    nudges = {name: drawn.standard_normal(array.shape) for name, array in network.parameters.items()}
    nudged = Loops({name: array + 0.1 * nudges[name] for name, array in network.parameters.items()}, activation)
    slope = (nudged.mean_loss(x, labels) - loops.mean_loss(x, labels)) / 0.1
    agree(update.loss, loops.mean_loss(x, labels))
    for name, nudge in nudges.items():
        agree(update.arrays[name], slope * nudge)


@few
@given(SIZES, ACTIVATION, SAMPLES, SEEDS)
def test_node_perturbation(sizes, activation, n, seed):
    network, loops, x, labels, _ = made(sizes, activation, n, seed)
    update = NodePerturbation(np.random.default_rng(3), 0.1)(network, x, labels)
    drawn = np.random.default_rng(3)
    nudges = [drawn.standard_normal((n, len(b))) for b in loops.b]
    expected = {name: np.zeros_like(array) for name, array in network.parameters.items()}
    for s, (sample, label) in enumerate(zip(x.tolist(), labels.tolist(), strict=True)):
        own = [(0.1 * layer[s]).tolist() for layer in nudges]
        slope = (loops.loss(sample, label, own) - loops.loss(sample, label)) / 0.1
        h = loops.forward(sample)[1]
        for k, layer in enumerate(nudges):
            for j, nudge in enumerate(layer[s]):
                expected[f"b{k + 1}"][j] += slope * nudge / n
                for i, value in enumerate(h[k]):
                    expected[f"W{k + 1}"][i, j] += value * slope * nudge / n
    for name, array in expected.items():
        agree(update.arrays[name], array)


def diffused(network, x, t, two_way, u1, squared):
    """One sample's update by Kaneko's rule: weight ij moves by D_i o_i f'_j s_j; every input is a pair of sources."""
    u0, beta = network.loss_layer.u0, network.layers[0].threshold
    weights = [(layer.parameters["W"].tolist(), layer.parameters["b"].tolist()) for layer in network.trainable]
    o = [list(x)]
    for W, b in weights:
        o.append([logistic(2 * a / u0) for a in times(o[-1], W, [beta * one for one in b])])
    d = t - o[-1][0]
    heard = {kind: d if two_way else max(d, 0.0) if kind > 0 else min(d, 0.0) for kind in (1, -1)}
    moves = []
    for k, (W, b) in enumerate(weights):
        last, pairs = k == len(weights) - 1, len(W) // 2
        move, of_threshold = np.zeros(np.shape(W)), np.zeros(len(b))
        for j, y in enumerate(o[k + 1]):
            slope = y * (1 - y) if not last or squared else 1.0
            own = slope if last else u1 * slope * (1 if j < len(b) // 2 else -1)
            pair = heard[1] + heard[-1]
            of_threshold[j] = pair * beta * own
            for i, source in enumerate(o[k]):
                move[i, j] = (pair if k == 0 else heard[1 if i < pairs else -1]) * source * own
        moves.append((move, of_threshold))
    return moves


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("loss", [sigmoid_squared_error, binary_cross_entropy])
@few
@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 4), SAMPLES, SEEDS, st.floats(0.3, 2), st.floats(0, 1))
def test_error_diffusion(two_way, loss, inputs, pairs, depth, n, seed, u0, u1):
    rng = np.random.default_rng(seed)
    network = excitatory_inhibitory(inputs, pairs, depth, rng, u0=u0, threshold=0.7, loss=loss)
    x, t = rng.random((n, inputs)), rng.integers(2, size=n)
    update = ErrorDiffusion(two_way, u1)(network, x, t)
    squared = loss is sigmoid_squared_error
    singles = [diffused(network, *one, two_way, u1, squared) for one in zip(x.tolist(), t.tolist(), strict=True)]
    for k in range(depth + 1):
        agree(update.arrays[f"W{k + 1}"], -sum(one[k][0] for one in singles) / n)
        agree(update.arrays[f"b{k + 1}"], -sum(one[k][1] for one in singles) / n)
