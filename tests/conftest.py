"""Fixtures that several test modules share."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]


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
    checkout, folder = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("installed")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    for name in ("helpers", "book/results"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    built = subprocess.run([sys.executable, "-c", build], cwd=checkout, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(checkout / built.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(folder)
    return folder
