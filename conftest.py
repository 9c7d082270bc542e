"""How pytest and nbval run the chapters."""

import os

# Kernels inherit this: a progress bar is never the same twice.
os.environ.setdefault("TQDM_DISABLE", "1")


def pytest_collectstart(collector):
    """Leave pictures out of what nbval compares; the alt text of each is compared instead.

    In this book only figures have HTML output (tests/test_notebooks.py asserts it), and a
    notebook in git stores no pictures.
    """
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)
