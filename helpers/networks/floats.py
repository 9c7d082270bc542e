"""One rule about numbers: whatever is calculated with is a float.

Small integers and booleans wrap: in 8 bits, 0 - 1 is 255 and 20 squared is 144. So functions of numbers convert
them (`as_floats`). What goes into a network must be floats already (`check_floats`): integers there are nearly
always images that nobody scaled.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_floats(x: ArrayLike) -> NDArray:
    """Return x as an array of floats: integers and booleans as float64, floats of any precision as they are.

    Raises
    ------
    ValueError
        For anything else, such as text or complex numbers.
    """
    x = np.asarray(x)
    if x.dtype.kind == "f":
        return x
    if x.dtype.kind in "biu":
        return x.astype(float)
    raise ValueError(f"need numbers that floats can hold, got an array of {x.dtype}")


def check_floats(x: NDArray) -> None:
    """Raise a ValueError unless x is an array of floats."""
    if x.dtype.kind != "f":
        raise ValueError(
            f"x must be an array of floats, got {x.dtype}: scale images to floats from 0 to 1 first, such as x / 255 "
            "for pixels from 0 to 255"
        )
