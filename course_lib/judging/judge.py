"""From an exercise and a student's functions to a verdict."""

from course_lib.judging.compare import Difference, difference, show
from course_lib.judging.recognise import recognise
from course_lib.judging.student_call import play
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG, Verdict
from course_lib.student_error import StudentError, StudentStopped

# Functions that are told every verdict; the autograder counts misconceptions over a class.
listeners = []


def judge(exercise, functions, group, hidden_seed=None):
    """The Verdict on `functions` for one group of the exercise's cases.

    Visible cases are shown with values; cases of a hidden seed by their settings alone.
    """
    verdict = _judge(exercise, functions, group, hidden_seed)
    for listener in listeners:
        listener(verdict)
    return verdict


def _judge(exercise, functions, group, hidden_seed):
    hidden = hidden_seed is not None
    cases = exercise.cases(group, hidden_seed)
    wrong, right, notes = [], [], ()
    for args in cases:
        try:
            value, clean = play(exercise, functions, args)
        except StudentError as error:
            found = _judge_error(exercise, args, error)
            value = error
        else:
            found = _judge_value(exercise, args, value)
            if not clean:
                notes = ("your function changes its input arrays. Work on a copy: the caller may "
                         "still need them.",)
        if isinstance(found, Verdict):
            return _with_case(exercise, group, args, found)
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
    facts = [("Case", exercise.describe(*args))]
    if found.index is not None:
        facts.append(("Where", f"index {list(found.index)}"))
    if not hidden:
        facts += [(label, text) for label, text in
                  (("Yours", found.yours), ("Expected", found.expected)) if text]
    misconception = recognise(exercise, functions, [one[:2] for one in wrong], right)
    return Verdict(
        exercise.name, group, WRONG, _headline(group, found, hidden), tuple(facts),
        misconception.name if misconception else None,
        misconception.sentence if misconception else None, notes,
        None if hidden else _arrays(exercise, args, value, found),
    )


def _arrays(exercise, args, value, found):
    """(name, yours, expected, found) of the array that is wrong, if it can be drawn."""
    if found.array not in exercise.judged:
        return None
    returned = value if len(exercise.results) > 1 else (value,)
    yours = dict(zip(exercise.results, returned, strict=True))[found.array]
    expected = exercise.expected(args)[found.array]
    return (found.array, yours, expected, found) if expected.ndim else None


def _passed_sentence(group, cases, hidden):
    kind = "hidden" if hidden else "visible"
    cases = "1 case" if len(cases) == 1 else f"all {len(cases)} cases"
    return f"right on {cases} of “{group}” ({kind})."


def _headline(group, found, hidden):
    return f"{found.sentence} ({'hidden ' if hidden else ''}case of “{group}”)"


def _with_case(exercise, group, args, verdict):
    if verdict.outcome == NOT_ATTEMPTED:
        return verdict
    facts = (("Case", exercise.describe(*args)), *verdict.facts)
    return Verdict(exercise.name, group, verdict.outcome, verdict.headline, facts)


def _judge_error(exercise, args, error):
    """A Verdict if the student's function should not have raised, else None."""
    if "NotImplementedError" in error.kinds:
        if error.function in ("", "__init__", exercise.name):
            return Verdict(exercise.name, "", NOT_ATTEMPTED, "not attempted yet.")
        return Verdict(exercise.name, "", NOT_ATTEMPTED,
                       f"waits for {error.function}, which is not attempted yet.")
    expected = exercise.expected(args)
    if isinstance(expected, ValueError) and "ValueError" in error.kinds:
        return None
    if isinstance(error, StudentStopped):
        return Verdict(exercise.name, "", ERROR, f"stopped: {error.message}")
    where = tuple((f"Line {number}", text) for number, text in error.lines if text)
    if error.shapes:
        where += (("Shapes there", ", ".join(f"{name} {shape}" for name, shape in error.shapes)),)
    headline = f"your function stopped with {error}"
    if isinstance(expected, ValueError):
        headline = f"this input should be refused with a ValueError, but you raise {error}"
    return Verdict(exercise.name, "", ERROR, headline, where)


def _judge_value(exercise, args, value):
    """The first Difference between what the student returned and what is right, or None."""
    expected = exercise.expected(args)
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
        mine = f"{len(value)} values" if isinstance(value, (tuple, list)) else show(value)
        return Difference("count", f"your function should return {count} things, ({names}); "
                          f"yours returns {mine}.")
    returned = dict(zip(exercise.results, value, strict=True))
    for name in exercise.judged:
        found = difference(name, returned[name], expected[name])
        if found:
            return found
    return None
