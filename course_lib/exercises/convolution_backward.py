"""Exercises of lesson 03: gradients by nudging, by hand and by convolution.

A case says which gradients are asked for; the others are replaced by NOT_ASKED on both sides. So a
mistake in dw, say, costs nothing where dx is judged. Where padding is no subject it is 1: the most
frequent mistake of all, cutting off [pad:-pad], then costs the group about pad 0.
"""

import functools
from dataclasses import replace

import numpy as np

from course_lib.exercises._conditions import arrays
from course_lib.exercises._conditions.windows import conditions
from course_lib.exercises.convolution_forward import conv_case, layer_of_convolution
from course_lib.judging.cases import draw, several, square
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise
from course_lib.judging.passes import another_batch, elsewhere, pass_between
from course_lib.mistakes.convolution_backward.backward import CONV_BACKWARD_MISTAKES
from course_lib.mistakes.convolution_backward.by_convolution import DX_MISTAKES, by_convolution
from course_lib.mistakes.convolution_backward.framed import UNPAD_MISTAKES, inside
from course_lib.mistakes.convolution_backward.numerical import (
    GRADIENTS,
    NEURON_MISTAKES,
    NUMERICAL_MISTAKES,
    ROW,
    ROW_MISTAKES,
    H,
    asked,
    by_differences,
    masked,
    power_of_sums,
    row,
)
from course_lib.mistakes.convolution_backward.ways import gradients
from course_lib.reference.convolution import conv_forward
from course_lib.student_error import StudentError


def signed(rng, size):
    """Numbers from 1 to 3 or from -3 to -1: none of them near 0 or equal to 1."""
    return rng.uniform(1.2, 3, size) * rng.choice([-1, 1], size)


# neuron_backward

def neuron_cases(wanted):
    def cases(rng):
        for _ in range(3):
            shape = several(rng, 3)
            yield wanted, float(signed(rng, 1)[0]), signed(rng, shape), signed(rng, shape)

    return cases


def any_neuron(rng, wanted):
    shape = arrays.sizes(rng, 3)
    return wanted, float(signed(rng, 1)[0]), signed(rng, shape), signed(rng, shape)


neuron_backward = Exercise(
    name="neuron_backward",
    reference=masked(lambda dout, x_patch, w: (dout * w, dout * x_patch, dout)),
    groups={name: both(neuron_cases(name), meeting(
        arrays.NEURON_BACKWARD, draw=lambda rng, name=name: any_neuron(rng, name)))
        for name in GRADIENTS},
    describe=lambda wanted, dout, x_patch, w: (
        f"{wanted}; patch and weights of shape {x_patch.shape}, dout = {dout:.3g}"
    ),
    results=GRADIENTS,
    play=lambda functions, wanted, *args: asked(wanted, functions[0](*args)),
    misconceptions=NEURON_MISTAKES,
    conditions=replace(arrays.NEURON_BACKWARD, draw=lambda rng: any_neuron(
        rng, GRADIENTS[int(rng.integers(len(GRADIENTS)))])),
)


# numerical_gradient: f(x) = (M x)^power, a function of the judge's that the student's code calls.

def nudging_cases(shapes, power, h=H, weighted=False, x_from=(0.5, 1)):
    """`shapes` gives the number of axes of x for each case; `x_from`: its least and largest."""
    def cases(rng):
        for number, axes in enumerate(shapes):
            shape, out_shape = [n + number for n in several(rng, axes)], several(rng, 2)
            M = rng.uniform(0.2, 1, (np.prod(out_shape), np.prod(shape)))
            df = signed(rng, out_shape) if weighted else np.ones(out_shape)
            yield M, power, rng.uniform(*x_from, shape), df, h

    return cases


def any_function(rng):
    shape, out_shape = (arrays.sizes(rng, draw(rng, 1, 3), high=3) for _ in "xf")
    M = rng.uniform(0.2, 1, (int(np.prod(out_shape)), int(np.prod(shape))))
    df = signed(rng, out_shape) if rng.integers(2) else np.ones(out_shape)
    h = 0.5 if rng.integers(2) else H
    x = rng.uniform(0.5, 1, shape) * (-1 if rng.integers(2) else 1)
    return M, 3 if h != H else 2, x, df, h


NUDGED = replace(arrays.NUDGED, draw=any_function)

