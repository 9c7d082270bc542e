"""The table of all exercises: what chapters show of them, and how each wrong form is given as an answer.

Stubs, buggy code and printed solutions are read from the chapters, so that a new exercise enters the
table by being written. Only what cannot be read is listed here: answers that take a chapter's run, and
an example of each finding of a measured check.
"""

import ast
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from helpers.chapters.chapter1.graph import Node
from helpers.chapters.chapter2.activations import gaussian_rbf
from helpers.chapters.chapter2.rbf_toy import falling_rates
from helpers.networks.activations import sigmoid
from helpers.networks.network import Network, Update
from helpers.pages.exercises import Check
from helpers.rules.feedback_alignment import FeedbackAlignment

BOOK = Path(__file__).parents[1] / "book"

#: What the code of answers takes from its chapter.
NAMES = {"np": np, "Node": Node, "gaussian_rbf": gaussian_rbf, "sigmoid": sigmoid, "falling_rates": falling_rates,
         "FeedbackAlignment": FeedbackAlignment, "Update": Update}  # fmt: skip

#: Answers that a chapter computes with all that stands before.
COMPUTED = {"children.gradient": 250.0, "silent": ["b5", "W6"]}


@dataclass
class Row:
    """One exercise: its check, and the answers that its chapter gives, with the verdict that it stores for each."""

    chapter: int
    name: str
    check: Check
    shown: list[tuple[Any, str]] = field(default_factory=list)
    solution: Any = None
    source: ast.stmt | None = None

    @property
    def diagnosis(self) -> str:
        """What the check would say of the program with a mistake that the page gives, if it had not given it."""
        return replace(self.check, given="")(defined(ast.parse(self.check.given).body[0])).message

    def stubs(self) -> Iterator[Any]:
        """Templates: the chapter's own, and its solution without bodies; for a value, dots and None."""
        yield from (answer for answer, verdict in self.shown if "There is no result yet" in verdict)
        yield from (..., None)
        for body in ("...", "return ...", "pass", '"""What is asked for."""'):
            if self.source is not None:
                yield defined(without_bodies(self.source, body))


def without_bodies(source: ast.stmt, body: str) -> ast.stmt:
    """Return a function, or a class with its methods but __init__, with another body."""
    empty = ast.parse(ast.unparse(source)).body[0]
    functions = empty.body if isinstance(empty, ast.ClassDef) else [empty]
    for function in functions:
        if isinstance(function, ast.FunctionDef) and function.name != "__init__":
            function.body = ast.parse(f"def f():\n    {body}").body[0].body
    return ast.fix_missing_locations(empty)


def defined(source: ast.stmt) -> Any:
    """Run one definition, and return what it defines."""
    names = dict(NAMES)
    exec(compile(ast.Module([source], []), "answer", "exec"), names)
    return names[source.name]


def answer_of(tree: ast.Module) -> tuple[Any, ast.stmt | None]:
    """Return the answer that a cell hands to its check, and its definition where it has one."""
    argument = tree.body[-1].value.args[0]
    written = ast.unparse(argument)
    if written in COMPUTED and not any(
        written == "silent" and "silent = ..." in ast.unparse(line) for line in tree.body
    ):
        return COMPUTED[written], None
    for line in tree.body:
        if getattr(line, "name", None) == written:
            return defined(line), line
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == written:
            argument = line.value
    return eval(ast.unparse(argument), dict(NAMES)), None


def rows() -> list[Row]:
    """Read the table: every public check of every chapter, with what its chapter gives it."""
    table = []
    for path in sorted(BOOK.glob("0*.ipynb")):
        chapter = int(path.name[:2])
        module = import_module(f"helpers.chapters.chapter{chapter}.exercises")
        found = {
            name: Row(chapter, name, check)
            for name, check in vars(module).items()
            if isinstance(check, Check) and not name.startswith("_")
        }
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "check." in cell.source.splitlines()[-1]:
                tree = ast.parse(cell.source)
                row = found[tree.body[-1].value.func.attr]
                answer, source = answer_of(tree)
                verdict = next(output.data["text/plain"] for output in cell.outputs if "data" in output)
                row.shown.append((answer, verdict))
                if verdict.startswith("Right."):
                    row.solution, row.source = answer, source
        table += found.values()
    return table


ROWS = rows()


def layer(form: Callable) -> type:
    """A class of layers from a wrong form, a function of x and upstream; nothing to learn in it."""

    class Answer:
        def __init__(self):
            self.parameters, self.gradients = {}, {}

        def forward(self, x):
            self.x = x
            return form(x, np.ones_like(x))["forward"]

        def backward(self, upstream):
            return form(self.x, upstream)["backward"]

    return Answer


def node(form: Callable) -> type:
    """A kind of node from a wrong form, a function of x and y."""
    methods = {
        "evaluate": lambda self, x, y: form(x, y)["evaluate"],
        "derivatives": lambda self, x, y: form(x, y)["derivatives"],
    }
    return type("Answer", (Node,), methods)


