"""Layers through which only signs pass, so that no gradient comes back: target propagation trains below them."""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.floats import as_floats
from helpers.networks.layers import check_upstream


class Sign:
    """Layer that passes on signs only: y = 1 where x >= 0, else -1.

    It is flat wherever it has a derivative, so its backward pass is 0: no gradient comes through.

    Raises
    ------
    RuntimeError
        By `backward` before `forward`.
    ValueError
        By `backward`, if the upstream gradient has another shape than the output.
    """

    def __init__(self) -> None:
        self.parameters: dict[str, NDArray] = {}
        self.gradients: dict[str, NDArray] = {}
        self.y: NDArray | None = None

    def forward(self, x: NDArray) -> NDArray:
        """Return the sign of x, elementwise, with +1 for 0."""
        x = as_floats(x)
        self.y = np.where(np.isnan(x), x, np.where(x >= 0, 1, -1)).astype(x.dtype)
        return self.y

    def backward(self, upstream: NDArray) -> NDArray:
        """Return zeros."""
        check_upstream(self, self.y, upstream)
        return np.zeros_like(upstream)


class StraightThroughSign(Sign):
    """`Sign` whose backward pass pretends that forward was the identity.

    Raises
    ------
    RuntimeError, ValueError
        By `backward`, as `Sign` does.

    References
    ----------
    .. [1] Y. Bengio, N. Léonard and A. Courville, Estimating or Propagating Gradients Through
       Stochastic Neurons for Conditional Computation, arXiv:1308.3432, 2013.
    """

    def backward(self, upstream: NDArray) -> NDArray:
        """Return the upstream gradient as it is."""
        check_upstream(self, self.y, upstream)
        return upstream
