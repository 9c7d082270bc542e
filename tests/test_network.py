"""Networks: values and gradients against numpy, scikit-learn and differences; bad input."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier

from helpers.networks.initialization import fan_in_normal
from helpers.networks.layers import Affine, LossLayer, ReLU, Sigmoid, Tanh
from helpers.networks.losses import binary_cross_entropy, sigmoid_squared_error
from helpers.networks.network import Network

N, SIZES = 8, [6, 5, 3]


@pytest.fixture
def network(rng) -> Network:
    return Network.dense(SIZES, rng, scale=0.8, dtype=np.float64)


@pytest.fixture
def x(rng) -> np.ndarray:
    return rng.standard_normal((N, SIZES[0]))


@pytest.fixture
def labels(rng) -> np.ndarray:
    return rng.integers(SIZES[-1], size=N)


def test_dense_alternates_affine_and_activation_and_ends_with_affine(rng):
    kinds = [type(layer) for layer in Network.dense([4, 3, 2, 5], rng, activation=Sigmoid).layers]
    assert kinds == [Affine, Sigmoid, Affine, Sigmoid, Affine]


def test_dense_names_and_shapes_its_parameters_in_order(rng):
    shapes = {name: p.shape for name, p in Network.dense([4, 3, 2, 5], rng).parameters.items()}
    expected = {"W1": (4, 3), "b1": (3,), "W2": (3, 2), "b2": (2,), "W3": (2, 5), "b3": (5,)}
    assert list(shapes.items()) == list(expected.items())


def test_dense_draws_weights_with_the_given_scale_and_biases_of_zero(rng):
    network = Network.dense([400, 300, 2], rng, scale=0.05)
    weight = network.parameters["W1"]
    # 120,000 draws: the standard errors of mean and spread are 1.4e-4 and 1e-4.
    assert abs(weight.mean()) < 7e-4 and abs(weight.std() - 0.05) < 5e-4
    assert not network.parameters["b1"].any() and not network.parameters["b2"].any()


def test_weights_are_small_unless_told_otherwise():
    by_default, told = (Network.dense([3, 2], np.random.default_rng(1), **scale) for scale in ({}, {"scale": 0.01}))
    np.testing.assert_array_equal(by_default.parameters["W1"], told.parameters["W1"])


def test_dense_is_reproducible_from_a_seed():
    first, second, other = (Network.dense(SIZES, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.parameters["W2"], second.parameters["W2"])
    assert (first.parameters["W2"] != other.parameters["W2"]).all()


def test_parameters_are_the_layers_own_arrays(network):
    assert network.parameters["W2"] is network.layers[2].parameters["W"]
    assert network.parameters["b1"] is network.layers[0].parameters["b"]


def test_predict_is_the_composition_of_its_layers(network, x):
    p = network.parameters
    expected = np.maximum(x @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-13)


def test_accuracy_is_the_share_of_samples_whose_largest_logit_is_the_label():
    network = Network([Affine(np.eye(3), np.zeros(3))])  # the logits are the inputs
    x = np.array([[0.9, 0.5, 0.1], [0.1, 0.9, 0.5], [0.5, 0.1, 0.9], [0.1, 0.5, 0.9]])
    assert network.accuracy(x, np.array([0, 1, 2, 1])) == 0.75


def test_accuracy_is_scikit_learns_for_integer_and_one_hot_labels(network, x, labels):
    expected = accuracy_score(labels, network.predict(x).argmax(axis=1))
    assert 0 < expected < 1
    assert network.accuracy(x, labels) == network.accuracy(x, np.eye(SIZES[-1])[labels]) == expected


@pytest.mark.parametrize("activation", [ReLU, Sigmoid])
@pytest.mark.parametrize("sizes", [[6, 3], [6, 5, 3], [6, 5, 4, 3]], ids=str)
def test_gradients_agree_with_central_differences(sizes, activation, x, labels, rng, numerical_gradient):
    network = Network.dense(sizes, rng, activation=activation, scale=0.8, dtype=np.float64)
    for name, bias in network.parameters.items():
        if name.startswith("b"):
            bias += 0.1 * rng.standard_normal(bias.shape)
    value, gradients = network.gradients(x, labels)
    assert value == network.loss(x, labels)
    assert gradients.keys() == network.parameters.keys()
    for name, parameter in network.parameters.items():
        kept = parameter.copy()

        def loss_at(values, parameter=parameter):
            parameter[...] = values
            return network.loss(x, labels)

        expected = numerical_gradient(loss_at, kept)
        parameter[...] = kept
        np.testing.assert_allclose(gradients[name], expected, rtol=0, atol=2e-9, err_msg=name)


def test_loss_and_one_step_of_descent_are_those_of_scikit_learns_mlp(rng):
    x, labels = rng.standard_normal((20, 6)), np.arange(20) % 3
    plain_descent = {"solver": "sgd", "alpha": 0, "momentum": 0, "batch_size": 20, "learning_rate_init": 0.1}
    mlp = MLPClassifier([5], **plain_descent, shuffle=False, random_state=0)
    mlp.partial_fit(x, labels, classes=range(3))
    layers = [Affine(weight.copy(), bias.copy()) for weight, bias in zip(mlp.coefs_, mlp.intercepts_, strict=True)]
    network = Network([layers[0], ReLU(), layers[1]])
    value, gradients = network.gradients(x, labels)
    assert value == pytest.approx(log_loss(labels, mlp.predict_proba(x)), rel=1e-12)

    mlp.partial_fit(x, labels)
    assert mlp.loss_ == pytest.approx(value, rel=1e-12)
    for number in (1, 2):
        for name, after in ((f"W{number}", mlp.coefs_), (f"b{number}", mlp.intercepts_)):
            expected = network.parameters[name] - 0.1 * gradients[name]
            np.testing.assert_allclose(expected, after[number - 1], rtol=1e-12, atol=1e-15)


def test_one_hot_labels_give_the_loss_and_gradients_of_integer_labels(network, x, labels):
    value, gradients = network.gradients(x, labels)
    value_hot, gradients_hot = network.gradients(x, np.eye(SIZES[-1])[labels])
    assert value_hot == pytest.approx(value, rel=1e-15)
    for name in gradients:
        np.testing.assert_array_equal(gradients_hot[name], gradients[name])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", [ReLU, Sigmoid])
@pytest.mark.parametrize("hot", [False, True], ids=["integers", "one-hot"])
def test_float_type_is_kept_from_input_to_gradients(dtype, activation, hot, x, labels, rng):
    network = Network.dense(SIZES, rng, activation=activation, dtype=dtype)
    x, targets = x.astype(dtype), np.eye(SIZES[-1])[labels] if hot else labels
    value, gradients = network.gradients(x, targets)
    assert isinstance(value, float)
    arrays = [network.predict(x), *network.parameters.values(), *gradients.values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_no_call_changes_the_data_or_the_parameters(network, x, labels):
    arrays = [x, labels, *network.parameters.values()]
    copies = [array.copy() for array in arrays]
    network.predict(x)
    network.accuracy(x, labels)
    network.gradients(x, labels)
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_results_of_a_call_outlive_the_next_call(network, x, labels):
    logits, (_, gradients) = network.predict(x), network.gradients(x, labels)
    copies = logits.copy(), {name: gradient.copy() for name, gradient in gradients.items()}
    network.gradients(-x, labels)
    network.predict(-x)
    np.testing.assert_array_equal(logits, copies[0])
    for name in gradients:
        np.testing.assert_array_equal(gradients[name], copies[1][name])


def test_a_loss_of_ones_own_may_come_last(network, x):
    class SquaredError:
        def forward(self, y, target):
            self.error = y - target
            return float((self.error**2).sum() / 2)

        def backward(self):
            return self.error

    regression = Network(network.layers, SquaredError())
    target = np.ones((N, SIZES[-1]))
    value, gradients = regression.gradients(x, target)
    error = network.predict(x) - target
    assert value == pytest.approx((error**2).sum() / 2)
    np.testing.assert_allclose(gradients["b2"], error.sum(axis=0), rtol=1e-12)


def test_a_layer_of_ones_own_may_come_first(x, labels, network, numerical_gradient):
    class Scale:
        """y = s x, with one parameter, and none of Affine's extras."""

        def __init__(self):
            self.parameters, self.gradients = {"s": np.full(SIZES[0], 0.5)}, {}

        def forward(self, x):
            self.x = x
            return x * self.parameters["s"]

        def backward(self, upstream):
            self.gradients = {"s": (upstream * self.x).sum(axis=0)}
            return upstream * self.parameters["s"]

    scale = Scale()
    scaled = Network([scale, *network.layers])
    _, gradients = scaled.gradients(x, labels)
    assert list(gradients) == ["s1", "W2", "b2", "W3", "b3"]

    def loss_at(values):
        scale.parameters["s"] = values
        return scaled.loss(x, labels)

    expected = numerical_gradient(loss_at, np.full(SIZES[0], 0.5))
    np.testing.assert_allclose(gradients["s1"], expected, rtol=0, atol=2e-9)


