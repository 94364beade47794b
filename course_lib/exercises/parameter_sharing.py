"""Exercises of lesson 04: counting parameters, the locally connected layer, tying its weights.

Groups keep one difficulty each, so that a single mistake costs one group: biases are 0, images
square and windows apart wherever a group is not about these things.
"""

from operator import iadd

import numpy as np

from course_lib.exercise import Exercise, Misconception
from course_lib.reference.locally_connected import (
    local_backward,
    local_forward,
    shared_gradient,
    tie_weights,
)

# Stands for a gradient that a case does not ask for.
NOT_ASKED = 0


def draw(rng, low, high):
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def several(rng, count):
    """Sizes that are all different, from 2 on: none can stand in for another unnoticed."""
    return [int(n) for n in 2 + rng.permutation(count)]


def mistakes(*table):
    return tuple(Misconception(*one) for one in table)


# Counts, in the notation of the CS231n notes: volumes are (width, height, depth).


def volumes(rng):
    yield ((55, 55, 96),)
    for _ in range(2):
        yield (tuple(7 + n for n in several(rng, 9)[:3]),)


count_neurons = Exercise(
    name="count_neurons",
    reference=lambda shape: int(np.prod(shape)),
    groups={"values": volumes},
    describe=lambda shape: f"an output of {'x'.join(map(str, shape))}",
    results=("the number of neurons",),
    misconceptions=mistakes(
        ("depth forgotten", "You count the neurons of one activation map. How many maps are there?",
         lambda shape: shape[0] * shape[1]),
        ("sum for product", "You add the three sizes up.", lambda shape: sum(shape)),
        ("width for both", "You count as if the output were square.",
         lambda shape: shape[0] ** 2 * shape[2]),
        ("filters only", "You count the filters. Each of them is asked at every place.",
         lambda shape: shape[2]),
    ),
)


def filter_cases(depths, with_output):
    """One filter size and depth a case, for an output of W2 x H2 x K or for K filters."""
    def cases(rng):
        for D in depths:
            W2, H2, K = (7 + n for n in several(rng, 9)[:3])
            yield ((W2, H2, K) if with_output else K), 2 * draw(rng, 1, 5) + 1, D
        if depths[0] > 1:
            yield ((55, 55, 96), 11, 3) if with_output else (96, 11, 3)

    return cases


params_unshared = Exercise(
    name="params_unshared",
    reference=lambda shape, F, D: int(np.prod(shape)) * (F * F * D + 1),
    groups={"grey images": filter_cases((1, 1), True), "colour images": filter_cases((3, 5), True)},
    describe=lambda shape, F, D: (
        f"an output of {'x'.join(map(str, shape))}, windows of {F}x{F}, input depth {D}"),
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("bias forgotten", "You count the weights alone. Every neuron has a bias, too.",
         lambda shape, F, D: int(np.prod(shape)) * F * F * D),
        ("one bias for a map",
         "You count one bias for each map. Without sharing each neuron has its own.",
         lambda shape, F, D: int(np.prod(shape)) * F * F * D + shape[2]),
        ("input depth forgotten",
         "You count a window of one channel. A neuron sees all the channels of its window.",
         lambda shape, F, D: int(np.prod(shape)) * (F * F + 1)),
        ("one bias for a channel", "You count a bias for each channel of a window.",
         lambda shape, F, D: int(np.prod(shape)) * (F * F + 1) * D),
        ("output depth forgotten",
         "You count the neurons of one map. At each place there is a neuron for every map.",
         lambda shape, F, D: shape[0] * shape[1] * (F * F * D + 1)),
        ("shared after all", "This is the count with sharing: every place uses the same filters.",
         lambda shape, F, D: shape[2] * (F * F * D + 1)),
        ("F not squared", "Your windows are one pixel high.",
         lambda shape, F, D: int(np.prod(shape)) * (F * D + 1)),
    ),
)

