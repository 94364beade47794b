"""Convolution, transposed convolution, im2col and the locally connected layer against loops."""

import loops
import numpy as np
import pytest
from cases import convolutions, equal, examples, locals_, tiles_of
from hypothesis import given

from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.gradients import numerical_gradient
from course_lib.reference.im2col import col2im, im2col
from course_lib.reference.locally_connected import local_backward, local_forward
from course_lib.reference.transposed_convolution import (
    transposed_conv_backward,
    transposed_conv_forward,
)
from course_lib.reference.windows import Windows


@given(convolutions())
@examples(60)
def test_convolution_is_what_the_loops_say(case):
    x, w, b, keywords, dout, tile = case
    with tiles_of(tile):
        out, cache = conv_forward(x, w, b, **keywords)
        gradients = conv_backward(dout, cache)
    equal(out, loops.conv_forward(x, w, b, **keywords))
    for mine, expected in zip(gradients, loops.conv_backward(dout, x, w, **keywords), strict=True):
        equal(mine, expected)


@pytest.mark.parametrize("x_shape, window, stride, share", [
    ((2, 64, 28, 28), (3, 3), 1, 0.4), ((1, 3, 227, 227), (11, 11), 4, 0.4),
    ((2, 1, 12, 12), (3, 3), 1, 1.12), ((2, 64, 3, 3), (3, 3), 1, 1.0)])  # fmt: skip
def test_rows_that_windows_share_are_copied_once(x_shape, window, stride, share):
    """Not where there are more filters than numbers to copy, or than windows."""
    windows = Windows(x_shape, *window, stride, filters=64)
    tiles = windows.columns_by_tile(np.ones(x_shape, np.float32))
    copied = sum(cols.size for _, cols in tiles)
    whole = im2col(np.ones(x_shape), *window, stride, 0).size
    assert 0.8 * share < copied / whole <= share


