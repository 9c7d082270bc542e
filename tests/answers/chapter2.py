"""What students hand in to the exercises of chapter 2."""

import math
from fractions import Fraction

import numpy as np

from answers.form import Answers
from helpers.chapters.chapter2.activations import gaussian_rbf
from helpers.chapters.chapter2.rbf_toy import falling_rates
from helpers.networks.activations import sigmoid

output = Answers("output")

output.right("the exponent in brackets")(lambda h, w_o: 1 / (1 + np.exp(-(h * w_o - 1))))
output.right("both signs turned")(lambda h, w_o: 1 / (1 + np.exp(1 - h * w_o)))
output.right("the sigmoid of the logit")(lambda h, w_o: sigmoid(h * w_o - 1))
output.right("exponentials above and below")(lambda h, w_o: np.exp(h * w_o) / (np.exp(h * w_o) + np.e))


@output.right("by tanh, with a name for the bias")
def right_output(h, w_o, bias=-1):
    logit = h * w_o + bias
    return (1 + np.tanh(logit / 2)) / 2


output.wrong(
    "nothing is mended: the bias is plus one",
    says="The minus sign of the exponent stands before h w_o only, so the bias has become +1",
)(lambda h, w_o: 1 / (1 + np.exp(-h * w_o - 1)))
output.wrong("the sign of the product is turned, not that of the bias", says="The output falls where it should rise")(
    lambda h, w_o: 1 / (1 + np.exp(h * w_o - 1))
)
output.wrong("both signs are wrong: plus the product, plus one", says="The weight works against the signal")(
    lambda h, w_o: 1 / (1 + np.exp(h * w_o + 1))
)
output.wrong("the bias is gone", says="The bias is lost")(lambda h, w_o: 1 / (1 + np.exp(-h * w_o)))
output.wrong("the bias is multiplied by the hidden output", says="the result should be [0.2689], but is [0.5]")(
    lambda h, w_o: 1 / (1 + np.exp(-h * (w_o - 1)))
)
output.wrong("the logit, without the sigmoid", says="That is the net input")(lambda h, w_o: h * w_o - 1)
output.wrong("one is taken from the output, not from the logit", says="The bias stands outside the exponent")(
    lambda h, w_o: 1 / (1 + np.exp(-h * w_o)) - 1
)
output.wrong("the bias stands outside the exponential", says="The bias stands outside the exponent")(
    lambda h, w_o: 1 / (1 + np.exp(-h * w_o) - 1)
)
output.wrong("one minus the output", says="The output falls where it should rise")(
    lambda h, w_o: 1 - sigmoid(h * w_o - 1)
)
output.wrong(
    "the exponential is multiplied by one, not by e",
    says="The minus sign of the exponent stands before h w_o only, so the bias has become +1",
)(lambda h, w_o: 1 / (1 + np.exp(-h * w_o) * np.exp(-1)))
output.wrong("a decision, not a probability", says="the result should be [0.2689], but is [0.]")(
    lambda h, w_o: np.heaviside(h * w_o - 1, 0)
)
output.wrong("the weight is added, not multiplied", says="the result should be [0.2689], but is [0.8808]")(
    lambda h, w_o: sigmoid(h + w_o - 1)
)
output.wrong(
    "a half wherever the unit is silent",
    says="the result should be a NumPy array, but is a float",
    same_in_containers=False,
)(lambda h, w_o: 0.5 if h == 0 else sigmoid(h * w_o - 1))
output.wrong(
    "the sum of squares in the exponent",
    says="but is [0.2689, 0.3452, 0.7773, 0.9997]",
)(lambda h, w_o: 1 / (1 + np.exp(-((h * w_o) ** 2) + 1)))
output.wrong(
    "too many arguments",
    says="Your function is called with 2 arguments, and that does not fit: missing a",
    same_in_containers=False,
)(lambda h, w_o, b_o: sigmoid(h * w_o + b_o))
output.wrong(
    "the value where the unit is silent, as a number",
    says="A function is asked for, and this is a result, of type float",
    same_in_containers=False,
)(0.27)

schedule = Answers("schedule")

schedule.right("the rate is kept before it falls")(falling_rates)


@schedule.right("two lines exchanged")
def rates_of(first, steps):
    rates, rate = [], first
    for _ in range(steps):
        rates.append(rate)
        rate -= first / steps
    return rates


schedule.right("a straight line of one point more")(lambda first, steps: np.linspace(first, 0, steps + 1)[:-1])
schedule.right("a list from a formula")(lambda first, steps: [first * (steps - k) / steps for k in range(steps)])


@schedule.right("one after the other", same_in_containers=False)
def rates_of(first, steps):
    for k in range(steps, 0, -1):
        yield k * first / steps


@schedule.wrong("nothing is mended: falls before it is kept", says="The rate is lowered before it is used")
def rates_of(first, steps):
    rates, rate = [], first
    for _ in range(steps):
        rate -= first / steps
        rates.append(rate)
    return rates


