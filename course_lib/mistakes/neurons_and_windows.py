"""Wrong ways of computing a neuron, of padding and of cutting windows: lesson 02's first steps."""

import numpy as np

from course_lib.judging.exercise import Misconception


def pad_axes(x, height, width, **mode):
    """x with (before, after) pixels added to height and width."""
    return np.pad(x, ((0, 0), (0, 0), height, width), **mode)


def other_frames(layer):
    """(a misconception's name and sentence, its algorithms): a frame of other pixels than zeros.

    layer(pad, *case) computes with `pad(x, pad)` for zero padding
    """
    def framed(mode):
        return lambda *case: layer(
            lambda x, pad: pad_axes(x, (pad, pad), (pad, pad), **mode), *case)

    first, *others = map(framed, (
        {"mode": "edge"}, {"mode": "reflect"}, {"mode": "symmetric"}, {"mode": "wrap"},
        {"constant_values": 1}))
    return ("a frame of other pixels",
            "Your frame is not made of zeros. What does np.pad put there with this mode, or what "
            "did your array hold before the image was laid into it?", first, tuple(others))


NEURON = (
    Misconception("bias forgotten",
                  "Your result is the dot product alone. Which argument have you not used?",
                  lambda x, w, b: float((x * w).sum())),
    Misconception("mean for sum",
                  "Your result is a mean. A neuron adds its products up and does not divide.",
                  lambda x, w, b: float((x * w).mean() + b)),
    Misconception("bias for every weight",
                  "Your bias goes into the sum, once for every weight. A neuron has one bias: add "
                  "it when the sum is done.",
                  lambda x, w, b: float((x * w + b).sum())),
    Misconception("sums multiplied",
                  "You add up first and multiply then. In a dot product each number meets its own "
                  "weight first.",
                  lambda x, w, b: float(x.sum() * w.sum() + b)),
    Misconception("matrix product",
                  "np.dot and @ make a matrix product of arrays with several axes. A neuron "
                  "multiplies number by number, and then adds all the products up.",
                  lambda x, w, b: np.dot(x, w) + b, (lambda x, w, b: x @ w + b,)),
    Misconception("plus for times",
                  "You add each weight to its number. They are multiplied, and the products are "
                  "added.",
                  lambda x, w, b: float((x + w).sum() + b)),
    Misconception("bias subtracted",
                  "Your bias has the wrong sign. It is added.",
                  lambda x, w, b: float((x * w).sum() - b)),
    Misconception("bias multiplied",
                  "You multiply with the bias. It is added to the dot product.",
                  lambda x, w, b: float((x * w).sum() * b)),
    Misconception("activation applied",
                  "Your result goes through an activation function, a ReLU or a sigmoid. Here the "
                  "neuron ends with its bias.",
                  lambda x, w, b: max(0.0, float((x * w).sum() + b)),
                  (lambda x, w, b: float(1 / (1 + np.exp(-((x * w).sum() + b)))),)),
    Misconception("first channel only",
                  "Your result looks at the first channel alone. The sum runs over all of them.",
                  lambda x, w, b: float((x[0] * w[0]).sum() + b)),
    Misconception("last channel only",
                  "Your result is that of the last channel alone. Does each channel overwrite the "
                  "one before, where it should be added?",
                  lambda x, w, b: float((x[-1] * w[-1]).sum() + b)),
)


def cut_to_minus_pad(x, pad):
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    padded[:, :, pad:-pad, pad:-pad] = x
    return padded


