"""Points on a line, few enough that a reader sees them all."""

import numpy as np

from helpers.data.datasets import Split
from helpers.networks.arguments import check_count


def two_class_points(rng: np.random.Generator, per_class: int = 20) -> Split:
    """Draw points on a line: class 1 around 0, and class 0 on both sides of it, around -2 and +2.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws class 1 first, then the left and the right half of class 0, all with standard
        deviation 0.5.
    per_class : int
        Points of each class; even, and at least 2.

    Returns
    -------
    Split
        Inputs of shape (2 * per_class,), in the order of drawing.

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If `per_class` is odd or below 2.

    References
    ----------
    .. [1] P. Roelants, How to implement a neural network, part 3: hidden layer,
       https://peterroelants.github.io/posts/neural-network-implementation-part03/.
    """
    if not hasattr(rng, "standard_normal"):  # the chapter also draws its source's points, by the older generator
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    check_count("per_class", per_class)
    if per_class % 2:
        raise ValueError(f"per_class must be an even number of at least 2, got {per_class}")
    means = np.repeat([0.0, -2.0, 2.0], [per_class, per_class // 2, per_class // 2])
    x = means + 0.5 * rng.standard_normal(2 * per_class)
    return Split(x, (means == 0).astype(np.int64))
