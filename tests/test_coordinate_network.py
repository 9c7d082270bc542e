"""The network of the coordinate task: its parts by hand, its recordings against slow loops."""

import numpy as np
import pytest
from scipy.special import expit

from helpers.chapters.chapter3 import coordinate_network as cn
from helpers.chapters.chapter3.coordinate_task import experiment_task, make_task
from helpers.chapters.chapter3.gain_fields import fixation_points

TASK = experiment_task()
EYES = fixation_points(20)


@pytest.fixture
def network():
    made = cn.network_for(TASK, 5, np.random.default_rng(3))
    made.parameters["b1"] += np.array([0.5, -1, 0, 2, -3], dtype=np.float32)
    return made


def by_hand(network, pattern, eye, task=TASK):
    """Activities of the hidden units for one pattern and one eye position, in float64."""
    weights, biases = network.parameters["W1"].astype(float), network.parameters["b1"].astype(float)
    return expit(np.concatenate([pattern, task.eye.encode([eye])[0]]) @ weights + biases)


@pytest.mark.parametrize(("inputs", "output", "sizes"), [(32, "Gaussian", (96, 64)), (2, "monotonic", (66, 32))])
def test_a_network_fits_its_task_and_starts_within_the_bounds_of_its_inputs(inputs, output, sizes):
    made = cn.network_for(make_task("eye", inputs, output), 7, np.random.default_rng(0)).parameters
    assert made["W1"].shape == (sizes[0], 7) and made["W2"].shape == (7, sizes[1])
    assert 0.9 < np.abs(made["W1"]).max() * np.sqrt(sizes[0]) <= 1
    assert 0.9 < np.abs(made["W2"]).max() * np.sqrt(7) <= 1
    assert not made["b1"].any() and not made["b2"].any()


def test_the_loss_is_the_cross_entropy_of_sigmoid_outputs(network, rng):
    split = TASK.encode(TASK.draw(rng, 4))
    hidden = expit(split.x @ network.parameters["W1"] + network.parameters["b1"])
    y = expit(hidden @ network.parameters["W2"] + network.parameters["b2"])
    expected = -(split.t * np.log(y) + (1 - split.t) * np.log(1 - y)).sum(axis=1).mean()
    assert network.loss(split.x, split.t) == pytest.approx(expected, rel=1e-5)
    squares = ((y - split.t) ** 2).sum(axis=1)
    assert cn.summed_squared_error(network, split.x, split.t) == pytest.approx(squares.mean(), rel=1e-5)


def test_hidden_activity_is_that_of_both_parts(network, rng):
    patterns, eye = rng.random((3, 64)), rng.uniform(-40, 40, (3, 2))
    expected = [by_hand(network, pattern, where) for pattern, where in zip(patterns, eye, strict=True)]
    np.testing.assert_allclose(cn.hidden_activity(network, TASK, patterns, eye), expected, rtol=1e-5)


def test_each_unit_is_recorded_with_its_own_best_light(network):
    responses = cn.record_units(network, TASK, EYES)
    assert responses.total.shape == responses.background.shape == (9, 5)
    for unit in range(5):
        best = network.parameters["W1"][:64, unit].argmax()
        light = TASK.retina.encode(TASK.retina.centres[[best]])[0]
        for place, eye in enumerate(EYES):
            lit, dark = by_hand(network, light, eye), by_hand(network, np.zeros(64), eye)
            assert responses.total[place, unit] == pytest.approx(lit[unit], rel=1e-5)
            assert responses.background[place, unit] == pytest.approx(dark[unit], rel=1e-5)


def test_a_table_has_a_row_for_each_place_and_a_column_for_each_eye_position(network):
    tables = cn.response_tables(network, TASK, EYES)
    assert tables.total.shape == tables.background.shape == (5, 64, 9)
    for place, eye in ((0, 0), (13, 4), (63, 7)):
        pattern = TASK.retina.encode(TASK.retina.centres[[place]])[0]
        np.testing.assert_allclose(tables.total[:, place, eye], by_hand(network, pattern, EYES[eye]), rtol=1e-5)
        dark = by_hand(network, 0 * pattern, EYES[eye])
        np.testing.assert_allclose(tables.background[:, place, eye], dark, rtol=1e-5)


