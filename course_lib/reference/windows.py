"""The columns that layers multiply: those of a tile of the batch, without what they have in common.

The columns of a tile stay in the processor's cache until they are multiplied, and take a megabyte
and a half where the matrix that `im2col` makes takes HH*WW times as much as the input. And most
rows of a window are rows of the windows below it, too: they are copied once, and `Windows.slabs`
finds them there.
"""

from math import gcd

import numpy as np

from course_lib.reference import shapes

TILE_BYTES = 25 * 2**16


class Windows:
    """The windows of HH x WW pixels that filters see in images of shape (N, C, H, W).

    `rows` x `columns` windows fit into an image: the height and width of the output. A tile is a
    pair of slices, (images, rows of windows). Its columns have the axes (images, groups, numbers of
    a column, windows). A column holds a one, which the bias is multiplied with, and its window.

    Where that is less work, filters are `cut` into slabs of `slab` rows, each with all channels. A
    column holds only the first slab of its window, and `slabs` finds the others.

    A layer multiplies the columns of a tile image by image. Only where an image has fewer windows
    than there are filters would these products be so thin that the images of a tile are `merged`
    into one. Merged columns, and those that are `pointwise`, x itself, have no ones.

    ValueError where the windows do not fit.
    """

    def __init__(self, x_shape, HH, WW, stride, pad=0, dilation=1, groups=1, filters=0):
        self.rows, self.columns = shapes.window_grid(x_shape, HH, WW, stride, pad, dilation)
        self.N, self.C, self.H, self.W = x_shape
        self.HH, self.WW, self.stride, self.pad, self.dilation = HH, WW, stride, pad, dilation
        self.groups, self.filters = groups, filters
        self.merged = self.rows * self.columns < filters
        self.pointwise = (HH, WW, stride, pad) == (1, 1, 1, 0) and not self.merged
        self.ones = 0 if self.merged or self.pointwise else 1
        self.whole = slice(0, self.N), slice(0, self.rows)
        # Row i of a window is row i - step of the window that is `ahead` further down.
        self.step = stride // gcd(stride, dilation)
        self.ahead = self.step * dilation // stride
        self.row_size = self.C // groups * WW
        self.slab = HH
        if filters and WW > 1 and not self.merged:
            # A product more must not have more numbers than the rows that it saves to copy. (Rows
            # of one pixel are copied faster than anything.)
            enough = filters // (groups * self.step * self.row_size) + 1
            self.slab = min(HH, self.step * enough)
        self.cut = self.slab < HH
        # For each pixel of a window, from left to right: see `inside`.
        self.across = [self.inside(j, 0, self.columns, self.W) for j in range(WW)]
        self.down = self.slab // self.step * self.ahead
        self.extra = (HH - 1) // self.slab * self.down

    def slabs(self, cols):
        """Pairs: numbers of a filter, as a slice, and the part of cols that they meet.

        What follows the first slab of a window is the first slab of the window that is `down`
        further down. So slab k of a filter is multiplied with columns that begin k * down rows of
        windows later, and the sum of these products is the layer's. For the last windows of a tile
        its columns go on for `extra` rows of windows.
        """
        length, size = self.slab * self.row_size, self.HH * self.row_size
        count = cols.shape[3] - self.extra * self.columns
        for k in range(-(-self.HH // self.slab)):
            start = self.ones + k * length if k else 0  # only the first slab has the ones
            stop = self.ones + min((k + 1) * length, size)
            first = k * self.down * self.columns
            rows = slice(start - k * length, stop - k * length)
            yield slice(start, stop), cols[:, :, rows, first : first + count]

    def filter_rows(self, w, b):
        """w (F, C/groups, HH, WW), b (F,) -> (groups, F/groups, numbers), ordered like columns.

        b is left out where columns have no ones.
        """
        w = w.swapaxes(1, 2) if self.cut else w
        rows = w.reshape(self.groups, len(w) // self.groups, self.HH * self.row_size)
        if self.ones:
            rows = np.concatenate((b.reshape(self.groups, -1, 1), rows), axis=2)
        return rows

    def from_rows(self, rows):
        """The way back from what `filter_rows` gives to w, without b."""
        rows, share = rows[:, :, self.ones :], self.C // self.groups
        if self.cut:
            return rows.reshape(-1, self.HH, share, self.WW).swapaxes(1, 2)
        return rows.reshape(-1, share, self.HH, self.WW)

    def tiles(self, itemsize):
        """Cut the batch into tiles of about TILE_BYTES: several images, or some rows of one."""
        pixels = self.stride * (self.W + 2 * self.pad)
        numbers = self.groups * self.slab * self.row_size * self.columns
        numbers = max(numbers, self.filters * self.columns, self.C * pixels)
        rows = TILE_BYTES / (numbers * itemsize)
        images = max(1, int(rows / (self.rows + self.extra)))
        shares = max(1, round(self.rows / max(1, rows - self.extra)))
        rows = -(-self.rows // shares)  # equal shares of one image
        for n in range(0, self.N, images):
            for r in range(0, self.rows, rows):
                yield slice(n, min(n + images, self.N)), slice(r, min(r + rows, self.rows))

    def room_by_tile(self, dtype):
        """For each tile yield it and room for its columns, which the next tile uses again."""
        length, buffer = self.ones + self.slab * self.row_size, None
        for tile in self.tiles(dtype.itemsize):
            images, rows = (part.stop - part.start for part in tile)
            size = images * self.groups * length * (rows + self.extra) * self.columns
            if buffer is None:
                buffer = np.empty(size, dtype)
            yield tile, buffer[:size].reshape(1 if self.merged else images, self.groups, length, -1)

    def columns_by_tile(self, x):
        """For each tile of x yield it and its columns, which the next tile overwrites.

        Where a window is one pixel they are x itself, and nobody may write to them.
        """
        if self.pointwise:
            for tile in self.tiles(x.itemsize):
                yield tile, self.read(x, tile)
            return
        for tile, cols in self.room_by_tile(x.dtype):
            cols[:, :, : self.ones] = 1
            self.fill(self.unfold(cols, tile), x, tile)
            yield tile, cols

    def add_columns(self, cols, dx, tile):
        """The adjoint of reading columns: add those of a tile to dx, where they came from.

        dx is 0 before the first tile; cols is used up.
        """
        self.add(self.unfold(cols, tile), dx, tile)

    def fill(self, values, x, tile):
        """Put the pixels of a tile's windows into values, and 0 where the padding is."""
        maps, step, ahead = self.grouped(x, tile), self.step, self.ahead
        for j, (columns, _) in enumerate(self.across):
            values[..., j, :, : columns.start] = values[..., j, :, columns.stop :] = 0
        for i in range(self.slab):
            part, rows, y = self.part(i, values, tile)
            part[..., : rows.start, :] = part[..., rows.stop :, :] = 0
            part, pixels = part[..., rows, :], maps[..., y, :]
            for j, (columns, z) in enumerate(self.across):
                part[..., j, :, columns] = pixels[..., z]
        for i in range(step, self.slab):  # a row that a window further down has, too
            values[:, :, i, ..., :-ahead, :] = values[:, :, i - step, ..., ahead:, :]

    def add(self, values, dx, tile):
        """The adjoint of `fill`: add values to their pixels of dx. values is used up."""
        maps, step, ahead = self.grouped(dx, tile), self.step, self.ahead
        for i in reversed(range(step, self.slab)):
            values[:, :, i - step, ..., ahead:, :] += values[:, :, i, ..., :-ahead, :]
        alone = tile[1] == self.whole[1]  # no other tile has rows of these images
        for i in range(self.slab):
            part, rows, y = self.part(i, values, tile)
            part, pixels = part[..., rows, :], maps[..., y, :]
            for j, (columns, z) in enumerate(self.across):
                if alone and i < step and j < step:  # nothing has come to these pixels so far
                    pixels[..., z] = part[..., j, :, columns]
                else:
                    pixels[..., z] += part[..., j, :, columns]

    def part(self, i, values, tile):
        """Row i of a tile's windows, (images, groups, C/groups, WW, rows, columns).

        Of a row that the window `ahead` further down has, too, it is only that of the last windows.
        Returns this part of values, and the two slices of `inside`.
        """
        part = values[:, :, i]
        if i >= self.step:
            part = part[..., -self.ahead :, :]
        first = tile[1].stop + self.extra - part.shape[4]
        return part, *self.inside(i, first, part.shape[4], self.H)

    def inside(self, i, first, count, size):
        """Which of `count` windows from `first` on have their pixel i inside x, not in the padding.

        Along one axis, on which x has `size` pixels. Returns a slice of these windows, counted from
        `first`, and one of their pixels of x.
        """
        pixel = first * self.stride + i * self.dilation - self.pad  # that of the first window
        start = max(0, -(pixel // self.stride))
        stop = max(start, min(count, -((pixel - size) // self.stride)))
        pixels = slice(pixel + start * self.stride, pixel + stop * self.stride, self.stride)
        return slice(start, stop), pixels

    def grouped(self, maps, tile):
        """A view of the images of a tile, (images, groups, C/groups, H, W)."""
        maps = maps[tile[0]]
        return maps.reshape(len(maps), self.groups, self.C // self.groups, self.H, self.W)

    def unfold(self, cols, tile):
        """A view of a tile's columns, without the ones.

        Its axes are (images, groups, slab, C/groups, WW, rows, columns): the pixel of a slab before
        the window.
        """
        images, cols = tile[0].stop - tile[0].start, cols[:, :, self.ones :]
        share = self.C // self.groups
        order = (self.slab, share) if self.cut else (share, self.slab)
        numbers = self.groups, *order, self.WW
        if self.merged:
            cols = np.moveaxis(cols.reshape(*numbers, images, -1, self.columns), 4, 0)
        else:
            cols = cols.reshape(images, *numbers, -1, self.columns)
        return cols if self.cut else cols.swapaxes(2, 3)

    def read(self, maps, tile):
        """A tile of maps (N, F, rows, columns) as (images or 1, groups, F/groups, windows).

        It is a view of contiguous maps, and a copy where images are merged.
        """
        part = maps[tile[0], :, tile[1]]
        images, F, rows, columns = part.shape
        if self.merged:
            part, images, rows = part.swapaxes(0, 1), 1, images * rows
        return part.reshape(images, self.groups, F // self.groups, rows * columns)

    def write(self, values, maps, tile):
        """Put back what `read` gave, with new values. A view needs no more than to be changed."""
        if self.merged:
            part = maps[tile[0], :, tile[1]].swapaxes(0, 1)
            part[...] = values.reshape(part.shape)
