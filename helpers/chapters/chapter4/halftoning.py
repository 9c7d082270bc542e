"""Halftoning: black and white dots that look grey from afar.

Error diffusion gave its name to a learning rule. In printing, a pixel that had to become
black or white hands the error of that decision on to neighbours that are still undecided.

References
----------
.. [1] R. W. Floyd and L. Steinberg, An adaptive algorithm for spatial greyscale,
   Proc. Society for Information Display 17(2), 1976, pp. 75-77.
.. [2] J. F. Jarvis, C. N. Judice and W. H. Ninke, A survey of techniques for the display of
   continuous tone pictures on bilevel displays, Computer Graphics and Image Processing 5(1),
   1976, pp. 13-40. doi:10.1016/S0146-664X(76)80003-2.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.floats import as_floats

#: Shares of an error that go to the pixels after this one: to the right in the first row of the
#: kernel, then to the rows below; the pixel itself is in the middle of the first row.
FLOYD_STEINBERG = np.array([[0, 0, 7], [3, 5, 1]]) / 16
JARVIS_JUDICE_NINKE = np.array([[0, 0, 0, 7, 5], [3, 5, 7, 5, 3], [1, 3, 5, 3, 1]]) / 48


def threshold_image(image: NDArray, threshold: float = 0.5) -> NDArray:
    """Return 1 where a pixel is brighter than the threshold, else 0.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Brightness from 0 to 1.
    threshold : float
        A pixel brighter than this becomes white.

    Returns
    -------
    ndarray of float64, shape (height, width)
        0 or 1 for each pixel.

    Raises
    ------
    ValueError
        If the image is not of this form.
    """
    check_image(image)
    return (image > threshold).astype(float)


def diffuse_error(image: NDArray, kernel: NDArray, threshold: float = 0.5) -> NDArray:
    """Turn a grey image into black and white by error diffusion.

    Pixels are decided row by row, from left to right. What is decided, and what the error is
    taken from, is the pixel plus the errors carried to it.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Brightness from 0 to 1.
    kernel : ndarray, shape (rows, odd number of columns)
        Shares of the error for the pixels after this one, such as `FLOYD_STEINBERG`; they sum to 1
        or less, and are zero up to and including the pixel itself.
    threshold : float
        A pixel brighter than this becomes white.

    Returns
    -------
    ndarray of float64, shape (height, width)
        0 or 1 for each pixel. Errors that leave the image at its edges are lost.

    Raises
    ------
    ValueError
        If the image or the kernel is not of this form.
    """
    check_image(image)
    check_kernel(kernel)
    (height, width), (down, across), side = image.shape, kernel.shape, kernel.shape[1] // 2
    wanted = np.pad(image.astype(float), [(0, down), (side, side)])
    dots = np.zeros_like(wanted)
    for i in range(height):
        for j in range(side, side + width):
            dots[i, j] = wanted[i, j] > threshold
            error = wanted[i, j] - dots[i, j]
            wanted[i : i + down, j - side : j - side + across] += error * kernel
    return dots[:height, side : side + width]


def check_image(image: NDArray) -> None:
    """Raise a ValueError unless image is a grid of brightness from 0 to 1."""
    if not isinstance(image, np.ndarray) or image.ndim != 2 or image.size == 0:
        raise ValueError(
            "expected an array with a grey image of shape (height, width), "
            f"got {type(image).__name__} of shape {np.shape(image)}"
        )
    image = as_floats(image)
    if not (image.min() >= 0 and image.max() <= 1):
        raise ValueError(f"brightness must lie between 0 and 1, got {image.min()} to {image.max()}")


def check_kernel(kernel: NDArray) -> None:
    """Raise a ValueError unless the kernel shares out at most the whole error, to later pixels only."""
    if not isinstance(kernel, np.ndarray) or kernel.ndim != 2 or len(kernel) == 0 or kernel.shape[1] % 2 == 0:
        raise ValueError(
            "a kernel is an array of shape (rows, odd number of columns), "
            f"got {type(kernel).__name__} of shape {np.shape(kernel)}"
        )
    kernel = as_floats(kernel)
    if not (np.all(kernel >= 0) and kernel.sum() <= 1 + 1e-9):
        raise ValueError(f"the shares of a kernel are not negative and sum to 1 at most, got {kernel.sum():g}")
    if kernel[0, : kernel.shape[1] // 2 + 1].any():
        raise ValueError("a kernel cannot send errors back: its first row starts after the middle")
