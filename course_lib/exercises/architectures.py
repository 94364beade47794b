"""Exercises of lesson 08: what networks cost, and layers that cost less.

A network is a dict, as in the notebook: {"input": (W, H, D), "layers": [...]}, with layers such as
{"kind": "conv", "K": 96, "F": 11, "S": 4, "P": 0, "groups": 1, "bias": True}. Groups keep one
difficulty each: there are no biases where a group is not about biases, and sizes are square where
it is not about shapes. `course_lib.mistakes` holds the wrong algorithms.
"""

import numbers
from dataclasses import replace

import numpy as np

from course_lib import arithmetic
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Affine, Conv, Pool
from course_lib.exercises._conditions import arrays, sizes
from course_lib.exercises._conditions import networks as conditions
from course_lib.judging.cases import draw, each_with_an_array, several
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.student_call import copied
from course_lib.mistakes.architectures.claims import CLAIM_MISTAKES, judged_claims, off
from course_lib.mistakes.architectures.counts import (
    CONV_PARAMS,
    COUNT_MACS,
    COUNT_PARAMS,
    MEMORY,
)
from course_lib.mistakes.architectures.layers import (
    DEPTHWISE,
    DILATE,
    FC_TO_CONV,
    depthwise,
    spread,
)

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
    groups={"values": both(lambda rng: [tuple(several(rng, 3, low)) for low in (2, 5, 20)],
                           meeting(sizes.SHARED))},
    conditions=sizes.SHARED,
    describe=lambda K, F, D: f"K = {K}, F = {F}, D = {D}",
    results=("the number of parameters",),
    misconceptions=CONV_PARAMS,
)

# A case of count_params ends with what it asks for. "weights": a count with all the biases that
# there could be, or with none of them, is as good as the right one. "all": the right one alone.


def forgiven(count, net, wanted):
    """The right number of parameters in place of one that is wrong about biases alone."""
    right = parameters(net)
    if wanted == "weights" and isinstance(count, numbers.Integral) and count in (
            parameters(with_biases(net, True)), parameters(with_biases(net, False))):
        return right
    return count


def play_count_params(functions, net, wanted):
    asked = copied(net)  # a function that empties its list of layers may still count right
    return forgiven(functions[0](net), asked, wanted)


def with_biases(net, bias):
    return net | {"layers": [layer | {"bias": bias} if "bias" in layer else layer
                             for layer in net["layers"]]}


def counting(draw_networks, wanted="weights"):
    return lambda rng: [(net, wanted) for net, in draw_networks(rng)]


count_params = Exercise(
    name="count_params",
    reference=lambda net, wanted: parameters(net),
    groups={
        "convolutions": counting(networks("c", "cc")),
        "fully connected": counting(networks("f", "ff")),
        "biases": counting(both(networks("c", "f", bias=True), networks("c", "f")), "all"),
        "pooling": counting(networks("cp", "pcp")),
        "groups": counting(networks("cc", "c", groups=(2, 3))),
        "whole networks": both(
            counting(networks("cpcpff", "ccpf", square=False, bias=True), "all"),
            meeting(conditions.COUNTED)),
    },
    describe=lambda net, wanted: describe_net(net),
    results=("the number of parameters",),
    play=play_count_params,
    misconceptions=tuple(
        Misconception(m.name, m.sentence,
                      lambda net, wanted, wrong=m.wrong: forgiven(wrong(net), net, wanted))
        for m in COUNT_PARAMS),
    conditions=conditions.COUNTED,
)

count_macs = Exercise(
    name="count_macs",
    reference=multiply_adds,
    groups={
        "convolutions": networks("c", "cc", same=True),
        "stride and padding": networks("c", "cc", strides=(2, 3)),
        "fully connected": networks("f", "ff"),
        "groups": networks("c", "cc", same=True, groups=(2, 3)),
        "whole networks": both(networks("cpcpff", "ccpf", square=False, bias=True),
                               meeting(conditions.NETWORK)),
    },
    describe=describe_net,
    results=("the number of multiply-adds",),
    misconceptions=COUNT_MACS,
    conditions=conditions.NETWORK,
)

# A case of memory: the network, bytes_each (None: left to the default), and what it asks for.
# "volumes": how many bytes a number takes does not matter.


def bytes_or(default, bytes_each):
    return default if bytes_each is None else bytes_each


def in_bytes(found, net, bytes_each, wanted):
    """The right number of bytes in place of one that is wrong about bytes_each alone."""
    right = memory_bytes(net, bytes_or(4, bytes_each))
    if wanted == "volumes" and isinstance(found, numbers.Integral) and any(
            found == memory_bytes(net, n) for n in (1, 2, 4, 8)):
        return right
    return found


def play_memory(functions, net, bytes_each, wanted):
    given, asked = () if bytes_each is None else (bytes_each,), copied(net)
    return in_bytes(functions[0](net, *given), asked, bytes_each, wanted)


def wrong_memory(wrong):
    return lambda net, bytes_each, wanted: in_bytes(
        wrong(net, *(() if bytes_each is None else (bytes_each,))), net, bytes_each, wanted)


memory = Exercise(
    name="memory",
    reference=lambda net, bytes_each, wanted: memory_bytes(net, bytes_or(4, bytes_each)),
    groups={
        "volumes": networks("c", "cpc", extra=(1, "volumes")),
        "fully connected": networks("f", "cff", extra=(1, "volumes")),
        "bytes": lambda rng: [(network(rng, "cp"), None, "all"),
                              (network(rng, "c", square=False), 8, "all")],
        "everything at once": meeting(conditions.MEMORY),
    },
    describe=lambda net, bytes_each, wanted: (
        f"{describe_net(net)}; bytes_each = {bytes_or('left to the default', bytes_each)}"
    ),
    results=("the number of bytes",),
    play=play_memory,
    misconceptions=tuple(Misconception(m.name, m.sentence, wrong_memory(m.wrong))
                         for m in MEMORY),
    conditions=conditions.MEMORY,
)


