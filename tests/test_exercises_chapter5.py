"""The exercises of chapter 5: right answers pass, and each mistake gets its own words."""

import math

import numpy as np
import pytest

from helpers.chapters.chapter5 import exercises as check
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Tanh
from helpers.networks.network import Network


def test_a_local_update_is_the_gradient_of_the_local_loss(rng, numerical_gradient):
    below, W, target = rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    expected = numerical_gradient(lambda W: ((np.tanh(below @ W) - target) ** 2).sum() / (2 * 4), W)
    assert np.allclose(check.local_update.solve(below, np.tanh(below @ W), target), expected, atol=1e-8)


def test_right_answers_worked_by_hand():
    assert check.two_stages.solve(3.0, 2.0, 1.0, 8.0, 0.1) == pytest.approx((3.1, 2.6))
    assert check.first_target.solve() == pytest.approx(0.2 - 0.25 * 2 * (0.2 - 1))
    assert check.reconstruction.solve(lambda h: 2 * h, lambda h: h / 2 + 1, 3.0, 0.5) == pytest.approx(1.0)
    assert check.difference_target.solve(lambda h: h / 2 + 1, 3.0, 6.0, 8.0) == pytest.approx(4.0)
    assert check.angle_between.solve(np.array([1.0, 0.0]), np.array([-1.0, 1.0])) == pytest.approx(135)


def test_two_weights_may_come_in_an_array():
    assert check.two_stages(lambda *case: np.array(check.two_stages.solve(*case)))


@pytest.mark.parametrize("answer", [[0.6], "0.6", lambda: 0.6])
def test_the_first_target_is_a_number(answer):
    assert "Give one number, not a" in check.first_target(answer).message


def test_a_target_must_not_be_right_for_straight_decoders_alone():
    assert not check.difference_target(lambda g, below, h, target: below + g(target - h) - g(0 * h))
    assert not check.difference_target(lambda g, below, h, target: below + 0.4 * (target - h))


#: Ways to write a cosine: each rounds differently, and so do machines.
COSINES = {
    "sums": lambda u, v: np.sum(u * v) / np.sqrt(np.sum(u**2) * np.sum(v**2)),
    "two roots": lambda u, v: np.sum(u * v) / (np.sqrt(np.sum(u**2)) * np.sqrt(np.sum(v**2))),
    "norms in turn": lambda u, v: np.sum(u * v) / np.linalg.norm(u) / np.linalg.norm(v),
    "dot": lambda u, v: u.ravel() @ v.ravel() / (np.linalg.norm(u) * np.linalg.norm(v)),
    "unit vectors": lambda u, v: np.vdot(u / np.linalg.norm(u), v / np.linalg.norm(v)),
    "exact products": lambda u, v: math.sumprod(u.ravel(), v.ravel()) / np.linalg.norm(u) / np.linalg.norm(v)
    if hasattr(math, "sumprod") else math.fsum((u * v).ravel()) / np.linalg.norm(u) / np.linalg.norm(v),
}  # fmt: skip


@pytest.mark.parametrize("cosine", COSINES.values(), ids=COSINES)
def test_an_angle_must_be_clipped_at_both_ends_however_it_is_rounded(cosine):
    clipped = {
        "same direction give NaN": lambda c: c,
        "opposite directions give NaN": lambda c: np.minimum(c, 1),
        "Clip it at both ends": lambda c: np.maximum(c, -1),
    }
    for words, clip in clipped.items():
        assert words in check.angle_between(lambda u, v, clip=clip: np.degrees(np.arccos(clip(cosine(u, v))))).message
        stops = check.angle_between(lambda u, v, clip=clip: math.degrees(math.acos(clip(cosine(u, v))))).message
        assert "Clip it" in stops
    assert check.angle_between(
        lambda u, v: np.degrees(np.arccos(np.clip(cosine(u, v), -1, 1))) if u.any() and v.any() else 90
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (..., "no result yet"),
        (["W6", "b5"], "Two arrays that never move"),
        (["W6"], "one more"),
        ("b5", "one more"),
        (["W6", "b5", "b1"], "some of yours do move"),
        (["W6", "b6"], "One of yours never moves"),
        (["W5", "b5"], "One of yours never moves"),
        (["b5", "W7"], "One of yours never moves"),
        (["W1", "b1"], "Those do move"),
        (["B5", "w6"], "No array is called 'B5'"),
        (["b5", "W9"], "No array is called 'W9'"),
        ("['b5', 'W6']", "Two arrays that never move"),
        (["W1"], "Those do move"),
        ("b5, W6", "Two arrays that never move"),
        ([], "empty"),
        (None, "no result yet"),
        ((name for name in ("b5", "W6")), "Two arrays that never move"),
        ("b5 and W6", "Two arrays that never move"),
        ("none of them", "No array is called 'none'"),
        (5, "list of strings"),
        ([["b5", "W6"]], "list of strings"),
    ],
)
def test_silent_arrays(answer, words):
    verdict = check.silent_arrays(answer)
    assert words in verdict.message
    assert bool(verdict) == (words == "Two arrays that never move")


