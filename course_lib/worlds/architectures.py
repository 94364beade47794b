"""Tiny worlds of lesson 08: what a network costs, and layers that cost less."""

from course_lib.judging.explain.world import Fact, World
from course_lib.worlds import _windows as win
from course_lib.worlds.arithmetic import differ, one, sensible, zero


def layers(t):
    """The layers from their kinds in short: "cpf" is convolution, pooling, fully connected."""
    made = {"c": {"kind": "conv", "K": t.K, "F": t.F, "S": t.S, "P": t.P, "groups": t.groups,
                  "bias": t.biased},
            "p": {"kind": "pool", "F": 2, "S": 2, "P": 0},
            "f": {"kind": "fc", "M": t.M, "bias": t.biased}}
    return [dict(made[kind]) for kind in t.kinds]


def net(t):
    return {"input": (t.W, t.H, t.D), "layers": layers(t)}


def written(t):
    """The network as lesson 08 writes it, with the functions of its first cell."""
    def settings(layer):
        first = [layer[key] for key in ("K", "F", "M") if key in layer]
        usual = {"S": 1, "P": 0, "groups": 1, "bias": True}
        if layer["kind"] == "pool":
            first, usual = [layer["F"], layer["S"]], {"P": 0}
        return ", ".join([*map(str, first), *(f"{key}={layer[key]}" for key in usual
                                              if layer.get(key, usual[key]) != usual[key])])

    made = ", ".join(f"{layer['kind']}({settings(layer)})" for layer in layers(t))
    return f'{{"input": {(t.W, t.H, t.D)}, "layers": [{made}]}}'


