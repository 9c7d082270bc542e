"""Losses against scipy and scikit-learn, by hand, and with bad labels."""

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import log_loss

from helpers.networks.losses import (
    binary_cross_entropy,
    log_sum_exp,
    sigmoid_cross_entropy,
    sigmoid_squared_error,
    softmax_cross_entropy,
)

pytestmark = pytest.mark.filterwarnings("error")

N, CLASSES = 6, 4


@pytest.fixture
def logits(rng) -> np.ndarray:
    return 3 * rng.standard_normal((N, CLASSES))


@pytest.fixture
def labels(rng) -> np.ndarray:
    return rng.integers(CLASSES, size=N)


def test_log_sum_exp_is_scipys(rng):
    x = 10 * rng.standard_normal((2, 5, 3))
    np.testing.assert_allclose(log_sum_exp(x), special.logsumexp(x, axis=-1, keepdims=True), rtol=1e-14)


def test_log_sum_exp_survives_huge_arguments():
    assert log_sum_exp(np.array([[1e4, 1e4], [-1e4, -1e4]])) == pytest.approx(
        np.array([[1e4 + np.log(2)], [-1e4 + np.log(2)]]), rel=1e-15
    )


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes():
    value, gradient = softmax_cross_entropy(np.zeros((2, 4)), np.array([1, 3]))
    assert value == pytest.approx(np.log(4), rel=1e-15)
    assert gradient.tolist() == [[0.125, -0.375, 0.125, 0.125], [0.125, 0.125, 0.125, -0.375]]


def test_value_is_scikit_learns_log_loss(logits, labels):
    expected = log_loss(labels, special.softmax(logits, axis=1), labels=range(CLASSES))
    assert softmax_cross_entropy(logits, labels)[0] == pytest.approx(expected, rel=1e-13)


def test_value_for_target_probabilities_is_the_mean_cross_entropy(logits, rng):
    targets = rng.dirichlet(np.ones(CLASSES), size=N)
    expected = -(targets * special.log_softmax(logits, axis=1)).sum(axis=1).mean()
    assert softmax_cross_entropy(logits, targets)[0] == pytest.approx(expected, rel=1e-13)


