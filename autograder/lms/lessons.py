"""Which lesson a notebook is, whatever its file is called: its cells say so."""

import json

import nbformat

from autograder.judge import which_lesson


def lesson_of(content):
    """(name, "") of the lesson whose cells a notebook (bytes) holds, or (None, why not)."""
    try:
        notebook = nbformat.from_dict(json.loads(content))
        found = which_lesson.lesson_of(notebook)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, "is no notebook; ask for it again"
    if found.name is None:
        return None, f"{found.reason}; say which it is with --lesson"
    return found.name, ""
