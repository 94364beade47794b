"""Answers to lesson 04 as people really write them: right ones pass, wrong ones lose their part."""

import numpy as np
import pytest
from played import assert_passes
from sharing_styles import (
    OTHERS,
    STYLES,
    einsum_forward,
    loops_backward,
    loops_forward,
    matrices_forward,
    padded,
    unpadded,
)

from course_lib.exercises import parameter_sharing
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, WRONG
from tests.thorough import SEEDS

EXERCISES = {e.name: e for e in parameter_sharing.EXERCISES}
ANSWERS = [("local_forward_naive", [forward]) for forward, _ in STYLES]
ANSWERS += [("local_backward_naive", [backward, forward]) for forward, backward in STYLES]
ANSWERS += [(name, [answer]) for name, answers in OTHERS.items() for answer in answers]


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_right_answers_of_every_style_pass(name, functions, capfd):
    assert_passes(EXERCISES[name], functions, SEEDS)
    assert not capfd.readouterr().err


def test_every_exercise_has_six_right_answers():
    names = [name for name, _ in ANSWERS]
    assert {name for name in EXERCISES if names.count(name) >= 6} == set(EXERCISES)


def lost_groups(name, *functions):
    exercise = EXERCISES[name]
    return {group for group in exercise.groups
            if not all(judge(exercise, functions, group, seed).passed for seed in SEEDS)}


def backward_with(mistake):
    """A whole backward function with one mistake: mistake(dxp, dw, db, case) -> (dx, dw, db)."""
    def backward(dout, cache):
        x, w, b, conv_param = cache
        pad = conv_param["pad"]
        dxp, dw, db = loops_backward(
            dout, (padded(x, pad), w, b, conv_param | {"pad": 0}))
        return mistake(dxp, dw, db, (pad, x, dout))
    return backward


@pytest.mark.parametrize(
    ("mistake", "groups"),
    [
        ("bias forgotten", {"bias", "everything at once"}),
        ("bias once per channel", {"bias", "everything at once"}),
        ("one bias for all places", {"bias", "everything at once"}),
        ("first filter for all", {"many filters", "everything at once", "bias"}),
        ("first image for all", {"many images", "everything at once"}),
        ("padding ignored", {"padding", "everything at once"}),
        ("zeros at one end", {"padding", "everything at once"}),
        ("windows not strided", {"stride", "everything at once"}),
    ],
)
def test_a_single_mistake_forward_costs_the_part_it_concerns(mistake, groups):
    exercise = EXERCISES["local_forward_naive"]
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    assert lost_groups(exercise.name, lambda *args: (wrong(*args), None)) == groups


@pytest.mark.parametrize(
    ("mistake", "groups"),
    [
        (lambda dxp, dw, db, case: (dxp[:, :, case[0] : -case[0], case[0] : -case[0]], dw, db),
         {"dx pad 0", "everything at once"}),
        (lambda dxp, dw, db, case: (dxp[:, :, 1:-1, 1:-1], dw, db),
         {"dx pad 0", "dx pad 2", "everything at once"}),
        (lambda dxp, dw, db, case: (unpadded(dxp, case[0]), dw / len(case[1]), db),
         {"dw of many images", "everything at once"}),
        (lambda dxp, dw, db, case: (unpadded(dxp, case[0]), dw, 0 * db),
         {"db", "everything at once"}),
        (lambda dxp, dw, db, case: (unpadded(dxp, case[0]), dw, case[2].sum(axis=0)),
         {"db", "everything at once"}),
    ],
    ids=["minus pad", "pad 1 always", "mean over the images", "db zero", "db transposed"],
)
def test_a_single_mistake_backward_costs_the_part_it_concerns(mistake, groups):
    assert lost_groups("local_backward_naive", backward_with(mistake), loops_forward) == groups


def replaced_in_dx(dout, cache):
    """The lesson's own mistake, in the student's order of loops: = where += is needed."""
    x, w, b, conv_param = cache
    _, dw, db = loops_backward(dout, cache)
    s, pad = conv_param["stride"], conv_param["pad"]
    dxp = np.zeros_like(padded(x, pad))
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * s : i * s + w.shape[4], j * s : j * s + w.shape[5]]
        dxp[here] = dout[n, f, i, j] * w[i, j, f]
    return unpadded(dxp, pad), dw, db


def test_equals_for_plus_equals_costs_overlapping_windows_and_is_named():
    name = "local_backward_naive"
    lost = lost_groups(name, replaced_in_dx, loops_forward)
    assert lost == {"dx of overlapping windows", "everything at once"}
    verdict = judge(EXERCISES[name], [replaced_in_dx, loops_forward], "dx of overlapping windows")
    assert verdict.misconception == "= for += in dx"


def filters_of_a_convolution(x, w, b, conv_param):
    """The two lines of the convolution not changed: w[f] is a row of places now."""
    H2, W2, F, _, HH, WW = w.shape
    out, s = np.zeros((len(x), F, H2, W2)), conv_param["stride"]
    xp = padded(x, conv_param["pad"])
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * s : i * s + HH, j * s : j * s + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, None


def square_windows_assumed(x, w, b, conv_param):
    s, xp, side = conv_param["stride"], padded(x, conv_param["pad"]), w.shape[4]
    out = np.zeros((len(x), *b.transpose(2, 0, 1).shape))
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * s : i * s + side, j * s : j * s + side]
        out[n, f, i, j] = np.sum(window * w[i, j, f]) + b[i, j, f]
    return out, None


@pytest.mark.parametrize(
    ("student", "groups"),
    [
        (filters_of_a_convolution, set(EXERCISES["local_forward_naive"].groups)),
        (square_windows_assumed, {"large filter", "everything at once"}),
    ],
)
def test_other_mistakes_lose_their_part_and_get_no_wrong_hint(student, groups):
    name = "local_forward_naive"
    assert lost_groups(name, student) == groups
    for group in groups:
        verdict = judge(EXERCISES[name], [student], group, 5)
        assert verdict.outcome in (WRONG, ERROR) and verdict.misconception is None


def test_a_backward_is_played_with_the_forward_of_the_same_notebook():
    """A cache of one's own style, given to another style's backward, is an error, not a pass."""
    verdict = judge(EXERCISES["local_backward_naive"], [loops_backward, matrices_forward], "db")
    assert verdict.outcome == ERROR


def test_what_is_returned_beside_out_is_checked_for_number_only():
    exercise = EXERCISES["local_forward_naive"]
    verdict = judge(exercise, [lambda *args: einsum_forward(*args)[0]], "one filter")
    assert verdict.outcome == WRONG and "2 things" in verdict.headline
