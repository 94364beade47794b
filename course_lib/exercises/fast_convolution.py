"""Exercises of lesson 06: windows as columns, convolution as one matrix product, and back.

Groups keep one difficulty each: images and filters are square, biases 0 and the padding 0 (1 for
the backward pass) wherever a group is not about them. `course_lib.mistakes.fast_convolution`
holds the wrong algorithms.

"Many positions" is judged by growth. The student's function is timed on two images with the same
amount of numbers to copy and to multiply. One has 400 times as many positions as the other, and
each of its windows holds 400 times fewer numbers. Without a Python loop over positions, both take
the same time (0.1 to 1.4 times was measured, in notebooks and through the sandbox, on an idle and
on a crowded machine); with one, the first takes 9 to 400 times as long. GROWTH lies in between.

The machine is not judged: both times are of the same function in the same process within
milliseconds, and the shortest of many tries counts. Bad luck cannot last either: other processes
make a try slower and never faster, so a function without a loop needs a single good try of each
kind, and gets PATIENCE seconds for it, while no luck makes a loop short. Slow ways without a loop
(np.add.at) pass. The positions lie in four rows: a loop over the rows of the output alone is none
over positions, and it passes too.
"""

import time

import numpy as np

from course_lib.exercises._conditions import arrays
from course_lib.exercises._conditions.windows import BIASES, conditions, layer_of
from course_lib.exercises.convolution_backward import (
    backward_case,
    backward_with,
    describe_backward,
    non_square,
    play_backward,
    signed,
    square,
)
from course_lib.exercises.convolution_forward import (
    conv_case,
    convolution_with,
    describe_convolution,
    different_sizes,
    layer_of_convolution,
    square_cases,
    stride_and_padding,
)
from course_lib.judging.cases import draw, in_turn, several
from course_lib.judging.conditions import Draws, both, meeting
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.mistakes.convolution_backward.backward import gradients
from course_lib.mistakes.convolution_backward.numerical import GRADIENTS, masked
from course_lib.mistakes.fast_convolution import columns as columns
from course_lib.mistakes.fast_convolution import layers as mistakes
from course_lib.reference.convolution import conv_forward
from course_lib.reference.im2col import col2im as reference_col2im
from course_lib.reference.im2col import im2col as reference_im2col
from course_lib.student_error import StudentStopped

GROWTH = 4
TICKS = 10  # a time is measured to a tenth: so many steps of the clock
TRIES, PATIENCE = 15, 2  # at least so many tries; seconds until it is taken for a loop
MANY, FEW = 8_000, 20  # positions; below 9,000 NumPy's matrix products use one thread


# matrix_shapes

def shape_cases(images, strides, paddings):
    def cases(rng):
        for N, stride, pad in zip(images, strides, paddings, strict=True):
            C, F, _ = several(rng, 3)
            HH, WW = (int(n) for n in 3 + rng.permutation(3)[:2])
            rows, across = (int(n) for n in 5 + rng.permutation(4)[:2])
            H = (rows - 1) * stride + HH - 2 * pad
            W = (across - 1) * stride + WW - 2 * pad
            yield (N, C, H, W), (F, C, HH, WW), stride, pad

    return cases


def one_image_shapes(rng):
    yield (1, 3, 227, 227), (96, 3, 11, 11), 4, 0
    yield from shape_cases((1, 1), (1, 2), (0, 0))(rng)


def shapes_with(rng, of):
    return (of.N, of.C, of.H, of.W), (of.F, of.C, of.HH, of.WW), of.stride, of.pad


SHAPE_CONDITIONS, shapes_everything = conditions(
    lambda x_shape, w_shape, stride, pad: layer_of(
        x_shape, w_shape[2:], stride, pad, F=w_shape[0]), shapes_with, values=(False,))

matrix_shapes = Exercise(
    name="matrix_shapes",
    reference=mistakes.shapes,
    groups={
        "one image": one_image_shapes,
        "many images and padding": Draws(*(both(
            shape_cases((2, 5, 3), (1, 2, 3), (1, 1, 2)), draw)
            for draw in (shapes_everything, shapes_everything.hidden))),
    },
    conditions=SHAPE_CONDITIONS,
    describe=lambda x_shape, w_shape, stride, pad: (
        f"x_shape {x_shape}, w_shape {w_shape}, stride {stride}, pad {pad}"
    ),
    results=("the shape of the filters", "the shape of the columns"),
    misconceptions=mistakes.MATRIX_SHAPES,
)


# window_to_column

def column_cases(rng):
    for C in (1, 2, 4):
        HH, WW = (int(n) for n in 2 + rng.permutation(3)[:2])
        i, j = (int(n) for n in rng.permutation([1, 2]))
        stride = draw(rng, 1, 2)
        shape = C, 2 * stride + HH + draw(rng, 0, 1), 2 * stride + WW + draw(rng, 0, 1)
        yield rng.standard_normal(shape), i, j, HH, WW, stride


