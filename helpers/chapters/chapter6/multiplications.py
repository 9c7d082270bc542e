"""How many multiplications the matrix products of an update take, by rule: worked out on paper.

A layer from a units to b units takes n a b of them for a batch of n: once to go forward, once for the update of its
weights, and once to send something down. What is done entry by entry (slopes, noise, nudges) is of a lower order in
the batch or in the width, and is not counted.
"""

from collections.abc import Callable, Sequence

from helpers.networks.arguments import check_count


def products(sizes: Sequence[int]) -> list[int]:
    """Return the number of weights of each layer of a network with these numbers of units, inputs first.

    Raises
    ------
    ValueError
        If a size is no whole number of at least 1.
    """
    for units in sizes:
        check_count("each of sizes", units)
    return [a * b for a, b in zip(sizes, sizes[1:], strict=False)]


def _backpropagation(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and back through every layer but the first: nobody asks for the gradient of the inputs."""
    weights = products(sizes)
    return batch * (3 * sum(weights) - weights[0])


def _direct_feedback_alignment(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and the output's error through a matrix of its own to each hidden layer."""
    return batch * (2 * sum(products(sizes)) + sizes[-1] * sum(sizes[1:-1]))


def _error_diffusion(sizes: Sequence[int], batch: int) -> int:
    """Forward and update: nothing goes back."""
    return batch * 2 * sum(products(sizes))


def _weight_perturbation(sizes: Sequence[int], batch: int) -> int:
    """Forward twice; the update is a number times the nudge."""
    return batch * 2 * sum(products(sizes))


def _node_perturbation(sizes: Sequence[int], batch: int) -> int:
    """Forward twice, and update."""
    return batch * 3 * sum(products(sizes))


def _target_propagation(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and back through the last layer; each decoder runs once, and takes three products to learn.

    To learn it needs its stage's answer to noisy activities, its own answer, and its update.
    """
    weights = products(sizes)
    return batch * (2 * sum(weights) + weights[-1] + 4 * sum(weights[1:-1]))


def _difference_target_propagation(sizes: Sequence[int], batch: int) -> int:
    """As target propagation, but each decoder runs twice: at the target and at the activity."""
    return _target_propagation(sizes, batch) + batch * sum(products(sizes)[1:-1])


def upper_two_layers(sizes: Sequence[int], batch: int) -> int:
    """Return the multiplications of the control whose two upper layers alone learn, by backpropagation.

    Forward through all layers; back through the last; an update of two. With one hidden layer that is all.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of units, inputs first.
    batch : int
        Samples.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a number is no whole one of at least 1.
    """
    check_count("batch", batch)
    weights = products(sizes)
    return batch * (sum(weights) + sum(weights[-2:]) + weights[-1])


#: By the name of the rule. Feedback alignment takes other weights down than backpropagation, as many of them.
MULTIPLICATIONS: dict[str, Callable[[Sequence[int], int], int]] = {
    "backpropagation": _backpropagation,
    "difference_target_propagation": _difference_target_propagation,
    "direct_feedback_alignment": _direct_feedback_alignment,
    "error_diffusion": _error_diffusion,
    "feedback_alignment": _backpropagation,
    "node_perturbation": _node_perturbation,
    "target_propagation": _target_propagation,
    "weight_perturbation": _weight_perturbation,
}