schedule.wrong("one rate too many, down to zero", says="There is one rate too many")(
    lambda first, steps: np.linspace(first, 0, steps + 1)
)
schedule.wrong("the last of the steps is zero", says="The last rate is zero")(
    lambda first, steps: np.linspace(first, 0, steps)
)
schedule.wrong("the last step is left out", says="the result should have the shape (2,), but has (1,)")(
    lambda first, steps: [first * (1 - k / steps) for k in range(steps - 1)]
)
schedule.wrong("rising", says="The rates rise")(lambda first, steps: [first * (k + 1) / steps for k in range(steps)])
schedule.wrong("constant", says="The rate never falls")(lambda first, steps: [first] * steps)
schedule.wrong("the rates fall by a factor", says="the result, at place [2], should be 0.18667, but is 0.18689")(
    lambda first, steps: [first * (1 - 1 / steps) ** k for k in range(steps)]
)
schedule.wrong(
    "from the book's 0.2, whatever is given",
    says="but is [0.2 , 0.16, 0.12, 0.08, 0.04]",
)(lambda first, steps: [0.2 * (1 - k / steps) for k in range(steps)])
schedule.wrong("falls by one whole rate each step", says="the result should be [0.2, 0.1], but is [0.2, 0. ]")(
    lambda first, steps: [first - k * first for k in range(steps)]
)
schedule.wrong("whole numbers", says="The rate never falls")(
    lambda first, steps: [first * (1 - k // steps) for k in range(steps)]
)
schedule.wrong("thirty steps, whatever is given", says="the result should have the shape (2,), but has (30,)")(
    lambda first, steps: [first * (1 - k / 30) for k in range(30)]
)
schedule.wrong("the step divides by one less", says="The last rate is zero")(
    lambda first, steps: [first * (1 - k / (steps - 1)) for k in range(steps)]
)
schedule.wrong("divided by the step's number", says="the result, at place [1], should be 0.19333, but is 0.1")(
    lambda first, steps: [first / (k + 1) for k in range(steps)]
)
schedule.wrong(
    "only the last rate", says="the result should be a NumPy array, but is a float", same_in_containers=False
)(lambda first, steps: first / steps)


@schedule.wrong("return stands inside the loop", says="the result should have the shape (2,), but has (1,)")
def rates_of(first, steps):
    rates, rate = [], first
    for _ in range(steps):
        rates.append(rate)
        rate -= first / steps
        return rates


@schedule.wrong("the first rate is put in front: one too many", says="There is one rate too many")
def rates_of(first, steps):
    rates, rate = [first], first
    for _ in range(steps):
        rate -= first / steps
        rates.append(rate)
    return rates


@schedule.wrong("nothing comes back", says="Your code gives back None", same_in_containers=False)
def rates_of(first, steps):
    rates, rate = [], first
    for _ in range(steps):
        rates.append(rate)
        rate -= first / steps
    print(end="")


@schedule.wrong("twice as fast: below zero in the end", says="the result should be [0.2, 0.1], but is [0.2, 0. ]")
def rates_of(first, steps):
    return [first - 2 * k * first / steps for k in range(steps)]


hidden_error = Answers("hidden_error")

hidden_error.right("as in the equation")(lambda a_h, h, w_o, delta_o: -2 * a_h * h * w_o * delta_o)
hidden_error.right("the bell once more, for h")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * gaussian_rbf(a_h) * (w_o * delta_o)
)


@hidden_error.right("step by step along the path")
def hidden(a_h, h, w_o, delta_o):
    error_of_h = w_o * delta_o
    slope = -(a_h + a_h) * h
    return slope * error_of_h


@hidden_error.right("a loop over points")
def hidden(a_h, h, w_o, delta_o):
    if np.ndim(a_h) == 0:
        return np.prod([-2, a_h, h, w_o, delta_o])
    points = np.broadcast_arrays(a_h, h, w_o, delta_o)
    return np.array([-2 * a * b * w * d for a, b, w, d in zip(*points, strict=True)])


hidden_error.wrong(
    "nothing is mended: the slope of the bell is missing",
    says="That is the derivative by h, the output of the hidden unit",
)(lambda a_h, h, w_o, delta_o: w_o * delta_o)
hidden_error.wrong("the slope has the wrong sign", says="The sign is wrong")(
    lambda a_h, h, w_o, delta_o: 2 * a_h * h * w_o * delta_o
)
hidden_error.wrong("the 2 is missing", says="The 2 is missing")(lambda a_h, h, w_o, delta_o: -a_h * h * w_o * delta_o)
hidden_error.wrong("h is missing", says="The slope of the bell is -2 a_h times the bell")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * w_o * delta_o
)
hidden_error.wrong("a_h is missing", says="The factor a_h is missing")(
    lambda a_h, h, w_o, delta_o: -2 * h * w_o * delta_o
)
hidden_error.wrong("the output weight is missing", says="The error must come back through the output weight w_o")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * h * delta_o
)
hidden_error.wrong("the error of the output is missing", says="The output's error is missing")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * h * w_o
)
hidden_error.wrong("the bell itself for its slope", says="h is the height of the bell")(
    lambda a_h, h, w_o, delta_o: h * w_o * delta_o
)
hidden_error.wrong("the slope of the sigmoid", says="You applied the slope of the sigmoid, h (1 - h)")(
    lambda a_h, h, w_o, delta_o: h * (1 - h) * w_o * delta_o
)
hidden_error.wrong("the slope of tanh", says="the result should be [-1.4715], but is [1.7293]")(
    lambda a_h, h, w_o, delta_o: (1 - h**2) * w_o * delta_o
)
hidden_error.wrong("the bell of h, not of a_h", says="the result should be [-1.4715], but is [-1.2853]")(
    lambda a_h, h, w_o, delta_o: -2 * h * np.exp(-(h**2)) * w_o * delta_o
)
hidden_error.wrong("only the slope of the bell", says="the result should be [-1.4715], but is [-0.7358]")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * h
)
hidden_error.wrong("the slope is added to the error", says="the result should be [-1.4715], but is [1.2642]")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * h + w_o * delta_o
)
hidden_error.wrong("the gradient of the output weight", says="the result should be [-1.4715], but is [0.3679]")(
    lambda a_h, h, w_o, delta_o: h * delta_o
)
hidden_error.wrong(
    "a_h squared",
    says="but is [-0.7114,  0.2921, -0.2642,  2.2073]",
)(lambda a_h, h, w_o, delta_o: -2 * a_h**2 * h * w_o * delta_o)
hidden_error.wrong("2 in the denominator", says="the result should be [-1.4715], but is [-0.3679]")(
    lambda a_h, h, w_o, delta_o: -a_h / 2 * h * w_o * delta_o
)
hidden_error.wrong("the slope of exp(-a^2 / 2)", says="the result should be [-1.4715], but is [-1.2131]")(
    lambda a_h, h, w_o, delta_o: -a_h * np.exp(-(a_h**2) / 2) * w_o * delta_o
)
hidden_error.wrong("the bell is applied to h once more", says="the result should be [-1.4715], but is [-3.4937]")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * gaussian_rbf(h) * w_o * delta_o
)
hidden_error.wrong(
    "summed over the points", says="the result should be a NumPy array, but is a float64", same_in_containers=False
)(lambda a_h, h, w_o, delta_o: np.sum(-2 * a_h * h * w_o * delta_o))
hidden_error.wrong("divided by the output weight", says="the result should be [-1.4715], but is [-0.3679]")(
    lambda a_h, h, w_o, delta_o: -2 * a_h * h * delta_o / w_o
)

