"""Exercises of lesson 02: a neuron, zero padding, a window, convolution forward, 1x1 convolution.

Groups keep one difficulty each, so that a single mistake costs one group: biases are 0 and images
square wherever a group is not about biases or shapes. What goes wrong only where two difficulties
meet costs "everything at once". Half of the groups of conv_forward_naive have padding, the others
have none: a mistake that shows at pad 0 alone, or with padding alone, costs half.
`course_lib.mistakes.convolution_forward` and `neurons_and_windows` hold the wrong algorithms.
"""

import functools

import numpy as np

from course_lib.exercises._conditions import arrays
from course_lib.exercises._conditions.windows import BIASES, conditions, layer_of
from course_lib.judging.cases import draw, each_with_an_array, in_turn, several, square
from course_lib.judging.conditions import both, meeting, with_transposed
from course_lib.judging.exercise import Exercise
from course_lib.mistakes import convolution_forward as mistakes
from course_lib.mistakes import neurons_and_windows as first_mistakes
from course_lib.reference.convolution import conv_forward


def neuron_cases(with_bias):
    def drawn(rng):
        shape = several(rng, 3)
        b = float(rng.uniform(1, 3)) if with_bias else 0.0
        return rng.standard_normal(shape), rng.standard_normal(shape), b

    return lambda rng: (arrays.neuron_case(rng, drawn) for _ in range(3))


neuron = Exercise(
    name="neuron",
    reference=lambda x_patch, w, b: float((x_patch * w).sum() + b),
    groups={
        "dot product": both(neuron_cases(False), meeting(
            arrays.NEURON, "bias above 0", "bias below 0")),
        "bias": both(neuron_cases(True), meeting(arrays.NEURON, "bias 0")),
    },
    describe=lambda x_patch, w, b: f"patch and weights of shape {x_patch.shape}, b = {b:.3g}",
    results=("the neuron's output",),
    misconceptions=first_mistakes.NEURON,
    conditions=arrays.NEURON,
)


zero_pad = Exercise(
    name="zero_pad",
    reference=lambda x, pad: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))),
    groups={
        "square images": both(each_with_an_array((1, 2, 3), square=True), meeting(
            arrays.ZERO_PAD, "pad 0", "wide image", "tall image")),
        "non-square images": both(each_with_an_array((1, 2, 1), square=False), meeting(
            arrays.ZERO_PAD, "pad 0", "square image", "1x1 image")),
        "pad 0": both(each_with_an_array((0, 0), square=False), meeting(
            arrays.ZERO_PAD, "pad 1", "pad 2")),
    },
    describe=lambda x, pad: f"x of shape {x.shape}, pad {pad}",
    results=("the padded x",),
    keeps="x",
    misconceptions=first_mistakes.ZERO_PAD,
    conditions=arrays.ZERO_PAD,
)


def window_cases(strides):
    def cases(rng):
        for stride in strides:
            HH, WW = [int(n) for n in rng.permutation([2, 3])]
            i, j = [int(n) for n in rng.permutation([1, 2])]
            H, W = (3 * stride + n + draw(rng, 0, 1) for n in (HH, WW))
            yield rng.standard_normal((draw(rng, 2, 3), H, W)), i, j, HH, WW, stride

    return cases


window_at = Exercise(
    name="window_at",
    reference=lambda x, i, j, HH, WW, stride: (
        x[:, i * stride : i * stride + HH, j * stride : j * stride + WW]
    ),
    groups={
        "stride 1": both(window_cases((1, 1)), meeting(
            arrays.WINDOW_AT, "larger stride", "stride beyond the window",
            hidden=functools.partial(arrays.any_window, most=1))),
        "larger strides": both(window_cases((2, 3)), meeting(arrays.WINDOW_AT, "stride 1")),
    },
    describe=lambda x, i, j, HH, WW, stride: (
        f"x of shape {x.shape}, i = {i}, j = {j}, {HH}x{WW} filter, stride {stride}"
    ),
    results=("the window",),
    misconceptions=first_mistakes.WINDOW_AT,
    conditions=arrays.WINDOW_AT,
)


def conv_case(rng, N=1, C=None, F=1, HH=3, WW=3, stride=1, pad=0, rows=4, columns=4, biased=False):
    """A convolution with rows x columns places for its filters."""
    C = C or draw(rng, 2, 3)
    H, W = (rows - 1) * stride + HH - 2 * pad, (columns - 1) * stride + WW - 2 * pad
    x, w = rng.standard_normal((N, C, H, W)), rng.standard_normal((F, C, HH, WW))
    b = rng.uniform(1, 3, F) * rng.choice([-1, 1], F) if biased else np.zeros(F)
    return x, w, b, {"stride": stride, "pad": pad}


square_cases = functools.partial(square, conv_case, 2)


