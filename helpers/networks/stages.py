"""A network as a chain of stages, h_i = f_i(h_{i-1}), for rules that treat every layer by itself.

A stage has one affine layer: alone in the last stage, followed by its activation in the others.
A layer without parameters that stands before the affine layer, such as one that passes on signs
only, belongs to the stage that receives it.
"""

from collections.abc import Sequence

from numpy.typing import NDArray

from helpers.networks.layers import Layer, check_finite
from helpers.networks.network import Network

#: The layers that lead from one activity to the next.
Stage = list[Layer]


def stages_of(network: Network) -> list[Stage]:
    """Cut a network into stages, each ending with the activation right after its affine layer.

    Raises
    ------
    ValueError
        If the network does not end with a layer that has parameters: there are no logits then; or if
        two such layers follow each other with no activation between them.
    """
    result: list[Stage] = [[]]
    for layer in network.layers:
        result[-1].append(layer)
        if not layer.parameters and any(each.parameters for each in result[-1]):
            result.append([])
    if any(sum(bool(layer.parameters) for layer in stage) > 1 for stage in result):
        raise ValueError("two layers with parameters follow each other: put an activation between them")
    if not result[-1] or not result[-1][-1].parameters:
        raise ValueError("the last layer of the network must be an affine one, which gives the logits")
    return result


def run(stage: Stage, h: NDArray) -> NDArray:
    """Return f_i(h); the layers remember what a local update will need.

    Parameters
    ----------
    stage : list of Layer
    h : ndarray, shape (n, units below)

    Returns
    -------
    ndarray, shape (n, units)
    """
    for layer in stage:
        h = layer.forward(h)
    return h


def activities(stages: Sequence[Stage], x: NDArray) -> list[NDArray]:
    """Return the input, the hidden activities and the logits: h_0, h_1, ..., h_M.

    Parameters
    ----------
    stages : sequence of Stage
        From `stages_of`.
    x : ndarray, shape (n, inputs)

    Returns
    -------
    list of ndarray
        One more than there are stages.

    Raises
    ------
    ValueError
        If the input is not finite.
    """
    check_finite(x)
    h = [x]
    for stage in stages:
        h.append(run(stage, h[-1]))
    return h


def pull_back(stage: Stage, upstream: NDArray) -> NDArray:
    """Return the gradient of the loss by a stage's input, from that by its output; keep the parameters' ones.

    Parameters
    ----------
    stage : list of Layer
        After `run`.
    upstream : ndarray, shape (n, units)
        The loss differentiated by the stage's output.

    Returns
    -------
    ndarray, shape (n, units below)
        The loss differentiated by the stage's input.
    """
    for layer in reversed(stage):
        upstream = layer.backward(upstream)
    return upstream


def local_gradients(stage: Stage, upstream: NDArray) -> NDArray:
    """Keep the gradients of a stage's parameters, from the gradient by its output.

    Parameters
    ----------
    stage : list of Layer
        After `run`.
    upstream : ndarray, shape (n, units)
        The loss differentiated by the stage's output.

    Returns
    -------
    ndarray
        The gradient by the output of the affine layer: the delta of this stage, which goes no further.

    Raises
    ------
    ValueError
        If no layer of the stage has parameters.
    """
    for layer in reversed(stage):
        if layer.parameters:
            layer.backward_to_parameters(upstream)  # type: ignore[attr-defined]  # what has parameters has it
            return upstream
        upstream = layer.backward(upstream)
    raise ValueError("a stage needs a layer with parameters")
