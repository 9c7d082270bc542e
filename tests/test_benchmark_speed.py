"""The benchmark of all steps: everyone does the same work, floors are the rules' products, the page says what is so."""

import io
import json
import re
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from benchmarks import error_diffusion_step, floor, speed, speed_rows, target_step
from benchmarks.floor import Floor, Product
from benchmarks.interleaved import REFERENCE
from benchmarks.pure_rules import RULES
from extensions import speed as page
from helpers import rules
from helpers.chapters.chapter6.multiplications import MULTIPLICATIONS
from helpers.data.datasets import digits
from helpers.data.results import stored
from tools import build_times

pytestmark = pytest.mark.usefixtures("moving_clocks")

TOP = Path(__file__).parents[1]
STORED = json.loads((TOP / page.SPEED).read_text("utf-8"))
DEPTH = 5


@pytest.fixture(scope="module")
def every() -> dict[str, speed_rows.Row]:
    """All rows with small images, a shallow deep network, and narrow layers."""
    patch = pytest.MonkeyPatch()
    patch.setattr(speed_rows, "PAIRS", 4)
    patch.setattr(target_step, "HIDDEN", (12, 12, 12))
    data = digits()
    yield speed_rows.rows(data, data, deep_layers=DEPTH)
    patch.undo()


NAMES = [
    "1 BP",
    "3 BP",
    "4 ED first",
    "4 ED second",
    "5 BP",
    "5 TP",
    "5 DTP",
    *(f"6 {rule}" for rule in speed_rows.SHORT),
]


def test_there_is_a_row_for_every_chapter_and_every_rule_of_chapter_6(every):
    assert list(every) == NAMES == list(STORED["rows"])
    assert list(RULES) == list(speed_rows.SHORT) and set(RULES) <= set(rules.names())


@pytest.mark.parametrize("name", NAMES)
def test_everyone_arrives_at_the_weights_of_the_package(every, name):
    row = every[name]
    found = speed.agreement(row)
    assert list(found) == speed.present(row)[1:]
    assert speed_rows.PORT in found
    assert max(found.values()) <= speed.TOLERANCE


@pytest.mark.parametrize("name", ["1 BP", "3 BP", "4 ED second", "6 error_diffusion"])
def test_a_learning_rate_that_is_a_hundredth_off_is_found_out(every, name):
    row = every[name]

    def wrong(given: bool):
        contestant = row.contestants[REFERENCE](given)
        train = contestant.train

        def further(steps: int) -> float:
            before = {name: array.copy() for name, array in contestant.weights().items()}
            seconds = train(steps)
            for name, array in contestant.weights().items():
                array += 0.01 * (array - before[name])
            return seconds

        contestant.train = further
        return contestant

    others = replace(row, contestants={REFERENCE: row.contestants[REFERENCE], "other": wrong})
    with pytest.raises(AssertionError, match="other arrives 1.0e-02 of the way from the package"):
        speed.agreement(others)


@pytest.mark.parametrize("weights", [{}, {"W": np.zeros(3)}, {"W": np.full(2, np.nan)}])
def test_other_arrays_and_nan_are_found_out(weights):
    class Fake:
        def __init__(self, weights):
            self.arrays = weights

        def train(self, steps):
            for array in self.arrays.values():
                array += steps
            return 0.0

        def weights(self):
            return self.arrays

    contestants = {REFERENCE: lambda _: Fake({"W": np.zeros(2)}), "other": lambda _: Fake(weights)}
    with pytest.raises(AssertionError, match="other"):
        speed.agreement(speed_rows.Row(1, "BP", "1–1", contestants, []))


@pytest.mark.parametrize("name", speed_rows.SHORT)
@pytest.mark.parametrize("sizes", [[7, 4, 1], [7, 4, 6, 4, 1]])
def test_a_floor_has_the_multiplications_that_the_rule_has_on_paper(name, sizes):
    if name.endswith("target_propagation") and len(sizes) == 3:
        sizes = [7, 4, 4, 1]
    products = floor.of_rule(name, sizes, 3)
    assert sum(product.multiplications for product in products) == MULTIPLICATIONS[name](sizes, 3)


