"""The checks of chapter 3 name the mistakes that people make."""

import numpy as np
import pytest

from helpers.chapters.chapter3 import exercises as check
from helpers.chapters.chapter3.population_codes import MonotonicCode


def adam(stored=True, corrected=True, counted=True, m_corrected=True, sign=-1):
    """An optimizer as a student would write it, with parts left out."""

    def step(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
        if counted:
            state["steps"] += 1
        steps = max(state["steps"], 1)
        m = state["m"] + (1 - beta1) * (gradient - state["m"])
        v = state["v"] + (1 - beta2) * (gradient**2 - state["v"])
        if stored:
            state["m"], state["v"] = m, v
        mean, square = (m / (1 - beta1**steps), v / (1 - beta2**steps)) if corrected else (m, v)
        mean = mean if m_corrected else m
        parameter += sign * eta * mean / (np.sqrt(square) + 1e-8)

    return step


def never_written(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """A template."""
    return ...


def rebound(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """The very trap of the exercise: a new array, not the one that was given."""
    parameter = parameter - eta * np.sign(gradient)


def destroying(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """Uses the caller's gradient as scratch space."""
    gradient *= 0.1
    parameter -= gradient


def uncounted(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """Divides 0 by 0, since steps is still 0."""
    with np.errstate(invalid="ignore"):
        parameter -= eta * 0 * gradient / (1 - beta1 ** state["steps"])


def textbook(placed):
    """Adam as Kingma and Ba print it; epsilon may stand elsewhere."""

    def step(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
        state["steps"] += 1
        state["m"] = beta1 * state["m"] + (1 - beta1) * gradient
        state["v"] = beta2 * state["v"] + (1 - beta2) * gradient**2
        m, root = state["m"] / (1 - beta1 ** state["steps"]), np.sqrt(1 - beta2 ** state["steps"])
        if placed == "uncorrected":
            parameter -= eta * root * m / (np.sqrt(state["v"]) + 1e-8)
        else:
            inside = 1e-8 if placed == "inside" else 0
            parameter -= eta * m / np.sqrt(state["v"] / root**2 + inside)

    return step


def multiplied(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """A product where a power should be."""
    state["steps"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * gradient
    state["v"] = beta2 * state["v"] + (1 - beta2) * gradient**2
    square = state["v"] / (1 - beta2 * state["steps"])
    parameter -= eta * state["m"] / (1 - beta1 * state["steps"]) / (np.sqrt(square) + 1e-8)


def squared_difference(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """A square in the wrong place."""
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta2) * (gradient - state["v"]) ** 2
    m, v = state["m"] / (1 - beta1 ** state["steps"]), state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + 1e-8)


def hard_coded(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999):
    """Right as long as nobody gives other settings."""
    adam()(parameter, gradient, state)


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        (check.adam, adam(stored=False, corrected=False), "3.162"),
        (check.adam, adam(corrected=False), "not corrected"),
        (check.adam, adam(stored=False), "still forgotten"),
        (check.adam, adam(stored=False, counted=False), "eta times the sign"),
        (check.adam, adam(counted=False), "count the steps"),
        (check.adam, adam(sign=1), "climbs"),
        (check.adam, adam(m_corrected=False), "m is not"),
        (check.adam, never_written, "no result yet"),
        (check.adam, rebound, "did not move"),
        (check.adam, uncounted, "count the step first"),
        (check.spread, lambda w: w / 2, "root is missing"),
        (check.spread, lambda w: w / 2**0.5, "half width"),
        (check.adam, lambda parameter, gradient, state, *settings: 1, "did not move"),
        (check.adam, hard_coded, "eta, beta1 and beta2 are arguments"),
        (check.adam, lambda parameter, gradient, state: 1, "called with 6 arguments"),
        (check.adam, destroying, "belongs to the caller"),
        (check.adam, lambda parameter, gradient, state, *settings: parameter - gradient, "returns is not looked at"),
        (check.adam, multiplied, "a power"),
        (check.adam, squared_difference, "not (gradient - v)**2"),
        (check.spread, lambda w: w / 2.355, "half of the maximum"),
        (check.spread, lambda w: w / 2.3548, "half of the maximum"),
        (check.spread, lambda w: 0.35 * w, "should be"),
        (check.spread, lambda w: "5.3", "should be"),
        (check.monotonic, lambda x, limit, lines: np.zeros(2 * lines), "should be"),
        (check.noise, lambda sd: sd, "one direction"),
        (check.noise, lambda sd: 2**0.5 * sd, "root mean square"),
        (check.noise, lambda sd: 7.0, "Rayleigh"),
        (check.noise, lambda sd: 1.25 * sd, "exact factor"),
        (check.noise, lambda sd: 1.251 * sd, "exact factor"),
        (check.noise, lambda sd: [sd], "a number, but is a list"),
        (check.noise, lambda sd: "1.25 sd", "a number, but is a str"),
        (check.noise, lambda sd: float("nan"), "finite number, but is nan"),
        (check.noise, lambda sd: (np.pi / 2) ** 0.5, "does not depend on sd"),
        (check.noise, lambda sd: sd**2 * (np.pi / 2) ** 0.5, "must not be squared"),
        (check.noise, lambda sd: print(sd), "`return` missing"),
        (check.noise, lambda sd: ..., "no result yet"),
        (check.interaction, lambda r1, r2, e1, e2, s: 0, "linear hidden layer"),
        (check.interaction, lambda r1, r2, e1, e2, s: (r2 - r1) * (e2 - e1) / s**2, "sign"),
        (check.body, lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + e), "neck is missing"),
        (check.interaction, lambda r1, r2, e1, e2, s: [-(r2 - r1) * (e2 - e1) / s**2], "a number, but is a list"),
        (check.body, lambda p, r, e, n: (np.hstack([p, e, n]), r + e + n), "divided by 40"),
        (check.body, lambda p, r, e, n: (np.hstack([p, e, n]) / 40, r + e + n), "not the pattern"),
        (check.body, lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r - e + n), "q = r + e"),
        (check.body, lambda p, r, e, n: np.hstack([p, e / 40, n / 40]), "there should be 2 results"),
    ],
)
def test_the_mistakes_of_students_are_diagnosed(exercise, answer, words):
    verdict = exercise(answer)
    assert not verdict
    assert words in verdict.message


def test_the_right_answers_pass():
    assert check.adam(adam())
    for placed in ("uncorrected", "inside", "left out"):
        assert check.adam(textbook(placed)), placed
    assert check.spread(lambda w: 2**0.5 * w / 4)
    assert (
        check.spread(lambda w: 1.414 * w / 4)
        and check.spread(lambda w: 0.3535 * w)
        and check.noise(lambda sd: 1.2533 * sd)
    )
    assert check.monotonic(lambda x, limit, lines: MonotonicCode(limit, lines).encode([[x, 0.0]])[0, : 2 * lines])
    assert check.noise(lambda sd: sd * (np.pi / 2) ** 0.5)
    assert check.interaction(lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / s**2)
    assert check.body(lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + e + n))


def test_one_array_where_several_are_asked_is_told_so():
    verdict = check.body(lambda pattern, retinal, eye, neck: np.hstack([pattern, eye / 40, neck / 40]))
    assert not verdict
