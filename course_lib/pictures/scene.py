"""Pictures made of cells: a page measured in cells, with y running down as rows do."""

import re

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Rectangle

from course_lib.pictures.picture import FAINT, INK, PAPER, WIDTH, figure

MAX_CELL = 0.46  # inches
READABLE = 6.0  # points
LEAST = 5.0  # narrower, a caption would not fit
HEIGHT = 7.5  # a picture should not be higher than a screen


def number(value):
    """A number as short text: whole ones plain, others with two decimals or two digits."""
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    if _is_whole(value) and abs(value) < 1e6:
        return f"{round(value)}"
    if abs(value) >= 100:
        return f"{value:.4g}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 1 else f"{value:.2g}"


def counted(count, noun):
    """“1 image”, “2 images”."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _brief(value, decimals):
    """A number that fits into a cell; nothing for NaN."""
    if np.isnan(value):
        return ""
    if not np.isfinite(value) or _is_whole(value):
        return number(value)
    return f"{value:.{decimals}f}"


def _is_whole(value):
    """Whole but for rounding: a sum of floats should not be shown as 7.00 beside a 7."""
    return abs(value - round(value)) < 1e-9


def typeset(text):
    """The text with real minus signs, for drawing; words and copied text keep the hyphen."""
    return re.sub(r"(?<![\w.)])-(?=[\d.])", "−", text)


def tint(colour, amount):
    """`colour` mixed with white: amount 1 is the colour itself, 0 is white."""
    return tuple(1 - amount * (1 - channel) for channel in to_rgb(colour))


def table(values, indent=""):
    """A small 2D array as aligned lines of text."""
    rows = [[number(v) for v in row] for row in np.asarray(values)]
    width = max((len(entry) for row in rows for entry in row), default=0)
    return "\n".join(indent + " ".join(entry.rjust(width) for entry in row) for row in rows)


class Scene:
    """A page of `width` x `height` cells to draw on."""

    def __init__(self, width, height, cell=MAX_CELL):
        self.width, self.height = width, height
        self.cell = min(WIDTH / width, HEIGHT / height, cell)
        margin = max(0, LEAST / self.cell - width) / 2
        self.figure = figure(height * self.cell, (width + 2 * margin) * self.cell)
        self.ax = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(-margin, width + margin), ylim=(height, 0))
        self.ax.axis("off")

    def text(self, x, y, text, size=10, colour=INK, ha="center", va="center", **more):
        self.ax.text(x, y, typeset(text), size=size, color=colour, ha=ha, va=va, **more)

    def box(self, x, y, width, height, fill="none", edge=INK, line=1.0, **more):
        # add_artist, not add_patch: the page's limits are set, and hundreds of cells add up.
        self.ax.add_artist(
            Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, lw=line, **more)
        )

    def arrow(self, start, end, colour=INK, line=1.2, **more):
        self.ax.add_patch(
            FancyArrowPatch(
                start, end, arrowstyle="-|>", mutation_scale=11, color=colour, lw=line,
                shrinkA=0, shrinkB=0, **more,
            )
        )

    def grid(self, values, x, y, fill=PAPER, size=1.0, bold=False):
        """Draw a 2D array as cells with numbers; the top left corner at (x, y).

        fill  a colour, or a function of (row, column) that gives one. NaN stays without a number
        """
        values = np.atleast_2d(values)
        texts, points = self._fitting(values, size)
        for i, row in enumerate(texts):
            for j, text in enumerate(row):
                colour = fill(i, j) if callable(fill) else fill
                self.box(x + j * size, y + i * size, size, size, colour, FAINT, 0.6)
                self.text(
                    x + (j + 0.5) * size, y + (i + 0.52) * size, text, points,
                    weight="bold" if bold else "normal",
                )

    def _fitting(self, values, size):
        """The numbers as texts, and the font size at which they fit into cells of `size`.

        Long numbers lose decimals before they become too small to read.
        """
        cell = size * self.cell * 72
        for decimals in (2, 1, 0):
            texts = [[_brief(v, decimals) for v in row] for row in values]
            longest = max((len(text) for row in texts for text in row), default=1)
            points = min(0.46 * cell, 1.45 * cell / max(longest, 1), 14)
            if points >= READABLE:
                break
        return texts, points
