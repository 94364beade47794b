"""Convolution: every filter slides over the image, a dot product at each place.

out[n, f] at a place = sum(window of x[n] there * w[f]) + b[f]. Laid out as columns, the windows
make this one matrix product, (F, C*HH*WW) @ (C*HH*WW, places). The filter is not flipped: what
networks call convolution is a cross-correlation.
"""

import numpy as np

from course_lib.reference import shapes
from course_lib.reference.windows import Windows


def conv_forward(x, w, b, stride=1, pad=0, dilation=1, groups=1):
    """x (N, C, H, W), w (F, C/groups, HH, WW), b (F,) -> out (N, F, H2, W2) and the cache.

    H2 = (H - span + 2*pad)/stride + 1 with span = (HH - 1)*dilation + 1; likewise W2. Group g of
    the filters sees group g of the channels. dilation counts as libraries do: 1 is no gap.
    ValueError where shapes do not match or the filter does not fit.

    Source: CS231n notes, convolutional networks, "Implementation as Matrix Multiplication".
    """
    x, w, b = shapes.convolution(x, w, b, groups)
    windows = Windows(x.shape, *w.shape[2:], stride, pad, dilation, groups, filters=len(w))
    w_rows = windows.filter_rows(w, b)
    out = np.empty((len(x), len(w), windows.rows, windows.columns), x.dtype)
    for tile, cols in windows.columns_by_tile(x):
        products = windows.read(out, tile)  # the product goes straight to its place
        multiply(w_rows, windows.slabs(cols), products)
        if not windows.ones:
            products += b.reshape(groups, -1, 1)
        windows.write(products, out, tile)
    return out, (x, w_rows, windows)


def conv_backward(dout, cache, with_dx=True):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw (F, C/groups, HH, WW), db (F,).

    with_dx=False leaves dx out, None in its place: a first layer's images learn nothing.

    Forward is out = w @ cols for each image, so dw = dout @ cols^T, summed over the images, and
    dcols = w^T @ dout, whose numbers are added up where their pixels were read.

    Source: CS231n notes, backpropagation, "Gradients for vectorized operations".
    """
    x, w_rows, windows = cache
    dout = shapes.gradient(dout, (len(x), windows.filters, windows.rows, windows.columns), x.dtype)
    w_columns = w_rows.swapaxes(1, 2)
    dx = np.zeros(x.shape, x.dtype) if with_dx else None
    dw, db = np.zeros(w_columns.shape, x.dtype), np.zeros(w_columns.shape[::2], x.dtype)
    for tile, cols in windows.columns_by_tile(x):
        dout_tile = windows.read(dout, tile)
        add_weights(dw, dout_tile, windows.slabs(cols))
        if not windows.ones:
            db += dout_tile.sum(axis=(0, 3))
        if with_dx and windows.pointwise:  # a column is a pixel
            np.matmul(w_columns, dout_tile, out=windows.read(dx, tile))
        elif with_dx:  # cols has done its work
            spread(w_columns, dout_tile, windows.slabs(cols), cols)
            windows.add_columns(cols, dx, tile)
    if windows.ones:  # what the ones are multiplied with is the bias
        db = dw[:, 0]
    return dx, windows.from_rows(dw.swapaxes(1, 2)), db.reshape(-1)


def multiply(w_rows, slabs, out):
    """out = w_rows @ columns, a product for each slab."""
    for k, (numbers, cols) in enumerate(slabs):
        if k == 0:
            np.matmul(w_rows[:, :, numbers], cols, out=out)
        else:
            out += w_rows[:, :, numbers] @ cols


def add_weights(dw, dout, slabs):
    """dw += columns @ dout^T, summed over the images."""
    for numbers, cols in slabs:
        dw[:, numbers] += (cols @ dout.swapaxes(2, 3)).sum(axis=0)


def spread(w_columns, dout, slabs, room):
    """columns = w_columns @ dout, written into the slabs of `room`."""
    for k, (numbers, cols) in enumerate(slabs):
        if k == 0:
            np.matmul(w_columns[:, numbers], dout, out=cols)
            room[:, :, :, cols.shape[3] :] = 0
        else:
            cols += w_columns[:, numbers] @ dout
