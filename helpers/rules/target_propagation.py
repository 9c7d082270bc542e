"""Target propagation: every layer gets a target to reach instead of a gradient.

A network is cut into stages h_i = f_i(h_{i-1}) (see `helpers.networks.stages`). The loss sets a target
for the last hidden activity, and an approximate inverse g_i of each stage carries it down.
Target propagation (TP) takes g_i(target) as it is; difference target propagation (DTP) takes
away what the inverse gets wrong at the activity itself. Every stage then moves towards its
own target, and its update asks no other stage for anything.

References
----------
.. [1] D.-H. Lee, S. Zhang, A. Fischer and Y. Bengio, Difference Target Propagation,
   ECML PKDD 2015, algorithm 1. doi:10.1007/978-3-319-23528-8_31.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.networks.arguments import check_positive
from helpers.networks.network import Network, Update
from helpers.networks.stages import activities, local_gradients, pull_back, stages_of
from helpers.rules.inverses import Inverse, Inverses, denoising_decoders
from helpers.training.optimizers import Adam


class TargetPropagation:
    """Target propagation as a learning rule, for `helpers.training.loop.fit`.

    Parameters
    ----------
    inverses : Inverses
        An approximate inverse of each stage but the first, which needs none, and the last,
        whose target comes from the loss.
    target_rate : float
        Length of the step from the last hidden activity to its target, as a multiple of the
        gradient of each sample's loss there.

    Raises
    ------
    ValueError
        If the target rate is not positive and finite.
    """

    def __init__(self, inverses: Inverses, target_rate: float = 0.5):
        check_positive("target_rate", target_rate)
        self.inverses, self.target_rate = inverses, target_rate

    def __call__(self, network: Network, x: NDArray, labels: NDArray) -> Update:
        """Return the loss of a batch and an update for each parameter array; the inverses learn, too.

        The last stage follows the gradient of the loss. Every other stage follows that of
        L_i = ||h_i - target_i||^2 / (2 target_rate), averaged over the batch: divided so, the
        update of the last hidden stage is the gradient itself.
        """
        stages = stages_of(network)
        h = activities(stages, x)
        loss = network.loss_of(h[-1], labels)
        gradient = pull_back(stages[-1], network.loss_layer.backward())
        targets = self.targets(h, h[-2] - self.target_rate * len(x) * gradient)
        for stage, activity, target in zip(stages, h[1:], targets, strict=False):
            local_gradients(stage, (activity - target) / (self.target_rate * len(x)))
        update = Update(loss, network.gradients_kept)
        self.inverses.learn(stages, h)
        return update

    def targets(self, h: Sequence[NDArray], top: NDArray) -> list[NDArray]:
        """Return the targets of h_1 to h_{M-1}.

        Parameters
        ----------
        h : sequence of ndarray
            The input, the hidden activities and the logits: h_0 to h_M.
        top : ndarray
            Target of the last hidden activity, h_{M-1}.

        Returns
        -------
        list of ndarray
            Each in the shape of its activity, from the bottom up; the last one is `top`.
        """
        targets = [top]
        for i in range(len(h) - 2, 1, -1):
            targets.insert(0, self.below(self.inverses[i], h[i - 1], h[i], targets[0]))
        return targets

    def below(self, inverse: Inverse, h_below: NDArray, h: NDArray, target: NDArray) -> NDArray:
        """Return the target of the stage below: what the inverse makes of this stage's target.

        Parameters
        ----------
        inverse : Inverse
            From the activity of this stage to that of the stage below.
        h_below : ndarray, shape (n, units below)
            Activity of the stage below; a subclass may need it.
        h : ndarray, shape (n, units)
            Activity of this stage; a subclass may need it.
        target : ndarray, shape (n, units)
            Target of this stage.

        Returns
        -------
        ndarray, shape (n, units below)
        """
        return inverse(target)


def make_rule(network: Network, rng: np.random.Generator) -> TargetPropagation:
    """Return target propagation with decoders that learn by Adam from activities with noise of .3.

    Parameters
    ----------
    network : Network
        What it is to train; gives the shapes.
    rng : numpy.random.Generator
        Source of the decoders' first weights, and of the noise.

    Returns
    -------
    TargetPropagation
    """
    return TargetPropagation(denoising_decoders(network, rng, Adam(2e-3), noise=0.3))
