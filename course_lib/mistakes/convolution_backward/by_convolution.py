"""Wrong ways of making dx by a convolution (`dx_by_convolution`)."""

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.convolution_backward.ways import gradients


def by_convolution(dout, w, pad):
    """The right dx."""
    K = w.shape[2]
    N, _, H2, W2 = dout.shape
    x = np.zeros((N, w.shape[1], H2 + K - 1 - 2 * pad, W2 + K - 1 - 2 * pad))
    return gradients(dout, x, w, np.zeros(len(w)), {"stride": 1, "pad": pad})[0]


def with_filter(change):
    """Right but for the filters, which are change(w)."""
    return lambda dout, w, pad: by_convolution(dout, change(w), pad)


def padded_by(width):
    """Right but for the padding, which is width(K, pad)."""
    return lambda dout, w, pad: by_convolution(dout, w, w.shape[2] - 1 - width(w.shape[2], pad))


DX_MISTAKES = (
    Misconception("filter not flipped",
                  "The filter lies as in the forward pass. Go through the outputs that see one "
                  "pixel, from left to right: in which order do the weights come?",
                  with_filter(lambda w: w[:, :, ::-1, ::-1])),
    Misconception("flipped upside down only",
                  "You have turned the rows of the filter around. And its columns?",
                  with_filter(lambda w: w[:, :, :, ::-1])),
    Misconception("flipped left to right only",
                  "You have turned the columns of the filter around. And its rows?",
                  with_filter(lambda w: w[:, :, ::-1])),
    Misconception("transposed",
                  "You have exchanged rows and columns of the filter. To flip is something else: "
                  "the last row comes first, and the last column too.",
                  with_filter(lambda w: w.swapaxes(2, 3)[:, :, ::-1, ::-1])),
    Misconception("flipped and transposed",
                  "Your filter is flipped, but its rows and columns are exchanged as well. Which "
                  "axes does your transpose move?",
                  with_filter(lambda w: w.swapaxes(2, 3))),
    Misconception("all axes flipped",
                  "You flip all four axes, so that filters and channels come in the wrong order. "
                  "Which two of them are the rows and the columns?",
                  with_filter(lambda w: w[::-1, ::-1])),
    # With one filter and one channel this is "filter not flipped"; other cases tell them apart.
    Misconception("first two axes flipped",
                  "You flip the first two axes of w, and these are filters and channels. Which "
                  "axes are the rows and the columns?",
                  with_filter(np.flip)),
    Misconception("padding of the forward pass",
                  "You use the padding of the forward pass. Work out which padding gives dx the "
                  "size of x.",
                  padded_by(lambda K, pad: pad)),
    Misconception("padding as if there had been none",
                  "Your dx still has the frame: K - 1 is the right padding for pad 0.",
                  padded_by(lambda K, pad: K - 1)),
    Misconception("one zero too many",
                  "Your padding is one too large on each side: how far does the filter reach over "
                  "the edge, if one of its weights lies on the last pixel?",
                  padded_by(lambda K, pad: K - pad)),
    Misconception("padding that keeps the size",
                  "Your dx is as large as dout. It should be as large as x: which padding gives "
                  "that?",
                  padded_by(lambda K, pad: (K - 1) // 2)),
    Misconception("not flipped, padding of the forward pass",
                  "Two things at once: the filter is not flipped, and the padding is that of the "
                  "forward pass. Which padding gives dx the size of x?",
                  lambda dout, w, pad: by_convolution(
                      dout, w[:, :, ::-1, ::-1], w.shape[2] - 1 - pad)),
    Misconception("reshape for transpose",
                  "You exchange filters and channels with reshape. It keeps the numbers in their "
                  "order and so mixes them up; transpose exchanges axes.",
                  with_filter(lambda w: w.reshape(w.shape[1], w.shape[0], *w.shape[2:]
                                                  ).transpose(1, 0, 2, 3))),
)
