"""Exercises of lesson 04: counting parameters, the locally connected layer, tying its weights.

Groups keep one difficulty each, so that a single mistake costs one group: biases are 0, images
square, and gradients not asked for wherever a group is not about these things. Where dx is asked
for the padding is 1, if it is no subject: the most frequent mistake of all, cutting off [pad:-pad],
then costs the group about pad 0.
"""

import numpy as np

from course_lib.exercises._conditions import arrays, sizes
from course_lib.exercises._conditions.windows import BIASES, conditions, layer_of
from course_lib.judging.cases import in_turn, pick, several
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise
from course_lib.judging.passes import another_batch, elsewhere, pass_between
from course_lib.mistakes.parameter_sharing import BACKWARD, FORWARD, backward, mistakes, only
from course_lib.reference import locally_connected as reference
from course_lib.student_error import StudentError


def volume(rng):
    """Width, height and depth, in the order of the CS231n notes."""
    return tuple(several(rng, 9, low=7)[:3])


count_neurons = Exercise(
    name="count_neurons",
    reference=lambda shape: int(np.prod(shape)),
    groups={"values": both(lambda rng: [((55, 55, 96),), (volume(rng),), (volume(rng),)],
                           meeting(sizes.NEURONS))},
    conditions=sizes.NEURONS,
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
        drawn = [(volume(rng), pick(rng, 3, 5, 7, 9), D) for D in depths]
        known = [((55, 55, 96), 11, 3), ((32, 32, 10), 5, 3)] if depths[0] > 1 else []
        return [(shape if unshared else shape[2], F, D) for shape, F, D in drawn + known]

    return cases


params_unshared = Exercise(
    name="params_unshared",
    reference=lambda shape, F, D: int(np.prod(shape)) * (F * F * D + 1),
    groups={
        "grey images": both(filter_cases((1, 1), True), meeting(sizes.UNSHARED, "larger depth")),
        "colour images": both(filter_cases((3, 5), True), meeting(sizes.UNSHARED, "depth 1")),
    },
    conditions=sizes.UNSHARED,
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
        ("one bias for all", "You count a single bias for the whole layer.",
         lambda shape, F, D: int(np.prod(shape)) * F * F * D + 1),
        ("width alone", "You count one side of a window. It is F wide and F high.",
         lambda shape, F, D: int(np.prod(shape)) * (F * D + 1)),
        ("twice for squared", "You count 2 · F weights for each channel. A window has F · F.",
         lambda shape, F, D: int(np.prod(shape)) * (2 * F * D + 1)),
        ("one bias for a channel", "You count a bias for each channel of a neuron's window.",
         lambda shape, F, D: int(np.prod(shape)) * (F * F + 1) * D),
        ("shared after all", "This is the count with sharing: every place uses the same filters.",
         lambda shape, F, D: shape[2] * (F * F * D + 1)),
    ),
)

