"""A class of any size: copies of the sample class's answers, each with a line of its own."""

import nbformat

from autograder import course
from autograder.lessons.sample import submission

ANSWERS = ("loops", "typical_mistakes", "einsum", "half_finished", "strided", "blank")


def copies(lesson, count):
    """Yield `count` notebooks of a lesson, no two the same; ANSWERS take turns."""
    notebooks = [submission(course.SAMPLE_CLASS / "answers" / name / f"{lesson}.py")
                 for name in ANSWERS]
    for number in range(count):
        notebook = notebooks[number % len(notebooks)]
        own = nbformat.v4.new_code_cell(f"me = {number}", id=f"me-{number}")
        yield nbformat.from_dict({**notebook, "cells": [*notebook.cells, own]})
