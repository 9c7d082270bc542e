"""Gain fields: planar fits against scipy, two-way tables against brute force, controls, bad input."""

import numpy as np
import pytest
from scipy import optimize, stats

from helpers.chapters.chapter3 import gain_fields
from helpers.chapters.chapter3.gain_fields import Responses, planar_fit
from helpers.chapters.chapter3.sums_and_products import additive_error, multiplicative_error, product_preference

EYES = gain_fields.fixation_points(20)


def test_fixation_points_are_a_square_grid():
    assert EYES.shape == (9, 2) and np.array_equal(gain_fields.fixation_points(), EYES)
    assert EYES[0].tolist() == [-20, -20] and EYES[1].tolist() == [0, -20] and EYES[8].tolist() == [20, 20]


def test_recording_shows_the_stimulus_then_nothing():
    seen = []

    def respond(patterns, eye):
        seen.append(patterns.copy())
        return patterns.sum(axis=1, keepdims=True) * (1 + eye[:, :1]) + 7

    responses = gain_fields.record(respond, np.array([1.0, 2.0]), EYES)
    assert [pattern.sum() for pattern in seen] == [27, 0]
    np.testing.assert_allclose(responses.background, 7)
    np.testing.assert_allclose(responses.visual[:, 0], 3 * (1 + EYES[:, 0]))


def test_a_plane_is_found_exactly():
    responses = 0.5 + 0.01 * EYES[:, :1] - 0.02 * EYES[:, 1:]
    fit = planar_fit(EYES, responses)
    np.testing.assert_allclose(fit.coefficients[:, 0], [0.5, 0.01, -0.02], atol=1e-12)
    assert fit.r_squared[0] == pytest.approx(1) and fit.p[0] < 1e-12


def test_slopes_and_p_are_scipys_when_the_eye_moves_in_one_direction_only(rng):
    """With one regressor and no second, an F test of (1, n - 2) is scipy's; ours has both regressors."""
    responses = rng.standard_normal((9, 1))
    fit = planar_fit(EYES, responses)
    for axis in (0, 1):  # the two directions of the grid are orthogonal
        line = stats.linregress(EYES[:, axis], responses[:, 0])
        assert fit.coefficients[1 + axis, 0] == pytest.approx(line.slope, rel=1e-9)
    explained = sum(stats.linregress(EYES[:, axis], responses[:, 0]).rvalue ** 2 for axis in (0, 1))
    assert fit.r_squared[0] == pytest.approx(explained, rel=1e-9)
    ratio = (explained / 2) / ((1 - explained) / 6)
    assert fit.p[0] == pytest.approx(1 - stats.f.cdf(ratio, 2, 6), rel=1e-9)


def test_p_is_uniform_when_the_eye_has_no_influence(rng):
    fit = planar_fit(EYES, rng.standard_normal((9, 4000)))
    assert stats.kstest(fit.p, "uniform").pvalue > 1e-3
    assert abs(np.mean(fit.p < 0.05) - 0.05) < 0.02  # standard error 0.0034


def test_p_is_that_of_an_analysis_of_variance_when_the_plane_goes_through_three_means(rng):
    groups = rng.standard_normal((3, 24)) + np.array([[0], [0.5], [1]])
    corners = np.repeat([[-20.0, -20], [20, -20], [0, 20]], 24, axis=0)
    fit = planar_fit(corners, groups.reshape(-1, 1))
    assert fit.p[0] == pytest.approx(stats.f_oneway(*groups).pvalue, rel=1e-9)


def test_a_constant_response_is_no_plane():
    fit = planar_fit(EYES, np.full((9, 2), [0.3, 0.0]))
    assert fit.p.tolist() == [1, 1] and fit.r_squared.tolist() == [0, 0]


@pytest.mark.parametrize("size", [1e-5, 1.0, 1e6])
def test_what_rounding_makes_of_constant_responses_is_no_plane_and_no_bend(size, rng):
    """The mean of nine equal numbers is often another number."""
    constant = np.tile(size * rng.random(50), (9, 1))
    fit = planar_fit(EYES, constant)
    assert set(fit.p) == {1} and set(fit.r_squared) == {0}
    assert set(gain_fields.lack_of_fit(EYES, np.tile(constant, (3, 1, 1)))) == {1}


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_a_small_plane_is_no_rounding_and_a_large_one_none(size):
    assert planar_fit(EYES, size * EYES[:, :1]).r_squared[0] == pytest.approx(1)


def test_four_observations_and_two_trials_are_enough():
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
    fit = planar_fit(corners, np.array([[0.0], [2.0], [4.0], [7.0]]))  # 3.25 + 1.25 x + 2.25 y, and 0.25 x y beside it
    np.testing.assert_allclose(fit.coefficients[:, 0], [3.25, 1.25, 2.25])
    ratio = (4 * (1.25**2 + 2.25**2) / 2) / (4 * 0.25**2)
    assert fit.p[0] == pytest.approx(stats.f.sf(ratio, 2, 1))
    trials = np.array([[[0.0], [2.0], [4.0], [7.0]], [[1.0], [2.0], [4.0], [7.0]]])
    # the bend has one degree of freedom: 2 * 4 * 0.375^2; the noise has four, 0.5 / 4
    assert gain_fields.lack_of_fit(corners, trials)[0] == pytest.approx(stats.f.sf(2 * 4 * 0.375**2 / 0.125, 1, 4))


