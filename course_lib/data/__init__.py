"""Images for the lessons: real ones, with credits and licences in CREDITS.md, and drawn ones.

Nothing here touches the network. Every call returns fresh arrays, so that a caller who changes
one changes nobody else's.
"""

import functools
from pathlib import Path

import numpy as np
from PIL import Image

from course_lib.data.faces import FACE_CLASSES, faces

__all__ = ["FACE_CLASSES", "digits", "faces", "moved", "photograph", "portrait", "shifted"]

_FOLDER = Path(__file__).parent
_BRIGHTNESS = (0.299, 0.587, 0.114)
_TEST_EVERY = 5


def photograph(gray=False):
    """A pavilion in China with strong edges, as float64 values from 0 (black) to 1 (white).

    gray  True gives the brightness, shape (214, 320); False the colours, shape (3, 214, 320)

    Brightness weighs red, green and blue by 0.299, 0.587 and 0.114 (ITU-R BT.601).
    """
    return _pixels(_FOLDER / "photograph.jpg", gray)


def portrait(gray=False):
    """Grace Hopper, computer scientist and admiral: the picture that comes with Matplotlib.

    gray  True gives the brightness, shape (600, 512); False the colours, shape (3, 600, 512)

    Values and brightness as for `photograph`.
    """
    from matplotlib.cbook import get_sample_data  # only here: it takes a while to import

    return _pixels(get_sample_data("grace_hopper.jpg", asfileobj=False), gray)


def _pixels(path, gray):
    colours = np.asarray(_decoded(path), dtype=np.float64).transpose(2, 0, 1) / 255
    if gray:
        return np.tensordot(_BRIGHTNESS, colours, axes=1)
    return np.ascontiguousarray(colours)


@functools.lru_cache(2)
def _decoded(path):
    """The bytes of a picture, shape (H, W, 3): decoding it takes most of the time."""
    with Image.open(path) as image:
        return np.asarray(image)


def digits(split="all"):
    """Handwritten digits: images (N, 1, 8, 8) as float64 from 0 to 1, labels (N,) from 0 to 9.

    split  "test": every fifth image, from the first on (360); "train": the others (1,437);
           "all": all 1,797 in the data set's order

    Images that follow each other are alike, most likely by one writer, so train and test share
    their writers: the test asks for new images, not for new handwritings, which are much harder.

    Raises ValueError for another split.
    """
    if split not in ("train", "test", "all"):
        raise ValueError(f"split is {split!r}; choose train, test or all")
    with np.load(_FOLDER / "digits.npz", allow_pickle=False) as stored:
        images, labels = stored["images"], stored["labels"]
    if split != "all":
        in_test = np.arange(len(labels)) % _TEST_EVERY == 0
        chosen = in_test if split == "test" else ~in_test
        images, labels = images[chosen], labels[chosen]
    return images[:, None].astype(np.float64) / 16, labels.astype(np.int64)


def moved(images, down, right):
    """All images moved by whole pixels, the rim filled with zeros.

    images       (N, C, H, W)
    down, right  pixels; negative numbers move up and to the left

    Raises ValueError if an image would be moved out of sight.
    """
    H, W = images.shape[2:]
    if abs(down) >= H or abs(right) >= W:
        raise ValueError(f"down is {down} and right {right}; images of {H}x{W} can be moved by at "
                         f"most {H - 1} and {W - 1} pixels")
    result = np.zeros_like(images)
    result[:, :, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = images[
        :, :, max(-down, 0) : H - max(down, 0), max(-right, 0) : W - max(right, 0)]
    return result


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
    result = np.empty_like(images)
    for n, (down, right) in enumerate(rng.integers(-max_shift, max_shift + 1, size=(N, 2))):
        result[n : n + 1] = moved(images[n : n + 1], down, right)
    return result
