"""What a probe finds is what was built into a rule; and the table of objections is what the probes find."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from helpers import rules
from helpers.chapters.chapter6 import objections, probes
from helpers.chapters.chapter6.probes import Probe
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy
from helpers.networks.network import Network, Update
from helpers.networks.stages import stages_of
from helpers.rules.inverses import transposed
from helpers.rules.target_propagation import TargetPropagation

LAYERS = 4

#: What each rule answers to `objections.OBJECTIONS`.
EXPECTED = {
    "backpropagation": "no no no no no no",
    "feedback_alignment": "no no yes no no no",
    "direct_feedback_alignment": "no yes yes no no no",
    "target_propagation": "yes yes but-one no no no",
    "difference_target_propagation": "yes yes but-one no no no",
    "error_diffusion": "yes yes yes no no no",
    "node_perturbation": "yes yes yes yes no yes",
    "weight_perturbation": "yes yes yes yes no yes",
}


def cells(u0=2.0):
    return excitatory_inhibitory(5, 4, 3, np.random.default_rng(1), u0=u0, loss=binary_cross_entropy)


@pytest.fixture
def batch(rng):
    return objections.random_batch(5, rng)


def maker(name, u0=2.0, sigma=None):
    """Return what makes a rule and its network, the same each time."""

    def make():
        network = cells(u0)
        rule = rules.make(name, network, np.random.default_rng(2))
        if sigma is not None and name.endswith("perturbation"):
            rule.sigma = sigma
        return rule, network

    return make


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdicts_are_those_that_the_probes_find(name, batch):
    found = objections.needs(maker(name), maker(name, 1e-5, 0.5), *batch)
    assert " ".join(word.replace(" ", "-") for word in found.verdicts(LAYERS)) == EXPECTED[name]
    assert found.passes == 1 + name.endswith("perturbation")
    assert found.outer == (name != "weight_perturbation")


def test_every_rule_of_the_chapter_has_its_sentences():
    assert set(objections.BECAUSE) == set(EXPECTED) <= set(rules.names())
    assert {len(sentences) for sentences in objections.BECAUSE.values()} == {len(objections.OBJECTIONS)}


def test_feedback_that_is_only_another_name_for_the_weights_is_found_out(batch):
    """The bug that makes feedback alignment look as good as backpropagation: views instead of copies."""

    def make():
        rule, network = maker("feedback_alignment")()
        rule.feedback = [network.parameters[f"W{i}"].T for i in range(2, LAYERS + 1)]
        return rule, network

    assert Probe(make, *batch).weights_read() == [2, 3, 4]


def test_inverses_that_look_at_the_weights_are_found_out(batch):
    def make():
        network = cells()
        return TargetPropagation(transposed(network)), network

    assert Probe(make, *batch).weights_read() == [2, 3, 4]


def test_the_slopes_that_are_passed_are_those_above_the_layer_that_learns(batch):
    assert len(stages_of(cells())) == LAYERS
    assert Probe(lambda: (Network.gradients, cells()), *batch).slopes_passed() == [2, 3]


def test_a_rule_of_the_loss_alone_needs_a_score_only(batch):
    def by_score(network, x, labels):
        loss = network.loss(x, labels)
        return Update(loss, {name: loss * np.ones_like(array) for name, array in network.parameters.items()})

    assert Probe(lambda: (by_score, cells()), *batch).told_a_score_only()
    assert not Probe(lambda: (by_score, cells()), *batch).linear_in_the_error()


def test_signs_are_counted_between_cells_only(rng):
    network = cells()
    assert probes.forbidden_signs(network) == 0
    network.parameters["W1"][...] = rng.standard_normal(network.parameters["W1"].shape)
    assert probes.forbidden_signs(network) == 0
    network.parameters["W2"][0, :4] *= -1
    network.parameters["W4"][5, 0] *= -1
    assert probes.forbidden_signs(network) == pytest.approx(5 / (64 + 64 + 8))


def test_a_batch_at_random_has_six_samples_of_two_classes_in_turn(rng):
    x, labels = objections.random_batch(5, rng)
    assert x.shape == (6, 5) and labels.tolist() == [0, 1, 0, 1, 0, 1]
    assert (x >= 0).all() and (x < 1).all() and np.unique(x).size == x.size
    assert objections.random_batch(2, rng, 3)[0].shape == (3, 2)


@pytest.mark.parametrize(
    ("weights", "word"), [([], "yes"), ([LAYERS], "but one"), ([LAYERS - 1], "no"), ([2, LAYERS], "no")]
)
def test_a_verdict_follows_from_what_was_found_and_each_stands_in_its_column(weights, word):
    def verdicts(**found):
        usual = {"weights": weights, "slopes": [2], "linear": True, "score": False, "steps": False, "passes": 1}
        return objections.Needs(**usual | {"outer": True} | found).verdicts(LAYERS)

    columns = dict(enumerate(verdicts()))
    assert columns == {0: "no", 1: "no", 2: word, 3: "no", 4: "no", 5: "no"}
    for column, found in ((0, {"linear": False}), (1, {"slopes": []}), (3, {"steps": True}), (5, {"score": True})):
        assert dict(enumerate(verdicts(**found))) == columns | {column: "yes"}
    assert objections.OBJECTIONS[2] == "no weights transported" and objections.OBJECTIONS[4] == "no second phase"


def test_what_was_found_is_not_changed_afterwards():
    found = objections.Needs([], [], True, False, True, 1, True)
    with pytest.raises(FrozenInstanceError):
        found.linear = False
