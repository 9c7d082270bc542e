"""A wave as target: error diffusion and backpropagation in the same networks, each at its own best rate.

Two hidden layers of cells, trained with Adam on 32 points of a wave, at a rate that falls in a straight line to zero.
The rate of each rule in each shape of network is the one of a grid with the smallest mean error, chosen with other
networks than those that are measured. The middle one of these is kept as a curve.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.choosing import CHOOSING
from experiments.scale import Scale
from experiments.sweep import Experiment, Run, Stages, together
from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.networks.network import Update
from helpers.training.optimizers import Adam, LinearDecay

#: Pairs of cells in a hidden layer, and the largest initial weight.
SHAPES = {
    "16 + 16 cells, large weights": (16, 1.0),
    "twice the cells": (32, 1.0),
    "small weights": (16, 0.2),
}
RULES: dict[str, Callable[..., Update]] = {
    "default rule": BatchedErrorDiffusion(),
    "decrement option": BatchedErrorDiffusion(two_way=True),
    "backpropagation": BatchedNetworks.gradients,
}
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
UPDATES, MEASURED, CHOOSERS = 2000, 20, 5

POINTS = np.linspace(0, 1, 32, dtype=np.float32)[:, None]
WAVE = 0.5 + 0.35 * np.sin(2 * np.pi * POINTS[:, 0])


def curves(seed: int, rule: str, shape: str, rate: float, networks: int, updates: int) -> NDArray:
    """Train networks side by side; return what each answers at the points, shape (networks, points)."""
    pairs, scale = SHAPES[shape]
    rng = np.random.default_rng(seed)
    trained = BatchedNetworks.drawn(1, pairs, 2, rng, networks=networks, scale=scale, dtype=np.float32)
    optimizer = LinearDecay(Adam(rate), updates)
    for _ in range(updates):
        optimizer.step(trained.parameters, RULES[rule](trained, POINTS, WAVE[:, None]).arrays)
    return trained.predict(POINTS).T


def errors_of(found: NDArray) -> NDArray:
    """Return the root mean square error of each curve."""
    return np.sqrt(np.mean((found - WAVE) ** 2, axis=1))


def errors(seed: int, **settings: Any) -> list[float]:
    """Train networks; return their errors."""
    return errors_of(curves(seed, **settings)).round(5).tolist()


def middle(seed: int, **settings: Any) -> dict[str, list[float]]:
    """Train networks; return their ``errors``, and the ``curve`` of the middle one."""
    found = curves(seed, **settings)
    error = errors_of(found)
    return {"errors": error.round(5).tolist(), "curve": found[np.argsort(error)[len(error) // 2]].round(3).tolist()}


def tuned(rule: str, shape: str, choosers: int, measured: int, updates: int) -> Stages:
    """Choose a rate with some networks, and measure others."""
    common = {"rule": rule, "shape": shape, "updates": updates}
    found = yield [Run(errors, CHOOSING.start, {**common, "rate": rate, "networks": choosers}) for rate in RATES]
    tried = [{"rate": rate, "error": float(np.mean(one))} for rate, one in zip(RATES, found, strict=True)]
    rate = min(tried, key=lambda row: row["error"])["rate"]
    (result,) = yield [Run(middle, 0, {**common, "rate": rate, "networks": measured})]
    return {"rate": rate, "median": float(np.median(result["errors"])), **result, "tried": tried}


def stages(scale: Scale, seeds: range) -> Stages:
    """Let every rule learn the wave in every shape of network."""
    choosers, measured = (number if scale.seeds is None else scale.seeds for number in (CHOOSERS, MEASURED))
    updates = UPDATES if scale.epochs is None else 100 * scale.epochs
    found = yield from together(
        {shape: together({rule: tuned(rule, shape, choosers, measured, updates) for rule in RULES}) for shape in SHAPES}
    )
    line = np.polyval(np.polyfit(POINTS[:, 0], WAVE, 1), POINTS[:, 0])
    settings = {"updates": updates, "networks": measured, "choosers": choosers, "rates": RATES}
    return {"settings": settings, "straight_line": float(errors_of(line[None])[0]), "shapes": found}


EXPERIMENTS = [Experiment("04-wave", stages, range(1))]
