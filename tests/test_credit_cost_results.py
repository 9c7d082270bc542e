"""The stored costs of an update are those of the code: sizes, multiplications, exponents."""

import pytest

from benchmarks import credit_cost
from helpers import rules
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.data.results import stored

COST = stored("06-cost")


class TestCost:
    def test_the_settings_are_those_of_the_code(self):
        rounds = COST["settings"]["rounds"]
        base = {**credit_cost.Sizes()._asdict(), "inputs": credit_cost.INPUTS, "dtype": "float32", "threads": 1}
        assert COST["settings"] == {**base, "rounds": rounds, "large": credit_cost.LARGE}
        assert {axis: list(map(int, found["microseconds"])) for axis, found in COST["axes"].items()} == credit_cost.AXES

    @pytest.mark.parametrize("axis", credit_cost.AXES)
    def test_multiplications_and_exponents_are_those_of_the_code(self, axis):
        found = COST["axes"][axis]
        for size, row in found["multiplications"].items():
            sizes = credit_cost.Sizes()._replace(**{axis: int(size)})
            assert row == {name: MULTIPLICATIONS[name](sizes.units, sizes.batch) for name in MULTIPLICATIONS}
        assert found["exponent"] == credit_cost.exponents(axis, found)

    def test_what_goes_without_a_way_back_takes_fewer_multiplications_and_targets_take_most(self):
        row = COST["axes"]["width"]["multiplications"]["512"]
        assert row["error_diffusion"] < row["direct_feedback_alignment"] < row["backpropagation"]
        assert row["backpropagation"] < row["target_propagation"] < row["difference_target_propagation"]

    def test_targets_take_more_than_twice_the_time_of_backpropagation_in_wide_layers(self):
        row = COST["axes"]["width"]["microseconds"]["512"]
        for rule in ("target_propagation", "difference_target_propagation"):
            assert row[rule]["median"] > 2 * row["backpropagation"]["median"]
