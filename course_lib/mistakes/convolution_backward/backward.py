"""Known mistakes of lesson 03: the convolution backwards, with its padding and as a convolution."""

from itertools import product
from operator import itemgetter

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.convolution_backward.numerical import GRADIENTS, mistakes
from course_lib.mistakes.going_on import without_the_last
from course_lib.mistakes.neurons_and_windows import pad_axes
from course_lib.reference.convolution import conv_backward, conv_forward


def inside(padded, pad):
    """The right result."""
    return padded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]


UNPAD_MISTAKES = (
    Misconception("slice to minus pad",
                  "Nothing is left for pad 0. Print -pad for that case: where does the slice end?",
                  lambda padded, pad: padded[:, :, pad:-pad, pad:-pad]),
    Misconception("one pixel cut off always",
                  "You cut off one pixel at every side, whatever pad is.",
                  lambda padded, pad: inside(padded, 1)),
    Misconception("cut off at the start alone",
                  "You cut off the frame above and to the left. There is one below and to the "
                  "right as well.",
                  lambda padded, pad: padded[:, :, pad:, pad:]),
    Misconception("cut off at the end alone",
                  "Your shape is right, but you keep the upper left part. The image is in the "
                  "middle.",
                  lambda padded, pad: padded[:, :, : padded.shape[2] - 2 * pad,
                                             : padded.shape[3] - 2 * pad]),
    Misconception("nothing cut off", "The frame is still there.", lambda padded, pad: padded),
    Misconception("two frames at the end",
                  "Below and to the right you cut off two frames. H and W are the sizes with the "
                  "frame: where does the image end in them?",
                  lambda padded, pad: padded[:, :, pad : padded.shape[2] - 2 * pad,
                                             pad : padded.shape[3] - 2 * pad]),
    Misconception("images and channels cut off",
                  "You cut the first two axes, images and channels. The frame is around the last "
                  "two: put a colon for each axis that stays whole.",
                  lambda padded, pad: padded[pad:-pad, pad:-pad],
                  (lambda padded, pad: padded[pad : len(padded) - pad,
                                              pad : padded.shape[1] - pad],
                   lambda padded, pad: padded[pad : padded.shape[2] - pad,
                                              pad : padded.shape[3] - pad])),
    Misconception("one size for both",
                  "You cut the width by the height. Where does each axis end?",
                  lambda padded, pad: padded[:, :, pad : padded.shape[2] - pad,
                                             pad : padded.shape[2] - pad]),
)


def gradients(dout, x, w, b, conv_param):
    """The right dx, dw and db."""
    return conv_backward(dout, conv_forward(x, w, b, **conv_param)[1])


def on_padded(dout, x, w, b, conv_param):
    """(dx_padded, dw, db): the right gradients before the padding is cut off."""
    pad = conv_param["pad"]
    padded = pad_axes(x, (pad, pad), (pad, pad))
    return gradients(dout, padded, w, b, conv_param | {"pad": 0})


def with_dx(change):
    """Right but for dx, which is change(dx_padded, pad)."""
    def wrong(dout, x, w, b, conv_param):
        dx, dw, db = on_padded(dout, x, w, b, conv_param)
        return change(dx, conv_param["pad"]), dw, db

    return wrong


def put_into_place(dx, pad):
    """What `[pad:-pad]` leaves, written into an array of the right shape: NumPy stops at pad 0."""
    placed = np.zeros_like(inside(dx, pad))
    placed[:] = dx[:, :, pad:-pad, pad:-pad]
    return placed


def instead(wanted, other):
    """Right but for the gradients in `wanted`, which are those that `other` gives."""
    def wrong(*case):
        return tuple(o if name in wanted.split() else r for name, o, r in
                     zip(GRADIENTS, other(*case), gradients(*case), strict=True))

    return wrong


