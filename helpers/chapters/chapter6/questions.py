"""The questions of chapter 6, which compares the rules: each asks before the page shows it."""

from helpers.chapters.chapter6.exercises import WEIGHTS, usual_angle, wires
from helpers.pages.questions import answer_box, choice, number

twice_as_many = number(
    "A network has 100 weights, another has 10,000. By how many times is the second one’s nudge noisier, measured by "
    "the mean square of what it misses in units of the gradient’s square?",
    answer=(WEIGHTS + 1) / 101,
    tolerance=1.5,
    wrong={
        10: "That is for the distance; its square is asked for.",
        1: "Each weight is nudged as far as before. But all of them stir the one loss that is compared.",
        10_000: "That is the second one alone. The first one is noisy, too.",
    },
    because="It is N + 1 times the square of the gradient: 101 against 10,001.",
)

weights_or_cells = choice(
    "A layer has 100 inputs and 10 cells. Is it better to nudge its 1,000 weights or what its 10 cells receive?",
    right="The cells",
    wrong={
        "The weights: then each of them knows its own effect.": "None does: all share one result.",
        "It comes to the same.": "A cell’s 100 weights act through its one sum. Need they be told apart by trying?",
    },
    because="Whatever a weight does, it does through its cell; and what it carries there, the synapse knows.",
)

same_ground = choice(
    "Eight rules, one small network, two hidden layers: odd or even? How many of the others come within two points "
    "of backpropagation?",
    right="Four",
    wrong={
        "None: the exact gradient is exact.": "Exact for this batch. How much of that does a task need?",
        "All seven": "Two of them only nudge. How much do they know after a few hundred updates?",
    },
    because="DTP, FA, DFA and ED. On easy ground many ways of handing out credit will do.",
)

ten_layers = choice(
    "The same cells, ten hidden layers in place of one. Which rule loses least?",
    right="Error diffusion",
    wrong={
        "Backpropagation": "It multiplies by ten slopes and ten layers of weights. What arrives has shrunk, or grown.",
        "Feedback alignment": "It multiplies by as many slopes as backpropagation.",
        "Weight perturbation": "It has five times as many weights to nudge.",
    },
    because="Its error does not pass through the layers: every cell hears it as it is.",
)

destroyed = choice(
    "After the forward pass we overwrite all weights of the network with noise. Which rule hands out the same "
    "update as before?",
    right="Feedback alignment",
    wrong={
        "Backpropagation": "Its way back multiplies by the weights.",
        "Difference target propagation": "Almost: below the output layer it reads none. But its first target takes one "
        "step through the output’s weights.",
    },
    because="Its way back has matrices of its own. What the layers had received and answered they still remember.",
)

score = choice(
    "And if nobody says which way the output should move, only how good the answer was?",
    right="Weight and node perturbation go on.",
    wrong={
        "Error diffusion goes on: its error is one number.": "One number, but with a sign: that says which way.",
        "None goes on.": "Chapter 1 began with one that compares two losses and nothing else.",
    },
    because="They compare how good two answers were. That is all they ever ask.",
)

usual = answer_box("First with a pencil: which angle?", usual_angle, tolerance=0.05, unit="°")

feedback_numbers = answer_box("How many numbers are they?", wires, tolerance=0.5)
