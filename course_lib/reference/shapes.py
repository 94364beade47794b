"""What the reference layers accept: every rule and every error message, in one place.

Each function returns what it has checked, or raises a ValueError of one line that states the
shapes at hand, the rule, and what to do.
"""

import numpy as np


def integer(name, value, at_least):
    """`value` as an int; ValueError unless it is an integer of at least `at_least`."""
    if type(value) is int and value >= at_least:
        return value  # the usual case, and asked some ten thousand times for a class's networks
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise ValueError(f"{name} is {value!r}; it must be an integer, at least {at_least}")
    if value < at_least:
        raise ValueError(f"{name} is {value}; it must be at least {at_least}")
    return int(value)


def array(name, value, axes):
    """`value` as an array with one axis for each name in `axes`, such as "N, C, H, W"."""
    value = np.asarray(value)
    if value.ndim != len(axes.split(", ")):
        raise ValueError(f"{name} has shape {value.shape}; it must be ({axes}): reshape it first")
    return value


def floats(name, value, axes):
    """Like `array`, and of a float type: float32 and float64 stay, integers become float64."""
    return as_float(name, array(name, value, axes))


def filters(w, axes):
    """Filters as an array of floats; ValueError where an axis is empty."""
    w = floats("w", w, axes)
    if w.size == 0:
        raise ValueError(f"w has shape {w.shape}; no axis may be 0: give it at least one weight")
    return w


def as_float(name, value):
    """`value` as an array of floats; ValueError for text, complex numbers or objects."""
    value = np.asarray(value)
    if value.dtype.kind not in "fiub":
        raise ValueError(f"{name} has dtype {value.dtype}; it must hold real numbers")
    return value if value.dtype.kind == "f" else value.astype(np.float64)


def gradient(dout, shape, dtype):
    """The upstream gradient as an array of `dtype`; its shape must be that of the output."""
    dout = np.asarray(dout)
    if dout.shape != tuple(shape):
        raise ValueError(f"dout has shape {dout.shape}; it must be that of the output, {shape}")
    return dout.astype(dtype, copy=False)


def output_size(axis, size, window, stride, pad=0, dilation=1):
    """How many windows fit along one axis: (size - span + 2*pad) / stride + 1.

    The span of a window with holes is (window - 1) * dilation + 1. ValueError where the window is
    larger than the padded input or where the division leaves a remainder.

    Source: CS231n notes, convolutional networks, "Spatial arrangement".
    """
    span = (window - 1) * dilation + 1
    steps, left_over = divmod(size - span + 2 * pad, stride)
    if steps < 0:
        raise ValueError(
            f"{axis}: a window that spans {span} does not fit into {size} + 2*{pad} = "
            f"{size + 2 * pad}; use a smaller window or more padding"
        )
    if left_over:
        raise ValueError(
            f"{axis}: ({size} - {span} + 2*{pad}) / {stride} + 1 is not an integer, "
            f"{left_over} would be left over; change the padding or the stride"
        )
    return steps + 1


def convolution(x, w, b, groups=1):
    """Check images, filters and biases; returns them as arrays of one float type."""
    x, w = floats("x", x, "N, C, H, W"), filters(w, "F, C/groups, HH, WW")
    b, groups = floats("b", b, "F"), integer("groups", groups, 1)
    if x.shape[1] != w.shape[1] * groups:
        raise ValueError(
            f"x {x.shape} has {x.shape[1]} channels, w {w.shape} in {groups} group(s) sees "
            f"{w.shape[1] * groups}; x.shape[1] must equal w.shape[1] * groups"
        )
    if w.shape[0] % groups:
        raise ValueError(
            f"w {w.shape} has {w.shape[0]} filters for {groups} groups; groups must divide them"
        )
    if b.shape != w.shape[:1]:
        raise ValueError(f"b has shape {b.shape}; one bias per filter means {w.shape[:1]}")
    return same_type(x, w, b)


def same_type(*arrays):
    """The arrays in the widest of their types."""
    dtype = np.result_type(*arrays)
    return [a.astype(dtype, copy=False) for a in arrays]


def window_grid(x_shape, HH, WW, stride, pad=0, dilation=1):
    """Rows and columns of windows of HH x WW in an input of shape (N, C, H, W)."""
    if len(x_shape) != 4:
        raise ValueError(f"the input's shape is {x_shape}; it must be (N, C, H, W)")
    integer("window height", HH, 1), integer("window width", WW, 1)
    integer("stride", stride, 1), integer("pad", pad, 0), integer("dilation", dilation, 1)
    return (
        output_size("height", x_shape[2], HH, stride, pad, dilation),
        output_size("width", x_shape[3], WW, stride, pad, dilation),
    )


