"""Grading one notebook: the student's cells in the sandbox, the course's cells here."""

import hashlib
import warnings
from dataclasses import dataclass, field
from functools import partial

import nbformat
import numpy as np

from autograder.errors import SandboxLost
from autograder.judge.figures import Figures
from autograder.judge.handed_in import read_beside
from autograder.judge.heard import Heard
from autograder.judge.intake import restore
from autograder.judge.outputs import error_output
from autograder.judge.reading import read_submission
from autograder.judge.student_side import StudentSide
from autograder.judge.template import COURSE_ROLES, template_for
from autograder.lessons import names
from autograder.lessons.lesson import read_lesson
from autograder.sandbox.inside.cells import CellRunner
from autograder.stopwatch import Stopwatch
from autograder.text import one_line
from course_lib.exercises import find
from course_lib.judging import exercise, judge
from course_lib.pictures.remembered import Remembered
from course_lib.student_error import StudentError
from course_lib.study import desk

PARTS = {"check": "check cells", "test": "test cells", "figure": "figure cells"}
# What this process has drawn: those who computed the same arrays are shown the same picture.
PICTURES = Remembered(128)
# Remarks or events of one submission that are told.
MAX_SENTENCES = 50


@dataclass
class Graded:
    """An executed notebook and what there is to say about it.

    remarks         repairs of the notebook
    events          limits that were hit, processes that died
    misconceptions  {(exercise, misconception): sentence} of the known mistakes that were made
    outcomes, ways  what tests came to, and how exercises were wrong (judge/heard.py says more)
    spent           {what was done: seconds}
    """

    notebook: nbformat.NotebookNode
    remarks: list = field(default_factory=list)
    events: list = field(default_factory=list)
    misconceptions: dict = field(default_factory=dict)
    outcomes: list = field(default_factory=list)
    ways: list = field(default_factory=list)
    spent: dict = field(default_factory=dict)

    def __post_init__(self):
        # Names of cells and words of exceptions stand in these: they go into logs and tables.
        self.remarks, self.events = _visible(self.remarks), _visible(self.events)


def _visible(sentences):
    said = [one_line(sentence) for sentence in dict.fromkeys(sentences)]
    more = len(said) - MAX_SENTENCES
    what = "thing" if more == 1 else "things"
    return [*said[:MAX_SENTENCES], *([f"{more} more {what} happened"] if more > 0 else [])]


class _Nobody:
    """A student who has defined nothing."""

    @staticmethod
    def lookup(names):
        return {}


class CourseSide:
    """Runs the course's cells in this process, one namespace for a submission.

    Names that the course has not defined itself are the student's: a test cell gets them fresh
    from the sandbox each time it runs.
    """

    def __init__(self):
        # It takes matplotlib along.
        from course_lib.pictures.picture import remembering

        # `progress()` at the end of a lesson shows nothing here.
        desk.grading = True
        self._drawing = partial(remembering, PICTURES)
        self.runner = CellRunner(brief=True)
        self._figures = Figures()
        self._touched = set()  # names of the course's own that a student's functions had a part in
        self._left = {}  # {(lesson, cell): whether other cells take what it defines}

    def start(self):
        self.runner.reset()
        self._touched.clear()

    def figure(self, lesson, source, student):
        """Run a figure cell; one that uses nothing of the student's is drawn once for all.

        One that defines what other cells of the course take is run every time.
        """
        if (self._wanted(source) or self._touched & names.needed(source)
                or self._leaves_something(lesson, source)):
            return self.run(source, student)
        return self._figures.outputs(lesson, source, partial(self.run, source, student))

    def warm_up(self, lesson_path, figures=slice(None), cases=True):
        """Draw a lesson's figures that use nothing of the student's, and play its visible cases.

        They are the same for every submission: whoever is forked after this need not do it.

        figures  which of them, in the order of the lesson
        """
        lesson = read_lesson(lesson_path)
        self.start()
        for cell in lesson.cells:
            if cell.role == "setup":
                self.run(cell.source, _Nobody)
            elif cell.role == "test" and cases:
                one = find(cell.name)
                for case in one.cases(cell.group):
                    one.expected(case)
        drawn = [cell.source for cell in lesson.cells
                 if cell.role == "figure" and not self._wanted(cell.source)]
        for source in drawn[figures]:
            self.figure(lesson, source, _Nobody)

    def run(self, source, student):
        """Run a cell of the course; returns its outputs."""
        space = self.runner.namespace
        wanted = self._wanted(source)
        theirs = student.lookup(wanted)
        self._touch(source, wanted)
        space.update(theirs)
        try:
            # Python shows a warning once in a process: only whoever comes first would find it, with
            # a path of this machine.
            with self._drawing(), warnings.catch_warnings(action="ignore"):
                outputs = self.runner.run(source)[0]
            if any(output.get("ename") in _OUT_OF_MEMORY for output in outputs):
                raise MemoryError
            return outputs
        finally:
            for name, value in theirs.items():
                if space.get(name) is value:
                    del space[name]

    def _leaves_something(self, lesson, source):
        made = names.defined(source)
        if made and (lesson.name, source) not in self._left:
            self._left[lesson.name, source] = any(
                made & names.needed(cell.source) for cell in lesson.cells
                if cell.role in (*COURSE_ROLES, "try") and cell.source != source)
        return bool(made) and self._left[lesson.name, source]

    def _touch(self, source, wanted):
        """What a cell defines follows from what it uses, and so may what an array holds by then."""
        needed = names.needed(source)
        if not wanted and not self._touched & needed:
            self._touched -= names.defined(source)
            return
        self._touched |= names.defined(source) | {
            name for name in needed
            if isinstance(self.runner.namespace.get(name), (np.ndarray, list, dict))}

    def takes(self, source):
        """The names of the course's own that a cell reads when it runs here."""
        return names.needed(source) & set(self.runner.namespace)

    def _wanted(self, source):
        """The names that a cell reads and the course has not defined: the student's."""
        return names.needed(source) - set(self.runner.namespace)


