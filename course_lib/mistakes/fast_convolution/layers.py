"""Wrong sizes, wrong reshapes and wrong layers by matrix product, for lesson 06."""

import numpy as np

from course_lib.mistakes.convolution_backward.backward import AVERAGED, AXIS_KEPT
from course_lib.mistakes.convolution_backward.numerical import masked
from course_lib.mistakes.convolution_backward.ways import change_arguments, change_results, instead
from course_lib.mistakes.convolution_forward import bias_along_the_width, conv
from course_lib.mistakes.fast_convolution.columns import (
    ROWS_THEN_COLUMNS,
    assigned,
    folded,
    frame_cut_by,
    grid,
    laid_out,
    misconceptions,
)
from course_lib.reference.im2col import im2col

# matrix_shapes

def shapes(x_shape, w_shape, stride, pad):
    """The right result."""
    N, C, _, _ = x_shape
    F, _, HH, WW = w_shape
    H2, W2 = grid(x_shape, HH, WW, stride, pad)
    return (F, C * HH * WW), (C * HH * WW, N * H2 * W2)


def other_shapes(change):
    """The shapes for other arguments: change(x_shape, w_shape, stride, pad)."""
    return lambda *args: shapes(*change(*args))


def one_channel(x_shape, w_shape, stride, pad):
    return (x_shape[0], 1, *x_shape[2:]), (w_shape[0], 1, *w_shape[2:]), stride, pad


def with_columns(change):
    """Right but for the shape of the columns: change(rows, columns)."""
    def wrong(*args):
        filters, columns = shapes(*args)
        return filters, change(*columns)

    return wrong


MATRIX_SHAPES = misconceptions(
    ("channels forgotten",
     "Your columns have one number for each place of the filter. A window goes through all "
     "channels.",
     other_shapes(one_channel)),
    ("one image only",
     "Your columns are those of a single image. The windows of all N images stand side by side.",
     other_shapes(lambda x, w, stride, pad: ((1, *x[1:]), w, stride, pad))),
    ("windows in rows",
     "Your second shape is the right one lying on its side. A window is a column: how many numbers "
     "are in it, and how many windows are there?",
     with_columns(lambda rows, columns: (columns, rows))),
    ("filters in columns",
     "Your first shape is the right one lying on its side. A filter is a row.",
     lambda *args: (shapes(*args)[0][::-1], shapes(*args)[1])),
    ("stride ignored",
     "You count the windows of stride 1.",
     other_shapes(lambda x, w, stride, pad: (x, w, 1, pad))),
    ("padding ignored",
     "You count the windows of the image without its padding.",
     other_shapes(lambda x, w, stride, pad: (x, w, stride, 0))),
    ("pixels for windows",
     "Your columns are as many as there are pixels. There is one for each window.",
     lambda x_shape, w_shape, stride, pad: (
         shapes(x_shape, w_shape, stride, pad)[0],
         (int(np.prod(w_shape[1:])), x_shape[0] * x_shape[2] * x_shape[3]))),
)


# output_from_product

OUTPUT_FROM_PRODUCT = misconceptions(
    ("reshape for transpose",
     "The bug is still there: with one image you are right, with several the activation maps are "
     "in the wrong places. The rows of the product are filters. Which axis comes first in it, and "
     "which second?",
     lambda product, N, H2, W2: product.reshape(N, -1, H2, W2)),
    ("filters before images",
     "Your activation maps are right, but filters and images have changed places: code keeps the "
     "images first.",
     lambda product, N, H2, W2: product.reshape(-1, N, H2, W2)),
    ("images last",
     "You take neighbouring columns for different images. All columns of image 0 come first.",
     lambda product, N, H2, W2: product.reshape(-1, H2, W2, N).transpose(3, 0, 1, 2)),
    ("positions column by column",
     "Your activation maps are filled column by column. The windows went row by row.",
     lambda product, N, H2, W2: product.reshape(-1, N, W2, H2).transpose(1, 0, 3, 2)),
    ("transposed, then reshaped",
     "You turn the product around and reshape it then. Its columns hold two things, images and "
     "positions: take them apart before you exchange axes.",
     lambda product, N, H2, W2: product.T.reshape(N, -1, H2, W2)),
)


# conv_forward_fast

def arguments(change):
    """Right but for its arguments: change(x, w, b)."""
    return lambda x, w, b, conv_param: conv(*change(x, w, b), **conv_param)


