"""Bad input for `helpers.data`, `helpers.training`, `helpers.measures` and `helpers.rules`."""

from typing import Any

import numpy as np

from helpers import rules
from helpers.chapters.chapter2.momentum import Momentum
from helpers.chapters.chapter4 import routed_error_diffusion
from helpers.data.datasets import Dataset, Split
from helpers.measures import comparisons, diagnostics
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.layers import Tanh
from helpers.networks.network import Network, Update
from helpers.networks.stages import stages_of
from helpers.rules import inverses, target_propagation
from helpers.training import loop, optimizers
from tests.bad_input.kinds import (
    Bad,
    Entry,
    as_is,
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
    text_for_a_number,
)
from tests.bad_input.networks import BATCH_OF_A_NETWORK, logits, network, rng, x, y


def split() -> Split:
    return Split(x(), y())


def dataset() -> Dataset:
    return Dataset("toy", (2, 2), 3, split(), split(), split())


def deep() -> Network:
    return Network.dense([4, 3, 3, 3], rng(), activation=Tanh, scale=0.5, dtype=np.float64)


def one_cell() -> Network:
    return excitatory_inhibitory(4, 2, 2, rng())


def several_cells() -> Network:
    return excitatory_inhibitory(4, 2, 2, rng(), outputs=3)


def fitting() -> dict[str, Any]:
    return {
        "network": network(),
        "data": dataset(),
        "optimizer": optimizers.SGD(0.1),
        "rng": rng(),
        "steps": 3,
        "batch_size": 2,
        "evaluate_every": 2,
        "score": None,
    }


def with_bad_split(which: str, change: Any) -> Any:
    """Change one split of a data set."""

    def changed_data(data: Dataset) -> Dataset:
        splits = {"train": data.train, "validation": data.validation} | {which: change(getattr(data, which))}
        return Dataset(data.name, data.image_shape, data.classes, splits["train"], splits["validation"], data.test)

    return changed_data


def hole_in(value: float) -> Any:
    def change(good: Split) -> Split:
        bad = good.x.copy()
        bad[-1, -1] = value
        return Split(bad, good.t)

    return change


DATA_WITH_A_HOLE = [
    Bad(
        "data",
        f"{value} in one row of {which}",
        with_bad_split(which, hole_in(value)),
        "x holds NaN or infinite values",
    )
    for which in ("train", "validation")
    for value in (np.nan, np.inf)
]


def stepping(optimizer: Any) -> Entry:
    """A step of an optimizer: nothing moves, not even the first array, if the last one is bad."""
    arrays = [
        ("the name of no parameter", lambda good: {"W": good["W"], "c": good["b"]}, "parameters .* but gradients"),
        ("one missing", lambda good: {"W": good["W"]}, "parameters .* but gradients"),
        ("one of another shape", lambda good: good | {"b": np.ones((3, 1))}, "b has shape|gradient of b"),
        ("a list", lambda good: good | {"b": [1.0, 1.0, 1.0]}, "b .* list"),
        ("complex numbers", lambda good: good | {"b": good["b"] + 0j}, "gradient of b .* complex128"),
        ("objects", lambda good: good | {"b": good["b"].astype(object)}, "gradient of b .* object"),
    ]
    return Entry(
        lambda: {
            "self": optimizer(),
            "parameters": {"W": np.ones((4, 3)), "b": np.ones(3)},
            "gradients": {"W": np.ones((4, 3)), "b": np.ones(3)},
        },
        [
            *(Bad("gradients", *each) for each in arrays),
            Bad(
                "parameters",
                "integers",
                lambda good: good | {"b": np.ones(3, int)},
                "b must be a writeable array of floats",
            ),
        ],
    )


def called(rule: str, argument: str = "labels") -> Entry:
    """A rule that is called with a batch; error diffusion has a network with one output."""
    net, classes = (one_cell, 2) if rule == "error_diffusion" else (deep, 3)
    words = "labels|class" if classes == 3 else "targets|convert"
    wrong = [bad for bad in labels(argument, classes, words) if classes == 3 or bad.kind != "floats"]
    return Entry(
        lambda: {"self": rules.make(rule, net(), rng()), "network": net(), "x": x(), argument: y() % classes},
        [*(bad for bad in BATCH_OF_A_NETWORK if bad.argument == "x"), *wrong],
        remembers=True,
    )


