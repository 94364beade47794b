"""From an exercise and a student's functions to a verdict."""

import numbers
import re
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from course_lib.judging.compare import Difference, difference, show
from course_lib.judging.recognise import recognise
from course_lib.judging.student_call import copied, play, plays
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG, Verdict
from course_lib.student_error import StudentError, StudentStopped

# Functions that are told every verdict; the autograder counts misconceptions over a class.
listeners = []


# {(exercise, group, functions): Verdict} of visible cases that were passed, where whoever grades a
# submission can tell that a function is still the same: it has an `identity`. Else None: in a
# notebook every cell plays its cases.
passed = None


def judge(exercise, functions, group, hidden_seed=None):
    """The Verdict on `functions` for one group of the exercise's cases.

    Visible cases are shown with values; cases of a hidden seed by their settings alone.
    """
    key = _key(exercise, functions, group) if passed is not None and hidden_seed is None else None
    verdict = passed.get(key) if key else None
    if verdict is None:
        verdict = _judge(exercise, functions, group, hidden_seed)
        if key and verdict.passed:
            passed[key] = verdict
    tell(verdict)
    return verdict


def _key(exercise, functions, group):
    who = tuple(getattr(function, "identity", None) for function in functions)
    return None if None in who else (exercise.name, group, who)


def tell(verdict):
    """Tell a verdict to all listeners."""
    for listener in listeners:
        listener(verdict)


def _judge(exercise, functions, group, hidden_seed):
    hidden = hidden_seed is not None
    cases = exercise.cases(group, hidden_seed)
    wrong, right, notes = [], [], ()
    for args, played in plays(exercise, functions, cases):
        try:
            value, clean = played()
        except StudentError as error:
            found = _judge_error(exercise, group, args, error, hidden)
            value = error
        else:
            found = _judge_value(exercise, args, value)
            if not clean and exercise.keeps and not found:
                found = Difference("changed", f"your function changes {exercise.keeps}, which "
                                   "should stay as it was. Work on a copy.")
            elif not clean:
                notes = ("your function changes its input. Work on a copy: the caller may still "
                         "need it as it was.",)
        if isinstance(found, Verdict):
            return _named(found, recognise(
                exercise, functions, [*(one[:2] for one in wrong), (args, value)], right)
                if found.outcome == ERROR else None)
        if found:
            wrong.append((args, value, found))
            if found.kind == "error":
                break
        else:
            right.append(args)
    if not wrong:
        return Verdict(exercise.name, group, PASSED, _passed_sentence(group, cases, hidden),
                       notes=notes)
    args, value, found = wrong[0]
    notes += tuple(_kept_between_calls(exercise, functions, args, value))
    notes += tuple(_by_order_in_memory(exercise, functions, args))
    notes += tuple(filter(None, [exercise.observe(args, value)]))
    facts = [("Case", exercise.describe(*args))]
    if found.index is not None:
        facts.append(("Where", f"index {list(found.index)}"))
    if not hidden:
        facts += [(label, text) for label, text in
                  (("Yours", found.yours), ("Expected", found.expected)) if text]
    misconception = recognise(exercise, functions, [one[:2] for one in wrong], right)
    return Verdict(
        exercise.name, group, WRONG, _headline(group, found.sentence, hidden), tuple(facts),
        misconception.name if misconception else None,
        misconception.sentence if misconception else None, notes,
        None if hidden else _arrays(exercise, args, value, found), _WAYS[found.kind],
        kind=found.kind,
    )


def _kept_between_calls(exercise, functions, args, value):
    """A note if the same call gives something else the second time."""
    value = copied(value)  # what is kept may be this very array
    try:
        again, _ = play(exercise, functions, args)
    except StudentError as error:
        again = error
    if isinstance(again, StudentError) or not _same(value, again):
        yield ("called a second time with the same input, your function did not do the same as "
               "before. Does it keep something from one call to the next (a variable outside of "
               "it, a default such as found=[]), or does it use random or unset numbers?")


def _by_order_in_memory(exercise, functions, args):
    """A note if the case would be right with arrays that lie in memory in the usual order."""
    turned = [isinstance(one, np.ndarray) and not one.flags.c_contiguous for one in args]
    if not any(turned):
        return
    usual = tuple(one.copy(order="C") if is_turned else one
                  for one, is_turned in zip(args, turned, strict=True))
    try:
        value, _ = play(exercise, functions, usual)
    except StudentError:
        return
    if _judge_value(exercise, usual, value) is None:
        yield ("with the same numbers in the usual order in memory your result is right. These "
               "arrays lie there as a transpose leaves them. Does your function count on the order "
               "(as_strided)? np.ascontiguousarray makes a copy in the usual one.")


def _same(one, other):
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    # Of caches and other objects nothing is said.
    return not isinstance(one, numbers.Number) or one != one or one == other


def _arrays(exercise, args, value, found):
    """(name, yours, expected, found) of the array that is wrong, if it can be drawn."""
    if found.array not in exercise.judged:
        return None
    returned = value if len(exercise.results) > 1 else (value,)
    yours = dict(zip(exercise.results, returned, strict=True))[found.array]
    expected = exercise.expected(args)[found.array]
    return (found.array, yours, expected, found) if expected.ndim else None


def _passed_sentence(group, cases, hidden):
    kind = "hidden case" if hidden else "case"
    cases = f"the {kind}" if len(cases) == 1 else f"all {len(cases)} {kind}s"
    return f"right on {cases} of “{group}”."


def _headline(group, sentence, hidden):
    return f"{sentence} ({'hidden ' if hidden else ''}case of “{group}”)"


def _named(verdict, misconception):
    if misconception is None:
        return verdict
    return replace(verdict, misconception=misconception.name, hint=misconception.sentence)


