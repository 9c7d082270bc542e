"""What students hand in to the exercises of chapter 3."""

import math

import numpy as np

from answers.form import Answers

adam = Answers("adam")


@adam.right("as in the equations")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta2) * (gradient**2 - state["v"])
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.right("the buggy one, with memory and corrections put in")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m, v = state["m"], state["v"]
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient * gradient
    tau = state["steps"] + 1
    state.update(m=m, v=v, steps=tau)
    parameter[...] = parameter - eta * m / (1 - beta1**tau) / (np.sqrt(v / (1 - beta2**tau)) + epsilon)


@adam.right("the corrections gathered in one rate")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] = steps = state["steps"] + 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * gradient
    state["v"] = beta2 * state["v"] + (1 - beta2) * gradient**2
    root = np.sqrt(1 - beta2**steps)
    rate = eta * root / (1 - beta1**steps)
    parameter -= rate * state["m"] / (np.sqrt(state["v"]) + epsilon * root)


@adam.right("with a power, and the parameter returned")
def mended_adam(w, g, memory, step=0.1, b1=0.9, b2=0.999, tiny=1e-8):
    memory["steps"] += 1
    for name, b, seen in (("m", b1, g), ("v", b2, g**2)):
        memory[name] = memory[name] * b + seen * (1 - b)
    tau = memory["steps"]
    w += -step * (memory["m"] / (1 - b1**tau)) / ((memory["v"] / (1 - b2**tau)) ** 0.5 + tiny)
    return w


def adam_with(step, keep=("m", "v", "steps"), late=False, square=lambda g: g**2, mixed=False):
    """An optimizer that keeps its means (some of them), and takes some step from them."""

    def some_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
        m = state["m"] + (1 - beta1) * (gradient - state["m"])
        v = state["v"] + (1 - beta2) * (square(gradient) - state["v"])
        tau = state["steps"] + 1
        if late:
            m, v, old = state["m"], state["v"], (m, v)
        parameter -= step(m, v, tau, eta, beta1, beta2, epsilon)
        kept = {"m": old[0] if late else m, "v": old[1] if late else v, "steps": tau}
        state.update({name: kept[name] for name in keep})

    return some_adam


def full(m, v, t, eta, b1, b2, e):
    """The right step."""
    return eta * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + e)


def plain(m, v, t, eta, b1, b2, e):
    """The step without corrections."""
    return eta * m / (np.sqrt(v) + e)


