"""The checks of chapter 2: right answers pass, and each known mistake hears its own words."""

import numpy as np
import pytest

from helpers.chapters.chapter2 import exercises as check
from helpers.chapters.chapter2.activations import gaussian_rbf_derivative
from helpers.chapters.chapter2.rbf_toy import falling_rates
from helpers.data.datasets import Split
from helpers.pages.exercises import Exercise

TABLES = {name: exercise for name, exercise in vars(check).items() if isinstance(exercise, Exercise)}


def given(name, function):
    """A function as an answer; the pencil exercise asks for a number."""
    return function() if name == "boundary" else function


def test_mistakes_in_code_as_students_write_it():
    assert "bias has become +1" in check.output(lambda h, w_o: 1 / (1 + np.exp(-h * w_o - 1))).message

    def lowered_first(first, steps):
        rates, rate = [], first
        for _ in range(steps):
            rate -= first / steps
            rates.append(rate)
        return rates

    assert "lowered before it is used" in check.schedule(lowered_first).message
    assert "derivative by h" in check.hidden_error(lambda a_h, h, w_o, delta_o: w_o * delta_o).message


def test_right_answers_written_otherwise():
    assert check.hidden_error(lambda a_h, h, w_o, delta_o: gaussian_rbf_derivative(a_h) * w_o * delta_o)
    assert check.momentum_step(lambda *case: np.array(check.momentum_step.solve(*case)))


def test_two_borders_and_one_number_for_all_units_are_named():
    for both in ((2, -2), [-2.0, 2.0], np.array([2, -2])):
        assert "give one number, its distance" in check.boundary(both).message
    summed = check.moving_units(lambda *case: tuple(part.sum() for part in check.moving_units.solve(*case)))
    assert "one entry for each unit" in summed.message
    assert "where the dots are" in check.moving_units(lambda *case: (..., ..., ...)).message


def test_an_unknown_distance_gets_a_hint_and_not_the_answer():
    verdict = check.boundary(7.0)
    assert not verdict and "logarithm" in verdict.message and "2" not in verdict.message.replace("1/w_o", "")


@pytest.mark.parametrize("exercise", [check.tanh_units, check.recipe])
@pytest.mark.parametrize("nothing", [..., None, (...,)])
def test_no_answer_is_not_called_wrong(exercise, nothing):
    assert "There is no result yet" in exercise(nothing).message


def test_something_else_is_not_called_unwritten():
    for words in ("words", 3, [1, 2], ([4, 4], [5, -5], ["a", 1], 0)):
        assert "three pairs and one number" in check.tanh_units(words).message
    assert "three pairs and one number" in check.tanh_units(np.array([[4, 4], [5, -5], [5, -5], [-5, -5]])).message
    for words in ("words", ["0.1"], [[0.1], [0.2, 0.3]], {0.1}, True, 0.1, [[0.1]]):
        assert "Give a list of learning rates" in check.recipe(words).message


def test_other_conventions_of_momentum_are_told_that_they_are_sound():
    uphill = lambda w, v, g, rate, m: (w - (m * v + rate * g), m * v + rate * g)  # noqa: E731
    assert "A sound method" in check.momentum_step(uphill).message

    def nesterov(w, v, g, rate, m):
        v = m * v - rate * g
        return w + m * v - rate * g, v

    assert "Nesterov" in check.momentum_step(nesterov).message


def test_a_schedule_by_arange_has_sometimes_a_rate_too_many():
    assert (
        "shape (49,), but has (50,)" in check.schedule(lambda first, steps: np.arange(first, 0, -first / steps)).message
    )


