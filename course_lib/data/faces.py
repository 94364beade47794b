"""Faces drawn with NumPy: all in the middle of their images, and each with an answer to learn.

The CS231n notes name faces in the middle as the case in which sharing filters is doubtful: eyes are
always in one place and mouths in another. These are our own, so nobody's face is in the course.
"""

import numpy as np

SIZE = 24  # pixels, in height and width
RIM = 2  # pixels around that stay empty, so that a face moved by so many keeps all of its ink
FACE_CLASSES = tuple(f"{eyes}, {mouth}, parted {parting}" for eyes in ("laughing", "asleep")
                     for mouth in ("sad", "smiling") for parting in ("left", "right"))
_STYLES = ("short", "round", "long", "curly", "bun", "tuft")


def faces(count, seed=0):
    """Drawn faces: images (count, 1, 24, 24) as float64 from 0 (paper) to 1 (ink), labels (count,).

    A label is 4 for eyes that are asleep (as against laughing), plus 2 for a mouth that smiles (as
    against a sad one), plus 1 for hair that is parted on the right: 0 to 7, named in FACE_CLASSES.
    The same arc, open below, laughs as an eye and is sad as a mouth. Hair, glasses, brows, beards,
    light and the like say nothing about the label.

    seed  equal seeds give equal faces

    Raises ValueError if count is not positive.
    """
    if count < 1:
        raise ValueError(f"count is {count}; ask for at least one face")
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 8, count)
    canvas = _Canvas(count, rng)
    _head(canvas, rng)
    _features(canvas, rng, labels)
    _hair(canvas, rng, np.where(labels & 1, 1.0, -1.0))
    _light_and_noise(canvas, rng)
    return canvas.ink[:, None], labels


class _Canvas:
    """All images at once; what is drawn lies at distances in pixels from shapes of each face.

    Every face sits in the middle but for less than a pixel, and is tilted a little.
    """

    def __init__(self, count, rng):
        self.count = count
        self.ink = np.zeros((count, SIZE, SIZE))
        y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
        tilt = self.draw(rng, -0.06, 0.06)
        dx, dy = self.draw(rng, -0.35, 0.35), self.draw(rng, -0.35, 0.35)
        self.x = (x - dx) * np.cos(tilt) + (y - dy) * np.sin(tilt)
        self.y = (y - dy) * np.cos(tilt) - (x - dx) * np.sin(tilt)

    def draw(self, rng, low, high):
        """A random number for each face, of shape (count, 1, 1)."""
        return rng.uniform(low, high, (self.count, 1, 1))

    def some(self, rng, share):
        """True for about this share of the faces, of shape (count, 1, 1)."""
        return rng.random((self.count, 1, 1)) < share

    def ellipse(self, x, y, width, height):
        """Distance to an ellipse about (x, y), nearly; negative inside."""
        return (np.hypot((self.x - x) / width, (self.y - y) / height) - 1) * np.minimum(
            width, height)

    def arc(self, x, y, width, bend, thick):
        """Distance to a stroke along a parabola; bend > 0 hangs down in the middle, like ‿."""
        across = (self.x - x) / width
        slope = -2 * bend * across / width
        along = (self.y - (y + bend * (0.5 - across**2))) / np.sqrt(1 + slope**2)
        return np.maximum(np.abs(along) - thick / 2, np.abs(self.x - x) - width)

    def paint(self, distance, ink, where=True):
        """Lay ink (0 to 1) over what is closer than 0; the edge is as soft as a pixel."""
        cover = np.clip(0.5 - distance, 0, 1) * where
        self.ink = self.ink * (1 - cover) + ink * cover


def _head(canvas, rng):
    skin, outline = canvas.draw(rng, 0.02, 0.2), canvas.draw(rng, 0.3, 0.45)
    canvas.width, canvas.height = canvas.draw(rng, 6.6, 7.6), canvas.draw(rng, 7.4, 8.4)
    for side in (-1, 1):
        x = side * (canvas.width + 0.5)
        canvas.paint(canvas.ellipse(x, 0.8, 1.5, 1.8), outline)
        canvas.paint(canvas.ellipse(x, 0.8, 0.7, 1.0), skin)
    canvas.paint(canvas.ellipse(0, 0.6, canvas.width, canvas.height), outline)
    canvas.paint(canvas.ellipse(0, 0.6, canvas.width - 0.9, canvas.height - 0.9), skin)
    canvas.skin = skin


