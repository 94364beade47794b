"""Tiny worlds of lessons 02, 03 and 06: convolution layers, forwards and backwards."""

import numpy as np

from course_lib.judging.explain.world import Fact, World
from course_lib.worlds import _windows as win

H = 1e-5  # the step of numerical_gradient, if nothing else is said
SETTINGS = {**win.NUMBERS, "F": (1, 2), **win.WINDOWS, **win.PADDED}
LARGER = win.LARGER_PADDED | {"F": (1, 2, 3)}
PARAM = "{{'stride': {stride}, 'pad': {pad}}}"
FORWARD = "({x}, {w}, {b}, " + PARAM + ")"


def forward_shapes(t):
    return {"x": win.images(t), "w": (t.F, t.C, t.HH, t.WW), "b": (t.F,)}


def backward_shapes(t):
    return {"dout": win.outputs(t), **forward_shapes(t)}


def forward(name, end=()):
    return World(
        name, {**SETTINGS, "biased": (False, True)}, larger=LARGER, allowed=win.fits,
        arguments=lambda t: (t.x, t.w, t.b, win.conv_param(t), *end), call=f"{name}{FORWARD}[0]",
        sizes=win.sizes,
        facts=(win.BIAS, *win.CONVOLUTION), shapes=forward_shapes, kept=("x",),
        terms={"out": (("x", "w"), ("b",), ("x",), ("w",), ())})


def backward(name, helper, end=()):
    return World(
        name, SETTINGS, larger=LARGER, allowed=win.fits, sizes=win.sizes,
        arguments=lambda t: ("dx dw db", t.dout, t.x, t.w, t.b, win.conv_param(t), *end),
        call=f"{name}({{dout}}, {helper}{FORWARD}[1])", facts=win.CONVOLUTION,
        shapes=backward_shapes, kept=("dout",), helper=helper,
        terms={"dx": (("dout", "w"), ("dout",), ("w",), ()),
               "dw": (("dout", "x"), ("dout",), ("x",), ()), "db": (("dout",), ())})


IMAGE = {"N": (1, 2), "C": (1, 2), "H": (2, 1, 3), "W": (2, 1, 3)}
IMAGE_FACTS = (win.IMAGES, win.CHANNELS, Fact("H and W differ", "H = W", lambda t: t.H != t.W),
               Fact("H is more than 1", "H is 1", lambda t: t.H > 1),
               Fact("W is more than 1", "W is 1", lambda t: t.W > 1), win.NC)

zero_pad = World(
    "zero_pad", {**IMAGE, "pad": (1, 0, 2)}, larger={"H": (1, 4, 5), "W": (1, 4, 6), "pad": (0, 3)},
    arguments=lambda t: (t.x, t.pad), call="zero_pad({x}, {pad})",
    facts=(*win.PAD, *IMAGE_FACTS, *win.PADS[:2]),
    shapes=lambda t: {"x": (t.N, t.C, t.H, t.W)}, kept=("x",), terms={"the padded x": (("x",), ())})

unpad = World(
    "unpad", {**IMAGE, "pad": (1, 0, 2)}, larger={"H": (1, 4, 5), "W": (1, 4, 6), "pad": (0, 3)},
    arguments=lambda t: (t.x, t.pad), call="unpad({x}, {pad})",
    facts=(*win.PAD, *IMAGE_FACTS, *win.PADS[:2]),
    shapes=lambda t: {"x": (t.N, t.C, t.H + 2 * t.pad, t.W + 2 * t.pad)}, kept=("x",),
    terms={"the inner part": (("x",), ())})

neuron = World(
    "neuron", {"C": (1, 2), "H": (1, 2), "W": (1, 2), "biased": (False, True)},
    larger={"C": (1, 2, 3), "H": (1, 3, 4), "W": (1, 3, 5)},
    arguments=lambda t: (t.x, t.w, float(t.b[0])), call="neuron({x}, {w}, {bias})",
    words=lambda t: {"bias": float(t.b[0])},
    facts=(win.BIAS, *IMAGE_FACTS[1:5]),
    shapes=lambda t: {"x": (t.C, t.H, t.W), "w": (t.C, t.H, t.W), "b": (1,)}, kept=("x",),
    terms={"the neuron's output": (("x", "w"), ("b",), ("x",), ("w",), ())})