@pytest.mark.parametrize(
    "units, words",
    [
        (([4, 4], [5, -5], [5, -5], -5), "100% of the points are right. One unit steps up"),
        (([-4, 4], [5, 5], [5, 5], -5), "100% of the points are right. One unit steps up"),
        (([4, 4], [5, -5], [-5, 5], 5), "upside down. Turn the signs of the output weights and of the output bias."),
        (([4, 4], [5, -5], [-5, 5], -5), "upside down. Turn the signs of the output weights."),
        (([4, 4], [5, -5], [5, 0], 0), "a unit is idle"),
        (([4, 0], [5, -5], [5, 5], 0), "a unit is idle"),
        (([4, 4], [0, 0], [5, -4], -1), "without hidden biases"),
        (([4, 4], [5, -5], [5, 5], 0), "both units push the same way"),
        (([4, 4], [5, -5], [5, -5], -50), "Look at where they stand"),
        (([4, 4, 4], [5, -5, 0], [5, -5, 1], -5), r"shapes (3,), (3,) and (3,)"),
    ],
)
def test_two_tanh_units(units, words):
    verdict = check.tanh_units(units)
    assert words in verdict.message
    assert bool(verdict) == verdict.message.startswith("100%")


@pytest.mark.parametrize(
    "rates, words",
    [
        ([0.03] * 80, "Make the sum of the rates larger"),
        (falling_rates(0.2, 30), "Make the sum of the rates larger"),
        ([0.6] * 10, "too long and threw them"),
        ([1e300] * 80, "beyond all numbers"),
        ([0.09] * 79 + [0.3], "have not settled"),
        ([0.001] * 80, "steep slope"),
        ([1e300] * 3, "beyond all numbers"),
        ([0.1] * 81, "Give 1 to 80 finite rates"),
        ([], "Give 1 to 80 finite rates"),
        ([-0.1], "Give 1 to 80 finite rates"),
        ([np.nan], "Give 1 to 80 finite rates"),
    ],
)
def test_recipes_that_cannot_be_trusted(rates, words):
    verdict = check.recipe(rates)
    assert not verdict and words in verdict.message


def test_a_recipe_near_the_limit_gets_no_verdict():
    verdict = check.recipe([0.12] * 80)
    assert not verdict and "too near to 80 % to call" in verdict.message


@pytest.mark.parametrize("rates", [[0.06] * 80, [0.1] * 80, [0.09] * 60, falling_rates(0.2, 80)])
def test_a_recipe_that_can(rates):
    """The recipes of the solution: all beyond the margin by more than five standard errors, 0.75 % each."""
    verdict = check.recipe(rates)
    assert verdict and ("About 90 %" in verdict.message or "About 95 %" in verdict.message)


@pytest.mark.parametrize(
    "rates",
    [[0.03] * 80, [0.2] * 80, [0.12] * 80, [0.09] * 60, [0.1] * 80, falling_rates(0.2, 30), [0.6] * 10],
    ids=["0.03x80", "0.2x80", "0.12x80", "0.09x60", "0.1x80", "falling30", "0.6x10"],
)
def test_no_rounding_of_the_points_changes_the_verdict_on_a_recipe(rates, monkeypatch):
    expected, draw = check.recipe(rates), check.datasets.two_class_points

    def rounded_otherwise(rng):
        points = draw(rng)
        return Split(np.nextafter(points.x, noise.choice([-np.inf, np.inf], size=points.x.shape)), points.t)

    for seed in range(2):
        noise = np.random.default_rng(seed)
        monkeypatch.setattr(check.datasets, "two_class_points", rounded_otherwise)
        assert check.recipe(rates) == expected


def test_units_that_cancel_get_the_same_verdict_whatever_rounding_is_left():
    """Whether 5 h - 5 h is 0 depends on the machine, if it adds and multiplies in one step."""
    verdicts = {check.tanh_units(([4, 4], [5, 5], [5, -5 * (1 + nudge)], 0)) for nudge in (-4e-16, 0, 4e-16)}
    assert len(verdicts) == 1
    assert "50% of the points are right: the steps are there" in verdicts.pop().message


@pytest.mark.parametrize("name", TABLES)
def test_no_rounding_of_an_answer_changes_its_verdict(name):
    """Answers computed in another order differ from ours by a few roundings."""

    def rounded(result):
        if isinstance(result, tuple):
            return tuple(map(rounded, result))
        return result * (1 + 4e-16)

    exercise = TABLES[name]
    for answer in (exercise.solve, *(form for mistake in exercise.mistakes for form in mistake.forms)):
        otherwise = lambda *case, answer=answer: rounded(answer(*case))  # noqa: E731
        assert exercise(given(name, otherwise)) == exercise(given(name, answer))
