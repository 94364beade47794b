"""Wrong ways of convolving that people really use, for the exercises of lesson 02."""

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.going_on import fold_goes_on, without_the_last
from course_lib.mistakes.neurons_and_windows import other_frames, pad_axes
from course_lib.mistakes.stepping import STEPPING
from course_lib.reference.convolution import conv_forward


def conv(x, w, b, stride=1, pad=0):
    """The right output; where the filter does not fit at the end, the rest is left out."""
    return conv_forward(pad_axes(x, (pad, pad), (pad, pad)), w, b)[0][:, :, ::stride, ::stride]


def arguments(change):
    """A wrong convolution that is right but for its arguments: change(x, w, b) gives them."""
    return lambda x, w, b, conv_param: conv(*change(x, w, b), **conv_param)


def result(change):
    """A wrong convolution that is right but for its output, which is change(out)."""
    return lambda x, w, b, conv_param: change(conv(x, w, b, **conv_param))


def biases_by_image(x, w, b, conv_param):
    out = conv(x, w, 0 * b, **conv_param)
    for n in range(len(x)):
        out[n] += b[n]  # an IndexError if there are more images than filters
    return out


def filters_by_image(x, w, b, *settings, layer=None):
    """Every map of image n made with filter n; an IndexError if there are more images."""
    same = [np.repeat(w[n][None], len(w), axis=0) for n in range(len(x))]
    return np.concatenate([layer(x[n : n + 1], same[n], b, *settings) for n in range(len(x))])


FILTER_OF_THE_IMAGE = (
    "filter of the image",
    "Your maps take their filter by the number of the image. All images go through the same "
    "filters: which of the loop variables counts those?")


def windows_not_strided(x, w, b, conv_param):
    rows, columns = conv(x, w, b, **conv_param).shape[2:]
    return conv(x, w, b, 1, conv_param["pad"])[:, :, :rows, :columns]


def in_steps(x, w, b, conv_param, down=None, right=None):
    """The right number of windows, with other steps from one to the next."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    rows, columns = conv(x, w, b, **conv_param).shape[2:]
    whole = conv(x, w, b, 1, pad)
    return whole[:, :, :: down or stride, :: right or stride][:, :, :rows, :columns]


def padded_once(x, w, b, conv_param):
    """The right number of windows, from an image that is padded by 1."""
    rows, columns = conv(x, w, b, **conv_param).shape[2:]
    out = conv(x, w, b, conv_param["stride"], 1)
    if min(out.shape[2] - rows, out.shape[3] - columns) < 0:
        raise IndexError("windows off the edge")
    return out[:, :, :rows, :columns]


def padded_by(height_and_width):
    """Padding done in another way: height_and_width(pad) gives what is added before and after."""
    return lambda x, w, b, conv_param: conv(
        pad_axes(x, *height_and_width(conv_param["pad"])), w, b, conv_param["stride"])


def only_the_start(out, axes):
    """The output of a loop that ends too early: 0 but for index 0 of the first axes."""
    only = np.zeros_like(out)
    start = (0,) * axes
    only[start] = out[start]
    return only


def with_sums(change):
    """A wrong convolution that changes the sums before their bias is added."""
    return lambda x, w, b, conv_param: (
        change(conv(x, w, 0 * b, **conv_param)) + b[:, None, None])


SUMS_GO_ON = tuple(map(with_sums, fold_goes_on(np.add)))


def size_without_padding(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    rows, columns = ((n - k) // stride + 1
                     for n, k in zip(x.shape[2:], w.shape[2:], strict=True))
    return conv(x, w, b, stride, pad)[:, :, :max(rows, 0), :max(columns, 0)]


def padding_counted_once(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    rows, columns = ((n - k + pad) // stride + 1
                     for n, k in zip(x.shape[2:], w.shape[2:], strict=True))
    return conv(x, w, b, stride, pad)[:, :, :max(rows, 0), :max(columns, 0)]


def by_products(multiply):
    """All that multiply(window, filter) gives added up, where a dot product belongs."""
    def wrong(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        out, (HH, WW) = np.zeros(conv(x, w, b, stride, pad).shape), w.shape[2:]
        x = pad_axes(x, (pad, pad), (pad, pad))
        for n, f, i, j in np.ndindex(out.shape):
            window = x[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[n, f, i, j] = multiply(window, w[f]).sum() + b[f]
        return out

    return wrong


def of_the_channels(x, w, b, conv_param, fold=np.max):
    """What fold makes of the channels' sums, where they are added up."""
    each = [conv(x[:, c : c + 1], w[:, c : c + 1], 0 * b, **conv_param) for c in range(w.shape[1])]
    return fold(each, axis=0) + b[:, None, None]


