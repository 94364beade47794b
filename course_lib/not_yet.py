"""What a cell says that needs an answer which is not there yet, or which stops.

The sandbox mounts this file, too, so it imports nothing that knows an answer.
"""

from course_lib.missing_names import in_lines, sentence
from course_lib.student_error import StudentError, from_exception


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
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    in_cell = last is not None and last.tb_frame.f_code.co_name == "<module>"
    return in_cell and isinstance(error, (AttributeError, TypeError)) and "NoneType" in str(error)
