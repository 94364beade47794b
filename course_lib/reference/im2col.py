"""im2col: lay every window of an image out as a column, and convolution is a matrix product.

`im2col` and its adjoint `col2im` make the one big column matrix of the CS231n notes. The layers
use `Windows` instead, which makes the same columns for one tile of the batch at a time: those of a
tile stay in the processor's cache until they are multiplied, and take a megabyte and a half where
the big matrix takes HH*WW times as much as the input.
"""

from math import gcd

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import shapes

TILE_BYTES = 25 * 2**16


def im2col(x, HH, WW, stride, pad):
    """x (N, C, H, W) -> columns (C*HH*WW, N*H2*W2), one for each window.

    The windows are ordered image by image, and row by row within an image. ValueError where they
    do not fit.

    Source: CS231n notes, convolutional networks, "Implementation as Matrix Multiplication".
    """
    x = shapes.array("x", x, "N, C, H, W")
    windows = whole_batch(x.shape, HH, WW, stride, pad)
    view = windows.view(windows.padded(x, windows.whole))
    cols = np.empty((windows.size, x.shape[0] * windows.rows * windows.columns), x.dtype)
    np.copyto(windows.unfold(cols, view.shape), view)
    return cols


def col2im(cols, x_shape, HH, WW, stride, pad):
    """The adjoint of im2col: columns (C*HH*WW, N*H2*W2) -> (N, C, H, W).

    Each number is added to the place that im2col read it from. ValueError for other shapes.
    """
    windows = whole_batch(x_shape, HH, WW, stride, pad)
    count = windows.N * windows.rows * windows.columns
    cols = shapes.columns(cols, (windows.size, count))
    dx = np.zeros(x_shape, cols.dtype)
    windows.add_columns(cols.copy(), dx, windows.whole)
    return dx


def whole_batch(x_shape, HH, WW, stride, pad):
    """Windows whose columns are those of all images in one matrix."""
    windows = Windows(x_shape, HH, WW, stride, pad)
    windows.merged = True
    return windows


class Windows:
    """The windows of HH x WW pixels that filters see in images of shape (N, C, H, W).

    `rows` x `columns` windows fit into an image: the height and width of the output. One of them
    holds `size` numbers, C*HH*WW. A tile is a pair of slices, (images, rows of windows).

    A layer multiplies the columns of a tile image by image. Only where an image has fewer windows
    than there are filters would these products be so thin that the images of a tile are `merged`
    into one. Either way a tile's columns have three axes: (images or 1, size, windows).

    ValueError where the windows do not fit.
    """

    def __init__(self, x_shape, HH, WW, stride, pad=0, dilation=1, filters=0):
        self.rows, self.columns = shapes.window_grid(x_shape, HH, WW, stride, pad, dilation)
        self.N, self.C, self.H, self.W = x_shape
        self.HH, self.WW, self.stride, self.pad, self.dilation = HH, WW, stride, pad, dilation
        self.span = (HH - 1) * dilation + 1, (WW - 1) * dilation + 1
        self.size = self.C * HH * WW
        self.filters, self.merged = filters, self.rows * self.columns < filters
        self.pointwise = (HH, WW, stride, pad) == (1, 1, 1, 0) and not self.merged
        self.whole = slice(0, self.N), slice(0, self.rows)

    def tiles(self, itemsize):
        """Cut the batch into tiles of about TILE_BYTES: several images, or some rows of one."""
        pixels = self.stride * (self.W + 2 * self.pad)
        numbers = max(self.size * self.columns, self.filters * self.columns, self.C * pixels)
        rows = max(1, TILE_BYTES // (numbers * itemsize))
        images = max(1, rows // self.rows)
        rows = -(-self.rows // -(-self.rows // rows))  # equal shares of one image
        for n in range(0, self.N, images):
            for r in range(0, self.rows, rows):
                yield slice(n, min(n + images, self.N)), slice(r, min(r + rows, self.rows))

    def columns_by_tile(self, x):
        """For each tile of x yield it and its columns, which the next tile overwrites.

        Where a window is one pixel they are x itself, and nobody may write to them.
        """
        buffer = None
        for tile in self.tiles(x.itemsize):
            if self.pointwise:
                yield tile, self.read(x, tile)
                continue
            view = self.view(self.padded(x, tile))
            if buffer is None:
                buffer = np.empty(view.size, x.dtype)
            cols = buffer[: view.size]
            np.copyto(self.unfold(cols, view.shape), view)
            images = 1 if self.merged else len(view)
            del view  # the padded images go before the next tile makes its own
            yield tile, cols.reshape(images, self.size, -1)

    def add_columns(self, cols, dx, tile):
        """The adjoint of reading columns: add those of a tile to dx, where they came from.

        cols is used up.
        """
        shape, inside, part = self.locate(tile)
        padded = np.zeros(shape, dx.dtype)
        view = self.view(padded)
        cols = self.unfold(cols, view.shape)
        # Row i of a window is row i - stride of the next window down: it is added to that one, so
        # that the first rows remain, and of the other rows those of the last windows.
        step = self.stride // gcd(self.stride, self.dilation)
        ahead = step * self.dilation // self.stride
        for i in range(self.HH - 1, step - 1, -1):
            cols[:, :, i - step, :, ahead:] += cols[:, :, i, :, :-ahead]
        for j in range(self.WW):
            if j < step:  # these pixels are in one window each: nothing has come to them so far
                view[:, :, :step, j] = cols[:, :, :step, j]
            else:
                view[:, :, :step, j] += cols[:, :, :step, j]
            view[:, :, step:, j, -ahead:] += cols[:, :, step:, j, -ahead:]
        dx[part] += padded[inside]

    def unfold(self, cols, shape):
        """A view of a tile's columns by (N, C, HH, WW, rows, columns), which `shape` tells."""
        if self.merged:
            return np.moveaxis(cols.reshape(*shape[1:4], shape[0], *shape[4:]), 3, 0)
        return cols.reshape(shape)

    def read(self, maps, tile):
        """A tile of maps (N, F, rows, columns) as (images or 1, F, windows).

        It is a view of contiguous maps, and a copy where images are merged.
        """
        part = maps[tile[0], :, tile[1]]
        images, F, rows, columns = part.shape
        if self.merged:
            return part.swapaxes(0, 1).reshape(1, F, images * rows * columns)
        return part.reshape(images, F, rows * columns)

    def write(self, values, maps, tile):
        """Put back what `read` gave, with new values. A view needs no more than to be changed."""
        if self.merged:
            part = maps[tile[0], :, tile[1]].swapaxes(0, 1)
            part[...] = values.reshape(part.shape)

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
