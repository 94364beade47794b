"""A neuron as a dot product, and the 1x1 convolution as a dot product over depth."""

import numpy as np
from matplotlib.patches import Circle

from course_lib.pictures import panels
from course_lib.pictures.picture import (
    FAINT,
    FILTER,
    INPUT,
    OUTPUT,
    PAPER,
    WINDOW,
    Picture,
    drawing,
)
from course_lib.pictures.scene import Scene, number, tint
from course_lib.reference.convolution import conv_forward

MOST_TERMS = 12
MOST_MAPS = 8
MOST_CELLS = 8


@drawing
def neuron(patch, w, b=0.0):
    """One neuron of a convolutional layer: patch * weights, their sum, plus the bias.

    patch and w (C, HH, WW) or (HH, WW) of one shape, b a number. ValueError where they differ.
    """
    patch, w = np.asarray(patch), np.asarray(w)
    if patch.shape != w.shape or patch.ndim not in (2, 3) or patch.size == 0:
        raise ValueError(
            f"patch has shape {patch.shape} and w {w.shape}; a neuron has one weight for each "
            f"number it sees, both (C, height, width) or (height, width)"
        )
    volume = (1, -1, *patch.shape[-2:])
    out, _ = conv_forward(patch.reshape(volume), w.reshape(volume), np.zeros(1))
    total = out[0, 0, 0, 0]
    terms = [(int(k), patch.flat[k], w.flat[k]) for k in _some(patch.size)]
    high = len(terms) * 1.15
    scene = Scene(19, max(high, 2.9) + 2)
    middle = 1.4 + high / 2
    for x, name in ((2.3, "inputs x"), (5.3, "weights w"), (8.3, "products")):
        scene.text(x, 0.6, name)
    _draw_terms(scene, terms, patch.size, (12.4, middle))
    scene.ax.add_patch(Circle((12.4, middle), 1.45, facecolor=tint(WINDOW, 0.35), edgecolor=WINDOW))
    scene.text(12.4, middle - 0.3, "sum", 10)
    scene.text(12.4, middle + 0.35, number(total), 12, weight="bold")
    scene.arrow((13.95, middle), (15.6, middle))
    scene.text(14.75, middle - 0.45, f"+ {number(b)}")
    scene.text(14.75, middle + 0.45, "bias", 9)
    scene.box(15.7, middle - 0.6, 2.4, 1.2, tint(OUTPUT, 0.6), OUTPUT)
    scene.text(16.9, middle, number(total + b), 12, weight="bold")
    scene.text(16.9, middle + 1.1, "output")
    alt = (
        f"A neuron with {patch.size} inputs and {patch.size} weights: the products sum to "
        f"{number(total)}, plus bias {number(b)} is {number(total + b)}."
    )
    lines = [
        f"{number(x)} * {number(weight)} = {number(x * weight)}"
        for x, weight in zip(patch.flat, w.flat, strict=True)
    ]
    return Picture(scene.figure, alt, "\n".join(lines))


def _some(count):
    """All indices of a few; of many the first ones and the last two."""
    if count <= MOST_TERMS:
        return list(range(count))
    return [*range(MOST_TERMS - 3), count - 2, count - 1]


def _draw_terms(scene, terms, count, body):
    left_out = count - len(terms)
    for place, (k, x, weight) in enumerate(terms):
        after_gap = left_out and k >= count - 2
        y = 1.4 + (place + 0.5 * bool(after_gap)) * 1.15
        scene.arrow((8.95, y + 0.5), body, FAINT, 0.7, zorder=0.5)
        scene.grid([[x]], 1.8, y, tint(INPUT, 0.2))
        scene.text(3.8, y + 0.5, "×")
        scene.grid([[weight]], 4.8, y, tint(FILTER, 0.25))
        scene.text(6.8, y + 0.5, "=")
        scene.grid([[x * weight]], 7.8, y, tint(WINDOW, 0.35))
        scene.text(1.5, y + 0.5, f"{k}", 8, ha="right")
    if left_out:
        scene.text(5.3, 1.4 + (len(terms) - 2) * 1.15 + 0.2, f"… {left_out} more …", 9)


