"""The exercises of chapter 3, gain fields."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.pages.answers import NotAnAnswer, called
from helpers.pages.comparison import in_form, is_number
from helpers.pages.exercises import Exercise, Mistake


def _path(step: Callable, gradients: NDArray, *settings: float) -> Any:
    """Where a student's optimizer takes a parameter that starts at 0."""
    shape = gradients.shape[1:]
    parameter, places = np.zeros(shape), []
    state = {"m": np.zeros(shape), "v": np.zeros(shape), "steps": 0}
    for gradient in gradients:
        before, given = parameter.copy(), gradient.copy()
        returned = called(step, parameter, given, state, *settings)
        if returned is ...:
            return ...
        if not np.array_equal(given, gradient):
            raise NotAnAnswer("Your step changes the gradient, which belongs to the caller: make a new array.")
        if np.array_equal(parameter, before):
            raise NotAnAnswer(
                "The parameter did not move. "
                + ("What your function returns is not looked at. " if returned is not None else "")
                + "If you wrote `parameter = parameter - ...`: that makes a new array, which is forgotten. "
                "Change the one that you were given, `parameter -= ...`."
            )
        places.append(parameter.copy())
    return np.array(places)


def _adam(
    *, stored: tuple[bool, bool] = (True, True), corrected: tuple[bool, bool] = (True, True), counted: bool = True,
    square: Callable = lambda gradient, v: gradient**2, rooted: bool = True, sign: int = -1, stores_corrected: bool = False,
    keep: Callable = lambda beta: beta, take: Callable = lambda beta: 1 - beta, settings: Callable = lambda *given: given,
    whole: Callable = lambda beta, step: 1 - beta**step,
) -> Callable[..., NDArray]:  # fmt: skip
    """Adam's path, with any of its parts left out or mistaken; pairs are for m and v."""

    def path(gradients: NDArray, *given: float) -> NDArray:
        eta, *betas = settings(*given)
        position, means = np.zeros(gradients.shape[1:]), [np.zeros(gradients.shape[1:])] * 2
        places = []
        for step, gradient in enumerate(gradients, start=1):
            power = step if counted else 1
            news = gradient, square(gradient, means[1])
            raw = [keep(betas[i]) * means[i] + take(betas[i]) * news[i] for i in (0, 1)]
            mean, spread = (raw[i] / whole(betas[i], power) if corrected[i] else raw[i] for i in (0, 1))
            means = [mean, spread] if stores_corrected else [raw[i] if stored[i] else 0 * raw[i] for i in (0, 1)]
            position = position + sign * eta * mean / ((np.sqrt(spread) if rooted else spread) + 1e-8)
            places.append(position)
        return np.array(places)

    return path


def _adam_fixed_at(*fixed: float | None) -> Callable[..., NDArray]:
    """Adam's path with settings of its own, whatever is given; None for one that is heeded."""
    return _adam(settings=lambda *given: [one or other for one, other in zip(fixed, given, strict=True)])


_GIVEN_ADAM = '''\
def buggy_adam(
    parameter,
    gradient,
    state,
    eta=0.1,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-8,
):
    """One step of Adam, with mistakes."""
    m, v = state["m"], state["v"]
    m = m + (1 - beta1) * (gradient - m)
    v = v + (1 - beta2) * (gradient**2 - v)
    parameter -= eta * m / (np.sqrt(v) + epsilon)
'''

