"""The exercises of chapter 5 that look into a network: arrays that never move, a layer of random signs."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.networks.network import Network, Rule
from helpers.pages.exercises import NO_RESULT, Verdict
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.inverses import learned
from helpers.training.optimizers import Adam

#: What the published list of updates left out, in a network of seven hidden layers.
_FORGOTTEN = ("b5", "W6")


def published_rule(network: Network, rng: np.random.Generator) -> Rule:
    """Return a DTP rule whose list of updates lacks two arrays, as in a published program."""
    rule = DifferenceTargetPropagation(learned(network, rng, Adam(3e-3), noise=0.3))

    def forgetful(network: Network, x: NDArray, labels: NDArray) -> tuple[float, dict[str, NDArray]]:
        loss, updates = rule(network, x, labels)
        return loss, {name: update * (name not in _FORGOTTEN) for name, update in updates.items()}

    return forgetful


def silent_arrays(answer: Iterable[str] | str) -> Verdict:
    """Check which parameter arrays the student found silent."""
    if answer is ...:
        return Verdict(False, NO_RESULT)
    names = re.findall(r"\w+", answer) if isinstance(answer, str) else answer
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        return Verdict(False, "Give the names as a list of strings: ['...', '...'].")
    words = _wrong_names(set(names))
    return Verdict(not words, words or "Two arrays that never move; the accuracy would not have told you.")


def _wrong_names(found: set[str]) -> str:
    """Say what is wrong with the names of the silent arrays; nothing if they are right."""
    expected = set(_FORGOTTEN)
    if found == expected:
        return ""
    unknown = sorted(found - {f"{key}{i}" for key in "Wb" for i in range(1, 9)})
    if unknown:
        return f"No array is called {unknown[0]!r}: the names are W1 to W8 and b1 to b8."
    if not found:
        return "That list is empty: two arrays never move."
    if found < expected:
        return "There is one more: look at weights and biases of every layer."
    if expected < found:
        return "Those two are among them, but some of yours do move: look for norms of exactly zero."
    if found & expected:
        return "One of yours never moves, and one is missing; the rest do move: look for norms of exactly zero."
    return "Those do move: keep the norm of every update, and look for norms of exactly zero."


def sampling_layer(kind: type) -> Verdict:
    """Check a layer of random signs: its values, its mean, its chance, its backward pass."""
    if kind is ... or not isinstance(kind, type):
        return Verdict(False, "Hand over the class itself, without brackets behind its name.")
    h = np.linspace(-0.9, 0.9, 7) * np.ones((4000, 1))
    given = h.copy()
    try:
        layer, twin = (kind(np.random.default_rng(0)) for _ in range(2))
        draws = [layer.forward(given) for _ in range(4)]
        back, same_seed = layer.backward(np.ones_like(h)), twin.forward(h.copy())
    except Exception as error:
        return Verdict(False, f"Your code stops with {type(error).__name__}: {error}")
    if back is ... or any(values is None or values is ... for values in draws):
        return Verdict(False, NO_RESULT)
    if not np.array_equal(given, h):
        return Verdict(False, "Your forward changes its input, which the stage below still needs: make a new array.")
    words = _fault(h, [np.asarray(values) for values in draws], np.asarray(same_seed)) or _no_layer(layer, h, back)
    return Verdict(not words, words or "Its mean is h, its values are signs, and no gradient comes through.")


def _fault(h: NDArray, draws: list[NDArray], same_seed: NDArray) -> str:
    """Say what is wrong with signs drawn for activities h, several times and with the same seed; nothing if all is right."""
    values, again = draws[0], draws[1]
    if any(draw.shape != h.shape or not np.isin(draw, (-1, 1)).all() for draw in draws):
        return "Every value must be +1 or -1, in the shape of the input."
    one_for_all = all((draw == draw[0]).all() for draw in draws)
    repeats = np.array_equal(values, again)
    if one_for_all and repeats:
        sign = np.array_equal(values, np.where(h >= 0, 1, -1))
        return "That is the sign itself, with no chance in it." if sign else "There is no chance in it: draw random numbers."
    if one_for_all:
        return "All samples share their random numbers: draw one for each place, rng.random(x.shape)."
    if repeats:
        return "Every call draws the same numbers: draw from the generator that was handed in, which goes on."
    mean = values.mean(axis=0)
    if np.abs(mean + h[0]).max() < 0.1:
        return "The probabilities are exchanged: +1 should be likely where h is near 1."
    if np.abs(mean - h[0]).max() > 0.1:
        return "The mean of the signs should be h: +1 with probability (1 + h) / 2."
    if len(np.unique(values, axis=0)) <= 8:
        return "All units of a sample share one random number: draw one for each of them."
    if not np.array_equal(values, same_seed):
        return "Two layers with generators of the same seed disagree: draw from the generator that was handed in."
    return ""


def _no_layer(layer: Any, h: NDArray, back: Any) -> str:
    """Say why this cannot stand in a network; nothing if it can."""
    if not isinstance(back, np.ndarray) or back.shape != h.shape or back.any():
        return "forward is right. A random sign has no derivative: let backward return zeros, in the shape of its input."
    if any(getattr(layer, name, None) != {} for name in ("parameters", "gradients")):
        return "A network asks every layer for its `parameters` and `gradients`: set both to empty dictionaries, {}."
    return ""
