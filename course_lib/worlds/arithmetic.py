"""Tiny worlds of lesson 01: output sizes, paddings, shapes, receptive fields.

There are no arrays: the rules are about the numbers themselves, and a formula is fitted.
"""

from course_lib.judging.explain.world import Fact, World


def one(letter, number=1):
    return Fact(f"{letter} is more than {number}", f"{letter} is at most {number}",
                lambda t: t[letter] > number)


def differ(a, b):
    return Fact(f"{a} and {b} differ", f"{a} = {b}", lambda t: t[a] != t[b])


def zero(letter):
    return Fact(f"{letter} is 0", f"{letter} is not 0", lambda t: t[letter] == 0)


def larger(a, b):
    return Fact(f"{a} is more than {b}", f"{a} is at most {b}", lambda t: t[a] > t[b])


def remainder(W, F, S, P):
    return S > 0 and (W - F + 2 * P) % S != 0


def sensible(W, F, S, P):
    return W > 0 and F > 0 and S > 0 and P >= 0 and F <= W + 2 * P and not remainder(W, F, S, P)


def line(t):
    return t.W, t.F, t.S, t.P


LINE = (
    Fact("the filter fits", "the input has to be refused", lambda t: sensible(*line(t))),
    Fact("the division leaves a remainder", "the division leaves no remainder",
         lambda t: remainder(*line(t))),
    Fact("the filter is larger than the padded line",
         "the filter is no larger than the padded line", lambda t: t.F > t.W + 2 * t.P),
    Fact("P is below 0", "P is not below 0", lambda t: t.P < 0),
    zero("S"), zero("F"), zero("W"), zero("P"), one("P"), one("S"), one("S", 2), one("F"),
    differ("W", "F"), larger("F", "W"),
    Fact("the filter has one place", "the filter does not have just one place",
         lambda t: t.F == t.W + 2 * t.P), differ("F", "P"), differ("S", "P"), differ("S", "F"),
    larger("S", "F"))

conv_output_size = World(
    "conv_output_size", {"W": (5, 4, 3, 2, 1, 0, 6, 7), "F": (2, 3, 1, 0, 4, 5, 8),
                         "S": (1, 2, 3, 0), "P": (0, 1, 2, -1)},
    larger={"W": tuple(range(16)), "F": tuple(range(9)), "S": tuple(range(5)),
            "P": (-1, 0, 1, 2, 3)},
    arguments=line, call="conv_output_size({W}, {F}, {S}, {P})", facts=LINE,
    formula=("W / S", "F / S", "P / S", "1", "1 / S", "W", "F", "P", "S"))

same_padding = World(
    "same_padding", {"F": (3, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12)},
    larger={"F": tuple(range(13, 60))}, arguments=lambda t: (t.F,), call="same_padding({F})",
    facts=(Fact("F is even", "F is odd", lambda t: t.F % 2 == 0), one("F"), one("F", 3)),
    formula=("F", "1"))

fitting_paddings = World(
    "fitting_paddings",
    {"W": (5, 4, 3, 2, 6), "F": (2, 3, 1, 4, 7), "S": (1, 2, 3), "P": (2, 1, 3, 0)},
    larger={"W": tuple(range(1, 13)), "F": tuple(range(1, 10)), "P": tuple(range(6))},
    arguments=line, call="fitting_paddings({W}, {F}, {S}, {P})",
    facts=(Fact("padding 0 fits", "padding 0 does not fit",
                lambda t: sensible(t.W, t.F, t.S, 0)),
           Fact("the largest padding fits", "the largest padding does not fit",
                lambda t: sensible(*line(t))),
           Fact("several paddings fit", "at most one padding fits",
                lambda t: sum(sensible(t.W, t.F, t.S, p) for p in range(t.P + 1)) > 1),
           Fact("no padding fits", "a padding fits",
                lambda t: not any(sensible(t.W, t.F, t.S, p) for p in range(t.P + 1))),
           one("S"), larger("F", "W"), differ("W", "F"), one("S", 2),
           Fact("the largest padding is 0", "the largest padding is not 0", lambda t: t.P == 0)))


def volume(t):
    return t.W, t.H, t.D


def fits_both(t):
    return sensible(t.W, t.F, t.S, t.P) and sensible(t.H, t.F, t.S, t.P)


conv_output_shape = World(
    "conv_output_shape", {"W": (3, 4, 2, 5), "H": (3, 4, 2, 5), "D": (1, 2), "K": (1, 2),
                          "F": (2, 1, 3), "S": (1, 2), "P": (0, 1)},
    larger={"W": tuple(range(2, 12)), "H": tuple(range(2, 12)), "D": (1, 2, 5), "K": (1, 3, 6),
            "F": (1, 2, 3, 4), "S": (1, 2, 3), "P": (0, 1, 2)},
    arguments=lambda t: (volume(t), t.K, t.F, t.S, t.P),
    call="conv_output_shape(({W}, {H}, {D}), {K}, {F}, {S}, {P})",
    facts=(Fact("the filter fits", "the input has to be refused", fits_both),
           Fact("the width does not fit", "the width fits",
                lambda t: not sensible(t.W, t.F, t.S, t.P)),
           Fact("the height does not fit", "the height fits",
                lambda t: not sensible(t.H, t.F, t.S, t.P)),
           differ("W", "H"), zero("P"), one("S"), one("D"), one("K"), differ("D", "K"), one("F"),
           larger("W", "H"), larger("H", "W"), larger("F", "W"), larger("F", "H")))

