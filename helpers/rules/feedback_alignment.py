"""Feedback alignment: errors sent down through fixed random weights instead of the network's own.

Feedback alignment (FA) walks backward like backpropagation, but where that multiplies by
the transposed weights of a layer, FA multiplies by a random matrix that never changes.

References
----------
.. [1] T. P. Lillicrap, D. Cownden, D. B. Tweed and C. J. Akerman, Random synaptic feedback weights
   support error backpropagation for deep learning, Nature Communications 7, 2016.
   doi:10.1038/ncomms13276.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.networks.initialization import fan_in_normal
from helpers.networks.network import Network, Update
from helpers.networks.stages import Stage, activities, local_gradients, stages_of


class FeedbackAlignment:
    """Feedback alignment as a learning rule, for `helpers.training.loop.fit`.

    Parameters
    ----------
    network : Network
        Gives the shapes.
    rng : numpy.random.Generator
        Source of the feedback weights.

    Raises
    ------
    ValueError
        When called, if the network has another number of stages than the one it was made for.
    """

    def __init__(self, network: Network, rng: np.random.Generator):
        weights = [layer.parameters["W"] for layer in network.trainable[1:]]
        self.feedback = [fan_in_normal(rng, *W.T.shape).astype(W.dtype) for W in weights]

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the loss of a batch and an update for each parameter array."""
        stages, loss, error = run_forward(network, x, labels)
        check_depth(stages, self.feedback)
        delta = local_gradients(stages[-1], error)
        for stage, B in zip(reversed(stages[:-1]), reversed(self.feedback), strict=True):
            delta = local_gradients(stage, delta @ B)
        return Update(loss, network.gradients_kept)


def run_forward(network: Network, x: NDArray, labels: NDArray) -> tuple[list[Stage], float, NDArray]:
    """Return the stages of a network after a forward pass, the loss, and its gradient by the logits.

    Parameters
    ----------
    network : Network
    x : ndarray, shape (n, inputs)
    labels : ndarray of int, shape (n,), or ndarray, shape (n, outputs)
        Labels, or targets: what the loss layer asks for.

    Returns
    -------
    stages : list of Stage
    loss : float
    error : ndarray, shape (n, outputs)
        Gradient of the mean loss.
    """
    stages = stages_of(network)
    loss = network.loss_of(activities(stages, x)[-1], labels)
    return stages, loss, network.loss_layer.backward()


def check_depth(stages: Sequence[Stage], feedback: Sequence[NDArray]) -> None:
    """Raise a ValueError unless there are feedback weights for each stage but the last."""
    if len(feedback) != len(stages) - 1:
        raise ValueError(f"the feedback was drawn for {len(feedback) + 1} stages, the network has {len(stages)}")


def make_rule(network: Network, rng: np.random.Generator) -> FeedbackAlignment:
    """Return feedback alignment for a network, with feedback weights of its own.

    Parameters
    ----------
    network : Network
        What it is to train; gives the shapes.
    rng : numpy.random.Generator
        Source of the feedback weights.

    Returns
    -------
    FeedbackAlignment
    """
    return FeedbackAlignment(network, rng)
