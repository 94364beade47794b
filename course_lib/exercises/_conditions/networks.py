"""Conditions of the exercises about whole networks: lessons 07 and 08."""

import numpy as np

from course_lib.exercises._conditions.arrays import count, numbers, rectangle, size_of, sizes
from course_lib.judging.cases import draw, pick
from course_lib.judging.conditions import Conditions

# Lesson 07


def with_zeros(rng):
    """dout and x; some numbers of x may be 0, where the gradient may be anything: not there."""
    shape = sizes(rng, draw(rng, 1, 4))
    return numbers(rng, shape), numbers(rng, shape)


RELU = Conditions(
    ({f"{n} ax{'i' if n == 1 else 'e'}s": lambda dout, x, n=n: x.ndim == n for n in (1, 2, 4)},
     {"x above 0": lambda dout, x: x.min() > 0, "x below 0": lambda dout, x: x.max() < 0,
      "x of either sign": lambda dout, x: x.min() < 0 < x.max()},
     {"dout above 0": lambda dout, x: dout.min() > 0,
      "dout below 0": lambda dout, x: dout.max() < 0,
      "dout of either sign": lambda dout, x: dout.min() < 0 < dout.max()}),
    draw=with_zeros,
)


def scored(rng):
    """Scores as quarters, which are exact in float32 around 1000 as well, and labels."""
    N, classes = draw(rng, 1, 3), draw(rng, 2, 4)
    level, spread = (0, 1000, -1000)[draw(rng, 0, 2)], (1, 400)[draw(rng, 0, 1)]
    scores = level + spread * np.round(8 * rng.standard_normal((N, classes))) / 4
    return "both", scores, rng.integers(0, classes, N)


def chance(wanted, scores, y):
    """How far below the best score that of the right class is, for each image."""
    return scores.max(axis=1) - scores[np.arange(len(y)), y]


SOFTMAX = Conditions(
    (count("image", "images", lambda wanted, scores, y: len(y)),
     {"two classes": lambda wanted, scores, y: scores.shape[1] == 2,
      "more classes": lambda wanted, scores, y: scores.shape[1] > 2},
     {"scores around 0": lambda wanted, scores, y: abs(scores).max() < 50,
      "large scores": lambda wanted, scores, y: scores.max() > 700,
      "scores far below 0": lambda wanted, scores, y: scores.max() < -700},
     {"an image with a hopeless class": lambda *case: chance(*case).max() > 745,
      "all classes have a chance": lambda *case: chance(*case).max() < 50}),
    apart=(("scores around 0", "an image with a hopeless class"),),
    asked=lambda wanted, scores, y: ["loss", "gradient"] if wanted == "both" else [wanted],
    draw=scored,
    further=(12, 64, 161, 8580, 9437),
)

CONVNET = Conditions(
    (count("image", "images", lambda wanted, params, pad, X, y: len(X)),
     count("channel", "channels", lambda wanted, params, pad, X, y: X.shape[1]),
     count("filter", "filters", lambda wanted, params, pad, X, y: len(params["conv_w"])),
     {f"pad {n}": lambda wanted, params, pad, X, y, n=n: pad == n for n in (0, 1, 2)},
     rectangle("image", lambda wanted, params, pad, X, y: X.shape[2:], single=False),
     rectangle("window", lambda wanted, params, pad, X, y: params["conv_w"].shape[2:],
               single=False)),
    asked=lambda wanted, *case: ["scores", "loss", "affine gradients", "conv gradients"] if (
        wanted == "all") else [wanted] if wanted != "labels" else [],
)

TRAIN = Conditions(
    ({"one epoch": lambda wanted, params, X, y, epochs, *_: epochs == 1,
      "several epochs": lambda wanted, params, X, y, epochs, *_: epochs > 1},
     {"one batch": lambda wanted, params, X, y, epochs, size, *_: size >= len(X),
      "several batches": lambda wanted, params, X, y, epochs, size, *_: size < len(X)},
     {"one number an image": lambda wanted, params, X, *_: X.shape[1] == 1,
      "several numbers": lambda wanted, params, X, *_: X.shape[1] > 1}),
    asked=lambda wanted, *case: [wanted] if wanted in ("parameters", "losses") else [],
)


def occluded(rng):
    C, H, W = pick(rng, 1, 3), draw(rng, 1, 4), draw(rng, 1, 4)
    W = H if rng.integers(3) == 0 else W
    size, classes = draw(rng, 1, min(H, W)), draw(rng, 2, 4)
    image = rng.uniform(0.2, 1, (C, H, W))
    return (rng.standard_normal((image.size, classes)), rng.uniform(-1, 1, classes), image,
            draw(rng, 0, classes - 1), size)


OCCLUSION = Conditions(
    (count("channel", "channels", size_of(2, 0)),
     rectangle("image", lambda w, b, image, label, size: image.shape[1:], single=False),
     {"patch of one pixel": lambda w, b, image, label, size: size == 1,
      "larger patch": lambda w, b, image, label, size: size > 1},
     {"first label": lambda w, b, image, label, size: label == 0,
      "another label": lambda w, b, image, label, size: label > 0},
     {"patch as large as the image": lambda w, b, image, label, size: (
         image.shape[1:] == (size, size)),
      "one row or column of patches": lambda w, b, image, label, size: (
          size in image.shape[1:] and image.shape[1:] != (size, size)),
      "rows and columns of patches": lambda w, b, image, label, size: (
          size not in image.shape[1:])}),
    apart=(("wide image", "patch as large as the image"),
           ("tall image", "patch as large as the image"),
           ("square image", "one row or column of patches")),
    draw=occluded,
    further=(33, 96, 101, 386, 481, 494),
)


# Lesson 08: networks as dicts


