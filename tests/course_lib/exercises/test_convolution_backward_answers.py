"""Answers to lesson 03 as people really write them: right ones pass, wrong ones lose their part."""

import itertools

import numpy as np
import pytest
from backward_styles import ANSWERS, forward, framed, over_places, unframed
from played import assert_passes
from test_convolution_forward_answers import over_outputs

from course_lib.exercises import convolution_backward
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, PASSED, WRONG
from course_lib.mistakes.convolution_backward import backward as mistakes
from tests.thorough import SEEDS

pytestmark = pytest.mark.slow

EXERCISES = {e.name: e for e in convolution_backward.EXERCISES}


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_right_answers_of_every_style_pass(name, functions):
    assert_passes(EXERCISES[name], functions, SEEDS)


def test_every_exercise_has_six_right_answers():
    for name in EXERCISES:
        assert sum(one == name for one, _ in ANSWERS) >= 6, name


def outcomes(backward):
    """{group: set of verdicts} of a backward pass with the forward pass from above."""
    exercise = EXERCISES["conv_backward_naive"]
    return {group: [judge(exercise, (backward, forward), group, seed) for seed in SEEDS]
            for group in exercise.groups}


def lost(backward):
    return {group for group, verdicts in outcomes(backward).items()
            if any(v.outcome != PASSED for v in verdicts)}


def test_the_most_frequent_mistake_of_all_costs_the_group_about_pad_0():
    def backward(dout, cache):
        dx, dw, db = over_places(dout, cache)
        pad = cache[3]["pad"]
        return framed(dx, pad)[:, :, pad:-pad, pad:-pad], dw, db

    assert lost(backward) == {"dx pad 0", "all together"}


def test_a_gradient_that_is_wrong_costs_nothing_where_another_is_asked_for():
    def backward(dout, cache):
        dx, dw, db = over_places(dout, cache)
        return dx, dw, db / len(dout)

    assert lost(backward) == {"db", "all together"}


def test_an_honest_zero_earns_nothing():
    def backward(dout, cache):
        x, w, b, _ = cache
        return np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)

    assert lost(backward) == set(EXERCISES["conv_backward_naive"].groups)


def test_a_forward_pass_that_returns_no_cache_is_told_so():
    exercise = EXERCISES["conv_backward_naive"]
    verdict = judge(exercise, (over_places, lambda *case: over_outputs(*case)[0]), "db", None)
    assert verdict.outcome == ERROR and "(out, cache)" in verdict.text()


DX = ("slice to minus pad", "pad 1 always", "dx overwritten", "stride missing in dx",
      "last filter only")
DW = ("dw overwritten", "stride missing in dw", "dw of the last image only")


@pytest.mark.parametrize(("first", "second"), list(itertools.product(DX, DW)))
def test_of_two_mistakes_at_once_each_is_named_where_it_is_asked_for(first, second):
    wrong = {m.name: m.wrong for m in mistakes.CONV_BACKWARD_MISTAKES}
    exercise = EXERCISES["conv_backward_naive"]

    def both(dout, cache):
        dx = wrong[first]("dx", dout, *cache)[0]
        return dx, wrong[second]("dw", dout, *cache)[1], dout.sum((0, 2, 3))

    named = set()
    for group in exercise.groups:
        for seed in SEEDS:
            verdict = judge(exercise, (both, forward), group, seed)
            if verdict.outcome == WRONG and verdict.misconception:
                named.add(verdict.misconception)
                assert verdict.misconception == (first if group.startswith("dx") else second) or (
                    group == "all together" and verdict.misconception in (first, second))
    assert named == {first, second}


def published(*, stride=True, adds=True, flips=False, upstream=True, cut=unframed, order=(0, 1, 2)):
    """A backward pass in loops, with some of the mistakes that people make in it."""
    def backward(dout, cache):
        x, w, b, conv_param = cache
        s, pad = conv_param["stride"] if stride else 1, conv_param["pad"]
        x_padded, dw, db = framed(x, pad), np.zeros(w.shape), np.zeros(len(b))
        dx_padded = np.zeros(x_padded.shape)
        for n, f, i, j in np.ndindex(dout.shape):
            window = np.s_[n, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]]
            d = dout[n, f, i, j] if upstream else 1
            filter_ = w[f][:, ::-1, ::-1] if flips else w[f]
            dx_padded[window] = d * filter_ + adds * dx_padded[window]
            dw[f] = d * x_padded[window] + adds * dw[f]
            db[f] += d
        results = cut(dx_padded, pad), dw, db
        return tuple(results[k] for k in order)

    return backward


