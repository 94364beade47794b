"""Calling a student's function: on copies, with every exception caught and told briefly."""

import contextlib
import inspect
import sys
from functools import partial

import numpy as np

from course_lib.judging.exercise import call_directly
from course_lib.judging.limits import TimeIsUp
from course_lib.student_error import (
    StudentError,
    StudentStopped,
    from_exception,
    whereabouts,
)

# Most settings of a case: they need not be asked what else they might be.
_NUMBERS = frozenset((bool, int, float))


def copied(value):
    """A copy of plain data: arrays, strings, lists, tuples and dicts of them."""
    if type(value) in _NUMBERS:
        return value
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, str):
        # Another object that says the same, as in grading: `is` does not compare strings.
        return "".join(list(value))
    if isinstance(value, (list, tuple)):
        return type(value)(copied(v) for v in value)
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return value


def unchanged(value, original):
    """True if arrays, lists and settings in `value` still hold what they hold in `original`.

    Adding a key to a parameter dict harms nobody.
    """
    if type(original) in _NUMBERS:
        return value == original
    if isinstance(original, np.ndarray):
        return (
            isinstance(value, np.ndarray)
            and value.shape == original.shape
            and (_same_bytes(value, original)
                 or np.array_equal(value, original, equal_nan=original.dtype.kind == "f"))
        )
    if isinstance(original, (list, tuple)):
        return len(value) == len(original) and all(map(unchanged, value, original))
    if isinstance(original, dict):
        return all(k in value and unchanged(value[k], v) for k, v in original.items())
    return not isinstance(original, (int, float, str)) or value == original


def _same_bytes(value, original):
    """True if two arrays hold the very same, which is quickly seen."""
    return value.dtype == original.dtype and value.tobytes() == original.tobytes()


def _in_calling(error, functions):
    """True if a student's function could not be called so, or its object lacks what is asked for.

    It is their own matter, though the line that asks is one of the course.
    """
    if isinstance(error, AttributeError):
        return type(error.obj) in functions
    return isinstance(error, TypeError) and any(
        str(error).startswith((f"{name}() ", f"{name}.__init__() ")) or (
            f"{name}." in str(error).partition("() ")[0])
        for name in (getattr(function, "__qualname__", None) for function in functions) if name)


def are_here(functions):
    """True if functions run in this very process, and not behind a sandbox with its own limits."""
    return all(inspect.isroutine(f) or inspect.isclass(f) for f in functions)


class Remote:
    """A function in another process, which answers sooner if it gets many calls in one message."""

    def several(self, arguments):
        """For each tuple of arguments, in turn, a function that calls with them."""
        raise NotImplementedError


def play(exercise, functions, args):
    """Run one case on a copy of its arguments.

    Returns (what the student's functions returned, whether they left the input alone).
    Raises StudentError for whatever they raised. Warnings go to stdout: nbgrader takes any text
    on stderr for a failure, and a warning is none.
    """
    mine = copied(args)
    return _played(functions, partial(exercise.play, functions, *mine), mine, args)


def plays(exercise, functions, cases):
    """For each case, in turn, its arguments and a function that does what `play` does."""
    if not functions or not isinstance(functions[0], Remote) or exercise.play is not call_directly:
        for args in cases:
            yield args, partial(play, exercise, functions, args)
        return
    copies = [copied(args) for args in cases]
    for args, mine, call in zip(cases, copies, functions[0].several(copies), strict=True):
        yield args, partial(_played, functions, call, mine, args)


def _played(functions, call, mine, args):
    try:
        with contextlib.redirect_stderr(sys.stdout):
            value = call()
    except (StudentError, KeyboardInterrupt):
        raise
    except TimeIsUp as error:
        raise StudentStopped(str(error), **whereabouts(error)) from None
    except BaseException as error:
        told = from_exception(error)
        # Raised in the course's code, at work with what the function has returned.
        told.outside = not told.lines and not _in_calling(error, functions)
        raise told from None
    return value, unchanged(mine, args)
