"""Bad input for `helpers.pages`: what an author makes is refused; what a student answers is judged, not refused."""

from typing import Any

import numpy as np

from helpers.pages import figures
from helpers.pages.answers import NotAnAnswer
from helpers.pages.explore import Slider
from tests.bad_input.kinds import Entry, one


def figure() -> Any:
    return figures.subplots(200, 100)[0]


def drawing(**_: float) -> Any:
    return figure()


def asked(**more: Any) -> dict[str, Any]:
    return {"question": "How many?", "because": "So it is.", **more}


def fixed_axes() -> Any:
    figure, axes = figures.subplots(200, 100)
    figure.set_layout_engine("none")
    return axes


SLIDER = [
    *one("values", [1], "two or more finite ascending values"),
    *one("values", [1, np.nan], "two or more finite ascending values"),
    *one("values", [1, 2, np.inf], "two or more finite ascending values"),
    *one("values", [2, 1], "two or more finite ascending values"),
    *one("start", 7, "cannot start at 7"),
    *one("names", ["one"], "3 values and 1 names"),
]
ALT = [*one("alt", "", "needs alt text"), *one("alt", "  ", "needs alt text")]
CAPTION = one("caption", " ", "caption needs words")

TABLE = {
    "pages.explore.Slider": Entry(
        lambda: {"label": "rate", "values": [1, 2, 3]},
        [*SLIDER, *one("values", ["a", "b"], "could not convert string to float")],
    ),
    "pages.explore.sliders": Entry(
        lambda: {"draw": drawing, "alt": "A line.", "caption": "It moves.", "rate": Slider("rate", [1, 2])},
        [*ALT, *CAPTION, *one("rate", Slider("rate", range(201)), "201 pictures are too many")],
    ),
    "pages.explore.steps": Entry(
        lambda: {"draw": drawing, "alt": "A line.", "captions": ["first", "second"]},
        [
            *ALT,
            *one("captions", ["first"], "two or more captions"),
            *one("captions", "first", "two or more captions"),
            *one("start", 2, "cannot start at 2"),
            *one("start", -1, "cannot start at -1"),
        ],
    ),
    "pages.explore.Explorable": Entry(
        lambda: {"draw": drawing, "parameters": {"rate": Slider("rate", [1, 2])}, "alt": "A line."},
        [*ALT, *one("draw", lambda **_: None, "must return a Figure")],
    ),
    "pages.figures.subplots": Entry(
        lambda: {"width": 200, "height": 100},
        [
            *one("width", np.nan, "figure size must"),
            *one("height", np.inf, "figure size must"),
        ],
    ),
    "pages.figures.show": Entry(lambda: {"figure": figure(), "alt": "A line."}, [*ALT, *CAPTION]),
    "pages.figures.to_svg": Entry(lambda: {"figure": figure(), "alt": "A line."}, ALT),
    "pages.figures.beside": Entry(
        lambda: {"*": (figures.show(figure(), "A."), figures.show(figure(), "B."))},
        [*one("*", (), "at least two pictures, got 0"), *CAPTION],
    ),
    "pages.captions.required_alt": Entry(lambda: {"alt": "A line."}, [*ALT, *one("alt", None, "needs alt text")]),
    "pages.captions.caption_words": Entry(
        lambda: {"caption": "A line.", "alt": ""}, [*CAPTION, *one("caption", 3, "needs")]
    ),
    "pages.live.place": Entry(
        lambda: {"axes": fixed_axes()},
        one("axes", figures.subplots(200, 100)[1], "places of these axes are not fixed"),
    ),
    "pages.questions.choice": Entry(
        lambda: asked(right="Two.", wrong={"One.": "That is half."}),
        [
            *one("wrong", {}, "needs wrong answers"),
            *one("wrong", {"Two.": "No."}, "stands among the wrong ones"),
            *one("wrong", {"One.": ""}, "is empty"),
            *one("right", " ", "is empty"),
            *one("because", "", "is empty"),
        ],
    ),
    "pages.questions.number": Entry(
        lambda: asked(answer=2.0, wrong={1.0: "That is half."}),
        [
            *one("answer", np.nan, "finite numbers"),
            *one("tolerance", -0.1, "tolerance of at least 0"),
            *one("tolerance", np.inf, "finite numbers"),
            *one("wrong", {np.inf: "No."}, "finite numbers"),
            *one("wrong", {}, "needs wrong answers"),
            *one("wrong", {2.0: "No."}, "would be right too"),
        ],
    ),
    "pages.answers.number": Entry(
        lambda: {"answer": 2},
        [
            bad
            for value in (True, "2", None, [2], 2j, np.ones(2), len)
            for bad in one("answer", value, "Give one number", NotAnAnswer)
        ],
    ),
    "pages.answers.called": Entry(
        lambda: {"answer": len, "*": ([],)},
        [
            *one("answer", 3, "A function is asked for", NotAnAnswer),
            *one("answer", list, "this is the class list", NotAnAnswer),
        ],
        call=lambda thing, **given: thing(given["answer"], *given["*"]),
    ),
    "pages.answers.the_class": Entry(lambda: {"answer": dict}, one("answer", {}, "Give the class itself", NotAnAnswer)),
    "pages.answers.refuse_unwritten": Entry(
        lambda: {"result": 3},
        [*one("result", ..., "no result yet", NotAnAnswer), *one("result", (1, None), "gives back None", NotAnAnswer)],
    ),
}

REASONS = {
    "its very purpose is to take whatever a student gives, and to say in words what it is": [
        "pages.answers.as_float",
        "pages.answers.as_array",
        "pages.answers.refuse_unchanged",
        "pages.answers.is_unwritten",
        "pages.answers.has_no_body",
        "pages.answers.is_as_given",
        "pages.answers.compiled",
        "pages.answers.outcome",
        "pages.answers.holds",
        "pages.comparison.in_form",
        "pages.comparison.is_number",
        "pages.comparison.parts",
        "pages.comparison.same",
        "pages.comparison.first_difference",
        "pages.exercises.Check.__call__",
        "pages.wording.wrong_kind",
        "pages.wording.wrong_value",
        "pages.wording.stops",
        "pages.wording.text",
    ],
    "a part of an exercise or a question; test_exercises.py and test_questions.py hold every one of the book": [
        "pages.exercises.Verdict",
        "pages.exercises.Mistake",
        "pages.exercises.altered",
        "pages.exercises.Finding",
        "pages.exercises.Exercise",
        "pages.exercises.Measured",
        "pages.questions.Reply",
        "pages.questions.Question",
        "pages.questions.answer_box",
        "pages.questions.in_few_digits",
        "pages.questions.check_texts",
    ],
    "takes text or a drawing that the package itself has made": [
        "pages.captions.first_sentence",
        "pages.explore.Explorable.svg",
        "pages.figures.Picture",
        "pages.figures.themed",
        "pages.figures.localise_identifiers",
        "pages.figures.short_hash",
        "pages.kept_layout.places",
        "pages.kept_layout.keep_places",
        "pages.latest.Latest",
        "pages.latest.Latest.__call__",
        "pages.live.Live",
        "pages.live.root",
        "pages.markup.render",
    ],
}
