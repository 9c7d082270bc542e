"""Every rule keeps the contract; a rule that breaks it is told so; a new rule is one file."""

import numpy as np
import pytest

from helpers import rules
from helpers.measures.diagnostics import Monitor, OnlySome, upper_layers
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.layers import Tanh
from helpers.networks.network import Network, Update
from helpers.rules.contract import BrokenPromise, angle_to_gradient, check_rule

#: Rules for any network of affine layers and activations, with the largest angle to the gradient that each promises
#: at the start, if it promises one.
PROMISED = {
    "backpropagation": 0.1,  # float32 products, and an arc cosine near 1
    "direct_feedback_alignment": 90,
    "feedback_alignment": 90,
    "target_propagation": None,
    "difference_target_propagation": 90,
    "node_perturbation": None,  # the mean over many draws is the gradient, one draw is anywhere
    "weight_perturbation": None,
}

#: Rules that ask for a network of their own, and the largest angle of each: error diffusion promises none for a batch.
OWN_NETWORK = {"error_diffusion": (excitatory_inhibitory, None)}

#: All others; one that is not named above promises no angle.
ANY_NETWORK = [name for name in rules.names() if name not in OWN_NETWORK]


def network_and_batch(rng, dtype=np.float64):
    network = Network.dense([6, 5, 4, 3], rng, activation=Tanh, scale=0.5, dtype=dtype)
    return network, rng.standard_normal((7, 6)).astype(dtype), rng.integers(3, size=7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ANY_NETWORK)
def test_every_rule_keeps_its_promises(name, dtype, rng):
    network, x, labels = network_and_batch(rng, dtype)
    update = check_rule(rules.make(name, network, rng), network, x, labels, within=PROMISED.get(name))
    assert update.loss == pytest.approx(network.loss(x, labels))


@pytest.mark.parametrize("name", ANY_NETWORK)
def test_every_rule_trains_a_network_of_excitatory_and_inhibitory_cells(name, rng):
    network = excitatory_inhibitory(6, 3, 3, rng, u0=2.0)
    x, labels = rng.random((7, 6)), rng.integers(2, size=7)
    check_rule(rules.make(name, network, rng), network, x, labels)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OWN_NETWORK)
def test_a_rule_for_networks_of_its_own_keeps_its_promises(name, dtype, rng):
    make_network, within = OWN_NETWORK[name]
    network = make_network(6, 3, 2, rng, dtype=dtype)
    x, labels = rng.random((7, 6)).astype(dtype), rng.integers(2, size=7)
    update = check_rule(rules.make(name, network, rng), network, x, labels, within=within)
    assert update.loss == pytest.approx(network.loss(x, labels))


def test_every_rule_that_promises_something_is_found():
    assert {*PROMISED, *OWN_NETWORK} <= set(rules.names())


@pytest.mark.parametrize("wrap", [Monitor, lambda rule: OnlySome(rule, upper_layers(2))])
def test_a_wrapped_rule_keeps_the_contract(wrap, rng):
    network, x, labels = network_and_batch(rng)
    check_rule(wrap(rules.make("feedback_alignment", network, rng)), network, x, labels)


def test_an_unknown_name_is_answered_with_those_there_are(rng):
    with pytest.raises(ValueError, match="no rule is called 'hebb': choose from .*'backpropagation'"):
        rules.make("hebb", network_and_batch(rng)[0], rng)


KOLEN_POLLACK = '''
"""Kolen and Pollack's rule: feedback weights that are changed just as the forward weights are, and decay alike."""

from helpers.networks.network import Update
from helpers.rules.feedback_alignment import FeedbackAlignment


class KolenPollack(FeedbackAlignment):
    def __init__(self, network, rng, rate=0.1, decay=0.01):
        super().__init__(network, rng)
        self.rate, self.decay = rate, decay

    def __call__(self, network, x, labels):
        loss, arrays = super().__call__(network, x, labels)
        weights = network.parameters
        arrays = {name: array + self.decay * weights[name] for name, array in arrays.items()}
        for i, B in enumerate(self.feedback, start=2):
            B -= self.rate * (arrays[f"W{i}"].T + self.decay * (B - weights[f"W{i}"].T))
        return Update(loss, arrays)


def make_rule(network, rng):
    return KolenPollack(network, rng)
'''


def test_a_new_rule_is_one_file(rng, tmp_path, monkeypatch):
    (tmp_path / "an_added_rule.py").write_text(KOLEN_POLLACK, encoding="utf-8")
    (tmp_path / "no_rule.py").write_text("SIZE = 3\n", encoding="utf-8")
    before = rules.names()
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    assert rules.names() == sorted([*before, "an_added_rule"])
    network, x, labels = network_and_batch(rng)
    check_rule(rules.make("an_added_rule", network, rng), network, x, labels, within=90)


