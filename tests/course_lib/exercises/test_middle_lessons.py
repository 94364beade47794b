"""The exercises of lessons 03 to 05."""

import dataclasses

import pytest
from test_first_lessons import as_student

from course_lib.exercises import convolution_backward, parameter_sharing, pooling
from course_lib.judging import judge
from course_lib.verdict import PASSED, WRONG

EXERCISES = convolution_backward.EXERCISES + parameter_sharing.EXERCISES + pooling.EXERCISES
SEEDS = (None, *range(8))


def verdicts(exercise, function):
    """(group, verdict) when a student's functions answer as `function` does."""
    student = as_student(exercise, function)
    for group in exercise.groups:
        for seed in SEEDS:
            cases = iter(exercise.cases(group, seed))
            played = dataclasses.replace(
                exercise, play=lambda functions, *args, cases=cases: student(*next(cases)))
            yield group, judge(played, (), group, seed)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_the_reference_passes_every_group(exercise):
    assert {v.outcome for _, v in verdicts(exercise, exercise.reference)} == {PASSED}


@pytest.mark.parametrize(
    ("exercise", "misconception"),
    [pytest.param(e, m, id=f"{e.name}-{m.name}") for e in EXERCISES for m in e.misconceptions])
def test_a_misconception_loses_points_and_earns_its_own_sentence(exercise, misconception):
    lost = dict.fromkeys(exercise.groups, 0)
    for group, verdict in verdicts(exercise, misconception.wrong):
        if verdict.outcome == WRONG:
            assert verdict.misconception == misconception.name, f"{group}: {verdict.text()}"
            lost[group] += 1
    assert max(lost.values()) == len(SEEDS), f"always caught by no group: {lost}"