def made(module: str) -> Entry:
    """`make_rule` of a module, through which `rules.make` goes."""
    return Entry(
        lambda: {"name": module, "network": one_cell(), "rng": rng()},
        [*generator(), *one("name", "hebb", "no rule is called 'hebb': choose from")],
        call=lambda thing, **arguments: rules.make(**arguments),
    )


TABLE = {
    # data
    "data.datasets.Split": Entry(
        lambda: {"x": x(), "t": y()},
        [
            *changed("x", "no samples", lambda good: good[:0], "need samples and a label for each"),
            *changed("t", "one label too few", lambda good: good[1:], "a label for each"),
        ],
    ),
    "data.results.stored": Entry(
        lambda: {"name": "01-mnist-two-layer"},
        [
            *one("name", "no such file", "no stored results of the name 'no such file'", FileNotFoundError),
            *one("name", "../results/01-mnist-two-layer", "no stored results", FileNotFoundError),
        ],
    ),
    "data.tasks.parity": Entry(
        lambda: {"bits": 3}, [*count("bits"), *one("bits", 17, "bits must lie between 1 and 16")]
    ),
    "chapters.chapter4.datasets.two_classes": Entry(
        lambda: {"data": dataset(), "zero": 0, "one": 2},
        [
            *one("zero", 2, "two different classes from 0 to 2"),
            *one("one", 3, "two different classes"),
            *one("one", -1, "two different classes"),
            *one("zero", "three", "two different classes"),
        ],
    ),
    # training
    "training.loop.minibatches": Entry(
        lambda: {"data": split(), "size": 2, "rng": rng()},
        [*generator(), *count("size")],
        call=lambda thing, **arguments: next(thing(**arguments)),
    ),
    "training.loop.fit": Entry(
        fitting,
        [
            *generator(),
            *count("steps"),
            *count("batch_size"),
            *(b for b in count("evaluate_every") if b.kind != "None"),
            *DATA_WITH_A_HOLE,
        ],
        remembers=True,
    ),
    "training.loop.accuracy": Entry(
        lambda: {"network": network(), "x": x(), "labels": y()}, BATCH_OF_A_NETWORK, remembers=True
    ),
    "training.loop.evaluate": Entry(
        lambda: {"network": network(), "data": dataset(), "history": loop.History(), "score": loop.accuracy},
        [bad for bad in DATA_WITH_A_HOLE if "train" in bad.kind],
        call=lambda thing, network, data, history, score: thing(network, data, loop.History(), score),
        remembers=True,
    ),
    "training.loop.check_parameters": Entry(
        lambda: {"parameters": {"W1": np.ones(3)}},
        [
            *one("parameters", {"W1": np.ones(3), "b1": np.array([1, np.nan])}, "b1 is not finite"),
            *one("parameters", {"W1": np.array([np.inf])}, "W1 is not finite"),
        ],
    ),
    "training.optimizers.SGD": Entry(
        lambda: {"learning_rate": 0.1}, [*positive("learning_rate"), *text_for_a_number("learning_rate")]
    ),
    "chapters.chapter2.momentum.Momentum": Entry(
        lambda: {"learning_rate": 0.1, "momentum": 0.9},
        [
            *positive("learning_rate"),
            *(b for value in (-0.1, 1.0, np.nan) for b in one("momentum", value, "momentum must be at least 0")),
        ],
    ),
    "training.optimizers.Adam": Entry(
        lambda: {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8},
        [
            *positive("learning_rate"),
            *positive("epsilon"),
            *(
                b
                for name in ("beta1", "beta2")
                for value in (-0.1, 1.0, np.nan)
                for b in one(name, value, "beta1 and beta2 must")
            ),
        ],
    ),
    "training.optimizers.LinearDecay": Entry(lambda: {"optimizer": optimizers.SGD(0.1), "steps": 3}, count("steps")),
    "training.optimizers.SGD.step": stepping(lambda: optimizers.SGD(0.1)),
    "chapters.chapter2.momentum.Momentum.step": stepping(lambda: Momentum(0.1)),
    "training.optimizers.Adam.step": stepping(lambda: optimizers.Adam(0.1)),
    "training.optimizers.LinearDecay.step": stepping(lambda: optimizers.LinearDecay(optimizers.SGD(0.1), 3)),
    # measures
    "measures.diagnostics.angle": Entry(
        lambda: {"a": x(), "b": x() + 1},
        [
            *holes("a", "an angle needs finite numbers"),
            *holes("b", "an angle needs finite numbers"),
            *kinds("a"),
            *changed("b", "a row too few", lambda good: good[1:], "two arrays of one shape"),
        ],
    ),
    "measures.diagnostics.angles": Entry(
        lambda: {"updates": {"W1": x()}, "gradients": {"W1": x()}},
        [
            *one("gradients", {"W2": x()}, r"no gradient for \['W1'\]"),
            *one("gradients", {"W1": np.full((5, 4), np.nan)}, "finite numbers"),
        ],
    ),
    "measures.diagnostics.norms": Entry(
        lambda: {"updates": {"W1": x()}},
        [
            *one("updates", {"W1": x(), "b1": np.array([1, np.nan])}, "b1 has no length"),
            *one("updates", {"W1": np.array(["a"])}, "floats"),
        ],
    ),
    "measures.diagnostics.Monitor": Entry(lambda: {"rule": Network.gradients, "every": 2}, count("every")),
    "measures.diagnostics.Monitor.__call__": Entry(
        lambda: {"self": diagnostics.Monitor(Network.gradients), "network": network(), "x": x(), "labels": y()},
        BATCH_OF_A_NETWORK,
        remembers=True,
    ),
    "measures.diagnostics.OnlySome.__call__": Entry(
        lambda: {
            "self": diagnostics.OnlySome(Network.gradients, lambda network: ["W1"]),
            "network": network(),
            "x": x(),
            "labels": y(),
        },
        [
            *BATCH_OF_A_NETWORK,
            *one(
                "self",
                diagnostics.OnlySome(Network.gradients, lambda network: ["W9"]),
                r"no parameter array is called \['W9'\]",
            ),
        ],
        remembers=True,
    ),
    "measures.diagnostics.upper_layers": Entry(lambda: {"count": 1}, count("count")),
    "measures.comparisons.paired_difference": Entry(
        lambda: {"first": np.arange(4.0), "second": np.ones(4)},
        [
            *holes("first", "a difference needs finite numbers"),
            *holes("second", "a difference needs finite numbers"),
            *kinds("first"),
            *changed("first", "one pair too few", lambda good: good[1:], "one value for each seed on both sides"),
            *changed("first", "two axes", lambda good: good[None], "one value for each seed"),
            *one("first", 3.0, "one value for each seed"),
        ],
    ),
    "measures.comparisons.Difference.within": Entry(
        lambda: {"self": comparisons.Difference(0, -1, 1, 5), "margin": 2.0}, not_negative("margin")
    ),
    "measures.gradient_check.central_difference": Entry(
        lambda: {"f": lambda: 1.0, "x": x()},
        [
            *positive("h", "the step h must be positive"),
            *changed("x", "float32", lambda good: good.astype(np.float32), "needs float64, got float32"),
            *changed("x", "integers", lambda good: good.astype(np.int64), "needs float64, got int64"),
            *changed("x", "a list", lambda good: good.tolist(), "needs float64, got list"),
        ],
    ),
    "measures.gradient_check.compare": Entry(
        lambda: {"name": "W1", "gradient": x(), "numerical": x()},
        changed("numerical", "a row too few", lambda good: good[1:], "W1: gradient of shape"),
    ),
    "measures.gradient_check.check_gradients": Entry(
        lambda: {"network": network(), "x": x(), "labels": y()},
        [
            *BATCH_OF_A_NETWORK,
            *positive("h", "the step h must be positive"),
            *one("network", Network.dense([4, 3], rng()), "needs float64, got float32"),
        ],
        remembers=True,
    ),
    # rules
    "rules.make": Entry(
        lambda: {"name": "backpropagation", "network": network(), "rng": rng()},
        [*generator(), *one("name", "hebb", "no rule is called 'hebb'"), *one("name", None, "no rule is called None")],
    ),
    **{f"rules.{name}.make_rule": made(name) for name in rules.names()},
    "rules.feedback_alignment.FeedbackAlignment": Entry(lambda: {"network": deep(), "rng": rng()}, generator()),
    "rules.direct_feedback_alignment.DirectFeedbackAlignment": Entry(
        lambda: {"network": deep(), "rng": rng()}, generator()
    ),
    "rules.feedback_alignment.FeedbackAlignment.__call__": called("feedback_alignment"),
    "rules.direct_feedback_alignment.DirectFeedbackAlignment.__call__": called("direct_feedback_alignment"),
    "rules.target_propagation.TargetPropagation.__call__": called("target_propagation"),
    "rules.node_perturbation.NodePerturbation.__call__": called("node_perturbation", "targets"),
    "rules.weight_perturbation.WeightPerturbation.__call__": called("weight_perturbation", "targets"),
    "rules.error_diffusion.ErrorDiffusion.__call__": called("error_diffusion", "targets"),
    "chapters.chapter4.routed_error_diffusion.RoutedErrorDiffusion.__call__": Entry(
        lambda: {
            "self": routed_error_diffusion.RoutedErrorDiffusion(),
            "network": several_cells(),
            "x": x(),
            "targets": y(),
        },
        [*(b for b in BATCH_OF_A_NETWORK if b.argument == "x"), *labels("targets", 3, "labels|class|targets")],
        remembers=True,
    ),
    "rules.feedback_alignment.run_forward": Entry(
        lambda: {"network": network(), "x": x(), "labels": y()}, BATCH_OF_A_NETWORK, remembers=True
    ),
    "rules.feedback_alignment.check_depth": Entry(
        lambda: {"stages": stages_of(network()), "feedback": [x()]},
        one("feedback", [], "the feedback was drawn for 1 stages, the network has 2"),
    ),
    "rules.error_diffusion.ErrorDiffusion": Entry(lambda: {"u1": 1.0}, not_negative("u1")),
    "chapters.chapter4.routed_error_diffusion.RoutedErrorDiffusion": Entry(lambda: {"u1": 1.0}, not_negative("u1")),
    "chapters.chapter4.routed_error_diffusion.modulo": Entry(
        lambda: {"outputs": 3, "cells": 4}, [*count("outputs"), *count("cells")]
    ),
    "chapters.chapter4.routed_error_diffusion.everybody": Entry(
        lambda: {"outputs": 3, "cells": 4}, [*count("outputs"), *count("cells")]
    ),
    "rules.node_perturbation.NodePerturbation": Entry(lambda: {"rng": rng(), "sigma": 0.1}, positive("sigma")),
    "rules.weight_perturbation.WeightPerturbation": Entry(lambda: {"rng": rng(), "sigma": 0.1}, positive("sigma")),
    "rules.target_propagation.TargetPropagation": Entry(
        lambda: {"inverses": inverses.transposed(deep()), "target_rate": 0.5}, positive("target_rate")
    ),
    "rules.target_propagation.TargetPropagation.targets": Entry(
        lambda: {
            "self": target_propagation.TargetPropagation(inverses.transposed(deep())),
            "h": [x(), x()[:, :3], x()[:, :3], logits()],
            "top": x()[:, :3],
        },
        [
            *one("self", target_propagation.TargetPropagation(inverses.Inverses({})), "no inverse of stage 2"),
            *changed("top", "a column too few", lambda good: good[:, 1:], "shape"),
        ],
        remembers=True,
    ),
    "rules.inverses.Inverses.__getitem__": Entry(
        lambda: {"self": inverses.transposed(deep()), "i": 2},
        [*one("i", 1, "no inverse of stage 1, only of"), *one("i", "2", "no inverse of stage 2")],
    ),
    "rules.inverses.Decoder.__call__": Entry(
        lambda: {"self": inverses.transposed(deep())[2], "h": x()[:, :3]},
        [
            *changed("h", "a column too few", lambda good: good[:, 1:], "shape"),
            *changed("h", "NaN in one row", lambda good: np.vstack([good[1:], [np.nan] * 3]), "not finite"),
        ],
        remembers=True,
    ),
    "rules.inverses.DenoisingDecoders": Entry(
        lambda: {"decoders": {}, "optimizer": optimizers.SGD(0.1), "noise": 0.1, "rng": rng()}, not_negative("noise")
    ),
    "rules.inverses.denoising_decoders": Entry(
        lambda: {"network": deep(), "rng": rng(), "optimizer": optimizers.SGD(0.1), "noise": 0.1},
        [*generator(), *not_negative("noise")],
    ),
    "rules.inverses.random_orthogonal": Entry(lambda: {"network": deep(), "rng": rng()}, generator()),
    "rules.inverses.orthogonal_like": Entry(lambda: {"rng": rng(), "forward": np.ones((4, 3))}, generator()),
    "rules.reconstruction.reconstruction_errors": Entry(
        lambda: {"network": deep(), "inverses": inverses.transposed(deep()), "x": x()},
        [
            *batch("x"),
            *changed("x", "all rows alike", lambda good: np.ones_like(good), "answers all 5 samples alike"),
        ],
        remembers=True,
    ),
    "rules.contract.check_rule": Entry(
        lambda: {"rule": Network.gradients, "network": network(), "x": x(), "targets": y()},
        [
            *changed("x", "one sample", lambda good: good[:1], "at least two samples"),
            Bad("targets", "one beyond the classes", as_is(np.array([0, 1, 2, 3, 0])), "labels"),
        ],
    ),
    "rules.contract.check_update": Entry(
        lambda: {"update": network().gradients(x(), y()), "network": network()},
        one("update", Update(1.0, {}), "one array for each", AssertionError),
    ),
    "rules.contract.angle_to_gradient": Entry(
        lambda: {"update": network().gradients(x(), y()), "gradient": network().gradients(x(), y())},
        one("update", Update(1.0, {n: np.full_like(a, np.nan) for n, a in network().parameters.items()}), "finite"),
    ),
}

