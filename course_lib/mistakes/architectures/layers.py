"""Wrong ways of laying out filters, and of the depthwise convolution."""

import functools

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.convolution_forward import (
    FILTER_OF_THE_IMAGE,
    bias_along_the_width,
    filters_by_image,
)
from course_lib.mistakes.going_on import without_the_last
from course_lib.reference.convolution import conv_forward


def as_filters(order):
    """Weights (D, M) laid out in the order of C, H, W that `order` names, as (M, C, H, W)."""

    def wrong(w_fc, shape):
        sizes = dict(zip("CHW", shape, strict=True))
        w = w_fc.T.reshape(-1, *(sizes[letter] for letter in order))
        return w.transpose(0, *(1 + order.index(letter) for letter in "CHW"))

    return wrong


FC_TO_CONV = (
    Misconception("reshape without transpose",
                  "Your shape is right and the numbers are mixed up: the weights of one neuron are "
                  "a column of w_fc, and your reshape reads along the rows.",
                  lambda w_fc, shape: w_fc.reshape(-1, *shape)),
    Misconception("channels last",
                  "You read a column as height, width, channels. In this course an image is laid "
                  "out as channels, height, width.",
                  as_filters("HWC")),
    Misconception("the notes' order",
                  "You read a column in the notes' order: x, y, depth. In this course an image is "
                  "laid out as channels, height, width.",
                  as_filters("WHC")),
    Misconception("flipped filters",
                  "Your filters are flipped. The layer lays them on as they are.",
                  lambda w_fc, shape: as_filters("CHW")(w_fc, shape)[:, :, ::-1, ::-1]),
    Misconception("rows for neurons",
                  "You take a row of w_fc for a neuron, and it has M numbers. A neuron is a "
                  "column.",
                  lambda w_fc, shape: np.stack([w_fc[m].reshape(shape)
                                                for m in range(w_fc.shape[1])])),
    Misconception("height and width exchanged",
                  "Your filters are as high as the volume is wide. The shape is (C, H, W): which "
                  "comes second?",
                  lambda w_fc, shape: w_fc.T.reshape(-1, shape[0], shape[2], shape[1])),
    Misconception("first neuron for all",
                  "All your filters are the first neuron. Each neuron becomes a filter.",
                  lambda w_fc, shape: np.repeat(
                      as_filters("CHW")(w_fc[:, :1], shape), w_fc.shape[1], axis=0)),
    Misconception("1x1 filters",
                  "Your filters are one pixel large and as deep as all the numbers of the volume. "
                  "They should be as large as the volume.",
                  lambda w_fc, shape: w_fc.T.reshape(w_fc.shape[1], -1, 1, 1)),
    Misconception("neurons last",
                  "Your numbers are right, but the neurons are the last axis. They become the "
                  "filters, and filters come first: (M, C, H, W).",
                  lambda w_fc, shape: w_fc.reshape(*shape, -1)),
)


def spread(w, rows, columns):
    """Weights with rows - 1 and columns - 1 zeros between them, down and to the right."""
    F, C, HH, WW = w.shape
    out = np.zeros((F, C, (HH - 1) * rows + 1, (WW - 1) * columns + 1))
    out[:, :, ::rows, ::columns] = w
    return out


def in_the_corner(w, dilation):
    out = np.zeros_like(spread(w, dilation, dilation))
    out[:, :, : w.shape[2], : w.shape[3]] = w
    return out


def gaps_of_ones(w, dilation):
    out = np.ones_like(spread(w, dilation, dilation))
    out[:, :, ::dilation, ::dilation] = w
    return out


def in_room_of(size):
    """Dilated filters of size(n, dilation) along a side of n weights; where they do not fit, it
    stops."""
    def wrong(w, dilation):
        out = np.zeros((*w.shape[:2], *size(*w.shape[2:], dilation)))
        out[:, :, ::dilation, ::dilation] = w
        return out

    return wrong


as_wide_as_high = in_room_of(lambda HH, WW, d: ((HH - 1) * d + 1,) * 2)
with_one_gap = in_room_of(lambda HH, WW, d: (HH + d, WW + d))