adam = Exercise(
    given=_GIVEN_ADAM,
    solve=_adam(),
    cases=[
        (np.array([[2.0, -0.5], [1.0, -0.5], [-3.0, 4.0], [0.5, 0.25]]), 0.1, 0.9, 0.999),
        (np.array([[0.01], [0.01], [100.0], [1.0]]), 0.05, 0.8, 0.99),
    ],
    names=["gradients", "eta", "beta1", "beta2"],
    mistakes=[
        Mistake("Every step is 3.162 eta times the sign of the gradient: m and v are new arrays that are never stored, so each "
                "step starts from zero; and the bias is not corrected. 0.1 / sqrt(0.001) = 3.162.",
                _adam(stored=(False, False), corrected=(False, False))),
        Mistake("m and v are remembered now, but the bias is not corrected: both start at zero and are too small at first. "
                "Divide by 1 - beta ** steps.", _adam(corrected=(False, False))),
        Mistake("The bias is corrected, but m and v are still forgotten: each step starts from zero. Store them in state.",
                _adam(stored=(False, False))),
        Mistake("Every step is eta times the sign of the gradient, as if m and v were forgotten after each step.",
                _adam(stored=(False, False), counted=False)),
        Mistake("m is stored, v is forgotten after each step: store it in state, too.", _adam(stored=(True, False))),
        Mistake("v is stored, m is forgotten after each step: store it in state, too.", _adam(stored=(False, True))),
        Mistake("The corrected means are stored: keep m and v as they are in state, and correct copies of them.",
                _adam(stores_corrected=True)),
        Mistake("The bias is corrected as if every step were the first: count the steps in state.", _adam(counted=False)),
        Mistake("The parameter became NaN: count the step first, or the correction divides 0 by 0.",
                _adam(whole=lambda beta, step: 1 - beta ** (step - 1))),
        Mistake("The parameter became NaN: a root of a negative number. The correction divides by 1 - beta ** steps, a power and "
                "no product.", _adam(whole=lambda beta, step: 1 - beta * step)),
        Mistake("v must be a mean of the gradient's square.", _adam(square=lambda gradient, v: gradient),
                _adam(square=lambda gradient, v: abs(gradient))),
        Mistake("v must move towards the gradient's square: gradient**2 - v, not (gradient - v)**2.",
                _adam(square=lambda gradient, v: (gradient - v) ** 2 + v)),
        Mistake("The root of v is missing.", _adam(rooted=False)),
        Mistake("m is corrected, v is not: divide it by 1 - beta2 ** steps.", _adam(corrected=(True, False))),
        Mistake("v is corrected, m is not: divide it by 1 - beta1 ** steps.", _adam(corrected=(False, True))),
        Mistake("beta1 and beta2 are exchanged: m forgets fast (0.9), v slowly (0.999).",
                _adam(settings=lambda eta, beta1, beta2: (eta, beta2, beta1))),
        Mistake("The two weights of each mean are exchanged: beta belongs to the old mean, 1 - beta to the new gradient.",
                _adam(keep=lambda beta: 1 - beta, take=lambda beta: beta)),
        Mistake("m and v only grow: what is old must shrink, beta * m + (1 - beta) * gradient.", _adam(keep=lambda beta: 1)),
        Mistake("The new gradient, and its square, count by 1 - beta only; yours count in full.", _adam(take=lambda beta: 1.0)),
        Mistake("The learning rate eta is missing.", _adam(settings=lambda eta, *betas: (1.0, *betas))),
        Mistake("That is SGD: the step is eta times the gradient, without m and v.",
                lambda gradients, eta, *betas: -eta * gradients.cumsum(axis=0)),
        Mistake("The sign is wrong: that climbs.", _adam(sign=1)),
        Mistake("eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as 0.1, 0.9 and 0.999, whatever is "
                "given: use their names.",
                *(_adam_fixed_at(*fixed) for fixed in product((0.1, 0.001, None), (0.9, None), (0.999, None)) if any(fixed))),
    ],
    praise="It remembers, it counts, and its first step is eta long.",
    run=_path,
    tolerance=1e-4,  # wherever epsilon stands
)  # fmt: skip

_GIVEN_SPREAD = '''\
def buggy_spread(w):
    """Spread of a Gaussian of full 1/e width w, with a mistake."""
    return 2 * w / 4
'''

spread = Exercise(
    given=_GIVEN_SPREAD,
    solve=lambda w: np.sqrt(2) * w / 4,
    cases=[(15.0,), (30.0,)],
    names=["w"],
    mistakes=[
        Mistake("The root is missing: sqrt(2), not 2. This bump is wider by a factor of 1.41.", lambda w: 2 * w / 4),
        Mistake("That takes w for the half width. The point where the bump has fallen to 1/e is w/2 from the centre.",
                lambda w: w / np.sqrt(2)),
        Mistake("That is the spread for a width at half of the maximum; here the width is taken at 1/e.",
                lambda w: w / np.sqrt(8 * np.log(2))),
        Mistake("That takes w for the half width, and at half of the maximum; it is the full width at 1/e.",
                lambda w: w / np.sqrt(2 * np.log(2))),
        Mistake("That is the variance; the spread is its root.", lambda w: w**2 / 8),
        Mistake("The root of 2 is missing: sqrt(2) w / 4.", lambda w: w / 4),
        Mistake("The root is of 2 only: sqrt(2) w / 4.", lambda w: np.sqrt(2 * w) / 4, lambda w: np.sqrt(2 * w / 4)),
    ],
    tolerance=5e-4,  # four digits will do
    praise="At w/2 from its centre the bump has fallen to 1/e.",
)  # fmt: skip


