"""The usual ways of convolving in NumPy, which `bench.layers` compares the reference layer with.

Each forward takes (x, w, b, stride, pad) and returns (out, kept); each backward takes (dout, kept,
x, w, stride, pad) and returns (dx, dw, db).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))) if pad else x


def windows(x, HH, WW, stride):
    """(N, C, H2, W2, HH, WW), a view."""
    return sliding_window_view(x, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]


def add_windows(dwindows, x, stride, pad):
    """The adjoint of `windows` and `zero_pad`: dwindows (N, C, H2, W2, HH, WW) -> dx."""
    H2, W2, HH, WW = dwindows.shape[2:]
    dx = np.zeros_like(zero_pad(x, pad))
    for i in range(HH):
        for j in range(WW):
            rows, columns = slice(i, i + stride * H2, stride), slice(j, j + stride * W2, stride)
            dx[:, :, rows, columns] += dwindows[..., i, j]
    return unpad(dx, pad)


def unpad(dx, pad):
    return dx[:, :, pad : dx.shape[2] - pad, pad : dx.shape[3] - pad]


def fancy_indices(x, HH, WW, stride, pad):
    """Channel, row and column of every number of the column matrix, as CS231n's im2col has them."""
    C, H2 = x.shape[1], (x.shape[2] - HH + 2 * pad) // stride + 1
    W2 = (x.shape[3] - WW + 2 * pad) // stride + 1
    channel = np.repeat(np.arange(C), HH * WW)[:, None]
    i = np.tile(np.repeat(np.arange(HH), WW), C)[:, None]
    j = np.tile(np.arange(WW), C * HH)[:, None]
    rows, columns = np.repeat(np.arange(H2), W2), np.tile(np.arange(W2), H2)
    return channel, i + stride * rows, j + stride * columns


def fancy_forward(x, w, b, stride, pad):
    channel, rows, columns = fancy_indices(x, *w.shape[2:], stride, pad)
    cols = zero_pad(x, pad)[:, channel, rows, columns]
    cols = cols.transpose(1, 2, 0).reshape(len(cols[0]), -1)
    out = w.reshape(len(w), -1) @ cols + b[:, None]
    H2 = (x.shape[2] - w.shape[2] + 2 * pad) // stride + 1
    return out.reshape(len(w), H2, -1, len(x)).transpose(3, 0, 1, 2), cols


def fancy_backward(dout, cols, x, w, stride, pad):
    channel, rows, columns = fancy_indices(x, *w.shape[2:], stride, pad)
    dout_rows = dout.transpose(1, 2, 3, 0).reshape(len(w), -1)
    dw = (dout_rows @ cols.T).reshape(w.shape)
    dcols = w.reshape(len(w), -1).T @ dout_rows
    dcols = dcols.reshape(len(dcols), -1, len(x)).transpose(2, 0, 1)
    dx = np.zeros_like(zero_pad(x, pad))
    np.add.at(dx, (slice(None), channel, rows, columns), dcols)
    return unpad(dx, pad), dw, dout.sum(axis=(0, 2, 3))


def einsum_forward(x, w, b, stride, pad):
    view = windows(zero_pad(x, pad), *w.shape[2:], stride)
    out = np.einsum("nchwij,fcij->nfhw", view, w, optimize=True)
    return out + b[:, None, None], view


def einsum_backward(dout, view, x, w, stride, pad):
    dw = np.einsum("nchwij,nfhw->fcij", view, dout, optimize=True)
    dwindows = np.einsum("nfhw,fcij->nchwij", dout, w, optimize=True)
    return add_windows(dwindows, x, stride, pad), dw, dout.sum(axis=(0, 2, 3))


def tensordot_forward(x, w, b, stride, pad):
    view = windows(zero_pad(x, pad), *w.shape[2:], stride)
    out = np.tensordot(view, w, axes=((1, 4, 5), (1, 2, 3))) + b
    return out.transpose(0, 3, 1, 2), view


def tensordot_backward(dout, view, x, w, stride, pad):
    dw = np.tensordot(dout, view, axes=((0, 2, 3), (0, 2, 3)))
    dwindows = np.tensordot(dout, w, axes=(1, 0)).transpose(0, 3, 1, 2, 4, 5)
    return add_windows(dwindows, x, stride, pad), dw, dout.sum(axis=(0, 2, 3))


USUAL = {
    "fancy-index im2col": (fancy_forward, fancy_backward),
    "windows + einsum": (einsum_forward, einsum_backward),
    "windows + tensordot": (tensordot_forward, tensordot_backward),
}
