"""VGG-16: nothing but 3x3 filters, and 2x2 pooling between blocks.

Source: Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition
(2015), table 1, column D.
"""

from course_lib.architectures.layers import Affine, Architecture, Conv, Pool


def block(K, convolutions):
    """Some 3x3 convolutions that keep the size, then a pooling layer that halves it."""
    return (Conv(K, 3, P=1),) * convolutions + (Pool(2, 2),)


VGG16 = Architecture(
    name="VGG-16",
    input_shape=(224, 224, 3),
    layers=(
        *block(64, 2),
        *block(128, 2),
        *block(256, 3),
        *block(512, 3),
        *block(512, 3),
        Affine(4096),
        Affine(4096),
        Affine(1000),
    ),
    source="Simonyan, Zisserman (2015), column D",
)
