# %% [markdown]
# # 8 · What networks cost
#
# Networks are compared by how well they do. When you have to run one, other questions come first:
# does it fit into the memory, and how long does it take? Both can be answered with a pencil, before
# a single image is seen. And if you can count, you can check what others have counted.
#
# **After this lesson you can**
#
# - count the parameters, the multiplications and the memory of a network,
# - say which of its parts cost what,
# - find mistakes in famous notes,
# - turn a fully connected layer into a convolution, and say what it is good for,
# - explain dilated and depthwise separable convolutions, and what they save.
#
# **Time:** about 85 minutes. **You need:** lessons 1 and 4 (sizes, shared weights), lesson 2 for
# the second half.
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours.
# A `check` cell tells you at once how you are doing. It costs nothing. Stuck? `hint()`, in a cell
# of your own, gives a step towards the function that you have checked last, never the answer.

# %% setup
import numpy as np

# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, hint, not_yet, pictures, reset, solution, test, widgets


def conv(K, F, S=1, P=0, groups=1, bias=True):
    """K filters of F x F, stride S, padding P."""
    return {"kind": "conv", "K": K, "F": F, "S": S, "P": P, "groups": groups, "bias": bias}


def pool(F, S, P=0):
    """Pooling over F x F, stride S."""
    return {"kind": "pool", "F": F, "S": S, "P": P}


def fc(M, bias=True):
    """A fully connected layer of M neurons."""
    return {"kind": "fc", "M": M, "bias": bias}


def alexnet(groups):
    return {"input": (227, 227, 3), "layers": [
        conv(96, 11, S=4), pool(3, 2), conv(256, 5, P=2, groups=groups), pool(3, 2),
        conv(384, 3, P=1), conv(384, 3, P=1, groups=groups), conv(256, 3, P=1, groups=groups),
        pool(3, 2), fc(4096), fc(4096), fc(1000)]}


def vgg16(size, head):
    blocks = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]
    layers = []
    for K, repeats in blocks:
        layers += [conv(K, 3, P=1)] * repeats + [pool(2, 2)]
    return {"input": (size, size, 3), "layers": layers + head}


LENET5 = {"input": (32, 32, 1), "layers": [
    conv(6, 5), pool(2, 2), conv(16, 5), pool(2, 2), fc(120), fc(84), fc(10)]}
ALEXNET = alexnet(groups=2)
VGG16 = vgg16(224, [fc(4096), fc(4096), fc(1000)])

# %% [markdown]
# ## Before you start: a prediction
#
# This is VGG-16, a network of 2014. It is large and very regular: 3 x 3 filters and 2 x 2 pooling,
# nothing else, and three fully connected layers at the end.

# %% figure: VGG-16
from course_lib import architectures

pictures.architecture(architectures.VGG16, parameters=False)

# %% [markdown]
# Cut it into three parts: the **front** (the first four convolutions), the **middle** (the other
# nine) and the **end** (the three fully connected layers). Which part
#
# 1. has most of the parameters,
# 2. does most of the work, counted in multiplications,
# 3. needs most of the memory for its results?
#
# Write down three guesses. It may be the same part each time, or three different ones.

# %% try: my prediction
most_parameters = "front, middle or end?"
most_work = "front, middle or end?"
most_memory = "front, middle or end?"

# %% [markdown]
# ## 1 · Find the bug: 753 or 760?
# *Easy, 6 minutes.*
#
# In this lesson we read the CS231n notes, so we use their letters once more. A volume is (W, H, D):
# width, height, depth. A layer has **K** filters of **F** x F, stride **S** and padding **P**. (Our
# code says `F` for the number of filters, and HH, WW for their size. We come back to that.)
#
# A famous example: an image of 32 x 32 x 3, and ten filters of 5 x 5. The layer has **760**
# parameters. A friend has written a function and gets 753. "All my weights are there, I have
# counted them: 750!"

# %% figure: one filter
pictures.parameter_sharing((32, 32, 3), K=10, F=5, S=1, P=2)

# %% try: the friend's count
def friends_conv_params(K, F, D):
    return (F * F * K + 1) * D


print(friends_conv_params(K=10, F=5, D=3))
print("and with 3 filters on depth 3:", friends_conv_params(K=3, F=5, D=3))

# %% [markdown]
# **Predict first.** What does the friend count correctly, and what not? Why does the mistake not
# show when there are as many filters as channels?
#
# Write it correctly.

# %% answer: conv_params
def conv_params(K, F, D):
    """The parameters of a convolutional layer, weights and biases.

    K  number of filters
    F  their width and height
    D  depth of the input

    Returns an int.
    """
    ### BEGIN SOLUTION
    return (F * F * D + 1) * K
    ### END SOLUTION

# %% check: conv_params
check("conv_params", conv_params)

# %% test: conv_params values, 2 points
score = test("conv_params", conv_params, group="values", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80101)
### END HIDDEN TESTS
score

# %% [markdown]
# The friend's 750 weights are right: 5 · 5 · 3 · 10, whichever of K and D comes first. The biases are
# not. There is one for each filter, so 10. The friend adds one for each channel, which makes 3. With
# as many filters as channels the two are the same, and the mistake hides.
#
# **And without sharing?** 64 filters of 3 x 3 look at 32 x 32 x 3, without padding. How many
# parameters has this layer as a convolution, and how many as a locally connected layer (lesson 4),
# where each place has filters and biases of its own?
#
# <details><summary>Answer</summary>
# (3 · 3 · 3 + 1) · 64 = 1,792 as a convolution. There are 30 · 30 places, so 900 times as many
# without sharing: 1,612,800.
# </details>

