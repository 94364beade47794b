"""The exercises of all lessons, one module for a lesson or a part, each with a list `EXERCISES`."""

import difflib
import functools
import importlib
import pkgutil

from course_lib.exercises._welcome import add_one


@functools.cache
def _all():
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):  # what several lessons share
            continue
        for exercise in importlib.import_module(f"{__name__}.{module.name}").EXERCISES:
            if exercise.name in found:
                raise ValueError(f"two exercises are called {exercise.name!r}; rename one")
            found[exercise.name] = exercise
    return found


def find(name):
    """The Exercise called `name`. Raises ValueError, naming near misses, if there is none.

    The welcome notebook's toy, which counts nowhere, is found as well.
    """
    exercises = _all()
    if name == add_one.name:
        return add_one
    if not isinstance(name, str) or name not in exercises:
        near = difflib.get_close_matches(name, exercises, 1) if isinstance(name, str) else []
        instead = f"did you mean {near[0]!r}?" if near else (
            f"there are: {', '.join(sorted(exercises))}")
        raise ValueError(f"no exercise is called {name!r}; {instead}")
    return exercises[name]


def names():
    """The names of all exercises, sorted."""
    return sorted(_all())
