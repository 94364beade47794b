"""A filter's walk over an image: one step in full, or all steps as a strip."""

import numpy as np

from course_lib.pictures.picture import (
    FILTER,
    INPUT,
    OUTPUT,
    PADDING,
    PAPER,
    WINDOW,
    Picture,
    drawing,
)
from course_lib.pictures.scene import MAX_CELL, Scene, number, table, tint
from course_lib.pictures.windows import padded, windows
from course_lib.reference.convolution import conv_forward

MOST_CELLS = 16
MOST_CHANNELS = 4
MOST_STEPS = 16


@drawing
def filter_step(x, w, b=0.0, stride=1, pad=0, row=0, column=0):
    """One step of a convolution: the window, the filter, their products, the sum, the output.

    x (C, H, W) or (H, W), one image; w (C, HH, WW) or (HH, WW), one filter; b its bias. `row` and
    `column` say which output is being computed. ValueError where shapes do not match, the filter
    does not fit, the output has no such place, or the image is too large to print its numbers.
    """
    walk = Walk(x, w, b, stride, pad)
    walk.corner(row, column)
    patch, products = walk.step(row, column)
    C, HH, WW = walk.w.shape
    rows, columns = walk.padded.shape[1:]
    at_filter = columns + 1.4
    at_products = at_filter + WW + 1.4
    at_output = at_products + WW + 2.2
    high = rows + 1.3
    width = at_output + max(walk.out.shape[1], 3) + 0.4
    scene = Scene(width, C * high + 1.6, MAX_CELL if C == 1 else 0.3)
    for c in range(C):
        top = 1.2 + c * high
        middle = top + rows / 2
        channel = f", channel {c}" if C > 1 else ""
        scene.text(columns / 2 + 0.3, top - 0.5, f"input{channel}")
        walk.draw_input(scene, 0.3, top, c, row, column)
        at = middle - HH / 2
        scene.text(at_filter - 0.5, middle, "×", 14)
        scene.text(at_filter + WW / 2, at - 0.5, "filter")
        scene.grid(walk.w[c], at_filter, at, tint(FILTER, 0.25))
        scene.text(at_products - 0.7, middle, "=", 14)
        scene.text(at_products + WW / 2, at - 0.5, "products")
        scene.grid(products[c], at_products, at, tint(WINDOW, 0.35))
        scene.text(at_products + WW / 2, at + HH + 0.55, f"sum {number(walk.sums[c, row, column])}")
    middle = 1.2 + (C * high - 1.3) / 2
    top = middle - walk.out.shape[0] / 2
    scene.text(at_output + walk.out.shape[1] / 2, top - 0.5, "output")
    scene.grid(
        walk.so_far(row, column), at_output, top,
        lambda i, j: tint(OUTPUT, 0.75) if (i, j) == (row, column) else tint(OUTPUT, 0.18),
    )
    scene.arrow((at_products + WW + 0.4, middle), (at_output - 0.3, middle))
    scene.text(scene.width / 2, scene.height - 0.55, walk.sentence(row, column))
    return Picture(scene.figure, walk.alt(row, column), _step_in_words(walk, patch, products))


@drawing
def filter_walk(x, w, b=0.0, stride=1, pad=0):
    """All steps of one filter over one small image of one channel, as a strip.

    x (H, W), w (HH, WW), b the bias. ValueError where the filter does not fit, or where there are
    more than 16 steps.
    """
    walk = Walk(x, w, b, stride, pad)
    rows, columns = walk.out.shape
    if walk.out.size > MOST_STEPS or len(walk.x) > 1:
        raise ValueError(
            f"{len(walk.x)} channel(s) and an output of {rows}x{columns} make too many steps for "
            f"one page; give one channel and at most {MOST_STEPS} outputs, or use filter_step"
        )
    high, wide = walk.padded.shape[1] + 1.6, walk.padded.shape[2] + 1.2
    filter_rows, filter_columns = walk.w.shape[1:]
    left = max(filter_columns, columns, 4 if walk.b else 0) + 1.6
    scene = Scene(left + columns * wide, max(rows * high, filter_rows + rows + 4.2) + 0.3)
    scene.text(0.4 + filter_columns / 2, 0.7, "filter")
    scene.grid(walk.w[0], 0.4, 1.2, tint(FILTER, 0.25))
    if walk.b:
        scene.text(0.4, filter_rows + 1.7, f"bias {number(walk.b)}", ha="left")
    scene.text(0.4 + columns / 2, filter_rows + 2.9, "output")
    scene.grid(walk.out, 0.4, filter_rows + 3.4, tint(OUTPUT, 0.35))
    for i in range(rows):
        for j in range(columns):
            x0, y0 = left + j * wide, 0.4 + i * high
            walk.draw_input(scene, x0, y0, 0, i, j)
            scene.text(
                x0 + walk.padded.shape[2] / 2, y0 + walk.padded.shape[1] + 0.55,
                f"row {i}, column {j}: {number(walk.out[i, j])}", 9,
            )
    alt = (
        f"A {filter_rows}x{filter_columns} filter walks over an input of "
        f"{walk.x.shape[1]}x{walk.x.shape[2]} with stride {stride} and padding {pad} in "
        f"{walk.out.size} steps; the output is {rows}x{columns}."
    )
    steps = [walk.alt(i, j) for i in range(rows) for j in range(columns)]
    return Picture(scene.figure, alt, "\n".join([*steps, "Output:", table(walk.out, "  ")]))