def stride_and_padding_exchanged(x, w, b, conv_param):
    """Stops at pad 0, as a student's function does that works out the size of its output."""
    stride, pad = conv_param["pad"], conv_param["stride"]
    _ = (x.shape[2] - w.shape[2] + 2 * pad) // stride
    return conv(x, w, b, stride, pad)


def one_size(out, keep):
    """The output where the size of axis `keep` is used for height and width: too few places.

    Too many would be an IndexError in the student's function too.
    """
    n = out.shape[keep]
    if min(out.shape[2:]) < n:
        raise IndexError("windows off the edge")
    return out[:, :, :n, :n]


def bias_along_the_width(without):
    """Layers to whose sums, without(x, w, b), the biases are added as NumPy lines them up.

    Where they do not fit it stops: in a sum of two arrays, or in one that is added to in place.
    """
    def in_place(x, w, b, *settings):
        out = without(x, w, 0 * b, *settings)
        out += b
        return out

    return Misconception(
        "bias along the width",
        "Your biases lie along the last axis of the output, its width. NumPy lines two shapes up "
        "from the right. Which axis counts the biases, and what shape of b lines up with it?",
        lambda x, w, b, *settings: without(x, w, 0 * b, *settings) + b, (in_place,))


def in_a_frame(framed, x, w, b, conv_param):
    return conv(framed(x, conv_param["pad"]), w, b, conv_param["stride"])


