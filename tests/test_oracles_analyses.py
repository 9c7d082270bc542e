"""Codes, fits, halftones, the network of chapter 2 and the measures, against plain loops, scipy and mpmath."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf
from scipy import optimize, stats

from helpers.chapters.chapter2 import rbf_toy
from helpers.chapters.chapter3 import (
    coordinate_network,
    coordinate_task,
    gain_fields,
    population_codes,
    sums_and_products,
)
from helpers.chapters.chapter4 import halftoning
from helpers.chapters.chapter4.routed_error_diffusion import everybody, modulo
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS, products
from helpers.data.tasks import parity
from helpers.measures.comparisons import paired_difference
from helpers.measures.diagnostics import angle, angles, norms
from helpers.measures.gradient_check import central_difference, compare
from helpers.networks.network import Update
from helpers.rules.contract import angle_to_gradient
from tests.oracles import agree, few

COUNT, SAMPLES, SEEDS = st.integers(1, 6), st.integers(1, 6), st.integers(0, 99)

# Measures


@few
@given(st.integers(2, 12), st.floats(-8, 8), st.floats(-6, 0), SEEDS)
def test_angles_to_fifty_digits(size, scale, apart, seed):
    """Even between vectors that hardly differ, where an arc cosine keeps half of its digits: 1e-8 of a radian."""
    rng = np.random.default_rng(seed)
    a = 10**scale * rng.standard_normal(size)
    b = a + 10 ** (scale + apart) * rng.standard_normal(size)
    with mpmath.workdps(50):
        dot = sum(mpf(x) * mpf(y) for x, y in zip(a, b, strict=True))
        lengths = [mpmath.sqrt(sum(mpf(x) ** 2 for x in v)) for v in (a, b)]
        expected = float(mpmath.degrees(mpmath.acos(dot / lengths[0] / lengths[1])))
    tolerance = math.degrees(3e-16 / max(math.sin(math.radians(expected)), 2e-8)) * 4
    assert angle(a, b) == pytest.approx(expected, rel=1e-9, abs=tolerance)
    assert angles({"W": a}, {"W": b, "b": a}) == {"W": angle(a, b)}
    agree(list(norms({"a": a, "b": b}).values()), [float(one) for one in lengths])


def test_the_angle_of_all_arrays_is_that_of_one_long_vector(rng):
    one, other = ({"W1": rng.standard_normal((3, 2)), "b1": rng.standard_normal(2)} for _ in range(2))
    long = [[*arrays["W1"].ravel(), *arrays["b1"]] for arrays in (one, other)]
    cosine = sum(a * b for a, b in zip(*long, strict=True)) / math.hypot(*long[0]) / math.hypot(*long[1])
    agree(angle_to_gradient(Update(0.0, one), Update(0.0, other)), math.degrees(math.acos(cosine)))


@few
@given(st.integers(3, 12), st.floats(-3, 3), SEEDS)
def test_intervals_are_scipys(seeds, gap, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.standard_normal(seeds) + gap, rng.standard_normal(seeds)
    found = paired_difference(first, second)
    theirs = stats.ttest_rel(first, second)
    low, high = theirs.confidence_interval(0.95)
    agree([found.mean, found.low, found.high], [(first - second).mean(), low, high])
    assert found.apart == (theirs.pvalue < 0.05)
    assert found.count == seeds


@few
@given(COUNT, COUNT, SEEDS)
def test_central_differences_of_a_quadratic_are_exact_and_comparisons_are_their_formulas(rows, columns, seed):
    rng = np.random.default_rng(seed)
    A, x = rng.standard_normal((rows, columns)), rng.standard_normal((rows, columns))
    found = central_difference(
        lambda: float(sum(a * v * v for a, v in zip(A.ravel(), x.ravel(), strict=True))), x, 1e-3
    )
    agree(found, 2 * A * x)
    found = compare("A", A, x)
    pairs = list(zip(A.ravel().tolist(), x.ravel().tolist(), strict=True))
    gap = math.sqrt(sum((a - v) ** 2 for a, v in pairs))
    lengths = math.sqrt(sum(a * a for a, _ in pairs)) + math.sqrt(sum(v * v for _, v in pairs))
    agree(
        [found.mean_difference, found.relative_error], [sum(abs(a - v) for a, v in pairs) / len(pairs), gap / lengths]
    )


# Chapter 2


def logistic(a):
    return 1 / (1 + mpmath.exp(-a))


def toy_cost(x, t, w_h, w_o, b_o):
    total = mpf(0)
    for one, target in zip(x, t, strict=True):
        y = logistic(w_o * mpmath.exp(-((mpf(one) * w_h) ** 2)) + b_o)
        total -= mpmath.log(y if target else 1 - y)
    return total


@few
@given(st.integers(1, 5), st.floats(-3, 3), st.floats(-4, 4), st.floats(-2, 2), SEEDS)
def test_cost_gradient_and_curvature_of_chapter_2_to_fifty_digits(n, w_h, w_o, b_o, seed):
    rng = np.random.default_rng(seed)
    x, t = rng.uniform(-3, 3, n), rng.integers(2, size=n)
    with mpmath.workdps(50):

        def f(*place):
            return toy_cost(x.tolist(), t.tolist(), *place)

        place = (mpf(w_h), mpf(w_o), mpf(b_o))
        slopes = [float(mpmath.diff(f, place, order)) for order in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
        second = [float(mpmath.diff(f, place, order)) for order in ((2, 0, 0), (1, 1, 0), (0, 2, 0))]
        agree(rbf_toy.cost(x, t, w_h, w_o, b_o), float(f(*place)))
    found = rbf_toy.gradients(x, t, w_h, w_o, b_o)
    agree([found["w_h"], found["w_o"], found["b_o"]], slopes)
    agree(rbf_toy.hessian(x, t, w_h, w_o, b_o), [[second[0], second[1]], [second[1], second[2]]])


@few
@given(st.floats(0.2, 3), st.floats(0.1, 3), st.floats(1.05, 6))
def test_the_boundary_is_where_a_search_finds_the_change_of_sides(w_h, b, ratio):
    found = rbf_toy.boundary(w_h, ratio * b, -b)
    searched = optimize.brentq(
        lambda x: ratio * b * math.exp(-((x * w_h) ** 2)) - b, 0, 30 / w_h, xtol=1e-14, rtol=1e-14
    )
    agree(found, searched)


# Chapter 3


@few
@given(st.floats(5, 60), st.integers(2, 5), st.floats(1, 50), SAMPLES, SEEDS)
def test_gaussian_codes_unit_by_unit(limit, side, width, n, seed):
    positions = np.random.default_rng(seed).uniform(-limit, limit, (n, 2))
    code = population_codes.GaussianCode(limit, side, width)
    centres = [-limit + 2 * limit * (k + 0.5) / side for k in range(side)]
    expected = []
    for h, v in positions.tolist():
        # 1/e at half the width: exp(-d^2 / (width / 2)^2)
        expected.append([math.exp(-((h - x) ** 2 + (v - y) ** 2) / (width / 2) ** 2) for y in centres for x in centres])
    agree(code.encode(positions), expected)


@few
@given(st.floats(5, 60), COUNT, SAMPLES, SEEDS)
def test_monotonic_codes_unit_by_unit(limit, lines, n, seed):
    positions = np.random.default_rng(seed).uniform(-limit, limit, (n, 2))
    expected = []
    for h, v in positions.tolist():
        row = []
        for along in (h, -h, v, -v):
            share = (along + limit) / (2 * limit)  # 0 at the near end, 1 at the far one
            row += [max((1 - share) * -2 * i / lines + share, 0.0) for i in range(lines)]
        expected.append(row)
    agree(population_codes.MonotonicCode(limit, lines).encode(positions), expected)


@few
@given(SAMPLES, SEEDS)
def test_positions_are_read_as_loops_read_them(n, seed):
    rng = np.random.default_rng(seed)
    code = population_codes.GaussianCode(10, 3)
    activity = code.encode(rng.uniform(-10, 10, (n, 2))) + 0.05 * rng.random((n, 9))
    line = [-10 + 5 * k for k in range(5)]
    best = []
    for row in activity:
        found = {(h, v): np.corrcoef(row, code.encode([[h, v]])[0])[0, 1] for v in line for h in line}
        best.append(max(found, key=found.__getitem__))
    agree(population_codes.TemplateDecoder(code, 5.0).decode(activity), best)
    mass = [
        [sum(a * c[k] for a, c in zip(row, code.centres, strict=True)) / sum(row) for k in (0, 1)] for row in activity
    ]
    agree(population_codes.centre_of_mass(activity, code.centres), mass)
    other = rng.uniform(-10, 10, (n, 2))
    agree(
        population_codes.distance(other, np.array(best)), [math.dist(*pair) for pair in zip(other, best, strict=True)]
    )


@few
@given(st.integers(4, 12), COUNT, SEEDS)
def test_planes_are_those_of_an_f_test_between_two_fits(n, units, seed):
    """Coefficients by the normal equations in fifty digits; R^2 and p from the residuals, by their definitions."""
    rng = np.random.default_rng(seed)
    eye, responses = rng.uniform(-20, 20, (n, 2)), rng.standard_normal((n, units))
    found = gain_fields.planar_fit(eye, responses)
    for unit in range(units):
        r = responses[:, unit]
        with mpmath.workdps(50):
            A = mpmath.matrix([[1, *row] for row in eye.tolist()])
            c = mpmath.lu_solve(A.T * A, A.T * mpmath.matrix(r.tolist()))
            left = float(sum((mpf(r[s]) - sum(A[s, k] * c[k] for k in range(3))) ** 2 for s in range(n)))
        around = float(((r - r.mean()) ** 2).sum())
        agree(found.coefficients[:, unit], [float(one) for one in c])
        agree(found.r_squared[unit], 1 - left / around)
        p = 1 - float(mpmath.betainc(1, (n - 3) / 2, 0, 1 - left / around, regularized=True))
        assert found.p[unit] == pytest.approx(p, rel=1e-7, abs=1e-9)  # 1 - ... loses digits of a small p


@few
@given(st.integers(2, 5), st.integers(2, 5), SEEDS)
def test_sums_and_products_by_least_squares(rows, columns, seed):
    table = np.random.default_rng(seed).uniform(0.5, 2, (rows, columns))
    design = np.array([[*np.eye(rows)[i], *np.eye(columns)[j]] for i in range(rows) for j in range(columns)])
    missed = table.ravel() - design @ np.linalg.lstsq(design, table.ravel(), rcond=None)[0]
    additive = math.sqrt((missed**2).mean())
    eigenvalues = np.linalg.eigvalsh(table @ table.T)  # their sum but the largest is what the best product leaves
    multiplicative = math.sqrt(max(eigenvalues[:-1].sum(), 0) / table.size)
    assert sums_and_products.additive_error(table) == pytest.approx(additive, abs=1e-12)
    assert sums_and_products.multiplicative_error(table) == pytest.approx(multiplicative, abs=1e-7)


@few
@given(COUNT, SEEDS)
def test_alignment_is_the_cosine(units, seed):
    one, other = np.random.default_rng(seed).standard_normal((2, 2, units))
    cosines = [
        (one[0, k] * other[0, k] + one[1, k] * other[1, k]) / math.hypot(*one[:, k]) / math.hypot(*other[:, k])
        for k in range(units)
    ]
    agree(coordinate_network.alignment(one, other), cosines)


@pytest.mark.parametrize(("factor", "apart"), [(1, False), (-1, False), (0, False), (1, True)])
def test_the_task_asks_for_sums_sample_by_sample(factor, apart, rng):
    task = coordinate_task.make_task("eye", 2, eye_factor=factor, apart=apart)
    positions = coordinate_task.independent_eye(rng, 5)
    split = task.encode(positions)
    for s in range(5):
        r, e = positions.retinal[s], positions.eye[s]
        x = [*task.retina.encode([r])[0], e[0] / 80, e[1] / 80]
        asked = [r, e] if apart else [[r[0] + factor * e[0], r[1] + factor * e[1]]]
        t = np.concatenate([task.head.encode([place])[0] for place in asked])
        np.testing.assert_allclose(split.x[s], x, rtol=1e-6, atol=1e-12)  # they are stored in float32
        np.testing.assert_allclose(split.t[s], t, rtol=1e-6, atol=1e-12)


# Chapter 4


@pytest.mark.parametrize("kernel", [halftoning.FLOYD_STEINBERG, halftoning.JARVIS_JUDICE_NINKE], ids=["FS", "JJN"])
@few
@given(COUNT, st.integers(1, 8), st.floats(0.1, 0.9), SEEDS)
def test_halftones_as_a_dictionary_of_debts(kernel, height, width, threshold, seed):
    """What each pixel owes is kept by place; a pixel within a rounding of the threshold may go either way."""
    image = np.random.default_rng(seed).integers(0, 65, (height, width)) / 64
    debts: dict[tuple[int, int], float] = {}
    dots = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            wanted = image[i, j] + debts.pop((i, j), 0.0)
            if abs(wanted - threshold) < 1e-9:
                return  # a tie: whichever dot, both are right
            dots[i, j] = wanted > threshold
            for (row, column), share in np.ndenumerate(kernel):
                place = (i + row, j + column - kernel.shape[1] // 2)
                debts[place] = debts.get(place, 0.0) + (wanted - dots[i, j]) * share
    np.testing.assert_array_equal(halftoning.diffuse_error(image, kernel, threshold), dots)
    np.testing.assert_array_equal(
        halftoning.threshold_image(image, threshold), [[float(v > threshold) for v in row] for row in image]
    )


@few
@given(COUNT, st.integers(1, 9))
def test_who_hears_whom(outputs, cells):
    assert modulo(outputs, cells).tolist() == [[float(j % outputs == c) for j in range(cells)] for c in range(outputs)]
    assert everybody(outputs, cells).tolist() == [[1.0] * cells for _ in range(outputs)]


@pytest.mark.parametrize("bits", [1, 2, 5])
def test_parity_is_that_of_the_written_number(bits):
    split = parity(bits)
    for number in range(2**bits):
        written = f"{number:0{bits}b}"[::-1]
        assert split.x[number].tolist() == [float(digit) for digit in written]
        assert split.t[number] == written.count("1") % 2


# Chapter 6


@few
@given(st.lists(COUNT, min_size=3, max_size=5), SAMPLES)
def test_multiplications_are_counted_one_by_one(sizes, batch):
    """A counter in loops over every product of a forward pass, an update and a walk back."""
    layers = [(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)]
    forward = sum(1 for _ in range(batch) for a, b in layers for _ in range(a) for _ in range(b))
    walk = sum(1 for _ in range(batch) for a, b in layers[1:] for _ in range(a) for _ in range(b))
    at_once = sum(1 for _ in range(batch) for a, _ in layers[1:] for _ in range(a) for _ in range(sizes[-1]))
    last = batch * layers[-1][0] * layers[-1][1]
    between = sum(batch * a * b for a, b in layers[1:-1])
    expected = {
        "backpropagation": 2 * forward + walk,
        "feedback_alignment": 2 * forward + walk,
        "direct_feedback_alignment": 2 * forward + at_once,
        "error_diffusion": 2 * forward,
        "weight_perturbation": 2 * forward,
        "node_perturbation": 3 * forward,
        # a decoder runs on the target, on a noisy activity, and once for its update; its stage runs on that noise, too
        "target_propagation": 2 * forward + last + 4 * between,
        "difference_target_propagation": 2 * forward + last + 5 * between,
    }
    assert {name: count(sizes, batch) for name, count in MULTIPLICATIONS.items()} == expected
    assert products(sizes) == [a * b for a, b in layers]
