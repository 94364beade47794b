"""Exercises of lesson 05: pooling by maximum, average and L2 norm, forwards and backwards.

Groups keep one difficulty each, so that a single mistake costs one group. No two numbers of a
window are equal: any rule for equal maxima is right. They are above 0 wherever a group is not about
negative ones.
"""

from dataclasses import replace

import numpy as np

from course_lib.exercises._conditions import arrays
from course_lib.exercises._conditions.windows import (
    ABOVE_0,
    BELOW_0,
    EITHER_SIGN,
    SIGNS,
    conditions,
    layer_of,
)
from course_lib.judging.cases import several
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.passes import another_batch, elsewhere, pass_between
from course_lib.mistakes.pooling.backward import (
    AVG_BACKWARD,
    CORNER_FORGOTTEN,
    EQUAL_ELSEWHERE,
    MAX_BACKWARD,
    WHERE_IS_MAX,
    equal_shares,
    place,
    unpool,
    winner,
)
from course_lib.mistakes.pooling.forward import (
    AVG_FORWARD,
    GLOBAL_AVG,
    L2_FORWARD,
    MAX_FORWARD,
    PLACES,
    SIDES,
    pool,
)
from course_lib.reference import pooling as reference
from course_lib.student_error import StudentError


def numbers(rng, shape, low=0.5):
    """Different numbers, evenly spread from `low` to `low + 4`, in random order."""
    n = int(np.prod(shape))
    return (low + 4 * (rng.permutation(n) + rng.uniform(0.2, 0.8)) / n).reshape(shape)


# where_is_max: the place of the maximum in one window.


# As a million is far below what activations are, a maximum that starts from some number for want of
# a better one is seen to; 1e9, which many take for infinity, is right.
FAR_BELOW_0 = 1e6


def far_below(case):
    """The case with numbers from -5 to -1 times a million."""
    x, *more = case
    return FAR_BELOW_0 * x, *more


def window_cases(*sizes):
    def cases(rng):
        for h, w in sizes:
            window = numbers(rng, (h, w))
            # Not in the first row and off the diagonal: there some mistakes would not show.
            window[h - 1, int(rng.integers(0, min(w, h - 1)))] = 5
            yield (window,)

    return cases


def window_below(rng):
    return [far_below((numbers(rng, (3, 3), BELOW_0),)), (zero_first(numbers(rng, (3, 3))),)]


def zero_first(window):
    """0 in the upper left corner, all else below: `if not best` takes this 0 for no number yet."""
    below = window - window.max()
    corner = np.zeros(below.shape[-2:], bool)
    corner[0, 0] = True
    return np.where(corner, 0, np.where(below == 0, below[..., :1, :1], below))


def any_window(rng):
    return (numbers(rng, arrays.sizes(rng, 2), any_sign(rng)),)


def any_sign(rng):
    return (ABOVE_0, EITHER_SIGN, BELOW_0)[int(rng.integers(3))]


MAXIMUM = replace(arrays.MAXIMUM, draw=any_window, further=(96, 224))

where_is_max = Exercise(
    name="where_is_max",
    reference=place,
    groups={
        "square windows": both(window_cases((2, 2), (3, 3), (4, 4)), window_below, meeting(
            MAXIMUM, "wide window", "tall window")),
        "non-square windows": both(window_cases((3, 2), (2, 5), (4, 3)), meeting(
            MAXIMUM, "square window", "1x1 window")),
    },
    conditions=MAXIMUM,
    describe=lambda window: f"a {window.shape[0]}x{window.shape[1]} window",
    results=("row", "column"),
    misconceptions=tuple(Misconception(*one) for one in WHERE_IS_MAX),
)


def layer(stride=1, window=2, N=1, C=1, rows=4, columns=4, low=0.5, more=0):
    """A function of rng that makes the input and the settings of one pooling layer.

    The window's side or (height, width) has rows x columns places, up to `more` more of both.
    """
    def make(rng):
        h, w = window if isinstance(window, tuple) else (window, window)
        extra = int(rng.integers(0, more + 1))
        H, W = (rows + extra - 1) * stride + h, (columns + extra - 1) * stride + w
        param = {"pool_height": h, "pool_width": w, "stride": stride}
        return numbers(rng, (N, C, H, W), low), param

    return make


def one_window(side=2, **more):
    """A map for a single window: any idea of the stride, and of the number of windows, is right."""
    return layer(side, side, rows=1, columns=1, **more)


def cases(*layers):
    return lambda rng: [make(rng) for make in layers]


def below(make):
    """The layer far below 0."""
    return lambda rng: far_below(make(rng))


def up_to_0(make):
    """The layer, with a map for one window, that begins with its maximum, 0."""
    def made(rng):
        x, *more = make(rng)
        return zero_first(x), *more

    return made


