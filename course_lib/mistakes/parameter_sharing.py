"""What people get wrong about locally connected layers: wrong algorithms, and what to say."""

from operator import iadd

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.going_on import fold_goes_on
from course_lib.mistakes.neurons_and_windows import other_frames

NOT_ASKED = 0  # stands for a gradient that a case does not ask for


def mistakes(*table):
    return tuple(Misconception(*one) for one in table)


def first(array, axis):
    """The first entry along an axis, in the place of all."""
    return np.repeat(array.take([0], axis), array.shape[axis], axis)


def forward(x, w, b, conv_param, given=None, step=None, frame=None, after=None,
            sums=None, lined_up=None, exchanged=None, fold=None, places="", visited=None):
    """The layer by plain loops. given(x, w, b) changes them, after(out) the result, sums(out) the
    result before the biases, to which lined_up(b) is added; step(stride) are the ways down and to
    the right; frame(pad) says how many zeros stand before and after; exchanged(stride, pad) makes
    others of both; fold(products) makes the sums of a place, (N, F), of (N, F, C, HH, WW). With
    places, there are as many of them as w says, whether their windows lie in the image or not;
    where visited(i, j, stride) is false, the output stays 0.
    """
    x, w, b = given(x, w, b) if given else (x, w, b)
    stride, pad = conv_param["stride"], conv_param["pad"]
    stride, pad = exchanged(stride, pad) if exchanged else (stride, pad)
    down, right = (step or both_ways)(stride)
    around = frame(pad) if frame else (pad, pad)
    padded, (HH, WW) = np.pad(x, ((0, 0), (0, 0), around, around)), w.shape[4:]
    H2, W2 = w.shape[:2] if exchanged or places else (
        min(most, (n - side) // s + 1) for most, n, side, s in zip(
            w.shape[:2], padded.shape[2:], w.shape[4:], (down, right), strict=True))
    out = np.zeros((len(x), w.shape[2], H2, W2))
    for i, j in np.ndindex(H2, W2):
        window = padded[:, :, i * down : i * down + HH, j * right : j * right + WW]
        _ = window[0] * w[i, j, 0]  # beyond the edge it stops as a student's product does
        out[:, :, i, j] = (fold or all_added_up)(window[:, None] * w[i, j])
    out = (sums(out) if sums else out) + (
        lined_up(b) if lined_up else b[:H2, :W2].transpose(2, 0, 1))
    if visited:
        out = out * np.array([[visited(i, j, stride) for j in range(W2)] for i in range(H2)])
    return after(out) if after else out


def in_a_frame(framed, x, w, b, conv_param):
    return forward(framed(x, conv_param["pad"]), w, b, conv_param | {"pad": 0})


def all_added_up(products):
    return products.sum(axis=(2, 3, 4))


def with_changes(engine, *table):
    """Misconceptions from (name, sentence, what to replace in the engine, further ways)."""
    def changed(change):
        return lambda *case: engine(*case, **change)

    return mistakes(*((name, sentence, changed(change), tuple(map(changed, ways)))
                      for name, sentence, change, *ways in table))


def both_ways(stride):
    return stride, stride


# What is told of a stride that is missing, and the ways from one window to the next.
CLOSE = (
    ("windows not strided", "Your windows are one pixel apart. Where is the stride?",
     {"step": lambda stride: (1, 1)}),
    ("rows one pixel apart", "Downwards your windows are one pixel apart. To the right they keep "
     "to the stride.", {"step": lambda stride: (1, stride)}),
    ("columns one pixel apart", "To the right your windows are one pixel apart. Downwards they "
     "keep to the stride.", {"step": lambda stride: (stride, 1)}),
)


