"""What students hand in to the exercises of chapter 1."""

from fractions import Fraction

import numpy as np

from answers.form import Answers
from helpers.chapters.chapter1.graph import Node
from helpers.networks.activations import sigmoid

children = Answers("children")

children.right("both paths added")(100 + 150)
children.right("a decimal number")(250.0)
children.right("a number of NumPy")(np.float64(250))
children.right("an array without axes")(np.array(250))
children.right("a fraction of the bill: a quarter of 1000", same_in_containers=False)(Fraction(1000, 4))
children.wrong("only the path through the apples", says="That is one path only. The")(100)
children.wrong("only the path through the oranges", says="That is one path only; apples")(150)
children.wrong("the whole bill", says="That is the bill, not how fast it grows with the number of children")(1000)
children.wrong("the bill with one child more", says="That is the bill for five children, not how much it grew")(1250)
children.wrong("with the tax of the example before", says="That adds the tax of the first bill")(275)
children.wrong("the two paths multiplied", says="You multiplied the two paths")(100 * 150)
children.wrong(
    "the two paths subtracted",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(150 - 100)
children.wrong(
    "the mean of the two paths",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(125)
children.wrong(
    "the number of children",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(4)
children.wrong(
    "each path times the children once more: the bill of four",
    says="That is the bill, not how fast it grows with the number of children",
)(100 * 4 + 150 * 4.0)
children.wrong(
    "each path divided by the four children",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(62.5)
children.wrong(
    "the right number with the wrong sign",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(-250)
children.wrong(
    "nothing, since the prices stay",
    says="Walk back from the bill along both paths to the number of children, and add what arrives",
)(0)
children.wrong("no number: it was divided by zero", says="the result should be a finite number, but is nan")(
    float("nan")
)
children.wrong("a text", says="Give one number, not a str", same_in_containers=False)("250 yen")
children.wrong("the two paths, not their sum", says="Give one number, not a list", same_in_containers=False)([100, 150])
children.wrong("whether it grows, not by how much", says="Give one number, not a bool", same_in_containers=False)(True)
children.wrong("a function of the prices", says="Give one number, not a function: hand over what it returns")(
    lambda: 100 + 150
)

children.wrong("what the apples cost", says="That is what the apples cost, or the oranges")(400)
children.wrong("what the oranges cost", says="That is what the apples cost, or the oranges")(600)

divide = Answers("divide")


@divide.right("as a mathematician writes it")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


@divide.right("by the value itself")
class Divide(Node):
    def evaluate(self, x, y):
        return x * y**-1.0

    def derivatives(self, x, y):
        z = self.evaluate(x, y)
        return z / x if x else 1 / y, -z / y


@divide.right("a list of NumPy's numbers, by the quotient rule")
class Divide(Node):
    symbol = ":"

    def evaluate(self, numerator, denominator):
        return np.divide(numerator, denominator)

    def derivatives(self, numerator, denominator):
        square = np.square(denominator)
        return [(1 * denominator - 0 * numerator) / square, (0 * denominator - numerator * 1) / square]


@divide.right("an array of two")
class Divide(Node):
    def evaluate(self, x, y):
        return np.array(x) / y

    def derivatives(self, x, y):
        return np.array([1, -x / y]) / y


@divide.wrong("the minus of the second derivative is missing", says="The sign of the derivative by y is wrong")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, x / y**2


@divide.wrong("the two derivatives are exchanged", says="The two derivatives have changed places")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return -x / y**2, 1 / y


@divide.wrong("the value is y / x", says="You divided y by x")
class Divide(Node):
    def evaluate(self, x, y):
        return y / x

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


@divide.wrong("value and derivatives of y / x: the quotient is upside down", says="You divided y by x")
class Divide(Node):
    def evaluate(self, x, y):
        return y / x

    def derivatives(self, x, y):
        return -y / x**2, 1 / x


@divide.wrong("a whole number: // cuts the rest off", says="// cuts the quotient off to a whole number")
class Divide(Node):
    def evaluate(self, x, y):
        return x // y

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


@divide.wrong("the second derivative lacks x", says="The derivative by y lacks its x")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -1 / y**2


@divide.wrong("the square of the second derivative is missing", says="The derivative by y lacks a square")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -x / y


@divide.wrong("the derivatives of multiplication", says="These are the derivatives of a product")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return y, x


@divide.wrong(
    "each derivative divides by its own input's neighbour: 1 / y and 1 / x",
    says="derivatives should be (0.5, -0.25), but is (0.5, 1)",
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, 1 / x


@divide.wrong("the first derivative is y, not 1 / y", says="derivatives should be (0.5, -0.25), but is (2, -0.25)")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return y, -x / y**2


@divide.wrong("still the product", says="evaluate should be 0.5, but is 2")
class Divide(Node):
    def evaluate(self, x, y):
        return x * y

    def derivatives(self, x, y):
        return y, x


@divide.wrong("the value of the product, the derivatives of the quotient", says="evaluate should be 0.5, but is 2")
class Divide(Node):
    def evaluate(self, x, y):
        return x * y

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


@divide.wrong(
    "the quotient rule as one number", says="derivatives should be (0.5, -0.25), but is 0.25", same_in_containers=False
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return (y - x) / y**2


@divide.wrong(
    "the second derivative is twice too large: the power rule gone wrong",
    says="derivatives should be (-0.33333, -0.66667), but is (-0.33333, 0.44444)",
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -2 * x / y**3


@divide.wrong("both derivatives have the minus", says="derivatives should be (0.5, -0.25), but is (-0.5, -0.25)")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return -1 / y, -x / y**2


@divide.wrong(
    "a function, not a class",
    says="Give the class itself, without (), and let it be a kind of Node: class Divide(Node)",
    same_in_containers=False,
)
def quotient(x, y):
    return x / y


@divide.wrong("the name of an input is misspelt", says="your code stops with NameError", same_in_containers=False)
class Divide(Node):
    def evaluate(self, x, y):
        return x / z  # noqa: F821

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


@divide.wrong(
    "the power is written ^", says="^ is not a power in Python: the square of y is y**2", same_in_containers=False
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -x / y ^ 2


@divide.wrong("y * y without brackets", says="-x / y * y is (-x / y) * y")
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -x / y * y


@divide.wrong(
    "only one derivative, by x",
    says="There are two inputs, so `derivatives` returns two numbers, not one",
    same_in_containers=False,
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y


@divide.wrong(
    "only one derivative, in a tuple",
    says="There are two inputs, so `derivatives` returns two numbers, not one",
    same_in_containers=False,
)
class Divide(Node):
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return (1 / y,)


@divide.wrong(
    "a class that is no kind of Node",
    says="Give the class itself, without (), and let it be a kind of Node: class Divide(Node)",
    same_in_containers=False,
)
class Divide:
    def evaluate(self, x, y):
        return x / y

    def derivatives(self, x, y):
        return 1 / y, -x / y**2


dual_product = Answers("dual_product")


@dual_product.right("by index")
def times(x, y):
    return x[0] * y[0], x[0] * y[1] + x[1] * y[0]


@dual_product.right("by name, in a list")
def times(x, y):
    (a, da), (b, db) = x, y
    return [a * b, da * b + db * a]


@dual_product.right("a matrix of two rows times a pair")
def times(x, y):
    return np.array([[x[0], 0], [x[1], x[0]]]) @ np.array(y)


@dual_product.right("the product of two polynomials, cut off after the first power")
def times(x, y):
    return np.convolve(x, y)[:2]


@dual_product.right("a lambda")
def times(*pairs):
    return (lambda x, y: (x[0] * y[0], sum((x[0] * y[1], x[1] * y[0]))))(*pairs)


@dual_product.wrong("the slopes are multiplied", says="You multiplied the slopes")
def times(x, y):
    return x[0] * y[0], x[1] * y[1]


@dual_product.wrong("the slopes are added, as in a sum", says="You added the slopes")
def times(x, y):
    return x[0] * y[0], x[1] + y[1]


@dual_product.wrong("values and slopes are added: the sum", says="That is the sum of the two pairs")
def times(x, y):
    return x[0] + y[0], x[1] + y[1]


@dual_product.wrong("only the slope of y counts", says="Only the slope of y counts in yours")
def times(x, y):
    return x[0] * y[0], x[0] * y[1]


@dual_product.wrong("only the slope of x counts", says="Only the slope of x counts in yours")
def times(x, y):
    return x[0] * y[0], x[1] * y[0]


@dual_product.wrong("each slope is multiplied by its own value", says="Each slope is multiplied by its own value")
def times(x, y):
    return x[0] * y[0], x[0] * x[1] + y[0] * y[1]


@dual_product.wrong("a minus between the two terms, as in the quotient rule", says="The two parts add")
def times(x, y):
    return x[0] * y[0], x[1] * y[0] - x[0] * y[1]


@dual_product.wrong("slope first, value second", says="The two are right but in another order")
def times(x, y):
    return x[0] * y[1] + x[1] * y[0], x[0] * y[0]


@dual_product.wrong("the product of the slopes is added as well", says="value 2 of 2 should be 5.5, but is 3.5")
def times(x, y):
    return x[0] * y[0], x[0] * y[1] + x[1] * y[0] + x[1] * y[1]


@dual_product.wrong("multiplied as complex numbers", says="value 1 of 2 should be 1.5, but is 3.5")
def times(x, y):
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]


@dual_product.wrong(
    "only the value",
    says="there should be 2 results, but there is one float: return them with a comma between",
    same_in_containers=False,
)
def times(x, y):
    return x[0] * y[0]


@dual_product.wrong(
    "only the slope",
    says="there should be 2 results, but there is one float: return them with a comma between",
    same_in_containers=False,
)
def times(x, y):
    return x[0] * y[1] + x[1] * y[0]


@dual_product.wrong(
    "the two terms are not added: three parts",
    says="there should be 2 results, but the number of yours is 3",
    same_in_containers=False,
)
def times(x, y):
    return x[0] * y[0], x[0] * y[1], x[1] * y[0]


@dual_product.wrong("the two terms are multiplied", says="value 2 of 2 should be 100, but is 0")
def times(x, y):
    return x[0] * y[0], (x[0] * y[1]) * (x[1] * y[0])


@dual_product.wrong("value and slope are those of the first pair", says="value 1 of 2 should be 200, but is 2")
def times(x, y):
    return x


@dual_product.wrong("the mean of the two terms", says="value 2 of 2 should be 100, but is 50")
def times(x, y):
    return x[0] * y[0], (x[0] * y[1] + x[1] * y[0]) / 2


@dual_product.wrong("tuples cannot be multiplied", says="your code stops with TypeError", same_in_containers=False)
def times(x, y):
    return x * y


@dual_product.wrong("the terms are subtracted the other way round", says="The two parts add")
def times(x, y):
    return x[0] * y[0], x[0] * y[1] - x[1] * y[0]


@dual_product.wrong(
    "the slope is right, and the values are added",
    says="The slope is right, but the values must be multiplied, not added",
)
def times(x, y):
    return x[0] + y[0], x[0] * y[1] + x[1] * y[0]


@dual_product.wrong("the product of the values, twice", says="The value is right")
def times(x, y):
    product = x[0] * y[0]
    return product, product


tanh_layer = Answers("tanh_layer")


class Bare:
    """What the stub of a layer begins with."""

    def __init__(self):
        self.parameters, self.gradients = {}, {}


@tanh_layer.right("NumPy's function, and what forward returned")
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.right("two sigmoids")
class MyTanh(Bare):
    def forward(self, x):
        self.s = sigmoid(2 * x)
        return 2 * self.s - 1

    def backward(self, upstream):
        return upstream * 4 * self.s * (1 - self.s)


@tanh_layer.right("exponentials, and the hyperbolic cosine of the kept input")
class MyTanh(Bare):
    def forward(self, x):
        self.x = np.array(x)
        return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

    def backward(self, upstream):
        return upstream / np.cosh(self.x) ** 2


@tanh_layer.right("a product of sum and difference, and a keyword in the constructor")
class MyTanh:
    def __init__(self, steepness=1):
        self.parameters, self.gradients, self.y = {}, {}, None

    def forward(self, x):
        self.y = np.sinh(x) / np.cosh(x)
        return self.y.copy()

    def backward(self, upstream):
        return (1 - self.y) * (1 + self.y) * upstream


def tanh_with(slope):
    """A layer of tanh whose backward pass is some function of upstream, input and output."""

    class MyTanh(Bare):
        def forward(self, x):
            self.x, self.y = x, np.tanh(x)
            return self.y

        def backward(self, upstream):
            return slope(upstream, self.x, self.y)

    return MyTanh


tanh_layer.wrong("the output is not squared", says="The slope is 1 - y^2; yours lacks")(
    tanh_with(lambda g, x, y: g * (1 - y))
)
tanh_layer.wrong("the input is squared, not the output", says="The slope is 1 - y^2 with y = tanh(x)")(
    tanh_with(lambda g, x, y: g * (1 - x**2))
)
tanh_layer.wrong("the slope of the sigmoid", says="That slope, y (1 - y), belongs to the sigmoid")(
    tanh_with(lambda g, x, y: g * y * (1 - y))
)
tanh_layer.wrong("upstream is not used", says="The upstream gradient is missing")(tanh_with(lambda g, x, y: 1 - y**2))
tanh_layer.wrong("a plus in place of the minus", says="The slope is 1 - y^2; yours adds")(
    tanh_with(lambda g, x, y: g * (1 + y**2))
)
tanh_layer.wrong("the slope has the wrong sign", says="The sign of the backward pass is wrong")(
    tanh_with(lambda g, x, y: g * (y**2 - 1))
)
tanh_layer.wrong("upstream is divided by the slope", says="backward should be [[0.42]], but is [[2.3811]]")(
    tanh_with(lambda g, x, y: g / (1 - y**2))
)
tanh_layer.wrong("tanh of the upstream gradient", says="backward should be [[0.212]], but is [[0.0099]]")(
    tanh_with(lambda g, x, y: 1 - np.tanh(g) ** 2)
)
tanh_layer.wrong("upstream passes as it is", says="backward should be [[0.42]], but is [[1.]]")(
    tanh_with(lambda g, x, y: g)
)
tanh_layer.wrong("squared after the subtraction", says="backward should be [[0.42]], but is [[0.0568]]")(
    tanh_with(lambda g, x, y: g * (1 - y) ** 2)
)
tanh_layer.wrong("tanh is taken twice", says="backward applies tanh to the output once more")(
    tanh_with(lambda g, x, y: g * (1 - np.tanh(y) ** 2))
)
tanh_layer.wrong("brackets are missing", says="Brackets are missing")(tanh_with(lambda g, x, y: g * 1 - y**2))
tanh_layer.wrong(
    "tanh of upstream in place of the input",
    says="The slope comes from the x of forward, not from the upstream gradient",
)(tanh_with(lambda g, x, y: g * (1 - np.tanh(g) ** 2)))
tanh_layer.wrong("the square of upstream times output", says="backward should be [[0.212]], but is [[-7.3641]]")(
    tanh_with(lambda g, x, y: 1 - (g * y) ** 2)
)
tanh_layer.wrong("upstream is added, not multiplied", says="backward should be [[0.42]], but is [[1.42]]")(
    tanh_with(lambda g, x, y: g + (1 - y**2))
)
tanh_layer.wrong("a slope of the logistic kind, times two", says="backward should be [[0.42]], but is [[0.3631]]")(
    tanh_with(lambda g, x, y: 2 * g * y * (1 - y))
)


@tanh_layer.wrong("forward is the sigmoid", says="forward should be [[0.7616]], but is [[0.7311]]")
class MyTanh(Bare):
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("the 2 before x is forgotten: tanh of half the input", says="forward is tanh of half the input")
class MyTanh(Bare):
    def forward(self, x):
        self.y = 2 * sigmoid(x) - 1
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("the 1 is forgotten: 2 sigmoid(2x)", says="forward should be [[0.7616]], but is [[1.7616]]")
class MyTanh(Bare):
    def forward(self, x):
        self.y = 2 * sigmoid(2 * x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("the sign of the input is turned", says="forward should be [[0.7616]], but is [[-0.7616]]")
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(-x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("forward keeps nothing", says="your code stops with AttributeError", same_in_containers=False)
class MyTanh(Bare):
    def forward(self, x):
        return np.tanh(x)

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("upstream is changed in place", says="Your code changes what it was given", same_in_containers=False)
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        upstream *= 1 - self.y**2
        return upstream


@tanh_layer.wrong("the input is changed in place", says="Your code changes what it was given", same_in_containers=False)
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x, out=x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("forward prints, and returns nothing", says="Your code gives back None", same_in_containers=False)
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x)

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong("there is no backward", says="your code stops with AttributeError", same_in_containers=False)
class MyTanh(Bare):
    def forward(self, x):
        return np.tanh(x)


@tanh_layer.wrong(
    "lists in place of arrays", says="forward should be a NumPy array, but is a list", same_in_containers=False
)
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y.tolist()

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong(
    "one number for the whole batch",
    says="backward should be a NumPy array, but is a float64",
    same_in_containers=False,
)
class MyTanh(Bare):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return (upstream * (1 - self.y**2)).sum()


@tanh_layer.wrong(
    "no parameters and gradients: a network could not ask for them",
    says="This one has no `parameters`",
    same_in_containers=False,
)
class MyTanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong(
    "no gradients",
    says="This one has no `gradients`",
    same_in_containers=False,
)
class MyTanh:
    def __init__(self):
        self.parameters = {}

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


@tanh_layer.wrong(
    "the output is kept among the parameters",
    says="This layer has nothing to learn: its `parameters` must be an empty dictionary, {}",
    same_in_containers=False,
)
class MyTanh:
    def __init__(self):
        self.parameters, self.gradients = {"y": None}, {}

    def forward(self, x):
        self.parameters["y"] = np.tanh(x)
        return self.parameters["y"]

    def backward(self, upstream):
        return upstream * (1 - self.parameters["y"] ** 2)


@tanh_layer.wrong(
    "lists in place of dictionaries",
    says="This layer has nothing to learn: its `parameters` must be an empty dictionary, {}",
    same_in_containers=False,
)
class MyTanh:
    def __init__(self):
        self.parameters, self.gradients = [], []

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 - self.y**2)


sigmoid_layer = Answers("sigmoid_layer")


@sigmoid_layer.right("the sign of the exponent mended")
class Logistic:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, upstream):
        return upstream * self.y * (1 - self.y)


@sigmoid_layer.right("exp(x) above and below, and the slope by exponentials")
class Logistic:
    def forward(self, x):
        self.e = np.exp(x)
        return self.e / (1 + self.e)

    def backward(self, upstream):
        return upstream * self.e / (1 + self.e) ** 2


@sigmoid_layer.right("one minus the buggy value")
class Logistic:
    def forward(self, x):
        self.y = 1 - 1 / (1 + np.exp(x))
        return self.y

    def backward(self, upstream):
        return upstream * (self.y - self.y**2)


@sigmoid_layer.right("by the package, and by tanh")
class Logistic(Bare):
    def forward(self, x):
        self.x = x.copy()
        return sigmoid(x)

    def backward(self, upstream):
        return upstream * (1 - np.tanh(self.x / 2) ** 2) / 4


def logistic_with(slope, value=lambda x: 1 / (1 + np.exp(-x))):
    """A logistic layer whose backward pass is some function of upstream, input and output."""

    class Logistic:
        def forward(self, x):
            self.x, self.y = x, value(x)
            return self.y

        def backward(self, upstream):
            return slope(upstream, self.x, self.y)

    return Logistic


def rising(g, x, y):
    """The slope of the logistic function, with the upstream gradient."""
    return g * y * (1 - y)


sigmoid_layer.wrong(
    "nothing is mended: the value falls", says="forward still is 1 / (1 + exp(x)), however it is written"
)(logistic_with(rising, lambda x: 1 / (1 + np.exp(x))))
sigmoid_layer.wrong(
    "the slope is mended, the value still falls", says="The sign of backward is turned to fit a falling forward"
)(logistic_with(lambda g, x, y: -g * y * (1 - y), lambda x: 1 / (1 + np.exp(x))))
sigmoid_layer.wrong(
    "both are turned: now the slope has the wrong sign",
    says="forward is right, but you also turned the sign of backward, which was right",
)(logistic_with(lambda g, x, y: -g * y * (1 - y)))
sigmoid_layer.wrong(
    "the sign stands before the whole function", says="forward should be [[0.7311]], but is [[-0.2689]]"
)(logistic_with(rising, lambda x: -1 / (1 + np.exp(x))))
sigmoid_layer.wrong("a minus in the denominator", says="forward should be [[0.7311]], but is [[1.582]]")(
    logistic_with(rising, lambda x: 1 / (1 - np.exp(-x)))
)
sigmoid_layer.wrong("1 / exp(-x): the 1 below is lost", says="forward should be [[0.7311]], but is [[2.7183]]")(
    logistic_with(rising, lambda x: 1 / np.exp(-x))
)
sigmoid_layer.wrong(
    "exp(-x) above: one minus the sigmoid", says="forward still is 1 / (1 + exp(x)), however it is written"
)(logistic_with(rising, lambda x: np.exp(-x) / (1 + np.exp(-x))))
sigmoid_layer.wrong("upstream is lost", says="The upstream gradient is missing in backward")(
    logistic_with(lambda g, x, y: y * (1 - y))
)
sigmoid_layer.wrong("1 - y is lost", says="backward should be [[0.1966]], but is [[0.7311]]")(
    logistic_with(lambda g, x, y: g * y)
)
sigmoid_layer.wrong("y is lost", says="backward should be [[0.1966]], but is [[0.2689]]")(
    logistic_with(lambda g, x, y: g * (1 - y))
)
sigmoid_layer.wrong("1 + y in place of 1 - y", says="backward should be [[0.1966]], but is [[1.2655]]")(
    logistic_with(lambda g, x, y: g * y * (1 + y))
)
sigmoid_layer.wrong("the input in place of the output", says="backward applies the formula to x")(
    logistic_with(lambda g, x, y: g * x * (1 - x))
)
sigmoid_layer.wrong("the slope of tanh", says="backward should be [[0.1966]], but is [[0.4656]]")(
    logistic_with(lambda g, x, y: g * (1 - y**2))
)
sigmoid_layer.wrong("the sigmoid of the output once more", says="backward should be [[0.1966]], but is [[0.2194]]")(
    logistic_with(lambda g, x, y: g * sigmoid(y) * (1 - sigmoid(y)))
)
sigmoid_layer.wrong("the base is 10, not e", says="forward should be [[0.7311]], but is [[0.9091]]")(
    logistic_with(rising, lambda x: 1 / (1 + 10**-x))
)
sigmoid_layer.wrong("tanh in place of the sigmoid", says="forward should be [[0.7311]], but is [[0.7616]]")(
    logistic_with(rising, np.tanh)
)


@sigmoid_layer.wrong("forward keeps nothing", says="your code stops with AttributeError", same_in_containers=False)
class Logistic:
    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def backward(self, upstream):
        return upstream * self.y * (1 - self.y)


@sigmoid_layer.wrong(
    "upstream is changed in place", says="Your code changes what it was given", same_in_containers=False
)
class Logistic:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, upstream):
        upstream *= self.y * (1 - self.y)
        return upstream


@sigmoid_layer.wrong("a function, not a class", says="Give the class itself, without ()", same_in_containers=False)
def logistic(x):
    return 1 / (1 + np.exp(-x))


relu_layer = Answers("relu_layer")


@relu_layer.right("a copy first")
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, upstream):
        gradient = upstream.copy()
        gradient[self.mask] = 0
        return gradient


@relu_layer.right("a product with the mask")
class Rectifier:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask


@relu_layer.right("where")
class Rectifier:
    def forward(self, x):
        self.x = np.array(x)
        return np.maximum(x, 0)

    def backward(self, upstream):
        return np.where(self.x > 0, upstream, 0)


@relu_layer.right("half the sum with the absolute value, and a loop")
class Rectifier(Bare):
    def forward(self, x):
        self.y = (x + abs(x)) / 2
        return self.y

    def backward(self, upstream):
        gradient = np.zeros_like(upstream)
        for place in np.ndindex(upstream.shape):
            if self.y[place] > 0:
                gradient[place] = upstream[place]
        return gradient


@relu_layer.wrong("nothing is mended", says="this is the program as it was given", same_in_containers=False)
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, upstream):
        upstream[self.mask] = 0
        return upstream


@relu_layer.wrong("a second name is no copy", says="Your code changes what it was given", same_in_containers=False)
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, upstream):
        gradient = upstream
        gradient[self.mask] = 0
        return gradient


@relu_layer.wrong("a view is no copy", says="Your code changes what it was given", same_in_containers=False)
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, upstream):
        gradient = upstream[:]
        gradient[self.mask] = 0
        return gradient


@relu_layer.wrong(
    "upstream *= mask still changes it", says="Your code changes what it was given", same_in_containers=False
)
class Rectifier:
    def forward(self, x):
        self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, upstream):
        upstream *= self.mask
        return upstream


@relu_layer.wrong("now forward changes its input", says="Your code changes what it was given", same_in_containers=False)
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        x[self.mask] = 0
        return x

    def backward(self, upstream):
        return upstream * ~self.mask


@relu_layer.wrong("the copy is changed, and upstream is returned", says="The upstream gradient passes everywhere")
class Rectifier:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, upstream):
        gradient = upstream.copy()
        gradient[self.mask] = 0
        return upstream


def rectifier_with(backward, forward=lambda x: np.maximum(x, 0)):
    """A rectifier whose backward pass is some function of upstream and input."""

    class Rectifier:
        def forward(self, x):
            self.x = x
            return forward(x)

        def backward(self, upstream):
            return backward(upstream, self.x)

    return Rectifier


relu_layer.wrong("the mask is the wrong way round", says="The mask is reversed")(
    rectifier_with(lambda g, x: g * (x <= 0))
)
relu_layer.wrong("the mask of x <= 0, as it is, as a factor", says="The mask is reversed")(
    rectifier_with(lambda g, x: np.where(x <= 0, g, 0))
)
relu_layer.wrong("only the slope, without upstream", says="The upstream gradient is missing")(
    rectifier_with(lambda g, x: (x > 0) * 1.0)
)
relu_layer.wrong(
    "the sign of upstream decides, not that of the input",
    says="The mask must come from the input x of forward, not from the upstream gradient",
)(rectifier_with(lambda g, x: np.maximum(g, 0)))
relu_layer.wrong("upstream passes everywhere", says="The upstream gradient passes everywhere")(
    rectifier_with(lambda g, x: g.copy())
)
relu_layer.wrong("zeros everywhere", says="backward should be [[1.]], but is [[0.]]")(
    rectifier_with(lambda g, x: np.zeros_like(g))
)
relu_layer.wrong("the gradient of the absolute value", says="backward should be [[0.]], but is [[-3.]]")(
    rectifier_with(lambda g, x: g * np.sign(x))
)
relu_layer.wrong(
    "upstream times the output",
    says="but is [[ 0.75",
)(rectifier_with(lambda g, x: g * np.maximum(x, 0)))
relu_layer.wrong(
    "the blocked entries are left out: another shape",
    says="backward should have the shape (1, 1), but has (1,)",
    same_in_containers=False,
)(rectifier_with(lambda g, x: g[x > 0]))
relu_layer.wrong("a slope of 1 at zero", says="At x = 0 we chose the slope 0")(
    rectifier_with(lambda g, x: g * (x >= 0))
)
relu_layer.wrong("a leak of a hundredth", says="forward should be [[0.]], but is [[-0.02]]")(
    rectifier_with(lambda g, x: np.where(x > 0, g, 0.01 * g), lambda x: np.where(x > 0, x, 0.01 * x))
)
relu_layer.wrong("the identity", says="forward should be [[0.]], but is [[-2.]]")(
    rectifier_with(lambda g, x: g.copy(), lambda x: x.copy())
)
relu_layer.wrong(
    "forward returns the step",
    says="forward should be [[0.5, 0. , 2. ], [0. , 0. , 1.5]], but is [[1., 0., 1.], [0., 0., 1.]]",
)(rectifier_with(lambda g, x: g * (x > 0), lambda x: (x > 0) * 1.0))
relu_layer.wrong("the smaller of x and 0", says="forward should be [[1.]], but is [[0.]]")(
    rectifier_with(lambda g, x: g * (x > 0), lambda x: np.minimum(x, 0))
)
relu_layer.wrong("the absolute value forward", says="forward should be [[0.]], but is [[2.]]")(
    rectifier_with(lambda g, x: g * (x > 0), np.abs)
)

affine_backward = Answers("affine_backward")


@affine_backward.right("the shapes led")
def affine_gradients(x, W, upstream):
    return W.T @ upstream, upstream @ x.T, upstream.sum(axis=1, keepdims=True)


@affine_backward.right("sums with indices")
def affine_gradients(x, W, upstream):
    return (
        np.einsum("md,mn->dn", W, upstream),
        np.einsum("mn,dn->md", upstream, x),
        np.einsum("mn->m", upstream)[:, np.newaxis],
    )


@affine_backward.right("a loop over the samples, in a list", same_in_containers=False)
def affine_gradients(x, W, upstream):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros((len(W), 1))
    for s in range(x.shape[1]):
        dx[:, s] = upstream[:, s] @ W
        dW += np.outer(upstream[:, s], x[:, s])
        db += upstream[:, s : s + 1]
    return [dx, dW, db]


@affine_backward.right("the rows' formulas, transposed")
def affine_gradients(x, W, upstream):
    rows, G, weights = x.T, upstream.T, W.T
    return (G @ weights.T).T, (rows.T @ G).T, G.sum(axis=0).reshape(-1, 1)


@affine_backward.right("a column of ones")
def affine_gradients(x, W, upstream):
    return (
        np.dot(np.transpose(W), upstream),
        np.matmul(upstream, np.transpose(x)),
        upstream @ np.ones((x.shape[1], 1)),
    )


def affine_with(dx=None, dW=None, db=None, order=(0, 1, 2)):
    """The three gradients, some of them other than they should be."""

    def affine_gradients(x, W, upstream):
        three = (
            dx(x, W, upstream) if dx else W.T @ upstream,
            dW(x, W, upstream) if dW else upstream @ x.T,
            db(x, W, upstream) if db else upstream.sum(axis=1, keepdims=True),
        )
        return tuple(three[place] for place in order)

    return affine_gradients


affine_backward.wrong("weights first, input second", says="The three gradients are right but in another order")(
    affine_with(order=(1, 0, 2))
)
affine_backward.wrong("the order of the alphabet: b, W, x", says="The three gradients are right but in another order")(
    affine_with(order=(2, 1, 0))
)
affine_backward.wrong("weights, biases, input", says="The three gradients are right but in another order")(
    affine_with(order=(1, 2, 0))
)
affine_backward.wrong(
    "the formulas of samples in rows", says="That is the answer for samples in rows", same_in_containers=False
)(lambda x, W, upstream: (upstream @ W.T, x.T @ upstream, upstream.sum(axis=0)))
affine_backward.wrong("the gradient of the weights is transposed", says="dW is transposed")(
    affine_with(dW=lambda x, W, g: x @ g.T)
)
affine_backward.wrong("the gradient of the input is transposed", says="dx is transposed")(
    affine_with(dx=lambda x, W, g: g.T @ W)
)
affine_backward.wrong("W is not transposed", says="dx needs W transposed", same_in_containers=False)(
    affine_with(dx=lambda x, W, g: W @ g)
)
affine_backward.wrong("x is not transposed", says="dW needs x transposed", same_in_containers=False)(
    affine_with(dW=lambda x, W, g: g @ x)
)
affine_backward.wrong("the biases sum over the outputs", says="The bias gradient sums over the wrong axis")(
    affine_with(db=lambda x, W, g: g.sum(axis=0, keepdims=True))
)
affine_backward.wrong(
    "the biases sum over the outputs, without the second axis", says="The bias gradient sums over the wrong axis"
)(affine_with(db=lambda x, W, g: g.sum(axis=0)))
affine_backward.wrong("the gradient of the biases has lost an axis", says="The bias gradient has lost an axis")(
    affine_with(db=lambda x, W, g: g.sum(axis=1))
)
affine_backward.wrong(
    "the biases are a row, not a column", says="value 3 of 3 should have the shape (2, 1), but has (1, 2)"
)(affine_with(db=lambda x, W, g: g.sum(axis=1)[np.newaxis]))
affine_backward.wrong("the biases do not sum over the samples", says="The bias gradient is not summed")(
    affine_with(db=lambda x, W, g: g)
)
affine_backward.wrong("the biases take the mean", says="The bias gradient is a mean")(
    affine_with(db=lambda x, W, g: g.mean(axis=1, keepdims=True))
)
affine_backward.wrong(
    "the biases are one number for all", says="The bias gradient adds up everything", same_in_containers=False
)(affine_with(db=lambda x, W, g: g.sum()))
affine_backward.wrong("a mean over the samples everywhere", says="dW is divided by the batch size")(
    affine_with(
        dW=lambda x, W, g: g @ x.T / x.shape[1],
        db=lambda x, W, g: g.sum(axis=1, keepdims=True) / x.shape[1],
    )
)
affine_backward.wrong("the weights take a mean over the samples", says="dW is divided by the batch size")(
    affine_with(dW=lambda x, W, g: g @ x.T / x.shape[1])
)
affine_backward.wrong("the input takes a mean over the samples", says="dx is divided by the batch size")(
    affine_with(dx=lambda x, W, g: np.dot(W.T, g) / g.shape[1])
)
affine_backward.wrong("weights last", says="The three gradients are right but in another order")(
    affine_with(order=(0, 2, 1))
)
affine_backward.wrong("biases first", says="The three gradients are right but in another order")(
    affine_with(order=(2, 0, 1))
)


@affine_backward.wrong("upstream is divided by the number of samples first", says="You divided by the batch size")
def affine_gradients(x, W, upstream):
    upstream = upstream / upstream.shape[1]
    return W.T @ upstream, upstream @ x.T, upstream.sum(axis=1, keepdims=True)


affine_backward.wrong("the gradient of the biases is 1", says="value 3 of 3 should be [[1.5]], but is [[1.]]")(
    affine_with(db=lambda x, W, g: np.ones((len(W), 1)))
)
affine_backward.wrong(
    "the gradient of the input forgets upstream",
    says="value 1 of 3 should be [[4.5]], but is [[3.]]",
    same_in_containers=False,
)(affine_with(dx=lambda x, W, g: W.T))
affine_backward.wrong(
    "the input's gradient is made from the input", says="dx is the gradient of the input", same_in_containers=False
)(affine_with(dx=lambda x, W, g: W @ x))
affine_backward.wrong("all three have the wrong sign", says="The sign is wrong")(
    lambda x, W, upstream: (-W.T @ upstream, -upstream @ x.T, -upstream.sum(axis=1, keepdims=True))
)
affine_backward.wrong(
    "the biases are forgotten", says="there should be 3 results, but the number of yours is 2", same_in_containers=False
)(affine_with(order=(0, 1)))
affine_backward.wrong("the biases' gradient is zero", says="value 3 of 3 should be [[1.5]], but is [[0.]]")(
    affine_with(db=lambda x, W, g: np.zeros((len(W), 1)))
)
affine_backward.wrong("the weights' gradient is the weights", says="value 2 of 3 should be [[3.75]], but is [[3.]]")(
    affine_with(dW=lambda x, W, g: W)
)
affine_backward.wrong(
    "products entry by entry",
    says="value 1 of 3 should be [[2.5, 5. ], [2.5, 5. ]], but is [[ 1.5, -3. ], [ 1. ,  8. ]]",
    same_in_containers=False,
)(lambda x, W, upstream: (W * upstream, upstream * x, upstream))


@affine_backward.wrong(
    "upstream is summed in place", says="Your code changes what it was given", same_in_containers=False
)
def affine_gradients(x, W, upstream):
    dx, dW = W.T @ upstream, upstream @ x.T
    for s in range(1, x.shape[1]):
        upstream[:, 0] += upstream[:, s]
    return dx, dW, upstream[:, :1]


update_in_place = Answers("update_in_place")


@update_in_place.right("minus and equals in one")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]


