"""The numbers of the chapters' questions, worked out from their words alone: what is right, how near, what is not."""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from helpers.chapters.chapter1 import questions as chapter1
from helpers.chapters.chapter2 import questions as chapter2
from helpers.chapters.chapter3 import questions as chapter3
from helpers.chapters.chapter4 import questions as chapter4
from helpers.chapters.chapter5 import questions as chapter5
from helpers.chapters.chapter6 import questions as chapter6
from helpers.chapters.front import questions as front
from helpers.pages.questions import Question

pytestmark = pytest.mark.same_everywhere


@dataclass(frozen=True)
class Worked:
    """What somebody who reads a question finds.

    Parameters
    ----------
    given : str
        The numbers of the question that are written in digits, in order.
    answer : str
        As the fold shows it.
    right : float
    within : float
        How far from it one may be.
    wrong : tuple of float
        What the mistakes lead to that the replies name, in their order.
    """

    given: str
    answer: str
    right: float
    within: float
    wrong: tuple


def turn(cosine):
    """Of 100 directions in a half plane, how many lie nearer than the angle of this cosine."""
    return 100 * math.degrees(math.acos(cosine)) / 180


WORKED = {
    chapter1: {
        "dearer_apples": Worked("100 10 10", "22 yen", 10 * 2 * 1.1, 0.01, (10, 20, 11)),
        "a_dearer_orange": Worked("100 150 10", "3.3", 3 + 0.3, 0.005, (3, 1.1, 165)),
        "one_more_child": Worked("", "250 yen", 100 + 150, 0.5, (100, 150, 15_000, 1000, 1250, 275, 4 * 100, 4 * 150)),
        "too_early": Worked("2 100 150", "200 yen", 2 * 100, 0.5, (500, 100, 250, 300)),
        "steepest_sigmoid": Worked("", "0.25", 0.5**2, 0.005, (1, 0.5, math.e / (1 + math.e) ** 2)),
        "a_surprise": Worked("1 1000", "6.91 nats", 3 * math.log(10), 0.02, (3, 0.001, -3 * math.log(10), 0.999)),
        "passes_of_nudging": Worked("784 50 10", "79520", 2 * (785 * 50 + 51 * 10), 0.5, (39_760, 79_400, 39_700, 2)),
    },
    chapter2: {
        "boundary_of_e_squared": Worked("2 1", "1.41", 2**0.5, 0.01, (math.exp(-2), 2, -(2**0.5))),
        "steep_valley": Worked("25", "0.08", 0.08, 0.002, (0.04, 50, 0.96)),
        "points_again": Worked("40 0.1 10", "0.01", 0.01, 0.0005, (0.1, 1, 0.00025)),
        "with_a_pencil": Worked("12", "2", 2, 0.005, (1 / math.e, 0.5, 4, 1, -2)),
    },
    chapter3: {
        "one_spread_away": Worked("0 1", "0.607", math.e**-0.5, 0.006, (1 / math.e, 1 / math.e**2, 0.5)),
        "what_the_light_adds": Worked("0.9 0.8 0.7 0.2", "0.4", 0.4, 0.005, (-0.2, -0.6, 0.5)),
        "random_directions": Worked("100 0.8", "20.5", turn(0.8), 0.7, (10, 2 * turn(0.8), turn(0.7))),
        "share_of_a_product": Worked("0 0.1 0.4", "0.4", 0.4, 0.005, (1 / 3, 0.2, 2.5)),
        "a_noisy_eye": Worked("4", "5.01°", 4 * math.sqrt(math.pi / 2), 0.03, None),
        "a_mixed_difference": Worked("1 1 0 2 2 10 10", "-1", -1, 0.01, None),
    },
    chapter4: {
        "positive_weights": Worked("4 4 64", "32", 8 * 4, 0, (64, 16)),
        "elu_slope": Worked("3", "4", 4, 0, (1, 3)),
        "connection": Worked("0.5 0.8 0.5 1", "-0.1", -0.1, 1e-6, (0.1, -0.4, 0)),
        "hearers": Worked("64 0 3 10", "7", len([3, 13, 23, 33, 43, 53, 63]), 0, (6.4, 6)),
    },
    chapter5: {
        "pencil": Worked("2 1 9 1", "4.5", 3 + (9 - 6) / 2, 1e-6, (5.5, 1.5, 9)),
        "smallest_cosine": Worked("0.5 2", "0.471", 8 / 17, 0.005, (0.25, 4, 17 / 8)),
        "smaller_step": Worked("", "0.6", 0.6, 0.001, (0.4, -0.2, 1, -1.6)),
        "largest_factor": Worked("4 0.5", "0.125", 1 / 8, 0.0005, (0.5, 8, 1 / 16)),
    },
    chapter6: {
        "twice_as_many": Worked("100 10000", "99", 10_001 / 101, 1.5, (10, 1, 10_000)),
        "usual": Worked("", "89.4°", 90 - math.degrees(math.asin(0.01)), 0.05, None),
        "feedback_numbers": Worked("", "16800", 7 * 240 * 10, 0.5, None),
    },
    front: {
        "slope": Worked("3 2", "12", 3 * 2**2, 0, (8, 6, 4)),
        "partial": Worked("2 3 5", "30", 2 * 3 * 5, 0, (9, 45, 6, 39)),
        "chain": Worked("3 5", "15", 3 * 5, 0, (8, 0.6, 3, 5)),
        "product": Worked("1 2 3 4 5 6", "17", 5 + 12, 0, (23, 5, 39, 12)),
    },
}
NAMED = {
    f"{module.__name__.split('.')[2]}-{name}": (getattr(module, name), worked)
    for module, table in WORKED.items()
    for name, worked in table.items()
}


