"""Exercises of lesson 06: windows as columns and back, one product for all of them.

Groups keep one difficulty each: images and windows are square and the padding 0 wherever a group is
not about them. `course_lib.mistakes.fast_convolution` holds the wrong algorithms.
"""

import functools

from course_lib.exercises._conditions import arrays
from course_lib.exercises._conditions.windows import conditions, layer_of
from course_lib.exercises.convolution_backward import signed
from course_lib.judging.cases import draw, in_turn, several, square
from course_lib.judging.conditions import Draws, again, both, meeting
from course_lib.judging.exercise import Exercise
from course_lib.mistakes.fast_convolution import columns as column_mistakes
from course_lib.mistakes.fast_convolution import layers as mistakes
from course_lib.reference.im2col import col2im as reference_col2im
from course_lib.reference.im2col import im2col as reference_im2col

# matrix_shapes

def shape_cases(images, strides, paddings):
    def cases(rng):
        for N, stride, pad in zip(images, strides, paddings, strict=True):
            C, F, _ = several(rng, 3)
            HH, WW = (int(n) for n in 3 + rng.permutation(3)[:2])
            rows, columns = (int(n) for n in 5 + rng.permutation(4)[:2])
            H = (rows - 1) * stride + HH - 2 * pad
            W = (columns - 1) * stride + WW - 2 * pad
            yield (N, C, H, W), (F, C, HH, WW), stride, pad

    return cases


def one_image_shapes(rng):
    yield (1, 3, 227, 227), (96, 3, 11, 11), 4, 0
    yield from shape_cases((1, 1), (1, 2), (0, 0))(rng)


def shapes_with(rng, of):
    return (of.N, of.C, of.H, of.W), (of.F, of.C, of.HH, of.WW), of.stride, of.pad


SHAPE_CONDITIONS, shapes_everything = conditions(
    lambda x_shape, w_shape, stride, pad: layer_of(
        x_shape, w_shape[2:], stride, pad, F=w_shape[0]), shapes_with, values=(False,),
    further=(72,))

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
    reference=lambda *args: column_mistakes.window(*args).ravel(),
    groups={"one window": both(column_cases, meeting(arrays.TO_COLUMN))},
    conditions=arrays.TO_COLUMN,
    describe=lambda x, i, j, HH, WW, stride: (
        f"x of shape {x.shape}, i = {i}, j = {j}, {HH}x{WW} filter, stride {stride}"
    ),
    results=("the column",),
    misconceptions=column_mistakes.WINDOW_TO_COLUMN,
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
    reference=column_mistakes.both(column_mistakes.stepping),
    groups={
        "stride 1": both(weight_cases((1, 1)), meeting(arrays.OF_WEIGHT, "larger stride")),
        "larger strides": both(weight_cases((2, 3)), meeting(arrays.OF_WEIGHT, "stride 1"),
                               lambda rng: [one for case in weight_cases((2,))(rng)
                                            for one in (case, again(case))]),
    },
    conditions=arrays.OF_WEIGHT,
    describe=lambda x_padded, di, dj, H2, W2, stride: (
        f"x_padded of shape {x_padded.shape}, di = {di}, dj = {dj}, {H2}x{W2} windows, "
        f"stride {stride}"
    ),
    results=("the pixels",),
    misconceptions=column_mistakes.PIXELS_OF_WEIGHT,
)


# im2col and col2im: cases of x, HH, WW, stride, pad

def images(rng, N=1, C=1, HH=3, WW=3, stride=1, pad=0, rows=4, columns=4):
    H, W = (rows - 1) * stride + HH - 2 * pad, (columns - 1) * stride + WW - 2 * pad
    return signed(rng, (N, C, H, W)), HH, WW, stride, pad


image_cases = functools.partial(square, images, 2)


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
        yield images(rng, N, C, HH, WW, rows=H - HH + 1, columns=W - WW + 1)


def many_images(rng):
    """The last filter is as large as the images."""
    return [*image_cases(N=(2, 3))(rng), *image_cases(N=(2,), rows=(1,), columns=(1,))(rng)]


def images_with(rng, layer):
    return images(rng, layer.N, layer.C, layer.HH, layer.WW, layer.stride, layer.pad, layer.rows,
                  layer.columns)


UNFILTERED = {"filtered": False, "values": (False,)}
IMAGE_CONDITIONS, image_everything = conditions(
    lambda x, HH, WW, stride, pad: layer_of(x.shape, (HH, WW), stride, pad), images_with,
    **UNFILTERED, further=(130, 424))


def describe_images(x, HH, WW, stride, pad):
    return f"x of shape {x.shape}, {HH}x{WW} windows, stride {stride}, pad {pad}"


im2col = Exercise(
    name="im2col",
    reference=reference_im2col,
    groups={
        "one channel": image_cases(N=(1, 1)),
        "channels": image_cases(C=(2, 3)),
        "many images": many_images,
        "padding": image_cases(pad=(1, 2), rows=(6, 8), columns=(6, 8)),
        "stride": lambda rng: [*image_cases(stride=(2, 3))(rng), *stride_and_pad(rng)],
        "non-square": non_square_images,
        "everything at once": image_everything,
    },
    describe=describe_images,
    results=("cols",),
    misconceptions=column_mistakes.IM2COL,
    conditions=IMAGE_CONDITIONS,
)


def with_column(rng, x, *sizes):
    """A case of col2im: other numbers in the columns of an image, and its shape."""
    return signed(rng, reference_im2col(x, *sizes).shape), x.shape, *sizes


def with_columns(draw_images):
    return lambda rng: [with_column(rng, *case) for case in draw_images(rng)]


COLUMN_CONDITIONS, column_everything = conditions(
    lambda cols, x_shape, HH, WW, stride, pad: layer_of(x_shape, (HH, WW), stride, pad),
    lambda rng, layer: with_column(rng, *images_with(rng, layer)), **UNFILTERED,
    further=(98, 122, 130, 135, 176, 192, 224, 333, 353, 360, 487, 832, 1432, 1632, 2037, 6021))


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
            pad=(1, 2), HH=(2, 3), WW=(2, 3), stride=(2, 3), rows=(6, 6), columns=(6, 6))),
        "all together": Draws(*(lambda rng, draw=draw: [
            *draw(rng), with_column(rng, *images(rng, 2, 1, HH=5, WW=4, pad=3, rows=7, columns=8))]
            for draw in (column_everything, column_everything.hidden))),
    },
    describe=lambda cols, x_shape, HH, WW, stride, pad: (
        f"cols of shape {cols.shape}, x_shape {x_shape}, {HH}x{WW} windows, stride {stride}, "
        f"pad {pad}"
    ),
    results=("the image",),
    misconceptions=column_mistakes.COL2IM,
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


EXERCISES = [matrix_shapes, window_to_column, pixels_of_weight, im2col, output_from_product, col2im]