def test_the_floor_of_the_deep_network_has_those_of_error_diffusion(every):
    sizes, n = [64, *[4] * DEPTH, 1], error_diffusion_step.BATCH_SIZE
    made = sum(product.multiplications for product in every["4 ED first"].products)
    assert made == MULTIPLICATIONS["error_diffusion"](sizes, n)


@pytest.mark.parametrize(
    ("product", "shape"),
    [
        (Product("forward", 3, 5, 2), (3, 2)),
        (Product("update", 3, 5, 2), (5, 2)),
        (Product("back", 3, 5, 2), (3, 5)),
        (Product("stacked", 3, 5, 2, 4), (4, 5, 2)),
    ],
)
def test_a_product_has_the_shape_of_what_it_stands_for(product, shape):
    left, right, out = floor.operands(product, np.random.default_rng(0))
    assert out.shape == shape and out.dtype == np.float32
    assert left[..., :, :].size // left.shape[-1] * left.shape[-1] * right.shape[-1] == product.multiplications / (
        1 if product.kind == "stacked" else product.times
    )


def test_a_floor_makes_each_product_as_often_as_it_says(monkeypatch):
    made = []
    monkeypatch.setattr(floor.np, "matmul", lambda a, b, out=None: made.append(a.shape) or a @ b)
    few = Floor([Product("forward", 2, 3, 4, times=5), Product("stacked", 2, 3, 4, times=6)])
    made.clear()
    assert few.train(2) >= 0
    assert made == 2 * ([(2, 3)] * 5 + [(6, 3, 2)])


def test_who_is_not_installed_is_named_and_left_out(every, monkeypatch):
    monkeypatch.setattr(speed, "find_spec", lambda name: None)
    monkeypatch.setattr(speed, "TURN", 1e-4)
    monkeypatch.setattr(speed, "on_one_core", lambda: None)
    result = speed.run(2, {"1 BP": every["1 BP"], "4 ED first": every["4 ED first"]})
    first, second = result["rows"].values()
    assert list(first["ratio"]) == list(first["agreement"]) == ["plain port"]
    assert first["missing"] == {"PyTorch": "not installed: pip install torch", "JAX": "not installed: pip install jax"}
    assert second["missing"]["PyTorch"] == speed_rows.NO_GRADIENT
    assert list(first["microseconds"]) == [REFERENCE, "plain port", speed.FLOOR]
    for found in (*first["microseconds"].values(), first["over_floor"]):
        assert 0 < found["min"] <= found["low"] <= found["median"] <= found["high"] <= found["max"]
    assert "1  BP, 64–50–10" in speed.show(result) and "–" in speed.show(result)
    assert page.steps(result).count("\n| 4: **ED**") == 1


@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
def test_jax_draws_its_own_noise_where_it_is_timed(every):
    contestants = every["6 node_perturbation"].contestants
    given, own = contestants["JAX"](True), contestants["JAX"](False)
    for contestant in (given, own):
        contestant.train(2)
    assert any((given.weights()[name] != array).any() for name, array in own.weights().items())


