"""The questions of chapter 4, error diffusion: each asks before the page shows it, or goes before an exercise."""

import numpy as np

from helpers.pages.questions import choice, number

brightness = choice(
    "You lower the threshold of error diffusion from 0.5 to 0.2. What happens to the mean brightness of the dots?",
    right="Almost nothing.",
    wrong={
        "It rises much: more pixels pass the threshold.": "So it is with a threshold alone. Here a pixel that became "
        "white too early hands on a negative error, and its neighbours turn black for it.",
        "It falls much.": "A lower threshold makes white easier, not harder; and then look at what is handed on.",
    },
    because="What is decided wrongly is paid back by the neighbours. Only errors that leave over the edge are lost.",
)

_KINDS = np.repeat([1, -1], 4)  # four excitatory cells and four inhibitory ones
_MAY_BE_POSITIVE = int((np.outer(_KINDS, _KINDS) > 0).sum())

positive_weights = number(
    "A layer of 4 excitatory and 4 inhibitory cells lies below another of the same kind. How many of the "
    f"{_KINDS.size**2} weights between them may be positive?",
    answer=_MAY_BE_POSITIVE,
    wrong={
        _KINDS.size**2: "Weights between cells of different kinds may not.",
        _MAY_BE_POSITIVE // 2: "You counted one kind only. Two inhibitory cells are of the same kind, too.",
    },
    because="Each of the 8 cells below has 4 cells of its own kind above.",
)

too_large = choice(
    "The output is too large. What does the default rule do to a weight of −0.5 that leads from an inhibitory cell to "
    "an excitatory one?",
    right="It falls below −0.5.",
    wrong={
        "It rises towards zero.": "You made the connection weaker because the output is too large. But its cell "
        "quietens: with less of it the output would be larger still.",
        "It stays.": "So it is with weights from excitatory cells. Which kind sends here?",
    },
    because="The amine d⁻ flows. It strengthens what comes from inhibitory cells, and this weight is negative.",
)

long_step = choice(
    "A network with the right signs, one sample whose target is 1, and a step by ED that is ten thousand times too "
    "long. What becomes of this sample’s error?",
    right="It does not grow.",
    wrong={
        "It grows: the output passes its target.": "It would with a target between 0 and 1. Where could a sigmoid go "
        "beyond 1?",
        "That depends on the depth.": "What was just proved holds at every depth.",
    },
    because="Every change pushes the output the same way, and a sigmoid cannot pass 1. The next corollary says so.",
)

output_angle = choice(
    "What is the angle between the batch update of the decrement option and the gradient in the output layer?",
    right="0°",
    wrong={
        "Between 0° and 90°": "Ask what the decrement option forgets: how strong a cell’s influence on the output is. "
        "How strong is the output cell's?",
        "At times beyond 90°": "That needs samples that weigh differently, or a source that hears only some of them.",
    },
    because="The output cell’s influence on the output is 1 for every sample, so nothing is forgotten there.",
)

no_hidden_layer = choice(
    "Noughts against ones, on full MNIST. Compared with 512 hidden layers, how many images does logistic regression "
    "tell right, which has no hidden cell at all?",
    right="The same number, give or take a few.",
    wrong={
        "About half: that is guessing.": "A weighted sum of pixels tells more. A nought is dark where a one is bright.",
        "Clearly fewer: depth must be good for something.": "It can be, if the task asks for it. Does this one?",
    },
    because="A plane nearly separates noughts from ones, so there is nothing left for a hidden layer to gain.",
)

upper_layers_frozen = choice(
    "Leave all hidden layers above the first as they were drawn, and make the threshold inputs small, 0.2. How many "
    "images will the network tell right?",
    right="Nearly as many as with all layers trained.",
    wrong={
        "About half: untrained layers lose what the first has found.": "So it is with threshold inputs of 0.8. What "
        "carries the answer on when these are small?",
        "About three quarters.": "There is hardly anything in between: a bit arrives, or it is lost on the way.",
    },
    because="With the right signs untrained layers pass a bit on, unless their threshold inputs outweigh it.",
)

