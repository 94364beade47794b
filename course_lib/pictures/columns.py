"""im2col as a picture: every window becomes a column, the filters become rows."""

import numpy as np

from course_lib.arithmetic import conv_output_size
from course_lib.pictures.picture import (
    FILTER,
    INPUT,
    OUTPUT,
    PADDING,
    WINDOW,
    Picture,
    drawing,
)
from course_lib.pictures.scene import Scene, number, table, tint
from course_lib.pictures.windows import padded
from course_lib.reference.convolution import conv_forward
from course_lib.reference.im2col import im2col as reference_im2col

MOST_ROWS = 27
MOST_COLUMNS = 16
CHANNELS = [INPUT, FILTER, WINDOW]


@drawing
def im2col(x, HH, WW, stride=1, pad=0, window=0):
    """One image x (C, H, W) or (H, W) and its column matrix, (C*HH*WW, H2*W2).

    `window` is the number of the window that is marked in both. ValueError where the windows do
    not fit, there is no such window, or the matrix is too large to print.
    """
    x = np.asarray(x)
    x = x[None] if x.ndim == 2 else x
    cols = reference_im2col(x[None], HH, WW, stride, pad)
    if cols.shape[0] > MOST_ROWS or cols.shape[1] > MOST_COLUMNS or len(x) > len(CHANNELS):
        raise ValueError(
            f"the column matrix of x {x.shape} is {cols.shape}, too large to print; give at most "
            f"{len(CHANNELS)} channels that make {MOST_ROWS} rows and {MOST_COLUMNS} columns"
        )
    if not 0 <= window < cols.shape[1]:
        raise ValueError(f"there are {cols.shape[1]} windows, from 0; there is no {window}")
    page = padded(x, pad)
    C, rows, columns = page.shape
    row, column = divmod(window, conv_output_size(columns, WW, stride))
    high = rows + 1.2
    at_cols = max(columns, 4) + 4.2
    height = max(C * high, len(cols) + 1.2)
    scene = Scene(at_cols + cols.shape[1] + 0.5, height + 1.9)
    top = 0.6 + (height - C * high) / 2
    for c in range(C):
        y = top + 1.0 + c * high
        scene.text(0.4 + columns / 2, y - 0.45, f"x, channel {c}" if C > 1 else "x")
        _draw_channel(scene, page[c], 0.4, y, x.shape[1:], pad, tint(CHANNELS[c], 0.2))
        corner = 0.4 + column * stride, y + row * stride
        scene.box(*corner, WW, HH, edge=WINDOW, line=2.6, zorder=3)
    top = 1.4 + (height - len(cols) - 1.2) / 2
    middle = top + len(cols) / 2
    scene.arrow((columns + 0.8, middle), (at_cols - 1.5, middle))
    scene.text((columns + at_cols - 0.7) / 2, middle - 0.6, "unroll")
    _draw_columns(scene, cols, at_cols, top, window, HH * WW)
    scene.text(
        scene.width / 2, scene.height - 0.6,
        f"window {window} (row {row}, column {column}) is column {window}: "
        f"{C}·{HH}·{WW} = {len(cols)} numbers", 10,
    )
    alt = (
        f"im2col with a {HH}x{WW} window, stride {stride}, padding {pad}: x of {x.shape} becomes "
        f"a matrix of {cols.shape[0]} rows and {cols.shape[1]} columns, one for each window. "
        f"Column {window} holds window {window}: {', '.join(number(v) for v in cols[:, window])}."
    )
    return Picture(scene.figure, alt, table(cols))


def _draw_channel(scene, values, x, y, shape, pad, colour):
    def fill(i, j):
        return colour if 0 <= i - pad < shape[0] and 0 <= j - pad < shape[1] else PADDING

    scene.grid(values, x, y, fill)


def _draw_columns(scene, cols, x, y, window, rows_per_channel):
    scene.text(x + cols.shape[1] / 2, y - 0.95, f"cols {cols.shape}".replace(", ", " × "))

    def fill(i, j):
        return tint(CHANNELS[i // rows_per_channel], 0.55 if j == window else 0.2)

    scene.grid(cols, x, y, fill)
    scene.box(x + window, y, 1, len(cols), edge=WINDOW, line=2.6, zorder=3)
    for k in range(cols.shape[1]):
        scene.text(x + k + 0.5, y - 0.32, f"{k}", 8)


@drawing
def matrix_product(x, w, stride=1, pad=0):
    """A convolution as one matrix product, drawn to scale with its shapes.

    x (N, C, H, W) and w (F, C, HH, WW); only their shapes matter. ValueError where they do not
    match or the windows do not fit.
    """
    x, w = np.asarray(x), np.asarray(w)
    out, _ = conv_forward(x, w, np.zeros(len(w)), stride, pad)
    places = out.shape[0] * out.shape[2] * out.shape[3]
    size = w[0].size
    sizes = {"filters": len(w), "numbers": size, "places": places}
    scale = {name: _length(value, sizes.values()) for name, value in sizes.items()}
    F, size_drawn, places_drawn = scale["filters"], scale["numbers"], scale["places"]
    high = max(F, size_drawn)
    scene = Scene(size_drawn + 2 * places_drawn + 6, high + 3.4)
    middle = 1.0 + high / 2
    at = 0.8
    for name, sign, wide, tall, rows, across, colour in (
        ("filters, one a row", "×", size_drawn, F, len(w), size, FILTER),
        ("windows, one a column", "=", places_drawn, size_drawn, size, places, WINDOW),
        ("output", "", places_drawn, F, len(w), places, OUTPUT),
    ):
        scene.box(at, middle - tall / 2, wide, tall, tint(colour, 0.3), colour)
        scene.text(at + wide / 2, middle, f"{rows} × {across}", 10.5, weight="bold")
        scene.text(at + wide / 2, middle + high / 2 + 0.6, name)
        at += wide + 2.2
        scene.text(at - 1.1, middle, sign, 15)
    shape = " × ".join(str(n) for n in out.shape)
    scene.text(scene.width / 2, scene.height - 0.6, f"then reshaped to the output's {shape}")
    alt = (
        f"Convolution as a matrix product: filters [{len(w)} x {size}] times windows "
        f"[{size} x {places}] gives [{len(w)} x {places}], reshaped to {out.shape}."
    )
    return Picture(scene.figure, alt)


def _length(value, values):
    """A side's length on the page: longer for more, but never out of sight (cube root)."""
    return max(2.8, 7.5 * (value / max(values)) ** (1 / 3))