numerical_gradient = Exercise(
    name="numerical_gradient",
    reference=by_differences(),
    groups={
        "vectors": nudging_cases((1, 1), power=2),
        # The second function falls in every direction: its gradient is below 0.
        "images": both(nudging_cases((2, 3), power=2),
                       nudging_cases((2,), power=2, x_from=(-1, -0.5))),
        "upstream gradient": nudging_cases((1, 2), power=2, weighted=True),
        # A step is as long for large numbers, and for those below 0.
        "large steps": both(nudging_cases((1, 2), power=3, h=0.5),
                            nudging_cases((1,), power=3, h=0.5, x_from=(2, 4)),
                            nudging_cases((1,), power=3, h=0.5, x_from=(-4, -2))),
        "everything at once": meeting(NUDGED),
    },
    describe=lambda M, power, x, df, h: (
        f"x of shape {x.shape}, f(x) and df of shape {df.shape}, h = {h:g}"
        + (", df all ones" if (df == 1).all() else "")
    ),
    results=("the gradient",),
    play=lambda functions, M, power, x, df, h: functions[0](
        power_of_sums(M, power, x.shape, df.shape), x, df, **({} if h == H else {"h": h})),
    misconceptions=NUMERICAL_MISTAKES,
    conditions=NUDGED,
)


# row_backward: a convolution in one dimension.

def row_cases(wanted, overlapping):
    def cases(rng):
        for size in (2, 3, 4):
            stride = draw(rng, 1, size - 1) if overlapping else size
            places = draw(rng, 3, 5)
            yield (wanted, signed(rng, places), signed(rng, (places - 1) * stride + size),
                   signed(rng, size), stride)

    return cases


def any_row(rng, wanted):
    size, stride, places = draw(rng, 1, 4), draw(rng, 1, 5), draw(rng, 1, 3)
    return (wanted, signed(rng, places), signed(rng, (places - 1) * stride + size),
            signed(rng, size), stride)


def meeting_rows(wanted):
    return meeting(arrays.ROW, draw=lambda rng: any_row(rng, wanted))


row_backward = Exercise(
    name="row_backward",
    reference=masked(row, ROW),
    groups={
        "dx windows apart": row_cases("dx", overlapping=False),
        "dx overlapping windows": both(row_cases("dx", overlapping=True), meeting_rows("dx")),
        "dw": both(row_cases("dw", overlapping=True), meeting_rows("dw")),
    },
    describe=lambda wanted, dout, x, w, stride: (
        f"{wanted}; {len(x)} pixels, a filter of {len(w)}, stride {stride}, {len(dout)} outputs"
    ),
    results=ROW,
    play=lambda functions, wanted, *args: asked(wanted, functions[0](*args), ROW),
    misconceptions=ROW_MISTAKES,
    conditions=replace(arrays.ROW, draw=lambda rng: any_row(rng, ROW[int(rng.integers(2))])),
)


# unpad

def unpad_cases(paddings):
    def cases(rng):
        for pad in paddings:
            N, C, H, W = several(rng, 4)
            # Wider than high: the same slice for both axes leaves something out.
            H, W = sorted((H, W))
            yield rng.standard_normal((N, C, H + 2 * pad, W + 2 * pad)), pad

    return cases


unpad = Exercise(
    name="unpad",
    reference=inside,
    groups={"pad 1 and more": both(unpad_cases((1, 2, 3)), meeting(arrays.UNPAD, "pad 0")),
            "pad 0": both(unpad_cases((0, 0)), meeting(arrays.UNPAD, "pad 1", "pad 2"))},
    describe=lambda padded, pad: f"dx_padded of shape {padded.shape}, pad {pad}",
    results=("the inner part",),
    misconceptions=UNPAD_MISTAKES,
    conditions=arrays.UNPAD,
)


# conv_backward_naive: played together with the notebook's conv_forward_naive.

ALL = "dx dw db"


def play_backward(functions, wanted, dout, *case):
    """The student's forward pass makes the cache; what is in it is their own business.

    Where everything is asked for, another batch goes forward before the backward pass.
    """
    returned = functions[1](*case)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        name = getattr(functions[1], "__name__", "the forward function")
        raise StudentError(["ValueError"], f"{name} should return (out, cache): your backward "
                           "function needs the cache")
    if wanted == ALL:
        pass_between(functions[1], *case)
    return asked(wanted, functions[0](dout, returned[1]))


def of_another_batch(wanted, dout, x, *settings):
    """The gradients of what went forward last."""
    last = another_batch(x) if wanted == ALL else x
    return asked(wanted, gradients(dout, last, *settings))


def backward_case(rng, wanted, pad=1, **settings):
    x, w, b, conv_param = conv_case(rng, pad=pad, biased=True, **settings)
    out, _ = conv_forward(x, w, b, **conv_param)
    return wanted, signed(rng, out.shape), x, w, b, conv_param


def backward_cases(wanted, **settings):
    """Square images and filters, as `square` draws them, with 3x3 or 4x4 filters."""
    return square(functools.partial(backward_case, wanted=wanted), 3, **settings)


