"""Exercises of lesson 08: what networks cost, and layers that cost less.

A network is a dict, as in the notebook: {"input": (W, H, D), "layers": [...]}, with layers such as
{"kind": "conv", "K": 96, "F": 11, "S": 4, "P": 0, "groups": 1, "bias": True}. Groups keep one
difficulty each: there are no biases where a group is not about biases, and sizes are square where
it is not about shapes. `course_lib.mistakes` holds the wrong algorithms.
"""

import numpy as np

from course_lib import arithmetic
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Affine, Conv, Pool
from course_lib.judging.cases import draw, several
from course_lib.judging.exercise import Exercise
from course_lib.mistakes import architectures as mistakes
from course_lib.mistakes.architectures import depthwise, judged_claims, off, spread

# Networks as dicts


def architecture(net):
    """The same network in the course's own words; its biases are counted apart."""
    words = {
        "conv": lambda layer: Conv(*(layer[k] for k in "KFSP"), groups=layer["groups"],
                                   bias=layer["bias"]),
        "pool": lambda layer: Pool(*(layer[k] for k in "FSP")),
        "fc": lambda layer: Affine(layer["M"]),
    }
    layers = tuple(words[layer["kind"]](layer) for layer in net["layers"])
    return Architecture("a network", net["input"], layers, "drawn for an exercise")


def parameters(net):
    missing = sum(layer["M"] for layer in net["layers"]
                  if layer["kind"] == "fc" and not layer["bias"])
    return arithmetic.parameters(architecture(net)) - missing


def multiply_adds(net):
    return arithmetic.multiply_adds(architecture(net))


def memory_bytes(net, bytes_each=4):
    return bytes_each * arithmetic.activations(architecture(net))


def describe_net(net):
    def words(layer):
        if layer["kind"] == "fc":
            return f"fc({layer['M']}{', no bias' * (not layer['bias'])})"
        letters = [f"{k}={layer[k]}" for k in "KFSP" if k in layer]
        if layer["kind"] == "conv":
            letters += [f"groups={layer['groups']}"] * (layer["groups"] > 1)
            letters += ["no bias"] * (not layer["bias"])
        return f"{layer['kind']}({', '.join(letters)})"

    return f"input {net['input']}; " + ", ".join(map(words, net["layers"]))


def network(rng, kinds, square=True, bias=False, strides=(1, 1), same=False, groups=(1,)):
    """A network that fits, built from its end back to its beginning.

    kinds   the layers in short: "cpf" is convolution, pooling, fully connected
    same    convolutions keep the size
    groups  the numbers of groups that convolutions take in turn
    """
    W = draw(rng, 4, 6)
    H = W if square else W + draw(rng, 1, 3)
    group = [int(g) for g in rng.permutation(groups)]
    # All depths differ, and none is 1: no mistake gives the right number by accident.
    depths = [n * int(np.prod(groups)) for n in several(rng, len(kinds) + 4, low=3)]
    layers = []
    for number, kind in reversed(list(enumerate(kinds))):
        if kind == "f":
            layers.append({"kind": "fc", "M": draw(rng, 20, 40), "bias": bias})
            continue
        F, S = (draw(rng, 1, 2) * 2 + 1, 1) if same else (draw(rng, 3, 4), draw(rng, *strides))
        P = (F - 1) // 2 if same else draw(rng, 0, 1)
        if kind == "p":
            F, S, P = 2, 2, 0
        W, H = ((n - 1) * S + F - 2 * P for n in (W, H))
        layer = {"kind": "pool" if kind == "p" else "conv", "F": F, "S": S, "P": P}
        if kind == "c":
            layer |= {"K": depths[number + 1], "groups": group[number % len(group)], "bias": bias}
        layers.append(layer)
    return {"input": (W, H, depths[0]), "layers": layers[::-1]}


def networks(*kinds, extra=(), **settings):
    """Cases of one network each; `extra` are arguments behind the network."""
    return lambda rng: [(network(rng, word, **settings), *extra) for word in kinds]


conv_params = Exercise(
    name="conv_params",
    reference=lambda K, F, D: parameters({"input": (F, F, D), "layers": [
        {"kind": "conv", "K": K, "F": F, "S": 1, "P": 0, "groups": 1, "bias": True}]}),
    groups={"values": lambda rng: [tuple(several(rng, 3, low)) for low in (2, 5, 20)]},
    describe=lambda K, F, D: f"K = {K}, F = {F}, D = {D}",
    results=("the number of parameters",),
    misconceptions=mistakes.CONV_PARAMS,
)

count_params = Exercise(
    name="count_params",
    reference=parameters,
    groups={
        "convolutions": networks("c", "cc"),
        "fully connected": networks("f", "ff"),
        "biases": networks("c", "f", bias=True),
        "pooling": networks("cp", "pcp"),
        "groups": networks("cc", "c", groups=(2, 3)),
        "whole networks": networks("cpcpff", "ccpf", square=False, bias=True),
    },
    describe=describe_net,
    results=("the number of parameters",),
    misconceptions=mistakes.COUNT_PARAMS,
)