boundary = Answers("boundary")

boundary.right("by head: e exp(-x^2 / 4) = 1")(2)
boundary.right("a root")(math.sqrt(4))
boundary.right("a number of NumPy, rounded by the computer")(np.sqrt(np.log(np.e)) / 0.5)
boundary.right("an array without axes")(np.array(2.0))
boundary.right("a fraction", same_in_containers=False)(Fraction(2, 1))
boundary.wrong("the square of the distance", says="4 is x squared, and the width from one boundary to the other")(4)
boundary.wrong("a_h at the boundary, not x", says="You found x times w_h")(1)
boundary.wrong("multiplied by the hidden weight in place of divided", says="You multiplied by w_h")(0.5)
boundary.wrong(
    "where the bell is one half",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(math.sqrt(math.log(2)) / 0.5)
boundary.wrong(
    "the weight is not squared: x^2 / 2 = 1",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(math.sqrt(2))
boundary.wrong(
    "the bell with a 2 below: x^2 / 8 = 1",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(math.sqrt(8))
boundary.wrong("the left one of the two places", says="The boundary lies on both sides")(-2)
boundary.wrong(
    "the bell falls to one half of the output weight",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(math.e / 2)
boundary.wrong(
    "the output weight", says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|"
)(math.e)
boundary.wrong(
    "the bias is forgotten: nowhere",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(float("inf"))
boundary.wrong("at zero", says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|")(0)
boundary.wrong(
    "the width between the two boundaries", says="4 is x squared, and the width from one boundary to the other"
)(4.0)
boundary.wrong(
    "both places",
    says="The boundary does lie on both sides; give one number, its distance from zero",
    same_in_containers=False,
)([-2, 2])
boundary.wrong("a text", says="Give one number, not a str", same_in_containers=False)("two")
boundary.wrong("no number", says="the result should be a finite number, but is nan")(float("nan"))
boundary.wrong(
    "the logarithm is forgotten",
    says="Set h w_o - 1 = 0, take the logarithm of both sides of h = 1/w_o, and solve for |x|",
)(2 * math.e)

boundary.wrong("the height of the bell there", says="That is the boundary on the axis of h, 1/w_o")(0.368)

moving_units = Answers("moving_units")


@moving_units.right("all points by all units")
def gradients_of_units(x, t, w_h, c, w_o):
    distance = x[:, None] - c
    a_h = w_h * distance
    h = np.exp(-(a_h**2))
    delta_o = sigmoid(h @ w_o - 1) - t
    delta_h = -2 * a_h * h * w_o * delta_o[:, None]
    return (delta_h * distance).sum(axis=0), -(delta_h * w_h).sum(axis=0), h.T @ delta_o


@moving_units.right("a loop over points and units, in lists")
def gradients_of_units(x, t, w_h, c, w_o):
    units = range(len(w_h))
    by_w_h, by_c, by_w_o = [0.0] * len(w_h), [0.0] * len(w_h), [0.0] * len(w_h)
    for point, target in zip(x, t, strict=True):
        bells = [math.exp(-((w_h[j] * (point - c[j])) ** 2)) for j in units]
        error = 1 / (1 + math.exp(1 - sum(bells[j] * w_o[j] for j in units))) - target
        for j in units:
            by_w_o[j] += bells[j] * error
            delta_h = -2 * w_h[j] * (point - c[j]) * bells[j] * w_o[j] * error
            by_w_h[j] += delta_h * (point - c[j])
            by_c[j] -= delta_h * w_h[j]
    return [by_w_h, by_c, by_w_o]


@moving_units.right("units in rows, and the square written out")
def gradients_of_units(x, t, w_h, c, w_o):
    shift = np.subtract.outer(c, x)  # c - x, (units, points)
    bell = gaussian_rbf(w_h[:, None] * shift)
    error = 1 / (1 + np.exp(1 - w_o @ bell)) - t
    inner = bell * error * w_o[:, None]
    return -2 * w_h * (inner * shift**2).sum(axis=1), -2 * w_h**2 * (inner * shift).sum(axis=1), bell @ error


@moving_units.right("by central differences of the cost")
def gradients_of_units(x, t, w_h, c, w_o):
    def cost(w_h, c, w_o):
        a_o = np.exp(-((w_h * (x[:, None] - c)) ** 2)) @ w_o - 1
        return (np.logaddexp(0, a_o) - t * a_o).sum()

    def slopes(place):
        gradient = np.zeros(len(w_h))
        for j in range(len(w_h)):
            values = []
            for step in (1e-5, -1e-5):
                moved = [w_h.copy(), c.copy(), w_o.copy()]
                moved[place][j] += step
                values.append(cost(*moved))
            gradient[j] = (values[0] - values[1]) / 2e-5
        return gradient

    return slopes(0), slopes(1), slopes(2)


def units_with(change, bias=-1.0, square=True, bell=lambda a: np.exp(-(a**2))):
    """The three gradients from all that they are made of, in some other way."""

    def gradients_of_units(x, t, w_h, c, w_o):
        d = x[:, None] - c
        a = w_h * d
        h = bell(a)
        y = sigmoid(h @ w_o + bias)
        e = (y - t)[:, None]
        delta = -2 * a * h * w_o * e
        return change(d, a, h, e, delta, w_h, c, w_o)

    return gradients_of_units


def usual(d, a, h, e, delta, w_h, c, w_o):
    """The right sums."""
    return (delta * d).sum(axis=0), -(delta * w_h).sum(axis=0), (h * e).sum(axis=0)


moving_units.wrong("the minus of the centre is missing", says="The sign of the centre's gradient is wrong")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), (delta * w_h).sum(0), (h * e).sum(0)))
)
moving_units.wrong("the centre lacks the hidden weight", says="The centre's gradient lacks its factor w_h")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), -delta.sum(0), (h * e).sum(0)))
)
moving_units.wrong(
    "the centre lacks the weight and the minus", says="The centre's gradient lacks both its sign and its factor"
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), delta.sum(0), (h * e).sum(0))))
moving_units.wrong("x for the hidden weight, not x - c", says="The gradient of w_h uses x")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * (d + c)).sum(0), -(delta * w_h).sum(0), (h * e).sum(0)))
)
moving_units.wrong("the centre is multiplied by c", says="value 2 of 3 should be [-0.5671], but is [")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), -(delta * c).sum(0), (h * e).sum(0)))
)
moving_units.wrong(
    "the output weight is missing in the hidden error",
    says="The output weight is missing from the error of the hidden unit",
)(
    units_with(
        lambda d, a, h, e, delta, w_h, c, w_o: (
            (-2 * a * h * e * d).sum(0),
            (2 * a * h * e * w_h).sum(0),
            (h * e).sum(0),
        )
    )
)
moving_units.wrong(
    "the slope of the bell is missing",
    says="The slope of the bell, -2 a_h h, is missing from the error of the hidden unit",
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((w_o * e * d).sum(0), -(w_o * e * w_h).sum(0), (h * e).sum(0))))
moving_units.wrong("the slope of the bell has the wrong sign", says="The bell's slope has the wrong sign")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: (-(delta * d).sum(0), (delta * w_h).sum(0), (h * e).sum(0)))
)
moving_units.wrong("the 2 of the slope is missing", says="The 2 of the bell's slope, -2 a_h h, is missing")(
    units_with(
        lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0) / 2, -(delta * w_h).sum(0) / 2, (h * e).sum(0))
    )
)
moving_units.wrong("the h of the slope is missing", says="The slope of the bell, -2 a_h h, lacks its factor h")(
    units_with(
        lambda d, a, h, e, delta, w_h, c, w_o: (
            (-2 * a * w_o * e * d).sum(0),
            (2 * a * w_o * e * w_h).sum(0),
            (h * e).sum(0),
        )
    )
)
moving_units.wrong("the bias is forgotten", says="The output bias, -1, is forgotten")(units_with(usual, bias=0.0))
moving_units.wrong("the bias is plus one", says="value 1 of 3 should be [0.2836], but is [0.056]")(
    units_with(usual, bias=1.0)
)
moving_units.wrong("means over the points", says="The gradients are means")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).mean(0), -(delta * w_h).mean(0), (h * e).mean(0)))
)
moving_units.wrong("not summed over the points", says="The gradients are not summed")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: (delta * d, -delta * w_h, h * e))
)
moving_units.wrong("summed over the units", says="value 1 of 3 should have the shape (2,), but has (5,)")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(1), -(delta * w_h).sum(1), (h * e).sum(1)))
)
moving_units.wrong("c - x comes in, not x - c", says="The gradient of w_h has the wrong sign")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * -d).sum(0), (delta * -w_h).sum(0), h.T @ e.ravel()))
)
moving_units.wrong(
    "one number for all hidden weights", says="One of your gradients is a single number", same_in_containers=False
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: (np.sum(delta * d), -(delta * w_h).sum(0), (h * e).sum(0))))
moving_units.wrong(
    "one number for all centres", says="One of your gradients is a single number", same_in_containers=False
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), -np.sum(delta * w_h), (h * e).sum(0))))
moving_units.wrong(
    "one number for all output weights", says="One of your gradients is a single number", same_in_containers=False
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), -(delta * w_h).sum(0), np.sum(h * e))))
moving_units.wrong("centres last", says="The three gradients are right but in another order")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), h.T @ e[:, 0], -(delta * w_h).sum(0)))
)
moving_units.wrong("hidden weights last", says="The three gradients are right but in another order")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: (-(delta * w_h).sum(0), h.T @ e[:, 0], (delta * d).sum(0)))
)
moving_units.wrong("summed over everything", says="One of your gradients is a single number", same_in_containers=False)(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(), -(delta * w_h).sum(), (h * e).sum()))
)
moving_units.wrong(
    "centres and hidden weights have changed places", says="The three gradients are right but in another order"
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: (-(delta * w_h).sum(0), (delta * d).sum(0), (h * e).sum(0))))
moving_units.wrong("output weights first", says="The three gradients are right but in another order")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((h * e).sum(0), (delta * d).sum(0), -(delta * w_h).sum(0)))
)
moving_units.wrong("output weights first, then backward", says="The three gradients are right but in another order")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((h * e).sum(0), -(delta * w_h).sum(0), (delta * d).sum(0)))
)
moving_units.wrong("target minus output", says="All signs are turned")(
    units_with(lambda d, a, h, e, delta, w_h, c, w_o: (-(delta * d).sum(0), (delta * w_h).sum(0), -(h * e).sum(0)))
)
moving_units.wrong(
    "the output weight's gradient is multiplied by the weight",
    says="value 3 of 3 should be [-0.2836], but is [-0.5671]",
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), -(delta * w_h).sum(0), (h * w_o * e).sum(0))))
moving_units.wrong("the output weight's gradient lacks h", says="value 3 of 3 should be [-0.2836], but is [-0.3641]")(
    units_with(
        lambda d, a, h, e, delta, w_h, c, w_o: (
            (delta * d).sum(0),
            -(delta * w_h).sum(0),
            np.full(len(w_o), e.sum()),
        )
    )
)
moving_units.wrong(
    "the hidden weight is multiplied by the net input",
    says="value 1 of 3 should be [-0.7699, -0.2152], but is [-0.7699, -0.4304]",
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * a).sum(0), -(delta * w_h).sum(0), (h * e).sum(0))))
moving_units.wrong(
    "only two gradients: the centres are forgotten",
    says="there should be 3 results, but the number of yours is 2",
    same_in_containers=False,
)(units_with(lambda d, a, h, e, delta, w_h, c, w_o: ((delta * d).sum(0), (h * e).sum(0))))
moving_units.wrong("a bell with a 2 below", says="value 1 of 3 should be [0.2836], but is [0.2802]")(
    units_with(usual, bell=lambda a: np.exp(-(a**2) / 2))
)


