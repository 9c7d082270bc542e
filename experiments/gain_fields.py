"""Planar gain fields of chapter 3 from several networks, each beside its controls.

For each seed and each eye code: the network before training, the same network after it, random
weights as large as the trained ones (with biases of zero, with the trained biases, and with only the
retinal or only the eye weights that large), and additive-only units; then the same start trained on
other questions (r - e, r alone, and r and e apart, in two maps), and trained with Adam; and random weights
as large as those that "apart" learns. All are recorded with the same noise and trials. The seeds had no
part in the choice of any learning rate.
"""

from copy import deepcopy
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import ArrayLike

from experiments.choosing import repeated
from experiments.record import summaries
from experiments.scale import Scale
from experiments.sweep import Experiment, Stages, together
from experiments.zipser_andersen import ADAM, APART, PAGE, Settings, begin, tested, train
from helpers.chapters.chapter3 import gain_fields
from helpers.chapters.chapter3.coordinate_network import (
    alignment,
    record_units,
    response_tables,
    slopes,
    with_large_weights,
)
from helpers.chapters.chapter3.coordinate_task import Task
from helpers.chapters.chapter3.gain_fields import Responses
from helpers.chapters.chapter3.sums_and_products import product_preference
from helpers.networks.network import Network

#: Nine eye positions, 20 degrees apart.
EYES = gain_fields.fixation_points(20)

#: Trials at each eye position.
TRIALS = 8

#: Standard deviations of the response noise; the table of the chapter has the middle one.
NOISE = (0.05, 0.1, 0.2)

#: Times that the eye positions are permuted.
SHUFFLES = 20

#: Mean activity below which a unit counts as quiet, and above which as loud.
QUIET, LOUD = 0.25, 0.6

#: Cosine of the angle between a unit's retinal and eye slope from which on they count as aligned; below
#: minus this they count as opposed.
ALIGNED = 0.7

#: The networks that are trained and recorded, by their number of eye inputs.
RECORDED = {
    inputs: {
        "trained": PAGE[name],
        "difference": replace(PAGE[name], eye_factor=-1),
        "retina": replace(PAGE[name], eye_factor=0),
        "apart": APART[name],
        "adam": ADAM[name],
    }
    for inputs, name in (("32", "page"), ("2", "page-2"))
}


def additive_only(units: int) -> Responses:
    """Return recordings of units that add a plane in eye position to their visual response."""
    plane = np.tile(0.5 + 0.005 * EYES[:, :1], units)
    return Responses(plane + 0.3, plane)


def with_biases_of(network: Network, model: Network, rng: np.random.Generator) -> Network:
    """Return a copy of a network with the hidden biases of a model, permuted among the units."""
    copy = deepcopy(network)
    copy.parameters["b1"][...] = rng.permutation(model.parameters["b1"])
    return copy


def shares(clean: Responses, rng: np.random.Generator) -> dict[str, float]:
    """Return the shares of units with a trend, for each response and control, and of those with a plane."""
    found: dict[str, float] = {}
    for sd in NOISE:
        noisy = gain_fields.with_noise(clean, TRIALS, sd, rng)
        found |= {
            f"{name}, noise {sd:g}": share(gain_fields.has_trend(EYES, getattr(noisy, name)))
            for name in ("total", "background", "visual")
        }
        found[f"plane, noise {sd:g}"] = share(gain_fields.is_plane(EYES, noisy.visual))
        again = [gain_fields.has_trend(EYES, gain_fields.shuffled(noisy.visual, rng)) for _ in range(SHUFFLES)]
        found[f"shuffled, noise {sd:g}"] = share(again)
    for name in ("total", "visual"):
        found[f"{name}, no noise"] = share(gain_fields.planar_fit(EYES, getattr(clean, name)).p < 0.05)
    return found


def share(units: ArrayLike) -> float:
    """Return the share of units that are True."""
    return float(np.asarray(units).mean())


def products(tables: Responses) -> dict[str, int]:
    """Count quiet and loud units, and how many of them, and of all, are closer to a product than to a sum.

    Each is counted twice: by what the unit does in all (``total``), and by what the light adds (``visual``).
    """
    activity = tables.total.mean(axis=(1, 2))
    quiet, loud = activity < QUIET, activity > LOUD
    counts = {"quiet": quiet, "loud": loud, "below one half": activity < 0.5}
    for name in ("total", "visual"):
        product = np.array([product_preference(table) > 0 for table in getattr(tables, name)])
        counts |= {f"{name} products": product, f"quiet {name} products": quiet & product}
        counts |= {f"loud {name} products": loud & product}
    return {name: int(units.sum()) for name, units in counts.items()}


