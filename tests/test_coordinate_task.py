"""The task of chapter 3: how positions are drawn, what the network gets, bad input."""

import numpy as np
import pytest

from helpers.chapters.chapter3 import coordinate_task as task
from helpers.chapters.chapter3.population_codes import GaussianCode, MonotonicCode


def test_the_head_centred_position_is_the_sum():
    positions = task.Positions(np.array([[1.0, 2.0]]), np.array([[10.0, -5.0]]))
    np.testing.assert_allclose(positions.head, [[11, -3]])
    assert len(positions) == 1


@pytest.mark.parametrize(
    ("draw", "correlation", "eye", "head"),
    [(task.independent_eye, 0, 40, 80), (task.independent_head, -np.sqrt(0.5), 80, 40)],
)
def test_which_two_are_independent(draw, correlation, eye, head, rng):
    positions = draw(rng, 20_000)
    for axis in (0, 1):
        found = np.corrcoef(positions.eye[:, axis], positions.retinal[:, axis])[0, 1]
        assert abs(found - correlation) < 0.03  # standard error 0.007
    assert 0.95 * eye < np.abs(positions.eye).max() <= eye
    assert 0.95 * head < np.abs(positions.head).max() <= head


@pytest.mark.parametrize("draw", [task.independent_eye, task.independent_head])
def test_positions_lie_within_40_degrees_unless_told_otherwise(draw):
    by_default, told = (draw(np.random.default_rng(1), 3, *limit) for limit in ((), (40.0,)))
    np.testing.assert_array_equal(by_default.retinal, told.retinal)
    np.testing.assert_array_equal(by_default.eye, told.eye)


@pytest.mark.parametrize(("make", "inputs"), [(task.source_task, 66), (task.experiment_task, 96)])
def test_the_two_tasks_have_the_inputs_that_the_chapter_says(make, inputs, rng):
    made = make()
    split = made.encode(made.draw(rng, 5))
    assert split.x.shape == (5, inputs) == (5, made.inputs)
    assert split.t.shape == (5, 64) and split.x.dtype == split.t.dtype == np.float32


def test_inputs_are_the_retina_then_the_eye_and_targets_the_head():
    made = task.experiment_task()
    positions = task.Positions(np.array([[10.0, 0.0]]), np.array([[-20.0, 30.0]]))
    split = made.encode(positions)
    np.testing.assert_allclose(split.x[:, :64], GaussianCode(40).encode([[10.0, 0.0]]), rtol=1e-6)
    np.testing.assert_allclose(split.x[:, 64:], MonotonicCode(40).encode([[-20.0, 30.0]]), rtol=1e-6)
    np.testing.assert_allclose(split.t, GaussianCode(80).encode([[-10.0, 30.0]]), rtol=1e-6)


@pytest.mark.parametrize("factor", [1, 0, -1])
def test_a_control_is_asked_for_another_position_with_the_same_inputs(factor, rng):
    made, plain = task.make_task("eye", 32, eye_factor=factor), task.experiment_task()
    positions = plain.draw(rng, 5)
    split = made.encode(positions)
    asked = positions.retinal + factor * positions.eye
    np.testing.assert_array_equal(made.answers(positions), [asked])
    np.testing.assert_allclose(split.t, GaussianCode(80).encode(asked), rtol=1e-5, atol=1e-12)
    np.testing.assert_array_equal(split.x, plain.encode(positions).x)


def test_a_data_set_is_split_in_order_and_its_test_positions_are_kept(rng):
    made = task.source_task()
    data, test = made.dataset(rng, train=40, held_out=10)
    assert (len(data.train), len(data.validation), len(data.test), len(test)) == (40, 10, 10, 10)
    np.testing.assert_array_equal(data.test.x, made.encode(test).x)
    drawn = made.draw(np.random.default_rng(20261120), 60)
    np.testing.assert_array_equal(data.train.t, made.encode(drawn[:40]).t)
    np.testing.assert_array_equal(data.validation.x, made.encode(drawn[40:50]).x)
    np.testing.assert_array_equal(test.eye, drawn.eye[50:])
    again, _ = made.dataset(np.random.default_rng(20261120), train=40, held_out=10)
    np.testing.assert_array_equal(again.train.x, data.train.x)


def test_training_positions_can_be_left_out_and_nothing_else_changes():
    made = task.experiment_task()
    right = lambda positions: positions.eye[:, 0] > 0  # noqa: E731
    everything, _ = made.dataset(np.random.default_rng(0), train=50, held_out=10)
    some, _ = made.dataset(np.random.default_rng(0), train=50, held_out=10, keep=right)
    drawn = made.draw(np.random.default_rng(0), 70)[:50]
    np.testing.assert_array_equal(some.train.x, made.encode(drawn[right(drawn)]).x)
    assert 0 < len(some.train) < 50
    np.testing.assert_array_equal(some.test.x, everything.test.x)


