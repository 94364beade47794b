"""Finding what a class handed in, and saying what is not as it should be.

Folders and files come from strangers, too: nothing is followed that leads elsewhere (symbolic
links), nothing is opened that is no plain file (a pipe never ends), and no name gets on that a
program might take for something else.
"""

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from autograder import course
from autograder.errors import GradingError
from autograder.grading.notebook_file import find_notebook
from autograder.judge.handed_in import is_left_behind
from autograder.judge.reading import timestamp_problem
from autograder.text import is_visible, name_problem, one_line

# What is said of a lesson of the course that the class's settings do not list.
LEFT_OUT = "class.toml leaves this lesson out"
# Of files and folders in a student's folder that are no lesson's.
_MOST_OTHER = 20


@dataclass(frozen=True, order=True)
class Submission:
    """One student's notebook for one lesson.

    source   the lesson as the class has it
    attempt  the attempt (autograder.lms.index) that the notebook is, where several compete
    remarks  what there is to say about the student's folder and the file
    folder   where nbgrader's own files lie, if that is not the folder that holds the notebook
    """

    student: str
    lesson: str
    path: Path
    source: Path | None = field(default=None, compare=False)
    attempt: object = field(default=None, compare=False)
    remarks: tuple = field(default=(), compare=False)
    folder: Path | None = field(default=None, compare=False)

    @property
    def label(self):
        return f"{self.student}/{self.lesson}"

    def book_keeping(self, name):
        """The path of one of nbgrader's own files: in the lesson's folder, or by the notebook."""
        outer = (self.folder or self.path.parent) / name
        return outer if outer.exists() else self.path.parent / name

    def graded(self, sandbox, course_side):
        """The Graded of this notebook. Raises GradingError if it cannot be read."""
        from autograder.judge.run import grade_notebook

        lesson = self.source or course.SOLUTIONS / f"{self.lesson}.py"
        graded = grade_notebook(self.path, lesson, sandbox, course_side)
        graded.remarks[:0] = self.remarks
        return graded


def check_class_folder(class_dir):
    """Raise GradingError if the path of a class's folder is none that all steps can use."""
    path = str(Path(class_dir).resolve())
    if not is_visible(path):
        raise GradingError(f"the path of the class's folder has line ends or signs that nobody sees"
                           f" ({one_line(path)}); rename that folder")


def collect(class_dir, lesson_names, only_student=None, only_lesson=None):
    """(submissions, problems) below `class_dir`/submitted.

    problems is a list of (label, sentence) for folders that cannot be graded. Raises GradingError
    if there is nothing to grade at all.
    """
    submitted = Path(class_dir) / "submitted"
    if only_lesson and only_lesson not in lesson_names:
        why = (f"class.toml leaves {only_lesson} out" if course.is_lesson(only_lesson)
               else f"no lesson is called {only_lesson}")
        raise GradingError(f"{why}; there are: {', '.join(sorted(lesson_names))}")
    if not submitted.is_dir():
        raise GradingError(f"no submissions: there is no folder {submitted}; put notebooks in "
                           "submitted/STUDENT/LESSON/LESSON.ipynb")
    submissions, problems = [], []
    folders = _students(submitted, lesson_names)
    spellings = [unicodedata.normalize("NFC", folder.name) for folder in folders]
    for student, name in zip(folders, spellings, strict=True):
        if only_student and name != unicodedata.normalize("NFC", only_student):
            continue
        problem = _name_problem(student)
        if problem:
            problems.append((one_line(student.name), problem))
            continue
        remarks = tuple(_alike(student, name, spellings))
        inside, problem = _lessons(student, lesson_names)
        if problem:
            problems.append((one_line(name), problem))
        for folder in inside:
            if only_lesson and folder.name != only_lesson:
                continue
            label = f"{name}/{one_line(folder.name)}"
            try:
                problem = _problem(folder, lesson_names)
                if not problem:
                    path, said = find_notebook(folder, folder.name)
                    problem = timestamp_problem(path.parent / "timestamp.txt")
            except GradingError as error:
                problem = str(error)
            except OSError as error:
                problem = f"cannot be read: {error.strerror}"
            if problem:
                problems.append((label, problem))
                continue
            submissions.append(
                Submission(name, folder.name, path, remarks=(*remarks, *said), folder=folder))
    submissions, twice = _once_each(submissions)
    problems += twice
    if not submissions and not problems:
        who = f" of {only_student}" if only_student else ""
        raise GradingError(f"no submissions{who} in {submitted}; put notebooks in "
                           "submitted/STUDENT/LESSON/LESSON.ipynb")
    return submissions, problems


def _students(submitted, lesson_names):
    """What lies in submitted/ and may be a student's folder."""
    return sorted(path for path in submitted.iterdir() if not is_left_behind(path.name) or (
        path.name.startswith(".") and path.name not in (".ipynb_checkpoints", ".git")
        and any(os.path.isdir(path / name) for name in lesson_names)))


def _lessons(student, lesson_names):
    """(what lies in a student's folder, a sentence about what of it is not looked at or None).

    Of what is no lesson's folder so much is named that somebody can see what happened.
    """
    try:
        names = [path for path in sorted(student.iterdir()) if not is_left_behind(path.name)]
    except OSError as error:
        return [], f"cannot be read: {error.strerror}"
    other = [path for path in names if path.name not in lesson_names]
    left = set(other[_MOST_OTHER:])
    said = f"has {len(left)} more files and folders that are no lesson's" if left else None
    return [path for path in names if path not in left], said


def _alike(student, name, spellings):
    """Remarks about a folder whose name is, or may be, another one's as well."""
    if student.name != name or spellings.count(name) > 1:
        yield (f"the folder's name is written with signs that computers store in two ways; it "
               f"counts as {name}. Rename it, so that nbgrader's own commands find it")
    others = {one for one in spellings if one != name and one.casefold() == name.casefold()}
    if others:
        yield (f"there is also a folder {' and '.join(sorted(others))}: if that is the same "
               "person, join them")


def _once_each(submissions):
    """(submissions, problems): a lesson that a student has in two folders is not graded."""
    labels = [one.label for one in submissions]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    return [one for one in submissions if one.label not in twice], [
        (label, "is there in two folders whose names are the same letters, stored in two ways; "
         "leave the one that counts") for label in twice]


def _name_problem(student):
    if student.is_symlink():
        return "is a symbolic link in submitted/; put the student's folder itself there"
    if not student.is_dir():
        return "is a file in submitted/, not a student's folder"
    return name_problem(student.name)


def _problem(folder, lesson_names):
    if folder.is_symlink():
        return "is a symbolic link; ask for the folder itself"
    if not folder.is_dir():
        return "is a file where a lesson's folder should be; move it into LESSON/LESSON.ipynb"
    if folder.name not in lesson_names:
        if course.is_lesson(folder.name):
            return LEFT_OUT
        return "unknown assignment; there are: " + ", ".join(sorted(lesson_names))
    return timestamp_problem(folder / "timestamp.txt")