# %% [markdown]
# ## 2 · Parameters
# *Medium, 12 minutes.*
#
# A network is written as data here: a dict with an input shape and a list of layers. You have seen
# `conv`, `pool` and `fc` in the first cell; they make small dicts. Look at one.

# %% try: a network as data
print(LENET5["input"])
for layer in LENET5["layers"]:
    print(layer)

# %% [markdown]
# `fc` stands for fully connected: each of its M neurons sees **all** the numbers of the volume in
# front of it. What comes out is written as a volume, too: 1 x 1 x M.
#
# The sizes you know from lesson 1. This function follows them through a network. Replace it by your
# own if you like.

# %% given: shapes_along
def shapes_along(net):
    """The volumes (W, H, D) along a network: the input, then what each layer makes of it."""
    shapes = [net["input"]]
    for layer in net["layers"]:
        W, H, D = shapes[-1]
        if layer["kind"] == "fc":
            shapes.append((1, 1, layer["M"]))
        else:
            F, S, P = layer["F"], layer["S"], layer["P"]
            depth = layer["K"] if layer["kind"] == "conv" else D
            shapes.append(((W - F + 2 * P) // S + 1, (H - F + 2 * P) // S + 1, depth))
    return shapes

# %% figure: AlexNet
from course_lib import architectures

pictures.architecture(architectures.ALEXNET, parameters=False)

# %% [markdown]
# **Groups.** AlexNet was too large for the graphics cards of 2012, so it was cut in two. In some
# layers half of the filters sees only the first half of the channels, and the other half sees the
# second. That is `groups=2`. With G groups **every filter sees D/G channels**. There are still K
# filters.
#
# **Predict first.** `conv(256, 5, P=2, groups=2)` on a depth of 96. How many weights has one of its
# filters?
#
# <details><summary>Answer</summary>
# <p>5 · 5 · 48 = 1,200. Without groups it would be 5 · 5 · 96 = 2,400.</p>
# </details>
#
# **A puzzle first.** Some filters see only a part of the channels. These lines stand in a loop over
# the layers and count such filters. They are out of order and without their indentation, and **two
# of them are wrong and do not belong there**. Sort them on paper. `D` is the depth of the volume that
# the layer sees.
#
# ```
# half_blind += layer["K"]
# channels_seen = layer["groups"]
# if channels_seen < D:
# channels_seen = D // layer["groups"]
# if layer["kind"] == "conv":
# half_blind += layer["K"] // layer["groups"]
# ```
#
# <details><summary>Which two are wrong?</summary>
# <p>
# <code>channels_seen = layer["groups"]</code>: the number of groups is not what a filter sees. And
# the line that divides the filters by the groups: there are K of them, in all groups together. Only
# what each of them sees gets smaller. For AlexNet the right lines, in the order kind, channels seen,
# comparison, sum, count 256 + 384 + 256 = 896 filters.</p>
# </details>
#
# Now count parameters. Where `layer["bias"]` is False, there are no biases. Pooling learns nothing.

# %% answer: count_params
def count_params(net):
    """The parameters of a network, weights and biases.

    net  {"input": (W, H, D), "layers": [...]}, with layers as conv, pool and fc make them

    Returns an int.
    """
    shapes = shapes_along(net)
    total = 0
    for layer, before, after in zip(net["layers"], shapes, shapes[1:]):
        W, H, D = before  # the volume that the layer sees; `after` is the one it makes
        ### BEGIN SOLUTION
        if layer["kind"] == "conv":
            weights_of_one = layer["F"] * layer["F"] * (D // layer["groups"])
            total += layer["K"] * weights_of_one
            if layer["bias"]:
                total += layer["K"]
        if layer["kind"] == "fc":
            total += layer["M"] * W * H * D
            if layer["bias"]:
                total += layer["M"]
        ### END SOLUTION
    return total

# %% check: count_params
check("count_params", count_params)

# %% test: count_params convolutions, 1 point
score = test("count_params", count_params, group="convolutions", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80201)
### END HIDDEN TESTS
score

# %% test: count_params fully connected, 1 point
score = test("count_params", count_params, group="fully connected", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80202)
### END HIDDEN TESTS
score

# %% test: count_params biases, 1 point
score = test("count_params", count_params, group="biases", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80203)
### END HIDDEN TESTS
score

# %% test: count_params pooling, 1 point
score = test("count_params", count_params, group="pooling", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80204)
### END HIDDEN TESTS
score

# %% test: count_params groups, 1 point
score = test("count_params", count_params, group="groups", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80205)
### END HIDDEN TESTS
score

# %% test: count_params whole networks, 1 point
score = test("count_params", count_params, group="whole networks", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80206)
### END HIDDEN TESTS
score

# %% [markdown]
# Try it on the real ones.
#
# **Predict first:** which is larger, AlexNet with groups or without? By how much, roughly: a few per
# cent, or a factor of two?
#
# <details><summary>Answer, and the four numbers that you should get</summary>
# Without groups it is larger, by about 2 %. Two groups halve the weights of three layers, but nearly
# all the parameters are in the fully connected layers, which have no groups. LeNet-5 has 61,706
# parameters, AlexNet 60,965,224 with two groups and 62,378,344 with one, VGG-16 138,357,544.
# </details>

# %% try: real networks
try:
    for name, net in (("LeNet-5", LENET5), ("AlexNet, two groups", ALEXNET),
                      ("AlexNet, one group", alexnet(groups=1)), ("VGG-16", VGG16)):
        print(f"{name:20} {count_params(net):12,}")
except Exception as error:
    not_yet(error, "This cell needs your count_params. Come back when its check says “passed”.")

# %% [markdown]
# ## 3 · Work
# *Medium, 8 minutes.*
#
# How long a network takes depends on the computer. What it has to compute does not. The usual unit
# is the **multiply-add**, MAC for short: one number times one weight, added to a sum. A neuron with
# 75 weights needs 75 of them.
#
# A filter has few weights, but it works at **every place of its output**. That is the other side of
# sharing: it saves parameters, and no work at all. Here is a filter at work, at 9 places.

# %% figure: nine places
pictures.filter_walk(np.arange(25.0).reshape(5, 5) % 4, np.array([[1.0, 0.0, -1.0]] * 3))

# %% [markdown]
# **Predict first.** AlexNet's first layer: 227 x 227 x 3 in, 55 x 55 x 96 out, filters of 11 x 11.
# How many multiply-adds for one image?
#
# <details><summary>Answer</summary>
# <p>Each number of the output takes 11 · 11 · 3 = 363. There are 55 · 55 · 96 = 290,400 of them:
# 105,415,200 in all. You have met 105 million before: lesson 4 counted 105,705,600 parameters for
# this layer without sharing, which is one weight for each multiply-add, and the biases.</p>
# </details>
#
# Count convolutions and fully connected layers. Biases are added, not multiplied: leave them out.
# Leave out pooling as well, which only compares.

# %% answer: count_macs
def count_macs(net):
    """The multiply-adds of a network for one image.

    net  {"input": (W, H, D), "layers": [...]}, with layers as conv, pool and fc make them

    Returns an int.
    """
    shapes = shapes_along(net)
    total = 0
    for layer, before, after in zip(net["layers"], shapes, shapes[1:]):
        W, H, D = before
        W2, H2, D2 = after
        ### BEGIN SOLUTION
        if layer["kind"] == "conv":
            for_one_number = layer["F"] * layer["F"] * (D // layer["groups"])
            total += W2 * H2 * D2 * for_one_number
        if layer["kind"] == "fc":
            total += W * H * D * layer["M"]
        ### END SOLUTION
    return total

# %% check: count_macs
check("count_macs", count_macs)

# %% test: count_macs convolutions, 1 point
score = test("count_macs", count_macs, group="convolutions", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80301)
### END HIDDEN TESTS
score

# %% test: count_macs stride and padding, 1 point
score = test("count_macs", count_macs, group="stride and padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80302)
### END HIDDEN TESTS
score

# %% test: count_macs fully connected, 1 point
score = test("count_macs", count_macs, group="fully connected", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80303)
### END HIDDEN TESTS
score

# %% test: count_macs groups, 1 point
score = test("count_macs", count_macs, group="groups", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80304)
### END HIDDEN TESTS
score

# %% test: count_macs whole networks, 1 point
score = test("count_macs", count_macs, group="whole networks", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80305)
### END HIDDEN TESTS
score

# %% [markdown]
# VGG-16 should give 15,470,264,320: fifteen billion multiplications to look at one photograph. A
# warning for reading papers: some count a multiplication and an addition as two, and call them
# FLOPs. Their number is then twice yours.

# %% [markdown]
# ## 4 · Memory
# *Easy, 6 minutes.*
#
# When a network is trained, the backward pass needs the results of the forward pass: your caches.
# So all the volumes have to be kept, the image included. A number usually takes 4 bytes.
#
# We count ReLU together with the layer before it, as the notes do. Its way back only asks which
# numbers were positive, and its result still shows that. So a library may let it write over the
# numbers it gets, where nobody else needs them. (The friend in lesson 7 did the same and then asked
# for `>= 0`, which is true of the zeros as well. And there the caller still needed its numbers.)
#
# This picture shows the volumes of LeNet-5.

# %% figure: LeNet-5
from course_lib import architectures

pictures.architecture(architectures.LENET5, parameters=False)

# %% [markdown]
# **Predict first.** LeNet-5 looks at 32 x 32 x 1. Its first layer makes 28 x 28 x 6. Which takes
# more memory, the image or this volume? By what factor?
#
# <details><summary>Answer</summary>
# The volume: 4,704 numbers against 1,024, more than four times as much. Convolutions make volumes
# deeper, and early in a network they are still wide.
# </details>

# %% answer: memory
def memory(net, bytes_each=4):
    """The memory for all volumes of a network, for one image, going forward.

    net         {"input": (W, H, D), "layers": [...]}
    bytes_each  how many bytes one number takes

    Returns the number of bytes, an int. The input counts; parameters do not.
    """
    ### BEGIN SOLUTION
    total = 0
    for W, H, D in shapes_along(net):
        total += W * H * D
    return total * bytes_each
    ### END SOLUTION

# %% check: memory
check("memory", memory)

# %% test: memory volumes, 1 point
score = test("memory", memory, group="volumes", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80401)
### END HIDDEN TESTS
score

# %% test: memory fully connected, 1 point
score = test("memory", memory, group="fully connected", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80402)
### END HIDDEN TESTS
score

# %% test: memory bytes, 1 point
score = test("memory", memory, group="bytes", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80403)
### END HIDDEN TESTS
score

# %% test: memory everything at once, 1 point
score = test("memory", memory, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80404)
### END HIDDEN TESTS
score

# %% [markdown]
# Now for your prediction. Here are the three parts of VGG-16, measured in three ways.

# %% figure: front middle and end
# Below: front middle and end
from math import prod

from course_lib import architectures
from course_lib.arithmetic import layer_table
from course_lib.pictures.picture import SERIES, Picture, drawing, figure


@drawing
def three_parts(shares):
    made = figure(2.2, layout="constrained")
    ax = made.subplots()
    for row, (what, parts) in enumerate(shares.items()):
        left = 0
        for k, share in enumerate(parts):
            ax.barh(row, share, left=left, color=SERIES[k], label="front middle end".split()[k])
            if share > 3:
                ax.text(left + share / 2, row, f"{share:.0f} %", ha="center", va="center",
                        color="white" if k == 0 else "black")
            left += share
    ax.set(yticks=range(3), yticklabels=list(shares), xlim=(0, 100), xlabel="share in %")
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    handles, names = ax.get_legend_handles_labels()
    made.legend(handles[:3], names[:3], loc="outside upper center", ncols=3)
    return Picture(made, "Shares of front, middle and end of VGG-16. " + " ".join(
        f"{what}: {', '.join(f'{share:.1f} %' for share in parts)}."
        for what, parts in shares.items()))


vgg_rows = layer_table(architectures.VGG16)
vgg_parts = vgg_rows[:6], vgg_rows[6:18], vgg_rows[18:]  # pooling counts with what is before it
vgg_counts = {
    "parameters": [sum(row.parameters for row in part) for part in vgg_parts],
    "work": [sum(row.multiply_adds for row in part) for part in vgg_parts],
    "memory": [sum(row.activations for row in part) for part in vgg_parts],
}
vgg_counts["memory"][0] += prod(architectures.VGG16.input_shape)
three_parts({what: [100 * n / sum(parts) for n in parts] for what, parts in vgg_counts.items()})

# %% [markdown]
# Three questions, three answers. The **end** has nine tenths of the parameters and does nearly none
# of the work. The **middle** does most of the work. The **front** needs most of the memory.
#
# The notes say of VGG-16 that most of the memory, and also of the compute time, is used in the early
# layers. Of the memory that is right. The work in your chart says something else: 30 % in the front,
# 69 % in the middle. Multiplications are not seconds, but they are what a layer has to do.
#
# So "a large network" means nothing until you say what is large. The next cell counts some more
# networks. GoogLeNet and ResNet-50 have branches, which is why they are not in your list.

# %% figure: a table of networks
# Below: a table of networks
from course_lib import architectures, arithmetic

print(f"{'network':27}{'parameters':>13}{'multiply-adds':>17}{'memory, MiB':>13}")
for network in architectures.ALL:
    print(f"{network.name:27}{arithmetic.parameters(network):13,}"
          f"{arithmetic.multiply_adds(network):17,}"
          f"{4 * arithmetic.activations(network) / 2**20:13.2f}")

# %% [markdown]
# Look at GoogLeNet and ResNet-50. They have no large fully connected layers at the end, but a mean
# over each activation map. That alone saves a hundred million parameters.

# %% [markdown]
# ## 5 · Mistakes in famous notes
# *Medium, 12 minutes.*
#
# The CS231n notes have taught this subject to half the field. They are very good. They are also
# written by people, and in the chapter on convolutional networks some of the numbers are wrong.
# Thousands have read over them. You have three functions that count, so let them read.
#
# Below are ten claims of the notes, in our words. Each has a text, what it is about, the network,
# and the number that is claimed. 1 MB is taken as 2^20 bytes.

# %% setup: the claims
MB = 2**20
THREE_64 = [conv(64, 3, P=1)] * 3

NOTES = [
    ("AlexNet's first layer has 34,944 parameters",
     "parameters", {"input": (227, 227, 3), "layers": [conv(96, 11, S=4)]}, 34_944),
    ("AlexNet has 60 million parameters", "parameters", ALEXNET, 60_000_000),
    ("AlexNet's first fully connected layer sees 7 x 7 x 512 numbers",
     "numbers seen by the first fc", ALEXNET, 7 * 7 * 512),
    ("VGG-16 has 138 million parameters", "parameters", VGG16, 138_000_000),
    ("VGG-16's first fully connected layer has 102,760,448 weights",
     "parameters", {"input": (7, 7, 512), "layers": [fc(4096)]}, 102_760_448),
    ("VGG-16 keeps 93 MB for one image, going forward", "bytes", VGG16, 93 * MB),
    ("three layers of 64 filters at 224 x 224 keep 72 MB, activations and gradients together",
     "bytes with gradients", {"input": (224, 224, 3), "layers": THREE_64}, 72 * MB),
    ("three 3 x 3 layers on 64 channels have 27 times 64 squared weights",
     "parameters", {"input": (56, 56, 64), "layers": THREE_64}, 27 * 64**2),
    ("one 7 x 7 layer on 64 channels has 49 times 64 squared weights",
     "parameters", {"input": (56, 56, 64), "layers": [conv(64, 7, P=3)]}, 49 * 64**2),
    ("an image of 384 x 384 makes 12 x 12 x 512 numbers in VGG-16",
     "numbers seen by the first fc", vgg16(384, [fc(4096)]), 12 * 12 * 512),
]

# %% figure: the claims
for number, (claim, *_) in enumerate(NOTES):
    print(number, " ", claim)

# %% [markdown]
# **Predict first.** Three of the ten are wrong by more than 2 %. Which? One of them you can find
# without any counting, if you remember what comes out of AlexNet's last pooling layer (lesson 1, or
# the picture above).
#
# Write the function that reads. It gets the ways of counting as functions: `measures["parameters"]`
# is a function from a network to a number, and so on.

# %% answer: wrong_claims
def wrong_claims(claims, measures, tolerance):
    """Which claims about networks are wrong?

    claims     a list of tuples (text, what, net, claimed): what is a name in measures, claimed a
               number
    measures   a dict of functions: measures[what](net) is the right number
    tolerance  how far a claim may be off, as a part of the right number: 0.02 is 2 %, in either
               direction. Rounding is no mistake

    Returns a list of tuples (number, right): the number of each wrong claim, counted from 0, and
    the right number. In the order of the claims.
    """
    ### BEGIN SOLUTION
    found = []
    for number, (text, what, net, claimed) in enumerate(claims):
        right = measures[what](net)
        if abs(claimed - right) > tolerance * right:
            found.append((number, right))
    return found
    ### END SOLUTION

# %% check: wrong_claims
check("wrong_claims", wrong_claims)

# %% test: wrong_claims too large, 1 point
score = test("wrong_claims", wrong_claims, group="too large", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80501)
### END HIDDEN TESTS
score

# %% test: wrong_claims too small, 1 point
score = test("wrong_claims", wrong_claims, group="too small", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80502)
### END HIDDEN TESTS
score

# %% test: wrong_claims rounded numbers, 1 point
score = test("wrong_claims", wrong_claims, group="rounded numbers", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80503)
### END HIDDEN TESTS
score

# %% [markdown]
# And now the notes. All that reads here is yours.

# %% try: reading the notes
def seen_by_first_fc(net):
    kinds = [layer["kind"] for layer in net["layers"]]
    W, H, D = shapes_along(net)[kinds.index("fc")]
    return W * H * D


def with_gradients(net):
    W, H, D = net["input"]  # nobody needs the gradient of the image
    return memory(net, bytes_each=8) - 8 * W * H * D


try:
    measures = {"parameters": count_params, "bytes": memory,
                "bytes with gradients": with_gradients,
                "numbers seen by the first fc": seen_by_first_fc}
    for number, right in wrong_claims(NOTES, measures, tolerance=0.02):
        text, what, net, claimed = NOTES[number]
        print(f"{text}:\n    claimed {claimed:,}, counted {right:,}\n")
except Exception as error:
    not_yet(error, "Here your functions read the notes. Come back when the checks of "
                   "count_params, memory and wrong_claims say “passed”.")

# %% [markdown]
# <details><summary>What the three are (look when your own reader has found them)</summary>
# <ul>
# <li><b>VGG-16's memory.</b> The notes list every volume correctly, and then add them up to 24
# million numbers, 93 MB. The sum of their own list is 15,237,608 numbers, which is 58.1 MB. A slip
# in an addition, printed for years.</li>
# <li><b>AlexNet's 7 x 7 x 512.</b> That is VGG's volume. They halve 224 five times and get 7.
# AlexNet has three pooling layers and a stride of 4, and its last volume is 6 x 6 x 256.</li>
# <li><b>72 MB.</b> 224 · 224 · 64 · 3 = 9,633,792 numbers, at 8 bytes 77,070,336 bytes: 73.5 MB.
# Off by a hair more than 2 %. Is that a mistake or a careless rounding? You decide, in the
# essay.</li>
# </ul>
# </details>
#
# Two more that your reader cannot find. The notes give GoogLeNet 4 million parameters. The table
# above says nearly 7 million for the network of the paper and 6,624,904 for the variant in
# libraries, both without the extra heads that are used in training only. And throughout the notes
# say **convolution** for what is, strictly, cross-correlation: the filter is not flipped. On that
# one the whole field has agreed to be wrong.
#
# ### Why small filters?
#
# Claims 7 and 8 are right, and they are the idea behind VGG. Three layers of 3 x 3 see as much of
# the image as one layer of 7 x 7. They need 27 C² weights in place of 49 C², for C channels, and
# there is a ReLU after each of them. Check with the machine below that the three see as much: choose
# *three 3x3 layers*, then *one 7x7 layer*. Then choose AlexNet: how much of the 227 pixels do the
# units of its last pooling layer see?
#
# <details><summary>Answer</summary>
# 195 pixels. Layer by layer it is 11, 19, 51, 67, 99, 131, 163, 195.
# </details>

# %% figure: the receptive field explorer
widgets.ReceptiveFieldExplorer("three 3x3 layers")

# %% [markdown]
# ## 6 · A fully connected layer is a convolution
# *Medium, 10 minutes.*
#
# From here on we are back in code, with arrays in the order (N, C, H, W). The bridge, for the last
# time:
#
# | | notes, and this lesson so far | our code | many libraries |
# |---|---|---|---|
# | number of filters | K | F | `out_channels`, `filters` |
# | size of a filter | F | HH, WW | `kernel_size` |
# | a volume | (W, H, D) | (C, H, W) | (C, H, W) or (H, W, C) |
# | fully connected | one row of W for each neuron | `w` (D, M): a **column** for each | either |
#
# A neuron of a fully connected layer sees a whole volume, say 7 x 7 x 512, and has a weight for
# each of its numbers. A filter of 7 x 7 on the same volume has as many weights, and a single place
# to stand. It computes the same dot product. So **a fully connected layer is a convolution whose
# filter is as large as its input**. VGG-16's first one is a convolution with K = 4096 and F = 7.
#
# What is that good for? A fully connected layer accepts one size of image only. A convolution
# accepts any. Give the network an image of 384 x 384: the volume in front of the layer is 12 x 12 x
# 512 now, and a filter of 7 fits there several times.

# %% figure: a filter of 7 on 12
pictures.output_size(12, 7)

# %% [markdown]
# 6 places in each direction, 36 in all. The network answers for 36 windows of the large image in a
# single pass, and gives 6 x 6 x 1000 scores. Cutting out the 36 windows and running each through
# the network would give the same kind of answer, at a far higher cost. **Predict first:** how many
# times as much work is it, 36 times or less? You will count it at the end of this section.
#
# To convert a trained network we only have to lay out its weights anew. Each **column** of `w_fc`
# is one neuron. Its D numbers are in the order in which an image (C, H, W) is laid out by
# `reshape`: channel by channel, row by row.
#
# **Predict first.** `w_fc` has shape (128, 10) and the volume is (8, 4, 4). What is the shape of
# the filters?
#
# <details><summary>Answer</summary>
# (10, 8, 4, 4): ten filters, each as large as the volume.
# </details>

# %% answer: fc_to_conv
def fc_to_conv(w_fc, shape):
    """The filters of the convolution that computes the same as a fully connected layer.

    w_fc   array of shape (D, M): out = x.reshape(N, D) @ w_fc, one column for each neuron
    shape  the volume (C, H, W) in front of the layer; D = C*H*W

    Returns the filters, an array of shape (M, C, H, W).
    """
    ### BEGIN SOLUTION
    C, H, W = shape
    M = w_fc.shape[1]
    filters = np.zeros((M, C, H, W))
    for m in range(M):
        filters[m] = w_fc[:, m].reshape(C, H, W)
    return filters
    ### END SOLUTION

# %% check: fc_to_conv
check("fc_to_conv", fc_to_conv)

# %% test: fc_to_conv one channel, 1 point
score = test("fc_to_conv", fc_to_conv, group="one channel", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80601)
### END HIDDEN TESTS
score

# %% test: fc_to_conv square volumes, 1 point
score = test("fc_to_conv", fc_to_conv, group="square volumes", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80602)
### END HIDDEN TESTS
score

# %% test: fc_to_conv non-square volumes, 1 point
score = test("fc_to_conv", fc_to_conv, group="non-square volumes", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80603)
### END HIDDEN TESTS
score

# %% figure: 36 windows at once
# Below: 36 windows at once
rng = np.random.default_rng(1)
w_fc, features = rng.standard_normal((8 * 7 * 7, 5)), rng.standard_normal((8, 12, 12))
windows = [features[:, i : i + 7, j : j + 7] for i in range(6) for j in range(6)]
one_by_one = np.stack([window.reshape(-1) @ w_fc for window in windows])
try:
    # All windows and all filters in one go: this is the convolution.
    every_window = np.lib.stride_tricks.sliding_window_view(features, (7, 7), axis=(1, 2))
    at_once = np.einsum("mcab,cijab->mij", fc_to_conv(w_fc, (8, 7, 7)), every_window)
    print("36 windows through the fully connected layer:", one_by_one.shape)
    print("one pass of the convolution:                 ", at_once.shape)
    print("The scores are the same." if np.allclose(at_once.reshape(5, 36).T, one_by_one)
          else "The scores differ.")
except Exception as error:
    not_yet(error, "Here your own fc_to_conv meets 36 windows. Come back when its check says "
                   "“passed”.")

# %% [markdown]
# What does it save? Let your own counting functions say it, for VGG-16.

# %% try: one pass or 36
try:
    separate = 36 * count_macs(VGG16)
    all_at_once = count_macs(vgg16(384, [conv(4096, 7), conv(4096, 1), conv(1000, 1)]))
    print(f"36 passes: {separate:,}\none pass:  {all_at_once:,}")
    print(f"{separate / all_at_once:.1f} times as much")
except Exception as error:
    not_yet(error, "This cell needs your count_macs. Come back when its check says “passed”.")

# %% [markdown]
# <details><summary>Answer: where the eleven comes from</summary>
# <p>
# The windows are 224 pixels wide and 32 apart, so nearly every pixel lies in several of them. In
# one pass the convolutions work on each pixel once: (384/224)², that is 2.9 times the work for one
# window, in place of 36 times. The last three layers save nothing. They stand at 36 places, once
# for each window. But theirs is less than a hundredth of the work for a window.</p>
# </details>

# %% [markdown]
# ## 7 · Dilation
# *Easy, 7 minutes.*
#
# A filter of 3 x 3 sees little. A larger one costs more. **Dilation** pulls the nine weights apart
# and leaves gaps between them: the filter sees further and has as many weights as before.

# %% figure: dilated filters
nine = np.arange(1.0, 10.0)
apart = [np.zeros((7, 7)) for _ in range(3)]
for made, places in zip(apart, ((2, 3, 4), (1, 3, 5), (0, 3, 6))):
    made[np.ix_(places, places)] = nine.reshape(3, 3)
pictures.filter_bank(np.stack(apart)[:, None], ["dilation 1", "dilation 2", "dilation 3"])

# %% [markdown]
# **A trap between notations.** The notes count the *gaps*: dilation 0 is an ordinary filter.
# Libraries count the *step* from one weight to the next: dilation 1 is an ordinary filter. What is
# "dilation 1" in the notes is `dilation=2` in a library. We count as libraries do.
#
# The picture draws the zeros in the gaps. That is also the easiest way to compute it: a dilated
# convolution is an ordinary convolution with a larger filter that is full of zeros.
#
# **Predict first.** How large is a 3 x 3 filter at dilation 3? And a filter of height HH at
# dilation d?
#
# <details><summary>Answer</summary>
# 7 x 7, as in the picture. In general: HH weights have HH - 1 steps between them, each d wide, so
# the height is (HH - 1) · d + 1, and the width (WW - 1) · d + 1.
# </details>

# %% answer: dilate
def dilate(w, dilation):
    """Filters with zeros between their weights.

    w         filters: an array of shape (F, C, HH, WW)
    dilation  the step from one weight to the next, at least 1; 1 means no gaps

    Returns an array with F filters of C channels, just large enough for the weights and the gaps.
    """
    ### BEGIN SOLUTION
    F, C, HH, WW = w.shape
    out = np.zeros((F, C, (HH - 1) * dilation + 1, (WW - 1) * dilation + 1))
    for i in range(HH):
        for j in range(WW):
            out[:, :, i * dilation, j * dilation] = w[:, :, i, j]
    return out
    ### END SOLUTION

# %% check: dilate
check("dilate", dilate)

# %% test: dilate dilation 1, 1 point
score = test("dilate", dilate, group="dilation 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80701)
### END HIDDEN TESTS
score

# %% test: dilate gaps, 1 point
score = test("dilate", dilate, group="gaps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80702)
### END HIDDEN TESTS
score

# %% test: dilate non-square filters, 1 point
score = test("dilate", dilate, group="non-square filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80703)
### END HIDDEN TESTS
score

# %% [markdown]
# **Predict first.** Three 3 x 3 layers see 7 x 7 pixels. What do they see with dilation 1 in the
# first, 2 in the second and 4 in the third? They have exactly as many weights.
#
# <details><summary>Answer</summary>
# 15 x 15. A layer adds 2 · d to what is seen, for a filter of 3 at dilation d: 1 + 2 + 4 + 8 = 15.
# With dilation 1 in all three it was 1 + 2 + 2 + 2 = 7.
# </details>

# %% figure: three dilated layers
from course_lib.architectures.layers import Conv

pictures.receptive_field([Conv(1, 3, dilation=d) for d in (1, 2, 4)],
                         ["3x3, dilation 1", "3x3, dilation 2", "3x3, dilation 4"])

# %% [markdown]
# ## 8 · Depthwise separable convolution
# *Medium, 11 minutes.*
#
# An ordinary filter does two things at once. It looks at a neighbourhood, and it mixes the
# channels. What if we do one after the other?
#
# 1. **Depthwise**: every channel gets one small filter of its own, which looks at that channel
#    alone. C channels in, C channels out.
# 2. **1 x 1**: mixes the channels at every pixel, as you know from lesson 2.

# %% figure: who sees whom
# Below: who sees whom
from course_lib.pictures.picture import INPUT, OUTPUT, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def who_sees_whom():
    scene = Scene(26, 9.2)
    for left, title, sees in ((1, "ordinary", lambda i, j: True),
                              (10, "depthwise", lambda i, j: i == j),
                              (19, "1 x 1", lambda i, j: True)):
        scene.text(left + 2.9, 0.6, title, 11, weight="bold")
        for k in range(4):
            scene.box(left, 1.4 + 1.9 * k, 1.3, 1.3, tint(INPUT, 0.4), INPUT)
            scene.box(left + 4.6, 1.4 + 1.9 * k, 1.3, 1.3, tint(OUTPUT, 0.4), OUTPUT)
            for j in range(4):
                if sees(k, j):
                    scene.arrow((left + 1.4, 2.05 + 1.9 * k), (left + 4.5, 2.05 + 1.9 * j))
        scene.text(left + 2.9, 8.9, "one pixel" if title == "1 x 1" else "3 x 3 pixels", 9)
    scene.text(8.5, 4.9, "=", 16)
    scene.text(17.5, 4.9, "then", 11)
    return Picture(scene.figure, "Which channel sees which. Ordinary: each of 4 outputs sees "
                   "3 x 3 pixels of all 4 input channels. Depthwise: each sees 3 x 3 pixels of its "
                   "own channel alone. 1 x 1: each sees one pixel of all 4 channels.")


who_sees_whom()

# %% [markdown]
# (The sign "=" is a little generous: the two steps together can do less than an ordinary layer. It
# turns out to be enough.)
#
# **Predict first.** 512 channels in and out, filters of 3 x 3. An ordinary layer has 9 · 512 · 512
# weights. How many do the two steps have together? Roughly which part is that?
#
# <details><summary>Answer</summary>
# <p>
# 9 · 512 for the depthwise step and 512 · 512 for the 1 x 1 step: 266,752 against 2,359,296, about
# a ninth. In general the part is 1/K + 1/F², for K filters of F x F.</p>
# </details>
#
# Write the depthwise step, with stride 1 and no padding.

# %% answer: depthwise_forward
def depthwise_forward(x, w, b):
    """A depthwise convolution with stride 1 and no padding: channel c sees filter c alone.

    x  array of shape (N, C, H, W)
    w  one filter for each channel: an array of shape (C, HH, WW)
    b  one bias for each channel: an array of shape (C,)

    Returns out, an array of shape (N, C, H - HH + 1, W - WW + 1).
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    C, HH, WW = w.shape
    out = np.zeros((N, C, H - HH + 1, W - WW + 1))
    for n in range(N):
        for c in range(C):
            for i in range(H - HH + 1):
                for j in range(W - WW + 1):
                    window = x[n, c, i : i + HH, j : j + WW]
                    out[n, c, i, j] = np.sum(window * w[c]) + b[c]
    return out
    ### END SOLUTION

# %% check: depthwise_forward
check("depthwise_forward", depthwise_forward)

# %% test: depthwise_forward one image, 1 point
score = test("depthwise_forward", depthwise_forward, group="one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80801)
### END HIDDEN TESTS
score

# %% test: depthwise_forward bias, 1 point
score = test("depthwise_forward", depthwise_forward, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80802)
### END HIDDEN TESTS
score

# %% test: depthwise_forward non-square images, 1 point
score = test("depthwise_forward", depthwise_forward, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80803)
### END HIDDEN TESTS
score

# %% test: depthwise_forward everything at once, 1 point
score = test("depthwise_forward", depthwise_forward, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=80804)
### END HIDDEN TESTS
score

# %% [markdown]
# Your counting functions know this layer already: it is a convolution with as many groups as
# channels. Replace all of VGG-16's layers but the first and see what is left. **Predict first:**
# which of the three numbers shrinks most, and which one *grows*?

# %% try: a lighter VGG-16
def lighter(net):
    """The network with its 3x3 layers, but for the first, made separable."""
    layers, depth = [], net["input"][2]
    for number, layer in enumerate(net["layers"]):
        if layer["kind"] == "conv" and number > 0:
            layers += [conv(depth, 3, P=1, groups=depth), conv(layer["K"], 1)]
        else:
            layers.append(layer)
        depth = layer.get("K", depth)
    return {"input": net["input"], "layers": layers}


try:
    for name, net in (("VGG-16", VGG16), ("lighter", lighter(VGG16))):
        print(f"{name:8} {count_params(net):12,} parameters {count_macs(net):15,} multiply-adds "
              f"{memory(net) / 2**20:6.1f} MiB")
except Exception as error:
    not_yet(error, "This cell needs your count_params, count_macs and memory. Come back when "
                   "their checks say “passed”.")

# %% [markdown]
# The work shrinks to an eighth. The parameters hardly change, because nine tenths of them are in
# the fully connected layers, which are still there. And the memory grows: there are two volumes now
# where there was one. Nothing is saved everywhere at once.

# %% [markdown]
# ## 9 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# 1. Choose two of the claims that your reader has called wrong. For each, say how the mistake may
#    have come about, and whether you would call it a mistake. How could the authors have noticed?
# 2. VGG-16 is to run on a telephone, in an app that may have 100 MB. Which of the three numbers is
#    the problem? Change the network so that it fits, and say what you count on.
# 3. VGG-16 is to be trained with 64 images at a time, on a graphics card with 4 GB. Which number is
#    the problem now? Calculate it roughly, and name two ways out.
#
# Studying alone? Save the notebook when you have written yours. Then `solution("what it costs")`,
# in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: what it costs, 3 points [markdown]
# 1. The memory of VGG-16: the list in the notes is right, and its sum is not: 24 million in place
#    of 15.2 million. Somebody has probably added by hand or counted some volumes twice. It is a
#    mistake, since it is off by more than half. A program that adds up the list would have shown
#    it. The 7 x 7 x 512 of AlexNet: the rule "halve five times" belongs to VGG and was remembered
#    for the wrong network. Following the sizes through the layers, as in lesson 1, shows it at
#    once.
#
# 2. The parameters: 138 million at 4 bytes are 553 MB. Nine tenths of them are in the fully
#    connected layers. I would replace these by a mean over each activation map and one layer of
#    1000 neurons. About 15 million parameters are left, 61 MB. I count on the convolutions having
#    found what matters, so that little is lost; the network has to be trained anew to know.
#
# 3. The memory for the volumes. 58 MiB an image, about twice that with the gradients, times 64:
#    more than 7 GB, beside the parameters. Ways out: smaller batches, smaller images, numbers of 2
#    bytes, or throwing volumes away and computing them again on the way back.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** two claims with a plausible cause each (a wrong sum; the wrong network;
#   rounding) and a check that would have shown it. One claim, or no cause: 0.5. That the 72 MB are
#   no real mistake, or that they are, is fine with a reason.
# - **Part 2, 1 point:** the parameters, with a number (138 million, or about 550 MB), and a change
#   that brings them below 25 million (without the fully connected layers; 1 byte a number would
#   give 138 MB, which is not enough alone). Problem named, change missing or too small: 0.5.
# - **Part 3, 1 point:** the memory of the volumes, with 64 times about 58 or 116 MiB (3.6 or 7.3
#   GiB, plus parameters), and two ways out. Number or ways missing: 0.5. Whoever forgets the
#   gradients and finds that it just fits: 0.5.
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **The filter without its depth.** 3 x 3 on 512 channels has 4,608 weights, not 9.
# - **Filters and channels exchanged.** The weights come out right, the biases do not.
# - **The weights of a convolution multiplied by the places.** That is its work, not its parameters.
# - **The places of the input.** With stride 4 this is sixteen times too much.
# - **A fully connected layer that sees the depth alone.** It sees W · H · D numbers.
# - **Groups divided twice.** Each filter sees fewer channels; there are still K filters.
# - **MACs and FLOPs, MB and MiB.** A factor of 2 and of 1.05. Say which you mean.
# - **Dilation 1.** No gap in libraries, one gap in the notes.
#
# ## In two lines
#
# Parameters, work and memory of a network sit in different places, and all three can be counted
# before it runs. And what can be counted can be checked, even in famous notes.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*: "Case studies" and "Computational considerations". You
#   can now read them with a pencil.
# - K. Simonyan, A. Zisserman, *Very Deep Convolutional Networks* (2015): VGG.
# - F. Yu, V. Koltun, *Multi-Scale Context Aggregation by Dilated Convolutions* (2016).
# - A. Howard et al., *MobileNets* (2017): depthwise separable layers on telephones.
# - V. Sze et al., *Efficient Processing of Deep Neural Networks* (2017): what counting leaves out.
#
# This was the last lesson. You have built every part of a convolutional network, and you know what
# it sees, what it costs and where it fails. There is no magic left in it, and that is a good thing.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