params_shared = Exercise(
    name="params_shared",
    reference=lambda K, F, D: K * (F * F * D + 1),
    groups={
        "grey images": both(filter_cases((1, 1), False), meeting(sizes.SHARED, "larger depth")),
        "colour images": both(filter_cases((3, 5), False), meeting(sizes.SHARED, "depth 1")),
    },
    conditions=sizes.SHARED,
    describe=lambda K, F, D: f"{K} filters of {F}x{F}, input depth {D}",
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("biases forgotten", "You count the weights alone. Every filter has a bias, too.",
         lambda K, F, D: K * F * F * D),
        ("one bias for all", "You count a single bias for the whole layer.",
         lambda K, F, D: K * F * F * D + 1),
        ("input depth forgotten", "Your filters have one channel. Images may have more.",
         lambda K, F, D: K * (F * F + 1)),
        ("filters and depth exchanged",
         "You count a bias for each channel of the input, and there is one for each filter.",
         lambda K, F, D: D * (K * F * F + 1)),
        ("one bias for a channel", "You count a bias for each channel of a filter.",
         lambda K, F, D: K * (F * F + 1) * D),
        ("width alone", "You count one side of a filter. It is F wide and F high.",
         lambda K, F, D: K * (F * D + 1)),
        ("twice for squared", "You count 2 · F weights for each channel. A filter has F · F.",
         lambda K, F, D: K * (2 * F * D + 1)),
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
        yield int(rng.integers(1, 4)), [(K, pick(rng, 3, 5, 7)) for K in Ks]


params_of_stack = Exercise(
    name="params_of_stack",
    reference=lambda D, layers: sum(stack(D, layers)),
    groups={"several layers": both(stack_cases, meeting(sizes.STACK))},
    conditions=sizes.STACK,
    describe=lambda D, layers: f"input depth {D}, layers (K, F): {layers}",
    results=("the number of parameters",),
    misconceptions=mistakes(
        ("depth of the image for all",
         "The bug is still there. Every layer after the first looks at the output of the one "
         "before it: how deep is that?", lambda D, layers: sum(stack(D, layers, lambda k: D))),
        ("own depth for input depth", "You take a layer's own K for the depth of its input.",
         lambda D, layers: sum(stack(D, layers, lambda k: layers[k][0]))),
        ("K and F exchanged", "You have exchanged K and F: a pair is (filters, size of a filter).",
         lambda D, layers: sum(
             F * (K * K * depth + 1) for (K, F), depth in zip(
                 layers, [D, *(F for _, F in layers)], strict=False))),
        ("last layer only", "You count the last layer alone.",
         lambda D, layers: stack(D, layers)[-1]),
        ("one bias for a layer", "You count one bias for a layer. Each of its filters has one.",
         lambda D, layers: sum(stack(D, layers, bias=0)) + len(layers)),
        ("depths added up",
         "Your depth grows from layer to layer. A layer sees what the one before it has left, and "
         "that is as deep as the number of its filters.",
         lambda D, layers: sum(stack(
             D, layers, lambda k: D + sum(K for K, _ in layers[:k])))),
        ("depths multiplied",
         "You multiply the depths. A layer sees what the one before it has left, and that is as "
         "deep as the number of its filters.",
         lambda D, layers: sum(stack(
             D, layers, lambda k: D * int(np.prod([K for K, _ in layers[:k]], dtype=int))))),
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
    """Layers with these settings. Windows are square and of other sizes from case to case."""
    def cases(rng):
        sides = in_turn(rng, 2, 3)
        for one in settings:
            side = next(sides)
            yield layer(rng, **{"HH": side, "WW": one.get("HH", side)} | one)

    return cases


def layer_with(rng, of):
    return layer(rng, of.N, of.C, of.F, of.HH, of.WW, of.stride, of.pad, of.rows, of.columns,
                 of.biased)


def layer_of_local(x, w, b, conv_param):
    return layer_of(x.shape, w.shape[4:], **conv_param, F=w.shape[2], biased=bool(b.any()))


LOCAL_CONDITIONS, local_everything = conditions(layer_of_local, layer_with, more=[BIASES],
    further=(131, 154, 156, 420, 440, 481, 1238, 1664, 1676, 2625, 3086, 3944, 5472, 6785))


def describe_layer(x, w, b, conv_param):
    (H, W), (HH, WW) = x.shape[2:], w.shape[4:]
    return (f"stride {conv_param['stride']}, pad {conv_param['pad']}, {H}x{W} input, {HH}x{WW} "
            f"windows; x has shape {x.shape}, w {w.shape}" + ("" if b.any() else "; biases 0"))


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
        "large filter": layers({"rows": 1, "columns": 1}, {"rows": 1, "columns": 1, "WW": 4}),
        "everything at once": local_everything,
    },
    describe=describe_layer,
    results=("out", "cache"),
    judged=("out",),
    misconceptions=FORWARD,
    conditions=LOCAL_CONDITIONS,
)


one_place_backward = Exercise(
    name="one_place_backward",
    reference=lambda dout, window, w: (dout * w, dout * window, dout),
    groups={"gradients": both(lambda rng: [
        (float(rng.uniform(1.5, 3)), *rng.standard_normal((2, *several(rng, 3)))) for _ in "ab"],
        meeting(arrays.ONE_PLACE))},
    conditions=arrays.ONE_PLACE,
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
        ("db is 0",
         "Your db is 0. Does the output not move when the bias does?",
         lambda dout, window, w: (dout * w, dout * window, 0.0)),
        ("db for every weight",
         "Your db counts the bias once for every weight. How often is it added to the output?",
         lambda dout, window, w: (dout * w, dout * window, dout * w.size)),
        ("minus as in training",
         "All your signs are turned. A gradient says where the loss grows; going the other way "
         "comes later, in training.",
         lambda dout, window, w: (-dout * w, -dout * window, -dout)),
    ),
)


ALL = ["dx", "dw", "db"]  # asked for so, another batch goes forward before the backward pass


