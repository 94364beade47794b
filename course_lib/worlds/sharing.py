"""Tiny worlds of lesson 04: layers without shared weights, and the way back to shared ones."""

from course_lib.judging.explain.world import Fact, World
from course_lib.worlds import _windows as win
from course_lib.worlds.convolution import LARGER, PARAM, SETTINGS

FORWARD = "local_forward_naive({x}, {w}, {b}, " + PARAM + ")"


def shapes(t):
    return {"x": win.images(t), "w": (t.rows, t.columns, t.F, t.C, t.HH, t.WW),
            "b": (t.rows, t.columns, t.F)}


local_forward_naive = World(
    "local_forward_naive", {**SETTINGS, "biased": (False, True)}, larger=LARGER, allowed=win.fits,
    sizes=win.sizes, arguments=lambda t: (t.x, t.w, t.b, win.conv_param(t)), call=FORWARD + "[0]",
    facts=(win.BIAS, *win.CONVOLUTION), shapes=shapes, kept=("x",),
    terms={"out": (("x", "w"), ("b",), ("x",), ())})

local_backward_naive = World(
    "local_backward_naive", SETTINGS, larger=LARGER, allowed=win.fits, sizes=win.sizes,
    arguments=lambda t: (["dx", "dw", "db"], t.x, t.w, t.b, win.conv_param(t), t.dout),
    call="local_backward_naive({dout}, " + FORWARD + "[1])", facts=win.CONVOLUTION,
    shapes=lambda t: {"dout": win.outputs(t), **shapes(t)}, kept=("dout",),
    helper="local_forward_naive",
    terms={"dx": (("dout", "w"), ("dout",), ()), "dw": (("dout", "x"), ("dout",), ()),
           "db": (("dout",), ())})

one_place_backward = World(
    "one_place_backward", {"C": (1, 2), "H": (1, 2), "W": (1, 2)},
    larger={"C": (1, 2, 3), "H": (1, 3), "W": (1, 3, 4)},
    arguments=lambda t: (float(t.dout[0]), t.window, t.w),
    call="one_place_backward({upstream}, {window}, {w})",
    words=lambda t: {"upstream": float(t.dout[0])},
    facts=(win.CHANNELS, Fact("H is more than 1", "H is 1", lambda t: t.H > 1),
           Fact("W is more than 1", "W is 1", lambda t: t.W > 1),
           Fact("the window has several numbers", "the window has one number",
                lambda t: t.C * t.H * t.W > 1)),
    shapes=lambda t: {"dout": (1,), "window": (t.C, t.H, t.W), "w": (t.C, t.H, t.W)},
    kept=("dout",), terms={
        "dwindow": (("dout", "w"), ("dout", "window"), ("w",), ("dout",), ()),
        "dw": (("dout", "window"), ("dout", "w"), ("window",), ("dout",), ()),
        "db": (("dout",), ("dout", "w"), ("dout", "window"), ("w",), ("window",), ())})

FILTERS = {"F": (1, 2), "C": (1, 2), "HH": (1, 2), "WW": (1, 2), "H2": (1, 2), "W2": (1, 2)}
SIZES = (win.FILTERS, win.CHANNELS, win.SHAPES[0], *win.SHAPES[7:9],
         Fact("H2 and W2 differ", "H2 = W2", lambda t: t.H2 != t.W2),
         Fact("H2 is more than 1", "H2 is 1", lambda t: t.H2 > 1),
         Fact("W2 is more than 1", "W2 is 1", lambda t: t.W2 > 1),
         Fact("there are several places", "there is one place", lambda t: t.H2 * t.W2 > 1))

tie_weights = World(
    "tie_weights", FILTERS, larger={k: (1, 2, 3, 4) for k in FILTERS},
    arguments=lambda t: (t.w, t.H2, t.W2), call="tie_weights({w}, {H2}, {W2})", facts=SIZES,
    shapes=lambda t: {"w": (t.F, t.C, t.HH, t.WW)}, kept=("w",),
    terms={"the array of weights": (("w",), ())})

shared_gradient = World(
    "shared_gradient", FILTERS, larger={k: (1, 2, 3) for k in FILTERS},
    arguments=lambda t: (t.dw_local,), call="shared_gradient({dw_local})", facts=SIZES,
    shapes=lambda t: {"dw_local": (t.H2, t.W2, t.F, t.C, t.HH, t.WW)}, kept=("dw_local",),
    terms={"the gradient": (("dw_local",), ())})

WORLDS = [local_forward_naive, local_backward_naive, one_place_backward, tie_weights,
          shared_gradient]
