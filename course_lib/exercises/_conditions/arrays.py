"""Conditions of the exercises that work on one array, or on a few, without a moving window.

Each `draw` gives a case, but for numbers that the exercise adds to it.
"""

import numpy as np

from course_lib.judging.cases import QuickGenerator, draw, pick
from course_lib.judging.conditions import Conditions

# The smaller the sizes, the more often two of them are equal, or 1.


def sizes(rng, count, high=4):
    # One by one: for a few numbers NumPy takes longer to make an array.
    return tuple(max(1, draw(rng, 0, high)) for _ in range(count))


def numbers(rng, shape):
    """Numbers from 1.2 to 3 or from -3 to -1.2: none of them near 0 or equal to 1."""
    if isinstance(rng, QuickGenerator):
        return rng.either_sign(1.2, 3, shape)
    return rng.uniform(1.2, 3, shape) * _SIGN[rng.integers(0, 2, shape)]


_SIGN = np.array([-1.0, 1.0])


def count(name, names, of):
    """A family for a number that is 1 or more."""
    return {f"one {name}": lambda *case: of(*case) == 1, f"several {names}": lambda *case: (
        of(*case) > 1)}


def rectangle(name, of, single=True):
    """A family for the (height, width) of something; with `single`, 1x1 stands for itself."""
    least = 1 if single else 0
    found = {f"square {name}": lambda *case: of(*case)[0] == of(*case)[1] > least,
             f"wide {name}": lambda *case: of(*case)[0] < of(*case)[1],
             f"tall {name}": lambda *case: of(*case)[0] > of(*case)[1]}
    if single:
        found[f"1x1 {name}"] = lambda *case: of(*case) == (1, 1)
    return found


def shape_of(number, start=0, end=None):
    """shape[start:end] of the argument with that number."""
    return lambda *case: case[number].shape[start:end]


def size_of(number, axis):
    return lambda *case: case[number].shape[axis]


# Lesson 02


def neuron_case(rng, drawn):
    """x_patch, w and b, as drawn(rng) gives them, whose products do not cancel.

    A sum near 0 of many products has but three right digits in float32: who works in it is right.
    """
    while True:
        x_patch, w, b = drawn(rng)
        if abs((x_patch * w).sum() + b) > 0.1:
            return x_patch, w, b


def any_neuron(rng):
    return (*numbers(rng, (2, *sizes(rng, 3))), float(rng.uniform(1, 3) * rng.integers(-1, 2)))


NEURON = Conditions(
    ({"bias 0": lambda x, w, b: b == 0, "bias above 0": lambda x, w, b: b > 0,
      "bias below 0": lambda x, w, b: b < 0},
     count("channel", "channels", size_of(0, 0)), rectangle("patch", shape_of(0, 1))),
    draw=lambda rng: neuron_case(rng, any_neuron),
)

ZERO_PAD = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     rectangle("image", shape_of(0, 2)),
     {f"pad {n}": lambda x, pad, n=n: pad == n for n in (0, 1, 2)}),
    draw=lambda rng: (numbers(rng, sizes(rng, 4)), draw(rng, 0, 2)),
)

STEP = {"stride 1": lambda x, i, j, HH, WW, stride: stride == 1,
        "larger stride": lambda x, i, j, HH, WW, stride: 1 < stride <= max(HH, WW),
        "stride beyond the window": lambda x, i, j, HH, WW, stride: stride > max(HH, WW)}


def any_window(rng, most=5):
    """An image and the place of a window in it, which is often the first or the last.

    most  the largest stride
    """
    HH, WW = sizes(rng, 2)
    i, j = (draw(rng, 0, 2) for _ in "ij")
    stride = draw(rng, 1, most)
    H, W = i * stride + HH + draw(rng, 0, 1), j * stride + WW + draw(rng, 0, 1)
    H = max(H, W) if rng.integers(2) else H
    return numbers(rng, (pick(rng, 1, 3), H, W)), i, j, HH, WW, stride


WINDOW_AT = Conditions(
    (count("channel", "channels", size_of(0, 0)), STEP,
     rectangle("window", lambda x, i, j, HH, WW, stride: (HH, WW)),
     rectangle("image", shape_of(0, 1), single=False),
     {"first row": lambda x, i, *_: i == 0, "another row": lambda x, i, *_: i > 0},
     {"first column": lambda x, i, j, *_: j == 0, "another column": lambda x, i, j, *_: j > 0}),
    apart=(("1x1 window", "larger stride"),),
    draw=any_window,
    further=(132, 673, 1121, 3906),
)


def convolved(rng):
    """x, w and b for stride 1 and no padding."""
    N, C, F, HH, WW, rows, columns = sizes(rng, 7, high=3)
    b = numbers(rng, F) * rng.integers(2)
    return numbers(rng, (N, C, rows + HH - 1, columns + WW - 1)), numbers(rng, (F, C, HH, WW)), b