def result(change):
    """Right but for its output: change(out)."""
    return lambda x, w, b, conv_param: change(conv(x, w, b, **conv_param))


def product_of(filters, columns, reshape=None):
    """A layer that multiplies filters(w) and columns(x, HH, WW, stride, pad), each a matrix.

    reshape(product, N, F, H2, W2) makes the output of it, by default the right one.
    """
    def wrong(x, w, b, conv_param):
        sizes = *w.shape[2:], conv_param["stride"], conv_param["pad"]
        H2, W2 = grid(x.shape, *sizes)
        product = filters(w) @ columns(x, *sizes) + b[:, None]
        if reshape:
            return reshape(product, len(x), len(w), H2, W2)
        return product.reshape(len(w), len(x), H2, W2).transpose(1, 0, 2, 3)

    return wrong


def rows_of(w):
    """The right matrix of filters."""
    return w.reshape(len(w), -1)


def columns_in_order(*axes):
    return product_of(rows_of, laid_out(axes)[0])


def first_image(out):
    return out * (np.arange(len(out)) == 0)[:, None, None, None]


def matrix_plus_b(x, w, b, conv_param):
    """The biases added to the matrix product as they are: along its columns."""
    sizes = *w.shape[2:], conv_param["stride"], conv_param["pad"]
    product = rows_of(w) @ im2col(x, *sizes) + b
    return product.reshape(len(w), len(x), *grid(x.shape, *sizes)).swapaxes(0, 1)


def filters_as_they_are(x, w, b, conv_param):
    """What stops with filters of four axes; where it does not, the rest may be right."""
    w @ im2col(x, *w.shape[2:], conv_param["stride"], conv_param["pad"])
    return conv(x, w, b, **conv_param)


def number_by_number(x, w, b, conv_param):
    return rows_of(w) * im2col(x, *w.shape[2:], conv_param["stride"], conv_param["pad"])


WIDTH = bias_along_the_width(lambda x, w, b, conv_param: conv(x, w, b, **conv_param))

