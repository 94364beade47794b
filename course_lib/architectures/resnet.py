"""ResNet-50: each block adds what it computes to its input.

Source: He, Zhang, Ren, Sun: Deep residual learning for image recognition (2016), table 1; batch
normalisation after each convolution, in place of biases.
"""

from course_lib.architectures.layers import (
    Add,
    Affine,
    Architecture,
    Conv,
    GlobalPool,
    Pool,
    Scale,
)


def conv(K, F, S=1):
    return Conv(K, F, S, P=F // 2, bias=False, policy="floor"), Scale()


def bottleneck(K, S=1, project=False):
    """1x1 to K maps, 3x3, 1x1 to 4K; the input is projected where its shape has to change."""
    shortcut = conv(4 * K, 1, S) if project else ()
    return Add((conv(K, 1, S) + conv(K, 3) + conv(4 * K, 1), shortcut))


def stage(K, blocks, S=2):
    """Blocks of one size; the first one gets there with its stride."""
    return (bottleneck(K, S, project=True), *(bottleneck(K),) * (blocks - 1))


RESNET50 = Architecture(
    name="ResNet-50",
    input_shape=(224, 224, 3),
    layers=(
        *conv(64, 7, S=2),
        Pool(3, 2, P=1, policy="floor"),
        *stage(64, 3, S=1),
        *stage(128, 4),
        *stage(256, 6),
        *stage(512, 3),
        GlobalPool(),
        Affine(1000),
    ),
    source="He et al. (2016): a stage's stride is in its first 1x1 layer (most libraries put it "
    "into the 3x3 layer: as many parameters, more multiply-adds)",
)