@update_in_place.right("into the same array")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name][:] = parameters[name] - learning_rate * gradients[name]


@update_in_place.right("a function of NumPy with out")
def update(parameters, gradients, learning_rate):
    for name, array in parameters.items():
        np.subtract(array, learning_rate * gradients[name], out=array)


@update_in_place.right("the loop variable is the array itself; the dictionary is returned, too")
def update(parameters, gradients, learning_rate):
    for array, slope in zip(parameters.values(), gradients.values(), strict=True):
        array += -learning_rate * slope
    return parameters


@update_in_place.right("entry by entry, in another order")
def update(parameters, gradients, learning_rate):
    for name in reversed(list(parameters)):
        for place in np.ndindex(parameters[name].shape):
            parameters[name][place] -= learning_rate * gradients[name][place]


@update_in_place.wrong("nothing is mended: a new array in the dictionary", says="The layer still holds its old weights")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] = parameters[name] - learning_rate * gradients[name]


@update_in_place.wrong(
    "a new array under the name of the loop", says="Nothing has changed: neither the layer nor the dictionary"
)
def update(parameters, gradients, learning_rate):
    for name, array in parameters.items():
        array = array - learning_rate * gradients[name]


@update_in_place.wrong("uphill", says="The sign is wrong")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] += learning_rate * gradients[name]


