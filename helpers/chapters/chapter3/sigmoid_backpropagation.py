"""Backpropagation for small networks of sigmoid units, in few calls of numpy.

Where a layer has some dozens of units, calling numpy takes longer than the arithmetic that it does.
`Network.gradients` asks one layer after the other, each of which checks what it is given, and an
optimizer goes through the parameter arrays one by one. Here the equations stand in one place, and
all parameters in one vector.
"""

import itertools
import math
import operator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.networks.activations import sigmoid
from helpers.networks.floats import check_floats
from helpers.networks.layers import Affine, Sigmoid, check_batch, check_finite
from helpers.networks.losses import absolute_sum
from helpers.networks.network import Network, Update


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

    The network's weights and biases become parts of these matrices, and the arrays of an update are parts of
    their gradients. They are used again for every batch of the same size; `gradients` of the layers are not touched.

    Parameters
    ----------
    network : Network
        Affine layers with a sigmoid layer between each two, and any loss. Its parameter arrays
        become parts of the matrices: others of the same name, shape and value take their place.

    Raises
    ------
    ValueError
        If the network has other layers, shared parameters, or parameters of more than one precision.
    """

    def __init__(self, network: Network):
        check_network(network)
        self.network, self.parts = network, []
        for layer in network.trainable:
            P = np.vstack([layer.parameters["W"], layer.parameters["b"]])
            layer.parameters.update(W=P[:-1], b=P[-1])
            self.parts.append(Part.for_batches(1, P, np.empty_like(P)))
        self.held = [layer.parameters for layer in network.trainable]
        self.arrays = [array for parameters in self.held for array in parameters.values()]
        pieces = [array for part in self.parts for array in (part.gradient[:-1], part.gradient[-1])]
        self.updates = dict(zip(network.parameters, pieces, strict=True))

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the loss of a batch and its gradients.

        The next call writes into the same arrays: copy what you want to keep.

        Raises
        ------
        ValueError
            As `Network.gradients`, and if the network's arrays are not parts of this rule's matrices.
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
        return Update(loss, self.updates)

    def _check(self, network: Network) -> None:
        """Raise a ValueError unless the network is this rule's and its layers hold parts of its matrices."""
        held = itertools.chain.from_iterable(map(dict.values, self.held))
        ours = network is self.network and all(map(operator.is_, held, self.arrays))
        if not ours or self.arrays[0].base is not self.parts[0].P:  # as after a copy of both
            raise ValueError(
                "the network's arrays are not, or no longer, parts of this rule's matrices: "
                "make a new rule for this network"
            )


def check_network(network: Network) -> None:
    """Raise a ValueError unless affine layers of one precision, each with its own arrays, alternate with sigmoids."""
    kinds = [type(layer) for layer in network.layers]
    if kinds != [Affine, Sigmoid] * (len(kinds) // 2) + [Affine]:
        names = [kind.__name__ for kind in kinds]
        raise ValueError(f"need affine layers with a sigmoid layer between each two, got {names}")
    arrays = network.parameters
    dtypes = {array.dtype for array in arrays.values()}
    if len(dtypes) > 1:
        raise ValueError(f"need parameters of one precision, got {sorted(map(str, dtypes))}")
    for (one, first), (other, second) in itertools.combinations(arrays.items(), 2):
        if np.shares_memory(first, second):
            raise ValueError(f"need parameters of its own for each layer, but {one} and {other} share their memory")
