"""The geometry of windows, for all exercises in which a window moves over images.

Which conditions there are, and layers in which every two of them meet. No window lies in the
padding alone: what is right there is a matter of taste for maxima, and nobody builds such layers.
"""

import functools
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from course_lib.judging.conditions import Conditions, Draws, again, always, covering

MANY = "several"
# Numbers of a map are spread from `low` to low + 4.
ABOVE_0, EITHER_SIGN, BELOW_0 = 0.5, -2, -5


@dataclass(frozen=True)
class Layer:
    """Sizes and settings: rows x columns places for an HH x WW window, on N images, F filters."""

    HH: int
    WW: int
    stride: int = 1
    pad: int = 0
    rows: int = 1
    columns: int = 1
    N: int = 1
    C: int = 1
    F: int = 1
    biased: bool = False
    low: float = EITHER_SIGN

    @property
    def H(self):
        return (self.rows - 1) * self.stride + self.HH - 2 * self.pad

    @property
    def W(self):
        return (self.columns - 1) * self.stride + self.WW - 2 * self.pad

    @property
    def overlapping(self):
        return (self.rows > 1 and self.stride < self.HH
                or self.columns > 1 and self.stride < self.WW)


def layer_of(shape, window, stride, pad, **more):
    """The Layer of images of a shape (N, C, H, W) under an (HH, WW) window."""
    N, C, H, W = shape
    rows, columns = ((n + 2 * pad - side) // stride + 1
                     for n, side in zip((H, W), window, strict=True))
    return Layer(*window, stride, pad, rows, columns, N, C, **more)


IMAGES = {"one image": lambda s: s.N == 1, "several images": lambda s: s.N > 1}
CHANNELS = {"one channel": lambda s: s.C == 1, "several channels": lambda s: s.C > 1}
FILTERS = {"one filter": lambda s: s.F == 1, "several filters": lambda s: s.F > 1}
BIASES = {"biases 0": lambda s: not s.biased, "biases": lambda s: s.biased}
PADDING = {"pad 0": lambda s: s.pad == 0, "pad 1": lambda s: s.pad == 1,
           "pad 2": lambda s: s.pad == 2}
STRIDE = {"stride 1": lambda s: s.stride == 1, "larger stride": lambda s: s.stride > 1}
STEPS = {"windows overlap": lambda s: s.overlapping,
         "windows side by side": lambda s: s.HH == s.WW == s.stride and s.rows * s.columns > 1,
         "stride beyond the window": lambda s: s.stride > max(s.HH, s.WW)}
WINDOW = {"1x1 window": lambda s: s.HH == s.WW == 1,
          "square window": lambda s: s.HH == s.WW > 1,
          "wide window": lambda s: s.HH < s.WW, "tall window": lambda s: s.HH > s.WW}
IMAGE = {"square image": lambda s: s.H == s.W, "wide image": lambda s: s.H < s.W,
         "tall image": lambda s: s.H > s.W}
ROOM = {"window as large as the image": lambda s: s.rows == s.columns == 1,
        "one row of windows": lambda s: s.rows == 1 < s.columns,
        "one column of windows": lambda s: s.columns == 1 < s.rows,
        "rows and columns of windows": lambda s: s.rows > 1 and s.columns > 1}

SIGNS = {"numbers above 0": lambda s: s.low == ABOVE_0,
         "numbers of either sign": lambda s: s.low == EITHER_SIGN,
         "numbers below 0": lambda s: s.low == BELOW_0}

# A single number, in a single map, has one sign.
LONELY = {"1x1 window", "window as large as the image"}

GEOMETRY = STRIDE, STEPS, WINDOW, IMAGE, ROOM
APART = (
    ("1x1 window", "windows overlap"),
    ("1x1 window", "pad 1"), ("1x1 window", "pad 2"),  # windows in the padding alone
    ("stride 1", "stride beyond the window"),
    ("window as large as the image", "windows overlap"),
    ("window as large as the image", "windows side by side"),
    ("wide window", "windows side by side"), ("tall window", "windows side by side"),
)
UNPADDED = APART[:1] + APART[3:]


@functools.cache
def _placed(padded):
    """Small layers of every geometry, with one image, channel and filter."""
    sides = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (2, 3), (3, 2), (3, 4), (4, 3), (3, 5), (5, 3),
             (5, 7), (7, 5), (1, 3), (3, 1), (1, 4), (4, 1))
    made = (Layer(*window, stride, pad, rows, columns) for window, pad, stride, rows, columns in
            product(sides, (0, 1, 2) if padded else (0,), (1, 2, 3, 4, 5), (1, 2, 3), (1, 2, 3)))
    return [s for s in made if s.pad < min(s.HH, s.WW) and s.H > 0 and s.W > 0
            and s.stride <= (2 if s.rows == s.columns == 1 else max(s.HH, s.WW) + 1)
            and s.H * s.W <= 100]


def _names(families, layer):
    return tuple(n for family in families for n, holds in family.items() if holds(layer))


