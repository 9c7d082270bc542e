"""What one output cell can learn: the parity of some bits, and which of two digits an image shows."""

import numpy as np

from helpers.data.datasets import Dataset, Split
from helpers.networks.arguments import check_count


def parity(bits: int) -> Split:
    """Return all patterns of some bits, and whether the number of ones in each is odd.

    With two bits this is XOR. Pattern i holds the binary digits of i, the smallest first.

    Parameters
    ----------
    bits : int
        From 1 to 16.

    Returns
    -------
    Split
        2^bits samples, x of float32, t of 0 or 1.

    Raises
    ------
    ValueError
        If there are fewer than 1 or more than 16 bits.
    """
    check_count("bits", bits)
    if bits > 16:
        raise ValueError(f"bits must lie between 1 and 16, got {bits}")
    x = np.arange(2**bits)[:, None] >> np.arange(bits) & 1
    return Split(x.astype(np.float32), x.sum(axis=1) % 2)


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