def test_two_positions_can_be_asked_for_apart():
    made, one = task.make_task("eye", 2, apart=True), task.make_task("eye", 2)
    positions = made.draw(np.random.default_rng(0), 7)
    assert [answer.tolist() for answer in made.answers(positions)] == [
        positions.retinal.tolist(),
        positions.eye.tolist(),
    ]
    found = made.encode(positions)
    np.testing.assert_array_equal(found.x, one.encode(positions).x)
    assert found.t.shape == (7, made.outputs) == (7, 128) and one.outputs == 64
    np.testing.assert_allclose(found.t[:, :64], made.head.encode(positions.retinal), atol=1e-6)
    np.testing.assert_allclose(found.t[:, 64:], made.head.encode(positions.eye), atol=1e-6)
    data, _ = made.dataset(np.random.default_rng(0), train=20, held_out=5)
    assert data.classes == 128 and data.test.t.shape == (5, 128)


def test_two_lines_are_scaled_angles():
    np.testing.assert_allclose(task.TwoLines(80).encode([[40.0, -80.0]]), [[0.5, -1]])


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="need an eye position for each spot, got 1 for 2"):
        task.Positions(np.zeros((2, 2)), np.zeros((1, 2)))
    for arguments, words in (
        (("retina", 2), r"independent must be one of \('head', 'eye'\), got 'retina'"),
        (("eye", 3), r"eye_inputs must be one of \(2, 32\), got 3"),
        (("eye", 2, "bumps"), r"output must be one of \('Gaussian', 'monotonic'\), got 'bumps'"),
        (("eye", 2, "Gaussian", 2), r"eye_factor must be one of \(1, 0, -1\), got 2"),
        (("head", 2, "Gaussian", -1), "eye_factor -1 needs independent='eye'"),
        (("head", 2, "Gaussian", 1, True), "apart=True needs independent='eye' and eye_factor=1"),
        (("eye", 2, "Gaussian", -1, True), "apart=True needs independent='eye' and eye_factor=1"),
    ):
        with pytest.raises(ValueError, match=words):
            task.make_task(*arguments)
    for scale in (0, -1, np.inf, np.nan):
        with pytest.raises(ValueError, match=f"scale must be positive and finite, got {scale}"):
            task.TwoLines(scale)


@pytest.mark.parametrize(
    ("arguments", "eye", "head"),
    [
        (("head", 2), task.TwoLines(80), GaussianCode(40)),
        (("head", 32), MonotonicCode(80), GaussianCode(40)),
        (("eye", 2), task.TwoLines(80), GaussianCode(80)),
        (("eye", 32), MonotonicCode(40), GaussianCode(80)),
        (("eye", 32, "monotonic"), MonotonicCode(40), MonotonicCode(80)),
        (("head", 32, "monotonic"), MonotonicCode(80), MonotonicCode(40)),
    ],
)
def test_each_code_spans_the_range_that_its_position_can_have(arguments, eye, head):
    made, places = task.make_task(*arguments), np.array([[31.0, -12.0], [-40.0, 40.0]])
    np.testing.assert_array_equal(made.eye.encode(places), eye.encode(places))
    np.testing.assert_array_equal(made.head.encode(places), head.encode(places))
    np.testing.assert_array_equal(made.retina.encode(places), GaussianCode(40).encode(places))
    assert made.inputs == 64 + eye.units


def test_rows_of_positions_keep_both_parts():
    positions = task.Positions(np.arange(8.0).reshape(4, 2), -np.arange(8.0).reshape(4, 2))
    some = positions[1:3]
    np.testing.assert_array_equal(some.retinal, [[2, 3], [4, 5]])
    np.testing.assert_array_equal(some.eye, [[-2, -3], [-4, -5]])


def test_positions_given_as_lists_or_small_integers_become_floats():
    assert task.Positions([[1, 2]], [[3, 4]]).head.tolist() == [[4.0, 6.0]]
    large = np.full((1, 2), 200, np.uint8)
    assert task.Positions(large, large).head.tolist() == [[400.0, 400.0]]


def test_numbers_of_samples_must_be_positive(rng):
    with pytest.raises(ValueError, match="train must be at least 1, got -5"):
        task.source_task().dataset(rng, train=-5, held_out=10)


def test_the_data_set_counts_the_columns_of_its_inputs(rng):
    data, test = task.source_task().dataset(rng)
    assert [len(each) for each in (data.train, data.validation, data.test, test)] == [9500, 500, 500, 500]
    assert data.inputs == data.train.x.shape[1] == 66