def test_gradient_is_softmax_minus_target_over_n(logits, labels):
    expected = (special.softmax(logits, axis=1) - np.eye(CLASSES)[labels]) / N
    np.testing.assert_allclose(softmax_cross_entropy(logits, labels)[1], expected, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("kind", ["integers", "one-hot", "probabilities"])
def test_gradient_agrees_with_central_differences(kind, logits, labels, rng, numerical_gradient):
    targets = {
        "integers": labels,
        "one-hot": np.eye(CLASSES)[labels],
        "probabilities": rng.dirichlet(np.ones(CLASSES), size=N),
    }[kind]
    expected = numerical_gradient(lambda x: softmax_cross_entropy(x, targets)[0], logits)
    np.testing.assert_allclose(softmax_cross_entropy(logits, targets)[1], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("dtype", [bool, int, np.float32, np.float64])
def test_one_hot_labels_equal_integer_labels(dtype, logits, labels):
    value, gradient = softmax_cross_entropy(logits, labels)
    value_hot, gradient_hot = softmax_cross_entropy(logits, np.eye(CLASSES, dtype=dtype)[labels])
    assert value_hot == pytest.approx(value, rel=1e-15)
    np.testing.assert_array_equal(gradient_hot, gradient)


@pytest.mark.parametrize("label, cost", [(0, 0.0), (1, 1e4)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_give_a_finite_loss_and_gradient(label, cost, dtype):
    value, gradient = softmax_cross_entropy(np.array([[1e4, 0, -1e4]], dtype), np.array([label]))
    assert value == cost
    np.testing.assert_array_equal(gradient, [[1, 0, 0] - np.eye(3)[label]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hot", [False, True], ids=["integers", "one-hot"])
def test_float_type_is_kept_and_the_arguments_are_unchanged(dtype, hot, logits, labels):
    logits, targets = logits.astype(dtype), np.eye(CLASSES)[labels] if hot else labels
    copies = logits.copy(), targets.copy()
    value, gradient = softmax_cross_entropy(logits, targets)
    assert gradient.dtype == dtype and isinstance(value, float)
    np.testing.assert_array_equal(logits, copies[0])
    np.testing.assert_array_equal(targets, copies[1])


def test_lists_are_taken_as_arrays():
    value, gradient = softmax_cross_entropy([[0.0, 0.0]], [1])
    assert value == pytest.approx(np.log(2)) and gradient.tolist() == [[0.5, -0.5]]


# Binary cross-entropy


def test_sigmoid_cross_entropy_is_minus_the_logarithm_of_scipys_sigmoid(rng):
    a = 10 * rng.standard_normal(50)
    np.testing.assert_allclose(sigmoid_cross_entropy(a, 1), -special.log_expit(a), rtol=1e-12)
    np.testing.assert_allclose(sigmoid_cross_entropy(a, 0), -special.log_expit(-a), rtol=1e-12)
    np.testing.assert_allclose(
        sigmoid_cross_entropy(a, 0.3), 0.3 * sigmoid_cross_entropy(a, 1) + 0.7 * sigmoid_cross_entropy(a, 0), rtol=1e-12
    )


def test_sigmoid_cross_entropy_survives_huge_logits():
    assert sigmoid_cross_entropy(np.array([1e4, -1e4]), np.array([0, 1])).tolist() == [1e4, 1e4]
    assert sigmoid_cross_entropy(np.array([1e4, -1e4]), np.array([1, 0])).tolist() == [0, 0]


def test_binary_cross_entropy_is_scikit_learns_log_loss(rng):
    a, t = 3 * rng.standard_normal(20), rng.integers(2, size=20)
    value, _ = binary_cross_entropy(a, t)
    assert value == pytest.approx(log_loss(t, special.expit(a)), rel=1e-13)


@pytest.mark.parametrize("shape", [(6,), (6, 3)], ids=str)
def test_binary_gradient_agrees_with_central_differences(shape, rng, numerical_gradient):
    a, t = 3 * rng.standard_normal(shape), rng.random(shape)
    value, gradient = binary_cross_entropy(a, t)
    assert isinstance(value, float) and gradient.shape == shape
    expected = numerical_gradient(lambda x: binary_cross_entropy(x, t)[0], a)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-9)


def test_outputs_of_one_sample_add_and_samples_are_averaged():
    value, gradient = binary_cross_entropy(np.zeros((2, 3)), np.eye(2, 3))
    assert value == pytest.approx(3 * np.log(2))
    assert gradient.tolist() == [[-0.25, 0.25, 0.25], [0.25, -0.25, 0.25]]


def test_two_classes_cost_the_same_by_sigmoid_and_by_softmax(rng):
    a, t = rng.standard_normal(8), rng.integers(2, size=8)
    two_logits = np.stack([np.zeros(8), a], axis=1)
    assert binary_cross_entropy(a, t)[0] == pytest.approx(softmax_cross_entropy(two_logits, t)[0], rel=1e-13)


# Bad input


@pytest.mark.parametrize("shape", [(0, 4), (4,), (2, 3, 4), ()], ids=str)
def test_logits_must_be_a_batch_of_rows(shape):
    with pytest.raises(ValueError, match=r"logits must have shape \(n, classes\) with n >= 1, got \("):
        softmax_cross_entropy(np.zeros(shape), np.zeros(2, int))


@pytest.mark.parametrize("bad", [-1, 4, 100], ids=["negative", "equal to classes", "beyond"])
def test_labels_out_of_range_are_named(bad, logits):
    labels = np.array([0, 1, 2, 3, 2, bad])
    with pytest.raises(ValueError, match=rf"class numbers from 0 to 3, got values .*{bad}"):
        softmax_cross_entropy(logits, labels)


@pytest.mark.parametrize(
    "labels, came",
    [
        (np.zeros(N), r"float64 of shape \(6,\)"),
        (np.full(N, np.nan), r"float64 of shape \(6,\)"),
        (np.zeros(N, bool), r"bool of shape \(6,\)"),
        (np.array(list("abcdef")), r"<U1 of shape \(6,\)"),
        (np.zeros(N + 1, int), r"int64 of shape \(7,\)"),
        (np.zeros((N, 1), int), r"int64 of shape \(6, 1\)"),
        (np.zeros((N, CLASSES + 1)), r"float64 of shape \(6, 5\)"),
        (3, r"int64 of shape \(\)"),
    ],
    ids=["floats", "NaN", "bool", "text", "too many", "a column", "too many classes", "one number"],
)
def test_labels_that_do_not_fit_are_described(labels, came, logits):
    with pytest.raises(ValueError, match=rf"shape \(6,\) or target rows of shape \(6, 4\), got {came}"):
        softmax_cross_entropy(logits, labels)


@pytest.mark.parametrize(
    "row",
    [[0, 0, 0, 0], [1, 1, 0, 0], [-0.5, 1.5, 0, 0], [np.nan, 1, 0, 0], [np.inf, 0, 0, 0]],
    ids=["no class", "two classes", "negative", "NaN", "infinite"],
)
def test_target_rows_must_be_probabilities(row, logits):
    targets = np.eye(CLASSES)[np.zeros(N, int)]
    targets[2] = row
    with pytest.raises(ValueError, match="must be probabilities: no negative entry, sum 1"):
        softmax_cross_entropy(logits, targets)


# Binary cross-entropy and squared error


@pytest.fixture
def shares(rng) -> np.ndarray:
    return rng.random((5, 4))


def test_binary_cross_entropy_is_scikit_learns_for_labels(rng):
    logits, labels = 3 * rng.standard_normal((40, 1)), rng.integers(2, size=(40, 1))
    value, _ = binary_cross_entropy(logits, labels)
    assert value == pytest.approx(log_loss(labels[:, 0], special.expit(logits[:, 0])), rel=1e-12)


def test_binary_cross_entropy_is_its_definition_summed_over_outputs_averaged_over_samples(rng, shares):
    logits = rng.standard_normal((5, 4))
    y = special.expit(logits)
    expected = -(special.xlogy(shares, y) + special.xlogy(1 - shares, 1 - y)).sum() / 5
    assert binary_cross_entropy(logits, shares)[0] == pytest.approx(expected, rel=1e-12)
    assert binary_cross_entropy(logits[:, 0], shares[:, 0])[0] == pytest.approx(
        binary_cross_entropy(logits[:, :1], shares[:, :1])[0]
    )


@pytest.mark.parametrize("loss", [binary_cross_entropy, sigmoid_squared_error])
def test_gradients_agree_with_central_differences(loss, rng, shares, numerical_gradient):
    outputs = 2 * rng.standard_normal((5, 4))
    _, gradient = loss(outputs, shares)
    np.testing.assert_allclose(gradient, numerical_gradient(lambda a: loss(a, shares)[0], outputs), rtol=0, atol=1e-8)


def test_binary_cross_entropy_survives_large_logits():
    value, gradient = binary_cross_entropy(np.array([[1000.0, -1000.0, 1000.0]]), np.array([[0.0, 1.0, 1.0]]))
    assert value == 2000
    np.testing.assert_array_equal(gradient, [[1, -1, 0]])


def test_the_smallest_binary_cross_entropy_is_the_entropy_of_the_targets(shares):
    value, gradient = binary_cross_entropy(special.logit(shares), shares)
    assert value == pytest.approx((special.entr(shares) + special.entr(1 - shares)).sum() / 5, rel=1e-12)
    np.testing.assert_allclose(gradient, 0, atol=1e-16)


@pytest.mark.parametrize("order", ["F", "C"])
def test_binary_cross_entropy_does_not_depend_on_the_order_in_memory(order, rng):
    a, t = rng.standard_normal((6, 4)), rng.random((6, 4))
    expected = binary_cross_entropy(a, t)
    for logits, targets in ((np.array(a, order=order), t), (a, np.array(t, order=order))):
        value, gradient = binary_cross_entropy(logits, targets)
        assert value == pytest.approx(expected[0], rel=1e-13)
        np.testing.assert_array_equal(gradient, expected[1])


@pytest.mark.parametrize(("n", "tolerance"), [(25, 1e-4), (9500, 1e-6)])
def test_sure_logits_in_float32_cost_what_they_cost_in_float64(n, tolerance, rng):
    logits = (30 * rng.standard_normal((n, 64))).astype(np.float32)
    targets = special.expit(logits.astype(float)).astype(np.float32)
    expected, _ = binary_cross_entropy(logits.astype(float), targets.astype(float))
    assert binary_cross_entropy(logits, targets)[0] == pytest.approx(expected, rel=tolerance)
    right_and_sure, _ = binary_cross_entropy(np.full((9500, 64), 20, np.float32), np.ones((9500, 64), np.float32))
    assert 0 <= right_and_sure < 1e-5


def test_the_squared_error_of_a_sigmoid_hardly_pulls_where_the_output_is_sure_and_wrong():
    logits, targets = np.array([[0.0, 9.0, -9.0]]), np.array([[1.0, 0.0, 1.0]])
    value, gradient = sigmoid_squared_error(logits, targets)
    y = special.expit(logits)
    assert value == pytest.approx(((y - targets) ** 2).sum() / 2)
    np.testing.assert_allclose(gradient, (y - targets) * y * (1 - y), rtol=1e-12)
    assert np.abs(gradient[0, 1:]).max() < 2e-4 < 0.9 < np.abs(binary_cross_entropy(logits, targets)[1][0, 1:]).min()


def test_a_target_out_of_range_is_found_whatever_stands_beside_it(rng):
    for bad in (-1e-3, 1.001, np.inf, -np.inf, np.nan):
        for place in range(12):
            targets = rng.random((3, 4))
            targets.flat[place] = bad
            with pytest.raises(ValueError, match="targets must lie between 0 and 1"):
                binary_cross_entropy(np.zeros((3, 4)), targets)
            targets.flat[11 - place] = np.nan
            with pytest.raises(ValueError, match="targets must lie between 0 and 1"):
                binary_cross_entropy(rng.standard_normal((3, 4)), targets)


def test_squared_error_is_half_the_squared_distance_averaged_over_samples():
    value, gradient = sigmoid_squared_error(np.zeros((2, 2)), np.array([[0.0, 0.5], [1.0, 1.0]]))
    assert value == (1 + 2) * 0.25 / 2 / 2
    np.testing.assert_array_equal(gradient, np.array([[0.5, 0], [-0.5, -0.5]]) * 0.25 / 2)


@pytest.mark.parametrize("loss", [binary_cross_entropy, sigmoid_squared_error])
def test_float32_stays_float32_and_nothing_handed_in_is_changed(loss, rng, shares):
    outputs, targets = rng.standard_normal((5, 4)).astype(np.float32), shares.astype(np.float32)
    copies = outputs.copy(), targets.copy()
    value, gradient = loss(outputs, targets)
    assert isinstance(value, float) and gradient.dtype == np.float32
    np.testing.assert_array_equal(outputs, copies[0])
    np.testing.assert_array_equal(targets, copies[1])


@pytest.mark.parametrize("loss", [binary_cross_entropy, sigmoid_squared_error])
@pytest.mark.parametrize(
    ("outputs", "targets", "words"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4)), r"same shape, got \(2, 3\) and \(2, 4\)"),
        (np.zeros((0, 3)), np.zeros((0, 3)), "need a batch"),
        (np.zeros(()), np.zeros(()), "need a batch"),
        (np.zeros((2, 0)), np.zeros((2, 0)), "need a batch"),
    ],
)
def test_outputs_and_targets_must_fit(loss, outputs, targets, words):
    with pytest.raises(ValueError, match=words):
        loss(outputs, targets)


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan])
def test_shares_must_lie_between_0_and_1(bad):
    with pytest.raises(ValueError, match="targets must lie between 0 and 1"):
        binary_cross_entropy(np.zeros((1, 2)), np.array([[0.5, bad]]))
