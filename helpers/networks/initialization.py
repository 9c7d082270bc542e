"""Initial weights."""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_draw


def orthogonal(rng: np.random.Generator, inputs: int, outputs: int) -> NDArray:
    """Draw a random matrix with orthonormal rows or columns, whichever are fewer.

    A square one keeps every length: it turns and mirrors, no more.

    Parameters
    ----------
    rng : numpy.random.Generator
    inputs, outputs : int

    Returns
    -------
    ndarray of float64, shape (inputs, outputs)
        Uniformly distributed: the orthogonal factor of a matrix of normal numbers, with the
        signs that make the factorisation unique.

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If a size is no whole number of at least 1.
    """
    check_draw(rng, inputs=inputs, outputs=outputs)
    tall = rng.standard_normal((max(inputs, outputs), min(inputs, outputs)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))
    return q if inputs >= outputs else q.T


def fan_in_normal(rng: np.random.Generator, inputs: int, outputs: int) -> NDArray:
    """Draw normal numbers of standard deviation 1 / sqrt(inputs), so that sums stay of order one.

    Parameters
    ----------
    rng : numpy.random.Generator
    inputs, outputs : int
        Units that the weights come from, and units that they lead to.

    Returns
    -------
    ndarray of float64, shape (inputs, outputs)

    Raises
    ------
    TypeError, ValueError
        As `orthogonal` does.
    """
    check_draw(rng, inputs=inputs, outputs=outputs)
    return rng.standard_normal((inputs, outputs)) / np.sqrt(inputs)
