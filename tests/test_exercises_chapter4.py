"""Every diagnosis of chapter 4: each known wrong answer is told apart and named."""

import numpy as np
import pytest

from helpers.chapters.chapter4 import exercises as chapter4
from helpers.chapters.chapter4.batched_networks import BatchedNetworks
from helpers.pages.exercises import Exercise

EXERCISES = {name: value for name, value in vars(chapter4).items() if isinstance(value, Exercise)}


def test_a_sigmoid_that_changes_its_caller_is_found_out():
    def in_place(x, u0):
        x *= 2 / u0
        return 1 / (1 + np.exp(-x))

    assert "changes what it was given" in chapter4.sigmoid_u0(in_place).message


@pytest.mark.parametrize("answer", [40, 40.0, np.float32(40), np.array(40)])
def test_a_whole_number_may_come_in_many_kinds(answer):
    assert chapter4.xor_in_six.read(answer) == 40


@pytest.mark.parametrize("answer", [0, 1.5, "many", 501, [40], True])
def test_xor_in_six_wants_a_whole_number(answer):
    assert chapter4.xor_in_six(answer).message.startswith("Give a whole number")


def test_xor_in_six_judges_by_training():
    assert chapter4.xor_in_six(40)
    assert "more cells" in chapter4.xor_in_six(8).message
    assert "need 6." in chapter4.xor_in_six(20).message
    assert "luck decides" in chapter4.xor_in_six(27).message
    assert "had not learned" in chapter4.xor_in_six(1).message


@pytest.mark.parametrize("pairs", [1, 3, 4, 20, 22, 24, 25, 27])
def test_xor_in_six_says_the_same_on_machines_that_round_differently(pairs, monkeypatch):
    said, generator = chapter4.xor_in_six(pairs), np.random.default_rng(pairs)

    drawn = BatchedNetworks.drawn

    def moved(*arguments, **options):
        network = drawn(*arguments, **options)
        for weights in network.parameters.values():
            weights *= 1 + 1e-9 * generator.uniform(-1, 1, weights.shape)  # millions of roundings
        return network

    monkeypatch.setattr(BatchedNetworks, "drawn", moved)
    assert chapter4.xor_in_six(pairs) == said


def test_no_dot_of_the_halftone_cases_hangs_on_a_rounding():
    *cases, (image, _) = chapter4.halftone.cases
    assert image.tolist() == [[0.5, 0.3]]  # nothing is carried to the one pixel that lies on the threshold
    for image, kernel in cases:
        for halftone in (
            chapter4.halftone.solve,
            *(form for mistake in chapter4.halftone.mistakes for form in mistake.forms),
        ):
            for move in (-1e-6, 1e-6):
                moved = np.clip(image + move, 0, 1)
                assert np.array_equal(halftone(moved, kernel) > 0.5, halftone(image, kernel) > 0.5)


def amine(d, s):
    return max(d, 0) if s > 0 else max(-d, 0)


def routed(outputs, cells):
    result = np.zeros((outputs, cells))
    for cell in range(cells):
        result[cell % outputs, cell] = 1
    return result


@pytest.mark.parametrize(
    "name, answer",
    [
        ("sigmoid_u0", lambda x, u0: (1 + np.tanh(x / u0)) / 2),
        ("elu_slope", lambda y: np.where(y > 0, 1, y + 1)),
        ("connection", lambda d, o_i, o_j, s_i, s_j, rate: rate * amine(d, s_i) * (o_j - o_j**2) * o_i * s_i * s_j),
        ("join", lambda pp, pn, np_, nn: np.vstack([np.hstack([pp, -pn]), np.hstack([-np_, nn])])),
        ("route", routed),
    ],
)
def test_an_answer_in_other_words_is_right(name, answer):
    assert EXERCISES[name](answer)


def halftone(image, kernel, error=lambda image, wanted, dot: wanted - dot):
    """Gather the debts of a pixel from those decided before it."""
    errors, dots = np.zeros_like(image), np.zeros_like(image)
    for i, j in np.ndindex(image.shape):
        wanted = image[i, j]
        for r, c in np.ndindex(kernel.shape):
            row, column = i - r, j - (c - kernel.shape[1] // 2)
            if row >= 0 and 0 <= column < image.shape[1]:
                wanted += kernel[r, c] * errors[row, column]
        dots[i, j] = wanted > 0.5
        errors[i, j] = error(image[i, j], wanted, dots[i, j])
    return dots


def test_a_halftone_that_gathers_debts_is_judged():
    assert chapter4.halftone(halftone)
    for error, words in (
        (lambda image, wanted, dot: image - dot, "taken from the image"),
        (lambda image, wanted, dot: dot - wanted, "sign of the error is wrong"),
        (lambda image, wanted, dot: 0.0, "bare threshold"),
        (lambda image, wanted, dot: dot - image, "taken from the image"),
    ):
        assert words in chapter4.halftone(lambda image, kernel, error=error: halftone(image, kernel, error)).message
    assert (
        "mirrored"
        in chapter4.halftone(lambda i, k: halftone(i, np.vstack([k[0], *(row[::-1] for row in k[1:])]))).message
    )


@pytest.mark.parametrize(
    "words, wrong",
    [
        ("decrement option", lambda d, o_i, o_j, s_i, s_j: d * (o_j - o_j**2) * o_i * s_j),
        ("not of the target", lambda d, o_i, o_j, s_i, s_j: amine(d, s_j) * (o_j - o_j**2) * o_i * s_i * s_j),
        ("sign is missing", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * (o_j - o_j**2) * o_i),
        ("of the target is missing", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * o_i * s_i * s_j),
        ("that of the source", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * (o_i - o_i**2) * o_i * s_i * s_j),
        ("o_i, is missing", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * (o_j - o_j**2) * s_i * s_j),
        ("away from zero", lambda d, o_i, o_j, s_i, s_j: -amine(d, s_i) * (o_j - o_j**2) * o_i * s_i * s_j),
        ("Only one amine", lambda d, o_i, o_j, s_i, s_j: abs(d) * (o_j - o_j**2) * o_i * s_i * s_j),
        ("yours is s_i", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * (o_j - o_j**2) * o_i * s_i),
        ("comes out as s_j", lambda d, o_i, o_j, s_i, s_j: amine(d, s_i) * (o_j - o_j**2) * o_i * s_j),
        (
            "never is",
            lambda d, o_i, o_j, s_i, s_j: (max(d, 0) if s_i > 0 else min(d, 0)) * (o_j - o_j**2) * o_i * s_i * s_j,
        ),
        ("you take d for both", lambda d, o_i, o_j, s_i, s_j: d * (o_j - o_j**2) * o_i * s_i * s_j),
        ("error has the wrong sign", lambda d, o_i, o_j, s_i, s_j: amine(-d, s_i) * (o_j - o_j**2) * o_i * s_i * s_j),
    ],
)
def test_a_wrong_connection_in_other_words_is_named(words, wrong):
    assert words in chapter4.connection(lambda d, o_i, o_j, s_i, s_j, rate: rate * wrong(d, o_i, o_j, s_i, s_j)).message


def test_a_connection_without_its_rate_is_named():
    without = chapter4.connection(lambda d, o_i, o_j, s_i, s_j, rate: amine(d, s_i) * (o_j - o_j**2) * o_i * s_i * s_j)
    assert without.message == "The learning rate is missing."
