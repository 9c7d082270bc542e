"""The network of chapter 2 against slow loops, scipy, central differences and closed forms."""

import math

import numpy as np
import pytest
from scipy import optimize, special

from helpers.chapters.chapter2 import rbf_toy as toy
from helpers.chapters.chapter2.datasets import two_class_points

pytestmark = pytest.mark.filterwarnings("error")

PLACES = [(0.9, -1.7, -1.0), (2.0, -5.0, -1.0), (-1.3, 4.0, 0.4), (0.0, 2.0, -1.0)]


@pytest.fixture
def points(rng):
    return two_class_points(rng)


def slow_cost(x, t, w_h, w_o, b_o):
    """Cross-entropy point by point, with scipy's logarithm of the sigmoid."""
    total = 0.0
    for input_, target in zip(x, t, strict=True):
        logit = w_o * math.exp(-((input_ * w_h) ** 2)) + b_o
        total -= target * special.log_expit(logit) + (1 - target) * special.log_expit(-logit)
    return total


@pytest.mark.parametrize("place", PLACES)
def test_cost_is_the_slow_sum(place, points):
    assert toy.cost(points.x, points.t, *place) == pytest.approx(slow_cost(points.x, points.t, *place), rel=1e-12)


def test_cost_survives_huge_weights(points):
    assert toy.cost(points.x, points.t, 0.0, -1e4) == pytest.approx(20 * (1e4 + 1))


@pytest.mark.parametrize("place", PLACES)
def test_gradients_agree_with_central_differences(place, points, numerical_gradient):
    expected = numerical_gradient(lambda p: float(toy.cost(points.x, points.t, *p)), np.array(place))
    found = toy.gradients(points.x, points.t, *place)
    np.testing.assert_allclose([found["w_h"], found["w_o"], found["b_o"]], expected, rtol=1e-7, atol=1e-7)


def test_each_error_is_the_derivative_by_its_net_input(points, numerical_gradient):
    x, t, w_o = points.x, points.t, -1.7
    a_h, h, a_o = toy.forward(x, 0.9, w_o)
    delta_o = toy.output_error(a_o, t)
    expected_o = numerical_gradient(lambda a: -special.log_expit(np.where(t == 1, a, -a)).sum(), a_o)
    np.testing.assert_allclose(delta_o, expected_o, atol=1e-7)

    def by_hidden(a):
        logit = np.exp(-(a**2)) * w_o - 1
        return -special.log_expit(np.where(t == 1, logit, -logit)).sum()

    np.testing.assert_allclose(toy.hidden_error(a_h, h, w_o, delta_o), numerical_gradient(by_hidden, a_h), atol=1e-7)


def test_weight_gradients_are_what_came_in_times_the_error():
    x, delta = np.array([2.0, -1.0]), np.array([0.5, 3.0])
    assert toy.hidden_weight_gradient(x, delta).tolist() == [1, -3]
    assert toy.output_weight_gradient(x, delta).tolist() == [1, -3]


@pytest.mark.parametrize("place", PLACES)
def test_hessian_is_the_derivative_of_the_gradients(place, points, numerical_gradient):
    w_h, w_o, b_o = place
    found = toy.hessian(points.x, points.t, w_h, w_o, b_o)
    for row, name in enumerate(("w_h", "w_o")):
        expected = numerical_gradient(
            lambda p, name=name: float(toy.gradients(points.x, points.t, *p, b_o)[name]), np.array([w_h, w_o])
        )
        np.testing.assert_allclose(found[row], expected, rtol=1e-6, atol=1e-6)
    assert found[0, 1] == found[1, 0]


def test_the_valley_is_below_half_of_what_tossing_a_coin_costs(points):
    assert pytest.approx(toy.cost(points.x, points.t, 0, 0, 0) / 2, abs=0.2) == toy.VALLEY