def stride_and_padding(rng):
    # 3x3 or 4x4 filters: a window must never lie in the padding alone.
    sizes = zip(in_turn(rng, 3, 4), in_turn(rng, 4, 5), strict=True)
    for stride, pad in ((2, 1), (3, 1), (2, 2)):
        N, C, F = several(rng, 3)
        window, places = next(sizes)
        yield conv_case(rng, N, C, F, window, window, stride, pad, places, places)


def different_sizes(wide, pad=0):
    """N, C, F, H, W, HH and WW all different; filters are wide in one case, high in the other."""

    def cases(rng):
        for filter_is_wide in (True, False):
            N, C, F, *window = several(rng, 5)
            HH, WW = sorted(window, reverse=not filter_is_wide)
            short, long = draw(rng, 7, 8), draw(rng, 9, 10)
            H, W = (short, long) if wide else (long, short)
            yield conv_case(rng, N, C, F, HH, WW, pad=pad, rows=H + 2 * pad - HH + 1,
                            columns=W + 2 * pad - WW + 1)

    return cases


def convolution_with(rng, layer):
    return conv_case(rng, layer.N, layer.C, layer.F, layer.HH, layer.WW, layer.stride, layer.pad,
                     layer.rows, layer.columns, layer.biased)


def layer_of_convolution(x, w, b, conv_param):
    return layer_of(x.shape, w.shape[2:], **conv_param, F=len(w), biased=bool(b.any()))


CONV_CONDITIONS, conv_everything = conditions(
    layer_of_convolution, convolution_with, more=[BIASES])


def describe_convolution(x, w, b, conv_param):
    (H, W), (HH, WW) = x.shape[2:], w.shape[2:]
    return (f"stride {conv_param['stride']}, pad {conv_param['pad']}, {H}x{W} input, {HH}x{WW} "
            f"filter; x has shape {x.shape}, w {w.shape}" + ("; biases 0" if not b.any() else "")
            + ("" if x.flags.c_contiguous else "; in memory as transposed arrays lie"))


conv_forward_naive = Exercise(
    name="conv_forward_naive",
    reference=lambda x, w, b, conv_param: conv_forward(x, w, b, **conv_param)[0],
    groups={
        "one filter": square_cases(C=(1, 2, 3)),
        "many filters": square_cases(F=(2, 4), pad=(1, 1)),
        "many images": square_cases(N=(2, 4), pad=(1, 1)),
        "bias": square_cases(F=(1, 3), biased=(True, True), pad=(1, 1)),
        "padding": square_cases(pad=(1, 2), rows=(6, 8), columns=(6, 8)),
        "stride": square_cases(stride=(2, 3)),
        "stride and padding": stride_and_padding,
        "wide images": different_sizes(wide=True, pad=1),
        "tall images": different_sizes(wide=False),
        "large filter": square_cases(rows=(1, 1), columns=(1, 1)),
        # The lesson itself calls it with transposed arrays, and so does dx_by_convolution.
        "everything at once": with_transposed(conv_everything),
    },
    describe=describe_convolution,
    results=("out", "cache"),
    judged=("out",),
    misconceptions=mistakes.CONV_FORWARD,
    conditions=CONV_CONDITIONS,
)


def by_channel_cases(rng):
    for C in (1, 2, 4):
        x, w, b, _ = conv_case(rng, N=2, C=C, F=5, WW=2, rows=3, columns=7, biased=True)
        yield x, w, b


conv_by_channel = Exercise(
    name="conv_by_channel",
    reference=lambda x, w, b: conv_forward(x, w, b)[0],
    groups={"colour images": both(by_channel_cases, meeting(arrays.BY_CHANNEL))},
    describe=lambda x, w, b: f"x of shape {x.shape}, w of shape {w.shape}",
    results=("out",),
    misconceptions=mistakes.CONV_BY_CHANNEL,
    conditions=arrays.BY_CHANNEL,
)


def conv1x1_cases(images, square, biased):
    def cases(rng):
        for N in images:
            C, F, H, W = several(rng, 4)
            x, w = rng.standard_normal((N, C, H, H if square else W)), rng.standard_normal((F, C))
            yield x, w, rng.uniform(1, 3, F) if biased else np.zeros(F)

    return cases


conv1x1 = Exercise(
    name="conv1x1",
    reference=lambda x, w, b: conv_forward(x, w[:, :, None, None], b)[0],
    groups={
        "one image": conv1x1_cases((1, 1), square=False, biased=False),
        "many images": conv1x1_cases((2, 6), square=False, biased=False),
        "bias": conv1x1_cases((1, 1), square=True, biased=True),
        "everything at once": meeting(arrays.CONV1X1),
    },
    describe=lambda x, w, b: f"x of shape {x.shape}, w of shape {w.shape}",
    results=("out",),
    misconceptions=mistakes.CONV1X1,
    conditions=arrays.CONV1X1,
)


EXERCISES = [neuron, zero_pad, window_at, conv_forward_naive, conv_by_channel, conv1x1]
