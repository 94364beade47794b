"""Tiny worlds of lesson 07: ReLU, softmax and the map of what a network looks at.

A whole network and its training have none: what they do cannot be shrunk to a few numbers.
"""

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
    "softmax_loss", {"wanted": ("loss", "gradient"), "N": (1, 2, 3), "classes": (2, 3),
                     "level": (0, 1000), "label": (0, 1)},
    larger={"N": (1, 4, 5), "classes": (2, 4, 5)}, make=softmax_numbers,
    arguments=lambda t: (t.wanted, t.scores, t.y), call="softmax_loss({scores}, {y})",
    facts=(MANY, Fact("scores are large", "scores are small", lambda t: t.level > 0),
           Fact("the gradient is asked for", "the loss is asked for",
                lambda t: t.wanted == "gradient"),
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

WORLDS = [relu_backward, softmax_loss, occlusion_map]
