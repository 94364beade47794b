"""Wrong shapes after a layer, shapes through a network and receptive fields, for lesson 01."""

from course_lib import arithmetic
from course_lib.judging.exercise import Misconception
from course_lib.mistakes.spatial_arithmetic.sizes import unchecked


def size(n, F, S, P):
    return (n - F + 2 * P) // S + 1


def refusing(wrong):
    """wrong(W2, H2, shape, K, F, S, P), where the sizes of the output are right or refused."""
    return lambda shape, K, F, S, P: wrong(
        *(arithmetic.conv_output_size(n, F, S, P) for n in shape[:2]), shape, K, F, S, P)


def one_side_refused(axis):
    """Right but for the other side, which is rounded down without a check."""
    def wrong(shape, K, F, S, P):
        arithmetic.conv_output_size(shape[axis], F, S, P)
        return size(shape[0], F, S, P), size(shape[1], F, S, P), K

    return wrong


def side_for_both(axis):
    def wrong(shape, K, F, S, P):
        side = arithmetic.conv_output_size(shape[axis], F, S, P)
        return side, side, K

    return wrong


CONV_OUTPUT_SHAPE = (
    Misconception("one size for both",
                  "Your output is square. Its height has to follow from the height of the "
                  "input.",
                  side_for_both(0)),
    Misconception("height for both",
                  "Your output is square. Its width has to follow from the width of the "
                  "input.",
                  side_for_both(1)),
    Misconception("height and width exchanged",
                  "Width and height have changed places. The notes' order is width, height, "
                  "depth.",
                  refusing(lambda W2, H2, s, K, F, S, P: (H2, W2, K))),
    Misconception("input depth kept",
                  "Your output has the depth of the input. Each filter looks through the "
                  "whole depth and gives one slice of the output. How many filters are there?",
                  refusing(lambda W2, H2, s, K, F, S, P: (W2, H2, s[2]))),
    Misconception("depths multiplied",
                  "Your depth is D times K. A filter takes in the whole depth at once and "
                  "gives one slice of output, whatever D is.",
                  refusing(lambda W2, H2, s, K, F, S, P: (W2, H2, s[2] * K))),
    Misconception("depth through the formula",
                  "You put the depth through the formula for sizes. The filter does not move "
                  "along the depth: it is as deep as the input.",
                  refusing(lambda W2, H2, s, K, F, S, P: (W2, H2, size(s[2], F, S, P)))),
    Misconception("depth first",
                  "Your numbers are right, but the depth comes first. The notes' order is "
                  "width, height, depth. (Code has the depth first, as lesson 02 explains.)",
                  refusing(lambda W2, H2, s, K, F, S, P: (K, W2, H2))),
    Misconception("only the width refused",
                  "A width that does not fit is refused, and a height that does not fit is "
                  "rounded down. Do both go through the same check?",
                  one_side_refused(0)),
    Misconception("only the height refused",
                  "A height that does not fit is refused, and a width that does not fit is "
                  "rounded down. Do both go through the same check?",
                  one_side_refused(1)),
    Misconception("rounded down",
                  "In one direction this filter does not fit, and your function rounds the "
                  "size down without telling anybody. Which of your functions refuses such a "
                  "size?",
                  unchecked(arithmetic.conv_output_shape, lambda s, K, F, S, P: (
                      size(s[0], F, S, P), size(s[1], F, S, P), K))),
)