def test_large_weights_have_the_size_of_the_model_and_the_pattern_of_the_network(network):
    model = cn.network_for(TASK, 5, np.random.default_rng(4))
    model.parameters["W1"][:64] *= 7
    model.parameters["W1"][64:] *= 30
    before = network.parameters["W1"].copy()
    large = cn.with_large_weights(network, model, TASK)
    for rows in (slice(64), slice(64, None)):
        own = large.parameters["W1"][rows]
        assert own.std() == pytest.approx(model.parameters["W1"][rows].std(), rel=1e-4)
        factor = own / before[rows]
        np.testing.assert_allclose(factor, factor[0, 0], rtol=1e-4)
    np.testing.assert_array_equal(network.parameters["W1"], before)
    for name in ("b1", "W2", "b2"):
        np.testing.assert_array_equal(large.parameters[name], network.parameters[name])


def test_slopes_are_those_of_the_two_parts():
    task = make_task("eye", 2)
    network = cn.network_for(task, 2, np.random.default_rng(0))
    weights = network.parameters["W1"]
    weights[:64] = 0
    weights[64:] = [[8, 0], [0, -16]]  # of angles divided by 80
    retinal, eye = cn.slopes(network, task, EYES)
    np.testing.assert_allclose(eye, [[0.1, 0], [0, -0.2]], atol=1e-6)
    np.testing.assert_allclose(retinal, 0, atol=1e-12)
    weights[:64, 0] = task.retina.centres[:, 0]  # a bump moved to the right meets larger weights
    retinal, _ = cn.slopes(network, task, EYES)
    assert retinal[0, 0] > 0.5 and abs(retinal[1, 0]) < 1e-6


def test_alignment_is_the_cosine_of_the_angle():
    retinal = np.array([[1.0, 0, 3, 1], [0, 2, 0, 1]])
    eye = np.array([[5.0, 1, -1, 1], [0, 0, 0, 0]])
    np.testing.assert_allclose(cn.alignment(retinal, eye), [1, 0, -1, np.sqrt(0.5)], atol=1e-12)


# Bad input


def test_weights_are_made_large_only_where_that_makes_sense(network):
    other = cn.network_for(make_task("eye", 2), 5, np.random.default_rng(0))
    for model, task in ((other, TASK), (network, make_task("eye", 2))):
        with pytest.raises(ValueError, match=r"one shape, with the (96|66) inputs of the task, got \(96, 5\)"):
            cn.with_large_weights(network, model, task)
    for name, rows in (("retina", slice(64)), ("eye", slice(64, None))):
        alike = cn.network_for(TASK, 5, np.random.default_rng(0))
        alike.parameters["W1"][rows] = 0
        with pytest.raises(ValueError, match=f"weights from the {name} are all alike"):
            cn.with_large_weights(alike, network, TASK)


def test_one_part_of_the_weights_can_be_made_large_and_the_other_stays(network):
    model = cn.network_for(TASK, 5, np.random.default_rng(4))
    model.parameters["W1"] *= 9
    both = cn.with_large_weights(network, model, TASK).parameters["W1"]
    for part, own, other in (("retina", slice(64), slice(64, None)), ("eye", slice(64, None), slice(64))):
        one = cn.with_large_weights(network, model, TASK, [part]).parameters["W1"]
        np.testing.assert_array_equal(one[own], both[own])
        np.testing.assert_array_equal(one[other], network.parameters["W1"][other])
    for wrong in ("eye", ["ear"]):
        with pytest.raises(ValueError, match="a collection of 'retina' and 'eye', got"):
            cn.with_large_weights(network, model, TASK, wrong)


def test_slopes_without_a_direction_are_refused():
    two = np.ones((2, 3))
    for retinal, eye in ((two, np.ones((2, 4))), (np.ones((3, 2)), np.ones((3, 2))), (np.ones(2), np.ones(2))):
        with pytest.raises(ValueError, match=r"two arrays of slopes \(2, hidden\), got"):
            cn.alignment(retinal, eye)
    for bad in (0.0, np.nan):
        with pytest.raises(ValueError, match="unit 1 has a slope of length"):
            cn.alignment(two, np.array([[1.0, bad, 1], [1, bad, 1]]))


def test_uniform_weights_fill_their_range_and_depend_on_the_inputs(rng):
    weight = cn.uniform_fan_in(rng, 100, 400)
    assert weight.shape == (100, 400)
    assert 0.0999 < weight.max() <= 0.1 and -0.1 <= weight.min() < -0.0999
    assert abs(weight.std() - 0.1 / np.sqrt(3)) < 1e-3  # standard error 2e-4
