"""`check` and `test`: what a notebook's cells say.

`check` gives a verdict and nothing else. `test` gives the verdict on one group of cases and the
points: its value is the last expression of a test cell, which nbgrader reads as the cell's score,
so a wrong or missing answer costs points but never stops the notebook.
"""

from dataclasses import dataclass, replace

from course_lib import exercises
from course_lib.judging.judge import judge
from course_lib.judging.verdict import NOT_ATTEMPTED, PASSED, Verdict


def display(shown):
    """Show a verdict below the cell. IPython is imported here: the library itself needs NumPy."""
    from IPython.display import display as show

    show(shown)


def check(name, *functions):
    """Show the verdict on your function for the visible cases of exercise `name`.

    functions  your function, then the helpers the exercise needs (a backward function is played
               together with your forward function)

    Raises ValueError for an unknown exercise.
    """
    exercise = exercises.find(name)
    verdicts = []
    for group in exercise.groups:
        verdict = judge(exercise, functions, group)
        if verdict.outcome == NOT_ATTEMPTED and not any(v.passed for v in verdicts):
            display(verdict)
            return
        verdicts.append(verdict)
    right = [v.group for v in verdicts if v.passed]
    wrong = [v for v in verdicts if not v.passed]
    if not wrong:
        notes = tuple(dict.fromkeys(note for v in verdicts for note in v.notes))
        display(Verdict(name, "", PASSED, f"passed ({', '.join(right)}).", notes=notes))
        return
    # The first thing that is wrong, in full: it is often the reason for the others.
    others = [("Also wrong", ", ".join(v.group for v in wrong[1:])),
              ("Already right", ", ".join(right))]
    display(replace(wrong[0], facts=(*wrong[0].facts, *(fact for fact in others if fact[1]))))


def test(name, *functions, group, points):
    """Show the verdict on one group of exercise `name` and return the Score.

    Raises ValueError for an unknown exercise or group.
    """
    exercise = exercises.find(name)
    verdict = judge(exercise, functions, group)
    # The picture of the difference belongs to `check`: a dozen of them would bury the points.
    display(replace(verdict, arrays=None))
    return Score(exercise, functions, group, points, verdict)


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
        text = f"{self.earned:g} of {self.points:g} points"
        return {"text/plain": repr(self), "text/html": f"<div>{text}</div>"}
