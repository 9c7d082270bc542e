"""The exercises of chapter 5: right answers pass, and each mistake gets its own words."""

import numpy as np
import pytest

from helpers.exercises import chapter5 as check
from helpers.initialization import orthogonal
from helpers.layers import Tanh
from helpers.network import Network

EXERCISES = {
    name: getattr(check, name)
    for name in ("reconstruction", "two_stages", "first_target", "difference_target", "local_update", "angle_between")
}


def given(exercise, function):
    """An answer as a student gives it: a function, or the number that it returns."""
    return function() if exercise.cases == [()] else function


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_is_praised(name):
    exercise = EXERCISES[name]
    assert exercise(given(exercise, exercise.solve)).message == exercise.praise


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, exercise in EXERCISES.items() for words in exercise.mistakes]
)
def test_each_known_mistake_gets_its_words(name, words):
    exercise = EXERCISES[name]
    verdict = exercise(given(exercise, exercise.mistakes[words]))
    assert not verdict
    assert verdict.message == words


def test_a_local_update_is_the_gradient_of_the_local_loss(rng, numerical_gradient):
    below, W, target = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    expected = numerical_gradient(lambda W: ((np.tanh(below @ W) - target) ** 2).sum() / (2 * 4), W)
    assert np.allclose(check.local_update.solve(below, np.tanh(below @ W), target), expected, atol=1e-8)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (..., "no result yet"),
        (["W6", "b5"], "never move"),
        (["W6"], "one more"),
        ("b5", "one more"),
        (["W6", "b5", "b1"], "some of yours do move"),
        (["W1"], "Those do move"),
    ],
)
def test_silent_arrays(answer, words):
    assert words in check.silent_arrays(answer).message


def test_the_published_rule_forgets_two_arrays_and_no_more(rng):
    network = Network.dense([6, *[5] * 7, 3], rng, activation=Tanh, initial=orthogonal)
    _, updates = check.published_rule(network, rng)(network, rng.random((4, 6), np.float32), np.array([0, 1, 2, 0]))
    assert [name for name, update in updates.items() if not update.any()] == ["b5", "W6"]


def layer(forward, backward=np.zeros_like):
    """A class of layers made of two functions."""

    class Layer:
        def __init__(self, rng):
            self.rng = rng

        def forward(self, x):
            return forward(self.rng, x)

        def backward(self, upstream):
            return backward(upstream)

    return Layer


def right(rng, x):
    return np.where(rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (layer(right), "Its mean is h"),
        (layer(lambda rng, x: ...), "no result yet"),
        (layer(lambda rng, x: None), "no result yet"),
        (layer(lambda rng, x: (rng.random(x.shape) < (1 + x) / 2) * 1.0), "must be +1 or -1"),
        (layer(lambda rng, x: np.where(x >= 0, 1.0, -1.0)), "no chance in it"),
        (layer(lambda rng, x: -right(rng, x)), "exchanged"),
        (layer(lambda rng, x: np.where(rng.random((len(x), 1)) < (1 + x) / 2, 1.0, -1.0)), "share one random number"),
        (layer(lambda rng, x: np.where(rng.random(x.shape) < x, 1.0, -1.0)), "(1 + h) / 2"),
        (layer(right, lambda upstream: upstream), "let backward return zeros"),
    ],
)
def test_sampling_layer(kind, words):
    verdict = check.sampling_layer(kind)
    assert words in verdict.message
    assert bool(verdict) == words.startswith("Its mean")
