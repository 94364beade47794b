"""`check` and `test`: what a notebook's cells say.

`check` gives a verdict and nothing else, and explains it by small tries of its own. `test` gives
the verdict on one group of cases and the points: its value is the last expression of a test cell,
which nbgrader reads as the cell's score, so a wrong or missing answer costs points but never stops
the notebook.
"""

import contextlib
from dataclasses import dataclass, replace

from course_lib import exercises, still_there
from course_lib.as_written import seen_in
from course_lib.explanation import explain
from course_lib.judging import printed
from course_lib.judging.compare import show
from course_lib.judging.judge import judge, stopped, tell
from course_lib.judging.limits import TimeIsUp, stopped_in_a_sentence, time_limit
from course_lib.judging.student_call import are_here
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, Verdict
from course_lib.missing_names import answer_missing_names
from course_lib.student_error import StudentStopped
from course_lib.study import desk

# For one group of cases. In grading the sandbox has limits of its own.
GROUP_SECONDS = 30
_last = []


def display(shown):
    """Show a verdict below the cell. IPython is imported here: the library itself needs NumPy."""
    from IPython.display import display as show

    show(shown)


def check(name=None, *functions):
    """Show the verdict on your function for the visible cases of exercise `name`.

    functions  your function, then the helpers the exercise needs (a backward function is played
               together with your forward function)

    An unknown exercise, or none, is told as a verdict: a traceback would bury the sentence.
    """
    try:
        exercise = exercises.find(name)
    except ValueError as error:
        display(Verdict("check", "", ERROR, _unknown(name, error)))
        return
    with stopped_in_a_sentence(name), printed.bounded():
        verdict = checked(exercise, functions)
    _last[:] = [verdict]
    # First shown, then noted: in a browser a note takes a tenth of a second.
    display(verdict)
    if are_here(functions):
        desk.note_check(verdict)


def more():
    """What the last verdict had folded in: what its wrong number is made of, as text."""
    explanation = _last[0].explanation if _last else None
    print(explanation.more() if explanation and explanation.yours else "there is no more to say")


check.more = more


def checked(exercise, functions):
    """The Verdict that `check` shows."""
    unusable = _no_functions(exercise, functions)
    if unusable:
        return unusable
    verdicts = []
    for group in exercise.groups:
        verdict = _judged(exercise, functions, group)
        if verdict.outcome == NOT_ATTEMPTED and not any(v.passed for v in verdicts):
            return verdict
        verdicts.append(verdict)
        if verdict.way == StudentStopped.NO_RETURN:
            break
    right = [v.group for v in verdicts if v.passed]
    wrong = [v for v in verdicts if not v.passed]
    if not wrong:
        notes = tuple(dict.fromkeys(note for v in verdicts for note in v.notes))
        return Verdict(exercise.name, "", PASSED, f"passed ({', '.join(right)}).", notes=notes)
    # The first thing that is wrong, in full: it is often the reason for the others.
    first, others = wrong[0], wrong[1:]
    facts = [("Also wrong", _also(first, others)), ("Already right", ", ".join(right)),
             ("Not tried", ", ".join(list(exercise.groups)[len(verdicts):]))]
    first = replace(first, facts=(*first.facts, *(fact for fact in facts if fact[1])),
                    notes=(*first.notes, *_of_another(exercise, functions[0])))
    seen = seen_in(functions[0]) if are_here(functions) else ()
    return replace(_with_other_names(_explained(exercise, functions, _bounded(first, others)),
                                     others), seen=seen)


def _judged(exercise, functions, group):
    """The Verdict on a group; a function that does not return is stopped."""
    limit = time_limit(GROUP_SECONDS) if are_here(functions) else contextlib.nullcontext()
    try:
        with limit:
            return judge(exercise, functions, group)
    except TimeIsUp as error:
        return Verdict(exercise.name, group, ERROR, f"{stopped(str(error))} (case of “{group}”)",
                       way=StudentStopped.NO_RETURN)


def _also(first, others):
    """The other groups that are wrong, and how each fails."""
    if others and first.place and all(v.place == first.place for v in others):
        return ", ".join(v.group for v in others) + (
            " (they stop at the same line)" if len(others) > 1 else " (stops at the same line)")
    ways = {}
    for verdict in others:
        ways.setdefault(verdict.way, []).append(verdict.group)
    return "; ".join(f"{', '.join(groups)} ({way})" for way, groups in ways.items())


def _of_another(exercise, function):
    """A note if the function has another exercise's name."""
    name = getattr(function, "__name__", "")
    if name != exercise.name and name in exercises.names():
        yield f"you gave {name} to the check of {exercise.name}. Is this what you want?"


