"""Integers and booleans are converted or refused, never wrapped (see `helpers.networks.floats`)."""

import numpy as np
import pytest

from experiments import augmented
from helpers.chapters.chapter2 import rbf_toy as toy
from helpers.chapters.chapter2.activations import gaussian_rbf, gaussian_rbf_derivative, sigmoid_derivative
from helpers.chapters.chapter3 import coordinate_network, gain_fields, sums_and_products
from helpers.chapters.chapter3 import population_codes as codes
from helpers.chapters.chapter4 import halftoning
from helpers.chapters.chapter4.batched_networks import BatchedNetworks
from helpers.chapters.chapter5.sign_layers import Sign, StraightThroughSign
from helpers.measures import diagnostics
from helpers.networks import losses
from helpers.networks.activations import relu, sigmoid, softplus
from helpers.networks.excitatory_inhibitory import excitatory_inhibitory
from helpers.networks.floats import as_floats
from helpers.networks.layers import Affine, LossLayer, ReLU, Sigmoid, Tanh
from helpers.networks.network import Network
from helpers.networks.stages import activities, stages_of

pytestmark = pytest.mark.filterwarnings("error")

KINDS = [np.uint8, np.int8, np.uint16, np.int64, np.uint64, bool]
X = np.array([[0, 1, 20, 100], [3, 1, 0, 127]])  # its squares, negatives and sums leave 8 bits
ONES = np.array([[0, 1, 1, 0], [1, 0, 1, 1]])
CENTRES = codes.GaussianCode(4, side=2).centres
EYE = np.array([[0, 0], [20, 100], [100, 20], [3, 50], [7, 9]])

#: Functions of arrays, each with whole numbers to give it.
CONVERTING = {
    **{
        function.__name__: (function, X)
        for function in (gaussian_rbf, gaussian_rbf_derivative, relu, sigmoid, sigmoid_derivative, softplus)
    },
    "log_sum_exp": (losses.log_sum_exp, X),
    "sigmoid_cross_entropy": (losses.sigmoid_cross_entropy, X, ONES),
    "binary_cross_entropy": (losses.binary_cross_entropy, X, ONES),
    "sigmoid_squared_error": (losses.sigmoid_squared_error, X, ONES),
    "softmax_cross_entropy": (lambda a, t: losses.softmax_cross_entropy(a, t), X, np.eye(4)[[2, 0]].astype(int)),
    **{
        kind.__name__: (lambda x, kind=kind: kind().forward(x), X)
        for kind in (ReLU, Sigmoid, Tanh, Sign, StraightThroughSign)
    },
    "threshold_image": (halftoning.threshold_image, ONES),
    "diffuse_error": (lambda image: halftoning.diffuse_error(image, halftoning.FLOYD_STEINBERG), ONES),
    "GaussianCode": (codes.GaussianCode(90).encode, X.reshape(-1, 2)),
    "MonotonicCode": (codes.MonotonicCode(127).encode, X.reshape(-1, 2)),
    "TemplateDecoder": (codes.TemplateDecoder(codes.GaussianCode(4, side=2)).decode, X),
    "centre_of_mass": (lambda activity: codes.centre_of_mass(activity, CENTRES), X),
    "distance": (codes.distance, X[:, :2], X[:, 2:]),
    "visual": (lambda total, background: gain_fields.Responses(total, background).visual, X, X[::-1]),
    "planar_fit": (lambda eye, responses: gain_fields.planar_fit(eye, responses).coefficients, EYE, EYE[::-1] + 1),
    "additive_error": (sums_and_products.additive_error, X),
    "multiplicative_error": (sums_and_products.multiplicative_error, X),
    "product_preference": (sums_and_products.product_preference, X),
    "alignment": (coordinate_network.alignment, X[:, 2:], X[:, 2:][::-1]),
    "angle": (diagnostics.angle, X, X[::-1]),
    "norms": (lambda x: diagnostics.norms({"W": x}), X),
    "forward of the toy": (toy.forward, X[0], np.array(9), np.array(3)),
    "cost of the toy": (toy.cost, X[0], ONES[0], 2, 3),
    "gradients of the toy": (toy.gradients, X[0], ONES[0], 0.02, 3),
    "hessian of the toy": (toy.hessian, X[0], ONES[0], 0.02, 3),
}  # fmt: skip

