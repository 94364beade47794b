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
    size, left_over = spare // S + 1, spare % S
    hangs_over = policy == "ceil" and left_over > 0 and size * S < W + P
    return size + hangs_over


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
    if not isinstance(shape, (tuple, list)) or len(shape) != 3:
        raise ValueError(f"the input shape is {shape!r}; it must be (width, height, depth)")
    W, H, D = shape
    return (
        shapes.integer("width", W, 1),
        shapes.integer("height", H, 1),
        shapes.integer("depth", D, 1),
    )


def trace_shapes(input_shape, layers):
    """The shape after each layer, as a list.

    input_shape is (W, H, D); a layer is ("conv", K, F, S, P) or ("pool", F, S). ValueError for
    other layers and as conv_output_size, with the number of the layer, counted from 0.
    """
    found, shape = [], volume(input_shape)
    for number, layer in enumerate(layers):
        try:
            kind, *settings = layer
            step = {("conv", 4): conv_output_shape, ("pool", 2): pool_output_shape}.get(
                (kind, len(settings))
            )
            if step is None:
                raise ValueError('it must be ("conv", K, F, S, P) or ("pool", F, S)')
            shape = step(shape, *settings)
        except ValueError as error:
            raise ValueError(f"layer {number}, {layer!r} on {shape}: {error}") from None
        found.append(shape)
    return found


class ReceptiveField(NamedTuple):
    """What the units of a layer see of the network's input, along one axis, in pixels.

    Unit i sees `size` pixels, from number start + i*jump on. Pixels count from 0; a negative one
    lies in the padding.
    """

    size: int
    jump: int
    start: int

    def after(self, F, S, P=0, dilation=1):
        """The receptive field one layer further on, a layer with filter F, stride S, padding P.

        Its F inputs lie `jump` apart, so the outer two add (F - 1)*jump pixels.
        Source: Dumoulin, Visin: A guide to convolution arithmetic (2016); CS231n notes, "Prefer a
        stack of small filter CONV to one large receptive field CONV layer".
        """
        F, S = shapes.integer("F", F, 1), shapes.integer("S", S, 1)
        P, dilation = shapes.integer("P", P, 0), shapes.integer("dilation", dilation, 1)
        return ReceptiveField(
            self.size + (F - 1) * dilation * self.jump, self.jump * S, self.start - P * self.jump
        )


ONE_PIXEL = ReceptiveField(1, 1, 0)


def receptive_fields(layers):
    """The ReceptiveField after each layer, as a list.

    A layer is (F, S) or (F, S, P), or one of `course_lib.architectures.layers`. ValueError for
    other layers, and for one that sees the whole input, such as an affine layer.
    """
    found, field = [], ONE_PIXEL
    for layer in layers:
        if hasattr(layer, "seen_from"):
            field = layer.seen_from(field)
        elif isinstance(layer, (tuple, list)) and len(layer) in (2, 3):
            field = field.after(*layer)
        else:
            raise ValueError(
                f"{layer} has no filter size; a layer must be (F, S) or (F, S, P) and come before "
                f"those that see the whole input"
            )
        found.append(field)
    return found


class Row(NamedTuple):
    """One layer of a network in numbers; the shape of its output is (width, height, depth)."""

    layer: object
    shape: tuple
    parameters: int
    multiply_adds: int
    activations: int


def layer_table(architecture):
    """A Row for each layer of a `course_lib.architectures.Architecture`.

    Multiply-adds are those of the weights in convolutional and affine layers, for one image;
    biases, pooling, normalisation and additions are left out, as is usual. Activations are the
    numbers kept for the backward pass; ReLU and normalisation work in place.
    """
    rows, shape = [], volume(architecture.input_shape)
    for layer in architecture.layers:
        rows.append(
            Row(
                layer,
                layer.output_shape(shape),
                layer.parameters(shape),
                layer.multiply_adds(shape),
                layer.activations(shape),
            )
        )
        shape = rows[-1].shape
    return rows


def parameters(architecture):
    """How many numbers the network learns, biases included."""
    return sum(row.parameters for row in layer_table(architecture))


def multiply_adds(architecture):
    """Multiplications by a weight for one image; see layer_table for what is counted."""
    return sum(row.multiply_adds for row in layer_table(architecture))


def activations(architecture):
    """How many numbers one image keeps in memory going forward, the image itself included.

    Source: CS231n notes, convolutional networks, the table of VGGNet (whose sum is wrong).
    """
    kept = sum(row.activations for row in layer_table(architecture))
    return prod(architecture.input_shape) + kept
