"""Finding what a class handed in, and saying what is not as it should be.

Folders and files come from strangers, too: nothing is followed that leads elsewhere (symbolic
links), nothing is opened that is no plain file (a pipe never ends), and no name gets on that a
program might take for something else.
"""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.errors import GradingError
from autograder.grading.notebook_file import find_notebook
from autograder.text import in_a_spreadsheet, is_visible, one_line

# nbgrader's commands take a name with these for a pattern that matches other students, or its
# pages for HTML or the end of a text in a script.
_MARKS = frozenset("*?[]<>&\"\\`")


@dataclass(frozen=True, order=True)
class Submission:
    """One student's notebook for one lesson.

    source   the lesson as the class has it
    attempt  the attempt (autograder.lms.index) that the notebook is, where several compete
    remarks  what there is to say about the file
    """

    student: str
    lesson: str
    path: Path
    source: Path | None = field(default=None, compare=False)
    attempt: object = field(default=None, compare=False)
    remarks: tuple = field(default=(), compare=False)

    @property
    def label(self):
        return f"{self.student}/{self.lesson}"


def collect(class_dir, lesson_names, only_student=None, only_lesson=None):
    """(submissions, problems) below `class_dir`/submitted.

    problems is a list of (label, sentence) for folders that cannot be graded. Raises GradingError
    if there is nothing to grade at all.
    """
    submitted = Path(class_dir) / "submitted"
    if only_lesson and only_lesson not in lesson_names:
        raise GradingError(f"no lesson is called {only_lesson}; there are: "
                           + ", ".join(sorted(lesson_names)))
    if not submitted.is_dir():
        raise GradingError(f"no submissions: there is no folder {submitted}; put notebooks in "
                           "submitted/STUDENT/LESSON/LESSON.ipynb")
    submissions, problems = [], []
    for student in sorted(p for p in submitted.iterdir() if not p.name.startswith(".")):
        if only_student and student.name != only_student:
            continue
        problem = _name_problem(student)
        if problem:
            problems.append((one_line(student.name), problem))
            continue
        for folder in sorted(p for p in student.iterdir() if not p.name.startswith(".")):
            if only_lesson and folder.name != only_lesson:
                continue
            label = f"{student.name}/{one_line(folder.name)}"
            problem = _problem(folder, lesson_names)
            if problem:
                problems.append((label, problem))
                continue
            try:
                path, remarks = find_notebook(folder, folder.name)
            except GradingError as error:
                problems.append((label, str(error)))
                continue
            submissions.append(
                Submission(student.name, folder.name, path, remarks=tuple(remarks)))
    if not submissions and not problems:
        who = f" of {only_student}" if only_student else ""
        raise GradingError(f"no submissions{who} in {submitted}; put notebooks in "
                           "submitted/STUDENT/LESSON/LESSON.ipynb")
    return submissions, problems


def _name_problem(student):
    if student.is_symlink():
        return "is a symbolic link in submitted/; put the student's folder itself there"
    if not student.is_dir():
        return "is a file in submitted/, not a student's folder"
    return name_problem(student.name)


def name_problem(name):
    """Why a student's folder cannot be called so, as a sentence, or None.

    Names go into tables, pages, addresses, commands and spreadsheets, of nbgrader's, too.
    """
    if not is_visible(name) or _MARKS & set(name):
        return ("is no name for a student's folder: line ends, signs that nobody sees and "
                f"{' '.join(sorted(_MARKS))} are not allowed; rename it")
    if name != name.strip():
        return "is no name for a student's folder: it begins or ends with a blank; rename it"
    if in_a_spreadsheet(name) != name:
        return ("is no name for a student's folder: spreadsheets take what begins with = + - @ "
                "for a formula; rename it")
    return None


def _problem(folder, lesson_names):
    if folder.is_symlink():
        return "is a symbolic link; ask for the folder itself"
    if not folder.is_dir():
        return "is a file where a lesson's folder should be; move it into LESSON/LESSON.ipynb"
    if folder.name not in lesson_names:
        return "unknown assignment; there are: " + ", ".join(sorted(lesson_names))
    return _timestamp_problem(folder / "timestamp.txt")


def _timestamp_problem(path):
    """nbgrader reads this file and ends the whole run if it holds no date."""
    if not path.exists() and not path.is_symlink():
        return None
    if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > 1000:
        return f"{path.name} is no plain file with a date; remove it"
    try:
        text = path.read_text(encoding="utf-8").strip()
        if text:
            parse_utc(text)
    except (ValueError, OverflowError):
        return f"{path.name} holds no date; mend or remove it"
    return None
