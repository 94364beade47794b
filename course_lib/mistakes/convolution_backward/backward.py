"""Known mistakes of lesson 03: all of a convolution, backwards."""

import numpy as np

from course_lib.mistakes.convolution_backward.framed import inside
from course_lib.mistakes.convolution_backward.numerical import GRADIENTS, mistakes
from course_lib.mistakes.convolution_backward.ways import (
    OTHER_ORDERS,
    at_windows,
    change_arguments,
    change_results,
    columns_close,
    dw_from,
    exchanged,
    flipped,
    gradients,
    instead,
    last_one,
    not_framed,
    not_strided,
    of_ones,
    overwritten,
    put_into_place,
    rows_close,
    strided,
    where,
    with_dx,
)
from course_lib.mistakes.going_on import without_the_last

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
