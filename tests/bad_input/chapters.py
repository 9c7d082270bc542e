"""Bad input for the numerics of the chapters."""

from typing import Any

import numpy as np

from helpers.chapters.chapter1 import graph
from helpers.chapters.chapter2 import landscape, rbf_toy
from helpers.chapters.chapter3 import coordinate_network, coordinate_task, gain_fields, population_codes
from helpers.chapters.chapter4 import batched_networks, halftoning
from helpers.chapters.chapter4.error_diffusion_cells import CellNetwork
from helpers.chapters.chapter5.sign_layers import Sign, StraightThroughSign
from helpers.chapters.chapter6 import single_weight
from helpers.data.datasets import Split
from helpers.data.tasks import parity
from helpers.networks.losses import sigmoid_squared_error
from helpers.networks.network import Network
from tests.bad_input.kinds import (
    Bad,
    Entry,
    batch,
    changed,
    count,
    generator,
    holes,
    kinds,
    labels,
    not_negative,
    one,
    positive,
    upstream,
)
from tests.bad_input.networks import ELEMENTWISE, ran, rng, x

EYES = gain_fields.fixation_points()


def points() -> dict[str, Any]:
    return {"x": np.array([-1.0, 0.5, 2.0]), "t": np.array([0, 1, 0]), "w_h": 1.2, "w_o": 2.0, "b_o": -1.0}


def responses() -> np.ndarray:
    return rng().standard_normal((9, 3))


def trials() -> np.ndarray:
    return rng().standard_normal((4, 9, 3))


def positions() -> np.ndarray:
    return np.array([[-30.0, 10.0], [5.0, 20.0], [0.0, -40.0]])


def small_task() -> coordinate_task.Task:
    return coordinate_task.source_task()


def small_network() -> Network:
    return coordinate_network.network_for(small_task(), 3, rng())


def side_by_side() -> batched_networks.BatchedNetworks:
    return batched_networks.BatchedNetworks.drawn(4, 2, 2, rng(), networks=3)


def image() -> np.ndarray:
    return rng().random((4, 5))


def story_task() -> single_weight.Task:
    return single_weight.Task(rng())


NOT_FINITE = [
    bad
    for name in ("w_h", "w_o", "b_o")
    for value in (np.nan, np.inf)
    for bad in one(name, value, "weights and bias must be finite")
]
POINTS = [
    *holes("x", "inputs must be finite"),
    *kinds("x"),
    *changed("x", "no points", lambda good: good[:0], "need inputs and a target for each"),
    *changed("t", "a target too few", lambda good: good[1:], "a target for each"),
    *one("t", np.array([0, 2, 0]), "targets between 0 and 1"),
    *one("t", np.array([0, np.nan, 0]), "targets between 0 and 1"),
    *(
        bad
        for name in ("w_h", "w_o", "b_o")
        for value in (np.nan, np.inf)
        for bad in one(name, value, "weights and bias must be finite")
    ),
    *one("w_h", np.array([1.0, np.nan]), "weights and bias must be finite"),
    *one("w_o", "one", "floats"),
    *one("w_o", 1j, "floats"),
]
PAIRS = [
    *holes("positions", "positions hold NaN or infinite"),
    *kinds("positions"),
    *changed("positions", "no rows", lambda good: good[:0], r"positions must have shape \(n, 2\)"),
    *changed("positions", "one pair alone", lambda good: good[0], r"positions must have shape \(n, 2\)"),
    *changed("positions", "one angle only", lambda good: good[:, :1], r"positions must have shape \(n, 2\)"),
]
BEYOND = [
    *one("positions", np.array([[0.0, 0.0], [-50.0, 0.0]]), "positions must lie within 40 degrees, got 50"),
    *one("positions", np.array([[0.0, 40.1], [0.0, 0.0]]), "positions must lie within 40 degrees"),
]
EYE_AND_RESPONSES = [
    *holes("eye", "infs or NaNs"),
    *holes("responses", "infs or NaNs"),
    *kinds("eye"),
    *kinds("responses"),
    *changed("eye", "a row too few", lambda good: good[1:], "need eye"),
    *changed("responses", "one axis", lambda good: good[:, 0], "need eye"),
    *changed("responses", "no units", lambda good: good[:, :0], "at least one unit"),
    *changed("eye", "on one line", lambda good: good[:, [0, 0]], "lie on one line"),
]
TRIALS = [
    *holes("trials", "infs or NaNs"),
    *kinds("trials"),
    *changed("trials", "axes swapped", lambda good: good.swapaxes(0, 1), "trials of shape"),
    *changed("trials", "one trial alone", lambda good: good[0], "trials of shape"),
    *changed("eye", "NaN in one row", lambda good: np.vstack([good[1:], [np.nan, 0]]), "infs or NaNs"),
]
ACTIVITY = [
    *batch("activity", finite="activity holds NaN or infinite", shape="activity must have shape"),
    *changed(
        "activity",
        "one all-zero row",
        lambda good: np.vstack([good[1:], 0 * good[:1]]),
        "all zero|equal",
    ),
]
TABLES = [
    *holes("table", "finite table"),
    *kinds("table"),
    *changed("table", "one row", lambda good: good[:1], "at least 2 x 2"),
    *changed("table", "one axis", lambda good: good[0], "at least 2 x 2"),
]
IMAGES = [
    *holes("image", "brightness must lie between 0 and 1"),
    *kinds("image"),
    *changed("image", "one pixel too bright", lambda good: np.vstack([good[1:], np.full(5, 1.01)]), "brightness"),
    *changed("image", "no pixels", lambda good: good[:0], "grey image"),
    *changed("image", "three colours", lambda good: np.stack([good] * 3, axis=2), "grey image"),
    *changed("image", "a list", lambda good: good.tolist(), "grey image .* list"),
]
CLASSES = [*batch("x"), *labels("t", 3, "classes|class|targets|whole numbers")]


