"""Fixtures that several test modules share."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray


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
