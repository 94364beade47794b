"""What must hold for every exercise of the course.

That every mistake is caught by whole lessons, with their own hidden seeds, `python -m quality`
shows; here it is shown for each exercise alone.
"""

import functools

import numpy as np
import pytest
from played import as_student, verdicts

from course_lib import exercises
from course_lib.judging.judge import judge
from course_lib.judging.student_call import copied
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG
from quality.answers import answers, lesson_names
from tests.thorough import THOROUGH, some

pytestmark = pytest.mark.slow

SEEDS = (None, 0, 1, 2) if THOROUGH else (None, 0)
EXERCISES = [exercises.find(name) for name in exercises.names()]
BIG = ("conv_forward_naive", "conv_backward_naive", "max_pool_forward_naive",
       "max_pool_backward_naive", "local_forward_naive", "local_backward_naive", "im2col", "col2im",
       "conv_forward_fast", "conv_backward_fast", "ConvNet", "train", "softmax_loss",
       "count_params", "count_macs")
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


@functools.cache
def helpers(name):
    """The functions and classes that a lesson hands to `check` behind the student's own."""
    answer = next(a for lesson in lesson_names() for a in answers(lesson) if a.name == name)
    return answer.functions(answer.space())[1:]


def text(value):
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if isinstance(value, (list, tuple)):
        return "".join(map(text, value))
    return repr(value)


@every_exercise
def test_the_reference_passes_every_group(exercise):
    for group, verdict in verdicts(exercise, exercise.reference, SEEDS):
        assert verdict.outcome == PASSED and not verdict.notes, f"{group}: {verdict.text()}"


@every_exercise
def test_hidden_cases_are_fresh_and_visible_ones_are_not(exercise):
    for group in exercise.groups:
        assert text(exercise.cases(group)) == text(exercise.cases(group))
        assert len({text(exercise.cases(group, seed)) for seed in range(8)}) > 3


@every_exercise
def test_every_case_is_described_in_one_line(exercise):
    for group in exercise.groups:
        for case in exercise.cases(group):
            described = exercise.describe(*case)
            assert described and "\n" not in described and "array(" not in described


@pytest.mark.parametrize(
    ("exercise", "misconception"),
    [pytest.param(e, m, id=f"{e.name}-{m.name}")
     for e in EXERCISES for m in some(e.misconceptions, 2)])
def test_a_misconception_loses_points_and_earns_its_own_sentence(exercise, misconception):
    lost = dict.fromkeys(exercise.groups, 0)
    for group, verdict in verdicts(exercise, misconception.wrong, SEEDS):
        if verdict.outcome == WRONG:
            assert verdict.misconception == misconception.name, f"{group}: {verdict.text()}"
        lost[group] += not verdict.passed
    assert max(lost.values()) == len(SEEDS), f"always caught by no group: {lost}"


@every_exercise
def test_misconceptions_have_names_and_sentences_of_their_own(exercise):
    assert len(exercise.misconceptions) >= (8 if exercise.name in BIG else 3)
    for one in ("name", "sentence"):
        texts = [getattr(m, one) for m in exercise.misconceptions]
        assert len(set(texts)) == len(texts)
    assert all(m.sentence.rstrip(")").endswith((".", "?")) for m in exercise.misconceptions)


def blank(*args, **options):
    raise NotImplementedError


@every_exercise
def test_blank_empty_and_crashing_answers(exercise):
    more = helpers(exercise.name)
    for group in exercise.groups:
        assert judge(exercise, (blank, *more), group).outcome == NOT_ATTEMPTED
        nothing = judge(exercise, (lambda *args, **options: None, *more), group)
        assert nothing.outcome in (WRONG, ERROR)
        # A train that does nothing leaves the parameters as they are, and is told so.
        assert nothing.misconception in (
            (None, "parameters never change") if exercise.name == "train" else (None,))
        if nothing.outcome == WRONG and exercise.name != "train":  # which is judged by its effect
            assert "None" in nothing.text()
        crash = judge(exercise, (lambda *args, **options: {}["nowhere"], *more), group)
        assert crash.outcome == ERROR and "KeyError" in crash.headline


@every_exercise
def test_a_value_of_the_wrong_shape_or_type_is_wrong_without_a_hint(exercise):
    def doubled(*args):
        value = exercise.reference(*args)
        return [value, value] if not isinstance(value, np.ndarray) else np.concatenate([value] * 2)

    found = list(verdicts(exercise, doubled, SEEDS[:2]))
    for _, verdict in found:
        # A size that has to be refused is an error of the reference here, and so right.
        assert verdict.outcome in (WRONG, PASSED, ERROR) and verdict.misconception is None
    assert found[0][1].outcome in (WRONG, ERROR)


@pytest.mark.parametrize("name", ["neuron", "conv1x1", "global_avg_pool", "dilate"])
def test_a_function_that_changes_its_input_is_told_so_and_passes(name):
    exercise = exercises.find(name)

    def careless(*args):
        value = copied(exercise.reference(*args))
        for arg in args:
            if isinstance(arg, np.ndarray):
                arg[...] = 0
        return value

    verdict = judge(exercise, [as_student(exercise, careless)], next(iter(exercise.groups)))
    assert verdict.passed and verdict.notes