def affine(x, w, b):
    """Check the arguments of an affine layer; returns x, w, b as arrays of one float type."""
    x, w, b = as_float("x", x), floats("w", w, "D, M"), floats("b", b, "M")
    D = int(np.prod(x.shape[1:]))
    if x.ndim < 2 or D != w.shape[0]:
        raise ValueError(
            f"x {x.shape} holds {D} numbers per image and w {w.shape} takes {w.shape[0]}: "
            f"x must be (N, ...) with as many numbers per image as w has rows"
        )
    if b.shape != w.shape[1:]:
        raise ValueError(f"b has shape {b.shape}; one bias per column of w means {w.shape[1:]}")
    return same_type(x, w, b)


def scores(scores, y):
    """Check class scores (N, K) and labels (N,) from 0 to K-1; returns both as arrays."""
    scores, y = floats("scores", scores, "N, K"), array("y", y, "N")
    N, K = scores.shape
    if y.shape != (N,) or K == 0:
        raise ValueError(
            f"scores {scores.shape} and y {y.shape}: one label per row of scores is needed, "
            f"and at least one class"
        )
    if y.size == 0:
        return scores, y.astype(np.intp)
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= K:
        raise ValueError(
            f"y has dtype {y.dtype} and runs from {y.min()} to {y.max()}; "
            f"labels are integers from 0 to {K - 1}"
        )
    return scores, y


def columns(cols, shape):
    """Check a column matrix as im2col makes it."""
    cols = np.asarray(cols)
    if cols.shape != shape:
        raise ValueError(
            f"cols has shape {cols.shape}; these windows need (C*HH*WW, N*H2*W2) = {shape}"
        )
    return cols


def transposed_convolution(x, w, b, stride, pad):
    """Check the arguments; returns x, w, b as arrays of one type, and the output's shape."""
    x, w, b = floats("x", x, "N, C, H, W"), filters(w, "C, F, HH, WW"), floats("b", b, "F")
    stride, pad = integer("stride", stride, 1), integer("pad", pad, 0)
    if x.shape[1] != w.shape[0]:
        raise ValueError(
            f"x {x.shape} has {x.shape[1]} channels and w {w.shape} takes {w.shape[0]}; "
            f"x.shape[1] must equal w.shape[0]"
        )
    if b.shape != w.shape[1:2]:
        raise ValueError(f"b has shape {b.shape}; one bias per filter means {w.shape[1:2]}")
    sizes = zip(x.shape[2:], w.shape[2:], strict=True)
    H2, W2 = ((n - 1) * stride + k - 2 * pad for n, k in sizes)
    if min(*x.shape[2:], H2, W2) < 1:
        raise ValueError(
            f"x {x.shape} and w {w.shape} at stride {stride} and pad {pad} make maps of "
            f"({H2}, {W2}); (H - 1)*stride + HH - 2*pad must be at least 1: pad less"
        )
    return *same_type(x, w, b), (x.shape[0], w.shape[1], H2, W2)


def locally_connected(x, w, b, stride, pad):
    """Check the arguments; returns x, w, b as arrays of one type."""
    x, w = floats("x", x, "N, C, H, W"), filters(w, "H2, W2, F, C, HH, WW")
    b = floats("b", b, "H2, W2, F")
    if x.shape[1] != w.shape[3]:
        raise ValueError(
            f"x {x.shape} has {x.shape[1]} channels and w {w.shape} sees {w.shape[3]}; "
            f"x.shape[1] must equal w.shape[3]"
        )
    grid = window_grid(x.shape, w.shape[4], w.shape[5], stride, pad)
    if w.shape[:2] != grid:
        raise ValueError(
            f"w {w.shape} has filters for {w.shape[0]} x {w.shape[1]} places, the output has "
            f"{grid[0]} x {grid[1]}; w.shape[:2] must be the output's height and width"
        )
    if b.shape != w.shape[:3]:
        raise ValueError(f"b has shape {b.shape}; one bias per filter and place is {w.shape[:3]}")
    return same_type(x, w, b)


def batch_norm(x, gamma, beta, running):
    """Check the arguments; returns x, gamma, beta as arrays of one type."""
    x, gamma, beta = as_float("x", x), floats("gamma", gamma, "C"), floats("beta", beta, "C")
    if x.ndim not in (2, 4):
        raise ValueError(f"x has shape {x.shape}; it must be (N, D) or (N, C, H, W)")
    if set(running) != {"mean", "var"}:
        raise ValueError(f"running has the keys {sorted(running)}; it must have mean and var")
    named = {"gamma": gamma, "beta": beta, **running}
    for name, value in named.items():
        if np.shape(value) != x.shape[1:2]:
            raise ValueError(
                f"{name} has shape {np.shape(value)} and x {x.shape}; "
                f"one number per feature or channel means {x.shape[1:2]}"
            )
    return same_type(x, gamma, beta)
