"""The locally connected layer: a convolution whose filters are not shared.

Every place of the output has filters of its own. At one place the layer is a fully connected one
on the window there, so it is a batch of H2*W2 matrix products: w[place] (F, C*HH*WW) times the
windows at that place, one column for each image.
"""

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import shapes

IMAGE_BYTES = 7 * 2**18
COLUMN_BYTES = 2**19
CACHE_LINE_BYTES = 64


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
            fetch(filters[rows])
            np.matmul(filters[rows], cols, out=products)
            products += biases[rows]  # now, while they are in the processor's cache
    return out.transpose(3, 2, 0, 1), (x, w, stride, pad)


def local_backward(dout, cache, with_dx=True):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw and db with the shapes of w and b.

    At each place it is the backward of a fully connected layer. dx is a view of an array with the
    images last, as out is. with_dx=False leaves it out, None in its place.
    """
    x, w, stride, pad = cache
    H2, W2, F = w.shape[:3]
    dout = shapes.gradient(dout, (len(x), F, H2, W2), x.dtype)
    (N, C, H, W), dw = x.shape, np.empty(w.shape, w.dtype)
    dlast = np.zeros((C, H + 2 * pad, W + 2 * pad, N), x.dtype) if with_dx else None
    for images in image_chunks(x, w, pad):
        add = images.start > 0  # the first images find nothing in dw to add to
        here = dlast[..., images] if with_dx else None
        chunk_backward(dout[images], x[images], w, here, dw, stride, pad, add)
    dx = dlast[:, pad : pad + H, pad : pad + W].transpose(3, 0, 1, 2) if with_dx else None
    return dx, dw, dout.sum(axis=0).transpose(1, 2, 0)


def chunk_backward(dout, x, w, dlast, dw, stride, pad, add):
    """Add to dlast what some images get. What they give to dw is added, or put in its place.

    dlast may be None: then the images get nothing.
    """
    dview = None if dlast is None else windows(dlast, w, stride)
    apart = -(-w.shape[5] // stride)  # so many places from each other, windows do not overlap
    filters, dfilters = matrices(w), matrices(dw)
    for rows, inputs in columns(windows(images_last(x, pad), w, stride), w):
        # (F, N) at each place, but with F side by side in memory: BLAS is faster with that here.
        dproducts = np.ascontiguousarray(dout[:, :, rows].transpose(2, 3, 0, 1)).swapaxes(2, 3)
        fetch(dfilters[rows])
        if add:
            dfilters[rows] += dproducts @ inputs.swapaxes(2, 3)
        else:
            np.matmul(dproducts, inputs.swapaxes(2, 3), out=dfilters[rows])
        if dview is None:
            continue
        fetch(filters[rows])
        np.matmul(filters[rows].swapaxes(2, 3), dproducts, out=inputs)
        # Windows overlap: add the windows of every apart-th place at once.
        for drow, row in zip(dview[rows], inputs, strict=True):
            for j in range(apart):
                drow[j::apart] += row[j::apart].reshape(drow[j::apart].shape)


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
    """Slices of images whose padded copy, or one row of columns, takes about IMAGE_BYTES."""
    N, C, H, W = x.shape
    numbers = max(C * (H + 2 * pad) * (W + 2 * pad), w.shape[1] * w[0, 0, 0].size)
    step = max(1, IMAGE_BYTES // max(1, numbers * x.itemsize))
    return [slice(n, min(n + step, N)) for n in range(0, max(N, 1), step)]


def images_last(x, pad):
    """A zero-padded copy (C, H, W, N): what the images have at one place lies side by side."""
    N, C, H, W = x.shape
    copy = (np.zeros if pad else np.empty)((C, H + 2 * pad, W + 2 * pad, N), x.dtype)
    step = CACHE_LINE_BYTES // x.itemsize
    for n in range(0, N, step):
        copy[:, pad : pad + H, pad : pad + W, n : n + step] = x[n : n + step].transpose(1, 2, 3, 0)
    return copy


def windows(last, w, stride):
    """All windows as a view (H2, W2, C, HH, WW, N) of images (C, H, W, N)."""
    view = sliding_window_view(last, w.shape[4:], axis=(1, 2), writeable=True)
    return view[:, ::stride, ::stride].transpose(1, 2, 0, 4, 5, 3)


def columns(view, w):
    """Yield some rows of places at a time and a copy of their windows, (rows, W2, C*HH*WW, N).

    The copies are made in one buffer, which takes about COLUMN_BYTES, or less where the filters at
    these places take as much. What a row of one window holds is one piece of the images, WW*N
    numbers long, so it is copied in one piece.
    """
    H2, W2, *window, N = view.shape
    bytes_per_row = max(view[:1].size, w[:1].size) * view.itemsize
    step = min(H2, max(1, COLUMN_BYTES // max(1, bytes_per_row)))
    buffer = np.empty((step, W2, *window, N), view.dtype)
    for row in range(0, H2, step):
        rows = slice(row, min(row + step, H2))
        cols = buffer[: rows.stop - row]
        np.copyto(cols, view[rows])
        yield rows, cols.reshape(len(cols), W2, prod(window), N)


def fetch(filters):
    """Read a number of each cache line, in memory's order, which brings all into the cache.

    BLAS reads F filters side by side, in steps too wide for the processor to see what comes next,
    and would wait for memory at each. The layer takes a quarter less time with this.
    """
    filters.reshape(-1)[:: CACHE_LINE_BYTES // filters.itemsize].max(initial=0)


def matrices(w):
    """(H2, W2, F, C, HH, WW) -> a view (H2, W2, F, C*HH*WW)."""
    return w.reshape(*w.shape[:3], prod(w.shape[3:]))
