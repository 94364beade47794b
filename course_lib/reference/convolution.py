"""Convolution: every filter slides over the image, a dot product at each place.

out[n, f] at a place = sum(window of x[n] there * w[f]) + b[f]. Laid out as columns, the windows
make this one matrix product, (F, C*HH*WW) @ (C*HH*WW, places). The filter is not flipped: what
networks call convolution is a cross-correlation.
"""

import numpy as np

from course_lib.reference import shapes
from course_lib.reference.im2col import Windows


def conv_forward(x, w, b, stride=1, pad=0, dilation=1, groups=1):
    """x (N, C, H, W), w (F, C/groups, HH, WW), b (F,) -> out (N, F, H2, W2) and the cache.

    H2 = (H - span + 2*pad)/stride + 1 with span = (HH - 1)*dilation + 1; likewise W2. Group g of
    the filters sees group g of the channels. dilation counts as libraries do: 1 is no gap.
    ValueError where shapes do not match or the filter does not fit.

    Source: CS231n notes, convolutional networks, "Implementation as Matrix Multiplication".
    """
    x, w, b = shapes.convolution(x, w, b, groups)
    windows = Windows(x.shape, *w.shape[2:], stride, pad, dilation, filters=len(w))
    w_rows = w.reshape(groups, len(w) // groups, windows.size // groups)
    out = np.empty((len(x), len(w), windows.rows, windows.columns), x.dtype)
    for tile, cols in windows.columns_by_tile(x):
        products = windows.read(out, tile)  # the product goes straight to its place
        np.matmul(w_rows, by_group(cols, groups), out=by_group(products, groups))
        products += b[:, np.newaxis]
        windows.write(products, out, tile)
    return out, (x, w, groups, windows)


def conv_backward(dout, cache, with_dx=True):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw (F, C/groups, HH, WW), db (F,).

    with_dx=False leaves dx out, None in its place: a first layer's images learn nothing.

    Forward is out = w @ cols for each image, so dw = dout @ cols^T, summed over the images, and
    dcols = w^T @ dout, whose numbers are added up where their pixels were read.

    Source: CS231n notes, backpropagation, "Gradients for vectorized operations".
    """
    x, w, groups, windows = cache
    dout = shapes.gradient(dout, (len(x), len(w), windows.rows, windows.columns), x.dtype)
    w_columns = w.reshape(groups, len(w) // groups, windows.size // groups).swapaxes(1, 2)
    dx = np.zeros(x.shape, x.dtype) if with_dx else None
    dw, db = np.zeros(w_columns.shape, w.dtype), np.zeros(len(w), w.dtype)
    for tile, cols in windows.columns_by_tile(x):
        cols, dout_tile = by_group(cols, groups), windows.read(dout, tile)
        db += dout_tile.sum(axis=(0, 2))
        dout_tile = by_group(dout_tile, groups)
        dw += (cols @ dout_tile.swapaxes(2, 3)).sum(axis=0)
        if with_dx and windows.pointwise:  # a column is a pixel
            np.matmul(w_columns, dout_tile, out=by_group(windows.read(dx, tile), groups))
        elif with_dx:
            dcols = np.matmul(w_columns, dout_tile, out=cols)  # cols has done its work
            windows.add_columns(dcols, dx, tile)
    return dx, dw.swapaxes(1, 2).reshape(w.shape), db


def by_group(rows, groups):
    """(images, rows, windows) -> a view (images, groups, rows of a group, windows)."""
    images, count, windows = rows.shape
    return rows.reshape(images, groups, count // groups, windows)
