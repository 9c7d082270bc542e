"""The network of the coordinate task, and what a physiologist would record from it.

A network here has one hidden layer of sigmoid units. Its first weights are those from the retina, the
others those from the eye: the logit of a hidden unit is a retinal part plus an eye part plus a bias.
"""

import math
from collections.abc import Collection
from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter3.coordinate_task import Task
from helpers.chapters.chapter3.gain_fields import Responses, planar_fit, record
from helpers.networks.activations import sigmoid
from helpers.networks.arguments import check_draw
from helpers.networks.floats import as_floats
from helpers.networks.layers import LossLayer, Sigmoid, check_finite
from helpers.networks.losses import Loss, binary_cross_entropy, check_same_shape
from helpers.networks.network import Network


def uniform_fan_in(rng: np.random.Generator, inputs: int, outputs: int) -> NDArray:
    """Draw weights of shape (inputs, outputs) uniformly from -1/sqrt(inputs) to 1/sqrt(inputs).

    The spread falls with the number of inputs, so that their weighted sum stays of order 1.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the draw.
    inputs, outputs : int
        Numbers of units below and above the weights.

    Returns
    -------
    ndarray of float64, shape (inputs, outputs)

    Raises
    ------
    TypeError, ValueError
        If rng is no generator, or a size no whole number of at least 1.
    """
    check_draw(rng, inputs=inputs, outputs=outputs)
    limit = 1 / math.sqrt(inputs)
    return rng.uniform(-limit, limit, (inputs, outputs))


def network_for(task: Task, hidden: int, rng: np.random.Generator, loss: Loss = binary_cross_entropy) -> Network:
    """Build an untrained network for a task: one hidden layer of sigmoid units, and logits for sigmoid outputs.

    Parameters
    ----------
    task : Task
        Says how many inputs and outputs there are.
    hidden : int
        Hidden units.
    rng : numpy.random.Generator
        Draws the weights.
    loss : Loss
        A function of logits and targets, as in `losses`.

    Returns
    -------
    Network
    """
    return Network.dense(
        [task.inputs, hidden, task.outputs],
        rng,
        activation=Sigmoid,
        initial=uniform_fan_in,
        loss_layer=LossLayer(loss),
    )


def summed_squared_error(network: Network, x: NDArray, t: NDArray) -> float:
    """Return the squared distance of outputs and targets, averaged over the samples.

    Parameters
    ----------
    network : Network
        Its outputs are the sigmoid of its logits.
    x : ndarray, shape (n, inputs)
    t : ndarray, shape (n, outputs)

    Returns
    -------
    float
        1/n sum_k ||y_k - t_k||^2.

    Raises
    ------
    ValueError
        If there is not one finite target for each output, or as `Network.predict` does.
    """
    y, t = sigmoid(network.predict(x)), as_floats(t)
    check_same_shape(y, t)
    check_finite(t)
    return float(((y - t) ** 2).sum() / len(x))


def hidden_activity(network: Network, task: Task, patterns: NDArray, eye: NDArray) -> NDArray:
    """Return the activities of the hidden units.

    Parameters
    ----------
    network : Network
        One hidden layer, as `network_for` builds it.
    task : Task
    patterns : ndarray, shape (n, retina)
        Activities of the retina, whatever is shown there.
    eye : ndarray, shape (n, 2)
        Eye positions in degrees.

    Returns
    -------
    ndarray, shape (n, hidden)
    """
    x = np.hstack([patterns, task.eye.encode(eye)]).astype(np.float32)
    return network.layers[1].forward(network.layers[0].forward(x))


def record_units(network: Network, task: Task, eye: NDArray) -> Responses:
    """Record every hidden unit at several eye positions, each with its best light.

    The best light is a spot at the centre from which the unit's weight is largest.

    Parameters
    ----------
    network : Network
        One hidden layer, as `network_for` builds it.
    task : Task
    eye : ndarray, shape (n, 2)
        Eye positions in degrees.

    Returns
    -------
    Responses
        Of shape (n, hidden).
    """
    weights = network.parameters["W1"][: task.retina.units]
    lights = task.retina.encode(task.retina.centres[weights.argmax(axis=0)])
    alone = [record(lambda p, e: hidden_activity(network, task, p, e), light, eye) for light in lights]
    total = [responses.total[:, unit] for unit, responses in enumerate(alone)]
    background = [responses.background[:, unit] for unit, responses in enumerate(alone)]
    return Responses(np.column_stack(total), np.column_stack(background))


