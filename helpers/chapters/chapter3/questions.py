"""The questions of chapter 3, in the order of the page; each name hides its answer."""

import math

from helpers.chapters.chapter3 import exercises
from helpers.data.results import stored
from helpers.pages.questions import answer_box, choice, number

_TURN = 12

opposite_moves = choice(
    f"The light moves {_TURN}° to the right on the retina, and the eye turns {_TURN}° to the left. "
    "What does the bump in the output do?",
    right="It stays where it is.",
    wrong={
        f"It moves {_TURN}° to the right.": "So the light moves on the retina. But the output shows $r + e$, "
        "and $e$ has moved too.",
        f"It moves {2 * _TURN}° to the right.": "So it would if the output showed $r - e$.",
    },
    because="$q = r + e$: the two changes cancel. This is the lamp of the opening.",
)

one_spread_away = number(
    "How active is a unit of the Gaussian code, from 0 to 1, when the light falls one spread $s$ away from its centre?",
    answer=math.exp(-1 / 2),
    tolerance=0.006,
    wrong={
        math.exp(-1): r"So active it is at half the full width, and that is $\sqrt2$ spreads away.",
        math.exp(-2): "The 2 stands below the line, beside $s^2$.",
        0.5: "A Gaussian has fallen to one half a little farther out.",
    },
    because=r"At a distance of $s$ the exponent is $-\frac12$.",
)

_WITH, _WITHOUT = (0.9, 0.7), (0.8, 0.2)  # before and after the eye turns
_visual = [lit - dark for lit, dark in zip(_WITH, _WITHOUT, strict=True)]

what_the_light_adds = number(
    f"A unit answers {_WITH[0]} with the light and {_WITHOUT[0]} without it. The eye turns, and now it answers "
    f"{_WITH[1]} and {_WITHOUT[1]}. By how much does its visual response grow?",
    answer=_visual[1] - _visual[0],
    tolerance=0.005,
    wrong={
        _WITH[1] - _WITH[0]: "So much the total response changes.",
        _WITHOUT[1] - _WITHOUT[0]: "So much the background changes.",
        _visual[1]: "So large it is now. How large was it before?",
    },
    because=f"What the light adds was {_visual[0]:.1f}, and is {_visual[1]:.1f}.",
)

never_trained = choice(
    "There is no noise. How many of 250 units that were never trained will pass the test, at p < 0.05?",
    right="All of them.",
    wrong={
        "About 5 %.": "That is the rate of false alarms with noise. Without noise the test asks only "
        "how straight a response is.",
        "None: they have learned nothing.": "Passing needs no learning. Think of the sigmoid near zero.",
    },
    because="Near zero the sigmoid is nearly a straight line, and a straight-line function of a plane is a plane.",
)

a_valley = choice(
    "A response is lowest in the middle of the nine eye positions and rises alike to all sides. There is little noise. "
    "Which tests are significant?",
    right="That of the lack of fit, not that of the trend.",
    wrong={
        "Both of them.": "What rises alike to all sides rises to no side.",
        "That of the trend, not that of the lack of fit.": "Which way would the best plane lean?",
        "Neither: a valley is no plane.": "It is none, and one of the tests asks just that.",
    },
    because="The best plane is level, so there is no trend; and the nine means are far from it.",
)

_RUNS = stored("03-gain-fields")["runs"]["32"]


def _trends(kind: str) -> str:
    """Share of the units of a kind of network with a trend in what the light adds."""
    return f"{100 * _RUNS[kind]['visual, noise 0.1']['mean']:.0f} %"


only_large = choice(
    "Take untrained networks, and only make their weights as large as those of trained ones. "
    "How many units will have a trend in what the light adds?",
    right="Most of them.",
    wrong={
        "About 5 %: nothing was learned.": "Nothing was learned. "
        "But light and eye are now strong enough to meet under the curve.",
        "About half as many as in trained networks.": "Even that is too few: how strongly light and eye meet in a unit "
        "counts, not why they do.",
    },
    because=f"{_trends('large')} of the units have one; of the trained units, {_trends('trained')}.",
)

reported_apart = choice(
    "A network must report $r$ and $e$, each in a map of its own. The weights from the eye become large. "
    "What will its hidden units do?",
    right="They split up: some follow the light, others the eye.",
    wrong={
        "Most have gain fields, since the eye matters.": "The eye matters to the network. "
        "But light and eye need not meet in one unit.",
        "They leave the eye aside.": "Then the map of $e$ would be wrong, and it is right to about a degree.",
    },
    because=f"Nothing asks to combine the two, and a mixture would have to be taken apart again. "
    f"{_trends('apart')} of the units have a trend.",
)

_COSINE = 0.8

random_directions = number(
    "Two directions in the plane are drawn at random. "
    f"In how many cases of 100 is the cosine of their angle above {_COSINE}?",
    answer=100 * math.acos(_COSINE) / math.pi,
    tolerance=0.7,
    wrong={
        100 * (1 - _COSINE) / 2: "The cosine is not spread evenly from −1 to 1: the angle is spread evenly.",
        200 * math.acos(_COSINE) / math.pi: "That counts the opposite directions too.",
        100 * math.acos(0.7) / math.pi: "That is for 0.7.",
    },
    because=f"The angle is spread evenly from 0° to 180°, and the cosine is above {_COSINE} "
    f"up to {math.degrees(math.acos(_COSINE)):.1f}°.",
)

_Y, _DARK = 0.4, 0.1

share_of_a_product = number(
    rf"A unit has $y_0 = {_DARK}$ in the dark and $y = {_Y}$ with the light. What is the ratio $\rho$ of the theorem?",
    answer=(1 - 2 * _Y) / (1 - _Y - _DARK),
    tolerance=0.005,
    wrong={
        (1 - 2 * _Y) / (1 - _Y): "So it would be for a unit that is silent in the dark.",
        1 - 2 * _Y: "That is the upper part of the fraction alone.",
        (1 - _Y - _DARK) / (1 - 2 * _Y): "The fraction is upside down.",
    },
    because="The visual response has less than half of the interaction that a product would have.",
)

loud_units = choice(
    "By their total responses, loud units look like sums. And by what the light adds?",
    right="Most are closer to a product.",
    wrong={
        "Like sums too: they are the same units.": "The same units, and another quantity: the background is gone.",
        "Some like sums, some like products, by chance.": "It is not left to chance: "
        "the theorem speaks of units that the light fills.",
    },
    because="A large background is one term of a sum. Without it, the theorem gives a ratio near 1 for dim lights "
    "and for units that are full with the light and without.",
)

a_noisy_eye = answer_box(
    "The noise has a standard deviation of 4° in each of the two directions. What is the mean distance?",
    exercises.noise,
    4.0,
    tolerance=0.03,
    unit="°",
)

_R, _E, _S = (0.0, 10.0), (0.0, 10.0), 10.0

a_mixed_difference = answer_box(
    "In degrees, $r_1 = e_1 = 0$, $r_2 = e_2 = 10$ and $s = 10$. What is the mixed difference of the log targets?",
    exercises.interaction,
    *_R,
    *_E,
    _S,
    tolerance=0.01,
)
