"""What an update costs: the multiplications are those that are made, and every rule of chapter 6 is measured."""

from typing import Any

import numpy as np
import pytest

from benchmarks import credit_cost
from helpers import rules
from helpers.chapters.chapter6.choose_rule import RULES
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.networks.excitatory_inhibitory import SigmoidOfWidth, excitatory_inhibitory
from helpers.rules.feedback_alignment import FeedbackAlignment
from helpers.rules.target_propagation import TargetPropagation

pytestmark = pytest.mark.usefixtures("moving_clocks")


class Counting(np.ndarray):
    """An array that counts the multiplications of the matrix products in which it or its like takes part."""

    count = 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **more: Any) -> Any:
        plain = [value.view(np.ndarray) if isinstance(value, Counting) else value for value in inputs]
        if ufunc is np.matmul:
            (n, a), b = plain[0].shape, plain[1].shape[1]
            Counting.count += n * a * b
        if out is not None:
            more["out"] = tuple(each.view(np.ndarray) if isinstance(each, Counting) else each for each in out)
        result = getattr(ufunc, method)(*plain, **more)
        return result.view(Counting) if isinstance(result, np.ndarray) else result


def counting_layers(layers):
    """Let the weights of some layers count."""
    for layer in layers:
        layer.parameters.update({name: array.view(Counting) for name, array in layer.parameters.items()})


@pytest.fixture
def counted(monkeypatch):
    """Let the activities of cells count, whose sigmoid makes plain arrays of them."""
    forward = SigmoidOfWidth.forward
    monkeypatch.setattr(SigmoidOfWidth, "forward", lambda self, x: forward(self, x).view(Counting))


@pytest.mark.parametrize(("pairs", "depth", "batch"), [(2, 1, 3), (3, 2, 5), (2, 4, 7)])
@pytest.mark.parametrize("name", MULTIPLICATIONS)
def test_the_multiplications_on_paper_are_those_that_are_made(counted, name, pairs, depth, batch):
    rng = np.random.default_rng(0)
    network = excitatory_inhibitory(11, pairs, depth, rng, u0=2.0)
    rule = rules.make(name, network, rng)
    if isinstance(rule, FeedbackAlignment) or name == "direct_feedback_alignment":
        rule.feedback = [B.view(Counting) for B in rule.feedback]
    if isinstance(rule, TargetPropagation):
        counting_layers(rule.inverses.layers)
    counting_layers(network.trainable)
    Counting.count = 0
    rule(network, rng.random((batch, 11)).view(Counting), rng.integers(2, size=batch))
    assert Counting.count == MULTIPLICATIONS[name]([11, *[2 * pairs] * depth, 1], batch)


def test_there_is_a_count_for_every_rule_that_chapter_6_compares():
    assert set(MULTIPLICATIONS) == set(RULES) - {"top"} <= set(rules.names())
    assert list(MULTIPLICATIONS) == sorted(MULTIPLICATIONS)  # the order of stored results


def test_every_rule_of_the_chapter_is_measured_at_every_size(monkeypatch):
    monkeypatch.setattr(credit_cost, "AXES", {"width": [4, 8, 16], "depth": [1, 2, 4], "batch": [1, 4]})
    monkeypatch.setattr(credit_cost, "LARGE", {"width": 8, "depth": 2, "batch": 1})
    monkeypatch.setattr(credit_cost, "TURN", 1e-5)
    result = credit_cost.run(rounds=2)
    for axis, sizes in credit_cost.AXES.items():
        found = result["axes"][axis]
        assert list(found["microseconds"]) == list(found["bytes"]) == [str(size) for size in sizes]
        assert list(found["exponent"]) == list(MULTIPLICATIONS)
        for row in found["microseconds"].values():
            assert list(row) == list(MULTIPLICATIONS)
            assert all(0 < times["min"] <= times["median"] <= times["max"] for times in row.values())
    assert "width^" in credit_cost.show(result)


def test_an_exponent_is_that_of_the_power():
    assert credit_cost.exponent([2, 4, 8], [5 * size**1.5 for size in (2, 4, 8)]) == pytest.approx(1.5)


def test_the_peak_is_at_least_what_an_update_holds_and_grows_with_the_batch():
    small, large = (credit_cost.Contestant("backpropagation", credit_cost.Sizes(16, 2, batch)) for batch in (10, 100))
    small.update(), large.update()
    held = sum(array.nbytes for array in small.network.gradients_kept.values())
    assert held < small.peak() < large.peak() < 100 * small.peak()
