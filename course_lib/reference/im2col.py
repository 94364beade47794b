"""im2col: lay every window of an image out as a column, and convolution is a matrix product.

`im2col` and its adjoint `col2im` make the one big column matrix of the CS231n notes, which takes
HH*WW times the room of the input. The layers make its columns a tile at a time: see `windows.py`.
"""

import numpy as np

from course_lib.reference import shapes
from course_lib.reference.windows import Windows


def im2col(x, HH, WW, stride, pad):
    """x (N, C, H, W) -> columns (C*HH*WW, N*H2*W2), one for each window.

    The windows are ordered image by image, and row by row within an image. ValueError where they
    do not fit.

    Source: CS231n notes, convolutional networks, "Implementation as Matrix Multiplication".
    """
    x = shapes.array("x", x, "N, C, H, W")
    windows = Windows(x.shape, HH, WW, stride, pad)
    N, C, rows, columns = windows.N, windows.C, windows.rows, windows.columns
    cols = np.empty((C, HH, WW, N, 1, rows, columns), x.dtype)
    windows.fill(cols.transpose(3, 4, 1, 0, 2, 5, 6), x, windows.whole)
    return cols.reshape(C * HH * WW, N * rows * columns)


def col2im(cols, x_shape, HH, WW, stride, pad):
    """The adjoint of im2col: columns (C*HH*WW, N*H2*W2) -> (N, C, H, W).

    Each number is added to the place that im2col read it from. ValueError for other shapes.
    """
    windows = Windows(x_shape, HH, WW, stride, pad)
    N, C, rows, columns = windows.N, windows.C, windows.rows, windows.columns
    cols = shapes.columns(cols, (C * HH * WW, N * rows * columns))
    values = cols.reshape(C, HH, WW, N, 1, rows, columns).transpose(3, 4, 1, 0, 2, 5, 6)
    dx = np.zeros(x_shape, cols.dtype)
    windows.add(values.copy(), dx, windows.whole)
    return dx
