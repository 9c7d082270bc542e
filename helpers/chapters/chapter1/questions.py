"""The questions of chapter 1, in the order of the page; each name hides its answer."""

import numpy as np

from helpers.chapters.chapter1 import exercises
from helpers.networks.activations import sigmoid
from helpers.pages.questions import answer_box, choice, number

_APPLES, _APPLE, _ORANGES, _ORANGE, _TAX = 2, 100, 3, 150, 1.1  # how many, at how many yen, and the tax factor

_RISE = 10

dearer_apples = number(
    f"Two apples at {_APPLE} yen, 10 % tax. The price of an apple rises by {_RISE} yen. "
    "By how many yen does the bill rise?",
    answer=_APPLES * _RISE * _TAX,
    tolerance=0.01,
    unit="yen",
    wrong={
        _RISE: "There are two apples, and there is tax.",
        _APPLES * _RISE: "The tax is still missing.",
        _RISE * _TAX: "That is for one apple; there are two.",
    },
    because=f"Two apples, each {_RISE} yen dearer, times {_TAX}.",
)

no_apples = choice(
    "Take the number of apples to zero. Of the gradients of price and number, which becomes 0?",
    right="That of the price.",
    wrong={
        "That of the number.": f"A first apple would still cost {_APPLE * _TAX:.4g} yen.",
        "Both.": "Then a first apple would be free.",
        "Neither.": "Each of the two gets back the other one, times the tax factor.",
    },
    because="The price gets back the number times the tax factor, and the number is 0. "
    f"The number gets back {_APPLE * _TAX:.4g}, what a first apple would cost.",
)

a_dearer_orange = number(
    f"Two apples at {_APPLE} yen and three oranges at {_ORANGE} yen, 10 % tax. "
    "On the walk back, which gradient arrives at the price of an orange?",
    answer=_ORANGES * _TAX,
    tolerance=0.005,
    wrong={
        _ORANGES: f"The gradient that arrives at the product is already {_TAX}, the tax factor.",
        _TAX: "That arrives at the product of the oranges, which passes it on times its other input.",
        _ORANGE * _TAX: "That arrives at the number of oranges: a product passes on times the other input.",
    },
    because=f"{_TAX} passes through the addition unchanged, and the product passes it on times the number of oranges.",
)

_INPUT, _ARRIVES = -2, 5

a_max = choice(
    f"A node puts out the larger of its input and 0. Its input is {_INPUT}, and {_ARRIVES} arrives from the right. "
    "What does the input get back?",
    right=f"{_ARRIVES * (_INPUT > 0)}",
    wrong={
        f"{_ARRIVES}": "All of it goes to the larger of the two, and the input is the smaller one.",
        f"{_ARRIVES * _INPUT}": "So it would be for a product of two inputs. This node multiplies nothing.",
        f"{_ARRIVES / 2:g}": "A max shares nothing out: one of the two gets all of it.",
    },
    because="All of it goes to the larger of the two, a constant that nobody needs.",
)

one_more_child = answer_box(
    "By how many yen does the bill grow for each further child?", exercises.children, tolerance=0.5, unit="yen"
)

_IN_EACH = 2

too_early = number(
    f"Two families with {_IN_EACH} children each; an apple costs {_APPLE} yen, an orange {_ORANGE}. "
    "The children pass on what they have heard from the apples, and hear from the oranges afterwards. "
    "How much does one more family cost, by this walk?",
    answer=_IN_EACH * _APPLE,
    tolerance=0.5,
    unit="yen",
    wrong={
        _IN_EACH * (_APPLE + _ORANGE): "So much it costs indeed. But the children passed on before the oranges spoke.",
        _APPLE: "That is for one child; a family has two.",
        _APPLE + _ORANGE: "That is one more child, and in the right order.",
        _IN_EACH * _ORANGE: "Those are the oranges, which come too late.",
    },
    because="What the oranges report never reaches the families.",
)

_middle, _beside = (float(y) for y in sigmoid(np.array([0.0, 1.0])))

steepest_sigmoid = number(
    "Of what arrives, which share does a sigmoid pass back at most?",
    answer=_middle * (1 - _middle),
    tolerance=0.005,
    wrong={
        1.0: "$y$ comes near to 1, but then $1 - y$ is near 0.",
        _middle: "That is $y$ in the middle. It is still multiplied by $1 - y$.",
        _beside * (1 - _beside): r"That is at $x = 1$. Is there a place where $y\,(1 - y)$ is larger?",
    },
    because=r"$y\,(1 - y)$ is largest in the middle, where $y$ is one half. "
    "Many sigmoids in a row pass back very little.",
)

samples_in_columns = choice(
    "Other books give each sample a column: $A = WX + b$, with 784 inputs, 50 outputs and 100 samples, so $X$ is "
    "(784, 100), $W$ (50, 784) and $G$ (50, 100). Which product is the gradient of $W$?",
    right="G Xᵀ",
    wrong={
        "Xᵀ G": "That is the rule for samples in rows. Here (100, 784) and (50, 100) do not fit.",
        "X Gᵀ": "It fits, but it is (784, 50): the right numbers in the wrong places.",
        "Wᵀ G": "That is (784, 100): it is the gradient of $X$.",
    },
    because="A gradient has the shape of its array, (50, 784), and of these products only this one has it.",
)

_UNLIKELY = 1000

a_surprise = number(
    f"A network gives the right class a probability of 1/{_UNLIKELY}. What does this sample cost, in nats?",
    answer=float(np.log(_UNLIKELY)),
    tolerance=0.02,
    unit="nats",
    wrong={
        float(np.log10(_UNLIKELY)): "That is the logarithm to base 10; the logarithms of this book are natural.",
        1 / _UNLIKELY: "That is the probability. The cost is minus its logarithm.",
        float(-np.log(_UNLIKELY)): "The sign: no probability is above 1, and minus its logarithm is not negative.",
        1 - 1 / _UNLIKELY: "That is the size of the gradient at this class.",
    },
    because=rf"$-\log \frac{{1}}{{{_UNLIKELY}}} = 3 \log 10$: "
    "three times what it costs to have no idea among ten classes.",
)

_INPUTS, _HIDDEN, _OUTPUTS = 784, 50, 10
_WEIGHTS = _INPUTS * _HIDDEN + _HIDDEN * _OUTPUTS
_PARAMETERS = _WEIGHTS + _HIDDEN + _OUTPUTS

passes_of_nudging = number(
    f"A network has {_INPUTS} inputs, {_HIDDEN} hidden units and {_OUTPUTS} outputs. "
    "How many forward passes do central differences need for all of its parameters?",
    answer=2 * _PARAMETERS,
    tolerance=0.5,
    wrong={
        _PARAMETERS: "Each parameter is nudged to both sides.",
        2 * _WEIGHTS: "The biases are parameters, too.",
        _WEIGHTS: "The biases are parameters, too; and each parameter is nudged to both sides.",
        2: "That is about what the walk costs, for all parameters together.",
    },
    because=f"There are {_PARAMETERS:,} parameters, and each needs two passes.",
)

long_steps = choice(
    "These steps had a rate of 0.3. What will the loss do if the rate is 3.0, for a thousand steps?",
    right="It ends where it began, near log 10.",
    wrong={
        "It falls ten times as fast.": "A slope holds for a small step: a long one lands where it is another.",
        "It grows without limit.": "A ReLU that is pushed below zero for all samples puts out nothing.",
    },
    because="Nearly all hidden units are soon below zero for every sample and pass nothing back. "
    "What is left can say no more than how common each class is.",
)