def test_noise_has_the_given_spread_and_trials_are_the_first_axis(rng):
    clean = Responses(np.ones((9, 4)), np.zeros((9, 4)))
    noisy = gain_fields.with_noise(clean, 500, 0.1, rng)
    assert noisy.total.shape == noisy.background.shape == (500, 9, 4)
    # 18,000 draws: standard errors 7e-4 and 5e-4
    assert abs(noisy.total.mean() - 1) < 4e-3 and abs(noisy.total.std() - 0.1) < 3e-3
    assert abs(noisy.visual.std() - 0.1 * np.sqrt(2)) < 4e-3


def test_every_trial_is_an_observation(rng):
    trials = rng.standard_normal((8, 9, 3))
    fit = gain_fields.planar_fit_of_trials(EYES, trials)
    by_hand = planar_fit(np.vstack([EYES] * 8), np.vstack(list(trials)))
    np.testing.assert_allclose(fit.p, by_hand.p)


def test_sums_and_products_are_told_apart(rng):
    rows, columns = rng.random((6, 1)), rng.random((1, 9))
    assert additive_error(rows + columns) < 1e-12 < 1e-3 < multiplicative_error(rows + columns)
    assert multiplicative_error(rows * columns) < 1e-12 < 1e-3 < additive_error(rows * columns)


def test_the_best_sum_and_the_best_product_are_those_of_a_search(rng):
    table = rng.random((3, 4))

    def error(parts, combine):
        return np.sqrt(((table - combine(parts[:3, np.newaxis], parts[3:])) ** 2).mean())

    for ours, combine in ((additive_error, np.add), (multiplicative_error, np.multiply)):
        found = optimize.minimize(error, np.ones(7), args=(combine,), tol=1e-14)
        assert ours(table) == pytest.approx(found.fun, rel=1e-5)


def test_trends_are_found_among_noise(rng):
    trials = rng.standard_normal((8, 9, 400))
    assert abs(gain_fields.has_trend(EYES, trials).mean() - 0.05) < 0.04  # standard error 0.011
    trials[:, :, :100] += EYES[:, :1]  # a slope of 20 standard deviations in a step
    assert 0.25 <= gain_fields.has_trend(EYES, trials).mean() < 0.34


def test_lack_of_fit_is_that_of_a_comparison_of_two_least_squares_fits(rng):
    trials = rng.standard_normal((8, 9, 3)) + 0.3 * (EYES[:, :1] / 20) ** 2
    design = np.column_stack([np.ones(9), EYES])
    for unit, found in enumerate(gain_fields.lack_of_fit(EYES, trials)):
        observed = trials[:, :, unit].ravel()
        plane, means = (  # a plane; a mean for each position
            np.linalg.lstsq(np.tile(columns, (8, 1)), observed)[1][0] for columns in (design, np.eye(9))
        )
        ratio = ((plane - means) / 6) / (means / 63)
        assert found == pytest.approx(stats.f.sf(ratio, 6, 63), rel=1e-9)


def test_p_of_a_lack_of_fit_is_uniform_for_a_plane_and_small_for_a_valley(rng):
    plane = rng.standard_normal((8, 9, 4000)) + 0.05 * EYES[:, :1]
    p = gain_fields.lack_of_fit(EYES, plane)
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    valley = plane + 3 * np.abs(EYES[:, :1] / 20)
    assert gain_fields.lack_of_fit(EYES, valley).max() < 1e-4


def test_a_plane_has_a_trend_and_a_bent_trend_is_no_plane(rng):
    noise = rng.standard_normal((8, 9, 500))
    slope, bend = 2 * EYES[:, :1] / 20, 3 * np.abs(EYES[:, :1] / 20)
    assert gain_fields.is_plane(EYES, noise + slope).mean() > 0.9  # 5 % lost to the second test
    bent = noise + slope + bend
    assert gain_fields.has_trend(EYES, bent).all() and not gain_fields.is_plane(EYES, bent).any()
    assert gain_fields.is_plane(EYES, noise).mean() < 0.1  # no trend


def test_lack_of_fit_without_noise_sees_exactly_whether_it_is_a_plane():
    plane, valley = np.tile(0.01 * EYES[:, :1], (3, 1, 1)), np.tile(np.abs(EYES[:, :1]), (3, 1, 1))
    p = gain_fields.lack_of_fit(EYES, np.concatenate([plane, valley, 0 * plane + 0.3], axis=2))
    assert p.tolist() == pytest.approx([1, 0, 1], abs=1e-100)


def test_lack_of_fit_needs_trials():
    with pytest.raises(ValueError, match="at least two trials"):
        gain_fields.lack_of_fit(EYES, np.zeros((1, 9, 2)))