def _bounded(first, others):
    """A hint says how far it goes: nothing about groups that fail for another reason."""
    differing = [v.group for v in others if v.misconception != first.misconception]
    if not first.hint or not differing:
        return first
    return replace(first, notes=(*first.notes, f"the hint is about “{first.group}”; "
                                 f"{', '.join(f'“{group}”' for group in differing)} may fail for "
                                 "another reason."))


def _with_other_names(first, others):
    """What is known of another group is said where nothing is known of the first."""
    named = next((v for v in others if v.hint), None)
    if first.hint or first.outcome == NOT_ATTEMPTED or named is None:
        return first
    return replace(first, notes=(*first.notes, f"about “{named.group}”: {named.hint}"))


def _explained(exercise, functions, verdict):
    """The verdict with what small tries show. Listeners get to read it, too."""
    if verdict.outcome == NOT_ATTEMPTED or verdict.way == StudentStopped.NO_RETURN:
        return verdict
    try:
        found = explain(exercise, functions, stopped=_kind(verdict), kind=verdict.kind,
                        line=verdict.place and verdict.place[:2], grading=not are_here(functions))
    except Exception:
        # Whatever a strange answer makes of it: nobody loses the verdict for want of more words.
        found = None
    if found is None:
        return verdict
    if verdict.advice and found.rule == "always":
        found = replace(found, when=(), case=())  # the line says it all
    verdict = replace(verdict, explanation=found)
    if found.name and not verdict.misconception:
        verdict = replace(verdict, misconception=found.name.name, hint=found.name.sentence)
    tell(verdict)
    return verdict


def _kind(verdict):
    """Of what kind the exception of a verdict is, or ""."""
    return verdict.way.removeprefix("stops with ") if verdict.outcome == ERROR else ""


def _unknown(name, error):
    """What to do about a first argument that is no exercise's name."""
    if isinstance(name, str):
        return f"{error}" if str(error).endswith("?") else f"{error}."
    mine = getattr(name, "__name__", "neuron")
    return (f"the exercise's name comes first, in quotation marks, and then your function: "
            f"check(\"{mine}\", {mine}).")


def _no_functions(exercise, functions):
    """A Verdict that says so if something else was given than the notebook's functions, or None."""
    name = exercise.name
    names = [name, *exercise.helpers]
    usual = f'Write check("{name}", {", ".join(names)}).'
    if not functions:
        return Verdict(name, "", ERROR, f"no function was given. {usual}")
    for k, function in enumerate(functions):
        if not callable(function):
            missing = names[min(k, len(names) - 1)]
            return Verdict(name, "", ERROR, f"a function is needed here, and this is "
                           f"{show(function)}. Write {missing} without brackets behind it. If you "
                           "have used the function's name for something else, run the cell that "
                           "defines the function again.")
    if len(functions) < len(names):
        return Verdict(name, "", ERROR, f"it is checked together with "
                       f"{' and '.join(exercise.helpers)}. {usual}")
    given = [getattr(function, "__name__", "") for function in functions]
    if given != names and sorted(given) == sorted(names):
        return Verdict(name, "", ERROR, f"the functions stand in another order here. {usual}")
    left = still_there.left_behind(functions)
    return Verdict(name, "", ERROR, left) if left else None


def test(name, *functions, group, points):
    """Show the verdict on one group of exercise `name` and return the Score.

    Raises ValueError for an unknown exercise or group.
    """
    exercise = exercises.find(name)
    with stopped_in_a_sentence(name), printed.bounded():
        verdict = _no_functions(exercise, functions) or judge(exercise, functions, group)
    # The picture of the difference belongs to `check`: a dozen of them would bury the points.
    display(replace(verdict, arrays=None))
    if are_here(functions):
        desk.note_test(verdict, group, points)
    return Score(exercise, functions, group, points, verdict)


answer_missing_names()
still_there.listen(desk.kernel())

# pytest would take the function for a test of its own wherever it is imported.
test.__test__ = False


@dataclass(frozen=True)
class Score:
    """Points for one group. Its plain text is a bare number, the form nbgrader reads."""

    exercise: object
    functions: tuple
    group: str
    points: float
    verdict: Verdict

    def on_hidden_cases(self, seed):
        """The Score after fresh cases drawn from `seed`; unchanged if it is lost already."""
        if not self.verdict.passed:
            return self
        verdict = judge(self.exercise, self.functions, self.group, hidden_seed=seed)
        display(verdict)
        return Score(self.exercise, self.functions, self.group, self.points, verdict)

    @property
    def earned(self):
        return float(self.points) if self.verdict.passed else 0.0

    def __float__(self):
        return self.earned

    def __repr__(self):
        return str(self.earned)

    def _repr_mimebundle_(self, **kwargs):
        text = f"{self.earned:g} of {self.points:g} point{'s' * (self.points != 1)}"
        return {"text/plain": repr(self), "text/html": f"<div>{text}</div>"}