def _lines(x: float, limit: float, lines: int, clipped: bool = True, near_end: float = -2.0, first: int = 0) -> NDArray:
    low = near_end * np.arange(first, first + lines) / lines
    share = np.array([[x + limit], [limit - x]]) / (2 * limit)
    values = low + (1 - low) * share
    return (np.maximum(values, 0) if clipped else values).ravel()


monotonic = Exercise(
    solve=_lines,
    cases=[(0.0, 40.0, 1), (40.0, 40.0, 2), (-10.0, 80.0, 8), (25.0, 80.0, 8)],
    names=["x", "limit", "lines"],
    mistakes=[
        Mistake("An activity cannot be negative: where the line is below zero the unit is silent.",
                lambda x, limit, lines: _lines(x, limit, lines, clipped=False)),
        Mistake("The falling units come first in yours; the rising ones should.",
                lambda x, limit, lines: _lines(-x, limit, lines)),
        Mistake("The two groups are interleaved: first all rising units, then all falling ones.",
                lambda x, limit, lines: _lines(x, limit, lines).reshape(2, lines).T.ravel()),
        Mistake("Only one group of units is there: the falling ones are the mirror image.",
                lambda x, limit, lines: _lines(x, limit, lines)[:lines]),
        Mistake("The falling units must mirror the angle, not the activity: use -x, not 1 minus the rising activity.",
                lambda x, limit, lines: np.append(
                    _lines(x, limit, lines)[:lines], 1 - _lines(x, limit, lines)[:lines])),
        Mistake("The near ends are at -i / lines; they should be at -2 i / lines.",
                lambda x, limit, lines: _lines(x, limit, lines, near_end=-1.0)),
        Mistake("Your lines begin with i = 1; the first one is i = 0, from 0 to 1.",
                lambda x, limit, lines: _lines(x, limit, lines, first=1)),
        Mistake("Your near ends run from 0 to -2; the last one, i = lines - 1, is at -2 (lines - 1) / lines.",
                lambda x, limit, lines: _lines(x, limit, lines, near_end=-2 * lines / max(lines - 1, 1)),
                lambda x, limit, lines: _lines(x, limit, lines, near_end=-2 * lines / np.float64(lines - 1))),
        Mistake("Your falling units are the rising ones again: they must take -x.",
                lambda x, limit, lines: np.tile(_lines(x, limit, lines)[:lines], 2)),
        Mistake("The falling units come in the reverse order in yours; falling line i is the mirror image of rising line i.",
                lambda x, limit, lines: np.append(
                    _lines(x, limit, lines)[:lines], _lines(x, limit, lines)[lines:][::-1])),
        Mistake("Your lines span 40 degrees whatever the limit: 1 is reached at +limit.",
                lambda x, limit, lines: _lines(x, 40.0, lines)),
    ],
    praise="Two groups of straight lines, and no negative rate.",
)  # fmt: skip


def _distance(answer: Callable[[float], float], sd: float) -> Any:
    """A student's mean distance, refused if it is roughly right: rounded, or simulated."""
    result, exact = in_form(called(answer, sd), 0.0), sd * np.sqrt(np.pi / 2)
    if is_number(result) and 0.001 < abs(result / exact - 1) < 0.05:
        raise NotAnAnswer("That is close; the exact factor is asked for, and it holds a root and a pi.")
    return result


noise = Exercise(
    solve=lambda sd: sd * np.sqrt(np.pi / 2),
    cases=[(1.0,), (5.0,)],
    names=["sd"],
    mistakes=[
        Mistake("That is the noise in one direction; the distance has two.", lambda sd: sd),
        Mistake(
            "That is the root mean square distance; the mean distance is a little smaller.", lambda sd: sd * np.sqrt(2)
        ),
        Mistake("That is the mean distance in one dimension; here are two.", lambda sd: sd * np.sqrt(2 / np.pi)),
        Mistake("That is the mean of the squared distance.", lambda sd: 2 * sd**2),
        Mistake("A distance is not negative.", lambda sd: -sd * np.sqrt(np.pi / 2)),
        Mistake(
            "Twice the noise makes twice the distance: sd must not be squared.", lambda sd: sd**2 * np.sqrt(np.pi / 2)
        ),
        Mistake("That does not depend on sd; twice the noise makes twice the distance.", lambda sd: np.sqrt(np.pi / 2)),
        Mistake(
            "That is twice the noise in one direction; the two directions add as the legs of a right triangle do.",
            lambda sd: 2 * sd,
        ),
        Mistake(
            "That is sqrt(2) times the mean distance in one dimension: a mean of lengths is not the length of the means.",
            lambda sd: 2 * sd / np.sqrt(np.pi),
        ),
        Mistake("The root is missing: sqrt(pi / 2), not pi / 2.", lambda sd: sd * np.pi / 2),
        Mistake(
            "You added the mean distances along the two directions; the length of a vector is no sum of its parts.",
            lambda sd: 2 * sd * np.sqrt(2 / np.pi),
        ),
        Mistake("That is the median distance; the mean is a little larger.", lambda sd: sd * np.sqrt(2 * np.log(2))),
    ],
    run=_distance,
    tolerance=5e-4,  # four digits will do
    praise="About 1.25 sd: the mean length of a two-dimensional normal vector.",
    hint="The distance is the length of a vector of two independent normal numbers: its distribution is named after Rayleigh.",
)

