"""Maximum, average, L2 and global pooling."""

import loops
import numpy as np
import pytest
from cases import equal, examples, poolings, tiles_of
from hypothesis import given

from course_lib.reference import pooling
from course_lib.reference.gradients import numerical_gradient

KINDS = ["max", "avg", "l2"]


def layer(kind):
    return getattr(pooling, f"{kind}_pool_forward"), getattr(pooling, f"{kind}_pool_backward")


@pytest.mark.parametrize("kind", KINDS)
@given(case=poolings())
@examples(40)
def test_pooling_is_what_the_loops_say(kind, case):
    x, window, dout, tile = case
    forward, backward = layer(kind)
    with tiles_of(tile):
        out, cache = forward(x, *window)
        dx = backward(dout, cache)
    equal(out, loops.pool_forward(kind, x, *window))
    equal(dx, loops.pool_backward(kind, dout, x, *window))


@pytest.mark.parametrize("kind", KINDS)
@given(case=poolings(ties=True))
@examples(40)
def test_ties_and_windows_of_zeros(kind, case):
    """The first maximum in a window gets its gradient; a window of zeros has no L2 gradient."""
    x, window, dout, _ = case
    forward, backward = layer(kind)
    dx = backward(dout, forward(x, *window)[1])
    equal(dx, loops.pool_backward(kind, dout, x, *window))


@pytest.mark.parametrize("kind", KINDS)
@given(case=poolings())
@examples(12)
def test_pooling_gradients_are_numerical_derivatives(kind, case):
    x, window, dout, _ = case
    forward, backward = layer(kind)
    # Steps of 1e-5 must not change which pixel is the largest or reach the kink of a norm at 0.
    x = np.random.default_rng(0).permutation(x.size).reshape(x.shape) / x.size + 0.1
    dx = backward(dout, forward(x, *window)[1])
    equal(dx, numerical_gradient(lambda x: forward(x, *window)[0], x, dout), 1e-7)


@given(case=poolings())
@examples(25)
def test_average_pooling_backward_is_the_adjoint(case):
    x, window, dout, _ = case
    out, cache = pooling.avg_pool_forward(x, *window)
    terms = out * dout
    difference = terms.sum() - (x * pooling.avg_pool_backward(dout, cache)).sum()
    assert abs(difference) < 1e-12 * np.abs(terms).sum() + 1e-12


def test_a_pixel_collects_from_all_windows_it_wins():
    x = np.zeros((1, 1, 3, 5))
    x[0, 0, 1, 2] = 7
    out, cache = pooling.max_pool_forward(x, 2, 3, 1)
    assert out.tolist() == [[[[7, 7, 7], [7, 7, 7]]]]
    dx = pooling.max_pool_backward(np.ones_like(out), cache)
    assert dx[0, 0, 1, 2] == 6 and dx.sum() == 6


def test_negative_maxima_are_not_replaced_by_zero():
    x = -np.arange(1.0, 13).reshape(1, 1, 3, 4)
    assert pooling.max_pool_forward(x, 3, 2, 2)[0].tolist() == [[[[-1, -3]]]]


def test_l2_pooling_of_huge_numbers_does_not_overflow():
    x = np.full((1, 1, 2, 2), 3e200)
    assert np.allclose(pooling.l2_pool_forward(x, 2, 2, 2)[0] / 6e200, 1)


def test_global_average_pooling():
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 3))
    out, cache = pooling.global_avg_pool_forward(x)
    equal(out, loops.pool_forward("avg", x, 4, 5, 1)[:, :, 0, 0])
    dx = pooling.global_avg_pool_backward(dout, cache)
    equal(dx, numerical_gradient(lambda x: pooling.global_avg_pool_forward(x)[0], x, dout), 1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_stay(dtype):
    x = np.ones((2, 3, 4, 6), dtype)
    for kind in KINDS:
        forward, backward = layer(kind)
        out, cache = forward(x, 2, 3, 1)
        assert out.dtype == dtype and backward(np.ones(out.shape), cache).dtype == dtype
    out, cache = pooling.global_avg_pool_forward(x)
    assert out.dtype == dtype
    assert pooling.global_avg_pool_backward(np.ones((2, 3)), cache).dtype == dtype


def test_a_view_that_is_not_contiguous():
    """As when the last row and column are left out, or when images come channels last."""
    rng = np.random.default_rng(0)
    for x in (
        rng.standard_normal((2, 3, 6, 8))[:, :, :5, :7],
        rng.standard_normal((2, 5, 7, 3)).transpose(0, 3, 1, 2),
        rng.standard_normal((2, 3, 7, 5)).swapaxes(2, 3),
    ):
        out, cache = pooling.max_pool_forward(x, 3, 3, 2)
        dout = rng.standard_normal(out.shape)
        equal(out, loops.pool_forward("max", x, 3, 3, 2))
        equal(pooling.max_pool_backward(dout, cache), loops.pool_backward("max", dout, x, 3, 3, 2))


def test_a_window_of_more_pixels_than_a_byte_counts():
    x = np.zeros((1, 2, 17, 40))
    x[0, 0, 16, 18] = x[0, 1, 15, 39] = 1
    out, cache = pooling.max_pool_forward(x, 17, 20, 20)
    dx = pooling.max_pool_backward(np.array([[[[2.0, 3.0]], [[4.0, 5.0]]]]), cache)
    equal(dx, loops.pool_backward("max", np.array([[[[2.0, 3.0]], [[4.0, 5.0]]]]), x, 17, 20, 20))
    assert dx[0, 0, 16, 18] == 2 and dx[0, 1, 15, 39] == 5


def test_max_pooling_of_any_memory_order_of_no_image_and_of_nan():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 3, 5, 7)).astype(np.float32)
    for other in (np.asfortranarray(x), x[:, :, ::-1][:, :, ::-1]):
        out, cache = pooling.max_pool_forward(other, 3, 3, 2)
        equal(pooling.max_pool_backward(out, cache), loops.pool_backward("max", out, x, 3, 3, 2))
    out, cache = pooling.max_pool_forward(x[:0], 3, 3, 2)
    assert pooling.max_pool_backward(out, cache).shape == (0, 3, 5, 7)
    x[0, 0, 0, 0] = np.nan
    out, cache = pooling.max_pool_forward(x, 5, 7, 1)
    dx = pooling.max_pool_backward(np.ones_like(out), cache)
    assert dx[0, 0, 4, 6] == 1 and dx.sum() == 3  # the last pixel, where no number is the largest
