"""The page of all results: every number on it is the stored one, every result file is on it or named with a reason."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from experiments import error_diffusion_classes, error_diffusion_depth, error_diffusion_logic, mnist_two_layer
from extensions import results
from extensions.results import ResultsError, Row, found

TOP = Path(__file__).parents[1]
SHOWN = results.read(TOP / results.SHOWN)
PUBLISHED = results.read(TOP / results.PUBLISHED)["published"]
TABLES = results.tables(TOP)
PAGE = results.page(TOP)
FILES = {path.stem: path for path in (TOP / results.RESULTS).glob("*.json")}


def stored(file: str, path: tuple[str, ...]) -> Any:
    """What a result file holds at a path, found without the page's own code."""
    part = json.loads(FILES[file].read_text("utf-8"))
    for name in path:
        part = part[name]
    return part


def lines_of(title: str) -> list[list[str]]:
    """The cells of the table under a heading of the page, without the two lines of its head."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", TABLES)
def test_every_number_on_the_page_is_the_stored_one(name):
    shown, rows = SHOWN["tables"][name], TABLES[name]
    lines = lines_of(shown["title"])
    assert [line[0] for line in lines] == [row.name for row in rows]
    for (_, figure, seeds, *_), row in zip(lines, rows, strict=True):
        part = stored(row.file, row.path)
        values = shown["scale"] * np.array(part["per_seed"])
        half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
        mean, half_on_page = (float(number.replace("−", "-")) for number in re.split(r"\s±\s", figure))
        least = 0.51 * 10.0 ** -shown["digits"]
        assert mean == pytest.approx(shown["scale"] * part["mean"], abs=least)
        assert half_on_page == pytest.approx(half, abs=least)
        assert int(seeds) == len(values) >= 3


def test_names_of_rows_are_unique_and_figures_of_others_are_kept_apart():
    for name, rows in TABLES.items():
        assert len({row.name for row in rows}) == len(rows), name
    for entry in PUBLISHED:
        lines = {line[0]: line[-1] for line in lines_of(SHOWN["tables"][entry["table"]]["title"])}
        for row, figure in entry["figures"].items():
            assert figure in lines[row].split(" / ")


def test_every_result_file_is_on_the_page_or_has_a_reason_not_to_be():
    on_the_page = {row.file for rows in TABLES.values() for row in rows}
    assert on_the_page | SHOWN["not_on_the_page"].keys() == FILES.keys()
    assert not on_the_page & SHOWN["not_on_the_page"].keys()
    assert all(SHOWN["not_on_the_page"].values())


def test_every_accuracy_and_error_on_test_samples_is_on_the_page():
    def tested(part: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        if not isinstance(part, dict):
            return []
        own = [path] if path and path[-1] in ("test", "test_error") and "per_seed" in part else []
        return own + [inner for name, value in part.items() for inner in tested(value, (*path, name))]

    there = {(file, *path) for file in FILES for path in tested(stored(file, ()))}
    shown = {(row.file, *row.path) for rows in TABLES.values() for row in rows}
    assert len(there) > 60 and there <= shown


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry['table']}-{entry['key']}")
def test_a_published_figure_has_a_source_and_says_what_differs(entry):
    assert f"{{{entry['key']}," in (TOP / "book" / "references.bib").read_text("utf-8")
    assert entry["where"] and entry["differs"].endswith(".")
    assert entry["differs"] in PAGE


def test_published_figures_are_those_that_experiments_and_chapters_quote():
    of = {(e["table"], e["key"], row): figure for e in PUBLISHED for row, figure in e["figures"].items()}
    ed = ("ten-classes", "{}", "ED, images as they are")
    routed = "ED, one network: routed errors, 320 + 320 cells"
    quoted = {
        ("two-layer", "saitoh2016deep", "BP"): 100 * mnist_two_layer.PUBLISHED["test"],
        ("zero-one", "cartelet2024ed", "ED both ways, depth 512"): 100 * error_diffusion_depth.PUBLISHED["test"],
        (ed[0], "cartelet2024ed", ed[2]): 100 * error_diffusion_classes.PUBLISHED["source"],
        (ed[0], "yamada2026diffusing", routed): 100 * error_diffusion_classes.PUBLISHED["yamada2026"],
    }
    for task, row in (("xor", "XOR, {} cells"), ("parity", "parity of {} bits")):
        for size, rounds in error_diffusion_logic.PUBLISHED[task].items():
            quoted["rounds", "kaneko1999ed", row.format(size)] = rounds
    for key, figure in quoted.items():
        assert float(of.pop(key).removeprefix("about ")) == pytest.approx(figure), key
    chapter = "".join(json.dumps(cell["source"]) for cell in notebook("05-target-propagation")["cells"])
    for (_, key, row), figure in of.items():
        assert key == "bartunov2018assessing"
        assert f'\\"{row}\\": {figure}' in chapter or f'\\"{row}, in turns\\": {figure}' in chapter


def notebook(name: str) -> dict[str, Any]:
    return json.loads((TOP / "book" / f"{name}.ipynb").read_text("utf-8"))


class TestFound:
    def test_a_star_stands_for_every_name_and_the_innermost_settings_count(self):
        ends = list(
            found({"a": {"x": {"settings": {"epochs": 5}}, "y": {}}, "settings": {"epochs": 3}}, ["a", "*"], {})
        )
        assert [(names, settings["epochs"]) for names, _, settings in ends] == [(["a", "x"], 5), (["a", "y"], 3)]

    def test_a_name_that_is_not_there_is_answered_with_those_that_are(self):
        with pytest.raises(ResultsError, match="nothing is called 'b': there are a, settings"):
            list(found({"a": {}, "settings": {}}, ["b"], {}))

    def test_an_interval_is_that_of_student(self):
        row = Row("BP", "x", (), (0.5, 0.6, 0.7), "")
        low, high = stats.t.interval(0.95, 2, loc=60, scale=10 / np.sqrt(3))
        assert (row.interval(100).low, row.interval(100).high) == pytest.approx((low, high))


SMALL = {
    "results.toml": '[tables.t]\ntitle = "Toy"\nmeasure = "Test error, %"\nscale = 1\ndigits = 1\n\n[[tables.t.from]]\n'
    'file = "09-toy"\nnetwork = "two units"\nvalue = ["rules", "*", "test_error"]\nrow = "{0}"\n\n'
    '[names]\ntop = "control"\n',
    "published.toml": '[[published]]\ntable = "t"\nkey = "who"\nwhere = "table 1"\ndiffers = "All."\n'
    '[published.figures]\ncontrol = "1.50"\n',
    "references.bib": "@misc{who,\n author = {Who, W.},\n title = {What},\n year = {2020}\n}\n",
    "results.md": "# Results\n\n```{results}\n```\n\n```{bibliography}\n```\n",
}
TOY = {
    "command": "python -m experiments 09-toy",
    "seeds": [0, 1, 2],
    "seconds": 1234.5,
    "settings": {"epochs": 7},
    "rules": {
        "BP": {"test_error": {"per_seed": [1.0, 2.0, 3.0]}},
        "top": {"test_error": {"per_seed": [4.0, 4.0, 4.0]}},
    },
}


def lay_out(top: Path, **changes: str) -> None:
    """Write the files of a book that is the page alone."""
    (top / "book" / "results").mkdir(parents=True)
    (top / "book" / "results" / "09-toy.json").write_text(json.dumps(TOY))
    for name, text in {**SMALL, **changes}.items():
        (top / "book" / name).write_text(text)


def build(top: Path) -> tuple[str, str]:
    """Build the small book; return its page with the warnings."""
    lay_out(top)
    (top / "index.md").write_text("# Top\n\n```{toctree}\nbook/results\n```\n")
    names = ["myst_parser", "sphinxcontrib.bibtex", "extensions.results"]
    settings = {"extensions": names, "html_theme": "basic", "bibtex_bibfiles": ["book/references.bib"]}
    warnings = io.StringIO()
    with docutils_namespace():
        folders = (str(top), None, str(top / "out"), str(top / "doctrees"))
        Sphinx(*folders, "html", settings, status=None, warning=warnings, freshenv=True).build()
    return (top / "out" / "book" / "results.html").read_text(), warnings.getvalue()


class TestBuilt:
    def test_the_page_has_the_figures_their_source_and_where_they_come_from(self, tmp_path):
        html, warnings = build(tmp_path)
        assert not warnings
        text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        assert "BP 2.0 ± 2.5 3 – control 4.0 ± 0.0 3 1.50" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert "control: 1.50 there, 4.0 ± 0.0 here" in text.replace("\N{NO-BREAK SPACE}", " ") and "Who" in text
        assert "Two units; 7 epochs; seeds 0 to 2; 1,234 s of work; python -m experiments 09-toy" in text

    @pytest.mark.parametrize(
        ("file", "old", "new", "words"),
        [
            ("published.toml", "control", "nobody", "table t has no row 'nobody'"),
            ("results.toml", "test_error", "tested", "table t of book/results.toml: nothing is called 'tested': there"),
            ("results.toml", "09-toy", "08-toy", "table t of book/results.toml: .*08-toy.json"),
        ],
    )
    def test_what_is_not_there_is_refused(self, tmp_path, file, old, new, words):
        lay_out(tmp_path, **{file: SMALL[file].replace(old, new)})
        with pytest.raises(ResultsError, match=words):
            results.page(tmp_path)