@moving_units.wrong(
    "the output has no sigmoid: a squared error", says="value 1 of 3 should be [0.2836], but is [0.3445]"
)
def gradients_of_units(x, t, w_h, c, w_o):
    d = x[:, None] - c
    h = np.exp(-((w_h * d) ** 2))
    e = (h @ w_o - 1 - t)[:, None]
    delta = -2 * w_h * d * h * w_o * e
    return (delta * d).sum(0), -(delta * w_h).sum(0), (h * e).sum(0)


@moving_units.wrong(
    "the slope of the sigmoid as well, as for a squared error", says="The slope of the sigmoid does not belong here"
)
def gradients_of_units(x, t, w_h, c, w_o):
    d = x[:, None] - c
    h = np.exp(-((w_h * d) ** 2))
    y = sigmoid(h @ w_o - 1)
    e = ((y - t) * y * (1 - y))[:, None]
    delta = -2 * w_h * d * h * w_o * e
    return (delta * d).sum(0), -(delta * w_h).sum(0), (h * e).sum(0)


@moving_units.wrong(
    "each unit has an output of its own", says="value 1 of 3 should be [-0.7699, -0.2152], but is [-0.8001, -0.2185]"
)
def gradients_of_units(x, t, w_h, c, w_o):
    d = x[:, None] - c
    h = np.exp(-((w_h * d) ** 2))
    e = sigmoid(h * w_o - 1) - t[:, None]
    delta = -2 * w_h * d * h * w_o * e
    return (delta * d).sum(0), -(delta * w_h).sum(0), (h * e).sum(0)