@update_in_place.wrong("the rate is forgotten", says="The learning rate is missing")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= gradients[name]


@update_in_place.wrong(
    "divided by the rate", says="W should be [[ 0. , -4. ], [ 3.5,  3.5]], but is [[ -99. , -202. ], [ 300.5,  -46. ]]"
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= gradients[name] / learning_rate


@update_in_place.wrong(
    "the gradients are scaled in place",
    says="The layer is right, but the gradients were changed on the way, and they belong to the caller",
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        gradients[name] *= learning_rate
        parameters[name] -= gradients[name]


@update_in_place.wrong("a copy moves", says="Nothing has changed: neither the layer nor the dictionary")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        array = parameters[name].copy()
        array -= learning_rate * gradients[name]


@update_in_place.wrong("a copy moves and replaces the array", says="The layer still holds its old weights")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        array = parameters[name].copy()
        array -= learning_rate * gradients[name]
        parameters[name] = array


@update_in_place.wrong("a new dictionary is returned", says="Nothing has changed: neither the layer nor the dictionary")
def update(parameters, gradients, learning_rate):
    return {name: parameters[name] - learning_rate * gradients[name] for name in parameters}


@update_in_place.wrong("return inside the loop: only the first moves", says="Only the first parameter is updated")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
        return parameters


@update_in_place.wrong("only the weights move", says="Only the first parameter is updated")
def update(parameters, gradients, learning_rate):
    parameters["W"] -= learning_rate * gradients["W"]


@update_in_place.wrong("the array is overwritten by the step", says="The weights are replaced by the step")
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name][...] = -learning_rate * gradients[name]


@update_in_place.wrong(
    "the gradients move, not the parameters",
    says="The layer has not changed, but the gradients have, and they belong to the caller",
)
def update(parameters, gradients, learning_rate):
    for name in gradients:
        gradients[name] -= learning_rate * parameters[name]


@update_in_place.wrong(
    "every step is taken twice", says="W should be [[ 0. , -4. ], [ 3.5,  3.5]], but is [[-1. , -6. ], [ 6.5,  3. ]]"
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
        parameters[name] -= learning_rate * gradients[name]


@update_in_place.wrong(
    "only the sign of the gradient",
    says="W should be [[ 0. , -4. ], [ 3.5,  3.5]], but is [[ 0.9, -2.1], [ 0.6,  3.9]]",
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * np.sign(gradients[name])


@update_in_place.wrong(
    "the steps are right, and the gradients are cleared",
    says="The layer is right, but the gradients were changed on the way, and they belong to the caller",
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
        gradients[name][...] = 0


@update_in_place.wrong(
    "shrinks every parameter: the rate multiplies all",
    says="W should be [[ 0. , -4. ], [ 3.5,  3.5]], but is [[0., 2.], [2., 2.]]",
)
def update(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] *= 1 - learning_rate * gradients[name]


@update_in_place.wrong("the dictionaries are subtracted", says="your code stops with TypeError")
def update(parameters, gradients, learning_rate):
    parameters -= learning_rate * gradients


@update_in_place.wrong(
    "the array moves, and a copy takes its place in the dictionary",
    says="The layer has changed, but the dictionary now holds another array",
)
def update(parameters, gradients, learning_rate):
    for name, array in parameters.items():
        array -= learning_rate * gradients[name]
        parameters[name] = array.copy()


@update_in_place.wrong(
    "the new weights under a new name", says="The dictionary has lost or gained a name: it must keep its W and its b"
)
def update(parameters, gradients, learning_rate):
    for name in list(parameters):
        parameters["new " + name] = parameters[name] - learning_rate * gradients[name]


@update_in_place.wrong(
    "a rate of its own: only two arguments",
    says="Your function is called with 3 arguments, and that does not fit: too many positional arguments",
)
def update(parameters, gradients):
    for name in parameters:
        parameters[name] -= 0.1 * gradients[name]


softmax_gradient = Answers("softmax_gradient")


def stable_softmax(a):
    """Probabilities of each row."""
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax_gradient.right("one is taken away at the labels")
def gradient_of_logits(a, t):
    y = stable_softmax(a)
    y[np.arange(len(t)), t] -= 1
    return y / len(t)


@softmax_gradient.right("one-hot rows")
def gradient_of_logits(a, t):
    return (stable_softmax(a) - np.eye(a.shape[1])[t]) / a.shape[0]


@softmax_gradient.right("a loop over samples and classes, in lists")
def gradient_of_logits(a, t):
    rows = []
    for row, label in zip(a, t, strict=True):
        e = [np.exp(one - max(row)) for one in row]
        rows.append([(one / sum(e) - (k == label)) / len(a) for k, one in enumerate(e)])
    return rows


@softmax_gradient.right("through the logarithm of the probabilities")
def gradient_of_logits(a, t):
    top = np.max(a, axis=-1)[:, None]
    log_y = a - top - np.log(np.exp(a - top).sum(axis=-1))[:, None]
    return np.exp(log_y) / len(a) - np.equal.outer(t, np.arange(a.shape[1])) / len(a)


def softmax_with(change):
    """The gradient from probabilities, labels, and the two sizes, in some other way."""

    def gradient_of_logits(a, t):
        y = stable_softmax(a)
        return change(y, np.eye(a.shape[1])[t], *a.shape)

    return gradient_of_logits


@softmax_gradient.wrong("a logit of 1000 overflows", says="exp overflows for a logit of 1000")
def gradient_of_logits(a, t):
    y = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    return (y - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "the largest logit of all rows is taken away", says="Subtract the largest logit of each row, not of the whole batch"
)
def gradient_of_logits(a, t):
    e = np.exp(a - a.max())
    y = e / e.sum(axis=1, keepdims=True)
    return (y - np.eye(a.shape[1])[t]) / len(t)


softmax_gradient.wrong("not divided by the batch", says="The 1/n is missing")(softmax_with(lambda y, t, n, k: y - t))
softmax_gradient.wrong("divided by the classes", says="You divided by the number of classes")(
    softmax_with(lambda y, t, n, k: (y - t) / k)
)
softmax_gradient.wrong(
    "divided by the size of the array", says="Divide by the number of samples, not by the number of entries"
)(softmax_with(lambda y, t, n, k: (y - t) / (n * k)))
softmax_gradient.wrong("the wrong sign", says="The sign is wrong: it")(softmax_with(lambda y, t, n, k: (t - y) / n))
softmax_gradient.wrong("the wrong sign, and no mean", says="The sign is wrong and the 1/n is missing")(
    softmax_with(lambda y, t, n, k: t - y)
)
softmax_gradient.wrong("the targets are not taken away", says="The target is missing")(
    softmax_with(lambda y, t, n, k: y / n)
)
softmax_gradient.wrong("softmax alone", says="The target is missing")(softmax_with(lambda y, t, n, k: y))
softmax_gradient.wrong(
    "the mean divides only the softmax", says="Divide the whole difference by n, not only one part of it"
)(softmax_with(lambda y, t, n, k: y / n - t))
softmax_gradient.wrong("the targets are added", says="the result should be [[-0.5,  0.5]], but is [[1.5, 0.5]]")(
    softmax_with(lambda y, t, n, k: (y + t) / n)
)
softmax_gradient.wrong("only the label's entry", says="the result should be [[-0.5,  0.5]], but is [[-0.5,  0. ]]")(
    softmax_with(lambda y, t, n, k: t * (y - t) / n)
)
softmax_gradient.wrong("the gradient by the probabilities", says="the result should be [[-0.5,  0.5]], but is [[-2.")(
    softmax_with(lambda y, t, n, k: -t / y / n)
)
softmax_gradient.wrong(
    "the slope of a sigmoid as well", says="the result should be [[-0.5,  0.5]], but is [[-0.125,  0.125]]"
)(softmax_with(lambda y, t, n, k: (y - t) * y * (1 - y) / n))
softmax_gradient.wrong("summed over the samples", says="the result should have the shape (1, 2), but has (2,)")(
    softmax_with(lambda y, t, n, k: (y - t).sum(axis=0) / n)
)
softmax_gradient.wrong("the mean over the samples", says="the result should have the shape (1, 2), but has (2,)")(
    softmax_with(lambda y, t, n, k: (y - t).mean(axis=0))
)
softmax_gradient.wrong(
    "twice: the squared error's factor", says="the result should be [[-0.5,  0.5]], but is [[-1.,  1.]]"
)(softmax_with(lambda y, t, n, k: 2 * (y - t) / n))
softmax_gradient.wrong(
    "the loss, not its gradient", says="the result should be a NumPy array, but is a float64", same_in_containers=False
)(lambda a, t: -np.log(stable_softmax(a)[np.arange(len(t)), t] + 1e-300).mean())
softmax_gradient.wrong(
    "the mean divides only the targets", says="Divide the whole difference by n, not only one part of it"
)(softmax_with(lambda y, t, n, k: y - t / n))
softmax_gradient.wrong("transposed", says="the result should have the shape (1, 2), but has (2, 1)")(
    softmax_with(lambda y, t, n, k: ((y - t) / n).T)
)


@softmax_gradient.wrong("softmax down the columns", says="Sum and maximum go over the classes of one sample")
def gradient_of_logits(a, t):
    e = np.exp(a - a.max(axis=0))
    y = e / e.sum(axis=0)
    return (y - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "softmax over the whole batch", says="The softmax of a sample sums over its own classes, not over the batch"
)
def gradient_of_logits(a, t):
    e = np.exp(a - a.max())
    return (e / e.sum() - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "the exponentials are not normalized", says="The exponentials of a sample must be divided by their sum"
)
def gradient_of_logits(a, t):
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return (e - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "bare exponentials, which overflow as well", says="the result should be [[-0.5,  0.5]], but is [[0., 1.]]"
)
def gradient_of_logits(a, t):
    return (np.exp(a) - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "the bare exponentials of the batch share one sum",
    says="The softmax of a sample sums over its own classes, not over the batch",
)
def gradient_of_logits(a, t):
    y = np.exp(a) / np.exp(a).sum()
    y[np.arange(len(t)), t] -= 1
    return y / len(t)


@softmax_gradient.wrong("the labels are taken away as they are", says="t holds class numbers", same_in_containers=False)
def gradient_of_logits(a, t):
    return (stable_softmax(a) - t) / len(t)


@softmax_gradient.wrong("labels counted from one", says="the result should be [[-0.5,  0.5]], but is [[ 0.5, -0.5]]")
def gradient_of_logits(a, t):
    return (stable_softmax(a) - np.eye(a.shape[1])[t - 1]) / len(t)


@softmax_gradient.wrong("one is taken away from whole columns", says="y[:, t] takes those columns in every row")
def gradient_of_logits(a, t):
    y = stable_softmax(a)
    y[:, t] -= 1
    return y / len(t)


@softmax_gradient.wrong(
    "one is taken away from whole rows", says="the result should be [[-0.5,  0.5]], but is [[-0.5, -0.5]]"
)
def gradient_of_logits(a, t):
    y = stable_softmax(a)
    y[t] -= 1
    return y / len(t)


@softmax_gradient.wrong(
    "one is taken away only in the first row",
    says="but is [[-0.1674,  0.045 , -0.3776], [ 0.021 ,  0.0571,  0.4219]]",
)
def gradient_of_logits(a, t):
    y = stable_softmax(a)
    y[0, t] -= 1
    return y / len(t)


@softmax_gradient.wrong("the number of the label is taken away from each row", says="t holds class numbers")
def gradient_of_logits(a, t):
    return (stable_softmax(a) - t[:, np.newaxis]) / len(t)


@softmax_gradient.wrong(
    "sigmoids in place of the softmax",
    says="but is [[-0.0596,  0.25  ,  0.3655], [ 0.25  ,  0.3655, -0.0237]]",
)
def gradient_of_logits(a, t):
    return (sigmoid(a) - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong("the logits themselves minus the targets", says="The softmax is missing")
def gradient_of_logits(a, t):
    return (a - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "the input is changed in place", says="Your code changes what it was given", same_in_containers=False
)
def gradient_of_logits(a, t):
    a -= a.max(axis=1, keepdims=True)
    y = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    return (y - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "large logits are cut off at 100", says="the result should be [[ 1., -1.]], but is [[ 0.5, -0.5]]"
)
def gradient_of_logits(a, t):
    e = np.exp(np.minimum(a, 100))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(a.shape[1])[t]) / len(t)


@softmax_gradient.wrong(
    "sums that do not fit the rows", says="your code stops with ValueError", same_in_containers=False
)
def gradient_of_logits(a, t):
    e = np.exp(a - a.max(axis=1))
    return (e / e.sum(axis=1) - np.eye(a.shape[1])[t]) / len(t)


numerical_gradient = Answers("numerical_gradient")


@numerical_gradient.right("moved in place, and put back")
def slope(f, x, h):
    result = np.zeros(len(x))
    for i in range(len(x)):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        x[i] = kept
        result[i] = (above - below) / (2 * h)
    return result


@numerical_gradient.right("rows of the unit matrix, in a list")
def slope(f, x, h):
    return [(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(x.size)]


@numerical_gradient.right("two copies")
def slope(f, x, h):
    slopes = np.empty(x.shape)
    for i, _ in enumerate(x):
        y, z = x.copy(), x.copy()
        y[i] += h
        z[i] -= h
        slopes[i] = (f(y) - f(z)) / h / 2
    return slopes


@numerical_gradient.right("the mean of the two one-sided slopes, one after the other", same_in_containers=False)
def slope(f, x, h):
    for place in range(len(x)):
        step = np.zeros(len(x))
        step[place] = h
        yield ((f(x + step) - f(x)) / h + (f(x) - f(x - step)) / h) / 2


@numerical_gradient.wrong("forward difference", says="That is a one-sided difference, such as (f(x + h) - f(x)) / h")
def slope(f, x, h):
    return np.array([(f(x + step) - f(x)) / h for step in h * np.eye(len(x))])


@numerical_gradient.wrong("backward difference", says="That is a one-sided difference, such as (f(x + h) - f(x)) / h")
def slope(f, x, h):
    return np.array([(f(x) - f(x - step)) / h for step in h * np.eye(len(x))])


@numerical_gradient.wrong("divided by h, not 2h", says="Divide by 2h: the")
def slope(f, x, h):
    return np.array([(f(x + step) - f(x - step)) / h for step in h * np.eye(len(x))])


@numerical_gradient.wrong("divided by 2, then multiplied by h", says="/ 2 * h multiplies by h")
def slope(f, x, h):
    return np.array([(f(x + step) - f(x - step)) / 2 * h for step in h * np.eye(len(x))])


@numerical_gradient.wrong("not divided", says="The difference is not divided")
def slope(f, x, h):
    return np.array([f(x + step) - f(x - step) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("only divided by 2", says="Divide by 2h, not by 2")
def slope(f, x, h):
    return np.array([(f(x + step) - f(x - step)) / 2 for step in h * np.eye(len(x))])


@numerical_gradient.wrong(
    "all entries move at once, one number comes back",
    says="That is the slope when all entries move at once, which is the sum of theirs",
    same_in_containers=False,
)
def slope(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_gradient.wrong(
    "all entries move at once, for each entry",
    says="That is the slope when all entries move at once, which is the sum of theirs",
)
def slope(f, x, h):
    return np.array([(f(x + h) - f(x - h)) / (2 * h) for _ in x])


@numerical_gradient.wrong("lower minus upper", says="The sign is wrong")
def slope(f, x, h):
    return np.array([(f(x - step) - f(x + step)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("x stays moved", says="Your code changes what it was given", same_in_containers=False)
def slope(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        slopes[i] = (above - f(x)) / (2 * h)
    return slopes


@numerical_gradient.wrong(
    "two names of one array: nothing moves between the two calls",
    says="All slopes are 0, as if f saw the same array twice",
)
def slope(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        above, below = x, x
        above[i] += h
        below[i] -= h
        slopes[i] = (f(above) - f(below)) / (2 * h)
    return slopes


@numerical_gradient.wrong(
    "f gets one entry, not the array",
    says="f takes the whole array, and you gave it a single number: move one entry, and hand over all",
    same_in_containers=False,
)
def slope(f, x, h):
    return np.array([(f(one + h) - f(one - h)) / (2 * h) for one in x])


@numerical_gradient.wrong("the copy is made once: earlier entries stay moved", says="The earlier entries stay moved")
def slope(f, x, h):
    slopes, y, z = np.zeros(len(x)), x.copy(), x.copy()
    for i in range(len(x)):
        y[i] += h
        z[i] -= h
        slopes[i] = (f(y) - f(z)) / (2 * h)
    return slopes


@numerical_gradient.wrong("the loop ends one too early", says="The last entry was never computed")
def slope(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x) - 1):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


@numerical_gradient.wrong("the loop begins at one", says="the result should be [3.], but is [0.]")
def slope(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(1, len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


@numerical_gradient.wrong("return stands inside the loop", says="Only the first entry was computed")
def slope(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
        return slopes


@numerical_gradient.wrong(
    "whole numbers: the slopes are cut off", says="the result holds whole numbers only", same_in_containers=False
)
def slope(f, x, h):
    slopes = np.zeros(len(x), dtype=int)
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


@numerical_gradient.wrong("a step of its own", says="Close, but the step is not the h that you were given")
def slope(f, x, h):
    h = 1e-5
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("half the step", says="Close, but the step is not the h that you were given")
def slope(f, x, h):
    return np.array([(f(x + step / 2) - f(x - step / 2)) / h for step in h * np.eye(len(x))])


@numerical_gradient.wrong("twice the step", says="Close, but the step is not the h that you were given")
def slope(f, x, h):
    return np.array([(f(x + 2 * step) - f(x - 2 * step)) / (4 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("f gets an array of one entry", says="f needs the whole array")
def slope(f, x, h):
    slopes = []
    for one in x.reshape(-1, 1):
        slopes.append((f(one + h) - f(one - h)) / (2 * h))
    return np.array(slopes)


@numerical_gradient.wrong("steps of h / 2, divided by 2h", says="the result should be [3.], but is [1.5]")
def slope(f, x, h):
    return np.array([(f(x + step / 2) - f(x - step / 2)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("a plus between the two values", says="the result should be [3.], but is [1000.003]")
def slope(f, x, h):
    return np.array([(f(x + step) + f(x - step)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("the lower point is x itself", says="Your lower point is x itself, not x - h")
def slope(f, x, h):
    return np.array([(f(x + step) - f(x)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong(
    "the sum of all slopes",
    says="That is the slope when all entries move at once, which is the sum of theirs",
    same_in_containers=False,
)
def slope(f, x, h):
    return sum((f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x)))


@numerical_gradient.wrong("a column", says="the result should have the shape (1,), but has (1, 1)")
def slope(f, x, h):
    return np.array([[(f(x + step) - f(x - step)) / (2 * h)] for step in h * np.eye(len(x))])


@numerical_gradient.wrong(
    "lists are added, not arrays", says="your code stops with TypeError", same_in_containers=False
)
def slope(f, x, h):
    x = list(x)
    return [(f([*x, h]) - f([*x, -h])) / (2 * h) for _ in x]


@numerical_gradient.wrong(
    "the slope's size without its sign",
    says="the result should be [11.0001,  5.5001, -0.2499], but is [11.0001,  5.5001,  0.2499]",
)
def slope(f, x, h):
    return np.array([abs(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))])


@numerical_gradient.wrong("the second derivative", says="the result should be [3.], but is [6.]")
def slope(f, x, h):
    return np.array([(f(x + step) - 2 * f(x) + f(x - step)) / h**2 for step in h * np.eye(len(x))])


learning_rate = Answers("learning_rate")

learning_rate.right("a rate in the middle")(0.7)
learning_rate.right("a number of NumPy")(np.float64(0.8))
learning_rate.right("an array without axes")(np.array(0.6))
learning_rate.right("a fraction")(Fraction(1, 2))
learning_rate.right("single precision")(np.float32(0.75))
learning_rate.wrong("the stub's rate: far too small", says="Steps at this rate are far too short")(0.01)
learning_rate.wrong("a tenth: too small for 300 steps", says="Steps at this rate are too short")(0.1)
learning_rate.wrong("tiny", says="Steps at this rate are far too short")(1e-6)
learning_rate.wrong("so long that units die", says="Steps at this rate are too long")(3.0)
learning_rate.wrong("far too long", says="Steps at this rate are too long")(100)
learning_rate.wrong("no step at all", says="Give one positive number")(0)
learning_rate.wrong("uphill", says="Give one positive number")(-0.5)
learning_rate.wrong("an accuracy, not a rate", says="Give one positive number")("95 %")
learning_rate.wrong("a list of rates", says="Give one positive number")([0.3, 0.5])
learning_rate.wrong("no number", says="Give one positive number")(float("nan"))
learning_rate.wrong("infinite", says="To a computer that is infinity: give a positive number that is finite")(
    float("inf")
)
learning_rate.wrong("the percentage", says="Steps at this rate are too long")(95)
learning_rate.wrong("a truth value", says="Give one positive number")(True)
