"""Exercises of lesson 05: pooling by maximum, average and L2 norm, forwards and backwards.

Groups keep one difficulty each, so that a single mistake costs one group. No two numbers of a
case are equal: any rule for equal maxima is right. They are above 0 wherever a group is not about
negative ones.
"""

from operator import iadd

import numpy as np

from course_lib.exercise import Exercise, Misconception
from course_lib.reference import pooling as reference


def several(rng, count):
    """Sizes that are all different, from 2 on: none can stand in for another unnoticed."""
    return [int(n) for n in 2 + rng.permutation(count)]


def numbers(rng, shape, low=0.5):
    """Different numbers, evenly spread from `low` to `low + 4`, in random order."""
    n = int(np.prod(shape))
    return (low + 4 * (rng.permutation(n) + rng.uniform(0.2, 0.8)) / n).reshape(shape)


# where_is_max: the place of the maximum in one window.


def place(window, wide=None):
    return divmod(int(window.argmax()), wide or window.shape[1])


def window_cases(*sizes):
    def cases(rng):
        for h, w in sizes:
            window = numbers(rng, (h, w))
            # Not in the first row and off the diagonal: there some mistakes would not show.
            window[h - 1, int(rng.integers(0, min(w, h - 1)))] = 5
            yield (window,)

    return cases


where_is_max = Exercise(
    name="where_is_max",
    reference=place,
    groups={"square windows": window_cases((2, 2), (3, 3), (4, 4)),
            "non-square windows": window_cases((3, 2), (2, 5), (4, 3))},
    describe=lambda window: f"a {window.shape[0]}x{window.shape[1]} window",
    results=("row", "column"),
    misconceptions=tuple(Misconception(*one) for one in (
        ("divided by the height",
         "You divide by the height of the window. The count goes along the rows: how many numbers "
         "are there in one row?", lambda window: place(window, len(window))),
        ("row and column exchanged", "Row and column have changed places. The row comes first.",
         lambda window: place(window)[::-1]),
        ("counted from 1", "You count from 1. In Python the first row is number 0.",
         lambda window: tuple(k + 1 for k in place(window))),
        ("smallest number", "This is the place of the smallest number.",
         lambda window: place(-window)),
    )),
)


def layer(stride=1, window=2, N=1, C=1, rows=4, columns=4, low=0.5, more=0):
    """A function of rng that makes the input and the settings of one pooling layer.

    The window's side or (height, width) has rows x columns places, up to `more` more of both.
    """
    def make(rng):
        h, w = window if isinstance(window, tuple) else (window, window)
        extra = int(rng.integers(0, more + 1))
        H, W = (rows + extra - 1) * stride + h, (columns + extra - 1) * stride + w
        param = {"pool_height": h, "pool_width": w, "stride": stride}
        return numbers(rng, (N, C, H, W), low), param

    return make


def cases(*layers):
    return lambda rng: [make(rng) for make in layers]


def everything(rng):
    """N, C, H, W and both sides of the window all different, numbers of either sign."""
    for stride in (2, 1, 3):
        N, C, h, w, rows = several(rng, 5)
        # The longer side also gets more places, so that H and W differ whatever was drawn.
        yield layer(stride, (h, w), N, C, rows, rows + (1 if w > h else -1), low=-2)(rng)


def describe(x, pool_param, dout=None):
    h, w, stride = pool_param.values()
    return (f"stride {stride}, {x.shape[2]}x{x.shape[3]} maps, {h}x{w} windows; x has shape "
            f"{x.shape}" + ("; negative numbers, too" if x.min() < 0 else ""))


# Forwards: one engine for right and wrong ways.