adam.wrong(
    "nothing is mended: no memory and no correction", says="Every step is 3.162 eta times the sign of the gradient"
)(adam_with(plain, keep=()))
adam.wrong("memory, but no correction", says="m and v are remembered now, but the bias is not corrected")(
    adam_with(plain)
)
adam.wrong("corrections, but no memory", says="The bias is corrected, but m and v are still forgotten")(
    adam_with(full, keep=("steps",))
)
adam.wrong(
    "corrections, but neither memory nor a count",
    says="Every step is eta times the sign of the gradient, as if m and v were forgotten",
)(adam_with(full, keep=()))
adam.wrong("the steps are not counted", says="The bias is corrected as if every step were the first")(
    adam_with(full, keep=("m", "v"))
)
adam.wrong("only the mean is kept", says="m is stored, v is forgotten after each step")(
    adam_with(full, keep=("m", "steps"))
)
adam.wrong("only the mean of the squares is kept", says="v is stored, m is forgotten after each step")(
    adam_with(full, keep=("v", "steps"))
)
adam.wrong("only the mean is corrected", says="m is corrected, v is not")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * m / (1 - b1**t) / (np.sqrt(v) + e))
)
adam.wrong("only the mean of the squares is corrected", says="v is corrected, m is not")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * m / (np.sqrt(v / (1 - b2**t)) + e))
)
adam.wrong("uphill", says="The sign is wrong")(adam_with(lambda *all_of: -full(*all_of)))
adam.wrong("the root is missing", says="The root of v is missing")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b1**t)) / (v / (1 - b2**t) + e))
)
adam.right("epsilon below the root: no step shows it")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b1**t)) / np.sqrt(v / (1 - b2**t) + e))
)
adam.wrong(
    "the betas of the corrections are exchanged",
    says="but is [[-100.    ,  100.    ], [-186.3795,  192.664 ], [-17",
)(adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b2**t)) / (np.sqrt(v / (1 - b1**t)) + e)))
adam.wrong(
    "multiplied by the corrections",
    says="but is [[-1.    ,  1.    ], [-2.6834,  2.8059], [-2.4825,  1",
)(adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m * (1 - b1**t)) / (np.sqrt(v * (1 - b2**t)) + e)))
adam.wrong("the corrections do not know the step", says="The bias is corrected as if every step were the first")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b1)) / (np.sqrt(v / (1 - b2)) + e))
)
adam.wrong("beta times the step, not to its power", says="The parameter became NaN: a")(
    adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b1 * t)) / (np.sqrt(v / (1 - b2 * t)) + e))
)
adam.wrong("the rate is missing", says="The learning rate eta is missing")(
    adam_with(lambda m, v, t, eta, b1, b2, e: full(m, v, t, 1, b1, b2, e))
)
adam.wrong("the corrections count from zero", says="The parameter became NaN: count", same_in_containers=False)(
    adam_with(lambda m, v, t, eta, b1, b2, e: full(m, v, t - 1, eta, b1, b2, e))
)
adam.wrong(
    "the corrections count one step too many",
    says="but is [[-0.0744,  0.0744], [-0.1544,  0.1603], [-0.147 ,  0",
)(adam_with(lambda m, v, t, eta, b1, b2, e: full(m, v, t + 1, eta, b1, b2, e)))
adam.wrong("the gradient is not squared", says="v must be a mean of the gradient's square")(adam_with(full, square=abs))
adam.wrong(
    "the correction of the squares stands outside the root",
    says="but is [[-0.0032,  0.0032], [-0.0073,  0.0076], [-0.0069,  0",
)(adam_with(lambda m, v, t, eta, b1, b2, e: eta * (m / (1 - b1**t)) / (np.sqrt(v) / (1 - b2**t) + e)))
adam.wrong(
    "the sign of the gradient only",
    says="Every step is eta times the sign of the gradient, as if m and v were forgotten",
)(adam_with(lambda m, v, t, eta, b1, b2, e: eta * np.sign(m / (1 - b1**t))))
adam.wrong(
    "momentum only: nothing is divided",
    says="but is [[-0.2   ,  0.05  ], [-0.3474,  0.1   ], [-0.3297, -0",
)(adam_with(lambda m, v, t, eta, b1, b2, e: eta * m / (1 - b1**t)))


@adam.wrong("the betas of the means are exchanged", says="beta1 and beta2 are exchanged")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta2) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta1) * (gradient**2 - state["v"])
    m = state["m"] / (1 - beta2 ** state["steps"])
    v = state["v"] / (1 - beta1 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.wrong("a new array: the parameter that the caller holds stays", says="The parameter did not move")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta2) * (gradient**2 - state["v"])
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter = parameter - eta * m / (np.sqrt(v) + epsilon)
    return parameter  # noqa: RET504


@adam.wrong("the corrected means are kept", says="The corrected means are stored")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta2) * (gradient**2 - state["v"])
    state["m"] = state["m"] / (1 - beta1 ** state["steps"])
    state["v"] = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * state["m"] / (np.sqrt(state["v"]) + epsilon)


@adam.wrong(
    "sums, not means: the new gradient has its full weight",
    says="The new gradient, and its square, count by 1 - beta only",
)
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = beta1 * state["m"] + gradient
    state["v"] = beta2 * state["v"] + gradient**2
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.wrong("old and new have changed weights", says="The two weights of each mean are exchanged")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = (1 - beta1) * state["m"] + beta1 * gradient
    state["v"] = (1 - beta2) * state["v"] + beta2 * gradient**2
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.wrong("the step comes before the means", says="The parameter did not move", same_in_containers=False)
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    if state["steps"]:
        m = state["m"] / (1 - beta1 ** state["steps"])
        v = state["v"] / (1 - beta2 ** state["steps"])
        parameter -= eta * m / (np.sqrt(v) + epsilon)
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    state["v"] = state["v"] + (1 - beta2) * (gradient**2 - state["v"])