def at_windows(step, assign=np.add, order=(0, 1, 2, 3)):
    """Loops over the windows. step(conv_param) is the way from one to the next, or one down and
    one to the right; assign(old, new) is what becomes of what was there; `order` says how the
    loops over images, filters, rows and columns are nested."""
    # Of a place in that nesting: image, filter, row and column.
    sorted_out = itemgetter(*(order.index(axis) for axis in range(4)))

    def wrong(dout, x, w, b, conv_param):
        s, pad = step(conv_param), conv_param["pad"]
        down, right = s if isinstance(s, tuple) else (s, s)
        (HH, WW), padded = w.shape[2:], pad_axes(x, (pad, pad), (pad, pad))
        dx, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(len(w))
        for place in product(*(range(dout.shape[axis]) for axis in order)):
            n, f, i, j = sorted_out(place)
            here = np.s_[n, :, i * down : i * down + HH, j * right : j * right + WW]
            dx[here] = assign(dx[here], dout[n, f, i, j] * w[f])
            dw[f] = assign(dw[f], dout[n, f, i, j] * padded[here])
            db[f] = assign(db[f], dout[n, f, i, j])
        return inside(dx, pad), dw, db

    return wrong


def strided(conv_param):
    return conv_param["stride"]


def last_one(old, new):
    return new


def rows_close(conv_param):
    return 1, conv_param["stride"]


def columns_close(conv_param):
    return conv_param["stride"], 1


# Nested in another way, loops that overwrite leave other numbers: with the columns outside, or
# with the filters inside.
OTHER_ORDERS = (0, 1, 3, 2), (0, 2, 3, 1), (0, 3, 2, 1), (2, 3, 0, 1)
overwritten = at_windows(strided, last_one)
not_strided = at_windows(lambda conv_param: 1)


def change_arguments(change):
    """The right gradients of a changed case: change(dout, x, w) gives its arrays."""
    def wrong(dout, x, w, b, conv_param):
        dout, x, w = change(dout, x, w)
        return gradients(dout, x, w, b[: len(w)], conv_param)

    return wrong


def not_framed(dout, x, w, b, conv_param):
    """The case with the padding already around x, so that dx keeps it."""
    pad = conv_param["pad"]
    return dout, pad_axes(x, (pad, pad), (pad, pad)), w, b, conv_param | {"pad": 0}


def where(shows, wrong):
    """`wrong` for the cases in which both of its mistakes show, and right in all others.

    There one of the two shows alone, and has a sentence of its own. shows(conv_param) tells.
    """
    return lambda *case: wrong(*case) if shows(case[-1]) else gradients(*case)


def change_results(change):
    """change(dx, dw, db, dout, w) of the right gradients."""
    return lambda dout, x, w, b, conv_param: change(
        *gradients(dout, x, w, b, conv_param), dout, w)


# The gradients if every number of dout were 1.
of_ones = change_arguments(lambda dout, x, w: (np.ones(dout.shape), x, w))


