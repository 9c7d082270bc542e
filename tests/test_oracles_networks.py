"""Layers, networks, graphs, initial weights and optimizers against plain loops and, where it is installed, PyTorch."""

import math
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.buffered_adam import BufferedAdam
from helpers.chapters.chapter1 import graph, sigmoid_graph
from helpers.chapters.chapter2.momentum import Momentum
from helpers.chapters.chapter3.coordinate_network import uniform_fan_in
from helpers.chapters.chapter5.sign_layers import Sign, StraightThroughSign
from helpers.networks import excitatory_inhibitory, initialization, layers
from helpers.networks.network import Network
from helpers.training import optimizers
from tests.oracles import ACTIVATIONS, Activation, agree, back, few, logistic, times

COUNT, SAMPLES, SEEDS = st.integers(1, 6), st.integers(1, 6), st.integers(0, 99)
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")

U0 = 0.7
ELEMENTWISE = {
    "ReLU": (layers.ReLU, ACTIVATIONS["ReLU"]),
    "Sigmoid": (layers.Sigmoid, ACTIVATIONS["Sigmoid"]),
    "Tanh": (layers.Tanh, ACTIVATIONS["Tanh"]),
    "Sign": (Sign, Activation(lambda a: 1.0 if a >= 0 else -1.0, lambda a: 0.0)),
    "StraightThroughSign": (StraightThroughSign, Activation(lambda a: 1.0 if a >= 0 else -1.0, lambda a: 1.0)),
    "SigmoidOfWidth": (
        lambda: excitatory_inhibitory.SigmoidOfWidth(U0),
        Activation(lambda a: logistic(2 * a / U0), lambda a: 2 / U0 * logistic(2 * a / U0) * logistic(-2 * a / U0)),
    ),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@few
@given(SAMPLES, COUNT, SEEDS)
def test_layers_without_weights(name, n, units, seed):
    make, activation = ELEMENTWISE[name]
    rng, layer = np.random.default_rng(seed), make()
    x, upstream = 3 * rng.standard_normal((n, units)), rng.standard_normal((n, units))
    agree(layer.forward(x), [[activation.of(a) for a in row] for row in x.tolist()])
    slopes = [[activation.slope(a) for a in row] for row in x.tolist()]
    agree(
        layer.backward(upstream),
        [[u * s for u, s in zip(*rows, strict=True)] for rows in zip(upstream.tolist(), slopes, strict=True)],
    )


@pytest.mark.parametrize("beta", [1.0, 0.8])
@few
@given(SAMPLES, COUNT, COUNT, SEEDS)
def test_affine_layers(beta, n, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    W, b = rng.standard_normal((inputs, outputs)), rng.standard_normal(outputs)
    layer = layers.Affine(W, b) if beta == 1 else excitatory_inhibitory.ThresholdAffine(W, b, beta)
    x, upstream = rng.standard_normal((n, inputs)), rng.standard_normal((n, outputs))
    agree(layer.forward(x), [times(row, W.tolist(), [beta * one for one in b]) for row in x.tolist()])
    agree(layer.backward(upstream), [back(row, W.tolist()) for row in upstream.tolist()])
    by_W = [[sum(x[s, i] * upstream[s, j] for s in range(n)) for j in range(outputs)] for i in range(inputs)]
    agree(layer.gradients["W"], by_W)
    agree(layer.gradients["b"], [beta * sum(upstream[s, j] for s in range(n)) for j in range(outputs)])


@needs_torch
@pytest.mark.parametrize("name", ["ReLU", "Sigmoid", "Tanh"])
@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_a_network_is_pytorchs(name, seed):
    import torch

    rng = np.random.default_rng(seed)
    sizes = [*rng.integers(1, 7, size=3).tolist(), 4]
    network = Network.dense(sizes, rng, activation=getattr(layers, name), scale=0.7, dtype=np.float64)
    x, labels = rng.standard_normal((5, sizes[0])), rng.integers(4, size=5)
    loss, arrays = network.gradients(x, labels)
    theirs = {key: torch.tensor(array, requires_grad=True) for key, array in network.parameters.items()}
    h = torch.tensor(x)
    for i in range(1, len(sizes)):
        h = h @ theirs[f"W{i}"] + theirs[f"b{i}"]
        h = {"ReLU": torch.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh}[name](h) if i < len(sizes) - 1 else h
    torch_loss = torch.nn.functional.cross_entropy(h, torch.tensor(labels))
    torch_loss.backward()
    agree(loss, torch_loss.item())
    for key, array in arrays.items():
        agree(array, theirs[key].grad.numpy())


# Graphs


def random_graph(rng, size):
    """Nodes that each use two earlier ones, or one; the last one depends on all that are left over."""
    inputs = [graph.Input(f"x{k}", float(value)) for k, value in enumerate(rng.uniform(0.5, 1.5, 3))]
    nodes = list(inputs)
    kinds = [
        graph.Add,
        graph.Multiply,
        sigmoid_graph.Negate,
        sigmoid_graph.Exp,
        sigmoid_graph.AddOne,
        sigmoid_graph.Reciprocal,
    ]
    for _ in range(size):
        kind = kinds[rng.choice(6, p=[0.3, 0.3, 0.1, 0.05, 0.15, 0.1])]
        sources = rng.choice(len(nodes), size=2 if kind in kinds[:2] else 1)
        node = kind(*(nodes[k] for k in sources))
        nodes.append(node if abs(value_of(node, {})) < 20 else graph.Add(*inputs[:2]))
    output = nodes[3]
    for node in nodes[4:]:
        output = graph.Add(output, node)
    return inputs, output


OPERATIONS = {
    graph.Add: lambda x, y: x + y,
    graph.Multiply: lambda x, y: x * y,
    sigmoid_graph.Negate: lambda x: -x,
    sigmoid_graph.Exp: np.exp,
    sigmoid_graph.AddOne: lambda x: x + 1,
    sigmoid_graph.Reciprocal: lambda x: 1 / x,
}


def value_of(node, moved):
    """The value of a node by recursion, with complex inputs where they are moved."""
    if isinstance(node, graph.Input):
        return moved.get(node, node.value)
    return OPERATIONS[type(node)](*(value_of(source, moved) for source in node.inputs))


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs_agree_with_the_complex_step(seed):
    """f(x + ih) has the derivative as its imaginary part / h, without a difference that could cancel."""
    rng = np.random.default_rng(seed)
    inputs, output = random_graph(rng, rng.integers(1, 7))
    agree(graph.forward(output), value_of(output, {}))
    graph.backward(output)
    for node in inputs:
        if node.gradient is not None:
            agree(node.gradient, np.imag(value_of(output, {node: node.value + 1e-30j})) / 1e-30)


# Initial weights


@pytest.mark.parametrize(("inputs", "outputs"), [(50, 400), (400, 50)])
def test_initial_weights_have_their_distribution(inputs, outputs, rng):
    normal = initialization.fan_in_normal(rng, inputs, outputs)
    uniform = uniform_fan_in(rng, inputs, outputs)
    assert normal.shape == uniform.shape == (inputs, outputs)
    # 20,000 numbers: the p value of a right distribution is below 1e-3 once in a thousand seeds; this seed is fixed
    assert stats.kstest(normal.ravel(), stats.norm(scale=inputs**-0.5).cdf).pvalue > 1e-3
    assert stats.kstest(uniform.ravel(), stats.uniform(-(inputs**-0.5), 2 * inputs**-0.5).cdf).pvalue > 1e-3


def test_orthogonal_matrices_have_the_moments_of_the_uniform_distribution(rng):
    """Entries of a Haar matrix of size k: mean 0, variance 1/k, fourth moment 3 / (k (k + 2)); rotation-free traces."""
    k = 4
    drawn = np.array([initialization.orthogonal(rng, k, k) for _ in range(4000)])
    agree(drawn @ drawn.swapaxes(1, 2), np.broadcast_to(np.eye(k), drawn.shape))
    error = 5 / math.sqrt(len(drawn))  # five standard errors of numbers of order one
    assert np.abs(drawn.mean(axis=0)).max() < error / math.sqrt(k)
    assert np.abs((drawn**2).mean(axis=0) - 1 / k).max() < error / k * math.sqrt(2)
    assert (drawn**4).mean() == pytest.approx(3 / (k * (k + 2)), rel=0.05)
    assert np.trace(drawn, axis1=1, axis2=2).mean() == pytest.approx(0, abs=error)
    assert abs((np.linalg.det(drawn) > 0).mean() - 0.5) < error / 2


def test_dense_networks_have_the_spread_that_is_asked_for(rng):
    W = Network.dense([200, 200, 3], rng, scale=0.3).parameters["W1"]
    assert stats.kstest(W.ravel(), stats.norm(scale=0.3).cdf).pvalue > 1e-3


# Optimizers


def sgd(p, gradients, rate):
    for g in gradients:
        p -= rate * g
    return p


def momentum(p, gradients, rate, share):
    v = 0.0
    for g in gradients:
        v = share * v - rate * g
        p += v
    return p


def adam(p, gradients, rate, beta1, beta2, epsilon):
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        p -= rate * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + epsilon)
    return p


def decayed(p, gradients, rate, steps):
    for k, g in enumerate(gradients):
        p -= max(rate * (1 - k / steps), 0.0) * g
    return p


RATES = st.floats(1e-3, 1)
SHARE = st.floats(0, 0.99)


def walked(optimizer, start, gradients):
    parameters = {"W": start.copy()}
    for gradient in gradients:
        optimizer.step(parameters, {"W": gradient})
    return parameters["W"]


@few
@given(st.integers(1, 8), COUNT, COUNT, RATES, SHARE, SHARE, st.sampled_from([1e-8, 1e-2]), SEEDS)
def test_optimizers_number_by_number(steps, rows, columns, rate, beta1, beta2, epsilon, seed):
    rng = np.random.default_rng(seed)
    start, gradients = rng.standard_normal((rows, columns)), rng.standard_normal((steps, rows, columns))
    cases = [
        (optimizers.SGD(rate), sgd, (rate,)),
        (Momentum(rate, beta1), momentum, (rate, beta1)),
        (optimizers.Adam(rate, beta1, beta2, epsilon), adam, (rate, beta1, beta2, epsilon)),
        (BufferedAdam(rate, beta1, beta2, epsilon), adam, (rate, beta1, beta2, epsilon)),
        (optimizers.LinearDecay(optimizers.SGD(rate), 5), decayed, (rate, 5)),
    ]
    for optimizer, loop, settings in cases:
        each = [
            [loop(float(start[i, j]), gradients[:, i, j].tolist(), *settings) for j in range(columns)]
            for i in range(rows)
        ]
        agree(walked(optimizer, start, gradients), each)


def test_the_defaults_of_the_optimizers_are_those_of_the_papers(rng):
    gradients = rng.standard_normal((5, 3))
    for make in (optimizers.Adam, BufferedAdam):
        each = [adam(0.0, column, 1e-3, 0.9, 0.999, 1e-8) for column in gradients.T.tolist()]
        agree(walked(make(), np.zeros(3), gradients), each)
    each = [momentum(0.0, column, 0.1, 0.9) for column in gradients.T.tolist()]
    agree(walked(Momentum(0.1), np.zeros(3), gradients), each)


@needs_torch
@pytest.mark.parametrize("seed", range(3))
def test_optimizers_walk_as_pytorchs_do(seed):
    import torch

    rng = np.random.default_rng(seed)
    start, gradients = rng.standard_normal((3, 4)), rng.standard_normal((12, 3, 4))
    pairs = [
        (optimizers.SGD(0.3), lambda p: torch.optim.SGD([p], lr=0.3)),
        (Momentum(0.3, 0.8), lambda p: torch.optim.SGD([p], lr=0.3, momentum=0.8)),
        (optimizers.Adam(0.02, 0.8, 0.95, 1e-6), lambda p: torch.optim.Adam([p], 0.02, (0.8, 0.95), 1e-6)),
        (BufferedAdam(0.02, 0.8, 0.95, 1e-6), lambda p: torch.optim.Adam([p], 0.02, (0.8, 0.95), 1e-6)),
    ]
    for ours, make in pairs:
        p = torch.tensor(start.copy(), requires_grad=True)
        theirs = make(p)
        for gradient in gradients:
            p.grad = torch.tensor(gradient)
            theirs.step()
        agree(walked(ours, start, gradients), p.detach().numpy())
