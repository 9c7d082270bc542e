"""The questions of chapter 2, in the order of the page; each name hides its answer."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.chapters.chapter2 import datasets, exercises
from helpers.chapters.chapter2 import rbf_toy as toy
from helpers.chapters.chapter2.activations import gaussian_rbf
from helpers.pages.questions import answer_box, choice, number

_POINTS = datasets.two_class_points(np.random.default_rng(11))
_START: dict[str, ArrayLike] = {"w_h": 2.0, "w_o": -5.0}


def _right_of_cuts() -> list[int]:
    """How many points each cut gets right, with blue on its right or on its left."""
    sides = _POINTS.t[np.argsort(_POINTS.x)] == 1
    n = len(sides)
    blue_right = [int((sides == (np.arange(n) >= place)).sum()) for place in range(n + 1)]
    return [max(right, n - right) for right in blue_right]


def _share(count: int) -> str:
    return f"{count / len(_POINTS.x):.0%}".replace("%", " %")


_cuts = _right_of_cuts()

best_cut = choice(
    "Which share of the points can one cut get right, where it stands best?",
    right=_share(max(_cuts)),
    wrong={
        _share(min(_cuts)): "So many a cut at zero gets right. Move it to one side of the blue points.",
        _share(len(_POINTS.x)): "Red stands on both sides of blue, so some red point is on the blue side of any cut "
        "that has all of blue on one side.",
        _share(round(0.9 * len(_POINTS.x))): "A cut beside the blue points loses one of the two red groups. "
        "How many points are that?",
    },
    because="A cut beside the blue points gets all of blue and one red group right, and loses the other red group: "
    "ten points of forty.",
)

folding = choice(
    "Let the hidden weight grow from 0 to 1. Where do the red points go, on the axis of $h$?",
    right="To the left, towards 0.",
    wrong={
        "Half of them to the left, half to the right.": "The bell is the same on both sides: −2 and +2 get one answer.",
        "They stay at 1, with the blue ones.": "So they do at weight 0, where the unit says near to every point. "
        "But at weight 1, how near to zero is 2?",
    },
    because=f"Only the distance from zero counts. At −2 and at 2 the answer is {gaussian_rbf(np.array(2.0)):.2f}.",
)

_LOUD = np.exp(2)

boundary_of_e_squared = number(
    "The output weight is $e^2$, the hidden weight is 1. At which distance $|x|$ from zero is the boundary?",
    answer=float(toy.boundary(1.0, _LOUD)),
    tolerance=0.01,
    wrong={
        float(1 / _LOUD): "That is the cut on the axis of $h$. Which $x$ has this $h$?",
        2.0: "That is $x^2$: take the root.",
        -float(toy.boundary(1.0, _LOUD)): "The boundary lies on both sides; give its distance from zero.",
    },
    because="The logarithm of $e^2$ is 2; take its root.",
)

silent_output = choice(
    "The output weight is exactly 0. What is then the error of the hidden unit, the slope of the cost "
    "by its net input?",
    right="Zero, at every point.",
    wrong={
        "The error of the output.": "What the hidden unit does reaches the output through the output weight only.",
        "It depends on the target.": "So does the error of the output. But what is it multiplied by on its way back?",
    },
    because="The unit is blamed through the weight by which it had its influence. With no influence there is no blame, "
    "and the hidden weight does not move at this step.",
)

_walk = toy.descend(_POINTS.x, _POINTS.t, _START, toy.falling_rates(0.2, 30).tolist())

first_steps = choice(
    "The walk starts on the steep slope, at a hidden weight of 2. The valley is near 1. Where does it go first?",
    right="Away from the valley: the hidden weight grows.",
    wrong={
        "Straight to the valley.": "The output weight is negative there, so the bell does only harm. "
        "Which bell does less?",
        "To the ridge, at a hidden weight of 0.": "That makes the bell wider, and a negative output weight under it "
        "then says red to still more blue points.",
    },
    because="While the output weight is negative, a narrower bell costs less. "
    f"After two steps the hidden weight is {_walk['w_h'][2]:.1f}.",
)

longer_steps = choice(
    "The third recipe takes steps four times as long as the second. What will its picture look like, "
    "with the cost at the end of the walk for each start?",
    right="Speckled: neighbouring starts end at different costs.",
    wrong={
        "Smoother than the second: its walks go farther.": "They do. But steps of this length are thrown about "
        "by the steep walls of the valley.",
        "Like the second: the landscape is the same.": "A walk follows the landscape only as well as its steps allow.",
    },
    because="At a rate of 0.2 a walk does not come to rest within 100 steps. "
    "Where it stands at the last one hangs on its start by a hair.",
)

_rng = np.random.default_rng(2026)
_many = np.array([datasets.two_class_points(_rng).x for _ in range(500)])


def _ending_well(steps: int) -> float:
    """Share of fresh draws on which the falling schedule ends in the valley."""
    end = toy.descend(_many, _POINTS.t, _START, toy.falling_rates(0.2, steps).tolist())
    return float((toy.cost(_many, _POINTS.t, end["w_h"][-1], end["w_o"][-1]) < toy.VALLEY).mean())


fresh_draws = choice(
    "The recipe of our walk, 0.2 falling to 0 in 30 steps, found the valley. On how many other sets of points, drawn "
    "in the same way, will it end well?",
    right=f"On {round(20 * _ending_well(30)) / 20:.0%} of them, about.".replace("%", " %"),
    wrong={
        f"On {round(20 * _ending_well(50)) / 20:.0%} of them, about.".replace("%", " %"): "With 50 steps it would. "
        "Think of how far out on the plain our walk was, and of a draw with a little less luck.",
        "On nearly all: the points are alike.": "You have seen one success, on points that were chosen for it.",
    },
    because="The others are still out on the plain when the rate has fallen to nothing.",
)

_ACROSS = 25

steep_valley = number(
    f"Across a valley the curvature is {_ACROSS}. "
    "What is the largest rate at which a walk across it does not run away?",
    answer=2 / _ACROSS,
    tolerance=0.002,
    wrong={
        1
        / _ACROSS: "At this rate one step lands on the bottom. A longer step swings past it and may still come nearer.",
        2 * _ACROSS: "Divide by the curvature: the steeper the walls, the shorter the steps.",
        1 - 1 / _ACROSS: "That is no rate, but a factor. By which factor may a step multiply the distance at most?",
    },
    because="Each step multiplies the distance by 1 minus rate times curvature. "
    "This is −1 where the rate is 2 over the curvature.",
)

_RATE, _TIMES = 0.1, 10

points_again = number(
    f"On a sum over 40 points a rate of {_RATE} has made a good walk. Each of them is written down {_TIMES} times. "
    "Which rate on the sum makes the same walk now?",
    answer=_RATE / _TIMES,
    tolerance=_RATE / _TIMES / 20,
    wrong={
        _RATE: "So it is on the mean. On the sum every slope has grown.",
        _RATE * _TIMES: "The slopes have grown already: to make the same step, the rate must be smaller.",
        _RATE
        / _TIMES
        / 40: "That divides by the number of points too: it would turn a rate on the mean into one on the sum.",
    },
    because=f"Every slope is {_TIMES} times as large, and rate times slope stays the same.",
)

a_cost_that_falls = choice(
    "How can the cost fall in each of these 30 steps, and one answer more be wrong at the end?",
    right="One point comes to cost a little more, and the others together less.",
    wrong={
        "The learning rate is too large.": "No step goes uphill here; and at the weights of least cost the same answer "
        "is wrong.",
        "The training was too short.": "It goes the other way: the answer was right, and further training turned it.",
    },
    because="The cost adds up surprise and does not count answers. "
    "The boundary moves past one red point, and the other 39 gain by it.",
)

with_a_pencil = answer_box(
    r"$w_h = \frac12$ and $w_o = e$. At which distance $|x|$ does the network change its mind?",
    exercises.boundary,
    tolerance=0.005,
)
