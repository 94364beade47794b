"""Answers to lesson 08 as people really write them, and the numbers that the lesson promises."""

from math import prod
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from played import assert_passes

from autograder.lessons.lesson import read_lesson
from course_lib import architectures, arithmetic, exercises
from course_lib.judging.judge import judge
from course_lib.judging.verdict import WRONG
from tests.thorough import SEEDS

CELLS = read_lesson(Path(__file__).resolve().parents[3] / "solutions" / "08_architectures.py").cells


def lesson(*roles):
    """What the lesson's cells of some roles define."""
    space = {}
    for cell in CELLS:
        if cell.role in roles:
            exec(cell.source, space)
    return space


def walked(net):
    W, H, D = net["input"]
    for layer in net["layers"]:
        before = W, H, D
        if layer["kind"] == "fc":
            W, H, D = 1, 1, layer["M"]
        else:
            W, H = [(n + 2 * layer["P"] - layer["F"]) // layer["S"] + 1 for n in (W, H)]
            D = layer.get("K", D)
        yield layer, before, (W, H, D)


def by_weights(net):
    total = 0
    for layer, (W, H, D), _ in walked(net):
        match layer:
            case {"kind": "conv", "K": K, "F": F, "groups": groups, "bias": bias}:
                total += np.zeros((K, D // groups, F, F)).size + bool(bias) * K
            case {"kind": "fc", "M": M, "bias": bias}:
                total += np.zeros((M, W * H * D)).size + bool(bias) * M
    return total


def by_groups(net):
    """Each group is a convolution of its own."""
    total = np.int64(0)
    for layer, before, _ in walked(net):
        if layer["kind"] == "pool":
            continue
        K, groups = layer.get("K", layer.get("M")), layer.get("groups", 1)
        window = layer["F"] ** 2 * before[2] if "F" in layer else np.prod(before)
        total += groups * (K // groups) * (window // groups) + (K if layer["bias"] else 0)
    return total


def recursive(net):
    if not net["layers"]:
        return 0
    first, *rest = net["layers"]
    _, _, after = next(walked(net))
    here = by_weights({"input": net["input"], "layers": [first]})
    return here + recursive({"input": after, "layers": rest})


def macs_by_fc_as_convolution(net):
    total = 0
    for layer, (W, H, D), after in walked(net):
        if layer["kind"] == "conv":
            total += prod(after) * layer["F"] ** 2 * D // layer["groups"]
        elif layer["kind"] == "fc":
            total += prod(after) * W * H * D
    return total


def macs_by_weights(net):
    no_bias = {"input": net["input"], "layers": [layer | {"bias": False} for layer in
                                                 net["layers"]]}
    return sum(by_weights({"input": before, "layers": [layer]}) * after[0] * after[1]
               for layer, before, after in walked(no_bias))


def memory_by_arrays(net, bytes_each=4):
    volumes = [net["input"], *(after for _, _, after in walked(net))]
    return sum(np.empty(shape, np.uint8).nbytes for shape in volumes) * bytes_each


def claims_by_ratio(claims, measures, tolerance):
    rights = [measures[what](net) for _, what, net, _ in claims]
    return [[n, right] for n, (right, claim) in enumerate(zip(rights, claims, strict=True))
            if not 1 - tolerance <= claim[3] / right <= 1 + tolerance]


def claims_by_isclose(claims, measures, tolerance):
    found = []
    for n, (_, what, net, claimed) in enumerate(claims):
        right = measures[what](net)
        if not np.isclose(claimed, right, rtol=tolerance, atol=0):
            found += [(n, right)]
    return tuple(found)


def filters_by_loops(w_fc, shape):
    filters = np.zeros((w_fc.shape[1], *shape))
    for d, (c, i, j) in enumerate(np.ndindex(*shape)):
        filters[:, c, i, j] = w_fc[d]
    return filters


def dilate_by_kron(w, dilation):
    one = np.zeros((dilation, dilation))
    one[0, 0] = 1
    out = np.kron(w, one)
    return out[:, :, : out.shape[2] - dilation + 1, : out.shape[3] - dilation + 1]


def dilate_by_insert(w, dilation):
    for axis in (2, 3):
        gaps = np.repeat(np.arange(1, w.shape[axis]), dilation - 1)
        w = np.insert(w, gaps, 0, axis=axis)
    return w


def dilate_by_step(w, dilation):
    print("dilating")
    F, C, HH, WW = w.shape
    out = np.zeros((F, C, HH + (HH - 1) * (dilation - 1), WW + (WW - 1) * (dilation - 1)),
                   np.float32)
    out[..., ::dilation, ::dilation] = w
    return out


def depthwise_by_taps(x, w, b):
    H2, W2 = x.shape[2] - w.shape[1] + 1, x.shape[3] - w.shape[2] + 1
    out = np.zeros((*x.shape[:2], H2, W2)) + b[:, None, None]
    for i in range(w.shape[1]):
        for j in range(w.shape[2]):
            out += x[:, :, i : i + H2, j : j + W2] * w[:, i, j][:, None, None]
    return out


def depthwise_by_einsum(x, w, b):
    view = sliding_window_view(x, w.shape[1:], axis=(2, 3))
    return np.einsum("nchwij,cij->nchw", view, w) + b.reshape(1, -1, 1, 1)


def depthwise_by_full_filters(x, w, b):
    """An ordinary convolution whose filters are 0 for all channels but one."""
    full = np.eye(len(w))[:, :, None, None] * w[:, None]
    view = sliding_window_view(x.astype(np.float32), w.shape[1:], axis=(2, 3))
    return np.einsum("nchwij,kcij->nkhw", view, full) + b[:, None, None]


RIGHT = {
    "conv_params": [lambda K, F, D: K * F * F * D + K,
                    lambda K, F, D: np.zeros((K, D, F, F)).size + np.zeros(K).size,
                    lambda K, F, D: sum(F**2 * D + 1 for _ in range(K))],
    "count_params": [by_weights, by_groups, recursive],
    "count_macs": [macs_by_fc_as_convolution, macs_by_weights],
    "memory": [memory_by_arrays, lambda net, bytes_each=4: int(sum(
        prod(shape) * bytes_each for shape in [net["input"], *(a for _, _, a in walked(net))]))],
    "wrong_claims": [claims_by_ratio, claims_by_isclose],
    "fc_to_conv": [filters_by_loops, lambda w_fc, shape: w_fc.T.reshape(-1, *shape),
                   lambda w_fc, shape: w_fc.reshape(*shape, -1).transpose(3, 0, 1, 2),
                   lambda w_fc, shape: np.stack([column.reshape(shape) for column in w_fc.T]),
                   lambda w_fc, shape: np.moveaxis(w_fc.astype(np.float32).reshape(*shape, -1),
                                                   -1, 0)],
    "dilate": [dilate_by_kron, dilate_by_insert, dilate_by_step],
    "depthwise_forward": [depthwise_by_taps, depthwise_by_einsum, depthwise_by_full_filters],
}
ANSWERS = [(name, answer) for name, answers in RIGHT.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_right_answers_of_every_style_pass(name, answer, capfd):
    assert_passes(exercises.find(name), (answer,), SEEDS, notes=False)
    assert not capfd.readouterr().err


@pytest.mark.parametrize("name", ["count_params", "memory"])
def test_a_function_that_empties_its_list_of_layers_counts_all_the_same(name):
    right = lesson("setup", "given", "answer")[name]

    def emptying(net, *more):
        found = right(net, *more)
        net["layers"].clear()
        return found

    assert_passes(exercises.find(name), (emptying,), SEEDS)


def test_the_friends_count_is_recognised_and_right_where_the_lesson_says_so():
    space = {}
    exec(next(c.source for c in CELLS if "def friends_conv_params" in c.source), space)
    friend = space["friends_conv_params"]
    verdict = judge(exercises.find("conv_params"), (friend,), "values")
    assert (verdict.outcome, verdict.misconception) == (WRONG, "filters and depth exchanged")
    right = exercises.find("conv_params").reference
    assert (friend(10, 5, 3), right(10, 5, 3)) == (753, 760)
    assert friend(3, 5, 3) == right(3, 5, 3)


def test_a_count_that_is_a_float_is_told_so():
    verdict = judge(exercises.find("conv_params"), (lambda K, F, D: (F * F * D + 1) * K / 1,),
                    "values")
    assert verdict.outcome == WRONG and "float" in verdict.headline
    assert verdict.misconception is None


def test_a_mistake_in_a_count_does_not_cost_the_reading_of_claims():
    """The ways of counting come from the judge, so the student's own need not be right."""
    assert judge(exercises.find("wrong_claims"), (claims_by_ratio,), "too large", 7).passed


def test_the_lessons_networks_give_the_numbers_of_the_course():
    mine = lesson("setup", "given", "answer")
    for net, network in ((mine["LENET5"], architectures.LENET5),
                         (mine["ALEXNET"], architectures.ALEXNET),
                         (mine["alexnet"](groups=1), architectures.ALEXNET_UNGROUPED),
                         (mine["VGG16"], architectures.VGG16)):
        assert mine["count_params"](net) == arithmetic.parameters(network)
        assert mine["count_macs"](net) == arithmetic.multiply_adds(network)
        assert mine["memory"](net, 1) == arithmetic.activations(network)
    assert mine["count_params"](mine["VGG16"]) == 138_357_544
    assert mine["count_macs"](mine["VGG16"]) == 15_470_264_320
    assert mine["memory"](mine["VGG16"]) == 4 * 15_237_608


def test_three_of_the_ten_claims_are_wrong():
    mine = lesson("setup", "given", "answer", "try")
    found = dict(mine["wrong_claims"](mine["NOTES"], mine["measures"], 0.02))
    assert len(mine["NOTES"]) == 10
    assert found == {2: 6 * 6 * 256, 5: 4 * 15_237_608, 6: 8 * 9_633_792}


def test_one_pass_of_vgg_saves_eleven_times_the_work():
    mine = lesson("setup", "given", "answer", "try")
    assert mine["separate"] / mine["all_at_once"] == pytest.approx(11.2, abs=0.05)
    lighter = mine["lighter"](mine["VGG16"])
    assert mine["count_macs"](mine["VGG16"]) / mine["count_macs"](lighter) == pytest.approx(8, 0.05)
    assert mine["memory"](lighter) > mine["memory"](mine["VGG16"])