pool_output_shape = World(
    "pool_output_shape", {"W": (4, 3, 2, 5, 6), "H": (4, 3, 2, 5, 6), "D": (1, 2), "F": (2, 1, 3),
                          "S": (1, 2, 3)},
    larger={"W": tuple(range(2, 12)), "H": tuple(range(2, 12)), "D": (1, 2, 5)},
    allowed=lambda t: sensible(t.W, t.F, t.S, 0) and sensible(t.H, t.F, t.S, 0),
    arguments=lambda t: (volume(t), t.F, t.S), call="pool_output_shape(({W}, {H}, {D}), {F}, {S})",
    facts=(differ("W", "H"), one("S"), one("D"), one("F"), differ("S", "F"), larger("W", "H"),
           larger("H", "W"), larger("S", "F")))


def kinds(t):
    """Layers from their kinds in short: "cp" is convolution, pooling."""
    return [("conv", t.K, t.F, t.S, t.P) if kind == "c" else ("pool", 2, t.step)
            for kind in t.kinds]


def survives(t):
    W, H = t.W, t.H
    for kind in t.kinds:
        F, S, P = (t.F, t.S, t.P) if kind == "c" else (2, t.step, 0)
        if not (sensible(W, F, S, P) and sensible(H, F, S, P)):
            return False
        W, H = ((n - F + 2 * P) // S + 1 for n in (W, H))
    return True


trace_shapes = World(
    "trace_shapes", {"W": (4, 5, 6, 8), "H": (4, 5, 6, 8), "D": (1, 2), "K": (1, 2), "F": (3, 2, 1),
                     "P": (0, 1), "S": (1, 2), "step": (2, 1, 3),
                     "kinds": ("c", "p", "cc", "cp", "pc")},
    larger={"W": (6, 8, 9, 10, 12), "H": (6, 8, 9, 10, 12), "K": (1, 3, 4), "S": (1, 2, 3),
            "kinds": ("c", "p", "ccp", "cpc", "pcp", "cc")},
    allowed=survives, arguments=lambda t: (volume(t), kinds(t)),
    call="trace_shapes(({W}, {H}, {D}), {layers})", words=lambda t: {"layers": kinds(t)},
    facts=(Fact("there is a pooling layer", "there is no pooling layer", lambda t: "p" in t.kinds),
           Fact("there is a convolution", "there is no convolution", lambda t: "c" in t.kinds),
           Fact("there are several layers", "there is one layer", lambda t: len(t.kinds) > 1),
           Fact("a pooling layer has another stride than 2, the size of its window",
                "each pooling layer has stride 2, the size of its window",
                lambda t: "p" in t.kinds and t.step != 2),
           Fact("a convolution has a stride above 1", "every convolution has stride 1",
                lambda t: "c" in t.kinds and t.S > 1),
           Fact("a convolution is padded", "no convolution is padded",
                lambda t: "c" in t.kinds and t.P > 0),
           differ("W", "H"), one("D"), differ("D", "K"), one("K"),
           Fact("a convolution changes the depth", "the depth stays",
                lambda t: "c" in t.kinds and t.K != t.D)))

receptive_field_of_two = World(
    "receptive_field_of_two", {"F1": (2, 1, 3, 4), "S1": (1, 2, 3), "F2": (2, 1, 3, 4)},
    larger={"F1": tuple(range(1, 9)), "S1": (1, 2, 3, 4, 5), "F2": tuple(range(1, 9))},
    arguments=lambda t: (t.F1, t.S1, t.F2), call="receptive_field_of_two({F1}, {S1}, {F2})",
    facts=(one("S1"), one("F2"), one("F1"), differ("F1", "F2"), differ("F1", "S1"), one("S1", 2),
           differ("S1", "F2"), one("F2", 2)),
    formula=("F1", "F2 * S1", "S1", "F2", "1", "F1 * S1", "F1 * F2"))


def stack(t):
    return [(t.F1, t.S1), (t.F2, t.S2), (t.F3, 1)][:t.count]


receptive_field = World(
    "receptive_field", {"count": (2, 1, 3), "F1": (2, 1, 3), "S1": (1, 2, 3), "F2": (2, 1, 3),
                        "S2": (1, 2, 3), "F3": (2, 1, 3)},
    larger={"F1": (1, 3, 5), "S1": (1, 2, 4), "F2": (1, 2, 4), "S2": (1, 2, 3), "F3": (1, 3, 6)},
    arguments=lambda t: (stack(t),), call="receptive_field({layers})",
    words=lambda t: {"layers": stack(t)},
    facts=(Fact("a stride is more than 1", "all strides are 1",
                lambda t: any(S > 1 for _, S in stack(t))),
           Fact("a stride before the last layer is more than 1",
                "all strides before the last layer are 1",
                lambda t: any(S > 1 for _, S in stack(t)[:-1])),
           Fact("there are several layers", "there is one layer", lambda t: t.count > 1),
           Fact("there are three layers", "there are at most two layers", lambda t: t.count > 2),
           Fact("a filter is larger than 1", "all filters have size 1",
                lambda t: any(F > 1 for F, _ in stack(t))),
           Fact("the first stride is more than 1", "the first stride is 1", lambda t: t.S1 > 1),
           Fact("the first filter is larger than 1", "the first filter has size 1",
                lambda t: t.F1 > 1),
           Fact("a filter larger than 1 comes after a stride above 1",
                "no filter larger than 1 comes after a stride above 1",
                lambda t: any(F > 1 and any(S > 1 for _, S in stack(t)[:k])
                              for k, (F, _) in enumerate(stack(t)))),
           Fact("a layer's stride differs from its filter size",
                "every layer's stride is its filter size",
                lambda t: any(F != S for F, S in stack(t))),
           Fact("a filter larger than 1 has a stride above 1",
                "no filter larger than 1 has a stride above 1",
                lambda t: any(F > 1 and S > 1 for F, S in stack(t)))))

SIDES = {"W": (1, 2, 3), "H": (1, 2, 3), "K": (1, 2, 3)}
MANY = {"W": (1, 4, 5, 7), "H": (1, 4, 6, 7), "K": (1, 5, 8)}
FILTER = {"F": (1, 2, 3), "D": (1, 2, 3)}
FILTERS = {"F": (1, 3, 5), "D": (1, 3, 4)}
SIZES = (differ("W", "H"), one("K"), one("W"), one("H"))
COUNTS = (one("D"), one("K"), one("F"), differ("D", "K"), differ("F", "D"), differ("K", "F"))
WEIGHTS = ("K * F * F * D", "K", "1", "F * F * D", "K * D", "K * F * F", "D", "F * F", "K * F * D",
           "F * D", "F", "K * F")

count_neurons = World(
    "count_neurons", SIDES, larger=MANY, arguments=lambda t: ((t.W, t.H, t.K),),
    call="count_neurons(({W}, {H}, {K}))", facts=SIZES,
    formula=("W * H * K", "W * H", "W * K", "H * K", "W", "H", "K", "1", "W * W * K", "H * H * K"))

params_unshared = World(
    "params_unshared", {**SIDES, **FILTER}, larger=MANY | FILTERS,
    arguments=lambda t: ((t.W, t.H, t.K), t.F, t.D),
    call="params_unshared(({W}, {H}, {K}), {F}, {D})", facts=(*COUNTS, *SIZES),
    formula=("W * H * K * F * F * D", "W * H * K", "K", "1", "W * H * K * F * F",
             "W * H * F * F * D", "W * H", "K * F * F * D", "F * F * D",
             "W * H * K * F * D", "W * H * K * D"))


def params(name):
    return World(name, {"K": (1, 2, 3), **FILTER}, larger={"K": (1, 5, 8), **FILTERS},
                 arguments=lambda t: (t.K, t.F, t.D), call=name + "({K}, {F}, {D})", facts=COUNTS,
                 formula=WEIGHTS)


def convolutions(t):
    return [(t.K1, t.F1), (t.K2, t.F2), (t.K1, t.F1)][:t.count]


params_of_stack = World(
    "params_of_stack", {"D": (1, 2), "count": (2, 1, 3), "K1": (1, 2, 3), "F1": (1, 2, 3),
                        "K2": (1, 2, 3), "F2": (1, 2, 3)},
    larger={"D": (1, 3), "K1": (2, 5), "F1": (1, 3), "K2": (1, 4, 7), "F2": (3, 5)},
    arguments=lambda t: (t.D, convolutions(t)), call="params_of_stack({D}, {layers})",
    words=lambda t: {"layers": convolutions(t)},
    facts=(Fact("there are several layers", "there is one layer", lambda t: t.count > 1), one("D"),
           one("K1"), one("F1"), differ("D", "K1"), differ("K1", "F1"),
           Fact("a layer has another input depth than the image",
                "every layer has the input depth of the image",
                lambda t: any(K != t.D for K, _ in convolutions(t)[:-1]))))

WORLDS = [conv_output_size, same_padding, fitting_paddings, conv_output_shape, pool_output_shape,
          trace_shapes, receptive_field_of_two, receptive_field, count_neurons, params_unshared,
          params("params_shared"), params("conv_params"), params_of_stack]
