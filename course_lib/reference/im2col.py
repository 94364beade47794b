"""im2col: lay every window of an image out as a column, and convolution is a matrix product.

`im2col` and its adjoint `col2im` make the one big column matrix of the CS231n notes. The layers
use `Windows` instead, which does the same for one small tile of the batch at a time: the columns
of a tile stay in the processor's cache until they are multiplied, and they need about a megabyte
where the big matrix is HH*WW times as large as the input.
"""

from math import gcd

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import shapes

TILE_BYTES = 2**21


def im2col(x, HH, WW, stride, pad):
    """x (N, C, H, W) -> columns (C*HH*WW, N*H2*W2), one for each window.

    The windows are ordered image by image, and row by row within an image. ValueError where they
    do not fit.

    Source: CS231n notes, convolutional networks, "Implementation as Matrix Multiplication".
    """
    x = shapes.array("x", x, "N, C, H, W")
    windows = Windows(x.shape, HH, WW, stride, pad)
    view = windows.view(windows.padded(x, windows.whole))
    return view.transpose(1, 2, 3, 0, 4, 5).reshape(windows.size, windows.count)


def col2im(cols, x_shape, HH, WW, stride, pad):
    """The adjoint of im2col: columns (C*HH*WW, N*H2*W2) -> (N, C, H, W).

    Each number is added to the place that im2col read it from. ValueError for other shapes.
    """
    windows = Windows(x_shape, HH, WW, stride, pad)
    cols = shapes.columns(cols, (windows.size, windows.count))
    cols = cols.copy().reshape(windows.C, HH, WW, windows.N, windows.rows, windows.columns)
    dx = np.zeros(x_shape, cols.dtype)
    windows.add(cols.transpose(3, 0, 1, 2, 4, 5), dx, windows.whole)
    return dx


class Windows:
    """The windows of HH x WW pixels that a filter sees in images of shape (N, C, H, W).

    `rows` x `columns` windows fit into an image: the height and width of the output. One of them
    holds `size` numbers, C*HH*WW. A tile is a pair of slices, (images, rows of windows).
    ValueError where the windows do not fit.
    """

    def __init__(self, x_shape, HH, WW, stride, pad=0, dilation=1):
        self.rows, self.columns = shapes.window_grid(x_shape, HH, WW, stride, pad, dilation)
        self.x_shape = self.N, self.C, self.H, self.W = x_shape
        self.HH, self.WW, self.stride, self.pad, self.dilation = HH, WW, stride, pad, dilation
        self.span = (HH - 1) * dilation + 1, (WW - 1) * dilation + 1
        self.size = self.C * HH * WW
        self.count = self.N * self.rows * self.columns
        self.whole = slice(0, self.N), slice(0, self.rows)

    def tiles(self, bytes_per_row):
        """Cut the batch into tiles of about TILE_BYTES: several images, or some rows of one."""
        rows = max(1, TILE_BYTES // max(1, bytes_per_row))
        images = max(1, rows // self.rows)
        rows = -(-self.rows // -(-self.rows // rows))
        for n in range(0, self.N, images):
            for r in range(0, self.rows, rows):
                yield slice(n, min(n + images, self.N)), slice(r, min(r + rows, self.rows))

    def columns_by_tile(self, x, bytes_per_row):
        """For each tile of x yield it and its windows as columns (images, C*HH*WW, windows).

        The columns of all tiles share one buffer: the next tile overwrites them.
        """
        buffer = None
        for tile in self.tiles(bytes_per_row):
            view = self.view(self.padded(x, tile))
            if buffer is None:
                buffer = np.empty(view.size, x.dtype)
            cols = buffer[: view.size].reshape(view.shape)
            np.copyto(cols, view)
            yield tile, cols.reshape(len(view), self.size, view.shape[4] * view.shape[5])

    def add(self, cols, dx, tile):
        """The adjoint of reading columns: add each number of a tile's columns to its place in dx.

        cols (images, C, HH, WW, rows, columns) or of a shape that reshapes to it.
        """
        shape, inside, part = self.locate(tile)
        rows = tile[1].stop - tile[1].start
        cols = cols.reshape(shape[0], self.C, self.HH, self.WW, rows, self.columns)
        padded = np.zeros(shape, dx.dtype)
        view = self.view(padded)
        # Row i of a window is row i - stride of the next window down: it is added to that one, so
        # that the first rows remain, and of the other rows those of the last windows.
        step = self.stride // gcd(self.stride, self.dilation)
        ahead = step * self.dilation // self.stride
        for i in range(self.HH - 1, step - 1, -1):
            cols[:, :, i - step, :, ahead:] += cols[:, :, i, :, :-ahead]
        for j in range(self.WW):
            if j < step:  # these pixels are in one window each, nothing has come to them so far
                view[:, :, :step, j] = cols[:, :, :step, j]
            else:
                view[:, :, :step, j] += cols[:, :, :step, j]
            view[:, :, step:, j, -ahead:] += cols[:, :, step:, j, -ahead:]
        dx[part] += padded[inside]

    def view(self, padded):
        """All windows of padded images, (N, C, HH, WW, rows, columns), without copying them."""
        s, d = self.stride, self.dilation
        view = sliding_window_view(padded, self.span, axis=(2, 3), writeable=True)
        return view[:, :, ::s, ::s, ::d, ::d].transpose(0, 1, 4, 5, 2, 3)

    def padded(self, x, tile):
        """What the windows of a tile see of x, with zeros where the padding is."""
        shape, inside, part = self.locate(tile)
        if self.pad == 0:
            return x[part]
        padded = np.zeros(shape, x.dtype)
        padded[inside] = x[part]
        return padded

    def locate(self, tile):
        """The shape of a tile's padded input, where x lies inside it, and which part of x."""
        images, rows = tile
        top = rows.start * self.stride - self.pad
        bottom = (rows.stop - 1) * self.stride + self.span[0] - self.pad
        first, last = (min(max(row, 0), self.H) for row in (top, bottom))
        shape = images.stop - images.start, self.C, bottom - top, self.W + 2 * self.pad
        inside = ..., slice(first - top, last - top), slice(self.pad, self.pad + self.W)
        return shape, inside, (images, slice(None), slice(first, last))


def at(tile, maps):
    """The part of maps (N, F, rows, columns) in a tile, as a view (images, F, windows)."""
    images, rows = tile
    part = maps[images, :, rows]
    return part.reshape(*part.shape[:2], part.shape[2] * part.shape[3])