@moving_units.wrong(
    "the centre is not taken away", says="value 1 of 3 should be [-0.7699, -0.2152], but is [-0.737 ,  0.3041]"
)
def gradients_of_units(x, t, w_h, c, w_o):
    a = w_h * x[:, None]
    h = np.exp(-(a**2))
    e = (sigmoid(h @ w_o - 1) - t)[:, None]
    delta = -2 * a * h * w_o * e
    return (delta * x[:, None]).sum(0), -(delta * w_h).sum(0), (h * e).sum(0)


@moving_units.wrong(
    "the centre is taken from the product: w_h x - c",
    says="value 1 of 3 should be [-0.7699, -0.2152], but is [ 2.8113, -0.0801]",
)
def gradients_of_units(x, t, w_h, c, w_o):
    a = w_h * x[:, None] - c
    h = np.exp(-(a**2))
    e = (sigmoid(h @ w_o - 1) - t)[:, None]
    delta = -2 * a * h * w_o * e
    return (delta * x[:, None]).sum(0), -delta.sum(0), (h * e).sum(0)


@moving_units.wrong(
    "points and units are not paired",
    says="value 1 of 3 should be [0.2836], but is [-0.2836]",
    same_in_containers=False,
)
def gradients_of_units(x, t, w_h, c, w_o):
    h = np.exp(-((w_h * (x - c)) ** 2))
    e = sigmoid(h @ w_o - 1) - t
    return (h * e), (h * e), (h * e)