def kinds(*wanted):
    return lambda net, *_: [layer for layer in net["layers"] if layer["kind"] in wanted]


convs, pools, fcs = kinds("conv"), kinds("pool"), kinds("fc")
weighted = kinds("conv", "fc")


def any_network(rng):
    """A small network that fits, built from its end back to its beginning."""
    words = ["".join("cp"[k] for k in rng.integers(0, 2, draw(rng, 0, 3))), "f" * draw(rng, 0, 2)]
    W = draw(rng, 1, 3)
    H = W if rng.integers(2) else draw(rng, 1, 4)
    bias, layers = int(rng.integers(3)), []
    depth = 2 * draw(rng, 1, 3) if rng.integers(4) else 1
    deep = depth
    made = []
    for kind in words[0]:
        F, S = draw(rng, 1, 3), draw(rng, 1, 2)
        P = draw(rng, 0, 1) if kind == "c" and F > 1 else 0
        if kind == "p":
            made.append({"kind": "pool", "F": F, "S": S, "P": 0})
            continue
        K = 2 * draw(rng, 1, 4)
        groups = 2 if deep % 2 == 0 and rng.integers(2) else 1
        made.append({"kind": "conv", "F": F, "S": S, "P": P, "K": K, "groups": groups,
                     "bias": bool(rng.integers(2)) if bias == 2 else bool(bias)})
        deep = K
    for layer in reversed(made):
        W, H = ((n - 1) * layer["S"] + layer["F"] - 2 * layer["P"] for n in (W, H))
        if min(W, H) < 1:
            return any_network(rng)
    layers = made + [{"kind": "fc", "M": draw(rng, 2, 5),
                      "bias": bool(rng.integers(2)) if bias == 2 else bool(bias)}
                     for _ in words[1]]
    if not layers:
        return any_network(rng)
    return ({"input": (W, H, depth), "layers": layers},)


NETWORK_FAMILIES = (
    {"square input": lambda net, *_: net["input"][0] == net["input"][1],
     "wide input": lambda net, *_: net["input"][0] > net["input"][1],
     "tall input": lambda net, *_: net["input"][0] < net["input"][1]},
    {"input depth 1": lambda net, *_: net["input"][2] == 1,
     "deeper input": lambda net, *_: net["input"][2] > 1},
    {"one layer": lambda net, *_: len(net["layers"]) == 1,
     "several layers": lambda net, *_: len(net["layers"]) > 1},
    {"a convolution": lambda net, *_: bool(convs(net))},
    {"a pooling layer": lambda net, *_: bool(pools(net))},
    {"one fully connected layer": lambda net, *_: len(fcs(net)) == 1,
     "two fully connected layers": lambda net, *_: len(fcs(net)) == 2},
    {"biases": lambda net, *_: bool(weighted(net)) and all(a["bias"] for a in weighted(net)),
     "no biases": lambda net, *_: bool(weighted(net)) and not any(a["bias"] for a in weighted(net)),
     "biases in some layers": lambda net, *_: len({a["bias"] for a in weighted(net)}) == 2},
    {"groups": lambda net, *_: any(layer["groups"] > 1 for layer in convs(net))},
    {"a convolution with a stride": lambda net, *_: any(a["S"] > 1 for a in convs(net))},
    {"a convolution with padding": lambda net, *_: any(a["P"] for a in convs(net))},
)
NETWORK_APART = (
    ("one layer", "two fully connected layers"), ("one layer", "biases in some layers"),
)
NETWORK = Conditions(NETWORK_FAMILIES, apart=NETWORK_APART, draw=any_network,
    further=(33, 184, 295, 3077, 8704))
COUNTED = Conditions(NETWORK_FAMILIES, apart=NETWORK_APART,
                     draw=lambda rng: (*any_network(rng), "all"), further=(33, 241, 337, 1508))
MEMORY = Conditions(
    (*NETWORK_FAMILIES,
     {"4 bytes by default": lambda net, bytes_each, *_: bytes_each is None,
      "4 bytes": lambda net, bytes_each, *_: bytes_each == 4,
      "other sizes": lambda net, bytes_each, *_: bytes_each in (1, 2, 8)}),
    apart=NETWORK_APART,
    draw=lambda rng: (*any_network(rng), (None, 4, 2, 8)[draw(rng, 0, 3)], "all"),
)


def factors(claims, tolerance, measures):
    return [claimed / measures[quantity](net) for _, quantity, net, claimed in claims]


def claims(measures):
    """Conditions of wrong_claims, where measures is {quantity: function of a network}."""
    def off(*case):
        return [f for f in factors(*case, measures) if abs(f - 1) > case[1]]

    def near(*case):
        return [f for f in factors(*case, measures) if 1e-9 < abs(f - 1) <= case[1]]

    return Conditions(
        ({"no claims": lambda claims, t: not claims,
          "one claim": lambda claims, t: len(claims) == 1,
          "several claims": lambda claims, t: len(claims) > 1},
         {"all right": lambda *case: not off(*case),
          "one wrong": lambda *case: len(off(*case)) == 1,
          "several wrong": lambda *case: len(off(*case)) > 1},
         {"too large": lambda *case: any(f > 1 for f in off(*case))},
         {"too small": lambda *case: any(f < 1 for f in off(*case))},
         {"rounded up": lambda *case: any(f > 1 for f in near(*case))},
         {"rounded down": lambda *case: any(f < 1 for f in near(*case))}),
        apart=(("no claims", "one wrong"), ("no claims", "several wrong"),
               ("no claims", "too large"), ("no claims", "too small"),
               ("no claims", "rounded up"), ("no claims", "rounded down"),
               ("one claim", "several wrong"), ("all right", "too large"),
               ("all right", "too small")),
    )
