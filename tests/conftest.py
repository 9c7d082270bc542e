"""Fixtures that several test modules share."""

import zipfile
from collections.abc import Callable
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


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install` of the repository brings: the wheel, built from a copy and unpacked."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        wheel.extractall(folder)
    return folder