def update(form: Callable) -> Callable:
    """An update that leaves what a wrong form says; where nothing of the layer moves, in new arrays."""

    def answer(parameters: dict, gradients: dict, learning_rate: float) -> None:
        left = form(learning_rate)
        moved = any(not np.array_equal(parameters[name], left[name]) for name in parameters)
        for name, array in list(parameters.items()):
            if moved:
                array[...] = left[name]
            else:
                parameters[name] = array - learning_rate * gradients[name]
            gradients[name][...] = left[f"gradient of {name}"]

    return answer


def optimizer(form: Callable) -> Callable:
    """A step of an optimizer from a wrong form, a path for all gradients so far."""

    def answer(parameter: np.ndarray, gradient: np.ndarray, state: dict, *settings: float) -> None:
        state["seen"] = [*state.get("seen", []), gradient.copy()]
        parameter[...] = form(np.array(state["seen"]), *settings)[-1]

    return answer


#: How a wrong form, a function of a case, becomes what a student would hand in. Elsewhere it is that function.
AS_ANSWER = {
    "children": lambda form: form(), "boundary": lambda form: form(), "first_target": lambda form: form(),
    "usual_angle": lambda form: form(), "wires": lambda form: form(),
    "divide": node, "sigmoid_layer": layer, "relu_layer": layer, "tanh_layer": layer, "update_in_place": update,
    "adam": optimizer,
}  # fmt: skip

#: Exercises whose answer hands no result back: it changes what it is given.
IN_PLACE = ("update_in_place", "adam")


def signs(
    forward: Callable = lambda rng, x: np.where(rng.random(x.shape) < (1 + x) / 2, 1.0, -1.0), **other: Any
) -> type:
    """A class of layers of random signs, some of whose parts are wrong."""

    class Answer:
        def __init__(self, rng: np.random.Generator) -> None:
            self.rng = rng
            self.parameters = other.get("parameters", {})
            self.gradients: dict = {}

        def forward(self, x: np.ndarray) -> np.ndarray:
            return forward(self.rng, x)

        def backward(self, upstream: np.ndarray) -> np.ndarray:
            return other.get("slope", 0.0) * upstream

    return Answer


def first(rng: np.random.Generator) -> float:
    """The first number of a generator, however often it is asked."""
    return np.random.default_rng(rng.bit_generator.seed_seq).random()


def learned_feedback(
    change: Callable,
    update: Callable = lambda G, W, decay: G + decay * W,
    biases: float = 1,
    gradients: bool = False,
) -> type:
    """A class of rules whose feedback learns by some change, maybe of gradients, and whose weights get some update."""

    class Answer(FeedbackAlignment):
        def __init__(self, network: Network, rng: np.random.Generator, rate: float, decay: float) -> None:
            super().__init__(network, rng)
            self.rate, self.decay = rate, decay

        def __call__(self, network: Network, x: np.ndarray, labels: np.ndarray) -> Update:
            loss, arrays = super().__call__(network, x, labels)
            if gradients:
                arrays = {name: array.copy() for name, array in network.gradients(x, labels).arrays.items()}
            weights = network.parameters
            for i, B in enumerate(self.feedback, start=2):
                B -= change(B, arrays[f"W{i}"], weights[f"W{i}"], self.rate, self.decay)
            arrays = {name: update(array, weights[name], self.decay) for name, array in arrays.items()}
            return Update(loss, {name: array if name[0] == "W" else biases * array for name, array in arrays.items()})

    return Answer