@drawing
def conv1x1(x, w, b=None, row=0, column=0):
    """A 1x1 convolution at one pixel: a dot product over depth for each filter.

    x (C, H, W), one image; w (F, C); b (F,) or None for zeros. ValueError where shapes do not
    match or the picture has no such pixel, or where there is too much to print.
    """
    x, w = panels.array("x", x, "C, H, W"), panels.array("w", w, "F, C")
    F, C = w.shape
    b = np.zeros(F) if b is None else np.asarray(b, np.float64)
    out, _ = conv_forward(x[None], w[:, :, None, None], b)
    H, W = x.shape[1:]
    if not (0 <= row < H and 0 <= column < W):
        raise ValueError(f"x is {H}x{W}, so there is no row {row}, column {column}")
    if max(F, C) > MOST_MAPS or max(H, W) > MOST_CELLS:
        raise ValueError(
            f"x {x.shape} and w {w.shape} are too large to print; give at most {MOST_MAPS} "
            f"channels and filters on {MOST_CELLS}x{MOST_CELLS} pixels"
        )
    depth, values = x[:, row, column], out[0, :, row, column]
    left, right = (max(W + 0.45 * (depth - 1), 3.6) for depth in (C, F))
    high = max(F, C, H + 0.45 * (max(F, C) - 1))
    at_w, at_x = left + 1.8, left + C + 2.8
    at_b, at_out = at_x + 2, at_x + 4
    scene = Scene(at_out + 2.4 + right, high + 2.9)
    middle = 1.5 + high / 2
    _draw_stack(scene, x, 0.4, middle, (row, column), INPUT)
    columns = ((w, at_w, FILTER), (depth[:, None], at_x, INPUT), (b[:, None], at_b, FILTER),
               (values[:, None], at_out, OUTPUT))
    for values_drawn, at, colour in columns:
        scene.grid(values_drawn, at, middle - len(values_drawn) / 2, tint(colour, 0.3))
    for at, sign in ((at_x - 0.5, "×"), (at_b - 0.5, "+"), (at_out - 0.5, "=")):
        scene.text(at, middle, sign, 13)
    _draw_stack(scene, out[0], at_out + 2, middle, (row, column), OUTPUT)
    for at, name in ((left / 2 + 0.4, f"input, depth {C}"), (at_w + C / 2, "filters w"),
                     (at_x + 0.5, "pixel"), (at_b + 0.5, "bias"),
                     (at_out + 2 + right / 2, f"output, depth {F}")):
        scene.text(at, 0.6, name)
    scene.text(
        scene.width / 2, scene.height - 0.6,
        f"at row {row}, column {column}: {F} dot products of {C} numbers each", 9,
    )
    alt = (
        f"A 1x1 convolution from {C} to {F} maps at row {row}, column {column}: the pixel's {C} "
        f"values ({_listed(depth)}) give {_listed(values)}."
    )
    lines = []
    for f in range(F):
        products = (f"{number(a)}*{number(c)}" for a, c in zip(w[f], depth, strict=True))
        lines.append(
            f"filter {f}: {' + '.join(products)} + {number(b[f])} = {number(values[f])}"
        )
    return Picture(scene.figure, alt, "\n".join(lines))


def _listed(values):
    return ", ".join(number(v) for v in values)


def _draw_stack(scene, maps, x, middle, pixel, colour):
    """Maps as cards one behind the other, the first in front, one pixel marked in each."""
    def fill(i, j):
        return tint(colour, 0.6) if (i, j) == pixel else PAPER

    depth, H, W = maps.shape
    top = middle - (H + 0.45 * (depth - 1)) / 2
    for k in reversed(range(depth)):
        at = x + 0.45 * k, top + 0.45 * (depth - 1 - k)
        scene.box(at[0], at[1], W, H, PAPER, FAINT)
        scene.grid(maps[k] if k == 0 else np.full((H, W), np.nan), *at, fill)