neuron_backward = World(
    "neuron_backward", {"C": (1, 2), "H": (1, 2), "W": (1, 2)},
    larger={"C": (1, 2, 3), "H": (1, 3, 4), "W": (1, 3, 5)},
    arguments=lambda t: ("dx dw db", float(t.dout[0]), t.x, t.w),
    call="neuron_backward({upstream}, {x}, {w})",
    words=lambda t: {"upstream": float(t.dout[0])}, facts=IMAGE_FACTS[1:5],
    shapes=lambda t: {"dout": (1,), "x": (t.C, t.H, t.W), "w": (t.C, t.H, t.W)}, kept=("dout",),
    terms={"dx": (("dout", "w"), ("dout",), ("w",), ()),
           "dw": (("dout", "x"), ("dout",), ("x",), ()), "db": (
               ("dout",), ("dout", "x"), ("dout", "w"), ("x",), ("w",), ())})

row_backward = World(
    "row_backward", {"size": (2, 1, 3), "stride": (1, 2, 3), "places": (2, 1, 3)},
    larger={"size": (1, 2, 3, 4, 5), "stride": (1, 2, 4), "places": (1, 2, 4, 6)},
    arguments=lambda t: ("dx dw", t.dout, t.x, t.w, t.stride),
    call="row_backward({dout}, {x}, {w}, {stride})",
    facts=(win.STRIDE, Fact("windows overlap", "no pixel lies in two windows",
                            lambda t: t.places > 1 and t.stride < t.size),
           Fact("there are several outputs", "there is one output", lambda t: t.places > 1),
           Fact("the filter has several weights", "the filter has one weight",
                lambda t: t.size > 1),
           Fact("stride is more than the filter", "stride is at most the filter",
                lambda t: t.stride > t.size)),
    shapes=lambda t: {"dout": (t.places,), "x": ((t.places - 1) * t.stride + t.size,),
                      "w": (t.size,)}, kept=("dout",),
    terms={"dx": (("dout", "w"), ("dout",), ()), "dw": (("dout", "x"), ("dout",), ())})

conv1x1 = World(
    "conv1x1", {**IMAGE, "F": (1, 2), "biased": (False, True)},
    larger={"N": (1, 3), "C": (1, 3, 4), "F": (1, 2, 5), "H": (1, 3), "W": (1, 4)},
    arguments=lambda t: (t.x, t.w, t.b), call="conv1x1({x}, {w}, {b})",
    facts=(win.BIAS, *IMAGE_FACTS, win.FILTERS, *win.CF, win.NF),
    shapes=lambda t: {"x": (t.N, t.C, t.H, t.W), "w": (t.F, t.C), "b": (t.F,)}, kept=("x",),
    terms={"out": (("x", "w"), ("b",), ("x",), ("w",), ())})

conv_by_channel = World(
    "conv_by_channel", {k: v for k, v in SETTINGS.items() if k not in ("stride", "pad")}
    | {"stride": (1,), "biased": (False, True)},
    larger={k: v for k, v in LARGER.items() if k not in ("stride", "pad")},
    allowed=win.fits, sizes=win.sizes,
    arguments=lambda t: (t.x, t.w, t.b), call="conv_by_channel({x}, {w}, {b})",
    facts=(win.BIAS, win.IMAGES, win.CHANNELS, win.FILTERS, win.OVERLAP, *win.SHAPES[:15], win.NF,
           *win.CF, win.NC),
    shapes=forward_shapes, kept=("x",), terms={"out": (("x", "w"), ("b",), ("x",), ("w",), ())})

window_at = World(
    "window_at", {"C": (1, 2), "HH": (2, 1), "WW": (2, 1), "i": (0, 1, 2), "j": (0, 1, 2),
                  "stride": (1, 2)},
    larger={"C": (1, 3), "HH": (1, 3), "WW": (1, 3, 4), "i": (0, 3), "j": (0, 2, 3)},
    arguments=lambda t: (t.x, t.i, t.j, t.HH, t.WW, t.stride),
    call="window_at({x}, {i}, {j}, {HH}, {WW}, {stride})",
    facts=(win.STRIDE, Fact("i is not 0", "i is 0", lambda t: t.i), win.CHANNELS,
           Fact("j is not 0", "j is 0", lambda t: t.j), win.SHAPES[0],
           Fact("i and j differ", "i = j", lambda t: t.i != t.j), *win.SHAPES[7:9]),
    shapes=lambda t: {"x": (t.C, t.i * t.stride + t.HH + 1, t.j * t.stride + t.WW + 1)},
    kept=("x",), terms={"the window": (("x",), ())})

