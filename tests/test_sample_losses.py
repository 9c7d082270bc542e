"""The loss of all samples at once is that of one after the other, for every loss, and takes a fraction of the time."""

import numpy as np
import pytest

from helpers.networks.excitatory_inhibitory import OutputCell
from helpers.networks.layers import LossLayer, SoftmaxWithLoss
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Diverged, Network
from helpers.networks.sample_losses import FORMS, at_once
from helpers.rules.node_perturbation import losses, one_by_one

N, OUTPUTS = 7, 3
LABELS = np.array([0, 2, 1, 1, 0, 2, 2])
SHARES = np.random.default_rng(1).dirichlet(np.ones(OUTPUTS), N)
LAYERS = {
    "softmax, labels": (SoftmaxWithLoss(), LABELS),
    "softmax, rows": (SoftmaxWithLoss(), SHARES),
    "softmax, one-hot": (SoftmaxWithLoss(), np.eye(OUTPUTS)[LABELS]),
    **{
        f"{loss.__name__}, {name}": (layer, targets)
        for loss in FORMS
        for name, layer, targets in (
            ("plain", LossLayer(loss), SHARES),
            ("cells", OutputCell(loss, 0.4), LABELS),
            ("cells, shares", OutputCell(loss, 3.0), SHARES),
        )
    },
}


def network_with(layer) -> Network:
    return Network.dense([2, OUTPUTS], np.random.default_rng(0), loss_layer=layer)


@pytest.mark.parametrize("scale", [1.0, 40.0])
@pytest.mark.parametrize("name", LAYERS)
def test_all_at_once_is_one_by_one(name, scale, rng):
    layer, targets = LAYERS[name]
    outputs = scale * rng.standard_normal((N, OUTPUTS))
    each = at_once(layer, outputs, targets)
    assert each.shape == (N,) and each.dtype == np.float64
    np.testing.assert_allclose(each[:, None], one_by_one(network_with(layer), outputs, targets), rtol=1e-12)


@pytest.mark.parametrize("name", ["softmax, labels", "softmax, one-hot"])
def test_a_target_of_0_costs_nothing_even_at_a_logit_of_minus_infinity(name, rng):
    layer, targets = LAYERS[name]
    outputs = rng.standard_normal((N, OUTPUTS))
    outputs[:, 1] = np.where(LABELS == 1, 0, -np.inf)
    expected = one_by_one(network_with(layer), outputs, targets)
    np.testing.assert_allclose(at_once(layer, outputs, targets)[:, None], expected, rtol=1e-12)


@pytest.mark.parametrize("loss", FORMS)
def test_one_cell_takes_classes(loss, rng):
    layer, outputs, targets = OutputCell(loss, 2.0), rng.standard_normal((N, 1)), LABELS % 2
    expected = one_by_one(network_with(layer), outputs, targets)
    np.testing.assert_allclose(losses(network_with(layer), outputs, targets), expected, rtol=1e-12)


def test_a_loss_without_such_a_form_is_asked_sample_by_sample(rng):
    def halves(outputs, targets):
        return float(0.5 * ((outputs - targets) ** 2).sum() / len(outputs)), (outputs - targets) / len(outputs)

    outputs = rng.standard_normal((N, OUTPUTS))
    assert at_once(LossLayer(halves), outputs, SHARES) is None
    expected = 0.5 * ((outputs - SHARES) ** 2).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(losses(network_with(LossLayer(halves)), outputs, SHARES), expected, rtol=1e-12)


@pytest.mark.parametrize("layer", [SoftmaxWithLoss(), OutputCell(binary_cross_entropy, 2.0)])
def test_a_loss_that_is_not_finite_is_named_as_before(layer):
    outputs = np.zeros((N, OUTPUTS))
    outputs[3, 1] = np.nan
    with pytest.raises(Diverged, match="the loss is nan"):
        losses(network_with(layer), outputs, LABELS)


def test_every_loss_of_outputs_has_a_form():
    assert set(FORMS) == {binary_cross_entropy, sigmoid_squared_error}
