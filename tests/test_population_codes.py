"""Population codes: values worked by hand and by scipy, decoding, floors, bad input."""

import numpy as np
import pytest
from scipy import stats

from helpers.chapters.chapter3.population_codes import (
    GaussianCode,
    MonotonicCode,
    TemplateDecoder,
    centre_of_mass,
    distance,
    sigma_of_width,
    standardised,
)


def test_a_gaussian_has_fallen_to_1_over_e_at_half_its_full_width():
    sigma = sigma_of_width(15)
    assert sigma == pytest.approx(5.3033, abs=1e-4)
    peak, side = stats.norm.pdf([0, 7.5], scale=sigma)
    assert side / peak == pytest.approx(1 / np.e, rel=1e-12)


def test_the_grid_is_symmetric_and_evenly_spaced():
    code = GaussianCode(40)
    assert code.units == 64 and code.spacing == 10
    assert sorted(set(code.centres[:, 0])) == [-35, -25, -15, -5, 5, 15, 25, 35]
    np.testing.assert_array_equal(code.centres, -code.centres[::-1])
    assert code.sigma == pytest.approx(sigma_of_width(15))
    assert GaussianCode(80).sigma == pytest.approx(sigma_of_width(30))


def test_a_reshaped_row_is_a_picture_with_the_horizontal_along_its_rows():
    picture = GaussianCode(40).encode([[35.0, -35.0]])[0].reshape(8, 8)
    assert np.unravel_index(picture.argmax(), (8, 8)) == (0, 7)


def test_gaussian_activities_are_those_of_scipys_density(rng):
    code, positions = GaussianCode(40, side=5, width=12), rng.uniform(-40, 40, (6, 2))
    expected = [
        [stats.multivariate_normal.pdf(p, c, code.sigma**2) * 2 * np.pi * code.sigma**2 for c in code.centres]
        for p in positions
    ]
    np.testing.assert_allclose(code.encode(positions), expected, rtol=1e-10)


def test_a_gaussian_unit_is_at_its_most_at_its_centre():
    code = GaussianCode(40)
    np.testing.assert_allclose(np.diag(code.encode(code.centres)), 1)


def test_monotonic_lines_go_through_their_two_points():
    activity = MonotonicCode(80, lines=8).encode([[80.0, -80.0], [-80.0, 80.0], [0.0, 0.0]])
    assert activity.shape == (3, 32)
    np.testing.assert_allclose(activity[0, :8], 1)  # horizontal rising, at the right end
    np.testing.assert_allclose(activity[0, 8:16], 0)  # horizontal falling; the first is 0, the others are cut
    np.testing.assert_allclose(activity[0, 16:24], 0)
    np.testing.assert_allclose(activity[0, 24:], 1)
    # at 0 each line is halfway between 1 and -2 i / 8
    np.testing.assert_allclose(activity[2, :8], np.maximum((1 - 2 * np.arange(8) / 8) / 2, 0))


def test_one_line_a_group_will_do_and_the_ends_of_the_range_belong_to_it():
    code = MonotonicCode(40, lines=1)
    np.testing.assert_allclose(code.encode([[40.0, -40 * (1 + 1e-9)]]), [[1, 0, 0, 1]], atol=1e-8)
    with pytest.raises(ValueError, match="within 40 degrees"):
        code.encode([[0.0, 40 * (1 + 1e-8)]])


def test_falling_units_mirror_rising_ones_and_the_second_coordinate_is_like_the_first(rng):
    code, positions = MonotonicCode(40, lines=5), rng.uniform(-40, 40, (7, 2))
    activity = code.encode(positions)
    np.testing.assert_allclose(activity[:, 5:10], code.encode(-positions)[:, :5])
    np.testing.assert_allclose(activity[:, 10:], code.encode(positions[:, ::-1])[:, :10])


def test_heights_are_straight_lines_and_activities_their_positive_part(rng):
    code, positions = MonotonicCode(40), rng.uniform(-40, 40, (20, 2))
    heights = code.heights(positions)
    middle = code.heights((positions[:10] + positions[10:]) / 2)
    np.testing.assert_allclose(middle, (heights[:10] + heights[10:]) / 2, atol=1e-12)
    assert heights.min() < 0
    np.testing.assert_array_equal(code.encode(positions), heights * (heights > 0))


@pytest.mark.parametrize("code", [GaussianCode(40), MonotonicCode(40)], ids=["Gaussian", "monotonic"])
def test_template_decoding_returns_each_candidate_exactly_and_the_rest_to_half_a_step(code, rng):
    decoder = TemplateDecoder(code, step=5)
    np.testing.assert_array_equal(decoder.decode(code.encode(decoder.candidates)), decoder.candidates)
    inner = rng.uniform(-25, 25, (400, 2))
    assert np.median(distance(decoder.decode(code.encode(inner)), inner)) < 5 / np.sqrt(2)


def test_candidates_are_a_degree_apart_unless_told_otherwise_and_at_most_the_range():
    assert TemplateDecoder(GaussianCode(3)).candidates[:8].tolist() == [[k - 3, -3] for k in range(7)] + [[-3, -2]]
    assert TemplateDecoder(GaussianCode(3), step=6).candidates.tolist() == [[-3, -3], [3, -3], [-3, 3], [3, 3]]


