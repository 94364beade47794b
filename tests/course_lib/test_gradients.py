"""Numerical gradients and the relative error."""

import numpy as np
import pytest

from course_lib.reference.gradients import numerical_gradient, relative_error


def test_a_gradient_that_is_known():
    x = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    df = np.array([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]])
    assert relative_error(numerical_gradient(np.sin, x, df), np.cos(x) * df) < 1e-9


def test_the_output_may_have_another_shape():
    x, a = np.random.default_rng(0).standard_normal((2, 3)), np.arange(12.0).reshape(3, 4)
    df = np.random.default_rng(1).standard_normal((2, 4))
    assert relative_error(numerical_gradient(lambda x: x @ a, x, df), df @ a.T) < 1e-9


def test_scalars_and_empty_arrays():
    gradient = numerical_gradient(lambda x: x**2, np.array(3.0), np.array(2.0))
    assert gradient.shape == () and abs(gradient - 12) < 1e-8
    assert numerical_gradient(lambda x: x, np.ones((0, 2)), np.ones((0, 2))).shape == (0, 2)


def test_differences_are_central():
    """With a one-sided difference the derivative of x^2 would be off by h."""
    gradient = numerical_gradient(lambda x: x**2, np.array([1.0]), np.array([1.0]), h=0.1)
    assert abs(gradient[0] - 2) < 1e-12


def test_x_stays_and_float32_or_integers_are_raised_to_float64():
    for x in (np.ones(3, np.float32), np.ones(3, int)):
        gradient = numerical_gradient(lambda x: x**3, x, np.ones(3))
        assert gradient.dtype == np.float64 and np.allclose(gradient, 3)
        assert np.array_equal(x, np.ones(3))


def test_a_function_that_changes_or_returns_its_argument():
    def doubles_in_place(x):
        x *= 2
        return x

    gradient = numerical_gradient(doubles_in_place, np.ones((2, 2)), np.ones((2, 2)))
    assert np.allclose(gradient, 2)


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"\(2,\) and df \(3,\)"):
        numerical_gradient(lambda x: x, np.ones(2), np.ones(3))
    for h in (0, -1e-5, float("nan")):
        with pytest.raises(ValueError, match="must be positive"):
            numerical_gradient(lambda x: x, np.ones(2), np.ones(2), h)
    with pytest.raises(ValueError, match="differ"):
        relative_error(np.ones((2, 1)), np.ones((2, 2)))


def test_relative_error():
    assert relative_error([1, 2, 3], [1, 2, 3]) == 0
    assert relative_error([], []) == 0 and relative_error([0, 0], [0, 0]) == 0
    assert relative_error([4.0, 1e-12], [4.0, 0]) < 1e-12
    assert relative_error([0, 4], [0, 3]) == 0.25
    assert np.isnan(relative_error([np.nan, 1], [1, 1]))
