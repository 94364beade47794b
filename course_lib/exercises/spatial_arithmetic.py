"""Exercises of lesson 01: output sizes, paddings that fit, shapes through a network, receptive
fields.

Those that concern one direction alone stand in `_output_sizes`.
"""

from course_lib import arithmetic
from course_lib.exercises._output_sizes import (
    conv_output_size,
    draw,
    fitting_paddings,
    same_padding,
    unchecked,
)
from course_lib.judging.exercise import Exercise, Misconception


def volume(rng, S, P, square):
    """((W, H, D), F, S, P): a volume on which a filter fits in both directions."""
    F, steps = draw(rng, P + 2, P + 4), draw(rng, 3, 6)
    more = 0 if square else draw(rng, 1, 3)
    W, H = ((steps + m) * S + F - 2 * P for m in (more, 0))
    return (W, H, draw(rng, 20, 29)), F, S, P


def convolved_volumes(square):
    def cases(rng):
        for S, P in ((1, 0), (2, 1), (3, 0)):
            shape, F, S, P = volume(rng, S, P, square)
            yield shape, draw(rng, 30, 40), F, S, P
        shape, F, S, P = volume(rng, 1, 2, square)
        yield (shape[1], shape[0], shape[2]), draw(rng, 30, 40), F, S, P

    return cases


def volumes_that_do_not_fit(rng):
    # In both directions first: so a function that checks one of them gets further than one that
    # checks none.
    for axes in ((0, 1), (1,), (0,)):
        (*sides, D), F, S, P = volume(rng, draw(rng, 2, 3), draw(rng, 1, 2), square=False)
        for axis in axes:
            sides[axis] += draw(rng, 1, S - 1)
        yield (*sides, D), draw(rng, 30, 40), F, S, P
    for axis in (1, 0):  # a filter that is too large, and the division works out
        (*sides, D), F, S, P = volume(rng, draw(rng, 1, 3), draw(rng, 1, 2), square=False)
        F += S * (sides[axis] // S + 2)
        sides[1 - axis] += S * (F // S)
        yield (*sides, D), draw(rng, 30, 40), F, S, P


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


conv_output_shape = Exercise(
    name="conv_output_shape",
    reference=arithmetic.conv_output_shape,
    groups={"square": convolved_volumes(True), "non-square": convolved_volumes(False),
            "does not fit": volumes_that_do_not_fit},
    describe=lambda shape, K, F, S, P: (
        f"input {shape} (width, height, depth), K = {K}, F = {F}, S = {S}, P = {P}"
    ),
    results=("shape",),
    misconceptions=(
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
    ),
)


def pooled_volumes(rng):
    for F, S in ((2, 2), (3, 2), (3, 3)):
        steps, D = draw(rng, 4, 7), draw(rng, 20, 29)
        long, short = (steps + 2) * S + F, steps * S + F
        yield (long, short, D), F, S
        yield (short, long, D), F, S


pool_output_shape = Exercise(
    name="pool_output_shape",
    reference=arithmetic.pool_output_shape,
    groups={"non-square": pooled_volumes},
    describe=lambda shape, F, S: f"input {shape} (width, height, depth), F = {F}, S = {S}",
    results=("shape",),
    misconceptions=(
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
        Misconception("height and width exchanged",
                      "Width and height have changed places.",
                      lambda s, F, S: (size(s[1], F, S, 0), size(s[0], F, S, 0), s[2])),
        Misconception("depth pooled",
                      "You pool along the depth as well. Pooling treats each slice of the depth "
                      "by itself: how many slices go in, and how many come out?",
                      lambda s, F, S: tuple(size(n, F, S, 0) for n in s)),
    ),
)


def network(rng, kinds, square):
    """(input_shape, layers): a network that fits, built from its end back to its beginning."""
    W = draw(rng, 3, 5)
    H = W if square else W + draw(rng, 1, 2)
    layers = []
    for kind in reversed(kinds):
        before = (0, 0)
        # Much padding and a small filter can take more than there is: such a layer is drawn again.
        while min(before) < 3:
            F, S = draw(rng, 3, 5), draw(rng, 1, 2)
            P = draw(rng, 1, 2) if kind == "conv" else 0
            before = [(n - 1) * S + F - 2 * P for n in (W, H)]
        W, H = before
        layers.append(("conv", draw(rng, 6, 9), F, S, P) if kind == "conv" else ("pool", F, S))
    return (W, H, draw(rng, 3, 4)), layers[::-1]


def networks(*kinds, square=True):
    """Kinds of layers in short: "ccp" is convolution, convolution, pooling."""
    long = {"c": "conv", "p": "pool"}
    return lambda rng: [network(rng, [long[k] for k in word], square) for word in kinds]


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


trace_shapes = Exercise(
    name="trace_shapes",
    reference=arithmetic.trace_shapes,
    groups={
        "convolutions": networks("c", "ccc"),
        "pooling": networks("p", "pp"),
        "whole networks": networks("cpccp", "ccpcp"),
        "non-square": networks("c", "pc", "cpcc", square=False),
    },
    describe=lambda shape, layers: f"input {shape}, layers {layers}",
    results=("shapes",),
    misconceptions=(
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
        Misconception("pooling layers left out",
                      "Your list has no shapes for the pooling layers. They are layers too.",
                      lambda shape, layers: [
                          new for new, (kind, *_) in zip(traced(after)(shape, layers), layers,
                                                         strict=True) if kind == "conv"]),
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
    ),
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


def stack(rng, strides):
    return ([(draw(rng, 2, 6), S) for S in strides],)


receptive_field_of_two = Exercise(
    name="receptive_field_of_two",
    reference=lambda F1, S1, F2: arithmetic.receptive_fields([(F1, S1), (F2, 1)])[1].size,
    groups={
        "values": lambda rng: [
            (draw(rng, 3, 6), S1, F2) for S1, F2 in ((1, 3), (2, 2), (3, 5), (4, 3))
        ],
    },
    describe=lambda F1, S1, F2: f"F1 = {F1}, S1 = {S1}, F2 = {F2}",
    results=("the receptive field",),
    misconceptions=(
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
    ),
)


receptive_field = Exercise(
    name="receptive_field",
    reference=lambda layers: [record.size for record in arithmetic.receptive_fields(layers)],
    groups={
        "stride 1": lambda rng: [stack(rng, s) for s in ([1], [1, 1, 1], [1] * 5)],
        "strides": lambda rng: [stack(rng, s) for s in ([2, 1], [3, 2, 2], [4, 2, 1, 2, 1])],
    },
    describe=lambda layers: "layers (F, S): " + ", ".join(str(layer) for layer in layers),
    results=("receptive_fields",),
    misconceptions=(
        Misconception("strides ignored",
                      "Your numbers are those of a network in which every stride is 1.",
                      fields(lambda r, jump, F, S, before: r + F - 1)),
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
        Misconception("windows added up",
                      "You add F, and a window that grows from 1 pixel to F grows by less than "
                      "that.",
                      fields(lambda r, jump, F, S, before: r + F * jump)),
        Misconception("recursion in the wrong direction",
                      "Your formula r*S + F - S is right when it goes from the last layer down to "
                      "the image. You apply it from the image up.",
                      fields(lambda r, jump, F, S, before: (r - 1) * S + F)),
    ),
)


EXERCISES = [
    conv_output_size,
    same_padding,
    fitting_paddings,
    conv_output_shape,
    pool_output_shape,
    trace_shapes,
    receptive_field_of_two,
    receptive_field,
]
