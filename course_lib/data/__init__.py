"""Real images that ship with the course; their credits and licences stand in CREDITS.md.

Nothing here touches the network. Every call returns fresh arrays, so that a caller who changes
one changes nobody else's.
"""

from pathlib import Path

import numpy as np
from PIL import Image

_FOLDER = Path(__file__).parent
TEST_IMAGES = 360


def photograph(gray=False):
    """A pavilion in China with strong edges, as float64 values from 0 (black) to 1 (white).

    gray  True gives the brightness, shape (214, 320); False the colours, shape (3, 214, 320)

    Brightness weighs red, green and blue by 0.299, 0.587 and 0.114 (ITU-R BT.601).
    """
    with Image.open(_FOLDER / "photograph.jpg") as image:
        colours = np.asarray(image, dtype=np.float64).transpose(2, 0, 1) / 255
    if gray:
        return np.tensordot([0.299, 0.587, 0.114], colours, axes=1)
    return np.ascontiguousarray(colours)


def digits(split="all"):
    """Handwritten digits: images (N, 1, 8, 8) as float64 from 0 to 1, labels (N,) from 0 to 9.

    split  "train": the first 1,437 images, "test": the last 360, "all": all 1,797. The order is
           the data set's own, in which the last writers appear in the test part only

    Raises ValueError for another split.
    """
    parts = {"all": slice(None), "train": slice(None, -TEST_IMAGES),
             "test": slice(-TEST_IMAGES, None)}
    if split not in parts:
        raise ValueError(f"split is {split!r}; choose one of {', '.join(parts)}")
    with np.load(_FOLDER / "digits.npz", allow_pickle=False) as stored:
        images, labels = stored["images"][parts[split]], stored["labels"][parts[split]]
    return images[:, None].astype(np.float64) / 16, labels.astype(np.int64)


def shifted(images, max_shift, rng):
    """Each image moved by its own random whole number of pixels, the rim filled with zeros.

    images     (N, C, H, W)
    max_shift  the largest shift in either direction, both axes, in pixels
    rng        a numpy.random.Generator

    Raises ValueError if max_shift is negative or as large as the image.
    """
    N, _, H, W = images.shape
    if not 0 <= max_shift < min(H, W):
        raise ValueError(f"max_shift is {max_shift}; for images of {H}x{W} choose 0 to "
                         f"{min(H, W) - 1}")
    moved = np.zeros_like(images)
    for n, (down, right) in enumerate(rng.integers(-max_shift, max_shift + 1, size=(N, 2))):
        source = images[n, :, max(0, -down):H - max(0, down), max(0, -right):W - max(0, right)]
        h, w = source.shape[1:]
        top, left = max(0, down), max(0, right)
        moved[n, :, top:top + h, left:left + w] = source
    return moved
