"""Direct feedback alignment: the error of the output, sent to every layer at once through fixed random weights.

References
----------
.. [1] Arild Nøkland, Direct Feedback Alignment Provides Learning in Deep Neural Networks, NIPS 2016.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.networks.initialization import fan_in_normal
from helpers.networks.network import Network, Update
from helpers.networks.stages import local_gradients
from helpers.rules.feedback_alignment import check_depth, run_forward


class DirectFeedbackAlignment:
    """Direct feedback alignment as a learning rule, for `helpers.training.loop.fit`.

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
        classes = network.trainable[-1].parameters["W"].shape[1]
        self.feedback = [fan_in_normal(rng, classes, len(W)).astype(W.dtype) for W in weights]

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the loss of a batch and an update for each parameter array."""
        stages, loss, error = run_forward(network, x, labels)
        check_depth(stages, self.feedback)
        local_gradients(stages[-1], error)
        for stage, B in zip(stages[:-1], self.feedback, strict=True):
            local_gradients(stage, error @ B)
        return Update(loss, network.gradients_kept)


def make_rule(network: Network, rng: np.random.Generator) -> DirectFeedbackAlignment:
    """Return direct feedback alignment for a network, with feedback weights of its own.

    Parameters
    ----------
    network : Network
        What it is to train; gives the shapes.
    rng : numpy.random.Generator
        Source of the feedback weights.

    Returns
    -------
    DirectFeedbackAlignment
    """
    return DirectFeedbackAlignment(network, rng)