def pool(x, pool_param, fold=np.max, stride=None, window=None, step=None, before=None, after=None):
    """Pooling by plain loops. fold(windows, axis=...) makes a number of each window.

    Of (h, w, s), `stride` makes another stride, `window` the windows' sides alone, `step` the way
    from one to the next alone; `before` changes x, `after` the output.
    """
    h, w, s = pool_param.values()
    s = stride(h, w, s) if stride else s
    x = before(x) if before else x
    out = np.zeros((*x.shape[:2], (x.shape[2] - h) // s + 1, (x.shape[3] - w) // s + 1))
    high, wide = window(h, w, s) if window else (h, w)
    by = step(h, w, s) if step else s
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = fold(x[:, :, i * by : i * by + high, j * by : j * by + wide], axis=(2, 3))
    return after(out) if after else out


# (name, sentence, what to replace in `pool`): mistakes that all kinds of pooling share
PLACES = (
    ("windows not strided",
     "Your output has the right size, but your windows are one pixel apart. Where does the window "
     "of row i start if the stride is 2?", {"step": lambda h, w, s: 1}),
    ("stride ignored", "Your output is the one of stride 1. Where do you use the stride?",
     {"stride": lambda h, w, s: 1}),
    ("window as stride",
     "Your windows stand side by side. The stride need not be the size of the window.",
     {"stride": lambda h, w, s: h}),
    ("stride as window", "Your windows are stride high and stride wide.",
     {"window": lambda h, w, s: (s, s)}),
    ("rows and columns exchanged",
     "Rows and columns have changed places in your output. Which loop variable moves the window "
     "down, and which to the right?", {"after": lambda out: out.swapaxes(2, 3)}),
    ("one place too few",
     "Your output lacks its last row and its last column. Is there a + 1 in its size?",
     {"after": lambda out: out[:, :, :-1, :-1]}),
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


def forward_exercise(name, layer_forward, fold, groups, *own):
    """Pooling of one kind; `own` are its own mistakes, (name, sentence, wrong fold) each."""
    changes = [(label, sentence, {"fold": fold} | change)
               for label, sentence, change in (*PLACES, *SIDES)]
    changes += [(label, sentence, {"fold": wrong}) for label, sentence, wrong in own]
    changes.append((
        "maps pooled together",
        "All maps of an image come out equal: your window reaches through all of them. Look which "
        "axes you pool over.", {"fold": lambda patch, axis: fold(patch, axis=(1, 2, 3))[:, None]}))
    return Exercise(
        name=name, reference=lambda x, pool_param: layer_forward(x, **pool_param)[0],
        groups=groups, describe=describe, results=("out", "cache"), judged=("out",),
        misconceptions=tuple(
            Misconception(label, sentence, lambda *case, change=change: pool(*case, **change))
            for label, sentence, change in changes),
    )


max_pool_forward_naive = forward_exercise(
    "max_pool_forward_naive", reference.max_pool_forward, np.max,
    {
        "one map": cases(layer(1, 2, more=1), layer(1, 3, more=1)),
        "many maps": cases(layer(C=2, more=1), layer(C=4, more=1)),
        "many images": cases(layer(N=3, more=1), layer(N=4, more=1)),
        "negative values": cases(layer(1, 2, low=-3), layer(1, 2, low=-3, more=1)),
        "stride": cases(layer(2, 2, more=1), layer(2, 3, more=1), layer(3, 2, more=1)),
        "non-square images": cases(layer(rows=3, columns=6), layer(rows=7, columns=4)),
        "non-square windows": cases(layer(1, (2, 3), more=1), layer(1, (4, 2), more=1)),
        "large window": cases(*(layer(2, side, rows=1, columns=1) for side in (3, 4, 5))),
        "everything at once": everything,
    },
    ("maximum starts at 0",
     "Your maximum is never below 0, although all numbers of a window may be. What does your "
     "search start with?", lambda patch, axis: patch.max(axis=axis, initial=0)),
    ("average for maximum", "Your results are averages.", np.mean),
    ("sum for maximum", "Your results are sums.", np.sum),
    ("smallest for largest", "Your results are the smallest numbers of the windows.", np.min),
    ("magnitude for value", "You look for the largest magnitude. -3 is less than 1 here.",
     lambda patch, axis: np.abs(patch).max(axis=axis)),
)

avg_pool_forward_naive = forward_exercise(
    "avg_pool_forward_naive", reference.avg_pool_forward, np.mean,
    {"one map": cases(layer(1, 2, more=1), layer(1, 3, more=1)),
     "non-square windows": cases(layer(1, (2, 3), more=1), layer(1, (4, 2), more=1)),
     "everything at once": everything},
    ("not divided", "Your results are sums. An average divides by how many there are.", np.sum),
    ("divided by one side", "You divide by one side of the window. How many numbers are in it?",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2]),
    ("divided by a square", "You divide as if the window were square.",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2] ** 2),
    ("maximum for average", "Your results are maxima.", np.max),
)

l2_pool_forward_naive = forward_exercise(
    "l2_pool_forward_naive", reference.l2_pool_forward,
    lambda patch, axis: np.sqrt((patch**2).sum(axis=axis)),
    {"one map": cases(layer(1, 2, low=-3), layer(1, 3, low=-3, more=1)),
     "many maps": cases(layer(C=3, low=-3), layer(N=2, C=4, low=-3)),
     "everything at once": everything},
    ("root forgotten", "Your results are sums of squares. What is done to the sum at the end?",
     lambda patch, axis: (patch**2).sum(axis=axis)),
    ("mean of squares",
     "You divide by the number of values. The L2 norm is the root of the sum, not of the mean.",
     lambda patch, axis: np.sqrt((patch**2).mean(axis=axis))),
    ("root of every square", "You take the root of each square. One root is enough, at the end.",
     lambda patch, axis: np.abs(patch).sum(axis=axis)),
    ("square of the sum", "You add up first. Square each number first, so that none cancel.",
     lambda patch, axis: np.abs(patch.sum(axis=axis))),
)


# Backwards: played with the cache of the student's own forward function.


def play_backward(functions, x, pool_param, dout):
    returned = functions[1](x, pool_param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise TypeError("the forward function should return two things, (out, cache); the cache "
                        "is what the backward function works with")
    return functions[0](dout, returned[1])


def winner(patch):
    return patch == patch.max(axis=(2, 3), keepdims=True)


def equal_shares(patch):
    return np.full(patch.shape, 1 / patch[0, 0].size)


def unpool(x, pool_param, dout, share, window=None, read=None, write=None, put=iadd, upstream=None):
    """dx by plain loops: each window gets share(window) * its number of dout.

    window(h, w, s) makes other sides; `read` and `write` are other ways from one window to the
    next in x and in dx; put(dwindow, new) replaces the adding; upstream(dout) changes dout.
    """
    h, w, s = pool_param.values()
    high, wide = window(h, w, s) if window else (h, w)
    dout = upstream(dout) if upstream else dout
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        patch, dwindow = (a[:, :, i * step : i * step + high, j * step : j * step + wide]
                          for a, step in ((x, read or s), (dx, write or s)))
        put(dwindow, share(patch) * dout[:, :, i : i + 1, j : j + 1])
    return dx


# (name, sentence, what to replace in `unpool`)
SPREADING = (
    *SIDES,
    ("upstream gradient forgotten",
     "Your dx does not depend on dout. The chain rule multiplies with it.",
     {"upstream": np.ones_like}),
    ("dout turned", "You have exchanged the rows and the columns of dout.",
     {"upstream": lambda dout: dout.swapaxes(2, 3)}),
    ("wrong sign", "Your dx has the wrong sign.", {"upstream": np.negative}),
    ("written without the stride", "In dx you write as if the windows were one pixel apart.",
     {"write": 1}),
)
MAX_BACKWARD = (
    ("= for += on the window",
     "Your dx is right as long as windows do not overlap. Where they do, each window wipes out "
     "what was there before it. Does the line that writes into dx add, or does it replace?",
     {"put": np.copyto}),
    ("= for += at the maximum",
     "A number may be the maximum of several windows. Your dx has the gradient of the last of them "
     "only. Should the line that writes into dx add or replace?",
     {"put": lambda dwindow, new: np.copyto(dwindow, new, where=new != 0)}),
    ("gradient to all",
     "Each number of a window gets the whole gradient. But a small change of one that is not the "
     "maximum changes nothing in the output.", {"share": np.ones_like}),
    ("gradient in equal shares",
     "You share each gradient out over the window. Which of its numbers does the maximum depend "
     "on?", {"share": equal_shares}),
    ("gradient times the value", "You multiply the gradient with the maximum itself.",
     {"share": lambda patch: patch * winner(patch)}),
    ("gradient to the smallest", "Your gradients go to the smallest number of each window.",
     {"share": lambda patch: winner(-patch)}),
    ("largest magnitude", "You look for the largest magnitude. 1 is more than -3 here.",
     {"share": lambda patch: winner(np.abs(patch))}),
    ("one winner for all maps", "You look for one winner among all maps. Each map has its own.",
     {"share": lambda patch: patch == patch.max(axis=(1, 2, 3), keepdims=True)}),
    ("places of the first map",
     "In all maps your gradient goes to where the maximum of the first map is.",
     {"share": lambda patch: np.repeat(winner(patch[:, :1]), patch.shape[1], axis=1)}),
    ("places of the first image",
     "In all images your gradient goes to where the maximum of the first image is.",
     {"share": lambda patch: np.repeat(winner(patch[:1]), len(patch), axis=0)}),
    ("read without the stride",
     "You write into the right windows of dx, but look for the maxima in windows of the input that "
     "are one pixel apart.", {"read": 1}),
    ("stride ignored", "Your windows are one pixel apart, in the input and in dx.",
     {"read": 1, "write": 1}),
    *SPREADING,
)
AVG_BACKWARD = (
    ("= for +=",
     "The bug is still there. Where windows overlap, a number counts in several averages, and each "
     "of them sends it a gradient.", {"put": np.copyto}),
    ("not divided",
     "Each number of a window gets the whole gradient. In an average of 4 numbers, by how much "
     "does the output change if one of them grows by 1?", {"share": np.ones_like}),
    ("divided by one side", "You divide by one side of the window. How many numbers are in it?",
     {"share": lambda patch: np.full(patch.shape, 1 / patch.shape[2])}),
    ("gradient to the maximum",
     "Your gradients go to the maxima alone. In an average every number counts.",
     {"share": winner}),
    *SPREADING,
)


def backward_exercise(name, layer_forward, layer_backward, share, groups, mistakes):
    def with_gradients(draw):
        return lambda rng: [(*case, rng.standard_normal(pool(*case).shape)) for case in draw(rng)]

    return Exercise(
        name=name,
        reference=lambda x, param, dout: layer_backward(dout, layer_forward(x, **param)[1]),
        groups={group: with_gradients(draw) for group, draw in groups.items()},
        describe=describe, results=("dx",), play=play_backward,
        misconceptions=tuple(
            Misconception(label, sentence,
                          lambda *case, how=how: unpool(*case, **{"share": share} | how))
            for label, sentence, how in mistakes),
    )


max_pool_backward_naive = backward_exercise(
    "max_pool_backward_naive", reference.max_pool_forward, reference.max_pool_backward, winner,
    {
        "one window": cases(*(layer(2, side, rows=1, columns=1) for side in (3, 5))),
        "many windows": cases(layer(2, 2, more=1), layer(3, 3, more=1)),
        "many maps": cases(*(layer(2, 3, C=C, rows=1, columns=1) for C in (3, 4))),
        "many images": cases(*(layer(2, 3, N=N, rows=1, columns=1) for N in (3, 4))),
        "overlapping windows": cases(layer(2, 3, more=1), layer(1, 2), layer(1, 3)),
        "non-square images": cases(layer(2, rows=3, columns=5), layer(3, 3, rows=4, columns=2)),
        "non-square windows": cases(layer(3, (2, 3), more=1), layer(4, (4, 2), more=1)),
        "everything at once": everything,
    },
    MAX_BACKWARD,
)

avg_pool_backward_naive = backward_exercise(
    "avg_pool_backward_naive", reference.avg_pool_forward, reference.avg_pool_backward,
    equal_shares,
    {"windows side by side": cases(layer(2, 2, more=1), layer(3, 3, more=1)),
     "overlapping windows": cases(layer(2, 3, more=1), layer(1, 2), layer(1, 3)),
     "everything at once": everything},
    AVG_BACKWARD,
)


def global_cases(square):
    def draw(rng):
        for N, C, H, W in (several(rng, 4), several(rng, 4)):
            yield (numbers(rng, (N, C, H, H if square else W), low=-3),)

    return draw


global_avg_pool = Exercise(
    name="global_avg_pool",
    reference=lambda x: reference.global_avg_pool_forward(x)[0],
    groups={"square maps": global_cases(True), "non-square maps": global_cases(False)},
    describe=lambda x: f"x of shape {x.shape}",
    results=("out",),
    misconceptions=tuple(Misconception(*one) for one in (
        ("one number for an image",
         "You average over all maps of an image together. Each map has its own average.",
         lambda x: np.repeat(x.mean(axis=(1, 2, 3))[:, None], x.shape[1], axis=1)),
        ("average over the maps", "You average over the maps. Which axes are height and width?",
         lambda x: x.mean(axis=1)),
        ("average over the images", "You average over the images as well.",
         lambda x: np.repeat(x.mean(axis=(0, 2, 3))[None], len(x), axis=0)),
        ("not divided", "Your results are sums.", lambda x: x.sum(axis=(2, 3))),
        ("divided by a square", "You divide as if the maps were square.",
         lambda x: x.sum(axis=(2, 3)) / x.shape[2] ** 2),
        ("maximum for average", "Your results are maxima.", lambda x: x.max(axis=(2, 3))),
        ("axes kept", "Your numbers are right, with two axes of size 1 too many behind them.",
         lambda x: x.mean(axis=(2, 3), keepdims=True)),
    )),
)


EXERCISES = [where_is_max, max_pool_forward_naive, max_pool_backward_naive, avg_pool_forward_naive,
             avg_pool_backward_naive, l2_pool_forward_naive, global_avg_pool]
