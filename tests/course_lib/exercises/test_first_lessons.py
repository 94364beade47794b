"""What must hold for every exercise of lessons 01 and 02."""

import numpy as np
import pytest

from course_lib.exercises import convolution_forward, spatial_arithmetic
from course_lib.judging import judge
from course_lib.student_call import copied
from course_lib.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG

SEEDS = range(20)
EXERCISES = spatial_arithmetic.EXERCISES + convolution_forward.EXERCISES
MISTAKES = [
    pytest.param(e, m, id=f"{e.name}-{m.name}") for e in EXERCISES for m in e.misconceptions
]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def as_student(exercise, function):
    """`function`, which gives the judged values alone, as a student's function returns them."""

    def student(*args):
        value = function(*args)
        if exercise.judged == exercise.results:
            return value
        values = dict(zip(exercise.judged, [value] if len(exercise.judged) == 1 else value,
                          strict=True))
        return tuple(values.get(name, "the student's own") for name in exercise.results)

    return student


def outcomes(exercise, student):
    """(group, verdict) for the visible cases and for hidden ones."""
    for group in exercise.groups:
        for seed in (None, *SEEDS):
            yield group, judge(exercise, [student], group, seed)


@every_exercise
def test_the_reference_passes_every_group(exercise):
    for group, verdict in outcomes(exercise, as_student(exercise, exercise.reference)):
        assert verdict.outcome == PASSED, f"{group}: {verdict.text()}"
        assert not verdict.notes


@every_exercise
def test_hidden_cases_are_fresh_and_visible_ones_are_not(exercise):
    def text(cases):
        return repr([[np.asarray(a).tolist() if isinstance(a, np.ndarray) else a for a in case]
                     for case in cases])

    for group in exercise.groups:
        assert text(exercise.cases(group)) == text(exercise.cases(group))
        assert len({text(exercise.cases(group, seed)) for seed in SEEDS}) > len(SEEDS) // 3


@every_exercise
def test_every_case_is_described_in_one_line(exercise):
    for group in exercise.groups:
        for case in exercise.cases(group):
            text = exercise.describe(*case)
            assert text and "\n" not in text and "array(" not in text


@pytest.mark.parametrize(("exercise", "misconception"), MISTAKES)
def test_a_misconception_loses_points_and_earns_its_own_sentence(exercise, misconception):
    lost = {group: 0 for group in exercise.groups}
    for group, verdict in outcomes(exercise, as_student(exercise, misconception.wrong)):
        if verdict.outcome == WRONG:
            assert verdict.misconception == misconception.name, f"{group}: {verdict.text()}"
            lost[group] += 1
    assert max(lost.values()) == 1 + len(SEEDS), f"always caught by no group: {lost}"


@every_exercise
def test_misconceptions_have_names_and_sentences_of_their_own(exercise):
    assert len(exercise.misconceptions) >= 3
    for one in ("name", "sentence"):
        texts = [getattr(m, one) for m in exercise.misconceptions]
        assert len(set(texts)) == len(texts)
    assert all(m.sentence.rstrip(")").endswith((".", "?")) for m in exercise.misconceptions)


def not_attempted(*args):
    raise NotImplementedError


def crashing(*args):
    return {}["nowhere"]


@every_exercise
def test_a_blank_function_is_not_attempted(exercise):
    assert {v.outcome for _, v in outcomes(exercise, not_attempted)} == {NOT_ATTEMPTED}


@every_exercise
def test_none_is_wrong_and_is_said_to_be_none(exercise):
    for _, verdict in outcomes(exercise, lambda *args: None):
        assert verdict.outcome == WRONG and "None" in verdict.text()
        assert verdict.misconception is None


@every_exercise
def test_an_exception_is_named(exercise):
    for _, verdict in outcomes(exercise, crashing):
        assert verdict.outcome == ERROR and "KeyError" in verdict.headline


@every_exercise
def test_a_value_of_the_wrong_shape_or_type_is_wrong_without_a_hint(exercise):
    def one_row_more(*args):
        value = exercise.reference(*args)
        return [value, value] if not isinstance(value, np.ndarray) else np.concatenate([value] * 2)

    for _, verdict in outcomes(exercise, as_student(exercise, one_row_more)):
        # A size that has to be refused is an error of the reference here, and so right.
        assert verdict.outcome in (WRONG, PASSED) and verdict.misconception is None
    value = judge(exercise, [as_student(exercise, one_row_more)], next(iter(exercise.groups)))
    assert value.outcome == WRONG


@every_exercise
def test_a_function_that_changes_its_input_is_told_so_and_passes(exercise):
    def careless(*args):
        value = copied(exercise.reference(*args))
        for arg in args:
            if isinstance(arg, np.ndarray):
                arg[...] = 0
        return value

    group = next(iter(exercise.groups))
    takes_arrays = any(isinstance(a, np.ndarray) for a in exercise.cases(group)[0])
    verdict = judge(exercise, [as_student(exercise, careless)], group)
    assert verdict.passed
    assert bool(verdict.notes) == takes_arrays