# How an answer is wrong, in a word or two, by the kind of the first difference.
_WAYS = {"value": "values", "shape": "shape", "nan": "no finite number", "type": "type",
         "count": "number of results", "changed": "input changed",
         "missing": "None", "lacking": "a value is missing", "error": "not refused"}


def _judge_error(exercise, group, args, error, hidden):
    """A Verdict if the student's function should not have raised, else None."""
    if "NotImplementedError" in error.kinds:
        return Verdict(exercise.name, group, NOT_ATTEMPTED, _unwritten(exercise, error),
                       way="not attempted")
    expected = exercise.expected(args)
    refused = isinstance(expected, ValueError)
    if refused and "ValueError" in error.kinds:
        return None
    facts = [("Case", _case_of_error(exercise, args))]
    facts += [(_line(number, place), text)
              for (number, text), place in zip_longest(error.lines, error.places[:len(error.lines)])
              if text]
    if isinstance(error, StudentStopped):
        said = stopped(error.message) if error.way == StudentStopped.NO_RETURN else error.message
        return Verdict(exercise.name, group, ERROR, _headline(group, said, hidden), tuple(facts),
                       way=error.way, place=_place(error))
    if error.shapes:
        facts.append(("At that line", ", ".join(f"{name} {text}" for name, text in error.shapes)))
    if len(exercise.judged) == 1 and not refused and not error.outside and (
            {"IndexError", "ValueError"} & set(error.kinds)):
        shapes = [f"{name} {value.shape}" for name, value in expected.items()
                  if isinstance(value, np.ndarray) and value.ndim]
        facts += [("Right shape", ", ".join(shapes))] if shapes else []
    return Verdict(exercise.name, group, ERROR,
                   _headline(group, _stopped(exercise, error, refused), hidden), tuple(facts),
                   way=_WAYS["count"] if error.is_sentence else f"stops with {error.kinds[0]}",
                   place=_place(error), advice=error.advice)


def stopped(message):
    """What is told of a call that had to be stopped."""
    asked = "" if "did not return" not in message else (
        ". Does a loop never end, or go through far more than it has to?")
    return f"stopped: {message}{asked}"


def _unwritten(exercise, error):
    if error.written:
        return (f"“raise NotImplementedError()” still stands in {error.function}, beside your "
                "answer. Delete this line.")
    if error.function in ("", "__init__", exercise.name):
        return "not attempted yet."
    return f"waits for {error.function}, which is not attempted yet."


def _stopped(exercise, error, refused):
    """Whose function stopped, and with what."""
    if error.outside:
        return (f"the check stopped with {error}, in a line of the course and none of yours. If "
                "your function returns what its description says, tell your instructor")
    if error.is_sentence:
        return error.message
    if not error.lines and _CALLED.match(error.message):
        return (f"your function cannot be called as it should be: {error.message}. Its first line "
                "needs the arguments that it has in the lesson, in their order")
    lacks = None if error.lines else _LACKS.match(error.message)
    if lacks:
        return (f"your {lacks[1]} has no “{lacks[2]}”. Is it there, under this name, and does it "
                f"belong to the class {lacks[1]}?")
    if refused:
        return f"this input should be refused with a ValueError, but you raise {error}"
    called = error.places[0].partition(",")[0] if error.places else ""
    who = "function" if called in ("", exercise.name, "<lambda>") else called
    if error.refuses and {"ValueError", "AssertionError", "Exception"} & set(error.kinds[:1]):
        return f"your {who} refuses an input that it should accept: {error}"
    end = "" if str(error).endswith((".", "!", "?")) or not error.advice else "."
    return f"your {who} stopped with {error}{end}{' ' * bool(error.advice)}{error.advice}"


# What Python says where a function does not take what it is called with, and of an object that
# lacks what it is asked for.
_CALLED = re.compile(r"[\w.<>]+\(\) (takes|missing|got) ")
_LACKS = re.compile(r"'(\w+)' object has no attribute '(\w+)'")


def _line(number, place):
    return f"Line {number}" + (f" of {place}" if place else "")


def _place(error):
    return (*error.lines[-1], *error.places[-1:]) if error.lines else None


def _case_of_error(exercise, args):
    """The case in words, without the results that are asked for: the line may make another one."""
    names = "|".join(map(re.escape, exercise.results))
    return re.sub(rf"^(?:(?:{names})(?:, | and )?)+; ", "", exercise.describe(*args))


def _judge_value(exercise, args, value):
    """The first Difference between what the student returned and what is right, or None."""
    expected = exercise.expected(args)
    if isinstance(expected, ValueError) and isinstance(value, BaseException):
        return Difference("error", f"your function returns the {type(value).__name__} that it "
                          "should raise. Write raise in place of return.")
    if isinstance(expected, ValueError):
        return Difference("error", "this input should be refused with a ValueError, but your "
                          f"function returns {show(value)}.", None, show(value),
                          f"ValueError: {expected}")
    count = len(exercise.results)
    if count == 1:
        return difference(exercise.judged[0], value, expected[exercise.judged[0]])
    names = ", ".join(exercise.results)
    if value is None:
        return Difference("missing", f"your function returns None. Does it end with "
                          f"“return {names}”?")
    if not isinstance(value, (tuple, list)) or len(value) != count:
        mine = show(value)
        if isinstance(value, (tuple, list)):
            mine = f"{len(value)} values" if len(value) != 1 else "one, within brackets"
        if isinstance(value, numbers.Number):
            mine = f"one number, {mine}"
        return Difference("count", f"your function should return {count} things, ({names}); "
                          f"yours returns {mine}.")
    returned = dict(zip(exercise.results, value, strict=True))
    for name in exercise.judged:
        found = difference(name, returned[name], expected[name])
        if found:
            return found
    return None
