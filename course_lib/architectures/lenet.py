"""LeNet-5, which read digits on cheques, as it is taught today and as it was published.

Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition
(1998), section II.B.
"""

from course_lib.architectures.layers import Affine, Architecture, Conv, Pool, Scale

LENET5 = Architecture(
    name="LeNet-5",
    input_shape=(32, 32, 1),
    layers=(
        Conv(6, 5),
        Pool(2, 2),
        Conv(16, 5),
        Pool(2, 2),
        Affine(120),
        Affine(84),
        Affine(10),
    ),
    source="LeCun et al. (1998) as taught today: every filter sees every channel, plain pooling",
)

# Table I of the paper: which of the six maps of S2 each of the sixteen filters of C3 sees.
SEEN_BY_C3 = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip

LENET5_ORIGINAL = Architecture(
    name="LeNet-5, as published",
    input_shape=(32, 32, 1),
    layers=(
        Conv(6, 5),
        Pool(2, 2),
        Scale(),
        Conv(16, 5, connections=SEEN_BY_C3),
        Pool(2, 2),
        Scale(),
        Conv(120, 5),
        Affine(84),
        Affine(10, learned=False),
    ),
    source="LeCun et al. (1998): partial connections in C3, pooling with a learned factor and "
    "bias, an output layer that compares with ten drawn characters",
)
