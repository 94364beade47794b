"""Layers of a Network: settings, the numbers that they start with, forward and backward.

A layer is settings only. What it learns lies in the network, as a dict of arrays that is handed to
`forward`; so one layer may stand in several places. Everything is computed by
`course_lib.reference`.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.reference import shapes
from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.batch_norm import batch_norm_backward, batch_norm_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.dropout import dropout_backward, dropout_forward
from course_lib.reference.locally_connected import local_backward, local_forward
from course_lib.reference.pooling import (
    avg_pool_backward,
    avg_pool_forward,
    global_avg_pool_backward,
    global_avg_pool_forward,
    l2_pool_backward,
    l2_pool_forward,
    max_pool_backward,
    max_pool_forward,
)
from course_lib.reference.relu import relu_backward, relu_forward


class Layer:
    """A layer without parameters; the others override `start` and `backward`."""

    def start(self, shape, rng):
        """What the layer begins with, for inputs of this shape without the batch axis.

        A dict of arrays; "running", where there is one, is a dict of arrays that are not learned.
        """
        return {}

    def forward(self, x, own, train, rng):
        """x -> out and a cache. `own` is the dict that `start` made."""
        raise NotImplementedError

    def backward(self, dout, cache):
        """dout -> dx, and a dict with a gradient for each learned array."""
        raise NotImplementedError

    def learned(self, dout, cache):
        """The gradients alone, for the first layer of a network: nobody asks for its dx."""
        return self.backward(dout, cache)[1]


def he_normal(rng, shape, fan_in):
    """Normal numbers with variance 2/fan_in, which keeps the variance from ReLU to ReLU.

    Source: He, Zhang, Ren, Sun: Delving deep into rectifiers (2015), section 2.2.
    """
    return rng.standard_normal(shape) * np.sqrt(2 / fan_in)


def pair(size):
    """A window's (height, width); one number means a square. ValueError for anything else."""
    sides = size if isinstance(size, (tuple, list)) else (size, size)
    if len(sides) != 2:
        raise ValueError(f"size is {size!r}; it must be one number or (height, width)")
    return tuple(shapes.integer("size", side, 1) for side in sides)


@dataclass(frozen=True)
class Conv(Layer):
    """`filters` filters of `size` (one number or (height, width)); see `conv_forward`."""

    filters: int
    size: int | tuple
    stride: int = 1
    pad: int = 0
    dilation: int = 1
    groups: int = 1

    def start(self, shape, rng):
        filters = shapes.integer("filters", self.filters, 1)
        groups = shapes.integer("groups", self.groups, 1)
        if shape[0] % groups:
            raise ValueError(f"{shape[0]} channels cannot be split into {groups} groups; groups "
                             "must divide the channels")
        channels = shape[0] // groups
        HH, WW = pair(self.size)
        w = he_normal(rng, (filters, channels, HH, WW), max(1, channels * HH * WW))
        return {"w": w, "b": np.zeros(filters)}

    def forward(self, x, own, train, rng):
        return conv_forward(
            x, own["w"], own["b"], self.stride, self.pad, self.dilation, self.groups
        )

    def backward(self, dout, cache):
        dx, dw, db = conv_backward(dout, cache)
        return dx, {"w": dw, "b": db}

    def learned(self, dout, cache):
        _, dw, db = conv_backward(dout, cache, with_dx=False)
        return {"w": dw, "b": db}


