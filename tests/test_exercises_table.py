"""What holds of every exercise of the book, derived from the table of all of them."""

import ast

import numpy as np
import pytest
from exercises_table import AS_ANSWER, EXAMPLES, IN_PLACE, KINDS, ROWS, defined, recast, recasting

from helpers.pages.answers import AS_GIVEN
from helpers.pages.comparison import is_number
from helpers.pages.exercises import Exercise, Measured

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

NAMED = {f"{row.chapter}-{row.name}": row for row in ROWS}
EXERCISES = {name: row for name, row in NAMED.items() if isinstance(row.check, Exercise)}
MEASURED = {name: row for name, row in NAMED.items() if isinstance(row.check, Measured)}
GIVEN = {name: row for name, row in NAMED.items() if row.check.given}
RETURNING = {name: row for name, row in EXERCISES.items() if row.name not in IN_PLACE}


def of(table):
    """Run a test once for each row."""
    return pytest.mark.parametrize("row", table.values(), ids=table)


def forms(row):
    """The wrong forms of an exercise as answers, each with the words that it should get."""
    as_answer = AS_ANSWER.get(row.name, lambda form: form)
    return [(as_answer(form), mistake.words) for mistake in row.check.mistakes for form in mistake.forms]


@of(NAMED)
def test_every_public_check_has_a_solution_in_its_chapter(row):
    assert row.solution is not None, f"chapter {row.chapter} shows no answer that check.{row.name} calls right"


def test_every_measured_check_has_examples():
    assert {row.name for row in MEASURED.values()} == EXAMPLES.keys()


@of(NAMED)
def test_a_check_says_what_its_chapter_has_stored(row):
    for answer, verdict in row.shown:
        assert repr(row.check(answer)) == verdict


@of(NAMED)
def test_the_untouched_stub_has_no_result_yet(row):
    for stub in row.stubs():
        verdict = row.check(stub)
        assert not verdict and verdict.message.startswith("There is no result yet"), stub


@of(NAMED)
def test_what_a_chapter_gives_has_no_result_yet(row):
    """Whoever runs all cells and has solved nothing is told so by every check, and hears no diagnosis."""
    assert row.shown[0][1].startswith("Not yet. There is no result yet: ")


def changed(program, line):
    """Return a program with one more line, at the beginning of its last function."""
    tree = ast.parse(program).body[0]
    function = [part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)][-1]
    function.body[:0] = ast.parse(line).body
    return defined(ast.fix_missing_locations(tree))


@of(GIVEN)
def test_a_program_with_a_mistake_gets_its_diagnosis_once_it_has_changed(row):
    """Also if the change mends nothing."""
    assert row.check(changed(row.check.given, "")).message == AS_GIVEN
    assert row.check(changed(row.check.given, "found = None")).message == row.diagnosis
    known = {mistake.words for mistake in row.check.mistakes}
    assert row.diagnosis in known or "changes what it was given" in row.diagnosis


@of(EXERCISES)
def test_each_wrong_form_gets_its_own_words(row):
    for answer, words in forms(row):
        verdict = row.check(answer)
        assert not verdict and verdict.message == words


@of(EXERCISES)
def test_no_words_are_said_of_two_mistakes(row):
    words = [mistake.words for mistake in row.check.mistakes]
    assert len(set(words)) == len(words) and all(mistake.forms for mistake in row.check.mistakes)


#: A layer hands its arrays on to others, who compute with them: here a list does not do.
LAYERS = ("sigmoid_layer", "relu_layer", "tanh_layer")


def refused(row, kind):
    """Whether an exercise must refuse a right answer in this container."""
    return row.name in LAYERS and kind in ("list", "tuple", "generator")


@pytest.mark.parametrize("kind", KINDS)
@of(RETURNING)
def test_a_right_answer_is_right_in_every_container(row, kind, recwarn):
    verdict = row.check(recasting(row.solution, kind))
    if refused(row, kind):
        assert not verdict and "should be a NumPy array, but is a" in verdict.message
    else:
        assert verdict.message == row.check.praise
    assert not recwarn.list


@pytest.mark.parametrize("kind", KINDS)
@of(RETURNING)
def test_a_wrong_form_gets_the_same_words_in_every_container(row, kind):
    for answer, words in forms(row):
        message = row.check(recasting(answer, kind)).message
        if refused(row, kind):
            assert "should be a NumPy array, but is a" in message
        else:
            assert message == words


@pytest.mark.parametrize("container", [lambda x: [x], lambda x: (x,), lambda x: iter([x]), lambda x: np.array([x])])
@of({name: row for name, row in RETURNING.items() if is_number(row.check.solve(*row.check.cases[0]))})
def test_one_number_in_a_container_is_told_that_a_number_is_asked_for(row, container):
    solution = row.solution
    answer = (lambda *case: container(solution(*case))) if callable(solution) else container(solution)
    verdict = row.check(answer)
    assert not verdict and (
        "should be a number, but is a" in verdict.message or "Give one number, not a" in verdict.message
    )


@of(EXERCISES)
def test_a_result_where_code_is_asked_and_code_where_a_number_is_asked_get_true_words(row):
    if not callable(row.solution):
        assert row.check(lambda: row.solution).message == "Give one number, not a function: hand over what it returns."
    else:
        message = row.check(1.5).message
        kind = (
            "Give the class itself"
            if isinstance(row.solution, type)
            else "A function is asked for, and this is a result"
        )
        assert message.startswith(kind)


@of(MEASURED)
def test_each_finding_has_an_example(row):
    """Of the findings that may hold, the one of the example is the one that is said."""
    spoken = set()
    for answer, words in EXAMPLES[row.name]:
        verdict = row.check(answer)
        assert words in verdict.message
        measured = row.check.measure(row.check.read(answer))
        number, finding = next((k, one) for k, one in enumerate(row.check.findings) if one.when(measured))
        assert verdict.right == finding.right
        spoken.add(number)
    assert spoken == set(range(len(row.check.findings)))


def measured_again(name, answer):
    """The same answer to a measured check in other containers."""
    if name == "recipe":
        return [tuple(answer), np.array(answer), (rate for rate in answer), np.array(answer, np.float32)]
    if name == "tanh_units":
        return [list(answer), (part for part in answer), tuple(map(np.array, answer)), tuple(map(np.float32, answer))]
    if name == "silent_arrays":
        strings = [", ".join(answer), np.array(", ".join(answer))]
        return [tuple(answer), set(answer), (one for one in answer), np.array(answer), dict.fromkeys(answer), *strings]
    if name == "sampling_layer":
        return [recasting(answer, "float32")]
    if name == "kolen_pollack":
        return [type("Other", (answer,), {})]  # what a rule returns is an Update, in whatever class
    return [recast(answer, kind) for kind in ("0-d array", "float32", "NumPy number", "Python float", "fraction")]


@of(MEASURED)
def test_a_measured_answer_is_the_same_in_every_container(row, recwarn):
    for answer, _ in EXAMPLES[row.name]:
        expected = row.check(answer)
        for other in measured_again(row.name, answer):
            assert row.check(other) == expected
    assert not recwarn.list


@pytest.mark.parametrize("kind", ["list", "tuple"])
def test_a_layer_of_signs_hands_on_arrays(kind):
    (row,) = (row for row in MEASURED.values() if row.name == "sampling_layer")
    assert (
        row.check(recasting(row.solution, kind)).message
        == f"forward should return a NumPy array, but returns a {kind}."
    )