BY_CHANNEL = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     count("filter", "filters", size_of(1, 0)),
     {"biases 0": lambda x, w, b: not b.any(), "biases": lambda x, w, b: b.any()},
     rectangle("window", shape_of(1, 2)), rectangle("image", shape_of(0, 2), single=False),
     {"window as large as the image": lambda x, w, b: x.shape[2:] == w.shape[2:]}),
    draw=convolved,
    further=(1, 112, 117, 198, 295, 330, 410, 442, 450, 497),
)


def convolved_1x1(rng):
    N, C, F, H, W = sizes(rng, 5)
    b = numbers(rng, F) * rng.integers(2)
    return numbers(rng, (N, C, H, W)), numbers(rng, (F, C)), b


CONV1X1 = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     count("filter", "filters", size_of(1, 0)),
     {"biases 0": lambda x, w, b: not b.any(), "biases": lambda x, w, b: b.any()},
     rectangle("image", shape_of(0, 2))),
    draw=convolved_1x1,
)


# Lesson 03

NEURON_BACKWARD = Conditions(
    ({"dout above 0": lambda wanted, dout, x, w: dout > 0,
      "dout below 0": lambda wanted, dout, x, w: dout < 0},
     count("channel", "channels", size_of(2, 0)), rectangle("patch", shape_of(2, 1))),
    asked=lambda wanted, *case: [wanted],
)

NUDGED = Conditions(
    ({"a single number": lambda M, power, x, df, h: x.size == 1,
      "a vector": lambda M, power, x, df, h: x.ndim == 1 < x.size,
      "more axes": lambda M, power, x, df, h: x.ndim > 1 < x.size},
     {"df of ones": lambda M, power, x, df, h: (df == 1).all(),
      "other df": lambda M, power, x, df, h: not (df == 1).all()},
     {"h by default": lambda M, power, x, df, h: h == 1e-5,
      "h given": lambda M, power, x, df, h: h != 1e-5},
     {"one result": lambda M, power, x, df, h: df.size == 1,
      "several results": lambda M, power, x, df, h: df.size > 1}),
)

ROW = Conditions(
    ({"stride 1": lambda wanted, dout, x, w, stride: stride == 1,
      "larger stride": lambda wanted, dout, x, w, stride: stride > 1},
     {"filter of one pixel": lambda wanted, dout, x, w, stride: len(w) == 1,
      "larger filter": lambda wanted, dout, x, w, stride: len(w) > 1},
     {"windows overlap": lambda wanted, dout, x, w, stride: stride < len(w) and len(dout) > 1,
      "windows side by side": lambda wanted, dout, x, w, stride: (
          stride == len(w) and len(dout) > 1),
      "stride beyond the filter": lambda wanted, dout, x, w, stride: stride > len(w)},
     {"one place": lambda wanted, dout, x, w, stride: len(dout) == 1,
      "several places": lambda wanted, dout, x, w, stride: len(dout) > 1}),
    apart=(("stride 1", "stride beyond the filter"), ("filter of one pixel", "windows overlap"),
           ("one place", "windows overlap"), ("one place", "windows side by side")),
    asked=lambda wanted, *case: [wanted],
)


def framed(rng):
    N, C, H, W = sizes(rng, 4)
    pad = draw(rng, 0, 2)
    return numbers(rng, (N, C, H + 2 * pad, W + 2 * pad)), pad


UNPAD = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     rectangle("image", lambda padded, pad: tuple(n - 2 * pad for n in padded.shape[2:])),
     {f"pad {n}": lambda padded, pad, n=n: pad == n for n in (0, 1, 2)}),
    draw=framed,
    further=(0,),
)


def collected(rng):
    N, C, F, H2, W2 = sizes(rng, 5)
    K = draw(rng, 1, 5)
    pad = draw(rng, 0, min(2, K - 1))
    if min(H2, W2) + K - 1 - 2 * pad < 1:
        return collected(rng)
    return numbers(rng, (N, F, H2, W2)), numbers(rng, (F, C, K, K)), pad


BY_CONVOLUTION = Conditions(
    (count("image", "images", size_of(0, 0)), count("filter", "filters", size_of(1, 0)),
     count("channel", "channels", size_of(1, 1)), rectangle("dout", shape_of(0, 2)),
     {"filter of one pixel": lambda dout, w, pad: w.shape[2] == 1,
      "larger filter": lambda dout, w, pad: w.shape[2] > 1},
     {f"pad {n}": lambda dout, w, pad, n=n: pad == n for n in (0, 1, 2)}),
    apart=(("filter of one pixel", "pad 1"), ("filter of one pixel", "pad 2")),
    draw=collected,
    further=(146, 163, 164, 288, 375, 6721),
)


# Lesson 04

