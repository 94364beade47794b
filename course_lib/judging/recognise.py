"""Which known mistake gives a student's numbers? A name is given only if nothing speaks against it.

Four things are asked of a misconception. On every failing case of the group the student's results
equal what the wrong algorithm gives, which itself is never right there; or both stop with the same
exception. It is right wherever the student's function is right, in this group and in a few visible
cases of the others. Where several misconceptions are left, a visible case has to tell them apart:
the student's function is called for it. And where the group has hardly any numbers, which may agree
by chance (the largest of two channels is the last one), another visible case has to agree, too.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.judging.compare import close, difference
from course_lib.judging.exercise import Case
from course_lib.judging.student_call import copied, play
from course_lib.student_error import StudentError, told

# So many further visible cases the student's function is called for when a single name is left.
# Of several that all visible cases leave, none is given.
CALLED = 3
# So many numbers may agree by chance.
BY_CHANCE = 4


@dataclass(frozen=True)
class _Candidate:
    """One algorithm of a misconception."""

    misconception: object
    wrong: Callable


def recognise(exercise, functions, wrong, right=()):
    """The misconception that explains what is wrong, or None.

    wrong  (arguments, value) of each case that failed; a value may be a StudentError
    right  the arguments of the cases that passed
    """
    expected = [exercise.expected(args) for args, _ in wrong]
    named = [_Candidate(m, algorithm) for m in exercise.misconceptions for algorithm in m.algorithms
             if all(_explains(exercise, algorithm, *case, due)
                    for case, due in zip(wrong, expected, strict=True))]
    named = [one for one in named if not any(_shows(exercise, one.wrong, args) for args in right)]
    if named:
        named = _told_apart(exercise, functions, named, _numbers(wrong) <= BY_CHANCE)
    names = {one.misconception.name: one.misconception for one in named}
    return next(iter(names.values())) if len(names) == 1 else None


def _numbers(wrong):
    """How many numbers the arrays have that a student returned; infinity if it was something else.

    A single number says what kind of mistake it is where that is all that a case asks for.
    """
    values = [one for _, value in wrong
              for one in (value if isinstance(value, (tuple, list)) else [value])]
    arrays = [one.size for one in values if isinstance(one, np.ndarray)]
    return sum(arrays) if arrays else float("inf")


def _told_apart(exercise, functions, named, by_chance):
    """The candidates that the student's results on visible cases leave.

    by_chance  whether one of these has to agree, if any other result is wrong as well
    """
    calls, agreed, others = 0, False, 0
    for args in _visible(exercise):
        single = len({one.misconception.name for one in named}) < 2
        if single and calls >= CALLED or not named:
            break
        found = [_predicted(exercise, one.wrong, args) for one in named]
        if not single and calls >= CALLED and _all_equal(found):
            continue
        expected = exercise.expected(args)
        wrong = [_is_wrong(p, expected) or _refuses_wrongly(exercise, p, expected) for p in found]
        if not any(wrong):
            continue
        calls += 1
        try:
            value, _ = play(exercise, functions, args)
        except StudentError as error:
            value = error
        # Who forgets one refusal and makes another is told of the one that is forgotten.
        if not isinstance(expected, ValueError) and _equals(exercise, value, expected):
            named = [one for one, is_wrong in zip(named, wrong, strict=True) if not is_wrong]
        else:
            # Another wrong result may be the work of a second mistake, and speaks against nobody.
            agreeing = [one for one, p in zip(named, found, strict=True)
                        if _equals(exercise, value, p)]
            agreed = agreed or bool(agreeing)
            others += not isinstance(value, StudentError)
            named = agreeing or named
    return [] if by_chance and others > 1 and not agreed else named


def _visible(exercise):
    """Visible cases that can be called for once more: the first of each group, then the others."""
    asked = exercise.conditions.asked if exercise.conditions else lambda *case: True
    others = []
    for group in exercise.groups:
        cases = [case for case in exercise.cases(group) if asked(*case) is not None]
        yield from cases[:1]
        others += cases[1:]
    yield from others


def _predicted(exercise, algorithm, args):
    """{name: value} of what a wrong algorithm gives, or the exception with which it stops."""
    if isinstance(args, Case):
        return args.known(algorithm, lambda: _predicted(exercise, algorithm, tuple(args)))
    try:
        # A wrong algorithm may warn, of an empty window, say: to the student it would mean nothing.
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            return exercise.expected(copied(args), algorithm)
    except Exception as error:
        return error.with_traceback(None)


def _is_wrong(predicted, expected):
    """True if a prediction is one, and another value than the right one."""
    return not isinstance(predicted, Exception) and not _agrees(predicted, expected)


def _explains(exercise, algorithm, args, value, expected):
    """True if a wrong algorithm gives just this value, and the value is wrong."""
    predicted = _predicted(exercise, algorithm, args)
    return _equals(exercise, value, predicted) and not _agrees(predicted, expected)


def _shows(exercise, algorithm, args):
    """True if a wrong algorithm gives something wrong for a case."""
    return _is_wrong(_predicted(exercise, algorithm, args), exercise.expected(args))


def _equals(exercise, value, values):
    """True if what a student returned has the judged values {name: value}, or stopped alike."""
    if isinstance(value, StudentError) or isinstance(values, Exception):
        return _stops_alike(value, values) or _refuses_alike(exercise, value, values)
    if len(exercise.results) == 1:
        value = (value,)
    elif not isinstance(value, (tuple, list)) or len(value) != len(exercise.results):
        return False
    returned = dict(zip(exercise.results, value, strict=True))
    return all(_same(name, returned[name], values[name]) for name in exercise.judged)


def _stops_alike(error, predicted):
    """True if both stop, with an exception of the same kind that says the same.

    NumPy's messages have the shapes in them, so that hardly anything else says the same.
    """
    return (isinstance(error, StudentError) and isinstance(predicted, Exception)
            and type(predicted).__name__ in error.kinds and told(predicted) == error.message)


def _refuses_alike(exercise, error, predicted):
    """True if both refuse an input that is right; what they say of it is everybody's own."""
    return (isinstance(error, StudentError) and isinstance(predicted, ValueError)
            and "ValueError" in error.kinds and error.refuses and _is_about_refusing(exercise))


