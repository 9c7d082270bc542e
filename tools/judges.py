"""Run test files one after the other until one is red: what ``tools.mutants`` asks about every mutant.

pytest alone would read all files before it runs the first test, which takes longer than the test that sees the mutant.

    python -m tools.judges FILE ...
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def is_red(test: str, checkout: Path) -> bool:
    """Whether a test of a file fails in a checkout, or there is none."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    return subprocess.run(command, cwd=checkout, capture_output=True).returncode != 0


def main(tests: Sequence[str]) -> int:
    """Return 1 as soon as a file is red, 0 if none is."""
    return int(any(is_red(test, Path.cwd()) for test in tests))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