# In this process; one in the student's comes as an error of theirs.
_OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError")


def grade_notebook(path, lesson_path, sandbox, course_side):
    """Grade the submission at `path` for the lesson source at `lesson_path`: a Graded.

    Raises GradingError if the notebook cannot be read, SandboxLost as grade_submitted does.
    """
    watch = Stopwatch()
    with watch.time("reading and repair"):
        submitted = read_submission(path)
        files, left_out = read_beside(path)
    graded = grade_submitted(submitted, lesson_path, sandbox, course_side, watch, files)
    graded.remarks += [*submitted.metadata.left_out, *left_out]
    return graded


def grade_submitted(submitted, lesson_path, sandbox, course_side, watch=None, files=None):
    """Grade a notebook that was read: a Graded, with a notebook of its own.

    files  {name: bytes} of what was handed in beside it

    Raises SandboxLost if what the student's processes are forked from died meanwhile.
    """
    watch = watch or Stopwatch()
    with watch.time("reading and repair"):
        template = template_for(lesson_path)
        notebook, remarks, put_back = restore(submitted, template)
    exercise.set_salt(_salt(notebook, files or {}))
    # A test cell need not play again the visible cases that the check before it has played.
    judge.passed = {}
    heard = Heard()
    tests = {cell.id: cell for cell in template.lesson.cells if cell.role == "test"}
    judge.listeners.append(heard)
    student = StudentSide(sandbox, watch, files)
    with watch.time("forgetting the submission before"):
        course_side.start()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    used, theirs = _used_by_the_student(code, template), _defined_by_the_student(code, template)
    shown = []
    try:
        for number, cell in enumerate(code, 1):
            role, source = template.roles.get(cell.id), cell.source
            if role == "try" and _draws_as_released(cell, template) and not (
                    course_side.takes(source) & theirs):
                role = "figure"
            if cell.id in put_back and role not in COURSE_ROLES:
                # What is put back never takes away what the student has defined by then.
                source = names.without(source, student.lookup(names.defined(source)))
            with watch.time(PARTS.get(role, "the student's cells")):
                if role == "setup":
                    course_side.run(cell.source, student)
                if role == "figure":
                    outputs = course_side.figure(template.lesson, cell.source, student)
                elif role in COURSE_ROLES:
                    heard.before_cell()
                    outputs = course_side.run(cell.source, student)
                    if role == "test":
                        outputs = _with_result(outputs)
                        test = tests[cell.id]
                        heard.after_test(test.name, test.group, outputs)
                else:
                    outputs = student.run(cell.id, source)
                if role in COURSE_ROLES and names.defined(source) & used:
                    # In Jupyter a cell may use `score`, or what a figure cell has defined.
                    student.run(cell.id, template.visible[cell.id])
            shown.append((cell, number, outputs))
            if student.lost:
                break
    finally:
        with watch.time("the student's process: start and end"):
            student.close()
        judge.listeners.remove(heard)
        exercise.set_salt(0)
        names.forget_much()
        judge.passed = None
    if student.lost:
        raise SandboxLost("the sandbox died twice while it was graded (did the machine run out of "
                          "memory?); grade it again")
    # Not before: a later cell may update what an earlier one displays.
    for cell, number, outputs in shown:
        cell.outputs = [nbformat.from_dict(_numbered(output, number)) for output in outputs]
        cell.execution_count = number
    # The feedback page tells what the instructor has written for all who are wrong in this way.
    notebook.metadata["ways"] = {way["exercise"]: way["id"] for way in heard.ways}
    return Graded(notebook, remarks, student.events, heard.misconceptions, heard.outcomes,
                  heard.ways, watch.spent)


def _used_by_the_student(code, template):
    """The names that the student's cells take from elsewhere."""
    return {name for cell in code if template.roles.get(cell.id) not in (*COURSE_ROLES, "setup")
            for name in names.needed(cell.source)}


def _defined_by_the_student(code, template):
    """The names that the student's cells define, where these are not just as they were released."""
    return {name for cell in code if template.roles.get(cell.id) not in (*COURSE_ROLES, "setup")
            and cell.source != template.visible.get(cell.id)
            for name in names.defined(cell.source)}


def _draws_as_released(cell, template):
    """True for a cell to try things in that draws a picture and that nobody has changed.

    It is as good as a figure of the course: those who computed the same arrays share its picture.
    """
    return cell.source == template.visible[cell.id] and "pictures." in cell.source


def _with_result(outputs):
    """The outputs of a test cell; nbgrader takes one that shows no result for all points."""
    if any(output["output_type"] in ("execute_result", "error") for output in outputs):
        return outputs
    sentence = "the test could not show its result; your function returned something too large"
    return [*outputs[:1], error_output(StudentError(["NoResult"], sentence))]


def _numbered(output, count):
    """Both sides count their own cells; the notebook has one count."""
    return output | {"execution_count": count} if "execution_count" in output else output


def _salt(notebook, files):
    """A number from the submission's own text: the same text always meets the same cases.

    Files are part of it: an answer may stand in one, and another answer meets other cases.
    """
    text = "\0".join(cell.source for cell in notebook.cells)
    digest = hashlib.sha256(text.encode("utf-8", "replace"))
    for name, content in sorted(files.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return int.from_bytes(digest.digest()[:7])