params_shared = Exercise(
    name="params_shared",
    reference=lambda K, F, D: K * (F * F * D + 1),
    groups={"grey images": filter_cases((1, 1), False),
            "colour images": filter_cases((3, 5), False)},
    describe=lambda K, F, D: f"{K} filters of {F}x{F}, input depth {D}",
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("biases forgotten", "You count the weights alone. Every filter has a bias, too.",
         lambda K, F, D: K * F * F * D),
        ("one bias for all", "You count a single bias for the whole layer.",
         lambda K, F, D: K * F * F * D + 1),
        ("input depth forgotten",
         "Your filters have one channel. A filter is as deep as its input.",
         lambda K, F, D: K * (F * F + 1)),
        ("one bias for a channel", "You count a bias for each channel of a filter.",
         lambda K, F, D: K * (F * F + 1) * D),
        ("one filter", "You count one filter.", lambda K, F, D: F * F * D + 1),
        ("F not squared", "Your filters are one pixel high.", lambda K, F, D: K * (F * D + 1)),
    ),
)


def stack(layers, depth):
    """The parameters of convolutions one after the other; depth(k) is the input depth of layer k.
    """
    return sum(K * (F * F * depth(k) + 1) for k, (K, F) in enumerate(layers))


def before(D, layers):
    return lambda k: layers[k - 1][0] if k else D


def stack_cases(rng):
    yield 3, [(10, 5)]
    for count in (2, 3):
        Ks = [4 + n for n in several(rng, count)]
        yield draw(rng, 1, 3), [(K, 2 * draw(rng, 1, 3) + 1) for K in Ks]


params_of_stack = Exercise(
    name="params_of_stack",
    reference=lambda D, layers: stack(layers, before(D, layers)),
    groups={"several layers": stack_cases},
    describe=lambda D, layers: f"input depth {D}, layers (K, F): {layers}",
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("depth of the image for all",
         "The bug is still there. Every layer after the first looks at the output of the one "
         "before it: how deep is that?",
         lambda D, layers: stack(layers, lambda k: D)),
        ("own depth for input depth",
         "You use a layer's own number of filters as the depth of its input.",
         lambda D, layers: stack(layers, lambda k: layers[k][0])),
        ("last layer only", "You count the last layer alone.",
         lambda D, layers: layers[-1][0] * (layers[-1][1] ** 2 * before(D, layers)(
             len(layers) - 1) + 1)),
        ("biases forgotten", "The biases have got lost.",
         lambda D, layers: stack(layers, before(D, layers)) - sum(K for K, F in layers)),
    ),
)


# The locally connected layer, forwards and backwards.


def layer(rng, N=1, C=2, F=1, HH=3, WW=3, stride=1, pad=0, rows=3, columns=3, biased=False):
    """Input, weights, biases and settings of a layer with rows x columns places."""
    H, W = (rows - 1) * stride + HH - 2 * pad, (columns - 1) * stride + WW - 2 * pad
    b = rng.uniform(1, 3, (rows, columns, F)) * rng.choice([-1, 1], (rows, columns, F))
    return (rng.standard_normal((N, C, H, W)), rng.standard_normal((rows, columns, F, C, HH, WW)),
            b if biased else 0 * b, {"stride": stride, "pad": pad})


def layers(*settings):
    return lambda rng: [layer(rng, **one) for one in settings]


def all_different(rng):
    """N, C, F, HH, WW, rows and columns all different; every setting in use."""
    for stride, pad in ((2, 0), (1, 1), (2, 2)):
        N, C, F = several(rng, 3)
        HH, WW = (int(n) for n in rng.permutation([3, 5]))
        rows, columns = (4, 6) if rng.integers(2) else (6, 4)
        yield layer(rng, N, C, F, HH, WW, stride, pad, rows, columns, biased=True)


def describe_layer(x, w, b, conv_param):
    (H, W), (HH, WW) = x.shape[2:], w.shape[4:]
    return (f"stride {conv_param['stride']}, pad {conv_param['pad']}, {H}x{W} input, {HH}x{WW} "
            f"windows; x has shape {x.shape}, w {w.shape}" + ("" if b.any() else "; biases 0"))