@pytest.mark.parametrize("tile", [1, 300, None])
@pytest.mark.parametrize("groups", [1, 2])
def test_a_window_of_one_pixel_is_read_where_it_lies(tile, groups):
    """In any order in memory, and what was handed in stays as it was."""
    rng = np.random.default_rng(0)
    x = np.asfortranarray(rng.standard_normal((3, 4, 5, 6)))
    w, b = rng.standard_normal((4, 4 // groups, 1, 1)), rng.standard_normal(4)
    dout = rng.standard_normal((5, 6, 3, 4)).transpose(2, 3, 0, 1)
    given_before = x.copy(), dout.copy()
    with tiles_of(tile):
        out, cache = conv_forward(x, w, b, groups=groups)
        found = conv_backward(dout, cache)
    equal(out, loops.conv_forward(x, w, b, groups=groups))
    expected = loops.conv_backward(dout, x, w, groups=groups)
    for mine, other in zip(found, expected, strict=True):
        equal(mine, other)
    assert (x == given_before[0]).all() and (dout == given_before[1]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("tile", [1, 2000, None])
def test_arrays_may_lie_in_any_order_and_be_read_only(dtype, channels, tile):
    rng = np.random.default_rng(0)
    x = np.asfortranarray(rng.standard_normal((5, channels, 9, 7)).astype(dtype))[:, :, ::-1]
    w = rng.standard_normal((3, 3, channels, 3)).astype(dtype).transpose(3, 2, 0, 1)
    b, dout = rng.standard_normal(6).astype(dtype)[::2], rng.standard_normal((4, 5, 3, 5))
    dout = dout.astype(dtype).transpose(3, 2, 1, 0)
    for array in (x, w, b, dout):
        array.flags.writeable = False
    with tiles_of(tile):
        out, cache = conv_forward(x, w, b, stride=2, pad=1)
        found = conv_backward(dout, cache)
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    equal(out, loops.conv_forward(x, w, b, 2, 1), tolerance)
    for mine, other in zip(found, loops.conv_backward(dout, x, w, 2, 1), strict=True):
        assert mine.dtype == dtype
        equal(mine, other, tolerance)


@given(convolutions())
@examples(12)
def test_convolution_gradients_are_numerical_derivatives(case):
    x, w, b, keywords, dout, _ = case
    dx, dw, db = conv_backward(dout, conv_forward(x, w, b, **keywords)[1])
    equal(dx, numerical_gradient(lambda x: conv_forward(x, w, b, **keywords)[0], x, dout), 1e-7)
    equal(dw, numerical_gradient(lambda w: conv_forward(x, w, b, **keywords)[0], w, dout), 1e-7)
    equal(db, numerical_gradient(lambda b: conv_forward(x, w, b, **keywords)[0], b, dout), 1e-7)


@given(convolutions())
@examples(40)
def test_convolution_backward_is_the_adjoint(case):
    x, w, b, keywords, dout, tile = case
    with tiles_of(tile):
        out, cache = conv_forward(x, w, np.zeros_like(b), **keywords)
        dx, dw, _ = conv_backward(dout, cache)
    product = (out * dout).sum()
    scale = np.abs(out * dout).sum() + 1e-300
    assert abs(product - (x * dx).sum()) < 1e-12 * scale
    assert abs(product - (w * dw).sum()) < 1e-12 * scale


@given(convolutions())
@examples(40)
def test_transposed_convolution(case):
    """Against loops, and as the adjoint of the convolution with the same filters."""
    small, w, _, keywords, large, tile = case
    x, out_channels = large, w.shape[1]
    if keywords["dilation"] > 1 or keywords["groups"] > 1:
        return
    stride, pad = keywords["stride"], keywords["pad"]
    b = np.random.default_rng(0).standard_normal(out_channels)
    with tiles_of(tile):
        out, cache = transposed_conv_forward(x, w, b, stride, pad)
        dout = np.random.default_rng(1).standard_normal(out.shape)
        dx, dw, db = transposed_conv_backward(dout, cache)
    equal(out, loops.transposed_conv_forward(x, w, b, stride, pad))
    no_bias = np.zeros(len(w))
    convolved, conv_cache = conv_forward(dout, w, no_bias, stride, pad)
    equal(dx, convolved)
    equal(out - b[:, None, None], conv_backward(x, conv_cache)[0])
    equal(dw, conv_backward(x, conv_cache)[1])
    equal(db, dout.sum(axis=(0, 2, 3)))
    assert small.shape == out.shape


def test_transposed_convolution_gradients_are_numerical_derivatives():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((2, 3, 2, 3)), rng.standard_normal((3, 2, 3, 2)), rng.random(2)

    def layer(x=x, w=w, b=b):
        return transposed_conv_forward(x, w, b, stride=2, pad=1)

    out, cache = layer()
    dout = rng.standard_normal(out.shape)
    dx, dw, db = transposed_conv_backward(dout, cache)
    equal(dx, numerical_gradient(lambda x: layer(x=x)[0], x, dout), 1e-7)
    equal(dw, numerical_gradient(lambda w: layer(w=w)[0], w, dout), 1e-7)
    equal(db, numerical_gradient(lambda b: layer(b=b)[0], b, dout), 1e-7)


@given(convolutions())
@examples(40)
def test_im2col_and_its_adjoint(case):
    x, w, _, keywords, _, _ = case
    if keywords["dilation"] > 1:
        return
    arguments = (*w.shape[2:], keywords["stride"], keywords["pad"])
    cols = im2col(x, *arguments)
    assert np.array_equal(cols, loops.im2col(x, *arguments))
    other = np.random.default_rng(0).standard_normal(cols.shape)
    before = other.copy()
    back = col2im(other, x.shape, *arguments)
    assert np.array_equal(other, before)
    assert abs((cols * before).sum() - (x * back).sum()) < 1e-12 * (np.abs(cols * before).sum() + 1)


def test_im2col_keeps_integers():
    x = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert im2col(x, 2, 3, 1, 1).dtype == x.dtype
    assert col2im(im2col(x, 1, 1, 1, 0), x.shape, 1, 1, 1, 0).tolist() == x.tolist()


@given(locals_())
@examples(40)
def test_locally_connected_is_what_the_loops_say(case):
    x, w, b, keywords, dout, tile = case
    with tiles_of(tile):
        out, cache = local_forward(x, w, b, **keywords)
        gradients = local_backward(dout, cache)
    equal(out, loops.local_forward(x, w, b, **keywords))
    for mine, expected in zip(gradients, loops.local_backward(dout, x, w, **keywords), strict=True):
        equal(mine, expected)
    terms = (out - local_forward(0 * x, w, b, **keywords)[0]) * dout
    assert abs(terms.sum() - (x * gradients[0]).sum()) < 1e-12 * np.abs(terms).sum() + 1e-12


def test_locally_connected_gradients_are_numerical_derivatives():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 2, 4, 5)), rng.standard_normal((2, 3, 3, 2, 4, 3))
    b, dout = rng.standard_normal((2, 3, 3)), rng.standard_normal((2, 3, 2, 3))
    dx, dw, db = local_backward(dout, local_forward(x, w, b, 2, 1)[1])
    equal(dx, numerical_gradient(lambda x: local_forward(x, w, b, 2, 1)[0], x, dout), 1e-7)
    equal(dw, numerical_gradient(lambda w: local_forward(x, w, b, 2, 1)[0], w, dout), 1e-7)
    equal(db, numerical_gradient(lambda b: local_forward(x, w, b, 2, 1)[0], b, dout), 1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_stay(dtype):
    x, b = np.ones((2, 2, 5, 6), dtype), np.ones(3, dtype)
    w, w_local = np.ones((3, 2, 3, 2), dtype), np.ones((3, 5, 3, 2, 3, 2), dtype)
    for forward, backward, weights, biases in (
        (conv_forward, conv_backward, w, b),
        (transposed_conv_forward, transposed_conv_backward, w.swapaxes(0, 1), b),
        (local_forward, local_backward, w_local, np.ones((3, 5, 3), dtype)),
    ):
        out, cache = forward(x, weights, biases)
        assert out.dtype == dtype
        assert [g.dtype for g in backward(np.ones(out.shape), cache)] == [dtype] * 3
