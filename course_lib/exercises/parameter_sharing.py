"""Exercises of lesson 04: counting parameters, the locally connected layer, tying its weights.

Groups keep one difficulty each, so that a single mistake costs one group: biases are 0, images
square, windows apart and gradients not asked for wherever a group is not about these things.
"""

from operator import iadd

import numpy as np

from course_lib.exercise import Exercise, Misconception
from course_lib.reference import locally_connected as reference

NOT_ASKED = 0  # stands for a gradient that a case does not ask for


def several(rng, count, low=2):
    """Sizes that are all different, from `low` on: none can stand in for another unnoticed."""
    return [int(n) for n in low + rng.permutation(count)]


def mistakes(*table):
    return tuple(Misconception(*one) for one in table)


def volume(rng):
    """Width, height and depth, in the order of the CS231n notes."""
    return tuple(several(rng, 9, low=7)[:3])


count_neurons = Exercise(
    name="count_neurons",
    reference=lambda shape: int(np.prod(shape)),
    groups={"values": lambda rng: [((55, 55, 96),), (volume(rng),), (volume(rng),)]},
    describe=lambda shape: f"an output of {'x'.join(map(str, shape))}",
    results=("the number of neurons",),
    misconceptions=mistakes(
        ("depth forgotten", "You count the neurons of one activation map. How many maps are there?",
         lambda shape: shape[0] * shape[1]),
        ("sum for product", "You add the three sizes up.", sum),
        ("width for both", "You count as if the output were square.",
         lambda shape: shape[0] ** 2 * shape[2]),
        ("filters only", "You count the filters.", lambda shape: shape[2]),
    ),
)


def filter_cases(depths, unshared):
    """F and D a case, for an output of W2 x H2 x K without sharing and for K filters with it."""
    def cases(rng):
        drawn = [(volume(rng), int(rng.choice([3, 5, 7, 9])), D) for D in depths]
        known = [((55, 55, 96), 11, 3), ((32, 32, 10), 5, 3)] if depths[0] > 1 else []
        return [(shape if unshared else shape[2], F, D) for shape, F, D in drawn + known]

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
        ("one bias for a map", "You count a bias for each map. Here each neuron has its own.",
         lambda shape, F, D: int(np.prod(shape)) * F * F * D + shape[2]),
        ("input depth forgotten", "You count a window of one channel. A neuron sees all of them.",
         lambda shape, F, D: int(np.prod(shape)) * (F * F + 1)),
        ("output depth forgotten", "You count the neurons of one activation map.",
         lambda shape, F, D: shape[0] * shape[1] * (F * F * D + 1)),
        ("shared after all", "This is the count with sharing: every place uses the same filters.",
         lambda shape, F, D: shape[2] * (F * F * D + 1)),
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
        ("input depth forgotten", "Your filters have one channel. Images may have more.",
         lambda K, F, D: K * (F * F + 1)),
        ("one bias for a channel", "You count a bias for each channel of a filter.",
         lambda K, F, D: K * (F * F + 1) * D),
        ("one filter", "You count one filter.", lambda K, F, D: F * F * D + 1),
    ),
)


def stack(D, layers, depth=None, bias=1):
    """The parameters of each convolution; depth(k) may replace the depth of its input."""
    depth = depth or (lambda k: layers[k - 1][0] if k else D)
    return [K * (F * F * depth(k) + bias) for k, (K, F) in enumerate(layers)]


def stack_cases(rng):
    yield 3, [(10, 5)]
    for count in (2, 3):
        Ks = several(rng, count, low=6)
        yield int(rng.integers(1, 4)), [(K, int(rng.choice([3, 5, 7]))) for K in Ks]


