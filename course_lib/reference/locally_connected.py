"""The locally connected layer: a convolution whose filters are not shared.

Every place of the output has filters of its own. At one place the layer is a fully connected one
on the window there, so it is a batch of H2*W2 matrix products: w[place] (F, C*HH*WW) times the
windows at that place, one column for each image.
"""

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import shapes

CHUNK_BYTES = 7 * 2**18


def local_forward(x, w, b, stride=1, pad=0):
    """x (N, C, H, W), w (H2, W2, F, C, HH, WW), b (H2, W2, F) -> out (N, F, H2, W2), the cache.

    H2 and W2 as for a convolution. ValueError where shapes do not match or windows do not fit.
    out is a view of an array (H2, W2, F, N), in which the products of one place lie together:
    putting it in the usual order would cost a quarter of the layer's time.

    Source: CS231n notes, convolutional networks, "Parameter Sharing" (locally-connected layer).
    """
    x, w, b = shapes.locally_connected(x, w, b, stride, pad)
    out, filters, biases = np.empty((*b.shape, len(x)), x.dtype), matrices(w), b[..., np.newaxis]
    for images in image_chunks(x, w, pad):
        for rows, cols in columns(windows(images_last(x[images], pad), w, stride), w):
            products = out[rows, ..., images]
            np.matmul(filters[rows], places(cols), out=products)
            products += biases[rows]  # now, while they are in the processor's cache
    return out.transpose(3, 2, 0, 1), (x, w, stride, pad)


def local_backward(dout, cache):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw and db with the shapes of w and b.

    At each place it is the backward of a fully connected layer.
    """
    x, w, stride, pad = cache
    H2, W2, F = w.shape[:3]
    dout = shapes.gradient(dout, (len(x), F, H2, W2), x.dtype)
    dx, dw = np.empty(x.shape, x.dtype), np.empty(w.shape, w.dtype)
    for images in image_chunks(x, w, pad):
        add = images.start > 0  # the first images need no zeros in dw to add to
        dx[images] = chunk_backward(dout[images], x[images], w, dw, stride, pad, add)
    return dx, dw, dout.sum(axis=0).transpose(1, 2, 0)


def chunk_backward(dout, x, w, dw, stride, pad, add):
    """Return dx of some images. What they give to dw is added to it, or put in its place."""
    (HH, WW), (H, W) = w.shape[4:], x.shape[2:]
    last = images_last(x, pad)
    dlast = np.zeros_like(last)
    dview = windows(dlast, w, stride)
    filters, dfilters = matrices(w), matrices(dw)
    for rows, cols in columns(windows(last, w, stride), w):
        # (F, N) at each place, but with F side by side in memory: BLAS is faster with that here.
        dproducts = np.ascontiguousarray(dout[:, :, rows].transpose(2, 3, 0, 1)).swapaxes(2, 3)
        inputs = places(cols)
        if add:
            dfilters[rows] += dproducts @ inputs.swapaxes(2, 3)
        else:
            np.matmul(dproducts, inputs.swapaxes(2, 3), out=dfilters[rows])
        np.matmul(filters[rows].swapaxes(2, 3), dproducts, out=inputs)
        # One pixel of the windows at a time, because whole windows overlap.
        for i in range(HH):
            for j in range(WW):
                dview[rows, :, i, j] += cols[:, :, i, j]
    return dlast[:, pad : pad + H, pad : pad + W].transpose(3, 0, 1, 2)


def tie_weights(w, H2, W2):
    """w (F, C, HH, WW) -> (H2, W2, F, C, HH, WW), the same filters at every place.

    A locally connected layer with these weights is a convolution. ValueError for other shapes or
    sizes below 1.
    """
    w = shapes.array("w", w, "F, C, HH, WW")
    shapes.integer("H2", H2, 1), shapes.integer("W2", W2, 1)
    return np.tile(w, (H2, W2, 1, 1, 1, 1))


def shared_gradient(dw_local):
    """dw of a locally connected layer (H2, W2, F, C, HH, WW) -> dw of a convolution (F, C, HH, WW).

    A weight used at every place collects the gradient from every place: the sum.
    """
    return shapes.array("dw_local", dw_local, "H2, W2, F, C, HH, WW").sum(axis=(0, 1))


def image_chunks(x, w, pad):
    """Slices of images whose padded copy, or one row of columns, takes about CHUNK_BYTES."""
    N, C, H, W = x.shape
    numbers = max(C * (H + 2 * pad) * (W + 2 * pad), w.shape[1] * w[0, 0, 0].size)
    step = max(1, CHUNK_BYTES // max(1, numbers * x.itemsize))
    return [slice(n, min(n + step, N)) for n in range(0, max(N, 1), step)]


def images_last(x, pad):
    """A zero-padded copy (C, H, W, N): what the images have at one place lies side by side."""
    N, C, H, W = x.shape
    copy = np.zeros((C, H + 2 * pad, W + 2 * pad, N), x.dtype)
    copy[:, pad : pad + H, pad : pad + W] = x.transpose(1, 2, 3, 0)
    return copy


def windows(last, w, stride):
    """All windows as a view (H2, C, HH, WW, W2, N) of images (C, H, W, N)."""
    view = sliding_window_view(last, w.shape[4:], axis=(1, 2), writeable=True)
    return view[:, ::stride, ::stride].transpose(1, 0, 4, 5, 2, 3)


def columns(view, w):
    """Yield some rows of places at a time and a copy of their windows, (rows, C, HH, WW, W2, N).

    The copies are made in one buffer, which takes about CHUNK_BYTES, or less where the filters at
    these places take as much. What the windows of a row see at one pixel is one piece of the
    image, so it is copied in one piece.
    """
    bytes_per_row = max(view[:1].size, w[:1].size) * view.itemsize
    step = min(len(view), max(1, CHUNK_BYTES // max(1, bytes_per_row)))
    buffer = np.empty((step, *view.shape[1:]), view.dtype)
    for row in range(0, len(view), step):
        rows = slice(row, min(row + step, len(view)))
        cols = buffer[: rows.stop - row]
        np.copyto(cols, view[rows])
        yield rows, cols


def places(cols):
    """Columns (rows, C, HH, WW, W2, N) -> a view (rows, W2, C*HH*WW, N): a matrix at each place."""
    rows, C, HH, WW, W2, N = cols.shape
    return cols.reshape(rows, C * HH * WW, W2, N).swapaxes(1, 2)


def matrices(w):
    """(H2, W2, F, C, HH, WW) -> a view (H2, W2, F, C*HH*WW)."""
    return w.reshape(*w.shape[:3], prod(w.shape[3:]))
