"""Two classes of a data set: what one output cell can tell apart."""

import numpy as np

from helpers.data.datasets import Dataset, Split


def two_classes(data: Dataset, zero: int, one: int) -> Dataset:
    """Return the samples of two classes only, labelled 0 and 1.

    Parameters
    ----------
    data : Dataset
    zero, one : int
        The class that becomes 0, and the one that becomes 1.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        If the two are the same, or one is no class of the data.
    """
    if zero == one or not {zero, one} <= set(range(data.classes)):
        raise ValueError(f"need two different classes from 0 to {data.classes - 1}, got {zero} and {one}")

    def chosen(split: Split) -> Split:
        rows = np.isin(split.t, [zero, one])
        return Split(split.x[rows], (split.t[rows] == one).astype(np.int64))

    return Dataset(
        f"{data.name} {zero}/{one}", data.image_shape, 2,
        chosen(data.train), chosen(data.validation), chosen(data.test),
    )  # fmt: skip
