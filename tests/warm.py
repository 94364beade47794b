"""What nearly all programs of a course do first, done once for those that tests fork (programs.py).

Nothing of this belongs to a class: modules are imported, the course's own lessons read, and what
the judge keeps in a grading process is there already: the visible cases of the lessons that most
classes of tests are about, and their pictures. Programs that were started cold are tested, too, by
test_grade.py's own class and the commands of test_commands.py.
"""

import contextlib
import gc
import io
import threading

import distributed  # noqa: F401
import jupyterlab.labapp  # noqa: F401
import nbgrader.apps.nbgraderapp  # noqa: F401

import autograder.classroom.start
import autograder.commands
import autograder.essays.answers
import autograder.grading.after
import autograder.grading.cluster
import autograder.grading.run
import autograder.lms.collect
import autograder.lms.hand_back
import autograder.results.report  # noqa: F401
from autograder import course, version
from autograder.judge.run import PICTURES
from autograder.lessons.lesson import read_all
from autograder.results import feedback_page, likeness
from autograder.sandbox import machine
from course_lib import exercises
from course_lib.pictures.picture import remembering

LESSONS = ("01_spatial_arithmetic", "02_convolution_forward")


def _play(cells):
    """Draw a lesson's visible cases and its pictures, with the answers of its source."""
    for name in {cell.name for cell in cells if cell.role == "answer"}:
        exercise = exercises.find(name)
        for group in exercise.groups:
            for case in exercise.cases(group):
                exercise.expected(case)
    space = {"__name__": "lesson"}
    with remembering(PICTURES), contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell.role in ("setup", "given", "answer", "figure"):
                exec(cell.source, space)


def warm():
    """Leaves nothing behind but modules and what they keep."""
    lessons = {lesson.name: lesson for lesson in read_all(course.SOLUTIONS)}
    machine.system()
    version.surroundings()
    feedback_page.warm_up()
    for name in LESSONS:
        likeness.prepare(course.SOLUTIONS / f"{name}.py")
        _play(lessons[name].cells)
    # No fork looks through all this for garbage, which would copy it.
    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a process that forks has one thread"


warm()