FORWARD = (*mistakes(other_frames(in_a_frame)), *with_changes(
    forward,
    ("bias along other axes",
     "b has the axes (H2, W2, F), and the output (N, F, H2, W2). NumPy lines two shapes up from "
     "the right. In which order do the axes of b have to stand?",
     {"lined_up": lambda b: b}, {"lined_up": np.transpose}),
    ("one filter for all places",
     "You use the filters of the upper left corner everywhere. That is a convolution; here "
     "each place has its own.", {"given": lambda x, w, b: (x, first(first(w, 0), 1), b)}),
    ("one bias for all places", "You use the biases of the upper left corner everywhere.",
     {"given": lambda x, w, b: (x, w, first(first(b, 0), 1))}),
    ("bias forgotten", "Your output has no bias in it. Every neuron has one of its own.",
     {"given": lambda x, w, b: (x, w, 0 * b)}),
    ("bias once per channel", "Your bias is added once for every channel.",
     {"given": lambda x, w, b: (x, w, b * w.shape[3])}),
    ("first filter for all", "All your maps are made with the first filter of each place.",
     {"given": lambda x, w, b: (x, first(w, 2), b)}),
    ("first image for all", "All your outputs are made from the first image.",
     {"given": lambda x, w, b: (first(x, 0), w, b)}),
    ("first channel only", "Your output looks at the first channel alone.",
     {"given": lambda x, w, b: (x[:, :1], w[:, :, :, :1], b)}),
    ("flipped filter", "Your filters are flipped. Lay them on as they are.",
     {"given": lambda x, w, b: (x, w[..., ::-1, ::-1], b)}),
    ("places exchanged", "Place (i, j) uses the filters of place (j, i).",
     {"given": lambda x, w, b: (x, w.swapaxes(0, 1), b)}),
    ("output turned", "Rows and columns have changed places in your output.",
     {"after": lambda out: out.swapaxes(2, 3)}),
    *CLOSE,
    ("padding ignored", "Your output is the one without padding.", {"frame": lambda pad: (0, 0)},
     {"frame": lambda pad: (0, 0), "places": "all of w"}),
    ("padding 1 always", "You pad with one pixel, whatever conv_param['pad'] is.",
     {"frame": lambda pad: (1, 1)}),
    ("stride and padding exchanged",
     "You take the padding for the stride and the stride for the padding. Which is which in "
     "conv_param?", {"exchanged": lambda stride, pad: (pad, stride)},
     {"exchanged": lambda stride, pad: (max(pad, 1), stride)}),
    ("maximum over the channels",
     "You take the largest of the channels' sums. They are added up.",
     {"fold": lambda products: products.sum(axis=(3, 4)).max(axis=2)},
     {"fold": lambda products: products.max(axis=2).sum(axis=(2, 3))}),
    ("zeros at one end", "Your zeros all stand below and to the right of the image.",
     {"frame": lambda pad: (0, 2 * pad)}),
    ("sum not started again",
     "Each of your results has those before it in it: your sum goes on from window to window. "
     "Where does it have to start at 0 again?",
     *({"sums": change} for change in fold_goes_on(np.add))),
    ("filters of the first row",
     "All rows use the filters of the first one. Each place has its own.",
     {"given": lambda x, w, b: (x, first(w, 0), b)}),
    ("filters of the first column",
     "All columns use the filters of the first one. Each place has its own.",
     {"given": lambda x, w, b: (x, first(w, 1), b)}),
    ("mean for sum", "Your results are means over the window. A neuron's is a dot product: a sum.",
     {"given": lambda x, w, b: (x, w / w[0, 0, 0].size, b)}),
    ("last channel only",
     "Your output is that of the last channel alone. Does each channel overwrite the one before, "
     "where it should be added?",
     {"given": lambda x, w, b: (x[:, -1:], w[:, :, :, -1:], b)}),
    ("places left out",
     "Your loops go over every stride-th place of the output, and the places between stay 0. The "
     "stride moves the window, not the place that its result is written to.",
     {"visited": lambda i, j, stride: i % stride == j % stride == 0}),
    ("ReLU applied",
     "Numbers below 0 have become 0 in your output. That is another layer's work: a ReLU. Here "
     "they stay as they are.", {"after": lambda out: np.maximum(out, 0)}),
    ("all biases in each sum",
     "Each of your results has the biases of all filters in it. Filter f has its own at each "
     "place.", {"given": lambda x, w, b: (x, w, 0 * b + b.sum(axis=2, keepdims=True))}),
    ("bias subtracted", "Your bias has the wrong sign.", {"given": lambda x, w, b: (x, w, -b)}),
    ("padding twice", "There are twice as many zeros as there should be. Do you pad twice?",
     {"frame": lambda pad: (2 * pad, 2 * pad)}),
))


def only(wanted, value):
    """(dx, dw, db) with NOT_ASKED for what is not wanted; whatever is no triple stays as it is."""
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return value
    return tuple(gradient if name in wanted else NOT_ASKED
                 for name, gradient in zip(("dx", "dw", "db"), value, strict=True))


