"""XOR with other activation functions, by error diffusion and by backpropagation: who learns, and at which rates?

Networks of three hidden layers of 8 + 8 cells, trained on all four patterns at once. Error diffusion is the decrement
option, as in the source, from weights of the right signs, large or small. Backpropagation gets the same starts, and
a third one of its own, whose signs are drawn, too. Each of these has the learning rate at which most networks learn,
chosen with the first ten networks; the other thirty are counted. The fates at all rates are kept as well.

With ReLU it is also seen which cells are silent: the source says that with it excitatory cells are the identity and
inhibitory ones are zero.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.scale import Scale
from experiments.sweep import Experiment, Run, Stages, together
from helpers.networks.activations import relu, sigmoid, softplus

#: Activation functions, and their slopes as functions of the output.
FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (lambda a: sigmoid(a, 0.4), lambda y: 5 * y * (1 - y)),
    "ReLU": (relu, lambda y: (y > 0) * 1.0),
    "ELU": (lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0))), lambda y: np.minimum(y + 1, 1)),
    "softplus": (lambda a: softplus(5 * a) / 5, lambda y: 1 - np.exp(-5.0 * y)),
}

#: Largest initial weight by the name of a start, or none: then signs are drawn, too, and sizes fit the layer.
STARTS: dict[str, float | None] = {"large": 1.0, "small": 0.3, "any sign": None}

#: Each way to learn with the starts that it gets.
WAYS = {"error diffusion": ("large", "small"), "backpropagation": ("large", "small", "any sign")}

RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
UPDATES, COUNTED, CHOOSERS = 2000, 30, 10
PAIRS, DEPTH = 8, 3

#: A network has learned if all answers are off by less; it has diverged if an output is larger.
NEAR, FAR = 0.3, 1e6

#: A constant input, which is the only bias, and the four patterns.
PATTERNS = np.array([[0.1, 0, 0], [0.1, 0, 1], [0.1, 1, 0], [0.1, 1, 1]])
TARGETS = np.array([[0], [1], [1], [0]])


def kinds_of(cells: int) -> NDArray:
    """Return the kinds of the cells of a layer, excitatory ones first; a single cell is excitatory."""
    return np.repeat([1, -1], cells // 2) if cells > 1 else np.array([1])


def drawn(seed: int, networks: int, start: str) -> list[NDArray]:
    """Draw networks side by side: one array (networks, sources, cells) for each layer."""
    rng = np.random.default_rng(seed)
    widths, largest = [6, *[2 * PAIRS] * DEPTH, 1], STARTS[start]
    weights = []
    for sources, cells in zip(widths, widths[1:], strict=False):
        shape = (networks, sources, cells)
        if largest is None:
            weights.append(rng.uniform(-1, 1, shape) * np.sqrt(6 / (sources + cells)))
        else:
            weights.append(largest * rng.random(shape) * np.outer(kinds_of(sources), kinds_of(cells)))
    return weights


def forward(weights: Sequence[NDArray], f: Callable) -> list[NDArray]:
    """Return the outputs of all layers for the four patterns, those of the doubled inputs first."""
    outputs = [np.concatenate([PATTERNS, PATTERNS], axis=1)[None]]
    for layer in weights:
        outputs.append(f(outputs[-1] @ layer))
    return outputs


def diffuse(weights: Sequence[NDArray], outputs: Sequence[NDArray], slope: Callable, rate: float) -> None:
    """Change every weight in place by the decrement option."""
    d = TARGETS - outputs[-1]
    for layer, below, above in zip(weights, outputs, outputs[1:], strict=False):
        layer += rate / len(TARGETS) * np.swapaxes(below, 1, 2) @ (d * kinds_of(layer.shape[2]) * slope(above))


def backpropagate(weights: Sequence[NDArray], outputs: Sequence[NDArray], slope: Callable, rate: float) -> None:
    """Change every weight in place against its gradient."""
    d = TARGETS - outputs[-1]
    for layer, below, above in reversed(list(zip(weights, outputs, outputs[1:], strict=False))):
        delta = d * slope(above)
        d = delta @ np.swapaxes(layer, 1, 2)
        layer += rate / len(TARGETS) * np.swapaxes(below, 1, 2) @ delta


MOVES = {"error diffusion": diffuse, "backpropagation": backpropagate}


def train(seed: int, way: str, name: str, start: str, rate: float, networks: int) -> tuple[list[NDArray], NDArray]:
    """Train networks side by side; return their weights, and which have diverged: their weights are zero."""
    f, slope = FUNCTIONS[name]
    weights, diverged = drawn(seed, networks, start), np.zeros(networks, bool)
    for _ in range(UPDATES):
        outputs = forward(weights, f)
        MOVES[way](weights, outputs, slope, rate)
        for o in outputs[1:]:
            diverged |= ~(np.abs(o) < FAR).all(axis=(1, 2))
        for layer in weights:
            layer[diverged] = 0
    return weights, diverged


def fates(seed: int, networks: int, **settings: Any) -> list[str]:
    """Return the fate of each network: learns, diverges, dies (is silent at the output for all patterns), stuck."""
    weights, diverged = train(seed, networks=networks, **settings)
    f, slope = FUNCTIONS[settings["name"]]
    y = forward(weights, f)[-1]
    learned = (np.abs(TARGETS - y) < NEAR).all(axis=(1, 2))
    silent = (slope(y) == 0).all(axis=(1, 2))
    return np.select([diverged, learned, silent], ["diverges", "learns", "dies"], "stuck").tolist()


def count(found: Sequence[str]) -> dict[str, int]:
    """Return how many networks met each fate."""
    return {fate: found.count(fate) for fate in ("learns", "stuck", "dies", "diverges")}


def activity(seed: int, networks: int, **settings: Any) -> dict[str, dict[str, list[float]]]:
    """Return, for each hidden layer, the share of cells that are active for some pattern, and for all of them.

    Returns
    -------
    dict
        ``as drawn`` and ``trained``, of the networks that learned; in each, ``excitatory`` and ``inhibitory`` cells,
        followed by ``any``, active for some pattern, or ``all``, for all of them.
    """
    f, _ = FUNCTIONS[settings["name"]]
    weights, diverged = train(seed, networks=networks, **settings)
    learned = (np.abs(TARGETS - forward(weights, f)[-1]) < NEAR).all(axis=(1, 2)) & ~diverged
    found = {}
    for when, layers in (("as drawn", drawn(seed, networks, settings["start"])), ("trained", weights)):
        active = np.array([o[learned] > 0 for o in forward(layers, f)[1:-1]])
        found[when] = {
            f"{kind}, {many.__name__}": many(part, axis=2).mean(axis=(1, 2)).round(4).tolist()
            for kind, part in (("excitatory", active[..., :PAIRS]), ("inhibitory", active[..., PAIRS:]))
            for many in (np.any, np.all)
        }
    return found


def tuned(way: str, name: str, start: str, choosers: int, counted: int) -> Stages:
    """Choose a rate with the first networks; count the fates of the others at this rate and at all rates."""
    common = {"way": way, "name": name, "start": start, "networks": choosers + counted}
    found = yield [Run(fates, 0, {**common, "rate": rate}) for rate in RATES]
    learns = [one[:choosers].count("learns") for one in found]
    best = [place for place, number in enumerate(learns) if number == max(learns)]
    place = best[len(best) // 2]  # of equally good ones the middle
    result = {
        "rate": RATES[place],
        "fates": count(found[place][choosers:]),
        "tried": [{"rate": rate, "learns": number} for rate, number in zip(RATES, learns, strict=True)],
        "at_every_rate": [{"rate": rate, **count(one[choosers:])} for rate, one in zip(RATES, found, strict=True)],
    }
    if name == "ReLU" and way == "error diffusion":
        (result["activity"],) = yield [Run(activity, 0, {**common, "rate": RATES[place]})]
    return result


def stages(scale: Scale, seeds: range) -> Stages:
    """Let every way learn with every function from each of its starts."""
    choosers, counted = (number if scale.seeds is None else 2 * scale.seeds for number in (CHOOSERS, COUNTED))
    found = yield from together(
        {
            way: together(
                {
                    name: together({start: tuned(way, name, start, choosers, counted) for start in starts})
                    for name in FUNCTIONS
                }
            )
            for way, starts in WAYS.items()
        }
    )
    settings = {"updates": UPDATES, "networks": counted, "choosers": choosers, "rates": RATES, "near": NEAR}
    return {"settings": settings, "ways": found}


EXPERIMENTS = [Experiment("04-activations", stages, range(1))]