def exchanged(dout, x, w, b, conv_param):
    """Windows added to dx where filters belong, and filters to dw where windows belong."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    (HH, WW), padded = w.shape[2:], pad_axes(x, (pad, pad), (pad, pad))
    dx = np.zeros(padded.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx[here] += dout[n, f, i, j] * padded[here]
    db = dout.sum(axis=(0, 2, 3))
    return inside(dx, pad), db[:, None, None, None] * w, db


def dw_from(frame):
    """dw from an image that is padded otherwise: frame(x, pad) on both axes."""
    def wrong(dout, x, w, b, conv_param):
        right = gradients(dout, x, w, b, conv_param)
        other = pad_axes(x, *frame(x, conv_param["pad"]))
        return right[0], gradients(dout, other, w, b, conv_param | {"pad": 0})[1], right[2]

    return wrong


flipped = change_arguments(lambda dout, x, w: (dout, x, w[:, :, ::-1, ::-1]))


# Names, what is told and what gives it, also for the layer by matrix product (lesson 06).
AXIS_KEPT = (
    "db with an axis too many",
    "Your db has the right numbers and one axis or more of length 1 beside them, as keepdims=True "
    "leaves them. It should have the shape of b.",
    *(change_results(lambda dx, dw, db, dout, w, shape=shape: (dx, dw, db.reshape(shape)))
      for shape in ((-1, 1), (1, -1), (1, -1, 1, 1), (1, -1, 1))),
)
AVERAGED = (
    "averaged over the images",
    "Your gradients, or one of them, are divided by the number of images. If the loss is a mean, "
    "dout knows that already.",
    change_results(lambda dx, dw, db, dout, w: (dx, dw / len(dx), db / len(dx))),
    change_results(lambda dx, dw, db, dout, w: (dx / len(dx), dw / len(dx), db / len(dx))),
    change_results(lambda dx, dw, db, dout, w: (dx, dw / len(dx), db)),
    change_results(lambda dx, dw, db, dout, w: (dx, dw, db / len(dx))),
)


CONV_BACKWARD_MISTAKES = mistakes(
    GRADIENTS,
    AXIS_KEPT,
    ("slice to minus pad",
     "Your dx is empty where there is no padding. Print -pad for pad 0: where does the slice end?",
     with_dx(lambda dx, pad: dx[:, :, pad:-pad, pad:-pad]), with_dx(put_into_place)),
    ("pad 1 always",
     "You cut one pixel off every side of dx, whatever conv_param['pad'] is.",
     with_dx(lambda dx, pad: inside(dx, 1))),
    ("padding not cut off",
     "Your dx still has the frame of the padding. It should have the shape of x.",
     with_dx(lambda dx, pad: dx)),
    ("padding cut off at the end alone",
     "Your dx has the right shape, but it is the upper left part of the padded one. The frame has "
     "four sides.",
     with_dx(lambda dx, pad: dx[:, :, : dx.shape[2] - 2 * pad, : dx.shape[3] - 2 * pad])),
    ("padding cut off by the height",
     "Your dx is right for square images alone. You cut off both axes where the height ends.",
     with_dx(lambda dx, pad: dx[:, :, pad : dx.shape[2] - pad, pad : dx.shape[2] - pad])),
    ("padding cut off by the width",
     "Your dx is right for square images alone. You cut off both axes where the width ends.",
     with_dx(lambda dx, pad: dx[:, :, pad : dx.shape[3] - pad, pad : dx.shape[3] - pad])),
    ("dx overwritten",
     "Your dx holds the share of the last window alone. Windows overlap, and filters see the same "
     "pixels: all shares add up.",
     instead("dx", overwritten),
     *(instead("dx", at_windows(strided, last_one, order)) for order in OTHER_ORDERS)),
    ("dw overwritten",
     "Your dw comes from the last window alone. A filter is used in every window of every image.",
     instead("dw", overwritten),
     *(instead("dw", at_windows(strided, last_one, order)) for order in OTHER_ORDERS)),
    ("db overwritten",
     "Your db is the last entry of dout for each filter. The bias is added at every place of every "
     "image.",
     instead("db", overwritten)),
    ("stride missing in dx",
     "Your dx puts the windows one pixel apart. In the forward pass they were further apart.",
     instead("dx", not_strided)),
    ("stride missing in the rows of dx",
     "To the right your dx is right. Downwards it puts the windows one pixel apart.",
     instead("dx", at_windows(rows_close))),
    ("stride missing in the columns of dx",
     "Downwards your dx is right. To the right it puts the windows one pixel apart.",
     instead("dx", at_windows(columns_close))),
    ("stride missing in the rows of dw",
     "Downwards your dw is made from windows one pixel apart. To the right it keeps to the stride.",
     instead("dw", at_windows(rows_close))),
    ("stride missing in the columns of dw",
     "To the right your dw is made from windows one pixel apart. Downwards it keeps to the stride.",
     instead("dw", at_windows(columns_close))),
    ("stride missing in dw",
     "Your dw is made from windows one pixel apart. In the forward pass they were further apart.",
     instead("dw", not_strided)),
    ("flipped filter",
     "Your dx has the filter flipped, upside down and left to right. In a loop over the windows "
     "each pixel gets its share by the weight that lay on it.",
     instead("dx", flipped)),
    ("last filter only",
     "Your dx knows the last filter alone. All filters have seen the image: does each overwrite "
     "the one before?",
     instead("dx", change_arguments(lambda dout, x, w: (dout[:, -1:], x, w[-1:])))),
    ("first filter for all",
     "Your dx uses the weights of the first filter for all of them.",
     instead("dx", change_arguments(lambda dout, x, w: (dout, x, 0 * w + w[:1])))),
    ("dx of the first image only",
     "Your dx is 0 from the second image on.",
     change_results(lambda dx, dw, db, dout, w: (
         dx * (np.arange(len(dx)) == 0)[:, None, None, None], dw, db))),
    ("dw of the last image only",
     "Your dw comes from the last image alone. Where do you set it to 0, or assign it?",
     instead("dw", change_arguments(lambda dout, x, w: (dout[-1:], x[-1:], w)))),
    AVERAGED,
    ("dw averaged over the places",
     "Your dw is divided by the number of places. Each of them adds its share: it is a sum.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw / dout[0, 0].size, db))),
    ("dw from the unpadded image",
     "Your dw takes its windows from x without its frame, or from one that begins elsewhere. In "
     "the forward pass the windows lay on the padded image.",
     dw_from(lambda x, pad: ((0, 2 * pad), (0, 2 * pad)))),
    ("last windows left out",
     "Your loops end too early: the last row and the last column of dout are left out. The end of "
     "a range does not belong to it.",
     change_arguments(lambda dout, x, w: (without_the_last(dout), x, w))),
    ("first windows left out",
     "Your loops begin at 1: the first row and the first column of dout are left out.",
     change_arguments(lambda dout, x, w: (
         without_the_last(dout[:, :, ::-1, ::-1])[:, :, ::-1, ::-1], x, w))),
    ("filter transposed",
     "In your dx the filters lie on their side: their rows and columns have changed places.",
     instead("dx", change_arguments(lambda dout, x, w: (
         dout, x, w.swapaxes(2, 3) if w.shape[2] == w.shape[3] else w)))),
    ("weight decay in dw",
     "You add a part of the weights to dw, as weight decay does. dw is the gradient of the loss "
     "alone.",
     *(change_results(lambda dx, dw, db, dout, w, part=part: (dx, dw + part * w, db))
       for part in (0.01, 0.1, 0.001, 0.0005, 0.5, 1))),
    ("gradients clipped",
     "Your gradients never exceed some number. They are not clipped here.",
     *(change_results(lambda dx, dw, db, dout, w, most=most: tuple(
         np.clip(one, -most, most) for one in (dx, dw, db))) for most in (1, 5, 0.5, 0.1, 10)),
     *(change_results(lambda dx, dw, db, dout, w, most=most: (np.clip(dx, -most, most), dw, db))
       for most in (1, 5, 0.5, 0.1)),
     *(change_results(lambda dx, dw, db, dout, w, most=most: (dx, np.clip(dw, -most, most), db))
       for most in (1, 5, 0.5, 0.1))),
    ("averaged over everything",
     "Your db is a mean over images and places. Each of them adds its share: it is a sum.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.mean(axis=(0, 2, 3))))),
    ("db once per channel",
     "Your db is too large by the number of channels. The bias is in each output once.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, db * w.shape[1]))),
    ("db not summed over the places",
     "Your db has an entry for every place. A filter has one bias for all places.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=0)))),
    ("db summed over other axes",
     "Your db has as many numbers as another axis of dout is long. It needs one for each filter: "
     "sum over all axes but that one.",
     *(change_results(lambda dx, dw, db, dout, w, axes=axes: (dx, dw, dout.sum(axis=axes)))
       for axes in ((0, 1, 2), (0, 1, 3), (1, 2, 3)))),
    ("upstream gradient ignored",
     "You have not used the values of dout: your numbers are those for a dout of ones.",
     of_ones),
    ("db counts the outputs",
     "Your db counts how many outputs the bias was in. Each of them adds its number of dout, and "
     "not 1.",
     instead("db", of_ones),
     change_results(lambda dx, dw, db, dout, w: (dx, dw, 0 * db + dout.size))),
    ("dw without the upstream gradient",
     "Your dw does not depend on dout: each window is added as it is. How much does it count?",
     instead("dw", of_ones)),
    ("dx without the upstream gradient",
     "Your dx does not depend on dout: each filter is added as it is. How much does it count?",
     instead("dx", of_ones)),
    ("db of all filters together",
     "All numbers of your db are equal: db += ... adds to each of them. Filter f has a bias of its "
     "own, and a db of its own.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, 0 * db + dout.sum()))),
    ("dw of all filters together",
     "All filters of your dw are equal: dw += ... adds to each of them. A window gives a share to "
     "the filter that has seen it.",
     change_results(lambda dx, dw, db, dout, w: (dx, 0 * dw + dw.sum(axis=0), db))),
    ("filters and windows exchanged",
     "Your dx is made of the windows, and your dw of the weights. If a pixel grows a little, how "
     "fast the output grows is up to the weight that lies on it. And if a weight grows?",
     exchanged),
    ("height and width exchanged",
     "Rows and columns have changed places. Which loop variable moves the window down in your "
     "forward pass, and which in your backward pass?",
     change_arguments(lambda dout, x, w: (dout.swapaxes(2, 3), x, w))),
    ("results in another order",
     "You return dw first. The order is dx, dw, db.",
     change_results(lambda dx, dw, db, dout, w: (dw, dx, db))),
    # Two mistakes at once. If they are in two gradients, or show in different groups, each is told
    # by its own sentence above.
    ("overwritten, upstream gradient ignored",
     "Two things at once: you have not used the values of dout, and each window overwrites what "
     "the one before has left.",
     lambda dout, *rest: overwritten(np.ones(dout.shape), *rest)),
    ("overwritten, results in another order",
     "Two things at once: you return dw first, and in both dx and dw the last window overwrites "
     "all others.",
     lambda *case: (overwritten(*case)[1], overwritten(*case)[0], gradients(*case)[2])),
    ("dx overwritten and flipped",
     "Two things at once in your dx: the filter is flipped, and the last window overwrites what "
     "the others have given.",
     instead("dx", lambda dout, x, w, *rest: overwritten(dout, x, w[:, :, ::-1, ::-1], *rest))),
    ("dx overwritten, stride missing",
     "Two things at once in your dx: the windows lie one pixel apart, and the last one overwrites "
     "what the others have given.",
     where(lambda conv_param: conv_param["stride"] > 1,
           instead("dx", at_windows(lambda conv_param: 1, last_one)))),
    ("dw overwritten, stride missing",
     "Two things at once in your dw: the windows lie one pixel apart, and it comes from the last "
     "one alone.",
     where(lambda conv_param: conv_param["stride"] > 1,
           instead("dw", at_windows(lambda conv_param: 1, last_one)))),
    ("dx flipped, stride missing",
     "Two things at once in your dx: the filter is flipped, and the windows lie one pixel apart.",
     where(lambda conv_param: conv_param["stride"] > 1,
           instead("dx", lambda dout, x, w, *rest: not_strided(
               dout, x, w[:, :, ::-1, ::-1], *rest)))),
    ("dx overwritten, padding not cut off",
     "Two things at once in your dx: the frame of the padding is still there, and the last window "
     "overwrites what the others have given.",
     where(lambda conv_param: conv_param["pad"],
           instead("dx", lambda *case: overwritten(*not_framed(*case))))),
    ("dx flipped, padding not cut off",
     "Two things at once in your dx: the frame of the padding is still there, and the filter is "
     "flipped.",
     where(lambda conv_param: conv_param["pad"],
           instead("dx", lambda *case: flipped(*not_framed(*case))))),
)


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