window_to_column = Exercise(
    name="window_to_column",
    reference=lambda *args: columns.window(*args).ravel(),
    groups={"one window": both(column_cases, meeting(arrays.TO_COLUMN))},
    conditions=arrays.TO_COLUMN,
    describe=lambda x, i, j, HH, WW, stride: (
        f"x of shape {x.shape}, i = {i}, j = {j}, {HH}x{WW} filter, stride {stride}"
    ),
    results=("the column",),
    misconceptions=columns.WINDOW_TO_COLUMN,
)


# pixels_of_weight

def weight_cases(strides):
    def cases(rng):
        for stride in strides:
            N, C = several(rng, 2)
            H2, W2 = (int(n) for n in 3 + rng.permutation(3)[:2])
            # di and dj are larger than the stride, and there are pixels beyond the last window.
            di, dj = (stride + 1 + int(n) for n in rng.permutation(2))
            shape = N, C, di + stride * H2 + 2, dj + stride * W2 + 2
            # Room for the start times the stride, and for H2 and W2 in each other's place.
            more = (stride - 1) * (stride + 2) + 2 * stride
            shape = N, C, shape[2] + more, shape[3] + more
            yield rng.standard_normal(shape), di, dj, H2, W2, stride

    return cases


pixels_of_weight = Exercise(
    name="pixels_of_weight",
    reference=columns.both(columns.stepping),
    groups={
        "stride 1": both(weight_cases((1, 1)), meeting(arrays.OF_WEIGHT, "larger stride")),
        "larger strides": both(weight_cases((2, 3)), meeting(arrays.OF_WEIGHT, "stride 1")),
    },
    conditions=arrays.OF_WEIGHT,
    describe=lambda x_padded, di, dj, H2, W2, stride: (
        f"x_padded of shape {x_padded.shape}, di = {di}, dj = {dj}, {H2}x{W2} windows, "
        f"stride {stride}"
    ),
    results=("the pixels",),
    misconceptions=columns.PIXELS_OF_WEIGHT,
)


# im2col and col2im: cases of x, HH, WW, stride, pad

def images(rng, N=1, C=1, HH=3, WW=3, stride=1, pad=0, rows=4, across=4):
    H, W = (rows - 1) * stride + HH - 2 * pad, (across - 1) * stride + WW - 2 * pad
    return signed(rng, (N, C, H, W)), HH, WW, stride, pad


def image_cases(**settings):
    """Square windows and images, of other sizes from case to case.

    Each setting is a list with one value for each case.
    """
    def cases(rng):
        sizes = zip(in_turn(rng, 2, 3), in_turn(rng, 4, 5), strict=True)
        for values in zip(*settings.values(), strict=True):
            size, places = next(sizes)
            usual = {"HH": size, "WW": size, "rows": places, "across": places}
            yield images(rng, **usual | dict(zip(settings, values, strict=True)))

    return cases


def stride_and_pad(rng):
    sizes = zip(in_turn(rng, 3, 4), in_turn(rng, 4, 5), strict=True)
    for stride, pad in ((2, 1), (3, 1), (2, 2)):
        N, C, _ = several(rng, 3)
        size, places = next(sizes)
        yield images(rng, N, C, size, size, stride, pad, places, places)


def non_square_images(rng):
    """N, C, H, W, HH and WW all different, wide and tall."""
    for wide in (True, False):
        N, C, HH, WW = several(rng, 4)
        HH, WW = sorted((HH, WW), reverse=wide)
        short, long = draw(rng, 6, 7), draw(rng, 10, 11)
        H, W = (short, long) if wide else (long, short)
        yield images(rng, N, C, HH, WW, rows=H - HH + 1, across=W - WW + 1)


def many_images(rng):
    """The last filter is as large as the images."""
    return [*image_cases(N=(2, 3))(rng), *image_cases(N=(2,), rows=(1,), across=(1,))(rng)]


def images_with(rng, layer):
    return images(rng, layer.N, layer.C, layer.HH, layer.WW, layer.stride, layer.pad, layer.rows,
                  layer.columns)


UNFILTERED = {"filtered": False, "values": (False,)}
IMAGE_CONDITIONS, image_everything = conditions(
    lambda x, HH, WW, stride, pad: layer_of(x.shape, (HH, WW), stride, pad), images_with,
    **UNFILTERED)


def describe_images(x, HH, WW, stride, pad):
    return f"x of shape {x.shape}, {HH}x{WW} windows, stride {stride}, pad {pad}"


