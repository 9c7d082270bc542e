"""The figure that follows one weight: what its script draws on, and the picture that stands where no script runs."""

from importlib.resources import files
from typing import Any

import numpy as np

from helpers.chapters.chapter6.single_weight import CELLS, DRAWS, RULES, WEIGHTS, Task
from helpers.chapters.chapter6.single_weight_places import PLACES, RADIUS, WIDTH, course, courses, label_of, met
from helpers.chapters.chapter6.single_weight_story import Story, digits_of, signed
from helpers.pages.figures import BLUE, GREEN, GREY, INK, ORANGE, PAPER, show, subplots
from helpers.pages.live import Live, root

#: Heights of the network, of the factors and of the bars, and room for a title, in CSS pixels.
NETWORK, FACTORS, BARS, TITLE = 390, 62, 272, 26
#: How a wire is drawn.
DASHES = {"random": (0, (3.5, 2)), "direct": (0, (3.5, 2)), "inverse": (0, (1, 2))}
#: What stands below the figure.
CAPTION = (
    "One weight (blue) and the wires (orange) along which a rule brings it credit: solid through the network's own "
    "weights, broken through fixed random ones, dotted through an inverse; a line at the side reaches everyone. Blue "
    "numbers are known at the weight itself, the orange one has come from elsewhere. The error is what the output cell "
    "says minus what is wanted, and an optimizer goes against the update. Nothing has been learned yet, and nothing "
    "changes while one looks: no weight has aligned with a random one, no inverse has been trained. Of a rule that "
    "nudges, one draw is seen or the mean of some; over all draws, the mean is the gradient."
)


def follow(task: Task, rule: str = "feedback_alignment", weight: int = 1, target: int = 1) -> Live:
    """Make the figure in which the reader follows one weight under every rule.

    Parameters
    ----------
    task : Task
        The network, its sample, and what the rules draw.
    rule : str
        The rule that is seen at first.
    weight : int
        The weight that is seen at first, by its place in `WEIGHTS`.
    target : int
        Output that is wanted at first, 0 or 1.

    Returns
    -------
    Live
        As the last line of a cell, it displays itself.

    Raises
    ------
    ValueError
        If there is no such rule, weight or target.
    """
    if rule not in RULES or weight not in range(len(WEIGHTS)) or target not in (0, 1):
        raise ValueError(
            f"the figure starts with a rule of {RULES}, a weight from 0 to {len(WEIGHTS) - 1} and a target of 0 or 1, "
            f"got {rule!r}, {weight} and {target}"
        )
    story = Story(task, rule, WEIGHTS[weight], target)
    picture = show(draw(story), f"{said(story)} {compared(story)}", CAPTION)
    panels, _ = empty_panels(task)
    settings = {
        "task": task.settings(),
        "rules": RULES,
        "weights": WEIGHTS,
        "names": [each.name for each in WEIGHTS],
        "spelled": [each.spelled() for each in WEIGHTS],
        "draws": DRAWS,
        "start": {"rule": RULES.index(rule), "weight": weight, "target": target, "draws": 0},
        "map": {
            "cells": PLACES,
            "radius": RADIUS,
            "met": [met(each).tolist() for each in WEIGHTS],
            "courses": courses(),
        },
    }
    script = files("helpers.chapters.chapter6").joinpath("single_weight.js").read_text("utf-8")
    return Live(picture, "single-weight", script, panels, settings, story.words())


def said(story: Story) -> str:
    """Say what a picture shows of a weight under its rule."""
    return f"A small network in which one weight, {story.weight.spelled()}, is followed. {story.words()}"


def compared(story: Story) -> str:
    """Say what the bars show: the update of the weight under every rule."""
    return "Updates: " + ", ".join(f"{name.replace('_', ' ')} {signed(v)}" for name, v in story.updates.items()) + "."


def empty_panels(task: Task, together: bool = False) -> tuple[dict[str, Any], Any]:
    """Make the empty axes; on those of the network stand its wires and its cells, each with its activity.

    Parameters
    ----------
    task : Task
    together : bool
        On one figure instead of two.

    Returns
    -------
    panels : dict of str to Axes
        The ``network``, the ``factors`` of the update and the ``bars``.
    figure : Figure
        The last one that was made.
    """
    lower = 2 * TITLE + FACTORS + BARS + 8
    figure, axes = subplots(WIDTH, NETWORK + lower * together)
    panels = {"network": axes}
    place(axes, (0, WIDTH), (0, NETWORK - TITLE), bottom=lower * together, height=NETWORK - TITLE)
    if not together:
        figure, axes = subplots(WIDTH, lower)
    panels["factors"] = figure.add_subplot() if together else axes
    panels["bars"] = figure.add_subplot()
    place(panels["factors"], (0, WIDTH), (FACTORS, 0), bottom=BARS + TITLE + 8, height=FACTORS)
    place(panels["bars"], (-1, 1), (len(RULES), 0), bottom=8, height=BARS)
    draw_cells(panels["network"], task)
    return panels, figure


def place(axes: Any, x: tuple[float, float], y: tuple[float, float], bottom: float, height: float) -> None:
    """Give axes without frame a fixed place, in CSS pixels from below, and their limits.

    Parameters
    ----------
    axes : Axes
    x, y : tuple of float
        Limits.
    bottom, height : float
        In CSS pixels; the width is that of the figure.
    """
    figure = root(axes)
    figure.set_layout_engine("none")
    whole = 96 * figure.get_size_inches()[1]
    axes.set(xlim=x, ylim=y, position=(0.01, bottom / whole, 0.98, height / whole))
    axes.axis("off")


