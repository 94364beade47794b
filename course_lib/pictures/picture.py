"""A drawing with its words: what every function of this package returns.

The Figure is drawn on its own canvas, never through pyplot, so a picture looks the same under any
backend, shows once, and leaves no open figure behind.
"""

import base64
import contextlib
import functools
import html
import io

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito's colours, which stay apart for colour-blind readers. One colour, one meaning.
INK = "#1b1f24"
FAINT = "#8a929b"
PAPER = "#ffffff"
INPUT = "#0072b2"
FILTER = "#009e73"
WINDOW = "#e69f00"
OUTPUT = "#cc79a7"
WRONG = "#d55e00"
PADDING = "#d0d5da"
SERIES = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a929b", "#1b1f24"]
SIGNED = "RdBu_r"
MAGNITUDE = "cividis"

WIDTH = 8.0
DPI = 144
PHOTO_DPI = 100
MANY_COLOURS = 8192
CSS_PIXELS = 100
# A picture is never shown narrower than this (in pixels of a page): on a small page, or a much
# enlarged one, its words could not be read. It moves sideways within its own block instead.
LEAST_WIDTH = 520
# Around the drawing, so that on a dark page it lies there as a sheet of paper.
MARGIN, FRAME = 8, 1
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "hatch.color": FAINT,
    "hatch.linewidth": 0.6,
}


# What was drawn of what, while somebody draws for a whole class; else None.
_remembered = None


@contextlib.contextmanager
def remembering(pictures):
    """While it lasts, what was drawn of the same numbers and texts comes from `pictures`.

    pictures  a course_lib.pictures.remembered.Remembered
    """
    global _remembered
    before, _remembered = _remembered, pictures
    try:
        yield
    finally:
        _remembered = before


def drawing(function):
    """Decorate a function that returns a Picture: it draws in the course's style.

    Settings that a notebook has changed (rcParams, style sheets) are put aside meanwhile.
    """

    @functools.wraps(function)
    def drawn(*args, **kwargs):
        if _remembered is not None:
            return _remembered.picture(function, draw, args, kwargs)
        return draw(*args, **kwargs)

    def draw(*args, **kwargs):
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_STYLE)
            return function(*args, **kwargs)

    return drawn


def figure(height, width=WIDTH, dpi=DPI, **options):
    """A new Figure of `width` x `height` inches; WIDTH fills a notebook's column."""
    made = Figure(figsize=(width, height), dpi=dpi, facecolor=PAPER, **options)
    FigureCanvasAgg(made)
    return made


# JupyterLab breaks what is printed in the middle of words, and does not shorten the line that is
# seen of folded code: on a narrow page the one is hard to read and the other moves all of it. There
# it also puts a cell's number above the cell, but leaves its empty place beside a folded one. What
# follows a closed fold stands so near to it that it looks like the answer.
PAGE_STYLE = ("<style>.jp-RenderedText pre{word-break:normal;overflow-wrap:anywhere}"
              ".jp-Placeholder-content{min-width:0;overflow:hidden}"
              "@media only screen and (max-width:760px){.jp-Placeholder-prompt{display:none}"
              ".jp-Placeholder-content{margin-left:var(--jp-code-padding)}}"
              ".jp-RenderedMarkdown details{margin-bottom:1em}</style>")


def preformatted(text):
    """Text as HTML that keeps its lines and columns, on an exported page, too."""
    style = "white-space:pre-wrap;word-break:normal;font-family:monospace"
    return f'<pre style="{style}">{html.escape(text)}</pre>'


class Picture:
    """A figure as PNG, with alt text and a twin in words.

    figure   the matplotlib Figure
    alt      one or two sentences that say what the picture shows, with the key numbers
    details  lines that say the rest, such as the numbers of a step
    width    in pixels of a page
    png      bytes; the same picture gives the same bytes
    """

    def __init__(self, figure, alt, details=""):
        self.figure = figure
        self.width = round(figure.get_figwidth() * CSS_PIXELS) + 2 * (MARGIN + FRAME)
        self.alt = alt
        self.details = details
        self.png = _png(figure)

    @property
    def text(self):
        """The twin: everything the picture says, in plain text."""
        return f"{self.alt}\n\n{self.details}" if self.details else self.alt

    @property
    def image(self):
        """The <img> with its alt text, in a block that it may move in where it is too wide.

        The block can be reached, and moved in, by keys.
        """
        data = base64.b64encode(self.png).decode()
        return (
            '<div tabindex="0" style="contain:inline-size;overflow-x:auto">'
            f'<img alt="{html.escape(self.alt)}" width="{self.width}" '
            f'style="max-width:100%;min-width:{min(self.width, LEAST_WIDTH)}px;height:auto;'
            f'box-sizing:border-box;background-color:{PAPER};padding:{MARGIN}px;'
            f'border:{FRAME}px solid {FAINT};border-radius:4px" '
            f'src="data:image/png;base64,{data}"></div>'
        )

    @property
    def html(self):
        """The image, and all that it says in words under a disclosure triangle."""
        return (
            f"{PAGE_STYLE}{self.image}<details><summary>The same in words</summary>"
            f"{preformatted(self.text)}</details>"
        )

    def save(self, path):
        """Write the PNG to `path`."""
        with open(path, "wb") as file:
            file.write(self.png)

    def __repr__(self):
        return self.text

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.text, "text/html": self.html}


def _png(figure):
    """The figure as PNG bytes without metadata: greys as they are, otherwise in 256 colours.

    256 colours take a third of the room of all.
    """
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())
    image = Image.fromarray(pixels[..., :3])
    counted = image.getcolors(MANY_COLOURS)
    if counted is None:
        # Maximum coverage keeps flat colours true, but takes a second for colour photographs.
        image = image.quantize(256, Image.Quantize.MEDIANCUT)
    else:
        colours = np.array([colour for _, colour in counted], np.uint8)
        grey = (colours == colours[:, :1]).all()
        image = Image.fromarray(pixels[..., 0].copy()) if grey else _in_few(pixels, colours)
    buffer = io.BytesIO()
    image.save(buffer, "png")
    return buffer.getvalue()


def _in_few(pixels, colours):
    """RGBA pixels in 256 of their `colours` (n, 3).

    What becomes of each colour is asked once, for a picture of these colours alone, and not for
    each of a million pixels.
    """
    few = Image.fromarray(colours[None]).quantize(256, Image.Quantize.MAXCOVERAGE)
    number = np.zeros(2**24, np.uint8)
    number[colours.astype(np.uint32) @ np.array([1, 2**8, 2**16], np.uint32)] = np.asarray(few)[0]
    image = Image.fromarray(number[pixels.view("<u4")[..., 0] & 0xFFFFFF])
    image.putpalette(few.getpalette())
    return image
