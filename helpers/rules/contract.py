"""What every learning rule promises, and a check that holds a rule to it.

A rule is called with (network, x, targets) and returns an `Update`: the loss of the batch and one array for each
parameter array of the network, which an optimizer goes against. It changes neither the network nor the batch.
What it remembers between two calls, such as feedback weights or inverses that learn, is its own.
"""

import math
from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from helpers.measures.diagnostics import angle
from helpers.networks.network import Network, Rule, Update


class BrokenPromise(AssertionError):
    """Raised by `check_rule`; says which promise a rule does not keep, and where."""


def check_rule(rule: Rule, network: Network, x: NDArray, targets: NDArray, *, within: float | None = None) -> Update:
    """Hold a learning rule to what every rule promises; every check works on copies.

    Parameters
    ----------
    rule : Rule
        A new one for this network. It must be possible to copy it with `copy.deepcopy`.
    network : Network
    x : ndarray, shape (n, inputs)
        A batch of two samples or more.
    targets : ndarray
        Its labels or targets, one for each sample.
    within : float, optional
        Largest angle to the gradient, in degrees, that the rule promises for each array at once: all of its
        arrays, end to end, beside all of the gradient's.

    Returns
    -------
    Update
        What the rule makes of the batch.

    Raises
    ------
    BrokenPromise
        If a promise is not kept; the first that is found is named.
    ValueError
        If there are fewer than two samples.
    """
    if len(x) < 2:
        raise ValueError(f"the check needs a batch of at least two samples, got {len(x)}")
    update = call(rule, network, x, targets)
    check_update(update, network)
    again = call(rule, network, x, targets)
    for name, array in update.arrays.items():
        promised(np.array_equal(array, again.arrays[name]), f"the same call gives another {name} the second time")
    check_update(call(rule, network, x[:1], targets[:1]), network)
    check_refusals(rule, network, x, targets)
    if within is not None:
        degrees = angle_to_gradient(update, network.gradients(x, targets))
        promised(degrees <= within, f"the update is {degrees:.1f} degrees from the gradient, promised were {within}")
    return update


def call(rule: Rule, network: Network, x: NDArray, targets: NDArray) -> Update:
    """Call copies of a rule with copies of all else, and see that what it was given stays as it was.

    Parameters
    ----------
    rule : Rule
    network : Network
    x : ndarray, shape (n, inputs)
    targets : ndarray
        Labels or targets, one for each sample.

    Returns
    -------
    Update
        A copy, which nobody else can change.

    Raises
    ------
    BrokenPromise
        If the rule changes a parameter of the network, the inputs or the targets.
    """
    rule, given = deepcopy(rule), deepcopy((network, x, targets))
    update = rule(*given)
    for name, array in given[0].parameters.items():
        promised(np.array_equal(array, network.parameters[name]), f"the rule changes {name} of the network")
    for name, before, after in (("x", x, given[1]), ("targets", targets, given[2])):
        promised(np.array_equal(before, after), f"the rule changes {name}, which it was given")
    return deepcopy(update)


def check_update(update: Update, network: Network) -> None:
    """Raise `BrokenPromise` unless this is an update for the network's arrays, and finite."""
    promised(isinstance(update, Update), f"a rule returns an Update, not {type(update).__name__}")
    loss, arrays = update
    promised(isinstance(loss, float) and math.isfinite(loss), f"the loss must be a finite float, not {loss!r}")
    names = sorted(network.parameters)
    promised(sorted(arrays) == names, f"there must be one array for each of {names}, not for {sorted(arrays)}")
    for name, wanted in network.parameters.items():
        array = arrays[name]
        promised(
            array.shape == wanted.shape and array.dtype == wanted.dtype,
            f"{name} must have shape {wanted.shape} and type {wanted.dtype}, not {array.shape} and {array.dtype}",
        )
        promised(bool(np.isfinite(array).all()), f"{name} holds NaN or infinite numbers")


def check_refusals(rule: Rule, network: Network, x: NDArray, targets: NDArray) -> None:
    """Raise `BrokenPromise` unless bad batches are refused with a ValueError that says something."""
    hole = x.copy()
    hole[-1, -1] = np.nan
    batches = {
        "an empty batch": (x[:0], targets[:0]),
        "one input too few": (x[:, :-1], targets),
        "NaN in the last sample": (hole, targets),
        "one target too few": (x, targets[:-1]),
    }
    for what, batch in batches.items():
        error: Exception | None = None
        try:
            with np.errstate(all="ignore"):
                deepcopy(rule)(deepcopy(network), *batch)
        except Exception as refusal:
            error = refusal
        promised(
            isinstance(error, ValueError) and len(str(error)) > 10,
            f"{what} must be refused with a ValueError that says what is wrong, not {error!r}",
        )


def angle_to_gradient(update: Update, gradient: Update) -> float:
    """Return the angle, in degrees, between all arrays of an update, end to end, and those of the gradient.

    Parameters
    ----------
    update : Update
        What a rule made of a batch.
    gradient : Update
        What backpropagation made of the same batch; arrays of the same names and shapes.

    Returns
    -------
    float
        From 0 to 180; 90 if one of them is zero, since it then points nowhere.
    """
    a, b = (np.concatenate([each.arrays[name].ravel() for name in gradient.arrays]) for each in (update, gradient))
    return angle(a, b)


def promised(kept: bool, words: str) -> None:
    """Raise `BrokenPromise` with these words unless a promise is kept."""
    if not kept:
        raise BrokenPromise(words)
