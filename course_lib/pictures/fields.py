"""How the receptive field grows from layer to layer."""

from matplotlib.patches import Polygon

from course_lib.arithmetic import receptive_fields
from course_lib.pictures.picture import FAINT, INPUT, PAPER, SERIES, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, counted, tint

MOST_CELLS = 33
MOST_UNITS = 120


@drawing
def receptive_field(layers, names=None):
    """What one unit of the last layer sees, layer by layer, along one axis of the input.

    layers  as for course_lib.arithmetic.receptive_fields: (F, S), (F, S, P) or layers of an
            architecture, such as ALEXNET.spatial_layers
    names   a name for each layer

    ValueError for other layers, or where there is none.
    """
    fields = receptive_fields(layers)
    if not fields:
        raise ValueError("layers is empty; give at least one layer, such as (3, 1)")
    names = [_name(layer) for layer in layers] if names is None else [str(n) for n in names]
    if len(names) != len(fields):
        raise ValueError(f"{len(names)} names for {len(fields)} layers; give one for each")
    size = fields[-1].size
    units = [(size - field.size) // field.jump + 1 for field in fields]
    if size <= MOST_CELLS and sum(units) <= MOST_UNITS:
        made = _pyramid(fields, names, units)
    else:
        made = _bars(fields, names)
    alt = (
        f"Receptive field after {counted(len(fields), 'layer')}: {size}x{size} pixels of the "
        f"input. Layer by layer it is {', '.join(str(field.size) for field in fields)}."
    )
    lines = [
        f"layer {k}, {name}: one unit sees {field.size}x{field.size} pixels, the next one starts "
        f"{field.jump} further on"
        for k, (name, field) in enumerate(zip(names, fields, strict=True), 1)
    ]
    return Picture(made, alt, "\n".join(lines))


def _name(layer):
    if isinstance(layer, (tuple, list)):
        return f"{layer[0]}x{layer[0]}, stride {layer[1]}"
    if hasattr(layer, "branches"):
        return f"{len(layer.branches)} branches"
    return str(layer)


def _pyramid(fields, names, units):
    """The input's pixels at the bottom, and above them the units that the top unit sees."""
    size = fields[-1].size
    beside = 0.32 * max(len(f"layer {len(names)}: {name}") for name in names) + 2
    unit = max(1.0, 26 / (size + beside))
    # A page as wide as the text needs: the pixels share what is left of it.
    beside *= unit if size < 6 else 1
    step = 1.9
    base = step * len(fields) + 0.7
    left = 0.6
    scene = Scene(left + size + beside, base + 2)
    for j in range(size):
        scene.box(left + j, base, 1, 1, tint(INPUT, 0.2), FAINT, 0.6)
    scene.text(left + size + 0.5, base + 0.5, f"input: {size} pixels", ha="left")
    below = [(left + j, left + j + 1) for j in range(size)]
    for k, (field, count) in enumerate(zip(fields, units, strict=True)):
        y = base - step * (k + 1)
        colour = SERIES[(k + 1) % 7]
        top = k == len(fields) - 1
        here = []
        for i in range(count):
            middle = left + i * field.jump + field.size / 2
            here.append((middle - 0.42, middle + 0.42))
            seen = [edges for edges in below if _inside(edges, left + i * field.jump, field.size)]
            cone = [(middle - 0.42, y + 0.84), (seen[0][0], y + step), (seen[-1][1], y + step),
                    (middle + 0.42, y + 0.84)]
            fill = tint(colour, 0.35 if top else 0.12)
            # Fills below all lines: the cones of neighbours overlap.
            scene.ax.add_patch(Polygon(cone, facecolor=fill, edgecolor="none", zorder=0.4))
            scene.ax.add_patch(
                Polygon(cone, fill=False, edgecolor=colour, lw=1.0 if top else 0.5, zorder=0.5)
            )
            scene.box(middle - 0.42, y, 0.84, 0.84, tint(colour, 0.6), colour, 1.2)
        scene.text(left + size + 0.5, y + 0.15, f"layer {k + 1}: {names[k]}", ha="left")
        scene.text(left + size + 0.5, y + 0.85, f"one unit sees {field.size}", 9, ha="left")
        below = here
    return scene.figure


def _inside(edges, start, size):
    return start - 0.01 <= edges[0] and edges[1] <= start + size + 0.01


def _bars(fields, names):
    """One bar for each layer, to scale, around one middle."""
    most = fields[-1].size
    beside = 0.33 * max(len(name) for name in names) + 1.2
    length = 32 - beside - 2.6
    scene = Scene(32, 1.15 * len(fields) + 1.6)
    for k, (field, name) in enumerate(zip(fields, names, strict=True)):
        y, wide = 0.5 + 1.15 * k, max(length * field.size / most, 0.12)
        middle = beside + length / 2
        scene.text(beside - 0.5, y + 0.42, name, 9.5, ha="right")
        scene.box(beside, y, length, 0.84, PAPER, tint(FAINT, 0.4), 0.5)
        scene.box(middle - wide / 2, y, wide, 0.84, tint(WINDOW, 0.45), WINDOW)
        scene.text(beside + length + 0.5, y + 0.42, f"{field.size}", 10, ha="left", weight="bold")
    scene.text(
        beside + length / 2, scene.height - 0.5, "pixels of the input that one unit sees", 9.5
    )
    return scene.figure