CONV_FORWARD = (
    Misconception(*other_frames(in_a_frame)),
    bias_along_the_width(lambda x, w, b, conv_param: conv(x, w, b, **conv_param)),
    Misconception("bias forgotten",
                  "Your output has no bias in it. Filter f adds b[f] to every one of its results.",
                  arguments(lambda x, w, b: (x, w, 0 * b))),
    Misconception("bias once per channel",
                  "The bias is in your result several times, once for each channel. A result is "
                  "one sum over all channels, and one bias.",
                  arguments(lambda x, w, b: (x, w, b * w.shape[1]))),
    Misconception("bias inside the sum",
                  "The bias is in your result once for every weight. Where is the bracket of your "
                  "sum closed?",
                  arguments(lambda x, w, b: (x, w, b * w[0].size))),
    Misconception("first bias for all",
                  "All your filters use the bias of the first one.",
                  arguments(lambda x, w, b: (x, w, 0 * b + b[0]))),
    Misconception("bias of the image",
                  "Your outputs take the biases by the number of the image. A bias belongs to a "
                  "filter: which of the loop variables counts the filters?",
                  biases_by_image),
    Misconception(*FILTER_OF_THE_IMAGE, lambda x, w, b, conv_param: filters_by_image(
        x, w, b, layer=lambda *case: conv(*case, **conv_param))),
    Misconception("filter transposed",
                  "Your filter lies on its side: its rows and columns have changed places.",
                  arguments(lambda x, w, b: (x, w.swapaxes(2, 3), b))),
    Misconception("flipped filter",
                  "Your filter is flipped, upside down and left to right. That is what "
                  "mathematics calls convolution; networks lay the filter on as it is.",
                  arguments(lambda x, w, b: (x, w[:, :, ::-1, ::-1], b))),
    Misconception("mean for sum",
                  "Your results are means over the window. A filter is a dot product: a sum.",
                  arguments(lambda x, w, b: (x, w / w[0].size, b))),
    Misconception("first channel only",
                  "Your result looks at the first channel alone. The filter is as deep as the "
                  "input, and the sum runs over all channels.",
                  arguments(lambda x, w, b: (x[:, :1], w[:, :1], b))),
    Misconception("last channel only",
                  "Your result is that of the last channel alone. Does each channel overwrite the "
                  "one before, where it should be added?",
                  arguments(lambda x, w, b: (x[:, -1:], w[:, -1:], b))),
    Misconception("first filter for all",
                  "All your activation maps are made with the first filter.",
                  arguments(lambda x, w, b: (x, np.repeat(w[:1], len(w), axis=0), b))),
    Misconception("all filters in each sum",
                  "Each of your sums runs over all filters. Which of them makes activation map f?",
                  arguments(lambda x, w, b: (
                      x, np.repeat(w.sum(0, keepdims=True), len(w), axis=0), b))),
    Misconception("all biases in each sum",
                  "Each of your results has all the biases in it. Which of them belongs to filter "
                  "f?",
                  arguments(lambda x, w, b: (x, w, 0 * b + b.sum()))),
    Misconception("all images in each sum",
                  "Each of your sums runs over all images. Which of them does the window for image "
                  "n come from?",
                  arguments(lambda x, w, b: (
                      np.repeat(x.sum(0, keepdims=True), len(x), axis=0), w, b))),
    Misconception("first image for all",
                  "All your outputs are made from the first image.",
                  arguments(lambda x, w, b: (np.repeat(x[:1], len(x), axis=0), w, b))),
    Misconception("first image only",
                  "The first image is right, and for all others your output is 0.",
                  result(lambda out: only_the_start(out, 1))),
    Misconception("first number only",
                  "Only the first number of your output is filled. How far is your return "
                  "indented?",
                  result(lambda out: only_the_start(out, 4))),
    Misconception("first row only",
                  "Only the first row of your first activation map is filled. How far is your "
                  "return indented?",
                  result(lambda out: only_the_start(out, 3))),
    Misconception("first activation map only",
                  "Only your first activation map is filled. How far is your return indented?",
                  # With a single filter this is no different from "first image only".
                  result(lambda out: only_the_start(out, 2) if out.shape[1] > 1 else out)),
    Misconception("windows not strided",
                  "Your output has the right size, but your windows are one pixel apart. Where "
                  "does the window of row i start if the stride is 2?",
                  windows_not_strided),
    Misconception("rows not strided",
                  "Your output has the right size, and to the right your windows keep to the "
                  "stride. Downwards they are one pixel apart.",
                  lambda x, w, b, conv_param: in_steps(x, w, b, conv_param, down=1)),
    Misconception("columns not strided",
                  "Your output has the right size, and downwards your windows keep to the stride. "
                  "To the right they are one pixel apart.",
                  lambda x, w, b, conv_param: in_steps(x, w, b, conv_param, right=1)),
    Misconception("always padded by 1",
                  "The size of your output is right, but your windows come from an image that is "
                  "padded by 1, whatever conv_param['pad'] says.",
                  padded_once),
    Misconception("stride ignored",
                  "Your output is the one of stride 1. Where do you use conv_param['stride']?",
                  lambda x, w, b, conv_param: conv(x, w, b, 1, conv_param["pad"])),
    Misconception("padding ignored",
                  "Your output is the one without padding. Do the windows come from the padded "
                  "image, and does the size of the output count the padding?",
                  lambda x, w, b, conv_param: conv(x, w, b, conv_param["stride"], 0)),
    Misconception("size without padding",
                  "Your windows are right, but your output is too small: its size does not count "
                  "the padding.",
                  size_without_padding),
    Misconception("starting place forgotten",
                  "Your output is one row and one column too small. The place where the filter "
                  "starts counts as well.",
                  result(lambda out: out[:, :, :-1, :-1])),
    Misconception("loops one place too short",
                  "The last row and the last column of your output are 0: they are never written. "
                  "The end of a range does not belong to it: where does yours end, and where does "
                  "the last window begin?",
                  result(without_the_last)),
    Misconception("pad 1 always",
                  "Your output is the one for pad 1, whatever conv_param['pad'] says.",
                  lambda x, w, b, conv_param: conv(x, w, b, conv_param["stride"], 1)),
    Misconception("zeros at one end",
                  "Your zeros all stand below and to the right of the image, or your first window "
                  "begins behind the frame. Zeros belong all around, and the first window begins "
                  "in the corner of the frame.",
                  padded_by(lambda pad: ((0, 2 * pad), (0, 2 * pad)))),
    Misconception("sum not started again",
                  "Each of your results has those before it in it: your sum goes on from window to "
                  "window. Where does it have to start at 0 again?",
                  SUMS_GO_ON[0], SUMS_GO_ON[1:]),
    # Pairs of mistakes that both show in every case, so that neither would be known alone.
    Misconception("flipped filter, mean for sum",
                  "Two things: your filter is flipped, upside down and left to right, and your "
                  "results are means where they should be sums.",
                  arguments(lambda x, w, b: (x, w[:, :, ::-1, ::-1] / w[0].size, b))),
    Misconception("flipped filter, first channel only",
                  "Two things: your filter is flipped, upside down and left to right, and your "
                  "result looks at the first channel alone.",
                  arguments(lambda x, w, b: (x[:, :1], w[:, :1, ::-1, ::-1], b))),
    Misconception("first channel only, mean for sum",
                  "Two things: your result looks at the first channel alone, and it is a mean "
                  "where it should be a sum.",
                  arguments(lambda x, w, b: (x[:, :1], w[:, :1] / w[0, 0].size, b))),
    Misconception("pad 1 always, flipped filter",
                  "Two things: your output has pad 1, whatever conv_param['pad'] says, and your "
                  "filter is flipped, upside down and left to right.",
                  lambda x, w, b, conv_param: conv(
                      x, w[:, :, ::-1, ::-1], b, conv_param["stride"], 1)),
    Misconception("pad 1 always, first channel only",
                  "Two things: your output has pad 1, whatever conv_param['pad'] says, and it "
                  "looks at the first channel alone.",
                  lambda x, w, b, conv_param: conv(
                      x[:, :1], w[:, :1], b, conv_param["stride"], 1)),
    Misconception("pad 1 always, mean for sum",
                  "Two things: your output has pad 1, whatever conv_param['pad'] says, and your "
                  "results are means where they should be sums.",
                  lambda x, w, b, conv_param: conv(
                      x, w / w[0].size, b, conv_param["stride"], 1)),
    Misconception("height and width exchanged",
                  "Rows and columns have changed places in your output. Which loop variable moves "
                  "the window down, and which to the right?",
                  result(lambda out: out.swapaxes(2, 3))),
    Misconception("output height for both",
                  "Your output is as wide as it is high. Its width follows from W and WW.",
                  result(lambda out: one_size(out, keep=2))),
    Misconception("output width for both",
                  "Your output is as high as it is wide. Its height follows from H and HH.",
                  result(lambda out: one_size(out, keep=3))),
    *(Misconception(name, sentence, wrong, tuple(ways))
      for name, sentence, (wrong, *ways) in STEPPING),
    Misconception("ReLU applied",
                  "Numbers below 0 have become 0 in your output. That is another layer's work: a "
                  "ReLU. Here they stay as they are.",
                  result(lambda out: np.maximum(out, 0))),
    Misconception("averaged over the channels",
                  "You divide by the number of channels. A filter is as deep as the input, and its "
                  "result is the sum over all of them.",
                  arguments(lambda x, w, b: (x, w / w.shape[1], b))),
    Misconception("channels added up first",
                  "You add the channels of the window up before you multiply. Each channel meets "
                  "its own channel of the filter first.",
                  arguments(lambda x, w, b: (x, 0 * w + w.sum(axis=1, keepdims=True), b)),
                  (arguments(lambda x, w, b: (x, 0 * w + w[:, :1], b)),)),
    Misconception("maximum over the channels",
                  "You take the largest of the channels' sums. They are added up.",
                  of_the_channels, (by_products(lambda window, w: (window * w).max(axis=0)),)),
    Misconception("last bias for all",
                  "All your filters use the bias of the last one.",
                  arguments(lambda x, w, b: (x, w, 0 * b + b[-1]))),
    Misconception("stride and padding exchanged",
                  "You take the padding for the stride and the stride for the padding. Which is "
                  "which in conv_param?",
                  stride_and_padding_exchanged, (lambda x, w, b, conv_param: conv(
                      x, w, b, max(conv_param["pad"], 1), conv_param["stride"]),)),
    Misconception("padding counted once",
                  "The size of your output counts the padding once. It stands on both sides.",
                  padding_counted_once),
    Misconception("matrix product for a dot product",
                  "You multiply window and filter as matrices (@, or np.dot). A dot product "
                  "multiplies number by number (*) and adds up.",
                  by_products(np.matmul), (by_products(np.dot),)),
)


