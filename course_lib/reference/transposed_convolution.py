"""Transposed convolution: the layer that goes from small maps to large ones.

Each input pixel stamps its value times a filter onto the output; where stamps overlap they add
up. This is convolution with its forward and backward exchanged: what `conv_backward` does to get
dx happens here going forward, with the same `Windows`, laid over the output.
"""

import numpy as np

from course_lib.reference import shapes
from course_lib.reference.convolution import add_weights, multiply, spread
from course_lib.reference.windows import Windows


def transposed_conv_forward(x, w, b, stride=1, pad=0):
    """x (N, C, H, W), w (C, F, HH, WW), b (F,) -> out (N, F, H2, W2) and the cache.

    H2 = (H - 1)*stride + HH - 2*pad, likewise W2: the size from which a convolution would make H.
    pad is cut off the output's border. ValueError where shapes do not match or nothing is left.

    Source: Dumoulin, Visin: A guide to convolution arithmetic for deep learning (2016), 4.
    """
    x, w, b, out_shape = shapes.transposed_convolution(x, w, b, stride, pad)
    windows = Windows(out_shape, *w.shape[2:], stride, pad, filters=len(w))
    w_rows = windows.filter_rows(w, np.zeros(len(w), w.dtype))  # b has to do with the output
    out = np.zeros(out_shape, x.dtype)
    for tile, cols in windows.room_by_tile(x.dtype):
        spread(w_rows.swapaxes(1, 2), windows.read(x, tile), windows.slabs(cols), cols)
        windows.add_columns(cols, out, tile)
    out += b[:, np.newaxis, np.newaxis]
    return out, (x, w_rows, windows, out_shape)


def transposed_conv_backward(dout, cache):
    """dout (N, F, H2, W2) -> dx (N, C, H, W), dw (C, F, HH, WW), db (F,)."""
    x, w_rows, windows, out_shape = cache
    dout = shapes.gradient(dout, out_shape, x.dtype)
    dx, dw = np.empty(x.shape, x.dtype), np.zeros(w_rows.swapaxes(1, 2).shape, x.dtype)
    for tile, cols in windows.columns_by_tile(dout):
        products = windows.read(dx, tile)
        multiply(w_rows, windows.slabs(cols), products)
        windows.write(products, dx, tile)
        add_weights(dw, windows.read(x, tile), windows.slabs(cols))
    return dx, windows.from_rows(dw.swapaxes(1, 2)), dout.sum(axis=(0, 2, 3))