def changing(what):
    """Return a rule that adds to one of the things that it is given."""

    def rule(network, x, labels):
        update = network.gradients(x, labels)
        {"x": x, "network": network.parameters["b1"], "targets": labels}[what][...] += 1
        return update

    return rule


class Moody:
    """A rule that draws from a generator that no copy of it shares."""

    rng = np.random.default_rng(0)

    def __call__(self, network, x, labels):
        loss, arrays = network.gradients(x, labels)
        return Update(loss, {name: array * Moody.rng.random() for name, array in arrays.items()})


def with_arrays(change):
    def rule(network, x, labels):
        loss, arrays = network.gradients(x, labels)
        return Update(loss, change(arrays))

    return rule


def careless(network, x, labels):
    """Takes what it can get of the batch."""
    size = min(len(x), len(labels))
    x = np.nan_to_num(np.atleast_2d(x))
    if size == 0 or x.shape[1] != 6:
        return Update(0.0, {name: np.zeros_like(array) for name, array in network.parameters.items()})
    return network.gradients(x[:size], labels[:size])


def lenient(mend):
    """Return a rule that mends a batch before it looks at it."""
    return lambda network, x, labels: network.gradients(*mend(x, labels))


def something_for_nothing(x, labels):
    return (np.ones((1, 6)), np.zeros(1, int)) if len(x) == len(labels) == 0 else (x, labels)


def without_the_last_hole(x, labels):
    x = x.copy()
    x[-1:, -1:] = np.nan_to_num(x[-1:, -1:])
    return x, labels


def with_a_sixth_input(x, labels):
    return (np.pad(x, [(0, 0), (0, 1)]) if x.shape[1] == 5 else x), labels


def with_a_seventh_label(x, labels):
    return x, (np.append(labels, 0) if len(labels) == 6 else labels)


def laconic(words):
    """Return a rule that says these words of every bad batch."""

    def rule(network, x, labels):
        try:
            return network.gradients(x, labels)
        except ValueError:
            raise ValueError(words) from None

    return rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (changing("x"), "changes x, which it was given"),
        (changing("targets"), "changes targets"),
        (changing("network"), "changes b1 of the network"),
        (Moody(), "gives another W1 the second time"),
        (lambda network, x, labels: tuple(network.gradients(x, labels)), "returns an Update, not tuple"),
        (lambda network, x, labels: Update(np.nan, network.gradients(x, labels).arrays), "loss must be a finite float"),
        (with_arrays(lambda arrays: {"W1": arrays["W1"]}), r"not for \['W1'\]"),
        (with_arrays(lambda arrays: arrays | {"W1": arrays["W1"].T}), r"W1 must have shape \(6, 5\)"),
        (with_arrays(lambda arrays: arrays | {"b2": arrays["b2"].astype(np.float32)}), "b2 must have .* float64"),
        (with_arrays(lambda arrays: arrays | {"b2": arrays["b2"] * np.inf}), "b2 holds NaN or infinite"),
        (lambda network, x, labels: Update(np.inf, network.gradients(x, labels).arrays), "loss must be a finite float"),
        (
            lambda network, x, labels: Update(1, network.gradients(x, labels).arrays),
            "loss must be a finite float, not 1",
        ),
        (careless, "an empty batch must be refused"),
        (lenient(something_for_nothing), "an empty batch must be refused"),
        (lenient(without_the_last_hole), "NaN in the last sample must be refused"),
        (lenient(with_a_sixth_input), "one input too few must be refused"),
        (lenient(with_a_seventh_label), "one target too few must be refused"),
        (laconic("bad input."), "a ValueError that says what is wrong, not .*bad input"),
        (
            with_arrays(lambda arrays: {name: -array for name, array in arrays.items()}),
            "180.0 degrees from the gradient",
        ),
    ],
)
def test_a_broken_promise_is_named(rule, words, rng):
    network, x, labels = network_and_batch(rng)
    with pytest.raises(BrokenPromise, match=words):
        check_rule(rule, network, x, labels, within=90)


def test_words_that_say_something_are_enough(rng):
    check_rule(laconic("bad inputs."), *network_and_batch(rng))


def test_an_angle_may_be_as_large_as_was_promised(rng):
    network, x, labels = network_and_batch(rng)
    rule = rules.make("feedback_alignment", network, rng)
    degrees = angle_to_gradient(rule(network, x, labels), network.gradients(x, labels))
    check_rule(rule, network, x, labels, within=degrees)
    with pytest.raises(BrokenPromise, match="degrees from the gradient"):
        check_rule(rule, network, x, labels, within=np.nextafter(degrees, 0))


def test_the_check_needs_two_samples(rng):
    network, x, labels = network_and_batch(rng)
    check_rule(Network.gradients, network, x[:2], labels[:2])
    with pytest.raises(ValueError, match="at least two samples, got 1"):
        check_rule(Network.gradients, network, x[:1], labels[:1])
