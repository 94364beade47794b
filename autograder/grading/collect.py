"""Finding what a class handed in, and saying what is not as it should be."""

from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradingError


@dataclass(frozen=True, order=True)
class Submission:
    """One student's notebook for one lesson."""

    student: str
    lesson: str
    path: Path

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
        if not student.is_dir():
            problems.append((student.name, "is a file in submitted/, not a student's folder"))
            continue
        for folder in sorted(p for p in student.iterdir() if not p.name.startswith(".")):
            if only_lesson and folder.name != only_lesson:
                continue
            label = f"{student.name}/{folder.name}"
            problem = _problem(folder, lesson_names)
            if problem:
                problems.append((label, problem))
            else:
                submissions.append(
                    Submission(student.name, folder.name, folder / f"{folder.name}.ipynb"))
    if not submissions and not problems:
        who = f" of {only_student}" if only_student else ""
        raise GradingError(f"no submissions{who} in {submitted}; put notebooks in "
                           "submitted/STUDENT/LESSON/LESSON.ipynb")
    return submissions, problems


def _problem(folder, lesson_names):
    if not folder.is_dir():
        return "is a file where a lesson's folder should be; move it into LESSON/LESSON.ipynb"
    if folder.name not in lesson_names:
        return "unknown assignment; there are: " + ", ".join(sorted(lesson_names))
    expected = folder / f"{folder.name}.ipynb"
    if expected.is_symlink():
        return "the notebook is a symbolic link; ask for the file itself"
    if expected.is_dir():
        return f"{expected.name} is a folder, not a notebook; ask for the file"
    if not expected.exists():
        others = sorted(p.name for p in folder.glob("*.ipynb"))
        found = f"found {', '.join(others)}; rename it" if others else "the folder has no notebook"
        return f"expected {expected.name}; {found}"
    return None