def largest_first(make):
    """The layer with the largest number in its first map: a maximum that is never started again
    shows then, whatever else is drawn."""
    def made(rng):
        x, *more = make(rng)
        first = np.unravel_index(x.argmax(), x.shape)[:2]
        return np.roll(x, [-n for n in first], axis=(0, 1)), *more

    return made


def numbers_again(side, places):
    """Windows side by side that all hold the same numbers, each in an order of its own."""
    def make(rng):
        x, param = layer(side, side, rows=places, columns=places)(rng)
        own = numbers(rng, (side * side,))
        for i, j in np.ndindex(places, places):
            x[0, 0, i * side : (i + 1) * side, j * side : (j + 1) * side] = (
                rng.permutation(own).reshape(side, side))
        return x, param

    return make


def pooling_with(rng, sizes):
    return layer(sizes.stride, (sizes.HH, sizes.WW), sizes.N, sizes.C, sizes.rows, sizes.columns,
                 sizes.low)(rng)


def layer_of_pooling(x, pool_param, dout=None):
    h, w, stride = pool_param.values()
    low = ABOVE_0 if x.min() > 0 else BELOW_0 if x.max() < 0 else EITHER_SIGN
    return layer_of(x.shape, (h, w), stride, 0, low=low)


SIGNED = {"padded": False, "filtered": False, "field": "low",
          "values": (ABOVE_0, EITHER_SIGN, BELOW_0)}
POOLING_CONDITIONS, everything = conditions(
    layer_of_pooling, pooling_with, more=[SIGNS], **SIGNED,
    further=(48, 50, 64, 96, 97, 288, 357, 434))


def describe(x, pool_param, dout=None):
    h, w, stride = pool_param.values()
    return (f"stride {stride}, {x.shape[2]}x{x.shape[3]} maps, {h}x{w} windows; x has shape "
            f"{x.shape}" + ("; negative numbers, too" if x.min() < 0 else ""))


def misconception(label, sentence, engine, *ways):
    """The first of the ways, each what to replace in the engine, is the usual one."""
    wrong, *others = (lambda *case, way=way: engine(*case, **way) for way in ways)
    return Misconception(label, sentence, wrong, tuple(others))


def forward_exercise(name, layer_forward, fold, groups, own):
    """Pooling of one kind; `own` are mistakes of this kind alone."""
    changes = [(label, sentence, *({"fold": fold} | change for change in ways))
               for label, sentence, *ways in (*PLACES, *SIDES)]
    changes += [(label, sentence, *(
        wrong if isinstance(wrong, dict) else {"fold": wrong} for wrong in ways))
                for label, sentence, *ways in own]
    changes.append((
        "maps pooled together",
        "All maps of an image come out equal: your window reaches through all of them. Look which "
        "axes you pool over.", {"fold": lambda patch, axis: fold(patch, axis=(1, 2, 3))[:, None]},
        {"fold": lambda patch, axis: fold(patch, axis=(0, 1, 2, 3))}))
    return Exercise(
        name=name, reference=lambda x, pool_param: layer_forward(x, **pool_param)[0],
        groups=groups, describe=describe, results=("out", "cache"), judged=("out",),
        misconceptions=tuple(
            misconception(label, sentence, pool, *ways) for label, sentence, *ways in changes),
        conditions=POOLING_CONDITIONS,
    )


max_pool_forward_naive = forward_exercise(
    "max_pool_forward_naive", reference.max_pool_forward, np.max,
    {
        "one map": cases(layer(1, 2, more=1), layer(1, 3, more=1)),
        "many maps": cases(one_window(2, C=2), largest_first(one_window(3, C=4))),
        "many images": cases(one_window(2, N=3), largest_first(one_window(3, N=4))),
        "negative values": cases(one_window(2, low=-5), one_window(3, low=-5), one_window(low=-3),
                                 below(one_window(2, low=-5)), below(one_window(3, low=-5)),
                                 up_to_0(one_window(2))),
        "stride": cases(layer(2, 2, more=1), layer(2, 3, more=1), layer(3, 2, more=1)),
        "non-square images": cases(layer(1, 2, rows=3, columns=6), layer(1, 3, rows=7, columns=4)),
        "non-square windows": cases(layer(1, (2, 3), more=1), layer(1, (4, 2), more=1)),
        "large window": cases(*(layer(2, side, rows=1, columns=1) for side in (3, 4, 5))),
        "everything at once": everything,
    },
    MAX_FORWARD,
)

avg_pool_forward_naive = forward_exercise(
    "avg_pool_forward_naive", reference.avg_pool_forward, np.mean,
    {"one map": cases(layer(1, 2, more=1), layer(1, 3, more=1)),
     "non-square windows": cases(layer(1, (2, 3), more=1), layer(1, (4, 2), more=1)),
     "everything at once": everything},
    AVG_FORWARD,
)

