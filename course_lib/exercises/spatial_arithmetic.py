"""Exercises of lesson 01: output sizes and paddings that fit, shapes through a network, receptive
fields.

Sizes that must fit are drawn backwards, from the number of places that the filter takes.
`course_lib.mistakes.spatial_arithmetic` holds the wrong algorithms.
"""

from course_lib import arithmetic
from course_lib.exercises._conditions import sizes as conditions
from course_lib.judging.cases import draw
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise
from course_lib.mistakes.spatial_arithmetic import shapes, sizes


def line(rng, S, P):
    """(W, F, S, P): a line of W pixels on which a filter fits, with P zeros at either end."""
    F = draw(rng, P + 2, P + 5)
    return draw(rng, 3, 7) * S + F - 2 * P, F, S, P


def lines(*strides_and_paddings, then=()):
    return lambda rng: [*(line(rng, S, P) for S, P in strides_and_paddings), *then]


def does_not_fit(rng):
    # Always padded, and a stride of 3 first: so no two of the wrong answers below are equal.
    for S in (3, 2, 4, 5):
        W, F, S, P = line(rng, S, draw(rng, 1, 2))
        yield W + draw(rng, 1, S - 1), F, S, P


def makes_no_sense(rng):
    W, S, P = draw(rng, 4, 7), draw(rng, 3, 5), draw(rng, 1, 2)
    yield W, W + 2 * P + 1, S, P  # too large by a pixel, and the division leaves a remainder
    yield W, W + 2 * P + S, S, P  # too large, and the formula gives 0
    yield W, W + 2 * P + 2 * S, S, P  # too large, and the formula gives -1
    W, F, S, P = line(rng, 1, 1)
    yield W, F, S, -1
    yield W, 0, S, P
    yield W, F, 0, P
    yield 0, 2, 1, 1
    yield W, W + 1, 1, 0  # too large by a pixel


conv_output_size = Exercise(
    name="conv_output_size",
    reference=arithmetic.conv_output_size,
    groups={
        # Behind the drawn cases the smallest ones, where a comparison is easily off by one.
        "stride 1": lines((1, 0), (1, 0), (1, 0), then=[(1, 1, 1, 0), (5, 5, 1, 0), (5, 1, 1, 0)]),
        "padding": lines((1, 1), (1, 2), (1, 3), then=[(1, 3, 1, 1)]),
        "stride": lines((1, 0), (2, 0), (3, 0), (4, 0), then=[(5, 1, 2, 0)]),
        "stride and padding": lines((1, 1), (2, 1), (3, 2), (4, 3), (2, 3), then=[(3, 5, 2, 1)]),
        # Behind what has to be refused stands what fits: to refuse everything earns nothing.
        "does not fit": both(does_not_fit, lambda rng: [(5, 3, 1, 0)]),
        "makes no sense": both(makes_no_sense, lambda rng: [(5, 3, 1, 0)]),
        "everything at once": meeting(conditions.OUTPUT_SIZE),
    },
    conditions=conditions.OUTPUT_SIZE,
    describe=lambda W, F, S, P: f"W = {W}, F = {F}, S = {S}, P = {P}",
    results=("the output size",),
    misconceptions=sizes.CONV_OUTPUT_SIZE,
)


same_padding = Exercise(
    name="same_padding",
    reference=arithmetic.same_padding,
    groups={
        "odd filters": lambda rng: [(F,) for F in (1, 3, 5, 15, 2 * draw(rng, 5, 30) + 1)],
        # And one that is not refused: a mistake in the formula shows least there.
        "even filters": lambda rng: [(F,) for F in (2, 4, 2 * draw(rng, 5, 30), 1)],
    },
    conditions=conditions.SAME_PADDING,
    describe=lambda F: f"F = {F}",
    results=("the padding",),
    misconceptions=sizes.SAME_PADDING,
)


def paddings_at_larger_strides(rng):
    for S in (3, 5):
        W, F, S, P = line(rng, S, 2)
        yield W, F, S, P + S
    F, S = draw(rng, 3, 6), 2 * draw(rng, 1, 2)
    yield F + 2 * draw(rng, 2, 4) + 1, F, S, draw(rng, 3, 6)  # an even stride: no padding helps
    yield F + 4 * draw(rng, 2, 4), F, 4, draw(rng, 4, 5)  # every other padding fits


def paddings_of_large_filters(rng):
    for S in (3, 1):
        W, needed = draw(rng, 2, 4), draw(rng, 2, 4)
        yield W, W + 2 * needed, S, 2 * needed + 1