@adam.wrong(
    "numbers of the defaults in place of what is given",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + 0.1 * (gradient - state["m"])
    state["v"] = state["v"] + 0.001 * (gradient**2 - state["v"])
    m = state["m"] / (1 - 0.9 ** state["steps"])
    v = state["v"] / (1 - 0.999 ** state["steps"])
    parameter -= 0.1 * m / (np.sqrt(v) + 1e-8)


adam.wrong(
    "the gradient itself in v, with its sign",
    says="v must be a mean of the gradient's square",
    same_in_containers=False,
)(adam_with(full, square=lambda g: g))
adam.wrong("plain descent", says="That is SGD: the")(
    lambda parameter, gradient, state, eta, *rest: np.subtract(parameter, eta * gradient, out=parameter)
)


@adam.wrong("the squares of the differences from v", says="v must move towards the gradient's square")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] += (1 - beta1) * (gradient - state["m"])
    state["v"] += (1 - beta2) * (gradient - state["v"]) ** 2
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


def adam_fixed(**fixed):
    """The right step, with some numbers of its own in place of what is given."""

    def fixed_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
        eta, beta1, beta2 = fixed.get("eta", eta), fixed.get("beta1", beta1), fixed.get("beta2", beta2)
        state["steps"] += 1
        state["m"] = beta1 * state["m"] + (1 - beta1) * gradient
        state["v"] = beta2 * state["v"] + (1 - beta2) * gradient**2
        m = state["m"] / (1 - beta1 ** state["steps"])
        v = state["v"] / (1 - beta2 ** state["steps"])
        parameter -= eta * m / (np.sqrt(v) + epsilon)

    return fixed_adam


adam.wrong(
    "eta is 0.1",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.1))
adam.wrong(
    "eta is 0.001",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.001))
adam.wrong(
    "beta1 is 0.9",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(beta1=0.9))
adam.wrong(
    "beta2 is 0.999",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(beta2=0.999))
adam.wrong(
    "both betas are fixed",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(beta1=0.9, beta2=0.999))
adam.wrong(
    "eta is 0.1, beta1 is 0.9",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.1, beta1=0.9))
adam.wrong(
    "eta is 0.1, beta2 is 0.999",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.1, beta2=0.999))
adam.wrong(
    "eta is 0.001, beta1 is 0.9",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.001, beta1=0.9))
adam.wrong(
    "eta is 0.001, beta2 is 0.999",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.001, beta2=0.999))
adam.wrong(
    "eta is 0.001, and both betas are fixed",
    says="eta, beta1 and beta2 are arguments, and yours stay at fixed numbers, such as",
)(adam_fixed(eta=0.001, beta1=0.9, beta2=0.999))


@adam.wrong(
    "the gradient is squared in place",
    says="Your step changes the gradient, which belongs to the caller: make a new array",
    same_in_containers=False,
)
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * (gradient - state["m"])
    gradient *= gradient
    state["v"] = state["v"] + (1 - beta2) * (gradient - state["v"])
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.wrong("the means never fade: plain sums", says="m and v only grow")
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["steps"] += 1
    state["m"] = state["m"] + (1 - beta1) * gradient
    state["v"] = state["v"] + (1 - beta2) * gradient**2
    m = state["m"] / (1 - beta1 ** state["steps"])
    v = state["v"] / (1 - beta2 ** state["steps"])
    parameter -= eta * m / (np.sqrt(v) + epsilon)


@adam.wrong("a name that the state does not have", says="your code stops with KeyError", same_in_containers=False)
def mended_adam(parameter, gradient, state, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8):
    state["t"] += 1
    parameter -= eta * gradient


spread = Answers("spread")

