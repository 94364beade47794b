"""Wrong ways of counting and converting layers, for the exercises of lesson 08."""

import functools

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.convolution_forward import (
    FILTER_OF_THE_IMAGE,
    bias_along_the_width,
    filters_by_image,
)
from course_lib.mistakes.going_on import without_the_last
from course_lib.reference.convolution import conv_forward


def walk(net):
    """(layer, shape before, shape after) for each layer of a network written as a dict."""
    shape = net["input"]
    for layer in net["layers"]:
        before = shape
        if layer["kind"] == "fc":
            shape = 1, 1, layer["M"]
        else:
            F, S, P = (layer[letter] for letter in "FSP")
            W, H = ((n - F + 2 * P) // S + 1 for n in before[:2])
            shape = W, H, layer.get("K", before[2])
        yield layer, before, shape


def counted(conv, fc, pool=lambda layer, before, after: 0):
    """A count over a network: what to add for each kind of layer."""
    kinds = {"conv": conv, "fc": fc, "pool": pool}
    return lambda net: sum(kinds[layer["kind"]](layer, *shapes) for layer, *shapes in walk(net))


def last_of(conv, fc):
    """What the last convolution or fully connected layer adds to a count."""
    kinds = {"conv": conv, "fc": fc}

    def wrong(net):
        found = [kinds[layer["kind"]](layer, *shapes) for layer, *shapes in walk(net)
                 if layer["kind"] in kinds]
        return found[-1] if found else 0

    return wrong


def volume(shape):
    return shape[0] * shape[1] * shape[2]


def places(shape):
    return shape[0] * shape[1]


def seen(layer, before):
    """Weights of one filter of a convolution."""
    return layer["F"] ** 2 * before[2] // layer["groups"]


def conv_params(layer, before, after):
    return layer["K"] * (seen(layer, before) + layer["bias"])


def fc_params(layer, before, after):
    return layer["M"] * (volume(before) + layer["bias"])


def conv_macs(layer, before, after):
    return volume(after) * seen(layer, before)


def fc_macs(layer, before, after):
    return layer["M"] * volume(before)


CONV_PARAMS = (
    Misconception("filters and depth exchanged",
                  "The bug is still there. The number of weights is right, because a product does "
                  "not care about the order. How many biases do you count?",
                  lambda K, F, D: (F * F * K + 1) * D),
    Misconception("bias forgotten",
                  "You count the weights alone. Each filter has a bias, too.",
                  lambda K, F, D: F * F * D * K),
    Misconception("depth forgotten",
                  "Your filters are flat. A filter is as deep as the input.",
                  lambda K, F, D: (F * F + 1) * K),
    Misconception("one bias for the layer",
                  "You count one bias for the whole layer. Each filter has its own.",
                  lambda K, F, D: F * F * D * K + 1),
    Misconception("a bias for each channel",
                  "You count a bias for each channel of each filter. A filter gives one sum, and "
                  "adds one bias to it.",
                  lambda K, F, D: (F * F + 1) * D * K),
    Misconception("width alone",
                  "You count one side of the filter. It is F wide and F high.",
                  lambda K, F, D: (F * D + 1) * K),
    Misconception("twice for squared",
                  "You count 2 · F weights for each channel. A filter of F x F has F · F.",
                  lambda K, F, D: (2 * F * D + 1) * K),
)

def one_bias(layer, before, after):
    return conv_params(layer, before, after) - (layer["K"] - 1) * layer["bias"]


COUNT_PARAMS = (
    Misconception("biases forgotten",
                  "You count the weights alone. Where layer['bias'] is True, each filter and each "
                  "neuron has a bias.",
                  counted(lambda *a: conv_params(*a) - a[0]["K"] * a[0]["bias"],
                          lambda *a: fc_params(*a) - a[0]["M"] * a[0]["bias"])),
    Misconception("a bias everywhere",
                  "You count a bias where there is none. layer['bias'] says whether a layer has "
                  "biases.",
                  counted(lambda *a: conv_params(*a) + a[0]["K"] * (not a[0]["bias"]),
                          lambda *a: fc_params(*a) + a[0]["M"] * (not a[0]["bias"]))),
    Misconception("depth forgotten",
                  "Your filters are flat. A filter is as deep as its input.",
                  counted(lambda layer, before, after: layer["K"] * (
                      layer["F"] ** 2 + layer["bias"]), fc_params)),
    Misconception("multiplied by the places",
                  "You count the weights again at every place. A filter is shared by all places.",
                  counted(lambda *a: conv_params(*a) * places(a[2]), fc_params)),
    Misconception("fully connected to the depth alone",
                  "Your fully connected layer sees one number for each channel. It sees the whole "
                  "volume.",
                  counted(conv_params,
                          lambda layer, b, a: layer["M"] * (b[2] + layer["bias"]))),
    Misconception("pooling counted",
                  "You count weights for pooling layers. They learn nothing.",
                  counted(conv_params, fc_params, lambda layer, b, a: layer["F"] ** 2 * b[2])),
    Misconception("groups ignored",
                  "With groups, a filter sees a part of the channels alone. How many?",
                  counted(lambda layer, before, after: layer["K"] * (
                      layer["F"] ** 2 * before[2] + layer["bias"]), fc_params)),
    Misconception("divided by the groups twice",
                  "You divide by the groups twice: each of all K filters sees D/groups channels.",
                  counted(lambda layer, before, after: layer["K"] // layer["groups"] * (
                      seen(layer, before) + layer["bias"]), fc_params)),
    Misconception("depth of the input for all layers",
                  "All your filters are as deep as the network's input. A layer works on what the "
                  "layer before it has left.",
                  lambda net: counted(
                      lambda layer, before, after: conv_params(layer, net["input"], after),
                      fc_params)(net)),
    Misconception("one bias for the layer",
                  "You count one bias for a whole layer. Each filter and each neuron has its own.",
                  counted(one_bias, lambda *a: fc_params(*a) - (a[0]["M"] - 1) * a[0]["bias"]),
                  (counted(one_bias, fc_params),)),
    Misconception("one bias for each group",
                  "You count one bias for each group of channels. Each filter has its own.",
                  counted(lambda *a: conv_params(*a) - (
                      a[0]["K"] - a[0]["groups"]) * a[0]["bias"], fc_params)),
    Misconception("biases divided by the groups",
                  "You divide the biases by the groups, too. Each of all K filters has one, "
                  "whatever part of the channels it sees.",
                  counted(lambda *a: conv_params(*a) - (
                      a[0]["K"] - a[0]["K"] // a[0]["groups"]) * a[0]["bias"], fc_params)),
    Misconception("fully connected to its own output",
                  "Your fully connected layer sees what it makes itself. It sees the volume "
                  "before it.",
                  counted(conv_params,
                          lambda layer, b, a: layer["M"] * (volume(a) + layer["bias"]))),
    Misconception("last layer alone",
                  "You give the parameters of the last layer that has some. Those of all layers "
                  "add up: look at = and +=.",
                  last_of(conv_params, fc_params)),
)


COUNT_MACS = (
    Misconception("once for the image",
                  "You count each weight once. A filter is used at every place of its output.",
                  counted(lambda layer, b, a: layer["K"] * seen(layer, b), fc_macs)),
    Misconception("places of the input",
                  "You count the pixels of the layer's input. The filter is laid on once for each "
                  "place of the output.",
                  counted(lambda layer, b, a: places(b) * layer["K"] * seen(layer, b), fc_macs)),
    Misconception("biases counted",
                  "You count the biases. They are added, not multiplied, and are left out here.",
                  counted(lambda layer, b, a: volume(a) * (seen(layer, b) + 1),
                          lambda layer, b, a: layer["M"] * (volume(b) + 1)),
                  (counted(lambda layer, b, a: volume(a) * (seen(layer, b) + 1), fc_macs),)),
    Misconception("multiplications and additions apart",
                  "Your result is twice the right one: you count a multiplication and an addition "
                  "as two. Here they are one multiply-add.",
                  counted(lambda *a: 2 * conv_macs(*a), lambda *a: 2 * fc_macs(*a))),
    Misconception("groups ignored",
                  "With groups, each filter multiplies with a part of the channels alone.",
                  counted(lambda layer, b, a: volume(a) * layer["F"] ** 2 * b[2], fc_macs)),
    Misconception("depth forgotten",
                  "Your filters are flat. A filter multiplies with all the channels it sees.",
                  counted(lambda layer, b, a: volume(a) * layer["F"] ** 2, fc_macs)),
    Misconception("number of filters forgotten",
                  "You count one filter. All of them have to do the work.",
                  counted(lambda layer, b, a: places(a) * seen(layer, b), fc_macs)),
    Misconception("width for both",
                  "Your activation maps are square. Their height may be another.",
                  counted(lambda layer, b, a: a[0] * a[0] * a[2] * seen(layer, b),
                          lambda layer, b, a: layer["M"] * b[0] * b[0] * b[2])),
    Misconception("pooling counted",
                  "You count pooling layers. They compare numbers and multiply nothing.",
                  counted(conv_macs, fc_macs, lambda layer, b, a: volume(a) * layer["F"] ** 2)),
    Misconception("divided by the groups twice",
                  "You divide by the groups twice: each of all K filters multiplies with D/groups "
                  "channels.",
                  counted(lambda *a: conv_macs(*a) // a[0]["groups"], fc_macs)),
    Misconception("fully connected layers count their neurons",
                  "You count the neurons of a fully connected layer. Each multiplies with all the "
                  "numbers of the volume before it.",
                  counted(conv_macs, lambda layer, b, a: layer["M"])),
    Misconception("as deep as their own output",
                  "Your filters are as deep as what the layer makes. A filter is as deep as what "
                  "the layer sees.",
                  counted(lambda layer, b, a: volume(a) * seen(layer, a), fc_macs)),
    Misconception("biases counted where there are some",
                  "You count the biases with the weights. They are added, not multiplied, and are "
                  "left out here.",
                  counted(lambda *a: conv_macs(*a) + volume(a[2]) * a[0]["bias"],
                          lambda *a: fc_macs(*a) + a[0]["M"] * a[0]["bias"])),
    Misconception("last layer alone",
                  "You give the work of the last layer that has some. That of all layers adds up: "
                  "look at = and +=.",
                  last_of(conv_macs, fc_macs)),
)


def volumes(net):
    return [volume(net["input"]), *(volume(after) for _, _, after in walk(net))]


MEMORY = (
    Misconception("input forgotten",
                  "You leave the image itself out. It is kept as well: the first layer's gradient "
                  "needs it.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)[1:])),
    Misconception("last volume forgotten",
                  "The output of the last layer is missing from your sum.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)[:-1])),
    Misconception("largest volume alone",
                  "You give the memory of the largest volume. The backward pass needs all of them.",
                  lambda net, bytes_each=4: bytes_each * max(volumes(net))),
    Misconception("bytes forgotten",
                  "You count the numbers. Each of them takes bytes_each bytes.",
                  lambda net, bytes_each=4: sum(volumes(net))),
    Misconception("bytes taken for bits",
                  "You count bits. The question is how many bytes.",
                  lambda net, bytes_each=4: 8 * bytes_each * sum(volumes(net))),
    Misconception("one channel of each volume",
                  "You count one channel of each volume. A volume is as deep as it has channels.",
                  lambda net, bytes_each=4: bytes_each * (places(net["input"]) + sum(
                      places(after) for _, _, after in walk(net)))),
    Misconception("4 bytes always",
                  "Each of your numbers takes 4 bytes, whatever bytes_each is.",
                  lambda net, bytes_each=4: 4 * sum(volumes(net))),
    Misconception("8 bytes by default",
                  "Without bytes_each, a number takes 4 bytes. See the first line of the function.",
                  lambda net, bytes_each=8: bytes_each * sum(volumes(net))),
    Misconception("volumes in the middle twice",
                  "You count what comes into each layer and what comes out of it. What comes out "
                  "of one layer is what comes into the next: it is kept once.",
                  lambda net, bytes_each=4: bytes_each * (
                      2 * sum(volumes(net)) - volumes(net)[0] - volumes(net)[-1])),
    Misconception("parameters counted",
                  "You count the parameters, too. This is about the volumes alone.",
                  lambda net, bytes_each=4: bytes_each * (
                      sum(volumes(net)) + counted(conv_params, fc_params)(net))),
    Misconception("pooling left out",
                  "You leave out what comes out of pooling layers. It is kept like all others.",
                  lambda net, bytes_each=4: bytes_each * (volume(net["input"]) + sum(
                      volume(after) for layer, _, after in walk(net) if layer["kind"] != "pool"))),
    Misconception("in MiB",
                  "You give the memory in MiB. The number of bytes is asked for.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)) / 2**20),
)


def judged_claims(is_wrong, entry=lambda number, right, claimed: (number, right)):
    """Claims listed by a rule: is_wrong(right number, claimed number, tolerance)."""

    def wrong(claims, tolerance, measures):
        found = []
        for number, (_, quantity, net, claimed) in enumerate(claims):
            right = measures[quantity](net)
            if is_wrong(right, claimed, tolerance):
                found.append(entry(number, right, claimed))
        return found

    return wrong


def off(right, claimed, tolerance):
    return abs(claimed - right) > tolerance * right


CLAIMS = (
    Misconception("rounded numbers called wrong",
                  "You list every claim that is not exact. A rounded number is no mistake: allow "
                  "for the tolerance, which is a part of the right number: 0.02 of 1,000 is 20.",
                  judged_claims(lambda right, claimed, tolerance: claimed != right)),
    Misconception("first one only",
                  "You stop at the first wrong claim. Is there a return inside your loop?",
                  lambda *case: judged_claims(off)(*case)[:1]),
    Misconception("too large only",
                  "You find the claims that are too large. One can be wrong in the other "
                  "direction, too.",
                  judged_claims(lambda right, claimed, t: claimed - right > t * right)),
    Misconception("too small only",
                  "You find the claims that are too small. One can be wrong in the other "
                  "direction, too.",
                  judged_claims(lambda right, claimed, t: right - claimed > t * right)),
    Misconception("right claims listed",
                  "You list the claims that are right.",
                  judged_claims(lambda *claim: not off(*claim))),
    Misconception("tolerance of the claim",
                  "You allow for a share of the claimed number. The tolerance is a share of the "
                  "right one.",
                  judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) > tolerance * claimed))),
    Misconception("exactly at the limit",
                  "You also list a claim that is off by just as much as it may be. With tolerance "
                  "0 that is a claim without any error.",
                  judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) >= tolerance * right))),
    Misconception("claimed number given",
                  "Beside each claim you give the number that it claims. Give the right one.",
                  judged_claims(off, lambda number, right, claimed: (number, claimed))),
    Misconception("counted from 1",
                  "You number the claims from 1. As everywhere in Python, the first is number 0.",
                  judged_claims(off, lambda number, right, claimed: (number + 1, right))),
    Misconception("number of an equal claim",
                  "A claim that comes twice has the same number twice: index finds the first of "
                  "equal entries. What does your loop know of the place it is at?",
                  lambda claims, *case: [(claims.index(claims[number]), right) for number, right in
                                         judged_claims(off)(claims, *case)]),
    Misconception("2 % always",
                  "Your limit is 2 %, whatever the tolerance is.",
                  judged_claims(lambda right, claimed, t: abs(claimed - right) > 0.02 * right)),
    Misconception("ratio for difference",
                  "You compare a ratio with the tolerance: that of a right claim is 1, and not 0. "
                  "By how much is the claim off?",
                  judged_claims(lambda right, claimed, t: claimed / right > t)),
    Misconception("last claim alone",
                  "You know the last claim alone. Where does your list start to be empty?",
                  lambda *case: [one for one in judged_claims(off)(*case)
                                 if one[0] == len(case[0]) - 1]),
)


def as_filters(order):
    """Weights (D, M) laid out in the order of C, H, W that `order` names, as (M, C, H, W)."""

    def wrong(w_fc, shape):
        sizes = dict(zip("CHW", shape, strict=True))
        w = w_fc.T.reshape(-1, *(sizes[letter] for letter in order))
        return w.transpose(0, *(1 + order.index(letter) for letter in "CHW"))

    return wrong


FC_TO_CONV = (
    Misconception("reshape without transpose",
                  "Your shape is right and the numbers are mixed up: the weights of one neuron are "
                  "a column of w_fc, and your reshape reads along the rows.",
                  lambda w_fc, shape: w_fc.reshape(-1, *shape)),
    Misconception("channels last",
                  "You read a column as height, width, channels. In this course an image is laid "
                  "out as channels, height, width.",
                  as_filters("HWC")),
    Misconception("the notes' order",
                  "You read a column in the notes' order: x, y, depth. In this course an image is "
                  "laid out as channels, height, width.",
                  as_filters("WHC")),
    Misconception("flipped filters",
                  "Your filters are flipped. The layer lays them on as they are.",
                  lambda w_fc, shape: as_filters("CHW")(w_fc, shape)[:, :, ::-1, ::-1]),
    Misconception("rows for neurons",
                  "You take a row of w_fc for a neuron, and it has M numbers. A neuron is a "
                  "column.",
                  lambda w_fc, shape: np.stack([w_fc[m].reshape(shape)
                                                for m in range(w_fc.shape[1])])),
    Misconception("height and width exchanged",
                  "Your filters are as high as the volume is wide. The shape is (C, H, W): which "
                  "comes second?",
                  lambda w_fc, shape: w_fc.T.reshape(-1, shape[0], shape[2], shape[1])),
    Misconception("neurons last",
                  "Your numbers are right, but the neurons are the last axis. They become the "
                  "filters, and filters come first: (M, C, H, W).",
                  lambda w_fc, shape: w_fc.reshape(*shape, -1)),
)


def spread(w, rows, columns):
    """Weights with rows - 1 and columns - 1 zeros between them, down and to the right."""
    F, C, HH, WW = w.shape
    out = np.zeros((F, C, (HH - 1) * rows + 1, (WW - 1) * columns + 1))
    out[:, :, ::rows, ::columns] = w
    return out


def in_the_corner(w, dilation):
    out = np.zeros_like(spread(w, dilation, dilation))
    out[:, :, : w.shape[2], : w.shape[3]] = w
    return out


def in_room_of(size):
    """Dilated filters of size(n, dilation) along a side of n weights; where they do not fit, it
    stops."""
    def wrong(w, dilation):
        out = np.zeros((*w.shape[:2], *size(*w.shape[2:], dilation)))
        out[:, :, ::dilation, ::dilation] = w
        return out

    return wrong


as_wide_as_high = in_room_of(lambda HH, WW, d: ((HH - 1) * d + 1,) * 2)
with_one_gap = in_room_of(lambda HH, WW, d: (HH + d, WW + d))


DILATE = (
    Misconception("counted from 0",
                  "You put `dilation` zeros between two weights. That is how the notes count. In "
                  "libraries dilation 1 means no gap at all.",
                  lambda w, dilation: spread(w, dilation + 1, dilation + 1)),
    Misconception("zeros at the end",
                  "Your filters end in zeros. The zeros stand between the weights; behind the "
                  "last one there is none.",
                  lambda w, dilation: np.kron(w, np.eye(dilation)[:1].T * np.eye(dilation)[:1])),
    Misconception("weights repeated",
                  "You repeat the weights. The gaps are filled with zeros.",
                  lambda w, dilation: w.repeat(dilation, axis=2).repeat(dilation, axis=3)),
    Misconception("rows alone",
                  "Your gaps run in one direction alone: there are none to the right.",
                  lambda w, dilation: spread(w, dilation, 1)),
    Misconception("columns alone",
                  "Your gaps run in one direction alone: there are none downwards.",
                  lambda w, dilation: spread(w, 1, dilation)),
    Misconception("height for both",
                  "Your filters are as wide as they are high. Work the width out from WW.",
                  as_wide_as_high),
    Misconception("size of one gap",
                  "You make room for one gap. There is one between every two weights: how many "
                  "are these?",
                  with_one_gap),
    Misconception("weights left in the corner",
                  "Your array has the right size, but the weights still stand close together in "
                  "its corner.",
                  in_the_corner),
)


def depthwise(x, w, b):
    """The right output."""
    return conv_forward(x, w[:, None], b, groups=len(w))[0]


def all_channels(x, w, b):
    return conv_forward(x, np.repeat(w[:, None], len(w), axis=1), b)[0]


def by_matrix_products(x, w, b):
    HH, WW = w.shape[1:]
    H2, W2 = x.shape[2] - HH + 1, x.shape[3] - WW + 1
    out = np.zeros((*x.shape[:2], H2, W2))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = (x[n, c, i : i + HH, j : j + WW] @ w[c]).sum() + b[c]
    return out


DEPTHWISE = (
    bias_along_the_width(depthwise),
    Misconception(*FILTER_OF_THE_IMAGE, functools.partial(filters_by_image, layer=depthwise)),
    Misconception("channels added up",
                  "You add the channels up, as an ordinary convolution does. Here every channel "
                  "stays by itself: C in, C out.",
                  lambda x, w, b: (depthwise(x, w, 0 * b).sum(axis=1, keepdims=True)
                                   + b.reshape(1, -1, 1, 1))),
    Misconception("every filter on every channel",
                  "Each of your filters looks at all channels. Filter c looks at channel c alone.",
                  all_channels),
    Misconception("first filter for all",
                  "You use the first filter for all channels.",
                  lambda x, w, b: depthwise(x, np.repeat(w[:1], len(w), axis=0), b)),
    Misconception("bias forgotten",
                  "There is no bias in your output. Channel c adds b[c].",
                  lambda x, w, b: depthwise(x, w, 0 * b)),
    Misconception("first bias for all",
                  "All your channels use the bias of the first one.",
                  lambda x, w, b: depthwise(x, w, 0 * b + b[0])),
    Misconception("flipped filter",
                  "Your filters are flipped. Networks lay the filter on as it is.",
                  lambda x, w, b: depthwise(x, w[:, ::-1, ::-1], b)),
    Misconception("mean for sum",
                  "Your results are means over the window. A filter is a dot product: a sum.",
                  lambda x, w, b: depthwise(x, w / w[0].size, b)),
    Misconception("images added up",
                  "All your images come out equal: a window of yours reaches through all of them. "
                  "Look which axes you sum over.",
                  lambda x, w, b: depthwise(
                      np.repeat(x.sum(axis=0, keepdims=True), len(x), axis=0), w, b)),
    Misconception("loops one place too short",
                  "The last row and the last column of your output are 0: they are never written. "
                  "The end of a range does not belong to it.",
                  lambda x, w, b: without_the_last(depthwise(x, w, b))),
    Misconception("matrix product for a dot product",
                  "You multiply window and filter as matrices (@, or np.dot). A dot product "
                  "multiplies number by number (*) and adds up.",
                  by_matrix_products),
)
