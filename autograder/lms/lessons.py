"""Which lesson a notebook is, whatever its file is called: its cells say so."""

import functools
import json

from autograder import course
from autograder.lessons.lesson import read_all


def lesson_of(content, lessons):
    """(name, "") of the lesson whose cells a notebook (bytes) holds, or (None, why not)."""
    try:
        notebook = json.loads(content)
        cells = notebook["cells"]
        ids = {cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") or cell.get("id")
               for cell in cells}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, "is no notebook; ask for it again"
    shared = {name: len(known & ids) for name, known in _cells().items()}
    best = max(shared, key=shared.get)
    if shared[best] == 0:
        return None, "has no cells of any lesson; say which it is with --lesson"
    return best, ""


@functools.cache
def _cells():
    return {lesson.name: {cell.id for cell in lesson.cells if cell.role not in ("story", "setup")}
            for lesson in read_all(course.SOLUTIONS)}
