"""Pooling window by window: which numbers a window sees and what it makes of them."""

import numpy as np

from course_lib.pictures import panels
from course_lib.pictures.picture import INPUT, OUTPUT, PAPER, WINDOW, Picture, drawing
from course_lib.pictures.scene import MAX_CELL, Scene, number, table, tint
from course_lib.pictures.windows import windows
from course_lib.reference import pooling as reference
from course_lib.reference.im2col import col2im

KINDS = {
    "max": reference.max_pool_forward,
    "average": reference.avg_pool_forward,
    "L2": reference.l2_pool_forward,
}
RESULTS = {"max": "maximum", "average": "average", "L2": "L2 norm"}
MOST_CELLS = 12
AT_X = 0.5
HIGH = 2.6  # inches that a map takes at most: often two of these pictures stand together


@drawing
def pool_step(x, pool_height, pool_width, stride, kind="max", row=0, column=0):
    """One window of a pooling layer over one map x (H, W), and the output up to it.

    kind is "max", "average" or "L2"; `row` and `column` say which output is being computed.
    ValueError where the windows do not fit or the map is too large to print.
    """
    x, out, view = pooled(x, pool_height, pool_width, stride, kind)
    if not (0 <= row < out.shape[0] and 0 <= column < out.shape[1]):
        raise ValueError(
            f"the output is {out.shape[0]}x{out.shape[1]}, so there is no row {row}, column "
            f"{column}; both count from 0"
        )
    patch = view[..., row, column]
    seen = out.astype(np.float64).ravel()
    seen[row * out.shape[1] + column + 1 :] = np.nan
    top, left = row * stride, column * stride
    chosen = _chosen(patch, kind)
    scene, at_out, y_out = _scene(x, out)

    def fill(i, j):
        if not (top <= i < top + pool_height and left <= j < left + pool_width):
            return PAPER
        return tint(WINDOW, 0.75 if (i - top, j - left) == chosen else 0.3)

    scene.grid(x, AT_X, 1.2, fill)
    scene.box(AT_X, 1.2, x.shape[1], x.shape[0], edge=INPUT, line=1.4)
    scene.box(AT_X + left, 1.2 + top, pool_width, pool_height, edge=WINDOW, line=2.6, zorder=3)
    scene.grid(
        seen.reshape(out.shape), at_out, y_out,
        lambda i, j: tint(OUTPUT, 0.75 if (i, j) == (row, column) else 0.18),
    )
    values = ", ".join(number(v) for v in patch.ravel())
    result = f"{RESULTS[kind]} of {values} is {number(out[row, column])}"
    scene.text(scene.width / 2, scene.height - 0.55, result)
    alt = (
        f"{_named(kind)} at output row {row}, column {column}: the window covers rows {top} to "
        f"{top + pool_height - 1} and columns {left} to {left + pool_width - 1}; {result}."
    )
    return Picture(scene.figure, alt, f"map:\n{table(x, '  ')}\noutput:\n{table(out, '  ')}")


@drawing
def pool_windows(x, pool_height, pool_width, stride, kind="max"):
    """All windows of a pooling layer over one map x (H, W), and the whole output.

    Cells that more than one window sees are darker. Arguments and errors as for `pool_step`.
    """
    x, out, view = pooled(x, pool_height, pool_width, stride, kind)
    # The adjoint of im2col adds each window's ones where the window is: how often a cell is seen.
    ones = np.ones((pool_height * pool_width, out.size))
    counts = col2im(ones, (1, 1, *x.shape), pool_height, pool_width, stride, 0)[0, 0]
    most = int(counts.max())
    scene, at_out, y_out = _scene(x, out)
    scene.grid(x, AT_X, 1.2, lambda i, j: tint(WINDOW, min(0.22 * counts[i, j], 1.0)))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            inset = 0.07 * (1 + (i + j) % 2 * (most > 1))
            scene.box(
                AT_X + j * stride + inset, 1.2 + i * stride + inset, pool_width - 2 * inset,
                pool_height - 2 * inset, edge=WINDOW, line=1.8, zorder=3,
            )
    scene.grid(out, at_out, y_out, tint(OUTPUT, 0.4))
    if most > 1:
        overlap = f"windows overlap: a number is seen by up to {most} of them"
    else:
        overlap = "no number is seen by two windows"
    missed = int((counts == 0).sum())
    overlap += f"; {missed} are seen by none" if missed else ""
    scene.text(scene.width / 2, scene.height - 0.55, overlap)
    kept = f"{100 * out.size / x.size:.0f} %"
    alt = (
        f"{_named(kind)} with {pool_height}x{pool_width} windows and stride {stride}: "
        f"{x.shape[0]}x{x.shape[1]} becomes {out.shape[0]}x{out.shape[1]}, {kept} of the numbers, "
        f"0 parameters; {overlap}."
    )
    return Picture(scene.figure, alt, f"map:\n{table(x, '  ')}\noutput:\n{table(out, '  ')}")


def pooled(x, pool_height, pool_width, stride, kind):
    """The map as an array, the pooled map, and a view of its windows."""
    x = panels.array("x", x, "H, W")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    if max(x.shape) > MOST_CELLS:
        raise ValueError(
            f"x {x.shape} is too large to print its numbers; give a crop of at most "
            f"{MOST_CELLS}x{MOST_CELLS}"
        )
    out, _ = KINDS[kind](x[None, None], pool_height, pool_width, stride)
    out = out[0, 0]
    return x, out, windows(x[None], pool_height, pool_width, stride, 0, out.shape)[0]


def _named(kind):
    return f"{kind[0].upper()}{kind[1:]} pooling"


def _chosen(patch, kind):
    if kind != "max":
        return None
    return tuple(int(k) for k in np.unravel_index(patch.argmax(), patch.shape))


def _scene(x, out):
    """A page with room for the map and the output, and where the output's corner goes."""
    at_out = x.shape[1] + 4
    cell = min(MAX_CELL, HIGH / x.shape[0])
    scene = Scene(at_out + out.shape[1] + 0.5, x.shape[0] + 2.6, cell)
    y_out = 1.2 + (x.shape[0] - out.shape[0]) / 2
    middle = 1.2 + x.shape[0] / 2
    scene.text(AT_X + x.shape[1] / 2, 0.65, f"map {x.shape[0]}x{x.shape[1]}")
    scene.text(at_out + out.shape[1] / 2, y_out - 0.55, f"output {out.shape[0]}x{out.shape[1]}")
    scene.arrow((x.shape[1] + 1.1, middle), (at_out - 0.6, middle))
    return scene, at_out, y_out