l2_pool_forward_naive = forward_exercise(
    "l2_pool_forward_naive", reference.l2_pool_forward,
    lambda patch, axis: np.sqrt((patch**2).sum(axis=axis)),
    {"one map": cases(layer(1, 2, low=-3), layer(1, 3, low=-3, more=1)),
     "many maps": cases(layer(1, 2, C=3, low=-3), layer(1, 3, N=2, C=4, low=-3)),
     "everything at once": everything},
    L2_FORWARD,
)


# Backwards: played with the cache of the student's own forward function.


def play_backward(functions, x, pool_param, dout):
    returned = functions[1](x, pool_param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise StudentError(["ValueError"], "the forward function should return two things, (out, "
                           "cache); the cache is what the backward function works with")
    if in_between(x):
        pass_between(functions[1], x, pool_param)
    return functions[0](dout, returned[1])


def in_between(x):
    """Whether another batch goes forward between the two passes: in everything at once alone."""
    return len(x) > 1 < x.shape[1]


def with_gradient(rng, x, param):
    return x, param, rng.standard_normal(pool(x, param).shape)


def with_gradients(draw):
    return lambda rng: [with_gradient(rng, *case) for case in draw(rng)]


BACKWARD_CONDITIONS, everything_backwards = conditions(
    layer_of_pooling, lambda rng, sizes: with_gradient(rng, *pooling_with(rng, sizes)),
    more=[SIGNS], **SIGNED, further=(0, 29, 31, 48, 66, 149, 224, 353, 370, 448, 5256, 7179))


def backward_exercise(name, layer_forward, layer_backward, share, groups, mistakes, more=()):
    return Exercise(
        name=name,
        reference=lambda x, param, dout: layer_backward(dout, layer_forward(x, **param)[1]),
        groups={group: with_gradients(draw) for group, draw in groups.items()} | {
            "everything at once": everything_backwards},
        describe=describe, results=("dx",), play=play_backward,
        helpers=(name.replace("backward", "forward"),),
        misconceptions=tuple(
            misconception(label, sentence, unpool, *({"share": share} | way for way in ways))
            for label, sentence, *ways in mistakes) + more,
        conditions=BACKWARD_CONDITIONS,
    )


max_pool_backward_naive = backward_exercise(
    "max_pool_backward_naive", reference.max_pool_forward, reference.max_pool_backward, winner,
    {
        "one window": cases(*(layer(2, side, rows=1, columns=1) for side in (3, 5)),
                            up_to_0(one_window(3))),
        "many windows": cases(layer(2, 2, more=1), layer(3, 3, more=1),
                              numbers_again(2, 3), numbers_again(3, 2)),
        "many maps": cases(*(layer(2, C, C=C, rows=1, columns=1) for C in (3, 4))),
        "many images": cases(*(layer(2, N, N=N, rows=1, columns=1) for N in (3, 4))),
        "overlapping windows": cases(layer(2, 3, more=1), layer(1, 2), layer(1, 3)),
        "non-square images": cases(layer(2, rows=3, columns=5), layer(3, 3, rows=4, columns=2)),
        "non-square windows": cases(layer(3, (2, 3), more=1), layer(4, (4, 2), more=1)),
    },
    MAX_BACKWARD,
    (Misconception(*CORNER_FORGOTTEN), Misconception(*EQUAL_ELSEWHERE), elsewhere(
        lambda x, pool_param, dout: unpool(another_batch(x) if in_between(x) else x, pool_param,
                                           dout, winner))),
)

avg_pool_backward_naive = backward_exercise(
    "avg_pool_backward_naive", reference.avg_pool_forward, reference.avg_pool_backward,
    equal_shares,
    {"windows side by side": cases(layer(2, 2, more=1), layer(3, 3, more=1)),
     "overlapping windows": cases(layer(2, 3, more=1), layer(1, 2), layer(1, 3))},
    AVG_BACKWARD,
)


def global_cases(square):
    def draw(rng):
        for N, C, H, W in (several(rng, 4), several(rng, 4)):
            yield (numbers(rng, (N, C, H, H if square else W), low=-3),)

    return draw


def any_maps(rng):
    return (numbers(rng, arrays.sizes(rng, 4), any_sign(rng)),)


GLOBAL = replace(arrays.GLOBAL, draw=any_maps)

global_avg_pool = Exercise(
    name="global_avg_pool",
    reference=lambda x: reference.global_avg_pool_forward(x)[0],
    groups={
        "square maps": both(global_cases(True), meeting(
            GLOBAL, "wide map", "tall map")),
        "non-square maps": both(global_cases(False), meeting(
            GLOBAL, "square map", "1x1 map")),
    },
    conditions=GLOBAL,
    describe=lambda x: f"x of shape {x.shape}",
    results=("out",),
    misconceptions=tuple(Misconception(*one) for one in GLOBAL_AVG),
)


EXERCISES = [where_is_max, max_pool_forward_naive, max_pool_backward_naive, avg_pool_forward_naive,
             avg_pool_backward_naive, l2_pool_forward_naive, global_avg_pool]