def response_tables(network: Network, task: Task, eye: NDArray) -> Responses:
    """Return the responses to a light at each centre, at each eye position.

    Parameters
    ----------
    network : Network
        One hidden layer, as `network_for` builds it.
    task : Task
    eye : ndarray, shape (positions, 2)
        Eye positions in degrees.

    Returns
    -------
    Responses
        Of shape (hidden, places, positions): one table for each hidden unit. The background is the same
        for all places.
    """
    patterns = task.retina.encode(task.retina.centres)
    shown = [hidden_activity(network, task, patterns, np.tile(one, (len(patterns), 1))) for one in eye]
    total = np.stack(shown, axis=1).transpose(2, 0, 1)
    dark = hidden_activity(network, task, np.zeros((len(eye), task.retina.units)), eye)
    return Responses(total, np.tile(dark.T[:, np.newaxis], (1, len(patterns), 1)))


def with_large_weights(
    network: Network, model: Network, task: Task, parts: Collection[str] = ("retina", "eye")
) -> Network:
    """Return a copy whose hidden weights are as large as those of a model, and otherwise its own.

    The weights from the retina and those from the eye are each multiplied by one factor, which
    gives them the model's standard deviation. Biases and output weights stay, and so does a part
    that is not named.

    Parameters
    ----------
    network : Network
        The one that is copied.
    model : Network
        The one whose weights are the measure.
    task : Task
        Says which inputs come from the retina and which from the eye.
    parts : collection of str
        Which of "retina" and "eye" are made as large.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If the parts are named wrongly, the two networks do not fit the task, or all weights of a part are alike.
    """
    check_parts(network, model, task, parts)
    copy = deepcopy(network)
    own, large = copy.parameters["W1"], model.parameters["W1"]
    rows = {"retina": slice(task.retina.units), "eye": slice(task.retina.units, None)}
    for part in parts:
        own[rows[part]] *= large[rows[part]].std() / own[rows[part]].std()
    return copy


def slopes(network: Network, task: Task, eye: NDArray) -> tuple[NDArray, NDArray]:
    """Fit planes to the two parts of each hidden unit's logit, as functions of their positions.

    Parameters
    ----------
    network : Network
    task : Task
    eye : ndarray, shape (n, 2)
        Eye positions in degrees; the retinal ones are the centres of the retina's code.

    Returns
    -------
    retinal, eye : ndarray, shape (2, hidden)
        Slopes per degree, horizontal and vertical, of the retinal and of the eye part.
    """
    weights, centres = network.parameters["W1"], task.retina.centres
    from_retina = task.retina.encode(centres) @ weights[: task.retina.units]
    from_eye = task.eye.encode(eye) @ weights[task.retina.units :]
    return planar_fit(centres, from_retina).coefficients[1:], planar_fit(eye, from_eye).coefficients[1:]


def alignment(retinal: NDArray, eye: NDArray) -> NDArray:
    """Return the cosine of the angle between two slopes of each unit.

    Parameters
    ----------
    retinal, eye : ndarray, shape (2, hidden)
        Slopes of each unit, horizontal and vertical.

    Returns
    -------
    ndarray, shape (hidden,)
        From -1, opposite, to 1, the same direction.

    Raises
    ------
    ValueError
        If the slopes differ in shape, or one of them has no direction.
    """
    check_slopes(retinal, eye)
    retinal, eye = as_floats(retinal), as_floats(eye)
    lengths = np.linalg.norm(retinal, axis=0) * np.linalg.norm(eye, axis=0)
    return (retinal * eye).sum(axis=0) / lengths


def check_parts(network: Network, model: Network, task: Task, parts: Collection[str]) -> None:
    """Raise a ValueError unless both networks fit the task and the network's two parts can be made larger."""
    if isinstance(parts, str) or not set(parts) <= {"retina", "eye"}:
        raise ValueError(f"parts must be a collection of 'retina' and 'eye', got {parts!r}")
    own, large = network.parameters["W1"], model.parameters["W1"]
    if own.shape != large.shape or len(own) != task.inputs:
        raise ValueError(
            f"network and model need hidden weights of one shape, with the {task.inputs} inputs of the task, "
            f"got {own.shape} and {large.shape}"
        )
    for name, part in (("retina", own[: task.retina.units]), ("eye", own[task.retina.units :])):
        if part.std() == 0:
            raise ValueError(f"the weights from the {name} are all alike: no factor gives them another spread")


def check_slopes(retinal: NDArray, eye: NDArray) -> None:
    """Raise a ValueError unless each unit has two slopes with a direction."""
    if np.ndim(retinal) != 2 or len(retinal) != 2 or np.shape(retinal) != np.shape(eye):
        raise ValueError(f"need two arrays of slopes (2, hidden), got {np.shape(retinal)} and {np.shape(eye)}")
    for lengths in np.linalg.norm([retinal, eye], axis=1):
        bad = np.flatnonzero(~(np.isfinite(lengths) & (lengths > 0)))
        if len(bad):
            raise ValueError(f"unit {bad[0]} has a slope of length {lengths[bad[0]]}, which has no direction")