def backward(wanted, x, w, b, conv_param, dout, given=None, put=iadd, step=None, factors=None,
             cut=None, result=None, order=(0, 1, 2)):
    """What is wanted of (dx, dw, db), by plain loops. given(x, w, dout) changes these, step(stride)
    are the ways down and to the right; put(dwindow, new) replaces the adding to dx,
    factors(window, filter) the factors of dw and dx, cut(dpadded, pad) taking off the padding,
    result(dx, dw, db) the sum over the images; `order` nests the loops over rows, columns, filters.
    """
    x, w, dout = given(x, w, dout) if given else (x, w, dout)
    (down, right), pad = (step or both_ways)(conv_param["stride"]), conv_param["pad"]
    (H, W), (HH, WW) = x.shape[2:], w.shape[4:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros(padded.shape), np.zeros((len(x), *w.shape))
    for place in np.ndindex(*(b.shape[axis] for axis in order)):
        i, j, f = (place[order.index(axis)] for axis in range(3))
        here = np.s_[:, :, i * down : i * down + HH, j * right : j * right + WW]
        for_dw, for_dx = (factors or (lambda *pair: pair))(padded[here], w[i, j, f])
        g = dout[:, f, i, j][:, None, None, None]
        dw[:, i, j, f] = g * for_dw
        put(dpadded[here], g * for_dx)
    dx = cut(dpadded, pad) if cut else dpadded[:, :, pad : pad + H, pad : pad + W]
    db = dout.transpose(0, 2, 3, 1)
    return only(wanted, (result or (lambda dx, dw, db: (dx, dw.sum(0), db.sum(0))))(dx, dw, db))


# Nested in another way, loops that overwrite leave other numbers.
OTHER_ORDERS = (1, 0, 2), (2, 0, 1), (2, 1, 0)
BACKWARD = with_changes(
    backward,
    ("dw of the last image",
     "Your dw has the gradient of the last image only. All images use the same weights, so "
     "each of them adds to dw.", {"result": lambda dx, dw, db: (dx, dw[-1], db.sum(0))}),
    ("dw averaged over images", "Your dw is divided by the number of images.",
     {"result": lambda dx, dw, db: (dx, dw.mean(0), db.sum(0))}),
    ("db averaged over images", "Your db is divided by the number of images.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0), db.mean(0))}),
    ("dw averaged over places",
     "Your dw is divided by the number of places. Each place has weights of its own, and nothing "
     "to share.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0) / db[0, :, :, 0].size, db.sum(0))}),
    ("db counts the images",
     "Your db counts how often each bias was used. Each time adds its number of dout, and not 1.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0), 0 * db[0] + len(db))}),
    ("dw of all filters together",
     "All filters of a place are equal in your dw: dw[i, j] += ... adds to each of them.",
     {"result": lambda dx, dw, db: (dx, 0 * dw[0] + dw.sum((0, 3))[:, :, None], db.sum(0))}),
    ("db of all filters together",
     "All filters of a place are equal in your db: db[i, j] += ... adds to each of them.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0), 0 * db[0] + db.sum((0, 3))[..., None])}),
    ("db of the last image", "Your db has the gradient of the last image only.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0), db[-1])}),
    ("dw summed over the places",
     "You add dw up over the places. That is for shared weights; here each place has its own.",
     {"result": lambda dx, dw, db: (dx, dw.sum((0, 1, 2)), db.sum(0))}),
    ("db summed over the places", "You add db up over the places. Each place keeps its own.",
     {"result": lambda dx, dw, db: (dx, dw.sum(0), db.sum((0, 1, 2)))}),
    ("= for += in dx",
     "A pixel lies in several windows, and under several filters. Your dx has the gradient "
     "from the last of them only: does that line add, or does it replace?",
     {"put": np.copyto}, *({"put": np.copyto, "order": order} for order in OTHER_ORDERS)),
    ("dx and dw exchanged",
     "You have exchanged two factors: dw is multiplied with the weights, dx with the window.",
     {"factors": lambda window, w: (np.broadcast_to(w, window.shape), window)}),
    *CLOSE,
    ("padding left on", "Your dx still has the padding. It should have the shape of x.",
     {"cut": lambda dpadded, pad: dpadded}),
    ("padding cut off at one end",
     "Your dx starts in the padding. Which row of the padded image is row 0 of x?",
     {"cut": lambda dpadded, pad: dpadded[:, :, : dpadded.shape[2] - 2 * pad,
                                              : dpadded.shape[3] - 2 * pad]}),
    ("slice to minus pad",
     "Your dx is empty where there is no padding. Print -pad for that case: where does the slice "
     "end?", {"cut": lambda dpadded, pad: dpadded[:, :, pad:-pad, pad:-pad]}),
    ("one pixel cut off always",
     "You cut one pixel off every side of dx, whatever conv_param['pad'] is.",
     {"cut": lambda dpadded, pad: dpadded[:, :, 1:-1, 1:-1]}),
    ("flipped filters in dx",
     "Your dx lays the filters on the wrong way round. Which weight did this pixel meet on the way "
     "forward? By that one its gradient goes back.",
     {"factors": lambda window, w: (window, w[..., ::-1, ::-1])}),
    ("upstream gradient forgotten", "Your gradients do not depend on dout.",
     {"given": lambda x, w, dout: (x, w, np.ones_like(dout))}),
    ("one filter for all places", "Your dx uses the filters of the upper left place only.",
     {"given": lambda x, w, dout: (x, first(first(w, 0), 1), dout)}),
    ("first image for all", "Your dw sees the first image alone.",
     {"given": lambda x, w, dout: (first(x, 0), w, dout)}),
)
