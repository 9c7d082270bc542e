"""Adam without temporary arrays: the steps of the paper, in place."""

import numpy as np
import pytest

from experiments.buffered_adam import BufferedAdam


class TestBufferedAdam:
    def test_the_first_step_is_the_rate_in_the_direction_of_the_sign(self):
        w = np.array([1.0, -2.0, 3.0])
        BufferedAdam(0.1).step({"w": w}, {"w": np.array([0.5, -1e-3, 40.0])})
        # epsilon is 1e-8 and the smallest gradient 1e-3: a relative difference of 1e-5
        assert np.allclose(w, [0.9, -1.9, 2.9], rtol=1e-5)

    @pytest.mark.parametrize("shape", [(3,), (5, 4), (400, 300)])
    def test_steps_are_those_of_algorithm_1_of_the_paper(self, shape, rng):
        w = rng.standard_normal(shape)
        expected, m, v = w.copy(), np.zeros(shape), np.zeros(shape)
        adam = BufferedAdam(0.01, beta1=0.8, beta2=0.95, epsilon=1e-3)
        for k in range(1, 8):
            g = rng.standard_normal(shape)
            m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
            expected -= 0.01 * (m / (1 - 0.8**k)) / (np.sqrt(v / (1 - 0.95**k)) + 1e-3)
            adam.step({"w": w}, {"w": g})
            assert np.allclose(w, expected, atol=1e-12)

    def test_gradients_stay_and_parameters_change_in_place(self, rng):
        w, g = rng.standard_normal((2, 6, 3)).astype(np.float32)
        view, before = w[:], g.copy()
        BufferedAdam(0.1).step({"w": w}, {"w": g})
        assert np.array_equal(g, before)
        assert np.array_equal(view, w)
        assert w.dtype == np.float32

    def test_a_parameter_that_is_not_contiguous_changes_too(self, rng):
        base = rng.standard_normal((4, 6))
        before = base.copy()
        BufferedAdam(0.1).step({"w": base.T}, {"w": np.ones((6, 4))})
        assert np.allclose(base, before - 0.1, rtol=1e-6)

    def test_a_gradient_of_zero_moves_nothing(self):
        w = np.ones(2)
        BufferedAdam(0.1).step({"w": w}, {"w": np.zeros(2)})
        assert np.array_equal(w, np.ones(2))

    @pytest.mark.parametrize("wrong", [{"beta1": 1.0}, {"beta2": -0.1}, {"epsilon": 0}, {"learning_rate": np.nan}])
    def test_settings_must_be_in_range(self, wrong):
        with pytest.raises(ValueError):
            BufferedAdam(**{"learning_rate": 0.1, **wrong})