def test_shuffling_keeps_each_trial_and_moves_all_units_alike(rng):
    trials = rng.standard_normal((50, 9, 2))
    trials[:, :, 1] = -trials[:, :, 0]
    mixed = gain_fields.shuffled(trials, rng)
    np.testing.assert_array_equal(np.sort(mixed, axis=1), np.sort(trials, axis=1))
    np.testing.assert_array_equal(mixed[:, :, 1], -mixed[:, :, 0])
    pairs = zip(trials[:, :, 0], mixed[:, :, 0], strict=True)
    orders = np.array([[list(old).index(value) for value in new] for old, new in pairs])
    assert len(np.unique(orders, axis=0)) > 45  # each trial has an order of its own
    assert np.abs((orders == np.arange(9)).mean() - 1 / 9) < 0.06  # any place, 450 draws


def test_shuffling_leaves_no_plane(rng):
    trials = np.tile(EYES[:, :1], (8, 1, 30)).reshape(8, 9, 30) + 0.1 * rng.standard_normal((8, 9, 30))
    assert gain_fields.has_trend(EYES, trials).all()
    again = [gain_fields.has_trend(EYES, gain_fields.shuffled(trials, rng)) for _ in range(100)]
    assert np.mean(again) < 0.15


def test_preference_runs_from_a_sum_to_a_product(rng):
    rows, columns = rng.random((6, 1)), rng.random((1, 9))
    assert product_preference(rows + columns) == pytest.approx(-1)
    assert product_preference(rows * columns) == pytest.approx(1)
    assert product_preference(np.zeros((2, 2))) == 0
    for constant in (0.3, 0.999, 1.0, -7e5):
        assert product_preference(np.full((64, 9), constant)) == 0  # a sum and a product
    assert product_preference(rows + 0 * columns) == product_preference(0 * rows + columns) == 0
    assert product_preference(1e-9 * (rows + columns)) == pytest.approx(-1)  # small is not rounding
    table = rng.random((6, 9))
    errors = additive_error(table), multiplicative_error(table)
    assert product_preference(table) == pytest.approx((errors[0] - errors[1]) / (errors[0] + errors[1]))


# Bad input


@pytest.mark.parametrize(
    ("eye", "responses", "words"),
    [
        (EYES[:3], np.zeros((3, 1)), "at least four observations, got 3"),
        (EYES, np.zeros((8, 1)), r"got \(9, 2\) and \(8, 1\)"),
        (EYES, np.zeros(9), r"responses \(n, units\)"),
        (EYES[:, :1], np.zeros((9, 1)), r"need eye \(n, 2\)"),
        (EYES * [1, 0], np.ones((9, 1)), "lie on one line"),
        (EYES, np.full((9, 1), np.nan), "infs or NaNs"),
    ],
)
def test_data_that_do_not_determine_a_plane_are_refused(eye, responses, words):
    with pytest.raises(ValueError, match=words):
        planar_fit(eye, responses)


@pytest.mark.parametrize("bad", [-5, 0, float("nan"), float("inf")])
def test_fixation_points_need_a_distance(bad):
    with pytest.raises(ValueError, match=f"distance must be positive and finite, got {bad}"):
        gain_fields.fixation_points(bad)


def test_trials_and_noise_must_make_sense(rng):
    clean = Responses(np.ones((9, 1)), np.ones((9, 1)))
    with pytest.raises(ValueError, match="trials must be at least 1"):
        gain_fields.with_noise(clean, 0, 0.1, rng)
    with pytest.raises(ValueError, match="sd must not be negative, and finite, got -1"):
        gain_fields.with_noise(clean, 1, -1, rng)


@pytest.mark.parametrize("table", [np.ones(4), np.ones((1, 4)), np.full((2, 2), np.nan)], ids=["row", "flat", "NaN"])
def test_a_table_must_be_finite_and_have_rows_and_columns(table):
    for error in (additive_error, multiplicative_error):
        with pytest.raises(ValueError, match="finite table of at least 2 x 2"):
            error(table)


def test_responses_must_have_one_shape():
    with pytest.raises(ValueError, match="responses of one shape"):
        Responses(np.ones((9, 5)), np.ones(5))


def test_trials_with_swapped_axes_are_refused(rng):
    with pytest.raises(ValueError, match=r"shape \(trials, 9, units\), got \(10, 16, 9\)"):
        gain_fields.planar_fit_of_trials(grid(), rng.random((10, 16, 9)))


@pytest.mark.parametrize(
    "bad, words", [(np.zeros((9, 0)), "at least one unit"), (np.full((9, 1), np.nan), "infs or NaNs")]
)
def test_a_plane_needs_finite_responses_of_some_unit(bad, words):
    with pytest.raises(ValueError, match=words):
        planar_fit(grid(), bad)


def grid() -> np.ndarray:
    """Nine eye positions, in degrees."""
    return np.stack(np.meshgrid([-20, 0, 20], [-20, 0, 20]), axis=-1).reshape(-1, 2)