def test_a_batch_of_networks_is_the_networks_one_by_one(points, rng):
    w_h, w_o = rng.standard_normal((3, 1)), rng.standard_normal(4)
    costs, slopes = toy.cost(points.x, points.t, w_h, w_o), toy.gradients(points.x, points.t, w_h, w_o)
    hessians = toy.hessian(points.x, points.t, w_h, w_o)
    assert costs.shape == slopes["w_h"].shape == slopes["w_o"].shape == slopes["b_o"].shape == (3, 4)
    assert hessians.shape == (3, 4, 2, 2)
    for i, j in np.ndindex(3, 4):
        place = w_h[i, 0], w_o[j]
        assert costs[i, j] == pytest.approx(toy.cost(points.x, points.t, *place), rel=1e-13)
        for name, slope in toy.gradients(points.x, points.t, *place).items():
            assert slopes[name][i, j] == pytest.approx(slope, rel=1e-12, abs=1e-13)
        np.testing.assert_allclose(hessians[i, j], toy.hessian(points.x, points.t, *place), rtol=1e-11)


def test_every_network_may_have_its_own_points(rng):
    sets = [two_class_points(rng) for _ in range(3)]
    x, t = np.array([points.x for points in sets]), sets[0].t
    together = toy.descend(x, t, {"w_h": 2.0, "w_o": -5.0}, [0.05] * 5)
    for k, points in enumerate(sets):
        alone = toy.descend(points.x, t, {"w_h": 2.0, "w_o": -5.0}, [0.05] * 5)
        for name in ("w_h", "w_o", "b_o"):
            np.testing.assert_allclose(together[name][:, k], alone[name], rtol=1e-12)


def test_the_surface_is_its_own_mirror_image(points, rng):
    w_h, w_o = 5 * rng.standard_normal(20), 5 * rng.standard_normal(20)
    np.testing.assert_array_equal(toy.cost(points.x, points.t, w_h, w_o), toy.cost(points.x, points.t, -w_h, w_o))
    assert toy.gradients(points.x, points.t, 0.0, w_o)["w_h"] == pytest.approx(0)


# The boundary


@pytest.mark.parametrize("w_h, w_o, b_o", [(0.76, 2.92, -1.0), (-1.5, 7.0, -0.3), (1.1, -3.0, 0.5)])
def test_the_logit_changes_sign_at_the_boundary(w_h, w_o, b_o):
    root = optimize.brentq(lambda x: w_o * math.exp(-((x * w_h) ** 2)) + b_o, 0, 20)
    assert toy.boundary(w_h, w_o, b_o) == pytest.approx(root, rel=1e-9)


def test_the_boundary_by_hand():
    assert toy.boundary(0.5, math.e) == pytest.approx(2)
    np.testing.assert_allclose(toy.boundary([0.5, 1.0], [math.e, math.e]), [2, 1])


@pytest.mark.parametrize(
    "w_h, w_o, b_o",
    [(0, 2, -1), (1, 1, -1), (1, 0.5, -1), (1, -3, -1), (1, 2, 0), (1, 2, 1), ([1, 0], [2, 2], -1)],
)
def test_where_there_is_no_boundary_it_says_so(w_h, w_o, b_o):
    with pytest.raises(ValueError, match="the output crosses 1/2 only if"):
        toy.boundary(w_h, w_o, b_o)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_the_boundary_needs_finite_weights(bad):
    with pytest.raises(ValueError, match="must be finite"):
        toy.boundary(1.0, bad)


# Descent


def test_rates_fall_from_the_first_and_never_reach_zero():
    assert toy.falling_rates(0.2, 4).tolist() == pytest.approx([0.2, 0.15, 0.1, 0.05])


@pytest.mark.parametrize("first", [0, -1, math.nan, math.inf])
def test_the_first_rate_must_be_positive_and_finite(first):
    with pytest.raises(ValueError, match="first rate must be positive and finite"):
        toy.falling_rates(first, 3)


def test_a_schedule_has_a_step():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        toy.falling_rates(0.2, 0)


def test_descent_is_the_loop_written_out(points):
    w_h, w_o = 2.0, -5.0
    expected = [(w_h, w_o)]
    for rate in (0.2, 0.1, 0.0):
        slope = toy.gradients(points.x, points.t, w_h, w_o)
        w_h, w_o = w_h - rate * slope["w_h"], w_o - rate * slope["w_o"]
        expected.append((w_h, w_o))
    path = toy.descend(points.x, points.t, {"w_h": 2, "w_o": -5}, [0.2, 0.1, 0.0])
    np.testing.assert_allclose(np.stack([path["w_h"], path["w_o"]], axis=1), expected, rtol=1e-13)
    assert path["b_o"].tolist() == [-1, -1, -1, -1]