class Walk:
    """One filter, one image, and the output that the reference computes from them."""

    def __init__(self, x, w, b, stride, pad):
        self.x, self.w = _with_channels("x", x), _with_channels("w", w)
        self.b, self.stride, self.pad = float(b), stride, pad
        out, _ = conv_forward(self.x[None], self.w[None], np.array([self.b]), stride, pad)
        # Each channel's part of the sum: a convolution in as many groups as there are channels.
        C = len(self.x)
        sums, _ = conv_forward(self.x[None], self.w[:, None], np.zeros(C), stride, pad, groups=C)
        self.out, self.sums = out[0, 0], sums[0]
        self.padded = padded(self.x, pad)
        self.patches = windows(self.x, *self.w.shape[1:], stride, pad, self.out.shape)
        if max(self.padded.shape) > MOST_CELLS or len(self.x) > MOST_CHANNELS:
            raise ValueError(
                f"an image of {self.x.shape} with padding {pad} is too large to print its "
                f"numbers; give at most {MOST_CHANNELS} channels of {MOST_CELLS}x{MOST_CELLS}"
            )

    def corner(self, row, column):
        """Where the window of an output starts, in the padded image."""
        if not (0 <= row < self.out.shape[0] and 0 <= column < self.out.shape[1]):
            raise ValueError(
                f"the output is {self.out.shape[0]}x{self.out.shape[1]}, so there is no row {row}, "
                f"column {column}; both count from 0"
            )
        return row * self.stride, column * self.stride

    def step(self, row, column):
        """The window's numbers and their products with the filter, both (C, HH, WW)."""
        patch = self.patches[..., row, column]
        return patch, patch * self.w

    def so_far(self, row, column):
        """The output up to this step; NaN where nothing has been computed yet."""
        seen = self.out.astype(np.float64).ravel()
        seen[row * self.out.shape[1] + column + 1 :] = np.nan
        return seen.reshape(self.out.shape)

    def draw_input(self, scene, x, y, channel, row, column):
        def fill(i, j):
            inside = top <= i < top + self.w.shape[1] and left <= j < left + self.w.shape[2]
            if not (0 <= i - self.pad < self.x.shape[1] and 0 <= j - self.pad < self.x.shape[2]):
                return tint(WINDOW, 0.5) if inside else PADDING
            return tint(WINDOW, 0.35) if inside else PAPER

        top, left = self.corner(row, column)
        scene.grid(self.padded[channel], x, y, fill)
        size = self.x.shape[2], self.x.shape[1]
        scene.box(x + self.pad, y + self.pad, *size, edge=INPUT, line=1.4)
        scene.box(
            x + left, y + top, self.w.shape[2], self.w.shape[1], edge=WINDOW, line=2.6, zorder=3
        )

    def sentence(self, row, column):
        """sum + bias = output, as a line of arithmetic."""
        sums = [number(part) for part in self.sums[:, row, column]]
        total = " + ".join([sums[0], *(f"({s})" if s[0] == "-" else s for s in sums[1:])])
        return f"{total} + bias {number(self.b)} = {number(self.out[row, column])}"

    def alt(self, row, column):
        top, left = self.corner(row, column)
        return (
            f"Output row {row}, column {column}: the window covers rows {top} to "
            f"{top + self.w.shape[1] - 1} and columns {left} to {left + self.w.shape[2] - 1} of "
            f"the {'padded ' if self.pad else ''}input; {self.w.size} products sum to "
            f"{number(self.sums[:, row, column].sum())}, plus bias {number(self.b)} is "
            f"{number(self.out[row, column])}."
        )


def _with_channels(name, value):
    value = np.asarray(value)
    value = value[None] if value.ndim == 2 else value
    if value.ndim != 3 or value.size == 0:
        raise ValueError(
            f"{name} has shape {value.shape}; a walk is drawn for one image and one filter, "
            f"(C, height, width) or (height, width)"
        )
    return value


def _step_in_words(walk, patch, products):
    lines = []
    for c in range(len(patch)):
        channel = f", channel {c}" if len(patch) > 1 else ""
        for name, values in (("window", patch), ("filter", walk.w), ("products", products)):
            lines.append(f"{name}{channel}:\n{table(values[c], '  ')}")
    return "\n".join([*lines, "output:", table(walk.out, "  ")])