params_of_stack = Exercise(
    name="params_of_stack",
    reference=lambda D, layers: sum(stack(D, layers)),
    groups={"several layers": stack_cases},
    describe=lambda D, layers: f"input depth {D}, layers (K, F): {layers}",
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("depth of the image for all",
         "The bug is still there. Every layer after the first looks at the output of the one "
         "before it: how deep is that?", lambda D, layers: sum(stack(D, layers, lambda k: D))),
        ("own depth for input depth", "You take a layer's own K for the depth of its input.",
         lambda D, layers: sum(stack(D, layers, lambda k: layers[k][0]))),
        ("last layer only", "You count the last layer alone.",
         lambda D, layers: stack(D, layers)[-1]),
        ("biases forgotten", "The biases have got lost.",
         lambda D, layers: sum(stack(D, layers, bias=0))),
    ),
)


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
        HH, WW = (int(n) for n in rng.permutation([3, 5]))
        rows, columns = (4, 6) if rng.integers(2) else (6, 4)
        yield layer(rng, *several(rng, 3), HH, WW, stride, pad, rows, columns, biased=True)


def describe_layer(x, w, b, conv_param):
    (H, W), (HH, WW) = x.shape[2:], w.shape[4:]
    return (f"stride {conv_param['stride']}, pad {conv_param['pad']}, {H}x{W} input, {HH}x{WW} "
            f"windows; x has shape {x.shape}, w {w.shape}" + ("" if b.any() else "; biases 0"))


def first(array, axis):
    """The first entry along an axis, in the place of all."""
    return np.repeat(array.take([0], axis), array.shape[axis], axis)


def forward(x, w, b, conv_param, given=None, step=None, frame=None, after=None):
    """The layer by plain loops. given(x, w, b) changes them, `step` the stride, after(out) the
    result; `frame` says how many times the padding stands before and after the image.
    """
    x, w, b = given(x, w, b) if given else (x, w, b)
    s, around = step or conv_param["stride"], [n * conv_param["pad"] for n in frame or (1, 1)]
    padded, (HH, WW) = np.pad(x, ((0, 0), (0, 0), around, around)), w.shape[4:]
    H2, W2 = (min(places, (n - side) // s + 1) for places, n, side in zip(
        w.shape[:2], padded.shape[2:], w.shape[4:], strict=True))
    out = np.zeros((len(x), w.shape[2], H2, W2))
    for i, j in np.ndindex(H2, W2):
        window = padded[:, :, i * s : i * s + HH, j * s : j * s + WW]
        out[:, :, i, j] = np.tensordot(window, w[i, j], ([1, 2, 3], [1, 2, 3])) + b[i, j]
    return after(out) if after else out


def with_changes(engine, *table):
    """Misconceptions from (name, sentence, what to replace in the engine)."""
    return mistakes(*((name, sentence, lambda *case, change=change: engine(*case, **change))
                      for name, sentence, change in table))


local_forward_naive = Exercise(
    name="local_forward_naive",
    reference=lambda x, w, b, conv_param: reference.local_forward(x, w, b, **conv_param)[0],
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
    misconceptions=with_changes(
        forward,
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
        ("windows not strided", "Your windows are one pixel apart. Where is the stride?",
         {"step": 1}),
        ("padding ignored", "Your output is the one without padding.", {"frame": (0, 0)}),
        ("zeros at one end", "Your zeros all stand below and to the right of the image.",
         {"frame": (0, 2)}),
    ),
)


one_place_backward = Exercise(
    name="one_place_backward",
    reference=lambda dout, window, w: (dout * w, dout * window, dout),
    groups={"gradients": lambda rng: [
        (float(rng.uniform(1.5, 3)), *rng.standard_normal((2, *several(rng, 3)))) for _ in "ab"]},
    describe=lambda dout, window, w: f"dout = {dout:.3g}, window and w of shape {w.shape}",
    results=("dwindow", "dw", "db"),
    misconceptions=mistakes(
        ("dwindow and dw exchanged",
         "You have exchanged the two. If a weight grows by 1, by how much does the output grow?",
         lambda dout, window, w: (dout * window, dout * w, dout)),
        ("upstream gradient forgotten",
         "You have the slopes of the neuron alone. The chain rule multiplies with dout.",
         lambda dout, window, w: (w, window, 1.0)),
        ("db is 1", "Your db is 1, the slope of the neuron. It lacks a factor.",
         lambda dout, window, w: (dout * w, dout * window, 1.0)),
    ),
)