CONV_FORWARD_FAST = misconceptions(
    ("bias along the columns",
     "NumPy lines two shapes up from the right, so your biases lie along the last axis: the "
     "columns of the product, or the width of the output. Which axis counts the filters, and what "
     "shape of b lines up with it?",
     matrix_plus_b, WIDTH.algorithms),
    ("bias forgotten",
     "Your output has no bias in it. The matrix product does not know it.",
     arguments(lambda x, w, b: (x, w, 0 * b))),
    ("first bias for all",
     "You use the first bias for all filters. Row f of the product gets b[f].",
     arguments(lambda x, w, b: (x, w, 0 * b + b[0]))),
    ("bias for every weight",
     "The bias is in your output once for every weight of the filter. It is added once, when the "
     "product is done.",
     arguments(lambda x, w, b: (x, w, b * w[0].size))),
    ("last bias for all",
     "You use the last bias for all filters. Row f of the product gets b[f].",
     arguments(lambda x, w, b: (x, w, 0 * b + b[-1]))),
    ("all biases in each sum",
     "Each of your results has all the biases in it. Row f of the product gets b[f].",
     arguments(lambda x, w, b: (x, w, 0 * b + b.sum()))),
    ("mean for sum",
     "Your results are means over the window. A filter is a dot product: a sum.",
     arguments(lambda x, w, b: (x, w / w[0].size, b))),
    ("averaged over the channels",
     "You divide by the number of channels. A filter is as deep as the input, and its result is "
     "the sum over all of them.",
     arguments(lambda x, w, b: (x, w / w.shape[1], b))),
    ("ReLU applied",
     "Numbers below 0 have become 0 in your output. That is another layer's work: a ReLU.",
     result(lambda out: np.maximum(out, 0))),
    ("bias subtracted",
     "Your bias has the wrong sign.",
     arguments(lambda x, w, b: (x, w, -b))),
    ("reshape for transpose",
     "Your matrix product is right. Its rows are the filters and its columns the images, one after "
     "the other: (F, N, H2, W2). reshape does not exchange axes.",
     product_of(rows_of, im2col,
                lambda product, N, F, H2, W2: product.reshape(N, F, H2, W2))),
    ("transposed, then reshaped",
     "Your matrix product is right. You have turned it around and reshaped it then: its columns "
     "hold two things, images and positions. Take them apart first.",
     product_of(rows_of, im2col,
                lambda product, N, F, H2, W2: product.T.reshape(N, F, H2, W2))),
    ("filters before images",
     "Your activation maps are right, but filters and images have changed places.",
     result(lambda out: out.swapaxes(0, 1))),
    ("still a matrix",
     "Your matrix product is right, and it is still a matrix: one row for each filter. Which of "
     "your functions makes activation maps of it?",
     result(lambda out: out.swapaxes(0, 1).reshape(out.shape[1], -1))),
    ("filters that are no matrix",
     "Your filters still have four axes, and a matrix product takes the last two. Make each filter "
     "a row first.",
     filters_as_they_are),
    ("number by number",
     "You multiply filters and columns number by number (*). Row times column is written @.",
     number_by_number),
    ("filters reshaped to columns",
     "You have reshaped w to (C*HH*WW, F) and turned it around. That mixes the weights of all "
     "filters: one filter is one row, so F comes first.",
     product_of(lambda w: w.reshape(-1, len(w)).T, im2col)),
    ("filters with channels last",
     "Your filters are unrolled with their channels last, the columns with the channels first. "
     "Each weight has to meet its own pixel.",
     product_of(lambda w: w.transpose(0, 2, 3, 1).reshape(len(w), -1), im2col)),
    ("filters column by column",
     "Your filters are unrolled column by column, the windows row by row. Each weight has to meet "
     "its own pixel.",
     product_of(lambda w: w.transpose(0, 1, 3, 2).reshape(len(w), -1), im2col)),
    ("flipped filter",
     "Your filter is turned upside down and left to right. Lay it on as it is.",
     arguments(lambda x, w, b: (x, w[:, :, ::-1, ::-1], b))),
    ("columns with images last",
     "Your columns take the first window of every image, then the second one of every image. Your "
     "reshape of the product takes all windows of an image together.",
     columns_in_order(1, 2, 3, 4, 5, 0)),
    ("columns with images mixed",
     "With several images your columns hold numbers of different images. Has im2col passed its "
     "check?",
     columns_in_order(0, 1, 2, 3, 4, 5)),
    ("padding ignored",
     "Your output is the one without padding. What do you hand to im2col?",
     lambda x, w, b, conv_param: conv(x, w, b, conv_param["stride"], 0)),
    ("stride ignored",
     "Your output is the one of stride 1. What do you hand to im2col?",
     lambda x, w, b, conv_param: conv(x, w, b, 1, conv_param["pad"])),
    ("height and width exchanged",
     "Rows and columns of your activation maps have changed places.",
     result(lambda out: out.swapaxes(2, 3))),
    ("H2 and W2 exchanged in the reshape",
     "Your matrix product is right. You reshape it to maps of W2 rows and H2 columns.",
     product_of(rows_of, im2col, lambda product, N, F, H2, W2: product.reshape(
         F, N, W2, H2).transpose(1, 0, 2, 3))),
    ("first image only",
     "The first image is right, and for all others your output is 0.",
     result(first_image)),
)


# conv_backward_fast: (dx, dw, db)

def by_columns(matrix=None, product=None, fold=None):
    """The gradients by matrix products, with mistakes.

    matrix(dout)          dout as a matrix (F, N*H2*W2)
    product(d, cols, w)   dw from that matrix and the columns
    fold(dcols, x_shape, HH, WW, stride, pad)    dx from the gradient of the columns
    """
    matrix = matrix or (lambda dout: dout.swapaxes(0, 1).reshape(dout.shape[1], -1))
    product = product or (lambda d, cols, w: (d @ cols.T).reshape(w.shape))
    fold = fold or laid_out(ROWS_THEN_COLUMNS)[1]

    def wrong(dout, x, w, b, conv_param):
        sizes = *w.shape[2:], conv_param["stride"], conv_param["pad"]
        d, cols = matrix(dout), im2col(x, *sizes)
        dcols = rows_of(w).T @ d
        return fold(dcols, x.shape, *sizes), product(d, cols, w), d.sum(axis=1)

    return wrong