class TestPage:
    def lines(self) -> list[list[str]]:
        rows = [line for line in page.training(STORED).splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[2:]]

    def test_every_figure_is_the_stored_one(self):
        for cells, row in zip(self.lines(), STORED["rows"].values(), strict=True):
            assert cells[0] == f"{row['chapter']}: **{row['rule']}**, {row['network']}"
            assert float(cells[1].replace(",", "")) == pytest.approx(row["microseconds"]["helpers"]["median"], abs=0.51)
            stored = [*(row["ratio"].get(who) for who in page.OTHERS), row["over_floor"]]
            for cell, found in zip(cells[2:], stored, strict=True):
                if found is None:
                    assert cell == "–"
                    continue
                shown = [float(number) for number in re.findall(r"[\d.]+", cell)]
                expected = [found["median"], found["low"], found["high"]]
                digits = 2 if found["median"] < 0.99 else 1 if found["median"] < 19.9 else 0
                assert shown == pytest.approx(expected, abs=0.51 * 10**-digits)

    def test_who_is_ahead_is_counted(self):
        text = " ".join(page.ahead(STORED))
        for who in page.OTHERS:
            medians = sorted(row["ratio"][who]["median"] for row in STORED["rows"].values() if who in row["ratio"])
            won = len([median for median in medians if median > 1])
            assert f"{won} of {len(medians)} steps" in text and f"{medians[0]:.2g} to {medians[-1]:.2g} times" in text

    def test_the_aims_that_are_reached_are_counted(self):
        def row(chapter, **ratios):
            return {"chapter": chapter, "ratio": {who: {"median": ratio} for who, ratio in ratios.items()}}

        rows = [row(1, **{"plain port": 3.0, "JAX": 0.9}), row(4, **{"plain port": 39.9, "JAX": 1.9})]
        port, jax = page.ahead({"rows": dict(enumerate(rows))})
        assert port.endswith("The aim, a ratio of 3 or more (40 in chapter 4), is reached in 1.")
        assert jax.endswith("The aim, a ratio of 1 or more (2 in chapter 4), is reached in none.")
        rows += [row(4, **{"plain port": 40.0, "JAX": 2.0, "PyTorch": 2.0}), row(5, PyTorch=1.99)]
        ends = [line.split(", is ")[1] for line in page.ahead({"rows": dict(enumerate(rows))})]
        assert ends == ["reached in 2.", "reached in 1.", "reached in 1."]
        assert "of 2 or more, is" in page.ahead({"rows": {0: rows[-1]}})[0]

    def test_whoever_is_missing_has_a_reason(self):
        for row in STORED["rows"].values():
            assert {*row["ratio"], *row["missing"]} == set(page.OTHERS)
            assert all(row["missing"].values())
        assert "autograd has no place" in " ".join(page.missing(STORED))

    def test_what_the_page_says_in_words_holds(self):
        rows = STORED["rows"]
        # no step is quicker than its own products, but for what the turns of one round differ by
        assert all(row["over_floor"]["median"] > 0.95 for row in rows.values())
        # where many small arrays fill a step, the package takes a small part of the port's time
        deep = [rows[name]["ratio"]["plain port"]["median"] for name in ("4 ED first", "4 ED second")]
        assert min(deep) > 10
        # on the processor of chapter 4's table the aim was reached
        other = stored("04-step-speed")["ratio"]["first implementation"]["median"]
        assert other >= page.AIMS_OF_CHAPTER_4["plain port"]
        # in a small network the calls take most of a step, in the package as in the port
        assert 0.7 < rows["3 BP"]["ratio"]["plain port"]["median"] < 2 and rows["3 BP"]["over_floor"]["median"] > 4
        # PyTorch is the less behind, the larger the products
        behind = [rows[name]["ratio"]["PyTorch"]["median"] for name in ("3 BP", "1 BP", "5 BP")]
        assert behind == sorted(behind, reverse=True)
        # a plain port in float64 is not much more than twice as slow where large products fill it
        wide = [rows[f"5 {rule}"]["ratio"]["plain port"]["median"] for rule in ("BP", "TP", "DTP")]
        assert all(1.5 < ratio < 3.5 for ratio in wide)

    def test_a_step_of_jax_in_the_stored_run_was_compared(self):
        for row in STORED["rows"].values():
            assert row["agreement"].keys() == row["ratio"].keys()
            assert max(row["agreement"].values()) <= STORED["settings"]["tolerance"]

    @pytest.mark.parametrize(("share", "words"), [(0.00123, "0.1 %"), (2.24e-4, "0.02 %"), (0.02, "2 %")])
    def test_a_small_share_has_one_digit_that_counts(self, share, words):
        assert page.percent(share) == words


def test_sizes_alike_in_a_row_are_counted():
    assert speed_rows.sizes_of(784, 240, 240, 240, 10) == "784–3×240–10"
    assert speed_rows.sizes_of(784, 50, 10) == "784–50–10"
    assert all(a != b for a, b in pairwise(speed_rows.sizes_of(4, 4, 4, 1).split("–")))


TIMES = {
    "command": "python -m tools.build_times --out book/build-times.json",
    "date": "2026-11-28",
    "book": {"cold": 118.2, "unchanged": 7.04, "chapters": {"01-graphs": 12.3, "02-toy": 9.96}},
    "tests": {
        "seconds": 140.6,
        "files": {f"test_{number}.py": float(number) for number in range(1, 12)},
        "notebooks": {"01-graphs": 13.0, "02-toy": 4.04},
    },
    "machine": {"processor": "a processor", "processors": 2},
    "load": 0.1,
}


