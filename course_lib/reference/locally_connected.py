"""The locally connected layer: a convolution whose filters are not shared.

Every place of the output has filters of its own. At one place the layer is a fully connected one
on the window there, so it is a batch of H2*W2 matrix products: w[place] (F, C*HH*WW) times the
windows at that place, one column for each image.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import shapes

CHUNK_BYTES = 2**21


def local_forward(x, w, b, stride=1, pad=0):
    """x (N, C, H, W), w (H2, W2, F, C, HH, WW), b (H2, W2, F) -> out (N, F, H2, W2), the cache.

    H2 and W2 as for a convolution. ValueError where shapes do not match or windows do not fit.

    Source: CS231n notes, convolutional networks, "Parameter Sharing" (locally-connected layer).
    """
    x, w, b = shapes.locally_connected(x, w, b, stride, pad)
    H2, W2, F = b.shape
    out = np.empty((len(x), F, H2, W2), x.dtype)
    for images in image_chunks(x, w, pad):
        view = windows(images_last(x[images], pad), w, stride)
        for rows, cols in columns(view):
            products = spaced((*cols.shape[:2], F, cols.shape[3]), x.dtype)
            np.matmul(matrices(w[rows]), cols, out=products)
            out[images, :, rows] = products.transpose(3, 2, 0, 1)
    out += np.ascontiguousarray(b.transpose(2, 0, 1))
    return out, (x, w, stride, pad)


def local_backward(dout, cache):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw and db with the shapes of w and b.

    At each place it is the backward of a fully connected layer.
    """
    x, w, stride, pad = cache
    (H2, W2, F), (HH, WW), (H, W) = w.shape[:3], w.shape[4:], x.shape[2:]
    dout = shapes.gradient(dout, (len(x), F, H2, W2), x.dtype)
    dx, dw = np.empty(x.shape, x.dtype), np.zeros(w.shape, w.dtype)
    for images in image_chunks(x, w, pad):
        last = images_last(x[images], pad)
        dlast = np.zeros_like(last)
        dview = windows(dlast, w, stride)
        for rows, cols in columns(windows(last, w, stride)):
            dproducts = np.ascontiguousarray(dout[images, :, rows].transpose(2, 3, 0, 1))
            add_product(matrices(dw[rows]), dproducts, cols, first=images.start == 0)
            np.matmul(matrices(w[rows]).swapaxes(2, 3), dproducts.swapaxes(2, 3), out=cols)
            dwindows = cols.reshape(dview[rows].shape)
            # One pixel of the windows at a time, because whole windows overlap.
            for i in range(HH):
                for j in range(WW):
                    dview[rows, :, :, i, j] += dwindows[:, :, :, i, j]
        dx[images] = dlast[:, pad : pad + H, pad : pad + W].transpose(3, 0, 1, 2)
    return dx, dw, dout.sum(axis=0).transpose(1, 2, 0)
