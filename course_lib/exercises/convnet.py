"""Exercises of lesson 07: a whole network, and a look at what it looks at.

A case says what is asked of the student's functions; everything else they return is replaced by
NOT_ASKED on both sides, so that a group judges one thing. Sums over the batch, say, cost the group
that is about many images and no other.
"""

from dataclasses import replace

import numpy as np

from course_lib.exercises._conditions import networks, sizes
from course_lib.judging.cases import draw
from course_lib.judging.compare import show
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.explain import tries
from course_lib.judging.passes import another_batch, elsewhere, pass_between
from course_lib.judging.student_call import copied
from course_lib.mistakes.convnet.network import NETWORK, network
from course_lib.mistakes.convnet.occlusion import OCCLUSION, drops, scores_of
from course_lib.mistakes.convnet.parts import FLAT_SIZE, RELU
from course_lib.mistakes.convnet.softmax import NOT_ASKED, SOFTMAX, softmax
from course_lib.student_error import StudentError

# relu_backward: played together with the student's relu_forward.


def play_relu(functions, dout, x):
    returned = functions[1](x)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise StudentError(["ValueError"], "relu_forward should return two things, (out, cache); "
                           f"yours returns {show(returned)}")
    pass_between(functions[1], x)
    return returned[0], functions[0](dout, returned[1]), x


def relu_cases(shapes):
    def cases(rng):
        for shape in shapes:
            yield rng.standard_normal(shape), rng.standard_normal(shape)
        # A ReLU has no upper limit, however large the numbers are.
        yield rng.standard_normal(shape), 1e5 * rng.standard_normal(shape)

    return cases


relu_backward = Exercise(
    name="relu_backward",
    reference=lambda dout, x: (np.maximum(x, 0), np.where(x > 0, dout, 0), x),
    groups={"values": both(relu_cases([(3, 4), (2, 3, 4, 5)]), meeting(networks.RELU))},
    conditions=networks.RELU,
    describe=lambda dout, x: f"x and dout of shape {x.shape}",
    results=("out", "dx", "the caller's x, after the call,"),
    play=play_relu,
    helpers=("relu_forward",),
    misconceptions=(*RELU, elsewhere(lambda dout, x: (
        np.maximum(x, 0), np.where(another_batch(x) > 0, dout, 0), x))),
)


# flat_size: how many numbers the pooling layer leaves for the affine layer.


def flat_cases(padded, square):
    def cases(rng):
        for _ in range(3):
            size, F = draw(rng, 3, 5), draw(rng, 6, 9)
            pad = draw(rng, 1, 2) if padded else 0
            # Even activation maps, of another size than the image.
            high = 2 * draw(rng, 4, 6)
            wide = high if square else high + 2 * draw(rng, 1, 3)
            H, W = (n + size - 1 - 2 * pad for n in (high, wide))
            if (H, W) != (high, wide):
                yield H, W, F, size, pad
        yield 9, 9 if square else 11, draw(rng, 10, 40), 6, 2 if padded else 0

    return cases


