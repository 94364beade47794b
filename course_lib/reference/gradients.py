"""Check a backward pass against the definition of the derivative."""

import numpy as np


def numerical_gradient(f, x, df, h=1e-5):
    """The gradient of sum(f(x) * df) with respect to x, by central differences.

    f maps an array like x to an array, df is the upstream gradient with the shape of f(x). The
    result has the shape of x and is float64, since the differences of float32 are mostly noise.
    The error is of order h^2; x itself is not changed. ValueError where df and f(x) differ in
    shape or where h is not positive.

    Source: CS231n notes, neural networks 3, "Gradient checks".
    """
    if not h > 0:
        raise ValueError(f"h is {h}; the step must be positive, such as 1e-5")
    x, df = np.array(x, np.float64), np.asarray(df, np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        value = x[index]
        x[index] = value + h
        above = _values(f, x, df)
        x[index] = value - h
        below = _values(f, x, df)
        x[index] = value
        gradient[index] = ((above - below) * df).sum() / (2 * h)
    return gradient


def _values(f, x, df):
    values = np.array(f(x.copy()), np.float64)
    if values.shape != df.shape:
        raise ValueError(
            f"f(x) has shape {values.shape} and df {df.shape}; df is the gradient of the output, "
            f"so both must be the same"
        )
    return values


def relative_error(a, b):
    """The largest difference divided by the largest magnitude; 0 for equal arrays.

    One number for the whole array: entries that happen to be near 0 do not blow it up. NaN where
    a or b holds one. ValueError where the shapes differ, so that nothing broadcasts by accident.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ; compare arrays of one shape")
    scale = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    difference = np.abs(a - b).max(initial=0)
    return float(difference / scale) if scale else 0.0