@moving_units.wrong("the weights take their step", says="Your code changes what it was given", same_in_containers=False)
def gradients_of_units(x, t, w_h, c, w_o):
    d = x[:, None] - c
    h = np.exp(-((w_h * d) ** 2))
    e = (sigmoid(h @ w_o - 1) - t)[:, None]
    gradient = (h * e).sum(0)
    w_o -= 0.1 * gradient
    delta = -2 * w_h * d * h * w_o * e
    return (delta * d).sum(0), -(delta * w_h).sum(0), gradient


momentum_step = Answers("momentum_step")


@momentum_step.right("two lines, as in the equation")
def ball_step(w, v, gradient, rate, momentum):
    v = momentum * v - rate * gradient
    w = w + v
    return w, v


momentum_step.right("one line")(
    lambda w, v, g, eta, mu: (w + mu * v - eta * g, mu * v - eta * g),
)


@momentum_step.right("the new velocity from the way that was gone, in a list")
def ball_step(w, v, gradient, rate, momentum):
    after = w - rate * gradient + momentum * v
    return [after, after - w]


@momentum_step.right("a matrix for weight and velocity")
def ball_step(w, v, gradient, rate, momentum):
    step = np.array([[1, momentum], [0, momentum]])
    push = -rate * np.asarray(gradient)
    return tuple(step[row, 0] * w + step[row, 1] * v + push for row in (0, 1))


momentum_step.wrong("uphill", says="The sign of the gradient is wrong")(
    lambda w, v, g, eta, mu: (w + mu * v + eta * g, mu * v + eta * g)
)
momentum_step.wrong(
    "the velocity is subtracted from the weight", says="You subtracted the velocity, but it already points downhill"
)(lambda w, v, g, eta, mu: (w - (mu * v - eta * g), mu * v - eta * g))
momentum_step.wrong("another convention: the velocity counts downhill", says="A sound method: its")(
    lambda w, v, g, eta, mu: (w - (mu * v + eta * g), mu * v + eta * g)
)
momentum_step.wrong("the old velocity moves the weight", says="The weight moves by its old velocity")(
    lambda w, v, g, eta, mu: (w + v, mu * v - eta * g)
)
momentum_step.wrong("velocity first, weight second", says="The two are right but in another order")(
    lambda w, v, g, eta, mu: (mu * v - eta * g, w + mu * v - eta * g)
)
momentum_step.wrong("no momentum: plain descent", says="That is plain descent")(
    lambda w, v, g, eta, mu: (w - eta * g, -eta * g)
)
momentum_step.wrong("plain descent, and the old velocity", says="value 2 of 2 should be [-0.2], but is [0.]")(
    lambda w, v, g, eta, mu: (w - eta * g, v)
)
momentum_step.wrong("the whole velocity is kept", says="The momentum is missing")(
    lambda w, v, g, eta, mu: (w + v - eta * g, v - eta * g)
)
momentum_step.wrong("the rate is missing", says="The gradient lacks its learning rate")(
    lambda w, v, g, eta, mu: (w + mu * v - g, mu * v - g)
)
momentum_step.wrong("the gradient is missing", says="value 1 of 2 should be [0.8], but is [0.9]")(
    lambda w, v, g, eta, mu: (w + mu * v - eta, mu * v - eta)
)
momentum_step.wrong("momentum and rate are exchanged", says="value 1 of 2 should be [0.8], but is [-0.8]")(
    lambda w, v, g, eta, mu: (w + eta * v - mu * g, eta * v - mu * g)
)
momentum_step.wrong("the gradient is weighted by 1 - momentum", says="The gradient is weighted by 1 - momentum")(
    lambda w, v, g, eta, mu: (w + mu * v - (1 - mu) * eta * g, mu * v - (1 - mu) * eta * g)
)
momentum_step.wrong("a mean of gradients, and the rate at the move", says="The gradient is weighted by 1 - momentum")(
    lambda w, v, g, eta, mu: (w - eta * (mu * v + g - mu * g), mu * v + (1 - mu) * g)
)
momentum_step.wrong("a mean of gradients with the rate, subtracted", says="The gradient is weighted by 1 - momentum")(
    lambda w, v, g, eta, mu: (w - (mu * v + eta * g - mu * eta * g), mu * v + eta * (1 - mu) * g)
)
momentum_step.wrong(
    "as PyTorch writes it: the rate comes in at the move", says="A sound method, and PyTorch's way to write it"
)(lambda w, v, g, eta, mu: (w - eta * (g + mu * v), g + mu * v))
momentum_step.wrong(
    "looking ahead, with a velocity that points uphill", says="That is Nesterov's momentum, which looks one step ahead"
)(lambda w, v, g, eta, mu: (w - eta * g * (1 + mu) - mu * mu * v, eta * g + mu * v))
momentum_step.wrong(
    "looking ahead, as PyTorch writes it", says="That is Nesterov's momentum, which looks one step ahead"
)(lambda w, v, g, eta, mu: (w - eta * g - eta * mu * (g + mu * v), g + mu * v))
momentum_step.wrong("the rate multiplies the velocity once more", says="A sound method, and PyTorch's way to write it")(
    lambda w, v, g, eta, mu: (w + eta * (mu * v - g), mu * v - g)
)
momentum_step.wrong("the rate multiplies the whole velocity", says="value 1 of 2 should be [0.8], but is [0.98]")(
    lambda w, v, g, eta, mu: (w + eta * (mu * v - eta * g), mu * v - eta * g)
)
momentum_step.wrong("the gradient moves the weight a second time", says="value 1 of 2 should be [0.8], but is [0.6]")(
    lambda w, v, g, eta, mu: (w + mu * v - eta * g - eta * g, mu * v - eta * g)
)
momentum_step.wrong("the momentum multiplies the whole", says="value 1 of 2 should be [0.8], but is [0.82]")(
    lambda w, v, g, eta, mu: (w + mu * (v - eta * g), mu * (v - eta * g))
)
momentum_step.wrong(
    "the momentum multiplies the new velocity as well", says="value 1 of 2 should be [0.8], but is [0.82]"
)(lambda w, v, g, eta, mu: (w + mu * (mu * v - eta * g), mu * v - eta * g))
momentum_step.wrong(
    "only the weight comes back",
    says="there should be 2 results, but there is one ndarray: return them with a comma",
    same_in_containers=False,
)(lambda w, v, g, eta, mu: w + mu * v - eta * g)
momentum_step.wrong("the velocity stays the old one", says="The velocity is not kept")(
    lambda w, v, g, eta, mu: (w + mu * v - eta * g, v)
)
momentum_step.wrong("the weight does not move", says="value 1 of 2 should be [0.8], but is [1.]")(
    lambda w, v, g, eta, mu: (w, mu * v - eta * g)
)
momentum_step.wrong("the weight is the velocity", says="value 1 of 2 should be [0.8], but is [-0.2]")(
    lambda w, v, g, eta, mu: (mu * v - eta * g, mu * v - eta * g)
)
momentum_step.wrong(
    "1 - momentum for momentum", says="value 1 of 2 should be [ 1.25 , -1.375], but is [ 0.85 , -1.575]"
)(lambda w, v, g, eta, mu: (w + (1 - mu) * v - eta * g, (1 - mu) * v - eta * g))
momentum_step.wrong("the ball's velocity is divided by the rate", says="value 1 of 2 should be [0.8], but is [-19.]")(
    lambda w, v, g, eta, mu: (w + mu * v - g / eta, mu * v - g / eta)
)
momentum_step.wrong("the momentum is added", says="value 1 of 2 should be [0.8], but is [1.7]")(
    lambda w, v, g, eta, mu: (w + mu + v - eta * g, mu + v - eta * g)
)


