"""What holds for every picture: a small PNG, alt text, the same bytes each time, clean layout.

`PICTURES` calls each function twice, with inputs that differ; a new function needs an entry.
"""

import functools
import html
import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from course_lib import architectures, pictures
from course_lib.data import photograph
from course_lib.judging.compare import difference
from course_lib.pictures import picture as style

RNG = np.random.default_rng(5)
IMAGE = RNG.integers(0, 9, (2, 5, 6))
MAP = RNG.normal(size=(7, 7))
WEIGHTS = RNG.normal(size=(6, 3, 5, 5))
PHOTO = photograph(gray=True)
HISTORY = {"loss": [2.3, 1.1, 0.4], "train accuracy": [0.1, 0.6, 0.9]}
CORNERS = np.arange(5) * 5, np.arange(5) * 5

PICTURES = {
    "activation_maps": lambda k: pictures.activation_maps(MAP[None] + k),
    "architecture": lambda k: pictures.architecture(
        (architectures.GOOGLENET, architectures.ALEXNET)[k]
    ),
    "conv1x1": lambda k: pictures.conv1x1(IMAGE, [[1, -2], [0.5, k]], row=2, column=3),
    "difference": lambda k: pictures.difference(
        MAP, np.where(MAP > 1, k, MAP), found=difference("out", MAP, np.where(MAP > 1, k, MAP))
    ),
    "excitation": lambda k: pictures.excitation({"start": MAP, "end": np.abs(MAP) ** (k + 1)}),
    "faces": lambda k: pictures.faces({"in the middle": np.stack([MAP] * 6) ** 2 % (k + 1)},
                                      ["laughing", ("asleep", "sad")[k]] * 3),
    "filter_bank": lambda k: pictures.filter_bank(np.flip(WEIGHTS, k)),
    "filter_step": lambda k: pictures.filter_step(
        IMAGE, np.ones((2, 3, 2)), b=0.5, pad=1, row=k, column=2
    ),
    "filter_walk": lambda k: pictures.filter_walk(MAP[:3, :7], [[-1, 0, 1 + k]], stride=2, b=k),
    "filtered_versions": lambda k: pictures.filtered_versions(
        PHOTO, {"differences": np.diff(PHOTO, axis=k)}
    ),
    "im2col": lambda k: pictures.im2col(IMAGE[:, :4, :4], 2, 2, stride=2, pad=1, window=k),
    "learned_where": lambda k: pictures.learned_where(
        np.abs(MAP) % 1, {"shared": [MAP, MAP], "not shared": [np.flip(MAP, k), MAP]},
        ["asleep", "smiling"]
    ),
    "loss_curves": lambda k: pictures.loss_curves(HISTORY | {"validation loss": [2, 1, k]}),
    "matrix_product": lambda k: pictures.matrix_product(
        np.zeros((1, 3, 227, 227)), np.zeros((96 + k, 3, 11, 11)), stride=4
    ),
    "neuron": lambda k: pictures.neuron(IMAGE[:, :3, :3], np.full((2, 3, 3), 1 - k), 0.25),
    "occlusion": lambda k: pictures.occlusion(
        PHOTO[:30, :30], RNG_SCORES + 0.5 * k, 2.5, 5, CORNERS
    ),
    "output_size": lambda k: pictures.output_size(224 + 3 * k, 11, 4, 0),
    "parameter_sharing": lambda k: pictures.parameter_sharing(K=96 - k),
    "pool_step": lambda k: pictures.pool_step(MAP, 3, 3, 2, ("L2", "average")[k], 1, 2),
    "pool_windows": lambda k: pictures.pool_windows(MAP + k, 3, 3, 2),
    "probabilities": lambda k: pictures.probabilities(MAP, np.eye(4)[k], "a cat"),
    "receptive_field": lambda k: pictures.receptive_field([(3, 1), (2, 2), (3, 1 + k), (3, 1)]),
    "saliency": lambda k: pictures.saliency(PHOTO[:30, :30], PHOTO[k : 30 + k, :30]),
    "strongest_patches": lambda k: pictures.strongest_patches(
        RNG_PATCHES, [0.5, -1.25, 3, 2, 1 + k]
    ),
    "zero_padding": lambda k: pictures.zero_padding(IMAGE[k], 2),
}
RNG_SCORES = RNG.normal(size=(5, 5))
RNG_PATCHES = RNG.random((5, 3, 7, 7))
# Photographs have to show texture; everything else is small.
LARGE = {"filtered_versions": 120_000}


@functools.cache
def sample(name):
    return PICTURES[name](0)


def pixels(picture):
    with Image.open(io.BytesIO(picture.png)) as image:
        image.verify()
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def texts(figure):
    """All texts that are drawn."""
    found = list(figure.texts)
    for ax in figure.axes:
        found += [*ax.texts, ax.title]
        legend = ax.get_legend()
        found += legend.get_texts() if legend else []
        if ax.axison:
            for axis in (ax.xaxis, ax.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = [t for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
                found += [axis.label, *(t.label1 for t in ticks), *(t.label2 for t in ticks)]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def test_every_function_has_an_entry():
    assert set(PICTURES) == set(pictures.__all__) - {"Picture"}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name):
    first, again, other = sample(name), PICTURES[name](0), PICTURES[name](1)
    shown = pixels(first)
    assert 450 <= shown.shape[1] <= style.WIDTH * style.DPI + 1
    assert 100 <= shown.shape[0] <= 1200
    assert len(np.unique(shown)) > 5, "almost nothing is drawn"
    assert 2_000 < len(first.png) < LARGE.get(name, 80_000)
    assert first.png == again.png
    assert first.text == again.text
    assert first.png != other.png
    assert not np.array_equal(shown, pixels(other))
    assert first.text != other.text
    assert first.alt.endswith(".") and any(c.isdigit() for c in first.alt)
    assert first.text.startswith(first.alt)
    assert f'<img alt="{html.escape(first.alt)}"' in first.html
    assert b"matplotlib" not in first.png.lower()


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_is_clipped_or_hidden_by_another(name):
    figure = sample(name).figure
    renderer = figure.canvas.get_renderer()
    drawn = texts(figure)
    assert drawn
    boxes = np.array([text.get_window_extent(renderer).extents for text in drawn])
    width, height = figure.bbox.size
    outside = (boxes[:, :2] < -1).any(axis=1) | (boxes[:, 2:] > (width + 1, height + 1)).any(axis=1)
    assert not outside.any(), [t.get_text() for t, out in zip(drawn, outside, strict=True) if out]
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = (high - low).min(axis=2)
    np.fill_diagonal(shared, 0)
    i, j = np.unravel_index(shared.argmax(), shared.shape)
    # Boxes of text hold some air above and below the letters.
    assert shared[i, j] < 3, f"{drawn[i].get_text()!r} and {drawn[j].get_text()!r} overlap"
    sizes = [text.get_fontsize() for text in drawn]
    assert min(sizes) >= 5.5


def test_style_of_the_notebook_does_not_matter():
    plain = sample("filter_step").png
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9}):
        assert PICTURES["filter_step"](0).png == plain
        assert matplotlib.rcParams["font.size"] == 30
