"""A lesson's answer as the working function that another lesson is given.

The build copies the answer's text into the notebook; `answer_of` lets the source run as plain
Python.
"""

import ast

from autograder import course
from autograder.lessons.answers import answer_text
from autograder.lessons.lesson import read_lesson


def answer_of(lesson, name):
    """The working function `name` of a lesson in solutions/. KeyError if it has no such answer."""
    cells = read_lesson(course.SOLUTIONS / f"{lesson}.py").cells
    imports = [node for cell in cells if cell.role == "setup"
               for node in ast.parse(cell.source).body
               if isinstance(node, (ast.Import, ast.ImportFrom))]
    space = {}
    exec("\n".join([*map(ast.unparse, imports), answer_text(cells, name)]), space)
    return space[name]
