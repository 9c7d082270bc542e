"""The questions of chapter 5, target propagation: each asks before the page shows it, or goes before an exercise."""

from helpers.data.results import stored
from helpers.pages.questions import choice, number

short_step = choice(
    "The step is short, and the inverse is quite wrong. Which rule comes nearer to the star?",
    right="DTP comes nearer.",
    wrong={
        "TP comes nearer.": "It takes the inverse at its word, so the whole error of the inverse arrives, however "
        "short the step.",
        "Both come equally near.": "So it is with an exact inverse. Move its error to 0 and see.",
    },
    because="What the inverse gets wrong at both points alike drops out of the difference, and what is left shrinks "
    "with the step.",
)

longest_step = choice(
    "And with the longest step, 1?",
    right="Then TP comes nearer.",
    wrong={
        "Then DTP comes nearer still.": "What is wrong with its difference grows with the step.",
        "Then both come equally near.": "So it is with an exact inverse only.",
    },
    because="DTP misses by the error of the inverse’s slope times the step. In this picture that is more, at last, "
    "than the error of the inverse itself.",
)

_H_1, _H_2, _ANSWER = 3.0, 6.0, 9.0


def _biased(h: float) -> float:
    return h / 2 + 1


pencil = number(
    f"The same network and the same inverse, h/2 + 1, but the right answer is {_ANSWER:g}. What is DTP’s target for "
    "$h_1$?",
    answer=_H_1 + _biased(_ANSWER) - _biased(_H_2),
    tolerance=1e-6,
    wrong={
        _biased(_ANSWER): f"That is TP's. Take away what the inverse gets wrong at $h_2 = {_H_2:g}$.",
        _biased(_ANSWER) - _biased(_H_2): "That is the change. Add the activity.",
        _ANSWER: "That is the target above. Send it down.",
    },
    because="The inverse says one too many both times, so the difference is right, and half of 9 arrives.",
)

heaps = choice(
    "Let each of the two activities be a heap that varies a little by itself. What will noise do for the decoder’s "
    "slope there?",
    right="Hardly anything.",
    wrong={
        "As much as with two points: without it no slope can be told.": "A slope is learned from activities that vary, "
        "whatever makes them vary.",
        "Even more than with two points: noise adds to the spread.": "More spread is no aim. What did the two points "
        "lack?",
    },
    because="The heaps vary already, and that is all that noise is good for here.",
)

equal_updates = choice(
    "TP and DTP differ in one line. For which layers do they always hand out the same update?",
    right="For the two upper ones",
    wrong={
        "For all": "That needs inverses that make no error at the activity.",
        "For none": "Where is the first target made, and which inverse has been asked by then?",
        "For the first one, which reads the input": "Its target has come down through every inverse.",
    },
    because="The output stage has its own gradient, and the last hidden target is made before any inverse is asked.",
)

_SEVEN = stored("05-digits")["depth"]["7"]
_CLASSES = 10
_BACKPROPAGATION, _CONTROL = (_SEVEN[rule]["test_error"]["mean"] for rule in ("BP", "top two"))
_GUESSING = 100 * (1 - 1 / _CLASSES)

lower_layers_frozen = choice(
    f"With seven layers of 16 units backpropagation has an error of {_BACKPROPAGATION:.0f} % on the digits. Which "
    "has the control, whose six lower layers never learn?",
    right=f"About {_CONTROL:.0f} %",
    wrong={
        f"About {_GUESSING:.0f} %": "That is guessing. Random layers still pass on much of what they read.",
        f"About {_BACKPROPAGATION:.0f} %, too": "Then random layers would lose nothing of what the top needs. Each has "
        "only 16 units.",
    },
    because="Narrow random layers lose some of what the top needs, and far from all.",
)

first_angle = choice(
    "At which angle to the gradient do the updates of the lower layers start?",
    right="Near 90°",
    wrong={
        "Near 0°": "The two upper layers of DTP do: they have the gradient. What do the others know of it at first?",
        "Near 180°": "That would be straight uphill. To know the way up is to know the way down.",
    },
    because="Inverses and feedback are random at first. In a large space a random direction is neither up nor down.",
)

_LARGEST, _SMALLEST = 2.0, 0.5
_KAPPA = _LARGEST / _SMALLEST

smallest_cosine = number(
    f"The singular values of $J$ lie between {_SMALLEST:g} and {_LARGEST:g}. Which cosine is the smallest that the "
    "theorem allows, by its sharper bound?",
    answer=2 / (_KAPPA + 1 / _KAPPA),
    tolerance=0.005,
    wrong={
        1 / _KAPPA: "That is the weaker bound.",
        _KAPPA: "That is the condition number.",
        (_KAPPA + 1 / _KAPPA) / 2: "Upside down: no cosine is larger than 1.",
    },
    because="The condition number is 4, and 2 / (4 + 1/4) is about 0.47: an angle of 62° at most.",
)

falling_angle = choice(
    "In the moving figure the angle of feedback alignment fell. Does it make fewer errors than the control here, which "
    "leaves the lower layers alone?",
    right="No, not fewer.",
    wrong={
        "Yes: its updates have turned towards the gradient.": "Part of the way, after a while. And before?",
        "Yes: whoever trains all layers is ahead of whoever trains two.": "Unless training the lower ones does harm.",
    },
    because="An angle that falls is not yet a gain. So look at errors, too, and at a control.",
)

signs = choice(
    "Only signs are passed on. Which of the three makes the fewest errors?",
    right="The straight-through estimator",
    wrong={
        "Backpropagation": "Below the last sign its gradient is exactly zero.",
        "DTP": "It needs no slope between layers. That does not make it the best: its decoders know only signs.",
    },
    because="It pretends that the slope is 1, and sends the error back through the right weights.",
)

_H, _T, _RATE = 0.2, 1.0, 0.25
_GRADIENT = 2 * (_H - _T)

smaller_step = number(
    "First with a pencil: what is the target?",
    answer=_H - _RATE * _GRADIENT,
    tolerance=0.001,
    wrong={
        _H - _RATE * _GRADIENT / 2: "The derivative of a square has a factor 2.",
        _H + _RATE * _GRADIENT: "The sign is wrong: that leads away from the answer.",
        _T: "That is the answer itself: a target rate of one half would lead there.",
        _GRADIENT: "That is the gradient. Take a step against it.",
    },
    because="Half of the way, since a target rate of one half would go all of it.",
)

_STRETCHES = (4.0, 0.5)

largest_factor = number(
    f"First an example: $W$ has the singular values {_STRETCHES[0]:g} and {_STRETCHES[1]:g}. Below which $c$ is "
    "$V = c\\,W^{\\mathsf T}$ near enough?",
    answer=2 / _STRETCHES[0] ** 2,
    tolerance=0.0005,
    wrong={
        2 / _STRETCHES[0]: "The product of $c\\,W^{\\mathsf T}$ and $W$ stretches by the square.",
        2 / _STRETCHES[1] ** 2: "That is for the smallest singular value. Which one leaves its bounds first?",
        1 / _STRETCHES[0] ** 2: "There nothing is left over along one direction. How far beyond that may $c$ go?",
    },
    because="$|1 - c\\lambda^2|$ must stay below 1 for the largest singular value.",
)
