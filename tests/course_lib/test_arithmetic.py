"""Sizes, paddings, shapes and receptive fields against counting by hand, and the notes' numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import arithmetic
from course_lib.arithmetic import (
    conv_output_shape,
    conv_output_size,
    fitting_paddings,
    pool_output_shape,
    receptive_fields,
    same_padding,
    trace_shapes,
)
from course_lib.reference.convolution import conv_forward
from course_lib.reference.im2col import im2col
from course_lib.reference.pooling import max_pool_forward

small = st.integers(1, 12)
sizes = {"W": st.integers(1, 30), "F": small, "S": st.integers(1, 5), "P": st.integers(0, 6)}


def starts(W, F, S, P):
    """The first pixel of every window that lies inside the padded line, counted one by one."""
    return [first for first in range(-P, W + P, S) if first + F <= W + P]


@given(**sizes)
def test_sizes_are_numbers_of_windows(W, F, S, P):
    windows = starts(W, F, S, P)
    if not windows:
        for policy in ("raise", "floor", "ceil"):
            with pytest.raises(ValueError, match="does not fit"):
                conv_output_size(W, F, S, P, policy)
        assert conv_output_size(W, F, S, P, "pad") == 1
        return
    floor = len(windows)
    all_seen = windows[-1] + F == W + P
    assert conv_output_size(W, F, S, P, "floor") == floor
    assert conv_output_size(W, F, S, P, "pad") == floor + (not all_seen)
    hangs_over = windows[-1] + S < W
    assert conv_output_size(W, F, S, P, "ceil") == floor + (not all_seen and hangs_over)
    if all_seen:
        assert conv_output_size(W, F, S, P) == floor
    else:
        with pytest.raises(ValueError, match="not an integer"):
            conv_output_size(W, F, S, P)


@given(dilation=st.integers(1, 4), **sizes)
def test_a_dilated_filter_is_one_with_the_span_of_its_ends(W, F, S, P, dilation):
    pixels = range(0, F * dilation, dilation)
    span, W = pixels[-1] - pixels[0] + 1, W + 60
    dilated = conv_output_size(W, F, S, P, "floor", dilation)
    assert dilated == conv_output_size(W, span, S, P, "floor")


@given(**sizes)
def test_sizes_are_those_of_the_reference_layers(W, F, S, P):
    x, w = np.zeros((1, 1, W, W + S)), np.zeros((1, 1, F, F))
    try:
        expected = conv_output_size(W, F, S, P), conv_output_size(W + S, F, S, P)
    except ValueError:
        with pytest.raises(ValueError):
            conv_forward(x, w, np.zeros(1), S, P)
        return
    assert conv_forward(x, w, np.zeros(1), S, P)[0].shape[2:] == expected


@given(W=st.integers(1, 30), F=small)
def test_same_padding_keeps_the_size_at_stride_1(W, F):
    if F % 2:
        assert conv_output_size(W, F, 1, same_padding(F)) == W
    else:
        with pytest.raises(ValueError, match="odd filter"):
            same_padding(F)
        assert all(conv_output_size(W + F, F, 1, P) != W + F for P in range(F))


@given(W=small, F=small, S=st.integers(1, 5), max_padding=st.integers(0, 8))
def test_fitting_paddings_are_those_that_conv_output_size_takes(W, F, S, max_padding):
    fitting = fitting_paddings(W, F, S, max_padding)
    for P in range(max_padding + 1):
        if P in fitting:
            assert conv_output_size(W, F, S, P) >= 1
        else:
            with pytest.raises(ValueError):
                conv_output_size(W, F, S, P)
    assert fitting == sorted(set(fitting))
    assert not fitting or 0 <= fitting[0] and fitting[-1] <= max_padding


class TestNumbersOfTheNotes:
    def test_output_sizes(self):
        assert conv_output_size(7, 3) == 5
        assert conv_output_size(7, 3, S=2) == 3
        assert conv_output_size(5, 3, 1, 1) == 5
        assert conv_output_size(5, 3, 2, 1) == 3

    @pytest.mark.parametrize("W, F, S, P", [(5, 3, 3, 1), (10, 3, 2, 0), (224, 11, 4, 0)])
    def test_what_does_not_fit(self, W, F, S, P):
        with pytest.raises(ValueError, match="not an integer"):
            conv_output_size(W, F, S, P)

    def test_paddings(self):
        assert [same_padding(F) for F in (1, 3, 5, 7)] == [0, 1, 2, 3]
        assert fitting_paddings(224, 11, 4, 6) == []
        assert fitting_paddings(227, 11, 4, 6) == [0, 2, 4, 6]
        assert fitting_paddings(32, 5, 2, 4) == []
        assert fitting_paddings(33, 5, 2, 4) == [0, 1, 2, 3, 4]

    def test_shapes(self):
        assert conv_output_shape((227, 227, 3), 96, 11, 4, 0) == (55, 55, 96)
        assert conv_output_shape((32, 32, 3), 10, 5, 1, 2) == (32, 32, 10)
        assert conv_output_shape((11, 11, 4), 2, 5, 2, 0) == (4, 4, 2)
        assert conv_output_shape((5, 5, 3), 2, 3, 2, 1) == (3, 3, 2)
        assert pool_output_shape((224, 224, 64), 2, 2) == (112, 112, 64)

    def test_spatial_sizes_of_alexnet(self):
        layers = [
            ("conv", 96, 11, 4, 0), ("pool", 3, 2), ("conv", 256, 5, 1, 2), ("pool", 3, 2),
            ("conv", 384, 3, 1, 1), ("conv", 384, 3, 1, 1), ("conv", 256, 3, 1, 1), ("pool", 3, 2),
        ]  # fmt: skip
        shapes = trace_shapes((227, 227, 3), layers)
        assert [shape[0] for shape in shapes] == [55, 27, 27, 13, 13, 13, 13, 6]
        assert [shape[2] for shape in shapes] == [96, 96, 256, 256, 384, 384, 256, 256]

    def test_im2col_of_alexnets_first_layer(self):
        columns = im2col(np.zeros((1, 3, 227, 227), np.float32), 11, 11, 4, 0)
        assert columns.shape == (363, 3025)
        assert (np.zeros((96, 363)) @ columns).shape == (96, 3025)

    def test_numpy_example_in_the_notes_order(self):
        """V[2, 3, 1] is filter 1 on X[4:9, 6:11, :]; X is indexed [x, y, depth]."""
        rng = np.random.default_rng(7)
        X, W = rng.standard_normal((11, 11, 4)), rng.standard_normal((2, 5, 5, 4))
        b = rng.standard_normal(2)
        out, _ = conv_forward(X.transpose(2, 1, 0)[None], W.transpose(0, 3, 2, 1), b, stride=2)
        V = out[0].transpose(2, 1, 0)
        assert V.shape == (4, 4, 2)
        assert V[0, 0, 0] == pytest.approx(np.sum(X[:5, :5, :] * W[0]) + b[0])
        assert V[1, 0, 0] == pytest.approx(np.sum(X[2:7, :5, :] * W[0]) + b[0])
        assert V[2, 3, 1] == pytest.approx(np.sum(X[4:9, 6:11, :] * W[1]) + b[1])

    def test_without_padding_the_volume_shrinks(self):
        shapes = trace_shapes((32, 32, 3), [("conv", 64, 5, 1, 0)] * 7)
        assert [shape[0] for shape in shapes] == [28, 24, 20, 16, 12, 8, 4]

    def test_a_network_slides_over_a_larger_image(self):
        """Five poolings and a 7x7 filter: one place for 224 pixels, 6 x 6 = 36 for 384."""
        layers = [("pool", 2, 2)] * 5 + [("conv", 4096, 7, 1, 0), ("conv", 1000, 1, 1, 0)]
        assert trace_shapes((224, 224, 512), layers)[4:] == [
            (7, 7, 512), (1, 1, 4096), (1, 1, 1000),
        ]  # fmt: skip
        larger = trace_shapes((384, 384, 512), layers)
        assert larger[4] == (12, 12, 512)
        assert larger[-1] == (6, 6, 1000)

    def test_pooling_2x2_keeps_a_quarter_and_3x3_overlaps(self):
        x = np.arange(4 * 4.0).reshape(1, 1, 4, 4)
        assert max_pool_forward(x, 2, 2, 2)[0].size == x.size / 4
        assert conv_output_size(5, 3, 2) == conv_output_size(4, 2, 2) == 2

    def test_receptive_fields_of_alexnet(self):
        layers = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
        seen = [field.size for field in receptive_fields(layers)]
        assert seen == [11, 19, 51, 67, 99, 131, 163, 195]

    def test_three_3x3_see_7x7(self):
        assert [field.size for field in receptive_fields([(3, 1)] * 3)] == [3, 5, 7]
        assert receptive_fields([(7, 1)])[0].size == 7


@given(st.lists(st.tuples(small, st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=4))
def test_receptive_fields_by_following_every_connection(layers):
    for unit in (0, 1, 5):
        for depth, field in enumerate(receptive_fields(layers), 1):
            seen = {unit}
            for F, S, P in reversed(layers[:depth]):
                seen = {i * S - P + k for i in seen for k in range(F)}
            assert (min(seen), max(seen)) == (
                field.start + unit * field.jump,
                field.start + unit * field.jump + field.size - 1,
            )


def test_a_dilated_filter_sees_further():
    assert arithmetic.ONE_PIXEL.after(3, 1, 2, dilation=2) == (5, 1, -2)
    assert arithmetic.ONE_PIXEL.after(3, 1).after(3, 1, dilation=2).after(3, 1, dilation=4)[0] == 15


@pytest.mark.parametrize(
    "call, said",
    [
        (lambda: conv_output_size(0, 2, 1, 1), "W is 0; it must be at least 1"),
        (lambda: conv_output_size(7, 0), "F is 0; it must be at least 1"),
        (lambda: conv_output_size(7, 3, 0), "S is 0; it must be at least 1"),
        (lambda: conv_output_size(7, 3, 1, -1), "P is -1; it must be at least 0"),
        (lambda: conv_output_size(7, 3.0), "F is 3.0; it must be an integer"),
        (lambda: conv_output_size(7, True), "F is True; it must be an integer"),
        (lambda: conv_output_size(7, 3, policy="round"), "policy is 'round'; it must be one of"),
        (lambda: conv_output_size(4, 7, 1, 1), "does not fit into 4 \\+ 2\\*1 = 6"),
        (lambda: conv_output_size(4, 7, 3, 0), "does not fit"),
        (lambda: same_padding(4), "F is 4"),
        (lambda: same_padding(0), "F is 0; it must be at least 1"),
        (lambda: fitting_paddings(7, 3, 0, 2), "S is 0"),
        (lambda: fitting_paddings(7, 3, 1, -1), "max_padding is -1"),
        (lambda: conv_output_shape((7, 7), 1, 3), "must be \\(width, height, depth\\)"),
        (lambda: conv_output_shape(7, 1, 3), "must be \\(width, height, depth\\)"),
        (lambda: conv_output_shape((7, 0, 3), 1, 3), "height is 0"),
        (lambda: conv_output_shape((7, 8, 3), 0, 3), "K is 0"),
        (lambda: conv_output_shape((7, 8, 3), 2, 3, 2), "W=8 F=3 S=2 P=0"),
        (lambda: trace_shapes((7, 7, 3), [("pool", 2, 1), ("conv", 4, 3, 2, 0)]), "layer 1, .*"),
        (lambda: trace_shapes((7, 7, 3), [("pool", 2)]), "layer 0, .* must be \\(\"conv\", K"),
        (lambda: trace_shapes((7, 7, 3), [("relu", 2, 2)]), "layer 0, .* must be \\(\"conv\", K"),
        (lambda: trace_shapes((7, 7, 3), [()]), "layer 0"),
        (lambda: receptive_fields([(3, 1), 3]), "must be \\(F, S\\) or \\(F, S, P\\)"),
        (lambda: receptive_fields([(3, 0)]), "S is 0"),
    ],
)
def test_errors_say_the_numbers_and_the_rule_in_one_line(call, said):
    with pytest.raises(ValueError, match=said) as caught:
        call()
    assert "\n" not in str(caught.value)
