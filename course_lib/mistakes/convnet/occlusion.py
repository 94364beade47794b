"""Wrong occlusion maps of lesson 07."""

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.convnet.network import probabilities


def scores_of(weights, bias):
    """A network in miniature, for the occlusion map: scores of images (N, C, H, W)."""
    return lambda X: np.reshape(X, (len(X), -1)) @ weights + bias


def drops(weights, bias, image, label, size, *, change=lambda drop, whole: drop, patch=None,
          channels=slice(None), restored=True, cover=lambda image: 0, kept=False, shifted=False):
    """The drop of one score for each place of the patch, with a mistake in it.

    kept     the patch is left, and all else covered
    shifted  the patch lies on channels and rows
    """
    scores = scores_of(weights, bias)
    whole = scores(image[None])[0]
    _, H, W = image.shape
    result = np.empty((H - size + 1, W - size + 1))
    covered = image.copy()
    for i, j in np.ndindex(result.shape):
        covered = image.copy() if restored else covered
        high, wide = patch or (size, size)
        here = np.s_[i : i + high, j : j + wide]
        covered[here if shifted else (channels, *here)] = cover(image)
        covered = image - covered if kept else covered
        result[i, j] = change(whole - scores(covered[None])[0], whole)[label]
    return result


def occluded(**change):
    return lambda *case: drops(*case, **change)


def side_by_side(result, size):
    some = np.zeros_like(result)
    some[::size, ::size] = result[::size, ::size]
    return some


OCCLUSION = (
    Misconception("patch left in place",
                  "Your patches pile up: what was covered once stays covered. Each place of the "
                  "patch needs a fresh copy of the image.",
                  occluded(restored=False)),
    Misconception("gain for drop",
                  "Your signs are the wrong way round. The map says how much the score drops: "
                  "positive where the network needs the pixels.",
                  occluded(change=lambda drop, whole: -drop)),
    Misconception("score for drop",
                  "Your map holds the scores with the patch. It should hold how much lower they "
                  "are than the score of the whole image.",
                  occluded(change=lambda drop, whole: whole - drop)),
    Misconception("one pixel covered",
                  "You cover one pixel. The patch is size pixels high and wide.",
                  occluded(patch=(1, 1))),
    Misconception("covered with another value",
                  "Your patch is not 0: covered pixels become 0, in all channels.",
                  occluded(cover=np.mean),
                  (occluded(cover=lambda image: image.mean(axis=(1, 2), keepdims=True)),
                   *(occluded(cover=lambda image, value=value: value) for value in (0.5, 1)))),
    Misconception("first channel covered",
                  "You cover the first channel alone. The other colours still show the network "
                  "what is there.",
                  occluded(channels=0)),
    Misconception("another class",
                  "Your map is the one of class 0. It should be the one of the label.",
                  occluded(change=lambda drop, whole: np.full(len(drop), drop[0]))),
    Misconception("sign lost",
                  "Your map is never below 0. Where a covered patch raises the score, it is.",
                  occluded(change=lambda drop, whole: np.abs(drop)),
                  (occluded(change=lambda drop, whole: np.maximum(drop, 0)),)),
    Misconception("drop as a part of the score",
                  "You divide by the score of the whole image. The drop itself is wanted.",
                  occluded(change=lambda drop, whole: drop / whole)),
    Misconception("probabilities for scores",
                  "You compare probabilities. The drop of the score is wanted.",
                  occluded(change=lambda drop, whole: (
                      probabilities(whole[None])[0] - probabilities((whole - drop)[None])[0]))),
    Misconception("best class",
                  "You watch the best class. It should be the one of the label.",
                  occluded(change=lambda drop, whole: np.full(
                      len(drop), whole.max() - (whole - drop).max())),
                  (occluded(change=lambda drop, whole: np.full(
                      len(drop), drop[whole.argmax()])),
                   occluded(change=lambda drop, whole: whole - (whole - drop).max()))),
    Misconception("patch alone shown",
                  "You keep the patch and cover all the rest. It is the patch that is covered.",
                  occluded(kept=True)),
    Misconception("channels cut",
                  "You cover channels and rows: the image has three axes, and the first counts its "
                  "channels. Put a colon for it.",
                  occluded(shifted=True)),
    Misconception("patch one too small",
                  "Your patch lacks its last row and its last column. The end of a slice is the "
                  "first row that is left out.",
                  lambda *case: drops(*case, patch=(case[-1] - 1,) * 2)),
    Misconception("patches side by side",
                  "Your patch moves by its own size, and the places between stay 0. It stands at "
                  "every place.",
                  lambda *case: side_by_side(drops(*case), case[-1])),
    Misconception("rows and columns exchanged",
                  "Rows and columns have changed places in your map.",
                  lambda *case: drops(*case).T),
)