frozen_ten = choice(
    "Leave the hidden layers of ten networks as they were drawn; their output layers learn, by the default rule. How "
    "many digits of ten classes are told right?",
    right="About as many as by guessing.",
    wrong={
        "Most: random features usually give that much.": "They do if output weights can move both ways. Can they, by "
        "the default rule?",
        "Nearly all, as with trained hidden layers.": "Then the hidden layers would have had nothing to learn.",
    },
    because="Output weights that only grow cannot take back what was too much.",
)

mean_error = choice(
    "One network, ten outputs, and every hidden cell hears the mean of ten errors. You raise the learning rate of the "
    "hidden layer from 0. What happens?",
    right="The network gets worse, and worse.",
    wrong={
        "It gets better, and at high rates it fails.": "So it would if some updates pointed the right way for each of "
        "the outputs.",
        "Nothing: the ten errors cancel.": "Their mean is zero only while the ten outputs sum to 1.",
    },
    because="One number cannot tell a cell which way is right for ten outputs. It moves good random features away.",
)

other_functions = choice(
    "At rate 0.8 and from large weights, the article found, ED hardly learns with ReLU, ELU or softplus. And at much "
    "lower rates?",
    right="It learns with each of them.",
    wrong={
        "It still learns with none of them.": "What does the theorem ask of an activation function? All three have it.",
        "It learns with ReLU, not with the other two.": "All three never fall, and the theorem asks for no more.",
    },
    because="Where nothing limits the outputs, nothing limits a step: so the rate has to.",
)

wave_stuck = choice(
    "From Kaneko’s large weights, each rule with a rate of its own: by which rule will some networks give one answer "
    "to all inputs, to the end?",
    right="Only by backpropagation",
    wrong={
        "Only by error diffusion": "It may overshoot, but its steps do not fade where the layers above are saturated.",
        "By none": "Large weights saturate sigmoids, and there slopes are nearly zero. Whose updates multiply them?",
    },
    because="Its gradient is multiplied by the slopes of saturated sigmoids, layer by layer. ED’s update is not.",
)

elu_slope = number(
    "What does the version below say for y = 3?",
    answer=max(3 + 1, 1),
    wrong={
        min(3 + 1, 1): "That is what the slope should be. Read the program: which of two numbers does it take?",
        3: "The program adds one before it chooses.",
    },
    because="It takes the larger of y + 1 and 1. For y = 3 the true slope is 1.",
)

_D, _SOURCE, _TARGET = 0.5, 0.8, 0.5
_SLOPE = _TARGET * (1 - _TARGET)

connection = number(
    f"First by hand: $d = {_D}$, $o_i = {_SOURCE}$, $o_j = {_TARGET}$, rate 1. The source is excitatory, the target "
    "inhibitory. By how much does the weight change?",
    answer=-_D * _SLOPE * _SOURCE,
    tolerance=1e-6,
    wrong={
        _D * _SLOPE * _SOURCE: "The size is right. Which sign has a weight between cells of different kinds?",
        -_D * _SOURCE: "You left out the slope of the target cell.",
        0.0: "That would be so if the source were inhibitory: the output is too small, so d⁺ flows.",
    },
    because="d⁺ is 0.5, the slope 0.5 times 0.5, the source’s output 0.8. The kinds differ, so the sign is minus.",
)

_CELLS, _OUTPUTS, _HEARD = 64, 10, 3
_HEARERS = int((np.arange(_CELLS) % _OUTPUTS == _HEARD).sum())

hearers = number(
    f"First a count: of {_CELLS} cells, numbered from 0, how many hear output {_HEARD} of {_OUTPUTS}?",
    answer=_HEARERS,
    wrong={
        _CELLS / _OUTPUTS: "A count is a whole number. Write the numbers of the cells down: 3, 13, 23 and so on.",
        _CELLS // _OUTPUTS: "You left one out: where does the row 3, 13, 23 and so on end?",
    },
    because=f"Cells {', '.join(str(cell) for cell in range(_HEARD, _CELLS, _OUTPUTS))}.",
)
