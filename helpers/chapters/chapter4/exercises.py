"""The exercises of chapter 4, error diffusion."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter4.batched_networks import BatchedErrorDiffusion, BatchedNetworks
from helpers.chapters.chapter4.halftoning import FLOYD_STEINBERG, JARVIS_JUDICE_NINKE, diffuse_error
from helpers.chapters.chapter4.online import rounds_to_learn
from helpers.data.tasks import parity
from helpers.networks.activations import sigmoid
from helpers.pages.answers import NotAnAnswer, number
from helpers.pages.exercises import Exercise, Finding, Measured, Mistake

# in none of these does the right answer, or a known wrong one, come to a dot within 1e-6 of the threshold: a machine, or
# an answer, that adds in another order moves a carried brightness by 1e-15, and must find the same dots
_RAMP = np.linspace(0.13, 0.91, 40).reshape(5, 8)
_SPECKLED = np.random.default_rng(0).random((6, 9)).round(2)


# but one pixel, and nothing is carried to it: it is one half exactly, on every machine
_HALF = np.array([[0.5, 0.3]])


def _halftone_with(
    error: Callable = lambda image, wanted, dot: wanted - dot, *, keep: float = 1.0, left: bool = False, carried: bool = False
) -> Callable[[NDArray, NDArray], NDArray]:  # fmt: skip
    """Error diffusion that takes its error in another way: a function of image, carried value and dot.

    It may keep another share of what is carried already, read the error at the left border of the kernel, or hand
    back the carried brightness.
    """

    def answer(image: NDArray, kernel: NDArray) -> NDArray:
        (high, wide), (down, across) = image.shape, kernel.shape
        side = across // 2
        wanted = np.pad(image, [(0, down), (side, side)])
        dots = np.zeros((high, wide))
        for i in range(high):
            for j in range(wide):
                dots[i, j] = wanted[i, j + side] > 0.5
                passed = error(image[i, j], wanted[i, j + (0 if left else side)], dots[i, j])
                window = wanted[i : i + down, j : j + across]
                window[...] = keep * window + passed * kernel
        return wanted[:high, side : side + wide] if carried else dots

    return answer


def _mirrored_below(kernel: NDArray) -> NDArray:
    """A kernel whose rows below the pixel run from right to left."""
    return np.vstack([kernel[:1], kernel[1:, ::-1]])


_GIVEN_HALFTONE = '''\
def buggy_halftone(image, kernel):
    """Error diffusion with a mistake."""
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image, [(0, down), (side, side)])
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            dots[i, j] = wanted[i, j + side] > 0.5
            error = image[i, j] - dots[i, j]
            wanted[i : i + down, j : j + across] += error * kernel
    return dots
'''

halftone = Exercise(
    given=_GIVEN_HALFTONE,
    solve=diffuse_error,
    cases=[
        (np.full((2, 4), 0.39), FLOYD_STEINBERG),
        (_RAMP, FLOYD_STEINBERG),
        (_RAMP.T.copy(), JARVIS_JUDICE_NINKE),
        (_SPECKLED, FLOYD_STEINBERG),
        (_HALF, FLOYD_STEINBERG),
    ],
    names=("image", "kernel"),
    mistakes=[
        Mistake("The error is taken from the image, so what was carried to a pixel is forgotten: take it from the pixel plus "
                "the carried errors.", _halftone_with(lambda image, wanted, dot: image - dot)),
        Mistake("These are the dots of a bare threshold. Either you decide on the image alone, or the error that you pass on is "
                "always zero: it is the pixel plus what was carried to it, minus the dot.",
                lambda image, kernel: (image > 0.5) * 1.0),
        Mistake("The sign of the error is wrong: a pixel that came out too dark must make its neighbours brighter.",
                _halftone_with(lambda image, wanted, dot: dot - wanted)),
        Mistake("The error has the wrong sign, and it is taken from the image: it is the pixel plus what was carried to it, minus "
                "the dot.", _halftone_with(lambda image, wanted, dot: dot - image)),
        Mistake("Black and white are exchanged: a dot is 1 where the picture is bright.",
                lambda image, kernel: 1 - diffuse_error(image, kernel)),
        Mistake("The rows below are mirrored: the first column of the kernel belongs to the left of the pixel.",
                lambda image, kernel: diffuse_error(image, _mirrored_below(kernel))),
        Mistake("The kernel is mirrored: its first column belongs to the left of the pixel, and the 7 to the right.",
                lambda image, kernel: _halftone_with()(image, kernel[:, ::-1])),
        Mistake("Half mended. The dot is decided on column j + side of the padded array, where pixel j stands; read the error "
                "there, too, not in column j.", _halftone_with(left=True)),
        Mistake("A new share takes the place of what was carried before: add it, with +=.", _halftone_with(keep=0.0)),
        Mistake("An error may be negative, too: a pixel that came out too bright must make its neighbours darker.",
                _halftone_with(lambda image, wanted, dot: max(wanted - dot, 0)),
                _halftone_with(lambda image, wanted, dot: abs(wanted - dot))),
        Mistake("That is the carried brightness: hand back the dots.", _halftone_with(carried=True)),
        Mistake("At exactly one half the dot is black: it is 1 only where more than one half is wanted.",
                lambda image, kernel: diffuse_error(image, kernel, np.nextafter(0.5, 0))),
    ],
    praise="What was wanted at that moment, carried errors included, minus what was printed.",
)  # fmt: skip

_GIVEN_SIGMOID_U0 = '''\
def buggy_sigmoid(x, u0):
    """A sigmoid of width u0, with a mistake."""
    x *= 2 / u0
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
'''

sigmoid_u0 = Exercise(
    given=_GIVEN_SIGMOID_U0,
    solve=sigmoid,
    cases=[(np.array([0.5, -1.0, 2.0]), 0.4), (np.array([[0.0, 3.0], [-3.0, 0.1]]), 1.0), (np.array([-300.0, 300.0]), 0.5)],
    names=("x", "u0"),
    mistakes=[
        Mistake("The 2 is missing: the exponent is -2 x / u0.", lambda x, u0: sigmoid(x, 2 * u0)),
        Mistake("u0 is missing.", lambda x, u0: sigmoid(x, 1.0)),
        Mistake("You multiply by u0: a smaller u0 must make the curve steeper.", lambda x, u0: sigmoid(2 * x * u0)),
        Mistake("The sign of the exponent is wrong: the curve falls.", lambda x, u0: sigmoid(-x, u0)),
        Mistake("The 2 and u0 are both missing: the exponent is -2 x / u0.", lambda x, u0: sigmoid(x, 2.0)),
        Mistake("You multiply by u0 / 2, and should divide: the exponent is -2 x / u0.", lambda x, u0: sigmoid(x, 4 / u0)),
        Mistake("The 2 stands on the wrong side: the exponent is -2 x / u0, not -x / (2 u0).",
                lambda x, u0: sigmoid(x, 4 * u0)),
        Mistake("That is tanh(x / u0), which runs from −1 to 1; this sigmoid is (1 + tanh(x / u0)) / 2.",
                lambda x, u0: np.tanh(x / u0)),
        Mistake("The width is always 0.4: use the u0 that is given.", lambda x, u0: sigmoid(x, 0.4)),
        Mistake("That is the slope of the sigmoid: its value is asked for.", lambda x, u0: sigmoid(x, u0) * sigmoid(-x, u0)),
        Mistake("exp(2 x / u0) overflows where x is large, and infinity divided by infinity is no number: "
                "1 / (1 + exp(-2 x / u0)) goes to 1 there.", lambda x, u0: np.exp(2 * x / u0) / (1 + np.exp(2 * x / u0))),
        Mistake("Below the line the absolute value is missing: take exp(-|2 x / u0|) there, or sums below zero come out wrong.",
                lambda x, u0: np.exp(np.minimum(2 * x / u0, 0)) * sigmoid(x, u0)),
    ],
    praise="Right values, and the caller's sums are as they were.",
)  # fmt: skip

_GIVEN_ELU_SLOPE = '''\
def buggy_elu_slope(y):
    """Derivative of the ELU from its output, with a mistake."""
    return np.maximum(y + 1, 1)
'''

elu_slope = Exercise(
    given=_GIVEN_ELU_SLOPE,
    solve=lambda y: np.minimum(y + 1, 1),
    cases=[(np.array([-0.9, -0.5, 0.5, 3.0]),), (np.array([2.0, -0.1]),), (np.array([0.0]),)],
    names=("y",),
    mistakes=[
        Mistake("The branches are exchanged: on the straight part the slope is 1, yours grows with y; where the curve "
                "flattens the slope is y + 1.", lambda y: np.maximum(y + 1, 1)),
        Mistake("That is the curve itself, shifted, for all y: where y > 0 the slope is 1.", lambda y: y + 1),
        Mistake("That is the slope of a ReLU: for y < 0 it is y + 1, not 0.",
                lambda y: (y > 0) * 1.0, lambda y: (y >= 0) * 1.0),
        Mistake("That is the slope of the straight part, everywhere: for y < 0 it is y + 1.", lambda y: np.ones_like(y)),
        Mistake("On the straight part the slope is 1, yours grows with y; and for y < 0 it is y + 1, not 1.",
                lambda y: np.maximum(y, 1)),
        Mistake("For y < 0 you take the exponential of y; but y already is exp(x) - 1.", lambda y: np.minimum(np.exp(y), 1)),
        Mistake("The 1 is missing: for y < 0 the slope is y + 1.",
                lambda y: np.where(y > 0, 1, y), lambda y: np.where(y >= 0, 1, y), lambda y: np.minimum(y, 1)),
        Mistake("Where y > 0 the slope is 1, not 0.", lambda y: np.where(y > 0, 0, y + 1), lambda y: np.where(y >= 0, 0, y + 1)),
        Mistake("On the straight part the slope is 1, not y.",
                lambda y: np.where(y > 0, y, y + 1), lambda y: np.where(y >= 0, y, y + 1)),
        Mistake("For y < 0 the slope is y + 1, which is less than 1: yours has the wrong sign of y.",
                lambda y: np.maximum(1 - y, 1)),
        Mistake("That is the ELU itself, taken of its own output: the slope is asked for.",
                lambda y: np.where(y > 0, y, np.exp(y) - 1)),
        Mistake("At y = 0 neither of your two cases holds: the slope there is 1, by either formula.",
                lambda y: (y > 0) + (y < 0) * (y + 1)),
    ],
    praise="Never steeper than 1, and falling towards 0 where the curve is flat.",
)  # fmt: skip


def _change_with(
    *, amine: Callable = lambda d, s_i, s_j: max(s_i * d, 0), slope: Callable = lambda o_i, o_j: o_j * (1 - o_j),
    activity: Callable = lambda o_i, o_j: o_i, sign: Callable = lambda s_i, s_j: s_i * s_j, rate: Callable = lambda rate: rate,
) -> Callable[..., float]:  # fmt: skip
    """The change of a weight; by default the right one, otherwise with some of its five factors replaced."""
    return lambda d, o_i, o_j, s_i, s_j, eta: (
        rate(eta) * amine(d, s_i, s_j) * slope(o_i, o_j) * activity(o_i, o_j) * sign(s_i, s_j)
    )


connection = Exercise(
    solve=_change_with(),
    cases=[
        (0.5, 0.8, 0.6, 1, 1, 0.8),
        (-0.5, 0.8, 0.6, 1, 1, 0.8),
        (-0.25, 0.5, 0.7, -1, 1, 1.0),
        (0.25, 0.5, 0.7, 1, -1, 1.0),
        (0.25, 0.5, 0.7, -1, -1, 1.0),
        (-0.25, 0.5, 0.7, -1, -1, 1.0),
    ],
    names=("d", "o_i", "o_j", "s_i", "s_j", "rate"),
    mistakes=[
        Mistake("That is the decrement option, which also shrinks weights: by default a weight only grows.",
                _change_with(amine=lambda d, s_i, s_j: s_i * d)),
        Mistake("The amine is chosen by the kind of the source, s_i, not of the target.",
                _change_with(amine=lambda d, s_i, s_j: max(s_j * d, 0))),
        Mistake("The sign is missing: the change must have the sign of the weight, s_i s_j.",
                _change_with(sign=lambda s_i, s_j: 1)),
        Mistake("The slope o_j (1 - o_j) of the target is missing.", _change_with(slope=lambda o_i, o_j: 1)),
        Mistake("The slope belongs to the target, o_j; yours is that of the source.",
                _change_with(slope=lambda o_i, o_j: o_i * (1 - o_i))),
        Mistake("The output of the source, o_i, is missing.", _change_with(activity=lambda o_i, o_j: 1)),
        Mistake("Every change has the wrong sign: a weight must move away from zero.",
                _change_with(sign=lambda s_i, s_j: -s_i * s_j)),
        Mistake("Only one amine flows at a time: the absolute error would feed connections of either kind.",
                _change_with(amine=lambda d, s_i, s_j: abs(d))),
        Mistake("The sign of the change is that of the weight, s_i s_j; yours is s_i.", _change_with(sign=lambda s_i, s_j: s_i)),
        Mistake("The sign of the change is that of the weight, s_i s_j; yours comes out as s_j. (Is your amine negative? It never "
                "is: for inhibitory sources it is max(-d, 0).)", _change_with(sign=lambda s_i, s_j: s_j)),
        Mistake("The amine is missing. An excitatory source hears max(d, 0), an inhibitory one max(-d, 0); you take d for both.",
                _change_with(amine=lambda d, s_i, s_j: d)),
        Mistake("The amine is missing, and a sign: an excitatory source hears max(d, 0), an inhibitory one max(-d, 0), and the "
                "sign is s_i s_j.", _change_with(amine=lambda d, s_i, s_j: d, sign=lambda s_i, s_j: s_i)),
        Mistake("Connections from inhibitory cells hear max(-d, 0), not d.",
                _change_with(amine=lambda d, s_i, s_j: max(d, 0) if s_i > 0 else d)),
        Mistake("The slope of the target is o_j (1 - o_j); yours is o_j alone.", _change_with(slope=lambda o_i, o_j: o_j)),
        Mistake("You have o_i (1 - o_i) where o_j (1 - o_j) o_i should be: the slope is the target's, the activity the source's.",
                _change_with(slope=lambda o_i, o_j: o_i * (1 - o_i), activity=lambda o_i, o_j: 1)),
        Mistake("Source and target have changed places: the slope is the target's, o_j (1 - o_j), the activity the source's, o_i.",
                _change_with(slope=lambda o_i, o_j: o_i * (1 - o_i), activity=lambda o_i, o_j: o_j)),
        Mistake("The slope of the target is o_j (1 - o_j); yours is 1 - o_j alone.", _change_with(slope=lambda o_i, o_j: 1 - o_j)),
        Mistake("1 - o_j ** 2 is the slope of tanh; the sigmoid's is o_j (1 - o_j).",
                _change_with(slope=lambda o_i, o_j: 1 - o_j**2)),
        Mistake("The factor 2 / u0 is to be left out here: the slope is o_j (1 - o_j).",
                _change_with(slope=lambda o_i, o_j: 2 / 0.4 * o_j * (1 - o_j))),
        Mistake("The learning rate is missing.", _change_with(rate=lambda rate: 1.0)),
        Mistake("The error is missing: where no amine flows nothing changes.", _change_with(amine=lambda d, s_i, s_j: 1)),
        Mistake("You take max(d, 0) for both kinds; an inhibitory source hears max(-d, 0).",
                _change_with(amine=lambda d, s_i, s_j: max(d, 0))),
        Mistake("With yours, connections from inhibitory cells never change; when the output is too large they hear max(-d, 0).",
                _change_with(amine=lambda d, s_i, s_j: max(d, 0) if s_i > 0 else 0)),
        Mistake("The two amines are exchanged, or the error has the wrong sign: d is target minus output, so d > 0 feeds "
                "connections from excitatory cells.", _change_with(amine=lambda d, s_i, s_j: max(-s_i * d, 0))),
    ],
    praise="Two activities, two kinds and one number from the air.",
)  # fmt: skip

_BLOCKS = tuple(np.arange(1.0, 5).reshape(2, 2) + 10 * k for k in range(4))
_UNEVEN = (np.ones((3, 2)), np.full((3, 2), 2.0), np.full((3, 2), 3.0), np.full((3, 2), 4.0))

join = Exercise(
    solve=lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, nn]]),
    cases=[_BLOCKS, _UNEVEN],
    names=("pp", "pn", "np_", "nn"),
    mistakes=[
        Mistake("The signs between different kinds are missing.", lambda pp, pn, np_, nn: np.block([[pp, pn], [np_, nn]])),
        Mistake("pn and np_ have changed places: rows are sources, so the first row holds what comes from excitatory cells.",
                lambda pp, pn, np_, nn: np.block([[pp, -np_], [-pn, nn]]),
                lambda pp, pn, np_, nn: np.block([[pp, -np_.T], [-pn.T, nn]])),
        Mistake("Inhibitory cells come first in yours; excitatory ones do in the equation.",
                lambda pp, pn, np_, nn: np.block([[nn, -np_], [-pn, pp]])),
        Mistake("nn keeps its plus sign: weights between cells of the same kind are positive.",
                lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, -nn]])),
        Mistake("The matrix is transposed: rows are sources, columns are targets.",
                lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, nn]]).T),
        Mistake("Inhibitory cells excite each other: weights between cells of the same kind are positive.",
                lambda pp, pn, np_, nn: np.block([[pp, pn], [-np_, -nn]])),
        Mistake("Every sign is wrong: between cells of the same kind a weight is positive.",
                lambda pp, pn, np_, nn: np.block([[-pp, pn], [np_, -nn]])),
        Mistake("Only one of the two mixed blocks is negative; both are.",
                lambda pp, pn, np_, nn: np.block([[pp, pn], [-np_, nn]]), lambda pp, pn, np_, nn: np.block([[pp, -pn], [np_, nn]])),
        Mistake("Each weight has the sign of its target; it is that of source and target together.",
                lambda pp, pn, np_, nn: np.block([[pp, -pn], [np_, -nn]])),
    ],
    praise="One product for the whole layer.",
)  # fmt: skip


def _heard(output_of: NDArray, outputs: int) -> NDArray:
    """The matrix of who hears what, from the number of the output that each cell hears."""
    return (output_of == np.arange(outputs)[:, None]) * 1.0


def _route(outputs: int, cells: int) -> NDArray:
    return _heard(np.arange(cells) % outputs, outputs)


route = Exercise(
    solve=_route,
    cases=[(2, 4), (3, 7), (10, 64)],
    names=("outputs", "cells"),
    mistakes=[
        Mistake("The matrix is transposed: one row for each output, one column for each cell.", lambda m, n: _route(m, n).T),
        Mistake("You cut the cells into blocks; with modulo, neighbours hear different outputs.",
                lambda m, n: _heard(np.arange(n) * m // n, m), lambda m, n: _heard(np.arange(n) // m, m),
                lambda m, n: np.repeat(np.eye(m), n // m, axis=1),
                lambda m, n: np.repeat(np.eye(m), -(-n // m), axis=1)[:, :n]),
        Mistake("The last cells are left over where the outputs do not divide them: every cell hears one output.",
                lambda m, n: np.tile(np.eye(m), (1, n // m))),
        Mistake("Shifted by one: cell 0 hears output 0.",
                lambda m, n: _heard(np.arange(1, n + 1) % m, m), lambda m, n: _heard(np.arange(-1, n - 1) % m, m)),
        Mistake("Outputs have the numbers 0, 1, ...: in yours nobody hears the one in the last row.",
                lambda m, n: _heard(np.arange(n) % m - 1, m), lambda m, n: _heard(np.arange(1, n + 1) % m - 1, m)),
        Mistake("The number of outputs is 10 in yours, whatever is asked for.", lambda m, n: _heard(np.arange(n) % 10, m)),
        Mistake("Cells beyond the number of outputs hear nobody: begin again with output 0.", lambda m, n: np.eye(m, n)),
        Mistake("The rows come in reverse order: the first belongs to output 0.", lambda m, n: _route(m, n)[::-1]),
        Mistake("Those are the numbers of the outputs. A matrix is asked for: a row for each output, 1 where the cell hears it.",
                lambda m, n: np.arange(n) % m),
        Mistake("Ones and zeros are exchanged.", lambda m, n: 1 - _route(m, n)),
        Mistake("Everybody hears every output: that is the mean or the sum, which is what fails.",
                lambda m, n: np.ones((m, n)), lambda m, n: np.full((m, n), 1 / m)),
        Mistake("The numbers are right, but divided by the number of outputs: an entry is 0 or 1.",
                lambda m, n: (_route(m, n) / m)),
    ],
    praise="One line, and each output has cells that listen to it alone.",
)  # fmt: skip


def _pairs(answer: Any) -> int:
    """Return a whole number from 1 to 500, which may come as a float."""
    words = "Give a whole number from 1 to 500."
    value = number(answer, words)
    if not (1 <= value <= 500 and value.is_integer()):
        raise NotAnAnswer(words)
    return int(value)


def _rounds(pairs: int) -> NDArray:
    """Return how many rounds fifty networks with so many pairs of hidden cells need to learn XOR."""
    networks = BatchedNetworks.drawn(2, pairs, 1, np.random.default_rng(0), networks=50)
    return rounds_to_learn(networks, parity(2), BatchedErrorDiffusion(), limit=200)


#: A number of pairs of hidden cells: right if fifty networks need six rounds or fewer on average. Every machine says the
#: same. The rounds of a network are a whole number, and at this rate training does not magnify a rounding: first weights
#: moved by 1e-9 of their size, a million roundings, change no number of rounds.
xor_in_six = Measured(
    read=_pairs,
    measure=_rounds,
    findings=[
        Finding("Some of the networks had not learned after 200 rounds: more cells.", lambda rounds: np.isinf(rounds).any()),
        Finding("Six rounds or fewer on average.", lambda rounds: rounds.mean() <= 6, right=True),
        Finding(lambda rounds: f"They need {rounds.mean():.2f} rounds on average: close, luck decides here.",
                lambda rounds: rounds.mean() < 6.5),
        Finding(lambda rounds: f"They need {rounds.mean():.2f} rounds on average: more cells."),
    ],
)  # fmt: skip