spread.right("as in the equation")(lambda w: math.sqrt(2) * w / 4)
spread.right("half the width over the root of two")(lambda w: (w / 2) / np.sqrt(2))
spread.right("a power")(lambda w: w / 8**0.5)
spread.right("from the square")(lambda w: np.sqrt(w**2 / 8))
spread.right("solved by halving", same_in_containers=False)(lambda w: w * 0.3535533905932738)
spread.wrong("nothing is mended: 2 in place of its root", says="The root is missing")(lambda w: 2 * w / 4)
spread.wrong("half the full width", says="The root is missing")(lambda w: w / 2)
spread.wrong("a quarter of the width", says="The root of 2 is missing")(lambda w: w / 4)
spread.wrong("the full width for its half", says="That takes w for the half width. The")(lambda w: w / math.sqrt(2))
spread.wrong("multiplied by the root", says="the result should be 5.3033, but is 21.213")(lambda w: math.sqrt(2) * w)
spread.wrong("the width at half the height", says="That is the spread for a width at half of the maximum")(
    lambda w: w / (2 * math.sqrt(2 * math.log(2)))
)
spread.wrong("the root is taken of the whole", says="The root is of 2 only")(lambda w: math.sqrt(2 * w / 4))
spread.wrong("the variance, not the spread", says="That is the variance")(lambda w: w**2 / 8)
spread.wrong("half of the root of two, times the width", says="That takes w for the half width. The")(
    lambda w: math.sqrt(2) / 2 * w
)
spread.wrong("an eighth", says="the result should be 5.3033, but is 1.875")(lambda w: w / 8)
spread.wrong("the number of the book's retina", says="the result should be 10.607, but is 5.3033")(
    lambda w: 5.303300858899107
)
spread.wrong("the root of two rounded to 1.4", says="the result should be 5.3033, but is 5.25")(lambda w: 1.4 * w / 4)
spread.wrong("the width itself", says="the result should be 5.3033, but is 15")(lambda w: w)
spread.wrong(
    "a bell without the 2: (w/2)^2 / s^2 = 1, and half of it", says="the result should be 5.3033, but is 1.875"
)(lambda w: w / 2 / 2**2)
spread.wrong("an eighth of the square root", says="The root is of 2 only")(lambda w: math.sqrt(w) / math.sqrt(8))
spread.wrong("the inverse", says="the result should be 5.3033, but is 0.18856")(lambda w: 4 / (math.sqrt(2) * w))
spread.wrong(
    "a number for 15 degrees",
    says="A function is asked for, and this is a result, of type float",
    same_in_containers=False,
)(5.3)

spread.wrong("a half width at half the height", says="That takes w for the half width, and at half of the maximum")(
    lambda w: w / math.sqrt(math.log(4))
)

monotonic = Answers("monotonic")


@monotonic.right("straight lines through two points")
def lines_of(x, limit, lines):
    i = np.arange(lines)
    bottom = -2 * i / lines
    rising = bottom + (1 - bottom) * (x + limit) / (2 * limit)
    falling = bottom + (1 - bottom) * (limit - x) / (2 * limit)
    return np.maximum(0, np.concatenate([rising, falling]))


@monotonic.right("slopes and intercepts, in a list")
def lines_of(x, limit, lines):
    activities = []
    for side in (1, -1):
        for i in range(lines):
            slope = (1 + 2 * i / lines) / (2 * limit)
            activities.append(max(0.0, 1 + slope * (side * x - limit)))
    return activities


@monotonic.right("by interpolation")
def lines_of(x, limit, lines):
    heights = [np.interp([x, -x], [-limit, limit], [-2 * i / lines, 1]) for i in range(lines)]
    return np.array(heights).T.ravel().clip(0)


@monotonic.right("rising and falling from one function")
def lines_of(x, limit, lines):
    def rising(x):
        share = (x / limit + 1) / 2
        values = share - (1 - share) * 2 * np.arange(lines) / lines
        return np.where(values > 0, values, 0)

    return np.hstack((rising(x), rising(-x)))


def monotonic_with(
    height=lambda i, lines: -2 * i / lines, mirror=lambda x: -x, cut=lambda a: np.maximum(a, 0), **other
):
    """Lines that are one at the limit, with some parts other than they should be."""

    def lines_of(x, limit, lines):
        i = np.arange(lines) + other.get("begin", 0)
        top = other.get("top", 1)

        def rising(x):
            return height(i, lines) + (top - height(i, lines)) * (x + limit) / (2 * limit)

        parts = [rising(x), rising(mirror(x))]
        return cut(other.get("join", np.concatenate)(parts))

    return lines_of