def segregation(network: Network, task: Task) -> float:
    """Return the correlation, over the units, of the log sizes of their retinal and their eye part.

    The size of a part is its standard deviation over the retina's centres, or over the eye positions. The
    correlation is near -1 where each unit listens to one of the two.
    """
    weights, places = network.parameters["W1"].astype(float), task.retina.centres
    parts = (
        task.retina.encode(places) @ weights[: task.retina.units],
        task.eye.encode(EYES) @ weights[task.retina.units :],
    )
    return float(np.corrcoef(*(np.log(part.std(axis=0)) for part in parts))[0, 1])


def directions(network: Network, task: Task, clean: Responses, rng: np.random.Generator) -> dict[str, float]:
    """Compare the directions in which a unit's parts and its responses change.

    Returns
    -------
    dict
        ``aligned``, ``opposed``: shares of units whose retinal and eye slopes point the same or the
        opposite way; ``planar`` and ``against``: numbers of units with a planar visual response, and of those
        among them whose visual response falls where the background rises; ``foretold``: of the planar ones that go
        against the background if their mean total and mean background together exceed 1, and with it if not;
        ``against, dim``: of those against it whose mean background is below one half. Both means are those without
        noise.
    """
    noisy = gain_fields.with_noise(clean, TRIALS, NOISE[1], rng)
    visual, background = (gain_fields.planar_fit_of_trials(EYES, part) for part in (noisy.visual, noisy.background))
    planar = visual.p < 0.05
    against = (visual.coefficients[1:] * background.coefficients[1:]).sum(axis=0) < 0
    total, dark = clean.total.mean(axis=0), clean.background.mean(axis=0)
    cosine = alignment(*slopes(network, task, EYES))
    return {
        "aligned": float(np.mean(cosine > ALIGNED)),
        "opposed": float(np.mean(cosine < -ALIGNED)),
        "planar": int(planar.sum()),
        "against": int((planar & against).sum()),
        "foretold": int((planar & (against == (total + dark > 1))).sum()),
        "against, dim": int((planar & against & (dark < 0.5)).sum()),
    }


def recorded(network: Network, task: Task, rng: np.random.Generator) -> dict[str, float]:
    """Return all that is counted in one network."""
    clean = record_units(network, task, EYES)
    found = shares(clean, rng) | products(response_tables(network, task, EYES))
    weights, biases = network.parameters["W1"][task.retina.units :], network.parameters["b1"]
    size = {"eye weights": float(weights.std()), "negative biases": int((biases < 0).sum())}
    size["segregation"] = segregation(network, task)
    return found | directions(network, task, clean, rng) | size


def trained_and_recorded(seed: int, settings: Settings, rng: np.random.Generator) -> tuple[Network, dict[str, float]]:
    """Train one network; return it and what is counted in it, with its error on the test samples."""
    start = begin(seed, settings)
    train(start, settings)
    return start.network, recorded(start.network, start.task, rng) | {"error": tested(start)["error"]}


def run_one(seed: int, settings: dict[str, Settings]) -> dict[str, dict[str, float]]:
    """Record one network before and after each training, and its controls."""
    first = settings["trained"]
    start, rng = begin(seed, first), np.random.default_rng([seed, first.eye_inputs])
    end, found = trained_and_recorded(seed, first, rng)
    large = with_large_weights(start.network, end, start.task)
    found = {"trained": found, "untrained": recorded(start.network, start.task, rng)}
    found["large"] = recorded(large, start.task, rng)
    found["additive"] = shares(additive_only(first.hidden), rng)
    found["biased"] = recorded(with_biases_of(large, end, rng), start.task, rng)
    for name, asked in settings.items():
        if name == "trained":
            continue
        other, found[name] = trained_and_recorded(seed, asked, rng)
        if name == "apart":
            found["apart large"] = recorded(with_large_weights(start.network, other, start.task), start.task, rng)
    for part in ("retina", "eye"):
        one = with_large_weights(start.network, end, start.task, [part])
        found[f"large {part}"] = recorded(one, start.task, rng)
    return found


def stages(scale: Scale, seeds: range) -> Stages:
    """Record the networks of each seed; return what the result file keeps."""
    recorded = {
        inputs: {kind: replace(one, epochs=scale.at_most(one.epochs)) for kind, one in several.items()}
        for inputs, several in RECORDED.items()
    }
    found = yield from together(
        {inputs: repeated(run_one, seeds, settings=several) for inputs, several in recorded.items()}
    )
    return {
        "settings": {
            inputs: {kind: asdict(setting) for kind, setting in several.items()} for inputs, several in recorded.items()
        },
        "recording": {
            "trials": TRIALS,
            "noise": list(NOISE),
            "shuffles": SHUFFLES,
            "quiet": QUIET,
            "loud": LOUD,
            "aligned": ALIGNED,
        },
        "runs": {
            inputs: {kind: summaries([one[kind] for one in rows]) for kind in rows[0]} for inputs, rows in found.items()
        },
    }


EXPERIMENTS = [Experiment("03-gain-fields", stages, range(100, 110), ("scipy",))]
