"""The words in which an architecture is written down, and what each of them costs.

A layer knows, for an input of a given shape (width, height, depth), the shape of its output, its
parameters, its multiply-adds and the activations that it leaves in memory. Nothing is computed
with images here: `course_lib.networks` does that. ReLU and dropout are left out, since they
change no size and learn nothing.
"""

from dataclasses import dataclass
from math import prod

from course_lib import arithmetic


@dataclass(frozen=True)
class Architecture:
    """A network as data. `source` names the paper, and where this version departs from it."""

    name: str
    input_shape: tuple
    layers: tuple
    source: str

    @property
    def spatial_layers(self):
        """The layers before the first one that sees the whole input."""
        whole = [i for i, layer in enumerate(self.layers) if not hasattr(layer, "seen_from")]
        return self.layers[: whole[0]] if whole else self.layers


class Layer:
    """What holds for a layer unless it says otherwise: nothing learned, its output is kept."""

    def parameters(self, shape):
        return 0

    def multiply_adds(self, shape):
        return 0

    def activations(self, shape):
        return prod(self.output_shape(shape))


@dataclass(frozen=True)
class Conv(Layer):
    """K filters of F x F, each with a bias.

    With groups, each filter sees one group of the channels. `connections` lists the channels that
    each filter sees. `policy` is that of `arithmetic.conv_output_size`. ValueError where groups
    do not divide the depths or connections are not one tuple of channels for each filter.
    """

    K: int
    F: int
    S: int = 1
    P: int = 0
    dilation: int = 1
    groups: int = 1
    connections: tuple = ()
    bias: bool = True
    policy: str = "raise"

    def __str__(self):
        return f"conv {self.K} of {self.F}x{self.F}" + details(self)

    def output_shape(self, shape):
        return arithmetic.conv_output_shape(
            shape, self.K, self.F, self.S, self.P, self.policy, self.dilation
        )

    def weights(self, shape):
        """Weights of all filters on an input of this shape."""
        D = shape[2]
        if D % self.groups or self.K % self.groups:
            raise ValueError(
                f"{self} in {self.groups} groups on depth {D}: groups must divide K and the depth"
            )
        channels_seen = self.K * D // self.groups
        if self.connections:
            if len(self.connections) != self.K or max(map(max, self.connections)) >= D:
                raise ValueError(
                    f"{self} on depth {D}: connections must be {self.K} tuples of channels below "
                    f"{D}, one for each filter"
                )
            channels_seen = sum(map(len, self.connections))
        return channels_seen * self.F * self.F

    def parameters(self, shape):
        return self.weights(shape) + self.K * self.bias

    def multiply_adds(self, shape):
        width, height, _ = self.output_shape(shape)
        return width * height * self.weights(shape)

    def seen_from(self, field):
        return field.after(self.F, self.S, self.P, self.dilation)


@dataclass(frozen=True)
class Local(Conv):
    """Like Conv, but every place of the output has filters and biases of its own."""

    def __str__(self):
        return f"local {self.K} of {self.F}x{self.F}" + details(self)

    def parameters(self, shape):
        width, height, _ = self.output_shape(shape)
        return width * height * super().parameters(shape)


@dataclass(frozen=True)
class Pool(Layer):
    """Pooling over F x F pixels of each map, by maximum or average alike."""

    F: int
    S: int
    P: int = 0
    policy: str = "raise"

    def __str__(self):
        return f"pool {self.F}x{self.F}" + details(self)

    def output_shape(self, shape):
        return arithmetic.pool_output_shape(shape, self.F, self.S, self.P, self.policy)

    def seen_from(self, field):
        return field.after(self.F, self.S, self.P)


@dataclass(frozen=True)
class Scale(Layer):
    """A factor and a bias for each channel, in place: what batch normalisation learns."""

    def __str__(self):
        return "scale and bias"

    def output_shape(self, shape):
        return shape

    def parameters(self, shape):
        return 2 * shape[2]

    def activations(self, shape):
        return 0

    def seen_from(self, field):
        return field


@dataclass(frozen=True)
class GlobalPool(Layer):
    """The average of each whole map."""

    def __str__(self):
        return "global average pool"

    def output_shape(self, shape):
        return 1, 1, shape[2]


@dataclass(frozen=True)
class Affine(Layer):
    """M units that see everything. `learned` is False where the weights are fixed by hand."""

    M: int
    learned: bool = True

    def __str__(self):
        return f"affine {self.M}"

    def output_shape(self, shape):
        return 1, 1, self.M

    def parameters(self, shape):
        return (prod(shape) + 1) * self.M * self.learned

    def multiply_adds(self, shape):
        return prod(shape) * self.M


@dataclass(frozen=True)
class Concat(Layer):
    """Branches side by side on one input; their maps are stacked (the inception module).

    A branch is a tuple of layers. ValueError where the branches' outputs differ in size.
    """

    branches: tuple

    def __str__(self):
        return "stack of [" + " | ".join(written(b) for b in self.branches) + "]"

    def output_shape(self, shape):
        ends = [self.end(branch, shape) for branch in self.branches]
        if len({end[:2] for end in ends}) > 1:
            raise ValueError(f"branches of {self} end in {ends}: widths and heights must agree")
        return *ends[0][:2], sum(end[2] for end in ends)

    def end(self, branch, shape):
        """The shape in which a branch ends; an empty branch passes its input on."""
        for layer in branch:
            shape = layer.output_shape(shape)
        return shape

    def total(self, quantity, shape):
        """The sum of one quantity over all layers of all branches."""
        found = 0
        for branch in self.branches:
            before = shape
            for layer in branch:
                found += getattr(layer, quantity)(before)
                before = layer.output_shape(before)
        return found

    def parameters(self, shape):
        return self.total("parameters", shape)

    def multiply_adds(self, shape):
        return self.total("multiply_adds", shape)

    def activations(self, shape):
        return self.total("activations", shape)

    def seen_from(self, field):
        """The union of what the branches see; ValueError where their jumps differ."""
        ends = []
        for branch in self.branches:
            end = field
            for layer in branch:
                end = layer.seen_from(end)
            ends.append(end)
        if len({end.jump for end in ends}) > 1:
            raise ValueError(f"branches of {self} end in {ends}: their jumps must agree")
        start = min(end.start for end in ends)
        stop = max(end.start + end.size for end in ends)
        return arithmetic.ReceptiveField(stop - start, ends[0].jump, start)


@dataclass(frozen=True)
class Add(Concat):
    """Branches whose maps are added up (the residual block); the sum is kept in memory too."""

    def __str__(self):
        return "sum of [" + " | ".join(written(b) for b in self.branches) + "]"

    def output_shape(self, shape):
        ends = [self.end(branch, shape) for branch in self.branches]
        if len(set(ends)) > 1:
            raise ValueError(f"branches of {self} end in {ends}: shapes must agree to be added")
        return ends[0]

    def activations(self, shape):
        return self.total("activations", shape) + prod(self.output_shape(shape))


def written(branch):
    """A branch in words."""
    return ", ".join(map(str, branch)) or "the input"


def details(layer):
    """Stride, padding and so on, where they are not the plainest."""
    plain = {"S": 1, "P": 0, "dilation": 1, "groups": 1}
    words = {"S": "stride", "P": "pad", "dilation": "dilation", "groups": "groups"}
    values = {letter: getattr(layer, letter, value) for letter, value in plain.items()}
    return "".join(f", {words[n]} {v}" for n, v in values.items() if v != plain[n])
