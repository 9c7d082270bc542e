"""What a learning rule does to a network, measured: angles to the gradient, sizes; and a control.

Every rule hands out one update for each parameter array, so every rule can be asked the same
questions.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_count
from helpers.networks.floats import as_floats
from helpers.networks.network import Network, Rule, Update, by_name


def angle(a: NDArray, b: NDArray) -> float:
    """Return the angle between two arrays of the same shape, seen as vectors, in degrees.

    Parameters
    ----------
    a, b : ndarray
        Of one shape, whichever it is.

    Returns
    -------
    float
        From 0 to 180; 90 if one of them is zero, since it then points nowhere.

    Raises
    ------
    ValueError
        If the shapes differ or a number is not finite.
    """
    if np.shape(a) != np.shape(b):
        raise ValueError(f"an angle needs two arrays of one shape, got {np.shape(a)} and {np.shape(b)}")
    a, b = (np.ravel(as_floats(each)).astype(np.float64) for each in (a, b))
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("an angle needs finite numbers, got NaN or infinity")
    if not (a.any() and b.any()):
        return 90.0
    a, b = (v / np.abs(v).max() for v in (a, b))  # squares of tiny or huge numbers would leave the range
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def angles(updates: Mapping[str, NDArray], gradients: Mapping[str, NDArray]) -> dict[str, float]:
    """Return the angle between update and gradient, in degrees, for each parameter array.

    Parameters
    ----------
    updates : mapping of str to ndarray
        What a rule made of a batch, by the name of the parameter array.
    gradients : mapping of str to ndarray
        The gradient of the same batch; holds at least these names.

    Returns
    -------
    dict of str to float
        As of `angle`.

    Raises
    ------
    ValueError
        If a gradient is missing, or as `angle` does.
    """
    if missing := updates.keys() - gradients.keys():
        raise ValueError(f"there is no gradient for {sorted(missing)}, only for {sorted(gradients)}")
    return {name: angle(update, gradients[name]) for name, update in updates.items()}


def norms(updates: Mapping[str, NDArray]) -> dict[str, float]:
    """Return the Euclidean length of each update, or raise a ValueError if one holds NaN or infinity."""
    for name, update in updates.items():
        if not np.isfinite(as_floats(update)).all():
            raise ValueError(f"{name} has no length: it holds NaN or infinity")
    return {name: float(np.linalg.norm(update)) for name, update in updates.items()}


class Monitor:
    """A learning rule that watches another one: it passes its updates on and keeps what it saw.

    Parameters
    ----------
    rule : Rule
    every : int
        Steps between two looks; each costs a backward pass.

    Attributes
    ----------
    steps : list of int
        Number of updates made before each look.
    angles, norms : list of dict of str to float
        Angle to the gradient of the same batch, in degrees, and length, of each update.

    Raises
    ------
    ValueError
        If `every` is less than 1.
    """

    def __init__(self, rule: Rule, every: int = 1):
        check_count("every", every)
        self.rule, self.every, self.calls = rule, every, 0
        self.steps: list[int] = []
        self.angles: list[dict[str, float]] = []
        self.norms: list[dict[str, float]] = []

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the update of the watched rule."""
        loss, arrays = self.rule(network, x, labels)
        if self.calls % self.every == 0:
            self.steps.append(self.calls)
            self.angles.append(angles(arrays, network.gradients(x, labels).arrays))
            self.norms.append(norms(arrays))
        self.calls += 1
        return Update(loss, arrays)


class OnlySome:
    """A learning rule that trains some arrays as another one does, and leaves the others as they are.

    Parameters
    ----------
    rule : Rule
    learns : callable
        Takes the network; returns the names of the arrays that learn. `upper_layers` makes one.

    Raises
    ------
    ValueError
        When called, if a name is not that of a parameter array.
    """

    def __init__(self, rule: Rule, learns: Callable[[Network], Collection[str]]):
        self.rule, self.learns = rule, learns

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the loss of a batch and the rule's arrays, with zeros for those that do not learn.

        Raises
        ------
        ValueError
            If a name is not that of a parameter array.
        """
        learns = set(self.learns(network))
        if unknown := learns - network.parameters.keys():
            has = sorted(network.parameters)
            raise ValueError(f"no parameter array is called {sorted(unknown)}: the network has {has}")
        loss, arrays = self.rule(network, x, labels)
        return Update(loss, {n: array if n in learns else np.zeros_like(array) for n, array in arrays.items()})


def upper_layers(count: int) -> Callable[[Network], Collection[str]]:
    """Return what names the arrays of the upper layers, for `OnlySome`.

    The control for every rule that claims to train the lower layers: what do the upper ones
    achieve by themselves, on random features?

    Parameters
    ----------
    count : int
        How many layers with parameters learn, counted from the output.

    Raises
    ------
    ValueError
        If `count` is less than 1.
    """
    check_count("count", count)

    def names(network: Network) -> Collection[str]:
        lower = by_name(layer.parameters for layer in network.trainable[:-count])
        return network.parameters.keys() - lower.keys()

    return names