interaction = Exercise(
    solve=lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / s**2,
    cases=[(0.0, 1.0, 0.0, 1.0, 1.0), (-10.0, 20.0, 5.0, 12.0, 10.0), (3.0, -4.0, 1.0, 8.0, 2.0)],
    names=["r1", "r2", "e1", "e2", "s"],
    mistakes=[
        Mistake("The sign is wrong: the cross term in the exponent is -r e / s^2.",
                lambda r1, r2, e1, e2, s: ((r2 - r1) * (e2 - e1) / s**2)),
        Mistake("A factor of 2 is missing: 2 r e / (2 s^2) is r e / s^2.",
                lambda r1, r2, e1, e2, s: (-(r2 - r1) * (e2 - e1) / (2 * s**2))),
        Mistake("That is twice too much: the 2 of 2 r e cancels against 2 s^2.",
                lambda r1, r2, e1, e2, s: (-2 * (r2 - r1) * (e2 - e1) / s**2)),
        Mistake("The spread must be squared.", lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / s),
        Mistake("The spread is missing.", lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1)),
        Mistake("Zero is what a linear hidden layer gives. The log of the target has a cross term.",
                lambda r1, r2, e1, e2, s: 0.0),
    ],
    praise="Not zero, whatever the centre: no sum of a retinal and an eye part can make it.",
)  # fmt: skip


def _body(pattern: NDArray, retinal: NDArray, eye: NDArray, neck: NDArray, scale: float = 40.0) -> tuple:
    return np.hstack([pattern, eye / scale, neck / scale]), retinal + eye + neck


_rng = np.random.default_rng(0)

body = Exercise(
    solve=_body,
    cases=[
        (np.zeros((1, 64)), np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]]), np.array([[-4.0, 8.0]])),
        (_rng.random((3, 64)), *(_rng.uniform(-20, 20, (3, 2)) for _ in range(3))),
    ],
    names=["pattern", "retinal", "eye", "neck"],
    mistakes=[
        Mistake("The neck is missing in the position: this one is relative to the head.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], retinal + eye)),
        Mistake("The eye is missing in the position.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], retinal + neck)),
        Mistake("The retinal position is missing in the position.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], eye + neck)),
        Mistake("The two are right but in another order: return the inputs, then the position.",
                lambda *case: _body(*case)[::-1]),
        Mistake("The angles in the inputs must be divided by 40.",
                lambda pattern, retinal, eye, neck: _body(pattern, retinal, eye, neck, scale=1.0)),
        Mistake("Only the angles are divided by 40, not the pattern.",
                lambda pattern, retinal, eye, neck: (np.hstack([pattern, eye, neck]) / 40, retinal + eye + neck)),
        Mistake("The eye must be added: q = r + e.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], retinal - eye + neck)),
        Mistake("The neck must be added, not taken away.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], retinal + eye - neck)),
        Mistake("Eye and neck must be added, not taken away.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], retinal - eye - neck)),
        Mistake("Eye and neck are added in the inputs; the network must receive them apart.",
                lambda pattern, retinal, eye, neck: (np.hstack([pattern, (eye + neck) / 40]), retinal + eye + neck)),
        Mistake("The neck comes before the eye in your inputs.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, neck, eye))),
        Mistake("The retinal position itself must not be an input: the network sees only its pattern.",
                lambda pattern, retinal, eye, neck: (np.hstack([pattern, retinal / 40, eye / 40, neck / 40]), retinal + eye +
                    neck)),
        Mistake("The position must stay in degrees.",
                lambda pattern, retinal, eye, neck: (_body(pattern, retinal, eye, neck)[0], (retinal + eye + neck) / 40)),
    ],
    praise="Three angles, one sum, and the network still sees only activities.",
)  # fmt: skip
