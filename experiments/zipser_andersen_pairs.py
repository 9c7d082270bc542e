"""What pairs that were never combined cost the network of chapter 3, beside a list of pairs by heart.

A block of pairs, an eye position to the right with a light to the left, is missing in training. The
list answers with the nearest pair that it holds. Network and list are asked about the block twice:
with the block missing in training, and with the same training samples and the block among them.
"""

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from experiments.choosing import repeated
from experiments.record import summaries
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages
from experiments.zipser_andersen import PAGE, TRAIN, Settings, begin, train
from helpers.chapters.chapter3.coordinate_task import Positions, make_task
from helpers.chapters.chapter3.population_codes import TemplateDecoder, distance
from helpers.networks.activations import sigmoid
from helpers.networks.network import Network

#: Sides of the blocks, in degrees.
SIDES = (20, 30)

#: Horizontal eye position and retinal position at the middle of a block, in degrees.
MIDDLE = (20, -20)

#: Positions drawn for the test; those in the block are used.
FRESH = 5_000


def outside(side: float) -> Callable[[Positions], NDArray]:
    """Return a function that says which positions are not in the block of a given side."""

    def keep(positions: Positions) -> NDArray:
        eye, retinal = positions.eye[:, 0] - MIDDLE[0], positions.retinal[:, 0] - MIDDLE[1]
        return np.maximum(np.abs(eye), np.abs(retinal)) >= side / 2

    return keep


def answer_of_the_list(known: Positions, asked: Positions) -> NDArray:
    """Return the head-centred position of the nearest known pair of each position asked for, shape (n, 2)."""
    tree = cKDTree(np.hstack([known.retinal, known.eye]))
    return known.head[tree.query(np.hstack([asked.retinal, asked.eye]))[1]]


def run_one(seed: int, settings: Settings) -> dict[str, dict[str, float]]:
    """Return the median errors on each block, in degrees, with and without the block in training."""
    task = make_task(settings.independent, settings.eye_inputs)
    decoder = TemplateDecoder(task.head)
    fresh = task.draw(np.random.default_rng([seed, FRESH]), FRESH)
    known = task.draw(np.random.default_rng(seed), TRAIN + 1000)[:TRAIN]

    def network_with(keep: Callable[[Positions], NDArray] | None) -> Network:
        start = begin(seed, settings, keep)
        train(start, settings)
        return start.network

    def errors(network: Network, pairs: Positions, asked: Positions) -> tuple[float, float]:
        found = decoder.decode(sigmoid(network.predict(task.encode(asked).x)))
        return tuple(
            float(np.median(distance(answer, asked.head))) for answer in (found, answer_of_the_list(pairs, asked))
        )

    met, rows = network_with(None), {}
    for side in SIDES:
        keep = outside(side)
        block = fresh[~keep(fresh)]
        never = dict(zip(("network", "list"), errors(network_with(keep), known[keep(known)], block), strict=True))
        complete = dict(zip(("network, met", "list, met"), errors(met, known, block), strict=True))
        cost = {f"{who}, cost": never[who] - complete[f"{who}, met"] for who in never}
        rows[str(side)] = never | complete | cost
    return rows


def stages(scale: Scale, seeds: range) -> Stages:
    """Train the networks of each seed; return what the result file keeps."""
    settings = replace(PAGE["page"], epochs=scale.at_most(PAGE["page"].epochs))
    found = yield from repeated(run_one, seeds, settings=settings)
    blocks = {side: summaries([one[side] for one in found]) for side in found[0]}
    return {"settings": asdict(settings), "middle": list(MIDDLE), "fresh": FRESH, "blocks": blocks}


EXPERIMENTS = [Experiment("03-pairs", stages, range(10), ("scipy",))]
