"""Fixtures that several test modules share."""

import gc
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.wheel import build_wheel


@pytest.fixture
def rng() -> np.random.Generator:
    """A fresh generator with the same seed for every test."""
    return np.random.default_rng(20261120)


@pytest.fixture
def numerical_gradient() -> Callable[[Callable[[NDArray], float], NDArray], NDArray]:
    """Central differences on fresh copies of x: an oracle that shares no code with `helpers`."""

    def gradient(f: Callable[[NDArray], float], x: NDArray, h: float = 1e-6) -> NDArray:
        moves = h * np.eye(x.size).reshape(-1, *x.shape)
        return np.array([(f(x + move) - f(x - move)) / (2 * h) for move in moves]).reshape(x.shape)

    return gradient


@pytest.fixture(autouse=True)
def own_file_endings() -> Iterator[None]:
    """Take back what a build writes into Sphinx's default of ``source_suffix``, which all builds of a process share.

    Otherwise a test whose build reads Markdown by one parser would change what another's build reads it by.
    """
    yield
    if "sphinx.config" in sys.modules:
        endings = sys.modules["sphinx.config"].Config.config_values["source_suffix"].default
        endings.clear()
        endings[".rst"] = "restructuredtext"


@pytest.fixture
def moving_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no two readings of a clock be equal: where it ticks coarsely, an update takes less than a tick."""

    def moving(clock: Callable[[], float]) -> Callable[[], float]:
        last = 0.0

        def read() -> float:
            nonlocal last
            last = max(clock(), last + 1e-6)
            return last

        return read

    for name in ("perf_counter", "process_time"):
        monkeypatch.setattr(time, name, moving(getattr(time, name)))


@pytest.fixture
def closed_answers() -> Iterator[None]:
    """Let a test end with no answer of a server open: pooch leaves that of a failed download to the collector."""
    gc.freeze()  # what was there before it is not looked through
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    gc.unfreeze()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install` of the repository brings: the wheel, built from a copy and unpacked."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        wheel.extractall(folder)
    return folder
