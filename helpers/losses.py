"""Losses: how wrong an output is, and the gradient of that with respect to the output."""

import numpy as np
from numpy.typing import NDArray

from helpers.activations import sigmoid, softplus


def log_sum_exp(x: NDArray) -> NDArray:
    """Logarithm of the sum of exponentials along the last axis, without overflow.

    Parameters
    ----------
    x : ndarray, shape (..., classes)

    Returns
    -------
    ndarray, shape (..., 1)
    """
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


def binary_cross_entropy(logits: NDArray, targets: NDArray) -> tuple[float, NDArray]:
    """Mean cross-entropy of sigmoid(logits) against the targets, and its gradient.

    Parameters
    ----------
    logits : ndarray, shape (n,) or (n, outputs)
        The first axis counts samples; the outputs of one sample add up.
    targets : ndarray, shape of the logits
        Class 1 or 0, or the probability of class 1.

    Returns
    -------
    value : float
        -1/n sum_s [t_s log y_s + (1 - t_s) log(1 - y_s)], in nats, from the logits (see `surprise`).
    gradient : ndarray, shape of the logits
        (sigmoid(logits) - t) / n.

    Raises
    ------
    ValueError
        For an empty batch, shapes that differ, or targets outside 0 to 1.
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.ndim == 0 or logits.size == 0:
        raise ValueError(f"logits must have shape (n,) or (n, outputs) with n >= 1, got {logits.shape}")
    if targets.shape != logits.shape:
        raise ValueError(f"targets must have the shape of the logits, {logits.shape}, got {targets.shape}")
    if not np.all((targets >= 0) & (targets <= 1)):
        raise ValueError("targets must be probabilities, from 0 to 1")
    n = len(logits)
    return float(surprise(logits, targets).sum() / n), (sigmoid(logits) - targets) / n


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
