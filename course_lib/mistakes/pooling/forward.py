"""Pooling by plain loops, right as it stands; a mistake says which of its parts it replaces."""

from itertools import product

import numpy as np

from course_lib.mistakes.going_on import fold_goes_on, without_the_last


def pool(x, pool_param, fold=np.max, stride=None, window=None, step=None, size=None, before=None,
         after=None, scale=None, loop=None):
    """Pooling by plain loops. fold(windows, axis=...) makes a number of each window.

    Of (h, w, s), `stride` makes another stride, `window` the windows' sides alone, `step` the way
    from one to the next alone: one number, or one down and one to the right. size(n, side, s) is
    the number of places along one side of n pixels, of which loop(places, s) are gone through, all
    by default; `before` changes x, `after` the output, which is multiplied with scale(h, w, s).
    """
    h, w, s = pool_param.values()
    down, right = pair(stride(h, w, s)) if stride else (s, s)
    x = before(x) if before else x
    size = size or (lambda n, side, s: (n - side) // s + 1)
    out = np.zeros((*x.shape[:2], size(x.shape[2], h, down), size(x.shape[3], w, right)))
    high, wide = window(h, w, s) if window else (h, w)
    down, right = pair(step(h, w, s)) if step else (down, right)
    loops = [loop(places, s) if loop else range(places) for places in out.shape[2:]]
    for i, j in product(*loops):
        rows, columns = i * down, j * right
        out[:, :, i, j] = fold(x[:, :, rows : rows + high, columns : columns + wide], axis=(2, 3))
    out = out * scale(h, w, s) if scale else out
    return after(out) if after else out


def pair(step):
    return step if isinstance(step, tuple) else (step, step)


def every_sth(places, s):
    return range(0, places, s)


# (name, sentence, what to replace in `pool`): mistakes that all kinds of pooling share
PLACES = (
    ("windows not strided",
     "Your output has the right size, but your windows are one pixel apart. Where does the window "
     "of row i start if the stride is 2?", {"step": lambda h, w, s: 1}),
    ("stride ignored", "Your output is the one of stride 1. Where do you use the stride?",
     {"stride": lambda h, w, s: 1}),
    ("rows not strided",
     "From one row of your output to the next, your windows move by one pixel. To the right they "
     "keep to the stride.", {"step": lambda h, w, s: (1, s)}),
    ("columns not strided",
     "From one column of your output to the next, your windows move by one pixel. Downwards they "
     "keep to the stride.", {"step": lambda h, w, s: (s, 1)}),
    ("window as stride",
     "Your windows stand side by side. The stride need not be the size of the window.",
     {"stride": lambda h, w, s: h}, {"stride": lambda h, w, s: (h, w)},
     {"step": lambda h, w, s: (h, w)}, {"step": lambda h, w, s: h}),
    ("size from the window",
     "The number of your results follows from the size of the window. From one window to the next "
     "it is the stride: how many steps of it does the map have room for?",
     {"size": lambda n, side, s: n // side}, {"size": lambda n, side, s: (n - side) // side + 1}),
    ("windows cut off at the rim",
     "Your output counts windows that run over the edge of the map. Only whole windows count.",
     {"size": lambda n, side, s: -(-n // s)}),
    ("stride as window", "Your windows are stride high and stride wide.",
     {"window": lambda h, w, s: (s, s)}),
    ("rows and columns exchanged",
     "Rows and columns have changed places in your output. Which loop variable moves the window "
     "down, and which to the right?", {"after": lambda out: out.swapaxes(2, 3)}),
    ("one place too few",
     "Your output lacks its last row and its last column. Is there a + 1 in its size?",
     {"after": lambda out: out[:, :, :-1, :-1]}),
    ("loops one place too short",
     "The last row and the last column of your output are 0: they are never written. The end of a "
     "range does not belong to it, so that range(0, H - pool_height, stride) leaves the last "
     "window out.",
     {"after": without_the_last}),
    ("stride twice",
     "Your windows are stride times stride pixels apart. If a loop counts in steps of the stride "
     "already, its variable is not multiplied once more.", {"step": lambda h, w, s: s * s}),
    ("size without the stride",
     "Your windows move by the stride, and your output has the size for stride 1: there are more "
     "places in it than windows. How many steps of the stride is there room for?",
     {"size": lambda n, side, s: n - side + 1}),
    ("places left out",
     "Your loops go over every stride-th place of the output, and the places between stay 0. The "
     "stride moves the window, not the place that its result is written to.", {"loop": every_sth}),
    ("written at the pixel",
     "You loop over the pixels where windows begin, and write each result at the number of its "
     "pixel. With stride 2, the window that begins at pixel 2 is number 1 of the output.",
     {"size": lambda n, side, s: n - side + 1, "loop": every_sth, "step": lambda h, w, s: 1},
     {"loop": every_sth, "step": lambda h, w, s: 1}),
    ("windows one too large",
     "Your windows are one row higher and one column wider than they should be. The end of a slice "
     "is left out already.", {"window": lambda h, w, s: (h + 1, w + 1)}),
    ("windows one too small",
     "Your windows lack their last row and their last column. The end of a slice is the first row "
     "that is left out.", {"window": lambda h, w, s: (h - 1, w - 1)}),
    ("median",
     "Your results are medians, the numbers in the middle of their windows.",
     {"fold": np.median}),
    ("one number of each window",
     "Your results are single numbers of the windows, always of the same place. All numbers of a "
     "window have a say.",
     *({"fold": lambda patch, axis, k=k: patch[..., k(patch.shape[2]), k(patch.shape[3])]}
       for k in (lambda n: 0, lambda n: -1, lambda n: n // 2))),
    ("first map for all", "All your maps are made from the first one.",
     {"before": lambda x: np.repeat(x[:, :1], x.shape[1], axis=1)}),
    ("first image for all", "All your outputs are made from the first image.",
     {"before": lambda x: np.repeat(x[:1], len(x), axis=0)}),
)
# These concern the way back, too.
SIDES = (
    ("height for both", "Your windows are as wide as they are high.",
     {"window": lambda h, w, s: (h, h)}),
    ("width for both", "Your windows are as high as they are wide.",
     {"window": lambda h, w, s: (w, w)}),
    ("height and width exchanged",
     "Your windows lie on their side: pool_width high and pool_height wide.",
     {"window": lambda h, w, s: (w, h)}),
)

# (name, sentence, wrong fold or what to replace in `pool`, and further ones): mistakes of one kind
# of pooling alone
MAX_FORWARD = (
    ("maximum starts at 0",
     "Your maximum is never below 0, although all numbers of a window may be. What does your "
     "search start with?", lambda patch, axis: patch.max(axis=axis, initial=0)),
    ("maximum starts too high",
     "Your maximum is never below some number, although all numbers of a window may be. What does "
     "your search start with, and which number is surely not too large for that?",
     *(lambda patch, axis, start=start: patch.max(axis=axis, initial=start)
       for start in (-10, -1, -2, -5, -20, -50, -99, -100, -255, -256, -500, -999, -1000, -9999,
                     -10_000, -99_999, -100_000, -999_999, -1_000_000))),
    ("maximum not started again",
     "Your results never get smaller: your maximum goes on from window to window. Where does the "
     "search have to start again?",
     *({"after": change} for change in fold_goes_on(np.maximum))),
    ("average for maximum", "Your results are averages.", np.mean),
    ("sum for maximum", "Your results are sums.", np.sum),
    ("smallest for largest", "Your results are the smallest numbers of the windows.", np.min),
    ("magnitude for value", "You look for the largest magnitude. -3 is less than 1 here.",
     lambda patch, axis: np.abs(patch).max(axis=axis)),
)

AVG_FORWARD = (
    ("not divided", "Your results are sums. An average divides by how many there are.", np.sum),
    ("divided by one side", "You divide by one side of the window. How many numbers are in it?",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2]),
    ("divided by the stride",
     "You divide by the stride, or by its square. How many numbers are in a window?",
     {"fold": np.sum, "scale": lambda h, w, s: 1 / s**2},
     {"fold": np.sum, "scale": lambda h, w, s: 1 / s}),
    ("divided by a square", "You divide as if the window were square.",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2] ** 2),
    ("divided, then multiplied",
     "You divide by one side of the window and multiply by the other: a / b * c is (a / b) * c. "
     "Where do brackets belong?",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2] * patch.shape[3],
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[3] * patch.shape[2]),
    ("maximum for average", "Your results are maxima.", np.max),
    ("sum not started again",
     "Each of your results has those before it in it: your sum goes on from window to window. "
     "Where does it have to start at 0 again?",
     *({"after": change} for change in fold_goes_on(np.add))),
)

L2_FORWARD = (
    ("root forgotten", "Your results are sums of squares. What is done to the sum at the end?",
     lambda patch, axis: (patch**2).sum(axis=axis)),
    ("half for root",
     "Your results are halves of sums of squares. A power goes before a division: a ** 1/2 is half "
     "of a ** 1. Where do brackets belong?",
     lambda patch, axis: (patch**2).sum(axis=axis) / 2),
    ("mean of squares",
     "You divide by the number of values. The L2 norm is the root of the sum, not of the mean.",
     lambda patch, axis: np.sqrt((patch**2).mean(axis=axis))),
    ("root of every square", "You take the root of each square. One root is enough, at the end.",
     lambda patch, axis: np.abs(patch).sum(axis=axis)),
    ("a number added under the root",
     "You add a small number before you take the root, or after it. A root of squares needs none.",
     lambda patch, axis: np.sqrt((patch**2).sum(axis=axis) + 1e-2),
     *(lambda patch, axis, more=more: np.sqrt((patch**2).sum(axis=axis) + more)
       for more in (1e-3, 1e-4)),
     lambda patch, axis: np.sqrt((patch**2).sum(axis=axis)) + 1e-3),
    ("square of the sum", "You add up first. Square each number first, so that none cancel.",
     lambda patch, axis: np.abs(patch.sum(axis=axis))),
)

# (name, sentence, wrong function)
GLOBAL_AVG = (
    ("one number for an image",
     "You average over all maps of an image together. Each map has its own average.",
     lambda x: np.repeat(x.mean(axis=(1, 2, 3))[:, None], x.shape[1], axis=1)),
    ("average over the maps", "You average over the maps. Which axes are height and width?",
     lambda x: x.mean(axis=1), (lambda x: x.mean(axis=(0, 1)),)),
    ("average over the images", "You average over the images as well.",
     lambda x: np.repeat(x.mean(axis=(0, 2, 3))[None], len(x), axis=0)),
    ("not divided", "Your results are sums.", lambda x: x.sum(axis=(2, 3))),
    ("divided by the sum of the sides",
     "You divide by height plus width. How many numbers does a map have?",
     lambda x: x.sum(axis=(2, 3)) / (x.shape[2] + x.shape[3])),
    ("median", "Your results are medians, the numbers in the middle.",
     lambda x: np.median(x, axis=(2, 3))),
    ("divided by a square", "You divide as if the maps were square.",
     lambda x: x.sum(axis=(2, 3)) / x.shape[2] ** 2),
    ("maximum for average", "Your results are maxima.", lambda x: x.max(axis=(2, 3))),
    ("axes kept", "Your numbers are right, with two axes of size 1 too many behind them.",
     lambda x: x.mean(axis=(2, 3), keepdims=True)),
)