im2col = Exercise(
    name="im2col",
    reference=reference_im2col,
    groups={
        "one channel": image_cases(N=(1, 1)),
        "channels": image_cases(C=(2, 3)),
        "many images": many_images,
        "padding": image_cases(pad=(1, 2), rows=(6, 8), across=(6, 8)),
        "stride": lambda rng: [*image_cases(stride=(2, 3))(rng), *stride_and_pad(rng)],
        "non-square": non_square_images,
        "everything at once": image_everything,
    },
    describe=describe_images,
    results=("cols",),
    misconceptions=columns.IM2COL,
    conditions=IMAGE_CONDITIONS,
)


def with_column(rng, x, *sizes):
    """A case of col2im: other numbers in the columns of an image, and its shape."""
    return signed(rng, reference_im2col(x, *sizes).shape), x.shape, *sizes


def with_columns(draw_images):
    return lambda rng: [with_column(rng, *case) for case in draw_images(rng)]


COLUMN_CONDITIONS, column_everything = conditions(
    lambda cols, x_shape, HH, WW, stride, pad: layer_of(x_shape, (HH, WW), stride, pad),
    lambda rng, layer: with_column(rng, *images_with(rng, layer)), **UNFILTERED)


col2im = Exercise(
    name="col2im",
    reference=reference_col2im,
    groups={
        # The stride is the window's size: each pixel was copied once.
        "windows apart": with_columns(lambda rng: [
            *image_cases(C=(1, 2), HH=(2, 3), WW=(2, 3), stride=(2, 3))(rng)]),
        "overlapping windows": with_columns(image_cases(C=(1, 2, 3))),
        "many images": with_columns(
            image_cases(N=(2, 3), HH=(2, 3), WW=(2, 3), stride=(2, 3))),
        "padding": with_columns(image_cases(
            pad=(1, 2), HH=(2, 3), WW=(2, 3), stride=(2, 3), rows=(6, 6), across=(6, 6))),
        "all together": Draws(*(lambda rng, draw=draw: [
            *draw(rng), with_column(rng, *images(rng, 2, 1, HH=5, WW=4, pad=3, rows=7, across=8))]
            for draw in (column_everything, column_everything.hidden))),
    },
    describe=lambda cols, x_shape, HH, WW, stride, pad: (
        f"cols of shape {cols.shape}, x_shape {x_shape}, {HH}x{WW} windows, stride {stride}, "
        f"pad {pad}"
    ),
    results=("the image",),
    misconceptions=columns.COL2IM,
    conditions=COLUMN_CONDITIONS,
)


# output_from_product

def product_cases(counts):
    def cases(rng):
        for N in counts:
            F, H2, W2 = (int(n) for n in 2 + rng.permutation(4)[:3])
            yield rng.standard_normal((F, N * H2 * W2)), N, H2, W2

    return cases


output_from_product = Exercise(
    name="output_from_product",
    reference=lambda product, N, H2, W2: (
        product.reshape(len(product), N, H2, W2).transpose(1, 0, 2, 3)
    ),
    groups={"many images": both(product_cases((1, 2, 3)), meeting(arrays.PRODUCT))},
    conditions=arrays.PRODUCT,
    describe=lambda product, N, H2, W2: (
        f"product of shape {product.shape}, N = {N}, H2 = {H2}, W2 = {W2}"
    ),
    results=("out",),
    misconceptions=mistakes.OUTPUT_FROM_PRODUCT,
)


# The layer. Cases end with `few`: None, or a case with as many numbers at fewer positions.

def alone(cases):
    """The draw of a group that is not about the number of positions."""
    return Draws(*(lambda rng, draw=draw: [(*case, None) for case in draw(rng)]
                   for draw in (cases, getattr(cases, "hidden", cases))))


def without_few(function):
    return lambda *args: function(*args[:-1])


def for_one_case(misconceptions):
    return tuple(Misconception(m.name, m.sentence, without_few(m.wrong)) for m in misconceptions)


def clock_tick():
    """The smallest step of the clock, in seconds: browsers make it coarse on purpose."""
    start = now = time.perf_counter()
    while now == start:
        now = time.perf_counter()
    return now - start


def seconds_for(call, case, count):
    """The time that `count` calls take."""
    start = time.perf_counter()
    for _ in range(count):
        call(case)
    return time.perf_counter() - start


