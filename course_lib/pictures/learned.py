"""Faces, and what a first layer has learned to look for in each place of them."""

import numpy as np

from course_lib.pictures import panels
from course_lib.pictures.picture import SIGNED, Picture, drawing


@drawing
def faces(rows, names):
    """Rows of drawn faces on white paper.

    rows   {title: images (K, H, W) with ink from 0 to 1}
    names  what the K faces of each row are, in words; the same in all rows

    ValueError for other shapes.
    """
    rows = {title: panels.array("images", images, "K, H, W") for title, images in rows.items()}
    count = len(names)
    made, axes, _ = panels.page(count * len(rows), count, 1.0, titles=True, largest=1.25)
    for k, ax in enumerate(axes):
        title, images = list(rows.items())[k // count]
        panels.show(ax, 1 - images[k % count], title)
    alt = " ".join(f"{len(images)} drawn faces, {title}." for title, images in rows.items())
    return Picture(made, alt, "\n".join(f"{k + 1}. {name}" for k, name in enumerate(names)))


def laid_back(filters, share, pad):
    """What filters speak for, laid back on the image: (H, W).

    filters  (H2, W2, F, HH, WW): the filters of each place, of stride 1, for one channel
    share    (F,): how much the answer of each filter counts for the question
    pad      the padding of the layer

    Every filter times its share is added to the pixels that it looks at. ReLU, which lies between
    them, is left out: it says roughly what ink in a pixel speaks for.
    """
    H2, W2, F, HH, WW = filters.shape
    votes = np.tensordot(filters, share, axes=(2, 0))
    image = np.zeros((H2 + HH - 1, W2 + WW - 1))
    for i in range(HH):
        for j in range(WW):
            image[i : i + H2, j : j + W2] += votes[:, :, i, j]
    return image[pad : image.shape[0] - pad, pad : image.shape[1] - pad]


@drawing
def learned_where(face, layers, questions):
    """A face, and below each question where in the image ink speaks for which answer.

    face       (H, W), ink from 0 to 1
    layers     {name: (len(questions), H, W)}: for each layer what `laid_back` gives, a row each
    questions  what red (against blue) speaks for, a column each

    What all places of an image have in common is left out, and a column has one scale.
    ValueError for other shapes.
    """
    layers = {name: panels.array("maps", maps, "questions, H, W") for name, maps in layers.items()}
    layers = {name: maps - maps.mean((1, 2), keepdims=True) for name, maps in layers.items()}
    scales = [panels.signed_range(column) for column in zip(*layers.values(), strict=True)]
    columns = len(questions) + 1
    made, axes, _ = panels.page(columns * len(layers), columns, 1.0, titles=True, largest=1.85)
    details = []
    for row, (name, maps) in enumerate(layers.items()):
        here = axes[row * columns : (row + 1) * columns]
        panels.show(here[0], 1 - face, name)
        for question, ax, image, scale in zip(questions, here[1:], maps, scales, strict=True):
            panels.show(ax, image, question, SIGNED, scale)
            details.append(f"{name}, {question}: {_in_words(image, scale[1])}")
    H, W = np.shape(face)
    alt = (f"A face of {H}x{W} pixels and, for the layers {' and '.join(layers)}, where in it ink "
           f"speaks for {', '.join(questions)}. Red speaks for it, blue against it. "
           + " ".join(f"{line}." for line in details))
    return Picture(made, alt)


def _in_words(image, top):
    """Where the strong colours are: rows and columns, or that no place stands out."""
    rows, columns = np.nonzero(np.abs(image) > 0.5 * top)
    if len(rows) == 0:
        return "no place stands out"
    return (f"strongest in rows {rows.min()} to {rows.max()}, columns {columns.min()} to "
            f"{columns.max()}")