# Bad input


@pytest.mark.parametrize("sizes", [[], [4], [4, 0], [0, 4], [4, -1, 2]], ids=str)
def test_dense_needs_two_layers_of_at_least_one_unit(sizes, rng):
    with pytest.raises(ValueError) as error:
        Network.dense(sizes, rng)
    assert str(error.value) == f"sizes must name at least two layers of at least one unit, got {sizes}"


def test_dense_refuses_integer_parameters(rng):
    with pytest.raises(ValueError, match="must be arrays of floats"):
        Network.dense([4, 2], rng, dtype=int)


@pytest.mark.parametrize("layers", [[], [ReLU(), Sigmoid()]], ids=["none", "activations only"])
def test_a_network_needs_a_layer_with_parameters(layers):
    with pytest.raises(ValueError, match="at least one layer with parameters, got "):
        Network(layers)


CALLS = {
    "predict": lambda network, x, labels: network.predict(x),
    "loss": Network.loss,
    "accuracy": Network.accuracy,
    "gradients": Network.gradients,
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
every_labelled_call = pytest.mark.parametrize("call", list(CALLS.values())[1:], ids=list(CALLS)[1:])


@every_call
@pytest.mark.parametrize("shape", [(N, 7), (0, 6), (6,), (2, N, 6)], ids=str)
def test_a_batch_of_another_shape_is_refused(call, shape, network, labels):
    with pytest.raises(ValueError, match=r"expected an array of shape \(n, 6\) with n >= 1, got ndarray"):
        call(network, np.zeros(shape), labels)


@every_call
def test_a_list_for_a_batch_is_refused(call, network, labels):
    with pytest.raises(ValueError, match=r"expected an array of shape \(n, 6\) .* got list"):
        call(network, [[0.0] * 6], labels)


@every_call
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("activation", [ReLU, Sigmoid])  # a sigmoid would hide an infinity from the loss
def test_a_value_that_is_not_finite_is_reported(activation, bad, call, x, labels, rng):
    x[3, 2] = bad
    with pytest.raises(ValueError, match="x holds NaN or infinite values: clean the data first"):
        call(Network.dense(SIZES, rng, activation=activation), x, labels)


@every_call
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_parameters_that_are_not_finite_are_reported(call, network, x, labels):
    network.parameters["W2"][0] = np.nan
    with pytest.raises(ValueError, match="parameters hold NaN"):
        call(network, x, labels)


@every_labelled_call
@pytest.mark.parametrize("bad", [-1, 3])
def test_labels_out_of_range_are_refused(call, bad, network, x, labels):
    labels[4] = bad
    with pytest.raises(ValueError, match=rf"class numbers from 0 to 2, got values .*{bad}"):
        call(network, x, labels)


@every_labelled_call
@pytest.mark.parametrize(
    "wrong",
    [np.zeros(N - 1, int), np.zeros(N), np.zeros((N, 4)), [0.5] * N],
    ids=["too few", "floats", "too many classes", "a list of floats"],
)
def test_labels_that_do_not_fit_the_batch_are_refused(call, wrong, network, x):
    with pytest.raises(ValueError, match=r"integers of shape \(8,\) or target rows of shape \(8, 3\), got "):
        call(network, x, wrong)


@every_labelled_call
def test_a_list_of_integer_labels_is_taken(call, network, x, labels):
    call(network, x, labels.tolist())


# Other starts and other ends


def test_dense_uses_the_draw_that_it_is_given_layer_by_layer():
    network = Network.dense([9, 4, 3], np.random.default_rng(1), initial=fan_in_normal, dtype=np.float64)
    twin = np.random.default_rng(1)
    np.testing.assert_allclose(network.parameters["W1"], fan_in_normal(twin, 9, 4), rtol=1e-14)
    np.testing.assert_allclose(network.parameters["W2"], fan_in_normal(twin, 4, 3), rtol=1e-14)


@pytest.mark.parametrize("loss, output", [(binary_cross_entropy, []), (sigmoid_squared_error, [Sigmoid()])])
def test_gradients_of_other_losses_agree_with_central_differences(loss, output, rng, numerical_gradient):
    network = Network.dense(
        [6, 4, 3], rng, activation=Sigmoid, initial=fan_in_normal, loss_layer=LossLayer(loss), dtype=np.float64
    )
    network.layers += output
    x, targets = rng.standard_normal((5, 6)), rng.random((5, 3))
    _, gradients = network.gradients(x, targets)
    for name, parameter in network.parameters.items():
        kept = parameter.copy()

        def loss_at(values, parameter=parameter):
            parameter[...] = values
            return network.loss(x, targets)

        expected = numerical_gradient(loss_at, kept)
        parameter[...] = kept
        np.testing.assert_allclose(gradients[name], expected, rtol=0, atol=2e-9, err_msg=name)


def test_initial_weights_may_be_drawn_by_a_function(rng):
    network = Network.dense([3, 4, 2], rng, initial=lambda rng, inputs, outputs: np.full((inputs, outputs), 7.0))
    assert network.parameters["W1"].tolist() == np.full((3, 4), 7).tolist()
    assert network.parameters["W2"].dtype == np.float32


def test_the_loss_of_known_logits_is_the_loss(network, x, labels):
    assert network.loss_of(network.predict(x), labels) == network.loss(x, labels)
    with pytest.raises(ValueError, match="the loss is nan"):
        network.loss_of(np.full_like(network.predict(x), np.nan), labels)


def test_a_layer_may_be_exchanged_after_the_network_was_made(rng, numerical_gradient):
    network = Network.dense([4, 3, 2], rng, scale=0.5, dtype=np.float64)
    x, labels = rng.standard_normal((5, 4)), np.array([0, 1, 1, 0, 1])
    network.layers[1] = Tanh()
    network.layers[2] = Affine(rng.standard_normal((3, 2)), np.zeros(2))
    _, arrays = network.gradients(x, labels)
    W1, kept = network.parameters["W1"], network.parameters["W1"].copy()

    def loss_of(values):
        W1[...] = values
        return network.loss(x, labels)

    assert network.parameters["W2"] is network.layers[2].parameters["W"]
    np.testing.assert_allclose(arrays["W1"].ravel(), numerical_gradient(loss_of, kept).ravel(), rtol=0, atol=1e-9)
