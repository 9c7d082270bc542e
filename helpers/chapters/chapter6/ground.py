"""The ground on which chapter 6 compares the rules: is a handwritten digit odd or even?"""

from helpers.data.datasets import Dataset, Split


def odd_or_even(data: Dataset) -> Dataset:
    """Return the same samples, labelled 1 where the class is odd and 0 where it is even.

    One output cell can say it, so every rule of the book can learn it in the same network.

    Parameters
    ----------
    data : Dataset
        Digits, each labelled with itself.

    Returns
    -------
    Dataset
    """
    splits = (Split(split.x, split.t % 2) for split in (data.train, data.validation, data.test))
    return Dataset(f"{data.name}, odd or even", data.image_shape, 2, *splits)
