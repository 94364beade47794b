"""Which other answers of the notebook a student's function calls, as its code names them."""

import inspect

from course_lib import worlds


def called(exercise, function):
    """(Exercise, functions as `check` gets them) of each other answer that a function calls.

    Of a function across the boundary of grading nothing is known, and none is found.
    """
    from course_lib import exercises

    space = getattr(_methods(function)[0], "__globals__", {})
    names = dict.fromkeys(name for one in _methods(function) for name in _names(one))
    found = []
    for name in names:
        if name in exercises.names() and name != exercise.name and worlds.find(name):
            other = exercises.find(name)
            given = [space.get(one) for one in (name, *other.helpers)]
            if all(map(callable, given)):
                found.append((other, tuple(given)))
    return found


def _methods(function):
    if not isinstance(function, type):
        return [function]
    return [part for part in vars(function).values() if inspect.isfunction(part)] or [function]


def _names(function):
    code = getattr(function, "__code__", None)
    return [] if code is None else [*_names_of(code)]


def _names_of(code):
    yield from code.co_names
    for one in code.co_consts:
        if inspect.iscode(one):
            yield from _names_of(one)
