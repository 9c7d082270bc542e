"""What one output cell can learn: the parity of some bits."""

import numpy as np

from helpers.data.datasets import Split
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