# What a setting changes in one direction alone: it is no condition that anybody would name, but a
# stride, say, shows only where there is more than one window. Rows are chosen so that these meet
# the conditions, too.
SHOWING = (
    {"a stride that shows downwards": lambda s: s.stride > 1 < s.rows},
    {"a stride that shows to the right": lambda s: s.stride > 1 < s.columns},
    {"windows overlap downwards": lambda s: s.rows > 1 and s.stride < s.HH},
    {"windows overlap to the right": lambda s: s.columns > 1 and s.stride < s.WW},
    {"a padding worth a long step": lambda s: 1 < s.stride <= 2 * s.pad},
    {"stride and padding differ": lambda s: 0 < s.pad != s.stride},
    {"more than two rows of windows": lambda s: s.rows > 2},
    {"more than two columns of windows": lambda s: s.columns > 2},
    {"rows and columns differ": lambda s: s.rows != s.columns},
    {"padding at one end worth a step": lambda s: 0 < s.stride <= s.pad},
    {"padding beyond the stride": lambda s: s.pad > s.stride},
    {"two more pixels worth a step": lambda s: s.stride <= 2 - s.pad},
    {"more rows than the padding makes": lambda s: s.rows > 2 * s.pad // s.stride + 1},
    {"more columns than the padding makes": lambda s: s.columns > 2 * s.pad // s.stride + 1},
    {"image one pixel high": lambda s: s.H == 1}, {"image one pixel wide": lambda s: s.W == 1},
    {"image more than a pixel high": lambda s: s.H > 1},
    {"image more than a pixel wide": lambda s: s.W > 1},
    {"higher than wide by more than the padding": lambda s: s.H - s.W > s.pad},
    {"wider than high by more than the padding": lambda s: s.W - s.H > s.pad},
)


@functools.cache
def _chosen(padded, filtered, field, values):
    """Two covering arrays, for visible cases and for hidden ones.

    Their rows are (geometries with the same conditions, N, C, F, {field: value}).
    """
    by_names = {}
    families = (PADDING, *GEOMETRY) if padded else GEOMETRY
    for layer in _placed(padded):
        by_names.setdefault((_names(families, layer), _names(SHOWING, layer)), []).append(layer)
    rows = [(names, *more) for names, *more in product(
        by_names, (1, MANY), (1, MANY), (1, MANY) if filtered else (1,), values)
        if not (LONELY <= set(names[0]) and more == [1, 1, 1, EITHER_SIGN])]
    labels = [(*names[0], *names[1], f"N {N}", f"C {C}", f"F {F}", f"{field} {value}",
               *["biases that differ"] * (F == MANY and field == "biased" and value))
              for names, N, C, F, value in rows]
    return [[(by_names[names], N, C, F, {field: value})
             for names, N, C, F, value in (rows[k] for k in chosen)]
            for chosen in covering(labels)]


def layers(rng, hidden=False, padded=True, filtered=True, field="biased", values=(False, True)):
    """Layers in which every two conditions meet; sizes are other ones for every `rng`.

    hidden         the smaller covering array; in the other one every three meet as well
    field, values  one more field of Layer, and what it may be
    """
    for placed, *several, more in _chosen(padded, filtered, field, values)[hidden]:
        N, C, F = (int(n) if wanted == MANY else 1
                   for n, wanted in zip(2 + rng.permutation(3), several, strict=True))
        yield replace(placed[int(rng.integers(len(placed)))], N=N, C=C, F=F, **more)


def any_layer(rng, padded=True, filtered=True, field="biased", values=(False, True)):
    """One small layer at random."""
    placed = _placed(padded)
    N, C, F = (int(n) for n in rng.choice([1, 1, 2, 3], 3))
    return replace(placed[int(rng.integers(len(placed)))], N=N, C=C, F=F if filtered else 1,
                   **{field: values[int(rng.integers(len(values)))]})


def conditions(setting, make, more=(), asked=always, further=(), **kinds):
    """The Conditions of an exercise with windows, and its group "everything at once".

    setting  setting(*case) is the Layer of a case
    make     make(rng, layer) is a case with this layer
    more     further families, for the one more field
    further  as for `Conditions`
    kinds    as for `layers`
    """
    families = (IMAGES, CHANNELS, *([FILTERS] if kinds.get("filtered", True) else []),
                *more, *([PADDING] if kinds.get("padded", True) else []), *GEOMETRY)
    found = Conditions(
        families, setting, APART if kinds.get("padded", True) else UNPADDED, asked,
        draw=lambda rng: make(rng, any_layer(rng, **kinds)), further=further)

    def cases(rng, hidden):
        drawn = [make(rng, layer) for layer in layers(rng, hidden, **kinds)]
        largest = max(drawn, key=lambda case: sum(map(np.size, case)))
        return [*drawn, again(largest)]

    return found, Draws(lambda rng: [*cases(rng, False), *found.further_cases()],
                        lambda rng: cases(rng, True))
