"""Tiny worlds of lesson 07: ReLU, softmax and the map of what a network looks at.

Training has none: what it does cannot be shrunk to a few numbers. A whole network has one without
sums and numbers for pencil and paper.
"""

import math

import numpy as np

from course_lib.judging.explain.world import Fact, World

MANY = Fact("there are several images", "there is one image", lambda t: t.N > 1)


def relu_numbers(t, rng):
    x = rng.uniform(1, 3, (t.rows, t.columns)) * {"above": 1, "below": -1}.get(t.sign, 1)
    if t.sign == "both":
        x.flat[0] *= -1
    if t.sign == "zero":
        x.flat[0] = 0
    return {"dout": rng.uniform(1, 3, x.shape) * rng.choice([-1, 1], x.shape), "x": x}


relu_backward = World(
    "relu_backward",
    {"rows": (1, 2), "columns": (1, 2), "sign": ("above", "below", "both", "zero")},
    larger={"rows": (1, 3), "columns": (2, 4)}, arguments=lambda t: (t.dout, t.x),
    call="relu_backward({dout}, relu_forward({x})[1])", make=relu_numbers,
    facts=(Fact("a number of x is below 0", "no number of x is below 0",
                lambda t: t.sign in ("below", "both")),
           Fact("a number of x is 0", "no number of x is 0", lambda t: t.sign == "zero"),
           Fact("a number of x is above 0", "no number of x is above 0",
                lambda t: (t.x > 0).any()),
           Fact("x has several numbers", "x has one number", lambda t: t.rows * t.columns > 1)),
    shapes=lambda t: {"dout": (t.rows, t.columns), "x": (t.rows, t.columns)}, kept=("x", "dout"))


def softmax_numbers(t, rng):
    scores = np.round(4 * rng.standard_normal((t.N, t.classes))) / 2
    return {"scores": scores + t.level, "y": (np.arange(t.N) + t.label) % t.classes}


softmax_loss = World(
    "softmax_loss", {"N": (1, 2, 3), "classes": (2, 3), "level": (0, 1000), "label": (0, 1)},
    larger={"N": (1, 4, 5), "classes": (2, 4, 5)}, make=softmax_numbers,
    arguments=lambda t: ("both", t.scores, t.y), call="softmax_loss({scores}, {y})",
    facts=(MANY, Fact("scores are large", "scores are small", lambda t: t.level > 0),
           Fact("there are more than two classes", "there are two classes",
                lambda t: t.classes > 2),
           Fact("the first label is not 0", "the first label is 0", lambda t: t.label)),
    shapes=lambda t: {"scores": (t.N, t.classes), "y": (t.N,)})


def occlusion_numbers(t, rng):
    image = rng.uniform(0.2, 1, (t.C, t.H, t.W))
    return {"weights": rng.standard_normal((image.size, 2)), "image": image}


occlusion_map = World(
    "occlusion_map", {"C": (1, 2), "H": (2, 3), "W": (2, 3), "size": (1, 2), "label": (0, 1)},
    larger={"C": (1, 3), "H": (3, 4, 5), "W": (3, 4, 6), "size": (1, 2, 3)},
    allowed=lambda t: t.size <= min(t.H, t.W),
    arguments=lambda t: (t.weights, np.zeros(2), t.image, t.label, t.size),
    call="occlusion_map(lambda X: X.reshape(len(X), -1) @ {weights}, {image}, {label}, {size})",
    make=occlusion_numbers,
    facts=(Fact("the image has several channels", "the image has one channel", lambda t: t.C > 1),
           Fact("H and W differ", "H = W", lambda t: t.H != t.W),
           Fact("size is more than 1", "size is 1", lambda t: t.size > 1),
           Fact("the label is not 0", "the label is 0", lambda t: t.label)),
    shapes=lambda t: {"weights": (t.C * t.H * t.W, 2), "image": (t.C, t.H, t.W)},
    kept=("image",))

ANSWERS = {"scores": ".scores({X})", "labels": ".predict({X})", "loss": ".loss({X}, {y})[0]",
           "affine gradients": ".loss({X}, {y})[1]", "conv gradients": ".loss({X}, {y})[1]"}


def parameters(t):
    return {name: t[name] for name in ("conv_w", "conv_b", "affine_w", "affine_b")}


def network_shapes(t):
    return {"conv_w": (t.F, t.C, t.HH, t.WW), "conv_b": (t.F,),
              "affine_w": (t.F * t.rows * t.columns // 4, t.classes), "affine_b": (t.classes,),
              "X": (t.N, t.C, t.rows + t.HH - 1 - 2 * t.pad, t.columns + t.WW - 1 - 2 * t.pad)}


def network_numbers(t, rng):
    # Small numbers: where softmax is all but sure, float32 leaves nothing of the gradient.
    made = {name: rng.uniform(-1, 1, shape).round(2)
            for name, shape in network_shapes(t).items()}
    made["conv_b"] = (made["conv_b"] + 1).round(2)  # most maps have a number above 0
    return made | {"y": (np.arange(t.N) + 1) % t.classes}


def answer_call(t):
    arrays = {name: f"np.array({value.tolist()})" for name, value in t.items()
              if isinstance(value, np.ndarray)}
    named = ", ".join(f"'{name}': {arrays[name]}" for name in parameters(t))
    return f"({{{named}}}, {t.pad})" + ANSWERS[t.wanted].format(**arrays)


ConvNet = World(
    "ConvNet",
    {"wanted": tuple(ANSWERS), "N": (1, 2), "C": (1, 2), "F": (1, 2), "HH": (1, 2, 3),
     "WW": (1, 2, 3), "pad": (0, 1), "rows": (2, 4), "columns": (2, 4), "classes": (2, 3)},
    larger={"N": (1, 3), "C": (1, 3), "F": (1, 3), "pad": (0, 1, 2), "classes": (2, 4)},
    allowed=lambda t: t.pad < min(t.HH, t.WW) and min(
        t.rows + t.HH, t.columns + t.WW) - 1 - 2 * t.pad > 0,
    arguments=lambda t: (t.wanted, parameters(t), t.pad, t.X, t.y), make=network_numbers,
    amount=lambda t: sum(map(math.prod, network_shapes(t).values())),
    call="ConvNet{network}", words=lambda t: {"network": answer_call(t)},
    facts=(*(Fact(f"the {words} asked for", f"the {words} not asked for",
                  lambda t, name=name: t.wanted == name) for name, words in (
                      ("scores", "scores are"), ("labels", "labels are"), ("loss", "loss is"),
                      ("affine gradients", "affine gradients are"),
                      ("conv gradients", "conv gradients are"))),
           Fact("gradients are asked for", "no gradients are asked for",
                lambda t: "gradients" in t.wanted),
           Fact("loss or gradients are asked for", "scores or labels are asked for",
                lambda t: t.wanted not in ("scores", "labels")),
           MANY, Fact("there are several channels", "there is one channel", lambda t: t.C > 1),
           Fact("there are several filters", "there is one filter", lambda t: t.F > 1),
           Fact("pad is 0", "pad is not 0", lambda t: t.pad == 0),
           Fact("HH and WW differ", "HH = WW", lambda t: t.HH != t.WW),
           Fact("the activation maps are square", "the activation maps are not square",
                lambda t: t.rows == t.columns),
           Fact("a filter is 1x1", "no filter is 1x1", lambda t: t.HH == t.WW == 1)))

WORLDS = [relu_backward, softmax_loss, occlusion_map, ConvNet]
