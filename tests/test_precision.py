"""Losses against a computation with 60 digits, over the whole range of logits; never negative.

The tolerance is 8 roundings of the type: an exponential, a logarithm and a few sums, each good to 1 to 3. Beside
it stands the smallest normal number, below which floats have no full precision.
"""

import math
from decimal import Decimal, localcontext
from itertools import product

import numpy as np
import pytest

from helpers.networks.activations import softplus
from helpers.networks.losses import (
    binary_cross_entropy,
    log_sum_exp,
    sigmoid_cross_entropy,
    sigmoid_squared_error,
    softmax_cross_entropy,
)

pytestmark = pytest.mark.filterwarnings("error")

TYPES = [np.float32, np.float64]
SIZES = [0.0, 1e-45, 1e-30, 1e-8, 0.1, 0.5, 1.0, 3.0, 10.0, 16.7, 30.0, 37.5, 80.0, 88.0, 104.0, 1e4, 1e30]
LOGITS = [sign * size for size, sign in product([*SIZES, 5e-324, 700.0, 745.0, 1e300], (1, -1))]
SHARES = [0.0, 1.0, 0.5, 0.25, 1e-3, 1 - 2**-20]


@pytest.fixture(autouse=True)
def digits():
    with localcontext(prec=60, Emin=-(10**17), Emax=10**17, traps=[]):
        yield


def logits_of(dtype) -> np.ndarray:
    """The logits that a type can hold."""
    limit = float(np.finfo(dtype).max)
    return np.array([logit for logit in LOGITS if abs(logit) < limit], dtype)


def log_one_plus(z: Decimal) -> Decimal:
    """log(1 + z) for z >= 0, to nearly 60 digits also where 1 + z would lose them."""
    return z - z * z / 2 if z < Decimal("1e-25") else (1 + z).ln()


def exact_softplus(x: float) -> Decimal:
    x = Decimal(float(x))
    return max(x, Decimal(0)) + log_one_plus((-abs(x)).exp() if abs(x) < 10**6 else Decimal(0))


def exact_cross_entropy(a: float, t: float) -> Decimal:
    """By the definition: -t log y - (1 - t) log(1 - y)."""
    t = Decimal(float(t))
    return t * exact_softplus(-float(a)) + (1 - t) * exact_softplus(a)


def exact_sigmoid(a: float) -> Decimal:
    a = Decimal(max(-1e6, min(1e6, float(a))))
    return 1 / (1 + (-a).exp())


def agree(found: float, exact: Decimal, dtype, size: Decimal | None = None) -> bool:
    """Whether a number is right to 8 roundings, of itself or of a larger size that it came from."""
    limits = np.finfo(dtype)
    allowed = 8 * Decimal(float(limits.eps)) * (abs(exact) if size is None else size) + Decimal(float(limits.tiny))
    return abs(Decimal(float(found)) - exact) <= allowed


@pytest.mark.parametrize("dtype", TYPES)
def test_softplus(dtype):
    for x, found in zip(logits_of(dtype), softplus(logits_of(dtype)), strict=True):
        assert found >= 0 and agree(found, exact_softplus(x), dtype), x


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("dtype", TYPES)
def test_sigmoid_cross_entropy_and_binary_cross_entropy(dtype, share):
    a, t = logits_of(dtype), dtype(share)
    for logit, found in zip(a, sigmoid_cross_entropy(a, t), strict=True):
        exact = exact_cross_entropy(logit, t)
        value, _ = binary_cross_entropy(np.array([[logit]]), np.array([[t]]))
        assert found >= 0 and agree(found, exact, dtype), (logit, found, exact)
        assert value >= 0 and agree(value, exact, dtype), (logit, value, exact)


@pytest.mark.parametrize("dtype", TYPES)
def test_binary_cross_entropy_of_a_batch_is_precise_and_never_negative(dtype, rng):
    for scale in (1, 10, 40, 100):
        a = (scale * rng.standard_normal((25, 64))).astype(dtype)
        t = (a > 0).astype(dtype)  # confident and right
        value, _ = binary_cross_entropy(a, t)
        exact = sum(map(exact_softplus, -np.abs(a).ravel())) / 25
        assert value >= 0 and agree(value, exact, dtype)


ROWS = [
    [0.0, 0.0], [-0.0, 0.0], [0.0, -40.0], [30.0, 0.0], [0.0, 40.0, -40.0], [1e-8, 0.0, 3.0],
    [80.0, -5.0, 79.0], [1e4, 0.0, -1e4], [-1e4, -1e4 - 30, -2e4], [1e30, -1e30], [-np.inf, 0.0, 1.0],
    [-np.inf, -3.0], [37.0, -np.inf, 0.0, 36.5],
]  # fmt: skip


def exact_logarithm_of_sum(row: np.ndarray) -> tuple[Decimal, Decimal]:
    """Largest entry of a row, and the logarithm of the sum of exponentials less that entry."""
    place = int(row.argmax())
    others = [Decimal(float(entry)) - Decimal(float(row[place])) for i, entry in enumerate(row) if i != place]
    total = sum((other.exp() if other > -(10**6) else Decimal(0)) for other in others)
    return Decimal(float(row[place])), log_one_plus(total)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("dtype", TYPES)
def test_log_sum_exp(row, dtype):
    row = np.array(row, dtype)
    largest, rest = exact_logarithm_of_sum(row)
    assert agree(log_sum_exp(row).item(), largest + rest, dtype, size=abs(largest) + rest)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("dtype", TYPES)
def test_softmax_cross_entropy_by_integers_and_by_rows(row, dtype):
    logits = np.array([row], dtype)
    largest, rest = exact_logarithm_of_sum(logits[0])
    for label in np.flatnonzero(np.isfinite(row)):
        exact = rest + (largest - Decimal(float(logits[0, label])))
        value, gradient = softmax_cross_entropy(logits, np.array([label]))
        assert value >= 0 and agree(value, exact, dtype), label
        value_hot, gradient_hot = softmax_cross_entropy(logits, np.eye(len(row))[[label]])
        assert value_hot == value
        np.testing.assert_array_equal(gradient_hot, gradient)
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", TYPES)
def test_squared_errors(dtype):
    for a in logits_of(dtype):
        for share in SHARES:
            t, y = dtype(share), exact_sigmoid(a)
            difference = y - Decimal(float(t))
            value, _ = sigmoid_squared_error(np.array([a]), np.array([t]))
            # the difference of two close numbers is known to a rounding of the numbers
            size = abs(difference) if share in (0, 1) else max(abs(difference), Decimal(1))
            assert value >= 0 and agree(value, difference**2 / 2, dtype, size=2 * size * abs(difference)), (a, t)


def test_a_long_squared_error_in_float32_is_precise(rng):
    targets = rng.random((9500, 64)).astype(np.float32)
    error = np.float32(0.5) - targets
    exact = math.fsum(np.square(error, dtype=float).ravel()) / 2 / 9500  # each square is exact in 64 bits
    value, _ = sigmoid_squared_error(np.zeros((9500, 64), np.float32), targets)
    assert value == pytest.approx(exact, rel=8 * float(np.finfo(np.float32).eps))
