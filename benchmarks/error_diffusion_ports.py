"""Error diffusion as the source article writes it, layer after layer, ported to numpy as a baseline.

Two implementations: one with four weight matrices for each layer, one with a single tensor and
biases. Ported as they are, float64 throughout, with every quirk that does not stop them: the
output layer has a learning rate of its own and a second cell that nothing is asked of.

References
----------
.. [1] An explanation of Isamu Kaneko's ED method, its weak points, and an efficient implementation
   with matrix products (in Japanese), qiita.com/Cartelet/items/a18e32348adc0c689db4, 2024.
"""

import numpy as np
from numpy.typing import NDArray


def sigmoid(x: NDArray, u0: float = 0.4) -> NDArray:
    """Return 1 / (1 + exp(-2 x / u0)). The source changes x in place, which its callers do not see."""
    x = x * (2 / u0)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def slope(y: NDArray) -> NDArray:
    """Return y (1 - y)."""
    return y * (1 - y)


class Linear:
    """A matrix of weights, uniform from 0 to 1, that remembers its input."""

    def __init__(self, inputs: int, outputs: int, rng: np.random.RandomState):
        self.weight = rng.rand(inputs, outputs)

    def forward(self, x: NDArray) -> NDArray:
        """Return x W."""
        self.input = x.copy()
        return x @ self.weight


class FourMatrixLayer:
    """Excitatory (p) and inhibitory (n) cells with a matrix for each pair of kinds."""

    def __init__(self, inputs: int, outputs: int, alpha: float, rng: np.random.RandomState):
        self.alpha = alpha
        self.pp, self.np, self.pn, self.nn = (Linear(inputs, outputs, rng) for _ in range(4))

    def forward(self, p: NDArray, n: NDArray) -> tuple[NDArray, NDArray]:
        """Return the outputs of the two kinds of cells."""
        self.op = sigmoid(self.pp.forward(p) - self.np.forward(n))
        self.on = sigmoid(self.nn.forward(n) - self.pn.forward(p))
        return self.op, self.on

    def update(self, d: NDArray) -> None:
        """Change the weights by the error d, shape (n,)."""
        parts = ((1, self.pp, self.op), (-1, self.np, self.op), (1, self.pn, self.on), (-1, self.nn, self.on))
        for sign, linear, output in parts:
            change = np.einsum("b,bo,bi->bio", d, slope(output), linear.input)
            linear.weight += sign * self.alpha * change.mean(0)


class FourMatrixNetwork:
    """The first implementation.

    Parameters
    ----------
    inputs, width, depth : int
        Inputs, cells of each kind in a hidden layer, hidden layers.
    alpha : float
        Learning rate of the hidden layers; the output layer keeps 0.8, as in the source.
    rng : numpy.random.RandomState
        The old generator of numpy, as in the source, so that its printed figures come out.
    """

    output_alpha = 0.8

    def __init__(self, inputs: int, width: int, depth: int, alpha: float, rng: np.random.RandomState):
        sizes = [inputs] + [width] * depth
        self.layers = [FourMatrixLayer(a, b, alpha, rng) for a, b in zip(sizes, sizes[1:], strict=False)]
        self.layers.append(FourMatrixLayer(width, 1, self.output_alpha, rng))

    def forward(self, x: NDArray) -> NDArray:
        """Return the output for each row of x."""
        p, n = x.copy(), x.copy()
        for layer in self.layers:
            p, n = layer.forward(p, n)
        return p[:, 0]

    def update(self, d: NDArray) -> None:
        """Change every layer by the error d, shape (n,)."""
        for layer in self.layers:
            layer.update(d)

    def merged(self) -> list[NDArray]:
        """Return each layer's weights as the package keeps them, with thresholds of zero."""
        matrices = [
            np.block([[layer.pp.weight, -layer.pn.weight], [-layer.np.weight, layer.nn.weight]])
            for layer in self.layers
        ]
        return merged(matrices, [np.zeros(matrix.shape[1]) for matrix in matrices])


class TensorLayer:
    """All weights of a layer in one tensor (target kind, source kind, inputs, outputs), and biases."""

    def __init__(self, inputs: int, outputs: int, alpha: float, rng: np.random.RandomState):
        self.alpha = alpha
        self.weight = abs(rng.randn(2, 2, inputs, outputs))
        self.bias = rng.rand(2, 1, outputs)
        self.weight[:, 1] *= -1
        self.sign = np.array([[[1]], [[-1]]])

    def forward(self, x: NDArray) -> NDArray:
        """Return the outputs (kind, n, outputs) for inputs (kind, n, inputs)."""
        self.x = x
        self.y = sigmoid(((x @ self.weight).sum(1) + self.bias) * self.sign)
        return self.y

    def update(self, d: NDArray) -> None:
        """Change the weights by the error d, shape (n,)."""
        db = np.einsum("b,pbo->pbo", d, slope(self.y))
        dw = np.einsum("pbo,qbi->pqbio", db, self.x)
        self.weight += self.alpha * dw.mean(2)
        self.bias += self.alpha * db.mean(1, keepdims=True)


class TensorNetwork:
    """The second implementation; parameters as for `FourMatrixNetwork`."""

    output_alpha = 1.0

    def __init__(self, inputs: int, width: int, depth: int, alpha: float, rng: np.random.RandomState):
        sizes = [inputs] + [width] * depth
        self.layers = [TensorLayer(a, b, alpha, rng) for a, b in zip(sizes, sizes[1:], strict=False)]
        self.layers.append(TensorLayer(width, 1, self.output_alpha, rng))

    def forward(self, x: NDArray) -> NDArray:
        """Return the output for each row of x."""
        x = x[None].repeat(2, 0)
        for layer in self.layers:
            x = layer.forward(x)
        return x[0, :, 0]

    def update(self, d: NDArray) -> None:
        """Change every layer by the error d, shape (n,)."""
        for layer in self.layers:
            layer.update(d)

    def merged(self) -> list[NDArray]:
        """Return each layer's weights as the package keeps them with a threshold input of sqrt(1/2).

        A pair of threshold inputs of that size changes its sum as fast as a single bias does.
        """
        matrices = []
        for layer in self.layers:
            (pp, n_to_p), (p_to_n, nn) = layer.weight[0], -layer.weight[1]
            matrices.append(np.block([[pp, p_to_n], [n_to_p, nn]]))
        biases = [np.concatenate([layer.bias[0, 0], -layer.bias[1, 0]]) for layer in self.layers]
        return merged(matrices, [bias / np.sqrt(0.5) for bias in biases])


def merged(matrices: list[NDArray], thresholds: list[NDArray]) -> list[NDArray]:
    """Join matrices (sources, targets), each kind's in one half, and thresholds; the output's second cell goes."""
    first, *others = matrices
    half = len(first) // 2
    joined = [np.vstack(pair) for pair in zip([first[:half] + first[half:], *others], thresholds, strict=True)]
    return [*joined[:-1], joined[-1][:, :1]]