def without_param(wrong):
    return lambda x, w, b: wrong(x, w, b, {"stride": 1, "pad": 0})


CONV_BY_CHANNEL = (
    bias_along_the_width(conv),
    Misconception("bias once per channel",
                  "The bug is still there. For images with one channel the function is right; "
                  "with C channels all numbers of an activation map are off by the same amount.",
                  without_param(arguments(lambda x, w, b: (x, w, b * w.shape[1])))),
    Misconception("bias forgotten",
                  "Now there is no bias at all. Each result needs it once.",
                  without_param(arguments(lambda x, w, b: (x, w, 0 * b)))),
    Misconception("last channel only",
                  "Your result is that of the last channel. The channels have to be added up.",
                  without_param(arguments(lambda x, w, b: (x[:, -1:], w[:, -1:], b)))),
    Misconception("bias for every weight",
                  "The bias is in your result once for every weight of the filter.",
                  without_param(arguments(lambda x, w, b: (x, w, b * w[0].size)))),
    Misconception("averaged over the channels",
                  "Your results are means over the channels. The channels have to be added up.",
                  without_param(arguments(lambda x, w, b: (x, w / w.shape[1], b)))),
    Misconception("first channel only",
                  "Your result is that of the first channel. The channels have to be added up.",
                  without_param(arguments(lambda x, w, b: (x[:, :1], w[:, :1], b)))),
    Misconception("first channel of the filter for all",
                  "You lay the first channel of the filter on all channels of the image. Each has "
                  "its own.",
                  without_param(arguments(lambda x, w, b: (x, 0 * w + w[:, :1], b)))),
)


