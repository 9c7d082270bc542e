"""Choose your rule: what each rule of the book reaches at each depth, how near it comes to the gradient, what it costs.

Everything that is drawn was measured before and is stored, for ten networks of each kind; nothing is computed anew.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from helpers.measures.comparisons import Difference, paired_difference
from helpers.pages.explore import Explorable, Slider, sliders
from helpers.pages.figures import BLUE, FAINT, GREY, INK, ORANGE, subplots

#: The rules from top to bottom, each with its name and, for the slider and the rows, its short one.
RULES = {
    "backpropagation": ("backpropagation", "BP"),
    "top": ("only the two upper layers", "top"),
    "weight_perturbation": ("weight perturbation", "WP"),
    "node_perturbation": ("node perturbation", "NP"),
    "feedback_alignment": ("feedback alignment", "FA"),
    "direct_feedback_alignment": ("direct feedback alignment", "DFA"),
    "target_propagation": ("target propagation", "TP"),
    "difference_target_propagation": ("difference target propagation", "DTP"),
    "error_diffusion": ("error diffusion", "ED"),
}
#: The two kinds of network, each with its marker, its colour, and how far its marks stand from the middle of a row.
GROUNDS = {"cells": ("o", BLUE, -0.17), "tanh": ("D", ORANGE, 0.17)}
#: What stands below the figure.
CAPTION = (
    "Choose a rule and a depth. Above left, what every rule reaches on digits that it has not seen, odd or even: mean "
    "of ten networks and its 95 % interval, with excitatory and inhibitory cells (circles) and with tanh units "
    "(diamonds). Above right, the multiplications of an update, those of backpropagation being 1. Below, the angle "
    "between the chosen rule's update and the gradient at the end of training, for each layer of weights; beyond 90° "
    "(dotted) a small step of that layer alone raises the loss. WP and NP nudge weights and nodes, and their angle is "
    "that of one draw; FA and DFA send errors through fixed random weights, TP and DTP send targets, ED sends one "
    "error to all; top is backpropagation of the two upper layers alone."
)

#: What is stored of one rule at one depth.
Row = Mapping[str, Any]


class Limits(NamedTuple):
    """What the axes of every picture have room for.

    Attributes
    ----------
    lowest : float
        Mean accuracy, in percent.
    widest : float
        Mean angle, in degrees.
    dearest : float
        Cost, that of backpropagation being 1.
    deepest : int
        Hidden layers.
    """

    lowest: float
    widest: float
    dearest: float
    deepest: int


def choose_rule(
    results: Mapping[str, Any], cost: Callable[[str, int], float], start: str = "error_diffusion"
) -> Explorable:
    """Make the figure in which the reader chooses a rule and a depth.

    Parameters
    ----------
    results : mapping
        What ``helpers.data.results.stored("06-depth")`` returns: ``depth``, by ground, depth and rule.
    cost : callable
        Multiplications of an update, for the name of a rule and a number of hidden layers; only ratios are shown.
    start : str
        The rule that is seen at first.

    Returns
    -------
    Explorable
        As the last line of a cell, it displays itself.

    Raises
    ------
    ValueError
        If the results lack a ground, or have a rule that is not one of `RULES`; or if the first rule is none of theirs.
    """
    found = results["depth"]
    if set(found) != set(GROUNDS):
        raise ValueError(f"the figure shows the grounds {', '.join(GROUNDS)}, got results of {', '.join(found)}")
    depths = sorted(map(int, found["cells"]))
    measured = {rule for ground in found.values() for row in ground.values() for rule in row}
    if not {start} <= measured <= set(RULES):
        raise ValueError(f"the figure knows the rules {', '.join(RULES)}, got {', '.join(sorted(measured | {start}))}")
    rules = [rule for rule in RULES if rule in measured]
    rows = [row for ground in found.values() for at in ground.values() for row in at.values()]
    lowest = min(100 * row["test"]["mean"] for row in rows)
    widest = max(layer["mean"] for row in rows for layer in row["angle"])

    def at(depth: int) -> dict[str, Mapping[str, Row]]:
        return {ground: found[ground][str(depth)] for ground in GROUNDS}

    def ratios(depth: int) -> dict[str, float]:
        return {rule: cost(rule, depth) / cost("backpropagation", depth) for rule in rules}

    dearest = max(ratio for depth in depths for ratio in ratios(depth).values())
    limits = Limits(lowest, widest, dearest, depths[-1])
    return sliders(
        lambda rule, depth: draw(at(depth), ratios(depth), rules[rule], depth, limits),
        rule=Slider("rule", range(len(rules)), start=rules.index(start), names=[RULES[rule][1] for rule in rules]),
        depth=Slider("hidden layers", depths, names=list(map(str, depths))),
        alt=lambda rule, depth: said(at(depth), ratios(depth), rules[rule], depth),
        caption=CAPTION,
    )


def with_interval(row: Row, scale: float = 1.0) -> Difference:
    """Return the mean of the networks and its 95 % interval.

    Parameters
    ----------
    row : mapping
        With one value ``per_seed``.
    scale : float
        What each value is multiplied by.

    Returns
    -------
    Difference
        From zero.
    """
    values = scale * np.array(row["per_seed"], float)
    return paired_difference(values, np.zeros_like(values))


def is_ahead(first: Row, second: Row) -> bool:
    """Return whether a rule's accuracy is above another's: the interval of their difference over the seeds says so.

    Parameters
    ----------
    first, second : mapping
        What was found with two rules, from the same seeds.

    Returns
    -------
    bool
    """
    difference = paired_difference(first["test"]["per_seed"], second["test"]["per_seed"])
    return difference.apart and difference.mean > 0


def said(at: Mapping[str, Mapping[str, Row]], ratios: Mapping[str, float], rule: str, depth: int) -> str:
    """Say what a picture shows.

    Parameters
    ----------
    at : mapping
        By ground and rule, what was found at this depth.
    ratios : mapping of str to float
        Multiplications of an update by rule, those of backpropagation being 1.
    rule : str
        The one that is chosen.
    depth : int
        How many hidden layers.

    Returns
    -------
    str
    """
    name = RULES[rule][0]
    parts = [f"Test accuracy of {len(ratios)} rules with {depth} hidden layer{'s' * (depth > 1)}; {name} stands out."]
    for ground, rows in at.items():
        if rule not in rows:
            parts.append(f"It cannot train {ground} units.")
            continue
        test = with_interval(rows[rule]["test"], 100)
        ahead = [RULES[other][1] for other in RULES if other in rows and is_ahead(rows[other], rows[rule])]
        angles = ", ".join(f"{layer['mean']:.0f}" for layer in rows[rule]["angle"])
        parts.append(
            f"On {ground}: {test.mean:.1f} percent, from {test.low:.1f} to {test.high:.1f}; "
            f"clearly above it: {', '.join(ahead) or 'none'}; "
            f"angle to the gradient, from the lowest layer up: {angles} degrees."
        )
    return " ".join([*parts, f"An update takes {ratios[rule]:.2f} times the multiplications of backpropagation."])


def draw(
    at: Mapping[str, Mapping[str, Row]],
    ratios: Mapping[str, float],
    rule: str,
    depth: int,
    limits: Limits,
) -> Any:
    """Draw accuracies and costs of all rules, and the angles of one.

    Parameters
    ----------
    at, ratios, rule, depth
        As for `said`.
    limits : Limits
        The same for all pictures.

    Returns
    -------
    Figure
    """
    figure, accuracy = subplots(350, 560)
    figure.set_layout_engine("none")
    accuracy.set_position((0.125, 0.46, 0.575, 0.47))
    cost, angle = figure.add_axes((0.74, 0.46, 0.235, 0.47)), figure.add_axes((0.125, 0.09, 0.85, 0.24))
    draw_accuracy(accuracy, at, list(ratios), rule, limits.lowest)
    chosen = f"{RULES[rule][0]}, {depth} layer{'s' * (depth > 1)}".capitalize()
    accuracy.set_title(chosen, loc="left", x=-0.17, weight="bold", fontsize=10.5)  # the longest needs the whole width
    draw_cost(cost, ratios, rule, limits.dearest)
    draw_angle(angle, at, rule, limits)
    return figure


def draw_rows(axes: Any, rules: list[str], rule: str) -> None:
    """Give every rule a row, and the chosen one a tint.

    Parameters
    ----------
    axes : Axes
    rules : list of str
        From top to bottom.
    rule : str
        The one that is chosen.
    """
    axes.axhspan(rules.index(rule) - 0.5, rules.index(rule) + 0.5, color=FAINT, alpha=0.5, linewidth=0)
    axes.set(ylim=(len(rules) - 0.4, -0.6), yticks=())
    tidy(axes)


def tidy(axes: Any) -> None:
    """Take away what a small panel does not need."""
    axes.grid(False)
    axes.tick_params(length=0, labelsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color(GREY)


def draw_accuracy(axes: Any, at: Mapping[str, Mapping[str, Row]], rules: list[str], rule: str, lowest: float) -> None:
    """Draw the mean accuracy of every rule with its interval, on both grounds.

    Parameters
    ----------
    axes : Axes
    at : mapping
        By ground and rule, what was found at this depth.
    rules : list of str
        From top to bottom.
    rule : str
        The one that is chosen.
    lowest : float
        Mean accuracy of any picture, in percent.
    """
    draw_rows(axes, rules, rule)
    for ground, rows in at.items():
        marker, colour, shift = GROUNDS[ground]
        for names, look in (([one for one in rows if one != rule], GREY), ([rule] if rule in rows else [], colour)):
            found = [with_interval(rows[one]["test"], 100) for one in names]
            heights = np.array([rules.index(one) for one in names]) + shift
            ends = np.array([(each.low, each.high, np.nan) for each in found]).ravel()
            axes.plot(ends, np.repeat(heights, 3), color=look, linewidth=1.4)
            axes.plot([each.mean for each in found], heights, marker, color=look, markersize=5)
    axes.axvline(50, color=INK, linewidth=0.8, linestyle=":")
    axes.set(
        xlim=(min(lowest - 4, 48), 101),
        xticks=(50, 70, 90),
        xlabel="test accuracy (%)",
    )
    for row, one in enumerate(rules):
        words = RULES[one][1]
        axes.annotate(words, (0, row), (-5, 0), ("axes fraction", "data"), "offset points", ha="right", va="center")


def draw_cost(axes: Any, ratios: Mapping[str, float], rule: str, dearest: float) -> None:
    """Draw the multiplications of an update as a bar for every rule.

    Parameters
    ----------
    axes : Axes
    ratios : mapping of str to float
        Multiplications of an update by rule, those of backpropagation being 1.
    rule : str
        The one that is chosen.
    dearest : float
        Largest cost of any picture.
    """
    rules = list(ratios)
    draw_rows(axes, rules, rule)
    colours = [INK if one == rule else GREY for one in rules]
    axes.barh(range(len(rules)), list(ratios.values()), 0.45, color=colours)
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=":")
    axes.set(xlim=(0, 1.05 * dearest), xticks=range(int(dearest) + 1), xlabel="cost (BP = 1)")


def draw_angle(axes: Any, at: Mapping[str, Mapping[str, Row]], rule: str, limits: Limits) -> None:
    """Draw the angle to the gradient in every layer of weights, on both grounds.

    Parameters
    ----------
    axes : Axes
    at : mapping
        By ground and rule, what was found at this depth.
    rule : str
        The one that is chosen.
    limits : Limits
    """
    for ground, rows in at.items():
        if rule not in rows:
            continue
        marker, colour, _ = GROUNDS[ground]
        found = [with_interval(layer) for layer in rows[rule]["angle"]]
        layers = np.arange(1, len(found) + 1)
        ends = np.array([(each.low, each.high, np.nan) for each in found]).ravel()
        axes.plot(np.repeat(layers, 3), ends, color=colour, linewidth=1.4)
        line = [each.mean for each in found]
        axes.plot(layers, line, marker + "-", color=colour, markersize=5, linewidth=1.2, label=ground)
    axes.axhline(90, color=INK, linewidth=0.8, linestyle=":")
    top = max(90, limits.widest) + 35
    axes.set(xlim=(0.7, limits.deepest + 1.3), ylim=(-5, top), xlabel="layer of weights, from the input")
    axes.set_yticks([degrees for degrees in (0, 45, 90, 135, 180) if degrees < top])
    axes.set_xticks(range(1, limits.deepest + 2))
    tidy(axes)
    axes.set_title("Angle to the gradient (°)", loc="left", weight="bold", fontsize=11.5)
    if any(rule in rows for rows in at.values()):
        axes.legend(loc="upper right", ncols=2, fontsize=9.5, borderpad=0, frameon=False)
    else:
        axes.text(0.5, 0.25, "not measured at this depth", ha="center", transform=axes.transAxes)