#: Examples of measured checks, at least one of each finding: the answer, and words of its verdict.
EXAMPLES = {
    "learning_rate": [
        (0.01, "far too short"), (0.2, "still falling"), (0.3, "barely"),
        (0.8, "long enough to arrive"), (1.5, "at the edge"),
        (5.0, "too long"),
    ],
    "tanh_units": [
        (([4, 4], [5, -5], [5, -5], -5), "One unit steps up"),
        (([4, 4], [5, -5], [-5, 5], 5), "the output weights and of the output bias."),
        (([4, 4], [5, -5], [-5, 5], -5), "the output weights."),
        (([4, 4], [5, -5], [5, 0], 0), "a unit is idle"),
        (([4, 4], [0, 0], [5, -4], -1), "without hidden biases"),
        (([4, 4], [5, -5], [5, 5], 0), "both units push the same way"),
        (([0.1, 0.1], [0.1, -0.1], [5, -5], -5), "nearly straight lines"),
        (([4, 4], [5, -5], [5, -5], -50), "Look at where they stand"),
    ],
    "recipe": [
        ([0.09] * 60, "About 90 %"), ([0.12] * 80, "too near to 80 % to call"), ([0.001] * 80, "steep slope"),
        ([0.6] * 10, "too long and threw them"), ([0.03] * 80, "Make the sum of the rates larger"),
        ([0.09] * 79 + [0.3], "have not settled"),
    ],
    "xor_in_six": [(1, "had not learned"), (40, "Six rounds or fewer"), (27, "luck decides"), (8, "more cells")],
    "silent_arrays": [
        (["b5", "W6"], "never move"), ([], "empty"), (["b5"], "one more"),
        (["b5", "W6", "b1"], "some of yours do move"),
        (["b5", "W7"], "one is missing"), (["W1"], "Those do move"),
    ],
    "sampling_layer": [
        (signs(lambda rng, x: np.where(first(rng) < (1 + x) / 2, 1.0, -1.0)), "drawn when the layer is made"),
        (signs(lambda rng, x: np.where(x >= 0, 1.0, -1.0)), "the sign itself"),
        (signs(lambda rng, x: np.ones_like(x)), "There is no chance in it"),
        (signs(lambda rng, x: np.where(rng.random() < (1 + x) / 2, 1.0, -1.0)), "All samples share"),
        (signs(lambda rng, x: np.where(np.random.default_rng(0).random(x.shape) < (1 + x) / 2, 1, -1)), "same numbers"),
        (signs(lambda rng, x: np.where(rng.random(x.shape) < (1 - x) / 2, 1.0, -1.0)), "exchanged"),
        (signs(lambda rng, x: np.where(rng.random(x.shape) < x, 1.0, -1.0)), "mean of the signs"),
        (signs(lambda rng, x: np.where(rng.random((len(x), 1)) < (1 + x) / 2, 1.0, -1.0)), "share one random number"),
        (signs(lambda rng, x: np.where(np.random.random(x.shape) < (1 + x) / 2, 1.0, -1.0)), "do not follow the seed"),  # noqa: NPY002
        (signs(slope=1.0), "let backward return zeros"),
        (signs(parameters=None), "A network asks every layer"),
        (signs(), "Its mean is h"),
    ],
    "kolen_pollack": [
        (learned_feedback(lambda B, G, W, r, d: 0 * B, lambda G, W, d: G[:1]), "check_rule says"),
        (learned_feedback(lambda B, G, W, r, d: 0 * B), "stays as it was drawn"),
        (learned_feedback(lambda B, G, W, r, d: (len(B) == 3) * r * (G.T + d * B)), "One of the matrices stays"),
        (learned_feedback(lambda B, G, W, r, d: B - W.T), "That copies the weights"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * W.T + d * B)), "the weights' decay in it"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T - d * B)), "the sign of decay B is turned"),
        (learned_feedback(lambda B, G, W, r, d: r * d * B), "B only forgets"),
        (learned_feedback(lambda B, G, W, r, d: G.T + d * B), "The rate is missing in the change of B"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), gradients=True), "the gradients of backpropagation"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), lambda G, W, d: G - d * W), "the sign of decay W"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), lambda G, W, d: 0.1 * (G + d * W)), "without it"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * (B - W.T))), "from the weights themselves"),
        (learned_feedback(lambda B, G, W, r, d: -r * (G.T + d * B)), "B goes uphill"),
        (learned_feedback(lambda B, G, W, r, d: r * G.T), "B does not forget"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), lambda G, W, d: G), "must decay, too"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), lambda G, W, d: d * W), "is missing"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B), biases=-1), "The biases learn as"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + d * B)), "Feedback and weights follow"),
        (learned_feedback(lambda B, G, W, r, d: r * (G.T + 2 * d * B)), "B should change by"),
    ],
}  # fmt: skip


#: The kinds of container in which a student may return the same numbers.
KINDS = ("list", "tuple", "generator", "0-d array", "float32", "NumPy number", "Python float", "fraction")


def fraction(value: float) -> Any:
    """Return a number as a fraction; what is not finite has none."""
    return Fraction(float(value)) if math.isfinite(value) else value


def recast(result: Any, kind: str) -> Any:
    """Return a result in another container; what has no such form stays as it is."""
    if callable(result):
        return result
    if isinstance(result, dict):
        return {name: recast(part, kind) for name, part in result.items()}
    if isinstance(result, tuple):
        if kind == "generator":
            return (part for part in result)
        return (list if kind == "list" else tuple)(recast(part, kind) for part in result)
    if isinstance(result, list):
        result = np.array(result)
    if isinstance(result, np.ndarray) and result.ndim:
        array = {"list": np.ndarray.tolist, "tuple": lambda a: tuple(a.tolist()), "generator": iter,
                 "float32": lambda a: a.astype(np.float32),
                 "fraction": np.vectorize(fraction, otypes=[object])}  # fmt: skip
        return array.get(kind, lambda a: a)(result)
    number = {"0-d array": np.array, "float32": np.float32, "NumPy number": np.float64, "Python float": float,
              "fraction": fraction}  # fmt: skip
    return number.get(kind, lambda x: x)(result)


def recasting(answer: Any, kind: str) -> Any:
    """Return an answer whose results come in another container: a number, a function, or a class with methods."""
    if isinstance(answer, type):
        methods = {
            name: recasting(part, kind)
            for name, part in vars(answer).items()
            if callable(part) and not name.startswith("_")
        }
        return type(answer.__name__, (answer,), methods)
    if callable(answer):
        return lambda *case: recast(answer(*case), kind)
    return recast(answer, kind)