def _refuses_wrongly(exercise, predicted, expected):
    """True if a wrong algorithm refuses what is right."""
    return (isinstance(predicted, ValueError) and not isinstance(expected, ValueError)
            and _is_about_refusing(exercise))


def _is_about_refusing(exercise):
    """True if there is something to refuse. Elsewhere a ValueError is NumPy's, say."""
    return any(isinstance(exercise.expected(case), ValueError)
               for group in exercise.groups for case in exercise.cases(group))


def _same(name, yours, value):
    # Most arrays that are compared here differ, and `difference` would look for the order of axes
    # in which they do not. NaN and infinity are no right values, but a mistake may give them.
    if isinstance(yours, np.ndarray) and isinstance(value, np.ndarray):
        if yours.shape != value.shape or yours.dtype.kind not in "biuf":
            return False
        return close(yours, value)
    if isinstance(value, float) and not np.isfinite(value):
        return isinstance(yours, float) and np.array_equal(yours, value, equal_nan=True)
    return difference(name, yours, value) is None


def _agrees(predicted, expected):
    """True if a wrong algorithm gives the right values here, be it as another type."""
    if isinstance(expected, ValueError) or isinstance(predicted, Exception):
        return isinstance(expected, ValueError) and isinstance(predicted, ValueError)
    found = [difference(name, predicted[name], expected[name]) for name in expected]
    return all(one is None or one.kind == "type" for one in found)


def _all_equal(found):
    """True if all predictions are the same."""
    first, *others = found
    if isinstance(first, Exception):
        return False
    return all(not isinstance(other, Exception) and all(
        _same(name, other[name], first[name]) for name in first) for other in others)
