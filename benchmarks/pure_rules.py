"""Every learning rule once more, as functions of arrays alone: no objects, no checks, nothing changed in place.

They share no code with the package. numpy runs them in float64, a fresh array for every result: the plain port
(`benchmarks.pure_training`). JAX compiles the same lines (`benchmarks.jax_training`): what a compiler needs is just
this, functions that change nothing. Each takes (net, parameters, x, t, own) and returns the loss, one array for each
parameter, and its own things as they are afterwards; what it draws has been drawn before, in ``own["nudges"]``.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

#: Of numpy or of JAX.
Array = Any
Parameters = dict[str, Array]
Result = tuple[Array, Parameters, dict[str, Any]]


class Net(NamedTuple):
    """What makes a stack of affine layers a network.

    Attributes
    ----------
    activation, slope : callable
        s(a), and s'(a) from the value s(a).
    losses : callable
        The loss of each sample, shape (n,), and its gradient by the logits, from logits and targets.
    threshold : float
        What every bias is multiplied by.
    """

    activation: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    losses: Callable[[Array, Array], tuple[Array, Array]]
    threshold: float = 1.0


def library(a: Array) -> Any:
    """Return the module whose functions take this array: numpy, or JAX's."""
    return a.__array_namespace__()


def relu(a: Array) -> Array:
    """Return max(a, 0)."""
    return library(a).maximum(a, 0)


def tanh(a: Array) -> Array:
    """Return tanh(a)."""
    return library(a).tanh(a)


def sigmoid(a: Array) -> Array:
    """Return 1 / (1 + exp(-a))."""
    return 1 / (1 + library(a).exp(-a))


def softmax_losses(logits: Array, t: Array) -> tuple[Array, Array]:
    """Return the cross-entropy of each sample against one-hot rows t, and its gradient softmax(logits) - t."""
    xp = library(logits)
    logits = logits - xp.max(logits, axis=1, keepdims=True)
    logarithms = logits - xp.log(xp.sum(xp.exp(logits), axis=1, keepdims=True))
    return -xp.sum(t * logarithms, axis=1), xp.exp(logarithms) - t


def sigmoid_losses(logits: Array, t: Array) -> tuple[Array, Array]:
    """Return the cross-entropy of each sample, summed over sigmoid outputs, and its gradient sigmoid(logits) - t."""
    xp = library(logits)
    losses = xp.log(1 + xp.exp(-xp.abs(logits))) + xp.maximum(logits, 0) - t * logits
    return xp.sum(losses, axis=1), sigmoid(logits) - t


RELU_NET = Net(relu, lambda y: y > 0, softmax_losses)
TANH_NET = Net(tanh, lambda y: 1 - y * y, softmax_losses)
SIGMOID_NET = Net(sigmoid, lambda y: y * (1 - y), sigmoid_losses)