def refuse_growth(call, many, few):
    """StudentStopped if call(many) takes more than GROWTH times as long as call(few)."""
    shortest, repeats, tick = {}, {"many": 1, "few": 1}, clock_tick()
    end, tries, growth = time.perf_counter() + PATIENCE, 0, np.inf
    while tries < TRIES or (growth > GROWTH and time.perf_counter() < end):
        for name, case in (("many", many), ("few", few)):
            taken = seconds_for(call, case, repeats[name])
            while taken < TICKS * tick:
                # Too short for this clock: more calls are timed together.
                repeats[name] *= 2
                taken = seconds_for(call, case, repeats[name])
            taken /= repeats[name]
            shortest[name] = min(taken, shortest.get(name, taken))
        growth = shortest["many"] / shortest["few"]
        tries += 1
    if growth > GROWTH:
        raise StudentStopped(
            f"there is a Python loop over positions. Two images had the same amount of numbers to "
            f"copy and to multiply. The one with {MANY // FEW} times as many positions took "
            f"{growth:.0f} times as long; without such a loop it is about the same")


def layer_alone(x, w, b, conv_param, few):
    return layer_of_convolution(x, w, b, conv_param)


def without_timing(names):
    """What a case judges: nothing that counts, if it is there to be timed."""
    return lambda *case: names(*case[:-1]) if case[-1] is None else ()


FORWARD_CONDITIONS, forward_everything = conditions(
    layer_alone, lambda rng, layer: (*convolution_with(rng, layer), None), more=[BIASES],
    asked=without_timing(lambda *case: ["out"]))
BACKWARD_CONDITIONS, backward_everything = conditions(
    lambda wanted, dout, *case: layer_alone(*case),
    lambda rng, layer: (*backward_with(rng, layer), None),
    asked=without_timing(lambda wanted, *case: wanted.split()), values=(True,))


def many_and_few(rng, make=conv_case):
    """The same amount of work for NumPy, at MANY and at FEW positions, in four rows."""
    many, few = (make(rng, C=MANY // positions, HH=1, WW=1, rows=4, columns=positions // 4)
                 for positions in (MANY, FEW))
    yield *many, few


def play_forward(functions, *case):
    *args, few = case
    value = functions[0](*args)
    if few is not None:
        refuse_growth(lambda case: functions[0](*case), args, few)
    return value


conv_forward_fast = Exercise(
    name="conv_forward_fast",
    reference=without_few(lambda x, w, b, conv_param: conv_forward(x, w, b, **conv_param)[0]),
    groups={
        "one image": alone(square_cases(C=(1, 2, 3), F=(1, 3, 4))),
        "many images": alone(square_cases(N=(2, 4), F=(3, 2))),
        "bias": alone(square_cases(F=(2, 3), biased=(True, True))),
        "stride and padding": alone(stride_and_padding),
        "non-square": alone(lambda rng: [
            *different_sizes(wide=True)(rng), *different_sizes(wide=False)(rng)]),
        "many positions": many_and_few,
        "everything at once": forward_everything,
    },
    describe=without_few(describe_convolution),
    results=("out", "cache"),
    judged=("out",),
    play=play_forward,
    misconceptions=for_one_case(mistakes.CONV_FORWARD_FAST),
    conditions=FORWARD_CONDITIONS,
)


def many_and_few_backward(rng):
    def make(rng, **settings):
        wanted, dout, x, *others = backward_case(rng, "dx dw db", **settings)
        # Positive numbers: thousands of terms that cancel would leave nothing but float32's noise.
        return wanted, np.abs(dout), np.abs(x), *others

    return many_and_few(rng, make)


def play_backward_fast(functions, *case):
    *args, few = case
    value = play_backward(functions, *args)
    if few is not None:
        def prepared(wanted, dout, *forward):
            return dout, functions[1](*forward)[1]

        refuse_growth(lambda case: functions[0](*case), prepared(*args), prepared(*few))
    return value


conv_backward_fast = Exercise(
    name="conv_backward_fast",
    reference=without_few(masked(gradients)),
    groups={
        "db": alone(square("db", N=(2, 3), F=(3, 2))),
        "dw": alone(square("dw", C=(1, 2, 3), F=(2, 3, 2))),
        "dx": alone(square("dx", C=(1, 2, 3), F=(2, 3, 2))),
        "many images": alone(square("dx dw", N=(2, 4), F=(3, 2))),
        "pad 0": alone(square("dx dw", pad=(0, 0), stride=(1, 2))),
        "strides and shapes": alone(lambda rng: [
            *non_square("dx dw")(rng), *square("dx dw", stride=(2, 3), pad=(1, 2),
                                                rows=(4, 5), columns=(4, 5))(rng)]),
        "many positions": many_and_few_backward,
        "everything at once": backward_everything,
    },
    describe=without_few(describe_backward),
    results=GRADIENTS,
    play=play_backward_fast,
    misconceptions=for_one_case(mistakes.CONV_BACKWARD_FAST),
    conditions=BACKWARD_CONDITIONS,
)


EXERCISES = [matrix_shapes, window_to_column, pixels_of_weight, im2col, output_from_product,
             conv_forward_fast, col2im, conv_backward_fast]
