"""Answers to the exercises of chapter 6."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers.form import Answers
from helpers.networks.network import Update
from helpers.rules.feedback_alignment import FeedbackAlignment

usual_angle = Answers("usual_angle")

usual_angle.right("worked out by NumPy")(np.degrees(np.arccos(np.sqrt(1 / 10_000))))
usual_angle.right("worked out by Python")(math.degrees(math.acos(0.01)))
usual_angle.right("to two decimals")(89.43)
usual_angle.right("to one decimal")(89.4)
usual_angle.right("a right angle less an arc sine")(90 - 180 / math.pi * math.asin(0.01))
usual_angle.right("a decimal")(Decimal("89.427"))
usual_angle.right("a fraction")(Fraction(89427, 1000))
usual_angle.right("single precision")(np.float32(89.427))
usual_angle.right("an array without axes")(np.array(89.427))
usual_angle.wrong("a right angle", says="At a right angle it")(90)
usual_angle.wrong("the root was not taken", says="At a right angle it")(math.degrees(math.acos(1 / 10_000)))
usual_angle.wrong("what is missing to a right angle", says="That is how far it")(math.degrees(math.asin(0.01)))
usual_angle.wrong("the same, rounded as in the title", says="That is how far it")(0.5)
usual_angle.wrong("the same, to one decimal", says="That is how far it")(0.6)
usual_angle.wrong("radians", says="That is in radians")(math.acos(0.01))
usual_angle.wrong("the cosine", says="That is the cosine.")(0.01)
usual_angle.wrong("the mean of the square", says="The cosine's square")(1e-4)
usual_angle.wrong("on the far side of a right angle", says="Beyond a right angle")(90.573)
usual_angle.wrong("half of a right angle", says="The cosine's square")(45)
usual_angle.wrong("the same, to two decimals", says="That is how far it")(0.57)
usual_angle.wrong("a hundred weights", says="The cosine's square")(math.degrees(math.acos(0.1)))
usual_angle.wrong("the root of N", says="The cosine's square")(100)
usual_angle.wrong("no angle: along the gradient", says="The cosine's square")(0)
usual_angle.wrong("below zero", says="The cosine's square")(-89.427)
usual_angle.wrong("in words", says="Give one number, not", same_in_containers=False)("89.4")
usual_angle.wrong("a list, of one", says="Give one number, not", same_in_containers=False)([89.427])
usual_angle.wrong("not a number", says="but is nan.", same_in_containers=False)(float("nan"))
usual_angle.wrong("a function", says="Give one number, not", same_in_containers=False)(lambda: 89.427)

two_sided = Answers("two_sided")

two_sided.right("the equation")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * xi
)
two_sided.right("half of the difference, each way by sigma")(
    lambda loss, p, xi, sigma: 0.5 * xi * (loss(p + sigma * xi) - loss(p - sigma * xi)) / sigma
)
two_sided.right("the mean of two one-sided forms")(
    lambda loss, p, xi, sigma: (
        ((loss(p + sigma * xi) - loss(p)) / sigma * xi + (loss(p - sigma * xi) - loss(p)) / sigma * -xi) / 2
    )
)
two_sided.right("entry by entry")(
    lambda loss, p, xi, sigma: [(loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * one for one in xi]
)


@two_sided.right("moves a copy to and fro")
def to_and_fro(loss, p, xi, sigma):
    p = p.copy()
    p += sigma * xi
    above = loss(p)
    p -= 2 * sigma * xi
    return (above - loss(p)) / (2 * sigma) * xi


@two_sided.right("moves p and puts it back")
def puts_back(loss, p, xi, sigma):
    p += sigma * xi
    above = loss(p)
    p -= 2 * sigma * xi
    below = loss(p)
    p += sigma * xi
    return (above - below) / (2 * sigma) * xi


two_sided.wrong("one-sided", says="That is the one-sided")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p)) / sigma * xi
)
two_sided.wrong("one-sided, the other side", says="That is a one-sided")(
    lambda loss, p, xi, sigma: (loss(p) - loss(p - sigma * xi)) / sigma * xi
)
two_sided.wrong("the 2 is lost", says="The two points are 2 sigma apart: divide")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / sigma * xi
)
two_sided.wrong("xi is lost: one number", says="That is the slope along")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma)
)
two_sided.wrong("downhill", says="The sign is wrong")(
    lambda loss, p, xi, sigma: (loss(p - sigma * xi) - loss(p + sigma * xi)) / (2 * sigma) * xi
)
two_sided.wrong("divided by xi", says="Divided by xi, it is")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma * xi)
)
two_sided.wrong("sigma is lost inside", says="The nudge is sigma times xi: sigma")(
    lambda loss, p, xi, sigma: (loss(p + xi) - loss(p - xi)) / (2 * sigma) * xi
)
two_sided.wrong("xi is lost inside", says="The nudge is sigma times xi: xi")(
    lambda loss, p, xi, sigma: (loss(p + sigma) - loss(p - sigma)) / (2 * sigma) * xi
)
two_sided.wrong("no division by sigma", says="The division by sigma")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / 2 * xi
)
two_sided.wrong("no division at all", says="The two points are 2 sigma apart: the")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) * xi
)
two_sided.wrong("a forgotten parenthesis: divided by 2, then multiplied by sigma", says="/ 2 * sigma divides")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / 2 * sigma * xi
)
two_sided.wrong("multiplied by sigma times xi", says="The division by sigma")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * sigma * xi
)
two_sided.wrong("divided by the square of sigma", says="Divide by sigma once")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma**2) * xi
)
two_sided.wrong("a sum in place of the difference", says="The two losses are")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) + loss(p - sigma * xi)) / (2 * sigma) * xi
)
two_sided.wrong("the curvature, which was to drop out", says="That is the curvature")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - 2 * loss(p) + loss(p - sigma * xi)) / sigma**2 * xi
)
two_sided.wrong("both from the same side: nothing is left", says="but is [0.].")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p + sigma * xi)) / (2 * sigma) * xi
)
two_sided.wrong("the new parameters in place of the update", says="That is p after a step")(
    lambda loss, p, xi, sigma: p - (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * xi
)
two_sided.wrong("multiplied by p in place of xi", says="but is [1.15].")(
    lambda loss, p, xi, sigma: (loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * p
)
two_sided.wrong("a slope for each parameter: nudged one by one", says="but is [ 1.648,  1.648, -0.252].")(
    lambda loss, p, xi, sigma: np.array(
        [(loss(p + sigma * e) - loss(p - sigma * e)) / (2 * sigma) for e in np.eye(p.size)]
    )
)
two_sided.wrong("the loss is not called", says="but is [1.].")(
    lambda loss, p, xi, sigma: ((p + sigma * xi) - (p - sigma * xi)) / (2 * sigma) * xi
)
two_sided.wrong(
    "a sum over all parameters", says="should be a NumPy array, but is a float64", same_in_containers=False
)(lambda loss, p, xi, sigma: np.sum((loss(p + sigma * xi) - loss(p - sigma * xi)) / (2 * sigma) * xi))


@two_sided.wrong("leaves p moved", says="changes what it was given")
def leaves_p_moved(loss, p, xi, sigma):
    above = loss(p + sigma * xi)
    p -= sigma * xi
    return (above - loss(p)) / (2 * sigma) * xi


wires = Answers("wires")

wires.right("a number")(16_800)
wires.right("worked out")(7 * 240 * 10)
wires.right("with a point")(16800.0)
wires.right("a NumPy number")(np.int64(16_800))
wires.right("a fraction")(Fraction(16_800))
wires.right("an array without axes")(np.sum(np.ones((7, 10, 240))))
wires.wrong("one matrix", says="That is one matrix.")(240 * 10)
wires.wrong("six matrices: the last hidden layer is forgotten", says="The last hidden layer")(6 * 240 * 10)
wires.wrong("eight matrices: the output layer, too", says="The outputs have the")(8 * 240 * 10)
wires.wrong("with the output layer's own ten", says="The outputs have the")(7 * 240 * 10 + 10 * 10)
wires.wrong("layers times classes", says="That counts layers")(7 * 10)
wires.wrong("units alone", says="That is how many hidden")(7 * 240)
wires.wrong("the pixels, too", says="The pixels need no")(7 * 240 * 10 + 784 * 10)
wires.wrong("feedback alignment", says="That is what FA needs")(6 * 240**2 + 240 * 10)
wires.wrong("from layer to layer, the output left out", says="That is what FA needs")(6 * 240**2)
wires.wrong("seven square matrices", says="That is what FA needs")(7 * 240**2)
wires.wrong("all weights of the network", says="Those are the weights")(784 * 240 + 6 * 240**2 + 240 * 10)
wires.wrong("a bias for each unit, too", says="An error comes through")(7 * 240 * 10 + 7 * 240)
wires.wrong("a bias for each error, too", says="An error comes through")(7 * (240 + 1) * 10)
wires.wrong("there and back: twice as many", says="One matrix for each")(2 * 7 * 240 * 10)
wires.wrong("a sum in place of a product", says="One matrix for each")(7 * (240 + 10))
wires.wrong("the pixels in place of the units", says="One matrix for each")(7 * 784 * 10)
wires.wrong("the number of matrices", says="One matrix for each")(7)
wires.wrong("in words", says="Give one number, not", same_in_containers=False)("16,800")
wires.wrong("the shape of them all", says="Give one number, not", same_in_containers=False)((7, 10, 240))
wires.wrong("not a number", says="but is nan.", same_in_containers=False)(float("nan"))

kolen_pollack = Answers("kolen_pollack")


class Rule(FeedbackAlignment):
    """What the page gives; and the answer in three steps, for others to change one of them."""

    def __init__(self, network, rng, rate, decay):
        super().__init__(network, rng)
        self.rate, self.decay = rate, decay

    def __call__(self, network, x, labels):
        loss, arrays = super().__call__(network, x, labels)
        for i, B in enumerate(self.feedback, start=2):
            self.learn(B, arrays[f"W{i}"], network.parameters[f"W{i}"])
        return Update(loss, {name: self.update(name, arrays[name], p) for name, p in network.parameters.items()})

    def learn(self, B, G, W):
        B -= self.rate * (G.T + self.decay * B)

    def update(self, name, G, p):
        return G + self.decay * p if name[0] == "W" else G


kolen_pollack.right("weights decay, biases do not")(Rule)


@kolen_pollack.right("biases decay, too")
class BiasesDecay(Rule):
    def update(self, name, G, p):
        return G + self.decay * p


@kolen_pollack.right("first shrunk, then moved")
class ShrunkFirst(Rule):
    def learn(self, B, G, W):
        B *= 1 - self.rate * self.decay
        B -= self.rate * G.T


@kolen_pollack.right("new matrices in the list")
class NewMatrices(FeedbackAlignment):
    def __init__(self, network, rng, rate, decay):
        super().__init__(network, rng)
        self.rate, self.decay = rate, decay

    def __call__(self, network, x, labels):
        update = super().__call__(network, x, labels)
        self.feedback = [
            B - self.rate * (update.arrays[f"W{k + 2}"].T + self.decay * B) for k, B in enumerate(self.feedback)
        ]
        weights = network.parameters
        arrays = {name: G + self.decay * weights[name] for name, G in update.arrays.items()}
        return update._replace(arrays=arrays)


@kolen_pollack.right("a rule inside, which hands over its matrices")
class RuleInside:
    def __init__(self, network, rng, rate, decay):
        self.inside, self.rate, self.decay = FeedbackAlignment(network, rng), rate, decay
        self.feedback = self.inside.feedback

    def __call__(self, network, x, labels):
        loss, arrays = self.inside(network, x, labels)
        for B, i in zip(self.feedback, (2, 3), strict=True):
            np.subtract(B, self.rate * arrays[f"W{i}"].T + self.rate * self.decay * B, out=B)
        return Update(loss, {name: G + self.decay * network.parameters[name] for name, G in arrays.items()})


@kolen_pollack.wrong("the loss and a dictionary, with a comma between", says="check_rule says: a")
class PlainTuple(Rule):
    def __call__(self, network, x, labels):
        update = super().__call__(network, x, labels)
        return update.loss, update.arrays


@kolen_pollack.wrong("plain feedback alignment: nothing is added", says="The feedback stays")
class PlainFeedbackAlignment(Rule):
    def __call__(self, network, x, labels):
        return FeedbackAlignment.__call__(self, network, x, labels)


@kolen_pollack.wrong("B = B - ... gives a name to a new matrix, and the old one stays", says="The feedback stays")
class OnlyAName(Rule):
    def learn(self, B, G, W):
        B = B - self.rate * (G.T + self.decay * B)


@kolen_pollack.wrong("the feedback never decays", says="B does not forget where")
class NoDecayOfB(Rule):
    def learn(self, B, G, W):
        B -= self.rate * G.T


@kolen_pollack.wrong("the weights never decay", says="B is right. The weights")
class NoDecayOfW(Rule):
    def update(self, name, G, p):
        return G


@kolen_pollack.wrong("nothing decays", says="B does not forget where")
class NoDecay(NoDecayOfW, NoDecayOfB):
    pass


@kolen_pollack.wrong("B goes uphill", says="B goes uphill: go against")
class Uphill(Rule):
    def learn(self, B, G, W):
        B += self.rate * (G.T + self.decay * B)


@kolen_pollack.wrong("the weights are read: B becomes their copy", says="That copies the weights")
class Copies(Rule):
    def learn(self, B, G, W):
        B[...] = W.T


@kolen_pollack.wrong("W decays in B's place", says="B learns from the weights")
class WeightsInB(Rule):
    def learn(self, B, G, W):
        B -= self.rate * (G.T + self.decay * W.T)


@kolen_pollack.wrong("B pulled towards the weights", says="B learns from the weights")
class PulledToW(Rule):
    def learn(self, B, G, W):
        B -= self.rate * (G.T + self.decay * (B - W.T))


@kolen_pollack.wrong("the update is not turned over", says="Your code stops with ValueError")
class NotTurned(Rule):
    def learn(self, B, G, W):
        B -= self.rate * (G + self.decay * B)


@kolen_pollack.wrong("the rate is lost in B", says="The rate is missing")
class NoRate(Rule):
    def learn(self, B, G, W):
        B -= G.T + self.decay * B


@kolen_pollack.wrong("the rate is in the update of the weights, too", says="B is right. The optimizer")
class RateTwice(Rule):
    def update(self, name, G, p):
        return self.rate * (G + self.decay * p) if name[0] == "W" else G


@kolen_pollack.wrong("the rate is in the decay of the weights, too", says="B is right. The optimizer")
class RateInDecay(Rule):
    def update(self, name, G, p):
        return G + self.rate * self.decay * p if name[0] == "W" else G


@kolen_pollack.wrong("the weights grow: the sign of their decay", says="B is right. The weights")
class WeightsGrow(Rule):
    def update(self, name, G, p):
        return G - self.decay * p if name[0] == "W" else G


@kolen_pollack.wrong("the feedback grows: the sign of its decay", says="B grows where it should")
class FeedbackGrows(Rule):
    def learn(self, B, G, W):
        B -= self.rate * (G.T - self.decay * B)


@kolen_pollack.wrong("the decay is counted twice in B: G has it already", says="The update that B sees")
class DecayInG(Rule):
    def learn(self, B, G, W):
        B -= self.rate * ((G + self.decay * W).T + self.decay * B)


@kolen_pollack.wrong("the decay alone: what the batch says is lost for the weights", says="B is right. What feedback")
class DecayAlone(Rule):
    def update(self, name, G, p):
        return self.decay * p if name[0] == "W" else G


@kolen_pollack.wrong("the decay alone in B", says="B only forgets: it")
class DecayAloneInB(Rule):
    def learn(self, B, G, W):
        B -= self.rate * self.decay * B


@kolen_pollack.wrong("only the first B learns", says="One of the matrices")
class FirstOnly(Rule):
    def learn(self, B, G, W):
        if B is self.feedback[0]:
            super().learn(B, G, W)


@kolen_pollack.wrong("only the last B learns", says="One of the matrices")
class LastOnly(Rule):
    def learn(self, B, G, W):
        if B is self.feedback[-1]:
            super().learn(B, G, W)


@kolen_pollack.wrong("one layer too low: feedback[0] goes with W1", says="Your code stops with ValueError")
class OneTooLow(Rule):
    def __call__(self, network, x, labels):
        loss, arrays = FeedbackAlignment.__call__(self, network, x, labels)
        for i, B in enumerate(self.feedback, start=1):
            B -= self.rate * (arrays[f"W{i}"].T + self.decay * B)
        return Update(loss, {name: self.update(name, arrays[name], p) for name, p in network.parameters.items()})


@kolen_pollack.wrong("backpropagation in place of feedback alignment", says="Those are the gradients")
class Backpropagation(Rule):
    def __call__(self, network, x, labels):
        loss, arrays = network.gradients(x, labels)
        for i, B in enumerate(self.feedback, start=2):
            self.learn(B, arrays[f"W{i}"], network.parameters[f"W{i}"])
        return Update(loss, {name: self.update(name, arrays[name], p) for name, p in network.parameters.items()})


@kolen_pollack.wrong("the weights' decay is divided by the rate", says="B should change by")
class DecayOverRate(Rule):
    def update(self, name, G, p):
        return G + self.decay / self.rate * p if name[0] == "W" else G


@kolen_pollack.wrong("biases grow: the sign of their decay", says="B and the weights are")
class BiasesGrow(Rule):
    def update(self, name, G, p):
        return G + self.decay * p if name[0] == "W" else G - self.decay


@kolen_pollack.wrong("B learns half as fast", says="B should change by")
class HalfAsFast(Rule):
    def learn(self, B, G, W):
        B -= self.rate * (G.T / 2 + self.decay * B)


@kolen_pollack.wrong("B learns half as fast, and the weights never decay", says="B should change by")
class HalfNoDecay(NoDecayOfW, HalfAsFast):
    pass


@kolen_pollack.wrong("B learns half as fast, and the weights only decay", says="B should change by")
class HalfDecayAlone(DecayAlone, HalfAsFast):
    pass


@kolen_pollack.wrong("B learns half as fast, and the weights grow", says="B should change by")
class HalfWeightsGrow(WeightsGrow, HalfAsFast):
    pass


@kolen_pollack.wrong("B learns half as fast, and the weights' update has the rate", says="B should change by")
class HalfRateTwice(RateTwice, HalfAsFast):
    pass


@kolen_pollack.wrong("B learns half as fast, and the biases stand still", says="B should change by")
class HalfBiasesStill(HalfAsFast):
    def update(self, name, G, p):
        return G + self.decay * p if name[0] == "W" else 0 * G


@kolen_pollack.wrong("the weights decay twice as fast, and the biases stand still", says="B should change by")
class TwiceBiasesStill(Rule):
    def update(self, name, G, p):
        return G + 2 * self.decay * p if name[0] == "W" else 0 * G


@kolen_pollack.wrong("moves the weights itself", says="check_rule says: the")
class MovesWeights(Rule):
    def __call__(self, network, x, labels):
        update = super().__call__(network, x, labels)
        for name, p in network.parameters.items():
            p -= self.rate * update.arrays[name]
        return update


@kolen_pollack.wrong("the arrays only, no loss", says="check_rule says: a")
class NoLoss(Rule):
    def __call__(self, network, x, labels):
        return super().__call__(network, x, labels).arrays


@kolen_pollack.wrong("no updates for the biases", says="check_rule says: there")
class NoBiases(Rule):
    def __call__(self, network, x, labels):
        loss, arrays = super().__call__(network, x, labels)
        return Update(loss, {name: array for name, array in arrays.items() if name[0] == "W"})


@kolen_pollack.wrong("the biases stand still", says="B and the weights are")
class BiasesStill(Rule):
    def update(self, name, G, p):
        return G + self.decay * p if name[0] == "W" else 0 * G


@kolen_pollack.wrong("the decay in the loss, too", says="B and the weights are")
class DecayInLoss(Rule):
    def __call__(self, network, x, labels):
        loss, arrays = super().__call__(network, x, labels)
        return Update(loss + self.decay / 2 * sum(np.sum(B**2) for B in self.feedback), arrays)


@kolen_pollack.wrong("hands nothing back", says="Your code gives back")
class NothingBack(Rule):
    def __call__(self, network, x, labels):
        super().__call__(network, x, labels)


@kolen_pollack.wrong("a rule that cannot be made with these arguments", says="Your code stops with TypeError")
class NoArguments(Rule):
    def __init__(self, network, rng):
        super().__init__(network, rng, 0.1, 0.05)


@kolen_pollack.wrong("a function", says="Give the class itself")
def function(network, rng, rate, decay):
    return Rule(network, rng, rate, decay)


kolen_pollack.wrong("the name of the class", says="Give the class itself")("LearnedFeedback")
kolen_pollack.wrong("a class that is no rule", says="Your code stops with TypeError")(dict)
