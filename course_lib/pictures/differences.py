"""Yours, expected, and their difference, with the first wrong place marked."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.pictures import panels
from course_lib.pictures.picture import SIGNED, Picture, drawing
from course_lib.pictures.scene import READABLE, number, table, typeset

MOST_NUMBERS = 10
# Colours are computed from differences and quotients of values: of these, both are finite.
_LARGEST, _SMALLEST = 1e150, 1e-150


@drawing
def difference(yours, expected, name="out", found=None):
    """Your array, the expected one and yours minus expected, side by side.

    found  the first wrong number: an object with its `index` and a `sentence` about it; None if
           the arrays are equal. Whoever compared them says what counts as wrong

    Arrays of more than two axes are shown at the map (the last two axes) that holds the first
    wrong number. Of one or two axes at most 10 are printed with numbers. ValueError where the
    shapes differ.
    """
    with np.errstate(over="ignore"):
        yours, expected = np.asarray(yours, np.float64), np.asarray(expected, np.float64)
    if yours.shape != expected.shape or expected.size == 0:
        raise ValueError(
            f"yours has shape {yours.shape} and expected {expected.shape}; only arrays of one "
            f"shape can be drawn side by side"
        )
    index = found.index if found else (0,) * expected.ndim
    lead = index[:-2]
    mine, right = (np.atleast_2d(a[lead]) for a in (yours, expected))
    with np.errstate(over="ignore", invalid="ignore"):
        wrong = mine - right
    place = None
    if found:
        place = (0, 0, *index)[-2:]
    made = _draw(mine, right, wrong, place)
    where = f"{name}[{', '.join(str(i) for i in (*lead, ':', ':'))}]" if lead else name
    shown = f" Shown is {where}." if lead else ""
    if found:
        at = ", ".join(str(i) for i in index)
        alt = (
            f"{found.sentence} The first wrong one is {name}[{at}]: yours {number(yours[index])}, "
            f"expected {number(expected[index])}, difference "
            f"{number(wrong[(0, *index)[-2:]])}.{shown}"
        )
    else:
        alt = f"{name}, shape {expected.shape}: yours equals the expected array.{shown}"
    details = ""
    if max(right.shape) <= MOST_NUMBERS:
        parts = (("yours", mine), ("expected", right), ("yours - expected", wrong))
        details = "\n".join(f"{title}:\n{table(values, '  ')}" for title, values in parts)
    return Picture(made, alt, details)


def _range(*arrays):
    """Limits for the colours of arrays in which there may be infinite values and huge ones."""
    low, high = panels.signed_range([np.append(a[np.isfinite(a)], 0.0) for a in arrays])
    top = min(max(high, _SMALLEST), _LARGEST)
    return -top, top


def _draw(mine, right, wrong, place):
    scale, off = _range(mine, right), _range(wrong)
    aspect = min(max(right.shape[0] / right.shape[1], 0.12), 1.6)
    made, axes, bar = panels.page(3, 3, aspect, titles=True, bar=True)
    for ax, values, title, limits in (
        (axes[0], mine, "yours", scale),
        (axes[1], right, "expected", scale),
        (axes[2], wrong, "yours - expected", off),
    ):
        drawn = np.clip(values, -_LARGEST, _LARGEST)
        panels.show(ax, drawn, typeset(title.replace(" - ", " − ")), SIGNED, limits)
        if max(values.shape) <= MOST_NUMBERS:
            _write(ax, values, limits[1])
        if place:
            _mark(ax, *place, values.shape)
    panels.colour_bar(bar, SIGNED, off)
    return made


def _mark(ax, i, j, shape):
    """A frame around one cell, or a ring around one that is too small to be found."""
    for colour, line in (("white", 5), ("black", 2.5)):
        if max(shape) <= MOST_NUMBERS:
            corner = j - 0.5, i - 0.5
            ax.add_patch(
                Rectangle(corner, 1, 1, fill=False, ec=colour, lw=line, clip_on=False, zorder=4)
            )
        else:
            ax.plot(j, i, "o", ms=13, mfc="none", mec=colour, mew=line, clip_on=False, zorder=4)


def _write(ax, values, top):
    """The numbers, where they are short enough to be read."""
    texts = {place: number(value) for place, value in np.ndenumerate(values)}
    longest = max(len(text) for text in texts.values())
    cell = ax.get_position().width * ax.figure.get_figwidth() * 72 / values.shape[1]
    size = min(1.45 * cell / max(longest, 3), 11)
    if size < READABLE:
        return
    for (i, j), text in texts.items():
        colour = "white" if abs(values[i, j]) > 0.65 * top else "black"
        ax.text(j, i, typeset(text), ha="center", va="center", color=colour, size=size)