def test_template_decoding_does_not_mind_scale_and_offset(rng):
    code, positions = GaussianCode(40), rng.uniform(-40, 40, (5, 2))
    decoder = TemplateDecoder(code)
    activity = code.encode(positions)
    np.testing.assert_array_equal(decoder.decode(0.3 * activity + 0.2), decoder.decode(activity))


def test_decoding_in_pieces_is_decoding_at_once(rng):
    code = GaussianCode(40)
    decoder, activity = TemplateDecoder(code, step=4), code.encode(rng.uniform(-40, 40, (700, 2)))
    alone = np.concatenate([decoder.decode(row[np.newaxis]) for row in activity[250:262]])
    np.testing.assert_array_equal(decoder.decode(activity)[250:262], alone)


def test_standardised_rows_multiply_to_correlations(rng):
    rows = rng.random((4, 9))
    np.testing.assert_allclose(standardised(rows) @ standardised(rows).T, np.corrcoef(rows), atol=1e-12)
    assert not standardised(np.ones((1, 4))).any()


def test_centre_of_mass_is_a_weighted_mean():
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 20.0]])
    np.testing.assert_allclose(centre_of_mass(np.array([[1.0, 2.0, 1.0]]), centres), [[5, 5]])
    np.testing.assert_allclose(
        centre_of_mass(np.array([[1.0, 0.0, 0.0], [0.0, 0.3, 0.1]]), centres), [[0, 0], [7.5, 5]]
    )


def test_centre_of_mass_is_pulled_inwards_at_the_edge_only():
    code, positions = GaussianCode(40), np.array([[0.0, 0.0], [40.0, 0.0]])
    found = centre_of_mass(code.encode(positions), code.centres)
    np.testing.assert_allclose(found[0], 0, atol=1e-12)
    assert 30 < found[1, 0] < 36


def test_distance_is_euclidean():
    np.testing.assert_allclose(distance([[0, 0], [1, 1]], [[3, 4], [1, 1]]), [5, 0])


# Bad input


@pytest.mark.parametrize("limit", [0, -1, np.nan, np.inf])
def test_a_range_must_be_positive(limit):
    for code in (GaussianCode, MonotonicCode):
        with pytest.raises(ValueError, match="limit must be positive and finite"):
            code(limit)


def test_sizes_and_widths_must_make_sense():
    with pytest.raises(ValueError, match="at least two units a side, got 1"):
        GaussianCode(40, side=1)
    for width in (-3, 0, float("nan")):
        with pytest.raises(ValueError, match=f"width must be positive and finite, got {width}"):
            sigma_of_width(width)
    with pytest.raises(ValueError, match="width must be positive"):
        GaussianCode(40, width=0)
    with pytest.raises(ValueError, match="at least one unit, got 0"):
        MonotonicCode(40, lines=0)
    with pytest.raises(ValueError, match="step must be positive"):
        TemplateDecoder(GaussianCode(40), step=0)


@pytest.mark.parametrize("positions", [[1.0, 2.0], np.zeros((0, 2)), np.zeros((3, 3))], ids=str)
def test_positions_must_be_pairs(positions):
    with pytest.raises(ValueError, match=r"positions must have shape \(n, 2\)"):
        GaussianCode(40).encode(positions)


def test_positions_must_be_finite_and_within_a_monotonic_range():
    with pytest.raises(ValueError, match="NaN or infinite"):
        GaussianCode(40).encode([[np.nan, 0.0]])
    with pytest.raises(ValueError, match="within 40 degrees, got 41"):
        MonotonicCode(40).encode([[41.0, 0.0]])


def test_activities_must_fit_the_code_and_be_finite():
    decoder = TemplateDecoder(GaussianCode(40), step=20)
    with pytest.raises(ValueError, match=r"shape \(n, 64\) with n >= 1, got \(2, 32\)"):
        decoder.decode(np.ones((2, 32)))
    with pytest.raises(ValueError, match="NaN or infinite"):
        decoder.decode(np.full((1, 64), np.nan))


@pytest.mark.parametrize("activity", [[[0.0, 0.0]], [[2.0, -1.0]]])
def test_a_centre_of_mass_needs_a_positive_mass(activity):
    with pytest.raises(ValueError, match="not negative and not all zero"):
        centre_of_mass(np.array(activity), np.array([[0.0, 0.0], [1.0, 0.0]]))


def test_a_flat_pattern_says_nothing_about_a_position():
    decoder = TemplateDecoder(GaussianCode(40))
    with pytest.raises(ValueError, match="says nothing about a position"):
        decoder.decode(np.full((2, 64), 0.1))


def test_a_step_beyond_the_range_is_refused():
    with pytest.raises(ValueError, match="step must not be larger than the range of 80 degrees"):
        TemplateDecoder(GaussianCode(40), 1000)


@pytest.mark.parametrize("make", [lambda: GaussianCode(40, 2.5), lambda: MonotonicCode(40, 2.5)])
def test_units_are_counted_in_whole_numbers(make):
    with pytest.raises(ValueError, match="must be a whole number"):
        make()


def test_distances_need_pairs():
    with pytest.raises(ValueError, match="as many first as second positions, got 1 and 4"):
        distance(np.zeros((1, 2)), np.zeros((4, 2)))