def draw_cells(axes: Any, task: Task) -> None:
    """Draw the wires of the network and its cells, each with its name and its activity.

    Parameters
    ----------
    axes : Axes
    task : Task
    """
    gap = (np.nan, np.nan)
    wires = [(PLACES[layer - 1][source], PLACES[layer][cell], gap) for layer, source, cell in WEIGHTS]
    axes.plot(*np.array(wires).reshape(-1, 2).T, color=GREY, linewidth=0.8)
    activity = [*task.h[:-1], np.array([task.output])]
    for layer, cells in enumerate(PLACES):
        for k, (x, y) in enumerate(cells):
            axes.plot(x, y, "o", markersize=1.5 * RADIUS, color=PAPER, markeredgecolor=INK, markeredgewidth=1)
            axes.text(x, y, f"{activity[layer][k]:.2f}", ha="center", va="center", fontsize=9.5)
            side = -1 if k == 0 and layer < 3 else 1
            axes.text(
                x + side * (RADIUS - 2),
                y + (RADIUS - 2) * (1 if layer == 3 else -1),
                CELLS[layer][k],
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=9.5,
                color=GREY,
            )


def draw(story: Story) -> Any:
    """Draw what the script would draw of a story, one panel below the other.

    Parameters
    ----------
    story : Story

    Returns
    -------
    Figure
    """
    panels, figure = empty_panels(story.task, together=True)
    draw_credit(panels["network"], story)
    draw_factors(panels["factors"], story)
    draw_updates(panels["bars"], story)
    return figure


def draw_credit(axes: Any, story: Story) -> None:
    """Draw the weight that is followed, and the wires along which something comes to it.

    Parameters
    ----------
    axes : Axes
    story : Story
    """
    layer, source, cell = story.weight
    low, high = PLACES[layer - 1][source], PLACES[layer][cell]
    axes.plot(*zip(low, high, strict=True), color=BLUE, linewidth=3.5, zorder=1.5)
    for place in (low, high):
        axes.plot(*place, "o", markersize=1.5 * RADIUS, color="none", markeredgecolor=BLUE, markeredgewidth=2.5)
    written(axes, met(story.weight), signed(float(story.task.network.parameters[f"W{layer}"][source, cell]), 1), BLUE)
    for kind, upper, lower, value in story.wires():
        places = course(kind, upper, lower, story.weight)
        axes.plot(*places.T, color=ORANGE, linewidth=2, linestyle=DASHES.get(kind, "-"))
        tip = {"arrowstyle": "->", "color": ORANGE, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", places[-1], places[-1] + 0.1 * (places[-2] - places[-1]), arrowprops=tip)
        if value is not None:
            written(axes, label_of(kind, places), signed(value, 2), ORANGE)
    x, y = PLACES[-1][0]
    written(axes, (x, y + RADIUS + 12), f"wanted {story.target}, error {signed(story.error)}", INK)
    entitle(axes, story.rule.replace("_", " ").capitalize())


def written(axes: Any, where: Any, words: str, colour: str) -> None:
    """Write words on a piece of paper, centred.

    Parameters
    ----------
    axes : Axes
    where : tuple of float
        The middle of the words.
    words, colour : str
    """
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    axes.text(*where, words, color=colour, ha="center", va="center", fontsize=9.5, bbox=box)


def entitle(axes: Any, words: str) -> None:
    """Write a title as the script does.

    Parameters
    ----------
    axes : Axes
    words : str
    """
    axes.set_title(words, loc="left", weight="bold", fontsize=11.5, pad=5)


def draw_factors(axes: Any, story: Story) -> None:
    """Write the update as a product: what the weight knows, and what has come to it.

    Parameters
    ----------
    axes : Axes
    story : Story
    """
    parts = [*story.factors, ("update", story.updates[story.rule])]
    step = WIDTH / len(parts)
    for k, (label, value) in enumerate(parts):
        colour = INK if k == len(parts) - 1 else ORANGE if k == len(parts) - 2 else BLUE
        axes.text((k + 0.5) * step, 14, signed(value, digits_of(label)), color=colour, ha="center", weight="bold")
        axes.text(
            (k + 0.5) * step, 24, "\n".join(label.rsplit(" ", 1)), color=colour, ha="center", va="top", fontsize=9.5
        )
        if k:
            axes.text(k * step, 14, "=" if k == len(parts) - 1 else "×", ha="center")
    entitle(axes, f"The update of {story.weight.name}")


def draw_updates(axes: Any, story: Story) -> None:
    """Draw the update of the weight under every rule, with a mark at the gradient.

    Parameters
    ----------
    axes : Axes
    story : Story
    """
    longest = max(map(abs, story.updates.values()))
    for k, (name, value) in enumerate(story.updates.items()):
        look: Any = {"weight": "bold" if name == story.rule else "normal", "fontsize": 9.5}
        axes.text(-1, k + 0.3, name.replace("_", " "), **look)
        axes.text(1, k + 0.3, signed(value), ha="right", **look)
        axes.barh(k + 0.53, value / longest, 0.27, color=BLUE if name == story.rule else GREY)
    beside = (np.arange(len(RULES))[:, np.newaxis] + [0.36, 0.7, np.nan]).ravel()  # one line with gaps
    axes.plot(np.zeros_like(beside), beside, color=INK, linewidth=0.8)
    axes.plot(np.full_like(beside, story.updates["backpropagation"] / longest), beside, color=GREEN, linewidth=2)
    entitle(axes, "All rules; green: the gradient")
