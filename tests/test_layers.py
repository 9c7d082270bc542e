"""Layers: values by hand, backward passes against central differences, and bad input."""

import numpy as np
import pytest
from scipy.special import expit

from helpers.chapters.chapter5.sign_layers import Sign, StraightThroughSign
from helpers.networks.layers import (
    Affine,
    LossLayer,
    ReLU,
    Sigmoid,
    SoftmaxWithLoss,
    Tanh,
    check_finite,
)
from helpers.networks.losses import sigmoid_squared_error, softmax_cross_entropy

N, INPUTS, OUTPUTS = 5, 4, 3


def affine(rng: np.random.Generator) -> Affine:
    return Affine(rng.standard_normal((INPUTS, OUTPUTS)), rng.standard_normal(OUTPUTS))


MAKERS = {"ReLU": lambda rng: ReLU(), "Sigmoid": lambda rng: Sigmoid(), "Tanh": lambda rng: Tanh(), "Affine": affine}
every_layer = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@pytest.fixture
def x(rng) -> np.ndarray:
    """A batch whose entries keep away from the kink of ReLU."""
    return rng.uniform(0.1, 3, (N, INPUTS)) * rng.choice([-1, 1], (N, INPUTS))


def test_relu_passes_the_gradient_where_its_input_was_positive():
    layer = ReLU()
    x = np.array([[1.0, -0.5], [-2.0, 3.0], [0.0, 4.0]])
    assert layer.forward(x).tolist() == [[1, 0], [0, 3], [0, 4]]
    assert layer.backward(np.full((3, 2), 7.0)).tolist() == [[7, 0], [0, 7], [0, 7]]


def test_sigmoid_layer_is_expit_with_gradient_y_times_1_minus_y(x):
    layer = Sigmoid()
    y = layer.forward(x)
    np.testing.assert_allclose(y, expit(x), rtol=1e-14)
    np.testing.assert_allclose(layer.backward(2 * np.ones_like(x)), 2 * expit(x) * expit(-x), rtol=1e-13)


def test_affine_by_hand():
    layer = Affine(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([0.1, 0.2, 0.3]))
    assert layer.forward(np.array([[1.0, 10.0]])) == pytest.approx(np.array([[41.1, 52.2, 63.3]]))
    assert layer.backward(np.array([[1.0, 0.0, -1.0]])).tolist() == [[-2, -2]]
    assert layer.gradients["W"].tolist() == [[1, 0, -1], [10, 0, -10]]


def test_the_bias_gradient_sums_over_the_batch():
    layer = Affine(np.zeros((2, 3)), np.zeros(3))
    layer.forward(np.zeros((2, 2)))
    layer.backward(np.array([[1.0, 2, 3], [4, 5, 6]]))
    assert layer.gradients["b"].tolist() == [5, 7, 9]


@every_layer
def test_backward_agrees_with_central_differences(make, x, rng, numerical_gradient):
    layer = make(rng)
    upstream = rng.standard_normal(layer.forward(x).shape)
    downstream = layer.backward(upstream)
    gradients = dict(layer.gradients)

    expected = numerical_gradient(lambda x: (upstream * layer.forward(x)).sum(), x)
    np.testing.assert_allclose(downstream, expected, rtol=1e-7, atol=1e-8)

    assert gradients.keys() == layer.parameters.keys()
    for name, parameter in layer.parameters.items():
        kept = parameter.copy()

        def weighted_output(values, parameter=parameter):
            parameter[...] = values
            return (upstream * layer.forward(x)).sum()

        expected = numerical_gradient(weighted_output, kept)
        parameter[...] = kept
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-7, atol=1e-8)


def test_an_affine_batch_is_a_stack_of_single_samples(x, rng):
    layer = affine(rng)
    y = layer.forward(x)
    upstream = rng.standard_normal(y.shape)
    downstream, gradients = layer.backward(upstream), dict(layer.gradients)
    total = {"W": 0.0, "b": 0.0}
    for k in range(N):
        np.testing.assert_allclose(layer.forward(x[[k]]), y[[k]], rtol=1e-13)
        np.testing.assert_allclose(layer.backward(upstream[[k]]), downstream[[k]], rtol=1e-12)
        total = {name: total[name] + layer.gradients[name] for name in total}
    for name in total:
        np.testing.assert_allclose(gradients[name], total[name], rtol=1e-12)


