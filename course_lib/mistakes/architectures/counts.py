"""Wrong ways of counting what a network costs: parameters, multiply-adds, memory."""

from course_lib.judging.exercise import Misconception


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
    Misconception("one filter's weights",
                  "You count the weights of one filter. Each of the K filters has its own.",
                  lambda K, F, D: F * F * D + K),
    Misconception("bias for each channel, too",
                  "Each of your filters has a bias for every channel, and one more. It adds one.",
                  lambda K, F, D: (F * F + 1) * D * K + K),
    Misconception("a bias for every place of the filter",
                  "You count a bias for every place of a filter: where do brackets end? It adds "
                  "one.",
                  lambda K, F, D: F * F * (D + 1) * K),
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
    Misconception("width alone",
                  "You count one side of the filters. They are F wide and F high.",
                  counted(lambda layer, b, a: layer["K"] * (
                      layer["F"] * b[2] // layer["groups"] + layer["bias"]), fc_params)),
    Misconception("multiplied by the groups",
                  "You multiply by the groups. With groups a filter sees fewer channels.",
                  counted(lambda layer, b, a: layer["K"] * (
                      layer["F"] ** 2 * b[2] * layer["groups"] + layer["bias"]), fc_params)),
    Misconception("width for both",
                  "Your volumes are square. Their height may be another.",
                  counted(conv_params, lambda layer, b, a: layer["M"] * (
                      b[0] * b[0] * b[2] + layer["bias"]))),
    Misconception("fully connected layers left out",
                  "You leave the fully connected layers out. They have weights, too.",
                  counted(conv_params, lambda *a: 0)),
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
    Misconception("width of the filter alone",
                  "You count one side of the filters. They are F wide and F high.",
                  counted(lambda layer, b, a: (
                      volume(a) * (layer["F"] * b[2] // layer["groups"])), fc_macs)),
    Misconception("multiplied by the groups",
                  "You multiply by the groups. With groups a filter sees fewer channels.",
                  counted(lambda layer, b, a: (
                      volume(a) * layer["F"] ** 2 * b[2] * layer["groups"]), fc_macs)),
    Misconception("number of filters twice",
                  "You multiply with the number of filters twice: the output is as deep as that "
                  "already.",
                  counted(lambda layer, b, a: layer["K"] * conv_macs(layer, b, a), fc_macs)),
    Misconception("divided by the stride",
                  "You divide by the stride. The size of the output knows it already.",
                  counted(lambda *a: conv_macs(*a) // a[0]["S"] ** 2, fc_macs)),
    Misconception("fully connected layers left out",
                  "You leave the fully connected layers out. They multiply, too.",
                  counted(conv_macs, lambda *a: 0)),
)


def shapes(net):
    return [net["input"], *(after for _, _, after in walk(net))]


def volumes(net):
    return [volume(shape) for shape in shapes(net)]


MEMORY = (
    Misconception("input forgotten",
                  "You leave the image itself out. It is kept as well: the first layer's gradient "
                  "needs it.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)[1:])),
    Misconception("last volume forgotten",
                  "The output of the last layer is missing from your sum.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)[:-1])),
    Misconception("first volume alone",
                  "You give the memory of the image. How far is your return indented?",
                  lambda net, bytes_each=4: bytes_each * volumes(net)[0]),
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
    Misconception("width for both",
                  "Your volumes are square. Their height may be another.",
                  lambda net, bytes_each=4: bytes_each * sum(
                      shape[0] ** 2 * shape[2] for shape in shapes(net))),
    Misconception("sides added",
                  "You add width, height and depth. How many numbers are in a volume?",
                  lambda net, bytes_each=4: bytes_each * sum(map(sum, shapes(net)))),
    Misconception("backward pass, too",
                  "Your result is twice the right one. Is it for the way back as well? Going "
                  "forward is asked for.",
                  lambda net, bytes_each=4: 2 * bytes_each * sum(volumes(net))),
    Misconception("in KiB",
                  "You give the memory in KiB. The number of bytes is asked for.",
                  lambda net, bytes_each=4: bytes_each * sum(volumes(net)) / 2**10,
                  (lambda net, bytes_each=4: bytes_each * sum(volumes(net)) // 2**10,
                   lambda net, bytes_each=4: bytes_each * sum(volumes(net)) / 1000,
                   lambda net, bytes_each=4: bytes_each * sum(volumes(net)) // 1000)),
    Misconception("32 bits for bytes",
                  "Without bytes_each, each of your numbers takes 32 bytes. That is how many bits "
                  "it takes.",
                  lambda net, bytes_each=32: bytes_each * sum(volumes(net))),
    Misconception("bytes twice",
                  "You multiply with bytes_each twice.",
                  lambda net, bytes_each=4: bytes_each**2 * sum(volumes(net))),
)
