"""AlexNet in three versions, and ZFNet, which looked inside it and changed its first layers.

Sources: Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural
networks (2012); Zeiler, Fergus: Visualizing and understanding convolutional networks (2014).
"""

from course_lib.architectures.layers import Affine, Architecture, Conv, Pool

CLASSIFIER = (Affine(4096), Affine(4096), Affine(1000))


def alexnet(groups):
    """The layers of AlexNet; with two groups, half of the maps lived on each of two processors."""
    return (
        Conv(96, 11, S=4),
        Pool(3, 2),
        Conv(256, 5, P=2, groups=groups),
        Pool(3, 2),
        Conv(384, 3, P=1),
        Conv(384, 3, P=1, groups=groups),
        Conv(256, 3, P=1, groups=groups),
        Pool(3, 2),
        *CLASSIFIER,
    )


ALEXNET = Architecture(
    name="AlexNet",
    input_shape=(227, 227, 3),
    layers=alexnet(groups=2),
    source="Krizhevsky et al. (2012), two groups; the paper says 224, which does not fit",
)

ALEXNET_UNGROUPED = Architecture(
    name="AlexNet without groups",
    input_shape=(227, 227, 3),
    layers=alexnet(groups=1),
    source="Krizhevsky et al. (2012), as if on one processor",
)

ALEXNET_LIBRARY = Architecture(
    name="AlexNet, library variant",
    input_shape=(224, 224, 3),
    layers=(
        Conv(64, 11, S=4, P=2, policy="floor"),
        Pool(3, 2),
        Conv(192, 5, P=2),
        Pool(3, 2),
        Conv(384, 3, P=1),
        Conv(256, 3, P=1),
        Conv(256, 3, P=1),
        Pool(3, 2),
        *CLASSIFIER,
    ),
    source="Krizhevsky: One weird trick for parallelizing convolutional neural networks (2014), "
    "as torchvision has it",
)

ZFNET = Architecture(
    name="ZFNet",
    input_shape=(224, 224, 3),
    layers=(
        Conv(96, 7, S=2, P=1, policy="floor"),
        Pool(3, 2, policy="ceil"),
        Conv(256, 5, S=2),
        Pool(3, 2, policy="ceil"),
        Conv(384, 3, P=1),
        Conv(384, 3, P=1),
        Conv(256, 3, P=1),
        Pool(3, 2),
        *CLASSIFIER,
    ),
    source="Zeiler, Fergus (2014), figure 3; paddings and rounding chosen to give its sizes",
)