# wrong_claims: the three counts come from the judge, so that it stands by itself.

MEASURES = {"parameters": parameters, "multiply-adds": multiply_adds, "bytes": memory_bytes}
TOLERANCE = 0.02


def claims_about(rng, factors, word="cpf"):
    """Claims about small networks; a factor says how far the claimed number is off."""
    claims = []
    for number, factor in enumerate(factors):
        quantity = list(MEASURES)[draw(rng, 0, 2)]
        net = network(rng, word, bias=True)
        claimed = factor * MEASURES[quantity](net)
        claims.append((f"claim {number}", quantity, net, round(claimed)))
    return claims


def claims_cases(factors, tolerance=TOLERANCE):
    def cases(rng):
        for _ in range(2):
            order = [factors[k] for k in rng.permutation(len(factors))]
            yield claims_about(rng, order), tolerance

    return cases


def claims_again(rng):
    """A claim that comes twice, word for word."""
    claims = claims_about(rng, (1, 1.5, 2))
    yield [*claims, claims[1]], TOLERANCE


def any_claims(rng):
    tolerance = (TOLERANCE, 0.25)[draw(rng, 0, 1)]
    factors = (1, 1, 1 + tolerance / 2, 1 - tolerance / 2, 1.5, 0.6)
    chosen = [factors[k] for k in rng.integers(0, len(factors), draw(rng, 0, 3))]
    return claims_about(rng, chosen, "cf"), tolerance


CLAIMS = replace(conditions.claims(MEASURES), draw=any_claims)


def play_claims(functions, claims, tolerance):
    return functions[0](claims, MEASURES, tolerance)


wrong_claims = Exercise(
    name="wrong_claims",
    reference=lambda claims, tolerance: judged_claims(off)(claims, tolerance, MEASURES),
    groups={
        "too large": both(claims_cases((1, 2, 1, 1.5)), claims_again),
        "too small": claims_cases((0.5, 1, 0.7, 1)),
        # From 1.27 to 0.78: off by 25 percent or not, of the right number, of the claimed one, or
        # of their mean. 1.024: off by 2 percent, if that is rounded.
        "rounded numbers": both(claims_cases((1.01, 0.99, 1.024, 1)),
                                claims_cases((1.27, 1.3, 0.77, 0.78, 1), 0.25),
                                claims_cases((1, 1.5, 1), 0.0), meeting(CLAIMS)),
    },
    conditions=CLAIMS,
    describe=lambda claims, tolerance: (
        f"{len(claims)} claims, tolerance {tolerance:g}: " + "; ".join(
            f"{text}, {number:,} {quantity}" for text, quantity, _, number in claims)
    ),
    results=("the list",),
    play=play_claims,
    misconceptions=tuple(
        type(m)(m.name, m.sentence,
                lambda claims, tolerance, wrong=m.wrong: wrong(claims, tolerance, MEASURES))
        for m in CLAIM_MISTAKES
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
        "one channel": both(fc_cases(one_channel=True, square=False), meeting(
            arrays.FC_TO_CONV, "several channels")),
        "square volumes": both(fc_cases(one_channel=False, square=True), meeting(
            arrays.FC_TO_CONV, "one channel", "wide volume", "tall volume")),
        "non-square volumes": both(fc_cases(one_channel=False, square=False), meeting(
            arrays.FC_TO_CONV, "one channel", "square volume", "1x1 volume")),
    },
    conditions=arrays.FC_TO_CONV,
    describe=lambda w_fc, shape: f"w_fc of shape {w_fc.shape}, volume (C, H, W) = {shape}",
    results=("the array of filters",),
    misconceptions=FC_TO_CONV,
)


dilate = Exercise(
    name="dilate",
    reference=lambda w, dilation: spread(w, dilation, dilation),
    groups={
        "dilation 1": both(each_with_an_array((1, 1), square=True), meeting(
            arrays.DILATED, "dilation 2", "dilation 3")),
        "gaps": both(each_with_an_array((2, 3), square=True), meeting(
            arrays.DILATED, "dilation 1", "wide filter", "tall filter")),
        "non-square filters": both(each_with_an_array((2, 3), square=False), meeting(
            arrays.DILATED, "dilation 1", "square filter", "1x1 filter")),
    },
    conditions=arrays.DILATED,
    describe=lambda w, dilation: f"w of shape {w.shape}, dilation {dilation}",
    results=("the array of filters",),
    misconceptions=DILATE,
)


def depthwise_cases(images, square, biased):
    def cases(rng):
        for N in images:
            C, HH, WW = several(rng, 3)
            # As many places as channels would let biases along the width fit.
            places = draw(rng, 3, 4)
            W = WW + (7 - places if places == C else places) - 1
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
        "everything at once": meeting(arrays.DEPTHWISE),
    },
    conditions=arrays.DEPTHWISE,
    describe=lambda x, w, b: f"x of shape {x.shape}, w of shape {w.shape}",
    results=("out",),
    misconceptions=DEPTHWISE,
)


EXERCISES = [conv_params, count_params, count_macs, memory, wrong_claims, fc_to_conv, dilate,
             depthwise_forward]