REASONS = {
    "a record of what was computed or of what is kept": [
        "data.datasets.Dataset",
        "training.loop.History",
        "training.loop.Batch",
        "measures.comparisons.Difference",
        "measures.gradient_check.Agreement",
    ],
    "a check itself, met through all that call it": [
        "measures.gradient_check.check_precision",
        "training.optimizers.check_adam",
        "training.optimizers.check_match",
        "rules.contract.call",
        "rules.contract.check_refusals",
        "rules.contract.promised",
    ],
    "takes any rule; what it is called with is looked at then": ["measures.diagnostics.OnlySome"],
    "takes any functions; those that are missing are named when they are asked for": ["rules.inverses.Inverses"],
    "takes the layers of a stage, which look at what they are given": ["rules.inverses.Decoder"],
    "is handed what the rule's call has checked: activities, targets and errors of a batch": [
        "networks.excitatory_inhibitory.OutputCell.wanted",
        "networks.sample_losses.at_once",
        "rules.node_perturbation.losses",
        "rules.node_perturbation.one_by_one",
        "rules.difference_target_propagation.DifferenceTargetPropagation.below",
        "rules.target_propagation.TargetPropagation.below",
        "rules.error_diffusion.ErrorDiffusion.heard",
        "chapters.chapter4.routed_error_diffusion.RoutedErrorDiffusion.growth",
        "rules.inverses.Inverses.learn",
        "rules.inverses.DenoisingDecoders.learn",
    ],
    "takes a network, and `stages_of` says which it cannot cut": [
        "rules.inverses.transposed",
        "rules.inverses.decoders",
    ],
}
