"""Which known mistake gives a student's numbers? A name is given only if nothing speaks against it.

Three things are asked of a misconception. On every failing case of the group the student's results
equal what the wrong algorithm gives, which itself is never right there. It is right wherever the
student's function is right, in this group and in a few visible cases of the others. And where
several misconceptions are left, a visible case has to tell them apart: the student's function is
called for it.
"""

import numpy as np

from course_lib.judging.compare import difference
from course_lib.judging.student_call import copied, play
from course_lib.student_error import StudentError

# So many further visible cases the student's function is called for when a single name is left.
# Of several that all visible cases leave, none is given.
CALLED = 3


def recognise(exercise, functions, wrong, right=()):
    """The misconception that explains what is wrong, or None.

    wrong  (arguments, value) of each case that failed; a value may be a StudentError
    right  the arguments of the cases that passed
    """
    if any(isinstance(value, StudentError) for _, value in wrong):
        return None
    expected = [exercise.expected(args) for args, _ in wrong]
    named = [m for m in exercise.misconceptions
             if all(_explains(exercise, m, *case, due)
                    for case, due in zip(wrong, expected, strict=True))]
    named = [m for m in named if not any(_shows(exercise, m, args) for args in right)]
    if named:
        named = _told_apart(exercise, functions, named)
    return named[0] if len(named) == 1 else None


def _told_apart(exercise, functions, named):
    """The misconceptions that the student's results on visible cases leave."""
    calls = 0
    for args in _visible(exercise):
        if len(named) == 1 and calls >= CALLED or not named:
            break
        found = [_predicted(exercise, m, args) for m in named]
        if len(named) > 1 and calls >= CALLED and _all_equal(exercise, found):
            continue
        expected = exercise.expected(args)
        wrong = [p is not None and not _agrees(p, expected) for p in found]
        if not any(wrong):
            continue
        calls += 1
        try:
            value, _ = play(exercise, functions, args)
        except StudentError:
            continue
        if _equals(exercise, value, expected):
            named = [m for m, is_wrong in zip(named, wrong, strict=True) if not is_wrong]
        else:
            # Another wrong result may be the work of a second mistake, and speaks against nobody.
            agreeing = [m for m, p in zip(named, found, strict=True) if _equals(exercise, value, p)]
            named = agreeing or named
    return named


def _visible(exercise):
    """Visible cases that can be called for once more: the first of each group, then the others."""
    asked = exercise.conditions.asked if exercise.conditions else lambda *case: True
    others = []
    for group in exercise.groups:
        cases = [case for case in exercise.cases(group) if asked(*case)]
        yield from cases[:1]
        others += cases[1:]
    yield from others


def _predicted(exercise, misconception, args):
    """{name: value} of what a wrong algorithm gives, or None where it stops."""
    try:
        predicted = exercise.expected(copied(args), misconception.wrong)
    except Exception:
        # A wrong algorithm may crash where the right one does not; it then explains nothing.
        return None
    return None if isinstance(predicted, ValueError) else predicted


def _explains(exercise, misconception, args, value, expected):
    """True if a wrong algorithm gives just this value, and the value is wrong."""
    predicted = _predicted(exercise, misconception, args)
    return _equals(exercise, value, predicted) and not _agrees(predicted, expected)


def _shows(exercise, misconception, args):
    """True if a misconception gives something wrong for a case."""
    predicted = _predicted(exercise, misconception, args)
    return predicted is not None and not _agrees(predicted, exercise.expected(args))


def _equals(exercise, value, values):
    """True if what a student returned has the judged values {name: value}."""
    if values is None or isinstance(values, ValueError):
        return False
    if len(exercise.results) == 1:
        value = (value,)
    elif not isinstance(value, (tuple, list)) or len(value) != len(exercise.results):
        return False
    returned = dict(zip(exercise.results, value, strict=True))
    return all(_same(name, returned[name], values[name]) for name in exercise.judged)


def _same(name, yours, value):
    # Most arrays that are compared here differ, and `difference` would look for the order of axes
    # in which they do not.
    if isinstance(yours, np.ndarray) and isinstance(value, np.ndarray) and (
            yours.shape != value.shape or yours.dtype.kind not in "biuf"
            or not np.allclose(yours, value, 1e-3, 1e-3 * np.abs(value).max(initial=1e-3))):
        return False
    return difference(name, yours, value) is None


def _agrees(predicted, expected):
    """True if a wrong algorithm gives the right values here, be it as another type."""
    if isinstance(expected, ValueError):
        return False
    found = [difference(name, predicted[name], expected[name]) for name in expected]
    return all(one is None or one.kind == "type" for one in found)


def _all_equal(exercise, found):
    """True if all predictions {name: value} are the same; None differs from everything."""
    first, *others = found
    return all(first is not None and other is not None and all(
        _same(name, other[name], first[name]) for name in first) for other in others)
