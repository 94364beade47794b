"""Right and wrong ways back through a convolution, of which `backward` makes its mistakes."""

from itertools import product
from operator import itemgetter

import numpy as np

from course_lib.mistakes.convolution_backward.framed import inside
from course_lib.mistakes.convolution_backward.numerical import GRADIENTS
from course_lib.mistakes.neurons_and_windows import pad_axes
from course_lib.reference.convolution import conv_backward, conv_forward


def gradients(dout, x, w, b, conv_param):
    """The right dx, dw and db."""
    return conv_backward(dout, conv_forward(x, w, b, **conv_param)[1])


def on_padded(dout, x, w, b, conv_param):
    """(dx_padded, dw, db): the right gradients before the padding is cut off."""
    pad = conv_param["pad"]
    padded = pad_axes(x, (pad, pad), (pad, pad))
    return gradients(dout, padded, w, b, conv_param | {"pad": 0})


def with_dx(change):
    """Right but for dx, which is change(dx_padded, pad)."""
    def wrong(dout, x, w, b, conv_param):
        dx, dw, db = on_padded(dout, x, w, b, conv_param)
        return change(dx, conv_param["pad"]), dw, db

    return wrong


def put_into_place(dx, pad):
    """What `[pad:-pad]` leaves, written into an array of the right shape: NumPy stops at pad 0."""
    placed = np.zeros_like(inside(dx, pad))
    placed[:] = dx[:, :, pad:-pad, pad:-pad]
    return placed


def instead(wanted, other):
    """Right but for the gradients in `wanted`, which are those that `other` gives."""
    def wrong(*case):
        return tuple(o if name in wanted.split() else r for name, o, r in
                     zip(GRADIENTS, other(*case), gradients(*case), strict=True))

    return wrong


def at_windows(step, assign=np.add, order=(0, 1, 2, 3)):
    """Loops over the windows. step(conv_param) is the way from one to the next, or one down and
    one to the right; assign(old, new) is what becomes of what was there; `order` says how the
    loops over images, filters, rows and columns are nested."""
    # Of a place in that nesting: image, filter, row and column.
    sorted_out = itemgetter(*(order.index(axis) for axis in range(4)))

    def wrong(dout, x, w, b, conv_param):
        s, pad = step(conv_param), conv_param["pad"]
        down, right = s if isinstance(s, tuple) else (s, s)
        (HH, WW), padded = w.shape[2:], pad_axes(x, (pad, pad), (pad, pad))
        dx, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(len(w))
        for place in product(*(range(dout.shape[axis]) for axis in order)):
            n, f, i, j = sorted_out(place)
            here = np.s_[n, :, i * down : i * down + HH, j * right : j * right + WW]
            dx[here] = assign(dx[here], dout[n, f, i, j] * w[f])
            dw[f] = assign(dw[f], dout[n, f, i, j] * padded[here])
            db[f] = assign(db[f], dout[n, f, i, j])
        return inside(dx, pad), dw, db

    return wrong


def strided(conv_param):
    return conv_param["stride"]


def last_one(old, new):
    return new


def rows_close(conv_param):
    return 1, conv_param["stride"]


def columns_close(conv_param):
    return conv_param["stride"], 1


# Nested in another way, loops that overwrite leave other numbers: with the columns outside, or
# with the filters inside.
OTHER_ORDERS = (0, 1, 3, 2), (0, 2, 3, 1), (0, 3, 2, 1), (2, 3, 0, 1)
overwritten = at_windows(strided, last_one)
not_strided = at_windows(lambda conv_param: 1)


def change_arguments(change):
    """The right gradients of a changed case: change(dout, x, w) gives its arrays."""
    def wrong(dout, x, w, b, conv_param):
        dout, x, w = change(dout, x, w)
        return gradients(dout, x, w, b[: len(w)], conv_param)

    return wrong


def not_framed(dout, x, w, b, conv_param):
    """The case with the padding already around x, so that dx keeps it."""
    pad = conv_param["pad"]
    return dout, pad_axes(x, (pad, pad), (pad, pad)), w, b, conv_param | {"pad": 0}


def where(shows, wrong):
    """`wrong` for the cases in which both of its mistakes show, and right in all others.

    There one of the two shows alone, and has a sentence of its own. shows(conv_param) tells.
    """
    return lambda *case: wrong(*case) if shows(case[-1]) else gradients(*case)


def change_results(change):
    """change(dx, dw, db, dout, w) of the right gradients."""
    return lambda dout, x, w, b, conv_param: change(
        *gradients(dout, x, w, b, conv_param), dout, w)


# The gradients if every number of dout were 1.
of_ones = change_arguments(lambda dout, x, w: (np.ones(dout.shape), x, w))


def exchanged(dout, x, w, b, conv_param):
    """Windows added to dx where filters belong, and filters to dw where windows belong."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    (HH, WW), padded = w.shape[2:], pad_axes(x, (pad, pad), (pad, pad))
    dx = np.zeros(padded.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx[here] += dout[n, f, i, j] * padded[here]
    db = dout.sum(axis=(0, 2, 3))
    return inside(dx, pad), db[:, None, None, None] * w, db


def dw_from(frame):
    """dw from an image that is padded otherwise: frame(x, pad) on both axes."""
    def wrong(dout, x, w, b, conv_param):
        right = gradients(dout, x, w, b, conv_param)
        other = pad_axes(x, *frame(x, conv_param["pad"]))
        return right[0], gradients(dout, other, w, b, conv_param | {"pad": 0})[1], right[2]

    return wrong


flipped = change_arguments(lambda dout, x, w: (dout, x, w[:, :, ::-1, ::-1]))