@momentum_step.wrong("a step of looking ahead", says="That is Nesterov's momentum, which looks one step ahead")
def ball_step(w, v, gradient, rate, momentum):
    new = momentum * v - rate * gradient
    return w - momentum * v + (1 + momentum) * new, new


tanh_units = Answers("tanh_units")

tanh_units.right("one steps up on the left, one steps down on the right")(([4, 4], [5, -5], [5, -5], -5))
tanh_units.right("the second unit turned round")(([4, -4], [5, 5], [5, 5], -5))
tanh_units.right("the two in another order, in lists")([[10, 10], [-12.5, 12.5], [-3, 3], -3])
tanh_units.right("arrays, steeper")((np.array([40, 40.0]), np.array([50, -50]), np.array([1, -1]), np.array(-1)))
tanh_units.right("both turned, and weaker")(((-8.0, -8.0), (-10.0, 10.0), (-4.0, 4.0), -4.0))
tanh_units.wrong("the output bias is missing", says="50% of the points are right: the steps are there")(
    ([4, 4], [5, -5], [5, -5], 0)
)
tanh_units.wrong("the colours are exchanged", says="0% of the points are right: your bump is upside down")(
    ([4, 4], [5, -5], [-5, 5], 5)
)
tanh_units.wrong(
    "the output weights have the wrong sign, the bias is right",
    says="50% of the points are right: your bump is upside down",
)(([4, 4], [5, -5], [-5, 5], -5))
tanh_units.wrong("the sign of the output bias is wrong", says="50% of the points are right: the steps are there")(
    ([4, 4], [5, -5], [5, -5], 5)
)
tanh_units.wrong("both units step at the same place", says="50% of the points are right: the steps are there")(
    ([4, 4], [5, 5], [5, -5], -5)
)
tanh_units.wrong(
    "no hidden biases: both step at zero",
    says="50% of the points are right: without hidden biases both units step at zero",
)(([4, 4], [0, 0], [5, -5], -5))
tanh_units.wrong(
    "both units push the same way",
    says="25% of the points are right: both units push the same way, so the output never",
)(([4, 4], [5, -5], [5, 5], -5))
tanh_units.wrong(
    "only one unit has an output weight",
    says="50% of the points are right: with a zero weight a unit is idle, and one tanh",
)(([4, 4], [5, -5], [5, 0], -5))
tanh_units.wrong("the boundaries are too far out", says="50% of the points are right: the steps are there")(
    ([4, 4], [20, -20], [5, -5], -5)
)
tanh_units.wrong("the boundaries are too near to zero", says="50% of the points are right: the steps are there")(
    ([4, 4], [0.4, -0.4], [5, -5], -5)
)
tanh_units.wrong(
    "the units are much too flat", says="50% of the points are right: the units are nearly straight lines"
)(([0.01, 0.01], [0.0125, -0.0125], [5, -5], -5))
tanh_units.wrong(
    "all zero",
    says="50% of the points are right: with a zero weight a unit is idle, and one tanh",
)(([0, 0], [0, 0], [0, 0], 0))
tanh_units.wrong(
    "a dead second unit",
    says="50% of the points are right: with a zero weight a unit is idle, and one tanh",
)(([4, 0], [5, 0], [5, -5], -5))
tanh_units.wrong("one number is missing", says="Give ([., .], [., .], [., .], .): three pairs and one number")(
    ([4, 4], [5, -5], [5, -5])
)
tanh_units.wrong("one unit only", says="Give two numbers each; yours have shapes (1,), (1,) and (1,)")(
    ([4], [5], [5], -5)
)
tanh_units.wrong("three units", says="Give two numbers each; yours have shapes (3,), (3,) and (3,)")(
    ([4, 4, 4], [5, -5, 0], [5, -5, 0], -5)
)
tanh_units.wrong("the seven numbers in one list", says="Give ([., .], [., .], [., .], .): three pairs and one number")(
    [4, 4, 5, -5, 5, -5, -5]
)
tanh_units.wrong("a place that is no number", says="One of your numbers is not finite")(
    ([4, 4], [5, float("nan")], [5, -5], -5)
)
tanh_units.wrong("an infinite slope", says="One of your numbers is not finite")(
    ([float("inf"), 4], [5, -5], [5, -5], -5)
)
tanh_units.wrong("a text", says="Give ([., .], [., .], [., .], .): three pairs and one number")(
    "4, 4, 5, -5, 5, -5, -5"
)
tanh_units.wrong(
    "the biases in place of the weights",
    says="25% of the points are right: both units push the same way, so the output never",
)(([5, -5], [4, 4], [5, -5], -5))

