"""How a unit's response depends on the position of the eye, as a physiologist measures it.

Responses are arrays with one column for each unit. An eye position is a pair of angles in degrees.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, stats

from helpers.networks.arguments import check_draw, check_not_negative, check_positive
from helpers.networks.floats import as_floats


def fixation_points(distance: float = 20.0) -> NDArray:
    """Return nine eye positions, shape (9, 2): a 3 x 3 grid, row by row from below.

    Parameters
    ----------
    distance : float
        Degrees between neighbours.

    Raises
    ------
    ValueError
        If the distance is not positive and finite.
    """
    check_positive("distance", distance)
    vertical, horizontal = np.meshgrid([-1, 0, 1], [-1, 0, 1], indexing="ij")
    return distance * np.column_stack([horizontal.ravel(), vertical.ravel()]).astype(float)


@dataclass(frozen=True)
class Responses:
    """Responses of units to one stimulus at several eye positions.

    Attributes
    ----------
    total : ndarray, shape (..., positions, units)
        With the stimulus.
    background : ndarray, same shape
        Without it.

    Raises
    ------
    ValueError
        If the two differ in shape.
    """

    total: NDArray
    background: NDArray

    def __post_init__(self) -> None:
        for name in ("total", "background"):
            object.__setattr__(self, name, as_floats(getattr(self, name)))
        if np.shape(self.total) != np.shape(self.background):
            raise ValueError(f"need responses of one shape, got {np.shape(self.total)} and {np.shape(self.background)}")

    @property
    def visual(self) -> NDArray:
        """What the stimulus adds: total minus background."""
        return self.total - self.background


def record(respond: Callable[[NDArray, NDArray], NDArray], stimulus: NDArray, eye: NDArray) -> Responses:
    """Show one retinal pattern at several eye positions, then nothing at the same ones.

    Parameters
    ----------
    respond : callable
        Takes retinal patterns, shape (n, retina), and eye positions, shape (n, 2); returns the
        activities of the units, shape (n, units).
    stimulus : ndarray, shape (retina,)
    eye : ndarray, shape (n, 2)

    Returns
    -------
    Responses
    """
    shown = np.tile(stimulus, (len(eye), 1))
    return Responses(respond(shown, eye), respond(np.zeros_like(shown), eye))


def with_noise(responses: Responses, trials: int, sd: float, rng: np.random.Generator) -> Responses:
    """Repeat a recording with independent normal noise on each response.

    Parameters
    ----------
    responses : Responses
        Of shape (positions, units).
    trials : int
        Repetitions of each condition.
    sd : float
        Standard deviation of the noise, in the unit of the responses.
    rng : numpy.random.Generator

    Returns
    -------
    Responses
        Of shape (trials, positions, units).

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If there is no trial, or the standard deviation is negative or infinite.
    """
    check_draw(rng, trials=trials)
    check_not_negative("sd", sd)
    shape = (trials, *responses.total.shape)
    return Responses(
        responses.total + sd * rng.standard_normal(shape),
        responses.background + sd * rng.standard_normal(shape),
    )


@dataclass(frozen=True)
class PlanarFit:
    """Planes fitted to responses, one for each unit.

    Attributes
    ----------
    coefficients : ndarray, shape (3, units)
        Response at straight ahead, then slopes per degree, horizontal and vertical.
    r_squared : ndarray, shape (units,)
        Share of the variance that the plane explains.
    p : ndarray, shape (units,)
        Probability of so good a fit, or a better one, if the eye had no influence (F test).
    """

    coefficients: NDArray
    r_squared: NDArray
    p: NDArray


def planar_fit(eye: NDArray, responses: NDArray) -> PlanarFit:
    """Fit response = c + a * horizontal + b * vertical eye position to each unit by least squares.

    Parameters
    ----------
    eye : ndarray, shape (n, 2)
        Eye position of each observation.
    responses : ndarray, shape (n, units)

    Returns
    -------
    PlanarFit

    Raises
    ------
    ValueError
        For fewer than four observations, shapes that do not fit, values that are not finite, or eye
        positions on one line, which do not determine a plane.
    """
    eye, responses = check_observations(eye, responses)
    n = len(eye)
    design = np.column_stack([np.ones(n), eye])
    coefficients = linalg.lstsq(design, responses)[0]
    around_plane = ((responses - design @ coefficients) ** 2).sum(axis=0)
    around_mean = ((responses - responses.mean(axis=0)) ** 2).sum(axis=0)
    explained = np.maximum(around_mean - around_plane, 0)
    flat = around_mean <= 1e-24 * n * (1 + (responses**2).mean(axis=0))  # rounding is not a response
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(flat, 0, (explained / 2) / (around_plane / (n - 3)))
        r_squared = np.where(flat, 0, explained / around_mean)
    return PlanarFit(coefficients, r_squared, stats.f.sf(ratio, 2, n - 3))


def check_observations(eye: NDArray, responses: NDArray) -> tuple[NDArray, NDArray]:
    """Return eye positions and responses as arrays, or raise a ValueError unless they determine a plane.

    Parameters
    ----------
    eye : array_like, shape (n, 2)
        Eye position of each observation.
    responses : array_like, shape (n, units)

    Returns
    -------
    eye, responses : ndarray
        The same, in floats.
    """
    eye, responses = (as_floats(each).astype(float) for each in (eye, responses))
    if eye.ndim != 2 or eye.shape[1] != 2 or responses.ndim != 2 or len(eye) != len(responses):
        raise ValueError(f"need eye (n, 2) and responses (n, units), got {eye.shape} and {responses.shape}")
    if len(eye) < 4:
        raise ValueError(f"a test of a plane needs at least four observations, got {len(eye)}")
    if responses.shape[1] == 0:
        raise ValueError(f"need at least one unit, got responses of shape {responses.shape}")
    if not (np.isfinite(eye).all() and np.isfinite(responses).all()):
        raise ValueError("eye positions or responses hold infs or NaNs")
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(eye)), eye])) < 3:
        raise ValueError("the eye positions lie on one line: they do not determine a plane")
    return eye, responses


def planar_fit_of_trials(eye: NDArray, trials: NDArray) -> PlanarFit:
    """Fit planes to repeated responses, each trial an observation.

    Parameters
    ----------
    eye : ndarray, shape (positions, 2)
        Eye positions.
    trials : ndarray, shape (trials, positions, units)

    Returns
    -------
    PlanarFit
        One plane for each unit.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the observations determine no plane.
    """
    trials = as_floats(trials).astype(float)
    if trials.ndim != 3 or trials.shape[1] != len(eye):
        raise ValueError(f"need trials of shape (trials, {len(eye)}, units), got {trials.shape}")
    repeated = np.tile(eye, (len(trials), 1))
    return planar_fit(repeated, trials.reshape(len(repeated), -1))


def lack_of_fit(eye: NDArray, trials: NDArray) -> NDArray:
    """Test for each unit whether a plane is all that the eye position does to its mean response.

    The trials at one position differ by noise alone; the mean responses differ from the plane by that
    noise and by whatever is bent. The F test compares the two.

    Parameters
    ----------
    eye : ndarray, shape (positions, 2)
        Eye positions, at least four.
    trials : ndarray, shape (trials, positions, units)
        At least two trials.

    Returns
    -------
    ndarray, shape (units,)
        p value: the probability of means so far from the plane, or farther, if their true values lay on
        one. A response without any noise has p = 1 on a plane and almost 0 off it.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is one trial only, or the observations determine no plane.
    """
    fit = planar_fit_of_trials(eye, trials)
    trials = np.asarray(trials, dtype=float)
    repeats, positions, _ = trials.shape
    if repeats < 2:
        raise ValueError("need at least two trials: one alone does not tell noise from a bend")
    means = trials.mean(axis=0)
    plane = np.column_stack([np.ones(positions), eye]) @ fit.coefficients
    bent = repeats * ((means - plane) ** 2).sum(axis=0) / (positions - 3)
    noise = ((trials - means) ** 2).sum(axis=(0, 1)) / (positions * (repeats - 1))
    rounding = 1e-24 * (1 + (trials**2).mean(axis=(0, 1)))
    ratio = np.where(bent <= rounding, 0, bent / np.maximum(noise, rounding))
    return stats.f.sf(ratio, positions - 3, positions * (repeats - 1))


def has_trend(eye: NDArray, trials: NDArray) -> NDArray:
    """Say of each unit whether a plane describes some of its response: F test of the plane, p < 0.05.

    Parameters
    ----------
    eye : ndarray, shape (positions, 2)
        Eye positions.
    trials : ndarray, shape (trials, positions, units)

    Returns
    -------
    ndarray of bool, shape (units,)
    """
    return planar_fit_of_trials(eye, trials).p < 0.05


def is_plane(eye: NDArray, trials: NDArray) -> NDArray:
    """Say of each unit whether its response has a trend and nothing but the trend is seen: lack of fit, p >= 0.05.

    Parameters
    ----------
    eye : ndarray, shape (positions, 2)
        Eye positions.
    trials : ndarray, shape (trials, positions, units)

    Returns
    -------
    ndarray of bool, shape (units,)
    """
    return has_trend(eye, trials) & (lack_of_fit(eye, trials) >= 0.05)


def shuffled(trials: NDArray, rng: np.random.Generator) -> NDArray:
    """Permute the eye positions within each trial, for all units alike.

    Each trial keeps its responses; only which eye position they belong to is lost.

    Parameters
    ----------
    trials : ndarray, shape (trials, positions, units)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, same shape

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If the trials have another number of axes.
    """
    check_draw(rng)
    if np.ndim(trials) != 3:
        raise ValueError(f"need trials of shape (trials, positions, units), got {np.shape(trials)}")
    order = rng.permuted(np.tile(np.arange(trials.shape[1]), (len(trials), 1)), axis=1)
    return np.take_along_axis(trials, order[:, :, np.newaxis], axis=1)