CONV_BACKWARD_FAST = misconceptions(*(
    (name, sentence, masked(wrong), tuple(map(masked, ways))) for name, sentence, wrong, *ways in (
    AXIS_KEPT,
    ("dout reshaped to rows",
     "With several images your gradients are mixed up: you reshape dout to (F, N*H2*W2) while its "
     "first axis is the images. Which axis has to come first? reshape does not exchange axes.",
     by_columns(matrix=lambda dout: dout.reshape(dout.shape[1], -1))),
    ("dout with images last",
     "The columns of your dout take the first position of every image, then the second. The "
     "columns of im2col take all positions of an image together.",
     by_columns(matrix=lambda dout: dout.transpose(1, 2, 3, 0).reshape(dout.shape[1], -1))),
    ("dw reshaped for transposed",
     "Your product for dw is right, but it has the filters as columns. A reshape does not turn it "
     "around.",
     by_columns(product=lambda d, cols, w: (cols @ d.T).reshape(w.shape))),
    ("filters with all axes turned",
     "You have turned all four axes of the filters around: .T reverses them. The transpose of the "
     "matrix (F, C*HH*WW) is wanted: reshape first.",
     instead("dx", change_arguments(lambda dout, x, w: (
         dout, x, w.T.reshape(-1, len(w)).T.reshape(w.shape))))),
    ("weights reshaped for transposed",
     "You have reshaped the filters to (C*HH*WW, F) for dx. That mixes the weights of all filters: "
     "the transpose of (F, C*HH*WW) is wanted.",
     lambda dout, x, w, b, conv_param: instead("dx", change_arguments(
         lambda dout, x, w: (dout, x, w.reshape(-1, len(w)).T.reshape(w.shape))))(
             dout, x, w, b, conv_param)),
    ("columns not folded",
     "Your dx is still a matrix of columns. What undoes im2col?",
     by_columns(fold=lambda dcols, *sizes: dcols)),
    ("columns reshaped to images",
     "You give the gradient of the columns the shape of x. That is no way back: the columns hold "
     "most pixels several times. What undoes im2col?",
     by_columns(fold=lambda dcols, x_shape, *sizes: dcols.reshape(x_shape))),
    ("overwritten by the last window",
     "Where windows overlap, your dx knows the last window alone. Has col2im passed its check?",
     by_columns(fold=folded(assigned, "windows")),
     by_columns(fold=folded(assigned, "windows", columns_first=True))),
    ("overwritten by the last weight",
     "Where windows overlap, each pixel of your dx knows one of its copies alone. Has col2im "
     "passed its check?",
     by_columns(fold=folded(assigned, "weights")),
     by_columns(fold=folded(assigned, "weights", columns_first=True))),
    ("slice to minus pad",
     "Your dx is empty where there is no padding. Print -pad for pad 0: where does the slice end?",
     by_columns(fold=frame_cut_by(lambda pad: pad, lambda length, pad: -pad))),
    ("padding not cut off",
     "Your dx still has the frame of the padding. It should have the shape of x.",
     by_columns(fold=frame_cut_by(lambda pad: 0, lambda length, pad: length))),
    ("flipped filter",
     "Your dx has the filter flipped, upside down and left to right. The columns hold the windows "
     "as they are.",
     instead("dx", change_arguments(lambda dout, x, w: (dout, x, w[:, :, ::-1, ::-1])))),
    ("db not summed over the images",
     "Your db has an entry for every image and filter. A filter has one bias for all images.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=(2, 3))))),
    ("db not summed over the positions",
     "Your db has an entry for every position. A filter has one bias for all positions.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=0)))),
    ("db summed over the filters",
     "Your db adds up the filters. Add up each row of the matrix, so that the filters stay.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=(0, 1, 3))))),
    ("db summed down the columns",
     "Your db adds up the columns of the matrix, so that the filters are gone. Add up each row.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=1).ravel()))),
    ("db averaged",
     "Your db is a mean over images and positions. Each of them adds its share: it is a sum.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.mean(axis=(0, 2, 3))))),
    AVERAGED,
    ("dw averaged over the positions",
     "Your dw is divided by the number of positions. Each of them adds its share: it is a sum.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw / dout[0, 0].size, db))),
    ("dw flipped",
     "Your dw is turned upside down and left to right.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw[:, :, ::-1, ::-1], db))),
    ("dw still a matrix",
     "Your dw has the right numbers and is still a matrix. It should have the shape of w.",
     change_results(lambda dx, dw, db, dout, w: (dx, rows_of(dw), db))),
    ("upstream gradient ignored",
     "You have not used the values of dout: your numbers are those for a dout of ones.",
     change_arguments(lambda dout, x, w: (np.ones(dout.shape), x, w))),
    ("results in another order",
     "You return dw first. The order is dx, dw, db.",
     change_results(lambda dx, dw, db, dout, w: (dw, dx, db))),
)))