def pixels_1x1(x, w, b):
    """The right output."""
    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]


def images_mixed(x, w, b):
    N, C, H, W = x.shape
    return (w @ x.reshape(C, -1) + b[:, None]).reshape(N, len(w), H, W)


def filters_first(x, w, b):
    N, C, H, W = x.shape
    columns = x.transpose(1, 0, 2, 3).reshape(C, -1)
    return (w @ columns + b[:, None]).reshape(N, len(w), H, W)


def input_reshaped(x, w, b):
    """Pixels made by a reshape of (N, C, H, W) to (..., C)."""
    N, C, H, W = x.shape
    pixels = x.reshape(-1, C) @ w.T + b
    return pixels.reshape(N, H, W, len(w)).transpose(0, 3, 1, 2)


CONV1X1 = (
    bias_along_the_width(pixels_1x1),
    Misconception("input reshaped to pixels",
                  "You reshape x to rows of C numbers. Neighbours in memory lie side by side in "
                  "one channel, so a row holds pixels of one channel, not one pixel's channels. "
                  "Which axis has to be the last one before you reshape?",
                  input_reshaped,
                  (lambda x, w, b: (x.reshape(-1, x.shape[1]) @ w.T + b).reshape(
                      len(x), len(w), *x.shape[2:]),)),
    Misconception("bias forgotten",
                  "Your output has no bias in it. Filter f adds b[f] at every pixel.",
                  lambda x, w, b: pixels_1x1(x, w, 0 * b)),
    Misconception("mean for sum",
                  "You divide by the number of channels. A dot product does not.",
                  lambda x, w, b: pixels_1x1(x, w / w.shape[1], b)),
    Misconception("channels last",
                  "Your numbers are right, but the filters have become the last axis. Code in this "
                  "course keeps them second: (N, F, H, W).",
                  lambda x, w, b: pixels_1x1(x, w, b).transpose(0, 2, 3, 1)),
    Misconception("channels last, then reshaped",
                  "Your matrix product is right. Its last axis are the filters, and a reshape does "
                  "not exchange axes.",
                  lambda x, w, b: pixels_1x1(x, w, b).transpose(0, 2, 3, 1).reshape(
                      len(x), len(w), *x.shape[2:])),
    Misconception("images mixed by reshape",
                  "Your reshape takes (N, C, H, W) for (C, ...): with several images it throws "
                  "numbers of different images together. Which axis has to come first?",
                  images_mixed),
    Misconception("axes mixed by the last reshape",
                  "Your matrix product is right. It holds the filters first and the images second, "
                  "and a reshape does not exchange axes.",
                  filters_first),
    Misconception("last channel only",
                  "Your result is that of the last channel alone. Does each channel overwrite the "
                  "one before, where it should be added?",
                  lambda x, w, b: pixels_1x1(x[:, -1:], w[:, -1:], b)),
    Misconception("bias once per channel",
                  "The bias is in your result several times, once for each channel. A result is "
                  "one sum over all channels, and one bias.",
                  lambda x, w, b: pixels_1x1(x, w, b * w.shape[1])),
    Misconception("first bias for all",
                  "All your filters use the bias of the first one.",
                  lambda x, w, b: pixels_1x1(x, w, 0 * b + b[0])),
    Misconception("first image only",
                  "The first image is right, and for all others your output is 0.",
                  lambda x, w, b: only_the_start(pixels_1x1(x, w, b), 1)),
)
