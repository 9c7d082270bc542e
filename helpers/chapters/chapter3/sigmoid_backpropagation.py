"""Backpropagation for small networks of sigmoid units, in few calls of numpy.

Where a layer has some dozens of units, calling numpy takes longer than the arithmetic that it does.
`Network.gradients` asks one layer after the other, each of which checks what it is given, and an
optimizer goes through the parameter arrays one by one. Here the equations stand in one place, and
all parameters in one vector.
"""

import itertools
import math
import operator
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.floats import check_floats
from helpers.networks.layers import Affine, Sigmoid, check_batch, check_finite
from helpers.networks.losses import absolute_sum
from helpers.networks.network import Network


class Part(NamedTuple):
    """The arrays of one affine layer.

    Attributes
    ----------
    P, gradient : ndarray, shape (inputs + 1, outputs)
        Weights, with the biases as the last row, and the loss differentiated by them.
    W : ndarray, shape (inputs, outputs)
        The weights: P without its last row.
    Z1 : ndarray, shape (n, inputs + 1)
        The input to a batch of n, and a last column of ones, which stays as it is.
    Z : ndarray, shape (n, inputs)
        The input: Z1 without its last column.
    """

    P: NDArray
    gradient: NDArray
    W: NDArray
    Z1: NDArray
    Z: NDArray

    @classmethod
    def for_batches(cls, n: int, P: NDArray, gradient: NDArray) -> "Part":
        """Return the arrays for batches of n, given the two that do not depend on it."""
        Z1 = np.ones((n, len(P)), P.dtype)
        return cls(P, gradient, P[:-1], Z1, Z1[:, :-1])


class SigmoidBackpropagation:
    """What `Network.gradients` does, as a learning rule for small networks of sigmoid units.

    A bias is the weight of an input that is always 1. So the weights and biases of a layer are one
    matrix P, with the biases as its last row, and its input is Z1: the activities Z below, and a
    column of ones beside them. With G for the gradient by the weighted sums A::

        A = Z1 P,    dL/dP = Z1^T G,    G below = (G W^T) * Z * (1 - Z)

    The matrices lie end to end in one vector, and so do their gradients. The arrays are used again
    for every batch of the same size; `gradients` of the layers are not touched.

    Parameters
    ----------
    network : Network
        Affine layers with a sigmoid layer between each two, and any loss. Its parameter arrays
        become parts of the vector: others of the same name, shape and value take their place.

    Attributes
    ----------
    parameters : dict of str to ndarray
        ``{"all": vector}``: what the updates of this rule are for.

    Raises
    ------
    ValueError
        If the network has other layers, shared parameters, or parameters of more than one precision.
    """

    def __init__(self, network: Network):
        check_network(network)
        self.network, self.held = network, [layer.parameters for layer in network.trainable]
        arrays = [layer.parameters[key] for _, layer, key in network.names]
        vector = np.concatenate([array.ravel() for array in arrays])
        gradient = np.empty_like(vector)
        self.parameters, self.updates = {"all": vector}, {"all": gradient}
        self.arrays = pieces(vector, [array.shape for array in arrays])
        for (name, layer, key), array in zip(network.names, self.arrays, strict=True):
            network.parameters[name] = layer.parameters[key] = array
        shapes = [(len(layer.parameters["W"]) + 1, len(layer.parameters["b"])) for layer in network.trainable]
        matrices = zip(pieces(vector, shapes), pieces(gradient, shapes), strict=True)
        self.parts = [Part.for_batches(1, *pair) for pair in matrices]

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> tuple[float, dict[str, NDArray]]:
        """Return the loss of a batch, and its gradient by the vector as ``{"all": gradient}``.

        The next call writes into the same array: copy what you want to keep.

        Raises
        ------
        ValueError
            As `Network.gradients`, and if the network's arrays are not parts of this rule's vector.
        """
        self._check(network)
        if getattr(x, "shape", None) != self.parts[0].Z.shape:
            check_batch(x, inputs=len(self.parts[0].W))
            self.parts = [Part.for_batches(len(x), part.P, part.gradient) for part in self.parts]
        check_floats(x)
        first, *others = self.parts
        first.Z[...] = x
        a = first.Z1.dot(first.P)
        if not math.isfinite(absolute_sum(a)):  # as it is not where x is not
            check_finite(first.Z1)
        activities = []
        for part in others:
            activities.append(sigmoid(a))
            part.Z[...] = activities[-1]
            a = part.Z1.dot(part.P)
        loss = network.loss_of(a, labels)
        G = np.asarray(network.loss_layer.backward(), a.dtype)
        for part, z in zip(reversed(others), reversed(activities), strict=True):
            part.Z1.T.dot(G, out=part.gradient)
            G = G.dot(part.W.T)
            G *= z
            G *= 1.0 - z
        first.Z1.T.dot(G, out=first.gradient)
        return loss, self.updates

    def _check(self, network: Network) -> None:
        """Raise a ValueError unless the network is this rule's and its layers hold the parts of the vector."""
        held = itertools.chain.from_iterable(map(dict.values, self.held))
        ours = network is self.network and all(map(operator.is_, held, self.arrays))
        if not ours or self.arrays[0].base is not self.parameters["all"]:  # as after a copy of both
            raise ValueError(
                "the network's arrays are not, or no longer, parts of this rule's vector: "
                "make a new rule for this network"
            )


def pieces(vector: NDArray, shapes: Sequence[tuple[int, ...]]) -> list[NDArray]:
    """Return arrays of these shapes that lie end to end in a vector.

    Parameters
    ----------
    vector : ndarray, shape (total,)
    shapes : list of tuple of int
        Their sizes sum to the length of the vector.

    Returns
    -------
    list of ndarray
        Views, one for each shape: a change of one is a change of the vector.
    """
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes, strict=True)]


def check_network(network: Network) -> None:
    """Raise a ValueError unless affine layers of one precision, each with its own arrays, alternate with sigmoids."""
    kinds = [type(layer) for layer in network.layers]
    if kinds != [Affine, Sigmoid] * (len(kinds) // 2) + [Affine]:
        names = [kind.__name__ for kind in kinds]
        raise ValueError(f"need affine layers with a sigmoid layer between each two, got {names}")
    arrays = {name: layer.parameters[key] for name, layer, key in network.names}
    dtypes = {array.dtype for array in arrays.values()}
    if len(dtypes) > 1:
        raise ValueError(f"need parameters of one precision, got {sorted(map(str, dtypes))}")
    for (one, first), (other, second) in itertools.combinations(arrays.items(), 2):
        if np.shares_memory(first, second):
            raise ValueError(f"need parameters of its own for each layer, but {one} and {other} share their memory")
