"""Every student edition, run from top to bottom as by a student who has solved nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain_editions import CHAPTERS, run_alone


@pytest.mark.parametrize("source", CHAPTERS, ids=lambda path: path.stem)
def test_the_student_edition_runs_alone(source: Path, installed: Path, tmp_path: Path) -> None:
    run_alone(source, installed, tmp_path)
