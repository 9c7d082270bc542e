"""Answers to the exercises of chapter 4."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers.form import Answers


def dots_of(
    image, kernel, error=lambda wanted, dot, grey: wanted - dot, decide=lambda wanted, grey: wanted > 0.5, pad=0.0
):
    """Error diffusion, some of whose steps a student has written otherwise."""
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image.astype(float), [(0, down), (side, side)], constant_values=pad)
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            dots[i, j] = decide(wanted[i, j + side], image[i, j])
            wanted[i : i + down, j : j + across] += error(wanted[i, j + side], dots[i, j], image[i, j]) * kernel
    return dots


halftone = Answers("halftone")

halftone.right("the carried brightness less the dot")(dots_of)
halftone.right("dots as whole numbers")(lambda image, kernel: dots_of(image, kernel).astype(int))
halftone.right("dots as True and False")(lambda image, kernel: dots_of(image, kernel) > 0.5)


@halftone.right("shares handed out one by one, no border added")
def share_by_share(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    wanted, dots = [list(row) for row in image], [[0] * wide for _ in range(high)]
    for i in range(high):
        for j in range(wide):
            dots[i][j] = 1 if wanted[i][j] > 0.5 else 0
            error = wanted[i][j] - dots[i][j]
            for r in range(down):
                for c in range(across):
                    row, column = i + r, j + c - across // 2
                    if row < high and 0 <= column < wide:
                        wanted[row][column] += error * kernel[r, c]
    return dots


@halftone.right("another sign, taken away in place of added")
def taken_away(image, kernel):
    return dots_of(image, -kernel, error=lambda wanted, dot, grey: dot - wanted)


halftone.wrong("unchanged: the error is that of the grey in the image", says="The error is taken")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: grey - dot)
)
halftone.wrong("the error with its sign turned: dot less what was wanted", says="The sign of the error")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: dot - wanted)
)
halftone.wrong("the dot is decided by the image alone, debts are never looked at", says="These are the dots")(
    lambda image, kernel: dots_of(image, kernel, decide=lambda wanted, grey: grey > 0.5)
)
halftone.wrong("a bare threshold, with no carrying at all", says="These are the dots")(
    lambda image, kernel: (image > 0.5) * 1.0
)
halftone.wrong("the kernel mirrored, left for right", says="The kernel is mirrored")(
    lambda image, kernel: dots_of(image, kernel[:, ::-1])
)
halftone.wrong("half of the error is lost", says="but is [[0., 0., 0., 0.], [0., 1., 0., 1.]].")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: (wanted - dot) / 2)
)
halftone.wrong("only errors above zero are carried", says="An error may be negative")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: max(wanted - dot, 0))
)
halftone.wrong("every error is made positive", says="An error may be negative")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: abs(wanted - dot))
)
halftone.wrong("the error is wanted less grey: the dot is forgotten", says="These are the dots")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: wanted - grey)
)
halftone.wrong("a dot at exactly one half, too: >= in place of >", says="At exactly one half")(
    lambda image, kernel: dots_of(image, kernel, decide=lambda wanted, grey: wanted >= 0.5)
)
halftone.wrong("white where it should be black", says="Black and white are")(
    lambda image, kernel: 1 - dots_of(image, kernel)
)
halftone.wrong("picture and kernel lie on their sides", says="but is [[0., 0., 1., 0.], [1., 0., 0., 1.]].")(
    lambda image, kernel: dots_of(image.T, kernel).T
)
halftone.wrong("the mean alone", says="should be a NumPy array, but is a float64", same_in_containers=False)(
    lambda image, kernel: image.mean()
)


@halftone.wrong("half mended: reads the carried brightness in the wrong column", says="Half mended. The dot")
def wrong_column(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image, [(0, down), (side, side)])
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            dots[i, j] = wanted[i, j + side] > 0.5
            error = wanted[i, j] - dots[i, j]
            wanted[i : i + down, j : j + across] += error * kernel
    return dots


@halftone.wrong("hands back the carried brightness, not the dots", says="That is the carried")
def carried_brightness(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image, [(0, down), (side, side)])
    for i in range(high):
        for j in range(wide):
            error = wanted[i, j + side] - (wanted[i, j + side] > 0.5)
            wanted[i : i + down, j : j + across] += error * kernel
    return wanted[:high, side : side + wide]


@halftone.wrong("hands back the dots with the border still on", says="should have the shape (2, 4), but has (4, 6).")
def border_left_on(image, kernel):
    side = kernel.shape[1] // 2
    return np.pad(dots_of(image, kernel), [(0, kernel.shape[0]), (side, side)])


@halftone.wrong("overwrites what was carried before: = in place of +=", says="A new share takes the")
def overwritten(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image, [(0, down), (side, side)])
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            dots[i, j] = wanted[i, j + side] > 0.5
            wanted[i : i + down, j : j + across] = (wanted[i, j + side] - dots[i, j]) * kernel
    return dots


@halftone.wrong("carries debts in the image that it was given", says="changes what it was given")
def in_the_image(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            dots[i, j] = image[i, j] > 0.5
            error = image[i, j] - dots[i, j]
            for r in range(down):
                for c in range(across):
                    row, column = i + r, j + c - across // 2
                    if row < high and 0 <= column < wide:
                        image[row, column] += error * kernel[r, c]
    return dots


@halftone.wrong("every share lands one pixel to the right", says="but is [[0., 0., 1., 1.], [0., 1., 1., 0.]].")
def one_to_the_right(image, kernel):
    return dots_of(image, np.pad(kernel, [(0, 0), (2, 0)]))


@halftone.wrong(
    "every second row from right to left, as some printers do", says="but is [[0., 1., 0., 0.], [1., 0., 0., 1.]]."
)
def to_and_fro(image, kernel):
    (high, wide), (down, across) = image.shape, kernel.shape
    side = across // 2
    wanted = np.pad(image, [(0, down), (side, side)])
    dots = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide)[:: -1 if i % 2 else 1]:
            dots[i, j] = wanted[i, j + side] > 0.5
            shares = kernel[:, ::-1] if i % 2 else kernel
            wanted[i : i + down, j : j + across] += (wanted[i, j + side] - dots[i, j]) * shares
    return dots


halftone.wrong("dot less grey: the sign, and the carried errors forgotten", says="The error has the wrong")(
    lambda image, kernel: dots_of(image, kernel, error=lambda wanted, dot, grey: dot - grey)
)
halftone.wrong("the rows below the pixel from right to left", says="The rows below are")(
    lambda image, kernel: dots_of(image, np.array([kernel[0], *(row[::-1] for row in kernel[1:])]))
)


sigmoid_u0 = Answers("sigmoid_u0")

sigmoid_u0.right("the usual formula")(lambda x, u0: 1 / (1 + np.exp(-2 * x / u0)))
sigmoid_u0.right("by tanh")(lambda x, u0: (1 + np.tanh(x / u0)) / 2)
sigmoid_u0.right("in pieces, one for each sign")(
    lambda x, u0: np.where(x > 0, 1 / (1 + np.exp(-2 * x / u0)), 1 - 1 / (1 + np.exp(2 * x / u0)))
)


@sigmoid_u0.right("a new array")
def new_array(x, u0):
    x = x * (2 / u0)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


@sigmoid_u0.right("a copy that is changed")
def changed_copy(x, u0):
    x = np.array(x, float)
    x *= 2 / u0
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


@sigmoid_u0.right("puts back what it has moved")
def put_back(x, u0):
    x *= 2 / u0
    y = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    x /= 2 / u0
    return y


@sigmoid_u0.wrong("unchanged: the sums are scaled in place", says="changes what it was given")
def in_place(x, u0):
    x *= 2 / u0
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


@sigmoid_u0.wrong("a second name is no copy: the sums are still scaled in place", says="changes what it was given")
def second_name(x, u0):
    scaled = x
    scaled *= 2 / u0
    return np.exp(np.minimum(scaled, 0)) / (1 + np.exp(-np.abs(scaled)))


@sigmoid_u0.wrong("writes the values into the sums", says="changes what it was given")
def values_for_sums(x, u0):
    x[...] = 1 / (1 + np.exp(-2 * x / u0))
    return x


sigmoid_u0.wrong("the factor upside down: u0 / 2", says="You multiply by u0 /")(
    lambda x, u0: 1 / (1 + np.exp(-x * u0 / 2))
)
sigmoid_u0.wrong("the factor 2 is lost", says="The 2 is missing: the")(lambda x, u0: 1 / (1 + np.exp(-x / u0)))
sigmoid_u0.wrong("multiplied by u0 in place of divided", says="a smaller u0 must make")(
    lambda x, u0: 1 / (1 + np.exp(-2 * x * u0))
)
sigmoid_u0.wrong("no width at all: u0 is not used", says="The 2 and u0 are both")(lambda x, u0: 1 / (1 + np.exp(-x)))
sigmoid_u0.wrong("the width is fixed at the chapter's .4", says="The width is always")(
    lambda x, u0: 1 / (1 + np.exp(-5 * x))
)
sigmoid_u0.wrong("the sign of the exponent", says="The sign of the exponent")(
    lambda x, u0: 1 / (1 + np.exp(2 * x / u0))
)
sigmoid_u0.wrong("a tanh, from -1 to 1", says="That is tanh(x / u0)")(lambda x, u0: np.tanh(x / u0))
sigmoid_u0.wrong("the slope in place of the value", says="That is the slope of")(
    lambda x, u0: 1 / (1 + np.exp(-2 * x / u0)) * (1 - 1 / (1 + np.exp(-2 * x / u0)))
)
sigmoid_u0.wrong("overflows: exp of large sums, divided by itself", says="exp(2 x / u0) overflows")(
    lambda x, u0: np.exp(2 * x / u0) / (1 + np.exp(2 * x / u0))
)
sigmoid_u0.wrong("for one number only", says="your code stops with TypeError")(
    lambda x, u0: 1 / (1 + math.exp(-2 * x / u0))
)
sigmoid_u0.wrong("asks whether a whole array is above zero", says="your code stops with ValueError")(
    lambda x, u0: 1 / (1 + np.exp(-2 * x / u0)) if x > 0 else 1 - 1 / (1 + np.exp(2 * x / u0))
)
sigmoid_u0.wrong("abs is lost: wrong for sums below zero", says="Below the line the")(
    lambda x, u0: np.exp(np.minimum(2 * x / u0, 0)) / (1 + np.exp(-2 * x / u0))
)
sigmoid_u0.wrong(
    "one value for all: the mean", says="should be a NumPy array, but is a float64", same_in_containers=False
)(lambda x, u0: np.mean(1 / (1 + np.exp(-2 * x / u0))))

sigmoid_u0.wrong("u0 left out, the 2 kept", says="u0 is missing.")(lambda x, u0: 1 / (1 + np.exp(-2 * x)))
sigmoid_u0.wrong("twice u0 below the line", says="The 2 stands on the")(lambda x, u0: 1 / (1 + np.exp(-x / (2 * u0))))

elu_slope = Answers("elu_slope")

elu_slope.right("the smaller of y + 1 and 1")(lambda y: np.minimum(y + 1, 1))
elu_slope.right("in two cases")(lambda y: np.where(y > 0, 1, y + 1))
elu_slope.right("one, less what is missing")(lambda y: 1 - np.maximum(-np.asarray(y), 0))
elu_slope.right("a loop")(lambda y: [1.0 if one > 0 else one + 1.0 for one in y])
elu_slope.right("from the sum: the exponential of a logarithm")(
    lambda y: np.exp(np.minimum(np.log1p(np.minimum(y, 0)), 0))
)


@elu_slope.right("a copy, changed by masks")
def masked_copy(y):
    slope = y + 1
    slope[y > 0] = 1
    return slope


elu_slope.wrong("unchanged: the larger of the two", says="The branches are exchanged")(lambda y: np.maximum(y + 1, 1))
elu_slope.wrong("y + 1 everywhere", says="That is the curve itself")(lambda y: y + 1)
elu_slope.wrong("1 everywhere", says="That is the slope of the")(lambda y: np.ones_like(y))
elu_slope.wrong("takes the output for the input: exp(y)", says="For y < 0 you take")(
    lambda y: np.where(y > 0, 1, np.exp(y))
)
elu_slope.wrong("y where it should be y + 1", says="The 1 is missing: for")(lambda y: np.where(y > 0, 1, y))
elu_slope.wrong("the two cases exchanged", says="The branches are exchanged")(lambda y: np.where(y > 0, y + 1, 1))
elu_slope.wrong("ReLU's slope: 0 below", says="That is the slope of a")(lambda y: np.where(y > 0, 1.0, 0.0))
elu_slope.wrong("0 above and y + 1 below", says="Where y > 0 the slope")(lambda y: np.where(y > 0, 0, y + 1))
elu_slope.wrong("sign: 1 - y below", says="For y < 0 the slope")(lambda y: np.where(y > 0, 1, 1 - y))
elu_slope.wrong("the function itself in place of its slope", says="That is the ELU itself")(
    lambda y: np.where(y > 0, y, np.exp(y) - 1)
)
elu_slope.wrong("y itself above", says="On the straight part the slope is 1, not")(lambda y: np.where(y > 0, y, y + 1))
elu_slope.wrong("neither case holds at 0", says="At y = 0 neither of")(lambda y: (y > 0) * 1 + (y < 0) * (y + 1))
elu_slope.wrong("for one number only", says="your code stops with ValueError")(lambda y: 1 if y > 0 else y + 1)
elu_slope.wrong("the smaller of y and 1", says="The 1 is missing: for")(lambda y: np.minimum(y, 1))
elu_slope.wrong(
    "one number: the smallest of all", says="should be a NumPy array, but is a float64", same_in_containers=False
)(lambda y: min((y + 1).min(), 1))


@elu_slope.wrong("writes the slopes into the outputs", says="changes what it was given")
def slopes_for_outputs(y):
    y += 1
    y[y > 1] = 1
    return y


elu_slope.wrong("grows with y above 1, and is 1 below", says="On the straight part the slope is 1, yours")(
    lambda y: np.where(y > 1, y, 1)
)
elu_slope.wrong("ReLU's slope, 1 at 0", says="That is the slope of a")(
    lambda y: [1.0 if one >= 0 else 0.0 for one in y]
)
elu_slope.wrong("y where it should be y + 1, but not at 0", says="The 1 is missing: for")(
    lambda y: [y_ if y_ < 0 else 1.0 for y_ in y]
)
elu_slope.wrong("0 above, and at 0, too", says="Where y > 0 the slope")(lambda y: np.where(y < 0, y + 1, 0))
elu_slope.wrong("y itself above, and at 0, too", says="On the straight part the slope is 1, not")(lambda y: y + (y < 0))

connection = Answers("connection")


@connection.right("the equation, word by word")
def word_by_word(d, o_i, o_j, s_i, s_j, rate):
    amine = max(d, 0) if s_i == 1 else max(-d, 0)
    return rate * amine * o_j * (1 - o_j) * o_i * s_i * s_j


connection.right("both amines, one of which is zero")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * o_j * (1 - o_j) * o_i * s_j * (max(d, 0) if s_i > 0 else min(d, 0))
)
connection.right("by absolute values")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * (abs(d) + s_i * d) / 2 * (o_j - o_j**2) * o_i * s_i * s_j
)
connection.right("decrement where the kind agrees with the error, else 0")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * d * o_j * (1 - o_j) * o_i * s_j if d * s_i > 0 else 0
)
connection.right("an array of one axis less: NumPy throughout")(
    lambda d, o_i, o_j, s_i, s_j, rate: np.prod([rate, np.maximum(d * s_i, 0), o_j, 1 - o_j, o_i, s_i, s_j])
)
connection.wrong("the decrement option: the error with its sign", says="That is the decrement")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * d * o_j * (1 - o_j) * o_i * s_j
)
connection.wrong("the error with its sign, and both kinds", says="The amine is missing.")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * d * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("the slope of the source", says="Source and target have")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_i * (1 - o_i) * o_j * s_i * s_j
)
connection.wrong("the output of the source is lost", says="The output of the source")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_j * (1 - o_j) * s_i * s_j
)
connection.wrong("the kinds are lost: always positive", says="The sign is missing")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_j * (1 - o_j) * o_i
)
connection.wrong("only the kind of the source", says="The sign of the change is that of the weight, s_i s_j; yours is")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_j * (1 - o_j) * o_i * s_i
)
connection.wrong(
    "only the kind of the target", says="The sign of the change is that of the weight, s_i s_j; yours comes"
)(lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_j * (1 - o_j) * o_i * s_j)
connection.wrong("the target's kind chooses the amine", says="The amine is chosen")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_j, 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("the two amines exchanged", says="The two amines are")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(-d * s_i, 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("max(d, 0) whatever the kind", says="You take max(d, 0)")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d, 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("the size of the error: both kinds hear every error", says="Only one amine flows")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * abs(d) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong(
    "the minus sign counted twice: min(d, 0) and both kinds",
    says="The sign of the change is that of the weight, s_i s_j; yours comes",
)(lambda d, o_i, o_j, s_i, s_j, rate: rate * (max(d, 0) if s_i > 0 else min(d, 0)) * o_j * (1 - o_j) * o_i * s_i * s_j)
connection.wrong("the factor 2 / u0, which was to be left out", says="The factor 2 / u0 is")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * 2 / 0.4 * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("the rate is lost", says="The learning rate is")(
    lambda d, o_i, o_j, s_i, s_j, rate: max(d * s_i, 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("no slope", says="The slope o_j (1 -")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_i * s_i * s_j
)
connection.wrong("half a slope: o_j alone", says="The slope of the target is o_j (1 - o_j); yours is o_j")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_j * o_i * s_i * s_j
)
connection.wrong("half a slope: 1 - o_j alone", says="The slope of the target is o_j (1 - o_j); yours is 1")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("downhill: the opposite sign", says="Every change has the")(
    lambda d, o_i, o_j, s_i, s_j, rate: -rate * max(d * s_i, 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("tanh's slope", says="1 - o_j ** 2 is the")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * (1 - o_j**2) * o_i * s_i * s_j
)
connection.wrong("no error at all: Hebb's rule", says="The error is missing")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("inhibitory sources never learn", says="With yours, connections")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d, 0) * o_j * (1 - o_j) * o_i * s_j if s_i > 0 else 0
)
connection.wrong(
    "a change for each of the two amines", says="should be a number, but is a list", same_in_containers=False
)(lambda d, o_i, o_j, s_i, s_j, rate: [rate * a * o_j * (1 - o_j) * o_i * s_i * s_j for a in (max(d, 0), max(-d, 0))])

connection.wrong("no amine, and the source's kind alone", says="The amine is missing, and a sign")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * d * o_i * o_j * (1 - o_j) * s_i
)
connection.wrong("cuts the error off for excitatory sources only", says="Connections from inhibitory")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * (d if s_i == -1 or d > 0 else 0) * o_j * (1 - o_j) * o_i * s_i * s_j
)
connection.wrong("the source's slope beside its own output", says="The slope belongs to")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * o_i**2 * (1 - o_i) * s_i * s_j
)
connection.wrong("the source's slope, and nothing of the target", says="You have o_i (1 - o_i)")(
    lambda d, o_i, o_j, s_i, s_j, rate: rate * max(d * s_i, 0) * (o_i - o_i**2) * s_i * s_j
)

join = Answers("join")

join.right("a block matrix")(lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, nn]]))
join.right("stacked by rows, then by columns")(
    lambda pp, pn, np_, nn: np.vstack([np.hstack([pp, -1 * pn]), np.hstack([-1 * np_, nn])])
)
join.right("lists, row by row")(
    lambda pp, pn, np_, nn: (
        [[*a, *(-one for one in b)] for a, b in zip(pp, pn, strict=True)]
        + [[*(-one for one in a), *b] for a, b in zip(np_, nn, strict=True)]
    )
)


@join.right("filled into zeros")
def filled_in(pp, pn, np_, nn):
    rows, columns = len(pp), len(pp[0])
    whole = np.zeros((rows + len(np_), columns + pn.shape[1]))
    whole[:rows, :columns] = pp
    whole[:rows, columns:] -= pn
    whole[rows:, :columns] -= np_
    whole[rows:, columns:] = nn
    return whole


@join.right("all four positive, then times the kinds of both ends")
def by_kinds(pp, pn, np_, nn):
    below = np.repeat([1, -1], [len(pp), len(np_)])
    above = np.repeat([1, -1], [pp.shape[1], pn.shape[1]])
    return np.block([[pp, pn], [np_, nn]]) * np.outer(below, above)


join.wrong("no signs", says="The signs between different")(lambda pp, pn, np_, nn: np.block([[pp, pn], [np_, nn]]))
join.wrong("signs by the sender alone, as Dale's principle has it", says="Inhibitory cells excite")(
    lambda pp, pn, np_, nn: np.block([[pp, pn], [-np_, -nn]])
)
join.wrong("signs by the receiver alone", says="Each weight has the")(
    lambda pp, pn, np_, nn: np.block([[pp, -pn], [np_, -nn]])
)
join.wrong("every sign turned", says="Every sign is wrong")(lambda pp, pn, np_, nn: np.block([[-pp, pn], [np_, -nn]]))
join.wrong("pn and np_ in each other's place", says="pn and np_ have changed")(
    lambda pp, pn, np_, nn: np.block([[pp, -np_.T], [-pn.T, nn]])
)
join.wrong("pn and np_ exchanged, as they are", says="pn and np_ have changed")(
    lambda pp, pn, np_, nn: np.block([[pp, -np_], [-pn, nn]])
)
join.wrong("turned over: rows are targets", says="The matrix is transposed")(
    lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, nn]]).T
)
join.wrong("inhibitory cells first", says="Inhibitory cells come")(
    lambda pp, pn, np_, nn: np.block([[nn, -np_], [-pn, pp]])
)
join.wrong("the last block negative, too", says="nn keeps its plus sign")(
    lambda pp, pn, np_, nn: np.block([[pp, -pn], [-np_, -nn]])
)
join.wrong("only pn negative", says="Only one of the two")(lambda pp, pn, np_, nn: np.block([[pp, -pn], [np_, nn]]))
join.wrong("only np_ negative", says="Only one of the two")(lambda pp, pn, np_, nn: np.block([[pp, pn], [-np_, nn]]))
join.wrong("all four in one row", says="should have the shape (4, 4), but has (16,).")(
    lambda pp, pn, np_, nn: np.concatenate([pp.ravel(), -pn.ravel(), -np_.ravel(), nn.ravel()])
)
join.wrong(
    "a list of lists of four matrices, not joined",
    says="should have the shape (4, 4), but has (2, 2, 2, 2).",
    same_in_containers=False,
)(lambda pp, pn, np_, nn: [[pp, -pn], [-np_, nn]])
join.wrong("all four added up", says="should be a NumPy array, but is a float64", same_in_containers=False)(
    lambda pp, pn, np_, nn: sum(map(np.sum, (pp, -pn, -np_, nn)))
)
join.wrong("only the excitatory rows", says="should have the shape (4, 4), but has (2, 4).")(
    lambda pp, pn, np_, nn: np.hstack([pp, -pn])
)


@join.wrong("turns the signs of what it was given", says="changes what it was given")
def signs_turned(pp, pn, np_, nn):
    pn *= -1
    np_ *= -1
    return np.block([[pp, pn], [np_, nn]])


@join.wrong("zeros in the off-diagonal blocks", says="but is 0.")
def blocks_of_zeros(pp, pn, np_, nn):
    return np.block([[pp, 0 * pn], [0 * np_, nn]])


route = Answers("route")

route.right("compares a row with a column")(
    lambda outputs, cells: (np.arange(cells) % outputs == np.arange(outputs)[:, None]) * 1.0
)
route.right("True and False")(lambda outputs, cells: np.arange(cells) % outputs == np.arange(outputs)[:, None])
route.right("columns of the identity")(lambda outputs, cells: np.eye(outputs)[:, np.arange(cells) % outputs])
route.right("identities side by side, cut off")(
    lambda outputs, cells: np.tile(np.eye(outputs), -(-cells // outputs))[:, :cells]
)
route.right("two loops")(lambda outputs, cells: [[int(j % outputs == k) for j in range(cells)] for k in range(outputs)])


@route.right("ones in every outputs-th place of a row")
def every_outputs_th(outputs, cells):
    ears = np.zeros((outputs, cells), int)
    for k in range(outputs):
        ears[k, k::outputs] = 1
    return ears


route.wrong("turned over: a row for each cell", says="The matrix is transposed")(
    lambda outputs, cells: (np.arange(cells)[:, None] % outputs == np.arange(outputs)) * 1.0
)
route.wrong("neighbours hear the same output", says="You cut the cells into")(
    lambda outputs, cells: (np.arange(cells) * outputs // cells == np.arange(outputs)[:, None]) * 1.0
)
route.wrong("division in place of remainder", says="You cut the cells into")(
    lambda outputs, cells: (np.arange(cells) // outputs == np.arange(outputs)[:, None]) * 1.0
)
route.wrong("one too far: counts cells from 1", says="Shifted by one: cell")(
    lambda outputs, cells: (np.arange(1, cells + 1) % outputs == np.arange(outputs)[:, None]) * 1.0
)
route.wrong("counts outputs from 1", says="Outputs have the numbers")(
    lambda outputs, cells: (np.arange(cells) % outputs == np.arange(1, outputs + 1)[:, None]) * 1.0
)
route.wrong("counts both from 1, and the last output hears nobody", says="Outputs have the numbers")(
    lambda outputs, cells: (np.arange(1, cells + 1) % outputs == np.arange(1, outputs + 1)[:, None]) * 1.0
)
route.wrong("the identity: cells beyond the outputs hear nobody", says="Cells beyond the number")(
    lambda outputs, cells: np.eye(outputs, cells)
)
route.wrong("everybody hears everybody", says="Everybody hears every")(lambda outputs, cells: np.ones((outputs, cells)))
route.wrong("everybody hears the mean", says="Everybody hears every")(
    lambda outputs, cells: np.full((outputs, cells), 1 / outputs)
)
route.wrong("ten outputs, whatever is asked", says="The number of outputs")(
    lambda outputs, cells: (np.arange(cells) % 10 == np.arange(outputs)[:, None]) * 1.0
)
route.wrong("modulo the number of cells", says="Cells beyond the number")(
    lambda outputs, cells: (np.arange(cells) % cells == np.arange(outputs)[:, None]) * 1.0
)
route.wrong("the numbers of the outputs, no matrix", says="Those are the numbers")(
    lambda outputs, cells: np.arange(cells) % outputs
)
route.wrong("shares of an output, which add up to 1", says="but is [[0.5, 0. , 0.5, 0. ], [0. , 0.5, 0. , 0.5]].")(
    lambda outputs, cells: (np.arange(cells) % outputs == np.arange(outputs)[:, None]) / cells * outputs
)
route.wrong("0 and 1 exchanged", says="Ones and zeros are")(
    lambda outputs, cells: (np.arange(cells) % outputs != np.arange(outputs)[:, None]) * 1.0
)
route.wrong("whole identities only: the last cells are missing", says="The last cells are")(
    lambda outputs, cells: np.tile(np.eye(outputs), max(cells // outputs, 1))
)
route.wrong("each column of the identity repeated", says="You cut the cells into")(
    lambda outputs, cells: np.repeat(np.eye(outputs), -(-cells // outputs), axis=1)[:, :cells]
)
route.wrong("outputs and cells exchanged", says="should have the shape (2, 4), but has (4, 2).")(
    lambda outputs, cells: (np.arange(outputs) % cells == np.arange(cells)[:, None]) * 1.0
)
route.wrong("the last output first", says="The rows come in reverse")(
    lambda outputs, cells: np.eye(outputs)[::-1, np.arange(cells) % outputs]
)
route.wrong("one cell only", says="should have the shape (2, 4), but has (2,).")(
    lambda outputs, cells: np.eye(outputs)[cells % outputs]
)

route.wrong("one too far the other way", says="Shifted by one: cell")(
    lambda outputs, cells: [[int((j - 1) % outputs == k) for j in range(cells)] for k in range(outputs)]
)
route.wrong("whole blocks only: neighbours share, and the last cells are missing", says="You cut the cells into")(
    lambda outputs, cells: [
        [int(j // (cells // outputs) == k) for j in range(outputs * (cells // outputs))] for k in range(outputs)
    ]
)
route.wrong("divided by the number of outputs, as for a mean", says="The numbers are right")(
    lambda outputs, cells: np.eye(outputs)[:, np.arange(cells) % outputs] / outputs
)

xor_in_six = Answers("xor_in_six")

xor_in_six.right("many")(64)
xor_in_six.right("more")(100)
xor_in_six.right("a NumPy number")(np.int64(48))
xor_in_six.right("a whole number, written with a point")(64.0)
xor_in_six.right("an array without axes")(np.array(50))
xor_in_six.right("a fraction that is whole")(Fraction(64))
xor_in_six.right("a power")(2**6)
xor_in_six.right("as many as are allowed")(500)
xor_in_six.right("twenty-eight: just enough")(28)
xor_in_six.wrong("one more than are allowed", says="Give a whole number")(501)
xor_in_six.wrong("unchanged: four pairs", says="They need 66.18 rounds")(4)
xor_in_six.wrong("the chapter's own eight", says="They need 28.60 rounds")(8)
xor_in_six.wrong("one pair: some networks never learn", says="Some of the networks")(1)
xor_in_six.wrong("two pairs", says="Some of the networks")(2)
xor_in_six.wrong("six: reads the number of rounds for the number of pairs", says="They need 44.48 rounds")(6)
xor_in_six.wrong("sixteen: better, not enough", says="They need 7.52 rounds")(16)
xor_in_six.wrong("no cells at all", says="Give a whole number")(0)
xor_in_six.wrong("fewer than none", says="Give a whole number")(-8)
xor_in_six.wrong("half a pair", says="Give a whole number")(12.5)
xor_in_six.wrong("in words", says="Give a whole number")("64")
xor_in_six.wrong("a list, of one", says="Give a whole number")([64])
xor_in_six.wrong("True", says="Give a whole number")(True)
xor_in_six.wrong("a function", says="Give a whole number")(lambda: 64)
xor_in_six.wrong("not a number", says="Give a whole number")(float("nan"))
xor_in_six.wrong("without end", says="Give a whole number")(float("inf"))
xor_in_six.wrong("too many to try", says="Give a whole number")(10**9)
xor_in_six.wrong("half a pair, exactly", says="Give a whole number")(Decimal("12.5"))
xor_in_six.wrong("twenty-seven: near, but one run is luck", says="They need 6.06 rounds")(27)