monotonic.wrong("negative values stay", says="An activity cannot be negative")(monotonic_with(cut=lambda a: a))
monotonic.wrong("cut off at one as well, and negative values stay", says="An activity cannot be negative")(
    monotonic_with(cut=lambda a: np.minimum(a, 1))
)
monotonic.wrong("the absolute value", says="the result should be [1., 1., 0., 0.], but is [1., 1., 0., 1.]")(
    monotonic_with(cut=abs)
)
monotonic.wrong("only the rising ones", says="Only one group of units is there")(
    monotonic_with(join=lambda parts: parts[0])
)
monotonic.wrong("the falling ones first", says="The falling units come first in yours")(
    monotonic_with(join=lambda parts: np.concatenate(parts[::-1]))
)
monotonic.wrong("rising and falling by turns", says="The two groups are interleaved")(
    monotonic_with(join=lambda parts: np.array(parts).T.ravel())
)
monotonic.wrong("two rows", says="the result should have the shape (2,), but has (2, 1)")(monotonic_with(join=np.array))
monotonic.wrong("two columns", says="the result should have the shape (2,), but has (1, 2)")(
    monotonic_with(join=lambda parts: np.array(parts).T)
)
monotonic.wrong("the falling ones in the opposite order", says="The falling units come in the reverse order in yours")(
    monotonic_with(join=lambda parts: np.concatenate([parts[0], parts[1][::-1]]))
)
monotonic.wrong("the falling ones rise: no mirror", says="Your falling units are the rising ones again")(
    monotonic_with(mirror=lambda x: x)
)
monotonic.wrong("the lines are counted from one", says="Your lines begin with i = 1")(monotonic_with(begin=1))
monotonic.wrong("i / lines: the 2 is forgotten", says="The near ends are at -i / lines")(
    monotonic_with(lambda i, lines: -i / lines)
)
monotonic.wrong("the minus is forgotten", says="the result should be [1., 1., 0., 0.], but is [1., 1., 0., 1.]")(
    monotonic_with(lambda i, lines: 2 * i / lines)
)
monotonic.wrong("divided by lines - 1", says="Your near ends run from 0 to -2", same_in_containers=False)(
    monotonic_with(lambda i, lines: -2 * i / (lines - 1))
)
monotonic.wrong("the near ends by linspace, down to -2", says="Your near ends run from 0 to -2")(
    monotonic_with(lambda i, lines: np.linspace(0, -2, lines))
)
monotonic.wrong("divided by all 2 * lines units", says="The near ends are at -i / lines")(
    monotonic_with(lambda i, lines: -2 * i / (2 * lines))
)
monotonic.wrong("whole numbers: // cuts off", says="the result, at place [1], should be 0.29688, but is 0")(
    monotonic_with(lambda i, lines: -2 * i // lines)
)
monotonic.wrong("every line begins at zero", says="the result, at place [1], should be 0.29688, but is 0.4375")(
    monotonic_with(lambda i, lines: 0 * i)
)
monotonic.wrong("every line begins at -2", says="the result should be [0.5, 0.5], but is [0., 0.]")(
    monotonic_with(lambda i, lines: -2 + 0 * i)
)


@monotonic.wrong(
    "the falling ones are one minus the rising", says="The falling units must mirror the angle, not the activity"
)
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    rising = np.maximum(0, bottom + (1 - bottom) * (x + limit) / (2 * limit))
    return np.concatenate([rising, 1 - rising])


@monotonic.wrong(
    "the falling ones are minus the rising, so all zero", says="the result should be [0.5, 0.5], but is [0.5, 0. ]"
)
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    rising = bottom + (1 - bottom) * (x + limit) / (2 * limit)
    return np.maximum(0, np.concatenate([rising, -rising]))


@monotonic.wrong("the whole range is limit, not 2 limit", says="the result should be [0.5, 0.5], but is [1., 1.]")
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    both = [bottom + (1 - bottom) * (side + limit) / limit for side in (x, -x)]
    return np.maximum(0, np.concatenate(both))


@monotonic.wrong("the range begins at zero", says="the result should be [0.5, 0.5], but is [0., 0.]")
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    both = [bottom + (1 - bottom) * side / limit for side in (x, -x)]
    return np.maximum(0, np.concatenate(both))


@monotonic.wrong(
    "the rise is 1, not 1 + 2i / lines: the top is not one",
    says="the result should be [1., 1., 0., 0.], but is [1., 0., 0., 0.]",
)
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    both = [bottom + (side + limit) / (2 * limit) for side in (x, -x)]
    return np.maximum(0, np.concatenate(both))


@monotonic.wrong("half as many lines of each kind", says="the result should have the shape (2,), but has (0,)")
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines // 2) / lines
    both = [bottom + (1 - bottom) * (side + limit) / (2 * limit) for side in (x, -x)]
    return np.maximum(0, np.concatenate(both))


@monotonic.wrong("the book's limit of 40, whatever is given", says="Your lines span 40 degrees whatever the limit")
def lines_of(x, limit, lines):
    bottom = -2 * np.arange(lines) / lines
    both = [bottom + (1 - bottom) * (side + 40) / 80 for side in (x, -x)]
    return np.maximum(0, np.concatenate(both))


@monotonic.wrong("an empty loop: nothing is appended", says="the result should be [0.5, 0.5], but is [0., 0.]")
def lines_of(x, limit, lines):
    return np.zeros(2 * lines)


noise = Answers("noise")

noise.right("the mean of Rayleigh's distribution")(lambda sd: sd * np.sqrt(np.pi / 2))
noise.right("another root")(lambda sd: math.sqrt(2 * math.pi) * sd / 2)
noise.right("the gamma function")(lambda sd: math.sqrt(2) * sd * math.gamma(1.5))


@noise.right("a power of pi, in steps")
def expected_error(sd, directions=2):
    factor = (math.pi / directions) ** 0.5
    return factor * sd


noise.wrong("the noise of one direction", says="That is the noise in one direction")(lambda sd: sd)
noise.wrong("the root of the mean square", says="That is the root mean square distance")(lambda sd: sd * math.sqrt(2))
noise.wrong("the mean distance along one direction", says="That is the mean distance in one dimension")(
    lambda sd: sd * math.sqrt(2 / math.pi)
)
noise.wrong(
    "the mean distances of both directions added", says="You added the mean distances along the two directions"
)(lambda sd: 2 * sd * math.sqrt(2 / math.pi))
noise.wrong(
    "zero, since the errors cancel",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: 0.0)
noise.wrong("the median, not the mean", says="That is the median distance")(lambda sd: sd * math.sqrt(2 * math.log(2)))
noise.wrong(
    "the mode, with a slip",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: sd / math.sqrt(2))
noise.wrong("twice the noise", says="That is twice the noise in one direction")(lambda sd: 2 * sd)
noise.wrong(
    "the variance",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: sd**2)
noise.wrong("the root is missing", says="The root is missing")(lambda sd: sd * math.pi / 2)
noise.wrong(
    "the root covers the noise, too",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: math.sqrt(sd * math.pi / 2))
noise.wrong(
    "root of pi, without the half",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: sd * math.sqrt(math.pi))
noise.wrong(
    "in radians",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: math.radians(sd) * math.sqrt(math.pi / 2))
noise.wrong("the factor alone", says="That does not depend on sd")(lambda sd: math.sqrt(math.pi / 2))
noise.wrong("both variances, without a root", says="That is the mean of the squared distance")(lambda sd: 2 * sd**2)
noise.wrong(
    "pi and 2 exchanged outside the root",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: sd * math.sqrt(math.pi) / 2)
noise.wrong("the right size, with a minus", says="A distance is not negative")(lambda sd: -sd * math.sqrt(math.pi / 2))
noise.wrong("the noise is squared", says="Twice the noise makes twice the distance")(
    lambda sd: sd * sd * math.sqrt(math.pi / 2)
)
noise.wrong(
    "the two mean distances as legs of a triangle", says="That is sqrt(2) times the mean distance in one dimension"
)(lambda sd: math.hypot(sd * math.sqrt(2 / math.pi), sd * math.sqrt(2 / math.pi)))
noise.wrong("rounded to 1.25", says="That is close; the exact factor is asked for, and it holds a root and a pi")(
    lambda sd: 1.25 * sd
)
noise.wrong(
    "the standard deviation of the distance",
    says="The distance is the length of a vector of two independent normal numbers: its",
)(lambda sd: sd * math.sqrt(2 - math.pi / 2))
noise.wrong("drawn at random", says="That is close; the exact factor is asked for, and it holds a root and a pi")(
    lambda sd: np.hypot(*np.random.default_rng(0).normal(0, sd, (2, 20_000))).mean()
)
noise.wrong(
    "a pair, one for each direction", says="the result should be a number, but is a tuple", same_in_containers=False
)(lambda sd: (sd, sd))

interaction = Answers("interaction")

interaction.right("as the equation says")(lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / s**2)
interaction.right("the four products")(lambda r1, r2, e1, e2, s: -(r2 * e2 - r2 * e1 - r1 * e2 + r1 * e1) / s / s)
interaction.right("both differences turned")(lambda r1, r2, e1, e2, s: (r1 - r2) * (e2 - e1) / s**2)


@interaction.right("the mixed difference itself, for some centre")
def mixed(r1, r2, e1, e2, s):
    log = lambda r, e: -((3 - r - e) ** 2) / (2 * s**2)  # noqa: E731
    return log(r2, e2) - log(r2, e1) - log(r1, e2) + log(r1, e1)


interaction.wrong("the sign is wrong", says="The sign is wrong")(lambda r1, r2, e1, e2, s: (r2 - r1) * (e2 - e1) / s**2)
interaction.wrong("divided by 2 s^2", says="A factor of 2 is missing")(
    lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / (2 * s**2)
)
interaction.wrong("divided by s", says="The spread must be squared")(
    lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / s
)
interaction.wrong("not divided", says="The spread is missing")(lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1))
interaction.wrong("multiplied by s^2", says="the result should be -2.1, but is -21000")(
    lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) * s**2
)
interaction.wrong("twice as large", says="That is twice too much")(
    lambda r1, r2, e1, e2, s: -2 * (r2 - r1) * (e2 - e1) / s**2
)
interaction.wrong("zero, as for the linear layer", says="Zero is what a linear hidden layer gives")(
    lambda r1, r2, e1, e2, s: 0.0
)
interaction.wrong("the differences are added", says="the result should be -1, but is -2")(
    lambda r1, r2, e1, e2, s: -((r2 - r1) + (e2 - e1)) / s**2
)
interaction.wrong("only the product at the second place", says="the result should be -2.1, but is -2.4")(
    lambda r1, r2, e1, e2, s: -r2 * e2 / s**2
)
interaction.wrong("only the two products with one sign", says="the result should be -2.1, but is -2.9")(
    lambda r1, r2, e1, e2, s: -(r2 * e2 - r1 * e1) / s**2
)
interaction.wrong("differences of the wrong pairs", says="the result should be -1, but is ")(
    lambda r1, r2, e1, e2, s: -(r2 - e2) * (r1 - e1) / s**2
)
interaction.wrong("sign and factor are wrong", says="the result should be -1, but is 0.5")(
    lambda r1, r2, e1, e2, s: (r2 - r1) * (e2 - e1) / (2 * s**2)
)
interaction.wrong("sums, not differences", says="the result should be -2.1, but is -1.7")(
    lambda r1, r2, e1, e2, s: -(r2 + r1) * (e2 + e1) / s**2
)
interaction.wrong("the denominator's bracket is missing", says="the result should be -1, but is -0.5")(
    lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) / 2 * s**2
)
interaction.wrong("the targets, not their logarithms", says="the result should be -1, but is 0.36788")(
    lambda r1, r2, e1, e2, s: np.exp(-(r2 - r1) * (e2 - e1) / s**2)
)
interaction.wrong("the squares of the differences", says="the result should be -2.1, but is -441")(
    lambda r1, r2, e1, e2, s: -((r2 - r1) ** 2) * (e2 - e1) ** 2 / s**2
)
interaction.wrong("a whole number", says="the result should be -2.1, but is -3")(
    lambda r1, r2, e1, e2, s: -(r2 - r1) * (e2 - e1) // s**2
)
interaction.wrong("the four targets", says="the result should be a number, but is a list", same_in_containers=False)(
    lambda r1, r2, e1, e2, s: [r2 * e2, r2 * e1, r1 * e2, r1 * e1]
)

