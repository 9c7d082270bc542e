"""Losses and activations against fifty digits of mpmath, at the edges of what a float can hold, too."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from helpers.chapters.chapter2.activations import gaussian_rbf, gaussian_rbf_derivative, sigmoid_derivative
from helpers.networks import activations, losses
from tests.oracles import few

pytestmark = pytest.mark.filterwarnings("error")

#: Zero, tiny, ordinary, and so large that an exponential overflows or vanishes.
EDGES = [-800.0, -745.0, -40.0, -1.5, -1e-8, 0.0, 1e-300, 1e-8, 0.5, 3.0, 36.0, 40.0, 709.0, 745.0, 800.0]
SHARES = [0.0, 1e-12, 0.25, 0.5, 1 - 1e-12, 1.0]

#: Below this a float64 has fewer digits.
SMALLEST = 1e-300

NUMBERS = st.floats(-800, 800, allow_subnormal=False)


@pytest.fixture(autouse=True)
def fifty_digits():
    with mpmath.workdps(400):  # 1 - exp(-800) needs 350 of them
        yield


def logistic(a):
    return 1 / (1 + mpmath.exp(-mpf(a)))


def entropy(a, t):
    """Cross-entropy of a sigmoid output, by its definition."""
    y = logistic(a)
    return sum(-share * mpmath.log(said) for share, said in ((mpf(t), y), (1 - mpf(t), 1 - y)) if share)


def near(ours, theirs, scale=0.0):
    theirs = theirs if isinstance(theirs, list) else [theirs]
    np.testing.assert_allclose(ours, [float(one) for one in theirs], rtol=1e-9, atol=max(SMALLEST, 1e-15 * scale))


FUNCTIONS = {
    activations.sigmoid: logistic,
    activations.softplus: lambda x: mpmath.log(1 + mpmath.exp(mpf(x))),
    activations.relu: lambda x: max(mpf(x), 0),
    gaussian_rbf: lambda x: mpmath.exp(-(mpf(x) ** 2)),
    gaussian_rbf_derivative: lambda x: -2 * mpf(x) * mpmath.exp(-(mpf(x) ** 2)),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_activations_at_the_edges(function):
    scale = 1.0 if function is activations.sigmoid else 0.0  # (1 + tanh) / 2 keeps digits of y, not of a tiny y
    near(function(np.array(EDGES)), [FUNCTIONS[function](x) for x in EDGES], scale)


def test_a_sigmoid_of_any_width_and_its_slope():
    near(activations.sigmoid(np.array(EDGES), 0.4), [logistic(2 * mpf(x) / mpf(0.4)) for x in EDGES], 1.0)
    near(sigmoid_derivative(np.array(EDGES)), [logistic(x) * (1 - logistic(x)) for x in EDGES], 1.0)


@pytest.mark.parametrize("t", SHARES)
def test_the_cross_entropy_of_a_sigmoid_output(t):
    near(losses.sigmoid_cross_entropy(np.array(EDGES), np.full(len(EDGES), t)), [entropy(a, t) for a in EDGES])


@pytest.mark.parametrize("t", SHARES)
@pytest.mark.parametrize("a", EDGES)
def test_losses_of_a_sigmoid_output_and_their_gradients(a, t):
    y = logistic(a)
    value, gradient = losses.binary_cross_entropy(np.array([[a]]), np.array([[t]]))
    near(value, entropy(a, t))
    near(gradient[0], [y - mpf(t)], 1.0)
    value, gradient = losses.sigmoid_squared_error(np.array([[a]]), np.array([[t]]))
    inside = 0 < t < 1  # there y - t may cancel, and keeps the digits of y only
    near(value, (y - mpf(t)) ** 2 / 2, float(abs(y - mpf(t))) if inside else 0)
    near(gradient[0], [(y - mpf(t)) * y * (1 - y)], float(y * (1 - y)) if inside else 0)


def softmax_loss(rows, shares):
    """Mean cross-entropy and its gradient, by their definitions."""
    value, gradient = mpf(0), []
    for row, share in zip(rows, shares, strict=True):
        parts = [mpmath.exp(mpf(a)) for a in row]
        total = sum(parts)
        value -= sum(mpf(t) * mpmath.log(part / total) for t, part in zip(share, parts, strict=True) if t)
        gradient += [(part / total - mpf(t)) / len(rows) for t, part in zip(share, parts, strict=True)]
    return value / len(rows), gradient


@few
@given(st.integers(1, 4), st.integers(2, 5), st.data())
def test_softmax_cross_entropy_and_its_gradient(n, classes, data):
    rows = data.draw(
        st.lists(st.lists(NUMBERS | st.sampled_from(EDGES), min_size=classes, max_size=classes), min_size=n, max_size=n)
    )
    labels = data.draw(st.lists(st.integers(0, classes - 1), min_size=n, max_size=n))
    hot = np.eye(classes)[labels]
    expected, slopes = softmax_loss(rows, hot.tolist())
    for given_labels in (np.array(labels), hot):
        value, gradient = losses.softmax_cross_entropy(np.array(rows), given_labels)
        near(value, expected)
        near(gradient.ravel(), slopes, 1.0)
    mixed = 0.25 / classes + 0.75 * hot
    mixed /= mixed.sum(axis=1, keepdims=True)
    value, gradient = losses.softmax_cross_entropy(np.array(rows), mixed)
    expected, slopes = softmax_loss(rows, mixed.tolist())
    near(value, expected)
    near(gradient.ravel(), slopes, 1.0)


@few
@given(NUMBERS | st.sampled_from(EDGES), st.lists(st.floats(-5, 5) | st.sampled_from([-40.0, 0.0]), max_size=5))
def test_log_sum_exp(first, apart):
    """Numbers of any size that lie near each other, so that each of them counts."""
    row = [first, *(first + step for step in apart)]
    ours = losses.log_sum_exp(np.array(row))
    np.testing.assert_allclose(ours, [float(mpmath.log(sum(mpmath.exp(mpf(a)) for a in row)))], rtol=1e-12, atol=1e-13)


@few
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_losses_are_summed_over_outputs_and_averaged_over_samples(n, outputs, seed):
    rng = np.random.default_rng(seed)
    logits, targets = 5 * rng.standard_normal((n, outputs)), rng.random((n, outputs))
    pairs = list(zip(logits.ravel(), targets.ravel(), strict=True))
    near(losses.binary_cross_entropy(logits, targets)[0], sum(entropy(a, t) for a, t in pairs) / n)
    squares = [(logistic(a) - mpf(t)) ** 2 / 2 for a, t in pairs]
    near(losses.sigmoid_squared_error(logits, targets)[0], sum(squares) / n)
    slopes = [(logistic(a) - mpf(t)) * logistic(a) * (1 - logistic(a)) / n for a, t in pairs]
    near(losses.sigmoid_squared_error(logits, targets)[1].ravel(), slopes)
    near(losses.binary_cross_entropy(logits, targets)[1].ravel(), [(logistic(a) - mpf(t)) / n for a, t in pairs])