def test_no_rates_leave_the_start(points):
    path = toy.descend(points.x, points.t, {"w_h": [1.0, 2.0], "w_o": 3.0}, [])
    assert path["w_h"].tolist() == [[1, 2]] and path["w_o"].tolist() == [[3, 3]]


def test_descent_leaves_the_start_unchanged_and_moves_only_what_is_learned(points):
    start = {"w_h": np.array(1.0), "w_o": np.array(1.0), "b_o": np.array(0.5)}
    path = toy.descend(points.x, points.t, start, [0.1], learned=["b_o"])
    assert path["w_h"].tolist() == path["w_o"].tolist() == [1, 1] and path["b_o"][1] != 0.5
    assert [float(value) for value in start.values()] == [1, 1, 0.5]


def test_the_numbers_of_the_newer_lecture_notes():
    """P. Roelants, part 3: cost .519411 after 20 steps at w_h 1.1231, b_o -0.4425, from NumPy's legacy seed 4."""
    points = two_class_points(np.random.RandomState(4))
    path = toy.descend(
        points.x, points.t, {"w_h": 2.3, "w_o": 1.0, "b_o": 1.4}, [2.0 / 40] * 20, learned=["w_h", "b_o"]
    )
    costs = toy.cost(points.x, points.t, path["w_h"], path["w_o"], path["b_o"]) / 40
    np.testing.assert_allclose(costs[[0, 20]], [0.877159, 0.519411], rtol=0, atol=5e-7)
    np.testing.assert_allclose([path["w_h"][20], path["b_o"][20]], [1.1231, -0.4425], rtol=0, atol=5e-5)


# Bad input


@pytest.mark.parametrize("start", [{}, {"w_h": 1.0}, {"w_h": 1.0, "w_o": 1.0, "bias": 0.0}], ids=str)
def test_a_start_must_name_the_weights(start, points):
    with pytest.raises(ValueError, match="start must name w_h and w_o"):
        toy.descend(points.x, points.t, start, [0.1])


@pytest.mark.parametrize("learned", [[], ["w"], ["w_h", "w_i"]], ids=str)
def test_only_known_parameters_can_be_learned(learned, points):
    with pytest.raises(ValueError, match="learned is some of"):
        toy.descend(points.x, points.t, {"w_h": 1.0, "w_o": 1.0}, [0.1], learned=learned)


@pytest.mark.parametrize("rates", [[-0.1], [math.nan], [math.inf], 0.1, [[0.1]]], ids=str)
def test_rates_must_be_rates(rates, points):
    with pytest.raises(ValueError, match="finite numbers, none negative"):
        toy.descend(points.x, points.t, {"w_h": 1.0, "w_o": 1.0}, rates)


@pytest.mark.parametrize("function", [toy.cost, toy.gradients, toy.hessian])
@pytest.mark.parametrize(
    "x, t, words",
    [
        (np.zeros(0), np.zeros(0), "inputs and a target for each"),
        (np.zeros(3), np.zeros(2), r"shapes \(3,\) and \(2,\)"),
        (np.array(1.0), np.array(1), "inputs and a target for each"),
        (np.array([math.nan, 1.0]), np.zeros(2), "inputs must be finite"),
        (np.zeros(2), np.array([0, 2]), "targets between 0 and 1"),
        (np.zeros(2), np.array([0, math.nan]), "targets between 0 and 1"),
    ],
)
def test_bad_points_are_refused(function, x, t, words):
    with pytest.raises(ValueError, match=words):
        function(x, t, 1.0, 1.0)


@pytest.mark.parametrize("place", [(math.nan, 1, -1), (1, math.inf, -1), (1, 1, math.nan)])
def test_weights_must_be_finite(place, points):
    with pytest.raises(ValueError, match="weights and bias must be finite"):
        toy.gradients(points.x, points.t, *place)