@dataclass(frozen=True)
class Local(Layer):
    """A convolution whose filters are not shared; see `local_forward`."""

    filters: int
    size: int | tuple
    stride: int = 1
    pad: int = 0

    def start(self, shape, rng):
        filters = shapes.integer("filters", self.filters, 1)
        x_shape = shapes.array("x", np.empty((0, *shape)), "N, C, H, W").shape
        HH, WW = pair(self.size)
        H2, W2 = shapes.window_grid(x_shape, HH, WW, self.stride, self.pad)
        w = he_normal(rng, (H2, W2, filters, shape[0], HH, WW), shape[0] * HH * WW)
        return {"w": w, "b": np.zeros((H2, W2, filters))}

    def forward(self, x, own, train, rng):
        out, cache = local_forward(x, own["w"], own["b"], self.stride, self.pad)
        return np.ascontiguousarray(out), cache  # once here, or in every step that follows

    def backward(self, dout, cache):
        dx, dw, db = local_backward(dout, cache)
        return dx, {"w": dw, "b": db}

    def learned(self, dout, cache):
        _, dw, db = local_backward(dout, cache, with_dx=False)
        return {"w": dw, "b": db}


POOLING = {
    "max": (max_pool_forward, max_pool_backward),
    "avg": (avg_pool_forward, avg_pool_backward),
    "l2": (l2_pool_forward, l2_pool_backward),
}


@dataclass(frozen=True)
class Pool(Layer):
    """Pooling by "max", "avg" or "l2"; without a stride the windows do not overlap.

    ValueError for another kind, or for a window that is not square and has no stride.
    """

    size: int | tuple
    stride: int | None = None
    kind: str = "max"

    def __post_init__(self):
        height, width = pair(self.size)
        if self.kind not in POOLING:
            raise ValueError(f"kind is {self.kind!r}; it must be one of {', '.join(POOLING)}")
        if self.stride is None and height != width:
            raise ValueError(f"size is {self.size} and there is no stride; say which stride")

    def forward(self, x, own, train, rng):
        height, width = pair(self.size)
        stride = height if self.stride is None else self.stride
        return POOLING[self.kind][0](x, height, width, stride)

    def backward(self, dout, cache):
        return POOLING[self.kind][1](dout, cache), {}


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """The average of each whole map."""

    def forward(self, x, own, train, rng):
        return global_avg_pool_forward(x)

    def backward(self, dout, cache):
        return global_avg_pool_backward(dout, cache), {}


@dataclass(frozen=True)
class Affine(Layer):
    """`units` units that see every number of their input."""

    units: int

    def start(self, shape, rng):
        D, units = int(np.prod(shape)), shapes.integer("units", self.units, 1)
        return {"w": he_normal(rng, (D, units), D), "b": np.zeros(units)}

    def forward(self, x, own, train, rng):
        return affine_forward(x, own["w"], own["b"])

    def backward(self, dout, cache):
        dx, dw, db = affine_backward(dout, cache)
        return dx, {"w": dw, "b": db}


@dataclass(frozen=True)
class ReLU(Layer):
    """max(0, x)."""

    def forward(self, x, own, train, rng):
        return relu_forward(x)

    def backward(self, dout, cache):
        return relu_backward(dout, cache), {}


@dataclass(frozen=True)
class Dropout(Layer):
    """While training, drops each number with probability p. ValueError without an rng then."""

    p: float = 0.5

    def forward(self, x, own, train, rng):
        if train and rng is None:
            raise ValueError("dropout draws from rng while training; pass np.random.default_rng(0)")
        return dropout_forward(x, self.p, rng, train)

    def backward(self, dout, cache):
        return dropout_backward(dout, cache), {}


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Mean 0 and variance 1 for each feature or channel over the batch, then a learned scale."""

    def start(self, shape, rng):
        C = shape[0]
        running = {"mean": np.zeros(C), "var": np.ones(C)}
        return {"gamma": np.ones(C), "beta": np.zeros(C), "running": running}

    def forward(self, x, own, train, rng):
        return batch_norm_forward(x, own["gamma"], own["beta"], own["running"], train)

    def backward(self, dout, cache):
        dx, dgamma, dbeta = batch_norm_backward(dout, cache)
        return dx, {"gamma": dgamma, "beta": dbeta}


LAYERS = {kind.__name__: kind for kind in Layer.__subclasses__()}
