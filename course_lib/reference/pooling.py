"""Pooling: each window of each map becomes one number, its maximum, average or L2 norm.

Windows may have any shape and may overlap; there is no padding and nothing to learn. Channels do
not mix, so the layers see a batch of N*C separate maps, and work on a tile of maps at a time: what
is read several times then stays in the processor's cache.

Source: CS231n notes, convolutional networks, "Pooling Layer".
"""

from functools import reduce

import numpy as np

from course_lib.reference import shapes

TILE_BYTES = 2**20


def max_pool_forward(x, pool_height, pool_width, stride):
    """x (N, C, H, W) -> the maximum of each window, (N, C, H2, W2), and the cache.

    H2 = (H - pool_height)/stride + 1, likewise W2. ValueError where the windows do not fit.
    """
    windows = PoolWindows(x, pool_height, pool_width, stride)
    out = windows.reduce(np.maximum)
    return out.reshape(windows.out_shape), (windows, out)


def max_pool_backward(dout, cache):
    """dout (N, C, H2, W2) -> dx (N, C, H, W): a window's gradient goes to its maximum.

    Of several equal maxima the first in the window, row by row, gets all of it. A pixel that is
    the maximum of several windows collects from each of them.
    """
    windows, out = cache
    dout = windows.gradient(dout)
    dx = np.zeros(windows.maps.shape, windows.maps.dtype)
    corners, offsets = windows.places()
    for tile in windows.tiles():
        places = offsets.take(windows.first_equal(windows.maps[tile], out[tile]))
        places += corners[: len(places)]
        pixels = dx[tile].reshape(-1)
        np.add.at(pixels, places.reshape(-1)[::-1], dout[tile].reshape(-1)[::-1])
    return dx.reshape(windows.x_shape)


def avg_pool_forward(x, pool_height, pool_width, stride):
    """x (N, C, H, W) -> the average of each window, (N, C, H2, W2), and the cache.

    Sizes and errors as for `max_pool_forward`.
    """
    windows = PoolWindows(x, pool_height, pool_width, stride)
    out = windows.reduce(np.add)
    out /= pool_height * pool_width
    return out.reshape(windows.out_shape), windows


def avg_pool_backward(dout, cache):
    """dout (N, C, H2, W2) -> dx (N, C, H, W): each pixel of a window gets an equal share."""
    windows = cache
    dout = windows.gradient(dout)
    dx = np.zeros_like(windows.maps)
    for tile in windows.tiles():
        share = dout[tile] / (windows.height * windows.width)
        for (dpixel,) in windows.pixels(dx[tile]):
            dpixel += share
    return dx.reshape(windows.x_shape)


def l2_pool_forward(x, pool_height, pool_width, stride):
    """x (N, C, H, W) -> sqrt(sum of squares) of each window, (N, C, H2, W2), and the cache.

    Sizes and errors as for `max_pool_forward`.
    """
    windows = PoolWindows(x, pool_height, pool_width, stride)
    out = windows.reduce(np.hypot)
    np.abs(out, out=out)  # a window of one pixel has met no hypot
    return out.reshape(windows.out_shape), (windows, out)


def l2_pool_backward(dout, cache):
    """dout (N, C, H2, W2) -> dx (N, C, H, W): d sqrt(sum x^2) / dx = x / out.

    Where a whole window is zero there is no gradient; 0 is taken.
    """
    windows, out = cache
    dout = windows.gradient(dout)
    dx = np.zeros_like(windows.maps)
    for tile in windows.tiles():
        ratio = np.divide(dout[tile], out[tile], out=np.zeros_like(out[tile]), where=out[tile] > 0)
        for pixel, dpixel in windows.pixels(windows.maps[tile], dx[tile]):
            dpixel += ratio * pixel
    return dx.reshape(windows.x_shape)


def global_avg_pool_forward(x):
    """x (N, C, H, W) -> the average of each whole map, (N, C), and the cache.

    ValueError for maps without a pixel. Source: Lin, Chen, Yan: Network In Network (2014), 3.2.
    """
    x = shapes.floats("x", x, "N, C, H, W")
    shapes.window_grid(x.shape, *x.shape[2:], stride=1)
    return x.mean(axis=(2, 3)), (x.shape, x.dtype)


def global_avg_pool_backward(dout, cache):
    """dout (N, C) -> dx (N, C, H, W): each pixel of a map gets an equal share."""
    (N, C, H, W), dtype = cache
    share = shapes.gradient(dout, (N, C), dtype) / (H * W)
    return np.repeat(share, H * W, axis=1).reshape(N, C, H, W)


class PoolWindows:
    """The windows of the maps of x: which pixels they hold and how to fold them into one."""

    def __init__(self, x, height, width, stride):
        x = shapes.floats("x", x, "N, C, H, W")
        self.rows, self.columns = shapes.window_grid(x.shape, height, width, stride)
        self.height, self.width, self.stride = height, width, stride
        N, C, H, W = self.x_shape = x.shape
        self.out_shape = (N, C, self.rows, self.columns)
        self.maps = x.reshape(N * C, H, W)
        self.step = max(1, min(N * C, TILE_BYTES // (H * W * x.itemsize)))

    def gradient(self, dout):
        """dout, checked, as maps."""
        dout = shapes.gradient(dout, self.out_shape, self.maps.dtype)
        return dout.reshape(len(self.maps), self.rows, self.columns)

    def tiles(self):
        """Slices of `step` maps, which take about TILE_BYTES."""
        return [slice(n, n + self.step) for n in range(0, len(self.maps), self.step)]

    def pixels(self, *arrays):
        """For each pixel of a window, row by row: views of that pixel in all the windows.

        One view of each of the arrays, which are maps like those of x.
        """
        s = self.stride
        for i in range(self.height):
            for j in range(self.width):
                rows = slice(i, i + s * self.rows, s)
                columns = slice(j, j + s * self.columns, s)
                yield [maps[:, rows, columns] for maps in arrays]

    def first_equal(self, maps, values):
        """Which pixel of each window of `maps` is the first that equals the window's value.

        Pixels are counted row by row. Where none does, which is so for NaN, it is the last one.
        """
        passed = np.zeros(values.shape, np.min_scalar_type(self.height * self.width))
        searching, differs = np.ones(values.shape, bool), np.empty(values.shape, bool)
        *pixels, _ = self.pixels(maps)
        for (pixel,) in pixels:
            searching &= np.not_equal(pixel, values, out=differs)
            passed += searching.view(np.uint8)
        return passed

    def places(self):
        """Where pixels lie in a tile, counted through all its pixels.

        The first pixel of each window, (maps, rows, columns), and how much farther each pixel of a
        window is than its first, (height * width,).
        """
        _, H, W = self.maps.shape
        place = np.arange(self.step * H * W).reshape(self.step, H, W)
        corners, = next(self.pixels(place))
        return corners.copy(), place[0, : self.height, : self.width].reshape(-1)

    def reduce(self, fold):
        """Fold all pixels of each window with a function of two arrays.

        Rows first and then columns: height + width operations instead of height * width.
        """
        s = self.stride
        out = np.empty((len(self.maps), self.rows, self.columns), self.maps.dtype)
        for tile in self.tiles():
            maps = self.maps[tile]
            folded = reduce(fold, (maps[:, i : i + s * self.rows : s] for i in range(self.height)))
            across = (folded[:, :, j : j + s * self.columns : s] for j in range(self.width))
            out[tile] = reduce(fold, across)
        return out