def pairs(parameters: Parameters) -> list[tuple[Array, Array]]:
    """Return weights and biases of each layer, inputs first."""
    return [(parameters[f"W{i}"], parameters[f"b{i}"]) for i in range(1, len(parameters) // 2 + 1)]


def named(arrays: Sequence[tuple[Array, Array]]) -> Parameters:
    """Return the arrays of each layer by name: W1, b1, W2, ..."""
    return {f"{kind}{i}": array for i, pair in enumerate(arrays, 1) for kind, array in zip("Wb", pair, strict=True)}


def forward(net: Net, parameters: Parameters, x: Array, nudges: Sequence[Array] = ()) -> list[Array]:
    """Return the input, the hidden activities and the logits; each sum is moved by its nudge, if there are any."""
    h, layers = [x], pairs(parameters)
    for i, (W, b) in enumerate(layers):
        a = h[-1] @ W + net.threshold * b
        if nudges:
            a = a + nudges[i]
        h.append(net.activation(a) if i < len(layers) - 1 else a)
    return h


def loss_of(net: Net, h: Sequence[Array], t: Array) -> tuple[Array, Array]:
    """Return the mean loss of a batch, and its gradient by the logits."""
    losses, gradient = net.losses(h[-1], t)
    return losses.mean(), gradient / len(t)


def updates(net: Net, h: Sequence[Array], deltas: Sequence[Array]) -> Parameters:
    """Return what the gradients by the sums of each layer make of its parameters."""
    return named([(below.T @ d, net.threshold * d.sum(axis=0)) for below, d in zip(h[:-1], deltas, strict=True)])


def walked_back(
    net: Net, parameters: Parameters, x: Array, t: Array, ways: Sequence[Array]
) -> tuple[Array, Parameters]:
    """Send the output's error down layer by layer, through one matrix each; return loss and updates."""
    h = forward(net, parameters, x)
    loss, delta = loss_of(net, h, t)
    deltas = [delta]
    for way, y in zip(reversed(ways), reversed(h[1:-1]), strict=True):
        deltas.insert(0, (deltas[0] @ way) * net.slope(y))
    return loss, updates(net, h, deltas)


def backpropagation(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Go back through the transposed weights."""
    return *walked_back(net, parameters, x, t, [W.T for W, _ in pairs(parameters)[1:]]), own


def feedback_alignment(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Go back through fixed matrices."""
    return *walked_back(net, parameters, x, t, own["feedback"]), own


def direct_feedback_alignment(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Send the output's error to each layer at once, through a fixed matrix of its own."""
    h = forward(net, parameters, x)
    loss, delta = loss_of(net, h, t)
    deltas = [(delta @ B) * net.slope(y) for B, y in zip(own["feedback"], h[1:-1], strict=True)]
    return loss, updates(net, h, [*deltas, delta]), own


def kinds(o: Array) -> Array:
    """Return +1 for the first half of the cells of a layer with outputs o, and -1 for the others."""
    xp = library(o)
    return xp.where(xp.arange(o.shape[1]) < o.shape[1] // 2, 1.0, -1.0).astype(o.dtype)


def error_diffusion(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Tell everyone the output's error; a source hears the half of it that it may grow by."""
    xp = library(x)
    h = forward(net, parameters, x)
    loss, error = loss_of(net, h, t)
    slopes = [*(net.slope(o) * kinds(o) for o in h[1:-1]), xp.ones_like(error)]
    changes = []
    for i, (o, slope) in enumerate(zip(h[:-1], slopes, strict=True)):
        heard = xp.where(kinds(o) > 0, xp.minimum(error, 0), xp.maximum(error, 0)) if i else error
        changes.append(((heard * o).T @ slope, net.threshold * (error * slope).sum(axis=0)))
    return loss, named(changes), own


def weight_perturbation(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Nudge all weights at once."""
    nudges = named(list(zip(own["nudges"][::2], own["nudges"][1::2], strict=True)))
    nudged = {name: array + own["sigma"] * nudges[name] for name, array in parameters.items()}
    loss, _ = loss_of(net, forward(net, parameters, x), t)
    slope = (loss_of(net, forward(net, nudged, x), t)[0] - loss) / own["sigma"]
    return loss, {name: slope * nudge for name, nudge in nudges.items()}, own


def node_perturbation(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Nudge the sum of every unit, for each sample anew."""
    h = forward(net, parameters, x)
    losses, _ = net.losses(h[-1], t)
    nudged = forward(net, parameters, x, [own["sigma"] * nudge for nudge in own["nudges"]])
    slopes = (net.losses(nudged[-1], t)[0] - losses)[:, None] / own["sigma"] / len(x)
    return losses.mean(), updates(net, h, [slopes * nudge for nudge in own["nudges"]]), own


def target_propagation(
    net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any], *, difference: bool = False
) -> Result:
    """Send targets down through decoders, which learn afterwards; ``own["decoders"]`` has those of stage 2 and up."""
    h, layers, decoders = forward(net, parameters, x), pairs(parameters), pairs(own["decoders"])
    loss, delta = loss_of(net, h, t)
    rate = own["target_rate"] * len(x)
    targets = [h[-2] - rate * (delta @ layers[-1][0].T)]
    for (V, c), below, own_activity in reversed(list(zip(decoders, h[1:-2], h[2:-1], strict=True))):
        target = net.activation(targets[0] @ V + c)
        targets.insert(0, below + target - net.activation(own_activity @ V + c) if difference else target)
    missed = [(y - target) / rate * net.slope(y) for y, target in zip(h[1:-1], targets, strict=True)]
    learned, own = learn_decoders(net, layers, h, own)
    return loss, updates(net, h, [*missed, delta]), {**own, "decoders": learned}


def difference_target_propagation(net: Net, parameters: Parameters, x: Array, t: Array, own: dict[str, Any]) -> Result:
    """Take away what each decoder gets wrong at the activity itself."""
    return target_propagation(net, parameters, x, t, own, difference=True)


def learn_decoders(
    net: Net, layers: Sequence[tuple[Array, Array]], h: Sequence[Array], own: dict[str, Any]
) -> tuple[Parameters, dict[str, Any]]:
    """Make one step of Adam on each decoder's loss, that of undoing its stage near the activities."""
    gradients = []
    for (W, b), (V, c), below in zip(layers[1:-1], pairs(own["decoders"]), h[1:-2], strict=True):
        noisy = below + own["noise"] * own["nudges"][0][:, : below.shape[1]]
        above = net.activation(noisy @ W + net.threshold * b)
        back = net.activation(above @ V + c)
        delta = (back - noisy) / len(noisy) * net.slope(back)
        gradients.append((above.T @ delta, delta.sum(axis=0)))
    learned, memory = adam(own["decoders"], named(gradients), own["memory"], own["decoder_rate"])
    return learned, {**own, "memory": memory}


def sgd(parameters: Parameters, gradients: Parameters, memory: dict[str, Any], rate: float) -> tuple[Parameters, dict]:
    """Return the parameters after a step down the gradient; nothing is remembered."""
    return {name: array - rate * gradients[name] for name, array in parameters.items()}, memory


def adam(parameters: Parameters, gradients: Parameters, memory: dict[str, Any], rate: float) -> tuple[Parameters, dict]:
    """Return the parameters after a step of Adam with its usual constants, and its running means."""
    steps = memory["steps"] + 1
    means = {name: 0.9 * m + 0.1 * gradients[name] for name, m in memory["means"].items()}
    squares = {name: 0.999 * v + 0.001 * gradients[name] ** 2 for name, v in memory["squares"].items()}
    first, second = 1 - 0.9**steps, 1 - 0.999**steps
    moved = {
        name: array - rate * (means[name] / first) / ((squares[name] / second) ** 0.5 + 1e-8)
        for name, array in parameters.items()
    }
    return moved, {"steps": steps, "means": means, "squares": squares}


def remembered(parameters: Parameters) -> dict[str, Any]:
    """Return what Adam remembers before its first step."""
    zeros = {name: 0 * array for name, array in parameters.items()}
    return {"steps": 0.0, "means": zeros, "squares": zeros}


#: By the names that the package has for them.
RULES: dict[str, Callable[[Net, Parameters, Array, Array, dict[str, Any]], Result]] = {
    "backpropagation": backpropagation,
    "difference_target_propagation": difference_target_propagation,
    "direct_feedback_alignment": direct_feedback_alignment,
    "error_diffusion": error_diffusion,
    "feedback_alignment": feedback_alignment,
    "node_perturbation": node_perturbation,
    "target_propagation": target_propagation,
    "weight_perturbation": weight_perturbation,
}
OPTIMIZERS = {"SGD": sgd, "Adam": adam}
