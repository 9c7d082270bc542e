"""Answers to the exercises of chapter 5."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers.form import Answers

reconstruction = Answers("reconstruction")

reconstruction.right("noise before the stage, and in what is asked back")(
    lambda f, g, h, noise: g(f(h + noise)) - (h + noise)
)
reconstruction.right("taken away one after the other")(lambda f, g, h, noise: g(f(noise + h)) - h - noise)
reconstruction.right("NumPy's functions for signs")(
    lambda f, g, h, noise: np.subtract(g(f(np.add(h, noise))), np.add(h, noise))
)


@reconstruction.right("the noisy activity has a name")
def noisy_first(f, g, h, noise):
    noisy = h + noise
    above = f(noisy)
    return g(above) - noisy


@reconstruction.right("a copy, moved in place")
def moved_copy(f, g, h, noise):
    noisy = h.copy()
    noisy += noise
    return g(f(noisy)) - noisy


reconstruction.wrong("unchanged: no noise", says="There is no noise in it: the decoder")(
    lambda f, g, h, noise: g(f(h)) - h
)
reconstruction.wrong("asks for the clean activity back", says="The noisy activity")(
    lambda f, g, h, noise: g(f(h + noise)) - h
)
reconstruction.wrong("noise only in what is asked back", says="The clean activity")(
    lambda f, g, h, noise: g(f(h)) - (h + noise)
)
reconstruction.wrong("noise above the stage", says="added above the stage; it belongs")(
    lambda f, g, h, noise: g(f(h) + noise) - h
)
reconstruction.wrong("noise above the stage, and asked back below", says="The noise is added above the stage and")(
    lambda f, g, h, noise: g(f(h) + noise) - (h + noise)
)
reconstruction.wrong("the other sign: what should be less what is", says="The sign is turned")(
    lambda f, g, h, noise: h + noise - g(f(h + noise))
)
reconstruction.wrong("a forgotten parenthesis: the noise counts twice", says="Without a bracket around")(
    lambda f, g, h, noise: g(f(h + noise)) - h + noise
)
reconstruction.wrong("decoder first, stage after", says="The decoder comes first")(
    lambda f, g, h, noise: f(g(h + noise)) - (h + noise)
)
reconstruction.wrong("no stage: the decoder reads the activity below", says="One of the two functions")(
    lambda f, g, h, noise: g(h + noise) - (h + noise)
)
reconstruction.wrong("no decoder", says="One of the two functions")(lambda f, g, h, noise: f(h + noise) - (h + noise))
reconstruction.wrong("the loss in place of the difference", says="That is one number", same_in_containers=False)(
    lambda f, g, h, noise: 0.5 * np.sum((g(f(h + noise)) - (h + noise)) ** 2)
)
reconstruction.wrong("half of the squares, entry by entry", says="Those are the squares")(
    lambda f, g, h, noise: 0.5 * (g(f(h + noise)) - (h + noise)) ** 2
)
reconstruction.wrong("what comes back, with nothing taken away", says="That is what comes")(
    lambda f, g, h, noise: g(f(h + noise))
)
reconstruction.wrong("noise taken away below", says="but is [[-0.0344]].")(
    lambda f, g, h, noise: g(f(h - noise)) - (h - noise)
)
reconstruction.wrong("noise multiplied, as a mask is", says="but is [[0.0899]].")(
    lambda f, g, h, noise: g(f(h * noise)) - h * noise
)
reconstruction.wrong("the absolute difference", says="The sign is lost: the")(
    lambda f, g, h, noise: abs(g(f(h + noise)) - (h + noise))
)
reconstruction.wrong("noise after the way down", says="but is [[0.0046]].")(lambda f, g, h, noise: g(f(h)) + noise - h)


@reconstruction.wrong("moves the activities that it was given", says="changes what it was given")
def moves_the_activities(f, g, h, noise):
    h += noise
    return g(f(h)) - h


reconstruction.wrong("the squares", says="Those are the squares")(
    lambda f, g, h, noise: np.square(g(f(h + noise)) - h - noise)
)
reconstruction.wrong("the sum of the squares", says="That is one number", same_in_containers=False)(
    lambda f, g, h, noise: np.linalg.norm(g(f(h + noise)) - (h + noise)) ** 2
)
reconstruction.wrong("the mean of the squares", says="That is one number", same_in_containers=False)(
    lambda f, g, h, noise: np.average((g(f(h + noise)) - h - noise) ** 2)
)
reconstruction.wrong("half of the mean of the squares", says="That is one number", same_in_containers=False)(
    lambda f, g, h, noise: 0.5 * np.average((g(f(h + noise)) - h - noise) ** 2)
)
reconstruction.wrong("no noise, and the other sign", says="There is no noise in it, and the sign")(
    lambda f, g, h, noise: -(g(f(h)) - h)
)


two_stages = Answers("two_stages")


@two_stages.right("the target before any weight has moved")
def target_first(w1, w2, x, t, rate):
    h1 = w1 * x
    h2 = w2 * h1
    target = t / w2
    w2 = w2 - rate * (h2 - t) * h1
    w1 = w1 - rate * (h1 - target) * x
    return w1, w2


@two_stages.right("new names for new weights")
def new_names(w1, w2, x, t, rate):
    h1 = w1 * x
    new_w2 = w2 - rate * (w2 * h1 - t) * h1
    new_w1 = w1 - rate * (h1 - t / w2) * x
    return [new_w1, new_w2]


two_stages.right("both at once")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.right("an array of both")(
    lambda w1, w2, x, t, rate: np.array([w1, w2]) - rate * np.array([(w1 * x - t / w2) * x, (w1 * w2 * x - t) * w1 * x])
)
two_stages.right("the error sent through the inverse, which is straight")(
    lambda w1, w2, x, t, rate: (w1 + rate * (t - w1 * w2 * x) / w2 * x, w2 + rate * (t - w1 * w2 * x) * w1 * x)
)


@two_stages.wrong("unchanged: the target goes through the new weight", says="The target was computed")
def unchanged_order(w1, w2, x, t, rate):
    h1 = w1 * x
    h2 = w2 * h1
    w2 = w2 - rate * (h2 - t) * h1
    target = t / w2
    w1 = w1 - rate * (h1 - target) * x
    return w1, w2


@two_stages.wrong(
    "in turn from below: the second stage reads what the first has learned",
    says="The lower weight was changed first, and a",
)
def from_below(w1, w2, x, t, rate):
    h1 = w1 * x
    w1 = w1 - rate * (h1 - t / w2) * x
    h1 = w1 * x
    w2 = w2 - rate * (w2 * h1 - t) * h1
    return w1, w2


two_stages.wrong("backpropagation for the first weight", says="The first weight follows")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * w2 * x - t) * w2 * x, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("the target multiplied by the weight", says="The target is the answer")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t * w2) * x, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("the answer itself as the lower target", says="The answer is the output's")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t) * x, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("the two weights in the wrong order", says="The two weights have")(
    lambda w1, w2, x, t, rate: (w2 - rate * (w1 * w2 * x - t) * w1 * x, w1 - rate * (w1 * x - t / w2) * x)
)
two_stages.wrong("uphill", says="The sign is wrong")(
    lambda w1, w2, x, t, rate: (w1 + rate * (w1 * x - t / w2) * x, w2 + rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("x is lost in the lower update", says="The lower weight's")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2), w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("h1 is lost in the upper update", says="The upper stage reads")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - rate * (w1 * w2 * x - t))
)
two_stages.wrong("x in place of h1 in the upper update", says="The upper stage reads")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - rate * (w1 * w2 * x - t) * x)
)
two_stages.wrong(
    "only the lower weight comes back",
    says="should be 2 results, but there is one float: return them wit",
    same_in_containers=False,
)(lambda w1, w2, x, t, rate: w1 - rate * (w1 * x - t / w2) * x)
two_stages.wrong("the changes in place of the weights", says="Those are the steps")(
    lambda w1, w2, x, t, rate: (-rate * (w1 * x - t / w2) * x, -rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("the rate is lost", says="The learning rate is")(
    lambda w1, w2, x, t, rate: (w1 - (w1 * x - t / w2) * x, w2 - (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("a factor 2: the half in front is forgotten", says="There is a factor 2")(
    lambda w1, w2, x, t, rate: (w1 - 2 * rate * (w1 * x - t / w2) * x, w2 - 2 * rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("a target half-way to the answer", says="but is 3.05.")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) / 2 * x, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("only the upper stage learns", says="One of the two weights")(
    lambda w1, w2, x, t, rate: (w1, w2 - rate * (w1 * w2 * x - t) * w1 * x)
)
two_stages.wrong("only the lower stage learns", says="One of the two weights")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2)
)
two_stages.wrong("three values: the target, too", says="should be 2 results, but the number of yours is 3.")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - rate * (w1 * w2 * x - t) * w1 * x, t / w2)
)

two_stages.wrong(
    "the upper error is the old one, the activity that it meets is new",
    says="The lower weight was changed first, and the",
)(
    lambda w1, w2, x, t, rate: (
        w1 - rate * (w1 * x - t / w2) * x,
        w2 - rate * (w1 * w2 * x - t) * (w1 - rate * (w1 * x - t / w2) * x) * x,
    )
)
two_stages.wrong("a factor 2 above, where the squared error is", says="There is a factor 2")(
    lambda w1, w2, x, t, rate: (w1 - rate * (w1 * x - t / w2) * x, w2 - rate * 2 * (w1 * w2 * x - t) * w1 * x)
)

silent_arrays = Answers("silent_arrays")

silent_arrays.right("a list")(["b5", "W6"])
silent_arrays.right("the other order")(["W6", "b5"])
silent_arrays.right("a tuple")(("b5", "W6"))
silent_arrays.right("a set")({"b5", "W6"})
silent_arrays.right("an array of names")(np.array(["W6", "b5"]))
silent_arrays.right("a dictionary: its keys")({"b5": 0.0, "W6": 0.0})
silent_arrays.wrong("the page's example of a list", says="Those do move: keep")(["W1", "b1"])
silent_arrays.wrong("one of the two", says="There is one more")(["b5"])
silent_arrays.wrong("the other one alone", says="There is one more")(["W6"])
silent_arrays.wrong("both arrays of one layer", says="One of yours never")(["W6", "b6"])
silent_arrays.wrong("both arrays of the layer below", says="One of yours never")(["W5", "b5"])
silent_arrays.wrong("weights and bias exchanged", says="Those do move: keep")(["W5", "b6"])
silent_arrays.wrong("counted from 0", says="Those do move: keep")(["b4", "W5"])
silent_arrays.wrong("one too many", says="Those two are among")(["b5", "W6", "W7"])
silent_arrays.wrong("all of them", says="Those two are among")([f"{kind}{i}" for i in range(1, 9) for kind in "Wb"])
silent_arrays.wrong("none of them", says="That list is empty")([])
silent_arrays.wrong("numbers of layers", says="Give the names as a")([5, 6])
silent_arrays.wrong("one name, not in a list", says="There is one more")("b5")
silent_arrays.wrong("a name that there is not", says="No array is called")(["b5", "w6"])
silent_arrays.wrong("a number", says="Give the names as a")(2)
silent_arrays.wrong("True", says="Give the names as a")(True)
silent_arrays.wrong("a layer beyond the last", says="No array is called")(["W9", "b9"])

first_target = Answers("first_target")

first_target.right("a number")(0.6)
first_target.right("worked out by Python")(0.2 - 0.25 * 2 * (0.2 - 1))
first_target.right("a fraction")(Fraction(3, 5))
first_target.right("single precision")(np.float32(0.6))
first_target.right("an array without axes")(np.array(0.6))
first_target.right("a decimal")(Decimal("0.6"))
first_target.wrong("the 2 of the derivative is lost", says="The derivative of a square has a factor 2.")(0.4)
first_target.wrong("uphill: plus the gradient", says="The sign is wrong")(-0.2)
first_target.wrong("uphill, and the 2 is lost", says="factor 2; and the sign is wrong")(0.0)
first_target.wrong("the answer itself", says="That is the answer")(1.0)
first_target.wrong("the output itself", says="That is the output")(0.2)
first_target.wrong("the whole step: rate 1", says="The target rate is")(1.8)
first_target.wrong("the step alone", says="The derivative of a square has a factor 2.")(0.25 * 1.6)
first_target.wrong("the gradient", says="That is the gradient.")(-1.6)
first_target.wrong("the gradient without its sign", says="That is the gradient without")(1.6)
first_target.wrong("the loss", says="That is the loss: its")(0.64)
first_target.wrong("the loss times the rate, added", says="Go from h against the")(0.36)
first_target.wrong("starts from the answer: 1 - 0.4", says="Go from h against the")(1 - 0.25 * 2 * 0.2)
first_target.wrong("a factor ten", says="Go from h against the")(6)
first_target.wrong("in words", says="Give one number, not", same_in_containers=False)("0.6")
first_target.wrong("a list, of one", says="Give one number, not", same_in_containers=False)([0.6])
first_target.wrong("a function", says="Give one number, not", same_in_containers=False)(lambda: 0.6)
first_target.wrong("not a number", says="but is nan.", same_in_containers=False)(float("nan"))
first_target.wrong("True", says="Give one number, not", same_in_containers=False)(True)

difference_target = Answers("difference_target")

difference_target.right("the equation")(lambda g, h_below, h, target: g(target) - (g(h) - h_below))
difference_target.right("the difference of two answers of g, added")(
    lambda g, h_below, h, target: h_below + g(target) - g(h)
)
difference_target.right("taken away")(lambda g, h_below, h, target: h_below - (g(h) - g(target)))
difference_target.right("a sum over three")(lambda g, h_below, h, target: np.sum([g(target), -g(h), h_below], axis=0))
difference_target.right("entry by entry")(
    lambda g, h_below, h, target: [a - b + c for a, b, c in zip(g(target), g(h), h_below, strict=True)]
)
difference_target.wrong("target propagation: the inverse's error stays", says="That is TP's target")(
    lambda g, h_below, h, target: g(target)
)
difference_target.wrong("the change alone: h_below is lost", says="The activity below")(
    lambda g, h_below, h, target: g(target) - g(h)
)
difference_target.wrong("a forgotten parenthesis", says="The minus in front")(
    lambda g, h_below, h, target: g(target) - g(h) - h_below
)
difference_target.wrong("the inverse's error added", says="The bracket is the")(
    lambda g, h_below, h, target: g(target) + (g(h) - h_below)
)
difference_target.wrong("away from the target", says="The two answers of")(
    lambda g, h_below, h, target: h_below - g(target) + g(h)
)
difference_target.wrong("the inverse of a difference", says="The inverse is asked about the")(
    lambda g, h_below, h, target: h_below + g(target - h)
)
difference_target.wrong("no inverse: the difference as it is above", says="The inverse was not")(
    lambda g, h_below, h, target: h_below + target - h
)
difference_target.wrong("h in place of h_below", says="The activity above")(
    lambda g, h_below, h, target: g(target) - (g(h) - h)
)
difference_target.wrong("g of the activity below", says="The inverse is asked about h_below")(
    lambda g, h_below, h, target: g(target) - (g(h_below) - h_below)
)
difference_target.wrong("half-way", says="but is [0.2733].")(
    lambda g, h_below, h, target: h_below + (g(target) - g(h)) / 2
)
difference_target.wrong("the activity below", says="but is [0.2].")(lambda g, h_below, h, target: h_below)
difference_target.wrong("the inverse's error", says="but is [0.5351].")(lambda g, h_below, h, target: g(h) - h_below)
difference_target.wrong("the target above", says="but is [0.7].")(lambda g, h_below, h, target: target)
difference_target.wrong("both targets in turn", says="should have the shape (1,), but has (2, 1).")(
    lambda g, h_below, h, target: (h_below + g(target) - g(h), g(target))
)
difference_target.wrong("forgets to call g", says="your code stops with TypeError")(
    lambda g, h_below, h, target: h_below + g * (target - h)
)
difference_target.wrong(
    "the mean over all units", says="should be a NumPy array, but is a float64", same_in_containers=False
)(lambda g, h_below, h, target: np.mean(h_below + g(target) - g(h)))


@difference_target.wrong("moves the activity that it was given", says="changes what it was given")
def moves_the_activity(g, h_below, h, target):
    h_below += g(target) - g(h)
    return h_below


difference_target.wrong("the target in place of the activity below", says="The target above stands")(
    lambda g, h_below, h, target: g(target) - (g(h) - target)
)
difference_target.wrong("what the inverse says of the target, on top of the activity", says="What the inverse says")(
    lambda g, h_below, h, target: h_below + g(target)
)

contraction = Answers("contraction")

contraction.right("the spectral norm")(lambda W, V: np.linalg.norm(np.eye(len(V)) - V @ W, 2))
contraction.right("the largest singular value")(
    lambda W, V: np.linalg.svd(np.eye(len(V)) - V @ W, compute_uv=False).max()
)
contraction.right("the root of an eigenvalue")(
    lambda W, V: np.linalg.eigvalsh((np.eye(len(V)) - V @ W).T @ (np.eye(len(V)) - V @ W)).max().clip(0) ** 0.5
)
contraction.right("a Python float")(lambda W, V: float(np.linalg.norm(V @ W - np.identity(W.shape[1]), ord=2)))
contraction.right("SciPy's")(lambda W, V: svd_of(np.eye(len(V)) - V @ W)[0])


def svd_of(matrix):
    """The singular values, from those of the matrix turned over."""
    return np.linalg.svd(matrix.T)[1]


contraction.wrong("the Frobenius norm", says="That is the root of")(lambda W, V: np.linalg.norm(np.eye(len(V)) - V @ W))
contraction.wrong("the product in the other order", says="The two matrices have")(
    lambda W, V: np.linalg.norm(np.eye(len(W)) - W @ V, 2)
)
contraction.wrong("the largest eigenvalue", says="That is the size of")(
    lambda W, V: np.abs(np.linalg.eigvals(np.eye(len(V)) - V @ W)).max()
)
contraction.wrong("the smallest singular value", says="That is the smallest")(
    lambda W, V: np.linalg.svd(np.eye(len(V)) - V @ W)[1].min()
)
contraction.wrong("the square: no root taken", says="That is the square")(
    lambda W, V: np.linalg.eigvalsh((np.eye(len(V)) - V @ W).T @ (np.eye(len(V)) - V @ W)).max()
)
contraction.wrong("I is lost", says="That is the share that")(lambda W, V: np.linalg.norm(V @ W, 2))
contraction.wrong("a plus sign", says="The product is added")(lambda W, V: np.linalg.norm(np.eye(len(V)) + V @ W, 2))
contraction.wrong("one less the norm of the product", says="First the identity")(
    lambda W, V: 1 - np.linalg.norm(V @ W, 2)
)
contraction.wrong("the size of that", says="First the identity")(lambda W, V: abs(1 - np.linalg.norm(V @ W, 2)))
contraction.wrong("the largest entry", says="That is the largest entry")(
    lambda W, V: np.abs(np.eye(len(V)) - V @ W).max()
)
contraction.wrong("the largest sum of a column", says="That is the largest sum")(
    lambda W, V: np.linalg.norm(np.eye(len(V)) - V @ W, 1)
)
contraction.wrong("the largest sum of a row", says="That is the largest sum")(
    lambda W, V: np.linalg.norm(np.eye(len(V)) - V @ W, np.inf)
)
contraction.wrong("all singular values", says="should be a number, but is a ndarray", same_in_containers=False)(
    lambda W, V: np.linalg.svd(np.eye(len(V)) - V @ W)[1]
)
contraction.wrong("both matrices turned over", says="The two matrices have")(
    lambda W, V: np.linalg.norm(np.eye(len(W)) - V.T @ W.T, 2)
)
contraction.wrong("whether it shrinks", says="You say whether it", same_in_containers=False)(
    lambda W, V: bool(np.linalg.norm(np.eye(len(V)) - V @ W, 2) < 1)
)
contraction.wrong("W in place of V", says="but is 3.")(lambda W, V: np.linalg.norm(np.eye(len(W)) - W @ W.T, 2))
contraction.wrong("1 in every place of I", says="1 - V @ W takes the")(lambda W, V: np.linalg.norm(1 - V @ W, 2))
contraction.wrong("entry by entry", says="but is 0.5.")(lambda W, V: np.linalg.norm(np.eye(*V.shape) - V * W.T, 2))
contraction.wrong("the mean of all singular values", says="but is 0.51296.")(
    lambda W, V: np.linalg.svd(np.eye(len(V)) - V @ W)[1].mean()
)
contraction.wrong("the matrix itself", says="should be a number, but is a ndarray", same_in_containers=False)(
    lambda W, V: np.eye(len(V)) - V @ W
)


@contraction.wrong("tries a thousand steps: nearly the largest, but less", says="but is 1.3059.")
def a_thousand_steps(W, V):
    steps = np.random.default_rng(0).standard_normal((1000, len(V)))
    left = steps @ (np.eye(len(V)) - V @ W)
    return (np.linalg.norm(left, axis=1) / np.linalg.norm(steps, axis=1)).max()


local_update = Answers("local_update")

local_update.right("the equation")(lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / len(h))
local_update.right("by indices")(
    lambda below, h, target: np.einsum("ni,nj->ij", below, (h - target) * (1 - h * h)) / len(below)
)
local_update.right("the mean of a product for each sample")(
    lambda below, h, target: np.mean(below[:, :, None] * ((h - target) * (1 - h) * (1 + h))[:, None, :], axis=0)
)
local_update.right("lists")(
    lambda below, h, target: [
        [
            sum(below[n, i] * (h[n, j] - target[n, j]) * (1 - h[n, j] ** 2) for n in range(len(h))) / len(h)
            for j in range(h.shape[1])
        ]
        for i in range(below.shape[1])
    ]
)


@local_update.right("a loop over samples")
def sample_by_sample(below, h, target):
    total = np.zeros((below.shape[1], h.shape[1]))
    for one, activity, wanted in zip(below, h, target, strict=True):
        total += np.outer(one, (activity - wanted) * (1 - activity**2))
    return total / len(below)


local_update.wrong("the sum in place of the mean", says="The batch is summed")(
    lambda below, h, target: below.T @ ((h - target) * (1 - h**2))
)
local_update.wrong("the other sign", says="The sign is wrong: that leads away")(
    lambda below, h, target: below.T @ ((target - h) * (1 - h**2)) / len(h)
)
local_update.wrong("no slope", says="is missing: 1 - h^2.")(lambda below, h, target: below.T @ (h - target) / len(h))
local_update.wrong("no square in the slope", says="The slope is 1 - h^2")(
    lambda below, h, target: below.T @ ((h - target) * (1 - h)) / len(h)
)
local_update.wrong("the sigmoid's slope", says="h (1 - h) is the slope")(
    lambda below, h, target: below.T @ ((h - target) * h * (1 - h)) / len(h)
)
local_update.wrong("the slope at the target", says="The slope is that at")(
    lambda below, h, target: below.T @ ((h - target) * (1 - target**2)) / len(h)
)
local_update.wrong("the slope as if h were the sum: tanh taken twice", says="h is the tanh already")(
    lambda below, h, target: below.T @ ((h - target) * (1 - np.tanh(h) ** 2)) / len(h)
)
local_update.wrong("a plus sign in the slope", says="but is [[-0.125, -0.208,  0.348], [-0.25 , -0.416,  0.696]].")(
    lambda below, h, target: below.T @ ((h - target) * (1 + h**2)) / len(h)
)
local_update.wrong("turned over", says="The result is transposed: W")(
    lambda below, h, target: ((h - target) * (1 - h**2)).T @ below / len(h)
)
local_update.wrong("divided by the number of all entries", says="The mean is over the")(
    lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / h.size
)
local_update.wrong(
    "divided by the number of units", says="but is [[-0.025, -0.064,  0.084], [-0.05 , -0.128,  0.168]]."
)(lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / h.shape[1])
local_update.wrong("a factor 2: the half is forgotten", says="There is a factor 2 too many: the loss")(
    lambda below, h, target: 2 * below.T @ ((h - target) * (1 - h**2)) / len(h)
)
local_update.wrong("a factor 1/2: the 2 of the square is forgotten", says="There is a factor 1/2")(
    lambda below, h, target: below.T @ ((h - target) * (1 - h**2)) / len(h) / 2
)
local_update.wrong("means first, product after", says="The mean over the samples")(
    lambda below, h, target: np.outer(below.mean(axis=0), ((h - target) * (1 - h**2)).mean(axis=0))
)
local_update.wrong("the gradient of the biases", says="should have the shape (2, 3), but has (3,).")(
    lambda below, h, target: ((h - target) * (1 - h**2)).mean(axis=0)
)
local_update.wrong("below is lost: one row for each sample", says="should have the shape (2, 3), but has (1, 3).")(
    lambda below, h, target: (h - target) * (1 - h**2) / len(h)
)
local_update.wrong("h in place of what lies below", says="should have the shape (2, 3), but has (3, 3).")(
    lambda below, h, target: h.T @ ((h - target) * (1 - h**2)) / len(h)
)
local_update.wrong("the loss", says="should be a NumPy array, but is a float64", same_in_containers=False)(
    lambda below, h, target: 0.5 * np.sum((h - target) ** 2) / len(h)
)
local_update.wrong("the target alone, no difference", says="but is [[0.45 , 0.   , 0.084], [0.9  , 0.   , 0.168]].")(
    lambda below, h, target: below.T @ (target * (1 - h**2)) / len(h)
)
local_update.wrong("the product cannot be formed: nothing is turned over", says="your code stops with ValueError")(
    lambda below, h, target: below @ ((h - target) * (1 - h**2)) / len(h)
)
local_update.wrong("divided by the slope", says="but is [[-0.1333, -0.2083,  0.3571], [-0.2667, -0.4167,  0.7143]].")(
    lambda below, h, target: below.T @ ((h - target) / (1 - h**2)) / len(h)
)


@local_update.wrong("writes the differences into the activities", says="changes what it was given")
def differences_for_activities(below, h, target):
    slope = 1 - h**2
    h -= target
    return below.T @ (h * slope) / len(h)


local_update.wrong("no slope and no mean", says="is missing, 1 - h^2, and so is the mean")(
    lambda below, h, target: below.T @ (h - target)
)
local_update.wrong("the other sign and no mean", says="The sign is wrong, and the batch is summed")(
    lambda below, h, target: np.transpose(below) @ ((target - h) * (1 - h**2))
)
local_update.wrong("the 2 of the square and no mean", says="There is a factor 2 too many, for")(
    lambda below, h, target: below.T @ (2 * (h - target) * (1 - h**2))
)
local_update.wrong("turned over and no mean", says="The result is transposed, W")(
    lambda below, h, target: ((h - target) * (1 - h**2)).T @ below
)

angle_between = Answers("angle_between")


@angle_between.right("the equation, kept in range")
def kept_in_range(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    if lengths == 0:
        return 90.0
    return np.degrees(np.arccos(np.clip(np.sum(u * v) / lengths, -1, 1)))


@angle_between.right("loops over plain numbers")
def plain_numbers(u, v):
    u, v = list(u.flat), list(v.flat)
    length = math.sqrt(sum(a * a for a in u)) * math.sqrt(sum(b * b for b in v))
    if not length:
        return 90
    return math.degrees(math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(u, v, strict=True)) / length))))


@angle_between.right("from the half angle")
def half_angle(u, v):
    u, v = np.ravel(u), np.ravel(v)
    if not u.any() or not v.any():
        return 90
    u, v = u / np.sqrt(u @ u), v / np.sqrt(v @ v)
    return 2 * np.degrees(np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))


@angle_between.right("one product of all entries")
def all_entries(u, v):
    lengths = (np.vdot(u, u) * np.vdot(v, v)) ** 0.5
    cosine = np.vdot(u, v) / lengths if lengths > 0 else 0.0
    return np.array(180 / np.pi * np.arccos(min(1, max(-1, cosine))))


def cosine_of(u, v):
    """The cosine, 0 for an array of zeros."""
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return np.clip(np.sum(u * v) / lengths, -1, 1) if lengths > 0 else 0.0


angle_between.wrong("radians", says="That is in radians.")(lambda u, v: np.arccos(cosine_of(u, v)))
angle_between.wrong("the cosine", says="That is the cosine")(cosine_of)
angle_between.wrong("the sine's inverse", says="That is the arc sine")(
    lambda u, v: np.degrees(np.arcsin(cosine_of(u, v)))
)
angle_between.wrong("never beyond 90: the cosine without its sign", says="An angle may be more")(
    lambda u, v: np.degrees(np.arccos(abs(cosine_of(u, v))))
)
angle_between.wrong("the other way round: 180 less it", says="That is the angle to")(
    lambda u, v: 180 - np.degrees(np.arccos(cosine_of(u, v)))
)
angle_between.wrong("degrees into radians, of radians", says="but is 0.013708.")(
    lambda u, v: np.radians(np.arccos(cosine_of(u, v)))
)
angle_between.wrong("0 for an array of zeros", says="For an array of zeros yours is 0")(
    lambda u, v: np.degrees(np.arccos(cosine_of(u, v))) if u.any() and v.any() else 0.0
)
angle_between.wrong("nothing is said of zeros: 0 / 0", says="For an array of zeros yours is NaN")(
    lambda u, v: np.degrees(np.arccos(np.clip(np.sum(u * v) / (np.linalg.norm(u) * np.linalg.norm(v)), -1, 1)))
)
angle_between.wrong("vectors only: the product of two matrices", says="should be a number, but is a ndarray")(
    lambda u, v: np.degrees(np.arccos(np.clip(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)), -1, 1)))
)
angle_between.wrong("the squares of both lengths", says="but is 60.")(
    lambda u, v: np.degrees(np.arccos(np.clip(np.sum(u * v) / max(np.sum(u * u) * np.sum(v * v), 1e-300), -1, 1)))
)
angle_between.wrong("one length only", says="but is 0.")(
    lambda u, v: np.degrees(np.arccos(np.clip(np.sum(u * v) / max(np.linalg.norm(u), 1e-300) ** 2, -1, 1)))
)
angle_between.wrong("no lengths at all", says="The lengths are missing")(
    lambda u, v: np.degrees(np.arccos(np.clip(np.sum(u * v), -1, 1)))
)
angle_between.wrong("an angle for each row", says="should be a number, but is a list", same_in_containers=False)(
    lambda u, v: [
        np.degrees(np.arccos(cosine_of(a, b))) for a, b in zip(np.atleast_2d(u), np.atleast_2d(v), strict=False)
    ]
)
angle_between.wrong("the mean of the angles of all rows", says="but is 31.717.")(
    lambda u, v: np.mean(
        [np.degrees(np.arccos(cosine_of(a, b))) for a, b in zip(np.atleast_2d(u).T, np.atleast_2d(v).T, strict=True)]
    )
)
angle_between.wrong("always 90", says="but is 90.")(lambda u, v: 90.0)
angle_between.wrong("half the angle", says="but is 22.5.")(lambda u, v: np.degrees(np.arccos(cosine_of(u, v))) / 2)
angle_between.wrong("a matrix measured by its largest singular value", says="but is 39.417.")(
    lambda u, v: np.degrees(
        np.arccos(
            np.clip(
                np.sum(u * v)
                / max(
                    np.linalg.norm(u, 2 if u.ndim < 3 else None) * np.linalg.norm(v, 2 if v.ndim < 3 else None), 1e-300
                ),
                -1,
                1,
            )
        )
    )
)


@angle_between.wrong(
    "lets the cosine leave its range by a rounding",
    says="Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it.",
)
def out_of_range(u, v):
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return np.degrees(np.arccos(np.sum(u * v) / lengths)) if lengths else 90.0


@angle_between.wrong("makes unit vectors of what it was given", says="changes what it was given")
def unit_vectors(u, v):
    answer = np.degrees(np.arccos(cosine_of(u, v)))
    u /= max(np.linalg.norm(u), 1e-300)
    v /= max(np.linalg.norm(v), 1e-300)
    return answer


def plain_cosine(u, v):
    """The cosine, whatever rounding makes of it; 0 for an array of zeros."""
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.sum(u * v) / lengths) if lengths else 0.0


angle_between.wrong("the product alone, without lengths and not clipped", says="The lengths are missing")(
    lambda u, v: np.degrees(np.arccos(np.vdot(u, v)))
)
angle_between.wrong("clipped at 1 only", says="Two updates in opposite")(
    lambda u, v: np.degrees(np.arccos(min(plain_cosine(u, v), 1.0)))
)
angle_between.wrong(
    "clipped at -1 only",
    says="Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it at",
)(lambda u, v: np.degrees(np.arccos(max(plain_cosine(u, v), -1.0))))
angle_between.wrong("math.acos of a cosine out of range", says="math.acos stops where")(
    lambda u, v: math.degrees(math.acos(plain_cosine(u, v)))
)
angle_between.wrong("math.acos, clipped at 1 only", says="math.acos stops where")(
    lambda u, v: math.degrees(math.acos(min(plain_cosine(u, v), 1.0)))
)
angle_between.wrong("math.acos, clipped at -1 only", says="math.acos stops where")(
    lambda u, v: math.degrees(math.acos(max(plain_cosine(u, v), -1.0)))
)
angle_between.wrong(
    "neither clipped nor kept from zeros",
    says="Two updates in the same direction give NaN: by rounding their cosine is a little above 1. Clip it.",
)(lambda u, v: np.degrees(np.arccos(np.sum(u * v) / (np.linalg.norm(u) * np.linalg.norm(v)))))


@angle_between.wrong("divides by zero in plain Python", says="your code stops with ZeroDivisionError")
def divides_by_zero(u, v):
    u, v = u.ravel().tolist(), v.ravel().tolist()
    cosine = sum(map(float.__mul__, u, v)) / (math.hypot(*u) * math.hypot(*v))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


sampling_layer = Answers("sampling_layer")


class Layer:
    """What all layers of chance share."""

    def __init__(self, rng):
        self.parameters, self.gradients = {}, {}
        self.rng = rng

    def forward(self, x):
        return np.where(self.rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0)

    def backward(self, upstream):
        return np.zeros_like(upstream)


sampling_layer.right("one number for each activity")(Layer)


@sampling_layer.right("a threshold drawn between -1 and 1")
class Threshold(Layer):
    def forward(self, x):
        return np.copysign(1.0, x - self.rng.uniform(-1, 1, x.shape))


@sampling_layer.right("coins of NumPy")
class Coins(Layer):
    def forward(self, x):
        return 2.0 * self.rng.binomial(1, (1 + x) / 2) - 1

    def backward(self, upstream):
        return 0 * upstream


@sampling_layer.right("a loop, whole numbers")
class Looped(Layer):
    def forward(self, x):
        signs = np.empty(x.shape, int)
        for place, activity in np.ndenumerate(x):
            signs[place] = 1 if self.rng.random() <= (1 + activity) / 2 else -1
        return signs


@sampling_layer.right("from the other side: -1 with probability (1 - h) / 2")
class OtherSide(Layer):
    def forward(self, x):
        return 1.0 - 2.0 * (self.rng.random(x.shape) < (1 - x) / 2)


@sampling_layer.wrong("probability h", says="should be h: +1 with probability (1 + h) / 2.")
class ProbabilityH(Layer):
    def forward(self, x):
        return np.where(self.rng.random(x.shape) < x, 1.0, -1.0)


@sampling_layer.wrong("+1 and -1 exchanged", says="should be likely where h is near 1.")
class Exchanged(Layer):
    def forward(self, x):
        return np.where(self.rng.random(x.shape) < (1 + x) / 2, -1.0, 1.0)


@sampling_layer.wrong("one number for the whole batch", says="All samples share their")
class OneNumber(Layer):
    def forward(self, x):
        return np.where(self.rng.random() < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("one number for each sample", says="All units of a sample")
class OneForEachRow(Layer):
    def forward(self, x):
        return np.where(self.rng.random((len(x), 1)) < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("one number for each unit, the same for all samples", says="All samples share their")
class OneForEachColumn(Layer):
    def forward(self, x):
        return np.where(self.rng.random(x.shape[1]) < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("no chance: the sign", says="That is the sign itself")
class PlainSign(Layer):
    def forward(self, x):
        return np.where(x >= 0, 1.0, -1.0)


@sampling_layer.wrong("no chance: always +1", says="There is no chance in it: draw")
class AlwaysOne(Layer):
    def forward(self, x):
        return np.ones_like(x)


@sampling_layer.wrong("0 and 1 in place of signs", says="Every value must be")
class ZeroAndOne(Layer):
    def forward(self, x):
        return (self.rng.random(x.shape) < (1 + x) / 2) * 1.0


@sampling_layer.wrong("True and False", says="Every value must be")
class TrueAndFalse(Layer):
    def forward(self, x):
        return self.rng.random(x.shape) < (1 + x) / 2


@sampling_layer.wrong("the mean itself", says="Every value must be")
class MeanItself(Layer):
    def forward(self, x):
        return x


@sampling_layer.wrong("noise added, no signs", says="Every value must be")
class NoiseAdded(Layer):
    def forward(self, x):
        return x + self.rng.uniform(-1, 1, x.shape)


@sampling_layer.wrong("a coin, whatever h is", says="should be h: +1 with probability (1 + h) / 2.")
class FairCoin(Layer):
    def forward(self, x):
        return self.rng.choice([-1.0, 1.0], x.shape)


@sampling_layer.wrong("the same numbers at every call", says="Every call draws the")
class SameNumbers(Layer):
    def forward(self, x):
        return np.where(np.random.default_rng(0).random(x.shape) < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("a generator of its own", says="The numbers do not")
class OwnGenerator(Layer):
    def forward(self, x):
        return np.where(np.random.default_rng().random(x.shape) < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("normal numbers in place of even ones", says="should be h: +1 with probability (1 + h) / 2.")
class NormalNumbers(Layer):
    def forward(self, x):
        return np.where(self.rng.standard_normal(x.shape) < x, 1.0, -1.0)


@sampling_layer.wrong(
    "the sign of h plus a normal number, twice as large", says="should be h: +1 with probability (1 + h) / 2."
)
class NoisySign(Layer):
    def forward(self, x):
        return np.sign(x + 0.3 * self.rng.standard_normal(x.shape))


@sampling_layer.wrong("probability (1 + h): the half is lost", says="should be h: +1 with probability (1 + h) / 2.")
class HalfLost(Layer):
    def forward(self, x):
        return np.where(self.rng.random(x.shape) < 1 + x, 1.0, -1.0)


@sampling_layer.wrong("straight through: hands the gradient on", says="forward is right. A")
class StraightThrough(Layer):
    def backward(self, upstream):
        return upstream


@sampling_layer.wrong("one zero in place of zeros", says="forward is right. A")
class OneZero(Layer):
    def backward(self, upstream):
        return 0.0


@sampling_layer.wrong("zeros, in another shape", says="forward is right. A random")
class ZerosOfOneRow(Layer):
    def backward(self, upstream):
        return np.zeros(upstream.shape[1])


@sampling_layer.wrong("no way back", says="There is no result")
class NoWayBack(Layer):
    def backward(self, upstream):
        pass


@sampling_layer.wrong("no parameters", says="A network asks every")
class NoParameters(Layer):
    def __init__(self, rng):
        self.rng = rng


@sampling_layer.wrong("takes no generator", says="Your code stops with TypeError")
class NoGenerator(Layer):
    def __init__(self):
        super().__init__(np.random.default_rng(0))


@sampling_layer.wrong("draws once, when it is made", says="One number is drawn")
class DrawnOnce(Layer):
    def __init__(self, rng):
        super().__init__(rng)
        self.number = rng.random()

    def forward(self, x):
        return np.where(self.number < (1 + x) / 2, 1.0, -1.0)


@sampling_layer.wrong("writes the signs into the activities", says="Your forward changes")
class SignsForActivities(Layer):
    def forward(self, x):
        x[...] = np.where(self.rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0)
        return x


@sampling_layer.wrong("one row only comes back", says="Every value must be")
class OneRow(Layer):
    def forward(self, x):
        return super().forward(x)[0]


@sampling_layer.wrong("lists, with which no layer can go on", says="forward should return")
class Lists(Layer):
    def forward(self, x):
        return super().forward(x).tolist()


sampling_layer.wrong("a layer, not its class", says="Give the class itself")(Layer(np.random.default_rng(0)))
sampling_layer.wrong("a function", says="Give the class itself")(
    lambda rng, x: np.where(rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0)
)
