"""The landscape of chapter 2, computed in the page: one walk, its boundary and its fold, wherever it starts.

`landscape.js` computes in the page what `rbf_toy` and `Walk` compute here, from the same points and with the same
formulas; tests/pages/test_landscape.py holds the two together.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter2.rbf_toy import FIXED_BIAS, VALLEY, boundary, cost, descend, forward, hessian
from helpers.networks.arguments import check_count
from helpers.pages.figures import Picture
from helpers.pages.live import Live, Panels

#: Beyond this hidden weight, on either side, lies the plain.
PLAIN = 5.0
#: A smaller rise of the cost is none: at rest, rounding alone decides its sign.
ROUNDING = 1e-9
#: Learning rates and numbers of steps that the reader may choose: the least, the largest, and how far they are apart.
RATES, STEPS = (0.005, 0.4, 0.005), (0, 100, 1)


class Walk:
    """A walk at a constant rate, with the bias fixed, and what is seen at its end.

    Parameters
    ----------
    x, t : ndarray, shape (n,)
        Inputs and targets.
    start : mapping of str to float
        First values of ``w_h`` and ``w_o``.
    rate : float
        Of every step, for the gradient summed over the points.
    steps : int
        How many; 0 stays at the start.

    Attributes
    ----------
    w_h, w_o, costs : ndarray, shape (steps + 1,)
        Before the first step and after each.
    right, points : int
        How many points are on their side of the boundary at the end, and how many there are.
    limit : float
        2 over the largest curvature at the end, the rate up to which a step is stable; infinite if nothing curves up.
    edge : float
        Distance of the boundary from zero at the end; 0 if all is red, infinite if all is blue.

    Raises
    ------
    ValueError
        If the number of steps is no whole number or negative, or as `rbf_toy.descend` does.
    """

    def __init__(self, x: NDArray, t: NDArray, start: Mapping[str, float], rate: float, steps: int):
        check_count("steps", steps, 0)
        path = descend(x, t, dict(start), [rate] * steps)
        self.w_h, self.w_o = path["w_h"], path["w_o"]
        self.costs = cost(x, t, self.w_h, self.w_o)
        w_h, w_o = float(self.w_h[-1]), float(self.w_o[-1])
        curvature = float(np.linalg.eigvalsh(hessian(x, t, w_h, w_o))[1])
        self.limit = 2 / curvature if curvature > 0 else np.inf
        self.edge = edge(w_h, w_o)
        self.right = int(((forward(x, w_h, w_o)[2] > 0) == t).sum())
        self.points = len(x)

    def verdict(self) -> str:
        """Say in a sentence where the walk has come to."""
        outside = self.costs >= VALLEY
        if self.w_h[-1] == 0:
            return "It is on the mirror line and cannot leave it."
        if outside.all():
            return "It is out on the plain." if abs(self.w_h[-1]) > PLAIN else "It is on its way."
        changes = 1 + np.flatnonzero(np.diff(outside))
        if outside[-1]:
            return f"It was thrown out of the valley at step {changes[-1]}."
        again = " again" if outside[changes[:-1]].any() else ""
        since = changes[-1] if changes.size else 0
        return f"It has been in the valley{again} since step {since}."

    def words(self) -> str:
        """Say what is seen of the walk and its boundary; and of its limit, which means something in the valley only."""
        last = len(self.costs) - 1
        uphill = int((np.diff(self.costs) > ROUNDING).sum())
        if self.edge == 0:
            parts = "No boundary: all is red"
        elif self.edge == np.inf:
            parts = "No boundary: all is blue"
        else:
            parts = f"Boundary at |x| = {self.edge:.2f}"
        in_valley = self.costs[-1] < VALLEY and self.limit < np.inf
        limit = f" Limit of the rate here: {self.limit:.3f}." if in_valley else ""
        steps = "1 step" if last == 1 else f"{last} steps"
        return (
            f"{self.verdict()} Cost {self.costs[-1]:.2f} after {steps}, {uphill} of them uphill. "
            f"{parts}; {self.right} of {self.points} points are right.{limit}"
        )


def edge(w_h: float, w_o: float) -> float:
    """Distance of the boundary from zero, where there may be none.

    Parameters
    ----------
    w_h, w_o : float
        The weights; the bias is `FIXED_BIAS`.

    Returns
    -------
    float
        `boundary`; 0 if everything is red, infinite if everything is blue.
    """
    if w_o <= -FIXED_BIAS:
        return 0.0
    return float(boundary(w_h, w_o)) if w_h else np.inf


def landscape(
    picture: Picture,
    x: NDArray,
    t: NDArray,
    panels: Panels,
    start: Mapping[str, float],
    rate: float,
    steps: int,
) -> Live:
    """Make the landscape on which the reader moves the start, the rate and the number of steps of a walk.

    Parameters
    ----------
    picture : Picture
        What stands where no script runs.
    x, t : ndarray, shape (n,)
        Inputs and targets.
    panels : mapping of str to Axes
        Empty axes: the ``map`` of the cost; the ``cost``, as its logarithm, against steps; the ``line`` of the
        inputs; the axis of the hidden output, for the ``fold``.
    start : mapping of str to float
        First values of ``w_h`` and ``w_o``, multiples of 0.1.
    rate : float
        One of `RATES`.
    steps : int
        At most the largest of `STEPS`.

    Returns
    -------
    Live

    Raises
    ------
    ValueError
        If a panel is missing, or the layout of one is not fixed.
    """
    if set(panels) != {"map", "cost", "line", "fold"}:
        raise ValueError(f"the landscape has the panels map, cost, line and fold, got {', '.join(panels)}")
    settings: dict[str, Any] = {
        "task": {"x": x.tolist(), "t": t.tolist(), "b_o": FIXED_BIAS},
        "valley": VALLEY,
        "plain": PLAIN,
        "start": [start["w_h"], start["w_o"]],
        "rates": [*RATES, rate],
        "steps": [*STEPS, steps],
    }
    script = files("helpers.chapters.chapter2").joinpath("landscape.js").read_text("utf-8")
    return Live(picture, "rbf-landscape", script, panels, settings, Walk(x, t, start, rate, steps).words())
