"""Who imports whom: the contracts of pyproject.toml hold."""

import re
from pathlib import Path

import nbformat
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]


def test_every_contract_about_imports_holds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.chdir(ROOT)  # where import-linter looks for the packages
    status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_a_page_uses_rooms_of_its_own_and_of_earlier_chapters(path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    used = set(map(int, re.findall(r"helpers\.chapters(?:\.| import )chapter(\d+)", "\n".join(cells))))
    number = int(path.stem.partition("-")[0])
    assert number in used and max(used) == number