recipe = Answers("recipe")

recipe.right("one rate for all")([0.08] * 80)
recipe.right("short steps first")([0.03] * 20 + [0.07] * 60)
recipe.right("sixty steps are enough, in an array")(np.full(60, 0.07))
recipe.right("three parts, in a tuple of fractions")(
    (*[Fraction(2, 100)] * 20, *[Fraction(8, 100)] * 50, *[Fraction(4, 100)] * 10)
)
recipe.right("as short as the book's rates of 0.05")(np.full(80, 0.05, np.float32))
recipe.wrong("sixty steps, a little too short", says="Between 77% and 83% of 2,000 walks end below 14")([0.06] * 60)
recipe.wrong(
    "eighty steps, too short",
    says="About 75 % of 2,000 walks end below 14; most of the others are still out on the",
)([0.04] * 80)
recipe.wrong(
    "a good recipe, and a last step that is far too long",
    says="About 65 % of 2,000 walks end below 14; most of the others are near the ridge",
)([0.09] * 79 + [0.3])
recipe.wrong(
    "the stub's recipe", says="About 25 % of 2,000 walks end below 14; most of the others are still out on the"
)(falling_rates(0.2, 30))
recipe.wrong(
    "one long constant rate, too long a step",
    says="About 45 % of 2,000 walks end below 14; most of the others are still out on the",
)([0.2] * 80)
recipe.wrong(
    "tiny steps: nothing moves",
    says="About 0 % of 2,000 walks end below 14; most of the others are still on the",
)([0.001] * 80)
recipe.wrong(
    "a single step",
    says="About 0 % of 2,000 walks end below 14; most of the others are still on the",
)([0.1])
recipe.wrong("more than 80", says="Give 1 to 80 finite rates, none negative; yours are an array of shape (200,)")(
    [0.05] * 200
)
recipe.wrong("no rate at all", says="Give 1 to 80 finite rates, none negative; yours are []")([])
recipe.wrong("uphill", says="Give 1 to 80 finite rates, none negative; yours are an array of shape (80,)")([-0.05] * 80)
recipe.wrong("a rate is no number", says="Give 1 to 80 finite rates, none negative; yours are an array of shape (80,)")(
    [0.05] * 79 + [float("nan")]
)
recipe.wrong("an infinite rate", says="Give 1 to 80 finite rates, none negative; yours are an array of shape (80,)")(
    [float("inf")] + [0.05] * 79
)
recipe.wrong("one number", says="Give a list of learning rates, one number for each step")(0.05)
recipe.wrong("a text", says="Give a list of learning rates, one number for each step")("falling_rates(0.2, 80)")
recipe.wrong("rates in rows: two axes", says="Give a list of learning rates, one number for each step")(
    np.full((8, 10), 0.05)
)
recipe.wrong("huge steps", says="About 0 % of 2,000 walks end below 14; most of the others are still out on the plain")(
    [10.0] * 80
)
recipe.wrong(
    "only zeros",
    says="About 0 % of 2,000 walks end below 14; most of the others are still on the",
)([0.0] * 80)
recipe.wrong("a function, not its rates", says="Give a list of learning rates, one number for each step")(falling_rates)
