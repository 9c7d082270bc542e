"""Error diffusion with several outputs: each hidden cell hears what its route says, and moves as the formula says."""

import numpy as np
import pytest

from helpers import rules
from helpers.chapters.chapter4.routed_error_diffusion import RoutedErrorDiffusion, everybody, modulo
from helpers.networks.excitatory_inhibitory import OutputCell, excitatory_inhibitory
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network
from helpers.rules.contract import check_rule
from helpers.rules.error_diffusion import ErrorDiffusion

LOSSES = [sigmoid_squared_error, binary_cross_entropy]
ROUTES = [modulo, everybody]


def network_and_batch(rng, *, outputs=3, depth=2, dtype=np.float64, loss=binary_cross_entropy):
    network = excitatory_inhibitory(5, 4, depth, rng, u0=1.5, loss=loss, outputs=outputs, dtype=dtype)
    return network, rng.random((7, 5)).astype(dtype), rng.integers(max(outputs, 2), size=7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("two_way", [False, True])
def test_it_keeps_what_every_rule_promises(route, two_way, dtype, rng):
    network, x, labels = network_and_batch(rng, dtype=dtype)
    update = check_rule(RoutedErrorDiffusion(route, two_way), network, x, labels)
    assert update.loss == pytest.approx(network.loss(x, labels))


def cell_by_cell(network, x, label, teacher, two_way, u1):
    """The update of one sample, one weight at a time: `teacher` says which outputs a hidden cell listens to.

    Every input and every threshold input is a pair of copies, of kinds +1 and -1, with weights of their own.
    """
    outputs = [[*x]]
    for layer in network.layers[::2]:
        weight, bias = layer.parameters["W"], layer.parameters["b"]
        sums = [outputs[-1] @ weight[:, j] + layer.threshold * bias[j] for j in range(weight.shape[1])]
        outputs.append([1 / (1 + np.exp(-2 * a / network.loss_layer.u0)) for a in sums])
    errors = [float(c == label) - y for c, y in enumerate(outputs[-1])]
    moves = []
    for below, above, layer in zip(outputs, outputs[1:], network.trainable, strict=False):
        last, first = layer is network.trainable[-1], layer is network.trainable[0]
        pairs = len(below) if first else len(below) // 2
        weight, bias = (np.zeros_like(layer.parameters[name]) for name in ("W", "b"))
        for j, o in enumerate(above):
            kind = 1 if last or j < len(above) // 2 else -1
            d = errors[j] if last else sum(errors[c] for c in teacher(j))
            slope = o * (1 - o) if not last or network.loss_layer.loss is sigmoid_squared_error else 1.0
            step = slope * (1 if last else u1)

            def grown(source, of, d=d, step=step, kind=kind):
                """By how much the weight from a source of a kind moves; growth alone is max(d, 0) or max(-d, 0)."""
                heard = d if two_way else max(d, 0) if of > 0 else -max(-d, 0)
                return heard * step * source * kind

            for i, source in enumerate(below):
                kinds = (1, -1) if first else (1,) if i < pairs else (-1,)
                weight[i, j] = sum(grown(source, of) for of in kinds)
            bias[j] = sum(grown(layer.threshold, of) for of in (1, -1))
        moves.append((weight, bias))
    return moves


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize(
    ("route", "teacher"), [(modulo, lambda j: [j % 3]), (everybody, lambda j: range(3))], ids=["modulo", "everybody"]
)
def test_every_weight_moves_as_a_loop_over_samples_and_cells_says(route, teacher, two_way, loss, rng):
    network, x, labels = network_and_batch(rng, loss=loss)
    arrays = RoutedErrorDiffusion(route, two_way, u1=0.5)(network, x, labels).arrays
    singles = [cell_by_cell(network, *sample, teacher, two_way, 0.5) for sample in zip(x, labels, strict=True)]
    for i, layer in enumerate(zip(*singles, strict=True), start=1):
        for name, parts in zip(("W", "b"), zip(*layer, strict=True), strict=True):
            expected = -np.mean(parts, axis=0)
            assert np.abs(expected).max() > 1e-4
            # sums of a few dozen terms below 1, in float64
            np.testing.assert_allclose(arrays[f"{name}{i}"], expected, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("two_way", [False, True])
def test_with_one_output_it_is_error_diffusion(route, two_way, loss, rng):
    network, x, labels = network_and_batch(rng, outputs=1, depth=3, loss=loss)
    plain = ErrorDiffusion(two_way, u1=0.5)(network, x, labels)
    routed = RoutedErrorDiffusion(route, two_way, u1=0.5)(network, x, labels)
    assert routed.loss == plain.loss
    for name, array in plain.arrays.items():
        np.testing.assert_allclose(routed.arrays[name], array, atol=1e-15)
    # so it makes no row of its own where rules are compared on one output
    assert "routed_error_diffusion" not in rules.names()


def test_by_default_each_cell_has_one_teacher_and_weights_only_grow():
    assert RoutedErrorDiffusion.__init__.__defaults__ == (modulo, False, 1.0)


def test_a_routed_cell_does_not_hear_the_errors_of_other_outputs(rng):
    network, x, _ = network_and_batch(rng, depth=1)
    targets = rng.random((7, 3))
    before = RoutedErrorDiffusion()(network, x, targets).arrays
    targets[:, 1] = 1 - targets[:, 1]
    after = RoutedErrorDiffusion()(network, x, targets).arrays
    moved = (before["W1"] != after["W1"]).any(axis=0)
    assert moved.tolist() == [j % 3 == 1 for j in range(8)]
    assert (RoutedErrorDiffusion(everybody)(network, x, targets).arrays["W1"] != after["W1"]).all()


def test_growth_alone_keeps_every_sign(rng):
    network, x, labels = network_and_batch(rng, depth=3)
    kinds = np.repeat([1, -1], 4)
    for _ in range(50):
        for name, array in RoutedErrorDiffusion()(network, x, labels).arrays.items():
            network.parameters[name][...] -= 0.5 * array
    for name in ("W2", "W3"):
        assert (network.parameters[name] * np.outer(kinds, kinds) >= 0).all()
    assert (network.parameters["W4"] * kinds[:, None] >= 0).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_classes_and_rows_of_targets_are_the_same_to_the_output_cells(loss, rng):
    network, x, labels = network_and_batch(rng, loss=loss)
    assert network.loss(x, labels) == network.loss(x, np.eye(3)[labels])
    np.testing.assert_array_equal(network.loss_layer.error.argmax(axis=1), labels)
    assert network.loss_layer.error.shape == (7, 3)


def test_the_gradient_of_several_outputs_is_that_of_central_differences(rng):
    network, x, labels = network_and_batch(rng)
    gradient, h = network.gradients(x, labels).arrays, 1e-6
    for name, array in network.parameters.items():
        place = tuple(rng.integers(size) for size in array.shape)
        old = array[place]
        array[place] = old + h
        above = network.loss(x, labels)
        array[place] = old - h
        below = network.loss(x, labels)
        array[place] = old
        assert gradient[name][place] == pytest.approx((above - below) / (2 * h), abs=1e-8)


def test_what_does_not_fit_is_refused(rng):
    network, x, labels = network_and_batch(rng)
    with pytest.raises(
        ValueError, match="needs one output cell, with OutputCell as the loss layer, got 3 below OutputCell"
    ):
        ErrorDiffusion()(network, x, labels)
    with pytest.raises(
        ValueError, match="needs output cells, with OutputCell as the loss layer, got 3 below SoftmaxWith"
    ):
        RoutedErrorDiffusion()(Network.dense([5, 4, 3], rng), x, labels)
    with pytest.raises(ValueError, match="labels must be class numbers from 0 to 2"):
        RoutedErrorDiffusion()(network, x, labels + 3)
    with pytest.raises(ValueError, match="outputs and targets of the same shape"):
        network.loss(x, np.ones((7, 2)))
    with pytest.raises(ValueError, match="u1 must not be negative"):
        RoutedErrorDiffusion(u1=-1)
    with pytest.raises(ValueError, match="outputs must be at least 1, got 0"):
        excitatory_inhibitory(5, 4, 2, rng, outputs=0)
    assert isinstance(network.loss_layer, OutputCell)
