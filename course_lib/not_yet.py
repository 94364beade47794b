"""What a cell says that needs an answer which is not there yet, or which stops.

The sandbox mounts this file, too, so it imports nothing that knows an answer.
"""

import traceback

from course_lib.missing_names import in_lines, sentence
from course_lib.student_error import StudentError, from_exception

# Names of code that stands in a cell itself and in no function.
_IN_CELL = {"<module>", "<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"}


def not_yet(error, what):
    """Print why a cell could not run.

    error  the exception that ended it
    what   what will be seen here, and when to come back: said as long as an answer is missing

    Whoever has written an answer is told what stopped, and where: a name that is not defined, a
    refusal of their own function, a mistake in it.
    """
    if _is_missing(error):
        print(in_lines(what))
        return
    if isinstance(error, NameError) and error.name:
        print(in_lines(sentence(error.name, ())))
        return
    # While a notebook is graded, what stopped arrives from the sandbox as a StudentError.
    found = error if isinstance(error, StudentError) else from_exception(error)
    print(in_lines(f"This cell stopped with {found}"))
    for (number, line), place in zip(found.lines, found.places, strict=True):
        print(f"    line {number}{' of ' if place else ''}{place}: {line}")
    print("If this is not what you wanted, ask the checks of your functions.")


def _is_missing(error):
    """True if a stub has answered, or nothing stands where an earlier cell should have put it."""
    kinds = getattr(error, "kinds", ())
    if isinstance(error, NotImplementedError) or "NotImplementedError" in kinds:
        return True
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    # A comprehension is a frame of its own in some versions of Python, a generator in all.
    in_cell = bool(frames) and {frame.f_code.co_name for frame in frames} <= _IN_CELL
    return in_cell and isinstance(error, (AttributeError, TypeError)) and "NoneType" in str(error)
