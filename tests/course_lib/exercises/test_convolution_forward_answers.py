"""Answers to lesson 02 as people really write them: right ones pass, wrong ones lose their part."""

import sys
import warnings

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from played import assert_passes

from course_lib.exercises import convolution_forward
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, WRONG
from tests.thorough import SEEDS

EXERCISES = {e.name: e for e in convolution_forward.EXERCISES}


def padded(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def sizes(x, w, conv_param):
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    return N, F, (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1


def over_outputs(x, w, b, conv_param):
    out, stride = np.zeros(sizes(x, w, conv_param)), conv_param["stride"]
    xp = padded(x, conv_param["pad"])
    for n, f, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = xp[n, :, top : top + w.shape[2], left : left + w.shape[3]]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def over_single_numbers(x, w, b, conv_param):
    out, stride, pad = np.zeros(sizes(x, w, conv_param)), conv_param["stride"], conv_param["pad"]
    H, W = x.shape[2:]
    for n, f, i, j in np.ndindex(out.shape):
        total = float(b[f])
        for c, di, dj in np.ndindex(w.shape[1:]):
            row, column = i * stride + di - pad, j * stride + dj - pad
            if 0 <= row < H and 0 <= column < W:
                total += x[n, c, row, column] * w[f, c, di, dj]
        out[n, f, i, j] = total
    return [out, None]


def over_filter_taps(x, w, b, conv_param):
    N, F, H2, W2 = sizes(x, w, conv_param)
    out, s = np.zeros((N, F, H2, W2)) + b[:, None, None], conv_param["stride"]
    xp = padded(x, conv_param["pad"])
    for di in range(w.shape[2]):
        for dj in range(w.shape[3]):
            pixels = xp[:, :, di : di + s * H2 : s, dj : dj + s * W2 : s]
            out += np.tensordot(pixels[:, :, :H2, :W2], w[:, :, di, dj], (1, 1)).transpose(
                0, 3, 1, 2)
    conv_param["out_shape"] = out.shape
    return out, {"padded": xp}


def windows(x, w, conv_param):
    s = conv_param["stride"]
    view = sliding_window_view(padded(x, conv_param["pad"]), w.shape[2:], axis=(2, 3))
    return view[:, :, ::s, ::s]


def einsum(x, w, b, conv_param):
    out = np.einsum("ncijhw,fchw->nfij", windows(x, w, conv_param), w)
    return out + b.reshape(1, -1, 1, 1), (windows(x, w, conv_param), w)


def one_matrix_product(x, w, b, conv_param):
    N, F, H2, W2 = sizes(x, w, conv_param)
    rows = windows(x, w, conv_param).transpose(0, 2, 3, 1, 4, 5).reshape(N * H2 * W2, -1)
    out = rows @ w.reshape(F, -1).T + b
    return out.reshape(N, H2, W2, F).transpose(0, 3, 1, 2), rows


def float32_inside(x, w, b, conv_param):
    return over_outputs(*(a.astype(np.float32) for a in (x, w, b)), conv_param)


def float32_result(x, w, b, conv_param):
    out, cache = einsum(x, w, b, conv_param)
    return out.astype(np.float32), cache


def chatty(x, w, b, conv_param):
    print("x", x.shape)
    print("a remark on stderr", file=sys.stderr)
    warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
    return einsum(x, w, b, conv_param)


RIGHT = [over_outputs, over_single_numbers, over_filter_taps, einsum, one_matrix_product,
         float32_inside, float32_result, chatty]
OTHERS = {
    "neuron": [
        lambda x, w, b: np.sum(x * w) + b,
        lambda x, w, b: np.dot(x.ravel(), w.ravel()) + b,
        lambda x, w, b: np.tensordot(x, w, 3) + b,
        lambda x, w, b: b + sum(p * q for p, q in zip(x.flat, w.flat, strict=True)),
        lambda x, w, b: np.float32((x * w).sum() + b),
    ],
    "zero_pad": [
        padded,
        lambda x, pad: np.pad(x, [(0, 0)] * 2 + [(pad, pad)] * 2, mode="constant"),
        lambda x, pad: np.concatenate([
            np.zeros((*x.shape[:2], pad, x.shape[3] + 2 * pad)),
            np.concatenate([np.zeros((*x.shape[:3], pad)), x, np.zeros((*x.shape[:3], pad))], 3),
            np.zeros((*x.shape[:2], pad, x.shape[3] + 2 * pad))], 2),
        lambda x, pad: x if pad == 0 else padded(x.astype(np.float32), pad),
    ],
    "window_at": [
        lambda x, i, j, HH, WW, s: x[:, i * s : i * s + HH, j * s : j * s + WW].copy(),
        lambda x, i, j, HH, WW, s: sliding_window_view(x, (HH, WW), axis=(1, 2))[:, i * s, j * s],
        lambda x, i, j, HH, WW, s: x[:, i * s :, j * s :][:, :HH, :WW],
        lambda x, i, j, HH, WW, s: np.stack([c[i * s : i * s + HH, j * s : j * s + WW] for c in x]),
    ],
    "conv_by_channel": [
        lambda x, w, b, style=style: style(x, w, b, {"stride": 1, "pad": 0})[0] for style in RIGHT
    ],
    "conv1x1": [
        lambda x, w, b: np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None],
        lambda x, w, b: np.tensordot(x, w, (1, 1)).transpose(0, 3, 1, 2) + b[:, None, None],
        lambda x, w, b: np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1),
        lambda x, w, b: np.stack([(w @ image.reshape(len(image), -1) + b[:, None]).reshape(
            len(w), *image.shape[1:]) for image in x]),
        lambda x, w, b: einsum(x, w.reshape(*w.shape, 1, 1), b, {"stride": 1, "pad": 0})[0],
    ],
}
ANSWERS = [("conv_forward_naive", answer) for answer in RIGHT]
ANSWERS += [(name, answer) for name, answers in OTHERS.items() for answer in answers]


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_right_answers_of_every_style_pass(name, answer, capfd):
    assert_passes(EXERCISES[name], [answer], SEEDS)
    assert not capfd.readouterr().err