def coded(code: Any, bad: list[Bad]) -> Entry:
    """The encoding of positions."""
    return Entry(lambda: {"self": code(), "positions": positions()}, bad)


TABLE = {
    # chapter 2
    "chapters.chapter2.activations.gaussian_rbf": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "chapters.chapter2.activations.gaussian_rbf_derivative": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "chapters.chapter2.activations.sigmoid_derivative": Entry(lambda: {"x": x()}, ELEMENTWISE),
    "chapters.chapter2.datasets.two_class_points": Entry(
        lambda: {"rng": rng(), "per_class": 4},
        [
            *count("per_class"),
            *one("per_class", 5, "per_class must be an even number"),
            *one("rng", 0, "rng must be a numpy.random.Generator"),
        ],
    ),
    "chapters.chapter2.rbf_toy.cost": Entry(points, POINTS),
    "chapters.chapter2.rbf_toy.gradients": Entry(points, POINTS),
    "chapters.chapter2.rbf_toy.hessian": Entry(points, POINTS),
    "chapters.chapter2.rbf_toy.forward": Entry(
        lambda: {name: part for name, part in points().items() if name != "t"}, ELEMENTWISE
    ),
    "chapters.chapter2.rbf_toy.boundary": Entry(
        lambda: {"w_h": 1.0, "w_o": 2.0, "b_o": -1.0},
        [
            *(
                bad
                for name in ("w_h", "w_o", "b_o")
                for value in (np.nan, np.inf)
                for bad in one(name, value, "must be finite")
            ),
            *one("w_h", 0.0, "crosses 1/2 only if"),
            *one("w_o", np.array([2.0, 0.5]), "crosses 1/2 only if"),
            *one("w_o", "two", "floats"),
        ],
    ),
    "chapters.chapter2.rbf_toy.falling_rates": Entry(
        lambda: {"first": 0.1, "steps": 3}, [*positive("first", "first rate must be positive"), *count("steps")]
    ),
    "chapters.chapter2.rbf_toy.descend": Entry(
        lambda: {
            "x": points()["x"],
            "t": points()["t"],
            "start": {"w_h": 1.0, "w_o": 2.0},
            "rates": [0.1, 0.2],
            "learned": ["w_h"],
        },
        [
            *(bad for bad in POINTS if bad.argument in ("x", "t")),
            *one("start", {"w_h": 1.0}, "start must name w_h and w_o"),
            *one("start", {"w_h": 1.0, "w_o": np.nan}, "must be finite"),
            *one("start", {"w_h": 1.0, "w_o": "two"}, "floats"),
            *one("rates", [0.1, np.nan], "rates must be"),
            *one("rates", [0.1, -0.2], "rates must be"),
            *one("rates", 0.1, "rates must be"),
            *one("learned", ["w_x"], "learned is some of"),
        ],
    ),
    "chapters.chapter2.rbf_toy.checked_start": Entry(
        lambda: {"x": points()["x"], "start": {"w_h": 1.0, "w_o": 2.0}, "learned": ["w_h"]},
        one("learned", [], "learned is some of"),
    ),
    "chapters.chapter2.landscape.Walk": Entry(
        lambda: {"x": points()["x"], "t": points()["t"], "start": {"w_h": 1.0, "w_o": 2.0}, "rate": 0.1, "steps": 2},
        [
            *count("steps", least=0),
            *one("rate", -0.1, "rates must be"),
            *one("rate", np.nan, "rates must be"),
            *(bad for bad in POINTS if bad.argument in ("x", "t")),
        ],
    ),
    "chapters.chapter2.landscape.edge": Entry(
        lambda: {"w_h": 1.0, "w_o": 2.0}, [*one("w_h", np.nan, "must be finite"), *one("w_o", np.nan, "must be finite")]
    ),
    # chapter 3
    "chapters.chapter3.population_codes.sigma_of_width": Entry(lambda: {"width": 3.0}, positive("width")),
    "chapters.chapter3.population_codes.GaussianCode": Entry(
        lambda: {"limit": 40.0, "side": 3, "width": 10.0},
        [
            *positive("limit"),
            *positive("width"),
            *(bad for value in (1, 0, -2, 2.5, "3") for bad in one("side", value, "side must be a whole number")),
        ],
    ),
    "chapters.chapter3.population_codes.MonotonicCode": Entry(
        lambda: {"limit": 40.0, "lines": 3},
        [
            *positive("limit"),
            *(bad for value in (0, -2, 2.5) for bad in one("lines", value, "lines must be a whole number")),
        ],
    ),
    "chapters.chapter3.population_codes.GaussianCode.encode": coded(lambda: population_codes.GaussianCode(40), PAIRS),
    "chapters.chapter3.population_codes.MonotonicCode.encode": coded(
        lambda: population_codes.MonotonicCode(40), [*PAIRS, *BEYOND]
    ),
    "chapters.chapter3.population_codes.MonotonicCode.heights": coded(
        lambda: population_codes.MonotonicCode(40), [*PAIRS, *BEYOND]
    ),
    "chapters.chapter3.coordinate_task.TwoLines.encode": coded(lambda: coordinate_task.TwoLines(40), PAIRS),
    "chapters.chapter3.coordinate_task.TwoLines": Entry(lambda: {"scale": 80.0}, positive("scale")),
    "chapters.chapter3.population_codes.TemplateDecoder": Entry(
        lambda: {"code": population_codes.GaussianCode(40, 3), "step": 20.0},
        [*positive("step"), *one("step", 81.0, "step must not be larger than the range")],
    ),
    "chapters.chapter3.population_codes.TemplateDecoder.decode": Entry(
        lambda: {
            "self": population_codes.TemplateDecoder(population_codes.GaussianCode(40, 3), 20.0),
            "activity": rng().random((3, 9)),
        },
        ACTIVITY,
    ),
    "chapters.chapter3.population_codes.centre_of_mass": Entry(
        lambda: {"activity": rng().random((3, 4)), "centres": rng().random((4, 2))},
        [
            *ACTIVITY,
            *changed("activity", "one negative", lambda good: np.vstack([good[1:], [1, 1, 1, -0.1]]), "not negative"),
            *holes("centres", "positions hold NaN"),
        ],
    ),
    "chapters.chapter3.population_codes.distance": Entry(
        lambda: {"first": positions(), "second": positions()},
        [
            *holes("first", "positions hold NaN"),
            *holes("second", "positions hold NaN"),
            *changed("second", "one too few", lambda good: good[1:], "as many first as second"),
        ],
    ),
    "chapters.chapter3.coordinate_task.Positions": Entry(
        lambda: {"retinal": positions(), "eye": positions()},
        [
            *holes("retinal", "positions hold NaN"),
            *holes("eye", "positions hold NaN"),
            *changed("eye", "one too few", lambda good: good[1:], "an eye position for each spot"),
        ],
    ),
    "chapters.chapter3.coordinate_task.Positions.__getitem__": Entry(
        lambda: {"self": coordinate_task.Positions(positions(), positions()), "rows": slice(0, 2)},
        one("rows", slice(0, 0), "positions must have shape"),
    ),
    **{
        f"chapters.chapter3.coordinate_task.{name}": Entry(
            lambda: {"rng": rng(), "n": 4, "limit": 40.0}, [*generator(), *count("n"), *positive("limit")]
        )
        for name in ("independent_eye", "independent_head")
    },
    "chapters.chapter3.coordinate_task.Task.dataset": Entry(
        lambda: {"self": small_task(), "rng": rng(), "train": 4, "held_out": 2},
        [*generator(), *count("train"), *count("held_out")],
    ),
    "chapters.chapter3.coordinate_task.make_task": Entry(
        lambda: {"independent": "eye", "eye_inputs": 2, "output": "Gaussian", "eye_factor": 1, "apart": False},
        [
            *one("independent", "nose", "independent must be one of"),
            *one("eye_inputs", 3, "eye_inputs must be one of"),
            *one("output", "gaussian", "output must be one of"),
            *one("eye_factor", 2, "eye_factor must be one of"),
            *one("eye_factor", np.nan, "eye_factor must be one of"),
        ],
    ),
    "chapters.chapter3.coordinate_network.uniform_fan_in": Entry(
        lambda: {"rng": rng(), "inputs": 4, "outputs": 3}, [*generator(), *count("inputs"), *count("outputs")]
    ),
    "chapters.chapter3.coordinate_network.network_for": Entry(
        lambda: {"task": small_task(), "hidden": 3, "rng": rng()},
        [*generator(), *(bad for value in (0, -1, 2.5) for bad in one("hidden", value, "sizes must name"))],
    ),
    "chapters.chapter3.coordinate_network.summed_squared_error": Entry(
        lambda: {"network": small_network(), "x": np.zeros((2, 66), np.float32), "t": np.zeros((2, 64))},
        [
            *batch("x"),
            *holes("t", "NaN or infinite"),
            *changed("t", "one output only", lambda good: good[:, :1], "same shape"),
        ],
        remembers=True,
    ),
    "chapters.chapter3.coordinate_network.hidden_activity": Entry(
        lambda: {"network": small_network(), "task": small_task(), "patterns": np.zeros((3, 64)), "eye": positions()},
        [
            *holes("eye", "positions hold NaN"),
            *changed("eye", "one angle only", lambda good: good[:, :1], "positions must have shape"),
            *changed("patterns", "a column too few", lambda good: good[:, 1:], "shape"),
        ],
        remembers=True,
    ),
    "chapters.chapter3.coordinate_network.record_units": Entry(
        lambda: {"network": small_network(), "task": small_task(), "eye": positions()},
        [
            *holes("eye", "positions hold NaN"),
            *changed("eye", "none", lambda good: good[:0], "positions must have shape"),
        ],
        remembers=True,
    ),
    "chapters.chapter3.coordinate_network.response_tables": Entry(
        lambda: {"network": small_network(), "task": small_task(), "eye": positions()},
        holes("eye", "positions hold NaN"),
        remembers=True,
    ),
    "chapters.chapter3.coordinate_network.with_large_weights": Entry(
        lambda: {"network": small_network(), "model": small_network(), "task": small_task(), "parts": ["eye"]},
        [
            *one("parts", "eye", "parts must be a collection"),
            *one("parts", ["nose"], "parts must be a collection"),
            *one("model", Network.dense([3, 2], rng()), "hidden weights of one shape"),
        ],
    ),
    "chapters.chapter3.coordinate_network.slopes": Entry(
        lambda: {"network": small_network(), "task": small_task(), "eye": EYES.copy()},
        [*holes("eye", "positions hold NaN"), *changed("eye", "three only", lambda good: good[:3], "at least four")],
    ),
    "chapters.chapter3.coordinate_network.alignment": Entry(
        lambda: {"retinal": np.ones((2, 3)), "eye": np.ones((2, 3))},
        [
            *changed("retinal", "NaN in one unit", lambda good: good * [1, 1, np.nan], "unit 2 has a slope"),
            *changed(
                "eye",
                "no slope of one unit",
                lambda good: np.array([[1, 0, 1], [1, 0, 1]]),
                "unit 1 has a slope of length 0",
            ),
            *changed("eye", "a unit too few", lambda good: good[:, 1:], "two arrays of slopes"),
        ],
    ),
    "chapters.chapter3.gain_fields.fixation_points": Entry(lambda: {"distance": 20.0}, positive("distance")),
    "chapters.chapter3.gain_fields.Responses": Entry(
        lambda: {"total": responses(), "background": responses()},
        [*kinds("total"), *changed("background", "a row too few", lambda good: good[1:], "responses of one shape")],
    ),
    "chapters.chapter3.gain_fields.with_noise": Entry(
        lambda: {"responses": gain_fields.Responses(responses(), responses()), "trials": 2, "sd": 0.1, "rng": rng()},
        [*generator(), *count("trials"), *not_negative("sd")],
    ),
    "chapters.chapter3.gain_fields.planar_fit": Entry(
        lambda: {"eye": EYES.copy(), "responses": responses()}, EYE_AND_RESPONSES
    ),
    "chapters.chapter3.gain_fields.check_observations": Entry(
        lambda: {"eye": EYES.copy(), "responses": responses()}, EYE_AND_RESPONSES
    ),
    **{
        f"chapters.chapter3.gain_fields.{name}": Entry(lambda: {"eye": EYES.copy(), "trials": trials()}, TRIALS)
        for name in ("planar_fit_of_trials", "has_trend", "is_plane")
    },
    "chapters.chapter3.gain_fields.lack_of_fit": Entry(
        lambda: {"eye": EYES.copy(), "trials": trials()},
        [*TRIALS, *changed("trials", "one trial", lambda good: good[:1], "at least two trials")],
    ),
    "chapters.chapter3.gain_fields.shuffled": Entry(
        lambda: {"trials": trials(), "rng": rng()},
        [*generator(), *changed("trials", "one trial alone", lambda good: good[0], "trials of shape")],
    ),
    **{
        f"chapters.chapter3.sums_and_products.{name}": Entry(lambda: {"table": responses()}, TABLES)
        for name in ("additive_error", "multiplicative_error", "product_preference", "check_table")
    },
    # chapter 4
    "chapters.chapter4.batched_networks.BatchedNetworks": Entry(
        lambda: {
            "weights": [np.ones((2, 3, 4)), np.ones((2, 5, 1))],
            "u0": 0.4,
            "threshold": 0.8,
            "loss": sigmoid_squared_error,
        },
        [*positive("u0"), *not_negative("threshold")],
    ),
    "chapters.chapter4.batched_networks.BatchedNetworks.drawn": Entry(
        lambda: {"inputs": 2, "pairs": 2, "depth": 2, "rng": rng(), "networks": 2},
        [
            *generator(),
            *(bad for name in ("inputs", "pairs", "depth", "networks") for bad in count(name)),
            *positive("scale"),
            *positive("u0"),
            *not_negative("threshold"),
        ],
        after_a_draw=frozenset({"u0", "threshold"}),
    ),
    "chapters.chapter4.batched_networks.BatchedNetworks.of": Entry(
        lambda: {"networks": side_by_side().apart()},
        [
            *one("networks", [], "networks side by side need one loss"),
            *one("networks", [Network.dense([3, 2], rng())], "error diffusion needs one output cell"),
        ],
    ),
    "chapters.chapter4.batched_networks.BatchedNetworks.forward": Entry(
        lambda: {"self": side_by_side(), "x": x()}, batch("x")
    ),
    "chapters.chapter4.batched_networks.BatchedNetworks.predict": Entry(
        lambda: {"self": side_by_side(), "x": x()}, batch("x")
    ),
    **{
        f"chapters.chapter4.batched_networks.BatchedNetworks.{name}": Entry(
            lambda: {"self": side_by_side(), "x": x(), "t": np.arange(5) % 3}, CLASSES, remembers=True
        )
        for name in ("accuracy", "loss_of", "gradients")
    },
    "chapters.chapter4.batched_networks.BatchedErrorDiffusion.__call__": Entry(
        lambda: {
            "self": batched_networks.BatchedErrorDiffusion(),
            "networks": side_by_side(),
            "x": x(),
            "t": np.arange(5) % 3,
        },
        CLASSES,
        remembers=True,
    ),
    "chapters.chapter4.batched_networks.targets_of": Entry(
        lambda: {"t": np.arange(5) % 3, "n": 5, "networks": 3},
        [bad for bad in labels("t", 3, "classes|targets") if bad.kind != "text"],
    ),
    "chapters.chapter4.error_diffusion_cells.CellNetwork": Entry(
        lambda: {"inputs": 2, "pairs": 1, "depth": 1, "rng": rng(), "u0": 0.4, "threshold": 0.8},
        [
            *(bad for name in ("inputs", "pairs", "depth") for value in (0, -1) for bad in one(name, value, ">= 1")),
            *one("u0", 0.0, "u0 > 0"),
            *one("u0", np.nan, "u0 > 0"),
            *one("threshold", -1.0, "beta >= 0"),
        ],
    ),
    "chapters.chapter4.error_diffusion_cells.CellNetwork.forward": Entry(
        lambda: {"self": CellNetwork(2, 1, 1, rng()), "x": [1.0, 0.0]}, one("x", [1.0], "expected 2 inputs, got 1")
    ),
    "chapters.chapter4.halftoning.threshold_image": Entry(lambda: {"image": image()}, IMAGES),
    "chapters.chapter4.halftoning.diffuse_error": Entry(
        lambda: {"image": image(), "kernel": halftoning.FLOYD_STEINBERG.copy()},
        [
            *IMAGES,
            *holes("kernel", "shares of a kernel"),
            *kinds("kernel"),
            *changed("kernel", "twice the error", lambda good: 2 * good, "sum to 1 at most"),
            *changed("kernel", "two columns", lambda good: good[:, 1:], "odd number of columns"),
            *changed("kernel", "to the pixel itself", lambda good: np.array([[0, 1, 0]]), "cannot send errors back"),
        ],
    ),
    "chapters.chapter4.online.rounds_to_learn": Entry(
        lambda: {
            "networks": batched_networks.BatchedNetworks.drawn(2, 2, 1, rng()),
            "data": parity(2),
            "rule": batched_networks.BatchedErrorDiffusion(),
            "limit": 1,
        },
        [
            *count("limit"),
            *positive("learning_rate"),
            *positive("tolerance"),
            *one("data", Split(np.full((2, 2), np.nan), np.array([0, 1])), "NaN or infinite"),
            *one("data", Split(np.ones((2, 2)), np.array([3, 1])), "targets must lie between 0 and 1"),
        ],
        call=lambda thing, networks, **rest: thing(
            networks if isinstance(networks, str) else batched_networks.BatchedNetworks.drawn(2, 2, 1, rng()), **rest
        ),
    ),
    # chapter 5
    "chapters.chapter5.sign_layers.Sign.forward": Entry(lambda: {"self": Sign(), "x": x()}, ELEMENTWISE),
    "chapters.chapter5.sign_layers.Sign.backward": Entry(lambda: {"self": ran(Sign()), "upstream": x()}, upstream()),
    "chapters.chapter5.sign_layers.StraightThroughSign.backward": Entry(
        lambda: {"self": ran(StraightThroughSign()), "upstream": x()}, upstream()
    ),
    # chapter 6
    "chapters.chapter6.ground.cells": Entry(
        lambda: {"inputs": 3, "depth": 1, "rng": rng()},
        [*generator(), *count("inputs"), *count("depth"), *positive("u0")],
    ),
    "chapters.chapter6.multiplications.products": Entry(
        lambda: {"sizes": [3, 2]},
        [bad for sizes in ([3, 0], [3, -2], [2.5, 2]) for bad in one("sizes", sizes, "sizes must be")],
    ),
    "chapters.chapter6.multiplications.upper_two_layers": Entry(
        lambda: {"sizes": [3, 2, 1], "batch": 5}, [*one("sizes", [3, -2, 1], "sizes must be"), *count("batch")]
    ),
    "chapters.chapter6.objections.random_batch": Entry(
        lambda: {"inputs": 3, "rng": rng(), "samples": 4}, [*generator(), *count("inputs"), *count("samples")]
    ),
    "chapters.chapter6.single_weight.Task": Entry(
        lambda: {"rng": rng()},
        [*generator(), *one("x", (0.9, np.nan), "NaN or infinite"), *one("x", (0.9,), "shape")],
        after_a_draw=frozenset({"x"}),
    ),
    "chapters.chapter6.single_weight.Task.rule": Entry(
        lambda: {"self": story_task(), "name": "backpropagation"},
        one("name", "hebb", "no rule is called 'hebb'"),
        remembers=True,
    ),
    "chapters.chapter6.single_weight.mean_update": Entry(
        lambda: {"task": story_task(), "name": "backpropagation", "target": 1, "draws": 1},
        [
            *count("draws"),
            *one("name", "hebb", "no rule is called 'hebb'"),
            *one("target", 2, "targets must lie between 0 and 1"),
            *one("target", -1, "targets must lie between 0 and 1"),
        ],
        remembers=True,
    ),
    "chapters.chapter6.single_weight_story.Story": Entry(
        lambda: {"task": story_task(), "rule": "backpropagation", "weight": single_weight.WEIGHTS[0], "target": 1},
        [
            *one("rule", "hebb", "rule must be one of"),
            *one("weight", single_weight.Weight(4, 0, 0), "weight one of WEIGHTS"),
            *one("weight", 3, "weight one of WEIGHTS"),
            *one("target", 2, "targets must lie between 0 and 1"),
            *one("draws", 0, "draws must be at least 1"),
        ],
        remembers=True,
    ),
    "chapters.chapter6.single_weight_figure.follow": Entry(
        lambda: {"task": story_task()},
        [
            *one("rule", "hebb", "starts with a rule of"),
            *one("weight", 10, "a weight from 0 to 9"),
            *one("weight", -1, "a weight from 0 to 9"),
            *one("target", 2, "a target of 0 or 1"),
        ],
        remembers=True,
    ),
    "chapters.chapter6.choose_rule.with_interval": Entry(
        lambda: {"row": {"per_seed": [0.9, 0.8, 0.85]}},
        [
            *one("row", {"per_seed": [0.9, 0.8]}, "at least 3 pairs"),
            *one("row", {"per_seed": [0.9, np.nan, 0.8]}, "finite numbers"),
        ],
    ),
    "chapters.chapter6.choose_rule.is_ahead": Entry(
        lambda: {"first": {"test": {"per_seed": [0.9, 0.8, 0.7]}}, "second": {"test": {"per_seed": [0.5, 0.6, 0.4]}}},
        one("second", {"test": {"per_seed": [0.5, 0.6]}}, "one value for each seed"),
    ),
    "chapters.chapter1.graph.Node": Entry(
        lambda: {"*": (graph.Input("x", 1.0),)}, [*one("*", (1.0,), "takes nodes"), *one("*", ("x",), "takes nodes")]
    ),
    "chapters.chapter1.graph.forward": Entry(
        lambda: {"output": graph.Add(graph.Input("x", 1.0), graph.Input("y", 2.0))},
        [
            bad
            for value in (np.nan, np.inf, "2", None, 1j)
            for bad in one(
                "output",
                graph.Add(graph.Input("x", 1.0), graph.Input("y", value), name=repr(value)),
                "Input 'y' must be a finite number",
            )
        ],
    ),
    "chapters.chapter1.graph.check_value": Entry(
        lambda: {"node": graph.Input("x", 1.0)},
        one("node", graph.Input("x", np.nan), "Input 'x' must be a finite number"),
    ),
    "chapters.chapter1.bill.Bill": Entry(
        lambda: {"price": 100.0, "count": 2.0, "tax": 10.0},
        [
            bad
            for name in ("price", "count", "tax")
            for value in (np.nan, np.inf)
            for bad in one(name, value, "must be a finite number")
        ],
    ),
}