POOL_OUTPUT_SHAPE = (
    Misconception("one size for both",
                  "The bug is still there: for an image that is not square the output comes "
                  "out square. Which number of the input shape is never used?",
                  lambda s, F, S: (size(s[0], F, S, 0), size(s[0], F, S, 0), s[2])),
    Misconception("height for both",
                  "The output is still square, with the height for both now. Width and height "
                  "need a calculation each.",
                  lambda s, F, S: (size(s[1], F, S, 0), size(s[1], F, S, 0), s[2])),
    Misconception("starting place forgotten",
                  "Your width and height are one too small. The place where the window starts "
                  "counts as well.",
                  lambda s, F, S: (size(s[0], F, S, 0) - 1, size(s[1], F, S, 0) - 1, s[2])),
    Misconception("window left out",
                  "Your width and height are those of the input, divided by the stride. That is "
                  "right for windows side by side alone. Where do you use the size of the window?",
                  lambda s, F, S: (s[0] // S, s[1] // S, s[2])),
    Misconception("height and width exchanged",
                  "Width and height have changed places.",
                  lambda s, F, S: (size(s[1], F, S, 0), size(s[0], F, S, 0), s[2])),
    Misconception("depth pooled",
                  "You pool along the depth as well. Pooling treats each slice of the depth "
                  "by itself: how many slices go in, and how many come out?",
                  lambda s, F, S: tuple(size(n, F, S, 0) for n in s)),
    Misconception("window as stride",
                  "Your windows stand side by side. The stride need not be the size of the window.",
                  lambda s, F, S: (s[0] // F, s[1] // F, s[2])),
    Misconception("always halved",
                  "You halve width and height, whatever window and stride are.",
                  lambda s, F, S: (s[0] // 2, s[1] // 2, s[2])),
    Misconception("padded",
                  "You count a padding that keeps the size. Pooling has none here.",
                  lambda s, F, S: (*(size(n, F, S, (F - 1) // 2) for n in s[:2]), s[2])),
)


def after(shape, layer, padded=True):
    """The shape after one layer."""
    F, S, P = layer[2:] if layer[0] == "conv" else (*layer[1:], 0)
    W, H = (size(n, F, S, P * padded) for n in shape[:2])
    return W, H, layer[1] if layer[0] == "conv" else shape[2]


def traced(step):
    """A way of tracing: `step(shape, layer)` gives the next shape."""

    def trace(shape, layers):
        shapes = []
        for layer in layers:
            shape = step(shape, layer)
            shapes.append(shape)
        return shapes

    return trace


TRACE_SHAPES = (
    Misconception("every layer on the input",
                  "Each of your shapes is what that layer makes of the network's input. It "
                  "works on what the layer before it has left.",
                  lambda shape, layers: [after(shape, layer) for layer in layers]),
    Misconception("input listed too",
                  "Your list begins with the input. Only shapes after a layer are wanted.",
                  lambda shape, layers: [shape, *traced(after)(shape, layers)]),
    Misconception("only the end",
                  "Your list holds the last shape alone. One shape after each layer is "
                  "wanted.",
                  lambda shape, layers: traced(after)(shape, layers)[-1:]),
    Misconception("only the first",
                  "Your list ends after the first layer. How far is your return indented?",
                  lambda shape, layers: traced(after)(shape, layers)[:1]),
    Misconception("pooling layers left out",
                  "Your list has no shapes for the pooling layers. They are layers too.",
                  lambda shape, layers: [
                      new for new, (kind, *_) in zip(traced(after)(shape, layers), layers,
                                                     strict=True) if kind == "conv"]),
    Misconception("window as stride",
                  "Your pooling windows stand side by side. The last entry of a pooling layer is "
                  "its stride, which need not be the size of its window.",
                  traced(lambda shape, layer: after(
                      shape, (*layer[:2], layer[1]) if layer[0] == "pool" else layer))),
    Misconception("convolutions not strided",
                  "Your convolutions all have stride 1. What is the fourth entry of a "
                  "convolutional layer?",
                  traced(lambda shape, layer: after(
                      shape, (*layer[:3], 1, layer[4]) if layer[0] == "conv" else layer))),
    Misconception("padding ignored",
                  "Your shapes are those of a network without padding. What is the fifth "
                  "entry of a convolutional layer?",
                  traced(lambda shape, layer: after(shape, layer, padded=False))),
    Misconception("one size for both",
                  "Your shapes are all square, and the input is not.",
                  traced(lambda shape, layer: after((shape[0], shape[0], shape[2]), layer))),
    Misconception("input depth kept",
                  "The depth never changes in your list. A convolutional layer with K filters "
                  "has an output of depth K.",
                  traced(lambda shape, layer: (*after(shape, layer)[:2], shape[2]))),
    Misconception("pooling always halves",
                  "Your pooling layers halve width and height, whatever their window and their "
                  "stride are.",
                  traced(lambda shape, layer: after(shape, layer) if layer[0] == "conv" else (
                      shape[0] // 2, shape[1] // 2, shape[2]))),
    Misconception("window and stride exchanged",
                  "You take a pooling layer's window for its stride and the stride for the window. "
                  "It is written (\"pool\", F, S).",
                  traced(lambda shape, layer: after(
                      shape, layer if layer[0] == "conv" else (layer[0], layer[2], layer[1])))),
    Misconception("one shape many times",
                  "All entries of your list are the last shape. A list that you change is the same "
                  "list wherever you have put it: append a new one.",
                  lambda shape, layers: traced(after)(shape, layers)[-1:] * len(layers)),
    Misconception("width and height alone",
                  "Your shapes are width and height. Each has a depth, too.",
                  lambda shape, layers: [new[:2] for new in traced(after)(shape, layers)]),
)


def fields(step):
    """Receptive fields by `step(r, jump, F, S, stride_before)`, which returns the next r."""

    def wrong(layers):
        r, jump, before, found = 1, 1, 1, []
        for F, S in layers:
            r = step(r, jump, F, S, before)
            jump, before = jump * S, S
            found.append(r)
        return found

    return wrong


right_fields = fields(lambda r, jump, F, S, before: r + (F - 1) * jump)


def strides_added(layers):
    r, jump, found = 1, 1, []
    for F, S in layers:
        r, jump = r + (F - 1) * jump, jump + S
        found.append(r)
    return found


def filters_multiplied(layers):
    r, jump, found = 1, 1, []
    for F, _ in layers:
        r, jump = r + (F - 1) * jump, jump * F
        found.append(r)
    return found


def one_by_one_left_out(layers):
    return right_fields([(F, S if F > 1 else 1) for F, S in layers])


RECEPTIVE_FIELD_OF_TWO = (
    Misconception("stride forgotten",
                  "Your result is right for stride 1. Neighbours in the first output stand S1 "
                  "pixels apart in the image.",
                  lambda F1, S1, F2: F1 + F2 - 1),
    Misconception("first window counted twice",
                  "You count F2 steps. F2 windows stand next to each other: how many steps "
                  "are there from the first one to the last?",
                  lambda F1, S1, F2: F1 + F2 * S1),
    Misconception("windows side by side",
                  "Your result is F1 times F2, as if the windows never overlapped. How far is "
                  "it from one window to the next?",
                  lambda F1, S1, F2: F1 * F2),
    Misconception("first window left out",
                  "Your result is the way from the first window to the last one. How wide is "
                  "the first window itself?",
                  lambda F1, S1, F2: (F2 - 1) * S1),
    Misconception("filter sizes added",
                  "Your result is F1 + F2. The windows lie side by side or overlap, so the "
                  "second layer adds steps and not windows. How many, and how long is each?",
                  lambda F1, S1, F2: F1 + F2),
    Misconception("layers exchanged",
                  "You take the second window F1 - 1 steps further. It is the second layer that "
                  "looks at F2 windows of the first.",
                  lambda F1, S1, F2: F2 + (F1 - 1) * S1),
)


RECEPTIVE_FIELD = (
    Misconception("strides ignored",
                  "Your numbers are those of a network in which every stride is 1.",
                  fields(lambda r, jump, F, S, before: r + F - 1)),
    Misconception("written down too early",
                  "You write each number down before its layer has counted. Your list begins with "
                  "the single pixel, and the last layer is missing.",
                  lambda layers: [1, *right_fields(layers)[:-1]]),
    Misconception("filter and stride exchanged",
                  "You take the stride for the filter and the filter for the stride. Each layer is "
                  "(F, S), in this order.",
                  lambda layers: right_fields([(S, F) for F, S in layers])),
    Misconception("counted from 0",
                  "Each of your numbers is 1 too small. Before the first layer an output is a "
                  "pixel: how much of the image does it see?",
                  lambda layers: [r - 1 for r in right_fields(layers)]),
    Misconception("own stride counted",
                  "You use a layer's stride for its own window. Its stride says how far apart "
                  "its outputs stand, so it matters from the next layer on.",
                  fields(lambda r, jump, F, S, before: r + (F - 1) * jump * S)),
    Misconception("only the stride before",
                  "You use the stride of the layer before alone. Two layers with stride 2 put "
                  "their outputs 4 pixels apart: all the strides before count.",
                  fields(lambda r, jump, F, S, before: r + (F - 1) * before)),
    Misconception("own stride for the jump",
                  "You multiply F - 1 by the layer's own stride. How far apart its inputs "
                  "stand was decided by the layers below it.",
                  fields(lambda r, jump, F, S, before: r + (F - 1) * S)),
    Misconception("strides added",
                  "Your jump grows by adding the strides. If neighbours are 2 pixels apart "
                  "and a layer takes every second of them, how far apart are its outputs?",
                  strides_added),
    Misconception("image listed too",
                  "Your list begins with the 1 of the image itself. Only numbers after a "
                  "layer are wanted.",
                  lambda layers: [1, *right_fields(layers)]),
    Misconception("only the end",
                  "Your list holds the last receptive field alone. One after each layer is "
                  "wanted.",
                  lambda layers: right_fields(layers)[-1:]),
    Misconception("only the first",
                  "Your list ends after the first layer. How far is your return indented?",
                  lambda layers: right_fields(layers)[:1]),
    Misconception("windows added up",
                  "You add F, and a window that grows from 1 pixel to F grows by less than "
                  "that.",
                  fields(lambda r, jump, F, S, before: r + F * jump)),
    Misconception("recursion in the wrong direction",
                  "Your formula r*S + F - S is right when it goes from the last layer down to "
                  "the image. You apply it from the image up.",
                  fields(lambda r, jump, F, S, before: (r - 1) * S + F)),
    Misconception("filters multiplied",
                  "Your jump grows with the filters. How far apart a layer's outputs stand is up "
                  "to the strides.",
                  filters_multiplied),
    Misconception("1x1 layers left out",
                  "You pass over layers with a filter of 1. They see no more than one pixel, but "
                  "their stride counts.",
                  one_by_one_left_out),
    Misconception("half a filter on each side",
                  "You add half a filter on each side, rounded down. For an even filter this is "
                  "not F - 1.",
                  fields(lambda r, jump, F, S, before: r + 2 * (F // 2) * jump)),
    Misconception("last layer first",
                  "Your numbers are right, and the last layer comes first.",
                  lambda layers: right_fields(layers)[::-1]),
)
