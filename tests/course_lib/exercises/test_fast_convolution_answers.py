"""Answers to lesson 06 as people really write them: right ones pass, wrong ones lose their part."""

import numpy as np
import pytest
from fast_styles import (
    ANSWERS,
    BACKWARD,
    FORWARD,
    backward,
    forward,
    image_by_weights,
    image_by_windows,
    padded,
    places,
    windows_view,
)
from played import assert_passes, verdicts

from course_lib.exercises import columns, convolution_backward, fast_convolution
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR
from tests.thorough import MANY_SEEDS

pytestmark = pytest.mark.slow

EXERCISES = {e.name: e for e in (*columns.EXERCISES, *fast_convolution.EXERCISES)}
FEW_SEEDS = (None, 1, 2)


def test_every_exercise_has_right_answers_in_six_styles():
    assert set(ANSWERS) == set(EXERCISES)
    assert all(len(styles) >= 6 for styles in ANSWERS.values())


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, styles in ANSWERS.items() for answer in styles])
def test_right_answers_of_every_style_pass(name, answer, capfd):
    functions = answer if isinstance(answer, tuple) else (answer,)
    assert_passes(EXERCISES[name], functions, FEW_SEEDS)
    assert not capfd.readouterr().err


# Loops over positions: right numbers, but not the point.

def with_a_loop(forward_layer):
    """Columns one window at a time."""
    def cols(x, HH, WW, stride, pad):
        xp, (H2, W2) = padded(x, pad), places(x.shape, HH, WW, stride, pad)
        made = np.empty((x.shape[1] * HH * WW, len(x) * H2 * W2))
        for k, (n, i, j) in enumerate(np.ndindex(len(x), H2, W2)):
            i, j = i * stride, j * stride
            made[:, k] = xp[n, :, i : i + HH, j : j + WW].ravel()
        return made

    return forward_layer(cols)


def naive(x, w, b, conv_param):
    view = windows_view(x, *w.shape[2:], conv_param["stride"], conv_param["pad"])
    out = np.empty((len(x), len(w), *view.shape[4:]))
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = np.sum(view[:, :, :, n, i, j] * w[f]) + b[f]
    return out, None


@pytest.mark.parametrize("layer", [with_a_loop(forward), naive])
def test_a_forward_loop_over_positions_costs_its_group_alone(layer):
    exercise = EXERCISES["conv_forward_fast"]
    for group in exercise.groups:
        verdict = judge(exercise, [layer], group)
        assert verdict.passed == (group != "many positions"), verdict.text()
    verdict = judge(exercise, [layer], "many positions")
    assert verdict.outcome == ERROR and "Python loop over positions" in verdict.headline
    assert verdict.way == "grows with the positions" and "stopped" not in verdict.headline


def test_a_backward_loop_over_positions_costs_its_group_alone():
    exercise = EXERCISES["conv_backward_fast"]
    functions = backward(image_by_windows), FORWARD["view"]
    for group in exercise.groups:
        verdict = judge(exercise, functions, group)
        assert verdict.passed == (group != "many positions"), verdict.text()
    verdict = judge(exercise, functions, "many positions")
    assert verdict.outcome == ERROR and "Python loop over positions" in verdict.headline


def test_a_slow_forward_pass_costs_the_backward_pass_nothing():
    exercise = EXERCISES["conv_backward_fast"]
    functions = backward(image_by_weights), with_a_loop(forward)
    assert judge(exercise, functions, "many positions").passed


@pytest.mark.parametrize(
    ("name", "mistake", "groups"),
    [
        ("im2col", "channels after the window",
         {"channels", "stride", "non-square", "everything at once"}),
        ("im2col", "images mixed by reshape",
         {"many images", "stride", "non-square", "everything at once"}),
        ("im2col", "pixels reshaped for transposed",
         {"stride", "non-square", "everything at once"}),
        ("im2col", "padding ignored", {"padding", "stride", "everything at once"}),
        ("im2col", "counted without the padding", {"padding", "stride", "everything at once"}),
        ("im2col", "stride ignored", {"stride", "everything at once"}),
        ("im2col", "HH and WW exchanged", {"non-square", "everything at once"}),
        ("col2im", "overwritten by the last weight", {"overlapping windows", "all together"}),
        ("col2im", "images mixed by reshape", {"many images", "all together"}),
        ("conv_forward_fast", "bias forgotten", {"bias", "everything at once"}),
        ("conv_forward_fast", "reshape for transpose",
         {"many images", "stride and padding", "non-square", "everything at once"}),
        ("conv_backward_fast", "slice to minus pad", {"pad 0", "everything at once"}),
        ("conv_backward_fast", "db averaged",
         {"db", "many positions", "everything at once"}),
    ],
)
def test_a_single_mistake_costs_the_part_it_concerns(name, mistake, groups):
    exercise = EXERCISES[name]
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = {group for group, verdict in verdicts(exercise, wrong, MANY_SEEDS) if not verdict.passed}
    assert lost == groups


def test_the_gradients_are_those_of_lesson_03():
    lesson_03 = next(
        e for e in convolution_backward.EXERCISES if e.name == "conv_backward_naive")
    for group in ("dw stride", "dx pad 2", "all together"):
        assert judge(lesson_03, BACKWARD["weights"], group).passed