def only(wanted, value):
    """(dx, dw, db) with NOT_ASKED for what is not wanted; whatever is no triple stays as it is."""
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return value
    return tuple(gradient if name in wanted else NOT_ASKED
                 for name, gradient in zip(("dx", "dw", "db"), value, strict=True))


def play_backward(functions, wanted, x, w, b, conv_param, dout):
    returned = functions[1](x, w, b, conv_param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise TypeError("local_forward_naive should return two things, (out, cache)")
    return only(wanted, functions[0](dout, returned[1]))


def asked(wanted, draw_layers):
    return lambda rng: [
        (wanted, x, w, b, conv_param, rng.standard_normal((len(x), *b.transpose(2, 0, 1).shape)))
        for x, w, b, conv_param in draw_layers(rng)]


def backward(wanted, x, w, b, conv_param, dout, given=None, put=iadd, step=None, factors=None,
             cut=None, result=None):
    """What is wanted of (dx, dw, db), by plain loops. given(x, w, dout) changes these, `step` the
    stride; put(dwindow, new) replaces the adding to dx, factors(window, filter) the factors of dw
    and dx, cut(dpadded, H, W) taking off the padding, result(dx, dw, db) the sum over the images.
    """
    x, w, dout = given(x, w, dout) if given else (x, w, dout)
    s, pad = step or conv_param["stride"], conv_param["pad"]
    (H, W), (HH, WW) = x.shape[2:], w.shape[4:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros(padded.shape), np.zeros((len(x), *w.shape))
    for i, j, f in np.ndindex(b.shape):
        here = np.s_[:, :, i * s : i * s + HH, j * s : j * s + WW]
        for_dw, for_dx = (factors or (lambda *pair: pair))(padded[here], w[i, j, f])
        g = dout[:, f, i, j][:, None, None, None]
        dw[:, i, j, f] = g * for_dw
        put(dpadded[here], g * for_dx)
    dx = cut(dpadded, H, W) if cut else dpadded[:, :, pad : pad + H, pad : pad + W]
    db = dout.transpose(0, 2, 3, 1)
    return only(wanted, (result or (lambda dx, dw, db: (dx, dw.sum(0), db.sum(0))))(dx, dw, db))


ONE_PLACE = {"rows": 1, "columns": 1}
local_backward_naive = Exercise(
    name="local_backward_naive",
    reference=lambda wanted, x, w, b, conv_param, dout: only(
        wanted, reference.local_backward(dout, reference.local_forward(x, w, b, **conv_param)[1])),
    groups={
        "dw of one image": asked(["dw"], layers({"F": 2}, {"C": 3, "rows": 4, "columns": 4})),
        "dw of many images": asked(["dw"], layers({"N": 3}, {"N": 4})),
        "db": asked(["db"], layers({"N": 3, "F": 2}, {"N": 2, "F": 3})),
        "dx of one window": asked(["dx"], layers(ONE_PLACE, {"N": 2, **ONE_PLACE})),
        "dx of overlapping windows": asked(["dx"], layers({}, {"F": 3}, {"N": 2})),
        "padding": asked(["dx", "dw"], layers({"pad": 1, "HH": 5, "WW": 5, **ONE_PLACE},
                                              {"pad": 2, "HH": 7, "WW": 7, **ONE_PLACE})),
        "stride": asked(["dx", "dw"], layers({"stride": 3}, {"stride": 3, "HH": 2, "WW": 2})),
        "everything at once": asked(["dx", "dw", "db"], all_different),
    },
    describe=lambda wanted, x, w, b, conv_param, dout: (
        f"{' and '.join(wanted)}; {describe_layer(x, w, b, conv_param)}"),
    results=("dx", "dw", "db"),
    play=play_backward,
    misconceptions=with_changes(
        backward,
        ("dw of the last image",
         "Your dw has the gradient of the last image only. All images use the same weights, so "
         "each of them adds to dw.", {"result": lambda dx, dw, db: (dx, dw[-1], db.sum(0))}),
        ("dw averaged over images", "Your dw is divided by the number of images.",
         {"result": lambda dx, dw, db: (dx, dw.mean(0), db.sum(0))}),
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
         {"put": np.copyto}),
        ("dx and dw exchanged",
         "You have exchanged two factors: dw is multiplied with the weights, dx with the window.",
         {"factors": lambda window, w: (np.broadcast_to(w, window.shape), window)}),
        ("windows not strided", "Your windows are one pixel apart. Where is the stride?",
         {"step": 1}),
        ("padding left on", "Your dx still has the padding. It should have the shape of x.",
         {"cut": lambda dpadded, H, W: dpadded}),
        ("padding cut off at one end",
         "Your dx starts in the padding. Which row of the padded image is row 0 of x?",
         {"cut": lambda dpadded, H, W: dpadded[:, :, :H, :W]}),
        ("upstream gradient forgotten", "Your gradients do not depend on dout.",
         {"given": lambda x, w, dout: (x, w, np.ones_like(dout))}),
        ("one filter for all places", "Your dx uses the filters of the upper left place only.",
         {"given": lambda x, w, dout: (x, first(first(w, 0), 1), dout)}),
        ("first image for all", "Your dw sees the first image alone.",
         {"given": lambda x, w, dout: (first(x, 0), w, dout)}),
    ),
)


def tied_cases(square):
    return lambda rng: [(rng.standard_normal(sizes[:4]), sizes[4], sizes[4 if square else 5])
                        for sizes in (several(rng, 6), several(rng, 6))]


tie_weights = Exercise(
    name="tie_weights",
    reference=reference.tie_weights,
    groups={"square outputs": tied_cases(True), "non-square outputs": tied_cases(False)},
    describe=lambda w, H2, W2: f"w of shape {w.shape}, {H2}x{W2} places",
    results=("the weights",),
    misconceptions=mistakes(
        ("places last", "Your numbers are right, but the places have become the last two axes.",
         lambda w, H2, W2: np.tile(w[..., None, None], (1, 1, 1, 1, H2, W2))),
        ("H2 and W2 exchanged", "H2 and W2 have changed places.",
         lambda w, H2, W2: reference.tie_weights(w, W2, H2)),
        ("one place filled", "Only the upper left place has weights.",
         lambda w, H2, W2: np.pad(w[None, None], ((0, H2 - 1), (0, W2 - 1), *[(0, 0)] * 4))),
    ),
)

shared_gradient = Exercise(
    name="shared_gradient",
    reference=reference.shared_gradient,
    groups={"values": lambda rng: [(rng.standard_normal(several(rng, 6)),) for _ in "ab"]},
    describe=lambda dw_local: f"dw_local of shape {dw_local.shape}",
    results=("the gradient",),
    misconceptions=mistakes(
        ("mean for sum",
         "Your result is a mean. If a shared weight moves, how many places of the output move?",
         lambda dw: dw.mean(axis=(0, 1))),
        ("first place only", "Your result is the gradient from the upper left place alone.",
         lambda dw: dw[0, 0]),
        ("last place only", "Your result is the gradient from the last place alone.",
         lambda dw: dw[-1, -1]),
        ("one axis only", "You have added up over the rows of places. There are columns, too.",
         lambda dw: dw.sum(axis=0)),
    ),
)


EXERCISES = [count_neurons, params_unshared, params_shared, params_of_stack, local_forward_naive,
             one_place_backward, local_backward_naive, tie_weights, shared_gradient]
