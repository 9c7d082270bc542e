"""What a learning rule needs to be told, found out by taking it away.

Each probe runs a rule on the same network and the same batch, made anew each time, spoils something once the last loss
is known, and looks which updates come out otherwise. So nobody has to be believed: not a paper, and not a name.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from helpers.networks.excitatory_inhibitory import kinds_like
from helpers.networks.network import Network, Rule, Update
from helpers.networks.stages import stages_of

#: Returns a new rule and its network.
Make = Callable[[], tuple[Rule, Network]]

#: Does something to a network as soon as a rule has asked for its last loss.
Spoil = Callable[[Network], None]

#: Two updates are the same if they differ by less than this share of the larger one: float64, and no chaos.
ROUNDING = 1e-9


class Probe:
    """A rule under test on one batch.

    Parameters
    ----------
    make : callable
        Returns a new rule and its network, the same each time. (Copies would not do: they tear apart what shares
        memory, such as feedback that is only another name for the weights.)
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Attributes
    ----------
    asked : int
        How often the rule asks for a loss.
    layers : int
        Layers of the network that have parameters.
    plain : Update
        What it makes of the batch if nothing is spoiled.
    """

    def __init__(self, make: Make, x: NDArray, targets: NDArray):
        self.make, self.x, self.targets = make, x, targets
        self.asked, self.layers = 0, len(make()[1].trainable)
        self.plain = self._run(self._count)

    def _count(self, network: Network) -> None:
        self.asked += 1

    def _run(self, after_each_loss: Spoil) -> Update:
        rule, network = self.make()
        forward = network.loss_layer.forward

        def watched(outputs: NDArray, targets: NDArray) -> float:
            loss = forward(outputs, targets)
            after_each_loss(network)
            return loss

        network.loss_layer.forward = watched  # type: ignore[method-assign]  # of this one alone
        return rule(network, self.x, self.targets)

    def spoiled(self, spoil: Spoil) -> Update:
        """Return what the rule makes of the batch if something is spoiled as soon as its last loss is known.

        Parameters
        ----------
        spoil : callable
            Takes the network.

        Returns
        -------
        Update
        """
        left = self.asked

        def at_the_last(network: Network) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                spoil(network)

        return self._run(at_the_last)

    def changed(self, spoil: Spoil) -> set[str]:
        """Return the names of the arrays whose update is another one if something is spoiled."""
        return differing(self.plain, self.spoiled(spoil))

    def weights_read(self) -> list[int]:
        """Return the layers whose weights the rule reads after its last forward pass, and so transports, from 1."""

        def destroy(number: int) -> Spoil:
            def spoil(network: Network) -> None:
                W = network.parameters[f"W{number}"]
                W[...] = np.random.default_rng(0).standard_normal(W.shape)

            return spoil

        return [i for i in range(1, self.layers + 1) if self.changed(destroy(i))]

    def slopes_passed(self) -> list[int]:
        """Return the hidden layers that change an update further down when they forget what they answered."""

        def forget(number: int) -> Spoil:
            return lambda network: overwrite(stages_of(network)[number - 1][-1], 0.0)

        return [i for i in range(2, self.layers) if any(int(name[1:]) < i for name in self.changed(forget(i)))]

    def linear_in_the_error(self) -> bool:
        """Return whether every update turns round when the error does; False, too, if the rule does not look at it."""
        turned = self.spoiled(lambda network: overwrite(network.loss_layer, -1.0))
        opposite = Update(self.plain.loss, {name: -array for name, array in self.plain.arrays.items()})
        return not differing(opposite, turned)

    def told_a_score_only(self) -> bool:
        """Return whether the rule is content with the loss, and does not look which way it falls."""
        return not self.changed(lambda network: overwrite(network.loss_layer, 0.0))

    def moves_the_first_layer(self) -> bool:
        """Return whether the first layer of weights is moved: below cells that say 0 or 1, few rules do."""
        return bool(self.plain.arrays["W1"].any())

    def forward_passes(self) -> int:
        """Return how often the rule sends the batch through the network, from its input."""
        passes = 0
        rule, network = self.make()
        forward = network.layers[0].forward

        def counted(h: NDArray) -> NDArray:
            nonlocal passes
            passes += 1
            return forward(h)

        network.layers[0].forward = counted  # type: ignore[assignment]  # of this one alone
        rule(network, self.x, self.targets)
        return passes

    def numbers_for_each_cell(self) -> bool:
        """Return whether a cell needs no more than one number a sample beside what its synapses carry.

        Then the update of the first layer for one sample is an outer product: what each synapse carries, times one
        number for each cell.
        """
        rule, network = self.make()
        W = rule(network, self.x[:1], self.targets[:1]).arrays["W1"]
        return bool(np.linalg.matrix_rank(W, tol=1e-6 * np.abs(W).max()) <= 1)


def differing(one: Update, other: Update) -> set[str]:
    """Return the names of the arrays in which two updates differ.

    Parameters
    ----------
    one, other : Update
        For the same network.

    Returns
    -------
    set of str
        Those in which they differ by more than `ROUNDING`, as a share of the larger entry.
    """
    return {
        name
        for name, array in one.arrays.items()
        if np.abs(array - other.arrays[name]).max()
        > ROUNDING * max(np.abs(array).max(), np.abs(other.arrays[name]).max())
    }


def forbidden_signs(network: Network) -> float:
    """Return the share of the weights between cells whose sign is not that which the kinds of the cells ask for.

    Parameters
    ----------
    network : Network
        Of excitatory and inhibitory cells.

    Returns
    -------
    float
        From 0 to 1; the weights of the inputs may have either sign, and do not count.
    """
    between = [layer.parameters["W"] for layer in network.trainable[1:]]
    kinds = [kinds_like(W.T) for W in between]
    asked = [np.outer(own, after) for own, after in zip(kinds[:-1], kinds[1:], strict=True)] + [kinds[-1][:, None]]
    wrong = sum(int((W * sign < 0).sum()) for W, sign in zip(between, asked, strict=True))
    return wrong / sum(W.size for W in between)


def overwrite(layer: object, factor: float) -> None:
    """Multiply every array that a layer remembers by a factor.

    Parameters
    ----------
    layer : Layer or loss layer
        Changed in place.
    factor : float
        0 to forget, -1 to turn round.
    """
    for name, value in vars(layer).items():
        if isinstance(value, np.ndarray):
            setattr(layer, name, value * value.dtype.type(factor))
