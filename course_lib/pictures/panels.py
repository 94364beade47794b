"""Rows of images on one page, each with a title, and a colour bar where colours mean numbers."""

import math

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from course_lib.pictures.picture import DPI, FAINT, PADDING, SIGNED, WIDTH, figure
from course_lib.pictures.scene import number, typeset

HIGHEST = 7.5
GAP = 0.12
TITLE = 0.26
BAR = 0.75


def array(name, value, axes):
    """`value` as an array with one axis for each name in `axes`; ValueError otherwise."""
    value = np.asarray(value)
    if value.ndim != len(axes.split(", ")) or value.size == 0:
        raise ValueError(
            f"{name} has shape {value.shape}; a picture needs ({axes}) with at least one number "
            f"in it"
        )
    return value


def photograph(image):
    """(H, W) or (3, H, W) in [0, 1] -> what imshow takes. ValueError for other shapes."""
    image = np.asarray(image)
    if image.ndim == 3 and image.shape[0] == 3:
        return np.clip(image.transpose(1, 2, 0), 0, 1)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(
            f"the image has shape {image.shape}; it must be (H, W) for grey or (3, H, W) for colour"
        )
    return image


def signed_range(arrays):
    """Limits for colours with 0 in the middle."""
    top = max(float(np.abs(a).max()) for a in arrays) or 1.0
    return -top, top


def shown_as(arrays):
    """(colour map, limits) for maps of one scale: signed with 0 in the middle, or from 0 up."""
    if min(float(np.min(a)) for a in arrays) < 0:
        return SIGNED, signed_range(arrays)
    return "gray", (0.0, max(float(np.max(a)) for a in arrays) or 1.0)


def page(count, columns, aspect, titles=False, bar=False, largest=2.6, dpi=DPI):
    """A figure with `count` axes in rows of `columns`.

    aspect   height of an image divided by its width
    titles   leave room above each image
    bar      leave room at the right for a colour bar
    largest  how wide an image may be, in inches

    Returns the figure, the axes in reading order, and the axes for the bar (or None).
    """
    rows = math.ceil(count / columns)
    room = WIDTH - (BAR if bar else 0) - GAP * (columns + 1)
    head = TITLE if titles else 0
    size = min(room / columns, largest, (HIGHEST / rows - head - GAP) / aspect)
    height = rows * (size * aspect + head + GAP) + GAP
    width = columns * (size + GAP) + GAP + (BAR if bar else 0)
    made = figure(height, width, dpi)
    axes = []
    for k in range(count):
        row, column = divmod(k, columns)
        left = GAP + column * (size + GAP)
        bottom = height - (row + 1) * (size * aspect + head + GAP)
        axes.append(
            made.add_axes((left / width, bottom / height, size / width, size * aspect / height))
        )
    if not bar:
        return made, axes, None
    top = GAP + head
    tall = min(height - top - GAP, 2.4)
    return made, axes, made.add_axes(
        ((width - BAR + 0.08) / width, 1 - (top + tall) / height, 0.13 / width, tall / height)
    )


def show(ax, image, title="", cmap="gray", limits=(0.0, 1.0), smooth=False):
    """One image on its axes, without ticks; NaN is grey."""
    ax.imshow(
        image, cmap=cmap, vmin=limits[0], vmax=limits[1], aspect="auto",
        interpolation="antialiased" if smooth else "nearest",
    )
    ax.set(xticks=[], yticks=[], facecolor=PADDING)
    for spine in ax.spines.values():
        spine.set(color=FAINT, linewidth=0.6)
    if title:
        ax.set_title(title, pad=4)


def colour_bar(ax, cmap, limits):
    """A bar that says which colour is which number."""
    ax.figure.colorbar(ScalarMappable(Normalize(*limits), cmap), cax=ax)
    ax.yaxis.set_major_formatter(lambda value, place: typeset(number(value)))
    ax.tick_params(labelsize=8.5, length=2, pad=2)
    inches = ax.get_position().height * ax.figure.get_figheight()
    ax.locator_params(nbins=max(1, min(5, int(inches / 0.35))))


def best_columns(count, most=8):
    """How many images go in a row: all of a few, otherwise a wide page with a full last row."""
    if count <= 4:
        return count
    ideal = min(most, math.ceil(math.sqrt(count * 1.6)))
    nearby = [ideal, ideal + 1, ideal - 1, ideal + 2, ideal - 2]
    return next((c for c in nearby if c <= most and count % c == 0), ideal)
