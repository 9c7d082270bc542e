"""Is a unit's table of responses, places by eye positions, a sum of two parts or a product?"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from helpers.networks.floats import as_floats


def additive_error(table: NDArray) -> float:
    """Return how far a table is from a sum of a row's part and a column's part.

    Parameters
    ----------
    table : ndarray, shape (places, eye positions)
        Response of one unit for each combination.

    Returns
    -------
    float
        Root mean square of what the best r_ij = a_i + b_j leaves.

    Raises
    ------
    ValueError
        If the table is not finite, or smaller than 2 x 2.
    """
    table = check_table(table)
    fit = table.mean(axis=1, keepdims=True) + table.mean(axis=0, keepdims=True) - table.mean()
    return float(np.sqrt(((table - fit) ** 2).mean()))


def multiplicative_error(table: NDArray) -> float:
    """Return how far a table is from a product of a row's part and a column's part.

    The best r_ij = a_i g_j in the sense of least squares is the leading term of the singular value
    decomposition (Eckart and Young 1936); the others are what it leaves. It has as many free
    numbers as the best sum, places + eye positions - 1.

    Parameters
    ----------
    table : ndarray, shape (places, eye positions)

    Returns
    -------
    float
        Root mean square of what is left.

    Raises
    ------
    ValueError
        If the table is not finite, or smaller than 2 x 2.
    """
    table = check_table(table)
    rest = linalg.svdvals(table)[1:]
    return float(np.sqrt((rest**2).sum() / table.size))


def check_table(table: NDArray) -> NDArray:
    """Return a table as an array, or raise a ValueError unless it is finite and at least 2 x 2."""
    table = as_floats(table).astype(float)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        raise ValueError(f"need a finite table of at least 2 x 2 responses, got shape {table.shape}")
    return table


def product_preference(table: NDArray) -> float:
    """Return how much closer a table is to a product than to a sum: from -1, a sum, to 1, a product.

    The difference of the two errors divided by their sum; 0 for a table that is both. An error
    below 1e-12 of the table's root mean square is rounding and counts as 0.
    """
    errors = np.array([additive_error(table), multiplicative_error(table)])
    size = np.sqrt(np.mean(np.square(as_floats(table))))
    errors[errors < 1e-12 * size] = 0
    additive, multiplicative = errors
    return float((additive - multiplicative) / (errors.sum() or 1))
