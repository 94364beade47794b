"""Well-known networks written as data: read one, count it with `course_lib.arithmetic`.

`layers.py` explains the words; the other files hold the networks.
"""

from course_lib.architectures.alexnet import (
    ALEXNET,
    ALEXNET_LIBRARY,
    ALEXNET_UNGROUPED,
    ZFNET,
)
from course_lib.architectures.googlenet import GOOGLENET, GOOGLENET_LIBRARY
from course_lib.architectures.layers import Architecture
from course_lib.architectures.lenet import LENET5, LENET5_ORIGINAL
from course_lib.architectures.resnet import RESNET50
from course_lib.architectures.vgg import VGG16

ALL = (
    LENET5,
    LENET5_ORIGINAL,
    ALEXNET,
    ALEXNET_UNGROUPED,
    ALEXNET_LIBRARY,
    ZFNET,
    VGG16,
    GOOGLENET,
    GOOGLENET_LIBRARY,
    RESNET50,
)

__all__ = [
    "ALEXNET",
    "ALEXNET_LIBRARY",
    "ALEXNET_UNGROUPED",
    "ALL",
    "GOOGLENET",
    "GOOGLENET_LIBRARY",
    "LENET5",
    "LENET5_ORIGINAL",
    "RESNET50",
    "VGG16",
    "ZFNET",
    "Architecture",
]
