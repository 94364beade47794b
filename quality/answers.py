"""The right answers of the lessons, and how their test cells grade them."""

import ast
import dataclasses
import functools
import linecache
from dataclasses import dataclass
from pathlib import Path

from autograder.lessons.lesson import read_lesson
from course_lib import exercises
from course_lib.judging.exercise import Exercise
from course_lib.judging.judge import judge

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"


@dataclass(frozen=True)
class Test:
    """What a test cell asks: its group, the functions it hands over (as text), its hidden seed."""

    group: str
    functions: tuple
    seed: int


# pytest would take the class for a test of its own wherever it is imported.
Test.__test__ = False


@dataclass(frozen=True)
class Answer:
    """The right answer to one exercise: its cell's source and the tests it has to pass."""

    lesson: str
    name: str
    source: str
    tests: tuple

    @property
    def exercise(self):
        return exercises.find(self.name)

    def space(self, source=None):
        """A notebook whose cells have all run: right ones, but for `source` in this one's place.

        The other functions stay right even where they call this one.
        """
        space = dict(_right_space(self.lesson))
        if source is not None:
            # As in a notebook, Python knows the lines of the cell.
            path = f"<{self.name}>"
            linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
            exec(compile(source, path, "exec"), space)
        return space

    def functions(self, space):
        """What its test cells hand over, from a notebook's names."""
        return tuple(eval(text, space) for text in self.tests[0].functions)


def lesson_names():
    """The lessons there are, in order."""
    return [path.stem for path in sorted(SOLUTIONS.glob("[0-9]*.py"))]


@functools.cache
def _cells(lesson):
    return read_lesson(SOLUTIONS / f"{lesson}.py").cells


def run_lesson(lesson):
    """A fresh namespace in which the lesson's code cells have run, the ungraded ones left out."""
    space = {}
    for cell in _cells(lesson):
        if cell.role in ("setup", "given", "answer"):
            exec(compile(cell.source, f"<{lesson} {cell.name}>", "exec"), space)
    return space


_right_space = functools.cache(run_lesson)


def answers(lesson):
    """Every Answer of a lesson, in the order of the notebook."""
    tests = {}
    for cell in _cells(lesson):
        if cell.role == "test":
            tests.setdefault(cell.name, []).append(_test(cell))
    return [Answer(lesson, cell.name, cell.source, tuple(tests[cell.name]))
            for cell in _cells(lesson) if cell.role == "answer"]


def points(answer):
    """{group: its points} of an exercise."""
    return {cell.group: cell.points for cell in _cells(answer.lesson)
            if cell.role == "test" and cell.name == answer.name}


def _test(cell):
    calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    asked = next(c for c in calls if getattr(c.func, "id", "") == "test")
    hidden = next(c for c in calls if getattr(c.func, "attr", "") == "on_hidden_cases")
    seed, = (k.value.value for k in hidden.keywords if k.arg == "seed")
    return Test(cell.group, tuple(ast.unparse(a) for a in asked.args[1:]), seed)


def verdicts(answer, exercise, functions):
    """{group: Verdict} as the test cells come to them: visible cases, then hidden ones."""
    found = {}
    for test in answer.tests:
        verdict = judge(exercise, functions, test.group)
        if verdict.passed:
            verdict = judge(exercise, functions, test.group, hidden_seed=test.seed)
        found[test.group] = verdict
    return found


def answering(exercise: Exercise, function):
    """The exercise, answered by `function`: it takes a case and returns the judged values alone.

    What a student returns beside those (a cache) is filled in.
    """

    def play(_, *args):
        value = function(*args)
        if exercise.judged == exercise.results:
            return value
        names = exercise.judged
        values = dict(zip(names, (value,) if len(names) == 1 else value, strict=True))
        return tuple(values.get(name, "the student's own") for name in exercise.results)

    return dataclasses.replace(exercise, play=play, helpers=())