body = Answers("body")


@body.right("columns side by side")
def body_sample(pattern, retinal, eye, neck):
    return np.hstack([pattern, eye / 40, neck / 40]), retinal + eye + neck


@body.right("angles together, then divided", same_in_containers=False)
def body_sample(pattern, retinal, eye, neck):
    angles = np.concatenate([eye, neck], axis=1)
    return [np.concatenate([pattern, angles * 0.025], axis=-1), np.sum([retinal, eye, neck], axis=0)]


@body.right("filled in place by place")
def body_sample(pattern, retinal, eye, neck):
    inputs = np.zeros((len(pattern), pattern.shape[1] + 4))
    inputs[:, :-4] = pattern
    inputs[:, -4:-2] = eye / 40
    inputs[:, -2:] = neck / 40
    position = retinal.copy()
    position += eye
    position += neck
    return inputs, position


@body.right("row by row, in lists", same_in_containers=False)
def body_sample(pattern, retinal, eye, neck):
    inputs, positions = [], []
    for one, r, e, n in zip(pattern, retinal, eye, neck, strict=True):
        inputs.append([*one, *(e / 40), *(n / 40)])
        positions.append([sum(three) for three in zip(r, e, n, strict=True)])
    return inputs, positions


body.wrong("the neck is missing from the position", says="The neck is missing in the position")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + e)
)
body.wrong("the retina is missing from the position", says="The retinal position is missing in the position")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), e + n)
)
body.wrong("the eye is missing from the position", says="The eye is missing in the position")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + n)
)
body.wrong("the angles are not divided", says="The angles in the inputs must be divided by 40")(
    lambda p, r, e, n: (np.hstack([p, e, n]), r + e + n)
)
body.wrong("only the eye is divided", says="value 1 of 2, at place [ 0, 66], should be -0.1, but is -4")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n]), r + e + n)
)
body.wrong("only the neck is divided", says="value 1 of 2, at place [ 0, 64], should be 0.25, but is 10")(
    lambda p, r, e, n: (np.hstack([p, e, n / 40]), r + e + n)
)
body.wrong("the positions are divided as well", says="The position must stay in degrees")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), (r + e + n) / 40)
)
body.wrong("the divided angles are added", says="value 2 of 2 should be [[ 7., 30.]], but is [[1.15, 2.7 ]]")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + e / 40 + n / 40)
)
body.wrong("neck before eye", says="The neck comes before the eye in your inputs")(
    lambda p, r, e, n: (np.hstack([p, n / 40, e / 40]), r + e + n)
)
body.wrong("angles before the pattern", says="value 1 of 2, at place [0, 0], should be 0, but is 0.25")(
    lambda p, r, e, n: (np.hstack([e / 40, n / 40, p]), r + e + n)
)
body.wrong("the neck is no input", says="value 1 of 2 should have the shape (1, 68), but has (1, 66)")(
    lambda p, r, e, n: (np.hstack([p, e / 40]), r + e + n)
)
body.wrong("the retinal angles are inputs, too", says="The retinal position itself must not be an input")(
    lambda p, r, e, n: (np.hstack([p, r / 40, e / 40, n / 40]), r + e + n)
)
body.wrong("eye and neck are one input: their sum", says="Eye and neck are added in the inputs")(
    lambda p, r, e, n: (np.hstack([p, (e + n) / 40]), r + e + n)
)
body.wrong("the neck is subtracted", says="The neck must be added, not taken away")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r + e - n)
)
body.wrong("the eye is subtracted", says="The eye must be added")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r - e + n)
)
body.wrong("eye and neck are subtracted", says="Eye and neck must be added, not taken away")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), r - e - n)
)
body.wrong("positions first, inputs second", says="The two are right but in another order")(
    lambda p, r, e, n: (r + e + n, np.hstack([p, e / 40, n / 40]))
)
body.wrong("the mean of the three", says="value 2 of 2 should be [[ 7., 30.]], but is [[ 2.3333, 10.    ]]")(
    lambda p, r, e, n: (np.hstack([p, e / 40, n / 40]), (r + e + n) / 3)
)
body.wrong("multiplied by 40", says="value 1 of 2, at place [ 0, 64], should be 0.25, but is 400")(
    lambda p, r, e, n: (np.hstack([p, e * 40, n * 40]), r + e + n)
)
body.wrong("the pattern is divided, too", says="Only the angles are divided by 40, not the pattern")(
    lambda p, r, e, n: (np.hstack([p, e, n]) / 40, r + e + n)
)
body.wrong(
    "below one another: rows in place of columns", says="your code stops with ValueError", same_in_containers=False
)(lambda p, r, e, n: (np.vstack([p, e / 40, n / 40]), r + e + n))
body.wrong(
    "only the inputs",
    says="there should be 2 results, but there is one ndarray: return them with a comma",
    same_in_containers=False,
)(lambda p, r, e, n: np.hstack([p, e / 40, n / 40]))
body.wrong(
    "everything in one array",
    says="there should be 2 results, but there is one ndarray: return them with a comma",
    same_in_containers=False,
)(lambda p, r, e, n: np.hstack([p, e / 40, n / 40, r + e + n]))


@body.wrong("the eye moves in place", says="Your code changes what it was given", same_in_containers=False)
def body_sample(pattern, retinal, eye, neck):
    inputs = np.hstack([pattern, eye / 40, neck / 40])
    retinal += eye
    retinal += neck
    return inputs, retinal


@body.wrong(
    "the angles are divided in place, before they are added",
    says="Your code changes what it was given",
    same_in_containers=False,
)
def body_sample(pattern, retinal, eye, neck):
    eye /= 40
    neck /= 40
    return np.hstack([pattern, eye, neck]), retinal + eye + neck
