"""How many multiplications the matrix products of an update take, by rule: worked out on paper.

A layer from a units to b units takes n a b of them for a batch of n: once to go forward, once for the update of its
weights, and once to send something down. What is done entry by entry (slopes, noise, nudges) is of a lower order in
the batch or in the width, and is not counted.
"""

from collections.abc import Callable, Sequence


def products(sizes: Sequence[int]) -> list[int]:
    """Return the number of weights of each layer of a network with these numbers of units, inputs first."""
    return [a * b for a, b in zip(sizes, sizes[1:], strict=False)]


def backpropagation(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and back through every layer but the first: nobody asks for the gradient of the inputs."""
    weights = products(sizes)
    return batch * (3 * sum(weights) - weights[0])


def direct_feedback_alignment(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and the output's error through a matrix of its own to each hidden layer."""
    return batch * (2 * sum(products(sizes)) + sizes[-1] * sum(sizes[1:-1]))


def error_diffusion(sizes: Sequence[int], batch: int) -> int:
    """Forward and update: nothing goes back."""
    return batch * 2 * sum(products(sizes))


def weight_perturbation(sizes: Sequence[int], batch: int) -> int:
    """Forward twice; the update is a number times the nudge."""
    return batch * 2 * sum(products(sizes))


def node_perturbation(sizes: Sequence[int], batch: int) -> int:
    """Forward twice, and update."""
    return batch * 3 * sum(products(sizes))


def target_propagation(sizes: Sequence[int], batch: int) -> int:
    """Forward, update, and back through the last layer; each decoder runs once, and takes three products to learn.

    To learn it needs its stage's answer to noisy activities, its own answer, and its update.
    """
    weights = products(sizes)
    return batch * (2 * sum(weights) + weights[-1] + 4 * sum(weights[1:-1]))


def difference_target_propagation(sizes: Sequence[int], batch: int) -> int:
    """As target propagation, but each decoder runs twice: at the target and at the activity."""
    return target_propagation(sizes, batch) + batch * sum(products(sizes)[1:-1])


#: By the name of the rule. Feedback alignment takes other weights down than backpropagation, as many of them.
MULTIPLICATIONS: dict[str, Callable[[Sequence[int], int], int]] = {
    "backpropagation": backpropagation,
    "difference_target_propagation": difference_target_propagation,
    "direct_feedback_alignment": direct_feedback_alignment,
    "error_diffusion": error_diffusion,
    "feedback_alignment": backpropagation,
    "node_perturbation": node_perturbation,
    "target_propagation": target_propagation,
    "weight_perturbation": weight_perturbation,
}
