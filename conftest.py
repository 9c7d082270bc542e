"""How pytest and nbval run the chapters."""

import os
import sys
from pathlib import Path

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


def pytest_collectstart(collector):
    """Leave pictures out of what nbval compares; the alt text of each, or the question itself, is compared instead.

    In this book only figures and questions have HTML output (tests/test_notebooks.py asserts it), and a
    notebook in git stores no pictures.
    """
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)