def fits(t):
    W, H, D = t.W, t.H, t.D
    for layer in layers(t):
        if layer["kind"] == "fc":
            break
        F, S, P = (layer[letter] for letter in "FSP")
        if not (sensible(W, F, S, P) and sensible(H, F, S, P)):
            return False
        if layer["kind"] == "conv":
            if D % t.groups or t.K % t.groups:
                return False
            D = t.K
        W, H = ((n - F + 2 * P) // S + 1 for n in (W, H))
    return True


def has(kind, words):
    return Fact(f"there is a {words}", f"there is no {words}", lambda t: kind in t.kinds)


SETTINGS = {"W": (2, 3, 4), "H": (2, 3, 4), "D": (1, 2), "kinds": ("c", "p", "f", "cf", "ff", "cc",
            "cp", "pf", "cpf"), "K": (1, 2), "F": (1, 2, 3), "S": (1, 2), "P": (0, 1),
            "groups": (1, 2), "M": (1, 2), "biased": (False, True)}
LARGER = {"W": (4, 5, 6, 8), "H": (4, 5, 6, 8), "D": (1, 3, 4), "K": (2, 4, 6), "M": (3, 5),
          "kinds": ("c", "cc", "cpf", "cff", "ccp", "pc")}
FACTS = (
    Fact("there are biases", "there are no biases", lambda t: t.biased and t.kinds != "p"),
    has("c", "convolution"), has("f", "fully connected layer"), has("p", "pooling layer"),
    Fact("there are several layers", "there is one layer", lambda t: len(t.kinds) > 1),
    Fact("a convolution has several groups", "no convolution has several groups",
         lambda t: "c" in t.kinds and t.groups > 1),
    Fact("a convolution has a bias", "no convolution has a bias",
         lambda t: "c" in t.kinds and t.biased),
    Fact("a fully connected layer has a bias", "no fully connected layer has a bias",
         lambda t: "f" in t.kinds and t.biased),
    Fact("the stride of a convolution is more than 1", "no convolution has a stride above 1",
         lambda t: "c" in t.kinds and t.S > 1),
    Fact("a convolution is padded", "no convolution is padded",
         lambda t: "c" in t.kinds and t.P > 0),
    Fact("a convolution is larger than 1x1", "no convolution is larger than 1x1",
         lambda t: "c" in t.kinds and t.F > 1),
    Fact("a fully connected layer comes after another layer",
         "no fully connected layer comes after another layer", lambda t: "f" in t.kinds[1:]),
    Fact("there are two convolutions", "there are not two convolutions",
         lambda t: t.kinds.count("c") > 1),
    differ("W", "H"), one("D"), one("K"), differ("D", "K"))


def costs(name, **more):
    return World(name, SETTINGS | more.pop("settings", {}), larger=LARGER, allowed=fits,
                 arguments=more.pop("arguments", lambda t: (net(t),)),
                 call=f"{name}({{net}}{more.pop('end', '')})", words=lambda t: {"net": written(t)},
                 facts=(*more.pop("facts", ()), *FACTS))


# What is wanted names what a group forgives; here nothing is forgiven.
count_params = costs("count_params", arguments=lambda t: (net(t), "all"))
memory = costs(
    "memory", settings={"each": (4, 1, 8)}, end=", {each}",
    arguments=lambda t: (net(t), t.each, "all"),
    facts=(Fact("bytes_each is not 4", "bytes_each is 4", lambda t: t.each != 4),))

fc_to_conv = World(
    "fc_to_conv", {"M": (1, 2), "C": (1, 2), "H": (1, 2, 3), "W": (1, 2, 3)},
    larger={k: (1, 2, 3, 4) for k in "MCHW"}, arguments=lambda t: (t.w_fc, (t.C, t.H, t.W)),
    call="fc_to_conv({w_fc}, ({C}, {H}, {W}))",
    facts=(one("C"), one("M"), differ("H", "W"), one("H"), one("W"), differ("C", "M")),
    shapes=lambda t: {"w_fc": (t.C * t.H * t.W, t.M)}, kept=("w_fc",),
    terms={"the array of filters": (("w_fc",), ())})

dilate = World(
    "dilate", {"F": (1, 2), "C": (1, 2), "HH": (2, 1, 3), "WW": (2, 1, 3), "dilation": (1, 2, 3)},
    larger={"F": (1, 3), "C": (1, 3), "HH": (1, 2, 4), "WW": (1, 3, 4), "dilation": (1, 2, 4)},
    arguments=lambda t: (t.w, t.dilation), call="dilate({w}, {dilation})",
    facts=(one("dilation"), one("dilation", 2), win.SHAPES[0], win.FILTERS, win.CHANNELS,
           *win.SHAPES[7:9], *win.CF),
    shapes=lambda t: {"w": (t.F, t.C, t.HH, t.WW)}, kept=("w",),
    terms={"the array of filters": (("w",), ())})

depthwise_forward = World(
    "depthwise_forward", {"N": (1, 2), "C": (1, 2), "HH": (2, 1), "WW": (2, 1), "stride": (1,),
                          "rows": (2, 1), "columns": (2, 1), "biased": (False, True)},
    larger={"N": (1, 3), "C": (1, 3), "HH": (1, 3), "WW": (1, 2, 4), "rows": (1, 3),
            "columns": (1, 4)}, arguments=lambda t: (t.x, t.w, t.b),
    call="depthwise_forward({x}, {w}, {b})",
    facts=(win.BIAS, win.IMAGES, win.CHANNELS, win.OVERLAP, *win.SHAPES[:15], win.NC),
    shapes=lambda t: {"x": win.images(t), "w": (t.C, t.HH, t.WW), "b": (t.C,)}, kept=("x",),
    terms={"out": (("x", "w"), ("b",), ("x",), ())})


def maps(t):
    return [n + 2 * t.pad - t.size + 1 for n in (t.H, t.W)]


flat_size = World(
    "flat_size", {"H": (4, 5, 6, 7), "W": (4, 5, 6, 7), "F": (1, 2), "size": (1, 3, 2),
                  "pad": (0, 1)},
    larger={"H": tuple(range(6, 16)), "W": tuple(range(6, 16)), "F": (1, 3, 5), "size": (1, 3, 5),
            "pad": (0, 1, 2)},
    # The activation maps that are pooled have even sides, as in the lesson.
    allowed=lambda t: all(n > 0 and n % 2 == 0 for n in maps(t)),
    arguments=lambda t: (t.H, t.W, t.F, t.size, t.pad),
    call="flat_size({H}, {W}, {F}, {size}, {pad})",
    sizes=lambda t: dict(zip(("the height of a pooled map", "the width of a pooled map"),
                             (n // 2 for n in maps(t)), strict=True)) | {
        name: t[name] for name in ("F", "H", "W", "size")},
    facts=(zero("pad"), differ("H", "W"), one("F"),
           one("size"), Fact("the activation maps have the image's size",
                             "the activation maps have another size than the image",
                             lambda t: t.size - 1 == 2 * t.pad)))

# How far claims are off; 1.3 and 0.78 by more than a quarter of the right number or of their own.
FACTORS = (1, 1.5, 0.6, 1.01, 0.99, 1.3, 0.78)


def claims(t):
    """(right number, claimed number) of each claim."""
    return [(100 * (k + 1), round(100 * (k + 1) * factor))
            for k, factor in enumerate((t.first, t.second, t.third)[:t.count])]


def off(t, sign):
    return [sign * (claimed - right) > t.tolerance * right for right, claimed in claims(t)]


# A layer without biases that has just as many parameters as the claim is about. The line that calls
# is shorter: there the network is this number, and so is what is measured of it.
wrong_claims = World(
    "wrong_claims", {"count": (1, 2, 3), "first": FACTORS, "second": FACTORS, "third": FACTORS,
                     "tolerance": (0.02, 0.25)},
    arguments=lambda t: ([("a claim", "parameters", {"input": (1, 1, right), "layers": [
        {"kind": "fc", "M": 1, "bias": False}]}, claimed) for right, claimed in claims(t)],
        t.tolerance),
    call="wrong_claims({claims}, {{'parameters': lambda net: net}}, {tolerance})",
    words=lambda t: {"claims": [("a claim", "parameters", *pair) for pair in claims(t)]},
    facts=(Fact("a claim is too large", "no claim is too large", lambda t: any(off(t, 1))),
           Fact("a claim is too small", "no claim is too small", lambda t: any(off(t, -1))),
           Fact("a claim is wrong", "no claim is wrong", lambda t: any(off(t, 1) + off(t, -1))),
           Fact("a claim is a little off", "no claim is a little off", lambda t: any(
               0 < abs(claimed - right) <= t.tolerance * right for right, claimed in claims(t))),
           Fact("a claim is just right", "no claim is just right",
                lambda t: any(claimed == right for right, claimed in claims(t))),
           Fact("there are several claims", "there is one claim", lambda t: t.count > 1),
           Fact("the tolerance is 0.25", "the tolerance is 0.02", lambda t: t.tolerance > 0.1),
           Fact("several claims are wrong", "at most one claim is wrong",
                lambda t: sum(off(t, 1) + off(t, -1)) > 1),
           Fact("the first claim is wrong", "the first claim is not wrong",
                lambda t: off(t, 1)[0] or off(t, -1)[0]),
           Fact("a claim after the first is wrong", "no claim after the first is wrong",
                lambda t: any(off(t, 1)[1:] + off(t, -1)[1:]))))

WORLDS = [count_params, costs("count_macs"), memory, fc_to_conv, dilate, depthwise_forward,
          flat_size, wrong_claims]
