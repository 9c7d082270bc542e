"""The training loop: what it does step by step, what it must not touch, and bad input."""

import numpy as np
import pytest

from helpers.data.datasets import Dataset, Split
from helpers.networks.network import Diverged, Network
from helpers.training import loop
from helpers.training.loop import DRAWS, fit, minibatches
from helpers.training.optimizers import SGD


class Untouchable:
    """A test split that fails the test when anything is asked of it."""

    def __getattribute__(self, name):
        raise AssertionError(f"the test split was touched: {name}")

    def __len__(self):
        raise AssertionError("the test split was touched: len")


def separable(rng: np.random.Generator, n: int) -> Split:
    """Points in the plane, labelled by the side of x = y that they lie on, with a gap."""
    labels = rng.integers(2, size=n)
    x = rng.uniform(0, 1, (n, 1)) + rng.uniform(0.2, 1, (n, 1)) * np.where(labels[:, None], [0, 1], [1, 0])
    return Split(x.astype(np.float32), labels)


@pytest.fixture
def data(rng) -> Dataset:
    return Dataset("toy", (1, 2), 2, separable(rng, 200), separable(rng, 60), Untouchable())


def network() -> Network:
    return Network.dense([2, 8, 2], np.random.default_rng(1), scale=0.3)


def run(data, steps=30, seed=2, **options):
    net = network()
    options = {"batch_size": 20} | options
    history = fit(net, data, SGD(0.5), np.random.default_rng(seed), steps=steps, **options)
    return net, history


def test_a_separable_problem_is_learned_and_the_test_split_is_never_touched(data):
    net, history = run(data, steps=400)
    assert history.validation[-1] == history.train[-1] == 1
    assert np.mean(history.loss[-20:]) < 0.1 < 0.6 < history.loss[0]
    assert net.accuracy(data.validation.x, data.validation.t) == 1


def test_a_run_is_reproducible_from_its_seed(data):
    first, second, other = run(data), run(data), run(data, seed=3)
    assert first[1] == second[1]
    for name in first[0].parameters:
        np.testing.assert_array_equal(first[0].parameters[name], second[0].parameters[name])
    assert first[1].loss != other[1].loss


def test_fit_is_the_loop_written_out(data):
    net, history = run(data, steps=5)
    twin, rng, losses = network(), np.random.default_rng(2), []
    for _ in range(5):
        rows = rng.integers(200, size=20)
        loss, gradients = twin.gradients(data.train.x[rows], data.train.t[rows])
        losses.append(loss)
        for name, parameter in twin.parameters.items():
            parameter -= 0.5 * gradients[name]
    assert history.loss == pytest.approx(losses, rel=1e-6)
    for name in net.parameters:
        np.testing.assert_allclose(net.parameters[name], twin.parameters[name], rtol=1e-5, atol=1e-7)
    assert history.validation[-1] == twin.accuracy(data.validation.x, data.validation.t)
    assert history.train[-1] == twin.accuracy(data.train.x, data.train.t)


@pytest.mark.parametrize(
    "steps, every, expected",
    [
        (30, 10, [0, 10, 20, 30]),
        (25, 10, [0, 10, 20, 25]),
        (3, 100, [0, 3]),
        (2, 1, [0, 1, 2]),
        (25, None, [0, 10, 20, 25]),  # an epoch is 200 samples: 10 batches of 20
    ],
)
def test_the_history_has_a_loss_per_step_and_an_accuracy_per_evaluation(steps, every, expected, data):
    _, history = run(data, steps=steps, evaluate_every=every)
    assert len(history.loss) == steps
    assert history.steps == expected
    assert len(history.train) == len(history.validation) == len(expected)
    assert all(0 <= share <= 1 for share in history.train + history.validation)


def test_a_batch_has_100_samples_unless_told_otherwise(data):
    sizes = []

    def rule(net, x, labels):
        sizes.append((len(x), len(labels)))
        return net.gradients(x, labels)

    fit(network(), data, SGD(0.5), np.random.default_rng(2), steps=2, rule=rule)
    assert sizes == [(100, 100)] * 2


def test_a_batch_larger_than_the_data_is_an_epoch(data):
    assert run(data, steps=2, batch_size=1000)[1].steps == [0, 1, 2]


def test_the_first_evaluation_comes_before_the_first_step(data):
    _, history = run(data, steps=1)
    assert history.train[0] == network().accuracy(data.train.x, data.train.t)


def test_the_rule_that_is_handed_in_is_the_one_that_learns(data):
    def ascent(net, x, labels):
        assert isinstance(net, Network) and x.shape == (20, 2) and labels.shape == (20,)
        loss, gradients = net.gradients(x, labels)
        return loss, {name: -gradient for name, gradient in gradients.items()}

    net, history = run(data, rule=ascent)
    assert history.loss[-1] > 2 * history.loss[0]
    assert net.loss(data.train.x, data.train.t) > 2 * network().loss(data.train.x, data.train.t)


def test_parameters_stay_the_layers_own_arrays_of_float32(data):
    net, _ = run(data)
    assert net.parameters["W1"] is net.layers[0].parameters["W"]
    assert {parameter.dtype for parameter in net.parameters.values()} == {np.dtype(np.float32)}


def test_the_data_are_not_changed(data):
    copies = data.train.x.copy(), data.train.t.copy()
    run(data)
    np.testing.assert_array_equal(data.train.x, copies[0])
    np.testing.assert_array_equal(data.train.t, copies[1])


