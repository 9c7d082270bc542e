"""How pytest and nbval run the chapters."""

import json
import math
import os
import sys
from pathlib import Path

#: What `tools.build_times` has stored, among it the seconds of each file of tests and of each chapter.
BUILD_TIMES = Path(__file__).parent / "book" / "build-times.json"

# Kernels inherit this: a progress bar is never the same twice.
os.environ.setdefault("TQDM_DISABLE", "1")
# And this, as do the processes of `make test`, one for each processor. A second thread in each would wait for its next
# product by turning round and round, and make a training several times as long. `make machines` tries more threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if os.environ.get("BOOK_PERTURBATION"):
    FOLDER = str(Path(__file__).parent / "tests" / "perturbation")
    # for the kernels, which inherit it; then for this process
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [FOLDER, os.environ.get("PYTHONPATH")]))
    sys.path.insert(0, FOLDER)
    import perturbation  # noqa: F401 (importing it is what counts)


def known_seconds():
    """Return how long each file took when it was last measured, by its name."""
    if not BUILD_TIMES.exists():
        return {}
    tests = json.loads(BUILD_TIMES.read_text(encoding="utf-8"))["tests"]
    return tests["files"] | {f"{name}.ipynb": seconds for name, seconds in tests["notebooks"].items()}


def pytest_collection_modifyitems(config, items):
    """Let processes that share the tests begin with what takes long, so that none of them waits for another at the end.

    What was never measured begins if it is a chapter, and else comes last.
    """
    if hasattr(config, "workerinput"):
        known = known_seconds()
        items.sort(key=lambda item: -known.get(item.path.name, math.inf if item.path.suffix == ".ipynb" else 0))


def pytest_collectstart(collector):
    """Leave pictures out of what nbval compares; the alt text of each, or the question itself, is compared instead.

    In this book only figures and questions have HTML output (tests/test_notebooks.py asserts it), and a
    notebook in git stores no pictures.
    """
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)
