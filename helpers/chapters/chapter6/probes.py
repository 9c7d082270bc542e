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


def spoiled(make: Make, x: NDArray, targets: NDArray, spoil: Spoil | None = None) -> Update:
    """Return what a rule makes of a batch if something is spoiled as soon as its last loss is known.

    Parameters
    ----------
    make : callable
        Returns a new rule and its network, the same each time. (Copies would not do: they tear apart what shares
        memory, such as feedback that is only another name for the weights.)
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.
    spoil : callable, optional
        Takes the copy of the network; None spoils nothing.

    Returns
    -------
    Update
    """
    asked = 0

    def run(last: int) -> Update:
        nonlocal asked
        asked = 0
        rule, network = make()
        forward = network.loss_layer.forward

        def watched(outputs: NDArray, targets: NDArray) -> float:
            nonlocal asked
            asked += 1
            loss = forward(outputs, targets)
            if asked == last and spoil:
                spoil(network)
            return loss

        network.loss_layer.forward = watched  # type: ignore[method-assign]  # of this one alone
        return rule(network, x, targets)

    plain = run(last=0)
    return run(last=asked) if spoil else plain


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


def weights_read(make: Make, x: NDArray, targets: NDArray) -> list[int]:
    """Return the layers whose weights a rule reads after its last forward pass: the weights that it transports.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    list of int
        Numbers of the layers with parameters, counted from 1: those whose weights, replaced by others, change an
        update.
    """

    def destroy(number: int) -> Spoil:
        def spoil(network: Network) -> None:
            W = network.parameters[f"W{number}"]
            W[...] = np.random.default_rng(0).standard_normal(W.shape)

        return spoil

    plain = spoiled(make, x, targets)
    numbers = range(1, len(make()[1].trainable) + 1)
    return [i for i in numbers if differing(plain, spoiled(make, x, targets, destroy(i)))]


def slopes_passed(make: Make, x: NDArray, targets: NDArray) -> list[int]:
    """Return the hidden layers whose slopes the credit of a lower layer passes.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    list of int
        Numbers of the hidden layers, counted from 1, that change an update further down when they forget what they
        answered.
    """

    def forget(number: int) -> Spoil:
        return lambda network: overwrite(stages_of(network)[number - 1][-1], 0.0)

    plain = spoiled(make, x, targets)
    passed = []
    for i in range(2, len(make()[1].trainable)):
        changed = differing(plain, spoiled(make, x, targets, forget(i)))
        if any(int(name[1:]) < i for name in changed):
            passed.append(i)
    return passed


def linear_in_the_error(make: Make, x: NDArray, targets: NDArray) -> bool:
    """Return whether every update turns round when the error does.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    bool
        False, too, for a rule that does not look at the error.
    """
    plain = spoiled(make, x, targets)
    turned = spoiled(make, x, targets, lambda network: overwrite(network.loss_layer, -1.0))
    opposite = Update(plain.loss, {name: -array for name, array in plain.arrays.items()})
    return not differing(opposite, turned)


def told_a_score_only(make: Make, x: NDArray, targets: NDArray) -> bool:
    """Return whether a rule is content with the loss, and does not look which way it falls.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    bool
    """
    plain = spoiled(make, x, targets)
    return not differing(plain, spoiled(make, x, targets, lambda network: overwrite(network.loss_layer, 0.0)))


def teaches_steps(make: Make, x: NDArray, targets: NDArray) -> bool:
    """Return whether the first layer of a network whose cells say 0 or 1 is moved.

    Parameters
    ----------
    make : callable
        As for `spoiled`; the network has hidden cells so steep that no slope is left.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    bool
    """
    return bool(spoiled(make, x, targets).arrays["W1"].any())


def forward_passes(make: Make, x: NDArray, targets: NDArray) -> int:
    """Return how often a rule sends a batch through the network, from its input.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    int
    """
    passes = 0
    rule, network = make()
    forward = network.layers[0].forward

    def counted(h: NDArray) -> NDArray:
        nonlocal passes
        passes += 1
        return forward(h)

    network.layers[0].forward = counted  # type: ignore[assignment]  # of this one alone
    rule(network, x, targets)
    return passes


def numbers_for_each_cell(make: Make, x: NDArray, targets: NDArray) -> bool:
    """Return whether a cell needs no more than one number a sample beside what its synapses carry.

    Then the update of a layer for one sample is an outer product: what each synapse carries, times one number for
    each cell.

    Parameters
    ----------
    make : callable
        As for `spoiled`.
    x : ndarray, shape (n, inputs)
    targets : ndarray
        One for each sample.

    Returns
    -------
    bool
    """
    W = spoiled(make, x[:1], targets[:1]).arrays["W1"]
    return bool(np.linalg.matrix_rank(W, tol=1e-6 * np.abs(W).max()) <= 1)


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
