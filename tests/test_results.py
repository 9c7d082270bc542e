"""The stored results say where they come from and agree with themselves; the experiments run."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import mnist_two_layer, record
from experiments.scale import Source

TOP = Path(__file__).parents[1]
FILES = sorted((TOP / record.RESULTS).glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary inside a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from dictionaries(part)
    elif isinstance(value, list):
        for part in value:
            yield from dictionaries(part)


def with_seeds(value: Any, seeds: Sequence[int] = ()) -> Iterator[tuple[dict[str, Any], Sequence[int]]]:
    """Yield every dictionary inside a JSON value with its seeds: its own, or those of what it stands in."""
    if isinstance(value, dict):
        seeds = value.get("seeds", seeds)
        yield value, seeds
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from with_seeds(part, seeds)


def test_there_are_results():
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
class TestStoredResult:
    def test_the_header_is_complete(self, path):
        result = load(path)
        assert {"python", "machine", "numpy"} <= result["versions"].keys()
        assert date.fromisoformat(result["date"])
        assert result["seconds"] > 0
        assert result["settings"]

    def test_the_command_names_this_file_or_a_benchmark(self, path):
        command = load(path)["command"]
        match = re.fullmatch(r"python -m (?:benchmarks\.(\w+) .+|experiments (\S+)(?: --seeds \d+)?)", command)
        assert match, command
        assert match[2] == path.stem if match[2] else (TOP / "benchmarks" / f"{match[1]}.py").is_file()

    def test_the_seeds_are_unique(self, path):
        seeds = load(path)["seeds"]
        assert seeds
        assert len(set(seeds)) == len(seeds)

    def test_each_mean_recomputes_from_its_seeds(self, path):
        for part, seeds in with_seeds(load(path)):
            if "per_seed" in part:
                assert len(part["per_seed"]) == len(seeds)
                again = record.summary(part["per_seed"])
                assert (part["mean"], part["sd"]) == pytest.approx((again["mean"], again["sd"]), abs=1e-12)

    def test_accuracies_lie_between_0_and_1(self, path):
        result = load(path)
        values = [part["per_seed"] for part in dictionaries(result.get("accuracy", {})) if "per_seed" in part]
        values += [part[name] for part in result.get("curves", []) for name in ("train", "validation")]
        assert all(0 <= value <= 1 for series in values for value in series)

    def test_nothing_tells_whose_machine_it_was(self, path):
        assert not re.search(r"/(home|work|tmp|root|Users)/", path.read_text(encoding="utf-8"))


class TestTwoLayerNetworkOnMNIST:
    @pytest.fixture
    def result(self) -> dict[str, Any]:
        return load(TOP / mnist_two_layer.EXPERIMENTS[0].out)

    def test_the_settings_are_the_present_ones(self, result):
        stored = {name: value for name, value in result["settings"].items() if name != "loss_window"}
        assert mnist_two_layer.Settings(**stored) == mnist_two_layer.Settings()
        assert result["published"] == mnist_two_layer.PUBLISHED

    def test_five_seeds_reach_the_published_accuracy_on_average(self, result):
        assert len(result["seeds"]) == 5
        assert result["accuracy"]["test"]["mean"] >= result["published"]["test"]

    def test_each_curve_ends_at_the_final_accuracy(self, result):
        for number, curve in enumerate(result["curves"]):
            assert curve["seed"] == result["seeds"][number]
            assert curve["steps"][-1] == result["settings"]["steps"]
            assert len(curve["loss"]) == result["settings"]["steps"] // result["settings"]["loss_window"]
            for split in ("train", "validation"):
                final = result["accuracy"][split]["per_seed"][number]
                assert curve[split][-1] == pytest.approx(final, abs=1e-5)


class TestExperiment:
    @pytest.fixture
    def found(self) -> list[dict[str, Any]]:
        settings = mnist_two_layer.Settings(steps=250, batch_size=20)
        return [mnist_two_layer.run(seed, Source("digits"), settings) for seed in (0, 1, 1)]

    def test_it_learns_and_keeps_a_curve_for_each_seed(self, found):
        assert [one["curve"]["seed"] for one in found] == [0, 1, 1]
        for one in found:
            curve = one["curve"]
            assert curve["steps"] == [0, 53, 106, 159, 212, 250]
            assert len(curve["train"]) == len(curve["validation"]) == 6
            assert len(curve["loss"]) == 3
            assert curve["loss"][-1] < curve["loss"][0]

    def test_the_same_seed_gives_the_same_network(self, found):
        assert found[1] == found[2] != found[0]

    def test_its_result_can_be_written(self, found, tmp_path):
        path = tmp_path / "folder" / "result.json"
        first = record.header("python -m experiments 01-mnist-two-layer", [0, 1], 1.23)
        record.write(path, {**first, **found[0]})
        assert load(path) == {**first, **found[0]}
        assert [file.name for file in path.parent.iterdir()] == ["result.json"]


class TestRecord:
    def test_a_repeated_seed_is_refused(self):
        with pytest.raises(ValueError, match=r"only once, got \[1, 1\]"):
            record.header("command", [1, 1], 1.0)

    def test_no_seed_is_refused(self):
        with pytest.raises(ValueError, match="at least one seed"):
            record.header("command", [], 1.0)

    def test_versions_of_further_packages_are_named(self):
        assert "scipy" in record.header("command", [0], 1.0, ["scipy"])["versions"]

    def test_the_spread_of_one_value_is_0(self):
        assert record.summary([0.5]) == {"per_seed": [0.5], "mean": 0.5, "sd": 0.0}

    def test_the_spread_is_that_of_a_sample(self):
        assert record.summary([1.0, 3.0])["sd"] == pytest.approx(np.sqrt(2))

    def test_each_figure_of_some_rows_is_summed_up(self):
        rows = [{"angle": 1.0, "error": 4.0}, {"angle": 3.0, "error": 4.0}]
        assert record.summaries(rows) == {"angle": record.summary([1.0, 3.0]), "error": record.summary([4.0, 4.0])}

    def test_a_file_that_cannot_be_written_leaves_the_old_one(self, tmp_path):
        path = tmp_path / "result.json"
        record.write(path, {"mean": 0.5})
        with pytest.raises(ValueError, match="JSON"):
            record.write(path, {"mean": float("nan")})
        assert load(path) == {"mean": 0.5}
        assert [file.name for file in tmp_path.iterdir()] == ["result.json"]
