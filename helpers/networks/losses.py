"""Losses: how wrong an output is, and the gradient of that with respect to the output."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from helpers.networks.activations import sigmoid
from helpers.networks.floats import as_floats

#: A loss takes outputs and targets; it returns its value and its gradient by the outputs.
Loss = Callable[[NDArray, NDArray], tuple[float, NDArray]]


def log_sum_exp(x: NDArray) -> NDArray:
    """Logarithm of the sum of exponentials along the last axis, without overflow.

    The largest exponential is taken out, log(e^m + r) = m + log(1 + r / e^m), so that what is small beside it
    is not rounded away.

    Parameters
    ----------
    x : ndarray, shape (..., classes)

    Returns
    -------
    ndarray, shape (..., 1)
    """
    x = np.sort(as_floats(x), axis=-1)
    largest = x[..., -1:]
    others = np.exp(x[..., :-1] - largest)
    return largest + np.log1p(others.sum(axis=-1, keepdims=True))


def sigmoid_cross_entropy(logits: NDArray, targets: NDArray) -> NDArray:
    """Cross-entropy of each sigmoid output, from its logit a: no logarithm of 0 can occur.

    With y = sigmoid(a), -t log y - (1 - t) log(1 - y) = log(1 + exp(a)) - t a. It is computed as the equal
    log(1 + exp(-|a|)) + |t - s| |a|, where s is 1 if a > 0 and 0 otherwise: the side that the logit is on. No term
    is negative, so nothing cancels, and the result is right to a few roundings and never negative.

    Parameters
    ----------
    logits : ndarray, any shape
        Finite.
    targets : ndarray, a shape that broadcasts with the logits
        Class 1 or 0, or the probability of class 1; taken in the precision of the logits. Not checked here.

    Returns
    -------
    ndarray
        In nats, one for each output.
    """
    logits = as_floats(logits)
    targets = np.asarray(targets, logits.dtype)
    missed = np.abs(targets - (logits > 0)) * np.abs(logits)
    return np.log1p(np.exp(-np.abs(logits))) + missed


def softmax_cross_entropy(logits: NDArray, labels: NDArray) -> tuple[float, NDArray]:
    """Mean cross-entropy of softmax(logits) against the labels, and its gradient.

    Parameters
    ----------
    logits : ndarray, shape (n, classes)
        Outputs of the last affine layer.
    labels : ndarray of int, shape (n,), or ndarray, shape (n, classes)
        Class numbers from 0 to classes - 1, or one row of target probabilities per sample
        (one-hot is the common case).

    Returns
    -------
    value : float
        -1/n sum_k sum_c t_kc log y_kc, in nats, computed from the logits by log-sum-exp.
        A target of 0 costs nothing, even at a logit of minus infinity.
    gradient : ndarray, shape (n, classes)
        (softmax(logits) - t) / n.

    Raises
    ------
    ValueError
        For an empty batch, shapes that do not fit, labels out of range, or target rows
        that are not probabilities.
    """
    logits, labels = as_floats(logits), np.asarray(labels)
    check_labels(logits, labels)
    n = len(logits)
    logits = logits - logits.max(axis=1, keepdims=True)
    cost = log_sum_exp(logits) - logits
    gradient = np.exp(-cost)
    if labels.ndim == 1:
        picked = np.arange(n), labels
        value = cost[picked].sum(dtype=float) / n
        gradient[picked] -= 1
    else:
        value = (labels * np.where(labels > 0, cost, 0)).sum(dtype=float) / n
        gradient -= labels
    gradient /= n
    return float(value), gradient


def binary_cross_entropy(logits: NDArray, targets: NDArray) -> tuple[float, NDArray]:
    """Cross-entropy of sigmoid(logits) against targets from 0 to 1, and its gradient.

    Parameters
    ----------
    logits : ndarray, shape (n, outputs) or (n,)
        What the last sigmoid would be given.
    targets : ndarray, same shape
        Between 0 and 1: probabilities, or rates as shares of their maximum.

    Returns
    -------
    value : float
        -1/n sum (t log y + (1 - t) log(1 - y)) with y = sigmoid(a), in nats: summed over the
        outputs, averaged over the samples, computed by `sigmoid_cross_entropy`.
    gradient : ndarray, same shape
        (sigmoid(logits) - targets) / n.

    Raises
    ------
    ValueError
        For an empty batch, shapes that differ, or targets outside the range from 0 to 1.
    """
    logits, targets = as_floats(logits), as_floats(targets)
    check_same_shape(logits, targets)
    check_shares(targets)
    value = sigmoid_cross_entropy(logits, targets).sum(dtype=float) / len(logits)
    gradient = sigmoid(logits)
    gradient -= targets
    gradient /= len(logits)
    return float(value), gradient


def sigmoid_squared_error(logits: NDArray, targets: NDArray) -> tuple[float, NDArray]:
    """Half the squared distance between sigmoid(logits) and targets, and its gradient by the logits.

    Parameters
    ----------
    logits, targets : ndarray, shape (n, outputs) or (n,)

    Returns
    -------
    value : float
        1/n sum_k 1/2 ||y_k - t_k||^2 with y = sigmoid(logits): summed over the outputs, averaged over the samples,
        in float64.
    gradient : ndarray, shape of logits
        (y - targets) y (1 - y) / n: nearly zero where an output is sure, right or wrong.

    Raises
    ------
    ValueError
        For an empty batch, shapes that differ, or targets outside the range from 0 to 1, where no output can be.
    """
    logits, targets = as_floats(logits), as_floats(targets)
    check_same_shape(logits, targets)
    check_shares(targets)
    # On its own side of 1/2, y is near 0 or near 1: how far from it is known to a few roundings.
    positive = logits > 0
    away = expit(-np.abs(logits))
    error = np.where(positive, (1 - targets) - away, away - targets)
    value = 0.5 * np.square(error, dtype=float).sum() / len(logits)
    error *= away * (1 - away)
    error /= len(logits)
    return float(value), error


def check_same_shape(outputs: NDArray, targets: NDArray) -> None:
    """Raise a ValueError unless there is one target for each output of a batch."""
    if outputs.shape != targets.shape or outputs.ndim == 0 or outputs.size == 0:
        raise ValueError(
            f"need a batch of outputs and targets of the same shape, got {outputs.shape} and {targets.shape}"
        )


def check_shares(targets: NDArray) -> None:
    """Raise a ValueError unless every target lies between 0 and 1."""
    if not (targets.min() >= 0 and targets.max() <= 1):
        raise ValueError(f"targets must lie between 0 and 1, got {targets.min()} to {targets.max()}")


def check_labels(logits: NDArray, labels: NDArray) -> None:
    """Raise a ValueError that says what is wrong if `labels` do not fit `logits`."""
    if logits.ndim != 2 or len(logits) == 0:
        raise ValueError(f"logits must have shape (n, classes) with n >= 1, got {logits.shape}")
    n, classes = logits.shape
    if labels.shape == (n,) and labels.dtype.kind in "iu":
        if labels.min() < 0 or labels.max() >= classes:
            raise ValueError(
                f"labels must be class numbers from 0 to {classes - 1}, "
                f"got values from {labels.min()} to {labels.max()}"
            )
    elif labels.shape == (n, classes):
        if not (np.all(labels >= 0) and np.allclose(labels.sum(axis=1), 1, atol=1e-6)):
            raise ValueError("each row of targets must be probabilities: no negative entry, sum 1")
    else:
        raise ValueError(
            f"labels must be integers of shape ({n},) or target rows of shape ({n}, {classes}), "
            f"got {labels.dtype} of shape {labels.shape}"
        )