def lost_groups(name, student):
    exercise = EXERCISES[name]
    return {group for group in exercise.groups
            if not all(judge(exercise, [student], group, seed).passed for seed in SEEDS)}


WITH_PADDING = {"many filters", "many images", "bias", "padding", "stride and padding",
                "wide images"}


@pytest.mark.parametrize(
    ("mistake", "groups"),
    [
        ("bias forgotten", {"bias"}),
        ("bias once per channel", {"bias"}),
        ("first bias for all", {"bias"}),
        ("first image only", {"many images", "stride and padding", "wide images", "tall images"}),
        ("padding ignored", WITH_PADDING),
        ("zeros at one end", WITH_PADDING),
        ("stride ignored", {"stride", "stride and padding"}),
        ("windows not strided", {"stride", "stride and padding"}),
        ("output height for both", {"wide images", "tall images"}),
        ("output width for both", {"wide images", "tall images"}),
    ],
)
def test_a_single_mistake_costs_the_part_it_concerns(mistake, groups):
    exercise = EXERCISES["conv_forward_naive"]
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = lost_groups(exercise.name, lambda *args: (wrong(*args), None))
    assert lost == groups | {"everything at once"}


def test_a_mistake_at_pad_0_or_with_padding_costs_half_of_the_groups_at_most():
    right = RIGHT[0]

    def wrong_where(fails):
        def student(x, w, b, conv_param):
            out, cache = right(x, w, b, conv_param)
            return (-out if fails(conv_param["pad"]) else out), cache

        return student

    groups = set(EXERCISES["conv_forward_naive"].groups)
    at_0 = lost_groups("conv_forward_naive", wrong_where(lambda pad: pad == 0))
    assert at_0 == groups - WITH_PADDING
    with_padding = lost_groups("conv_forward_naive", wrong_where(bool))
    assert with_padding == WITH_PADDING | {"everything at once"}


def loop_over_the_unpadded_input(x, w, b, conv_param):
    """Published more than once: right at pad 0 and stride 1, off the edge otherwise."""
    out, s = np.zeros(sizes(x, w, conv_param)), conv_param["stride"]
    xp = padded(x, conv_param["pad"])
    for i in range(0, x.shape[2] - w.shape[2] + 1, s):
        for j in range(0, x.shape[3] - w.shape[3] + 1, s):
            window = xp[:, None, :, i : i + w.shape[2], j : j + w.shape[3]]
            out[:, :, i, j] = (window * w).sum(axis=(2, 3, 4)) + b
    return out, None


def square_filter_assumed(x, w, b, conv_param):
    out, s = np.zeros(sizes(x, w, conv_param)), conv_param["stride"]
    xp = padded(x, conv_param["pad"])
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[2]]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, None


def padding_added_after_the_division(x, w, b, conv_param):
    s, pad = conv_param["stride"], conv_param["pad"]
    N, F, H2, W2 = (*x.shape[:1], len(w), *((n - k) // s + 2 * pad + 1 for n, k in zip(
        x.shape[2:], w.shape[2:], strict=True)))
    out, xp = np.zeros((N, F, H2, W2)), padded(x, pad)
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]]
        if window.shape == w[f].shape:
            out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, None


@pytest.mark.parametrize(
    ("student", "groups", "name"),
    [
        (loop_over_the_unpadded_input,
         {"many filters", "many images", "bias", "padding", "stride", "stride and padding",
          "wide images", "everything at once"}, "written at the pixel"),
        (square_filter_assumed, {"wide images", "tall images", "everything at once"}, None),
        (padding_added_after_the_division, {"stride and padding", "everything at once"}, None),
    ],
)
def test_published_mistakes_lose_their_part_and_get_no_wrong_hint(student, groups, name):
    assert lost_groups("conv_forward_naive", student) == groups
    exercise = EXERCISES["conv_forward_naive"]
    for group in groups:
        verdict = judge(exercise, [student], group, 5)
        assert verdict.outcome in (WRONG, ERROR) and verdict.misconception in (name, None)


def test_slicing_with_minus_pad_fails_pad_0_alone():
    def minus_pad(x, pad):
        out = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
        out[:, :, pad:-pad, pad:-pad] = x
        return out

    assert lost_groups("zero_pad", minus_pad) == {"pad 0"}


def test_what_is_returned_beside_out_is_checked_for_number_only():
    exercise = EXERCISES["conv_forward_naive"]
    verdict = judge(exercise, [lambda *args: einsum(*args)[0]], "one filter")
    assert verdict.outcome == WRONG and "2 things" in verdict.headline