@pytest.mark.parametrize(("backward", "name", "groups"), [
    (published(adds=False, upstream=False), "overwritten, upstream gradient ignored",
     ("dw one filter", "dx one filter", "dx many filters")),
    (published(adds=False, order=(1, 0, 2)), "overwritten, results in another order",
     ("dw one filter", "dx one filter", "dx pad 2")),
    (published(adds=False, flips=True), "dx overwritten and flipped",
     ("dx one filter", "dx many images", "dx non-square")),
    (published(adds=False, stride=False), "dx overwritten, stride missing", ("dx stride",)),
    (published(adds=False, stride=False), "dw overwritten, stride missing", ("dw stride",)),
    (published(flips=True, stride=False), "dx flipped, stride missing", ("dx stride",)),
    (published(adds=False, cut=lambda dx, pad: dx), "dx overwritten, padding not cut off",
     ("dx one filter", "dx pad 2")),
    (published(flips=True, cut=lambda dx, pad: dx), "dx flipped, padding not cut off",
     ("dx one filter", "dx pad 2")),
    (published(cut=lambda dx, pad: dx[:, :, pad : dx.shape[2] - pad, pad : dx.shape[2] - pad]),
     "padding cut off by the height", ("dx non-square", "all together")),
    (published(cut=lambda dx, pad: dx[:, :, pad : dx.shape[3] - pad, pad : dx.shape[3] - pad]),
     "padding cut off by the width", ("dx non-square", "all together")),
])
def test_two_mistakes_in_one_gradient_have_a_sentence_of_their_own(backward, name, groups):
    found = outcomes(backward)
    for group in groups:
        assert [v.misconception for v in found[group]] == [name] * len(SEEDS), group


def told(name, function):
    """{group: misconceptions} of the groups that a wrong answer loses."""
    exercise = EXERCISES[name]
    verdicts = {group: [judge(exercise, (function,), group, seed) for seed in SEEDS]
                for group in exercise.groups}
    return {group: {v.misconception for v in found} for group, found in verdicts.items()
            if not all(v.passed for v in found)}


def nudged_rows(f, x, df, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        gradient[i] = np.sum((f(above) - f(below)) * df) / (2 * h)
    return gradient


def one_array_under_two_names(f, x, df, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above = x
        above[index] += h
        high = f(above)
        below = x
        below[index] -= h
        gradient[index] = np.sum((high - f(below)) * df) / (2 * h)
    return gradient


def test_rows_nudged_together_cost_nothing_where_x_is_a_vector():
    lost = told("numerical_gradient", nudged_rows)
    assert "vectors" not in lost and lost["images"] == {"rows nudged together"}


def test_x_under_two_names_is_told_to_be_one_array():
    lost = told("numerical_gradient", one_array_under_two_names)
    assert set(lost) == set(EXERCISES["numerical_gradient"].groups)
    assert set.union(*lost.values()) == {"back to x itself"}


def convolved(dout, filters, pad):
    return over_outputs(dout, filters, np.zeros(len(filters)), {"stride": 1, "pad": pad})[0]


@pytest.mark.parametrize(("wrong", "name"), [
    (lambda dout, w, pad: convolved(dout, np.flip(w).transpose(1, 0, 2, 3), w.shape[2] - 1 - pad),
     "all axes flipped"),
    (lambda dout, w, pad: convolved(dout, w[::-1, ::-1].transpose(1, 0, 2, 3),
                                    w.shape[2] - 1 - pad), "first two axes flipped"),
    (lambda dout, w, pad: convolved(dout, w.transpose(1, 0, 3, 2)[:, :, ::-1, ::-1],
                                    w.shape[2] - 1 - pad), "flipped and transposed"),
    (lambda dout, w, pad: convolved(dout, w.transpose(1, 0, 2, 3), pad),
     "not flipped, padding of the forward pass"),
])
def test_a_filter_turned_the_wrong_way_is_named(wrong, name):
    assert told("dx_by_convolution", wrong)["many filters"] == {name}
