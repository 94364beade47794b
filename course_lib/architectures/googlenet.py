"""GoogLeNet: inception modules look at several scales at once; no large affine layers.

Source: Szegedy et al.: Going deeper with convolutions (2015), table 1. The auxiliary heads, which
are used in training only, are left out.
"""

from course_lib.architectures.layers import (
    Affine,
    Architecture,
    Concat,
    Conv,
    GlobalPool,
    Pool,
    Scale,
)

# Filters of each module: 1x1; 3x3 and the 1x1 before it; the same for 5x5; 1x1 after the pooling.
INCEPTION = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}

HALVE = Pool(3, 2, policy="ceil")


def googlenet(conv, large, last_pool):
    """The layers; `conv(K, F, S, P)` is a tuple that convolves, `large` the size of the "5x5"."""

    def inception(name):
        one, reduce_three, three, reduce_five, five, pooled = INCEPTION[name]
        return Concat((
            conv(one, 1),
            conv(reduce_three, 1) + conv(three, 3, P=1),
            conv(reduce_five, 1) + conv(five, large, P=large // 2),
            (Pool(3, 1, P=1), *conv(pooled, 1)),
        ))  # fmt: skip

    return (
        *conv(64, 7, S=2, P=3),
        HALVE,
        *conv(64, 1),
        *conv(192, 3, P=1),
        HALVE,
        *map(inception, ("3a", "3b")),
        HALVE,
        *map(inception, ("4a", "4b", "4c", "4d", "4e")),
        last_pool,
        *map(inception, ("5a", "5b")),
        GlobalPool(),
        Affine(1000),
    )


def with_bias(K, F, S=1, P=0):
    return (Conv(K, F, S, P, policy="floor"),)


def with_batch_norm(K, F, S=1, P=0):
    return Conv(K, F, S, P, policy="floor", bias=False), Scale()


GOOGLENET = Architecture(
    name="GoogLeNet",
    input_shape=(224, 224, 3),
    layers=googlenet(with_bias, large=5, last_pool=HALVE),
    source="Szegedy et al. (2015)",
)

GOOGLENET_LIBRARY = Architecture(
    name="GoogLeNet, library variant",
    input_shape=(224, 224, 3),
    layers=googlenet(with_batch_norm, large=3, last_pool=Pool(2, 2)),
    source="Szegedy et al. (2015) as torchvision has it: batch normalisation in place of biases, "
    "3x3 filters where the paper has 5x5, and 2x2 in the last pooling",
)
