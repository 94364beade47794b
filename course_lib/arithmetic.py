"""The arithmetic of convolutional networks: sizes, shapes, receptive fields, counts.

Letters and orders are those of the CS231n notes: W input size, F filter size, S stride, P padding
at either end, K number of filters; a volume is (width, height, depth).
"""

from math import prod
from typing import NamedTuple

from course_lib.reference import shapes

POLICIES = ("raise", "floor", "ceil", "pad")


def conv_output_size(W, F, S=1, P=0, policy="raise", dilation=1):
    """How many places a filter takes along one axis: (W - F + 2P)/S + 1.

    W, F, S are at least 1, P at least 0; everything is in pixels. With dilation (1 is no gap) the
    filter spans (F - 1)*dilation + 1 pixels. The policy says what happens where the division leaves
    a remainder:

    - "raise": a ValueError, since the sizes contradict each other;
    - "floor": the last pixels are never seen (convolutions in most libraries);
    - "ceil": the last window hangs over the end, unless nothing but padding would be in it
      (pooling in Caffe, `ceil_mode` in PyTorch);
    - "pad": zeros are added at the end until all pixels are seen, also where the filter is
      larger than the padded input.

    ValueError where the filter is larger than the padded input (but for "pad"), and for sizes that
    are no integers. Source: CS231n notes, convolutional networks, "Spatial arrangement".
    """
    W, F, S = (shapes.integer(n, v, 1) for n, v in (("W", W), ("F", F), ("S", S)))
    P, dilation = shapes.integer("P", P, 0), shapes.integer("dilation", dilation, 1)
    if policy not in POLICIES:
        raise ValueError(f"policy is {policy!r}; it must be one of {', '.join(POLICIES)}")
    spare = W + 2 * P - ((F - 1) * dilation + 1)
    if policy == "pad":
        return -(-max(spare, 0) // S) + 1
    if policy == "raise" or spare < 0:
        return shapes.output_size(f"W={W} F={F} S={S} P={P}", W, F, S, P, dilation)
    if policy == "floor":
        return spare // S + 1
    steps = -(-spare // S)
    return steps + (steps * S < W + P)


def same_padding(F):
    """The padding that keeps the size at stride 1: (F - 1)/2. ValueError for an even F.

    Source: CS231n notes, convolutional networks, "Use of zero-padding".
    """
    if shapes.integer("F", F, 1) % 2 == 0:
        raise ValueError(
            f"F is {F}; F - 1 = {F - 1} zeros cannot be shared equally between two ends: "
            f"use an odd filter"
        )
    return (F - 1) // 2


def fitting_paddings(W, F, S, max_padding):
    """Every padding from 0 to max_padding with which the filter fits, as a sorted list.

    ValueError for sizes that are no integers, below 1, or a max_padding below 0.
    """
    W, F, S = (shapes.integer(n, v, 1) for n, v in (("W", W), ("F", F), ("S", S)))
    max_padding = shapes.integer("max_padding", max_padding, 0)
    spare = [W - F + 2 * P for P in range(max_padding + 1)]
    return [P for P, left in enumerate(spare) if left >= 0 and left % S == 0]


def conv_output_shape(input_shape, K, F, S=1, P=0, policy="raise", dilation=1):
    """(W, H, D) -> (W2, H2, K) for K filters of F x F x D. ValueError as conv_output_size."""
    W, H, _ = volume(input_shape)
    K = shapes.integer("K", K, 1)
    return *(conv_output_size(n, F, S, P, policy, dilation) for n in (W, H)), K


def pool_output_shape(input_shape, F, S, P=0, policy="raise"):
    """(W, H, D) -> (W2, H2, D): pooling keeps the depth. ValueError as conv_output_size."""
    return conv_output_shape(input_shape, volume(input_shape)[2], F, S, P, policy)


def volume(shape):
    """`shape` as (width, height, depth), three integers from 1; ValueError otherwise."""
    if np_scalar(shape) or len(shape) != 3:
        raise ValueError(f"the input shape is {shape!r}; it must be (width, height, depth)")
    return tuple(shapes.integer(n, v, 1) for n, v in zip(("width", "height", "depth"), shape))
