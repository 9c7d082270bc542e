"""Is one rule better than another, or was it luck? A difference over paired seeds, with its interval.

Two rules that start from the same seed share their data and their start, so what they owe to these cancels in
the difference. The interval is Student's t for the mean of the differences,

    mean ± t sd / sqrt(count),    t = the 97.5 % quantile with count - 1 degrees of freedom,

of which 95 % hold the true mean. It is honest only for seeds that had no part in finding the effect or in choosing
the settings.

References
----------
.. [1] Student, "The Probable Error of a Mean", Biometrika 6 (1908), 1-25. https://doi.org/10.1093/biomet/6.1.1
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from helpers.networks.arguments import check_not_negative
from helpers.networks.floats import as_floats

FEWEST = 3  # with two pairs the quantile is 12.7: such an interval says nothing


@dataclass(frozen=True)
class Difference:
    """A mean difference with its interval, which prints as mean ± half-width.

    Parameters
    ----------
    mean : float
        Mean over the pairs of first minus second.
    low, high : float
        Ends of the interval.
    count : int
        Number of pairs.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def apart(self) -> bool:
        """Whether the interval leaves zero out: only then may a sentence say that one side is ahead."""
        return self.low > 0 or self.high < 0

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies closer to zero than a margin.

        Only then may a sentence say that two sides do equally well: an interval that merely holds zero
        may be wide because there are few seeds.

        Parameters
        ----------
        margin : float
            The largest difference that would not matter, in the unit of the values.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            If the margin is negative or not finite.
        """
        check_not_negative("margin", margin)
        return -margin < self.low and self.high < margin

    def __format__(self, spec: str) -> str:
        """Return mean and half-width, both by a format such as ".1f"; ".2g" if none is given."""
        spec = spec or ".2g"
        return f"{self.mean:{spec}} ± {(self.high - self.low) / 2:{spec}}".replace("-", "\N{MINUS SIGN}")

    def __str__(self) -> str:
        return format(self)


def paired_difference(first: ArrayLike, second: ArrayLike) -> Difference:
    """Return the mean of first minus second over paired seeds, with its interval.

    Where all pairs differ by the same amount, the interval has no width: nothing in the seeds speaks for any
    other difference. (Look at such data: results that were rounded, or a seed that changes nothing, look so.)

    Parameters
    ----------
    first, second : array_like, shape (seeds,)
        One value for each seed, the same seeds in the same order.

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If the shapes differ, there are fewer than three pairs, or a value is not finite.

    Examples
    --------
    >>> found = paired_difference([2.1, 2.3, 2.0, 2.2], [3.4, 3.5, 3.6, 3.3])
    >>> print(f"{-found.mean:.1f} fewer", found.apart)
    1.3 fewer True
    """
    first, second = (as_floats(side).astype(float) for side in (first, second))
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"pairs need one value for each seed on both sides, got shapes {first.shape}, {second.shape}")
    if len(first) < FEWEST:
        raise ValueError(f"an interval needs at least {FEWEST} pairs, got {len(first)}: run more seeds")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a difference needs finite numbers, got NaN or infinity: drop such a seed from both sides")
    differences = first - second
    mean = differences.mean()
    # the quantile of Student's distribution: scipy.stats calls this function, and takes a second to be imported
    half = stdtrit(len(first) - 1, 0.975) * differences.std(ddof=1) / np.sqrt(len(first))
    return Difference(float(mean), float(mean - half), float(mean + half), len(first))
