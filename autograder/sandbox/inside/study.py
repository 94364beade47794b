"""Stands in for course_lib.study inside the sandbox: while a notebook is graded it does nothing."""


def hint(name=None):
    """Shows nothing in grading."""


def solution(name=None, points=None):
    """Shows nothing in grading."""


def progress():
    """Shows nothing in grading."""


def reset(name=None):
    """Changes nothing in grading."""