flat_size = Exercise(
    name="flat_size",
    reference=lambda H, W, F, size, pad: (
        F * ((H + 2 * pad - size + 1) // 2) * ((W + 2 * pad - size + 1) // 2)
    ),
    groups={
        "no padding": flat_cases(padded=False, square=True),
        "padding": flat_cases(padded=True, square=True),
        "non-square images": flat_cases(padded=False, square=False),
        "everything at once": meeting(sizes.FLAT_SIZE),
    },
    conditions=sizes.FLAT_SIZE,
    describe=lambda H, W, F, size, pad: (
        f"{H}x{W} images, {F} filters of {size}x{size}, pad {pad}, 2x2 pooling"
    ),
    results=("the count",),
    misconceptions=FLAT_SIZE,
)


# softmax_loss


def only(wanted, value):
    """(loss, dscores) with NOT_ASKED for what is not wanted; whatever is no pair stays as it is."""
    if wanted == "both" or not isinstance(value, (tuple, list)) or len(value) != 2:
        return value
    return tuple(v if name == wanted else NOT_ASKED for name, v in
                 zip(("loss", "gradient"), value, strict=True))


def softmax_cases(wanted, images, level=0.0):
    def cases(rng):
        for N in images:
            classes = draw(rng, 3, 5)
            y = rng.integers(0, classes, N)
            # Quarters around 1000 are exact in float32 as well.
            yield wanted, np.round(8 * rng.standard_normal((N, classes))) / 4 + level, y

    return cases


def large_scores(rng):
    yield from softmax_cases("loss", (1, 1), level=1000.0)(rng)
    # The right class has a probability of 0, as far as a float can say: the loss is 1000.
    yield "loss", np.array([[1000.0, 0.0]]), np.array([1])
    # Far apart, within an image and from one to the next; the losses are 0, summed or averaged.
    yield "loss", np.array([[1000.0, 0.0, 3.0]]), np.array([0])
    yield "loss", np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([0, 0])


softmax_loss = Exercise(
    name="softmax_loss",
    reference=lambda wanted, scores, y: only(wanted, softmax(scores, y)),
    groups={
        "loss of one image": softmax_cases("loss", (1, 1)),
        "loss of many images": softmax_cases("loss", (6, 7)),
        "large scores": large_scores,
        "gradient of one image": softmax_cases("gradient", (1, 1)),
        "gradient of many images": softmax_cases("gradient", (6, 7)),
        "everything at once": meeting(networks.SOFTMAX),
    },
    conditions=networks.SOFTMAX,
    describe=lambda wanted, scores, y: (
        f"{'loss and gradient' if wanted == 'both' else f'the {wanted}'}; {len(y)} "
        f"image{'s' * (len(y) > 1)}, {scores.shape[1]} classes, scores from {scores.min():g} to "
        f"{scores.max():g}, labels {y.tolist()}"
    ),
    results=("loss", "dscores"),
    play=lambda functions, wanted, scores, y: only(wanted, functions[0](scores, y)),
    misconceptions=SOFTMAX,
)


# ConvNet: made from parameters that the case gives, then asked for one thing.

GRADIENTS = {"affine gradients": ("affine_w", "affine_b"), "conv gradients": ("conv_w", "conv_b")}


def answers(scores=NOT_ASKED, labels=NOT_ASKED, loss=NOT_ASKED, grads=NOT_ASKED):
    """What is judged, in the order of the exercise's results."""
    return scores, labels, loss, grads


def play_convnet(functions, wanted, params, pad, X, y):
    net = functions[0](copied(params), pad)
    # Asked twice: a loss that changes the parameters is another one then, and what a network keeps
    # of its first batch is of no use for the next.
    first = (X if tries.under_way else another_batch(X)).copy()
    if wanted == "scores":
        net.scores(first)
        return answers(scores=net.scores(X))
    if wanted == "labels":
        net.predict(first)
        return answers(labels=net.predict(X))
    if wanted in ("loss", "all"):
        net.loss(first, y)
    returned = net.loss(X, y)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        if wanted == "loss" and returned is not None:
            return answers(loss=returned)
        raise StudentError(["ValueError"], "net.loss should return two things, (loss, grads); "
                           f"yours returns {show(returned)}")
    loss, grads = returned
    if wanted == "all":
        return answers(scores=net.scores(X), loss=loss, grads=grads)
    return answers(loss=loss) if wanted == "loss" else answers(grads=grads)


def convnet_answer(wanted, params, pad, X, y, **change):
    """What a network should answer, or one with a mistake in it (see `network`)."""
    scores, labels, loss, grads = network(params, pad, X, y, **change)
    if wanted == "all":
        return scores, NOT_ASKED, loss, grads
    if wanted in GRADIENTS:
        return answers(grads={name: grads[name] for name in GRADIENTS[wanted]})
    return answers(**{wanted: dict(scores=scores, labels=labels, loss=loss)[wanted]})


def of_first_batch(*kept):
    """What the network answers if it keeps some of its answers to the batch before."""
    def wrong(wanted, params, pad, X, y):
        before, now = (convnet_answer(wanted, params, pad, batch, y)
                       for batch in (another_batch(X), X))
        if wanted != "all":
            return before if wanted in kept else now
        return (before[0] if "scores" in kept else now[0],
                *(before if "loss" in kept else now)[1:])

    return wrong


def with_mistake(change):
    """The wrong algorithm with these steps of `network` replaced."""
    return lambda *case: convnet_answer(*case, **change)


def convnet_case(rng, wanted, C=1, HH=3, WW=3, pad=0, rows=4, columns=4, N=None, F=None, low=0):
    """A network whose activation maps have rows x columns numbers, and some images for it.

    low  all scores are so much lower
    """
    drawn = [int(n) for n in 5 + rng.permutation(3)]
    N, F, classes = N or drawn[0], F or drawn[1], drawn[2]
    H, W = rows + HH - 1 - 2 * pad, columns + WW - 1 - 2 * pad
    D = F * (rows // 2) * (columns // 2)
    params = {
        "conv_w": rng.standard_normal((F, C, HH, WW)) * np.sqrt(2 / (C * HH * WW)),
        "conv_b": rng.uniform(-0.5, 0.5, F),
        "affine_w": rng.standard_normal((D, classes)) * np.sqrt(2 / D),
        "affine_b": rng.uniform(-1, 1, classes) - low,
    }
    return wanted, params, pad, rng.standard_normal((N, C, H, W)), rng.integers(0, classes, N)


def convnets(*wanted, **settings):
    """Cases for each thing wanted; each setting is a list with one value for each network."""

    def cases(rng):
        for values in zip(*settings.values(), strict=True):
            for one in wanted:
                yield convnet_case(rng, one, **dict(zip(settings, values, strict=True)))

    return cases


def any_convnet(rng):
    """Asked for everything but the labels, with small numbers."""
    N, C, F = (draw(rng, 1, 2) for _ in "NCF")
    pad = draw(rng, 0, 2)
    HH, WW = (draw(rng, pad + 1, pad + 3) for _ in "HW")
    rows, columns = (2 * draw(rng, 1, 3) for _ in "HW")
    if min(rows + HH, columns + WW) - 1 - 2 * pad < 1:
        return any_convnet(rng)
    return convnet_case(rng, "all", C, HH, WW, pad, rows, columns, N, F)


def describe_convnet(wanted, params, pad, X, y):
    F, _, HH, WW = params["conv_w"].shape
    N, C, H, W = X.shape
    asked = {"all": "scores, loss and gradients",
             "loss": "the loss, asked for a second time"}.get(wanted, f"the {wanted}")
    return (f"{asked}; X {X.shape}: {N} image{'s' * (N > 1)} of {H}x{W}, depth {C}; "
            f"{F} filter{'s' * (F > 1)} of "
            f"{HH}x{WW}, pad {pad}; {len(params['affine_b'])} classes")


CONVNET = replace(networks.CONVNET, draw=any_convnet)

ConvNet = Exercise(
    name="ConvNet",
    reference=convnet_answer,
    groups={
        "scores": convnets("scores", C=(1, 3)),
        "predict": convnets("labels", C=(1, 1, 3), low=(0, 100, 0)),
        "loss": convnets("loss", C=(1, 3)),
        "affine gradients": convnets("affine gradients", C=(1, 3)),
        "conv gradients": convnets("conv gradients", C=(1, 3)),
        # Padding stays below the filter's size: in the padding alone all numbers would be equal,
        # and it is a matter of taste which of equal numbers is the maximum.
        "non-square images": both(
            convnets("scores", "affine gradients", "conv gradients", C=(2, 1), pad=(1, 2),
                     WW=(2, 4), rows=(4, 8), columns=(6, 6)),
            meeting(CONVNET)),
    },
    conditions=CONVNET,
    describe=describe_convnet,
    results=("the array of scores", "the array of labels", "loss", "grads"),
    play=play_convnet,
    misconceptions=tuple(
        Misconception(name, sentence, with_mistake(change), tuple(map(with_mistake, more)))
        for name, sentence, change, *more in NETWORK
    ) + (Misconception(
        "first batch kept",
        "Your network gives the answer for the batch before. What does it keep from the first call "
        "to the second?", of_first_batch("scores", "labels", "loss"), tuple(
            of_first_batch(*kept) for kept in (("loss",), ("labels",), ("scores", "labels")))),),
)


# occlusion_map: the network is any function from images to scores; here a random affine one.


def play_occlusion(functions, weights, bias, image, label, size):
    return functions[0](scores_of(weights, bias), image, label, size)


def occlusion_cases(channels, square):
    def cases(rng):
        for C in channels:
            H, classes = draw(rng, 5, 6), draw(rng, 3, 5)
            image = rng.uniform(0.2, 1, (C, H, H if square else H + draw(rng, 1, 2)))
            weights = rng.standard_normal((image.size, classes))
            yield (weights, rng.uniform(-1, 1, classes), image, draw(rng, 1, classes - 1),
                   draw(rng, 2, 3))

    return cases


occlusion_map = Exercise(
    name="occlusion_map",
    reference=drops,
    groups={
        "square images": occlusion_cases((1, 1), square=True),
        "non-square images": occlusion_cases((1, 1), square=False),
        "colour images": both(occlusion_cases((3, 2), square=True), meeting(networks.OCCLUSION)),
    },
    conditions=networks.OCCLUSION,
    describe=lambda weights, bias, image, label, size: (
        f"image {image.shape}, label {label} of {len(bias)} classes, size {size}"
    ),
    results=("the map",),
    keeps="the image",
    play=play_occlusion,
    misconceptions=OCCLUSION,
)


EXERCISES = [relu_backward, flat_size, softmax_loss, ConvNet, occlusion_map]