def forward(x, w, b, stride=1, pad=0):
    return local_forward(x, w, b, stride, pad)[0]


def framed(x, before, after):
    return np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)))


def windows_not_strided(x, w, b, conv_param):
    H, W = (n + k - 1 for n, k in zip(w.shape[:2], w.shape[4:], strict=True))
    pad = conv_param["pad"]
    return forward(framed(x, pad, pad)[:, :, :H, :W], w, b)


def padding_ignored(x, w, b, conv_param):
    s = conv_param["stride"]
    H2, W2 = ((n - k) // s + 1 for n, k in zip(x.shape[2:], w.shape[4:], strict=True))
    seen = x[:, :, : (H2 - 1) * s + w.shape[4], : (W2 - 1) * s + w.shape[5]]
    return forward(seen, w[:H2, :W2], b[:H2, :W2], s)


def zeros_at_one_end(x, w, b, conv_param):
    return forward(framed(x, 0, 2 * conv_param["pad"]), w, b, conv_param["stride"])


def first(array, axis):
    """The first entry along an axis, in the place of all."""
    return np.repeat(array.take([0], axis), array.shape[axis], axis)


def arguments(change):
    return lambda x, w, b, conv_param: forward(*change(x, w, b), **conv_param)


LOCAL_FORWARD = mistakes(
    ("one filter for all places",
     "You use the filters of the upper left corner everywhere. That is a convolution; here each "
     "place has its own.", arguments(lambda x, w, b: (x, first(first(w, 0), 1), b))),
    ("one bias for all places", "You use the biases of the upper left corner everywhere.",
     arguments(lambda x, w, b: (x, w, first(first(b, 0), 1)))),
    ("bias forgotten", "Your output has no bias in it. Every neuron has one of its own.",
     arguments(lambda x, w, b: (x, w, 0 * b))),
    ("bias once per channel", "Your bias is added once for every channel.",
     arguments(lambda x, w, b: (x, w, b * w.shape[3]))),
    ("bias inside the sum", "Your bias is added once for every weight.",
     arguments(lambda x, w, b: (x, w, b * w[0, 0, 0].size))),
    ("first bias for all filters", "All your filters use the bias of the first one.",
     arguments(lambda x, w, b: (x, w, first(b, 2)))),
    ("first filter for all", "All your maps are made with the first filter of each place.",
     arguments(lambda x, w, b: (x, first(w, 2), b))),
    ("first image for all", "All your outputs are made from the first image.",
     arguments(lambda x, w, b: (first(x, 0), w, b))),
    ("first channel only", "Your output looks at the first channel alone.",
     arguments(lambda x, w, b: (x[:, :1], w[:, :, :, :1], b))),
    ("flipped filter", "Your filters are flipped. Lay them on as they are.",
     arguments(lambda x, w, b: (x, w[..., ::-1, ::-1], b))),
    ("mean for sum", "Your results are means. A neuron adds its products up.",
     arguments(lambda x, w, b: (x, w / w[0, 0, 0].size, b))),
    ("places exchanged",
     "Place (i, j) uses the filters of place (j, i). The row comes first in w as well.",
     arguments(lambda x, w, b: (x, w.swapaxes(0, 1), b))),
    ("output turned", "Rows and columns have changed places in your output.",
     lambda *case: arguments(lambda *same: same)(*case).swapaxes(2, 3)),
    ("windows not strided", "Your windows are one pixel apart. Where is the stride?",
     windows_not_strided),
    ("padding ignored", "Your output is the one without padding.", padding_ignored),
    ("zeros at one end", "Your zeros all stand below and to the right of the image.",
     zeros_at_one_end),
)

PLACES_APART = {"stride": 3, "HH": 3, "WW": 3}
local_forward_naive = Exercise(
    name="local_forward_naive",
    reference=lambda x, w, b, conv_param: forward(x, w, b, **conv_param),
    groups={
        "one filter": layers({}, {"C": 3, "rows": 4, "columns": 4}),
        "many filters": layers({"F": 3}, {"F": 4}),
        "many images": layers({"N": 3}, {"N": 4}),
        "bias": layers({"biased": True}, {"F": 3, "biased": True}),
        "padding": layers({"pad": 1, "rows": 5, "columns": 5}, {"pad": 2, "rows": 6, "columns": 6}),
        "stride": layers({"stride": 2}, {"stride": 3}),
        "non-square images": layers({"rows": 2, "columns": 4}, {"rows": 5, "columns": 3}),
        "large filter": layers({"rows": 1, "columns": 1}, {"rows": 1, "columns": 1, "HH": 2}),
        "everything at once": all_different,
    },
    describe=describe_layer,
    results=("out", "cache"),
    judged=("out",),
    misconceptions=LOCAL_FORWARD,
)


def place_cases(rng):
    for C, HH, WW in (several(rng, 3), several(rng, 3)):
        yield float(rng.uniform(1.5, 3)), *rng.standard_normal((2, C, HH, WW))


one_place_backward = Exercise(
    name="one_place_backward",
    reference=lambda dout, window, w: (dout * w, dout * window, dout),
    groups={"gradients": place_cases},
    describe=lambda dout, window, w: f"dout = {dout:.3g}, window and w of shape {w.shape}",
    results=("dwindow", "dw", "db"),
    misconceptions=mistakes(
        ("dwindow and dw exchanged",
         "You have exchanged the two. If a weight grows by 1, the output grows by the number that "
         "lies under it.", lambda dout, window, w: (dout * window, dout * w, dout)),
        ("upstream gradient forgotten",
         "You have the slopes of the neuron alone. The chain rule multiplies with dout.",
         lambda dout, window, w: (w, window, 1.0)),
        ("db is 1", "Your db is 1, the slope of the neuron. The chain rule multiplies with dout.",
         lambda dout, window, w: (dout * w, dout * window, 1.0)),
        ("db is 0",
         "Your db is 0. If the bias grows by 1, does the output stay the same?",
         lambda dout, window, w: (dout * w, dout * window, 0.0)),
    ),
)


GRADIENTS = ("dx", "dw", "db")


def only(wanted, value):
    """(dx, dw, db) with NOT_ASKED for what is not wanted; whatever is no triple stays as it is."""
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return value
    return tuple(v if name in wanted else NOT_ASKED
                 for name, v in zip(GRADIENTS, value, strict=True))


def play_backward(functions, wanted, x, w, b, conv_param, dout):
    returned = functions[1](x, w, b, conv_param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise TypeError("local_forward_naive should return two things, (out, cache)")
    return only(wanted, functions[0](dout, returned[1]))


def asked(wanted, draw_layers):
    def cases(rng):
        for x, w, b, conv_param in draw_layers(rng):
            H2, W2, F = b.shape
            yield wanted.split(), x, w, b, conv_param, rng.standard_normal((len(x), F, H2, W2))

    return cases


def backward(x, w, b, conv_param, dout, put=iadd, step=None, factors=None, cut=None):
    """(dx, dw, db) by plain loops.

    put(dwindow, new) replaces the adding to dx, `step` the stride; factors(window, filter) gives
    the factors of dw and dx; cut(dpadded, H, W) takes off the padding.
    """
    stride, pad = step or conv_param["stride"], conv_param["pad"]
    (H2, W2, F), (HH, WW), (H, W) = b.shape, w.shape[4:], x.shape[2:]
    padded = framed(x, pad, pad)
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j, f in np.ndindex(H2, W2, F):
        here = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        pair = padded[here], w[i, j, f]
        for_dw, for_dx = factors(*pair) if factors else pair
        g = dout[:, f, i, j][:, None, None, None]
        dw[i, j, f] = (g * for_dw).sum(axis=0)
        put(dpadded[here], g * for_dx)
    dx = cut(dpadded, H, W) if cut else dpadded[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=0).transpose(1, 2, 0)


def with_engine(**change):
    return lambda wanted, *case: only(wanted, backward(*case, **change))


def with_other(change):
    """Right, but for what it is given: change(x, w, dout) -> x, w, dout."""
    def wrong(wanted, x, w, b, conv_param, dout):
        x, w, dout = change(x, w, dout)
        return only(wanted, backward(x, w, b, conv_param, dout))

    return wrong


def with_result(name, change):
    """Right, but for one gradient: change(that gradient, *case) replaces it."""
    def wrong(wanted, *case):
        found = dict(zip(GRADIENTS, backward(*case), strict=True))
        found[name] = change(found[name], *case)
        return only(wanted, tuple(found.values()))

    return wrong


LOCAL_BACKWARD = mistakes(
    ("dw of the last image",
     "Your dw has the gradient of the last image only. All images use the same weights, so each "
     "of them adds to dw.",
     with_result("dw", lambda dw, x, w, b, param, dout: backward(
         x[-1:], w, b, param, dout[-1:])[1])),
    ("dw averaged over images", "Your dw is divided by the number of images.",
     with_result("dw", lambda dw, x, *rest: dw / len(x))),
    ("db of the last image", "Your db has the gradient of the last image only.",
     with_result("db", lambda db, x, w, b, param, dout: dout[-1].transpose(1, 2, 0))),
    ("db averaged over images", "Your db is divided by the number of images.",
     with_result("db", lambda db, x, *rest: db / len(x))),
    ("dw summed over the places",
     "You add dw up over the places. That is what a shared weight needs; here each place keeps its "
     "own.", with_result("dw", lambda dw, *rest: dw.sum(axis=(0, 1)))),
    ("db summed over the places",
     "You add db up over the places. Here each place has biases of its own.",
     with_result("db", lambda db, *rest: db.sum(axis=(0, 1)))),
    ("dw averaged over the places", "In all places you have the same dw, the mean of all.",
     with_result("dw", lambda dw, *rest: np.broadcast_to(dw.mean(axis=(0, 1)), dw.shape))),
    ("= for += in dx",
     "A pixel lies in several windows, and under several filters. Your dx has the gradient from "
     "the last of them only: does that line add, or does it replace?",
     with_engine(put=np.copyto)),
    ("dx and dw exchanged",
     "You have exchanged the two factors: for dw you multiply with the weights, for dx with the "
     "window.", with_engine(factors=lambda window, w: (np.broadcast_to(w, window.shape), window))),
    ("windows not strided", "Your windows are one pixel apart. Where is the stride?",
     with_engine(step=1)),
    ("padding left on", "Your dx still has the padding. It should have the shape of x.",
     with_engine(cut=lambda dpadded, H, W: dpadded)),
    ("padding cut off at one end",
     "Your dx starts in the padding. Which row of the padded image is row 0 of x?",
     with_engine(cut=lambda dpadded, H, W: dpadded[:, :, :H, :W])),
    ("upstream gradient forgotten", "Your gradients do not depend on dout.",
     with_other(lambda x, w, dout: (x, w, np.ones_like(dout)))),
    ("wrong sign", "Your gradients have the wrong sign.",
     with_other(lambda x, w, dout: (x, w, -dout))),
    ("one filter for all places", "Your dx uses the filters of the upper left corner everywhere.",
     with_other(lambda x, w, dout: (x, first(first(w, 0), 1), dout))),
    ("flipped filter",
     "Your dx is made with flipped filters. Window by window, nothing has to be flipped.",
     with_other(lambda x, w, dout: (x, w[..., ::-1, ::-1], dout))),
    ("first image for all", "Your dw sees the first image alone.",
     with_other(lambda x, w, dout: (first(x, 0), w, dout))),
    ("dout turned", "You have exchanged the rows and the columns of dout.",
     with_other(lambda x, w, dout: (x, w, dout.swapaxes(2, 3)))),
)

ONE_PLACE = {"rows": 1, "columns": 1}
local_backward_naive = Exercise(
    name="local_backward_naive",
    reference=lambda wanted, x, w, b, conv_param, dout: only(
        wanted, local_backward(dout, local_forward(x, w, b, **conv_param)[1])),
    groups={
        "dw of one image": asked("dw", layers({"F": 2}, {"C": 3, "rows": 4, "columns": 4})),
        "dw of many images": asked("dw", layers({"N": 3}, {"N": 4})),
        "db": asked("db", layers({"N": 3, "F": 2}, {"N": 2, "F": 3})),
        "dx of one window": asked("dx", layers(ONE_PLACE, {"N": 2, **ONE_PLACE})),
        "dx of overlapping windows": asked("dx", layers({}, {"F": 3}, {"N": 2})),
        "padding": asked("dx dw", layers({"pad": 1, "HH": 5, "WW": 5, **ONE_PLACE},
                                         {"pad": 2, "HH": 7, "WW": 7, **ONE_PLACE})),
        "stride": asked("dx dw db", layers({"stride": 3}, {"stride": 3, "HH": 2, "WW": 2})),
        "everything at once": asked("dx dw db", all_different),
    },
    describe=lambda wanted, x, w, b, conv_param, dout: (
        f"{' and '.join(wanted)}; {describe_layer(x, w, b, conv_param)}"),
    results=GRADIENTS,
    play=play_backward,
    misconceptions=LOCAL_BACKWARD,
)


# The bridge between the two kinds of layer.


def tied_cases(square):
    def cases(rng):
        for F, C, HH, WW, H2, W2 in (several(rng, 6), several(rng, 6)):
            yield rng.standard_normal((F, C, HH, WW)), H2, H2 if square else W2

    return cases


def at_one_place(w, H2, W2):
    tied = np.zeros((H2, W2, *w.shape))
    tied[0, 0] = w
    return tied


tie_weights_exercise = Exercise(
    name="tie_weights",
    reference=tie_weights,
    groups={"square outputs": tied_cases(True), "non-square outputs": tied_cases(False)},
    describe=lambda w, H2, W2: f"w of shape {w.shape}, {H2}x{W2} places",
    results=("the weights",),
    misconceptions=mistakes(
        ("places last", "Your numbers are right, but the places have become the last two axes.",
         lambda w, H2, W2: np.tile(w[..., None, None], (1, 1, 1, 1, H2, W2))),
        ("H2 and W2 exchanged", "H2 and W2 have changed places.",
         lambda w, H2, W2: tie_weights(w, W2, H2)),
        ("one place filled", "Only the upper left place has weights.", at_one_place),
        ("divided by the places", "You divide the weights by the number of places.",
         lambda w, H2, W2: tie_weights(w, H2, W2) / (H2 * W2)),
    ),
)

shared_gradient_exercise = Exercise(
    name="shared_gradient",
    reference=shared_gradient,
    groups={"values": lambda rng: [
        (rng.standard_normal(several(rng, 6)),) for _ in range(2)]},
    describe=lambda dw_local: f"dw_local of shape {dw_local.shape}",
    results=("the gradient",),
    misconceptions=mistakes(
        ("mean for sum",
         "Your result is the mean over the places. Think of nudging the shared weight: at how "
         "many places does the output move?", lambda dw: dw.mean(axis=(0, 1))),
        ("first place only", "Your result is the gradient from the upper left place alone.",
         lambda dw: dw[0, 0]),
        ("last place only", "Your result is the gradient from the last place alone.",
         lambda dw: dw[-1, -1]),
        ("one axis only", "You have added up over the rows of places. There are columns, too.",
         lambda dw: dw.sum(axis=0)),
        ("places kept", "You have added up over the filter's own axes. The places are the first "
         "two.", lambda dw: dw.sum(axis=(4, 5))),
    ),
)


EXERCISES = [count_neurons, params_unshared, params_shared, params_of_stack, local_forward_naive,
             one_place_backward, local_backward_naive, tie_weights_exercise,
             shared_gradient_exercise]
