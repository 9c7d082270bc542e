"""The network of chapter 2: one input, one Gaussian hidden unit, one sigmoid output.

It has two weights, so its whole cost is a surface that a person can look at (chapter 2). Every
function takes a single network or a batch of them: parameters of any shape, one network in each
entry, are broadcast against the points.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.chapters.chapter2.activations import gaussian_rbf, sigmoid_derivative
from helpers.networks.activations import sigmoid
from helpers.networks.arguments import check_count, check_positive
from helpers.networks.floats import as_floats
from helpers.networks.losses import sigmoid_cross_entropy

#: The bias of the output unit, where it is not learned.
FIXED_BIAS = -1.0
#: A walk is in the valley where its cost is below this, in nats: half of what tossing a coin costs 40 times.
VALLEY = 14.0


def forward(
    x: NDArray, w_h: NDArray | float, w_o: NDArray | float, b_o: NDArray | float = FIXED_BIAS
) -> tuple[NDArray, NDArray, NDArray]:
    """Walk forward from the input to the logit.

    Parameters
    ----------
    x : ndarray
        Inputs.
    w_h, w_o, b_o : ndarray or float
        Hidden weight, output weight and output bias; they broadcast with x as they are.

    Returns
    -------
    a_h : ndarray
        Net input of the hidden unit, x w_h.
    h : ndarray
        Its output, exp(-a_h^2).
    a_o : ndarray
        Net input of the output unit, h w_o + b_o: the logit of class 1.
    """
    a_h = as_floats(x) * w_h
    h = gaussian_rbf(a_h)
    a_o = h * w_o + b_o
    return a_h, h, a_o


def output_error(a_o: NDArray, t: NDArray) -> NDArray:
    """Derivative of the cost by the net input of the output unit.

    Parameters
    ----------
    a_o : ndarray, shape (..., n)
        Net input of the output unit, for each point.
    t : ndarray, shape (n,) or (..., n)
        Targets, from 0 to 1.

    Returns
    -------
    ndarray, shape (..., n)
        y - t with y = sigmoid(a_o).
    """
    return sigmoid(a_o) - t


def output_weight_gradient(h: NDArray, delta_o: NDArray) -> NDArray:
    """Derivative of the cost by the output weight, for each point.

    Parameters
    ----------
    h : ndarray, shape (..., n)
        Activity of the hidden unit.
    delta_o : ndarray, shape (..., n)
        From `output_error`.

    Returns
    -------
    ndarray, shape (..., n)
        h delta_o.
    """
    return h * delta_o


def hidden_error(a_h: NDArray, h: NDArray, w_o: NDArray | float, delta_o: NDArray) -> NDArray:
    """Derivative of the cost by the net input of the hidden unit.

    Parameters
    ----------
    a_h, h : ndarray, shape (..., n)
        Net input and activity of the hidden unit, h = exp(-a_h^2).
    w_o : ndarray, shape (..., 1), or float
        Weight from the hidden unit to the output.
    delta_o : ndarray, shape (..., n)
        From `output_error`.

    Returns
    -------
    ndarray, shape (..., n)
        -2 w_o a_h h delta_o.
    """
    return -2.0 * w_o * a_h * h * delta_o


def hidden_weight_gradient(x: NDArray, delta_h: NDArray) -> NDArray:
    """Derivative of the cost by the hidden weight, for each point.

    Parameters
    ----------
    x : ndarray, shape (n,) or (..., n)
        Inputs.
    delta_h : ndarray, shape (..., n)
        From `hidden_error`.

    Returns
    -------
    ndarray, shape (..., n)
        x delta_h.
    """
    return x * delta_h


def cost(x: NDArray, t: NDArray, w_h: ArrayLike, w_o: ArrayLike, b_o: ArrayLike = FIXED_BIAS) -> NDArray:
    """Cross-entropy of the output against the targets, summed over the points.

    Parameters
    ----------
    x, t : ndarray, shape (n,), or (..., n) for one data set for each network
        Inputs and targets.
    w_h, w_o, b_o : array_like, any shapes that broadcast with each other
        One network in each entry.

    Returns
    -------
    ndarray, that shape
        In nats.

    Raises
    ------
    ValueError
        If inputs and targets do not fit, or if a number is not finite.
    """
    w_h, w_o, b_o = checked(x, t, w_h, w_o, b_o)
    _, _, a_o = forward(x, w_h, w_o, b_o)
    return sigmoid_cross_entropy(a_o, t).sum(axis=-1)


def gradients(
    x: NDArray, t: NDArray, w_h: ArrayLike, w_o: ArrayLike, b_o: ArrayLike = FIXED_BIAS
) -> dict[str, NDArray]:
    """Gradient of `cost` with respect to ``w_h``, ``w_o`` and ``b_o``, by name.

    Parameters
    ----------
    x, t : ndarray, shape (n,), or (..., n)
        Inputs and targets.
    w_h, w_o, b_o : array_like, any shapes that broadcast with each other
        One network in each entry.

    Returns
    -------
    dict of str to ndarray
        Summed over the points, as `cost` is; a mean over them is this divided by n.

    Raises
    ------
    ValueError
        If inputs and targets do not fit, or if a number is not finite.
    """
    w_h, w_o, b_o = checked(x, t, w_h, w_o, b_o)
    a_h, h, a_o = forward(x, w_h, w_o, b_o)
    delta_o = output_error(a_o, t)
    delta_h = hidden_error(a_h, h, w_o, delta_o)
    return {
        "w_h": hidden_weight_gradient(x, delta_h).sum(axis=-1),
        "w_o": output_weight_gradient(h, delta_o).sum(axis=-1),
        "b_o": delta_o.sum(axis=-1),
    }


def hessian(x: NDArray, t: NDArray, w_h: ArrayLike, w_o: ArrayLike, b_o: ArrayLike = FIXED_BIAS) -> NDArray:
    """Second derivatives of `cost` with respect to (w_h, w_o).

    With the logit a_o and y = sigmoid(a_o), each point adds
    y (1 - y) (grad a_o)(grad a_o)^T + (y - t) (second derivatives of a_o).

    Parameters
    ----------
    x, t : ndarray, shape (n,), or (..., n)
        Inputs and targets.
    w_h, w_o, b_o : array_like, any shapes that broadcast with each other
        One network in each entry.

    Returns
    -------
    ndarray, shape (..., 2, 2)
        Symmetric; the leading axes are those of the parameters. Its larger eigenvalue
        bounds the learning rate: descent is stable below 2 over it.

    Raises
    ------
    ValueError
        If inputs and targets do not fit, or if a number is not finite.
    """
    w_h, w_o, b_o = checked(x, t, w_h, w_o, b_o)
    a_h, h, a_o = forward(x, w_h, w_o, b_o)
    delta_o, curve = output_error(a_o, t), sigmoid_derivative(a_o)
    by_h, by_o = -2 * a_h * h * w_o * x, h
    by_h_twice, by_both = (4 * a_h**2 - 2) * h * w_o * x * x, -2 * a_h * h * x
    hh = (curve * by_h * by_h + delta_o * by_h_twice).sum(axis=-1)
    ho = (curve * by_h * by_o + delta_o * by_both).sum(axis=-1)
    oo = (curve * by_o * by_o).sum(axis=-1)
    return np.stack([np.stack([hh, ho], axis=-1), np.stack([ho, oo], axis=-1)], axis=-2)


def boundary(w_h: ArrayLike, w_o: ArrayLike, b_o: ArrayLike = FIXED_BIAS) -> NDArray:
    """Distance |x| from zero at which the output is 1/2.

    The logit is zero where h = -b_o / w_o, that is, at |x| = sqrt(ln(-w_o / b_o)) / |w_h|.

    Parameters
    ----------
    w_h, w_o, b_o : array_like, any shapes that broadcast with each other
        One network in each entry.

    Returns
    -------
    ndarray, that shape
        In the unit of x.

    Raises
    ------
    ValueError
        If there is no such place: the unit says the same everywhere, or one of the
        numbers is not finite.
    """
    w_h, w_o, b_o = (as_floats(value) for value in (w_h, w_o, b_o))
    if not all(np.isfinite(value).all() for value in (w_h, w_o, b_o)):
        raise ValueError(f"weights and bias must be finite, got w_h {w_h}, w_o {w_o}, b_o {b_o}")
    if np.any(w_h == 0) or np.any(b_o == 0) or np.any(-w_o / b_o <= 1):
        raise ValueError(
            "the output crosses 1/2 only if w_h is not 0, and w_o and b_o have opposite signs with "
            f"|w_o| > |b_o|; got w_h {w_h}, w_o {w_o}, b_o {b_o}"
        )
    return np.sqrt(np.log(-w_o / b_o)) / np.abs(w_h)


def falling_rates(first: float, steps: int) -> NDArray:
    """Learning rates that fall in a straight line: first * (1 - k / steps), k = 0 ... steps - 1.

    Every one of the steps moves: the rate is lowered after it was used, so it would
    reach 0 only at the step after the last.

    Parameters
    ----------
    first : float
        Rate of the first step; positive and finite.
    steps : int
        Number of steps, at least 1.

    Returns
    -------
    ndarray, shape (steps,)

    Raises
    ------
    ValueError
        If the first rate or the number of steps is out of range.
    """
    check_schedule(first, steps)
    return first * (1 - np.arange(steps) / steps)


def descend(
    x: NDArray,
    t: NDArray,
    start: Mapping[str, ArrayLike],
    rates: Sequence[float] | NDArray,
    learned: Sequence[str] = ("w_h", "w_o"),
) -> dict[str, NDArray]:
    """Walk down the cost, one step for each rate, with a whole batch of networks at once.

    Parameters
    ----------
    x, t : ndarray
        Inputs and targets, as for `cost`.
    start : dict of str to array_like
        First values of ``w_h`` and ``w_o``, and of ``b_o`` unless it is `FIXED_BIAS`, of any
        shapes that broadcast with each other.
    rates : sequence of float
        Learning rate of each step, for the gradient summed over the points.
    learned : sequence of str
        Names of the parameters that move; the others stay.

    Returns
    -------
    dict of str to ndarray, shape (steps + 1, ...)
        Every parameter before the first step and after each.

    Raises
    ------
    ValueError
        For unknown names, a rate that is negative or not finite, or bad points.
    """
    now = checked_start(x, start, learned)
    path = {name: [value] for name, value in now.items()}
    for rate in checked_rates(rates):
        slopes = gradients(x, t, **now)
        for name in learned:
            now[name] = now[name] - rate * slopes[name]
        for name, values in path.items():
            values.append(now[name])
    return {name: np.array(values) for name, values in path.items()}


def checked(x: NDArray, t: NDArray, *parameters: ArrayLike) -> list[NDArray]:
    """Return the parameters with a last axis for the points, or raise a ValueError for bad input.

    Parameters
    ----------
    x, t : ndarray, shape (n,) or (..., n)
        Inputs and targets.
    *parameters : array_like
        Any shapes that broadcast with each other.

    Returns
    -------
    list of ndarray
        The parameters in float64, each with a last axis of length 1.
    """
    x, t = as_floats(x), as_floats(t)
    if x.ndim == 0 or x.size == 0 or t.ndim == 0 or t.shape[-1] != x.shape[-1]:
        raise ValueError(f"need inputs and a target for each, got shapes {x.shape} and {t.shape}")
    if not np.isfinite(x).all() or not np.all((t >= 0) & (t <= 1)):
        raise ValueError("inputs must be finite and targets between 0 and 1; clean the data first")
    arrays = [as_floats(parameter).astype(float)[..., np.newaxis] for parameter in parameters]
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("weights and bias must be finite: a learning rate was too large, or a start is bad")
    return arrays


def checked_start(x: NDArray, start: Mapping[str, ArrayLike], learned: Sequence[str]) -> dict[str, NDArray]:
    """Return all parameters in one shape, or raise a ValueError that says which names are wrong.

    Parameters
    ----------
    x : ndarray
        Inputs; all axes but the last count data sets.
    start : dict of str to array_like
        Where each parameter begins.
    learned : sequence of str
        Names of the parameters that learn.

    Returns
    -------
    dict of str to ndarray
        All parameters, in the shape that they broadcast to.
    """
    names = ("w_h", "w_o", "b_o")
    first = {"b_o": FIXED_BIAS, **start}
    if set(first) != set(names) or not learned or not set(learned) <= set(names):
        raise ValueError(
            f"start must name w_h and w_o, and may name b_o; learned is some of {names}: "
            f"got {sorted(start)} and {list(learned)}"
        )
    data_sets = np.zeros(np.shape(x)[:-1])
    values = np.broadcast_arrays(*(as_floats(first[name]).astype(float) for name in names), data_sets)
    return dict(zip(names, values, strict=False))


def check_schedule(first: float, steps: int) -> None:
    """Raise a ValueError unless the first rate is positive and finite and there is a step."""
    check_positive("the first rate", first)
    check_count("steps", steps)


def checked_rates(rates: Sequence[float] | NDArray) -> NDArray:
    """Return the rates as an array, or raise a ValueError for one that is no rate."""
    rates = as_floats(rates).astype(float)
    if rates.ndim != 1 or not np.all((rates >= 0) & (rates < np.inf)):
        raise ValueError(f"rates must be a sequence of finite numbers, none negative, got {rates}")
    return rates
