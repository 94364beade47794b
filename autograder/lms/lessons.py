"""Which lesson a notebook is, whatever its file is called: its cells say so."""

from autograder.errors import GradingError
from autograder.judge import which_lesson
from autograder.judge.reading import read_content


def lesson_of(content):
    """(name, "") of the lesson whose cells a notebook (bytes) holds, or (None, why not).

    What grading could not read is told here already, in the same words.
    """
    try:
        found = which_lesson.lesson_of(read_content(content))
    except GradingError as error:
        return None, str(error)
    if found.name is None:
        return None, f"{found.reason}; say which it is with --lesson"
    return found.name, ""