def play_backward(functions, wanted, x, w, b, conv_param, dout):
    returned = functions[1](x, w, b, conv_param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise StudentError(["ValueError"],
                           "local_forward_naive should return two things, (out, cache)")
    if wanted == ALL:
        pass_between(functions[1], x, w, b, conv_param)
    return only(wanted, functions[0](dout, returned[1]))


def of_another_batch(wanted, x, *settings):
    """The gradients of what went forward last."""
    return backward(wanted, another_batch(x) if wanted == ALL else x, *settings)


def with_gradient(rng, wanted, x, w, b, conv_param):
    dout = rng.standard_normal((len(x), *b.transpose(2, 0, 1).shape))
    return wanted, x, w, b, conv_param, dout


def asked(wanted, draw_layers):
    return lambda rng: [with_gradient(rng, wanted, *case) for case in draw_layers(rng)]


LOCAL_BACKWARD_CONDITIONS, local_backward_everything = conditions(
    lambda wanted, x, w, b, conv_param, dout: layer_of_local(x, w, b, conv_param),
    lambda rng, of: with_gradient(rng, ALL, *layer_with(rng, of)),
    asked=lambda wanted, *case: wanted, values=(True,), further=(156, 450, 1238, 1834, 6022))


def one_place(pad, *sides):
    """One image and two, with a window as large as they are."""
    return layers(*({"N": N, "rows": 1, "columns": 1, "HH": side, "pad": pad}
                    for N, side in enumerate(sides, 1)))


local_backward_naive = Exercise(
    name="local_backward_naive",
    reference=lambda wanted, x, w, b, conv_param, dout: only(
        wanted, reference.local_backward(dout, reference.local_forward(x, w, b, **conv_param)[1])),
    groups={
        "dw of one image": asked(["dw"], layers({"F": 2}, {"C": 3, "rows": 4, "columns": 4})),
        "dw of many images": asked(["dw"], layers({"N": 3}, {"N": 4})),
        "db": asked(["db"], layers({"N": 3, "F": 2}, {"N": 2, "F": 3})),
        "dx of one window": asked(["dx"], one_place(1, 5, 4)),
        "dx of overlapping windows": asked(["dx"], layers(
            {"pad": 1}, {"pad": 1, "F": 3}, {"pad": 1, "N": 2})),
        "dx pad 0": asked(["dx"], one_place(0, 5, 4)),
        "dx pad 2": asked(["dx"], one_place(2, 7, 6)),
        "stride": asked(["dx", "dw"], layers({"stride": 3, "pad": 1},
                                             {"stride": 3, "HH": 2, "WW": 2, "pad": 1})),
        "everything at once": local_backward_everything,
    },
    describe=lambda wanted, x, w, b, conv_param, dout: (
        f"{' and '.join(wanted)}; {describe_layer(x, w, b, conv_param)}"),
    results=("dx", "dw", "db"),
    play=play_backward,
    helpers=("local_forward_naive",),
    misconceptions=(*BACKWARD, elsewhere(of_another_batch)),
    conditions=LOCAL_BACKWARD_CONDITIONS,
)


def tied_cases(square):
    return lambda rng: [(rng.standard_normal(n[:4]), n[4], n[4 if square else 5])
                        for n in (several(rng, 6), several(rng, 6))]


tie_weights = Exercise(
    name="tie_weights",
    reference=reference.tie_weights,
    groups={
        "square outputs": both(tied_cases(True), meeting(
            arrays.TIED, "wide output", "tall output")),
        "non-square outputs": both(tied_cases(False), meeting(
            arrays.TIED, "square output", "1x1 output")),
    },
    conditions=arrays.TIED,
    describe=lambda w, H2, W2: f"w of shape {w.shape}, {H2}x{W2} places",
    results=("the array of weights",),
    misconceptions=mistakes(
        ("places last", "Your numbers are right, but the places have become the last two axes.",
         lambda w, H2, W2: np.tile(w[..., None, None], (1, 1, 1, 1, H2, W2))),
        ("H2 and W2 exchanged", "H2 and W2 have changed places.",
         lambda w, H2, W2: reference.tie_weights(w, W2, H2)),
        ("not repeated", "You give back the filters as they came. Where are the places' axes?",
         lambda w, H2, W2: w),
        ("places in one axis", "Your places lie in a single axis. They have rows and columns.",
         lambda w, H2, W2: np.repeat(w[None], H2 * W2, axis=0)),
        ("numbers repeated",
         "np.repeat repeats each number in its place. The filters have to come again as a whole.",
         lambda w, H2, W2: np.repeat(w, H2 * W2).reshape(H2, W2, *w.shape)),
        ("divided by the places",
         "Every copy of your weights is too small. At each place stands the filter itself.",
         lambda w, H2, W2: reference.tie_weights(w, H2, W2) / (H2 * W2)),
        ("one place filled", "Only the upper left place has weights.",
         lambda w, H2, W2: np.pad(w[None, None], ((0, H2 - 1), (0, W2 - 1), *[(0, 0)] * 4))),
    ),
)

shared_gradient = Exercise(
    name="shared_gradient",
    reference=reference.shared_gradient,
    groups={"values": both(lambda rng: [(rng.standard_normal(several(rng, 6)),) for _ in "ab"],
                           meeting(arrays.SHARED_GRADIENT))},
    conditions=arrays.SHARED_GRADIENT,
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
        ("rows of places only",
         "You have added up over the rows of places. There are columns, too.",
         lambda dw: dw.sum(axis=0)),
        ("columns of places only",
         "You have added up over the columns of places. There are rows, too.",
         lambda dw: dw.sum(axis=1)),
        ("largest place", "You keep the largest of the gradients. What do the other places add?",
         lambda dw: dw.max(axis=(0, 1))),
        ("sum over the filter",
         "You have added up over the filter's rows and columns. Which two axes say the place?",
         lambda dw: dw.sum(axis=(4, 5))),
        ("filters added up, too",
         "You have added up too much: different filters do not share their weights.",
         lambda dw: dw.sum(axis=(0, 1, 2))),
    ),
)


EXERCISES = [count_neurons, params_unshared, params_shared, params_of_stack, local_forward_naive,
             one_place_backward, local_backward_naive, tie_weights, shared_gradient]
