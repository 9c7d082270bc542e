"""How large a hub must be: the sums of `tools.class_size`, the stored file, and what the pages make of it."""

import io
import json
import re
from datetime import date
from pathlib import Path

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from extensions import class_size as pages
from extensions.class_size import ClassSizeError
from tools import class_size
from tools.class_size import Hub, Need, hub, main, needs, report, run_chapter

pytestmark = pytest.mark.same_everywhere

TOP = Path(__file__).parents[1]
STORED = json.loads((TOP / class_size.STORED).read_text(encoding="utf-8"))
TOY = {
    "date": "2026-11-28",
    "machine": {"processor": "Toy 1", "processors": 2, "gigabytes": 4, "system": "Linux"},
    "settings": {"rounds": 3, "threads": 1},
    "server_megabytes": 100,
    "chapters": {
        "01-small": {"processor_seconds": [9.0, 12.0, 10.0], "clock_seconds": [9, 9, 9], "megabytes": [201, 200, 199]},
        "02-large": {"processor_seconds": [60.0] * 3, "clock_seconds": [99, 9, 9], "megabytes": [400] * 3},
    },
}


class TestHub:
    def test_memory_is_a_server_and_a_kernel_for_each_student(self):
        assert hub(200, Need(0, 0, 400), server=100, minutes=5).memory == pytest.approx(100)

    def test_processors_finish_the_work_of_all_within_the_window(self):
        assert hub(200, Need(30, 0, 1), server=0, minutes=5).processors == 20
        assert hub(201, Need(30, 0, 1), server=0, minutes=5).processors == 21  # never too few
        assert hub(1, Need(1, 0, 1), server=0, minutes=5) == Hub(1, 0.001, 1)

    @pytest.mark.parametrize(("students", "minutes"), [(0, 5), (30, 0), (30, -1), (30, float("nan"))])
    def test_no_class_and_no_time_are_refused(self, students, minutes):
        with pytest.raises(ValueError, match="at least one student and a window above 0"):
            hub(students, Need(1, 1, 1), 1, minutes)

    def test_a_chapter_needs_the_median_of_its_rounds(self):
        assert needs(TOY)["01-small"] == Need(10.0, 9, 200)


class TestStored:
    def test_every_chapter_was_run_as_often_as_is_said(self):
        assert sorted(STORED["chapters"]) == sorted(path.stem for path in (TOP / "book").glob("0*.ipynb"))
        for parts in STORED["chapters"].values():
            assert {len(values) for values in parts.values()} == {STORED["settings"]["rounds"]}

    @pytest.mark.parametrize("name", sorted(STORED["chapters"]))
    def test_a_chapter_says_how_long_it_runs(self, name):
        source = (TOP / "book" / f"{name}.ipynb").read_text("utf-8")
        (said,) = re.findall(r"[Rr]unning every cell takes (about half|less than) a minute\.", source)
        least, most = {"about half": (20, 40), "less than": (0, 60)}[said]
        assert least <= needs(STORED)[name].processor < most

    def test_the_figures_are_possible_and_the_memory_hardly_differs_between_rounds(self):
        assert 30 < STORED["server_megabytes"] < 400
        for name, need in needs(STORED).items():
            assert 5 < need.processor < 300 and 100 < need.memory < 1500, name
            rounds = STORED["chapters"][name]["megabytes"]
            assert max(rounds) < 1.1 * min(rounds), name

    def test_it_says_which_machine_and_when_and_not_whose(self):
        assert date.fromisoformat(STORED["date"]) and STORED["command"] == "python -m tools.class_size --measure"
        assert STORED["machine"]["processor"] and STORED["machine"]["processors"] >= 1
        assert not re.search(r"/(home|work|tmp|root|Users)/", json.dumps(STORED))


class TestMeasuring:
    def test_a_kernel_says_what_it_took(self, tmp_path):
        cell = nbformat.v4.new_code_cell(
            "import time\nhold = bytearray(200_000_000)\nend = time.process_time() + 0.5\n"
            "while time.process_time() < end: pass"
        )
        path = tmp_path / "busy.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        need = run_chapter(path)
        assert need.processor >= 0.5 and need.clock >= 0.5
        assert 200 < need.memory < 400  # what the cell holds, and a kernel around it
        assert nbformat.read(path, as_version=4).cells == [cell]


class TestCommand:
    def test_it_says_the_formula_and_a_line_for_each_chapter(self):
        text = report(TOY, 200, 5)
        assert "memory     = students x (100 MB for the server + the kernel's peak)" in text
        assert "processors = students x processor seconds / 300 s" in text
        assert re.search(r"01-small +10 s +200 MB: +60 GB, +7 processors", text)
        assert re.search(r"02-large +60 s +400 MB: +100 GB, +40 processors", text)
        assert text.endswith("Measured 2026-11-28 on: Toy 1, 2 processors.")

    def test_it_reads_the_stored_file(self, capsys):
        main(["--students", "30", "--minutes", "10"])
        assert capsys.readouterr().out.strip() == report(STORED, 30, 10)

    @pytest.mark.parametrize("wrong", [["--students", "0"], ["--minutes", "0"], ["--rounds", "0"]])
    def test_nonsense_is_refused(self, wrong, capsys):
        with pytest.raises(SystemExit):
            main(wrong)
        assert "need at least one round, one student and a time above 0" in capsys.readouterr().err


class TestPages:
    def test_a_paragraph_says_what_one_chapter_takes(self):
        text = pages.measured(TOY, "01-small")
        assert "10 seconds of one processor" in text and "200 MB of memory" in text and "the median of 3 runs" in text

    def test_a_busy_machine_is_called_so(self):
        slow = {name: {**parts, "clock_seconds": [150] * 3} for name, parts in TOY["chapters"].items()}
        assert "shared with other work" in pages.class_size({**TOY, "chapters": slow})
        assert "shared with other work" not in pages.class_size(TOY)

    def test_an_unknown_chapter_is_answered_with_the_known_ones(self):
        with pytest.raises(ClassSizeError, match="nothing was measured of '03-new': there are 01-small, 02-large"):
            pages.measured(TOY, "03-new")

    def test_the_table_has_each_chapter_and_each_class(self):
        text = pages.class_size(TOY)
        assert "| 1 | 10 s, 200 MB | 9 GB, 1 processor | 30 GB, 4 processors | 60 GB, 7 processors |" in text
        assert "a limit of 0.7 GB a student" in text  # 100 + 200 + 400

    def test_both_are_built_into_a_page(self, tmp_path):
        (tmp_path / "book").mkdir()
        (tmp_path / class_size.STORED).write_text(json.dumps(TOY))
        (tmp_path / "index.md").write_text(
            "(class-size)=\n# Top\n\n```{measured} 02-large\n```\n\n```{class-size}\n```\n"
        )
        settings = {
            "extensions": ["myst_parser", "extensions.class_size"],
            "html_theme": "basic",
            "myst_enable_extensions": ["dollarmath", "amsmath"],
        }
        warnings = io.StringIO()
        with docutils_namespace():
            folders = (str(tmp_path), None, str(tmp_path / "out"), str(tmp_path / "doctrees"))
            Sphinx(*folders, "html", settings, status=None, warning=warnings, freshenv=True).build()
        assert not warnings.getvalue()
        text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
        assert "60 seconds of one processor" in text and "100 GB, 40 processors" in text