fitting_paddings = Exercise(
    name="fitting_paddings",
    reference=arithmetic.fitting_paddings,
    groups={
        "stride 1": lambda rng: [
            (draw(rng, 7, 12), draw(rng, 2, 6), 1, draw(rng, 2, 4)) for _ in range(3)
        ],
        "larger strides": paddings_at_larger_strides,
        "large filters": both(paddings_of_large_filters, meeting(conditions.FITTING_PADDINGS)),
    },
    conditions=conditions.FITTING_PADDINGS,
    describe=lambda W, F, S, max_padding: (
        f"W = {W}, F = {F}, S = {S}, paddings from 0 to {max_padding}"
    ),
    results=("paddings",),
    misconceptions=sizes.FITTING_PADDINGS,
)


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


conv_output_shape = Exercise(
    name="conv_output_shape",
    reference=arithmetic.conv_output_shape,
    groups={
        "square": convolved_volumes(True),
        "non-square": both(convolved_volumes(False), meeting(
            conditions.OUTPUT_SHAPE, "neither fits", "the width does not fit",
            "the height does not fit")),
        # And volumes that fit: to refuse everything earns nothing.
        "does not fit": both(volumes_that_do_not_fit, meeting(conditions.OUTPUT_SHAPE)),
    },
    conditions=conditions.OUTPUT_SHAPE,
    describe=lambda shape, K, F, S, P: (
        f"input {shape} (width, height, depth), K = {K}, F = {F}, S = {S}, P = {P}"
    ),
    results=("shape",),
    misconceptions=shapes.CONV_OUTPUT_SHAPE,
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
    groups={"non-square": both(pooled_volumes, meeting(conditions.POOLED_SHAPE))},
    conditions=conditions.POOLED_SHAPE,
    describe=lambda shape, F, S: f"input {shape} (width, height, depth), F = {F}, S = {S}",
    results=("shape",),
    misconceptions=shapes.POOL_OUTPUT_SHAPE,
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


trace_shapes = Exercise(
    name="trace_shapes",
    reference=arithmetic.trace_shapes,
    groups={
        "convolutions": networks("c", "ccc"),
        "pooling": networks("p", "pp"),
        "whole networks": networks("cpccp", "ccpcp"),
        "non-square": both(networks("c", "pc", "cpcc", square=False),
                           meeting(conditions.TRACED)),
    },
    conditions=conditions.TRACED,
    describe=lambda shape, layers: f"input {shape}, layers {layers}",
    results=("shapes",),
    misconceptions=shapes.TRACE_SHAPES,
)


def stack(rng, strides):
    return ([(draw(rng, 2, 6), S) for S in strides],)


receptive_field_of_two = Exercise(
    name="receptive_field_of_two",
    reference=lambda F1, S1, F2: arithmetic.receptive_fields([(F1, S1), (F2, 1)])[1].size,
    groups={
        "values": both(lambda rng: [
            (draw(rng, 3, 6), S1, F2) for S1, F2 in ((1, 3), (2, 2), (3, 5), (4, 3))
        ], meeting(conditions.OF_TWO)),
    },
    conditions=conditions.OF_TWO,
    describe=lambda F1, S1, F2: f"F1 = {F1}, S1 = {S1}, F2 = {F2}",
    results=("the receptive field",),
    misconceptions=shapes.RECEPTIVE_FIELD_OF_TWO,
)


receptive_field = Exercise(
    name="receptive_field",
    reference=lambda layers: [record.size for record in arithmetic.receptive_fields(layers)],
    groups={
        "stride 1": lambda rng: [stack(rng, s) for s in ([1], [1, 1, 1], [1] * 5)],
        "strides": both(
            lambda rng: [stack(rng, s) for s in ([2, 1], [3, 2, 2], [4, 2, 1, 2, 1])],
            # A layer of 1x1 filters with a stride, as in ResNet.
            lambda rng: [([(draw(rng, 3, 6), 2), (1, draw(rng, 2, 3)), (draw(rng, 3, 6), 1)],)],
            meeting(conditions.RECEPTIVE_FIELD)),
    },
    conditions=conditions.RECEPTIVE_FIELD,
    describe=lambda layers: "layers (F, S): " + ", ".join(str(layer) for layer in layers),
    results=("receptive_fields",),
    misconceptions=shapes.RECEPTIVE_FIELD,
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