def test_the_published_rule_forgets_two_arrays_and_no_more(rng):
    network = Network.dense([6, *[5] * 7, 3], rng, activation=Tanh, initial=orthogonal)
    _, updates = check.published_rule(network, rng)(network, rng.random((4, 6), np.float32), np.array([0, 1, 2, 0]))
    assert [name for name, update in updates.items() if not update.any()] == ["b5", "W6"]


def layer(forward, backward=np.zeros_like, own_generator=False):
    """A class of layers made of two functions; with a generator of its own they ignore the one handed in."""

    class Layer:
        def __init__(self, rng):
            self.parameters, self.gradients = {}, {}
            self.rng = np.random.default_rng(0) if own_generator else rng

        def forward(self, x):
            return forward(self.rng, x)

        def backward(self, upstream):
            return backward(upstream)

    return Layer


def right(rng, x):
    return np.where(rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0)


def in_place(rng, x):
    x[...] = right(rng, x)
    return x


def bare(kind):
    """The same layers without parameters and gradients."""

    class Bare(kind):
        def __init__(self, rng):
            self.rng = rng

    return Bare


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (layer(right), "Its mean is h"),
        (layer(lambda rng, x: ...), "no result yet"),
        (layer(lambda rng, x: None), "`return` missing"),
        (layer(lambda rng, x: right(np.random.default_rng(0), x)), "the same numbers"),
        (layer(lambda rng, x: (rng.random(x.shape) < (1 + x) / 2) * 1.0), "must be +1 or -1"),
        (layer(lambda rng, x: np.where(x >= 0, 1.0, -1.0)), "no chance in it"),
        (layer(lambda rng, x: -right(rng, x)), "exchanged"),
        (layer(lambda rng, x: np.where(rng.random((len(x), 1)) < (1 + x) / 2, 1.0, -1.0)), "share one random number"),
        (layer(lambda rng, x: np.where(rng.random(x.shape) < x, 1.0, -1.0)), "(1 + h) / 2"),
        (layer(right, lambda upstream: upstream), "let backward return zeros"),
        (layer(lambda rng, x: right(rng, x)[:, :3]), "in the shape of the input"),
        (layer(right, lambda upstream: None), "`return` missing"),
        (layer(right, lambda upstream: 0), "let backward return zeros"),
        (layer(right, lambda upstream: np.zeros(3)), "let backward return zeros"),
        (layer(right, lambda upstream: ...), "no result yet"),
        (layer(lambda rng, x: rng.no_such_thing(x)), "stops with AttributeError"),
        (layer(in_place), "changes its input"),
        (layer(lambda rng, x: np.where(rng.random() < (1 + x) / 2, 1.0, -1.0)), "All samples share"),
        (layer(lambda rng, x: np.where(rng.random(x.shape[1]) < (1 + x) / 2, 1.0, -1.0)), "All samples share"),
        (layer(lambda rng, x: np.ones_like(x)), "no chance in it: draw"),
        (layer(lambda rng, x: right(np.random, x)), "do not follow the seed"),
        (layer(lambda rng, x: np.sign(x + 0.6 * rng.standard_normal(x.shape))), "(1 + h) / 2"),
        (layer(right, own_generator=True), "do not follow the seed"),
        (bare(layer(right)), "`parameters` and `gradients`"),
        (layer(right)(None), "the class itself"),
        (None, "no result yet"),
        (right, "the class itself"),
    ],
)
def test_sampling_layer(kind, words):
    verdict = check.sampling_layer(kind)
    assert words in verdict.message
    assert bool(verdict) == words.startswith("Its mean")
