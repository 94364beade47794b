"""Answers to lesson 01 as people really write them: right ones pass, wrong ones lose their part."""

import numpy as np
import pytest
from played import assert_passes

from course_lib.exercises import spatial_arithmetic
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, WRONG
from tests.thorough import SEEDS

EXERCISES = {e.name: e for e in spatial_arithmetic.EXERCISES}


def by_remainder(W, F, S, P):
    if W < 1 or F < 1 or S < 1 or P < 0:
        raise ValueError("sizes must be positive")
    if F > W + 2 * P or (W + 2 * P - F) % S:
        raise ValueError("does not fit")
    return (W + 2 * P - F) // S + 1


def by_float(W, F, S, P):
    if min(W, F, S) <= 0 or P < 0:
        raise ValueError
    places = (W - F + 2 * P) / S + 1
    if places < 1 or places != int(places):
        raise ValueError
    return int(places)


def by_walking(W, F, S, P):
    if not (W > 0 and F > 0 and S > 0 and P >= 0):
        raise ValueError
    starts = [i for i in range(0, W + 2 * P, S) if i + F <= W + 2 * P]
    if not starts or starts[-1] + F != W + 2 * P:
        raise ValueError
    return len(starts)


class DoesNotFit(ValueError):
    pass


def by_numpy(W, F, S, P):
    if min(W, F, S) < 1 or P < 0 or F > W + 2 * P:
        raise DoesNotFit(f"{W}, {F}, {S}, {P}")
    steps, left_over = np.divmod(W - F + 2 * P, S)
    if left_over:
        raise DoesNotFit(f"{left_over} left over")
    return steps + 1


def paddings_by_asking(W, F, S, max_padding):
    found = []
    for P in range(max_padding + 1):
        try:
            by_remainder(W, F, S, P)
        except ValueError:
            continue
        found.append(P)
    return found


def shape_of(shape, K, F, S, P):
    return [by_remainder(shape[0], F, S, P), by_remainder(shape[1], F, S, P), K]


def pooled(shape, F, S):
    W, H, D = shape
    return (W - F) // S + 1, (H - F) // S + 1, D


def trace(shape, layers):
    shapes = []
    for kind, *numbers in layers:
        shape = shape_of(shape, *numbers) if kind == "conv" else pooled(shape, *numbers)
        shapes.append(tuple(shape))
    return shapes


def trace_recursively(shape, layers):
    return () if not layers else (first := tuple(trace(shape, layers[:1]))) + trace_recursively(
        first[0], layers[1:])


def fields_upwards(layers):
    found, r, jump = [], 1, 1
    for F, S in layers:
        r, jump = r + (F - 1) * jump, jump * S
        found.append(r)
    return found


def fields_downwards(layers):
    def of(n):
        r = 1
        for F, S in reversed(layers[:n]):
            r = r * S + F - S
        return r

    return np.array([of(n + 1) for n in range(len(layers))])


def refuses_even(F):
    half, odd = divmod(F - 1, 2)
    if odd:
        raise ValueError(f"no padding keeps the size for an even filter, {F}")
    return half


ANSWERS = {
    "conv_output_size": [by_remainder, by_float, by_walking, by_numpy],
    "same_padding": [refuses_even, lambda F: by_remainder(F, 1, 2, 0) - 1],
    "fitting_paddings": [
        paddings_by_asking,
        lambda W, F, S, most: tuple(P for P in range(most + 1)
                                    if F <= W + 2 * P and (W - F + 2 * P) % S == 0),
        lambda W, F, S, most: np.array([P for P in range(most + 1)
                                        if W + 2 * P >= F and (W - F + 2 * P) % S == 0], int),
    ],
    "conv_output_shape": [shape_of, lambda *case: tuple(shape_of(*case))],
    "pool_output_shape": [pooled],
    "trace_shapes": [trace, trace_recursively],
    "receptive_field_of_two": [
        lambda F1, S1, F2: fields_upwards([(F1, S1), (F2, 1)])[-1],
        lambda F1, S1, F2: F1 - S1 + F2 * S1,
    ],
    "receptive_field": [fields_upwards, fields_downwards],
}
EVERY = [(name, answer) for name, answers in ANSWERS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), EVERY)
def test_right_answers_of_every_style_pass(name, answer):
    assert_passes(EXERCISES[name], [answer], SEEDS)


@pytest.mark.parametrize("name", ["conv_output_size", "same_padding"])
def test_mistakes_made_with_whole_division_are_recognised_too(name):
    exercise = EXERCISES[name]
    for misconception in exercise.misconceptions:
        def student(*case, wrong=misconception.wrong):
            value = wrong(*case)
            return int(value) if value == int(value) else value

        verdicts = [judge(exercise, [student], g, s) for g in exercise.groups for s in SEEDS]
        found = {v.misconception for v in verdicts if v.outcome == WRONG}
        assert found == {misconception.name}


def lost(name, student):
    exercise = EXERCISES[name]
    return {group for group in exercise.groups
            if not all(judge(exercise, [student], group, seed).passed for seed in SEEDS)}


@pytest.mark.parametrize(
    ("name", "mistake", "groups"),
    [
        ("conv_output_size", "padding ignored",
         {"padding", "stride and padding", "everything at once"}),
        ("conv_output_size", "precedence",
         {"stride", "stride and padding", "everything at once"}),
        ("conv_output_size", "rounded down",
         {"does not fit", "makes no sense", "everything at once"}),
        ("conv_output_size", "nonsense let through", {"makes no sense", "everything at once"}),
        ("fitting_paddings", "filter larger than the image", {"large filters"}),
        ("conv_output_shape", "input depth kept", {"square", "non-square", "does not fit"}),
        ("conv_output_shape", "one size for both", {"non-square", "does not fit"}),
        ("conv_output_shape", "rounded down", {"does not fit"}),
        ("conv_output_shape", "only the width refused", {"does not fit"}),
        ("trace_shapes", "one size for both", {"non-square"}),
        ("trace_shapes", "input depth kept", {"convolutions", "whole networks", "non-square"}),
        ("receptive_field", "strides ignored", {"strides"}),
    ],
)
def test_a_single_mistake_costs_the_part_it_concerns(name, mistake, groups):
    wrong = next(m.wrong for m in EXERCISES[name].misconceptions if m.name == mistake)
    assert lost(name, wrong) == groups


def test_a_size_that_is_right_but_a_float_is_told_so_without_a_hint():
    verdict = judge(EXERCISES["conv_output_size"],
                    [lambda *case: float(by_remainder(*case))], "stride")
    assert verdict.outcome == WRONG and "float" in verdict.headline
    assert verdict.misconception is None


def test_a_refusal_that_is_no_value_error_is_told_so():
    def crashing(W, F, S, P):
        return by_remainder(W, F, S, P) if S and (W - F + 2 * P) % S == 0 else 1 / 0

    verdict = judge(EXERCISES["conv_output_size"], [crashing], "does not fit")
    assert verdict.outcome == ERROR and "ValueError" in verdict.headline


def test_a_size_that_fits_must_not_be_refused():
    def timid(W, F, S, P):
        raise ValueError("not sure")

    assert lost("conv_output_size", timid) == set(EXERCISES["conv_output_size"].groups)
