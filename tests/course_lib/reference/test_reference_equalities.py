"""The equalities that the course teaches, checked on random arrays."""

import numpy as np
from cases import convolutions, equal, examples
from hypothesis import given

from course_lib.reference.affine import affine_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.im2col import im2col
from course_lib.reference.locally_connected import (
    local_backward,
    local_forward,
    shared_gradient,
    tie_weights,
)
from course_lib.reference.pooling import avg_pool_forward


@given(convolutions())
@examples(40)
def test_a_convolution_is_locally_connected_with_tied_weights(case):
    x, w, b, keywords, dout, _ = case
    if keywords["dilation"] > 1 or keywords["groups"] > 1:
        return
    stride, pad = keywords["stride"], keywords["pad"]
    out, cache = conv_forward(x, w, b, stride, pad)
    dx, dw, db = conv_backward(dout, cache)
    H2, W2 = out.shape[2:]
    tied = tie_weights(w, H2, W2)
    assert tied.shape == (H2, W2, *w.shape)
    local_out, local_cache = local_forward(x, tied, np.tile(b, (H2, W2, 1)), stride, pad)
    local_dx, local_dw, local_db = local_backward(dout, local_cache)
    equal(local_out, out)
    equal(local_dx, dx)
    equal(shared_gradient(local_dw), dw)
    equal(local_db.sum(axis=(0, 1)), db)
    for backward, stored, expected in ((conv_backward, cache, (dw, db)),
                                       (local_backward, local_cache, (local_dw, local_db))):
        nothing, *learned = backward(dout, stored, with_dx=False)
        assert nothing is None
        equal(learned[0], expected[0])
        equal(learned[1], expected[1])


def test_a_1x1_convolution_is_a_matrix_product_at_every_pixel():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((2, 5, 3, 4)), rng.standard_normal((6, 5, 1, 1)), rng.random(6)
    out, _ = conv_forward(x, w, b)
    by_pixel = x.transpose(0, 2, 3, 1) @ w[:, :, 0, 0].T + b
    equal(out, by_pixel.transpose(0, 3, 1, 2))


def test_a_convolution_is_one_matrix_product_with_the_columns():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((2, 3, 7, 9)), rng.standard_normal((4, 3, 3, 5)), rng.random(4)
    out, _ = conv_forward(x, w, b, 2, 1)
    product = w.reshape(4, -1) @ im2col(x, 3, 5, 2, 1) + b[:, None]
    equal(out, product.reshape(4, 2, *out.shape[2:]).swapaxes(0, 1))


def test_a_fully_connected_layer_is_a_convolution_and_slides():
    rng = np.random.default_rng(0)
    w, b = rng.standard_normal((3 * 4 * 5, 6)), rng.standard_normal(6)
    filters = w.T.reshape(6, 3, 4, 5)
    x = rng.standard_normal((2, 3, 4, 5))
    equal(conv_forward(x, filters, b)[0][:, :, 0, 0], affine_forward(x, w, b)[0])
    larger = rng.standard_normal((2, 3, 6, 7))
    everywhere, _ = conv_forward(larger, filters, b)
    for r, c in np.ndindex(everywhere.shape[2:]):
        crop = larger[:, :, r : r + 4, c : c + 5]
        equal(everywhere[:, :, r, c], affine_forward(crop, w, b)[0])


def test_three_3x3_layers_see_7x7():
    """The middle of the third layer changes with every pixel within 3 of it, and no other."""
    rng = np.random.default_rng(0)
    filters = [rng.standard_normal((2, 2, 3, 3)) for _ in range(3)]
    x = rng.standard_normal((1, 2, 11, 13))
    caches = []
    for w in filters:
        x, cache = conv_forward(x, w, np.zeros(2), 1, 1)
        caches.append(cache)
    gradient = np.zeros_like(x)
    gradient[0, 0, 5, 6] = 1
    for cache in reversed(caches):
        gradient = conv_backward(gradient, cache)[0]
    seen = (gradient != 0).any(axis=(0, 1))
    expected = np.zeros((11, 13), bool)
    expected[2:9, 3:10] = True
    assert np.array_equal(seen, expected)
    assert 3 * filters[0].size == 27 * 2**2 and 49 * 2**2 > 27 * 2**2


def test_average_pooling_is_a_grouped_convolution_with_equal_weights():
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7))
    w = np.full((3, 1, 3, 2), 1 / 6)
    out, _ = conv_forward(x[:, :, :, :6], w, np.zeros(3), stride=2, groups=3)
    equal(out, avg_pool_forward(x[:, :, :, :6], 3, 2, 2)[0])


def test_a_dilated_filter_is_a_larger_one_with_holes():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((2, 3, 9, 11)), rng.standard_normal((4, 3, 3, 2)), rng.random(4)
    holes = np.zeros((4, 3, 7, 4))
    holes[:, :, ::3, ::3] = w
    equal(conv_forward(x, w, b, 1, 1, dilation=3)[0], conv_forward(x, holes, b, 1, 1)[0])


def test_groups_are_convolutions_side_by_side():
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((2, 6, 5, 6)), rng.standard_normal((4, 3, 3, 2)), rng.random(4)
    halves = [conv_forward(x[:, 3 * g : 3 * g + 3], w[2 * g : 2 * g + 2], b[2 * g : 2 * g + 2])[0]
              for g in (0, 1)]  # fmt: skip
    equal(conv_forward(x, w, b, groups=2)[0], np.concatenate(halves, axis=1))
