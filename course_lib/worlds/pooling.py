"""Tiny worlds of lesson 05: pooling by maximum, average and L2 norm, forwards and backwards."""

import dataclasses

import numpy as np

from course_lib.judging.explain.world import Fact, World
from course_lib.worlds import _windows as win

SETTINGS = {**win.NUMBERS, **win.WINDOWS, "negative": (False, True)}
CALL = "({x}, {{'pool_height': {HH}, 'pool_width': {WW}, 'stride': {stride}}})"


def named(text):
    """With lesson 05's names for the sides of a window, HH and WW of a convolution."""
    return text.replace("HH", "pool_height").replace("WW", "pool_width")


def renamed(facts):
    return tuple(dataclasses.replace(f, yes=named(f.yes), no=named(f.no)) for f in facts)


POOLING, SHAPES = renamed(win.POOLING), renamed(win.SHAPES)


def sizes(t):
    """What the lesson calls the sizes of a case."""
    return {named(name): value for name, value in win.sizes(t).items()}


def pool_param(t):
    return {"pool_height": t.HH, "pool_width": t.WW, "stride": t.stride}


def winners(t):
    """(map, window, row and column in the window, row and column in the map) of all maxima."""
    for n, c, i, j in np.ndindex(t.N, t.C, t.rows, t.columns):
        top, left = i * t.stride, j * t.stride
        window = t.x[n, c, top:top + t.HH, left:left + t.WW]
        row, column = divmod(int(window.argmax()), t.WW)
        yield (n, c), (row, column), (top + row, left + column)


def shared(t):
    places = [(image, place) for image, _, place in winners(t)]
    return len(set(places)) < len(places)


MAXIMA = (
    Fact("a pixel is the maximum of two windows", "no pixel is the maximum of two windows", shared),
    Fact("a maximum lies below the first row of its window",
         "all maxima lie in the first row of their windows",
         lambda t: any(row for _, (row, _), _ in winners(t))),
    Fact("a maximum lies right of the first column of its window",
         "all maxima lie in the first column of their windows",
         lambda t: any(column for _, (_, column), _ in winners(t))),
)


# Where a mean is divided by another number of pixels.
AS_MANY = Fact("a window has stride * stride pixels", "a window has not stride * stride pixels",
               lambda t: t.HH * t.WW == t.stride ** 2)


def forward(name, different=True, terms=None, facts=()):
    return World(
        name, SETTINGS, larger=win.LARGER, allowed=win.fits, sizes=sizes,
        call=f"{name}{CALL}[0]",
        arguments=lambda t: (t.x, pool_param(t)), facts=(win.NEGATIVE, *POOLING, *facts),
        shapes=lambda t: {"x": win.images(t)}, kept=("x",), different=different,
        terms={"out": terms} if terms else {})


def backward(name, helper, facts=()):
    return World(
        name, SETTINGS, larger=win.LARGER, allowed=win.fits, sizes=sizes, helper=helper,
        call=f"{name}({{dout}}, {helper}{CALL}[1])",
        arguments=lambda t: (t.x, pool_param(t), t.dout),
        facts=(win.NEGATIVE, *POOLING[:3], *facts[:1], *POOLING[3:], *facts[1:]),
        shapes=lambda t: {"x": win.images(t), "dout": win.outputs(t)}, kept=("x", "dout"),
        different=True, varied=("dout",), terms={"dx": (("dout",), ())})


where_is_max = World(
    "where_is_max", {"HH": (2, 1, 3), "WW": (2, 1, 3), "winner": tuple(range(9)),
                     "negative": (False, True)},
    larger={"HH": (2, 3, 4), "WW": (2, 4, 5), "winner": tuple(range(20))},
    allowed=lambda t: t.winner < t.HH * t.WW, arguments=lambda t: (t.x,),
    call="where_is_max({x})", shapes=lambda t: {"x": (t.HH, t.WW)}, different=True,
    make=lambda t, rng: {"x": (np.where(np.arange(t.HH * t.WW) == t.winner, 5, rng.uniform(
        1, 4, t.HH * t.WW)) - 7 * t.negative).reshape(t.HH, t.WW)}, kept=("x",),
    facts=(win.NEGATIVE,
           Fact("the maximum lies below the first row", "the maximum lies in the first row",
                lambda t: t.winner >= t.WW),
           Fact("the maximum lies right of the first column",
                "the maximum lies in the first column", lambda t: t.winner % t.WW > 0),
           *SHAPES[:1], *SHAPES[7:9], *SHAPES[11:13],
           Fact("row and column of the maximum differ", "row and column of the maximum are equal",
                lambda t: t.winner // t.WW != t.winner % t.WW)))

global_avg_pool = World(
    "global_avg_pool", {**win.NUMBERS, "H": (2, 1, 3), "W": (2, 1, 3)},
    larger={"N": (1, 3), "C": (1, 3), "H": (1, 4, 5), "W": (1, 4, 6)},
    arguments=lambda t: (t.x,), call="global_avg_pool({x})",
    facts=(win.IMAGES, win.CHANNELS, Fact("H and W differ", "H = W", lambda t: t.H != t.W),
           Fact("H is more than 1", "H is 1", lambda t: t.H > 1),
           Fact("W is more than 1", "W is 1", lambda t: t.W > 1), win.NC),
    shapes=lambda t: {"x": (t.N, t.C, t.H, t.W)}, kept=("x",), terms={"out": (("x",), ())})

WORLDS = [
    forward("max_pool_forward_naive"),
    forward("avg_pool_forward_naive", terms=(("x",), ()), facts=[AS_MANY]),
    forward("l2_pool_forward_naive", facts=[AS_MANY]),
    backward("max_pool_backward_naive", "max_pool_forward_naive", MAXIMA),
    backward("avg_pool_backward_naive", "avg_pool_forward_naive", [AS_MANY]),
    where_is_max, global_avg_pool,
]