def non_square(wanted):
    """N, C, F, H, W, HH and WW all different, once wide and once tall, filters across that."""
    def cases(rng):
        for wide in (True, False):
            N, C, F, HH, WW = several(rng, 5)
            HH, WW = sorted((HH, WW), reverse=wide)
            short, long = draw(rng, 7, 8), draw(rng, 10, 11)
            H, W = (short, long) if wide else (long, short)
            yield backward_case(rng, wanted, N=N, C=C, F=F, HH=HH, WW=WW, rows=H + 3 - HH,
                                columns=W + 3 - WW)

    return cases


def backward_with(rng, layer):
    return backward_case(rng, ALL, layer.pad, N=layer.N, C=layer.C, F=layer.F, HH=layer.HH,
                         WW=layer.WW, stride=layer.stride, rows=layer.rows, columns=layer.columns)


BACKWARD_CONDITIONS, all_together = conditions(
    lambda wanted, dout, *case: layer_of_convolution(*case), backward_with,
    asked=lambda wanted, *case: wanted.split(), values=(True,),
    further=(315, 872, 1238, 2625, 5472))


def describe_backward(wanted, dout, x, w, b, conv_param):
    (height, width), (HH, WW) = x.shape[2:], w.shape[2:]
    return (f"{wanted.replace(' ', ', ')}; stride {conv_param['stride']}, pad "
            f"{conv_param['pad']}, {height}x{width} input, {HH}x{WW} filter; x has shape "
            f"{x.shape}, w {w.shape}, dout {dout.shape}")


conv_backward_naive = Exercise(
    name="conv_backward_naive",
    reference=masked(gradients),
    groups={
        "db": backward_cases("db", N=(2, 3), F=(3, 2)),
        "dw one filter": backward_cases("dw", C=(1, 2, 3)),
        "dw many images": backward_cases("dw", N=(2, 4), F=(3, 2)),
        "dw stride": backward_cases("dw", stride=(2, 3)),
        "dw non-square": non_square("dw"),
        "dx one filter": backward_cases("dx", C=(1, 2, 3)),
        "dx many filters": backward_cases("dx", F=(2, 4)),
        "dx many images": backward_cases("dx", N=(2, 4)),
        "dx pad 0": lambda rng: [*backward_cases("dx", pad=(0, 0))(rng),
                                 *backward_cases("dx", pad=(0,), rows=(1,), columns=(1,))(rng)],
        "dx pad 2": backward_cases("dx", pad=(2, 2), rows=(6, 7), columns=(6, 7)),
        "dx stride": backward_cases("dx", stride=(2, 3)),
        "dx non-square": non_square("dx"),
        "all together": all_together,
    },
    describe=describe_backward,
    results=GRADIENTS,
    play=play_backward,
    helpers=("conv_forward_naive",),
    misconceptions=(*CONV_BACKWARD_MISTAKES, elsewhere(of_another_batch)),
    conditions=BACKWARD_CONDITIONS,
)


# dx_by_convolution: stride 1, square filters.

def collecting_cases(sizes, paddings, many):
    def cases(rng):
        for K, pad in zip(sizes, paddings, strict=True):
            N, C, F = several(rng, 3) if many else (1, 1, 1)
            # More channels than filters or pixels in a row: whoever mixes these up runs out.
            C = max(C, F + 1, K + 1) if many else C
            H2, W2 = (int(n) for n in 6 + rng.permutation(3)[:2])
            yield signed(rng, (N, F, H2, W2)), rng.standard_normal((F, C, K, K)), pad

    return cases


dx_by_convolution = Exercise(
    name="dx_by_convolution",
    reference=by_convolution,
    groups={
        "one filter": collecting_cases((2, 3, 4), (0, 0, 0), many=False),
        "many filters": both(collecting_cases((3, 4), (0, 0), many=True), meeting(
            arrays.BY_CONVOLUTION, "pad 1", "pad 2")),
        # K - 1 = 2 pad is left out: there the padding is the same both ways.
        "padding": both(collecting_cases((4, 4, 5), (1, 2, 1), many=False), meeting(
            arrays.BY_CONVOLUTION, "pad 0", "filter of one pixel")),
    },
    describe=lambda dout, w, pad: f"dout of shape {dout.shape}, w of shape {w.shape}, pad {pad}",
    results=("dx",),
    misconceptions=DX_MISTAKES,
    conditions=arrays.BY_CONVOLUTION,
)


EXERCISES = [neuron_backward, numerical_gradient, row_backward, unpad, conv_backward_naive,
             dx_by_convolution]