def test_the_first_layer_can_leave_out_the_gradient_of_its_input(x, rng):
    layer, twin = affine(rng), affine(rng)
    upstream = rng.standard_normal((N, OUTPUTS))
    for each in (layer, twin):
        each.forward(x)
    layer.backward(upstream)
    assert twin.backward_to_parameters(upstream) is None
    for name in ("W", "b"):
        np.testing.assert_array_equal(twin.gradients[name], layer.gradients[name])


def test_affine_holds_the_very_arrays_it_was_handed(rng):
    weight, bias = rng.standard_normal((2, 3)), np.zeros(3)
    layer = Affine(weight, bias)
    assert layer.parameters["W"] is weight and layer.parameters["b"] is bias
    weight[...] = 0
    bias[...] = 8
    assert layer.forward(np.ones((1, 2))).tolist() == [[8, 8, 8]]


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float_type_is_kept_and_no_callers_array_changes(make, dtype, x, rng):
    layer = make(rng)
    layer.parameters.update({name: array.astype(dtype) for name, array in layer.parameters.items()})
    x = x.astype(dtype)
    y = layer.forward(x)
    upstream = rng.standard_normal(y.shape).astype(dtype)
    handed_in = [x, upstream, *layer.parameters.values()]
    copies = [array.copy() for array in handed_in]
    layer.forward(x)
    downstream = layer.backward(upstream)
    for array, copy in zip(handed_in, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert not np.shares_memory(y, x) and not np.shares_memory(downstream, upstream)
    assert {array.dtype for array in [y, downstream, *layer.gradients.values()]} == {np.dtype(dtype)}


@every_layer
def test_a_layer_remembers_its_latest_forward_pass(make, x, rng):
    layer, twin = make(rng), make(np.random.default_rng(20261120))
    layer.forward(rng.standard_normal((2, INPUTS)))
    if layer.parameters:
        twin.parameters.update(layer.parameters)
    upstream = rng.standard_normal(layer.forward(x).shape)
    twin.forward(x)
    np.testing.assert_array_equal(layer.backward(upstream), twin.backward(upstream))


def test_softmax_with_loss_is_the_loss_and_its_gradient_times_upstream(rng):
    logits, labels = rng.standard_normal((N, OUTPUTS)), rng.integers(OUTPUTS, size=N)
    value, gradient = softmax_cross_entropy(logits, labels)
    layer = SoftmaxWithLoss()
    assert layer.forward(logits, labels) == value
    np.testing.assert_array_equal(layer.backward(), gradient)
    np.testing.assert_array_equal(layer.backward(2.5), 2.5 * gradient)


def test_softmax_with_loss_keeps_its_gradient_from_its_caller(rng):
    layer = SoftmaxWithLoss()
    layer.forward(rng.standard_normal((N, OUTPUTS)), np.zeros(N, int))
    first = layer.backward()
    kept = first.copy()
    first *= 0
    np.testing.assert_array_equal(layer.backward(), kept)


# Bad input


@every_layer
def test_backward_needs_forward_first(make, rng):
    with pytest.raises(RuntimeError, match="(ReLU|Sigmoid|Tanh|Affine): backward needs a forward pass first"):
        make(rng).backward(np.zeros((N, OUTPUTS)))


def test_softmax_with_loss_backward_needs_forward_first():
    with pytest.raises(RuntimeError, match="SoftmaxWithLoss: backward needs a forward pass first"):
        SoftmaxWithLoss().backward()


@every_layer
@pytest.mark.parametrize("wrong", [(N + 1, OUTPUTS), (N, OUTPUTS + 2), (OUTPUTS,), ()], ids=str)
def test_an_upstream_gradient_of_another_shape_is_refused(wrong, make, x, rng):
    layer = make(rng)
    output = layer.forward(x).shape
    with pytest.raises(ValueError) as error:
        layer.backward(np.zeros(wrong))
    for part in ("upstream gradient", str(output), str(wrong)):
        assert part in str(error.value)


@every_layer
def test_an_upstream_gradient_that_is_a_list_is_refused(make, x, rng):
    layer = make(rng)
    upstream = np.zeros_like(layer.forward(x)).tolist()
    with pytest.raises(ValueError, match=r"upstream gradient must be an array .* got list of shape \(5, "):
        layer.backward(upstream)


@pytest.mark.parametrize("shape", [(N, INPUTS + 1), (0, INPUTS), (2, N, INPUTS), ()], ids=str)
def test_affine_refuses_what_is_not_a_batch_of_its_inputs(shape, rng):
    with pytest.raises(ValueError) as error:
        affine(rng).forward(np.zeros(shape))
    assert "expected an array of shape (n, 4) with n >= 1, got ndarray" in str(error.value)
    assert str(shape) in str(error.value)


def test_affine_says_how_to_make_a_batch_of_a_single_sample(rng):
    with pytest.raises(ValueError, match=r"got ndarray of shape \(4,\); .* x\[np.newaxis\]"):
        affine(rng).forward(np.zeros(INPUTS))


def test_affine_refuses_a_list(rng):
    with pytest.raises(ValueError, match=r"expected an array .* got list of shape \(1, 4\)"):
        affine(rng).forward([[0.0] * INPUTS])


def test_affine_takes_floats_only(rng):
    with pytest.raises(ValueError, match="x must be an array of floats, got int64: scale images"):
        affine(rng).forward(np.arange(8, dtype=np.int64).reshape(2, INPUTS))


@pytest.mark.parametrize("weight, bias", [((2, 3), (2,)), ((2, 3), (1, 3)), ((3,), (3,)), ((2, 3), ())], ids=str)
def test_affine_refuses_weight_and_bias_that_do_not_fit(weight, bias):
    with pytest.raises(ValueError) as error:
        Affine(np.zeros(weight), np.zeros(bias))
    assert f"(inputs, outputs) and bias (outputs,), got {weight} and {bias}" in str(error.value)


@pytest.mark.parametrize(
    "weight, bias",
    [
        (np.eye(2, dtype=int), np.zeros(2)),
        (np.eye(2), np.zeros(2, int)),
        ([[1.0]], np.zeros(1)),
        (np.eye(2), 0.0),
    ],
    ids=["integer weight", "integer bias", "list", "number"],
)
def test_affine_refuses_parameters_that_cannot_be_changed_in_place(weight, bias):
    with pytest.raises(ValueError, match="weight and bias must be arrays of floats, got "):
        Affine(weight, bias)


def test_a_loss_layer_passes_values_on_and_scales_the_gradient(rng):
    outputs, targets = rng.standard_normal((3, 2)), rng.random((3, 2))
    layer = LossLayer(sigmoid_squared_error)
    assert layer.forward(outputs, targets) == sigmoid_squared_error(outputs, targets)[0]
    np.testing.assert_array_equal(layer.backward(), sigmoid_squared_error(outputs, targets)[1])
    np.testing.assert_array_equal(layer.backward(2.0), 2 * sigmoid_squared_error(outputs, targets)[1])


def test_a_loss_layer_needs_a_forward_pass_first():
    with pytest.raises(RuntimeError, match="LossLayer: backward needs a forward pass first"):
        LossLayer(sigmoid_squared_error).backward()


@pytest.mark.parametrize(("kind", "slope"), [(Sign, 0), (StraightThroughSign, 1)])
def test_signs_and_what_their_backward_pass_pretends(kind, slope):
    layer, upstream = kind(), np.array([[5.0, 6.0, 7.0]])
    assert layer.forward(np.array([[-0.1, 0.0, 2.0]])).tolist() == [[-1, 1, 1]]
    assert np.array_equal(layer.backward(upstream), slope * upstream)
    assert layer.forward(np.ones((1, 2), np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="upstream"):
        layer.backward(np.ones((2, 2)))
    with pytest.raises(RuntimeError, match="forward"):
        kind().backward(upstream)


def test_a_sign_of_nan_is_nan():
    np.testing.assert_array_equal(Sign().forward(np.array([[np.nan, -0.5, 0.0]])), [[np.nan, -1, 1]])


def test_large_sound_values_are_finite_and_bad_ones_are_not():
    for sound in (np.full(3, 3e38, np.float32), np.full(30, 5000, np.float16), np.zeros((0, 2))):
        check_finite(sound)  # though the sum of the first two is too large for their type
    for bad in (np.array([0, np.inf]), np.array([[np.nan]])):
        with pytest.raises(ValueError, match="NaN or infinite"):
            check_finite(bad)
