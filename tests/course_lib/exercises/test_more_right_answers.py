"""Further ways of writing right answers, so that each exercise of the course has at least six."""

import importlib
from pathlib import Path

import fast_styles as fast
import pytest
import test_architectures_answers as architectures
import test_convnet_answers as convnet
import test_convolution_backward_answers as backward
import test_convolution_forward_answers as forward
import test_parameter_sharing_answers as sharing
import test_pooling_answers as pooling
import test_spatial_arithmetic_answers as arithmetic
from played import assert_passes

from course_lib import exercises

SEEDS = (None, 1, 2)
# {exercise: right answers} of every NAME_styles.py beside this file that has a MORE.
MORE = [getattr(importlib.import_module(path.stem), "MORE", {})
        for path in sorted(Path(__file__).parent.glob("*_styles.py"))]
ANSWERS = [(name, answer if isinstance(answer, tuple) else (answer,))
           for more in MORE for name, answers in more.items() for answer in answers]


@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_right_answers_of_every_style_pass(name, functions):
    assert_passes(exercises.find(name), functions, SEEDS)


def test_every_exercise_of_the_course_has_six_right_answers():
    tables = [arithmetic.EVERY, ANSWERS, *(module.ANSWERS for module in (
        forward, backward, sharing, pooling, convnet, architectures))]
    tables += [[(name, style) for name, styles in fast.ANSWERS.items() for style in styles]]
    names = [name for table in tables for name, *_ in table]
    few = {name: names.count(name) for name in exercises.names() if names.count(name) < 6}
    assert few == {}, "write further ones into MORE of tests/course_lib/exercises/NAME_styles.py"