#: Those for which zeros and ones say too little: no plane, no direction.
NEEDS_LARGE = ("planar_fit", "alignment")


def flat(result) -> np.ndarray:
    """All numbers of a result, whatever holds them."""
    stages = result.values() if isinstance(result, dict) else result if isinstance(result, tuple) else (result,)
    return np.concatenate([np.ravel(part).astype(float) for part in stages])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", CONVERTING)
def test_whole_numbers_give_what_floats_give(name, kind):
    function, *arguments = CONVERTING[name]
    if kind is bool and name not in NEEDS_LARGE:
        arguments = [a % 2 if isinstance(a, np.ndarray) else a for a in arguments]
    whole, floats = (
        [a.astype(dtype) if isinstance(a, np.ndarray) else a for a in arguments]
        for dtype in (int if kind is bool and name in NEEDS_LARGE else kind, float)
    )
    found, expected = function(*whole), function(*floats)
    np.testing.assert_allclose(flat(found), flat(expected), rtol=1e-12, atol=1e-12)


def test_as_floats_keeps_floats_and_refuses_what_floats_cannot_hold():
    for dtype in (np.float16, np.float32, np.float64):
        x = np.ones(3, dtype)
        assert as_floats(x) is x
    assert as_floats([1, 2]).dtype == float and as_floats(True) == 1.0
    for other in (np.array(["a"]), np.array([1j]), np.array([None])):
        with pytest.raises(ValueError, match="need numbers that floats can hold, got an array of"):
            as_floats(other)


def network(**options) -> Network:
    return Network.dense([16, 4, 3], np.random.default_rng(0), **options)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_raw_images_are_refused_with_advice(kind):
    images = np.random.default_rng(1).integers(0, 256, (5, 16)).astype(kind)
    labels = np.zeros(5, int)
    ours = network()
    pairs = excitatory_inhibitory(16, 2, 1, np.random.default_rng(2))
    batched = BatchedNetworks.of([pairs])
    for use in (
        lambda: ours.predict(images),
        lambda: ours.loss(images, labels),
        lambda: ours.gradients(images, labels),
        lambda: ours.accuracy(images, labels),
        lambda: Affine(np.ones((16, 2)), np.zeros(2)).forward(images),
        lambda: activities(stages_of(ours), images),
        lambda: pairs.predict(images),
        lambda: batched.predict(images),
        lambda: augmented.drops(0.1, np.random.default_rng(0))(images),
    ):
        with pytest.raises(ValueError, match=r"must be an array of floats, got .*scale images to floats from 0 to 1"):
            use()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_images_are_shifted_by_small_integers_without_wrapping(kind):
    images = np.random.default_rng(3).random((2, 400))
    offsets = np.array([[1, 0], [0, 1]]) if kind is bool else np.array([[100, 0], [3, 120]])
    expected = augmented.shifted(images, (20, 20), offsets)
    np.testing.assert_array_equal(augmented.shifted(images, (20, 20), offsets.astype(kind)), expected)
    if kind is np.int8:
        np.testing.assert_array_equal(
            augmented.shifted(images, (20, 20), (-offsets).astype(kind)),
            augmented.shifted(images, (20, 20), -offsets),
        )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_labels_and_targets_of_any_whole_type_cost_what_those_of_int_cost(kind):
    logits, one_hot = np.random.default_rng(4).standard_normal((3, 2)).astype(np.float32), np.eye(2)[[1, 0, 1]]
    expected = losses.softmax_cross_entropy(logits, one_hot)
    assert losses.softmax_cross_entropy(logits, one_hot.astype(kind))[0] == expected[0]
    if kind is not bool:  # a class is a number
        assert losses.softmax_cross_entropy(logits, np.array([1, 0, 1], kind))[0] == expected[0]
    for loss in (losses.binary_cross_entropy, losses.sigmoid_squared_error):
        assert loss(logits, one_hot.astype(kind))[0] == pytest.approx(loss(logits, one_hot)[0], rel=1e-6)
