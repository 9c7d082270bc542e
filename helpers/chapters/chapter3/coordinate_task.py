"""The task of Zipser and Andersen (1988): from retinal to head-centred position.

A spot falls on the retina, the eye looks somewhere, and the answer is where the spot is as seen from
the head: the sum of the two, since all three are angles in degrees.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.chapters.chapter3.population_codes import Code, GaussianCode, MonotonicCode, check_positions
from helpers.data.datasets import Dataset, Split
from helpers.networks.arguments import check_draw, check_positive


@dataclass(frozen=True)
class Positions:
    """Where the spot falls on the retina and where the eye looks.

    Attributes
    ----------
    retinal, eye : ndarray, shape (n, 2)
        Horizontal and vertical angles in degrees.

    Raises
    ------
    ValueError
        If the two are not alike, or not finite positions.
    """

    retinal: NDArray
    eye: NDArray

    def __post_init__(self) -> None:
        for name in ("retinal", "eye"):
            object.__setattr__(self, name, check_positions(getattr(self, name)))
        if self.retinal.shape != self.eye.shape:
            raise ValueError(f"need an eye position for each spot, got {len(self.eye)} for {len(self.retinal)}")

    @property
    def head(self) -> NDArray:
        """Position of the spot as seen from the head: retinal plus eye position."""
        return self.retinal + self.eye

    def __len__(self) -> int:
        return len(self.retinal)

    def __getitem__(self, rows: slice | NDArray) -> "Positions":
        return Positions(self.retinal[rows], self.eye[rows])


def independent_eye(rng: np.random.Generator, n: int, limit: float = 40.0) -> Positions:
    """Draw retinal and eye positions independently and uniformly, both within `limit` degrees.

    The head-centred position then lies within twice the limit.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Positions to draw.
    limit : float
        In degrees, in both directions. Each of the two is drawn within it.

    Returns
    -------
    Positions

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If there is nothing to draw, or the limit is not positive and finite.
    """
    check_draw(rng, n=n)
    check_positive("limit", limit)
    return Positions(rng.uniform(-limit, limit, (n, 2)), rng.uniform(-limit, limit, (n, 2)))


def independent_head(rng: np.random.Generator, n: int, limit: float = 40.0) -> Positions:
    """Draw retinal and head-centred positions independently and uniformly, within `limit` degrees.

    The eye position is their difference: it lies within twice the limit, and it is correlated with
    the retinal position by -1 / sqrt(2).

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        Positions to draw.
    limit : float
        In degrees, in both directions. Each of the two is drawn within it.

    Returns
    -------
    Positions

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If there is nothing to draw, or the limit is not positive and finite.
    """
    check_draw(rng, n=n)
    check_positive("limit", limit)
    retinal, head = rng.uniform(-limit, limit, (n, 2)), rng.uniform(-limit, limit, (n, 2))
    return Positions(retinal, head - retinal)


class TwoLines:
    """The shortest code of an eye position: its two angles, divided by a scale.

    Parameters
    ----------
    scale : float
        Degrees that become 1.

    Raises
    ------
    ValueError
        If the scale is not positive, or `encode` is given what are not finite positions.
    """

    units = 2

    def __init__(self, scale: float):
        self.scale = check_positive("scale", scale)

    def encode(self, positions: NDArray) -> NDArray:
        """Return positions / scale, shape (n, 2)."""
        return check_positions(positions) / self.scale


@dataclass(frozen=True)
class Task:
    """The three codes of the task, and how positions are drawn.

    Attributes
    ----------
    draw : callable
        Takes a generator and a number n; returns n `Positions`.
    retina : GaussianCode
        Code of the retinal position: the first inputs.
    eye : MonotonicCode or TwoLines
        Code of the eye position: the other inputs.
    head : GaussianCode or MonotonicCode
        Code of the head-centred position: the targets.
    eye_factor : int
        How the eye position enters the answer, retinal + eye_factor * eye: 1 in the task itself; with
        -1 or 0 the network is asked something else, as a control.
    apart : bool
        Another control: the retinal and the eye position are both asked for, each in a map of its own,
        and never combined.
    """

    draw: Callable[[np.random.Generator, int], Positions]
    retina: GaussianCode
    eye: MonotonicCode | TwoLines
    head: Code
    eye_factor: int = 1
    apart: bool = False

    @property
    def inputs(self) -> int:
        """Number of inputs of a network for this task."""
        return self.retina.units + self.eye.units

    @property
    def outputs(self) -> int:
        """Number of outputs of a network for this task: those of one map, or of two."""
        return self.head.units * (2 if self.apart else 1)

    def answers(self, positions: Positions) -> list[NDArray]:
        """Return the positions that the network is asked for, shape (n, 2), one array for each map."""
        if self.apart:
            return [positions.retinal, positions.eye]
        return [positions.retinal + self.eye_factor * positions.eye]

    def encode(self, positions: Positions) -> Split:
        """Return inputs, shape (n, inputs), and targets, shape (n, outputs), as float32."""
        x = np.hstack([self.retina.encode(positions.retinal), self.eye.encode(positions.eye)])
        t = np.hstack([self.head.encode(answer) for answer in self.answers(positions)])
        return Split(x.astype(np.float32), t.astype(np.float32))

    def dataset(
        self,
        rng: np.random.Generator,
        *,
        train: int = 9500,
        held_out: int = 500,
        keep: Callable[[Positions], NDArray] | None = None,
    ) -> tuple[Dataset, Positions]:
        """Draw a data set.

        Parameters
        ----------
        rng : numpy.random.Generator
        train : int
            Training samples, drawn first; some are dropped if `keep` is given.
        held_out : int
            Validation samples, and as many test samples after them.
        keep : callable, optional
            Says of each training position whether it stays, as an array of bool.

        Returns
        -------
        data : Dataset
        test : Positions
            Those of the test samples, in degrees.

        Raises
        ------
        TypeError
            If rng is no generator.
        ValueError
            If a split would be empty.
        """
        check_draw(rng, train=train, held_out=held_out)
        positions = self.draw(rng, train + 2 * held_out)
        first, middle, last = positions[:train], positions[train : train + held_out], positions[train + held_out :]
        if keep is not None:
            first = first[np.asarray(keep(first), dtype=bool)]
        data = Dataset(
            "coordinates",
            (self.retina.side, self.retina.side),
            self.outputs,
            self.encode(first),
            self.encode(middle),
            self.encode(last),
        )
        return data, last


def make_task(
    independent: str, eye_inputs: int, output: str = "Gaussian", eye_factor: int = 1, apart: bool = False
) -> Task:
    """Build one of the chapter's tasks.

    Parameters
    ----------
    independent : {"head", "eye"}
        Which position is drawn independently of the retinal one; it lies within 40 degrees, and the
        third, which follows from the two, within 80.
    eye_inputs : {2, 32}
        Two linear inputs, or 32 monotonic ones.
    output : {"Gaussian", "monotonic"}
        Code of the head-centred position: 64 units, or 32.
    eye_factor : {1, 0, -1}
        What is asked for: r + e, or as a control r or r - e, which need the eye independent.
    apart : bool
        Ask for r and e in two maps instead, another control; it leaves `eye_factor` at 1.

    Returns
    -------
    Task

    Raises
    ------
    ValueError
        If a choice is none of those listed, a control is asked for with the head independent, or two controls at once.
    """
    choices: dict[str, tuple[object, tuple[object, ...]]] = {
        "independent": (independent, ("head", "eye")),
        "eye_inputs": (eye_inputs, (2, 32)),
        "output": (output, ("Gaussian", "monotonic")),
        "eye_factor": (eye_factor, (1, 0, -1)),
    }
    for name, (value, allowed) in choices.items():
        if value not in allowed:
            raise ValueError(f"{name} must be one of {allowed}, got {value!r}")
    if independent == "head" and eye_factor != 1:
        raise ValueError(f"eye_factor {eye_factor} needs independent='eye': with 'head', r - e would leave the map")
    if apart and (independent == "head" or eye_factor != 1):
        raise ValueError("apart=True needs independent='eye' and eye_factor=1: it asks for r and e, and for no sum")
    draw = {"head": independent_head, "eye": independent_eye}[independent]
    eye, head = (80, 40) if independent == "head" else (40, 80)
    eye_code = TwoLines(80) if eye_inputs == 2 else MonotonicCode(eye)
    head_code = GaussianCode(head) if output == "Gaussian" else MonotonicCode(head)
    return Task(draw, GaussianCode(40), eye_code, head_code, eye_factor, apart)


def source_task() -> Task:
    """Head and retina independent, two eye inputs: the setting of the source's program."""
    return make_task("head", 2)


def experiment_task() -> Task:
    """Eye and retina independent, 32 monotonic eye inputs: what an experiment can set."""
    return make_task("eye", 32)
