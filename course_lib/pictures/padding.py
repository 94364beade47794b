"""Zero padding: which cells are the image and which are the frame of zeros around it."""

import numpy as np

from course_lib.pictures import panels
from course_lib.pictures.picture import INPUT, PADDING, PAPER, Picture, drawing
from course_lib.pictures.scene import Scene, table
from course_lib.pictures.windows import padded

MOST_CELLS = 20


@drawing
def zero_padding(x, pad):
    """One channel x (H, W) with its padding. ValueError for other shapes or a negative pad."""
    x = panels.array("x", x, "H, W")
    H, W = x.shape
    page = padded(x[None], pad)[0]
    rows, columns = page.shape
    if max(rows, columns) > MOST_CELLS:
        raise ValueError(
            f"x {x.shape} with padding {pad} is {rows}x{columns}, too large to print its numbers; "
            f"give a crop that makes at most {MOST_CELLS}x{MOST_CELLS}"
        )
    inside = np.zeros(page.shape, bool)
    inside[pad : pad + H, pad : pad + W] = True
    scene = Scene(columns + 1, rows + 2.6)
    scene.text(scene.width / 2, 0.6, f"padding {pad}: {H}x{W} becomes {rows}x{columns}")
    scene.grid(page, 0.5, 1.2, lambda i, j: PAPER if inside[i, j] else PADDING)
    scene.box(0.5 + pad, 1.2 + pad, W, H, edge=INPUT, line=2.4, zorder=3)
    scene.text(scene.width / 2, rows + 1.9, "blue frame: the input; grey: zeros that were added", 9)
    alt = (
        f"An input of {H}x{W} in a frame of zeros {pad} wide: {rows}x{columns} together, "
        f"{page.size - x.size} of its {page.size} cells are padding."
    )
    return Picture(scene.figure, alt, table(page))