ZERO_PAD = (
    Misconception("all four axes padded",
                  "You pad all four axes: there are now images of nothing and channels of nothing. "
                  "Which two axes are height and width?",
                  lambda x, pad: np.pad(x, pad)),
    Misconception("first two axes padded",
                  "You pad the first two axes, images and channels. Height and width come last.",
                  lambda x, pad: np.pad(x, ((pad, pad), (pad, pad), (0, 0), (0, 0)))),
    Misconception("zeros at one end",
                  "Your zeros stand below and to the right only. They belong all around.",
                  lambda x, pad: pad_axes(x, (0, pad), (0, pad))),
    Misconception("slice to minus pad",
                  "For pad 0 nothing fits in. Print -pad for that case: where does the slice end?",
                  cut_to_minus_pad),
    Misconception("axes in the middle padded",
                  "You pad channels and height. In (N, C, H, W) height and width come last.",
                  lambda x, pad: np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))),
    Misconception("image not in the middle",
                  "Your shape is right, but the image sits in the upper left corner.",
                  lambda x, pad: pad_axes(x, (0, 2 * pad), (0, 2 * pad))),
    Misconception("rows alone padded",
                  "You pad above and below. There are zeros to the left and to the right as well.",
                  lambda x, pad: pad_axes(x, (pad, pad), (0, 0))),
    Misconception("columns alone padded",
                  "You pad to the left and to the right. There are zeros above and below as well.",
                  lambda x, pad: pad_axes(x, (0, 0), (pad, pad))),
    Misconception("pad 1 always",
                  "You add one row of zeros whatever pad is.",
                  lambda x, pad: pad_axes(x, (1, 1), (1, 1))),
    Misconception(*other_frames(lambda framed, x, pad: framed(x, pad))),
    Misconception("padding twice",
                  "Your frame is twice as wide as it should be. It is pad pixels wide on each "
                  "side.",
                  lambda x, pad: pad_axes(x, (2 * pad,) * 2, (2 * pad,) * 2)),
    Misconception("frame shared out",
                  "Your frame is pad pixels wide on two sides together. Each side gets pad pixels.",
                  lambda x, pad: pad_axes(x, *((pad // 2, pad - pad // 2),) * 2),
                  (lambda x, pad: pad_axes(x, *((pad - pad // 2, pad // 2),) * 2),
                   lambda x, pad: pad_axes(x, *((pad // 2,) * 2,) * 2))),
    Misconception("first image only",
                  "Your first image is right, and all others are 0.",
                  lambda x, pad: pad_axes(
                      x * (np.arange(len(x)) == 0)[:, None, None, None], (pad, pad), (pad, pad))),
)


def window(x, top, left, height, width):
    return x[:, top : top + height, left : left + width]


WINDOW_AT = (
    Misconception("stride ignored",
                  "Your window starts at row i and column j. From one window to the next it goes "
                  "stride pixels, so where does window number i start?",
                  lambda x, i, j, HH, WW, stride: window(x, i, j, HH, WW)),
    Misconception("stride ignored downwards",
                  "To the right your window starts in the right column. Downwards it starts at row "
                  "i: how many pixels is it from one row of windows to the next?",
                  lambda x, i, j, HH, WW, stride: window(x, i, j * stride, HH, WW)),
    Misconception("stride ignored to the right",
                  "Downwards your window starts in the right row. To the right it starts at column "
                  "j: how many pixels is it from one window to the next?",
                  lambda x, i, j, HH, WW, stride: window(x, i * stride, j, HH, WW)),
    Misconception("end without the start",
                  "A slice is start : end, and your end does not depend on where you start. How "
                  "far is the end from the start?",
                  lambda x, i, j, HH, WW, stride: x[:, i * stride : HH, j * stride : WW]),
    Misconception("stride in the start alone",
                  "Your windows start in the right place and end too early: the end knows nothing "
                  "of the stride.",
                  lambda x, i, j, HH, WW, stride: (
                      x[:, i * stride : i + HH, j * stride : j + WW])),
    Misconception("i and j exchanged",
                  "Your window is the one of row j and column i. Rows come before columns.",
                  lambda x, i, j, HH, WW, stride: window(x, j * stride, i * stride, HH, WW)),
    Misconception("HH and WW exchanged",
                  "Your window is WW high and HH wide.",
                  lambda x, i, j, HH, WW, stride: window(x, i * stride, j * stride, WW, HH)),
    Misconception("end one too early",
                  "The last row and the last column of your window are missing. The end of a slice "
                  "is the first row that is left out.",
                  lambda x, i, j, HH, WW, stride: (
                      window(x, i * stride, j * stride, HH, WW)[:, :-1, :-1])),
    Misconception("end one too late",
                  "Your window has a row and a column too many. The end of a slice is left out "
                  "already.",
                  lambda x, i, j, HH, WW, stride: (
                      window(x, i * stride, j * stride, HH + 1, WW + 1))),
    Misconception("channels cut",
                  "You cut channels and rows, and x has three axes. Which one comes first, and how "
                  "much of it does the filter see?",
                  lambda x, i, j, HH, WW, stride: (
                      x[i * stride : i * stride + HH, j * stride : j * stride + WW])),
    Misconception("pixels skipped",
                  "Your window leaves pixels out. The stride is the way from one window to the "
                  "next; inside a window no pixel is skipped.",
                  lambda x, i, j, HH, WW, stride: (
                      window(x, i * stride, j * stride, HH, WW)[:, ::stride, ::stride])),
    Misconception("height for both",
                  "Your window is as wide as it is high. Its width is WW.",
                  lambda x, i, j, HH, WW, stride: window(x, i * stride, j * stride, HH, HH)),
    Misconception("windows side by side",
                  "Your windows stand side by side: they move by their own size. How far they "
                  "move is what the stride says.",
                  lambda x, i, j, HH, WW, stride: window(x, i * HH, j * WW, HH, WW)),
)