window_to_column = World(
    "window_to_column", window_at.settings, larger=window_at.larger, arguments=window_at.arguments,
    call="window_to_column({x}, {i}, {j}, {HH}, {WW}, {stride})", facts=window_at.facts,
    shapes=window_at.shapes, kept=("x",), terms={"the column": (("x",), ())})

dx_by_convolution = World(
    "dx_by_convolution", {**win.NUMBERS, "F": (1, 2), "K": (2, 3, 1), "pad": (0, 1),
                          "rows": (2, 3, 1), "columns": (2, 3, 1)},
    larger={"N": (1, 3), "C": (1, 3), "F": (1, 2, 4), "K": (1, 3, 4), "rows": (4, 5),
            "columns": (4, 6)},
    allowed=lambda t: t.pad < t.K and min(t.rows, t.columns) + t.K - 1 - 2 * t.pad > 0,
    arguments=lambda t: (t.dout, t.w, t.pad), call="dx_by_convolution({dout}, {w}, {pad})",
    facts=(*win.PAD, win.IMAGES, win.CHANNELS, win.FILTERS, win.SHAPES[1],
           Fact("the filter is larger than 1x1", "the filter is 1x1", lambda t: t.K > 1),
           Fact("the filter is 3x3", "the filter is not 3x3", lambda t: t.K == 3), *win.CF,
           Fact("K - 1 = 2 pad", "K - 1 is not 2 pad", lambda t: t.K - 1 == 2 * t.pad)),
    shapes=lambda t: {"dout": win.outputs(t), "w": (t.F, t.C, t.K, t.K)}, kept=("dout",),
    terms={"dx": (("dout", "w"), ("dout",), ("w",), ())})



def nudged(t, rng):
    x, out = (t.rows, t.columns), (t.outputs,)
    return {"M": rng.uniform(1, 3, (t.outputs, t.rows * t.columns)).round(1),
            "x": rng.uniform(1, 3, x).round(1),
            "df": rng.uniform(1, 3, out).round(1) if t.weighted else np.ones(out)}


# f squares sums, or with a large step cubes them: the step h shows in the gradient of a cube alone.
numerical_gradient = World(
    "numerical_gradient",
    {"rows": (1, 2), "columns": (1, 2), "outputs": (1, 2), "weighted": (False, True),
     "h": (H, 0.5)}, larger={"rows": (1, 3), "columns": (2, 3, 4), "outputs": (1, 3, 4)},
    arguments=lambda t: (t.M, 2 if t.h == H else 3, t.x, t.df, t.h), make=nudged,
    call="numerical_gradient(lambda x: ({M} @ x.ravel()) ** {power}, {x}, {df}, {h})",
    words=lambda t: {"power": 2 if t.h == H else 3},
    facts=(Fact("x has several numbers", "x has one number", lambda t: t.rows * t.columns > 1),
           Fact("f(x) has several numbers", "f(x) has one number", lambda t: t.outputs > 1),
           Fact("df is not all ones", "df is all ones", lambda t: t.weighted),
           Fact(f"h is not {H:g}", f"h is {H:g}", lambda t: t.h != H),
           Fact("x has several rows", "x has one row", lambda t: t.rows > 1),
           Fact("x has several columns", "x has one column", lambda t: t.columns > 1)),
    sizes=lambda t: {"h": t.h, "the size of x": t.rows * t.columns,
                     "the size of f(x)": t.outputs})

WORLDS = [
    forward("conv_forward_naive"), backward("conv_backward_naive", "conv_forward_naive"),
    forward("conv_forward_fast", (None,)),
    backward("conv_backward_fast", "conv_forward_fast", (None,)),
    zero_pad, unpad, neuron, numerical_gradient, neuron_backward, row_backward, conv1x1,
    conv_by_channel, window_at, window_to_column, dx_by_convolution,
]
