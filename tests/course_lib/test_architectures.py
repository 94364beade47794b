"""Every count that the course teaches, computed from the networks' data."""

from dataclasses import replace

import pytest

from course_lib import architectures, arithmetic
from course_lib.architectures import (
    ALEXNET,
    ALEXNET_LIBRARY,
    ALEXNET_UNGROUPED,
    ALL,
    GOOGLENET,
    GOOGLENET_LIBRARY,
    LENET5,
    LENET5_ORIGINAL,
    RESNET50,
    VGG16,
    ZFNET,
    Architecture,
)
from course_lib.architectures.layers import (
    Add,
    Affine,
    Concat,
    Conv,
    GlobalPool,
    Local,
    Pool,
    Scale,
)

MIB = 2**20


@pytest.mark.parametrize(
    "net, parameters",
    [
        (LENET5, 61_706),
        (LENET5_ORIGINAL, 60_000),
        (ALEXNET, 60_965_224),
        (ALEXNET_UNGROUPED, 62_378_344),
        (ALEXNET_LIBRARY, 61_100_840),
        (ZFNET, 62_357_608),
        (VGG16, 138_357_544),
        (GOOGLENET, 6_998_552),
        (GOOGLENET_LIBRARY, 6_624_904),
        (RESNET50, 25_557_032),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_parameters(net, parameters):
    assert arithmetic.parameters(net) == parameters
    assert net in ALL


def sizes(net):
    return [row.shape[0] for row in arithmetic.layer_table(net)][: len(net.spatial_layers)]


def test_every_network_is_named_once_and_ends_in_its_classes():
    assert len({net.name for net in ALL}) == len(ALL)
    assert set(architectures.__all__) >= {"ALL", "VGG16", "Architecture"}
    for net in ALL:
        classes = 10 if net.name.startswith("LeNet") else 1000
        assert arithmetic.layer_table(net)[-1].shape == (1, 1, classes)


class TestOneLayer:
    def test_a_fully_connected_neuron_does_not_scale(self):
        assert Affine(1).parameters((32, 32, 3)) == 3_072 + 1
        assert Affine(1).parameters((200, 200, 3)) == 120_000 + 1

    def test_a_convolutional_neuron(self):
        assert Conv(1, 5).parameters((32, 32, 3)) == 75 + 1
        assert Conv(1, 3).weights((16, 16, 20)) == 180

    def test_sharing_in_alexnets_first_layer(self):
        image, shared = (227, 227, 3), Conv(96, 11, S=4)
        unshared = Local(96, 11, S=4)
        assert shared.activations(image) == 55 * 55 * 96 == 290_400
        assert unshared.parameters(image) == 290_400 * 364 == 105_705_600
        assert shared.weights(image) == 34_848
        assert shared.parameters(image) == 34_944
        assert unshared.parameters(image) / shared.parameters(image) == 3_025 == 55 * 55

    def test_760(self):
        assert Conv(10, 5, P=2).parameters((32, 32, 3)) == 760

    def test_locally_connected(self):
        assert Local(64, 3).parameters((32, 32, 3)) == 1_612_800

    def test_pooling_learns_nothing(self):
        assert Pool(2, 2).parameters((224, 224, 64)) == 0
        assert Pool(2, 2).multiply_adds((224, 224, 64)) == 0

    @pytest.mark.parametrize("C", [1, 16, 64])
    def test_three_3x3_need_27_and_one_7x7_needs_49_times_C_squared(self, C):
        shape = (32, 32, C)
        assert 3 * Conv(C, 3, P=1).weights(shape) == 27 * C * C
        assert Conv(C, 7, P=3).weights(shape) == 49 * C * C

    def test_an_affine_layer_is_a_convolution_as_large_as_its_input(self):
        shape, affine, conv = (7, 7, 512), Affine(4096), Conv(4096, 7)
        assert conv.output_shape(shape) == affine.output_shape(shape)
        assert conv.parameters(shape) == affine.parameters(shape)
        assert conv.multiply_adds(shape) == affine.multiply_adds(shape)

    def test_multiply_adds_by_hand(self):
        assert Conv(2, 3, S=2, P=1).multiply_adds((5, 5, 3)) == 3 * 3 * 2 * 27
        assert Conv(4, 3, groups=2).multiply_adds((5, 7, 6)) == 3 * 5 * 4 * 27
        assert Local(2, 3, S=2, P=1).multiply_adds((5, 5, 3)) == 3 * 3 * 2 * 27


class TestVgg:
    def test_weights_and_biases(self):
        biases = sum(getattr(layer, "K", getattr(layer, "M", 0)) for layer in VGG16.layers)
        assert biases == 13_416
        assert arithmetic.parameters(VGG16) - biases == 138_344_128

    def test_multiply_adds(self):
        assert arithmetic.multiply_adds(VGG16) == 15_470_264_320

    def test_memory_is_less_than_the_notes_say(self):
        """They add the same numbers up to 24M and 93 MB."""
        values = arithmetic.activations(VGG16)
        assert values == 15_237_608
        assert round(4 * values / MIB, 1) == 58.1

    def test_7x7x512_after_five_poolings_is_vgg_and_not_alexnet(self):
        last = len(VGG16.spatial_layers) - 1
        assert arithmetic.layer_table(VGG16)[last].shape == (7, 7, 512)
        assert sum(isinstance(layer, Pool) for layer in VGG16.layers) == 5
        last = len(ALEXNET.spatial_layers) - 1
        assert arithmetic.layer_table(ALEXNET)[last].shape == (6, 6, 256)
        assert sum(isinstance(layer, Pool) for layer in ALEXNET.layers) == 3

    def test_72_MB_for_three_convolutional_layers(self):
        net = Architecture("three", (224, 224, 3), (Conv(64, 3, P=1),) * 3, "the notes")
        values = arithmetic.activations(net) - 224 * 224 * 3
        assert values == 9_633_792
        assert 8 * values / MIB == 73.5

    def test_receptive_field(self):
        """Of the 212 pixels the last convolution adds 32, and the pooling 16."""
        fields = arithmetic.receptive_fields(VGG16.spatial_layers)
        assert [field.size for field in fields][-3:] == [164, 196, 212]


class TestSizes:
    def test_alexnet(self):
        for net in (ALEXNET, ALEXNET_UNGROUPED, ALEXNET_LIBRARY):
            assert sizes(net) == [55, 27, 27, 13, 13, 13, 13, 6]
            fields = arithmetic.receptive_fields(net.spatial_layers)
            assert [field.size for field in fields] == [11, 19, 51, 67, 99, 131, 163, 195]

    def test_224_does_not_fit_where_nobody_rounds(self):
        with pytest.raises(ValueError, match="W=224 F=11 S=4 P=0.*not an integer"):
            arithmetic.layer_table(replace(ALEXNET, input_shape=(224, 224, 3)))

    def test_zfnet(self):
        assert sizes(ZFNET) == [110, 55, 26, 13, 13, 13, 13, 6]

    def test_lenet(self):
        assert sizes(LENET5) == [28, 14, 10, 5]
        assert sizes(LENET5_ORIGINAL) == [28, 14, 14, 10, 5, 5, 1]

    def test_googlenet_halves_to_7_and_ends_with_1024_maps(self):
        for net in (GOOGLENET, GOOGLENET_LIBRARY):
            table = [r for r in arithmetic.layer_table(net) if isinstance(r.layer, Concat)]
            assert [row.shape for row in table] == [
                (28, 28, 256), (28, 28, 480),
                (14, 14, 512), (14, 14, 512), (14, 14, 512), (14, 14, 528), (14, 14, 832),
                (7, 7, 832), (7, 7, 1024),
            ]  # fmt: skip

    def test_resnet_has_16_blocks_in_four_sizes(self):
        shapes = [r.shape for r in arithmetic.layer_table(RESNET50) if isinstance(r.layer, Add)]
        assert shapes == [(56, 56, 256)] * 3 + [(28, 28, 512)] * 4 + [(14, 14, 1024)] * 6 + [
            (7, 7, 2048)
        ] * 3

    def test_resnet_sees_483_pixels(self):
        """The figure of Araujo, Norris, Sim: Computing receptive fields (2019)."""
        assert arithmetic.receptive_fields(RESNET50.spatial_layers)[-1].size == 483


class TestLenetAsPublished:
    def test_its_layers_one_by_one(self):
        counts = [row.parameters for row in arithmetic.layer_table(LENET5_ORIGINAL)]
        assert counts == [156, 0, 12, 1_516, 0, 32, 48_120, 10_164, 0]

    def test_every_map_is_seen_by_ten_filters(self):
        connections = LENET5_ORIGINAL.layers[3].connections
        assert [sum(m in seen for seen in connections) for m in range(6)] == [10] * 6
        assert len(set(connections)) == 16


class TestBranches:
    stack = Concat(((Conv(4, 1),), (Conv(2, 1), Conv(3, 3, P=1)), ()))

    def test_concat_stacks_maps_and_adds_up_costs(self):
        shape = (6, 5, 7)
        assert self.stack.output_shape(shape) == (6, 5, 4 + 3 + 7)
        assert self.stack.parameters(shape) == (7 + 1) * 4 + (7 + 1) * 2 + (2 * 9 + 1) * 3
        assert self.stack.multiply_adds(shape) == 30 * (7 * 4 + 7 * 2 + 2 * 9 * 3)
        assert self.stack.activations(shape) == 30 * (4 + 2 + 3)
        assert arithmetic.receptive_fields([(2, 2), self.stack])[-1] == (2 + 2 * 2, 2, -2)

    def test_add_keeps_its_sum(self):
        block = Add(((Conv(7, 3, P=1, bias=False), Scale()), ()))
        assert block.output_shape((6, 5, 7)) == (6, 5, 7)
        assert block.parameters((6, 5, 7)) == 7 * 7 * 9 + 14
        assert block.activations((6, 5, 7)) == 2 * 6 * 5 * 7

    def test_in_words(self):
        assert str(self.stack) == (
            "stack of [conv 4 of 1x1 | conv 2 of 1x1, conv 3 of 3x3, pad 1 | the input]"
        )
        assert str(Add(((Scale(),), ()))) == "sum of [scale and bias | the input]"
        assert str(ALEXNET.layers[2]) == "conv 256 of 5x5, pad 2, groups 2"
        assert str(Pool(3, 2)) == "pool 3x3, stride 2"
        assert str(Local(2, 3)) == "local 2 of 3x3"
        assert [str(GlobalPool()), str(Affine(3))] == ["global average pool", "affine 3"]


@pytest.mark.parametrize(
    "layer, said",
    [
        (Conv(4, 3, groups=2), "groups must divide K and the depth"),
        (Conv(3, 3, groups=7), "groups must divide K and the depth"),
        (Conv(2, 3, connections=((0,),)), "connections must be 2 tuples of channels below 7"),
        (Conv(1, 3, connections=((7,),)), "connections must be 1 tuples of channels below 7"),
        (Concat(((Conv(4, 3),), ())), "widths and heights must agree"),
        (Add(((Conv(4, 1),), ())), "shapes must agree to be added"),
    ],
)
def test_layers_that_contradict_their_input(layer, said):
    with pytest.raises(ValueError, match=said):
        arithmetic.layer_table(Architecture("wrong", (6, 5, 7), (layer,), "nobody"))


def test_branches_with_unequal_jumps_have_no_receptive_field():
    with pytest.raises(ValueError, match="jumps must agree"):
        arithmetic.receptive_fields([Concat(((Pool(2, 2),), ()))])


def test_an_affine_layer_sees_everything():
    with pytest.raises(ValueError, match="affine 3"):
        arithmetic.receptive_fields([Affine(3)])
    net = Architecture("only convolutions", (6, 5, 7), (Conv(4, 3),), "nobody")
    assert net.spatial_layers == net.layers
