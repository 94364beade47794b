"""Inverted dropout: while training, each number is dropped with probability p."""

import numpy as np

from course_lib.reference import shapes


def dropout_forward(x, p, rng, train):
    """Zero each number of x with probability p and divide the others by 1 - p.

    x has any shape, 0 <= p < 1, rng is a `numpy.random.Generator`. The division keeps the expected
    value, so that nothing has to change at test time: with train=False x passes unchanged.
    Returns out and the cache. ValueError for another p.

    Source: CS231n notes, neural networks 2, "Dropout" (inverted dropout).
    """
    x = shapes.as_float("x", x)
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}; the probability of dropping must be at least 0 and below 1")
    mask = np.ones((), x.dtype)
    if train:
        mask = (rng.random(x.shape) >= p).astype(x.dtype) / mask.dtype.type(1 - p)
    return x * mask, (x.shape, mask)


def dropout_backward(dout, cache):
    """The gradient passes where the number passed, scaled alike. Same shape as x."""
    shape, mask = cache
    return shapes.gradient(dout, shape, mask.dtype) * mask
