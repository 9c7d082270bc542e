"""Losses: how wrong an output is, and the gradient of that with respect to the output."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas

from helpers.activations import HALF, ONE, sigmoid, softplus

#: A loss takes outputs and targets; it returns its value and its gradient by the outputs.
Loss = Callable[[NDArray, NDArray], tuple[float, NDArray]]

#: Routines of BLAS for an array of either precision, by the character of its type: the sum of its absolute
#: values, and the place of the largest of them. Each is one call, without a temporary array.
ABSOLUTE_SUM = {"f": blas.sasum, "d": blas.dasum}
LARGEST = {"f": blas.isamax, "d": blas.idamax}

#: Numbers in a sum beyond which the rounding of BLAS, which adds one by one, is no longer negligible in float32.
LONG = 2**14


def absolute_sum(x: NDArray) -> float:
    """Sum of the absolute values of an array of any shape, in its own precision: rough where it is `LONG`."""
    routine = ABSOLUTE_SUM.get(x.dtype.char) if x.size else None
    return routine(x.ravel()) if routine else float(np.abs(x).sum(dtype=float))


def largest_absolute(x: NDArray) -> float:
    """Largest absolute value in an array of any shape that holds no NaN."""
    flat = x.ravel()
    routine = LARGEST.get(x.dtype.char)
    return abs(flat.item(routine(flat))) if routine else float(np.abs(flat).max())


def log_sum_exp(x: NDArray) -> NDArray:
    """Logarithm of the sum of exponentials along the last axis, without overflow.

    Parameters
    ----------
    x : ndarray, shape (..., classes)

    Returns
    -------
    ndarray, shape (..., 1)
    """
    # The same as x.max(axis=-1, keepdims=True).
    # In column order, numpy finds the maxima of short rows faster.
    largest = np.array(x, order="F").max(axis=-1, keepdims=True)
    return largest + np.log(np.exp(x - largest).sum(axis=-1, keepdims=True))


def surprise(logits: NDArray, targets: NDArray) -> NDArray:
    """Cross-entropy of each sigmoid output, from its logit a: no logarithm of 0 can occur.

    With y = sigmoid(a), -t log y - (1 - t) log(1 - y) = softplus(a) - t a.

    Parameters
    ----------
    logits : ndarray, any shape
    targets : ndarray, a shape that broadcasts with the logits
        Class 1 or 0, or the probability of class 1.

    Returns
    -------
    ndarray
        In nats, one for each output.
    """
    return softplus(logits) - targets * np.asarray(logits)


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
    gradient : ndarray, shape (n, classes)
        (softmax(logits) - t) / n.

    Raises
    ------
    ValueError
        For an empty batch, shapes that do not fit, labels out of range, or target rows
        that are not probabilities.
    """
    logits, labels = np.asarray(logits), np.asarray(labels)
    check_labels(logits, labels)
    n = len(logits)
    log_probability = logits - log_sum_exp(logits)
    gradient = np.exp(log_probability)
    if labels.ndim == 1:
        picked = np.arange(n), labels
        value = -log_probability[picked].sum() / n
        gradient[picked] -= 1
    else:
        value = -(labels * log_probability).sum() / n
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
        outputs, averaged over the samples. It is computed as the equal sum of
        |a|/2 - a (t - 1/2) - log(1 + |tanh(a/2)|) + log 2, in which nothing can overflow, and of
        more than `LONG` outputs from `surprise`, added up in float64.
    gradient : ndarray, same shape
        (sigmoid(logits) - targets) / n.

    Raises
    ------
    ValueError
        For an empty batch, shapes that differ, or targets that are, by more than rounding, outside
        the range from 0 to 1.
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    check_same_shape(logits, targets)
    centred = targets - HALF
    if not largest_absolute(centred) <= 0.5:
        check_shares(targets)
    half = HALF * logits
    gradient = np.tanh(half)
    if logits.size > LONG:
        value = float(surprise(logits, targets).sum(dtype=float))
    else:
        sizes = absolute_sum(half) - absolute_sum(np.log1p(np.abs(gradient)))
        value = sizes - 2 * float(half.ravel().dot(centred.ravel())) + logits.size * math.log(2)
    if math.isnan(value):
        check_shares(targets)
    gradient *= HALF
    gradient -= centred
    gradient /= len(logits)
    return value / len(logits), gradient


def squared_error(outputs: NDArray, targets: NDArray) -> tuple[float, NDArray]:
    """Half the squared distance between outputs and targets, and its gradient.

    Parameters
    ----------
    outputs, targets : ndarray, shape (n, outputs) or (n,)

    Returns
    -------
    value : float
        1/n sum_k 1/2 ||y_k - t_k||^2: summed over the outputs, averaged over the samples.
    gradient : ndarray, shape of outputs
        (outputs - targets) / n.

    Raises
    ------
    ValueError
        For an empty batch or shapes that differ.
    """
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    check_same_shape(outputs, targets)
    error = outputs - targets
    value = 0.5 * np.vdot(error, error) / len(outputs)
    error /= len(outputs)
    return float(value), error


def sigmoid_squared_error(logits: NDArray, targets: NDArray) -> tuple[float, NDArray]:
    """Half the squared distance between sigmoid(logits) and targets, and its gradient by the logits.

    Parameters
    ----------
    logits, targets : ndarray, shape (n, outputs) or (n,)

    Returns
    -------
    value : float
        `squared_error` of y = sigmoid(logits).
    gradient : ndarray, shape of logits
        (y - targets) y (1 - y) / n: nearly zero where an output is sure, right or wrong.

    Raises
    ------
    ValueError
        For an empty batch or shapes that differ.
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    check_same_shape(logits, targets)
    y = sigmoid(logits)
    value, gradient = squared_error(y, targets)
    gradient *= y * (ONE - y)
    return value, gradient


def check_same_shape(outputs: NDArray, targets: NDArray) -> None:
    """Raise a ValueError unless there is one target for each output of a batch of floats."""
    if outputs.shape != targets.shape or outputs.ndim == 0 or outputs.size == 0:
        raise ValueError(
            f"need a batch of outputs and targets of the same shape, got {outputs.shape} and {targets.shape}"
        )
    if outputs.dtype.kind != "f":
        raise ValueError(f"outputs must be floats, got {outputs.dtype}")


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
