"""Data sets: samples in splits, and handwritten digits.

A `Dataset` of images has them as rows of numbers from 0 to 1, labels as integers, and a
fixed split into training, validation and test samples.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Split:
    """Samples, and the label or target of each.

    Attributes
    ----------
    x : ndarray, shape (n, inputs) or (n,)
        Inputs; of an image, the brightness of each pixel, from 0 to 1, in float32.
    t : ndarray of int64, shape (n,), or ndarray of floats, shape (n, outputs)
        Class of each sample, from 0 to classes - 1; or what each output should be.

    Raises
    ------
    ValueError
        If there are no samples, or not one label or target for each.
    """

    x: NDArray
    t: NDArray

    def __post_init__(self) -> None:
        if len(self.x) != len(self.t) or len(self.x) == 0:
            raise ValueError(f"need samples and a label for each, got {len(self.x)} and {len(self.t)}")

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Dataset:
    """A data set with its fixed split.

    Attributes
    ----------
    name : str
    image_shape : tuple of int
        Height and width, in pixels, of the image in each row of x.
    classes : int
        Number of classes.
    train, validation, test : Split
        What to learn from; what to choose settings on; what to look at once, at the end.
    """

    name: str
    image_shape: tuple[int, int]
    classes: int
    train: Split
    validation: Split
    test: Split

    @property
    def inputs(self) -> int:
        """Numbers in a sample: columns of x."""
        return self.train.x.shape[1]


def digits() -> Dataset:
    """Load scikit-learn's 1,797 handwritten digits of 8 x 8 pixels, bundled with it.

    A fifth is kept for testing and a fifth for validation, with every class in its
    share: 1,077 training, 360 validation and 360 test samples, the same every time.

    Returns
    -------
    Dataset

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits,
       UCI Machine Learning Repository, 1998. doi:10.24432/C50P49.
    """
    # here, because it takes a second, and most who train need no digits
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    x, t = (images / 16).astype(np.float32), labels.astype(np.int64)
    x, x_test, t, t_test = train_test_split(x, t, test_size=360, stratify=t, random_state=0)
    x, x_validation, t, t_validation = train_test_split(x, t, test_size=360, stratify=t, random_state=0)
    return Dataset("digits", (8, 8), 10, Split(x, t), Split(x_validation, t_validation), Split(x_test, t_test))
