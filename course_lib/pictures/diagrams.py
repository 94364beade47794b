"""A network as a row of boxes with the size of every volume."""

import itertools
import math

from matplotlib.patches import Polygon

from course_lib.arithmetic import layer_table
from course_lib.pictures.picture import (
    FILTER,
    INPUT,
    OUTPUT,
    SERIES,
    WIDTH,
    WINDOW,
    Picture,
    drawing,
)
from course_lib.pictures.scene import HEIGHT, MAX_CELL, Scene, tint

MOST_BOXES = 30
IN_A_ROW = 10
COLUMN, MARGIN = 2.6, 0.5
LINE = 0.19  # inches, a line of words
BETWEEN = 2  # lines, around a row of boxes


@drawing
def architecture(network, parameters=True):
    """The volumes of a course_lib.architectures.Architecture, from input to output, with sizes.

    parameters  False: how many there are is said nowhere, since somebody is to find it out

    Boxes are drawn with the square root of the real width and height and with the cube root of
    the depth; layers that repeat one after the other share a box. ValueError for a network whose
    sizes do not fit, or one that is too long for a page.
    """
    rows = layer_table(network)
    boxes = [(["input"], tuple(network.input_shape), INPUT), *_boxes(rows)]
    if len(boxes) > MOST_BOXES:
        raise ValueError(
            f"{network.name} makes {len(boxes)} boxes; at most {MOST_BOXES} fit on a page: draw a "
            f"part of it"
        )
    lines = math.ceil(len(boxes) / IN_A_ROW)
    per_line = math.ceil(len(boxes) / lines)
    largest = max(network.input_shape[:2])
    rows_of_boxes = [boxes[k : k + per_line] for k in range(0, len(boxes), per_line)]
    tall = [max(sum(_size(shape, largest)[1:]) for _, shape, _ in row) for row in rows_of_boxes]
    words = [2 + max(len(label) for label, _, _ in row) for row in rows_of_boxes]
    # Words keep their size whatever a cell measures, so their room is counted in inches.
    inches = (sum(words) + BETWEEN * lines + 2) * LINE
    width = COLUMN * per_line + 2 * MARGIN
    cell = min(WIDTH / width, MAX_CELL, (HEIGHT - inches) / sum(tall))
    step = LINE / cell
    scene = Scene(width, sum(tall) + inches / cell, cell)
    top = 0.0
    for k, (label, shape, colour) in enumerate(boxes):
        line, place = divmod(k, per_line)
        if k and not place:
            top += tall[line - 1] + (words[line - 1] + BETWEEN) * step
        middle, level = MARGIN + COLUMN * (place + 0.5), top + 3 * step + tall[line] / 2
        scene.text(middle, top + step, f"{shape[0]}×{shape[1]}", 9, weight="bold")
        scene.text(middle, top + 2 * step, f"×{shape[2]}", 9, weight="bold")
        _draw_volume(scene, middle, level, shape, largest, colour)
        for word, text in enumerate(label):
            scene.text(middle, level + tall[line] / 2 + (1 + word) * step, text, 8.5)
        if k:
            scene.arrow(
                (middle - COLUMN / 2 - 0.28, level), (middle - COLUMN / 2 + 0.28, level)
            )
    sizes = " -> ".join("x".join(map(str, shape)) for _, shape, _ in boxes)
    alt, title = f"{network.name}: {sizes}.", network.name
    details = [f"{row.layer}: {'x'.join(map(str, row.shape))}" for row in rows]
    if parameters:
        total = f"{sum(row.parameters for row in rows):,} parameters"
        alt, title = f"{alt} {total}.", f"{title}: {total}"
        details = [f"{line}, {row.parameters:,} parameters"
                   for line, row in zip(details, rows, strict=True)]
    scene.text(scene.width / 2, scene.height - step, title, 10)
    return Picture(scene.figure, alt, "\n".join(details))


def _boxes(rows):
    """Lines of a label, shape and colour for each run of layers of one kind and shape."""
    found = []
    for (label, colour, shape), run in itertools.groupby(rows, _key):
        if colour:
            count = sum(1 for _ in run)
            repeat = [f"{count} times"] if count > 1 else []
            found.append(([*label, *repeat], shape, colour))
    return found


def _key(row):
    """What layers must share to be drawn as one box; no colour for those that change nothing."""
    layer, kind = row.layer, type(row.layer).__name__
    window = f"{layer.F}×{layer.F}" if hasattr(layer, "F") else ""
    stride = f"stride {layer.S}" if getattr(layer, "S", 1) > 1 else ""
    words, colour = {
        "Conv": (["conv", window, stride], FILTER),
        "Local": (["local", window, stride], FILTER),
        "Pool": (["pool", window, stride], WINDOW),
        "GlobalPool": (["average", "pool"], WINDOW),
        "Affine": (["affine"], OUTPUT),
        "Concat": (["branches,", "stacked"], SERIES[5]),
        "Add": (["branches,", "added"], SERIES[5]),
    }.get(kind, ([], None))
    return tuple(word for word in words if word), colour, row.shape


def _size(shape, largest):
    """Width, height and depth of a drawn box, in cells."""
    wide, high = (max(0.12, 0.85 * (n / largest) ** 0.5) for n in shape[:2])
    return wide * 1.1, high * 3.2, 0.1 * shape[2] ** (1 / 3)


def _draw_volume(scene, x, y, shape, largest, colour):
    """A box seen from the front and a little from above, with its middle at (x, y)."""
    wide, high, deep = _size(shape, largest)
    left, top = x - (wide + deep) / 2, y - (high - deep) / 2
    right, bottom, far, above = left + wide, top + high, left + wide + deep, top - deep
    for corners, amount in (
        ([(left, top), (right, top), (right, bottom), (left, bottom)], 0.55),
        ([(left, top), (left + deep, above), (far, above), (right, top)], 0.3),
        ([(right, top), (far, above), (far, bottom - deep), (right, bottom)], 0.75),
    ):
        scene.ax.add_patch(
            Polygon(corners, facecolor=tint(colour, amount), edgecolor=colour, lw=0.9)
        )
