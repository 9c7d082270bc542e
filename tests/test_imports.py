"""Who imports whom: the contracts of pyproject.toml hold."""

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parents[1]


def test_every_contract_about_imports_holds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.chdir(ROOT)  # where import-linter looks for the packages
    status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