def _features(canvas, rng, labels):
    asleep = np.where(labels & 4, 1.0, -1.0)[:, None, None]
    smiles = np.where(labels & 2, 1.0, -1.0)[:, None, None]
    blush, beard = canvas.some(rng, 0.25), canvas.some(rng, 0.2)
    shadow = canvas.draw(rng, 0.1, 0.25)
    inside = canvas.ellipse(0, 0.6, canvas.width - 0.9, canvas.height - 0.9)
    canvas.paint(np.maximum(inside, 4.2 - canvas.y), canvas.skin + shadow, beard)
    spread, line = canvas.draw(rng, 3.2, 3.7), canvas.draw(rng, 0.85, 1.0)
    eye_y, mouth_y = canvas.draw(rng, -0.3, 0.3), canvas.draw(rng, 4.7, 5.2)
    glasses, brows = canvas.some(rng, 0.2), canvas.some(rng, 0.4)
    for side in (-1, 1):
        canvas.paint(canvas.ellipse(side * 4.4, 3.2, 1.3, 0.9), canvas.skin + 0.15, blush)
        canvas.paint(np.abs(canvas.ellipse(side * spread, eye_y, 2.8, 2.7)) - 0.35, 0.4, glasses)
        canvas.paint(canvas.arc(side * spread, eye_y - 2.9, 1.7, -0.5, 0.6), 0.45, brows)
        canvas.paint(canvas.arc(side * spread, eye_y, 1.9, 1.7 * asleep, 1.2), line)
    canvas.paint(canvas.ellipse(0, 2.4, 0.6, 0.8), canvas.skin + 0.25)
    canvas.paint(canvas.arc(0, mouth_y, 2.2, 1.9 * smiles, 1.2), line)


def _hair(canvas, rng, parted):
    """A cap of hair above a line that begins high at the parting and falls to the other side."""
    style = rng.integers(0, len(_STYLES), (canvas.count, 1, 1))
    ink = canvas.draw(rng, 0.25, 0.75)
    skull = canvas.ellipse(0, 0.2, canvas.width + 0.5, canvas.height + 0.6)
    side = canvas.x * parted[:, None, None]
    # From the parting at side = 2.5 the hair falls steeply to its own side, gently to the other.
    edge = -5.6 + np.where(side > 2.5, 0.9 * (side - 2.5), 0.42 * (2.5 - side))
    canvas.paint(np.maximum(skull, canvas.y - edge), ink)
    canvas.paint(np.maximum(np.abs(side - 2.5) - 0.35, np.maximum(skull, canvas.y + 5.6)),
                 canvas.skin + 0.1)
    around = np.maximum(np.abs(canvas.ellipse(0, 0.6, canvas.width + 0.5, canvas.height + 0.4))
                        - 0.9, np.abs(canvas.y) - 40)
    canvas.paint(np.maximum(around, canvas.y - 1.0), ink, style == 1)
    canvas.paint(np.maximum(around, canvas.y - 6.5), ink, style == 2)
    for angle in np.linspace(np.pi * 0.95, np.pi * 2.05, 9):
        x, y = (canvas.width + 0.2) * np.cos(angle), (canvas.height + 0.2) * np.sin(angle)
        canvas.paint(canvas.ellipse(x, y, 1.5, 1.5), ink, style == 3)
    canvas.paint(canvas.ellipse(0, -8.6, 2.4, 1.5), ink, style == 4)
    canvas.paint(canvas.arc(0.8, -8.4, 1.2, -2.0, 1.2), ink, style == 5)


def _light_and_noise(canvas, rng):
    light = canvas.draw(rng, -0.02, 0.02) * canvas.x
    drawn = canvas.ink > 0.02
    canvas.ink = np.where(drawn, canvas.ink + light, canvas.ink)
    canvas.ink += rng.normal(0, 0.02, canvas.ink.shape)
    canvas.ink = np.clip(canvas.ink, 0, 1)
    inner = slice(RIM, SIZE - RIM)
    framed = np.zeros_like(canvas.ink)
    framed[:, inner, inner] = canvas.ink[:, inner, inner]
    canvas.ink = framed