class TestBuildTimes:
    def test_the_page_says_what_was_measured(self):
        text = page.build_times(TIMES)
        assert (
            "| `make book`, the first time | 118 | 120 |" in text
            and "| `make book`, nothing changed | 7.0 | 10 |" in text
        )
        assert "| `make test` | 141 | 150 |" in text
        assert "| {doc}`01-graphs` | 12 | 13 |" in text and "| {doc}`02-toy` | 10 | 4.0 |" in text
        assert "a processor, 2 processors" in text and TIMES["command"] in text

    def test_the_slowest_files_come_first_and_no_more_than_a_few(self):
        named = re.findall(r"`test_(\d+)\.py`", page.build_times(TIMES))
        assert [int(number) for number in named] == list(range(11, 11 - page.SLOWEST, -1))

    def test_before_anything_was_measured_the_page_says_how(self, tmp_path):
        assert "python -m tools.build_times" in page.where_the_time_goes(tmp_path / "missing.json")
        (tmp_path / "there.json").write_text(json.dumps(TIMES))
        assert page.where_the_time_goes(tmp_path / "there.json") == page.build_times(TIMES)

    def test_what_a_build_prints_is_read(self):
        said = (
            "/x/book/01-graphs.ipynb: Executed notebook in 12.34 seconds\n\x1b[01mreading\x1b[0m /x/book/02-toy.ipynb"
        )
        said += ": Using cached notebook: ID=1\n\x1b[32m02-toy.ipynb: Executed notebook in 5.05 seconds [mystnb]\x1b[0m"
        assert build_times.executed(said) == {"01-graphs": 12.3, "02-toy": 5.0}

    def test_what_pytest_prints_is_summed_over_files(self):
        said = (
            "1.50s call     tests/test_a.py::test_one\n0.25s setup    tests/test_a.py::test_one\n"
            "0.20s teardown tests/test_b.py::TestX::test_two[a::b]\n2.00s call     book/01-graphs.ipynb::Cell 3\n"
            "3 passed in 4.00s\n"
        )
        assert build_times.durations(said) == ({"test_a.py": 1.8, "test_b.py": 0.2}, {"01-graphs": 2.0})

    def test_a_copy_has_the_files_of_the_repository_and_its_environment(self, tmp_path):
        folder = build_times.ready(tmp_path)
        assert (folder / "Makefile").read_bytes() == (TOP / "Makefile").read_bytes()
        assert (folder / ".venv").is_symlink() and (folder / ".git").exists() and not (folder / "_build").exists()

    def test_a_target_that_fails_writes_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # which no reader has
        (tmp_path / "Makefile").write_text('book:\n\t@echo "not today$$PYTHONDONTWRITEBYTECODE"; exit 1\n')
        with pytest.raises(SystemExit, match="make book failed, so nothing is written:\nnot today\n"):
            build_times.made("book", tmp_path)


def test_the_page_is_built_without_a_warning(tmp_path):
    for file in (page.SPEED, "book/speed.md"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes((TOP / file).read_bytes())
    (tmp_path / page.BUILD_TIMES).write_text(json.dumps(TIMES))
    for name in TIMES["book"]["chapters"]:
        (tmp_path / "book" / f"{name}.md").write_text(f"# Chapter {name}\n")
    (tmp_path / "index.md").write_text("# Top\n\n```{toctree}\n:glob:\nbook/*\n```\n")
    settings = {"extensions": ["myst_parser", "extensions.speed"], "html_theme": "basic"}
    warnings = io.StringIO()
    with docutils_namespace():
        folders = (str(tmp_path), None, str(tmp_path / "out"), str(tmp_path / "doctrees"))
        Sphinx(*folders, "html", settings, status=None, warning=warnings, freshenv=True).build()
    assert not warnings.getvalue()
    text = " ".join(re.sub(r"<[^>]+>", " ", (tmp_path / "out" / "book" / "speed.html").read_text("utf-8")).split())
    assert "as its source's first program" in text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert "make book , the first time 118" in text and "Chapter 01-graphs 12 13" in text
