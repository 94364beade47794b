"""What went wrong inside a student's function: told briefly, in words of plain data.

The judge and the student's process both need it, so it imports nothing of the course.
"""

import linecache
import sys
import traceback
from pathlib import Path

import numpy as np

_COURSE = str(Path(__file__).resolve().parent)


class StudentError(Exception):
    """What went wrong inside a student's function.

    kinds     names of the exception's class and its bases, most special first
    lines     (line number, source text) in the student's own code, outermost call first
    function  name of the innermost of the student's functions
    shapes    (name, shape as text) of the arrays at hand in the innermost of these lines
    """

    def __init__(self, kinds, message, lines=(), shapes=(), function=""):
        super().__init__(message)
        self.kinds = tuple(kinds)
        self.message = message
        self.lines = tuple(lines)
        self.shapes = tuple(shapes)
        self.function = function

    def __str__(self):
        return f"{self.kinds[0]}: {self.message}" if self.message else self.kinds[0]


class StudentStopped(StudentError):
    """The student's function did not return: it was too slow, or its process ended."""

    def __init__(self, message):
        super().__init__(["Stopped"], message)


def from_exception(error, skip=()):
    """A StudentError that tells `error`, with the traceback lines in the student's own cells.

    skip  folders, beside the course's and Python's own, whose lines are left out
    """
    hidden = (_COURSE, sys.prefix, sys.base_prefix, "<frozen", *skip)
    lines, shapes, function = [], [], ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        path = frame.f_code.co_filename
        if not path.startswith(hidden):
            text = linecache.getline(path, number, frame.f_globals).strip()
            lines.append((number, text))
            function = frame.f_code.co_name
            shapes = [(name, str(value.shape)) for name, value in frame.f_locals.items()
                      if isinstance(value, np.ndarray)]
    kinds = [c.__name__ for c in type(error).__mro__ if issubclass(c, BaseException)]
    return StudentError(kinds, str(error)[:500], lines[-5:], shapes[:12], function)