count_macs = Exercise(
    name="count_macs",
    reference=multiply_adds,
    groups={
        "convolutions": networks("c", "cc", same=True),
        "stride and padding": networks("c", "cc", strides=(2, 3)),
        "fully connected": networks("f", "ff"),
        "groups": networks("c", "cc", same=True, groups=(2, 3)),
        "whole networks": networks("cpcpff", "ccpf", square=False, bias=True),
    },
    describe=describe_net,
    results=("the number of multiply-adds",),
    misconceptions=mistakes.COUNT_MACS,
)

memory = Exercise(
    name="memory",
    reference=memory_bytes,
    groups={
        "volumes": networks("c", "cpc", extra=(1,)),
        "fully connected": networks("f", "cff", extra=(1,)),
        "bytes": lambda rng: [(network(rng, "cp"),), (network(rng, "c", square=False), 8)],
    },
    describe=lambda net, bytes_each="left to the default": (
        f"{describe_net(net)}; bytes_each = {bytes_each}"
    ),
    results=("the number of bytes",),
    misconceptions=mistakes.MEMORY,
)


# wrong_claims: the three counts come from the judge, so that it stands by itself.

MEASURES = {"parameters": parameters, "multiply-adds": multiply_adds, "bytes": memory_bytes}
TOLERANCE = 0.02


def claims_cases(factors):
    """Claims about small networks; a factor says how far the claimed number is off."""

    def cases(rng):
        for _ in range(2):
            order = [factors[k] for k in rng.permutation(len(factors))]
            claims = []
            for number, factor in enumerate(order):
                quantity = list(MEASURES)[draw(rng, 0, 2)]
                net = network(rng, "cpf", bias=True)
                claimed = factor * MEASURES[quantity](net)
                claims.append((f"claim {number}", quantity, net, round(claimed)))
            yield claims, TOLERANCE

    return cases


def play_claims(functions, claims, tolerance):
    return functions[0](claims, MEASURES, tolerance)


wrong_claims = Exercise(
    name="wrong_claims",
    reference=lambda claims, tolerance: judged_claims(off)(claims, tolerance, MEASURES),
    groups={
        "too large": claims_cases((1, 2, 1, 1.5)),
        "too small": claims_cases((0.5, 1, 0.7, 1)),
        "rounded numbers": claims_cases((1.01, 0.99, 1.5, 1)),
    },
    describe=lambda claims, tolerance: (
        f"{len(claims)} claims, tolerance {tolerance:g}: " + "; ".join(
            f"{text}, {number:,} {quantity}" for text, quantity, _, number in claims)
    ),
    results=("the list",),
    play=play_claims,
    misconceptions=tuple(
        type(m)(m.name, m.sentence,
                lambda claims, tolerance, wrong=m.wrong: wrong(claims, tolerance, MEASURES))
        for m in mistakes.CLAIMS
    ),
)


def fc_cases(one_channel, square):
    def cases(rng):
        for _ in range(2):
            M, C, H, W = several(rng, 4)
            shape = 1 if one_channel else C, H, H if square else W
            yield rng.standard_normal((int(np.prod(shape)), M)), shape

    return cases


fc_to_conv = Exercise(
    name="fc_to_conv",
    reference=lambda w_fc, shape: np.moveaxis(w_fc.reshape(*shape, -1), -1, 0),
    groups={
        "one channel": fc_cases(one_channel=True, square=False),
        "square volumes": fc_cases(one_channel=False, square=True),
        "non-square volumes": fc_cases(one_channel=False, square=False),
    },
    describe=lambda w_fc, shape: f"w_fc of shape {w_fc.shape}, volume (C, H, W) = {shape}",
    results=("the array of filters",),
    misconceptions=mistakes.FC_TO_CONV,
)


def dilated_cases(dilations, square):
    def cases(rng):
        for dilation in dilations:
            F, C, HH, WW = several(rng, 4)
            yield rng.standard_normal((F, C, HH, HH if square else WW)), dilation

    return cases


dilate = Exercise(
    name="dilate",
    reference=lambda w, dilation: spread(w, dilation, dilation),
    groups={
        "dilation 1": dilated_cases((1, 1), square=True),
        "gaps": dilated_cases((2, 3), square=True),
        "non-square filters": dilated_cases((2, 3), square=False),
    },
    describe=lambda w, dilation: f"w of shape {w.shape}, dilation {dilation}",
    results=("the array of filters",),
    misconceptions=mistakes.DILATE,
)


def depthwise_cases(images, square, biased):
    def cases(rng):
        for N in images:
            C, HH, WW = several(rng, 3)
            W = WW + draw(rng, 2, 3)
            H = HH + (W - WW if square else draw(rng, 5, 6))
            HH, H = (WW, W) if square else (HH, H)
            yield (rng.standard_normal((N, C, H, W)), rng.standard_normal((C, HH, WW)),
                   rng.uniform(1, 3, C) if biased else np.zeros(C))

    return cases


depthwise_forward = Exercise(
    name="depthwise_forward",
    reference=depthwise,
    groups={
        "one image": depthwise_cases((1, 1), square=True, biased=False),
        "bias": depthwise_cases((1, 1), square=True, biased=True),
        "non-square images": depthwise_cases((2, 5), square=False, biased=False),
    },
    describe=lambda x, w, b: f"x of shape {x.shape}, w of shape {w.shape}",
    results=("out",),
    misconceptions=mistakes.DEPTHWISE,
)


EXERCISES = [conv_params, count_params, count_macs, memory, wrong_claims, fc_to_conv, dilate,
             depthwise_forward]