def digits(text):
    """The numbers of a text as they are written in digits."""
    return " ".join(re.findall(r"\d+(?:\.\d+)?", text.replace(",000", "000")))


def test_every_question_for_a_number_is_in_the_table():
    for module, table in WORKED.items():
        asked = {name for name, one in vars(module).items() if isinstance(one, Question) and not one.options}
        assert asked == table.keys(), module.__name__


@pytest.mark.parametrize(("question", "worked"), NAMED.values(), ids=NAMED)
def test_a_number_is_right_near_enough_and_shown_in_few_digits(question, worked):
    right = question.replies[0]
    assert right.right and right.value == pytest.approx(worked.right, rel=1e-12)
    # the last place of a float is let pass, and no more
    assert worked.within <= right.within <= worked.within + 1e-8 * max(1, abs(worked.right))
    assert question.answer == worked.answer
    assert digits(question.question) == worked.given


@pytest.mark.parametrize(("question", "worked"), NAMED.values(), ids=NAMED)
def test_each_mistake_leads_to_the_number_that_its_reply_answers(question, worked):
    named = [reply for reply in question.replies[1:] if reply.value is not None]
    if worked.wrong is not None:  # those of an exercise are held by its answers
        assert [reply.value for reply in named] == pytest.approx(list(worked.wrong), rel=1e-12, abs=1e-15)
    assert {reply.within for reply in named} == {question.replies[0].within}


#: Options that hold numbers: the right one, and the others.
CHOICES = {
    "a_max": (chapter1, "0", {"5", "-10", "2.5"}),
    "best_cut": (chapter2, "75 %", {"50 %", "100 %", "90 %"}),
    "fresh_draws": (chapter2, "On 25 % of them, about.",
                    {"On 75 % of them, about.", "On nearly all: the points are alike."}),
    "opposite_moves": (chapter3, "It stays where it is.", {"It moves 12° to the right.", "It moves 24° to the right."}),
    "lower_layers_frozen": (chapter5, "About 13 %", {"About 90 %", "About 4 %, too"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOICES)
def test_the_numbers_to_choose_from_are_those_of_the_question(name):
    module, right, wrong = CHOICES[name]
    question = getattr(module, name)
    assert question.answer == question.options[question.replies[0].value] == right
    assert set(question.options) == {right, *wrong}


#: Numbers that replies and questions tell beside their own.
TOLD = {
    "no_apples": (chapter1, "because", "gets back 110, what a first apple"),
    "passes_of_nudging": (chapter1, "because", "There are 39,760 parameters"),
    "a_surprise": (chapter1, "because", r"\frac{1}{1000}"),
    "folding": (chapter2, "because", f"At −2 and at 2 the answer is {math.exp(-4):.2f}."),
    "first_steps": (
        chapter2,
        "because",
        "After two steps the hidden weight is 5.6.",
    ),  # 5.557, from the chapter's points
    "a_max": (chapter1, "question", "Its input is -2, and 5 arrives"),
    "opposite_moves": (chapter3, "question", "moves 12° to the right on the retina, and the eye turns 12° to"),
    "random_directions": (chapter3, "because", "above 0.8 up to 36.9°."),
    "what_the_light_adds": (chapter3, "because", "was 0.1, and is 0.5."),
    "hearers": (chapter4, "because", "Cells 3, 13, 23, 33, 43, 53, 63."),
    "lower_layers_frozen": (chapter5, "question", "has an error of 4 %"),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_numbers_that_are_told_are_true(name):
    module, place, words = TOLD[name]
    question = getattr(module, name)
    assert words in (question.question if place == "question" else question.replies[0].words)


def test_half_of_a_cut_is_counted_over_all_places_of_it():
    """Of points that change sides as they do, the best cut by trying every threshold."""
    x, t = chapter2._POINTS.x, chapter2._POINTS.t
    thresholds = np.concatenate([[-np.inf], (np.sort(x)[1:] + np.sort(x)[:-1]) / 2, [np.inf]])
    tried = [max((t == (x > cut)).mean(), (t == (x < cut)).mean()) for cut in thresholds]
    assert max(tried) == 0.75 and min(tried) == 0.5


def test_the_shares_of_units_are_those_of_the_stored_runs():
    stored = json.loads((Path(__file__).parents[1] / "book/results/03-gain-fields.json").read_text(encoding="utf-8"))
    share = {kind: run["visual, noise 0.1"]["mean"] for kind, run in stored["runs"]["32"].items() if kind != "settings"}
    large, trained, apart = (f"{share[kind]:.0%}".replace("%", " %") for kind in ("large", "trained", "apart"))
    assert chapter3.only_large.replies[0].words == f"{large} of the units have one; of the trained units, {trained}."
    assert chapter3.reported_apart.replies[0].words.endswith(f" {apart} of the units have a trend.")
