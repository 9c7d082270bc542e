"""Approximate inverses of the stages of a network: what carries targets down.

An inverse g_i takes the activity h_i of a stage to that of the stage below, h_{i-1}. Nobody
needs it to be exact. Three kinds live here: decoders that learn to undo their stage, and fixed
ones, random orthogonal or the transposed weights of the stage itself.

References
----------
.. [1] D.-H. Lee, S. Zhang, A. Fischer and Y. Bengio, Difference Target Propagation,
   ECML PKDD 2015, section 2.2. doi:10.1007/978-3-319-23528-8_31.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import partial

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_not_negative
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Affine
from helpers.networks.network import Diverged, Network, by_name
from helpers.networks.stages import Stage, local_gradients, run, stages_of
from helpers.training.optimizers import Optimizer

#: From an activity h_i to h_{i-1}.
Inverse = Callable[[NDArray], NDArray]


class Inverses:
    """Fixed inverses, one for each stage from the second to the last but one.

    Parameters
    ----------
    functions : mapping of int to Inverse
        g_i by the number i of its stage, counted from 1: 2, ..., M - 1 for a network of M stages.
    """

    def __init__(self, functions: Mapping[int, Inverse]):
        self.functions: Mapping[int, Inverse] = dict(functions)

    def __getitem__(self, i: int) -> Inverse:
        if i not in self.functions:
            raise ValueError(f"there is no inverse of stage {i}, only of {sorted(self.functions)}")
        return self.functions[i]

    def learn(self, stages: Sequence[Stage], h: Sequence[NDArray]) -> None:
        """Fixed inverses learn nothing.

        Parameters
        ----------
        stages : sequence of Stage
            The stages of the network.
        h : sequence of ndarray
            What they made of a batch: h_0, the input, to h_M.
        """


class Decoder:
    """A stage that runs downwards: g(h) = s(h V + c).

    Parameters
    ----------
    stage : Stage
        Its layers, in the order in which it applies them.

    Raises
    ------
    Diverged
        When called, if its answer is not finite.
    """

    def __init__(self, stage: Stage):
        self.stage = stage

    def __call__(self, h: NDArray) -> NDArray:
        below = run(self.stage, h)
        if not np.isfinite(below).all():
            raise Diverged("a decoder's answer is not finite: the inverses have diverged; lower their learning rate")
        return below


class DenoisingDecoders(Inverses):
    """Decoders that learn to undo their stages near the activities they meet.

    Each lowers ||g_i(f_i(h + e)) - (h + e)||^2 / 2, averaged over the batch, where h is the activity
    of the stage below and e is Gaussian noise. Without the noise it would only learn to return
    to where the activity already was; with it, it learns which way to go. One draw of e serves all
    decoders: each minds its own loss alone, and does not know what noise another has had.

    Parameters
    ----------
    decoders : mapping of int to Decoder
    optimizer : Optimizer
        Of the decoders alone.
    noise : float
        Standard deviation of e, in the units of an activity.
    rng : numpy.random.Generator
        Source of the noise.

    Raises
    ------
    ValueError
        If the noise is not a finite standard deviation.
    """

    functions: Mapping[int, Decoder]

    def __init__(self, decoders: Mapping[int, Decoder], optimizer: Optimizer, noise: float, rng: np.random.Generator):
        super().__init__(decoders)
        check_not_negative("noise", noise)
        self.optimizer, self.noise, self.rng = optimizer, noise, rng
        self.layers = [layer for decoder in decoders.values() for layer in decoder.stage if layer.parameters]

    def learn(self, stages: Sequence[Stage], h: Sequence[NDArray]) -> None:
        """Make one step on each reconstruction loss. The stages' layers forget the batch they had seen.

        Parameters
        ----------
        stages : sequence of Stage
            The stages of the network.
        h : sequence of ndarray
            What they made of a batch: h_0, the input, to h_M.
        """
        widest = max((h[i - 1].shape[1] for i in self.functions), default=0)
        noise = self.noise * self.rng.standard_normal((len(h[0]), widest), dtype=h[-1].dtype)
        for i, decoder in self.functions.items():
            below = h[i - 1]
            noisy = below + noise[:, : below.shape[1]]
            local_gradients(decoder.stage, (decoder(run(stages[i - 1], noisy)) - noisy) / len(noisy))
        parameters = by_name(layer.parameters for layer in self.layers)
        self.optimizer.step(parameters, by_name(layer.gradients for layer in self.layers))


def denoising_decoders(
    network: Network, rng: np.random.Generator, optimizer: Optimizer, noise: float
) -> DenoisingDecoders:
    """Return decoders that will learn, starting from random orthogonal weights.

    Parameters
    ----------
    network : Network
        Gives the stages.
    rng : numpy.random.Generator
        Source of the first weights, and later of the noise.
    optimizer : Optimizer
        Of the decoders alone.
    noise : float
        Standard deviation of the noise, in the units of an activity.

    Returns
    -------
    DenoisingDecoders

    Raises
    ------
    ValueError
        If the noise is not a finite standard deviation.
    """
    check_not_negative("noise", noise)  # before anything is drawn
    return DenoisingDecoders(decoders(network, partial(orthogonal_like, rng)), optimizer, noise, rng)


def random_orthogonal(network: Network, rng: np.random.Generator) -> Inverses:
    """Return fixed decoders s(h Q), Q random with orthonormal rows or columns: inverses of no one in particular.

    Parameters
    ----------
    network : Network
        Gives the stages.
    rng : numpy.random.Generator
        Source of Q.

    Returns
    -------
    Inverses
    """
    return Inverses(decoders(network, partial(orthogonal_like, rng)))


def orthogonal_like(rng: np.random.Generator, forward: NDArray) -> NDArray:
    """Return random orthogonal weights for the way back through others.

    Parameters
    ----------
    rng : numpy.random.Generator
    forward : ndarray, shape (inputs, outputs)
        The weights of the stage; give shape and precision.

    Returns
    -------
    ndarray, shape (outputs, inputs)
    """
    return orthogonal(rng, *forward.T.shape).astype(forward.dtype)


def transposed(network: Network) -> Inverses:
    """Return decoders s(h W^T) that look at the weights of their stage at every call."""
    return Inverses(decoders(network, np.transpose))


def decoders(network: Network, weight: Callable[[NDArray], NDArray]) -> dict[int, Decoder]:
    """Return a decoder for each stage that needs one, with weights made from the stage's own.

    A decoder ends with the activation of the stage below, whose activities it is to return, and
    receives what its stage sends: if stages pass on signs, so does the decoder's input.

    Parameters
    ----------
    network : Network
        Gives the stages.
    weight : callable
        Makes the weights of a decoder, shape (outputs, inputs), from those of its stage, shape (inputs, outputs).

    Returns
    -------
    dict of int to Decoder
        By the number of the stage, counted from 1: 2, ..., M - 1.
    """
    stages = stages_of(network)
    result = {}
    for i in range(2, len(stages)):
        forward = next(layer for layer in stages[i - 1] if layer.parameters)
        V = weight(forward.parameters["W"])
        before = deepcopy(stages[i - 1][: stages[i - 1].index(forward)])
        result[i] = Decoder([*before, Affine(V, np.zeros(V.shape[1], V.dtype)), deepcopy(stages[i - 2][-1])])
    return result