@pytest.mark.parametrize("options, bars", [({}, 0), ({"progress": False}, 0), ({"progress": True}, 1)])
def test_there_is_no_progress_bar_unless_asked_for(options, bars, data, monkeypatch):
    drawn = []

    def recorder(iterable, **options):
        drawn.append(options)
        return iterable

    monkeypatch.setattr(loop, "tqdm", recorder)
    run(data, **options)
    assert len(drawn) == bars


def test_nothing_is_printed_by_default(data, capfd):
    run(data)
    assert capfd.readouterr() == ("", "")


def test_minibatches_keep_each_sample_with_its_label_and_draw_them_all(rng):
    numbers = np.arange(50)
    batches = minibatches(Split(numbers[:, np.newaxis] / 100, numbers), 16, rng)
    drawn = [next(batches) for _ in range(100)]
    assert {(len(batch.x), len(batch.t)) for batch in drawn} == {(16, 16)}
    for batch in drawn:
        # neighbours are 0.01 apart: a rounding of the inputs confuses none
        np.testing.assert_allclose(batch.x[:, 0], batch.t / 100, rtol=0, atol=1e-9)
    assert set(np.concatenate([batch.t for batch in drawn])) == set(numbers)


def test_minibatches_depend_on_the_generator_alone(data):
    def rows(seed):
        batches = minibatches(data.train, 10, np.random.default_rng(seed))
        return np.concatenate([next(batches).x for _ in range(3)])

    np.testing.assert_array_equal(rows(4), rows(4))
    assert (rows(4) != rows(5)).any()


# Bad input


@pytest.mark.parametrize("size", [0, -3])
def test_minibatches_need_a_sample_each(size, data, rng):
    with pytest.raises(ValueError, match=f"size must be at least 1, got {size}"):
        next(minibatches(data.train, size, rng))


@pytest.mark.parametrize("name", ["steps", "batch_size", "evaluate_every"])
@pytest.mark.parametrize("value", [0, -1])
def test_counts_must_be_at_least_one(name, value, data):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got {value}"):
        run(data, **{name: value})


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_stops_with_advice(data):
    with pytest.raises(ValueError, match=r"step \d+: the loss is (nan|inf): .* lower the learning rate"):
        fit(network(), data, SGD(1e30), np.random.default_rng(0), steps=50)


@pytest.mark.filterwarnings("error")
def test_a_last_step_that_overflows_is_not_reported_as_an_accuracy(data):
    with pytest.raises(ValueError, match="step 1: W1 is not finite any more"):
        fit(network(), data, SGD(1e300), np.random.default_rng(0), steps=1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_data_that_are_not_finite_are_refused_before_training(bad, data):
    data.train.x[7, 1] = bad
    net = network()
    with pytest.raises(ValueError, match="x holds NaN or infinite values"):
        fit(net, data, SGD(0.1), np.random.default_rng(0), steps=1)
    np.testing.assert_array_equal(net.parameters["W1"], network().parameters["W1"])


def test_labels_beyond_the_networks_outputs_are_refused(data):
    data.train.t[0] = 2
    with pytest.raises(ValueError, match="class numbers from 0 to 1, got values from 0 to 2"):
        run(data)


def test_a_rule_that_forgets_a_parameter_is_refused(data):
    def forgetful(net, x, labels):
        loss, gradients = net.gradients(x, labels)
        return loss, {"W1": gradients["W1"]}

    with pytest.raises(ValueError, match=r"parameters \['W1', 'W2', 'b1', 'b2'\] but gradients \['W1'\]"):
        run(data, rule=forgetful)


def test_another_score_takes_the_place_of_the_accuracy(data):
    net, history = run(data, steps=20, score=Network.loss)
    assert history.train[-1] == net.loss(data.train.x, data.train.t)
    assert history.validation[-1] == net.loss(data.validation.x, data.validation.t)
    assert history.train[-1] < history.train[0]


def test_without_a_score_nothing_is_evaluated(data):
    _, history = run(data, steps=20, score=None)
    assert len(history.loss) == 20
    assert history.steps == history.train == history.validation == []


def test_every_rule_sees_the_changed_batch_and_the_labels_as_they_are(data):
    seen = []

    def rule(net, x, t):
        seen.append((x, t))
        return net.gradients(x, t)

    run(data, steps=3, rule=rule, change=lambda x: np.full_like(x, 0.25), score=None)
    assert len(seen) == 3
    assert all((x == 0.25).all() and len(t) == len(x) and set(t) <= {0, 1} for x, t in seen)


def test_drawing_many_batches_at_once_gives_the_same_rows(data):
    batches, rng = minibatches(data.train, 7, np.random.default_rng(1)), np.random.default_rng(1)
    for _ in range(DRAWS + 3):
        rows = rng.integers(len(data.train), size=7)
        x, t = next(batches)
        np.testing.assert_array_equal(x, data.train.x[rows])
        np.testing.assert_array_equal(t, data.train.t[rows])


def test_a_rule_whose_loss_is_not_finite_is_stopped_before_it_moves_a_weight(data):
    net = network()
    kept = net.parameters["W1"].copy()

    def rule(net, x, labels):
        return np.nan, {name: np.ones_like(array) for name, array in net.parameters.items()}

    with pytest.raises(Diverged, match="step 1: the loss is nan"):
        fit(net, data, SGD(0.1), np.random.default_rng(0), steps=3, rule=rule)
    np.testing.assert_array_equal(net.parameters["W1"], kept)
