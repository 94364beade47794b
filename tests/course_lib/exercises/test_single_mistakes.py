"""In lessons 07 and 08, too, a single mistake costs the part it concerns and no more."""

import pytest
from played import verdicts

from course_lib import exercises
from tests.thorough import MANY_SEEDS


@pytest.mark.parametrize(
    ("name", "mistake", "groups"),
    [
        ("flat_size", "padding forgotten", {"everything at once", "padding"}),
        ("flat_size", "height for both", {"everything at once", "non-square images"}),
        ("softmax_loss", "loss summed over images", {"everything at once", "loss of many images"}),
        ("softmax_loss", "gradient not divided", {"everything at once", "gradient of many images"}),
        ("softmax_loss", "whole columns picked", {"everything at once", "gradient of many images"}),
        ("ConvNet", "best image for each class", {"predict"}),
        ("ConvNet", "softmax twice", {"loss", "affine gradients", "conv gradients",
                                      "non-square images"}),
        ("ConvNet", "ReLU left out on the way back", {"conv gradients", "non-square images"}),
        ("ConvNet", "gradient to all pixels", {"conv gradients", "non-square images"}),
        ("train", "losses after the step", {"losses"}),
        ("train", "last batch left out", {"batches"}),
        ("train", "labels left behind", {"batches"}),
        ("train", "same order in every epoch", {"shuffling"}),
        ("occlusion_map", "first channel covered", {"colour images"}),
        ("count_params", "biases forgotten", {"biases", "whole networks"}),
        ("count_params", "fully connected to the depth alone",
         {"fully connected", "biases", "whole networks"}),
        ("count_params", "pooling counted", {"pooling", "whole networks"}),
        ("count_params", "a bias everywhere", {"biases", "whole networks"}),
        ("count_params", "groups ignored", {"groups", "whole networks"}),
        ("count_macs", "places of the input", {"stride and padding", "whole networks"}),
        ("count_macs", "width for both", {"whole networks"}),
        ("memory", "bytes forgotten", {"everything at once", "bytes"}),
        ("wrong_claims", "too large only", {"too small", "rounded numbers"}),
        ("wrong_claims", "rounded numbers called wrong", {"rounded numbers"}),
        ("fc_to_conv", "channels last", {"square volumes", "non-square volumes"}),
        ("dilate", "zeros at the end", {"gaps", "non-square filters"}),
        ("depthwise_forward", "bias forgotten", {"everything at once", "bias"}),
    ],
)
def test_a_single_mistake_costs_the_part_it_concerns(name, mistake, groups):
    exercise = exercises.find(name)
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = {group for group, verdict in verdicts(exercise, wrong, MANY_SEEDS) if not verdict.passed}
    assert lost == groups