DILATE = (
    Misconception("counted from 0",
                  "You put `dilation` zeros between two weights. That is how the notes count. In "
                  "libraries dilation 1 means no gap at all.",
                  lambda w, dilation: spread(w, dilation + 1, dilation + 1)),
    Misconception("one zero always",
                  "You put one zero between two weights, whatever dilation is.",
                  lambda w, dilation: spread(w, 2, 2)),
    Misconception("zeros at the end",
                  "Your filters end in zeros. The zeros stand between the weights; behind the "
                  "last one there is none.",
                  lambda w, dilation: np.kron(w, np.eye(dilation)[:1].T * np.eye(dilation)[:1])),
    Misconception("weights repeated",
                  "You repeat the weights. The gaps are filled with zeros.",
                  lambda w, dilation: w.repeat(dilation, axis=2).repeat(dilation, axis=3)),
    Misconception("rows alone",
                  "Your gaps run in one direction alone: there are none to the right.",
                  lambda w, dilation: spread(w, dilation, 1)),
    Misconception("columns alone",
                  "Your gaps run in one direction alone: there are none downwards.",
                  lambda w, dilation: spread(w, 1, dilation)),
    Misconception("height for both",
                  "Your filters are as wide as they are high. Work the width out from WW.",
                  as_wide_as_high),
    Misconception("size of one gap",
                  "You make room for one gap. There is one between every two weights: how many "
                  "are these?",
                  with_one_gap),
    Misconception("divided by the dilation",
                  "Your weights have become smaller. They are only set apart.",
                  lambda w, dilation: spread(w, dilation, dilation) / dilation**2,
                  (lambda w, dilation: spread(w, dilation, dilation) / dilation,)),
    Misconception("gaps of ones",
                  "Your gaps are filled with ones. There are zeros in them.",
                  gaps_of_ones),
    Misconception("flipped filters",
                  "Your filters are flipped. They are only pulled apart.",
                  lambda w, dilation: spread(w, dilation, dilation)[:, :, ::-1, ::-1]),
    Misconception("weights left in the corner",
                  "Your array has the right size, but the weights still stand close together in "
                  "its corner.",
                  in_the_corner),
)


def depthwise(x, w, b):
    """The right output."""
    return conv_forward(x, w[:, None], b, groups=len(w))[0]


def all_channels(x, w, b):
    return conv_forward(x, np.repeat(w[:, None], len(w), axis=1), b)[0]


def by_matrix_products(x, w, b):
    HH, WW = w.shape[1:]
    H2, W2 = x.shape[2] - HH + 1, x.shape[3] - WW + 1
    out = np.zeros((*x.shape[:2], H2, W2))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = (x[n, c, i : i + HH, j : j + WW] @ w[c]).sum() + b[c]
    return out


DEPTHWISE = (
    bias_along_the_width(depthwise),
    Misconception(*FILTER_OF_THE_IMAGE, functools.partial(filters_by_image, layer=depthwise)),
    Misconception("channels added up",
                  "You add the channels up, as an ordinary convolution does. Here every channel "
                  "stays by itself: C in, C out.",
                  lambda x, w, b: (depthwise(x, w, 0 * b).sum(axis=1, keepdims=True)
                                   + b.reshape(1, -1, 1, 1))),
    Misconception("every filter on every channel",
                  "Each of your filters looks at all channels. Filter c looks at channel c alone.",
                  all_channels),
    Misconception("first filter for all",
                  "You use the first filter for all channels.",
                  lambda x, w, b: depthwise(x, np.repeat(w[:1], len(w), axis=0), b)),
    Misconception("bias forgotten",
                  "There is no bias in your output. Channel c adds b[c].",
                  lambda x, w, b: depthwise(x, w, 0 * b)),
    Misconception("first bias for all",
                  "All your channels use the bias of the first one.",
                  lambda x, w, b: depthwise(x, w, 0 * b + b[0])),
    Misconception("last filter for all",
                  "You use the last filter for all channels.",
                  lambda x, w, b: depthwise(x, np.repeat(w[-1:], len(w), axis=0), b)),
    Misconception("last bias for all",
                  "All your channels use the bias of the last one.",
                  lambda x, w, b: depthwise(x, w, 0 * b + b[-1])),
    Misconception("all biases in each sum",
                  "Each of your results has all the biases in it. Channel c adds b[c].",
                  lambda x, w, b: depthwise(x, w, 0 * b + b.sum())),
    Misconception("bias subtracted",
                  "Your bias has the wrong sign.",
                  lambda x, w, b: depthwise(x, w, -b)),
    Misconception("bias for every weight",
                  "The bias is in your result once for every weight. It is added when the sum is "
                  "done.",
                  lambda x, w, b: depthwise(x, w, b * w[0].size)),
    Misconception("first image for all",
                  "All your outputs are made from the first image.",
                  lambda x, w, b: depthwise(np.repeat(x[:1], len(x), axis=0), w, b)),
    Misconception("first channel for all",
                  "All your filters look at the first channel. Filter c looks at channel c.",
                  lambda x, w, b: depthwise(np.repeat(x[:, :1], len(w), axis=1), w, b)),
    Misconception("flipped filter",
                  "Your filters are flipped. Networks lay the filter on as it is.",
                  lambda x, w, b: depthwise(x, w[:, ::-1, ::-1], b)),
    Misconception("mean for sum",
                  "Your results are means over the window. A filter is a dot product: a sum.",
                  lambda x, w, b: depthwise(x, w / w[0].size, b)),
    Misconception("images added up",
                  "All your images come out equal: a window of yours reaches through all of them. "
                  "Look which axes you sum over.",
                  lambda x, w, b: depthwise(
                      np.repeat(x.sum(axis=0, keepdims=True), len(x), axis=0), w, b)),
    Misconception("loops one place too short",
                  "The last row and the last column of your output are 0: they are never written. "
                  "The end of a range does not belong to it.",
                  lambda x, w, b: without_the_last(depthwise(x, w, b))),
    Misconception("matrix product for a dot product",
                  "You multiply window and filter as matrices (@, or np.dot). A dot product "
                  "multiplies number by number (*) and adds up.",
                  by_matrix_products),
)
