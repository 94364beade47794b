"""What the worlds of all exercises with moving windows share: settings, sizes, facts.

No window lies in the padding alone, as in the exercises' own cases.
"""

from course_lib.judging.explain.world import Fact

NUMBERS = {"N": (1, 2), "C": (1, 2)}
WINDOWS = {"HH": (2, 1, 3), "WW": (2, 1, 3), "stride": (1, 2, 3), "rows": (2, 1, 3),
           "columns": (2, 1, 3)}
PADDED = {"pad": (0, 1, 2)}
LARGER = {"N": (1, 2, 3), "C": (1, 2, 3), "HH": (1, 2, 3, 4, 5), "WW": (1, 2, 3, 4, 5),
          "stride": (1, 2, 3, 4), "rows": (1, 2, 3, 4, 5), "columns": (1, 2, 3, 4, 5)}
LARGER_PADDED = LARGER | {"pad": (0, 1, 2, 3)}


def height(t):
    return (t.rows - 1) * t.stride + t.HH - 2 * t.get("pad", 0)


def width(t):
    return (t.columns - 1) * t.stride + t.WW - 2 * t.get("pad", 0)


def fits(t):
    return height(t) >= 1 and width(t) >= 1 and t.get("pad", 0) < min(t.HH, t.WW)


def images(t):
    return t.N, t.C, height(t), width(t)


def outputs(t):
    return t.N, t.get("F", t.C), t.rows, t.columns


def conv_param(t):
    return {"stride": t.stride, "pad": t.pad}


def sizes(t):
    """What the lessons call the sizes of a case."""
    known = {"H": height(t), "W": width(t), "H2": t.rows, "W2": t.columns, "stride": t.stride}
    return {name: t[name] for name in ("N", "C", "F", "HH", "WW", "pad") if name in t} | known


def overlapping(t):
    return t.rows > 1 and t.stride < t.HH or t.columns > 1 and t.stride < t.WW


def several(letter, one, many):
    return Fact(f"there are several {many}", f"there is one {one}", lambda t: t[letter] > 1)


BIAS = Fact("the bias is not 0", "the bias is 0", lambda t: t.biased)
NEGATIVE = Fact("all numbers are below 0", "the numbers are above 0", lambda t: t.negative)
STRIDE = Fact("stride is more than 1", "stride is 1", lambda t: t.stride > 1)
IMAGES, CHANNELS = several("N", "image", "images"), several("C", "channel", "channels")
FILTERS = several("F", "filter", "filters")
OVERLAP = Fact("windows overlap", "no pixel lies in two windows", overlapping)
PAD = (Fact("pad is 0", "pad is not 0", lambda t: t.pad == 0),)
PADS = (
    Fact("pad is 1", "pad is not 1", lambda t: t.pad == 1),
    Fact("pad is more than 1", "pad is 0 or 1", lambda t: t.pad > 1),
    Fact("stride and pad differ", "stride = pad", lambda t: t.stride != t.pad),
)
SHAPES = (
    Fact("HH and WW differ", "HH = WW", lambda t: t.HH != t.WW),
    Fact("H2 and W2 differ", "H2 = W2", lambda t: t.rows != t.columns),
    Fact("H and W differ", "H = W", lambda t: height(t) != width(t)),
    Fact("there is room for one window only", "there is room for several windows",
         lambda t: t.rows == t.columns == 1),
    Fact("the window is 1x1", "the window is larger than 1x1", lambda t: t.HH == t.WW == 1),
    Fact("there are several rows of windows", "there is one row of windows", lambda t: t.rows > 1),
    Fact("there are several columns of windows", "there is one column of windows",
         lambda t: t.columns > 1),
    Fact("HH is more than 1", "HH is 1", lambda t: t.HH > 1),
    Fact("WW is more than 1", "WW is 1", lambda t: t.WW > 1),
    Fact("H2 is more than W2", "H2 is at most W2", lambda t: t.rows > t.columns),
    Fact("W2 is more than H2", "W2 is at most H2", lambda t: t.columns > t.rows),
    Fact("HH is more than WW", "HH is at most WW", lambda t: t.HH > t.WW),
    Fact("WW is more than HH", "WW is at most HH", lambda t: t.WW > t.HH),
    Fact("H is more than W", "H is at most W", lambda t: height(t) > width(t)),
    Fact("W is more than H", "W is at most H", lambda t: width(t) > height(t)),
    Fact("stride and HH differ", "stride = HH", lambda t: t.stride != t.HH),
    Fact("stride and WW differ", "stride = WW", lambda t: t.stride != t.WW),
    Fact("stride is more than HH", "stride is at most HH", lambda t: t.stride > t.HH),
    Fact("stride is more than WW", "stride is at most WW", lambda t: t.stride > t.WW),
    Fact("stride is less than HH", "stride is at least HH", lambda t: t.stride < t.HH),
    Fact("stride is less than WW", "stride is at least WW", lambda t: t.stride < t.WW),
    Fact("the window is 3x3", "the window is not 3x3", lambda t: t.HH == t.WW == 3),
)
NC = Fact("N and C differ", "N = C", lambda t: t.N != t.C)
NF = Fact("N and F differ", "N = F", lambda t: t.N != t.F)
CF = (
    Fact("C and F differ", "C = F", lambda t: t.C != t.F),
    Fact("F is more than C", "F is at most C", lambda t: t.F > t.C),
    Fact("C is more than F", "C is at most F", lambda t: t.C > t.F),
)
RGB = Fact("there are 3 channels", "there are not 3 channels", lambda t: t.C == 3)

CONVOLUTION = (*PAD, STRIDE, IMAGES, CHANNELS, FILTERS, OVERLAP, *SHAPES, *PADS, NF, *CF, NC, RGB)
POOLING = (STRIDE, IMAGES, CHANNELS, OVERLAP, *SHAPES, NC, RGB)
COLUMNS = (*PAD, STRIDE, IMAGES, CHANNELS, OVERLAP, *SHAPES, *PADS, NC, RGB)
