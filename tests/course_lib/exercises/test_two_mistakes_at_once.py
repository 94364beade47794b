"""A forward pass with two known mistakes is told one of them or both: never a third."""

import functools
from itertools import combinations

import numpy as np
import pytest

from course_lib import exercises
from course_lib.judging.judge import judge
from course_lib.judging.verdict import PASSED, WRONG
from tests.thorough import SEEDS

pytestmark = pytest.mark.slow



def with_mistakes(names):
    """conv_forward_naive by loops, with the mistakes of these names in it."""

    def student(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        if "padding ignored" in names:
            pad = 0
        if "pad 1 always" in names:
            pad = 1
        if "flipped filter" in names:
            w = w[:, :, ::-1, ::-1]
        if "first channel only" in names:
            x, w = x[:, :1], w[:, :1]
        if "first filter for all" in names:
            w = np.repeat(w[:1], len(w), axis=0)
        if "first image for all" in names:
            x = np.repeat(x[:1], len(x), axis=0)
        if "stride ignored" in names:
            stride = 1
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        rows, columns = ((n - k) // stride + 1
                         for n, k in zip(xp.shape[2:], w.shape[2:], strict=True))
        step = 1 if "windows not strided" in names else stride
        out = np.zeros((len(x), len(w), rows, columns))
        for n, f, i, j in np.ndindex(out.shape):
            window = xp[n, :, i * step : i * step + w.shape[2], j * step : j * step + w.shape[3]]
            out[n, f, i, j] = (window * w[f]).sum()
        if "mean for sum" in names:
            out /= w[0].size
        if "bias forgotten" not in names:
            out += b[:, None, None]
        return out, None

    return student


MISTAKES = ["padding ignored", "pad 1 always", "flipped filter", "first channel only",
            "first filter for all", "first image for all", "stride ignored", "windows not strided",
            "mean for sum", "bias forgotten"]
EXCLUSIVE = [{"padding ignored", "pad 1 always"}, {"stride ignored", "windows not strided"}]
PAIRS = [pair for pair in combinations(MISTAKES, 2) if set(pair) not in EXCLUSIVE]


@functools.cache
def told(names):
    """{group: names of what the verdicts say} for the groups that are lost."""
    exercise = exercises.find("conv_forward_naive")
    found = {}
    for group in exercise.groups:
        verdicts = [judge(exercise, [with_mistakes(names)], group, seed) for seed in SEEDS]
        if any(verdict.outcome != PASSED for verdict in verdicts):
            # An image that is too small without its padding stops the function: told by its line.
            found[group] = {v.misconception for v in verdicts if v.outcome == WRONG}
    return found


@pytest.mark.parametrize("name", MISTAKES)
def test_alone_each_of_them_is_told_by_its_name(name):
    assert set.union(*told(frozenset({name})).values()) == {name}


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_of_two_no_third_is_named_and_no_group_is_won(pair):
    both = told(frozenset(pair))
    assert set.union(*both.values()) <= {*pair, ", ".join(pair), ", ".join(pair[::-1]), None}
    for name in pair:
        assert set(told(frozenset({name}))) <= set(both), "a second mistake hides nothing"


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_every_pair_is_told_at_least_one_of_the_two(pair):
    assert any(said - {None} for said in told(frozenset(pair)).values())
