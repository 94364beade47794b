"""Tiny worlds of lesson 06: windows as columns and back, convolution as one product."""

import math

from course_lib.judging.explain.world import Fact, World
from course_lib.worlds import _windows as win

SETTINGS = {**win.NUMBERS, **win.WINDOWS, **win.PADDED}
SIZES = "{HH}, {WW}, {stride}, {pad}"


def column_shape(t):
    return t.C * t.HH * t.WW, t.N * t.rows * t.columns


im2col = World(
    "im2col", SETTINGS, larger=win.LARGER_PADDED, allowed=win.fits, sizes=win.sizes,
    arguments=lambda t: (t.x, t.HH, t.WW, t.stride, t.pad), call=f"im2col({{x}}, {SIZES})",
    facts=win.COLUMNS, shapes=lambda t: {"x": win.images(t)}, kept=("x",),
    amount=lambda t: math.prod(win.images(t)) + math.prod(column_shape(t)),
    terms={"cols": (("x",), ())})

col2im = World(
    "col2im", SETTINGS, larger=win.LARGER_PADDED, allowed=win.fits, sizes=win.sizes,
    arguments=lambda t: (t.cols, win.images(t), t.HH, t.WW, t.stride, t.pad),
    call=f"col2im({{cols}}, {{x_shape}}, {SIZES})", facts=win.COLUMNS,
    shapes=lambda t: {"cols": column_shape(t)}, kept=("cols",),
    words=lambda t: {"x_shape": win.images(t)},
    terms={"the image": (("cols",), ())})

output_from_product = World(
    "output_from_product", {"N": (1, 2, 3), "F": (1, 2), "H2": (1, 2), "W2": (1, 2)},
    larger={"N": (1, 3, 4), "F": (1, 3), "H2": (1, 3, 4), "W2": (1, 3, 5)},
    arguments=lambda t: (t.product, t.N, t.H2, t.W2),
    call="output_from_product({product}, {N}, {H2}, {W2})",
    facts=(win.IMAGES, win.FILTERS, Fact("H2 and W2 differ", "H2 = W2", lambda t: t.H2 != t.W2),
           Fact("there are several places", "there is one place", lambda t: t.H2 * t.W2 > 1),
           Fact("H2 is more than 1", "H2 is 1", lambda t: t.H2 > 1),
           Fact("W2 is more than 1", "W2 is 1", lambda t: t.W2 > 1), win.NF),
    shapes=lambda t: {"product": (t.F, t.N * t.H2 * t.W2)}, kept=("product",),
    terms={"out": (("product",), ())})

pixels_of_weight = World(
    "pixels_of_weight", {"N": (1, 2), "C": (1, 2), "di": (0, 1, 2), "dj": (0, 1, 2),
                         "H2": (1, 2), "W2": (1, 2), "stride": (1, 2), "more": (0, 1)},
    larger={"N": (1, 3), "C": (1, 3), "di": (0, 2, 3), "dj": (0, 1, 3), "H2": (1, 3), "W2": (2, 4),
            "stride": (1, 3), "more": (0, 2)},
    arguments=lambda t: (t.x, t.di, t.dj, t.H2, t.W2, t.stride),
    call="pixels_of_weight({x}, {di}, {dj}, {H2}, {W2}, {stride})",
    facts=(win.STRIDE, Fact("di is not 0", "di is 0", lambda t: t.di),
           Fact("dj is not 0", "dj is 0", lambda t: t.dj), win.IMAGES, win.CHANNELS,
           Fact("di is less than stride", "di is at least stride", lambda t: t.di < t.stride),
           Fact("dj is less than stride", "dj is at least stride", lambda t: t.dj < t.stride),
           Fact("di and dj differ", "di = dj", lambda t: t.di != t.dj),
           Fact("H2 and W2 differ", "H2 = W2", lambda t: t.H2 != t.W2),
           Fact("H2 is more than 1", "H2 is 1", lambda t: t.H2 > 1),
           Fact("W2 is more than 1", "W2 is 1", lambda t: t.W2 > 1),
           Fact("there are pixels beyond the last window", "the last window ends the image",
                lambda t: t.more)),
    shapes=lambda t: {"x": (t.N, t.C, t.di + (t.H2 - 1) * t.stride + 1 + t.more,
                            t.dj + (t.W2 - 1) * t.stride + 1 + t.more)},
    kept=("x",), terms={"the pixels": (("x",), ())})

matrix_shapes = World(
    "matrix_shapes", {**win.NUMBERS, "F": (1, 2), **win.WINDOWS, **win.PADDED},
    larger=win.LARGER_PADDED | {"F": (1, 2, 3)}, allowed=win.fits, sizes=win.sizes,
    arguments=lambda t: (win.images(t), (t.F, t.C, t.HH, t.WW), t.stride, t.pad),
    call="matrix_shapes({x_shape}, {w_shape}, {stride}, {pad})",
    words=lambda t: {"x_shape": win.images(t), "w_shape": (t.F, t.C, t.HH, t.WW)},
    facts=win.CONVOLUTION)

WORLDS = [im2col, col2im, output_from_product, pixels_of_weight, matrix_shapes]