ONE_PLACE = Conditions(
    ({"dout above 0": lambda dout, window, w: dout > 0,
      "dout below 0": lambda dout, window, w: dout < 0},
     count("channel", "channels", size_of(1, 0)), rectangle("window", shape_of(1, 1))),
    draw=lambda rng: (float(numbers(rng, ())), *numbers(rng, (2, *sizes(rng, 3)))),
)

TIED = Conditions(
    (rectangle("output", lambda w, H2, W2: (H2, W2)), count("filter", "filters", size_of(0, 0)),
     count("channel", "channels", size_of(0, 1)), rectangle("window", shape_of(0, 2))),
    draw=lambda rng: (numbers(rng, sizes(rng, 4)), *sizes(rng, 2)),
    further=(102,),
)

SHARED_GRADIENT = Conditions(
    (rectangle("output", shape_of(0, 0, 2)), count("filter", "filters", size_of(0, 2)),
     count("channel", "channels", size_of(0, 3)), rectangle("window", shape_of(0, 4))),
    draw=lambda rng: (numbers(rng, sizes(rng, 6, high=3)),),
)


# Lesson 05

SIGN = {"numbers above 0": lambda x: x.min() > 0, "numbers below 0": lambda x: x.max() < 0,
        "numbers of either sign": lambda x: x.min() < 0 < x.max()}

MAXIMUM = Conditions(
    (rectangle("window", shape_of(0)), SIGN,
     {"in the first row": lambda x: x.argmax() < x.shape[1],
      "in another row": lambda x: x.argmax() >= x.shape[1]},
     {"in the first column": lambda x: x.argmax() % x.shape[1] == 0,
      "in another column": lambda x: x.argmax() % x.shape[1] > 0}),
    apart=(("1x1 window", "in another row"), ("1x1 window", "in another column"),
           ("1x1 window", "numbers of either sign")),
)

GLOBAL = Conditions(
    (count("image", "images", size_of(0, 0)), count("map", "maps", size_of(0, 1)),
     rectangle("map", shape_of(0, 2)), SIGN),
)


# Lesson 06

TO_COLUMN = WINDOW_AT  # the same window, laid out as a column


def weighed(rng):
    N, C, H2, W2 = sizes(rng, 4)
    di, dj, stride = draw(rng, 0, 2), draw(rng, 0, 2), draw(rng, 1, 3)
    H, W = ((n - 1) * stride + d + 1 + draw(rng, 0, 2) for n, d in ((H2, di), (W2, dj)))
    return numbers(rng, (N, C, H, W)), di, dj, H2, W2, stride


OF_WEIGHT = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     rectangle("output", lambda x, di, dj, H2, W2, stride: (H2, W2)),
     {"first row": lambda x, di, *_: di == 0, "another row": lambda x, di, *_: di > 0},
     {"first column": lambda x, di, dj, *_: dj == 0,
      "another column": lambda x, di, dj, *_: dj > 0},
     {"stride 1": lambda *case: case[-1] == 1, "larger stride": lambda *case: case[-1] > 1}),
    draw=weighed,
    further=(26, 302, 1120),
)


def multiplied(rng):
    N, F, H2, W2 = sizes(rng, 4)
    return numbers(rng, (F, N * H2 * W2)), N, H2, W2


PRODUCT = Conditions(
    (count("image", "images", lambda product, N, H2, W2: N),
     count("filter", "filters", size_of(0, 0)),
     rectangle("output", lambda product, N, H2, W2: (H2, W2))),
    draw=multiplied,
)


# Lesson 08


def as_volume(rng):
    C, H, W, M = sizes(rng, 4)
    return numbers(rng, (C * H * W, M)), (C, H, W)


FC_TO_CONV = Conditions(
    (count("channel", "channels", lambda w, shape: shape[0]),
     count("neuron", "neurons", size_of(0, 1)),
     rectangle("volume", lambda w, shape: shape[1:])),
    draw=as_volume,
)

DILATED = Conditions(
    (count("filter", "filters", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     rectangle("filter", shape_of(0, 2)),
     {f"dilation {n}": lambda w, dilation, n=n: dilation == n for n in (1, 2, 3)}),
    draw=lambda rng: (numbers(rng, sizes(rng, 4)), draw(rng, 1, 3)),
)


def depthwise(rng):
    x, w, b = convolved(rng)
    C = x.shape[1]
    return x, numbers(rng, (C, *w.shape[2:])), np.resize(b, C)


DEPTHWISE = Conditions(
    (count("image", "images", size_of(0, 0)), count("channel", "channels", size_of(0, 1)),
     {"biases 0": lambda x, w, b: not b.any(), "biases": lambda x, w, b: b.any()},
     rectangle("window", shape_of(1, 1)), rectangle("image", shape_of(0, 2), single=False),
     {"window as large as the image": lambda x, w, b: x.shape[2:] == w.shape[1:]}),
    draw=depthwise,
    further=(0, 1, 37, 88, 128, 288, 323, 328, 392, 426, 433, 467, 497),
)