REASONS = {
    "draws or words a graph after its walks, whose values `forward` and `backward` have found finite": [
        "chapters.chapter1.graph_drawing.number",
        "chapters.chapter1.graph_drawing.draw",
        "chapters.chapter1.graph_drawing.Edge",
        "chapters.chapter1.graph_drawing.draw_edge",
        "chapters.chapter1.graph_drawing.draw_return",
        "chapters.chapter1.graph_drawing.draw_input",
        "chapters.chapter1.graph_drawing.draw_operation",
        "chapters.chapter1.graph_drawing.walk",
        "chapters.chapter1.graph_drawing.forward_words",
        "chapters.chapter1.graph_drawing.backward_words",
        "chapters.chapter1.graph_layout.Layout",
        "chapters.chapter1.graph_layout.Layout.start",
        "chapters.chapter1.graph_layout.Layout.top",
        "chapters.chapter1.graph_layout.Layout.floor",
        "chapters.chapter1.graph_layout.layout",
    ],
    "arithmetic of two numbers; `forward` and `backward` see to it that all values are finite": [
        "chapters.chapter1.graph.Add.evaluate",
        "chapters.chapter1.graph.Add.derivatives",
        "chapters.chapter1.graph.Multiply.evaluate",
        "chapters.chapter1.graph.Multiply.derivatives",
        "chapters.chapter1.graph.evaluated",
        "chapters.chapter1.graph.local_derivatives",
    ],
    "takes any node; nodes can only be made of nodes, and a cycle is tried in test_graph.py": [
        "chapters.chapter1.graph.topological_order",
        "chapters.chapter1.graph.backward",
        "chapters.chapter1.graph.kind_and_name",
    ],
    "takes whatever there is and says what it is": ["chapters.chapter1.graph.is_finite"],
    "may hold any number, which may change later: `forward` looks at it": ["chapters.chapter1.graph.Input"],
    "arithmetic of a node; `forward` sees to it that values are finite": [
        f"chapters.chapter1.sigmoid_graph.{kind}.{method}"
        for kind in ("Negate", "Exp", "AddOne", "Reciprocal")
        for method in ("evaluate", "derivatives")
    ],
    "one product of arrays, shown on the page; `gradients` checks what goes in": [
        "chapters.chapter2.rbf_toy.output_error",
        "chapters.chapter2.rbf_toy.output_weight_gradient",
        "chapters.chapter2.rbf_toy.hidden_error",
        "chapters.chapter2.rbf_toy.hidden_weight_gradient",
    ],
    "a check itself, met through all that call it": [
        "chapters.chapter1.graph.check_gradient",
        "chapters.chapter1.graph.check_forward",
        "chapters.chapter2.rbf_toy.checked",
        "chapters.chapter2.rbf_toy.check_schedule",
        "chapters.chapter2.rbf_toy.checked_rates",
        "chapters.chapter3.coordinate_network.check_parts",
        "chapters.chapter3.coordinate_network.check_slopes",
        "chapters.chapter3.population_codes.check_positions",
        "chapters.chapter3.population_codes.check_activity",
        "chapters.chapter3.population_codes.check_pattern",
        "chapters.chapter3.population_codes.check_mass",
        "chapters.chapter4.halftoning.check_image",
        "chapters.chapter4.halftoning.check_kernel",
    ],
    "a record of what was computed or chosen": [
        "chapters.chapter3.gain_fields.PlanarFit",
        "chapters.chapter3.coordinate_task.Task",
        "chapters.chapter6.choose_rule.Limits",
        "chapters.chapter6.objections.Needs",
        "chapters.chapter6.single_weight.Weight",
        "chapters.front.chapter_map.Stop",
        "chapters.front.chapter_map.Need",
    ],
    "takes `Positions`, which cannot be made of bad ones": [
        "chapters.chapter3.coordinate_task.Task.answers",
        "chapters.chapter3.coordinate_task.Task.encode",
    ],
    "hands its arguments to a function of the caller's, which looks at them": ["chapters.chapter3.gain_fields.record"],
    "is handed activities that its caller has checked": [
        "chapters.chapter3.population_codes.standardised",
        "chapters.chapter4.batched_networks.BatchedNetworks.make_workspace",
        "chapters.chapter4.batched_networks.BatchedErrorDiffusion.heard_by_sources",
    ],
    "shown cell by cell on the page, and slow on purpose: its networks and samples come from tests and the page": [
        "chapters.chapter4.error_diffusion_cells.CellNetwork.learn",
        "chapters.chapter4.error_diffusion_cells.cells_with_inputs",
        "chapters.chapter4.error_diffusion_cells.merged",
        "chapters.chapter4.error_diffusion_cells.plain_copy",
    ],
    "takes a data set, whose labels are whole numbers": ["chapters.chapter6.ground.odd_or_even"],
    "looks at a rule that the page has made, on a batch that the page has made": [
        "chapters.chapter5.exercises.published_rule",
        "chapters.chapter6.objections.Needs.verdicts",
        "chapters.chapter6.objections.needs",
        "chapters.chapter6.probes.Probe",
        "chapters.chapter6.probes.Probe.spoiled",
        "chapters.chapter6.probes.Probe.changed",
        "chapters.chapter6.probes.differing",
        "chapters.chapter6.probes.forbidden_signs",
        "chapters.chapter6.probes.overwrite",
    ],
    "asks what a name of a rule means; `rules.make` refuses unknown ones": [
        "chapters.chapter6.single_weight.Task.draws_of",
        "chapters.chapter6.single_weight.nudges",
    ],
    "draws, places or words what a story or stored results hold, which were checked when they were made": [
        "chapters.chapter2.landscape.landscape",
        "chapters.chapter6.choose_rule.choose_rule",
        "chapters.chapter6.choose_rule.said",
        "chapters.chapter6.choose_rule.draw",
        "chapters.chapter6.choose_rule.draw_rows",
        "chapters.chapter6.choose_rule.tidy",
        "chapters.chapter6.choose_rule.draw_accuracy",
        "chapters.chapter6.choose_rule.draw_cost",
        "chapters.chapter6.choose_rule.draw_angle",
        "chapters.chapter6.single_weight.spelled",
        "chapters.chapter6.single_weight_figure.said",
        "chapters.chapter6.single_weight_figure.compared",
        "chapters.chapter6.single_weight_figure.empty_panels",
        "chapters.chapter6.single_weight_figure.place",
        "chapters.chapter6.single_weight_figure.draw_cells",
        "chapters.chapter6.single_weight_figure.draw",
        "chapters.chapter6.single_weight_figure.draw_credit",
        "chapters.chapter6.single_weight_figure.written",
        "chapters.chapter6.single_weight_figure.entitle",
        "chapters.chapter6.single_weight_figure.draw_factors",
        "chapters.chapter6.single_weight_figure.draw_updates",
        "chapters.chapter6.single_weight_places.course",
        "chapters.chapter6.single_weight_places.label_of",
        "chapters.chapter6.single_weight_places.met",
        "chapters.chapter6.single_weight_story.Story.way_back",
        "chapters.chapter6.single_weight_story.digits_of",
        "chapters.chapter6.single_weight_story.signed",
        "chapters.chapter1.bill.short",
        "chapters.front.chapter_map.arrow",
        "chapters.front.chapter_map.link",
    ],
}
