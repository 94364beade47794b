"""Which exercise or essay a learner means: by its name, by the function itself, or by none."""

import difflib
from pathlib import Path

from course_lib import exercises
from course_lib.study import desk
from course_lib.study.lessons import lessons
from course_lib.study.said import Said, show


def meant(word, name, last=True):
    """The name of the exercise or essay that is meant; None, and a sentence shown, if it is none.

    word  what was asked for, such as "hint"
    name  an exercise's or essay's name, a function or class of that name, "essay" for the one of
          this lesson, or None for the exercise that was checked last
    last  False: None means nothing
    """
    here = desk.folder()
    known = lessons(here) if here else []
    current = _current(known)
    every = {*exercises.names(), "add_one", *(each for one in known for each in one.stubs)}
    if name is None and last and desk.last:
        return next(reversed(desk.last))
    if callable(name):
        name = getattr(name, "__name__", name)
    if isinstance(name, str):
        tidy = name.strip().removesuffix("()")
        if tidy == "essay" and current and current.essays:
            return next(iter(current.essays))
        if tidy in every:
            return tidy
        found = next((one for one in every if one.lower() == tidy.lower().replace("-", " ")), None)
        if found:
            return found
    near = difflib.get_close_matches(name, every, 1) if isinstance(name, str) else []
    first = (f"no name was given: {word} needs one" if name is None else
             f"{name if isinstance(name, str) else type(name).__name__}: there is no such exercise")
    show(Said(f"{first}.", tuple(_instead(word, near, current))))
    return None


def _current(known):
    """The lesson that this notebook is: by its folder, or by what was checked in it, or None."""
    checked = set(desk.last)
    return next((one for one in known if one.name == Path.cwd().name), None) or next(
        (one for one in known if checked & {*one.exercises}), None)


def _instead(word, near, current):
    if near:
        yield f"Did you mean {word}(\"{near[0]}\")?"
    else:
        yield (f"Write {word}(\"NAME\"), with the name of the function that you are writing, in "
               "quotation marks.")
    if current:
        yield (f"This lesson has {', '.join(current.exercises)}"
               + "".join(f", and the essay “{essay}”" for essay in current.essays) + ".")
