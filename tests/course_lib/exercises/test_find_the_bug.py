"""The faulty code that lessons 01 and 02 hand out is wrong in the way that its lesson says."""

from pathlib import Path

import numpy as np
import pytest

from autograder.lessons.lesson import read_lesson
from course_lib.exercises import convolution_forward, spatial_arithmetic
from course_lib.judging.judge import judge
from course_lib.judging.verdict import WRONG

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"


def handed_out(lesson, function):
    """The function as the lesson's cell defines it."""
    cells = read_lesson(SOLUTIONS / f"{lesson}.py").cells
    source, = [c.source for c in cells if c.role == "try" and f"def {function}(" in c.source]
    space = {"np": np}
    exec(source, space)
    return space[function]


@pytest.mark.parametrize(
    ("lesson", "function", "exercise", "group", "mistake"),
    [
        ("01_spatial_arithmetic", "friends_pool_output_shape",
         spatial_arithmetic.pool_output_shape, "non-square", "one size for both"),
        ("02_convolution_forward", "friends_conv",
         convolution_forward.conv_by_channel, "colour images", "bias once per channel"),
    ],
)
def test_the_friends_code_fails_and_is_recognised(lesson, function, exercise, group, mistake):
    verdict = judge(exercise, [handed_out(lesson, function)], group)
    assert (verdict.outcome, verdict.misconception) == (WRONG, mistake)


def test_the_friends_code_is_right_where_the_lesson_says_so():
    pool = handed_out("01_spatial_arithmetic", "friends_pool_output_shape")
    right = spatial_arithmetic.pool_output_shape.reference
    assert pool((55, 55, 96), 3, 2) == right((55, 55, 96), 3, 2)
    conv = handed_out("02_convolution_forward", "friends_conv")
    rng = np.random.default_rng(0)
    grey = rng.standard_normal((2, 1, 5, 6)), rng.standard_normal((3, 1, 2, 3)), np.ones(3)
    np.testing.assert_allclose(conv(*grey), convolution_forward.conv_by_channel.reference(*grey))
